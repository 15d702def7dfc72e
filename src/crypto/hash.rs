//! Hash functions, one implementation each.

use blake2::Blake2b;
use blake2::digest::consts::U32;
use ripemd::Ripemd160;
use sha2::Sha256;
use sha3::{Digest, Keccak256, Sha3_256};

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

/// SHA3-256 (FIPS 202).
#[must_use]
pub fn sha3_256(message: &[u8]) -> Word {
    Word(Sha3_256::digest(message).into())
}

/// BLAKE3 with its default output of 32 bytes.
#[must_use]
pub fn blake3(message: &[u8]) -> Word {
    Word(*blake3::hash(message).as_bytes())
}

/// BLAKE2b with 32 bytes of output and no key (RFC 7693). The length is a parameter of the hash: this
/// is no prefix of BLAKE2b-512.
#[must_use]
pub fn blake2b_256(message: &[u8]) -> Word {
    Word(Blake2b::<U32>::digest(message).into())
}

/// RIPEMD-160.
#[must_use]
pub fn ripemd160(message: &[u8]) -> [u8; 20] {
    Ripemd160::digest(message).into()
}
