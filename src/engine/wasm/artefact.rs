//! Compiled code as bytes that can be trusted after a stay outside.
//!
//! Loading machine code from bytes is running them, so nothing is parsed before a checksum
//! keyed by the embedder's secret holds over all of it. The header then names the build,
//! configuration and machine it is for, and the code it was made from.
//!
//! Layout: magic (4), fingerprint (32), code hash (32), code length (8, little-endian), code,
//! module, checksum (32).

use crate::error::{Error, Result, Status};
use crate::types::Word;

const MAGIC: &[u8; 4] = b"ZVMA";
const WORD: usize = 32;
const HEAD: usize = 4 + WORD + WORD + 8;

/// What seals and opens the artefacts of one runtime.
pub(super) struct Seal {
    key: [u8; WORD],
    fingerprint: Word,
}

/// An artefact whose seal held.
pub(super) struct Content<'a> {
    pub(super) hash: Word,
    pub(super) code: &'a [u8],
    pub(super) module: &'a [u8],
}

impl Seal {
    /// `compiler` names the compiler, its version and the machine.
    pub(super) fn new(fingerprint: &Word, key: &Word, compiler: &str) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("zvm 2026 artefact fingerprint");
        hasher.update(&fingerprint.0).update(compiler.as_bytes());
        Self {
            key: blake3::derive_key("zvm 2026 artefact checksum", &key.0),
            fingerprint: Word(*hasher.finalize().as_bytes()),
        }
    }

    pub(super) fn close(&self, hash: &Word, code: &[u8], module: &[u8]) -> Vec<u8> {
        let len = (code.len() as u64).to_le_bytes();
        let mut bytes = [MAGIC, &self.fingerprint.0[..], &hash.0, &len, code, module].concat();
        let checksum = self.checksum(&bytes);
        bytes.extend_from_slice(checksum.as_bytes());
        bytes
    }

    pub(super) fn open<'a>(&self, artefact: &'a [u8]) -> Result<Content<'a>> {
        let refuse = |why| Error::new(Status::Artefact, why);
        if artefact.len() < HEAD + WORD || !artefact.starts_with(MAGIC) {
            return Err(refuse("not an artefact"));
        }
        let (sealed, checksum) = artefact.split_at(artefact.len() - WORD);
        // blake3's equality takes the same time whatever differs.
        if self.checksum(sealed) != blake3::Hash::from_slice(checksum).expect("32 bytes") {
            return Err(refuse("the checksum does not hold: damaged, or sealed with another key"));
        }
        let word = |at: usize| Word(sealed[at..at + WORD].try_into().expect("32 bytes"));
        if word(4) != self.fingerprint {
            return Err(refuse("made by another build, configuration or machine"));
        }
        let hash = word(4 + WORD);
        let len = u64::from_le_bytes(sealed[HEAD - 8..HEAD].try_into().expect("8 bytes"));
        let body = &sealed[HEAD..];
        let len = usize::try_from(len).ok().filter(|len| *len <= body.len());
        let (code, module) = body.split_at(len.ok_or_else(|| refuse("the code is cut short"))?);
        Ok(Content { hash, code, module })
    }

    fn checksum(&self, bytes: &[u8]) -> blake3::Hash {
        blake3::keyed_hash(&self.key, bytes)
    }
}
