//! Dilithium as it was submitted in round 3 (version 3.1), before FIPS 204 and its drafts: for chains that began
//! with it.
//!
//! Neither takes the other's signatures, so it has numbers of its own. Verification alone: whoever begins
//! today begins with [ML-DSA](super::mldsa).

use pqcrypto_dilithium::{dilithium2, dilithium3, dilithium5};
use pqcrypto_traits::sign::{DetachedSignature, PublicKey};

use super::signature::Verdict;
use super::stack::roomy;

/// A parameter set of the round-3 submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// Dilithium2.
    Two,
    /// Dilithium3.
    Three,
    /// Dilithium5.
    Five,
}

impl Set {
    /// Bytes of a key and of a signature.
    #[must_use]
    pub const fn sizes(self) -> (usize, usize) {
        match self {
            Self::Two => (dilithium2::public_key_bytes(), dilithium2::signature_bytes()),
            Self::Three => (dilithium3::public_key_bytes(), dilithium3::signature_bytes()),
            Self::Five => (dilithium5::public_key_bytes(), dilithium5::signature_bytes()),
        }
    }
}

macro_rules! verified {
    ($set:ident, $message:ident, $signature:ident, $key:ident) => {{
        let Ok(key) = $set::PublicKey::from_bytes($key) else { return Verdict::MalformedKey };
        // The library takes shorter ones.
        if $signature.len() != $set::signature_bytes() {
            return Verdict::Invalid;
        }
        let Ok(signature) = $set::DetachedSignature::from_bytes($signature) else { return Verdict::Invalid };
        Verdict::from($set::verify_detached_signature(&signature, $message, &key).is_ok())
    }};
}

/// Whether the signature of the message is the key's.
#[must_use]
pub fn verify(set: Set, message: &[u8], signature: &[u8], key: &[u8]) -> Verdict {
    roomy(|| match set {
        Set::Two => verified!(dilithium2, message, signature, key),
        Set::Three => verified!(dilithium3, message, signature, key),
        Set::Five => verified!(dilithium5, message, signature, key),
    })
}
