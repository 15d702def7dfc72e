//! A contract that counts and a contract that traps, run in the build that asks.

use crate::error::{Error, Result, Status};
use crate::outcome::{Halt, Outcome};
use crate::runtime::Runtime;
use crate::runtime::config::Config;
use crate::runtime::execution::{Call, Deploy, Terms};
use crate::state::memory::MemoryLedger;
use crate::types::{Address, Block};

/// (module (func (export "call")) (func (export "trap") unreachable))
const CODE: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x03\x02\0\0\x07\x0f\x02\x04call\0\0\x04trap\0\x01\x0a\x08\x02\x02\0\x0b\x03\0\0\x0b";

/// # Errors
/// [`Status::Internal`] with what went wrong.
pub(crate) fn run() -> Result<()> {
    let terms = Terms { gas_limit: 100_000_000, ..Terms::default() };
    let mut session = Runtime::new(Config::default())?.session(MemoryLedger::new(), Block::default());
    let caller = Address([1; 20]);
    let deploy = Deploy { code: CODE.into(), ..Deploy::by(caller, terms.clone()) };
    let target = session.deploy(&deploy)?.created.ok_or_else(|| broken("a contract was not created"))?;
    for (entry, expected) in [("call", Outcome::Success), ("trap", Outcome::Halt(Halt::Unreachable))] {
        let call = Call { caller, target, entry: entry.into(), terms: terms.clone(), ..Call::default() };
        let outcome = session.call(&call)?.outcome;
        if outcome != expected {
            return Err(broken(&format!("{entry} ended with {outcome:?}")));
        }
    }
    Ok(())
}

fn broken(what: &str) -> Error {
    Error::new(Status::Internal, format!("selftest: {what}"))
}
