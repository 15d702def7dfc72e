//! One run of one entry: instance, gas slices, host calls, the end.
//!
//! The code runs on a slice of the frame's gas that lies in its exported global; the rest
//! stays in the meter here. At each host call what was spent of the slice is taken off the
//! meter, and on return a new slice is handed out. When a slice is spent the code asks for
//! more, which is where an interrupt or deadline is seen at no cost to the hot path.

use std::fmt;

use wasmer::sys::vm::TrapCode;
use wasmer::{
    Extern, Function, FunctionEnv, FunctionEnvMut, Global, Imports, Instance, Memory, RuntimeError, Store,
    StoreMut, Value,
};

use super::compile::Compiled;
use super::imports::import;
use super::instrument::{GAS, GROW, MODULE, OVERFLOW, REFILL};
use crate::error::{Error, Result, Status};
use crate::gas::Gas;
use crate::host::dispatch::{Host, dispatch};
use crate::host::frame::{Finish, INIT_ENTRY};
use crate::host::guest::{Guest, Stop};
use crate::host::state::State;
use crate::host::table::HostFunction;
use crate::outcome::{Halt, Outcome};

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
    /// Nothing that could be run, for a store whose functions are only looked at.
    #[cfg(test)]
    pub(super) fn idle() -> Self {
        Self {
            state: std::ptr::null_mut(),
            memory: None,
            slice: None,
            given: 0,
            gas: Gas::new(0),
            stop: None,
            max_pages: 0,
        }
    }

    fn state(&mut self) -> &mut State<'static> {
        // SAFETY: `run` holds the session exclusively for as long as the instance lives and does
        // not touch it while the code runs; host functions are entered one at a time, and a
        // nested run reborrows from the host function that makes it.
        unsafe { &mut *self.state }
    }

    /// Takes what the code spent of its slice off the meter.
    fn collect(&mut self, store: &mut StoreMut<'_>) {
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
    memory: Option<wasmer::MemoryView<'a>>,
    gas: &'a mut Gas,
}

impl Guest for Waiting<'_> {
    fn memory_len(&self) -> u64 {
        self.memory.as_ref().map_or(0, wasmer::MemoryView::data_size)
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
fn refill(mut env: FunctionEnvMut<'_, Running>, cost: i64) -> std::result::Result<(), Stopped> {
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
fn grow(mut env: FunctionEnvMut<'_, Running>, pages: i32) -> std::result::Result<i32, Stopped> {
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
        let price = self.page_price(old, pages);
        self.gas.charge(price)?;
        if self.state().take_pages(pages).is_err() {
            return Ok(-1);
        }
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
        u64::from(pages) * rules.schedule.memory_page
            + u64::from(beyond) * rules.schedule.memory_page_beyond_half
    }
}

/// The counted stack is used up.
fn overflow(mut env: FunctionEnvMut<'_, Running>) -> std::result::Result<(), Stopped> {
    let (running, mut store) = env.data_and_store_mut();
    running.collect(&mut store);
    running.stop = Some(Halt::StackOverflow.into());
    Err(Stopped)
}

/// Runs an entry in the session's current frame:
/// 1. The entry must exist; a constructor may be absent if it has no input.
/// 2. The memory it begins with is paid and counted.
/// 3. The instance is made and the first slice handed out.
/// 4. The code runs; what it spent is collected.
/// 5. Its end becomes an outcome, unless our or the embedder's failure ended it.
pub(super) fn run(compiled: &Compiled, state: &mut State<'_>, entry: &str, gas: Gas) -> Result<Finish> {
    let info = &compiled.info;
    if !info.entries.iter().any(|name| name == entry) {
        return Ok(match entry == INIT_ENTRY && state.frame().input.is_empty() {
            true => Finish { outcome: Outcome::Success, gas, output: Vec::new() },
            false => Finish::halt(Halt::NoEntry, gas),
        });
    }
    let mut running = Running {
        state: std::ptr::from_mut(state).cast(),
        memory: None,
        slice: None,
        given: 0,
        gas,
        stop: None,
        max_pages: info.max_pages,
    };
    let price = running.page_price(0, info.initial_pages);
    if let Err(halt) = running.gas.charge(price).and_then(|()| running.state().take_pages(info.initial_pages))
    {
        return Ok(Finish::halt(halt, running.gas));
    }
    let mut store = Store::new(compiled.engine.clone());
    let env = FunctionEnv::new(&mut store, running);
    let instance = instantiate(compiled, &mut store, &env)?;
    let ended = start(&instance, &mut store, &env, entry);
    let mut env = env.into_mut(&mut store);
    let (running, mut store) = env.data_and_store_mut();
    running.collect(&mut store);
    finish(running, ended)
}

fn instantiate(compiled: &Compiled, store: &mut Store, env: &FunctionEnv<Running>) -> Result<Instance> {
    let mut imports = Imports::new();
    for name in &compiled.info.imports {
        let function =
            HostFunction::by_name(name).ok_or_else(|| internal("an import is not in the table"))?;
        imports.define("zvm", name, import(function, store, env));
    }
    imports.define(MODULE, REFILL, Function::new_typed_with_env(store, env, refill));
    imports.define(MODULE, GROW, Function::new_typed_with_env(store, env, grow));
    imports.define(MODULE, OVERFLOW, Function::new_typed_with_env(store, env, overflow));
    Instance::new(store, &compiled.module, &imports)
        .map_err(|error| Error::new(Status::Memory, format!("no instance could be made: {error}")))
}

/// Calls the entry and returns its code, 0 where it returns nothing.
fn start(
    instance: &Instance,
    store: &mut Store,
    env: &FunctionEnv<Running>,
    entry: &str,
) -> std::result::Result<i32, RuntimeError> {
    let exported = |name: &str| instance.exports.get_extern(name).cloned();
    {
        let mut env = env.clone().into_mut(store);
        let (running, mut store) = env.data_and_store_mut();
        running.memory = match exported("memory") {
            Some(Extern::Memory(memory)) => Some(memory),
            _ => None,
        };
        running.slice = match exported(GAS) {
            Some(Extern::Global(global)) => Some(global),
            _ => None,
        };
        running.hand_out(&mut store, 0);
    }
    let Some(Extern::Function(function)) = exported(entry) else {
        return Err(RuntimeError::new("validation listed an entry that is not exported"));
    };
    let results = function.call(store, &[])?;
    Ok(results.first().and_then(Value::i32).unwrap_or(0))
}

fn finish(running: &mut Running, ended: std::result::Result<i32, RuntimeError>) -> Result<Finish> {
    let gas = running.gas;
    let (outcome, output) = match (running.stop.take(), ended) {
        (Some(Stop::Error(error)), _) => return Err(*error),
        (Some(Stop::Halt(halt)), _) => return Ok(Finish::halt(halt, gas)),
        (Some(Stop::Revert(data)), _) => (Outcome::Revert, data),
        (None, Err(error)) => return Ok(Finish::halt(trap(error)?, gas)),
        (None, Ok(0)) => (Outcome::Success, running.state().take_output()),
        (None, Ok(code)) => (Outcome::Revert, revert_data(running.state(), code)),
    };
    Ok(Finish { outcome, gas, output })
}

/// What an entry that returned a code reverts with: its output as far as revert data may go, or
/// else the code, big-endian.
fn revert_data(state: &mut State<'_>, code: i32) -> Vec<u8> {
    let mut output = state.take_output();
    output.truncate(state.rules.limits.revert_bytes as usize);
    if output.is_empty() { code.to_be_bytes().to_vec() } else { output }
}

/// The halt a trap of the code is. A trap the instrumentation rules out is a defect of ours.
fn trap(error: RuntimeError) -> Result<Halt> {
    let message = error.message();
    match error.to_trap() {
        Some(TrapCode::UnreachableCodeReached) => Ok(Halt::Unreachable),
        Some(TrapCode::HeapAccessOutOfBounds) => Ok(Halt::MemoryBounds),
        Some(TrapCode::TableAccessOutOfBounds) => Ok(Halt::TableBounds),
        Some(TrapCode::IndirectCallToNull) => Ok(Halt::IndirectNull),
        Some(TrapCode::BadSignature) => Ok(Halt::IndirectType),
        Some(TrapCode::IntegerDivisionByZero) => Ok(Halt::DivideByZero),
        Some(TrapCode::IntegerOverflow) => Ok(Halt::IntegerOverflow),
        Some(TrapCode::BadConversionToInteger) => Ok(Halt::BadConversion),
        other => Err(internal(format!("the code ended in a way it cannot: {other:?}, {message}"))),
    }
}

fn internal(message: impl Into<String>) -> Error {
    Error::new(Status::Internal, message)
}
