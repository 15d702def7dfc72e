//! Hashes of memory.

use super::{Done, Machine, Operands, Step, price};
use crate::crypto::hash::{blake2b_256, keccak256, ripemd160, sha256};
use crate::types::Word;

impl Machine<'_, '_> {
    pub(super) fn hash(&mut self, step: Step, operands: &mut Operands<'_>) -> Done {
        let region = self.region(operands)?;
        let rate = match step {
            Step::SHA256 => price::SHA256_WORD,
            Step::RIPEMD160 => price::RIPEMD160_WORD,
            _ => price::KECCAK_WORD,
        };
        self.charge_words(region.len, rate)?;
        let message = self.memory.bytes(region);
        operands.push_word(match step {
            Step::SHA256 => sha256(message),
            Step::RIPEMD160 => right_aligned(ripemd160(message)),
            Step::BLAKE2B => blake2b_256(message),
            _ => keccak256(message),
        });
        Ok(())
    }

    pub(super) fn table_hash(operands: &mut Operands<'_>) -> Done {
        let (key, slot) = (operands.pop_word(), operands.pop_word());
        operands.push_word(keccak256(&[slot.0, key.0].concat()));
        Ok(())
    }
}

fn right_aligned(digest: [u8; 20]) -> Word {
    let mut word = Word::ZERO;
    word.0[12..].copy_from_slice(&digest);
    word
}
