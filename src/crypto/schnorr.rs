//! Schnorr signatures on secp256k1 (BIP-340), as Bitcoin's taproot has them.

use k256::schnorr::{Signature, VerifyingKey};

use super::signature::Verdict;

/// Bytes of a key: the x coordinate.
pub const KEY_BYTES: usize = 32;
/// Bytes of a signature.
pub const SIGNATURE_BYTES: usize = 64;

/// Whether the signature of the message is the key's. The message may have any length and goes into
/// the tagged hash as it is.
#[must_use]
pub fn verify(message: &[u8], signature: &[u8], key: &[u8]) -> Verdict {
    let Some(key) = decode(key) else { return Verdict::MalformedKey };
    // The library panics at another length.
    let signature = (signature.len() == SIGNATURE_BYTES).then(|| Signature::try_from(signature).ok());
    let Some(signature) = signature.flatten() else { return Verdict::Invalid };
    // `verify` would hash the message once more.
    Verdict::from(key.verify_raw(message, &signature).is_ok())
}

/// Whether the bytes are a key.
pub(super) fn is_key(key: &[u8]) -> bool {
    decode(key).is_some()
}

fn decode(key: &[u8]) -> Option<VerifyingKey> {
    // As with signatures.
    (key.len() == KEY_BYTES).then(|| VerifyingKey::from_bytes(key).ok())?
}
