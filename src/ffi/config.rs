//! A runtime's configuration as C fills it in.

use super::call::known_flags;
use super::sized::sized;
use super::types::{zvm_bytes, zvm_word};
use crate::error::{Error, Result, Status};
use crate::host::rules::Admission;
use crate::runtime::config::Config;

/// The ABI this header describes, major in the upper 16 bits, minor in the lower.
pub const ZVM_ABI: u32 = 65536;
/// Its major: another one is refused.
pub const ZVM_ABI_MAJOR: u32 = 1;
/// Its minor: a newer one than the library's is refused.
pub const ZVM_ABI_MINOR: u32 = 0;

/// Refuse code that uses floats at all.
pub const ZVM_CONFIG_DENY_FLOATS: u32 = 1;

/// The admit hook is not asked.
pub const ZVM_ADMISSION_OFF: u32 = 0;
/// The admit hook is asked and its score reported.
pub const ZVM_ADMISSION_ADVISORY: u32 = 1;
/// The admit hook must accept, with at least `least_score`.
pub const ZVM_ADMISSION_REQUIRED: u32 = 2;

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
    /// Threads that compile in the background; only 0 is known: code is compiled while its caller
    /// waits, on a thread of the compiler's that ends with it.
    pub compile_threads: u32,
    /// Bytes of compiled code kept ready, about; 0 is 256 MiB.
    pub cache_bytes: u64,
    /// The secret that seals serialised code. Each machine its own; not a protocol parameter.
    pub artefact_key: zvm_word,
    /// Parameters by name. Protocol parameters.
    pub options: *const zvm_option,
    /// How many.
    pub option_count: usize,
}

sized! { zvm_config = 80; }

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
        known_flags(self.flags, ZVM_CONFIG_DENY_FLOATS)?;
        if self.compile_threads != 0 {
            return Err(Error::new(Status::Unsupported, "compile threads are not offered"));
        }
        let mut config = Config::default();
        config.rules.deny_floats = self.flags & ZVM_CONFIG_DENY_FLOATS != 0;
        config.rules.admission = match self.admission {
            ZVM_ADMISSION_OFF => Admission::Off,
            ZVM_ADMISSION_ADVISORY => Admission::Advisory,
            ZVM_ADMISSION_REQUIRED => Admission::Required,
            other => {
                return Err(Error::new(Status::Argument, format!("there is no admission policy {other}")));
            }
        };
        config.rules.least_score = self.least_score;
        config.artefact_key = self.artefact_key.into();
        if self.cache_bytes != 0 {
            config.cache_bytes = self.cache_bytes;
        }
        // SAFETY: the caller's promise.
        unsafe { self.apply_options(&mut config)? };
        Ok(config)
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
