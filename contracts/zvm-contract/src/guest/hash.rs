//! Hashes, computed by the host.

use super::{filled, sys};
use crate::{Address, Word};

/// Keccak-256, as Ethereum has it.
#[must_use]
pub fn keccak256(data: &[u8]) -> Word {
    // SAFETY: pointer and length are those of `data`.
    filled(|out| unsafe { sys::keccak256(data.as_ptr(), data.len() as u32, out) })
}

/// SHA-256.
#[must_use]
pub fn sha256(data: &[u8]) -> Word {
    // SAFETY: pointer and length are those of `data`.
    filled(|out| unsafe { sys::sha256(data.as_ptr(), data.len() as u32, out) })
}

/// BLAKE3.
#[must_use]
pub fn blake3(data: &[u8]) -> Word {
    // SAFETY: pointer and length are those of `data`.
    filled(|out| unsafe { sys::blake3(data.as_ptr(), data.len() as u32, out) })
}

/// SHA3-256.
#[must_use]
pub fn sha3_256(data: &[u8]) -> Word {
    // SAFETY: pointer and length are those of `data`.
    filled(|out| unsafe { sys::sha3_256(data.as_ptr(), data.len() as u32, out) })
}

/// BLAKE2b with 32 bytes of output.
#[must_use]
pub fn blake2b_256(data: &[u8]) -> Word {
    // SAFETY: pointer and length are those of `data`.
    filled(|out| unsafe { sys::blake2b_256(data.as_ptr(), data.len() as u32, out) })
}

/// RIPEMD-160.
#[must_use]
pub fn ripemd160(data: &[u8]) -> Address {
    // SAFETY: pointer and length are those of `data`.
    filled(|out| unsafe { sys::ripemd160(data.as_ptr(), data.len() as u32, out) })
}
