//! Which transactions a session takes, and how it runs them.

use std::time::Duration;

use super::{Action, Signed};
use crate::error::{Error, Result, Status};
use crate::host::state::State;
use crate::interrupt::Interrupt;
use crate::runtime::execution::{Call, Deploy, Execution, Terms};
use crate::runtime::session::{Session, create, enter, outside};

impl Session<'_> {
    /// Whether a transaction may run now:
    /// 1. The signature must be the key's.
    /// 2. The chain must be this one.
    /// 3. The nonce must be the sender's: a lower one was used, a higher one comes too early, and 2^64 - 1
    ///    could not be counted.
    ///
    /// # Errors
    /// [`Status::Signature`], [`Status::ChainId`], [`Status::Nonce`]; the ledger's.
    pub fn check(&mut self, signed: &Signed<'_>) -> Result<()> {
        signed.verify()?;
        let chain_id = self.state.block.chain_id;
        if signed.transaction.chain_id != chain_id {
            let why = format!("it is for chain {}, this is {chain_id}", signed.transaction.chain_id);
            return Err(Error::new(Status::ChainId, why));
        }
        let nonce = self.guarded(|session| {
            session.state.journal.record(outside(), &signed.sender).map(|account| account.nonce)
        })?;
        match signed.transaction.nonce {
            given if given != nonce => {
                Err(Error::new(Status::Nonce, format!("its nonce is {given}, the sender's {nonce}")))
            }
            u64::MAX => Err(Error::new(Status::Nonce, "there is no nonce after 2^64 - 1")),
            _ => Ok(()),
        }
    }

    /// Checks a transaction and runs it. The sender's nonce grows by one, however the contract ends.
    ///
    /// # Errors
    /// As [`Session::check`], [`Session::call`] and [`Session::deploy`], and then nothing has changed, the
    /// nonce included: such a transaction is none of the chain's.
    pub fn run(
        &mut self,
        signed: &Signed<'_>,
        interrupt: Option<Interrupt>,
        time_limit: Option<Duration>,
    ) -> Result<Execution> {
        self.check(signed)?;
        let (sender, transaction) = (signed.sender, &signed.transaction);
        let terms = Terms {
            gas_limit: transaction.gas_limit,
            gas_price: transaction.gas_price,
            origin: None,
            interrupt,
            time_limit,
        };
        let input = transaction.input.to_vec();
        let next = transaction.nonce + 1;
        match transaction.action {
            Action::Call { target, entry } => {
                let call = Call {
                    caller: sender,
                    target,
                    value: transaction.value,
                    entry: entry.to_owned(),
                    input,
                    is_static: false,
                    terms,
                };
                self.count_call();
                self.transact(sender, &call.terms, call.input.len(), true, |state| {
                    set_nonce(state, signed, next)?;
                    enter(state, &call)
                })
            }
            Action::Deploy { code, engine, salt } => {
                let mut deploy = Deploy::by(sender, terms);
                (deploy.code, deploy.engine, deploy.input) = (code.into(), engine, input);
                (deploy.value, deploy.salt) = (transaction.value, salt);
                self.count_deploy();
                self.transact(sender, &deploy.terms, deploy.input.len(), true, |state| {
                    let creation = create(state, &deploy)?;
                    // A creation that ended before it began has not counted.
                    set_nonce(state, signed, next)?;
                    Ok(creation)
                })
            }
        }
    }
}

/// Raises the sender's nonce to what it is after the transaction. It never falls: no transaction runs twice.
fn set_nonce(state: &mut State<'_>, signed: &Signed<'_>, nonce: u64) -> Result<()> {
    let mut record = state.journal.record(outside(), &signed.sender)?;
    if record.nonce < nonce {
        record.nonce = nonce;
        state.journal.set_account(outside(), &signed.sender, record)?;
    }
    Ok(())
}
