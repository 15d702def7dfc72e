//! ECDSA on P-256 (FIPS 186-5): what phones, passkeys and smart cards sign with.
//!
//! Either s is taken: such devices do not choose the lower one, and FIPS 186-5 does not ask them to. A
//! contract must not take the signature's bytes for the name of what was signed.

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::ecdsa::{Signature, VerifyingKey};

use super::signature::Verdict;

/// Bytes of a compressed key.
pub const KEY_BYTES: usize = 33;
/// Bytes of a signature: r and s.
pub const SIGNATURE_BYTES: usize = 64;

/// Whether the signature of the digest is the key's. A digest has 32 bytes; a key is compressed (33
/// bytes, 02 or 03 first) or not (65 bytes, 04 first).
#[must_use]
pub fn verify(digest: &[u8], signature: &[u8], key: &[u8]) -> Verdict {
    let Some(key) = decode(key) else { return Verdict::MalformedKey };
    let Ok(signature) = Signature::from_slice(signature) else { return Verdict::Invalid };
    Verdict::from(digest.len() == 32 && key.verify_prehash(digest, &signature).is_ok())
}

/// The compressed form of a key in either form.
pub(super) fn compressed(key: &[u8]) -> Option<[u8; 33]> {
    decode(key)?.to_encoded_point(true).as_bytes().try_into().ok()
}

fn decode(key: &[u8]) -> Option<VerifyingKey> {
    match (key.len(), key.first()) {
        (33, Some(2 | 3)) | (65, Some(4)) => VerifyingKey::from_sec1_bytes(key).ok(),
        _ => None,
    }
}
