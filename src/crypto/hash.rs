//! Hash functions, one implementation each.

use sha2::Sha256;
use sha3::{Digest, Keccak256};

use crate::types::Word;

/// keccak256 as Ethereum uses it (the padding before FIPS 202).
#[must_use]
pub fn keccak256(message: &[u8]) -> Word {
    Word(Keccak256::digest(message).into())
}

/// SHA-256 (FIPS 180-4).
#[must_use]
pub fn sha256(message: &[u8]) -> Word {
    Word(Sha256::digest(message).into())
}

/// BLAKE3 with its default output of 32 bytes.
#[must_use]
pub fn blake3(message: &[u8]) -> Word {
    Word(*blake3::hash(message).as_bytes())
}
