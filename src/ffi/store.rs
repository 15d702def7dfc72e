//! The embedded default: a ledger in a file, or in memory.

use super::binding::zvm_session_params;
use super::error::zvm_error;
use super::guard::{guard, guard_plain};
use super::handle::{self, handles};
use super::sized::{self, Out};
use super::store_tables::attach;
use super::tables::zvm_change;
use super::types::zvm_bytes;
use super::views::decode;
use crate::error::{Error, Result, Status};
use crate::state::changes::{Change, Changes};
use crate::state::ledger::Ledger;
use crate::state::store::Store;

/// The embedded ledger.
pub struct zvm_store;

handles! {
    /// The embedded ledger.
    zvm_store = b"zvmstore" holds Store;
}

/// Opens the ledger in a file, made if it is not there. One handle at a time, in all processes.
///
/// Ownership: `path`, UTF-8, is borrowed; the caller owns `*out`.
/// Thread: any.
/// Statuses: OK, NULL, ARGUMENT (no regular file, or not ours; it is left as it is), STATE (already
/// open, here or elsewhere), HOST (the file system, or a damaged file), UNSUPPORTED (a newer format), PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_store_open(
    path: zvm_bytes,
    out: *mut *mut zvm_store,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_store_open", err, || {
            let out = Out::new(out, "out", std::ptr::null_mut())?;
            let path = path.text("path")?;
            if path.is_empty() {
                return Err(Error::new(Status::Argument, "the path is empty"));
            }
            out.set(handle::new(Store::open(path.as_ref())?));
            Ok(())
        })
    }
}

/// Makes a ledger in memory; it ends when its handle and its sessions are freed.
///
/// Ownership: the caller owns `*out`.
/// Thread: any.
/// Statuses: OK, NULL, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_store_memory(out: *mut *mut zvm_store, err: *mut *mut zvm_error) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_store_memory", err, || {
            let out = Out::new(out, "out", std::ptr::null_mut())?;
            out.set(handle::new(Store::in_memory()?));
            Ok(())
        })
    }
}

/// Puts the ledger's tables and a context of its own, with a snapshot of the state as it is now,
/// into the parameters of one session. The session takes the context over like any host's:
/// every call of this function must be followed by one zvm_session_new or zvm_execute. Sets the
/// storage and ledger fields only.
///
/// Ownership: `store` is borrowed and may be freed before the session; `params` is the caller's.
/// Thread: any.
/// Statuses: OK, NULL, HANDLE, STRUCT_SIZE, UNSUPPORTED, HOST, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_store_attach(
    store: *const zvm_store,
    params: *mut zvm_session_params,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_store_attach", err, || {
            let store = handle::value::<Store>(store)?;
            let mut filled = sized::read(params)?;
            attach(&mut filled, store.ledger()?);
            sized::write(params, &filled)
        })
    }
}

/// Applies changes of the caller's own, such as first balances, as one durable commit.
///
/// Ownership: everything is borrowed.
/// Thread: any.
/// Statuses: OK, NULL, HANDLE, ARGUMENT, UNSUPPORTED, LIMIT, HOST, PANIC.
///
/// # Safety
/// Pointers as described; `changes` has `count` elements.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_store_apply(
    store: *const zvm_store,
    changes: *const zvm_change,
    count: usize,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_store_apply", err, || {
            let store = handle::value::<Store>(store)?;
            let changes: &[zvm_change] = match count {
                0 => &[],
                count if count > 1 << 24 => return Err(Error::new(Status::Limit, "more than 2^24 changes")),
                count => sized::list(changes, count, "changes")?,
            };
            let list: Result<Vec<Change>> = changes.iter().map(|change| decode(change)).collect();
            store.ledger()?.commit(&Changes { list: list?, ..Changes::default() })
        })
    }
}

/// Frees this handle; sessions over the ledger keep it open. NULL is fine.
///
/// Ownership: takes `store`.
/// Thread: any.
///
/// # Safety
/// NULL or a store that nobody uses any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_store_free(store: *mut zvm_store) {
    guard_plain("zvm_store_free", (), || {
        // SAFETY: the caller's promise.
        drop(unsafe { handle::free::<Store>(store) });
    });
}
