//! BLS signatures on BLS12-381 with keys in G1 (min-pk), the scheme of Ethereum's consensus layer:
//! draft-irtf-cfrg-bls-signature, ciphersuite BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_.
//!
//! Every point must be a compressed encoding, on the curve, in the subgroup and not at infinity. An aggregate over one message is worth nothing for keys whose possession was
//! not proved: whoever may choose a key last can choose it against the others.

use blst::BLST_ERROR;
use blst::min_pk::{AggregatePublicKey, PublicKey, Signature};

use super::signature::Verdict;

/// Bytes of a key.
pub const KEY_BYTES: usize = 48;
/// Bytes of a signature.
pub const SIGNATURE_BYTES: usize = 96;

/// The domain of the ciphersuite.
pub(super) const DOMAIN: &[u8] = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

/// Whether the signature of the message is the key's.
#[must_use]
pub fn verify(message: &[u8], signature: &[u8], key: &[u8]) -> Verdict {
    verify_aggregate(&[message], signature, &[key])
}

/// Whether the signature is the aggregate of each key's signature of its own message.
#[must_use]
pub fn verify_aggregate(messages: &[&[u8]], signature: &[u8], keys: &[&[u8]]) -> Verdict {
    let Some(keys) = decode_all(keys) else { return Verdict::MalformedKey };
    let Some(signature) = decode_signature(signature) else { return Verdict::Invalid };
    if keys.is_empty() || keys.len() != messages.len() {
        return Verdict::Invalid;
    }
    let keys: Vec<_> = keys.iter().collect();
    let judged = signature.aggregate_verify(false, messages, DOMAIN, &keys, false);
    Verdict::from(judged == BLST_ERROR::BLST_SUCCESS)
}

/// Whether the signature is the aggregate of all keys' signatures of one message.
#[must_use]
pub fn verify_same_message(message: &[u8], signature: &[u8], keys: &[&[u8]]) -> Verdict {
    let Some(keys) = decode_all(keys) else { return Verdict::MalformedKey };
    let Some(signature) = decode_signature(signature) else { return Verdict::Invalid };
    let keys: Vec<_> = keys.iter().collect();
    // Keys that cancel out give the point at infinity, which the library refuses as a key.
    let Ok(sum) = AggregatePublicKey::aggregate(&keys, false) else { return Verdict::Invalid };
    let judged = signature.aggregate_verify(false, &[message], DOMAIN, &[&sum.to_public_key()], false);
    Verdict::from(judged == BLST_ERROR::BLST_SUCCESS)
}

fn decode_all(keys: &[&[u8]]) -> Option<Vec<PublicKey>> {
    keys.iter().map(|key| decode(key)).collect()
}

/// Whether the bytes are a key.
pub(super) fn is_key(key: &[u8]) -> bool {
    decode(key).is_some()
}

fn decode(key: &[u8]) -> Option<PublicKey> {
    let key = PublicKey::uncompress(key).ok()?;
    key.validate().is_ok().then_some(key)
}

/// Not the point at infinity, which keys that cancel out would sign anything with.
fn decode_signature(signature: &[u8]) -> Option<Signature> {
    let signature = Signature::uncompress(signature).ok()?;
    signature.validate(true).is_ok().then_some(signature)
}
