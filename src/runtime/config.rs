//! What a runtime is made of.

use crate::engine::wasm::settings::{HOT_RUNS, Settings};
use crate::host::rules::Rules;
use crate::types::Word;

pub use crate::engine::wasm::settings::{CompilerChoice, SignalPolicy};

/// A runtime's configuration. The default is what most chains want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Protocol parameters: equal on every node. Nothing else here changes a result.
    pub rules: Rules,
    /// The secret that seals serialised code. Each machine its own.
    pub artefact_key: Word,
    /// Bytes of compiled code kept ready, about.
    pub cache_bytes: u64,
    /// What compiles.
    pub compiler: CompilerChoice,
    /// Threads that may compile in the background; the tiered compiler needs one. They begin
    /// when there is work, and end with the runtime, which waits for what they compile.
    pub compile_threads: u32,
    /// Runs after which tiered code is compiled again.
    pub hot_runs: u32,
    /// Whether a contract's trap may come as a signal of the system.
    pub signals: SignalPolicy,
}

impl Config {
    pub(super) fn settings(&self) -> Settings {
        Settings {
            compiler: self.compiler,
            compile_threads: self.compile_threads,
            hot_runs: self.hot_runs,
            signals: self.signals,
            artefact_key: self.artefact_key,
            cache_bytes: self.cache_bytes,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            rules: Rules::default(),
            artefact_key: Word::ZERO,
            cache_bytes: 256 << 20,
            compiler: CompilerChoice::default(),
            compile_threads: 0,
            hot_runs: HOT_RUNS,
            signals: SignalPolicy::default(),
        }
    }
}
