//! Loaded code.

use std::sync::OnceLock;

use super::call::{engine, known_flags, zero};
use super::error::zvm_error;
use super::guard::{guard, guard_plain};
use super::handle::{self, handles};
use super::interrupt::{self, zvm_interrupt};
use super::runtime::zvm_runtime;
use super::sized::{self, Out, sized};
use super::types::{first, zvm_bytes, zvm_word};
use crate::error::{Error, Result, Status};
use crate::runtime::{Code, Runtime};
use crate::types::{Bytes, Word};

/// Checked and compiled code. While it lives, its runtime keeps it ready.
pub struct zvm_code;

/// The loaded code must have `expected_hash`; if not, the status is CODE_INVALID.
pub const ZVM_CODE_EXPECT_HASH: u32 = 1;

/// Code to be loaded. Zero in a field is its default.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_code_params {
    /// Size of this struct.
    pub struct_size: u32,
    /// ZVM_CODE flags.
    pub flags: u32,
    /// A ZVM_ENGINE number; 0 lets the first bytes decide.
    pub engine: u32,
    /// Zero.
    pub reserved: u32,
    /// The code. Borrowed.
    pub code: zvm_bytes,
    /// With ZVM_CODE_EXPECT_HASH.
    pub expected_hash: zvm_word,
    /// If it is fired before the work begins, the status is CANCELLED; a running compile is not
    /// stopped. NULL is none. Borrowed.
    pub interrupt: *const zvm_interrupt,
}

/// What can be said of loaded code. Lists and bytes belong to the code handle.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_code_view {
    /// Size of this struct, filled in by the caller.
    pub struct_size: u32,
    /// A ZVM_ENGINE number.
    pub engine: u32,
    /// keccak256 of the code.
    pub hash: zvm_word,
    /// The code itself.
    pub code: zvm_bytes,
    /// Bytes the compiled form takes, about.
    pub compiled_bytes: u64,
    /// Memory pages of 64 KiB it begins with.
    pub initial_pages: u32,
    /// Memory pages of 64 KiB it may grow to.
    pub max_pages: u32,
    /// The entries a call may name.
    pub entries: *const zvm_bytes,
    /// How many.
    pub entry_count: usize,
    /// The host functions it imports.
    pub imports: *const zvm_bytes,
    /// How many.
    pub import_count: usize,
    /// The ABI metadata it carries; empty where it has none.
    pub abi: zvm_bytes,
}

sized! {
    zvm_code_params = 72;
    zvm_code_view = 120;
}

/// Loaded code with its views.
pub struct Loaded {
    code: Code,
    entries: Vec<zvm_bytes>,
    imports: Vec<zvm_bytes>,
    artefact: OnceLock<Vec<u8>>,
}

handles! {
    /// Loaded code.
    zvm_code = b"zvmcodes" holds Loaded;
}

impl Loaded {
    fn new(code: Code) -> Self {
        let views = |names: &[String]| names.iter().map(|name| zvm_bytes::of(name.as_bytes())).collect();
        // The names are in the code's shared information, which does not move.
        let (entries, imports) = (views(&code.info().entries), views(&code.info().imports));
        Self { code, entries, imports, artefact: OnceLock::new() }
    }

    /// The code's bytes.
    pub(super) fn code(&self) -> Bytes {
        self.code.bytes()
    }
}

/// Checks and compiles code.
///
/// Ownership: `runtime` and `params` are borrowed; the caller owns `*out`.
/// Thread: any.
/// Statuses: OK, NULL, HANDLE, STRUCT_SIZE, FLAGS, ARGUMENT, UNSUPPORTED, CODE_FORMAT,
/// CODE_INVALID, CODE_FORBIDDEN, CODE_TOO_LARGE, COMPILE, CANCELLED, PANIC, INTERNAL.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_code_load(
    runtime: *const zvm_runtime,
    params: *const zvm_code_params,
    out: *mut *mut zvm_code,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_code_load", err, || {
            let out = Out::new(out, "out", std::ptr::null_mut())?;
            let runtime = handle::value::<Runtime>(runtime)?;
            out.set(handle::new(Loaded::new(sized::read(params)?.load(runtime)?)));
            Ok(())
        })
    }
}

impl zvm_code_params {
    /// # Safety
    /// The views and handles in it are what they say.
    unsafe fn load(&self, runtime: &Runtime) -> Result<Code> {
        known_flags(self.flags, ZVM_CODE_EXPECT_HASH)?;
        zero(self.reserved)?;
        // SAFETY: the caller's promise.
        let (bytes, interrupt) = unsafe { (self.code.read("code")?, interrupt::optional(self.interrupt)?) };
        if interrupt.is_some_and(|interrupt| interrupt.is_fired()) {
            return Err(Error::from(Status::Cancelled));
        }
        let code = runtime.load_code(&bytes.into(), engine(self.engine)?)?;
        if self.flags & ZVM_CODE_EXPECT_HASH != 0 && code.info().hash != Word::from(self.expected_hash) {
            let why = format!("the code hashes to {}, not to what was expected", code.info().hash);
            return Err(Error::new(Status::CodeInvalid, why));
        }
        Ok(code)
    }
}

/// Another handle to the same code; NULL where `code` is none.
///
/// Ownership: `code` is borrowed; the caller owns what is returned.
/// Thread: any.
///
/// # Safety
/// NULL or loaded code.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_code_clone(code: *const zvm_code) -> *mut zvm_code {
    guard_plain("zvm_code_clone", std::ptr::null_mut(), || {
        // SAFETY: the caller's promise.
        let loaded = unsafe { handle::value::<Loaded>(code) };
        loaded.map_or(std::ptr::null_mut(), |loaded| handle::new(Loaded::new(loaded.code.clone())))
    })
}

/// Frees this handle. NULL is fine.
///
/// Ownership: takes `code`; every view into it ends.
/// Thread: any.
///
/// # Safety
/// NULL or a code handle that nobody uses any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_code_free(code: *mut zvm_code) {
    guard_plain("zvm_code_free", (), || {
        // SAFETY: the caller's promise.
        drop(unsafe { handle::free::<Loaded>(code) });
    });
}

/// Reads what can be said of code.
///
/// Ownership: `code` is borrowed; `out` is the caller's; lists and bytes in it belong to `code`.
/// Thread: any.
/// Statuses: OK, NULL, HANDLE, STRUCT_SIZE, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_code_info(
    code: *const zvm_code,
    out: *mut zvm_code_view,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_code_info", err, || {
            sized::clear(out)?;
            let loaded = handle::value::<Loaded>(code)?;
            let info = loaded.code.info();
            let view = zvm_code_view {
                struct_size: 0,
                engine: info.engine as u32,
                hash: (&info.hash).into(),
                code: zvm_bytes::of(&loaded.code()),
                compiled_bytes: info.compiled_bytes,
                initial_pages: info.initial_pages,
                max_pages: info.max_pages,
                entries: first(&loaded.entries),
                entry_count: loaded.entries.len(),
                imports: first(&loaded.imports),
                import_count: loaded.imports.len(),
                abi: zvm_bytes::of(info.abi.as_deref().unwrap_or_default()),
            };
            sized::write(out, &view)
        })
    }
}

/// The compiled form as bytes that zvm_code_deserialize takes back. It is machine code under a
/// keyed checksum: set an artefact key, and keep the bytes where nobody else can write.
///
/// Ownership: `code` is borrowed; the bytes belong to it.
/// Thread: any.
/// Statuses: OK, NULL, HANDLE, COMPILE, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_code_serialize(
    code: *const zvm_code,
    out: *mut zvm_bytes,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_code_serialize", err, || {
            let out = Out::new(out, "out", zvm_bytes::EMPTY)?;
            let loaded = handle::value::<Loaded>(code)?;
            if loaded.artefact.get().is_none() {
                // Two threads at once: one result is kept, they are equal.
                let _ = loaded.artefact.set(loaded.code.serialize()?);
            }
            out.set(zvm_bytes::of(loaded.artefact.get().map_or(&[], Vec::as_slice)));
            Ok(())
        })
    }
}

/// Takes back what zvm_code_serialize gave in a runtime of the same build, configuration and
/// artefact key, on a machine of the same kind. Other bytes are refused unread: load the code again.
///
/// Ownership: `runtime` and `artefact` are borrowed; the caller owns `*out`.
/// Thread: any.
/// Statuses: OK, NULL, HANDLE, ARTEFACT, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_code_deserialize(
    runtime: *const zvm_runtime,
    artefact: zvm_bytes,
    out: *mut *mut zvm_code,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_code_deserialize", err, || {
            let out = Out::new(out, "out", std::ptr::null_mut())?;
            let runtime = handle::value::<Runtime>(runtime)?;
            out.set(handle::new(Loaded::new(runtime.deserialize_code(artefact.read("artefact")?)?)));
            Ok(())
        })
    }
}
