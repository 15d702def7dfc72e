//! The running call as a callback sees it.

use std::cell::{Cell, RefCell};

use super::call::zvm_call;
use super::error::zvm_error;
use super::guard::guard;
use super::handle::{self, handles};
use super::result::{self, zvm_result};
use super::sized::{self, sized};
use super::types::{zvm_address, zvm_bytes};
use crate::error::{Error, Result, Status};
use crate::host::hooks::Nested;
use crate::interrupt::Interrupt;
use crate::state::ledger::ReadContext;

/// The running call, for the callback that was given it, on its thread, until it returns.
pub struct zvm_frame;

/// What a zvm_frame says.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_frame_view {
    /// Size of this struct, filled in by the caller.
    pub struct_size: u32,
    /// How deep calls between contracts are nested; 0 outside a call.
    pub depth: u32,
    /// The contract that runs; zero outside a call.
    pub contract: zvm_address,
    /// 1 when the call's interrupt was fired; a passed deadline is not shown.
    pub cancelled: u32,
    /// Gas left in the running call.
    pub gas_left: u64,
}

sized! { zvm_frame_view = 40; }
handles! {
    /// The running call.
    zvm_frame = b"zvmframe" holds Frame;
}

/// The library's side of a frame: lives as long as one callback.
pub(super) struct Frame {
    at: ReadContext,
    interrupt: Option<Interrupt>,
    failure: RefCell<Option<(i32, String)>>,
    nested: Cell<*mut Nested<'static, 'static>>,
}

/// Lends a frame to one callback and takes it back after.
pub(super) struct Lent(*mut zvm_frame);

impl Lent {
    pub(super) fn new(
        at: ReadContext,
        interrupt: Option<Interrupt>,
        nested: *mut Nested<'static, 'static>,
    ) -> Self {
        let frame = Frame { at, interrupt, failure: RefCell::new(None), nested: Cell::new(nested) };
        Self(handle::new(frame))
    }

    pub(super) fn pointer(&self) -> *mut zvm_frame {
        self.0
    }

    /// What the callback said of its failure.
    pub(super) fn failure(&self) -> Option<(i32, String)> {
        // SAFETY: the handle is ours and alive.
        unsafe { handle::value::<Frame>(self.0) }.ok().and_then(|frame| frame.failure.take())
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // SAFETY: the callback has returned. A pointer it kept meets a cleared tag.
        drop(unsafe { handle::free::<Frame>(self.0) });
    }
}

/// Reads what is known of the running call.
///
/// Ownership: `frame` is borrowed; `out` is the caller's.
/// Thread: callback only.
/// Statuses: OK, NULL, HANDLE, STRUCT_SIZE, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_frame_info(
    frame: *const zvm_frame,
    out: *mut zvm_frame_view,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_frame_info", err, || {
            sized::clear(out)?;
            let frame = handle::value::<Frame>(frame)?;
            let view = zvm_frame_view {
                struct_size: 0,
                depth: frame.at.depth,
                contract: (&frame.at.contract).into(),
                cancelled: u32::from(frame.interrupt.as_ref().is_some_and(Interrupt::is_fired)),
                gas_left: frame.at.gas_left,
            };
            sized::write(out, &view)
        })
    }
}

/// Says why the callback is about to fail; the number and text go into the error.
///
/// Ownership: `frame` and `text` are borrowed; the text is copied, at most 1 KiB of it.
/// Thread: callback only.
/// Statuses: OK, NULL, HANDLE, LIMIT, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_frame_fail(
    frame: *const zvm_frame,
    code: i32,
    text: zvm_bytes,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_frame_fail", err, || {
            let frame = handle::value::<Frame>(frame)?;
            let bytes = text.read("text")?;
            let cut = &bytes[..bytes.len().min(1 << 10)];
            frame.failure.replace(Some((code, String::from_utf8_lossy(cut).into_owned())));
            Ok(())
        })
    }
}

/// Calls a contract from inside the query hook, in the same overlay, below the contract that
/// asks, whose address is the caller. It gets at most 63/64 of the gas left; `gas_limit` of the
/// call caps it further. Changes stand unless the call fails or the asking frame does. Of `call`,
/// `caller`, `origin`, `gas_price`, `time_limit_ns` and `interrupt` are not used. Events are in
/// the result of the call from outside; refund and counters are 0.
///
/// Ownership: `frame` and `call` are borrowed; `result` is the caller's, to be cleared.
/// Thread: callback only.
/// Statuses: OK, NULL, HANDLE, STRUCT_SIZE, UNSUPPORTED, ARGUMENT, FLAGS, LIMIT, STATE (in any
/// other callback), and all other statuses of zvm_session_call but BUSY and POISONED.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_frame_call(
    frame: *const zvm_frame,
    call: *const zvm_call,
    result: *mut zvm_result,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_frame_call", err, || {
            sized::clear(result)?;
            let frame = handle::value::<Frame>(frame)?;
            let call = sized::read(call)?.decode()?;
            let execution = frame.reenter(|nested| nested.execute(&call))?;
            result::fill(result, execution)
        })
    }
}

impl Frame {
    fn reenter<T>(&self, work: impl FnOnce(&mut Nested<'_, '_>) -> Result<T>) -> Result<T> {
        // Taken for the time of the call: a callback below must not reach the same session here.
        let nested = self.nested.replace(std::ptr::null_mut());
        // SAFETY: set by the query hook's adapter, which waits in this very callback and does not
        // touch the session meanwhile.
        let Some(lent) = (unsafe { nested.as_mut() }) else {
            return Err(Error::new(Status::State, "only the query hook may call contracts, one at a time"));
        };
        let done = work(lent);
        self.nested.set(nested);
        done
    }
}
