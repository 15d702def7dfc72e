//! A call from outside, and what came of it.

use std::time::Duration;

use crate::error::{Error, Result, Status};
use crate::host::frame::Finish;
use crate::host::hooks::Nested;
use crate::host::state::{CallRequest, Way};
use crate::host::transaction::Counters;
use crate::interrupt::Interrupt;
use crate::outcome::Outcome;
use crate::types::{Address, Bytes, EngineKind, Log, Word};

/// On what terms a call from outside runs.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// The most gas it may use.
    pub gas_limit: u64,
    /// What contracts read as the gas price. Fees are the embedder's business.
    pub gas_price: Word,
    /// Who began the transaction; `None` is the caller.
    pub origin: Option<Address>,
    /// May stop it, with an error.
    pub interrupt: Option<Interrupt>,
    /// Stops it after this time, with an error. Not for consensus.
    pub time_limit: Option<Duration>,
}

/// A call of a contract.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// Who calls; pays the value.
    pub caller: Address,
    /// The contract.
    pub target: Address,
    /// The amount that goes with it.
    pub value: Word,
    /// The exported entry; empty is `call`.
    pub entry: String,
    /// Its input.
    pub input: Vec<u8>,
    /// Nothing may write.
    pub is_static: bool,
    /// Gas, price, interrupt.
    pub terms: Terms,
}

/// A contract to be deployed.
#[derive(Clone, Debug)]
pub struct Deploy {
    /// Who deploys; pays the value. Its nonce grows.
    pub caller: Address,
    /// The code.
    pub code: Bytes,
    /// What is to run it; `None` lets the first bytes decide.
    pub engine: Option<EngineKind>,
    /// The input of the constructor.
    pub input: Vec<u8>,
    /// The amount it begins with.
    pub value: Word,
    /// With a salt the address follows CREATE2, without one CREATE.
    pub salt: Option<Word>,
    /// Gas, price, interrupt.
    pub terms: Terms,
}

impl Deploy {
    /// A deploy of nothing yet: fill in the code.
    #[must_use]
    pub fn by(caller: Address, terms: Terms) -> Self {
        let code = Bytes::default();
        Self { caller, code, engine: None, input: Vec::new(), value: Word::ZERO, salt: None, terms }
    }
}

/// What came of a call: a pure function of code, input, state and configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    /// How it ended.
    pub outcome: Outcome,
    /// Gas to pay: what was used, less the refund. With `gas_left` the limit.
    pub gas_used: u64,
    /// Gas that was not used, the refund included.
    pub gas_left: u64,
    /// The refund in it, at most a fifth of what was used.
    pub gas_refund: u64,
    /// Output, revert data, or nothing after a halt.
    pub output: Vec<u8>,
    /// Where the new contract lives, if one was deployed.
    pub created: Option<Address>,
    /// The events that stand, in order of emission.
    pub logs: Vec<Log>,
    /// What it did, for people and metrics.
    pub counters: Counters,
}

impl Nested<'_, '_> {
    /// Calls a contract below the one that asks, which is the caller whatever `call` says. The
    /// events it emits are in the result of the call from outside.
    ///
    /// # Errors
    /// Ours or the embedder's; the contract's failure is in the result.
    pub fn execute(&mut self, call: &Call) -> Result<Execution> {
        let way = if call.is_static { Way::Static } else { Way::Call };
        let (limit, limits) = (call.terms.gas_limit, self.limits());
        if limit > limits.gas || call.input.len() > limits.input_bytes as usize {
            return Err(Error::new(
                Status::Limit,
                "the gas limit or the input of a nested call is over its limit",
            ));
        }
        let request = CallRequest {
            way,
            caller: self.context().contract,
            target: call.target,
            value: call.value,
            entry: &call.entry,
            input: call.input.as_slice().into(),
        };
        let Finish { outcome, gas, output } = self.call(request, limit)?;
        Ok(Execution {
            outcome,
            gas_used: gas.used(),
            gas_left: gas.left(),
            gas_refund: 0,
            output,
            created: None,
            logs: Vec::new(),
            counters: Counters::default(),
        })
    }
}
