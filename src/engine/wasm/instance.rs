//! An instance of a code: made once, run for one entry at a time, put back to its beginning.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr::NonNull;
use std::sync::Arc;

use parking_lot::Mutex;
use wasmer::sys::NativeEngineExt;
use wasmer::sys::vm::{Trap, VMCallerCheckedAnyfunc, wasmer_call_trampoline};
use wasmer::{AsStoreRef, Extern, Store, Value};

use super::compile::{Compiled, Tier};
use super::globals::Globals;
use super::imports::imports;
use super::memory::{Image, Memory, has_room};
use super::running::{Running, has_all_at_once, page_price};
use super::trap::{Traps, halt};
use super::tunables::{Bounded, Parts};
use crate::error::{Error, Result, Status};
use crate::gas::Gas;
use crate::host::frame::{Finish, INIT_ENTRY};
use crate::host::guest::Stop;
use crate::host::state::State;
use crate::outcome::{Halt, Outcome};

/// Runs an entry in the session's current frame:
/// 1. The entry must exist; a constructor may be absent if it has no input.
/// 2. The memory it begins with is paid and counted.
/// 3. An instance is taken from the pool, or made.
/// 4. The code runs; what it spent is collected.
/// 5. The instance goes back to its beginning, and to the pool.
/// 6. The code's end becomes an outcome, unless our or the embedder's failure ended it.
pub(super) fn run(compiled: &Compiled, state: &mut State<'_>, entry: &str, mut gas: Gas) -> Result<Finish> {
    let info = &compiled.info;
    let Some(entry) = info.entries.iter().position(|name| name == entry) else {
        return Ok(match entry == INIT_ENTRY && state.frame().input.is_empty() {
            true => Finish { outcome: Outcome::Success, gas, output: Vec::new() },
            false => Finish::halt(Halt::NoEntry, gas),
        });
    };
    let price = page_price(&state.rules, 0, info.initial_pages);
    if let Err(halt) = gas.charge(price).and_then(|()| state.take_pages(info.initial_pages)) {
        return Ok(Finish::halt(halt, gas));
    }
    let tier = compiled.tier(has_all_at_once(state, gas));
    let mut instance = tier.pool.take(|| Instance::new(compiled, tier))?;
    let ended = instance.call(entry, state, gas);
    tier.pool.give_back(instance);
    finish(ended, state)
}

/// An instance between two calls, with its store and everything a reset must know.
pub(super) struct Instance {
    store: Store,
    running: Lasting,
    entries: Vec<Entry>,
    memory: Option<Arc<Memory>>,
    globals: Globals,
    traps: Arc<Traps>,
}

// SAFETY: wasmer's store is not Send because values that belong to it could be left on a thread;
// this one's are all in here. It refers to its thread only while it runs, in `call`.
unsafe impl Send for Instance {}

/// A value at an address that code knows, not to be moved by whoever owns it.
struct Lasting(NonNull<Running>);

impl Lasting {
    fn new(running: Running) -> Self {
        Self(NonNull::from(Box::leak(Box::new(running))))
    }

    /// # Safety
    /// The code does not run.
    unsafe fn get(&mut self) -> &mut Running {
        // SAFETY: the caller's promise; otherwise only `call` and `new` come here, one at a time.
        unsafe { &mut *self.0.as_ptr() }
    }
}

impl Drop for Lasting {
    fn drop(&mut self) {
        // SAFETY: `new` made it as a box, and the code that knows the address is gone.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

/// An exported entry: validation lets it return an i32 or nothing. Called by its address: wasmer's own call
/// answers every end that is none of the code's with a trace of the native stack, which takes ten times as long
/// as the call.
struct Entry {
    function: VMCallerCheckedAnyfunc,
    is_silent: bool,
}

/// How a call of an instance ended.
struct Ended {
    gas: Gas,
    stop: Option<Stop>,
    /// The entry's code, 0 where it returns nothing.
    code: std::result::Result<i32, Trap>,
    /// Whether the machine had no stack for the code, or could not serve a write.
    broken: bool,
}

/// Address space that must be there for an instance beside its memory: the native stack of its code, and heap for
/// all that is small, whose absence nothing survives.
const ROOM: usize = 32 << 20;

impl Instance {
    fn new(compiled: &Compiled, tier: &Tier) -> Result<Self> {
        if !has_room(ROOM) {
            return Err(Error::new(Status::Memory, "the machine has no address space for another instance"));
        }
        let parts = Arc::new(Mutex::new(Parts::default()));
        let mut engine = tier.engine.clone();
        engine.set_tunables(Bounded::noting(Arc::clone(&parts)));
        let mut store = Store::new(engine);
        let mut running = Lasting::new(Running::idle(compiled.info.max_pages));
        // SAFETY: it goes where the store goes, and is dropped after it.
        let imports = unsafe { imports(&compiled.info.imports, &mut store, running.0) };
        let imports = imports.ok_or_else(|| internal("an import is not in the table"))?;
        // Here too wasmer wants a stack, and panics where there is none.
        let make =
            || wasmer::Instance::new(&mut store, &tier.module, &imports).map_err(|error| error.to_string());
        let made = catch_unwind(AssertUnwindSafe(make)).unwrap_or_else(|_| Err("no native stack".into()));
        let failed = |why| Error::new(Status::Memory, format!("no instance could be made: {why}"));
        let instance = made.map_err(failed)?;
        let Parts { memory, globals } = std::mem::take(&mut *parts.lock());
        // SAFETY: the instance lives in the store beside this value.
        let globals = unsafe { Globals::new(globals, &tier.module) };
        let globals = globals.ok_or_else(|| internal("the code does not export its gas"))?;
        // SAFETY: the gas global of the instance whose imports were given this value.
        unsafe { running.get().attach(memory.clone(), globals.gas()) };
        let entries = compiled.info.entries.iter().map(|name| Entry::of(&instance, &store, name));
        let entries = entries.collect::<Result<_>>()?;
        let traps = Arc::new(Traps::new(memory.clone()));
        store.set_trap_handler(Some(traps.handler()));
        Ok(Self { store, running, entries, memory, globals, traps })
    }

    /// What its memory holds before the first call.
    pub(super) fn image(&self) -> Image {
        self.memory.as_ref().map_or_else(Image::default, |memory| memory.image())
    }

    /// Begins to note what is written. `likely` pages are taken for written.
    pub(super) fn watch(&self, likely: &[u32]) -> Result<()> {
        let watched = self.memory.as_ref().map_or(Ok(()), |memory| memory.watch(likely));
        watched.map_err(|error| Error::new(Status::Memory, format!("a memory cannot be watched: {error}")))
    }

    /// The pages that are taken for written.
    pub(super) fn written(&self) -> Vec<u32> {
        self.memory.as_ref().map_or_else(Vec::new, |memory| memory.open_pages())
    }

    fn call(&mut self, entry: usize, state: &mut State<'_>, gas: Gas) -> Ended {
        let Self { store, running, entries, memory, traps, .. } = self;
        // SAFETY: the code does not run yet. The session is ours until `end`, and nobody touches it
        // but host functions.
        unsafe { running.get().begin(state, gas) };
        // SAFETY: the entry is of an instance of this store, which is not used otherwise until the code is done.
        let called = || unsafe { entries[entry].call(store) };
        // Where the machine has no stack for the code, wasmer panics before it begins.
        let called = catch_unwind(AssertUnwindSafe(called));
        // SAFETY: the code does not run any more.
        let running = unsafe { running.get() };
        let (gas, stop) = running.end();
        let broken = called.is_err() || memory.as_ref().is_some_and(|memory| memory.is_broken());
        let code =
            called.unwrap_or_else(|panic| if running.has_panicked() { resume_unwind(panic) } else { Ok(0) });
        let code = code.map_err(|trap| traps.take().unwrap_or(trap));
        Ended { gas, stop, code, broken }
    }

    /// Before another call.
    pub(super) fn wake(&self, image: &Image) {
        if let Some(memory) = &self.memory {
            memory.wake(image);
        }
    }

    /// Puts everything a call may have changed back: memory, length, globals. Tables and segments
    /// cannot change: validation refuses what could.
    ///
    /// # Errors
    /// [`Status::Memory`]: the instance is to be dropped.
    pub(super) fn reset(&mut self, image: &Image) -> Result<()> {
        self.globals.reset();
        let reset = self.memory.as_ref().map_or(Ok(()), |memory| memory.reset(image));
        reset.map_err(|error| Error::new(Status::Memory, format!("a memory cannot be reset: {error}")))
    }
}

impl Entry {
    /// The entry of this name of an instance of the store.
    fn of(instance: &wasmer::Instance, store: &Store, name: &str) -> Result<Self> {
        let Some(Extern::Function(function)) = instance.exports.get_extern(name) else {
            return Err(internal("validation listed an entry that is not exported"));
        };
        let is_silent = function.ty(store).results().is_empty();
        let raw = Value::FuncRef(Some(function.clone())).as_raw(store);
        // SAFETY: a reference to a function of this store is the address of its record.
        let function = unsafe { *(raw.funcref as *const VMCallerCheckedAnyfunc) };
        Ok(Self { function, is_silent })
    }

    /// # Safety
    /// The store is that of the entry's instance, which nobody else uses.
    unsafe fn call(&self, store: &Store) -> std::result::Result<i32, Trap> {
        let VMCallerCheckedAnyfunc { func_ptr, vmctx, call_trampoline, .. } = self.function;
        let config = store.engine().tunables().vmconfig();
        let handler = store.as_store_ref().signal_handler();
        // As wide as any value.
        let mut result = 0_u128;
        // SAFETY: the record's own parts go together, and there is room for a result.
        unsafe {
            let place = std::ptr::from_mut(&mut result).cast();
            wasmer_call_trampoline(handler, config, vmctx, call_trampoline, func_ptr, place)?;
        }
        Ok(if self.is_silent { 0 } else { result as i32 })
    }
}

fn finish(ended: Ended, state: &mut State<'_>) -> Result<Finish> {
    let Ended { gas, stop, code, broken } = ended;
    if broken {
        return Err(Error::new(Status::Memory, "the machine has no memory for the contract"));
    }
    let (outcome, output) = match (stop, code) {
        (Some(Stop::Error(error)), _) => return Err(*error),
        (Some(Stop::Halt(halt)), _) => return Ok(Finish::halt(halt, gas)),
        (Some(Stop::Revert(data)), _) => (Outcome::Revert, data),
        (None, Err(trap)) => return Ok(Finish::halt(halt(trap)?, gas)),
        (None, Ok(0)) => (Outcome::Success, state.take_output()),
        (None, Ok(code)) => (Outcome::Revert, revert_data(state, code)),
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

fn internal(message: impl Into<String>) -> Error {
    Error::new(Status::Internal, message)
}
