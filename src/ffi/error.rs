//! Details of a failed call.

use super::guard::guard_plain;
use super::handle::{self, handles};
use super::sized::{self, sized};
use super::types::{zvm_address, zvm_bytes};
use crate::error::{Error, Status};

/// Details of a failed call. Immutable; readable from any thread.
pub struct zvm_error;

/// What a zvm_error says. The message belongs to the error.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_error_view {
    /// Size of this struct, filled in by the caller.
    pub struct_size: u32,
    /// The status the call returned.
    pub status: i32,
    /// The untouched number that a failing callback returned or set, else 0.
    pub host_code: i32,
    /// How deep calls between contracts were nested, 0 outside a contract.
    pub depth: u32,
    /// The contract that was running; zero where none was.
    pub contract: zvm_address,
    /// With ZVM_E_REJECTED a ZVM_REJECTION number, else 0.
    pub reason: u32,
    /// One sentence in UTF-8, also NUL-terminated one past its length.
    pub message: zvm_bytes,
}

/// An error and its sentence with a NUL behind it.
pub struct Detail {
    error: Error,
    message: String,
}

sized! { zvm_error_view = 56; }
handles! {
    /// Details of a failed call.
    zvm_error = b"zvmerror" holds Detail;
}

pub(super) fn new(error: Error) -> *mut zvm_error {
    let message = format!("{}\0", error.message);
    handle::new(Detail { error, message })
}

/// Reads what an error says.
///
/// Ownership: `error` is borrowed; `out` is the caller's; the message in it belongs to `error`.
/// Thread: any.
/// Statuses: OK, NULL, HANDLE, STRUCT_SIZE, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_error_info(error: *const zvm_error, out: *mut zvm_error_view) -> i32 {
    guard_plain("zvm_error_info", Status::Panic as i32, || {
        // SAFETY: `out` is NULL or the caller's struct; `error` is NULL or a handle.
        let read = unsafe { sized::clear(out).and_then(|()| handle::value::<Detail>(error)) };
        let detail = match read {
            Ok(detail) => detail,
            Err(failure) => return failure.status as i32,
        };
        let view = zvm_error_view {
            struct_size: 0,
            status: detail.error.status as i32,
            host_code: detail.error.host_code,
            depth: detail.error.depth,
            contract: (&detail.error.contract.unwrap_or_default()).into(),
            reason: detail.error.reason,
            message: zvm_bytes { ptr: detail.message.as_ptr(), len: detail.message.len() - 1 },
        };
        // SAFETY: `out` was just cleared as such a struct.
        match unsafe { sized::write(out, &view) } {
            Ok(()) => Status::Ok as i32,
            Err(failure) => failure.status as i32,
        }
    })
}

/// Frees an error. NULL is fine.
///
/// Ownership: takes `error`.
/// Thread: any.
///
/// # Safety
/// NULL or an error that nobody uses any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_error_free(error: *mut zvm_error) {
    guard_plain("zvm_error_free", (), || {
        // SAFETY: the caller's promise.
        drop(unsafe { handle::free::<Detail>(error) });
    });
}
