//! The code at work: its gas slice, its memory, and its way into host functions and back.
//!
//! The code runs on a slice of the frame's gas that lies in its exported global; the rest
//! stays in the meter here. At each host call what was spent of the slice is taken off the
//! meter, and on return a new slice is handed out. The code may have spent more than its slice,
//! and must not go on if the meter does not cover that. Where a check of the code's finds its slice
//! too small it asks for more, which is where an interrupt or deadline is seen at no cost to
//! the hot path.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;
use std::sync::Arc;

use wasmer::sys::vm::{on_host_stack, raise_user_trap, resume_panic};

use super::memory::{Memory, WASM_PAGE};
use crate::error::{Error, Status};
use crate::gas::Gas;
use crate::host::dispatch::dispatch;
use crate::host::guest::{Guest, Stop};
use crate::host::kinds::Region;
use crate::host::rules::Rules;
use crate::host::state::State;
use crate::host::table::HostFunction;
use crate::host::work::Host;
use crate::outcome::Halt;

/// Gas in one slice while something may stop the call: some milliseconds of work.
const SLICE: u64 = 1 << 22;

/// Gas in one slice at most, unless the code asked for more: it counts in an i64.
const MOST: u64 = 1 << 62;

/// The most a slice of this call holds. Where something may stop the call it is little: the code asks for
/// the next one, and then it is seen.
fn most_at_once(state: &State<'_>) -> u64 {
    if state.transaction.stopwatch.is_set() { SLICE } else { MOST }
}

/// Whether a frame that has this gas is given all of it in one slice, so that its code need not come back.
pub(super) fn has_all_at_once(state: &State<'_>, gas: Gas) -> bool {
    gas.left() <= most_at_once(state)
}

/// What host functions find: the instance's memory and gas, and, while it runs, the session.
pub(super) struct Running {
    memory: Option<Arc<Memory>>,
    /// Where the instance keeps the slice; set when it is made.
    slice: NonNull<i64>,
    most_pages: u32,
    state: *mut State<'static>,
    /// What the code had when it was last looked at: less than nothing, if it had spent more than
    /// its slice.
    given: i64,
    /// What the next slice must cover, which the meter was seen to hold.
    need: u64,
    gas: Gas,
    stop: Option<Stop>,
    /// Whether a host function panicked.
    panicked: bool,
}

// SAFETY: the slice is in the instance that this value belongs to. The session is set for the
// time of one call, on one thread.
unsafe impl Send for Running {}

impl Running {
    /// Nothing that runs yet.
    pub(super) fn idle(most_pages: u32) -> Self {
        let (memory, slice, state) = (None, NonNull::dangling(), std::ptr::null_mut());
        Self {
            memory,
            slice,
            most_pages,
            state,
            given: 0,
            need: 0,
            gas: Gas::new(0),
            stop: None,
            panicked: false,
        }
    }

    /// Says where the instance has its memory and its gas.
    ///
    /// # Safety
    /// `slice` is the gas global of the instance whose host functions find this value.
    pub(super) unsafe fn attach(&mut self, memory: Option<Arc<Memory>>, slice: NonNull<i64>) {
        (self.memory, self.slice) = (memory, slice);
    }

    /// Begins a call: lends the session and hands out the first slice.
    ///
    /// # Safety
    /// `state` is not used by anybody else until [`Running::end`].
    pub(super) unsafe fn begin(&mut self, state: &mut State<'_>, gas: Gas) {
        self.state = std::ptr::from_mut(state).cast();
        (self.gas, self.stop, self.panicked) = (gas, None, false);
        self.hand_out();
    }

    /// Ends the call: the gas that is left, and why the frame ended, if the code did not end it. A
    /// debt that the meter does not cover comes before whatever else the code did.
    pub(super) fn end(&mut self) -> (Gas, Option<Stop>) {
        let stop = self.stop.take();
        let stop = stop.or_else(|| self.collect().err().map(Stop::Halt));
        self.state = std::ptr::null_mut();
        (self.gas, stop)
    }

    /// Whether a host function panicked in this call.
    pub(super) fn has_panicked(&self) -> bool {
        self.panicked
    }

    /// The session.
    fn state(&mut self) -> &mut State<'static> {
        // SAFETY: set by `begin`, whose caller does not touch the session while the code runs; host
        // functions are entered one at a time, and a nested run reborrows from the host function
        // that makes it.
        unsafe { &mut *self.state }
    }

    /// Takes what the code spent of its slice off the meter. It may have spent more than was there,
    /// and must not go on if the meter does not cover that.
    fn collect(&mut self) -> Result<(), Halt> {
        // SAFETY: as `attach` was promised; the code that writes it waits.
        let left = unsafe { self.slice.read() };
        let spent = self.given.wrapping_sub(left).cast_unsigned();
        self.given = left;
        self.gas.charge(spent)
    }

    /// Hands out a new slice, of at least what the code said that it needs.
    fn hand_out(&mut self) {
        let need = std::mem::take(&mut self.need);
        let most = need.max(most_at_once(self.state()));
        self.given = self.gas.left().min(most).cast_signed();
        // SAFETY: as `attach` was promised; the code that reads it waits.
        unsafe { self.slice.write(self.given) };
    }
}

/// Marks a trap whose reason is kept in [`Running`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopped;

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped by a host function")
    }
}

impl std::error::Error for Stopped {}

/// The instance's memory and meter, while it waits in a host function.
struct Waiting<'a> {
    memory: Option<&'a Memory>,
    gas: &'a mut Gas,
}

impl Guest for Waiting<'_> {
    fn memory_len(&self) -> u64 {
        self.memory.map_or(0, |memory| memory.len() as u64)
    }

    fn bytes(&self, region: Region) -> &[u8] {
        let range = region.offset as usize..region.offset as usize + region.len as usize;
        // SAFETY: the code waits in a host function, which holds the memory by this value: it
        // writes by `write` alone, and no nested frame reaches this memory.
        self.memory.map_or(&[], |memory| unsafe { memory.bytes(range) })
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) {
        if let Some(memory) = self.memory.filter(|_| !bytes.is_empty()) {
            memory.write(offset as usize, bytes);
        }
    }

    fn gas(&mut self) -> &mut Gas {
        self.gas
    }
}

/// Runs a host function's work for the code that waits for it: what was spent is collected
/// before, and a new slice handed out after. Returns to the code, or ends it.
///
/// The work runs on the stack of the embedder's call and not on the code's. Where the code ends, its
/// stack is left as it is, so nothing that must be dropped may be on it: neither here nor in
/// the function that calls this.
///
/// # Safety
/// Called from code whose instance has this value, while the code runs.
pub(super) unsafe fn serve<T>(
    running: NonNull<Running>,
    work: impl FnOnce(&mut Running) -> Result<T, Stop>,
) -> T {
    let served = on_host_stack(|| {
        catch_unwind(AssertUnwindSafe(|| {
            // SAFETY: the value outlives the code, which waits here, and is used by nobody else.
            let running = unsafe { &mut *running.as_ptr() };
            let done = running.collect().map_err(Stop::Halt).and_then(|()| work(running));
            let done = done.map_err(|stop| running.stop = Some(stop)).ok()?;
            running.hand_out();
            Some(done)
        }))
    });
    match served {
        Ok(Some(done)) => done,
        // SAFETY: the code is on the stack, and nothing that must be dropped is above it.
        Ok(None) => unsafe { raise_user_trap(Box::new(Stopped)) },
        // SAFETY: the same; the value outlives the code.
        Err(panic) => unsafe {
            (*running.as_ptr()).panicked = true;
            resume_panic(panic)
        },
    }
}

impl Running {
    /// A host function of the table.
    pub(super) fn enter(&mut self, function: HostFunction, raw: &[u64]) -> Result<u64, Stop> {
        // SAFETY: as in `Running::state`; the reference is not used once dispatch returns.
        let state = unsafe { &mut *self.state };
        let mut guest = Waiting { memory: self.memory.as_deref(), gas: &mut self.gas };
        dispatch(function, raw, &mut Host { state, guest: &mut guest })
    }

    /// The code's slice does not cover what a check asks for. A price past 2^63 - 1, which comes as
    /// a negative number, is more than any slice can hold.
    pub(super) fn refill(&mut self, need: i64) -> Result<(), Stop> {
        self.state().transaction.stopwatch.check()?;
        match u64::try_from(need) {
            Ok(need) if need <= self.gas.left() => self.need = need,
            _ => {
                self.gas.exhaust();
                return Err(Halt::OutOfGas.into());
            }
        }
        Ok(())
    }

    /// The code found that its next operator would trap, or that its stack is used up.
    pub(super) fn trap(&mut self, halt: i32) -> Result<(), Stop> {
        let known = Halt::from_number(halt.cast_unsigned());
        let defect = || Error::new(Status::Internal, format!("the code trapped with {halt}"));
        Err(known.map_or_else(|| defect().into(), Stop::Halt))
    }

    /// The code asks for memory: the old size in pages, or -1 past its own or the call's limit.
    pub(super) fn grow(&mut self, pages: i32) -> Result<i32, Stop> {
        let pages = pages.cast_unsigned();
        let Some(memory) = self.memory.clone() else { return Ok(-1) };
        let old = (memory.len() / WASM_PAGE) as u32;
        if u64::from(old) + u64::from(pages) > u64::from(self.most_pages) {
            return Ok(-1);
        }
        // Taken before it is paid: a refusal costs nothing, and without gas the frame ends anyway.
        if self.state().take_pages(pages).is_err() {
            return Ok(-1);
        }
        let price = page_price(&self.state().rules, old, pages);
        self.gas.charge(price)?;
        memory.set_len((old + pages) as usize * WASM_PAGE);
        Ok(old as i32)
    }
}

/// What pages cost on top of `old`: those beyond half of what an instance may have cost more.
pub(super) fn page_price(rules: &Rules, old: u32, pages: u32) -> u64 {
    let half = rules.limits.max_pages / 2;
    let beyond = (old + pages).saturating_sub(half.max(old));
    let whole = u64::from(pages).saturating_mul(rules.schedule.memory_page);
    whole.saturating_add(u64::from(beyond).saturating_mul(rules.schedule.memory_page_beyond_half))
}
