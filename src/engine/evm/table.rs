//! What each opcode does: the interpreter's own table, and one whose jumps look whether the call is
//! to stop. A loop jumps, so no code runs on for long without.

use revm_bytecode::opcode::{JUMP, JUMPI};
use revm_interpreter::instructions::{Instruction, InstructionTable, control, instruction_table};
use revm_interpreter::interpreter::{EthInterpreter, Interpreter};
use revm_interpreter::{InstructionContext, InstructionExecResult, InstructionResult, InterpreterAction};

use super::world::World;

pub(super) type Table<'a, 'l> = InstructionTable<EthInterpreter, World<'a, 'l>>;
type Context<'c, 'a, 'l> = InstructionContext<'c, World<'a, 'l>, EthInterpreter>;

impl<'a, 'l> World<'a, 'l> {
    const PLAIN: Table<'a, 'l> = instruction_table();
    const WATCHED: Table<'a, 'l> = {
        let mut table = Self::PLAIN;
        table[JUMP as usize] = Instruction::new(watched_jump);
        table[JUMPI as usize] = Instruction::new(watched_jumpi);
        table
    };

    /// Lets the interpreter run until it needs something done.
    pub(super) fn step(&mut self, interpreter: &mut Interpreter<EthInterpreter>) -> InterpreterAction {
        let opcodes = &self.fork.opcodes;
        match (self.state.trace().steps, self.state.transaction.stopwatch.is_set()) {
            (false, false) => interpreter.run_plain(&Self::PLAIN, opcodes, self),
            (false, true) => interpreter.run_plain(&Self::WATCHED, opcodes, self),
            (true, false) => self.tell_steps(interpreter, &Self::PLAIN),
            (true, true) => self.tell_steps(interpreter, &Self::WATCHED),
        }
    }
}

fn watched_jump(context: Context<'_, '_, '_>) -> InstructionExecResult {
    match context.host.jump() {
        true => control::jump(context),
        false => Err(InstructionResult::FatalExternalError),
    }
}

fn watched_jumpi(context: Context<'_, '_, '_>) -> InstructionExecResult {
    match context.host.jump() {
        true => control::jumpi(context),
        false => Err(InstructionResult::FatalExternalError),
    }
}
