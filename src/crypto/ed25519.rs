//! Ed25519 (RFC 8032), the strict rule.
//!
//! Libraries differ in which odd signatures they take; a consensus must not. Here the key and R are
//! canonical encodings of points that are not of small order, S is below the group's order, and the
//! equation holds without the cofactor.

use ed25519_dalek::{Signature, VerifyingKey};

use super::signature::Verdict;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
/// Bytes of a signature.
pub const SIGNATURE_BYTES: usize = 64;

/// Whether the signature of the message is the key's.
#[must_use]
pub fn verify(message: &[u8], signature: &[u8], key: &[u8]) -> Verdict {
    let Some(key) = decode(key) else { return Verdict::MalformedKey };
    let Ok(signature) = Signature::from_slice(signature) else { return Verdict::Invalid };
    // Compares R as bytes, so that one encoding alone can pass, and refuses small orders.
    Verdict::from(key.verify_strict(message, &signature).is_ok())
}

/// Whether the bytes are a key.
pub(super) fn is_key(key: &[u8]) -> bool {
    decode(key).is_some()
}

/// The key, if it is one: the decoder of the library takes two encodings for some points.
fn decode(key: &[u8]) -> Option<VerifyingKey> {
    let bytes = key.try_into().ok()?;
    let key = VerifyingKey::from_bytes(bytes).ok()?;
    let canonical = key.to_edwards().compress().as_bytes() == bytes;
    (canonical && !key.is_weak()).then_some(key)
}
