//! From the session into EVM code, and back: calls from outside and from other engines, deploys.

use revm_context_interface::CreateScheme;
use revm_interpreter::interpreter::{ExtBytecode, InputsImpl};
use revm_interpreter::{CallInput, CreateInputs, InstructionResult, InterpreterResult};
use revm_primitives::Bytes as EvmBytes;

use super::convert::{evm_address, number};
use super::workshop::memory;
use super::world::World;
use crate::error::{Error, Result, Status};
use crate::gas::Gas;
use crate::host::create::{CreateRequest, Creation};
use crate::host::frame::Finish;
use crate::host::stair::Executable;
use crate::outcome::{Halt, Outcome};
use crate::types::{Account, EngineKind};

impl World<'_, '_> {
    /// Runs a contract's code in the session's current frame.
    pub(super) fn enter(&mut self, code: &Executable, mut gas: Gas) -> Result<Finish> {
        let record = Account { code_hash: code.hash, engine: Some(code.engine), ..Account::default() };
        let mut code = self.code(&record)?;
        if let Some(delegate) = code.eip7702_address() {
            let visit = self.visit(&super::convert::address(delegate))?;
            let price = match visit.cold {
                true => self.fork.prices.cold_account_additional_cost(),
                false => 0,
            };
            if gas.charge(price.saturating_add(self.fork.prices.warm_storage_read_cost())).is_err() {
                return Ok(Finish::halt(Halt::OutOfGas, gas));
            }
            code = self.code(&visit.account)?;
            if self.engine.is_some_and(|engine| engine != EngineKind::Evm) {
                return Ok(Finish::halt(Halt::EngineMismatch, gas));
            }
        }
        let frame = self.state.frame();
        let inputs = InputsImpl {
            target_address: evm_address(frame.address),
            bytecode_address: None,
            caller_address: evm_address(frame.caller),
            input: CallInput::Bytes(EvmBytes::copy_from_slice(&frame.input)),
            call_value: number(frame.value),
            depth: self.state.depth() - 1,
        };
        let is_static = frame.is_static;
        let done = self.in_memory(|world, memory| {
            let code = ExtBytecode::new(code);
            let interpreter = world.interpreter(code, inputs, memory, is_static, gas.left());
            world.run(interpreter)
        })?;
        Ok(self.finish(done, gas))
    }

    /// Creates a contract for somebody who is no EVM code: initcode is the code, then the input.
    pub(super) fn construct(&mut self, request: &CreateRequest, mut gas: Gas) -> Result<Creation> {
        let initcode = [&*request.code, &*request.input].concat();
        if initcode.len() > self.fork.initcode_bytes() {
            let refusal = Error::new(
                Status::CodeTooLarge,
                format!(
                    "the initcode has {} bytes, at most are {}",
                    initcode.len(),
                    self.fork.initcode_bytes()
                ),
            );
            return Ok(Creation { refusal: Some(refusal), ..Creation::halt(Halt::InvalidCode, gas) });
        }
        if gas.charge(self.fork.prices.tx_initcode_cost(initcode.len())).is_err() {
            return Ok(Creation::halt(Halt::OutOfGas, gas));
        }
        let scheme = match request.salt {
            None => CreateScheme::Create,
            Some(salt) => CreateScheme::Create2 { salt: number(salt) },
        };
        let (creator, value) = (evm_address(request.creator), number(request.value));
        let inputs = CreateInputs::new(creator, scheme, value, initcode.into(), gas.left(), 0);
        let (done, created) = self.in_memory(|world, memory| world.create_untold(&inputs, memory))?;
        let address = created.filter(|_| done.is_ok());
        Ok(Creation { finish: self.finish(done, gas), address, refusal: None })
    }

    /// Runs something in a memory of its own.
    pub(super) fn in_memory<T>(
        &mut self,
        run: impl FnOnce(&mut Self, revm_interpreter::SharedMemory) -> Result<T>,
    ) -> Result<T> {
        let buffer = self.workshop.buffer();
        let memory = memory(&buffer, self.state.rules.limits.evm_memory_bytes);
        let done = run(self, memory);
        self.workshop.take_buffer_back(buffer);
        done
    }

    /// What the session takes of a frame that ended: refunds of one that succeeded stand.
    fn finish(&mut self, done: InterpreterResult, mut gas: Gas) -> Finish {
        let left = if done.result.is_ok_or_revert() { done.gas.remaining() } else { 0 };
        // Cannot fail: a frame uses no more than it was given.
        let _ = gas.charge(gas.left().saturating_sub(left));
        let outcome = outcome(done.result);
        if outcome.is_success() && done.gas.refunded() != 0 {
            self.state.journal.add_refund(done.gas.refunded());
        }
        Finish { outcome, gas, output: done.output.to_vec() }
    }
}

/// An instruction's end as the session's.
pub(super) fn outcome(result: InstructionResult) -> Outcome {
    use InstructionResult as Result;
    Outcome::Halt(match result {
        Result::Stop | Result::Return | Result::SelfDestruct | Result::Suspend => return Outcome::Success,
        Result::Revert => return Outcome::Revert,
        Result::OutOfGas
        | Result::MemoryOOG
        | Result::PrecompileOOG
        | Result::InvalidOperandOOG
        | Result::ReentrancySentryOOG => Halt::OutOfGas,
        Result::MemoryLimitOOG => Halt::MemoryLimit,
        Result::CallTooDeep => Halt::CallDepth,
        Result::OutOfFunds => Halt::InsufficientBalance,
        Result::OverflowPayment => Halt::BalanceOverflow,
        Result::NonceOverflow => Halt::NonceOverflow,
        Result::CallNotAllowedInsideStatic | Result::StateChangeDuringStaticCall => Halt::StaticWrite,
        Result::InvalidJump => Halt::InvalidJump,
        Result::StackUnderflow => Halt::StackUnderflow,
        Result::StackOverflow => Halt::StackOverflow,
        Result::OutOfOffset => Halt::ReturnBounds,
        Result::CreateCollision => Halt::Collision,
        Result::PrecompileError => Halt::PrecompileFailed,
        Result::CreateInitCodeSizeLimit => Halt::TooLong,
        Result::CreateContractSizeLimit | Result::CreateContractStartingWithEF => Halt::InvalidCode,
        // What only later forks or none know.
        Result::OpcodeNotFound
        | Result::InvalidFEOpcode
        | Result::NotActivated
        | Result::CreateInitCodeStartingEF00
        | Result::InvalidEOFInitCode
        | Result::InvalidExtDelegateCallTarget
        | Result::InvalidImmediateEncoding
        | Result::FatalExternalError => Halt::InvalidOpcode,
    })
}
