use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::message::{Allowance, Info};
use super::{Amount, Execute, Instantiate, Response, Store};

/// Why the token refuses.
#[derive(Debug)]
pub enum Error {
    /// A message or a stored value is no JSON of the expected form.
    Json(serde_json::Error),
    /// The account has less.
    Insufficient { has: Amount, needs: Amount },
    /// Only somebody else may do that.
    Unauthorized,
    /// The sum does not fit, or nothing is moved.
    BadAmount,
    /// A name that cannot be an account's.
    BadAccount(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(f, "bad JSON: {error}"),
            Self::Insufficient { has, needs } => write!(f, "needs {needs}, has {has}"),
            Self::Unauthorized => f.write_str("unauthorized"),
            Self::BadAmount => f.write_str("bad amount"),
            Self::BadAccount(account) => write!(f, "bad account: {account:?}"),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

/// Sets the token up.
///
/// # Errors
/// [`Error`].
pub fn instantiate(store: &mut dyn Store, _sender: &str, message: &[u8]) -> Result<Response, Error> {
    let Instantiate { name, symbol, decimals, initial_balances, minter, links } =
        serde_json::from_slice(message)?;
    let mut supply = 0_u128;
    for coin in &initial_balances {
        supply = supply.checked_add(coin.amount.0).ok_or(Error::BadAmount)?;
        credit(store, account(&coin.address)?, coin.amount)?;
    }
    save(store, b"info", &Info { name, symbol, decimals, supply: Amount(supply), minter, links })?;
    Ok(Response::to("instantiate").with("supply", Amount(supply)))
}

/// Does what the message asks for.
///
/// # Errors
/// [`Error`].
pub fn execute(store: &mut dyn Store, sender: &str, message: &[u8]) -> Result<Response, Error> {
    match serde_json::from_slice(message)? {
        Execute::Transfer { recipient, amount, memo } => transfer(store, sender, &recipient, amount, memo),
        Execute::TransferFrom { owner, recipient, amount, memo } => {
            spend(store, &owner, sender, amount)?;
            transfer(store, &owner, &recipient, amount, memo).map(|done| done.with("by", sender))
        }
        Execute::Approve { spender, amount, expires } => {
            save(store, &allowance_key(sender, account(&spender)?), &Allowance { amount, expires })?;
            Ok(Response::to("approve").with("owner", sender).with("spender", spender).with("amount", amount))
        }
        Execute::Mint { recipient, amount } => mint(store, sender, &recipient, amount),
        Execute::Burn { amount } => {
            debit(store, sender, amount)?;
            let mut info: Info = load(store, b"info")?.ok_or(Error::Unauthorized)?;
            info.supply.0 = info.supply.0.checked_sub(amount.0).ok_or(Error::BadAmount)?;
            save(store, b"info", &info)?;
            Ok(Response::to("burn").with("from", sender).with("amount", amount))
        }
        Execute::Distribute { shares } => {
            let mut due = BTreeMap::new();
            for share in &shares {
                let sum: &mut u128 = due.entry(account(&share.address)?).or_default();
                *sum = sum.checked_add(share.amount.0).ok_or(Error::BadAmount)?;
            }
            let mut response = Response::to("distribute").with("from", sender);
            for (recipient, amount) in due {
                debit(store, sender, Amount(amount))?;
                credit(store, recipient, Amount(amount))?;
                response = response.with("to", recipient).with("amount", Amount(amount));
            }
            Ok(response)
        }
        Execute::Describe { links } => {
            let mut info: Info = load(store, b"info")?.ok_or(Error::Unauthorized)?;
            if info.minter.as_deref() != Some(sender) {
                return Err(Error::Unauthorized);
            }
            info.links.extend(links);
            save(store, b"info", &info)?;
            Ok(Response::to("describe"))
        }
    }
}

fn transfer(
    store: &mut dyn Store,
    from: &str,
    to: &str,
    amount: Amount,
    memo: Option<String>,
) -> Result<Response, Error> {
    if amount.0 == 0 {
        return Err(Error::BadAmount);
    }
    debit(store, from, amount)?;
    credit(store, account(to)?, amount)?;
    let response = Response::to("transfer").with("from", from).with("to", to).with("amount", amount);
    Ok(match memo {
        Some(memo) => response.with("memo", memo),
        None => response,
    })
}

fn mint(store: &mut dyn Store, sender: &str, to: &str, amount: Amount) -> Result<Response, Error> {
    let mut info: Info = load(store, b"info")?.ok_or(Error::Unauthorized)?;
    if info.minter.as_deref() != Some(sender) {
        return Err(Error::Unauthorized);
    }
    info.supply.0 = info.supply.0.checked_add(amount.0).ok_or(Error::BadAmount)?;
    save(store, b"info", &info)?;
    credit(store, account(to)?, amount)?;
    Ok(Response::to("mint").with("to", to).with("amount", amount))
}

fn spend(store: &mut dyn Store, owner: &str, spender: &str, amount: Amount) -> Result<(), Error> {
    let key = allowance_key(owner, spender);
    let mut allowance: Allowance = load(store, &key)?.unwrap_or_default();
    allowance.amount = less(allowance.amount, amount)?;
    save(store, &key, &allowance)
}

fn debit(store: &mut dyn Store, from: &str, amount: Amount) -> Result<(), Error> {
    let key = balance_key(from);
    let balance = less(load(store, &key)?.unwrap_or_default(), amount)?;
    save(store, &key, &balance)
}

fn credit(store: &mut dyn Store, to: &str, amount: Amount) -> Result<(), Error> {
    let key = balance_key(to);
    let Amount(balance) = load(store, &key)?.unwrap_or_default();
    save(store, &key, &Amount(balance.checked_add(amount.0).ok_or(Error::BadAmount)?))
}

fn less(has: Amount, needs: Amount) -> Result<Amount, Error> {
    has.0.checked_sub(needs.0).map(Amount).ok_or(Error::Insufficient { has, needs })
}

/// A name as an account: `0x` and forty hexadecimal digits.
fn account(name: &str) -> Result<&str, Error> {
    match name.strip_prefix("0x") {
        Some(digits) if digits.len() == 40 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => Ok(name),
        _ => Err(Error::BadAccount(name.into())),
    }
}

fn balance_key(account: &str) -> Vec<u8> {
    [b"balance", account.as_bytes()].concat()
}

fn allowance_key(owner: &str, spender: &str) -> Vec<u8> {
    [b"allowance", owner.as_bytes(), spender.as_bytes()].concat()
}

fn load<T: DeserializeOwned>(store: &dyn Store, key: &[u8]) -> Result<Option<T>, Error> {
    Ok(store.get(key).map(|value| serde_json::from_slice(&value)).transpose()?)
}

fn save<T: Serialize>(store: &mut dyn Store, key: &[u8], value: &T) -> Result<(), Error> {
    store.set(key, &serde_json::to_vec(value)?);
    Ok(())
}
