//! ECDSA on secp256k1 (SEC 1), as blockchains narrowed it: compact signatures with a low s.

use k256::ecdsa::signature::hazmat::PrehashVerifier;
use k256::ecdsa::{RecoveryId, Signature, VerifyingKey};

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
    let Some(signature) = low_s(signature) else { return Verdict::Invalid };
    Verdict::from(digest.len() == 32 && key.verify_prehash(digest, &signature).is_ok())
}

/// The key that signed the digest, x and y of 32 bytes each. The 65th byte of the signature is 0 to 3
/// (SEC 1, 4.1.6), or 27 or 28 for 0 or 1 as Ethereum writes it.
#[must_use]
pub fn recover(digest: &[u8; 32], signature: &[u8; 65]) -> Option<[u8; 64]> {
    let id = match signature[64] {
        id @ 0..=3 => id,
        id @ 27..=28 => id - 27,
        _ => return None,
    };
    let id = RecoveryId::from_byte(id)?;
    let signature = low_s(&signature[..64])?;
    let key = VerifyingKey::recover_from_prehash(digest, &signature, id).ok()?;
    Some(coordinates(&key))
}

/// x and y of a key in either form.
pub(super) fn uncompressed(key: &[u8]) -> Option<[u8; 64]> {
    decode(key).as_ref().map(coordinates)
}

/// The compressed form of a key in either form.
pub(super) fn compressed(key: &[u8]) -> Option<[u8; 33]> {
    decode(key)?.to_encoded_point(true).as_bytes().try_into().ok()
}

fn coordinates(key: &VerifyingKey) -> [u8; 64] {
    let point = key.to_encoded_point(false);
    point.as_bytes()[1..].try_into().expect("x and y")
}

/// The key, if it is one. The library knows a third form, which nobody else takes.
fn decode(key: &[u8]) -> Option<VerifyingKey> {
    match (key.len(), key.first()) {
        (33, Some(2 | 3)) | (65, Some(4)) => VerifyingKey::from_sec1_bytes(key).ok(),
        _ => None,
    }
}

/// r and s, if both are from 1 to n - 1 and s is at most n / 2.
fn low_s(signature: &[u8]) -> Option<Signature> {
    let signature = Signature::from_slice(signature).ok()?;
    signature.normalize_s().is_none().then_some(signature)
}
