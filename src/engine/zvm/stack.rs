//! The operand stack. The machine checks each block's needs when it enters it, so that no single
//! operation has to; indices wrap, so that not even a defect could leave the array.

use ruint::aliases::U256;

use super::program::STACK_WORDS;
use crate::types::{Address, Word};

/// The words of a stack.
pub(super) type Words = [U256; STACK_WORDS];

/// A stack at work, for what is not in the machine's own loop.
pub(super) struct Operands<'a> {
    pub(super) words: &'a mut Words,
    /// Words on it.
    pub(super) height: usize,
}

impl Operands<'_> {
    pub(super) fn pop(&mut self) -> U256 {
        self.height = self.height.wrapping_sub(1);
        self.words[self.height % STACK_WORDS]
    }

    pub(super) fn push(&mut self, word: U256) {
        self.words[self.height % STACK_WORDS] = word;
        self.height += 1;
    }

    /// The word's last 20 bytes.
    pub(super) fn pop_address(&mut self) -> Address {
        let bytes = self.pop().to_be_bytes::<32>();
        Address(bytes[12..].try_into().expect("20 bytes"))
    }

    pub(super) fn pop_word(&mut self) -> Word {
        Word(self.pop().to_be_bytes())
    }

    pub(super) fn push_word(&mut self, word: Word) {
        self.push(U256::from_be_bytes(word.0));
    }

    pub(super) fn push_address(&mut self, address: Address) {
        self.push(U256::from_be_slice(&address.0));
    }

    pub(super) fn push_number(&mut self, number: u64) {
        self.push(U256::from(number));
    }
}
