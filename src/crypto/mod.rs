//! Bytes in, bytes out. Knows no gas, no state, no guest.
//!
//! No algorithm is written here: each file binds a well-kept library to one exact rule of what is
//! accepted, which docs/crypto.md states. The rule is the same for every engine and for the C API,
//! because all of them end in [`signature`].

pub mod address;
pub mod bloom;
pub mod bls;
#[cfg(feature = "dilithium-round3")]
pub mod dilithium;
pub mod ed25519;
pub mod hash;
pub mod mldsa;
pub mod mlkem;
pub mod p256;
pub mod schnorr;
pub mod secp256k1;
pub mod signature;
#[cfg(feature = "signing")]
pub mod signing;
mod stack;
