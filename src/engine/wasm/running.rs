//! The code at work: its gas slice, its memory, and its way into host functions and back.
//!
//! The code runs on a slice of the frame's gas that lies in its exported global; the rest
//! stays in the meter here. At each host call what was spent of the slice is taken off the
//! meter, and on return a new slice is handed out. When a slice is spent the code asks for
//! more, which is where an interrupt or deadline is seen at no cost to the hot path.

use std::fmt;

use wasmer::{FunctionEnvMut, Global, Memory, MemoryView, StoreMut, Value};

use crate::error::{Error, Status};
use crate::gas::Gas;
use crate::host::dispatch::dispatch;
use crate::host::guest::{Guest, Stop};
use crate::host::state::State;
use crate::host::table::HostFunction;
use crate::host::work::Host;
use crate::outcome::Halt;

/// Gas in one slice while something may stop the call: some milliseconds of work.
const SLICE: u64 = 1 << 22;

/// What host functions find: the session, the instance's memory and gas.
pub(super) struct Running {
    state: *mut State<'static>,
    memory: Option<Memory>,
    slice: Option<Global>,
    given: u64,
    gas: Gas,
    stop: Option<Stop>,
    max_pages: u32,
}

// SAFETY: wasmer asks for it, but the store that holds this value is made, used and dropped
// inside one call of `run`, on one thread.
unsafe impl Send for Running {}

impl Running {
    pub(super) fn new(state: &mut State<'_>, gas: Gas, max_pages: u32) -> Self {
        let state = std::ptr::from_mut(state).cast();
        Self { state, memory: None, slice: None, given: 0, gas, stop: None, max_pages }
    }

    /// Nothing that could be run, for a store whose functions are only looked at.
    #[cfg(test)]
    pub(super) fn idle() -> Self {
        let state = std::ptr::null_mut();
        Self { state, memory: None, slice: None, given: 0, gas: Gas::new(0), stop: None, max_pages: 0 }
    }

    /// Pays for the memory the code begins with, and counts it.
    pub(super) fn begin(&mut self, pages: u32) -> std::result::Result<(), Halt> {
        let price = self.page_price(0, pages);
        self.gas.charge(price)?;
        self.state().take_pages(pages)
    }

    /// Takes the instance's memory and gas global, and hands out the first slice.
    pub(super) fn attach(&mut self, store: &mut StoreMut<'_>, memory: Option<Memory>, slice: Option<Global>) {
        (self.memory, self.slice) = (memory, slice);
        self.hand_out(store, 0);
    }

    /// The frame's gas, as far as it was collected.
    pub(super) fn gas(&self) -> Gas {
        self.gas
    }

    /// Why a host function ended the frame, if one did.
    pub(super) fn take_stop(&mut self) -> Option<Stop> {
        self.stop.take()
    }

    /// The session.
    pub(super) fn state(&mut self) -> &mut State<'static> {
        // SAFETY: `run` holds the session exclusively for as long as the instance lives and does
        // not touch it while the code runs; host functions are entered one at a time, and a
        // nested run reborrows from the host function that makes it.
        unsafe { &mut *self.state }
    }

    /// Takes what the code spent of its slice off the meter.
    pub(super) fn collect(&mut self, store: &mut StoreMut<'_>) {
        let Some(slice) = &self.slice else { return };
        let left = slice.get(store).i64().map_or(0, i64::cast_unsigned);
        // The code only ever takes from its slice, and never more than is there.
        let spent = self.given.saturating_sub(left);
        let _ = self.gas.charge(spent);
        self.given = left;
    }

    /// Hands out a new slice of at least `least`, which the meter must hold.
    fn hand_out(&mut self, store: &mut StoreMut<'_>, least: u64) {
        let watched = self.state().transaction.stopwatch.is_set();
        let most = if watched { SLICE.max(least) } else { u64::MAX };
        self.given = self.gas.left().min(most);
        if let Some(slice) = &self.slice {
            // The global is ours, mutable and of this type.
            let _ = slice.set(store, Value::I64(self.given.cast_signed()));
        }
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
    memory: Option<MemoryView<'a>>,
    gas: &'a mut Gas,
}

impl Guest for Waiting<'_> {
    fn memory_len(&self) -> u64 {
        self.memory.as_ref().map_or(0, MemoryView::data_size)
    }

    fn read(&self, offset: u32, into: &mut [u8]) {
        if let Some(memory) = self.memory.as_ref().filter(|_| !into.is_empty()) {
            memory.read(offset.into(), into).expect("the region was checked");
        }
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) {
        if let Some(memory) = self.memory.as_ref().filter(|_| !bytes.is_empty()) {
            memory.write(offset.into(), bytes).expect("the region was checked");
        }
    }

    fn gas(&mut self) -> &mut Gas {
        self.gas
    }
}

/// A host function, entered from the code.
pub(super) fn enter(
    mut env: FunctionEnvMut<'_, Running>,
    function: HostFunction,
    raw: &[u64],
) -> std::result::Result<u64, Stopped> {
    let (running, mut store) = env.data_and_store_mut();
    running.collect(&mut store);
    let state: *mut State<'static> = running.state();
    // SAFETY: as in `Running::state`; the reference is not used once dispatch returns.
    let state = unsafe { &mut *state };
    let memory = running.memory.as_ref().map(|memory| memory.view(&store));
    let mut guest = Waiting { memory, gas: &mut running.gas };
    match dispatch(function, raw, &mut Host { state, guest: &mut guest }) {
        Ok(result) => {
            running.hand_out(&mut store, 0);
            Ok(result)
        }
        Err(stop) => {
            running.stop = Some(stop);
            Err(Stopped)
        }
    }
}

/// The code's slice does not cover the block it is about to enter.
pub(super) fn refill(mut env: FunctionEnvMut<'_, Running>, cost: i64) -> std::result::Result<(), Stopped> {
    let (running, mut store) = env.data_and_store_mut();
    running.collect(&mut store);
    let cost = cost.cast_unsigned();
    if let Err(error) = running.state().transaction.stopwatch.check() {
        running.stop = Some(error.into());
        return Err(Stopped);
    }
    if running.gas.left() < cost {
        running.gas.exhaust();
        running.stop = Some(Halt::OutOfGas.into());
        return Err(Stopped);
    }
    running.hand_out(&mut store, cost);
    Ok(())
}

/// The code asks for memory: the old size in pages, or -1 past its own or the call's limit.
pub(super) fn grow(mut env: FunctionEnvMut<'_, Running>, pages: i32) -> std::result::Result<i32, Stopped> {
    let (running, mut store) = env.data_and_store_mut();
    running.collect(&mut store);
    let grown = running.grow(&mut store, pages.cast_unsigned()).map_err(|stop| {
        running.stop = Some(stop);
        Stopped
    })?;
    running.hand_out(&mut store, 0);
    Ok(grown)
}

impl Running {
    fn grow(&mut self, store: &mut StoreMut<'_>, pages: u32) -> std::result::Result<i32, Stop> {
        let Some(memory) = self.memory.clone() else { return Ok(-1) };
        let old = memory.view(store).size().0;
        if u64::from(old) + u64::from(pages) > u64::from(self.max_pages) {
            return Ok(-1);
        }
        // Taken before it is paid: a refusal costs nothing, and without gas the frame ends anyway.
        if self.state().take_pages(pages).is_err() {
            return Ok(-1);
        }
        let holds = if pages == 0 { 0 } else { u64::from(old) };
        let moved = holds.saturating_mul(self.state().rules.schedule.memory_page_moved);
        let price = self.page_price(old, pages).saturating_add(moved);
        self.gas.charge(price)?;
        match memory.grow(store, pages) {
            Ok(_) => Ok(old as i32),
            Err(error) => {
                Err(Error::new(Status::Memory, format!("the memory could not grow: {error}")).into())
            }
        }
    }

    /// Pages beyond half of what an instance may have cost more.
    fn page_price(&mut self, old: u32, pages: u32) -> u64 {
        let rules = &self.state().rules;
        let half = rules.limits.max_pages / 2;
        let beyond = (old + pages).saturating_sub(half.max(old));
        let whole = u64::from(pages).saturating_mul(rules.schedule.memory_page);
        whole.saturating_add(u64::from(beyond).saturating_mul(rules.schedule.memory_page_beyond_half))
    }
}

/// The counted stack is used up.
pub(super) fn overflow(mut env: FunctionEnvMut<'_, Running>) -> std::result::Result<(), Stopped> {
    let (running, mut store) = env.data_and_store_mut();
    running.collect(&mut store);
    running.stop = Some(Halt::StackOverflow.into());
    Err(Stopped)
}
