//! What metering costs code that runs: the same kernels bare, instrumented by the library, and under wasmer's
//! own middleware, on both compilers.
//!
//! A kernel's ratio is the median over rounds, in each of which all variants run one after the other; the
//! rounds are repeated with the code at several places, and the ratios of the places averaged.

use std::error::Error;
use std::sync::Arc;

use wasmer::sys::CompilerConfig;
use wasmer::{
    Extern, Function, FunctionEnv, FunctionEnvMut, Global, Imports, Instance, Memory, Module, RuntimeError,
    Store, TypedFunction, Value,
};
use wasmer_middlewares::Metering;
use zvm::engine::wasm::instrument::{Form, GAS, GROW, MODULE, REFILL, Refill, STACK, TRAP, instrument};
use zvm::engine::wasm::validate::{Policy, validate};
use zvm::{Limits, Schedule};
use zvm_bench::figures::{geometric_mean, median};
use zvm_bench::machine::{Compiler, engine};
use zvm_bench::{clock, rewrite};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The suite: a kernel and how often it repeats itself, some milliseconds on Singlepass.
const KERNELS: [(&str, u32); 9] = [
    ("sha256", 40),
    ("keccak", 40),
    ("fib", 20),
    ("quicksort", 3),
    ("sieve", 4),
    ("matrix", 4),
    ("u256_multiply", 15_000),
    ("json_scan", 30),
    ("btree_map", 6),
];

const SEED: u32 = 0x2545_f491;
const ROUNDS: usize = 11;
/// Stores in the function that lies in front of the others, a place each.
const PLACES: [u32; 4] = [0, 3, 6, 9];
/// Gas handed out at a time while something may stop the call, as the library does, and while nothing can.
const SLICE: i64 = 1 << 22;
const ALL: i64 = 1 << 62;

/// Time by time of the bare code.
pub(crate) struct Overhead {
    pub(crate) ours: f64,
    pub(crate) stock: f64,
    /// Nanoseconds that a unit of gas buys, metered by us.
    pub(crate) per_gas: f64,
}

/// Measures the suite on a compiler: a row for each kernel, then their geometric mean.
pub(crate) fn measure(
    wasm: &[u8],
    compiler: Compiler,
    refill: Refill,
) -> Result<Vec<(&'static str, Overhead)>> {
    let mut figures: Vec<[Vec<f64>; 3]> = KERNELS.iter().map(|_| Default::default()).collect();
    for place in PLACES {
        let wasm = rewrite::moved(wasm, place)?;
        let ours = ours(&wasm, compiler, refill)?;
        let mut programs = [bare(&wasm, compiler)?, ours, stock(&wasm, compiler)?];
        for (kernel, figures) in figures.iter_mut().enumerate() {
            for (figure, list) in compare(kernel, &mut programs)?.into_iter().zip(figures) {
                list.push(figure);
            }
        }
    }
    let overhead = |[ours, stock, per_gas]: [&[f64]; 3]| Overhead {
        ours: geometric_mean(ours),
        stock: geometric_mean(stock),
        per_gas: geometric_mean(per_gas),
    };
    let of_kernel = |of: &[Vec<f64>; 3]| overhead(of.each_ref().map(Vec::as_slice));
    let mut rows: Vec<_> =
        KERNELS.iter().zip(&figures).map(|((name, _), of)| (*name, of_kernel(of))).collect();
    let all = [0, 1, 2].map(|figure| figures.iter().flat_map(|of| of[figure].clone()).collect::<Vec<_>>());
    let whole = overhead(all.each_ref().map(Vec::as_slice));
    rows.push(("geometric mean", whole));
    Ok(rows)
}

/// The figures of one kernel at one place, as in [`Overhead`].
fn compare(kernel: usize, programs: &mut [Program; 3]) -> Result<[f64; 3]> {
    let (mut ours, mut stock, mut per_gas) = (Vec::new(), Vec::new(), Vec::new());
    let mut expected = None;
    // The first round warms up.
    for round in 0..=ROUNDS {
        let mut times = [0.0; 3];
        for turn in 0..programs.len() {
            let at = (turn + round) % programs.len();
            let (result, time) = programs[at].run(kernel)?;
            if *expected.get_or_insert(result) != result {
                return Err(format!("{}: the variants disagree", KERNELS[kernel].0).into());
            }
            times[at] = time;
        }
        if round > 0 {
            ours.push(times[1] / times[0]);
            stock.push(times[2] / times[0]);
            per_gas.push(times[1] / programs[1].spent()?);
        }
    }
    Ok([median(&ours), median(&stock), median(&per_gas)])
}

/// The kernels, compiled in one of three ways.
struct Program {
    store: Store,
    kernels: Vec<TypedFunction<(u32, u32), u32>>,
    meter: Option<FunctionEnv<Meter>>,
}

impl Program {
    fn new(store: Store, instance: &Instance, meter: Option<FunctionEnv<Meter>>) -> Result<Self> {
        let kernel = |(name, _): &(&str, u32)| instance.exports.get_typed_function(&store, name);
        let kernels = KERNELS.iter().map(kernel).collect::<std::result::Result<_, _>>()?;
        Ok(Self { store, kernels, meter })
    }

    /// Gas of the last run.
    fn spent(&mut self) -> Result<f64> {
        let mut meter = self.meter.clone().ok_or("the program is not metered")?.into_mut(&mut self.store);
        let (meter, mut store) = meter.data_and_store_mut();
        let left = meter.gas()?.get(&mut store).i64().ok_or("the gas is no i64")?;
        Ok((meter.handed_out - left) as f64)
    }

    fn run(&mut self, kernel: usize) -> Result<(u32, f64)> {
        if let Some(meter) = &self.meter {
            let mut meter = meter.clone().into_mut(&mut self.store);
            let (meter, mut store) = meter.data_and_store_mut();
            meter.handed_out = meter.slice;
            meter.gas()?.set(&mut store, Value::I64(meter.slice))?;
            // Nothing is given back of the counted stack: whoever calls from outside fills it.
            let stack = meter.stack.clone().ok_or("the metered module exports no stack")?;
            stack.set(&mut store, Value::I32(Limits::default().stack_words as i32))?;
        }
        let began = clock::thread();
        let result = self.kernels[kernel].call(&mut self.store, KERNELS[kernel].1, SEED)?;
        Ok((result, clock::thread() - began))
    }
}

fn compiled(
    wasm: &[u8],
    compiler: Compiler,
    prepare: impl FnOnce(&mut dyn CompilerConfig),
) -> Result<(Store, Module)> {
    let store = Store::new(engine(compiler, prepare));
    let module = Module::new(&store, wasm)?;
    Ok((store, module))
}

fn bare(wasm: &[u8], compiler: Compiler) -> Result<Program> {
    let (mut store, module) = compiled(wasm, compiler, |_| ())?;
    let instance = Instance::new(&mut store, &module, &Imports::new())?;
    Program::new(store, &instance, None)
}

/// One point for each operator. Such an object meters one module and panics at a second.
fn stock(wasm: &[u8], compiler: Compiler) -> Result<Program> {
    let metering = Arc::new(Metering::new(u64::MAX >> 1, |_: &wasmer::wasmparser::Operator<'_>| 1));
    let (mut store, module) = compiled(wasm, compiler, |config| config.push_middleware(metering))?;
    let instance = Instance::new(&mut store, &module, &Imports::new())?;
    Program::new(store, &instance, None)
}

/// What the imports of the instrumentation need.
#[derive(Default)]
struct Meter {
    gas: Option<Global>,
    stack: Option<Global>,
    memory: Option<Memory>,
    slice: i64,
    handed_out: i64,
}

impl Meter {
    fn gas(&self) -> std::result::Result<Global, RuntimeError> {
        self.gas.clone().ok_or_else(|| RuntimeError::new("the metered module exports no gas"))
    }
}

fn ours(wasm: &[u8], compiler: Compiler, refill: Refill) -> Result<Program> {
    let (limits, schedule) = (Limits::default(), Schedule::default());
    let checked = validate(wasm, &Policy { limits: &limits, deny_floats: false, import: &|_| None })?;
    let form = Form { refill, ..Form::default() };
    let metered = instrument(wasm, &checked, &limits, &schedule, form)?;
    let (mut store, module) = compiled(&metered, compiler, |_| ())?;
    let slice = if refill == Refill::Ends { ALL } else { SLICE };
    let env = FunctionEnv::new(&mut store, Meter { slice, ..Meter::default() });
    let mut imports = Imports::new();
    imports.define(MODULE, REFILL, Function::new_typed_with_env(&mut store, &env, hand_out));
    imports.define(MODULE, GROW, Function::new_typed_with_env(&mut store, &env, grow));
    imports.define(MODULE, TRAP, Function::new_typed_with_env(&mut store, &env, trap));
    let instance = Instance::new(&mut store, &module, &imports)?;
    let meter = env.as_mut(&mut store);
    let global = |name| match instance.exports.get_extern(name) {
        Some(Extern::Global(global)) => Some(global.clone()),
        _ => None,
    };
    (meter.gas, meter.stack) = (global(GAS), global(STACK));
    meter.memory = instance.exports.get_memory("memory").ok().cloned();
    Program::new(store, &instance, Some(env))
}

/// The next slice. It has to cover what is asked for.
fn hand_out(mut env: FunctionEnvMut<'_, Meter>, need: i64) -> std::result::Result<(), RuntimeError> {
    let (meter, mut store) = env.data_and_store_mut();
    let gas = meter.gas()?;
    let left = gas.get(&mut store).i64().unwrap_or(0);
    let slice = meter.slice.max(need);
    meter.handed_out += slice - left;
    gas.set(&mut store, Value::I64(slice))
}

fn grow(mut env: FunctionEnvMut<'_, Meter>, pages: i32) -> i32 {
    let (meter, mut store) = env.data_and_store_mut();
    let grown = meter.memory.clone().and_then(|memory| memory.grow(&mut store, pages.cast_unsigned()).ok());
    grown.map_or(-1, |old| old.0.cast_signed())
}

fn trap(_: FunctionEnvMut<'_, Meter>, halt: i32) -> std::result::Result<(), RuntimeError> {
    Err(RuntimeError::new(format!("the code ended with {halt}")))
}
