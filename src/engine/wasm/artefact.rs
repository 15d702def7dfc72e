//! Compiled code as bytes that can be trusted after a stay outside.
//!
//! Loading machine code from bytes is running them, so nothing is parsed before a checksum
//! keyed by the embedder's secret holds over all of it. Then the fingerprint must be that of this
//! build, configuration and machine. What lies behind both was written by us: the code with its
//! hash, what validation found in it, and the machine code. Nothing of it is checked again.
//!
//! Layout, numbers little-endian: magic (4), fingerprint (32), code hash (32), compiler (1),
//! initial pages (4), maximal pages (4), compiled bytes (8), entries, imports, ABI, code, module,
//! checksum (32). Lists begin with their count, bytes with their length (4 each); an absent ABI
//! has the length u32::MAX.

use crate::engine::CodeInfo;
use crate::error::{Error, Result, Status};
use crate::types::{EngineKind, Word};

const MAGIC: &[u8; 4] = b"ZVMA";
const CHECKSUM: usize = 32;
const ABSENT: u32 = u32::MAX;

/// What seals and opens the artefacts of one runtime.
pub(super) struct Seal {
    key: [u8; CHECKSUM],
    fingerprint: Word,
}

/// What an artefact holds.
pub(super) struct Content<'a> {
    pub(super) info: CodeInfo,
    /// The number of the compiler that made the module.
    pub(super) backend: u8,
    pub(super) code: &'a [u8],
    pub(super) module: &'a [u8],
}

impl Seal {
    /// `identity` names the compilers, their versions and the machine.
    pub(super) fn new(fingerprint: &Word, key: &Word, identity: &str) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("zvm 2026 artefact fingerprint");
        hasher.update(&fingerprint.0).update(identity.as_bytes());
        Self {
            key: blake3::derive_key("zvm 2026 artefact checksum", &key.0),
            fingerprint: Word(*hasher.finalize().as_bytes()),
        }
    }

    pub(super) fn close(&self, content: &Content<'_>) -> Vec<u8> {
        let Content { info, backend, code, module } = content;
        let mut writer = Writer(Vec::with_capacity(1024 + code.len() + module.len()));
        writer.raw(MAGIC);
        writer.raw(&self.fingerprint.0);
        writer.raw(&info.hash.0);
        writer.raw(&[*backend]);
        writer.number(info.initial_pages);
        writer.number(info.max_pages);
        writer.raw(&info.compiled_bytes.to_le_bytes());
        writer.names(&info.entries);
        writer.names(&info.imports);
        match &info.abi {
            Some(abi) => writer.bytes(abi),
            None => writer.number(ABSENT),
        }
        writer.bytes(code);
        writer.bytes(module);
        let checksum = self.checksum(&writer.0);
        writer.raw(checksum.as_bytes());
        writer.0
    }

    /// Opens an artefact:
    /// 1. The checksum must hold over everything before it.
    /// 2. The fingerprint must be ours.
    /// 3. What remains is taken apart.
    ///
    /// # Errors
    /// [`Status::Artefact`].
    pub(super) fn open<'a>(&self, artefact: &'a [u8]) -> Result<Content<'a>> {
        let sealed = artefact.len().checked_sub(CHECKSUM).filter(|_| artefact.starts_with(MAGIC));
        let (sealed, checksum) = artefact.split_at(sealed.ok_or_else(|| refusal("not an artefact"))?);
        // blake3's equality takes the same time whatever differs.
        if self.checksum(sealed) != blake3::Hash::from_slice(checksum).expect("32 bytes") {
            return Err(refusal("the checksum does not hold: damaged, or sealed with another key"));
        }
        let mut reader = Reader(&sealed[MAGIC.len()..]);
        if Word(reader.array()?) != self.fingerprint {
            return Err(refusal("made by another build, configuration or machine"));
        }
        let content = reader.content()?;
        if !reader.0.is_empty() {
            return Err(refusal("there is more than one module"));
        }
        Ok(content)
    }

    fn checksum(&self, bytes: &[u8]) -> blake3::Hash {
        blake3::keyed_hash(&self.key, bytes)
    }
}

struct Writer(Vec<u8>);

impl Writer {
    fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn number(&mut self, number: u32) {
        self.raw(&number.to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        // No part is near 4 GiB: limits hold the code, and the compilers what they make of it.
        self.number(bytes.len() as u32);
        self.raw(bytes);
    }

    fn names(&mut self, names: &[String]) {
        self.number(names.len() as u32);
        names.iter().for_each(|name| self.bytes(name.as_bytes()));
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn content(&mut self) -> Result<Content<'a>> {
        let hash = Word(self.array()?);
        let [backend] = self.array()?;
        let (initial_pages, max_pages) = (self.number()?, self.number()?);
        let compiled_bytes = u64::from_le_bytes(self.array()?);
        let (entries, imports) = (self.names()?, self.names()?);
        let abi = match self.number()? {
            ABSENT => None,
            len => Some(self.take(len as usize)?.into()),
        };
        let engine = EngineKind::Wasm;
        let info = CodeInfo { engine, hash, compiled_bytes, entries, imports, initial_pages, max_pages, abi };
        Ok(Content { info, backend, code: self.bytes()?, module: self.bytes()? })
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or_else(|| refusal("it is cut short"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        Ok(self.take(N)?.try_into().expect("as long as asked"))
    }

    fn number(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn bytes(&mut self) -> Result<&'a [u8]> {
        let len = self.number()?;
        self.take(len as usize)
    }

    fn names(&mut self) -> Result<Vec<String>> {
        let count = self.number()?;
        let name = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| refusal("a name is no text"));
        (0..count).map(|_| self.bytes().and_then(name)).collect()
    }
}

fn refusal(why: &str) -> Error {
    Error::new(Status::Artefact, why)
}
