//! WebAssembly.
//!
//! Code goes through four rooms: [`validate`] checks it, [`instrument`] puts gas and stack
//! counting into it, the compiler ([`compile`]) turns it into machine code, [`instance`] runs
//! an entry of it. Only the last two know wasmer.

mod artefact;
mod cache;
mod compile;
mod globals;
mod imports;
mod instance;
pub mod instrument;
mod memory;
mod pool;
mod running;
mod tunables;
pub mod validate;

use std::sync::Arc;

use self::artefact::Seal;
use self::cache::Cache;
use self::compile::{Compiled, Compiler};
use self::pool::Room;
use super::{CodeInfo, Engine, Prepared};
use crate::error::Result;
use crate::gas::Gas;
use crate::host::frame::Finish;
use crate::host::rules::Rules;
use crate::host::stair::Executable;
use crate::host::state::State;
use crate::outcome::Halt;
use crate::types::{Bytes, EngineKind, Word};

/// The WASM engine of a runtime.
pub struct Wasm {
    compiler: Compiler,
    cache: Cache<Compiled>,
    seal: Arc<Seal>,
}

/// Native stack for checking and metering a code, whatever the caller has: generous, as neither
/// recurses with what it reads.
const COMPILE_STACK: usize = 256 << 10;

impl Wasm {
    /// An engine under these rules. `fingerprint` names everything a result depends on,
    /// `key` seals artefacts, `cache_bytes` bounds what is kept ready.
    ///
    /// # Errors
    /// [`Status::Internal`](crate::error::Status::Internal) where the compiler refuses this machine.
    pub fn new(rules: Arc<Rules>, fingerprint: &Word, key: &Word, cache_bytes: u64) -> Result<Self> {
        let compiler = Compiler::new(rules, Room::new(cache_bytes / 4))?;
        let seal = Arc::new(Seal::new(fingerprint, key, &compiler.name()));
        Ok(Self { compiler, cache: Cache::new(cache_bytes), seal })
    }

    fn fetch(&self, state: &mut State<'_>, code: &Executable, gas: &Gas) -> Result<Arc<Compiled>> {
        match self.cache.find(&code.hash) {
            Some(compiled) => Ok(compiled),
            None => self.ready(&state.code(&code.hash, gas.left())?, &code.hash),
        }
    }

    /// Drops the instances that wait.
    fn drain(&self) {
        self.cache.all().iter().for_each(|compiled| compiled.tier().pool.drain());
    }

    fn ready(&self, code: &Bytes, hash: &Word) -> Result<Arc<Compiled>> {
        let compile = || self.compiler.compile(code, hash);
        let compile = || stacker::maybe_grow(COMPILE_STACK, COMPILE_STACK, compile);
        self.cache.find_or(hash, compile, Compiled::bytes)
    }
}

impl Engine for Wasm {
    fn kind(&self) -> EngineKind {
        EngineKind::Wasm
    }

    fn detects(&self, code: &[u8]) -> bool {
        code.starts_with(b"\0asm")
    }

    fn prepare(&self, code: &Bytes, hash: &Word) -> Result<Arc<dyn Prepared>> {
        let compiled = self.ready(code, hash)?;
        Ok(Arc::new(Sealable { compiled, seal: Arc::clone(&self.seal) }))
    }

    fn deserialize(&self, artefact: &[u8]) -> Result<Arc<dyn Prepared>> {
        let content = self.seal.open(artefact)?;
        let load = || self.compiler.load(&content.code.into(), &content.hash, content.module);
        let compiled = self.cache.find_or(&content.hash, load, Compiled::bytes)?;
        Ok(Arc::new(Sealable { compiled, seal: Arc::clone(&self.seal) }))
    }

    fn run(&self, state: &mut State<'_>, code: &Executable, entry: &str, gas: Gas) -> Result<Finish> {
        let compiled = match state.pinned::<Compiled>(&code.hash) {
            Some(compiled) => compiled,
            None => match self.fetch(state, code, &gas) {
                Ok(compiled) => {
                    state.pin(&code.hash, Arc::clone(&compiled) as _);
                    compiled
                }
                // The ledger's code, valid under other rules or never checked.
                Err(error) if error.status.is_invalid_code() => {
                    return Ok(Finish::halt(Halt::InvalidCode, gas));
                }
                Err(error) => return Err(error),
            },
        };
        let finish = instance::run(&compiled, state, entry, gas);
        if self.compiler.room().was_crowded() {
            self.drain();
        }
        finish
    }

    fn trim(&self) {
        self.drain();
        self.cache.trim();
    }

    fn kept(&self) -> (u64, u64) {
        self.cache.kept()
    }
}

/// Compiled code with the seal that may leave with it.
struct Sealable {
    compiled: Arc<Compiled>,
    seal: Arc<Seal>,
}

impl Prepared for Sealable {
    fn info(&self) -> &CodeInfo {
        &self.compiled.info
    }

    fn code(&self) -> &Bytes {
        &self.compiled.code
    }

    fn serialize(&self) -> Result<Vec<u8>> {
        let module = self.compiled.serialize()?;
        Ok(self.seal.close(&self.compiled.info.hash, &self.compiled.code, &module))
    }
}
