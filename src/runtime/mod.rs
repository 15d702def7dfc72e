//! The runtime and its sessions: deploy, call, query, commit.

pub mod config;
pub mod execution;
mod fingerprint;
pub(crate) mod selftest;
pub mod session;
pub mod transaction;

use std::ops::Add;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::crypto::hash::keccak256;
use crate::engine::evm::Evm;
use crate::engine::wasm::Wasm;
use crate::engine::zvm::Zvm;
use crate::engine::zvm::legacy::Legacy;
use crate::engine::{CodeInfo, Engine, Engines, Figures, Prepared};
use crate::error::{Error, Result, Status};
use crate::host::hooks::{Hooks, NoHooks};
use crate::host::rules::{Admission, Rules};
use crate::runtime::config::Config;
use crate::runtime::session::Session;
use crate::state::ledger::Ledger;
use crate::types::{Block, Bytes, EngineKind, Word};

pub use crate::engine::evm::transaction::{Access, Authorization, EthereumKind, EthereumTransaction};
pub use crate::host::trace::Trace;

/// Engines, rules and compiled code, shared by any number of sessions on any threads.
/// Cloning shares.
#[derive(Clone)]
pub struct Runtime(Arc<Inner>);

struct Inner {
    rules: Arc<Rules>,
    engines: Arc<Engines>,
    wasm: Arc<Wasm>,
    evm: Arc<Evm>,
    fingerprint: Word,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    calls: AtomicU64,
    deploys: AtomicU64,
    failures: AtomicU64,
}

/// What a runtime did and holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Calls and queries from outside.
    pub calls: u64,
    /// Deploys from outside.
    pub deploys: u64,
    /// Of both, how many ended with an error.
    pub failures: u64,
    /// Codes kept ready.
    pub codes: u64,
    /// Bytes they take, about.
    pub code_bytes: u64,
    /// Codes compiled since the runtime was made.
    pub compilations: u64,
    /// Of them, how many were compiled again because they are run often.
    pub recompilations: u64,
}

impl Runtime {
    /// A runtime of this configuration.
    ///
    /// # Errors
    /// - [`Status::Argument`]: settings that do not go together.
    /// - [`Status::Unsupported`]: a compiler that this library was built without.
    pub fn new(config: Config) -> Result<Self> {
        let settings = config.settings();
        let rules = Arc::new(config.rules);
        let fingerprint = fingerprint::of(&rules);
        let wasm = Arc::new(Wasm::new(Arc::clone(&rules), &fingerprint, &settings)?);
        let evm = Arc::new(Evm::new(rules.revision, rules.evm_host_functions));
        let zvm = Arc::new(Zvm::new(Arc::clone(&rules), settings.cache_bytes / 4));
        let legacy = Arc::new(Legacy::new(Arc::clone(&rules)));
        let engines =
            Arc::new(Engines::new(vec![Arc::clone(&wasm) as _, zvm, legacy, Arc::clone(&evm) as _]));
        Ok(Self(Arc::new(Inner { rules, engines, wasm, evm, fingerprint, counts: Counts::default() })))
    }

    /// Everything a result depends on besides code, input and state, as one hash: two nodes
    /// with the same fingerprint compute the same.
    #[must_use]
    pub fn fingerprint(&self) -> Word {
        self.0.fingerprint
    }

    /// The protocol parameters.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.0.rules
    }

    /// A session over a ledger, in a block.
    #[must_use]
    pub fn session<'l>(&self, ledger: impl Ledger + 'l, block: Block) -> Session<'l> {
        Session::new(self.clone(), Box::new(ledger), Rc::new(NoHooks), block)
    }

    /// A session with hooks.
    ///
    /// # Errors
    /// [`Status::HostMissing`] where the rules require admission and the hooks do not offer it.
    pub fn session_with<'l>(
        &self,
        ledger: Box<dyn Ledger + 'l>,
        hooks: Rc<dyn Hooks + 'l>,
        block: Block,
    ) -> Result<Session<'l>> {
        if self.0.rules.admission == Admission::Required && !hooks.admits() {
            return Err(Error::new(
                Status::HostMissing,
                "the rules require admission, but no hook offers it",
            ));
        }
        Ok(Session::new(self.clone(), ledger, hooks, block))
    }

    /// Checks and compiles code. `engine` says what is to run it; without it the first bytes
    /// decide.
    ///
    /// # Errors
    /// A status of the code range.
    pub fn load_code(&self, code: &Bytes, engine: Option<EngineKind>) -> Result<Code> {
        let engines = &self.0.engines;
        let kind = engine.map_or_else(|| engines.known_format(code), Ok)?;
        engines.of(kind)?.prepare(code, &keccak256(code)).map(Code)
    }

    /// Takes back what [`Code::serialize`] gave in a runtime of the same build, configuration
    /// and artefact key.
    ///
    /// # Errors
    /// [`Status::Artefact`] for any other bytes.
    pub fn deserialize_code(&self, artefact: &[u8]) -> Result<Code> {
        self.0.wasm.deserialize(artefact).map(Code)
    }

    /// What it did and holds.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let counts = &self.0.counts;
        let engines = self.0.engines.iter().map(Engine::figures);
        let figures = engines.fold(Figures::default(), Figures::add);
        Stats {
            calls: counts.calls.load(Ordering::Relaxed),
            deploys: counts.deploys.load(Ordering::Relaxed),
            failures: counts.failures.load(Ordering::Relaxed),
            codes: figures.codes,
            code_bytes: figures.code_bytes,
            compilations: figures.compilations,
            recompilations: figures.recompilations,
        }
    }

    /// Puts the handlers of contracts' traps back where others were installed over them. Under
    /// [`SignalPolicy::None`](crate::engine::wasm::settings::SignalPolicy) there is nothing to do.
    pub fn ensure_signals(&self) {
        self.0.wasm.ensure_signals();
    }

    /// Drops compiled code that nobody holds.
    pub fn trim(&self) {
        self.0.engines.iter().for_each(Engine::trim);
    }
}

/// Checked and compiled code. While it is held, the runtime keeps it ready.
#[derive(Clone)]
pub struct Code(Arc<dyn Prepared>);

impl Code {
    /// What can be said of it.
    #[must_use]
    pub fn info(&self) -> &CodeInfo {
        self.0.info()
    }

    /// The code itself.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        self.0.code().clone()
    }

    /// A form that loads without compiling. It holds machine code: keep it where nobody else
    /// can write, and set an artefact key.
    ///
    /// # Errors
    /// [`Status::Compile`] where the compiler cannot.
    pub fn serialize(&self) -> Result<Vec<u8>> {
        self.0.serialize()
    }
}
