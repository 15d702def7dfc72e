//! How one machine compiles and runs code. Nothing here changes a result, so nodes may differ.

use crate::error::{Error, Result, Status};
use crate::types::Word;

/// What turns checked code into machine code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompilerChoice {
    /// Compiles any code in time linear in its size.
    Singlepass,
    /// Compiles several times slower, to faster code.
    Cranelift,
    /// Singlepass while the caller waits; Cranelift in the background for code that is run often.
    Tiered,
}

impl Default for CompilerChoice {
    /// Singlepass where it is built in.
    fn default() -> Self {
        if cfg!(feature = "singlepass") { Self::Singlepass } else { Self::Cranelift }
    }
}

/// Whether a contract's trap may come as a signal of the system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignalPolicy {
    /// It may: handlers for SIGSEGV, SIGILL and SIGFPE are installed when the first code runs, on
    /// the alternate stack, and hand on what is not ours.
    #[default]
    Auto,
    /// It may not: the code checks for itself, and the process's handlers stay as they are.
    None,
}

/// Most threads that may compile in the background. More than one compiles at a time only while
/// several codes become hot at once.
pub const MOST_COMPILE_THREADS: u32 = 8;

/// Runs after which tiered code is compiled again, unless set. Chosen, not calibrated: Cranelift takes 0.5 s
/// of a background thread for a contract of 295 KB, so 500 runs pay for it where each gains 1 ms, and
/// nobody waits for it in any case.
pub const HOT_RUNS: u32 = 500;

/// The configuration of the WASM engine that is not a protocol parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What compiles.
    pub compiler: CompilerChoice,
    /// Threads that may compile in the background. They are started when there is work.
    pub compile_threads: u32,
    /// Runs after which tiered code is compiled again.
    pub hot_runs: u32,
    /// Whether traps may come as signals.
    pub signals: SignalPolicy,
    /// The secret that seals artefacts.
    pub artefact_key: Word,
    /// Bytes of compiled code kept ready, about.
    pub cache_bytes: u64,
}

impl Settings {
    /// # Errors
    /// [`Status::Argument`] for what does not go together.
    pub(super) fn check(&self) -> Result<()> {
        if self.compile_threads > MOST_COMPILE_THREADS {
            let why = format!("compile_threads is {}, at most {MOST_COMPILE_THREADS}", self.compile_threads);
            return Err(Error::new(Status::Argument, why));
        }
        if self.compiler == CompilerChoice::Tiered && self.compile_threads == 0 {
            let why = "the tiered compiler needs a thread to compile on: set compile_threads";
            return Err(Error::new(Status::Argument, why));
        }
        Ok(())
    }
}
