//! EVM frames: calls, down to another engine where the code is its own.
//!
//! The interpreter stops where code calls or creates; what it asks for is done here, and it goes on
//! with the result. The frames of EVM code nest in this recursion, and beside it in the session's
//! one call stack, where those of other engines lie between them.

use revm_interpreter::interpreter::{EthInterpreter, ExtBytecode, InputsImpl, Interpreter};
use revm_interpreter::interpreter_types::{MemoryTr, ReturnData};
use revm_interpreter::{
    CallInput, CallInputs, CallScheme, CallValue, FrameInput, Gas, InstructionResult, InterpreterAction,
    InterpreterResult, SharedMemory,
};
use revm_primitives::{Bytes as EvmBytes, U256};

use super::convert::{address, word};
use super::precompiles::Native;
use super::world::World;
use crate::error::Result;
use crate::host::frame::{DEFAULT_ENTRY, Frame};
use crate::host::native_stack::with_stack;
use crate::host::state::{CallRequest, EVM_CALL_DEPTH, Way};
use crate::outcome::{Halt, Outcome};
use crate::types::{Address, Bytes, EngineKind};

type EvmInterpreter = Interpreter<EthInterpreter>;

/// A frame that ended before its code ran, with all its gas.
pub(super) fn unstarted(result: InstructionResult, gas: u64) -> InterpreterResult {
    InterpreterResult::new(result, EvmBytes::new(), Gas::new(gas))
}

impl World<'_, '_> {
    /// Calls an account:
    /// 1. The depth has a limit.
    /// 2. Code of another engine is reached through the session.
    /// 3. The amount moves, after a checkpoint, and the account is touched.
    /// 4. Native code runs, or nothing, or the code in a new frame.
    /// 5. Unless that succeeded, everything since the checkpoint is taken back.
    pub(super) fn call(
        &mut self,
        inputs: Box<CallInputs>,
        memory: SharedMemory,
    ) -> Result<InterpreterResult> {
        let native = self.native(&inputs.bytecode_address);
        let code = &inputs.known_bytecode.1;
        let foreign = native.is_none() && !code.is_empty() && self.engine != Some(EngineKind::Evm);
        if foreign && self.state.depth() <= EVM_CALL_DEPTH {
            return self.call_out(&inputs, &memory);
        }
        match self.state.trace().calls {
            true => self.tell_call(inputs, memory, native),
            false => self.call_in(inputs, memory, native),
        }
    }

    /// Calls what is the EVM's own.
    #[inline]
    pub(super) fn call_in(
        &mut self,
        inputs: Box<CallInputs>,
        memory: SharedMemory,
        native: Option<Native>,
    ) -> Result<InterpreterResult> {
        let gas = inputs.gas_limit;
        if self.state.depth() > EVM_CALL_DEPTH {
            return Ok(unstarted(InstructionResult::CallTooDeep, gas));
        }
        let code = &inputs.known_bytecode.1;
        let checkpoint = self.state.journal.checkpoint();
        let done = match (self.endow(&inputs)?, native) {
            (Some(refusal), _) => unstarted(refusal, gas),
            (None, Some(native)) => self.run_native(native, &inputs, &memory)?,
            (None, None) if code.is_empty() => unstarted(InstructionResult::Stop, gas),
            (None, None) => self.run_call(inputs, memory)?,
        };
        if !done.is_ok() {
            self.state.journal.rollback(checkpoint);
        }
        Ok(done)
    }

    /// Moves the amount of a call; what forbids it, if something does.
    fn endow(&mut self, inputs: &CallInputs) -> Result<Option<InstructionResult>> {
        let CallValue::Transfer(value) = inputs.value else { return Ok(None) };
        let (from, to, at) =
            (address(inputs.caller), address(inputs.target_address), self.state.at(self.gas));
        let moved = self.state.journal.transfer(at, &from, &to, word(value))?;
        if let Err(halt) = moved {
            return Ok(Some(match halt {
                Halt::InsufficientBalance => InstructionResult::OutOfFunds,
                _ => InstructionResult::OverflowPayment,
            }));
        }
        // Whoever has code is not empty: no touch can end it (EIP-161).
        if inputs.known_bytecode.1.is_empty() {
            self.state.journal.touch(at, &to)?;
        }
        Ok(None)
    }

    fn run_call(&mut self, inputs: Box<CallInputs>, memory: SharedMemory) -> Result<InterpreterResult> {
        let (target, caller, value) = (inputs.target_address, inputs.caller, inputs.call_value());
        let (gas, is_static) = (inputs.gas_limit, inputs.is_static);
        let bytecode_address = Some(inputs.bytecode_address);
        let CallInputs { known_bytecode: (hash, code), input, .. } = *inputs;
        let inputs = InputsImpl {
            target_address: target,
            bytecode_address,
            caller_address: caller,
            input,
            call_value: value,
            depth: self.state.depth(),
        };
        let code = ExtBytecode::new_with_hash(code, hash);
        let interpreter = self.interpreter(code, inputs, memory, is_static, gas);
        self.run_in(frame(address(target), address(caller), value, is_static), interpreter)
    }

    /// An interpreter about to run code.
    #[inline]
    pub(super) fn interpreter(
        &mut self,
        code: ExtBytecode,
        inputs: InputsImpl,
        memory: SharedMemory,
        is_static: bool,
        gas: u64,
    ) -> Box<EvmInterpreter> {
        let mut interpreter = self.workshop.interpreter();
        interpreter.clear(memory, code, inputs, is_static, self.fork.spec, gas, 0);
        interpreter
    }

    /// Runs code in a new frame and takes the frame down again.
    pub(super) fn run_in(
        &mut self,
        frame: Frame,
        interpreter: Box<EvmInterpreter>,
    ) -> Result<InterpreterResult> {
        let (address, depth) = (frame.address, self.state.depth() as u32 + 1);
        self.state.push(frame);
        let done = with_stack(|| self.run(interpreter));
        self.state.pop();
        done.map_err(|error| error.at(address, depth))
    }

    /// Runs code in the session's current frame.
    pub(super) fn run(&mut self, mut interpreter: Box<EvmInterpreter>) -> Result<InterpreterResult> {
        let outer = std::mem::replace(&mut self.gas, interpreter.gas.limit());
        let done = self.drive(&mut interpreter);
        self.workshop.take_back(interpreter);
        self.gas = outer;
        done
    }

    /// Lets the interpreter run, and does what it stops for, until it is done.
    fn drive(&mut self, interpreter: &mut EvmInterpreter) -> Result<InterpreterResult> {
        loop {
            let action = self.step(interpreter);
            match self.settle(interpreter, action) {
                InterpreterAction::Return(done) if done.result == InstructionResult::FatalExternalError => {
                    return Err(self.failure());
                }
                InterpreterAction::Return(done) => return Ok(done),
                InterpreterAction::NewFrame(FrameInput::Call(inputs)) => {
                    let memory = interpreter.memory.new_child_context();
                    let into = inputs.return_memory_offset.clone();
                    let done = self.call(inputs, memory)?;
                    interpreter.memory.free_child_context();
                    take_call(interpreter, done, into);
                }
                InterpreterAction::NewFrame(FrameInput::Create(inputs)) => {
                    let memory = interpreter.memory.new_child_context();
                    let (done, created) = self.create(&inputs, memory)?;
                    interpreter.memory.free_child_context();
                    take_creation(interpreter, done, created);
                }
                InterpreterAction::NewFrame(FrameInput::Empty) => return Err(self.failure()),
            }
        }
    }

    /// Pays what the ledger asked for since the last action. A frame that cannot is out of gas.
    fn settle(
        &mut self,
        interpreter: &mut EvmInterpreter,
        mut action: InterpreterAction,
    ) -> InterpreterAction {
        let due = std::mem::take(&mut self.surcharge);
        if due == 0 {
            return action;
        }
        let gas = match &mut action {
            InterpreterAction::Return(done) if !done.is_ok() && !done.is_revert() => return action,
            InterpreterAction::Return(done) => &mut done.gas,
            InterpreterAction::NewFrame(_) => &mut interpreter.gas,
        };
        if gas.record_regular_cost(due) {
            return action;
        }
        InterpreterAction::Return(InterpreterResult::new_oog(gas.limit(), 0))
    }

    /// Calls a contract of another engine, through the session.
    fn call_out(&mut self, inputs: &CallInputs, memory: &SharedMemory) -> Result<InterpreterResult> {
        let way = match inputs.scheme {
            CallScheme::Call if !inputs.is_static => Way::Call,
            CallScheme::Call | CallScheme::StaticCall => Way::Static,
            CallScheme::CallCode | CallScheme::DelegateCall => Way::Delegate,
        };
        let request = CallRequest {
            way,
            caller: address(inputs.caller),
            target: address(inputs.bytecode_address),
            value: word(inputs.call_value()),
            entry: DEFAULT_ENTRY,
            input: with_input(&inputs.input, memory, |input| input.into()),
        };
        // Below, this engine may run again, with the same things to work with.
        self.state.keep(std::mem::take(&mut self.workshop));
        let done = self.state.call(request, inputs.gas_limit);
        self.workshop = self.state.take_kept().unwrap_or_default();
        let finish = done?;
        let mut gas = Gas::new(inputs.gas_limit);
        // Cannot fail: a frame uses no more than it was given.
        let _ = gas.record_regular_cost(inputs.gas_limit.saturating_sub(finish.gas.left()));
        let result = match finish.outcome {
            Outcome::Success => InstructionResult::Return,
            Outcome::Revert => InstructionResult::Revert,
            Outcome::Halt(Halt::OutOfGas) => InstructionResult::OutOfGas,
            // What another engine's rules stop keeps its gas, as it does for every caller.
            Outcome::Halt(_) => InstructionResult::Revert,
        };
        Ok(InterpreterResult::new(result, finish.output.into(), gas))
    }
}

/// A frame of EVM code in the session's call stack. Its input stays with the interpreter.
pub(super) fn frame(address: Address, caller: Address, value: U256, is_static: bool) -> Frame {
    Frame {
        address,
        caller,
        value: word(value),
        input: Bytes::default(),
        is_static,
        engine: EngineKind::Evm,
        output: Vec::new(),
        returned: Vec::new(),
        pages: 0,
    }
}

/// Looks at a call's input, which may lie in the memory of its caller.
pub(super) fn with_input<T>(input: &CallInput, memory: &SharedMemory, look: impl FnOnce(&[u8]) -> T) -> T {
    match input {
        CallInput::Bytes(bytes) => look(bytes),
        // Where nothing lies is no place in the memory.
        CallInput::SharedBuffer(range) if range.is_empty() => look(&[]),
        CallInput::SharedBuffer(range) => look(&memory.global_slice(range.clone())),
    }
}

/// Hands a call's result to the code that called.
fn take_call(interpreter: &mut EvmInterpreter, done: InterpreterResult, into: std::ops::Range<usize>) {
    let copied = into.len().min(done.output.len());
    if done.result.is_ok_or_revert() {
        interpreter.memory.set(into.start, &done.output[..copied]);
    }
    take_gas(interpreter, &done);
    // There is room: the call took more from the stack than this.
    let _ = interpreter.stack.push(U256::from(u8::from(done.is_ok())));
    interpreter.return_data.set_buffer(done.output);
}

/// Hands a creation's result to the code that created. Only revert data are returned.
fn take_creation(interpreter: &mut EvmInterpreter, done: InterpreterResult, created: Option<Address>) {
    take_gas(interpreter, &done);
    let created = created.filter(|_| done.is_ok()).unwrap_or_default();
    let _ = interpreter.stack.push(U256::from_be_slice(&created.0));
    match done.result {
        InstructionResult::Revert => interpreter.return_data.set_buffer(done.output),
        _ => interpreter.return_data.clear(),
    }
}

fn take_gas(interpreter: &mut EvmInterpreter, done: &InterpreterResult) {
    if done.result.is_ok_or_revert() {
        interpreter.gas.erase_cost(done.gas.remaining());
    }
    if done.is_ok() {
        interpreter.gas.record_refund(done.gas.refunded());
    }
}
