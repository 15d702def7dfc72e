//! The running call as a callback sees it.

use std::cell::{Cell, RefCell};

use super::call::zvm_call;
use super::callback::Shared;
use super::error::zvm_error;
use super::guard::guard;
use super::handle::{self, Recurring, handles};
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

/// The library's side of a frame. Kept by the session from one callback to the next.
pub(super) struct Frame {
    at: Cell<ReadContext>,
    interrupt: RefCell<Option<Interrupt>>,
    failure: RefCell<Option<(i32, String)>>,
    nested: Cell<*mut Nested<'static, 'static>>,
}

/// Lends a frame to one callback and takes it back after. A pointer that the callback kept then
/// meets a cleared tag.
pub(super) struct Lent<'a> {
    frame: Option<Recurring<Frame>>,
    asking: &'a Shared,
}

impl<'a> Lent<'a> {
    pub(super) fn new(asking: &'a Shared, at: ReadContext, nested: *mut Nested<'static, 'static>) -> Self {
        // More than one is needed where a query calls a contract that makes callbacks.
        let spare = asking.borrow_mut().spare.pop();
        let recurring = spare.unwrap_or_else(|| Recurring::new(Frame::default()));
        let frame = recurring.value();
        frame.at.set(at);
        frame.interrupt.replace(asking.borrow().interrupt.clone());
        frame.nested.set(nested);
        Self { frame: Some(recurring), asking }
    }

    pub(super) fn pointer(&self) -> *mut zvm_frame {
        self.frame.as_ref().map_or(std::ptr::null_mut(), Recurring::lend)
    }

    /// What the callback said of its failure.
    pub(super) fn failure(&self) -> Option<(i32, String)> {
        self.frame.as_ref().and_then(|frame| frame.value().failure.take())
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let Some(recurring) = self.frame.take() else { return };
        recurring.recall();
        let frame = recurring.value();
        frame.interrupt.take();
        frame.failure.take();
        frame.nested.set(std::ptr::null_mut());
        self.asking.borrow_mut().spare.push(recurring);
    }
}

impl Default for Frame {
    fn default() -> Self {
        Self {
            at: Cell::default(),
            interrupt: RefCell::default(),
            failure: RefCell::default(),
            nested: Cell::new(std::ptr::null_mut()),
        }
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
            let at = frame.at.get();
            let view = zvm_frame_view {
                struct_size: 0,
                depth: at.depth,
                contract: (&at.contract).into(),
                cancelled: u32::from(frame.interrupt.borrow().as_ref().is_some_and(Interrupt::is_fired)),
                gas_left: at.gas_left,
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
