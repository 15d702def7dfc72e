//! Keys and signatures for tools and tests: Ed25519, secp256k1, ML-DSA. Behind the feature `signing`.
//!
//! No contract and no exported function reaches this. Signatures are deterministic, so that what a test
//! signs is the same tomorrow.

use fips204::traits::{KeyGen, SerDes, Signer};
use fips204::{ml_dsa_44, ml_dsa_65, ml_dsa_87};

use super::signature::Algorithm;

/// A secret key, and what it signs with.
#[derive(Clone)]
pub struct SigningKey(Secret);

#[derive(Clone)]
enum Secret {
    Ed25519(ed25519_dalek::SigningKey),
    Secp256k1(k256::ecdsa::SigningKey),
    MlDsa44(Box<ml_dsa_44::PrivateKey>),
    MlDsa65(Box<ml_dsa_65::PrivateKey>),
    MlDsa87(Box<ml_dsa_87::PrivateKey>),
}

impl SigningKey {
    /// The key of a seed: for Ed25519 the secret key of RFC 8032, for secp256k1 the scalar, for ML-DSA
    /// the seed of FIPS 204, algorithm 1. `None` for an algorithm that is not offered, and for a scalar
    /// that is zero or not below the group's order.
    #[must_use]
    pub fn from_seed(algorithm: Algorithm, seed: &[u8; 32]) -> Option<Self> {
        Some(Self(match algorithm {
            Algorithm::Ed25519 => Secret::Ed25519(ed25519_dalek::SigningKey::from_bytes(seed)),
            Algorithm::Secp256k1 => Secret::Secp256k1(k256::ecdsa::SigningKey::from_slice(seed).ok()?),
            Algorithm::MlDsa44 => Secret::MlDsa44(Box::new(ml_dsa_44::KG::keygen_from_seed(seed).1)),
            Algorithm::MlDsa65 => Secret::MlDsa65(Box::new(ml_dsa_65::KG::keygen_from_seed(seed).1)),
            Algorithm::MlDsa87 => Secret::MlDsa87(Box::new(ml_dsa_87::KG::keygen_from_seed(seed).1)),
            _ => return None,
        }))
    }

    /// A new key from the system's randomness; `None` for an algorithm that is not offered, and where
    /// the system has no randomness.
    #[must_use]
    pub fn generate(algorithm: Algorithm) -> Option<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).ok()?;
        // One scalar in 2^128 is not below the order.
        Self::from_seed(algorithm, &seed)
    }

    /// What it signs with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match &self.0 {
            Secret::Ed25519(_) => Algorithm::Ed25519,
            Secret::Secp256k1(_) => Algorithm::Secp256k1,
            Secret::MlDsa44(_) => Algorithm::MlDsa44,
            Secret::MlDsa65(_) => Algorithm::MlDsa65,
            Secret::MlDsa87(_) => Algorithm::MlDsa87,
        }
    }

    /// The public key, compressed where there are two forms.
    #[must_use]
    pub fn public_key(&self) -> Vec<u8> {
        match &self.0 {
            Secret::Ed25519(key) => key.verifying_key().as_bytes().to_vec(),
            Secret::Secp256k1(key) => key.verifying_key().to_encoded_point(true).as_bytes().to_vec(),
            Secret::MlDsa44(key) => key.get_public_key().into_bytes().to_vec(),
            Secret::MlDsa65(key) => key.get_public_key().into_bytes().to_vec(),
            Secret::MlDsa87(key) => key.get_public_key().into_bytes().to_vec(),
        }
    }

    /// Signs a message, for secp256k1 a digest of 32 bytes; `None` for another length there.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        self.sign_with_context(message, &[])
    }

    /// The same under a context (FIPS 204, 5.2); `None` where the algorithm has none of this kind.
    #[must_use]
    pub fn sign_with_context(&self, message: &[u8], context: &[u8]) -> Option<Vec<u8>> {
        if !self.algorithm().has_contexts() && !context.is_empty() {
            return None;
        }
        match &self.0 {
            Secret::Ed25519(key) => Some(ed25519_dalek::Signer::sign(key, message).to_bytes().to_vec()),
            Secret::Secp256k1(_) => {
                self.sign_recoverable(message.try_into().ok()?).map(|signature| signature[..64].to_vec())
            }
            // Without randomness: the deterministic variant.
            Secret::MlDsa44(key) => key.try_sign_with_seed(&[0; 32], message, context).ok().map(Into::into),
            Secret::MlDsa65(key) => key.try_sign_with_seed(&[0; 32], message, context).ok().map(Into::into),
            Secret::MlDsa87(key) => key.try_sign_with_seed(&[0; 32], message, context).ok().map(Into::into),
        }
    }

    /// Signs a digest so that the key can be recovered; `None` for a key that is not of secp256k1.
    #[must_use]
    pub fn sign_recoverable(&self, digest: &[u8; 32]) -> Option<[u8; 65]> {
        let Secret::Secp256k1(key) = &self.0 else { return None };
        let (signature, id) = key.sign_prehash_recoverable(digest).ok()?;
        let mut bytes = [0; 65];
        bytes[..64].copy_from_slice(&signature.to_bytes());
        bytes[64] = id.to_byte();
        Some(bytes)
    }
}
