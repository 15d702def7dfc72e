//! wasmi, the machine without a compiler, in its last version before it fused operators freely.
//!
//! 2.0.0 gets some of that wrong, in about one generated module of three hundred: `select` on
//! `i32.eqz` over a comparison takes the wrong side.

use wasmi_v1 as wasmi;

use wasmi::{Caller, Config, Error, Extern, FuncType, Linker, Memory, Module, Store, TrapCode, Val, ValType};
use zvm::engine::wasm::instrument::{GAS, GROW, MODULE, REFILL, STACK, TRAP};
use zvm::host::kinds::Scalar;

use super::host::{Host, Reach, Stub, stubs};
use super::machines::{Code, Engine, Instance, Run};
use crate::machine::{MOST, Stop, told};

/// The interpreter.
pub(crate) struct Wasmi(wasmi::Engine);

impl Wasmi {
    pub(crate) fn new() -> Self {
        let mut config = Config::default();
        config.set_max_recursion_depth(100_000).set_max_stack_height(1 << 26);
        Self(wasmi::Engine::new(&config))
    }
}

impl Engine for Wasmi {
    fn name(&self) -> &'static str {
        "wasmi"
    }

    fn load(&self, metered: &[u8]) -> Result<Box<dyn Code>, String> {
        let module = Module::new(&self.0, metered).map_err(|error| error.to_string())?;
        let mut linker = Linker::new(&self.0);
        link(&mut linker);
        Ok(Box::new(Loaded { engine: self.0.clone(), module, linker }))
    }
}

struct Loaded {
    engine: wasmi::Engine,
    module: Module,
    linker: Linker<Host>,
}

impl Code for Loaded {
    fn start(&self) -> Box<dyn Instance> {
        let memory = self.module.exports().find_map(|export| export.ty().memory().copied());
        let host = Host::new(memory.and_then(|memory| memory.maximum()).unwrap_or(0));
        let mut store = Store::new(&self.engine, host);
        let instance = self.linker.instantiate_and_start(&mut store, &self.module).expect("it instantiates");
        let full_stack = instance.get_global(&store, STACK).expect("metered code").get(&store);
        Box::new(Living { store, instance, full_stack })
    }
}

struct Living {
    store: Store<Host>,
    instance: wasmi::Instance,
    full_stack: Val,
}

impl Instance for Living {
    fn call(&mut self, export: &str, args: &[u64], gas: u64, slice: u64) -> Run {
        let first = gas.min(slice).min(MOST);
        (self.store.data_mut().reserve, self.store.data_mut().slice) = (gas - first, slice);
        let at_hand = self.instance.get_global(&self.store, GAS).expect("metered code");
        at_hand.set(&mut self.store, Val::I64(first as i64)).expect("the gas is a mutable i64");
        let stack = self.instance.get_global(&self.store, STACK).expect("metered code");
        stack.set(&mut self.store, self.full_stack.clone()).expect("the stack is a mutable i32");
        let function = self.instance.get_func(&self.store, export).expect("an exported function");
        let ty = function.ty(&self.store);
        let args: Vec<Val> = ty.params().iter().zip(args).map(|(ty, bits)| value(*ty, *bits)).collect();
        let mut results: Vec<Val> = ty.results().iter().map(|ty| Val::default(*ty)).collect();
        let outcome = function.call(&mut self.store, &args, &mut results);
        let result = outcome.map(|()| results.iter().map(bits).collect()).map_err(stop);
        let (at_hand, stack) = (bits(&at_hand.get(&self.store)), self.global(STACK));
        Run::ended(result, at_hand, self.store.data(), stack.expect("metered code"))
    }

    fn global(&mut self, export: &str) -> Option<u64> {
        self.instance.get_global(&self.store, export).map(|global| bits(&global.get(&self.store)))
    }

    fn with_memory(&mut self, look: &mut dyn FnMut(&[u8])) {
        match self.instance.get_memory(&self.store, "memory") {
            Some(memory) => look(memory.data(&self.store)),
            None => look(&[]),
        }
    }
}

fn value(ty: ValType, bits: u64) -> Val {
    match ty {
        ValType::I32 => Val::I32(bits as i32),
        ValType::I64 => Val::I64(bits as i64),
        ValType::F32 => Val::F32(wasmi::F32::from_bits(bits as u32)),
        ValType::F64 => Val::F64(wasmi::F64::from_bits(bits)),
        other => panic!("a parameter no contract has: {other:?}"),
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

impl wasmi::errors::HostError for Stop {}

/// Traps in the words of the other machine of the tests.
fn stop(error: Error) -> Stop {
    use ::wasmi::TrapCode as Word;
    let Some(code) = error.as_trap_code() else {
        return error
            .downcast_ref::<Stop>()
            .unwrap_or_else(|| panic!("an end no contract has: {error}"))
            .clone();
    };
    Stop::Trap(match code {
        TrapCode::UnreachableCodeReached => Word::UnreachableCodeReached,
        TrapCode::MemoryOutOfBounds => Word::MemoryOutOfBounds,
        TrapCode::TableOutOfBounds => Word::TableOutOfBounds,
        TrapCode::IndirectCallToNull => Word::IndirectCallToNull,
        TrapCode::IntegerDivisionByZero => Word::IntegerDivisionByZero,
        TrapCode::IntegerOverflow => Word::IntegerOverflow,
        TrapCode::BadConversionToInteger => Word::BadConversionToInteger,
        TrapCode::BadSignature => Word::BadSignature,
        other => panic!("a trap no contract has: {other:?}"),
    })
}

/// The caller and its memory, as the host reaches them.
struct Waiting<'a, 'c>(&'a mut Caller<'c, Host>);

impl Waiting<'_, '_> {
    fn memory(&self) -> Option<Memory> {
        self.0.get_export("memory").and_then(Extern::into_memory)
    }

    fn global(&self) -> wasmi::Global {
        self.0.get_export(GAS).and_then(Extern::into_global).expect("metered code")
    }
}

impl Reach for Waiting<'_, '_> {
    fn gas(&mut self) -> u64 {
        bits(&self.global().get(&*self.0))
    }

    fn set_gas(&mut self, gas: u64) {
        self.global().set(&mut *self.0, Val::I64(gas as i64)).expect("the gas is a mutable i64");
    }

    fn memory_len(&mut self) -> u64 {
        self.memory().map_or(0, |memory| memory.data(&*self.0).len() as u64)
    }

    fn read(&mut self, offset: u64, into: &mut [u8]) {
        if let Some(memory) = self.memory() {
            memory.read(&*self.0, offset as usize, into).expect("the region was checked");
        }
    }

    fn write(&mut self, offset: u64, bytes: &[u8]) {
        if let Some(memory) = self.memory() {
            memory.write(&mut *self.0, offset as usize, bytes).expect("the region was checked");
        }
    }

    fn grow(&mut self, pages: u32) -> Option<u32> {
        self.memory()?.grow(&mut *self.0, u64::from(pages)).ok().map(|old| old as u32)
    }
}

/// Lets the host work on a copy of its own, as the machine stays borrowed meanwhile.
fn enter<T>(
    mut caller: Caller<'_, Host>,
    work: impl FnOnce(&mut Host, &mut Waiting<'_, '_>) -> Result<T, Stop>,
) -> Result<T, Error> {
    let mut host = caller.data().clone();
    let done = work(&mut host, &mut Waiting(&mut caller));
    *caller.data_mut() = host;
    done.map_err(Error::host)
}

fn link(linker: &mut Linker<Host>) {
    let refill =
        |caller: Caller<'_, Host>, need: i64| enter(caller, |host, reach| host.refill(reach, need as u64));
    linker.func_wrap(MODULE, REFILL, refill).expect("a new name");
    let grow =
        |caller: Caller<'_, Host>, pages: i32| enter(caller, |host, reach| host.grow(reach, pages as u32));
    linker.func_wrap(MODULE, GROW, grow).expect("a new name");
    let trap = |caller: Caller<'_, Host>, halt: i32| -> Result<(), Error> {
        enter(caller, |_, _| Err(told(halt as u32)))
    };
    linker.func_wrap(MODULE, TRAP, trap).expect("a new name");
    for stub in stubs() {
        let ty = FuncType::new(
            stub.signature.params.iter().map(|scalar| scalar_type(*scalar)),
            stub.signature.result.map(scalar_type),
        );
        let call = |caller: Caller<'_, Host>, params: &[Val], results: &mut [Val]| {
            answer(caller, stub, params, results)
        };
        linker.func_new("zvm", stub.name, ty, call).expect("a new name");
    }
}

fn scalar_type(scalar: Scalar) -> ValType {
    match scalar {
        Scalar::I32 => ValType::I32,
        Scalar::I64 => ValType::I64,
    }
}

fn answer(caller: Caller<'_, Host>, stub: &Stub, params: &[Val], results: &mut [Val]) -> Result<(), Error> {
    let args: Vec<u64> = params.iter().map(bits).collect();
    let result = enter(caller, |host, reach| host.call(reach, stub, &args))?;
    if let (Some(slot), Some(bits), Some(scalar)) = (results.first_mut(), result, stub.signature.result) {
        *slot = value(scalar_type(scalar), bits);
    }
    Ok(())
}
