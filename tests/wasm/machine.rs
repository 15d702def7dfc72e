//! An interpreter with the metering imports, so that what instrumentation promises can be seen.

use std::fmt;

use wasmi::{Caller, Config, Engine, Error, Extern, Func, Instance, Linker, Module, Store, TrapCode, Val};
use zvm::engine::wasm::instrument::{Form, GAS, MODULE, Refill, STACK, Traps, instrument};
use zvm::engine::wasm::validate::{self, Policy, Signature, validate};
use zvm::error::Result;
use zvm::gas::Schedule;
use zvm::host::kinds::Scalar;
use zvm::host::table::HostFunction;
use zvm::limits::Limits;
use zvm::outcome::Halt;

/// The host functions that the test's module `zvm` offers, a few of each shape.
pub(crate) fn import(name: &str) -> Option<Signature> {
    use Scalar::{I32, I64};
    let (params, result): (&'static [Scalar], Option<Scalar>) = match name {
        "block_number" | "gas_left" => (&[], Some(I64)),
        "input_size" => (&[], Some(I32)),
        "debug_log" => (&[I32, I32], None),
        "transfer" => (&[I32, I32], Some(I32)),
        "block_hash" => (&[I64, I32], Some(I32)),
        // Those of the specification's tests.
        "print" => (&[], None),
        "print_i32" => (&[I32], None),
        "print_i64" => (&[I64], None),
        _ => {
            let row = HostFunction::by_name(name)?.row();
            (row.scalars, row.returns.scalar())
        }
    };
    Some(Signature { params, result })
}

/// Validates with the default limits, floats allowed.
pub(crate) fn check(wasm: &[u8]) -> Result<validate::Module> {
    check_with(wasm, &Limits::default())
}

/// Validates with these limits, floats allowed.
pub(crate) fn check_with(wasm: &[u8], limits: &Limits) -> Result<validate::Module> {
    validate(wasm, &Policy { limits, deny_floats: false, import: &import })
}

/// Text to bytes.
pub(crate) fn assemble(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The prices that the tests of the rewriting count by: small ones, whatever the default is.
pub(crate) fn prices() -> Schedule {
    Schedule {
        memory_access: 2,
        division: 8,
        float: 4,
        float_division: 12,
        function_call: 8,
        indirect_call: 16,
        bulk: 8,
        fill_nothing: 5,
        memory_page: 1024,
        ..Schedule::default()
    }
}

/// Validates and instruments by the default limits, and checks that the result is a valid module.
pub(crate) fn meter(wasm: &[u8]) -> Vec<u8> {
    meter_with(wasm, &Limits::default(), &prices())
}

/// The same for code that traps by calls.
pub(crate) fn meter_calling(wasm: &[u8]) -> Vec<u8> {
    let form = Form { traps: Traps::Calls, ..Form::default() };
    meter_how(wasm, &Limits::default(), &prices(), form)
}

/// The same for code that never goes on behind a refill.
pub(crate) fn meter_ending(wasm: &[u8]) -> Vec<u8> {
    let form = Form { refill: Refill::Ends, ..Form::default() };
    meter_how(wasm, &Limits::default(), &prices(), form)
}

/// Validates and instruments, and checks that the result is a valid module.
pub(crate) fn meter_with(wasm: &[u8], limits: &Limits, schedule: &Schedule) -> Vec<u8> {
    meter_how(wasm, limits, schedule, Form::default())
}

fn meter_how(wasm: &[u8], limits: &Limits, schedule: &Schedule, form: Form) -> Vec<u8> {
    let module = check_with(wasm, limits).expect("the module is valid");
    let metered = instrument(wasm, &module, limits, schedule, form).expect("a valid module is metered");
    wasmparser::validate(&metered).expect("the result is valid");
    metered
}

/// Why a run stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    OutOfGas,
    StackOverflow,
    Trap(TrapCode),
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl wasmi::errors::HostError for Stop {}

/// What a run left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// The results' bits.
    pub(crate) result: std::result::Result<Vec<u64>, Stop>,
    /// Gas used.
    pub(crate) used: u64,
    /// The counted stack after it.
    pub(crate) stack: i32,
}

/// The most the host may hand out at once.
pub(crate) const MOST: u64 = 1 << 62;

/// What the metering imports know.
struct Host {
    /// Gas that the code does not see yet.
    reserve: u64,
    /// What a refill hands out at a time.
    slice: u64,
    page_price: u64,
    maximum: u64,
}

/// Whether metered code looks at everything that would trap: then it has a global behind the counted
/// stack, for the bytes of the memory.
pub(crate) fn checks_for_itself(metered: &[u8]) -> bool {
    let (mut globals, mut stack) = (0, None);
    for payload in wasmparser::Parser::new(0).parse_all(metered).flatten() {
        match payload {
            wasmparser::Payload::GlobalSection(section) => globals = section.count(),
            wasmparser::Payload::ExportSection(section) => {
                let export = section.into_iter().flatten().find(|export| export.name == STACK);
                stack = export.map(|export| export.index);
            }
            _ => {}
        }
    }
    stack.is_some_and(|stack| stack + 1 < globals)
}

/// One instance.
pub(crate) struct Machine {
    /// Whether its code traps by calls, so that no operator may.
    calling: bool,
    /// The whole counted stack.
    full: i32,
    store: Store<Host>,
    instance: Instance,
}

impl Machine {
    /// An instance of a module, metered or not.
    pub(crate) fn new(wasm: &[u8]) -> Self {
        let mut config = Config::default();
        config.set_max_recursion_depth(100_000).set_max_stack_height(1 << 28);
        let engine = Engine::new(&config);
        let module = Module::new(&engine, wasm).expect("the interpreter takes the module");
        let calling = checks_for_itself(wasm);
        let maximum = module.exports().find_map(|export| export.ty().memory().map(|ty| ty.maximum()));
        let host = Host {
            reserve: 0,
            slice: 0,
            page_price: prices().memory_page,
            maximum: maximum.flatten().unwrap_or(0),
        };
        let mut store = Store::new(&engine, host);
        let mut linker = Linker::new(&engine);
        link_meter(&mut linker);
        link_contract(&mut linker);
        let instance = linker.instantiate_and_start(&mut store, &module).expect("it instantiates");
        let mut machine = Self { calling, full: 0, store, instance };
        machine.full = machine.global(STACK).unwrap_or(0) as i32;
        machine
    }

    /// Calls an export with all the gas at hand at once.
    pub(crate) fn call(&mut self, name: &str, args: &[Val], gas: u64) -> Run {
        self.call_in_slices(name, args, gas, u64::MAX)
    }

    /// Calls an export with gas handed out in slices.
    pub(crate) fn call_in_slices(&mut self, name: &str, args: &[Val], gas: u64, slice: u64) -> Run {
        let first = gas.min(slice).min(MOST);
        self.set_gas(first);
        self.fill_stack();
        *self.store.data_mut() = Host { reserve: gas - first, slice, ..*self.store.data() };
        let function = self.function(name);
        let mut results: Vec<Val> =
            function.ty(&self.store).results().iter().map(|ty| Val::default_for_ty(*ty)).collect();
        let outcome = function.call(&mut self.store, args, &mut results);
        let result = outcome.map(|()| results.iter().map(bits).collect()).map_err(|error| self.stop(error));
        // The code may have spent more than was at hand, which is more than it had if there is no reserve.
        let left = self.global(GAS).map_or(0, |gas| gas as i64 as i128 + self.store.data().reserve as i128);
        let result = if left < 0 { Err(Stop::OutOfGas) } else { result };
        let left = left.max(0) as u64;
        let stack = self.global(STACK).unwrap_or(0) as i32;
        let used = if result == Err(Stop::OutOfGas) { gas } else { gas - left };
        Run { result, used, stack }
    }

    /// The bits of an exported global.
    pub(crate) fn global(&self, name: &str) -> Option<u64> {
        self.instance.get_global(&self.store, name).map(|global| bits(&global.get(&self.store)))
    }

    /// The bytes of the memory, none if there is none.
    pub(crate) fn memory(&self) -> &[u8] {
        self.instance.get_memory(&self.store, "memory").map_or(&[], |memory| memory.data(&self.store))
    }

    /// The exported functions by name.
    pub(crate) fn functions(&self) -> Vec<(String, Func)> {
        let exports = self.instance.exports(&self.store);
        exports
            .filter_map(|export| {
                let name = export.name().to_owned();
                export.into_func().map(|function| (name, function))
            })
            .collect()
    }

    /// An argument list of zeros and ones for an export.
    pub(crate) fn arguments(&self, name: &str) -> Vec<Val> {
        let ty = self.function(name).ty(&self.store);
        ty.params().iter().map(|ty| Val::default_for_ty(*ty)).collect()
    }

    fn function(&self, name: &str) -> Func {
        self.instance.get_func(&self.store, name).unwrap_or_else(|| panic!("no function {name}"))
    }

    fn stop(&self, error: Error) -> Stop {
        match error.as_trap_code() {
            Some(code) if self.calling => panic!("an operator trapped: {code:?}"),
            Some(code) => Stop::Trap(code),
            None => error.downcast_ref::<Stop>().unwrap_or_else(|| panic!("{error}")).clone(),
        }
    }

    /// The host's part of counting the stack: each entry begins with all of it.
    fn fill_stack(&mut self) {
        if let Some(global) = self.instance.get_global(&self.store, STACK) {
            global.set(&mut self.store, Val::I32(self.full)).expect("the stack is a mutable i32");
        }
    }

    fn set_gas(&mut self, gas: u64) {
        if let Some(global) = self.instance.get_global(&self.store, GAS) {
            global.set(&mut self.store, Val::I64(gas as i64)).expect("the gas is a mutable i64");
        }
    }
}

fn bits(value: &Val) -> u64 {
    match value {
        Val::I32(value) => u64::from(*value as u32),
        Val::I64(value) => *value as u64,
        Val::F32(value) => u64::from(value.to_bits()),
        Val::F64(value) => value.to_bits(),
        other => panic!("a value no contract has: {other:?}"),
    }
}

fn link_meter(linker: &mut Linker<Host>) {
    linker.func_wrap(MODULE, "refill", refill).expect("a new name");
    linker.func_wrap(MODULE, "grow", grow).expect("a new name");
    linker.func_wrap(MODULE, "trap", trap).expect("a new name");
}

fn link_contract(linker: &mut Linker<Host>) {
    linker.func_wrap("zvm", "block_number", || -> i64 { 7 }).expect("a new name");
    linker.func_wrap("zvm", "input_size", || -> i32 { 5 }).expect("a new name");
    linker.func_wrap("zvm", "debug_log", |_: i32, _: i32| {}).expect("a new name");
    linker.func_wrap("zvm", "transfer", |a: i32, b: i32| a.wrapping_sub(b)).expect("a new name");
    linker.func_wrap("zvm", "block_hash", |a: i64, _: i32| a as i32).expect("a new name");
    let gas_left = |caller: Caller<'_, Host>| -> std::result::Result<i64, Error> {
        all(&caller).map(|all| all as i64).ok_or_else(|| Error::host(Stop::OutOfGas))
    };
    linker.func_wrap("zvm", "gas_left", gas_left).expect("a new name");
}

/// All the gas there is; none if more was spent.
fn all(caller: &Caller<'_, Host>) -> Option<u64> {
    u64::try_from(i128::from(gas(caller)) + i128::from(caller.data().reserve)).ok()
}

fn gas(caller: &Caller<'_, Host>) -> i64 {
    match caller.get_export(GAS) {
        Some(Extern::Global(global)) => bits(&global.get(caller)) as i64,
        _ => 0,
    }
}

fn set_gas(caller: &mut Caller<'_, Host>, gas: u64) {
    if let Some(Extern::Global(global)) = caller.get_export(GAS) {
        global.set(&mut *caller, Val::I64(gas as i64)).expect("the gas is a mutable i64");
    }
}

fn refill(mut caller: Caller<'_, Host>, need: i64) -> std::result::Result<(), Error> {
    let need = need as u64;
    let Some(all) = all(&caller).filter(|all| *all >= need) else {
        return Err(Error::host(Stop::OutOfGas));
    };
    let slice = caller.data().slice.min(MOST).max(need).min(all);
    caller.data_mut().reserve = all - slice;
    set_gas(&mut caller, slice);
    Ok(())
}

fn trap(halt: i32) -> std::result::Result<(), Error> {
    Err(Error::host(told(halt as u32)))
}

/// How code ends that says so by the number of the halt.
pub(crate) fn told(halt: u32) -> Stop {
    Stop::Trap(match Halt::from_number(halt) {
        Some(Halt::StackOverflow) => return Stop::StackOverflow,
        Some(Halt::Unreachable) => TrapCode::UnreachableCodeReached,
        Some(Halt::MemoryBounds) => TrapCode::MemoryOutOfBounds,
        Some(Halt::TableBounds) => TrapCode::TableOutOfBounds,
        Some(Halt::IndirectNull) => TrapCode::IndirectCallToNull,
        Some(Halt::IndirectType) => TrapCode::BadSignature,
        Some(Halt::DivideByZero) => TrapCode::IntegerDivisionByZero,
        Some(Halt::IntegerOverflow) => TrapCode::IntegerOverflow,
        Some(Halt::BadConversion) => TrapCode::BadConversionToInteger,
        other => panic!("no trap of the code's: {other:?}"),
    })
}

fn grow(mut caller: Caller<'_, Host>, pages: i32) -> std::result::Result<i32, Error> {
    let Some(Extern::Memory(memory)) = caller.get_export("memory") else { return Ok(-1) };
    let more = u64::from(pages as u32);
    if memory.size(&caller) + more > caller.data().maximum {
        return Ok(-1);
    }
    let price = more * caller.data().page_price;
    let Some(left) = all(&caller).and_then(|all| all.checked_sub(price)) else {
        return Err(Error::host(Stop::OutOfGas));
    };
    let gas = caller.data().slice.min(left).min(MOST);
    caller.data_mut().reserve = left - gas;
    set_gas(&mut caller, gas);
    Ok(memory.grow(&mut caller, more).map_or(-1, |old| old as i32))
}
