//! One call of one contract: the only unit of rollback.

use crate::gas::Gas;
use crate::outcome::{Halt, Outcome};
use crate::types::{Address, Bytes, EngineKind, Word};

/// The entry a call names when it names none, and the one contracts call each other by.
pub const DEFAULT_ENTRY: &str = "call";
/// The constructor. Never callable from outside: it would run again.
pub const INIT_ENTRY: &str = "init";
/// Reserved for upgrades, like the constructor.
pub const MIGRATE_ENTRY: &str = "migrate";

/// The running contract.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Whose storage and balance it acts on.
    pub address: Address,
    /// Who called.
    pub caller: Address,
    /// The amount that came with the call.
    pub value: Word,
    /// The call's input.
    pub input: Bytes,
    /// Whether writes are forbidden.
    pub is_static: bool,
    /// What runs it.
    pub engine: EngineKind,
    /// What it will return.
    pub output: Vec<u8>,
    /// What the contract it called last returned.
    pub returned: Vec<u8>,
    /// Memory pages it holds.
    pub pages: u32,
}

/// How a frame ended.
#[derive(Clone, Debug)]
pub struct Finish {
    /// Success, revert or halt.
    pub outcome: Outcome,
    /// What is left of its gas.
    pub gas: Gas,
    /// What it returned: output, revert data, or nothing after a halt.
    pub output: Vec<u8>,
}

impl Finish {
    /// A frame the rules stopped.
    #[must_use]
    pub fn halt(halt: Halt, mut gas: Gas) -> Self {
        if halt == Halt::OutOfGas {
            gas.exhaust();
        }
        Self { outcome: Outcome::Halt(halt), gas, output: Vec::new() }
    }
}
