//! WebAssembly.
//!
//! Code goes through four rooms: [`validate`] checks it, [`instrument`] puts gas and stack
//! counting into it, the compiler ([`compile`]) turns it into machine code, [`instance`] runs
//! an entry of it. Only the last two know wasmer.

mod artefact;
mod backend;
mod background;
mod compile;
mod globals;
mod imports;
mod instance;
pub mod instrument;
mod memory;
mod pool;
mod running;
pub mod settings;
mod signals;
mod slim;
mod trap;
mod tunables;
pub mod validate;

use std::sync::Arc;

use self::artefact::Seal;
use self::background::Background;
use self::compile::{Compiled, Compiler};
use self::pool::Room;
use self::settings::{CompilerChoice, Settings, SignalPolicy};
use self::signals::Blocked;
use super::cache::Cache;
use super::{CodeInfo, Engine, Figures, Prepared};
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
    shop: Arc<Shop>,
    seal: Arc<Seal>,
    tiering: Option<Tiering>,
    signals: SignalPolicy,
}

/// The compiler and what it made.
struct Shop {
    compiler: Compiler,
    cache: Cache<Compiled>,
}

/// The second compilation of code that is run often.
struct Tiering {
    hot_runs: u32,
    background: Background<Compiled>,
}

/// Native stack for checking and metering a code, whatever the caller has: generous, as neither
/// recurses with what it reads.
const COMPILE_STACK: usize = 256 << 10;

impl Wasm {
    /// An engine under these rules. `fingerprint` names everything a result depends on.
    ///
    /// # Errors
    /// - [`Status::Argument`](crate::error::Status::Argument): settings that do not go together.
    /// - [`Status::Unsupported`](crate::error::Status::Unsupported): a compiler that is not built in.
    pub fn new(rules: Arc<Rules>, fingerprint: &Word, settings: &Settings) -> Result<Self> {
        settings.check()?;
        let compiler = Compiler::new(rules, settings, Room::new(settings.cache_bytes / 4))?;
        let seal = Arc::new(Seal::new(fingerprint, &settings.artefact_key, &compiler.identity()?));
        let shop = Arc::new(Shop { compiler, cache: Cache::new(settings.cache_bytes) });
        if settings.signals == SignalPolicy::None {
            signals::renounce();
        }
        let tiering = (settings.compiler == CompilerChoice::Tiered).then(|| {
            let shop = Arc::clone(&shop);
            let background = Background::new(settings.compile_threads, move |code| shop.recompile(code));
            Tiering { hot_runs: settings.hot_runs, background }
        });
        Ok(Self { shop, seal, tiering, signals: settings.signals })
    }

    /// Puts the handlers of traps back where others were installed over them.
    pub fn ensure_signals(&self) {
        if self.signals == SignalPolicy::Auto {
            signals::ensure();
        }
    }

    /// The code for its first run in a session.
    fn fetch(&self, state: &mut State<'_>, code: &Executable, gas: &Gas) -> Result<Arc<Compiled>> {
        if self.signals == SignalPolicy::Auto {
            signals::expect()?;
        }
        match self.shop.cache.find(&code.hash) {
            Some(compiled) => Ok(compiled),
            None => self.shop.ready(&state.code(&code.hash, gas.left())?, &code.hash),
        }
    }

    /// Takes back what [`Prepared::serialize`] gave.
    ///
    /// # Errors
    /// [`Status::Artefact`](crate::error::Status::Artefact), for any other bytes.
    pub fn deserialize(&self, artefact: &[u8]) -> Result<Arc<dyn Prepared>> {
        let content = self.seal.open(artefact)?;
        let load = || self.shop.compiler.load(&content);
        Ok(self.sealable(self.shop.cache.find_or(&content.info.hash, load, Compiled::bytes)?))
    }

    fn sealable(&self, compiled: Arc<Compiled>) -> Arc<dyn Prepared> {
        Arc::new(Sealable { compiled, seal: Arc::clone(&self.seal) })
    }
}

impl Shop {
    /// Drops the instances that wait.
    fn drain(&self) {
        self.cache.all().iter().for_each(|compiled| compiled.drain());
    }

    fn ready(&self, code: &Bytes, hash: &Word) -> Result<Arc<Compiled>> {
        let compile = || self.compiler.compile(code, hash);
        let compile = || stacker::maybe_grow(COMPILE_STACK, COMPILE_STACK, compile);
        self.cache.find_or(hash, compile, Compiled::bytes)
    }

    /// A failure leaves the code on what it runs on: it is the slower of two equals.
    fn recompile(&self, code: &Compiled) {
        if self.compiler.recompile(code).is_ok() {
            self.cache.resize(&code.info.hash, code.bytes());
        }
    }
}

impl Tiering {
    fn count_run(&self, code: &Arc<Compiled>) {
        if code.heats(self.hot_runs) {
            self.background.submit(code);
        }
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
        Ok(self.sealable(self.shop.ready(code, hash)?))
    }

    fn run(&self, state: &mut State<'_>, code: &Executable, entry: &str, gas: Gas) -> Result<Finish> {
        let compiled = match state.pinned::<Compiled>(&code.hash) {
            Some(compiled) => {
                if self.signals == SignalPolicy::Auto {
                    signals::expect_again()?;
                }
                compiled
            }
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
        let _unblocked = Blocked::no_traps();
        let finish = instance::run(&compiled, state, entry, gas);
        if let Some(tiering) = &self.tiering {
            tiering.count_run(&compiled);
        }
        if self.shop.compiler.room().was_crowded() {
            self.shop.drain();
        }
        finish
    }

    fn trim(&self) {
        self.shop.drain();
        self.shop.cache.trim();
    }

    fn figures(&self) -> Figures {
        let (codes, code_bytes) = self.shop.cache.kept();
        let (compilations, recompilations) = self.shop.compiler.counts();
        Figures { codes, code_bytes, compilations, recompilations }
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
        self.compiled.serialize(|content| self.seal.close(content))
    }
}
