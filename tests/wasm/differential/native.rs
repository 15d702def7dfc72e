//! wasmer with either of its compilers, set up as the library sets it up.

use std::num::NonZero;

use wasmer::sys::vm::{
    MemoryError, MemoryStyle, TableStyle, TrapCode, VMConfig, VMMemory, VMMemoryDefinition, VMTable,
    VMTableDefinition,
};
use wasmer::sys::{
    BaseTunables, CompilerConfig, Cranelift, EngineBuilder, Features, NativeEngineExt, Singlepass, Tunables,
};
use wasmer::{
    Function, FunctionEnv, FunctionEnvMut, FunctionType, Global, Imports, Memory, MemoryType, Module,
    RuntimeError, Store, StoreMut, TableType, Type, Value,
};
use zvm::engine::wasm::instrument::{GAS, GROW, MODULE, REFILL, STACK, TRAP};
use zvm::host::kinds::Scalar;

use super::host::{Host, Reach, Stub, stubs};
use super::machines::{Code, Engine, Instance, Run};
use crate::machine::{MOST, Stop, checks_for_itself, told};

/// Native stack, as the library has it.
const STACK_BYTES: usize = 4 << 20;

/// wasmer with one compiler.
pub(crate) struct Wasmer {
    name: &'static str,
    compiler: fn() -> Box<dyn CompilerConfig>,
    stack_bytes: usize,
}

impl Wasmer {
    pub(crate) fn singlepass() -> Self {
        Self::singlepass_on(STACK_BYTES)
    }

    pub(crate) fn cranelift() -> Self {
        Self::cranelift_on(STACK_BYTES)
    }

    /// Singlepass with so much native stack.
    pub(crate) fn singlepass_on(stack_bytes: usize) -> Self {
        let compiler = || {
            let mut compiler = Singlepass::default();
            compiler.num_threads(NonZero::<usize>::MIN);
            compiler.into()
        };
        Self { name: "singlepass", compiler, stack_bytes }
    }

    /// Cranelift with so much native stack.
    pub(crate) fn cranelift_on(stack_bytes: usize) -> Self {
        let compiler = || {
            let mut compiler = Cranelift::default();
            compiler.num_threads(NonZero::<usize>::MIN);
            compiler.into()
        };
        Self { name: "cranelift", compiler, stack_bytes }
    }

    /// An engine for one module: it holds on to the code of all that it has made.
    fn engine(&self) -> wasmer::Engine {
        let mut features = Features::none();
        features.bulk_memory(true).reference_types(true);
        let builder = EngineBuilder::new((self.compiler)()).set_features(Some(features));
        let mut engine: wasmer::Engine = builder.engine().into();
        engine.set_tunables(Dynamic::new(self.stack_bytes));
        engine
    }
}

impl Engine for Wasmer {
    fn name(&self) -> &'static str {
        self.name
    }

    /// Singlepass takes the size of an access off the memory's length for the last address that is inside.
    /// Where the memory has no page that wraps, and every access passes, unless the code checks for itself.
    fn may_run(&self, metered: &[u8]) -> bool {
        self.name != "singlepass" || !begins_without_a_page(metered) || checks_for_itself(metered)
    }

    fn load(&self, metered: &[u8]) -> Result<Box<dyn Code>, String> {
        let engine = self.engine();
        let module = Module::new(&engine, metered).map_err(|error| error.to_string())?;
        let imports = module.imports().map(|import| import.name().to_owned()).collect();
        Ok(Box::new(Compiled { engine, module, imports }))
    }
}

/// Whether a module has a memory that begins empty.
fn begins_without_a_page(wasm: &[u8]) -> bool {
    let mut payloads = wasmparser::Parser::new(0).parse_all(wasm);
    payloads.any(|payload| match payload {
        Ok(wasmparser::Payload::MemorySection(memories)) => {
            memories.into_iter().any(|memory| memory.is_ok_and(|memory| memory.initial == 0))
        }
        _ => false,
    })
}

struct Compiled {
    engine: wasmer::Engine,
    module: Module,
    imports: Vec<String>,
}

/// What imports find.
struct Env {
    host: Host,
    gas: Option<Global>,
    memory: Option<Memory>,
}

impl Code for Compiled {
    fn start(&self) -> Box<dyn Instance> {
        let mut store = Store::new(self.engine.clone());
        let maximum = self.module.exports().find_map(|export| export.ty().memory().map(|ty| ty.maximum));
        let maximum = maximum.flatten().map_or(0, |pages| u64::from(pages.0));
        let env = FunctionEnv::new(&mut store, Env { host: Host::new(maximum), gas: None, memory: None });
        let mut imports = Imports::new();
        imports.define(MODULE, REFILL, Function::new_typed_with_env(&mut store, &env, refill));
        imports.define(MODULE, GROW, Function::new_typed_with_env(&mut store, &env, grow));
        imports.define(MODULE, TRAP, Function::new_typed_with_env(&mut store, &env, trap));
        for stub in stubs().filter(|stub| self.imports.iter().any(|name| name == stub.name)) {
            let ty = FunctionType::new(
                stub.signature.params.iter().map(|scalar| scalar_type(*scalar)).collect::<Vec<_>>(),
                stub.signature.result.map(scalar_type).as_slice(),
            );
            let call = |env: FunctionEnvMut<'_, Env>, params: &[Value]| answer(env, stub, params);
            imports.define("zvm", stub.name, Function::new_with_env(&mut store, &env, ty, call));
        }
        let instance = wasmer::Instance::new(&mut store, &self.module, &imports).expect("it instantiates");
        let parts = env.as_mut(&mut store);
        parts.gas = instance.exports.get_global(GAS).ok().cloned();
        parts.memory = instance.exports.get_memory("memory").ok().cloned();
        let full_stack = instance.exports.get_global(STACK).expect("metered code").get(&mut store);
        Box::new(Living { store, env, instance, full_stack })
    }
}

struct Living {
    store: Store,
    env: FunctionEnv<Env>,
    instance: wasmer::Instance,
    full_stack: Value,
}

impl Instance for Living {
    fn call(&mut self, export: &str, args: &[u64], gas: u64, slice: u64) -> Run {
        let first = gas.min(slice).min(MOST);
        let host = &mut self.env.as_mut(&mut self.store).host;
        (host.reserve, host.slice) = (gas - first, slice);
        let at_hand = self.instance.exports.get_global(GAS).expect("metered code").clone();
        at_hand.set(&mut self.store, Value::I64(first as i64)).expect("the gas is a mutable i64");
        let stack = self.instance.exports.get_global(STACK).expect("metered code").clone();
        stack.set(&mut self.store, self.full_stack.clone()).expect("the stack is a mutable i32");
        let function = self.instance.exports.get_function(export).expect("an exported function");
        let ty = function.ty(&self.store);
        let args: Vec<Value> = ty.params().iter().zip(args).map(|(ty, bits)| value(*ty, *bits)).collect();
        let outcome = function.call(&mut self.store, &args);
        let result = outcome.map(|results| results.iter().map(bits).collect()).map_err(stop);
        let (at_hand, stack) = (bits(&at_hand.get(&mut self.store)), self.global(STACK));
        Run::ended(result, at_hand, &self.env.as_ref(&self.store).host, stack.expect("metered code"))
    }

    fn global(&mut self, export: &str) -> Option<u64> {
        let global = self.instance.exports.get_global(export).ok()?.clone();
        Some(bits(&global.get(&mut self.store)))
    }

    fn with_memory(&mut self, look: &mut dyn FnMut(&[u8])) {
        let Some(memory) = self.env.as_ref(&self.store).memory.clone() else { return look(&[]) };
        let view = memory.view(&self.store);
        // SAFETY: nothing runs and nothing grows the memory while it is looked at.
        look(unsafe { view.data_unchecked() });
    }
}

fn value(ty: Type, bits: u64) -> Value {
    match ty {
        Type::I32 => Value::I32(bits as i32),
        Type::I64 => Value::I64(bits as i64),
        Type::F32 => Value::F32(f32::from_bits(bits as u32)),
        Type::F64 => Value::F64(f64::from_bits(bits)),
        other => panic!("a parameter no contract has: {other:?}"),
    }
}

fn bits(value: &Value) -> u64 {
    match value {
        Value::I32(value) => u64::from(*value as u32),
        Value::I64(value) => *value as u64,
        Value::F32(value) => u64::from(value.to_bits()),
        Value::F64(value) => value.to_bits(),
        other => panic!("a value no contract has: {other:?}"),
    }
}

impl std::error::Error for Stop {}

fn stop(error: RuntimeError) -> Stop {
    let error = match error.downcast::<Stop>() {
        Ok(stop) => return stop,
        Err(error) => error,
    };
    let message = error.message();
    Stop::Trap(match error.to_trap() {
        Some(TrapCode::UnreachableCodeReached) => wasmi::TrapCode::UnreachableCodeReached,
        Some(TrapCode::HeapAccessOutOfBounds) => wasmi::TrapCode::MemoryOutOfBounds,
        Some(TrapCode::TableAccessOutOfBounds) => wasmi::TrapCode::TableOutOfBounds,
        Some(TrapCode::IndirectCallToNull) => wasmi::TrapCode::IndirectCallToNull,
        Some(TrapCode::BadSignature) => wasmi::TrapCode::BadSignature,
        Some(TrapCode::IntegerDivisionByZero) => wasmi::TrapCode::IntegerDivisionByZero,
        Some(TrapCode::IntegerOverflow) => wasmi::TrapCode::IntegerOverflow,
        Some(TrapCode::BadConversionToInteger) => wasmi::TrapCode::BadConversionToInteger,
        // The native stack, before the counted one: never equal to what the others say.
        Some(TrapCode::StackOverflow) => wasmi::TrapCode::StackOverflow,
        other => panic!("a trap no contract has: {other:?}, {message}"),
    })
}

/// The instance's gas and memory, as the host reaches them.
struct Waiting<'a, 's> {
    store: &'a mut StoreMut<'s>,
    gas: Option<Global>,
    memory: Option<Memory>,
}

impl Reach for Waiting<'_, '_> {
    fn gas(&mut self) -> u64 {
        self.gas.as_ref().map_or(0, |gas| bits(&gas.get(self.store)))
    }

    fn set_gas(&mut self, gas: u64) {
        let global = self.gas.as_ref().expect("metered code");
        global.set(self.store, Value::I64(gas as i64)).expect("the gas is a mutable i64");
    }

    fn memory_len(&mut self) -> u64 {
        self.memory.as_ref().map_or(0, |memory| memory.view(&*self.store).data_size())
    }

    fn read(&mut self, offset: u64, into: &mut [u8]) {
        if let Some(memory) = &self.memory {
            memory.view(&*self.store).read(offset, into).expect("the region was checked");
        }
    }

    fn write(&mut self, offset: u64, bytes: &[u8]) {
        if let Some(memory) = &self.memory {
            memory.view(&*self.store).write(offset, bytes).expect("the region was checked");
        }
    }

    fn grow(&mut self, pages: u32) -> Option<u32> {
        let memory = self.memory.clone()?;
        memory.grow(self.store, pages).ok().map(|old| old.0)
    }
}

fn enter<T>(
    mut env: FunctionEnvMut<'_, Env>,
    work: impl FnOnce(&mut Host, &mut Waiting<'_, '_>) -> Result<T, Stop>,
) -> Result<T, Stop> {
    let (env, mut store) = env.data_and_store_mut();
    let mut reach = Waiting { store: &mut store, gas: env.gas.clone(), memory: env.memory.clone() };
    work(&mut env.host, &mut reach)
}

fn refill(env: FunctionEnvMut<'_, Env>, need: i64) -> Result<(), Stop> {
    enter(env, |host, reach| host.refill(reach, need as u64))
}

fn grow(env: FunctionEnvMut<'_, Env>, pages: i32) -> Result<i32, Stop> {
    enter(env, |host, reach| host.grow(reach, pages as u32))
}

fn trap(env: FunctionEnvMut<'_, Env>, halt: i32) -> Result<(), Stop> {
    enter(env, |_, _| Err(told(halt as u32)))
}

fn scalar_type(scalar: Scalar) -> Type {
    match scalar {
        Scalar::I32 => Type::I32,
        Scalar::I64 => Type::I64,
    }
}

fn answer(env: FunctionEnvMut<'_, Env>, stub: &Stub, params: &[Value]) -> Result<Vec<Value>, RuntimeError> {
    let args: Vec<u64> = params.iter().map(bits).collect();
    let result = enter(env, |host, reach| host.call(reach, stub, &args));
    let result = result.map_err(|stop| RuntimeError::user(Box::new(stop)))?;
    let typed = result.zip(stub.signature.result);
    Ok(typed.map(|(bits, scalar)| value(scalar_type(scalar), bits)).into_iter().collect())
}

/// Memories that reserve what they use, and a stack for the deepest counted one.
struct Dynamic {
    base: BaseTunables,
    config: VMConfig,
}

impl Dynamic {
    fn new(stack_bytes: usize) -> Self {
        Self { base: BaseTunables::new(), config: VMConfig { wasm_stack_size: Some(stack_bytes) } }
    }
}

impl Tunables for Dynamic {
    fn memory_style(&self, _: &MemoryType) -> MemoryStyle {
        // As the library has it: what compilers make of an access hangs on it.
        MemoryStyle::Dynamic { offset_guard_size: 0 }
    }

    fn table_style(&self, table: &TableType) -> TableStyle {
        self.base.table_style(table)
    }

    fn create_host_memory(&self, ty: &MemoryType, style: &MemoryStyle) -> Result<VMMemory, MemoryError> {
        self.base.create_host_memory(ty, style)
    }

    unsafe fn create_vm_memory(
        &self,
        ty: &MemoryType,
        style: &MemoryStyle,
        place: std::ptr::NonNull<VMMemoryDefinition>,
    ) -> Result<VMMemory, MemoryError> {
        // SAFETY: the caller's promise about `place` is handed on.
        unsafe { self.base.create_vm_memory(ty, style, place) }
    }

    fn create_host_table(&self, ty: &TableType, style: &TableStyle) -> Result<VMTable, String> {
        self.base.create_host_table(ty, style)
    }

    unsafe fn create_vm_table(
        &self,
        ty: &TableType,
        style: &TableStyle,
        place: std::ptr::NonNull<VMTableDefinition>,
    ) -> Result<VMTable, String> {
        // SAFETY: the caller's promise about `place` is handed on.
        unsafe { self.base.create_vm_table(ty, style, place) }
    }

    fn vmconfig(&self) -> &VMConfig {
        &self.config
    }
}
