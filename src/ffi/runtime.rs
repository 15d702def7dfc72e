//! Runtimes.

use super::config::zvm_config;
use super::error::zvm_error;
use super::guard::{guard, guard_plain};
use super::handle::{self, handles};
use super::sized::{self, Out, sized};
use super::types::zvm_word;
use crate::runtime::Runtime;

/// Engines, rules and compiled code, shared by any number of sessions on any threads.
pub struct zvm_runtime;

handles! {
    /// A runtime.
    zvm_runtime = b"zvmruntm" holds Runtime;
}

/// What a runtime did and holds.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_stats {
    /// Size of this struct, filled in by the caller.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// Calls and queries from outside.
    pub calls: u64,
    /// Deploys from outside.
    pub deploys: u64,
    /// Of both, how many ended with a status other than ZVM_OK.
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

sized! { zvm_stats = 64 since 48; }

/// Makes a runtime.
///
/// Ownership: `config` is borrowed; the caller owns `*out`.
/// Thread: any.
/// Statuses: OK, NULL, STRUCT_SIZE, ABI, FLAGS, UNSUPPORTED, ARGUMENT, LIMIT, INTERNAL, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_runtime_new(
    config: *const zvm_config,
    out: *mut *mut zvm_runtime,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_runtime_new", err, || {
            let out = Out::new(out, "out", std::ptr::null_mut())?;
            out.set(handle::new(Runtime::new(sized::read(config)?.decode()?)?));
            Ok(())
        })
    }
}

/// Another handle to the same runtime; NULL where `runtime` is none.
///
/// Ownership: `runtime` is borrowed; the caller owns what is returned.
/// Thread: any.
///
/// # Safety
/// NULL or a runtime.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_runtime_clone(runtime: *const zvm_runtime) -> *mut zvm_runtime {
    guard_plain("zvm_runtime_clone", std::ptr::null_mut(), || {
        // SAFETY: the caller's promise.
        unsafe { handle::value::<Runtime>(runtime) }
            .map_or(std::ptr::null_mut(), |runtime| handle::new(runtime.clone()))
    })
}

/// Frees this handle; sessions and codes keep what they need. NULL is fine.
///
/// Ownership: takes `runtime`.
/// Thread: any.
///
/// # Safety
/// NULL or a runtime handle that nobody uses any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_runtime_free(runtime: *mut zvm_runtime) {
    guard_plain("zvm_runtime_free", (), || {
        // SAFETY: the caller's promise.
        drop(unsafe { handle::free::<Runtime>(runtime) });
    });
}

/// Reads what a runtime did and holds.
///
/// Ownership: `runtime` is borrowed; `out` is the caller's.
/// Thread: any.
/// Statuses: OK, NULL, HANDLE, STRUCT_SIZE, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_runtime_stats(
    runtime: *const zvm_runtime,
    out: *mut zvm_stats,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_runtime_stats", err, || {
            sized::clear(out)?;
            let stats = handle::value::<Runtime>(runtime)?.stats();
            let filled = zvm_stats {
                struct_size: 0,
                reserved: 0,
                calls: stats.calls,
                deploys: stats.deploys,
                failures: stats.failures,
                codes: stats.codes,
                code_bytes: stats.code_bytes,
                compilations: stats.compilations,
                recompilations: stats.recompilations,
            };
            sized::write(out, &filled)
        })
    }
}

/// Drops compiled code that nobody holds.
///
/// Ownership: `runtime` is borrowed.
/// Thread: any.
/// Statuses: OK, NULL, HANDLE, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_runtime_trim(runtime: *const zvm_runtime, err: *mut *mut zvm_error) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_runtime_trim", err, || {
            handle::value::<Runtime>(runtime)?.trim();
            Ok(())
        })
    }
}

/// Puts the handlers of contracts' traps back where others were installed over them: after it,
/// what no contract caused goes to the handlers that were there before the first run. Under
/// ZVM_SIGNALS_NONE there is nothing to do.
///
/// Ownership: `runtime` is borrowed.
/// Thread: any.
/// Statuses: OK, HANDLE, NULL, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_signals_ensure(runtime: *const zvm_runtime, err: *mut *mut zvm_error) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_signals_ensure", err, || {
            handle::value::<Runtime>(runtime)?.ensure_signals();
            Ok(())
        })
    }
}

/// Everything a result depends on besides code, input and state, as one hash: two nodes with
/// the same fingerprint compute the same.
///
/// Ownership: `runtime` is borrowed; `out` is the caller's.
/// Thread: any.
/// Statuses: OK, NULL, HANDLE, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_runtime_fingerprint(
    runtime: *const zvm_runtime,
    out: *mut zvm_word,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_runtime_fingerprint", err, || {
            let out = Out::new(out, "out", zvm_word { bytes: [0; 32] })?;
            out.set((&handle::value::<Runtime>(runtime)?.fingerprint()).into());
            Ok(())
        })
    }
}
