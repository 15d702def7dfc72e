//! Bytecode, written down.

use revm_bytecode::opcode;
use zvm::{Address, Word};

/// A program in the making.
#[derive(Clone, Debug, Default)]
pub(crate) struct Code(Vec<u8>);

impl Code {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn op(mut self, op: u8) -> Self {
        self.0.push(op);
        self
    }

    pub(crate) fn ops(mut self, ops: &[u8]) -> Self {
        self.0.extend_from_slice(ops);
        self
    }

    /// Pushes a number by the shortest instruction that does.
    pub(crate) fn push(self, number: u64) -> Self {
        self.push_bytes(&number.to_be_bytes())
    }

    pub(crate) fn push_address(self, address: &Address) -> Self {
        self.push_bytes(&address.0)
    }

    pub(crate) fn push_word(self, word: &Word) -> Self {
        self.push_bytes(&word.0)
    }

    fn push_bytes(mut self, digits: &[u8]) -> Self {
        let first = digits.iter().position(|digit| *digit != 0).unwrap_or(digits.len() - 1);
        let digits = &digits[first..];
        self.0.push(opcode::PUSH1 + digits.len() as u8 - 1);
        self.0.extend_from_slice(digits);
        self
    }

    pub(crate) fn store(self, slot: u64, value: u64) -> Self {
        self.push(value).push(slot).op(opcode::SSTORE)
    }

    pub(crate) fn load(self, slot: u64) -> Self {
        self.push(slot).op(opcode::SLOAD)
    }

    /// Stores what is on top of the stack.
    pub(crate) fn keep(self, slot: u64) -> Self {
        self.push(slot).op(opcode::SSTORE)
    }

    /// Calls with all gas and without input or output; leaves 1 or 0.
    pub(crate) fn call(self, to: &Address, value: u64) -> Self {
        let code = self.push(0).push(0).push(0).push(0).push(value).push_address(to);
        code.op(opcode::GAS).op(opcode::CALL)
    }

    /// Calls by an instruction that carries no value, with the memory from 0 on as input.
    pub(crate) fn call_by(self, instruction: u8, to: &Address, input_len: u64) -> Self {
        let code = self.push(0).push(0).push(input_len).push(0).push_address(to);
        code.op(opcode::GAS).op(instruction)
    }

    /// Writes bytes to the memory, in words from `at` on.
    pub(crate) fn memory(self, at: u64, bytes: &[u8]) -> Self {
        bytes.chunks(32).zip(0..).fold(self, |code, (chunk, index)| {
            let mut word = Word::ZERO;
            word.0[..chunk.len()].copy_from_slice(chunk);
            code.push_word(&word).push(at + 32 * index).op(opcode::MSTORE)
        })
    }

    /// Returns the top of the stack as a word.
    pub(crate) fn return_top(self) -> Self {
        self.push(0).op(opcode::MSTORE).push(32).push(0).op(opcode::RETURN)
    }

    pub(crate) fn revert(self) -> Self {
        self.push(0).push(0).op(opcode::REVERT)
    }

    /// Initcode that makes a contract of this code.
    pub(crate) fn initcode(&self) -> Vec<u8> {
        let len = self.0.len() as u64;
        Self::new().memory(0, &self.0).push(len).push(0).op(opcode::RETURN).bytes()
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        self.0
    }
}
