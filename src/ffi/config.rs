//! A runtime's configuration as C fills it in.

use super::call::known_flags;
use super::sized::sized;
use super::types::{zvm_bytes, zvm_word};
use crate::error::{Error, Result, Status};
use crate::host::rules::{Admission, Revision};
use crate::runtime::config::{CompilerChoice, Config, SignalPolicy};

/// The ABI this header describes, major in the upper 16 bits, minor in the lower.
pub const ZVM_ABI: u32 = 65536;
/// Its major: another one is refused.
pub const ZVM_ABI_MAJOR: u32 = 1;
/// Its minor: a newer one than the library's is refused.
pub const ZVM_ABI_MINOR: u32 = 0;

/// Refuse code that uses floats at all.
pub const ZVM_CONFIG_DENY_FLOATS: u32 = 1;
/// Offer ML-KEM to contracts.
pub const ZVM_CONFIG_ALLOW_KEM: u32 = 2;
/// Offer pure host functions to EVM code, as precompiled contracts (docs/evm.md).
pub const ZVM_CONFIG_EVM_HOST_FUNCTIONS: u32 = 4;

/// The admit hook is not asked.
pub const ZVM_ADMISSION_OFF: u32 = 0;
/// The admit hook is asked and its score reported.
pub const ZVM_ADMISSION_ADVISORY: u32 = 1;
/// The admit hook must accept, with at least `least_score`.
pub const ZVM_ADMISSION_REQUIRED: u32 = 2;

/// Singlepass where it is built in, else Cranelift.
pub const ZVM_COMPILER_DEFAULT: u32 = 0;
/// Compiles any code in time linear in its size.
pub const ZVM_COMPILER_SINGLEPASS: u32 = 1;
/// Compiles several times slower, to faster code.
pub const ZVM_COMPILER_CRANELIFT: u32 = 2;
/// Singlepass while the caller waits; Cranelift in the background for code that is run often.
pub const ZVM_COMPILER_TIERED: u32 = 3;

/// The newest revision of Ethereum's rules that is final.
pub const ZVM_REVISION_DEFAULT: u32 = 0;
/// July 2015.
pub const ZVM_REVISION_FRONTIER: u32 = 1;
/// March 2016.
pub const ZVM_REVISION_HOMESTEAD: u32 = 2;
/// October 2016.
pub const ZVM_REVISION_TANGERINE_WHISTLE: u32 = 3;
/// November 2016.
pub const ZVM_REVISION_SPURIOUS_DRAGON: u32 = 4;
/// October 2017.
pub const ZVM_REVISION_BYZANTIUM: u32 = 5;
/// February 2019, Constantinople without EIP-1283.
pub const ZVM_REVISION_PETERSBURG: u32 = 6;
/// December 2019.
pub const ZVM_REVISION_ISTANBUL: u32 = 7;
/// April 2021.
pub const ZVM_REVISION_BERLIN: u32 = 8;
/// August 2021.
pub const ZVM_REVISION_LONDON: u32 = 9;
/// September 2022, proof of stake.
pub const ZVM_REVISION_PARIS: u32 = 10;
/// April 2023.
pub const ZVM_REVISION_SHANGHAI: u32 = 11;
/// March 2024.
pub const ZVM_REVISION_CANCUN: u32 = 12;
/// May 2025.
pub const ZVM_REVISION_PRAGUE: u32 = 13;
/// December 2025.
pub const ZVM_REVISION_OSAKA: u32 = 14;

/// A contract's trap may come as SIGSEGV, SIGILL or SIGFPE. Handlers are installed when the first
/// code runs, on the alternate stack, and hand on what is not theirs. A handler installed over
/// them makes calls fail with ZVM_E_STATE until zvm_signals_ensure puts them back.
pub const ZVM_SIGNALS_AUTO: u32 = 0;
/// No trap comes as a signal: the code checks for itself, and the handlers of the process stay.
pub const ZVM_SIGNALS_NONE: u32 = 1;

/// A parameter by name: `limit.NAME` for a limit, `gas.NAME` for a price. The names are those
/// of docs/parameters.md; unknown ones are refused.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_option {
    /// The name, ASCII.
    pub name: zvm_bytes,
    /// The figure.
    pub value: u64,
}

/// What a runtime is made of. Zero in a field is its default, but `abi` must be ZVM_ABI.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_config {
    /// Size of this struct.
    pub struct_size: u32,
    /// ZVM_ABI.
    pub abi: u32,
    /// ZVM_CONFIG flags. Protocol parameters: equal on every node.
    pub flags: u32,
    /// A ZVM_ADMISSION number. A protocol parameter.
    pub admission: u32,
    /// The least score a required admission accepts. A protocol parameter.
    pub least_score: u32,
    /// Threads that may compile in the background, at most 8; ZVM_COMPILER_TIERED needs one. They
    /// begin when there is work and end with the runtime.
    pub compile_threads: u32,
    /// Bytes of compiled code kept ready, about; 0 is 256 MiB.
    pub cache_bytes: u64,
    /// The secret that seals serialised code. Each machine its own; not a protocol parameter.
    pub artefact_key: zvm_word,
    /// Parameters by name. Protocol parameters.
    pub options: *const zvm_option,
    /// How many.
    pub option_count: usize,
    /// A ZVM_COMPILER number. Not a protocol parameter: results are the same.
    pub compiler: u32,
    /// A ZVM_SIGNALS number. Not a protocol parameter.
    pub signals: u32,
    /// Runs after which tiered code is compiled again; 0 is 500.
    pub hot_runs: u32,
    /// A ZVM_REVISION number: Ethereum's rules for EVM code. A protocol parameter.
    pub revision: u32,
}

sized! { zvm_config = 96 since 80; }

impl zvm_config {
    /// # Safety
    /// The options can be read.
    pub(super) unsafe fn decode(&self) -> Result<Config> {
        let (major, minor) = (self.abi >> 16, self.abi & 0xffff);
        if major != ZVM_ABI_MAJOR || minor > ZVM_ABI_MINOR {
            let why =
                format!("built for ABI {major}.{minor}, this library has {ZVM_ABI_MAJOR}.{ZVM_ABI_MINOR}");
            return Err(Error::new(Status::Abi, why));
        }
        let known = ZVM_CONFIG_DENY_FLOATS | ZVM_CONFIG_ALLOW_KEM | ZVM_CONFIG_EVM_HOST_FUNCTIONS;
        known_flags(self.flags, known)?;
        let mut config = Config::default();
        config.rules.deny_floats = self.flags & ZVM_CONFIG_DENY_FLOATS != 0;
        config.rules.allow_kem = self.flags & ZVM_CONFIG_ALLOW_KEM != 0;
        config.rules.evm_host_functions = self.flags & ZVM_CONFIG_EVM_HOST_FUNCTIONS != 0;
        config.rules.admission = match self.admission {
            ZVM_ADMISSION_OFF => Admission::Off,
            ZVM_ADMISSION_ADVISORY => Admission::Advisory,
            ZVM_ADMISSION_REQUIRED => Admission::Required,
            other => {
                return Err(Error::new(Status::Argument, format!("there is no admission policy {other}")));
            }
        };
        config.rules.least_score = self.least_score;
        config.rules.revision = match self.revision {
            ZVM_REVISION_DEFAULT => Revision::default(),
            number => Revision::from_number(number)
                .ok_or_else(|| Error::new(Status::Argument, format!("there is no revision {number}")))?,
        };
        self.decode_machine(&mut config)?;
        // SAFETY: the caller's promise.
        unsafe { self.apply_options(&mut config)? };
        Ok(config)
    }

    /// What is not a protocol parameter.
    fn decode_machine(&self, config: &mut Config) -> Result<()> {
        let unknown =
            |what: &str, number| Error::new(Status::Argument, format!("there is no {what} {number}"));
        config.compiler = match self.compiler {
            ZVM_COMPILER_DEFAULT => CompilerChoice::default(),
            ZVM_COMPILER_SINGLEPASS => CompilerChoice::Singlepass,
            ZVM_COMPILER_CRANELIFT => CompilerChoice::Cranelift,
            ZVM_COMPILER_TIERED => CompilerChoice::Tiered,
            other => return Err(unknown("compiler", other)),
        };
        config.signals = match self.signals {
            ZVM_SIGNALS_AUTO => SignalPolicy::Auto,
            ZVM_SIGNALS_NONE => SignalPolicy::None,
            other => return Err(unknown("signal policy", other)),
        };
        config.compile_threads = self.compile_threads;
        if self.hot_runs != 0 {
            config.hot_runs = self.hot_runs;
        }
        if self.cache_bytes != 0 {
            config.cache_bytes = self.cache_bytes;
        }
        config.artefact_key = self.artefact_key.into();
        Ok(())
    }

    /// # Safety
    /// The options can be read.
    unsafe fn apply_options(&self, config: &mut Config) -> Result<()> {
        if self.option_count == 0 {
            return Ok(());
        }
        if self.options.is_null() {
            return Err(Error::new(Status::Null, "options is NULL"));
        }
        if self.option_count > 4096 {
            return Err(Error::new(Status::Limit, "more than 4096 options"));
        }
        // SAFETY: not NULL, a possible count, and readable by the caller's promise.
        let options = unsafe { std::slice::from_raw_parts(self.options, self.option_count) };
        for option in options {
            // SAFETY: the caller's promise.
            let name = unsafe { option.name.text("an option's name")? };
            let known = match name.split_once('.') {
                Some(("limit", name)) => config.rules.limits.set(name, option.value),
                Some(("gas", name)) => config.rules.schedule.set(name, option.value),
                _ => false,
            };
            if !known {
                let why = format!("no option {name:?}, or {} does not fit it", option.value);
                return Err(Error::new(Status::Argument, why));
            }
        }
        Ok(())
    }
}
