//! How a callback is called, and how its answer is judged.

use std::cell::RefCell;
use std::ffi::c_void;
use std::rc::Rc;

use super::frame::{Frame, Lent};
use super::guard::outside;
use super::handle::Recurring;
use super::tables::{
    ZVM_CB_ABSENT, ZVM_CB_DONE, ZVM_CB_FAIL, ZVM_CB_REFUSED, ZVM_CB_UNWOUND, ZVM_TABLE_ANSWER_IN_OP, zvm_op,
};
use crate::error::{Error, Result, Status};
use crate::host::hooks::Nested;
use crate::interrupt::Interrupt;
use crate::state::ledger::ReadContext;

/// A callback over an op of type `T`.
pub(super) type Callback<T> = unsafe extern "C-unwind" fn(ctx: *mut c_void, op: *mut T) -> i32;

/// A callback with its context, as a table offers it.
pub(super) struct Bound<T> {
    pub(super) function: Callback<T>,
    pub(super) ctx: *mut c_void,
    pub(super) answer_in_op: bool,
}

impl<T> Bound<T> {
    /// The callback of a table with these flags.
    pub(super) fn new(function: Callback<T>, ctx: *mut c_void, table_flags: u32) -> Self {
        Self { function, ctx, answer_in_op: table_flags & ZVM_TABLE_ANSWER_IN_OP != 0 }
    }
}

/// What a callback said, other than failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Done,
    Absent,
    Refused,
}

/// The session's side of every callback: what may stop the running call, and frames to lend.
#[derive(Default)]
pub(super) struct Asking {
    pub(super) interrupt: Option<Interrupt>,
    pub(super) spare: Vec<Recurring<Frame>>,
}

/// What running calls share with the callbacks they make. Never borrowed across a callback.
pub(super) type Shared = Rc<RefCell<Asking>>;

/// An op of the ABI.
///
/// # Safety
/// `repr(C)` with a `zvm_op` first.
pub(super) unsafe trait Op: Copy {
    /// Whether the fields that the host must not change are the same in both.
    fn same_inputs(&self, other: &Self) -> bool;
}

/// Calls a callback with an op whose head is filled in here, and judges its answer.
///
/// # Safety
/// The callback and its context are what the host's table says.
pub(super) unsafe fn ask<T: Op>(
    asking: &Shared,
    at: ReadContext,
    callback: Bound<T>,
    op: &mut T,
    nested: *mut Nested<'static, 'static>,
) -> Result<Said> {
    let frame = Lent::new(asking, at, nested);
    // SAFETY: an Op begins with a zvm_op.
    let head = unsafe { &mut *std::ptr::from_mut(op).cast::<zvm_op>() };
    *head = zvm_op {
        struct_size: size_of::<T>() as u32,
        depth: at.depth,
        frame: frame.pointer(),
        gas_left: at.gas_left,
        gas_charge: 0,
        host_code: 0,
        answer: ZVM_CB_FAIL,
    };
    // The head first: reading the whole op ends the borrow of a part of it.
    let before_head = *head;
    let before = *op;
    // SAFETY: the caller's promise.
    let returned = unsafe { call(callback.function, callback.ctx, op) };
    // SAFETY: as above.
    let head = unsafe { &*std::ptr::from_ref(op).cast::<zvm_op>() };
    let said = if callback.answer_in_op { head.answer } else { returned };
    let said = match said {
        ZVM_CB_DONE => Said::Done,
        ZVM_CB_ABSENT => Said::Absent,
        ZVM_CB_REFUSED => Said::Refused,
        other => return Err(failure(&frame, other, head.host_code)),
    };
    let same_head = head.struct_size == before_head.struct_size
        && head.depth == before_head.depth
        && head.frame == before_head.frame
        && head.gas_left == before_head.gas_left;
    match same_head && op.same_inputs(&before) {
        true => Ok(said),
        false => Err(Error::new(Status::HostProtocol, "a callback changed the inputs of its op")),
    }
}

/// The one place where foreign code is entered. It is declared to unwind and called through a
/// function that cannot: an exception that crosses aborts the process here, at every
/// optimisation level, instead of passing through our frames with their destructors skipped.
///
/// # Safety
/// The callback and its context are what the host's table says; the op is alive.
unsafe extern "C" fn call<T>(callback: Callback<T>, ctx: *mut c_void, op: *mut T) -> i32 {
    // SAFETY: the caller's promise.
    outside(|| unsafe { callback(ctx, op) })
}

/// Tells the host that its context is no longer needed.
///
/// # Safety
/// As the host's table says.
pub(super) unsafe extern "C" fn release(
    callback: unsafe extern "C-unwind" fn(ctx: *mut c_void),
    ctx: *mut c_void,
) {
    // SAFETY: the caller's promise.
    outside(|| unsafe { callback(ctx) })
}

fn failure(frame: &Lent<'_>, returned: i32, host_code: i32) -> Error {
    let (said_code, text) = frame.failure().unwrap_or((0, String::new()));
    let negative = if returned == ZVM_CB_UNWOUND { 0 } else { returned.min(0) };
    let host_code = [negative, host_code, said_code].into_iter().find(|code| *code != 0).unwrap_or(0);
    if returned > ZVM_CB_REFUSED {
        return Error::new(Status::HostProtocol, format!("a callback returned {returned}"))
            .with_host_code(host_code);
    }
    let status = if returned == ZVM_CB_UNWOUND { Status::HostUnwound } else { Status::Host };
    let message = if text.is_empty() { "a callback failed".to_owned() } else { text };
    Error::new(status, message).with_host_code(host_code)
}

/// An answer the callback may not give.
pub(super) fn unexpected(what: &str, said: Said) -> Error {
    Error::new(Status::HostProtocol, format!("{what} answered {said:?}"))
}
