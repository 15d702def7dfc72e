//! Stopping a call from another thread or a signal handler.

use super::error::zvm_error;
use super::guard::{guard, guard_plain};
use super::handle::{self, handles};
use super::sized::Out;
use crate::error::Result;
use crate::interrupt::Interrupt;

/// A cancel token: put it into calls, fire it from anywhere. It stays fired until it is reset.
pub struct zvm_interrupt;

handles! {
    /// A cancel token.
    zvm_interrupt = b"zvmintrp" holds Interrupt;
}

/// Makes a token that is not fired.
///
/// Ownership: the caller owns `*out`.
/// Thread: any.
/// Statuses: OK, NULL, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_interrupt_new(out: *mut *mut zvm_interrupt, err: *mut *mut zvm_error) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_interrupt_new", err, || {
            let out = Out::new(out, "out", std::ptr::null_mut())?;
            out.set(handle::new(Interrupt::new()));
            Ok(())
        })
    }
}

/// Another handle to the same token; NULL where `interrupt` is no token.
///
/// Ownership: `interrupt` is borrowed; the caller owns what is returned.
/// Thread: any.
///
/// # Safety
/// NULL or a token.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_interrupt_clone(interrupt: *const zvm_interrupt) -> *mut zvm_interrupt {
    guard_plain("zvm_interrupt_clone", std::ptr::null_mut(), || {
        // SAFETY: the caller's promise.
        unsafe { handle::value::<Interrupt>(interrupt) }
            .map_or(std::ptr::null_mut(), |token| handle::new(token.clone()))
    })
}

/// Stops every call that carries the token, now and until it is reset. NULL does nothing.
///
/// Ownership: `interrupt` is borrowed.
/// Thread: async-signal-safe.
///
/// # Safety
/// NULL or a token.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_interrupt_fire(interrupt: *const zvm_interrupt) {
    // No guard: it may allocate, and a signal handler must not. One load, one store.
    // SAFETY: the caller's promise.
    if let Some(token) = unsafe { handle::peek::<Interrupt>(interrupt) } {
        token.fire();
    }
}

/// Makes a fired token usable again. NULL does nothing.
///
/// Ownership: `interrupt` is borrowed.
/// Thread: async-signal-safe.
///
/// # Safety
/// NULL or a token.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_interrupt_reset(interrupt: *const zvm_interrupt) {
    // SAFETY: the caller's promise; without a guard as in zvm_interrupt_fire.
    if let Some(token) = unsafe { handle::peek::<Interrupt>(interrupt) } {
        token.reset();
    }
}

/// Frees this handle; the token lives while another or a running call holds it. NULL is fine.
///
/// Ownership: takes `interrupt`.
/// Thread: any.
///
/// # Safety
/// NULL or a token handle that nobody uses any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_interrupt_free(interrupt: *mut zvm_interrupt) {
    guard_plain("zvm_interrupt_free", (), || {
        // SAFETY: the caller's promise.
        drop(unsafe { handle::free::<Interrupt>(interrupt) });
    });
}

/// The token in a caller's struct; NULL is none.
///
/// # Safety
/// NULL or a token.
pub(super) unsafe fn optional(interrupt: *const zvm_interrupt) -> Result<Option<Interrupt>> {
    if interrupt.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's promise.
    unsafe { handle::value::<Interrupt>(interrupt) }.map(|token| Some(token.clone()))
}
