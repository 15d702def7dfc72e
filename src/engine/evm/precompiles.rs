//! Precompiled contracts: native code at addresses the revision names.

use revm_interpreter::{CallInputs, Gas, InstructionResult, InterpreterResult, SharedMemory};
use revm_precompile::{Precompile, PrecompileHalt, PrecompileStatus};

use super::frames::with_input;
use crate::error::{Error, Result, Status};

/// Runs a precompile. A failure of it takes all its gas.
pub(super) fn run(
    precompile: &Precompile,
    inputs: &CallInputs,
    memory: &SharedMemory,
) -> Result<InterpreterResult> {
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
