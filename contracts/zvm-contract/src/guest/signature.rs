//! Signatures, verified by the host.

use super::{filled_if, sys};
use crate::{Address, Word};

/// A signature algorithm, by the host's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Algorithm {
    /// Ed25519 (RFC 8032), strict.
    Ed25519 = 1,
    /// ECDSA on secp256k1 of a digest of 32 bytes, compact, low s.
    Secp256k1 = 2,
    /// ECDSA on P-256 of a digest of 32 bytes, compact.
    P256 = 3,
    /// Schnorr on secp256k1 (BIP-340).
    Schnorr = 4,
    /// BLS on BLS12-381, keys in G1.
    Bls = 5,
    /// ML-DSA-44 (FIPS 204).
    MlDsa44 = 16,
    /// ML-DSA-65 (FIPS 204).
    MlDsa65 = 17,
    /// ML-DSA-87 (FIPS 204).
    MlDsa87 = 18,
}

impl Algorithm {
    /// The algorithm of a number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        const ALL: [Algorithm; 8] = [
            Algorithm::Ed25519,
            Algorithm::Secp256k1,
            Algorithm::P256,
            Algorithm::Schnorr,
            Algorithm::Bls,
            Algorithm::MlDsa44,
            Algorithm::MlDsa65,
            Algorithm::MlDsa87,
        ];
        ALL.into_iter().find(|algorithm| *algorithm as u32 == number)
    }
}

/// Whether the signature of the message is the key's. False for what is no key.
#[must_use]
pub fn verify(algorithm: Algorithm, message: &[u8], signature: &[u8], key: &[u8]) -> bool {
    // SAFETY: pointers and lengths are those of the slices.
    let judged = unsafe {
        sys::verify(
            algorithm as u32,
            message.as_ptr(),
            message.len() as u32,
            signature.as_ptr(),
            signature.len() as u32,
            key.as_ptr(),
            key.len() as u32,
        )
    };
    judged == 1
}

/// The same under a context (FIPS 204).
#[must_use]
pub fn verify_with_context(
    algorithm: Algorithm,
    message: &[u8],
    signature: &[u8],
    key: &[u8],
    context: &[u8],
) -> bool {
    // SAFETY: pointers and lengths are those of the slices.
    let judged = unsafe {
        sys::verify_with_context(
            algorithm as u32,
            message.as_ptr(),
            message.len() as u32,
            signature.as_ptr(),
            signature.len() as u32,
            key.as_ptr(),
            key.len() as u32,
            context.as_ptr(),
            context.len() as u32,
        )
    };
    judged == 1
}

/// Whether at least `need` distinct keys of 32 bytes signed the message with Ed25519, the n-th
/// signature under the n-th key. False for lists of different lengths.
#[must_use]
pub fn verify_threshold_ed25519(
    need: u32,
    message: &[u8],
    signatures: &[[u8; 64]],
    keys: &[[u8; 32]],
) -> bool {
    if signatures.len() != keys.len() {
        return false;
    }
    // SAFETY: the host reads as many elements of the algorithm's sizes as the slices have.
    let judged = unsafe {
        sys::verify_threshold(
            Algorithm::Ed25519 as u32,
            need,
            message.as_ptr(),
            message.len() as u32,
            signatures.as_ptr().cast(),
            keys.as_ptr().cast(),
            keys.len() as u32,
        )
    };
    judged == 1
}

/// Whether a BLS signature is the aggregate of all keys' signatures of one message. Keys that strangers
/// brought must have proved that their owners have them.
#[must_use]
pub fn verify_same_message(message: &Word, signature: &[u8; 96], keys: &[[u8; 48]]) -> bool {
    // SAFETY: the host reads one message, one signature and as many keys as the slice has.
    let judged = unsafe {
        sys::verify_aggregate(
            Algorithm::Bls as u32,
            message,
            signature.as_ptr(),
            keys.as_ptr().cast(),
            keys.len() as u32,
            1,
        )
    };
    judged == 1
}

/// The address of the key of secp256k1 that signed the hash.
#[must_use]
pub fn recover(hash: &Word, signature: &[u8; 65]) -> Option<Address> {
    filled_if(|out| sys::recover(hash, signature, out))
}
