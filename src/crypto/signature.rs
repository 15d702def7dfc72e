//! Every signature algorithm behind one number, and what is made of many signatures.

use std::collections::HashSet;

#[cfg(feature = "dilithium-round3")]
use super::dilithium;
use super::{bls, ed25519, mldsa, p256, schnorr, secp256k1};

/// What is said of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the key's.
    Valid,
    /// It is not.
    Invalid,
    /// No signature could be this key's: it is none.
    MalformedKey,
}

impl From<bool> for Verdict {
    fn from(valid: bool) -> Self {
        if valid { Self::Valid } else { Self::Invalid }
    }
}

/// Declares [`Algorithm`] once: number, name, meaning.
macro_rules! algorithms {
    ($($(#[$attribute:meta])* $number:literal $variant:ident $sentence:literal;)+) => {
        /// A signature algorithm. Numbers are never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u32)]
        pub enum Algorithm {
            $(#[doc = $sentence] $(#[$attribute])* $variant = $number,)+
        }

        impl Algorithm {
            /// Every algorithm of this build, in order of its number.
            pub const ALL: &'static [Self] = &[$($(#[$attribute])* Self::$variant),+];
        }
    };
}

algorithms! {
    1 Ed25519 "Ed25519 (RFC 8032), strict.";
    2 Secp256k1 "ECDSA on secp256k1 of a digest, compact, low s.";
    3 P256 "ECDSA on P-256 of a digest, compact.";
    4 Schnorr "Schnorr on secp256k1 (BIP-340).";
    5 Bls "BLS on BLS12-381, keys in G1.";
    16 MlDsa44 "ML-DSA-44 (FIPS 204).";
    17 MlDsa65 "ML-DSA-65 (FIPS 204).";
    18 MlDsa87 "ML-DSA-87 (FIPS 204).";
    #[cfg(feature = "dilithium-round3")]
    24 Dilithium2 "Dilithium2 of round 3.";
    #[cfg(feature = "dilithium-round3")]
    25 Dilithium3 "Dilithium3 of round 3.";
    #[cfg(feature = "dilithium-round3")]
    26 Dilithium5 "Dilithium5 of round 3.";
}

impl Algorithm {
    /// The algorithm of this number in this build.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|algorithm| *algorithm as u32 == number)
    }

    /// Bytes of a key, in its compressed form where there are two, and of a signature.
    #[must_use]
    pub const fn sizes(self) -> (usize, usize) {
        match self {
            Self::Ed25519 => (ed25519::KEY_BYTES, ed25519::SIGNATURE_BYTES),
            Self::Secp256k1 => (secp256k1::KEY_BYTES, secp256k1::SIGNATURE_BYTES),
            Self::P256 => (p256::KEY_BYTES, p256::SIGNATURE_BYTES),
            Self::Schnorr => (schnorr::KEY_BYTES, schnorr::SIGNATURE_BYTES),
            Self::Bls => (bls::KEY_BYTES, bls::SIGNATURE_BYTES),
            Self::MlDsa44 => mldsa::Set::Dsa44.sizes(),
            Self::MlDsa65 => mldsa::Set::Dsa65.sizes(),
            Self::MlDsa87 => mldsa::Set::Dsa87.sizes(),
            #[cfg(feature = "dilithium-round3")]
            Self::Dilithium2 => dilithium::Set::Two.sizes(),
            #[cfg(feature = "dilithium-round3")]
            Self::Dilithium3 => dilithium::Set::Three.sizes(),
            #[cfg(feature = "dilithium-round3")]
            Self::Dilithium5 => dilithium::Set::Five.sizes(),
        }
    }

    /// Whether the algorithm has contexts. Without them the empty one alone is known.
    #[must_use]
    pub const fn has_contexts(self) -> bool {
        matches!(self, Self::MlDsa44 | Self::MlDsa65 | Self::MlDsa87)
    }

    /// Whether the signature of the message is the key's. For ECDSA the message is a digest of 32 bytes.
    #[must_use]
    pub fn verify(self, message: &[u8], signature: &[u8], key: &[u8]) -> Verdict {
        self.verify_with_context(message, signature, key, &[])
    }

    /// The same under a context (FIPS 204, 5.2); a context of more than 255 bytes has no signatures,
    /// and nor has one that is not empty for an algorithm without contexts.
    #[must_use]
    pub fn verify_with_context(
        self,
        message: &[u8],
        signature: &[u8],
        key: &[u8],
        context: &[u8],
    ) -> Verdict {
        if !self.has_contexts() && !context.is_empty() {
            return Verdict::Invalid;
        }
        match self {
            Self::Ed25519 => ed25519::verify(message, signature, key),
            Self::Secp256k1 => secp256k1::verify(message, signature, key),
            Self::P256 => p256::verify(message, signature, key),
            Self::Schnorr => schnorr::verify(message, signature, key),
            Self::Bls => bls::verify(message, signature, key),
            Self::MlDsa44 => mldsa::verify(mldsa::Set::Dsa44, message, signature, key, context),
            Self::MlDsa65 => mldsa::verify(mldsa::Set::Dsa65, message, signature, key, context),
            Self::MlDsa87 => mldsa::verify(mldsa::Set::Dsa87, message, signature, key, context),
            #[cfg(feature = "dilithium-round3")]
            Self::Dilithium2 => dilithium::verify(dilithium::Set::Two, message, signature, key),
            #[cfg(feature = "dilithium-round3")]
            Self::Dilithium3 => dilithium::verify(dilithium::Set::Three, message, signature, key),
            #[cfg(feature = "dilithium-round3")]
            Self::Dilithium5 => dilithium::verify(dilithium::Set::Five, message, signature, key),
        }
    }

    /// The key in the one form that stands for it: compressed where there are two; `None` where it is none.
    #[must_use]
    pub fn canonical_key(self, key: &[u8]) -> Option<Vec<u8>> {
        let valid = match self {
            Self::Ed25519 => ed25519::is_key(key),
            Self::Secp256k1 => return secp256k1::compressed(key).map(Into::into),
            Self::P256 => return p256::compressed(key).map(Into::into),
            Self::Schnorr => schnorr::is_key(key),
            Self::Bls => bls::is_key(key),
            // Every string of the right length is a key.
            _ => key.len() == self.sizes().0,
        };
        valid.then(|| key.to_vec())
    }

    /// Whether at least `need` distinct keys signed the message: the n-th signature is judged under
    /// the n-th key, a key that comes again counts once, and a need of none is never met.
    ///
    /// `keys` and `signatures` follow each other without gaps in the sizes of [`Algorithm::sizes`];
    /// lists of different counts show nothing.
    #[must_use]
    pub fn verify_threshold(self, need: u32, message: &[u8], signatures: &[u8], keys: &[u8]) -> bool {
        let (key_bytes, signature_bytes) = self.sizes();
        let count = keys.len() / key_bytes;
        let packed = keys.len() == count * key_bytes && signatures.len() == count * signature_bytes;
        if !packed || need == 0 || need as usize > count {
            return false;
        }
        let mut signed = HashSet::new();
        for (key, signature) in keys.chunks_exact(key_bytes).zip(signatures.chunks_exact(signature_bytes)) {
            if !signed.contains(key) && self.verify(message, signature, key) == Verdict::Valid {
                signed.insert(key);
            }
            if signed.len() >= need as usize {
                return true;
            }
        }
        false
    }
}
