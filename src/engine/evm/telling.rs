//! EVM code as a trace tells of it: its calls and creations, and each of its steps.

use std::fmt::Write;

use revm_bytecode::opcode::OpCode;
use revm_context_interface::CreateScheme;
use revm_interpreter::interpreter::{EthInterpreter, Interpreter};
use revm_interpreter::interpreter_types::{Jumps, LegacyBytecode, LoopControl, MemoryTr, ReturnData};
use revm_interpreter::{
    CallInputs, CallScheme, CreateInputs, InstructionResult, InterpreterAction, InterpreterResult,
    SharedMemory,
};

use super::convert::{address, word};
use super::create::Created;
use super::entry::outcome;
use super::frames::with_input;
use super::precompiles::Native;
use super::table::Table;
use super::world::World;
use crate::error::Result;
use crate::host::trace::{Entered, Hex, Left, ending};
use crate::types::Address;

impl<'a, 'l> World<'a, 'l> {
    /// Tells of a call and how it ended.
    #[cold]
    pub(super) fn tell_call(
        &mut self,
        inputs: Box<CallInputs>,
        memory: SharedMemory,
        native: Option<Native>,
    ) -> Result<InterpreterResult> {
        let (how, from) = match inputs.scheme {
            CallScheme::Call => ("call", inputs.caller),
            CallScheme::StaticCall => ("static", inputs.caller),
            // It shows its callee who called it.
            CallScheme::DelegateCall => ("delegate", inputs.target_address),
            CallScheme::CallCode => ("callcode", inputs.caller),
        };
        let moves = matches!(inputs.scheme, CallScheme::Call | CallScheme::CallCode);
        with_input(&inputs.input, &memory, |input| {
            self.state.trace_enter(&Entered {
                how,
                from: &address(from),
                to: Some(&address(inputs.bytecode_address)),
                value: moves.then(|| word(inputs.call_value())),
                gas: inputs.gas_limit,
                entry: "",
                code: None,
                input,
            });
        });
        let gas = inputs.gas_limit;
        let done = self.call_in(inputs, memory, native)?;
        self.tell_end(&done, gas, None);
        Ok(done)
    }

    /// Tells of a creation and how it ended.
    #[cold]
    pub(super) fn tell_creation(&mut self, inputs: &CreateInputs, memory: SharedMemory) -> Result<Created> {
        self.state.trace_enter(&Entered {
            how: if inputs.scheme() == CreateScheme::Create { "create" } else { "create2" },
            from: &address(inputs.caller()),
            to: None,
            value: Some(word(inputs.value())),
            gas: inputs.gas_limit(),
            entry: "",
            code: Some(inputs.init_code()),
            input: &[],
        });
        let (done, created) = self.create_untold(inputs, memory)?;
        self.tell_end(&done, inputs.gas_limit(), created.as_ref().filter(|_| done.is_ok()));
        Ok((done, created))
    }

    fn tell_end(&mut self, done: &InterpreterResult, gas: u64, created: Option<&Address>) {
        let left = if done.result.is_ok_or_revert() { done.gas.remaining() } else { 0 };
        let (outcome, gas_used) = (outcome(done.result), gas.saturating_sub(left));
        self.state.trace_leave(&Left { outcome, gas_used, output: &done.output, created });
    }

    /// Lets the interpreter run until it needs something done, and tells of each step as EIP-3155 has it.
    /// Where the call fails as a whole no step is told of that failed; nor is the end of the code, which is
    /// no instruction of it.
    pub(super) fn tell_steps(
        &mut self,
        interpreter: &mut Interpreter<EthInterpreter>,
        table: &Table<'a, 'l>,
    ) -> InterpreterAction {
        let opcodes = &self.fork.opcodes;
        let mut line = String::new();
        loop {
            let (before, at_end) = (
                interpreter.gas.remaining(),
                interpreter.bytecode.pc() >= interpreter.bytecode.bytecode_len(),
            );
            line.clear();
            self.put_step(&mut line, interpreter);
            if let Err(end) = interpreter.step(table, opcodes, self)
                && interpreter.bytecode.action().is_none()
            {
                interpreter.halt(end);
            }
            let cost = before.saturating_sub(interpreter.gas.remaining());
            let ended =
                interpreter.bytecode.action().as_ref().and_then(InterpreterAction::instruction_result);
            if !at_end && ended != Some(InstructionResult::FatalExternalError) {
                let error = ended.filter(|end| !end.is_ok()).map(|end| ending(outcome(end)));
                self.state.trace_line(|lines| {
                    write!(lines, r#"{line},"gasCost":"{cost:#x}""#)?;
                    error.map_or(Ok(()), |error| write!(lines, r#","error":"{error}""#))?;
                    lines.write_char('}')
                });
            }
            if interpreter.bytecode.is_end() {
                return interpreter.take_next_action();
            }
        }
    }

    /// What an instruction finds; the line is left open.
    fn put_step(&mut self, line: &mut String, interpreter: &Interpreter<EthInterpreter>) {
        let (op, gas) = (interpreter.bytecode.opcode(), interpreter.gas.remaining());
        let (depth, refund) = (self.state.depth(), self.state.trace_refund(interpreter.gas.refunded()));
        // A string takes everything.
        let _ = write!(
            line,
            r#"{{"pc":{},"op":{op},"gas":"{gas:#x}","memSize":{},"depth":{depth},"refund":"{refund:#x}""#,
            interpreter.bytecode.pc(),
            interpreter.memory.size(),
        );
        if let Some(name) = OpCode::new(op) {
            let _ = write!(line, r#","opName":"{name}""#);
        }
        let _ = write!(line, r#","returnData":"{}","stack":["#, Hex(interpreter.return_data.buffer()));
        for (at, word) in interpreter.stack.data().iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let _ = write!(line, r#"{comma}"{word:#x}""#);
        }
        line.push(']');
    }
}
