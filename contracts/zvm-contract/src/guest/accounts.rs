use super::{filled, sys};
use crate::{Address, Amount, Word};

/// What runs a contract's code, by its number.
pub type Engine = u32;

/// Why a transfer did not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferError {
    /// The contract has less than that.
    Insufficient,
    /// The ledger does not allow it.
    Refused,
}

/// An account's balance in the ledger's own unit.
#[must_use]
pub fn balance(account: &Address) -> Amount {
    Amount::from_bytes(&filled(|out| sys::balance(account, out)))
}

/// This contract's balance.
#[must_use]
pub fn self_balance() -> Amount {
    Amount::from_bytes(&filled(|out| sys::self_balance(out)))
}

/// Sends an amount out of this contract's balance.
///
/// # Errors
/// [`TransferError`]; nothing was sent then.
pub fn transfer(to: &Address, amount: Amount) -> Result<(), TransferError> {
    match sys::transfer(to, &amount.to_bytes()) {
        0 => Ok(()),
        1 => Err(TransferError::Insufficient),
        _ => Err(TransferError::Refused),
    }
}

/// The hash of an account's code and the engine that runs it, `None` where there is no code.
#[must_use]
pub fn code_hash(account: &Address) -> Option<(Word, Engine)> {
    let mut hash = [0; 32];
    let engine = sys::code_hash(account, &mut hash);
    Engine::try_from(engine).ok().map(|engine| (hash, engine))
}
