//! Signed transactions: what a user signs, in the one encoding there is for it.
//!
//! The encoding is canonical CBOR (RFC 8949, 4.2), so that a transaction has one sequence of bytes and
//! one hash. What decodes but does not encode to the same bytes again is refused. docs/transactions.md has
//! the format and the rules.

mod encoding;
mod rules;

use crate::crypto::address::key_address;
use crate::crypto::hash::keccak256;
use crate::crypto::signature::{Algorithm, Verdict};
use crate::error::{Error, Result, Status};
use crate::types::{Address, EngineKind, Word};

/// What keys sign begins with this, so that it is no message of anything else.
const DOMAIN: &[u8] = b"zvm transaction 1";

/// What a transaction does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action<'a> {
    /// Calls a contract.
    Call {
        /// The contract.
        target: Address,
        /// The exported entry; empty is `call`.
        entry: &'a str,
    },
    /// Deploys one.
    Deploy {
        /// The code.
        code: &'a [u8],
        /// What is to run it; `None` lets the first bytes decide.
        engine: Option<EngineKind>,
        /// With a salt the address follows CREATE2.
        salt: Option<Word>,
    },
}

/// A transaction that nobody signed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transaction<'a> {
    /// The chain it is for.
    pub chain_id: Word,
    /// How many transactions and creations the sender made before.
    pub nonce: u64,
    /// The most gas it may use.
    pub gas_limit: u64,
    /// What contracts read as the gas price. Fees are the embedder's business.
    pub gas_price: Word,
    /// The amount that goes with it.
    pub value: Word,
    /// The input of the entry or of the constructor.
    pub input: &'a [u8],
    /// What it does.
    pub action: Action<'a>,
}

impl Transaction<'_> {
    /// Its bytes, the first part of the signed transaction's.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encoding::body(self)
    }

    /// What is signed: keccak256 of `zvm transaction 1` and the bytes.
    #[must_use]
    pub fn digest(&self) -> Word {
        digest(&self.encode())
    }

    /// The bytes of the signed transaction.
    #[must_use]
    pub fn signed(&self, algorithm: Algorithm, key: &[u8], signature: &[u8]) -> Vec<u8> {
        encoding::signed(self, algorithm, key, signature)
    }
}

fn digest(body: &[u8]) -> Word {
    keccak256(&[DOMAIN, body].concat())
}

/// A transaction and who says to have signed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed<'a> {
    /// What was signed.
    pub transaction: Transaction<'a>,
    /// With what: Ed25519, secp256k1 or ML-DSA.
    pub algorithm: Algorithm,
    /// The public key, compressed where there are two forms.
    pub key: &'a [u8],
    /// The signature of [`Signed::digest`].
    pub signature: &'a [u8],
    /// The account of the key.
    pub sender: Address,
    /// What is signed.
    pub digest: Word,
    /// keccak256 of all bytes: the transaction's name.
    pub hash: Word,
}

impl<'a> Signed<'a> {
    /// Reads a signed transaction. The signature is not looked at.
    ///
    /// # Errors
    /// [`Status::TransactionFormat`] for anything but the canonical bytes of a transaction,
    /// [`Status::Signature`] for an algorithm that signs none or for what is no key.
    pub fn decode(bytes: &'a [u8]) -> Result<Self> {
        let (transaction, body, algorithm, key, signature) = encoding::read(bytes)?;
        let algorithm = Algorithm::from_number(algorithm).filter(|it| may_sign(*it));
        let Some(algorithm) = algorithm else {
            return Err(Error::new(Status::Signature, "transactions are not signed with this algorithm"));
        };
        // One key has one form here, or a transaction would have two hashes.
        let canonical = algorithm.canonical_key(key).is_some_and(|canonical| canonical == key);
        let sender = key_address(algorithm, key).filter(|_| canonical);
        let Some(sender) = sender else {
            return Err(Error::new(Status::Signature, "this is no key of the algorithm"));
        };
        let (digest, hash) = (digest(body), keccak256(bytes));
        Ok(Self { transaction, algorithm, key, signature, sender, digest, hash })
    }

    /// Verifies the signature.
    ///
    /// # Errors
    /// [`Status::Signature`] where it is not the key's.
    pub fn verify(&self) -> Result<()> {
        match self.algorithm.verify(&self.digest.0, self.signature, self.key) {
            Verdict::Valid => Ok(()),
            _ => Err(Error::from(Status::Signature)),
        }
    }
}

fn may_sign(algorithm: Algorithm) -> bool {
    matches!(
        algorithm,
        Algorithm::Ed25519
            | Algorithm::Secp256k1
            | Algorithm::MlDsa44
            | Algorithm::MlDsa65
            | Algorithm::MlDsa87
    )
}
