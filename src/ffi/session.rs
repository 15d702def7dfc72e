//! Sessions.
//!
//! A session handle may move between threads and is used by one at a time. Use by two at once,
//! or from a callback of its own, is noticed and refused; freeing it from its own callback
//! takes effect when the running call returns.

use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicU32, Ordering};

use super::binding::{Opened, zvm_session_params};
use super::call::{zvm_call, zvm_deploy};
use super::error::zvm_error;
use super::guard::{guard, guard_plain};
use super::handle::{self, handles};
use super::result::{self, zvm_result};
use super::runtime::zvm_runtime;
use super::sized::{self, Out};
use super::tables::zvm_change;
use super::types::{zvm_address, zvm_bytes};
use super::views::ChangeViews;
use crate::error::{Error, Result, Status};
use crate::interrupt::Interrupt;
use crate::runtime::execution::Execution;
use crate::runtime::session::{Mark, Session};
use crate::runtime::{Runtime, Trace};
use crate::types::Bytes;

/// In zvm_session_trace: a line where a call or creation begins and one where it ends, of every engine.
pub const ZVM_TRACE_CALLS: u32 = 1;
/// In zvm_session_trace: a line for each step of EVM code and one for the whole call (EIP-3155).
pub const ZVM_TRACE_STEPS: u32 = 2;

/// One view of the state: many calls, one commit.
pub struct zvm_session;

/// What a session handle stands for.
pub struct Cell {
    state: AtomicU32,
    inside: UnsafeCell<Inside>,
}

struct Inside {
    opened: Opened,
    changes: Option<ChangeViews>,
}

/// Nobody is inside.
const IDLE: u32 = 0;
/// A call runs.
const RUNNING: u32 = 1;
/// A call runs, and the handle was freed meanwhile.
const DOOMED: u32 = 2;

// SAFETY: `inside` is reached only by whoever moved `state` from IDLE to RUNNING. The session's
// contents may move between threads: the host promised that for its contexts.
unsafe impl Sync for Cell {}

handles! {
    /// A session.
    zvm_session = b"zvmsessn" holds Cell;
}

/// The right to use a session, until it is dropped.
struct Entered(*mut zvm_session);

impl Entered {
    /// # Safety
    /// NULL or a session.
    unsafe fn new(session: *mut zvm_session) -> Result<Self> {
        // SAFETY: the caller's promise.
        let cell = unsafe { handle::value::<Cell>(session)? };
        match cell.state.compare_exchange(IDLE, RUNNING, Ordering::Acquire, Ordering::Relaxed) {
            Ok(_) => Ok(Self(session)),
            Err(_) => Err(Error::from(Status::Busy)),
        }
    }

    fn inside(&mut self) -> Result<&mut Inside> {
        // SAFETY: the handle lives until `drop` says otherwise; RUNNING is ours, so nobody
        // else is inside.
        unsafe { handle::value::<Cell>(self.0).map(|cell| &mut *cell.inside.get()) }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        // SAFETY: as in `inside`.
        let Ok(cell) = (unsafe { handle::value::<Cell>(self.0) }) else { return };
        if cell.state.compare_exchange(RUNNING, IDLE, Ordering::Release, Ordering::Relaxed).is_err() {
            // SAFETY: freed while the call ran; nobody may use it any more.
            drop(unsafe { handle::free::<Cell>(self.0) });
        }
    }
}

/// Runs work in a session. What it returned as a view before has ended.
///
/// # Safety
/// NULL or a session.
pub(super) unsafe fn enter<T>(
    session: *mut zvm_session,
    work: impl FnOnce(&mut Session<'static>) -> Result<T>,
) -> Result<T> {
    // SAFETY: the caller's promise.
    let mut entered = unsafe { Entered::new(session)? };
    let inside = entered.inside()?;
    inside.changes = None;
    work(&mut inside.opened.session)
}

/// Runs a call in a session and fills the result.
///
/// # Safety
/// NULL or a session; `result` was cleared.
pub(super) unsafe fn execute(
    session: *mut zvm_session,
    result: *mut zvm_result,
    interrupt: Option<Interrupt>,
    work: impl FnOnce(&mut Session<'static>) -> Result<Execution>,
) -> Result<()> {
    // SAFETY: the caller's promise.
    let mut entered = unsafe { Entered::new(session)? };
    let inside = entered.inside()?;
    inside.changes = None;
    inside.opened.watch(interrupt);
    let execution = work(&mut inside.opened.session)?;
    // SAFETY: the caller's promise.
    unsafe { result::fill(result, execution) }
}

/// Makes a session over a host's tables.
///
/// Ownership: `runtime` and `params` are borrowed; the contexts in `params` are taken over, also
/// on failure, unless `params` or the context's own table cannot be read (NULL, STRUCT_SIZE,
/// UNSUPPORTED); the caller owns `*out`.
/// Thread: any.
/// Statuses: OK, NULL, HANDLE, STRUCT_SIZE, UNSUPPORTED, FLAGS, ARGUMENT, HOST_MISSING, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_session_new(
    runtime: *const zvm_runtime,
    params: *const zvm_session_params,
    out: *mut *mut zvm_session,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_session_new", err, || {
            let out = Out::new(out, "out", std::ptr::null_mut());
            let params = sized::read(params)?;
            let bound = params.take();
            let out = out?;
            let runtime = handle::value::<Runtime>(runtime)?;
            let opened = bound.session(runtime, params.has_hooks())?;
            let inside = UnsafeCell::new(Inside { opened, changes: None });
            out.set(handle::new(Cell { state: AtomicU32::new(IDLE), inside }));
            Ok(())
        })
    }
}

/// Frees a session and drops what it did not commit. From a callback of its own it takes effect
/// when the running call returns. NULL is fine.
///
/// Ownership: takes `session`; views into it end; `release` of its tables is called.
/// Thread: one at a time per session.
///
/// # Safety
/// NULL or a session that nobody uses any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_session_free(session: *mut zvm_session) {
    guard_plain("zvm_session_free", (), || {
        // SAFETY: the caller's promise.
        let Ok(cell) = (unsafe { handle::value::<Cell>(session) }) else { return };
        if cell.state.compare_exchange(RUNNING, DOOMED, Ordering::AcqRel, Ordering::Acquire) == Err(IDLE) {
            // SAFETY: idle, and the caller gives it up.
            drop(unsafe { handle::free::<Cell>(session) });
        }
    });
}

/// Deploys a contract.
///
/// Ownership: `session` and `deploy` are borrowed; `result` is the caller's, to be cleared.
/// Thread: one at a time per session.
/// Statuses: OK, NULL, HANDLE, STRUCT_SIZE, UNSUPPORTED, FLAGS, ARGUMENT, LIMIT, BUSY, STATE,
/// POISONED, CODE_FORMAT, CODE_INVALID, CODE_FORBIDDEN, CODE_TOO_LARGE, COMPILE, CODE_REFUSED, HOST,
/// HOST_PROTOCOL, HOST_MISSING, HOST_UNWOUND, CANCELLED, DEADLINE, MEMORY, PANIC, INTERNAL. After
/// any but OK nothing has changed.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_session_deploy(
    session: *mut zvm_session,
    deploy: *const zvm_deploy,
    result: *mut zvm_result,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_session_deploy", err, || {
            sized::clear(result)?;
            let deploy = sized::read(deploy)?.decode()?;
            execute(session, result, deploy.terms.interrupt.clone(), |session| session.deploy(&deploy))
        })
    }
}

/// Calls a contract.
///
/// Ownership: `session` and `call` are borrowed; `result` is the caller's, to be cleared.
/// Thread: one at a time per session.
/// Statuses: OK, NULL, HANDLE, STRUCT_SIZE, UNSUPPORTED, FLAGS, ARGUMENT, LIMIT, BUSY, STATE,
/// POISONED, COMPILE, HOST, HOST_PROTOCOL, HOST_MISSING, HOST_UNWOUND, CANCELLED, DEADLINE, MEMORY, PANIC,
/// INTERNAL. After any but OK nothing has changed.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_session_call(
    session: *mut zvm_session,
    call: *const zvm_call,
    result: *mut zvm_result,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_session_call", err, || {
            sized::clear(result)?;
            let call = sized::read(call)?.decode()?;
            execute(session, result, call.terms.interrupt.clone(), |session| session.call(&call))
        })
    }
}

/// Calls a contract and drops its changes.
///
/// Ownership: `session` and `call` are borrowed; `result` is the caller's, to be cleared.
/// Thread: one at a time per session.
/// Statuses: as zvm_session_call.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_session_query(
    session: *mut zvm_session,
    call: *const zvm_call,
    result: *mut zvm_result,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_session_query", err, || {
            sized::clear(result)?;
            let call = sized::read(call)?.decode()?;
            execute(session, result, call.terms.interrupt.clone(), |session| session.query(&call))
        })
    }
}

/// Says what the session's calls of every kind tell the hook `trace` of their course, from now on; 0 ends
/// it. docs/tracing.md has the lines. Results and gas are the same.
///
/// Ownership: `session` is borrowed.
/// Thread: one at a time per session.
/// Statuses: OK, NULL, HANDLE, FLAGS, BUSY, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_session_trace(
    session: *mut zvm_session,
    flags: u32,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_session_trace", err, || {
            if flags & !(ZVM_TRACE_CALLS | ZVM_TRACE_STEPS) != 0 {
                return Err(Error::new(Status::Flags, format!("no trace has the flags {flags:#x}")));
            }
            let (calls, steps) = (flags & ZVM_TRACE_CALLS != 0, flags & ZVM_TRACE_STEPS != 0);
            enter(session, |session| {
                session.trace(Trace { calls, steps });
                Ok(())
            })
        })
    }
}

/// Reads storage entries of an account ahead, in as few callbacks as the host allows. Gas is the
/// same as without.
///
/// Ownership: everything is borrowed.
/// Thread: one at a time per session.
/// Statuses: OK, NULL, HANDLE, LIMIT, BUSY, POISONED, HOST, HOST_PROTOCOL, HOST_UNWOUND, PANIC.
///
/// # Safety
/// Pointers as described; `keys` has `count` elements.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_session_prefetch(
    session: *mut zvm_session,
    account: *const zvm_address,
    keys: *const zvm_bytes,
    count: usize,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_session_prefetch", err, || {
            let account = *sized::reference(account, "account")?;
            let keys: &[zvm_bytes] = match count {
                0 => &[],
                count if count > 1 << 20 => return Err(Error::new(Status::Limit, "more than 2^20 keys")),
                count => sized::list(keys, count, "keys")?,
            };
            let keys: Result<Vec<Bytes>> =
                keys.iter().map(|key| key.read("a key").map(Bytes::from)).collect();
            let keys = keys?;
            enter(session, |session| session.prefetch(&account.into(), &keys))
        })
    }
}

/// Sets a savepoint. It holds until a commit, a reset, or a return to an earlier one.
///
/// Ownership: `session` is borrowed; `out` is the caller's.
/// Thread: one at a time per session.
/// Statuses: OK, NULL, HANDLE, BUSY, POISONED, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_session_mark(
    session: *mut zvm_session,
    out: *mut u64,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_session_mark", err, || {
            let out = Out::new(out, "out", 0)?;
            out.set(enter(session, Session::mark)?.0);
            Ok(())
        })
    }
}

/// Takes back everything since a savepoint, which can be returned to again.
///
/// Ownership: `session` is borrowed.
/// Thread: one at a time per session.
/// Statuses: OK, NULL, HANDLE, ARGUMENT (the savepoint does not hold), BUSY, POISONED, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_session_rollback(
    session: *mut zvm_session,
    mark: u64,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe { guard("zvm_session_rollback", err, || enter(session, |session| session.rollback(Mark(mark)))) }
}

/// Reads the ordered, de-duplicated writes since the last commit.
///
/// Ownership: `session` is borrowed; the list belongs to it until the next call with it.
/// Thread: one at a time per session.
/// Statuses: OK, NULL, HANDLE, BUSY, POISONED, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_session_changes(
    session: *mut zvm_session,
    out: *mut *const zvm_change,
    count: *mut usize,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_session_changes", err, || {
            let out = Out::new(out, "out", std::ptr::null());
            let count = Out::new(count, "count", 0)?;
            let out = out?;
            let mut entered = Entered::new(session)?;
            let inside = entered.inside()?;
            let views = ChangeViews::new(inside.opened.session.changes()?);
            let (list, len) = inside.changes.insert(views).changes();
            out.set(list);
            count.set(len);
            Ok(())
        })
    }
}

/// Hands all changes to the host in one callback. The session goes on from the new state. After a
/// failure nothing is forgotten, and the commit can be tried again.
///
/// Ownership: `session` is borrowed.
/// Thread: one at a time per session.
/// Statuses: OK, NULL, HANDLE, BUSY, POISONED, STATE (a read-only session), HOST, HOST_PROTOCOL,
/// HOST_MISSING, HOST_UNWOUND, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_session_commit(session: *mut zvm_session, err: *mut *mut zvm_error) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_session_commit", err, || {
            let mut entered = Entered::new(session)?;
            let inside = entered.inside()?;
            if inside.opened.read_only {
                return Err(Error::new(Status::State, "a read-only session does not commit"));
            }
            inside.changes = None;
            inside.opened.watch(None);
            inside.opened.session.commit()
        })
    }
}

/// Drops every change and cached read, and cures a poisoned session.
///
/// Ownership: `session` is borrowed.
/// Thread: one at a time per session.
/// Statuses: OK, NULL, HANDLE, BUSY, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_session_reset(session: *mut zvm_session, err: *mut *mut zvm_error) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_session_reset", err, || {
            enter(session, |session| {
                session.reset();
                Ok(())
            })
        })
    }
}

/// One call in a session of its own: made, called, committed if the contract succeeded and the
/// session is not read-only, freed.
///
/// Ownership: as zvm_session_new and zvm_session_call.
/// Thread: any.
/// Statuses: those of zvm_session_new, zvm_session_call and zvm_session_commit. After any but OK
/// nothing was committed, unless the host's own commit failed in doubt.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_execute(
    runtime: *const zvm_runtime,
    params: *const zvm_session_params,
    call: *const zvm_call,
    result: *mut zvm_result,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_execute", err, || {
            let cleared = sized::clear(result);
            let params = sized::read(params)?;
            let bound = params.take();
            cleared?;
            let runtime = handle::value::<Runtime>(runtime)?;
            let call = sized::read(call)?.decode()?;
            let mut opened = bound.session(runtime, params.has_hooks())?;
            opened.watch(call.terms.interrupt.clone());
            let execution = opened.session.call(&call)?;
            if execution.outcome.is_success() && !opened.read_only {
                opened.session.commit()?;
            }
            result::fill(result, execution)
        })
    }
}
