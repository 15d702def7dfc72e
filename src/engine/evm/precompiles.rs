//! Precompiled contracts: native code at addresses the revision names.

use revm_interpreter::{CallInputs, Gas, InstructionResult, InterpreterResult, SharedMemory};
use revm_precompile::{Precompile, PrecompileHalt, PrecompileStatus};
use revm_primitives::Address as EvmAddress;

use super::frames::with_input;
use super::functions;
use super::world::World;
use crate::error::{Error, Result, Status};
use crate::host::table::HostFunction;

/// Native code in the place of a contract's.
#[derive(Clone, Copy)]
pub(super) enum Native {
    Precompile(&'static Precompile),
    Function(HostFunction),
}

impl World<'_, '_> {
    /// The native code at this address.
    pub(super) fn native(&self, address: &EvmAddress) -> Option<Native> {
        match self.fork.precompiles.get(address) {
            Some(precompile) => Some(Native::Precompile(precompile)),
            None if self.fork.host_functions => functions::at(address).map(Native::Function),
            None => None,
        }
    }

    /// Runs native code. A failure of it takes all its gas.
    pub(super) fn run_native(
        &mut self,
        native: Native,
        inputs: &CallInputs,
        memory: &SharedMemory,
    ) -> Result<InterpreterResult> {
        match native {
            Native::Precompile(precompile) => run(precompile, inputs, memory),
            Native::Function(function) => self.run_function(function, inputs, memory),
        }
    }
}

/// Runs a precompile. A failure of it takes all its gas.
fn run(precompile: &Precompile, inputs: &CallInputs, memory: &SharedMemory) -> Result<InterpreterResult> {
    let limit = inputs.gas_limit;
    let done = with_input(&inputs.input, memory, |input| precompile.execute(input, limit, 0));
    let done = done.map_err(|error| Error::new(Status::Internal, format!("a precompile failed: {error}")))?;
    let mut gas = Gas::new(limit);
    let result = match done.status {
        // What reports more than it was given was not paid for.
        PrecompileStatus::Success | PrecompileStatus::Revert if !gas.record_regular_cost(done.gas_used) => {
            InstructionResult::PrecompileOOG
        }
        PrecompileStatus::Success => InstructionResult::Return,
        PrecompileStatus::Revert => InstructionResult::Revert,
        PrecompileStatus::Halt(PrecompileHalt::OutOfGas) => InstructionResult::PrecompileOOG,
        PrecompileStatus::Halt(_) => InstructionResult::PrecompileError,
    };
    Ok(InterpreterResult::new(result, done.bytes, gas))
}
