//! One run of one entry: an instance is made, the code runs, its end becomes an outcome.

use wasmer::sys::vm::TrapCode;
use wasmer::{Extern, Function, FunctionEnv, Imports, Instance, RuntimeError, Store, Value};

use super::compile::{Compiled, Tier};
use super::imports::import;
use super::instrument::{GAS, GROW, MODULE, OVERFLOW, REFILL};
use super::running::{Running, grow, overflow, refill};
use crate::error::{Error, Result, Status};
use crate::gas::Gas;
use crate::host::frame::{Finish, INIT_ENTRY};
use crate::host::guest::Stop;
use crate::host::state::State;
use crate::host::table::HostFunction;
use crate::outcome::{Halt, Outcome};

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
    let mut running = Running::new(state, gas, info.max_pages);
    if let Err(halt) = running.begin(info.initial_pages) {
        return Ok(Finish::halt(halt, running.gas()));
    }
    let tier = compiled.tier();
    let mut store = Store::new(tier.engine.clone());
    let env = FunctionEnv::new(&mut store, running);
    let instance = instantiate(tier, &info.imports, &mut store, &env)?;
    let ended = start(&instance, &mut store, &env, entry);
    let mut env = env.into_mut(&mut store);
    let (running, mut store) = env.data_and_store_mut();
    running.collect(&mut store);
    finish(running, ended)
}

fn instantiate(
    tier: &Tier,
    named: &[String],
    store: &mut Store,
    env: &FunctionEnv<Running>,
) -> Result<Instance> {
    let mut imports = Imports::new();
    for name in named {
        let function =
            HostFunction::by_name(name).ok_or_else(|| internal("an import is not in the table"))?;
        imports.define("zvm", name, import(function, store, env));
    }
    imports.define(MODULE, REFILL, Function::new_typed_with_env(store, env, refill));
    imports.define(MODULE, GROW, Function::new_typed_with_env(store, env, grow));
    imports.define(MODULE, OVERFLOW, Function::new_typed_with_env(store, env, overflow));
    Instance::new(store, &tier.module, &imports)
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
        let memory = match exported("memory") {
            Some(Extern::Memory(memory)) => Some(memory),
            _ => None,
        };
        let slice = match exported(GAS) {
            Some(Extern::Global(global)) => Some(global),
            _ => None,
        };
        running.attach(&mut store, memory, slice);
    }
    let Some(Extern::Function(function)) = exported(entry) else {
        return Err(RuntimeError::new("validation listed an entry that is not exported"));
    };
    let results = function.call(store, &[])?;
    Ok(results.first().and_then(Value::i32).unwrap_or(0))
}

fn finish(running: &mut Running, ended: std::result::Result<i32, RuntimeError>) -> Result<Finish> {
    let gas = running.gas();
    let (outcome, output) = match (running.take_stop(), ended) {
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
