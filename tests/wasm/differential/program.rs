//! Programs as people write them: loops that end, arrays within their memory, calls down a list.
//!
//! wasm-smith's code is a random walk: most of it traps, runs on forever or touches nothing. Here
//! addresses are masked, divisors are odd and loops count, nearly always: one time in some dozens
//! each guard is left out, so that traps come from the middle of real work.

use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind, ExportSection,
    FunctionSection, GlobalSection, GlobalType, ImportSection, MemorySection, MemoryType, Module, RefType,
    TableSection, TableType, TypeSection, ValType,
};
use zvm::host::kinds::Scalar;

use super::body::Body;
use super::host::{STUBS, Stub};
use crate::smith::Random;

/// The types of values.
pub(super) const TYPES: [ValType; 4] = [ValType::I32, ValType::I64, ValType::F32, ValType::F64];

/// A function's type.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Signature {
    pub(super) params: Vec<ValType>,
    pub(super) result: Option<ValType>,
}

/// What a program's functions may use.
pub(super) struct Plan {
    /// The imports, then the program's own.
    pub(super) functions: Vec<Signature>,
    /// The imports' names.
    pub(super) imports: Vec<&'static str>,
    pub(super) globals: Vec<ValType>,
    /// Entries of the table.
    pub(super) table: u32,
    pub(super) floats: bool,
}

impl Plan {
    fn new(random: &mut Random) -> Self {
        let floats = random.below(3) > 0;
        let stubs: Vec<&Stub> = STUBS[..6].iter().filter(|_| random.below(2) == 0).collect();
        let mut functions: Vec<Signature> = stubs.iter().map(|stub| of_stub(stub)).collect();
        let ty = |random: &mut Random| TYPES[random.below(if floats { 4 } else { 2 })];
        for _ in 0..2 + random.below(6) {
            let params = (0..random.below(4)).map(|_| ty(random)).collect();
            let result = (random.below(4) > 0).then(|| ty(random));
            functions.push(Signature { params, result });
        }
        let globals = (0..1 + random.below(5)).map(|_| ty(random)).collect();
        let table = 1 + random.below(12) as u32;
        let imports = stubs.iter().map(|stub| stub.name).collect();
        Self { functions, imports, globals, table, floats }
    }
}

fn of_stub(stub: &Stub) -> Signature {
    let ty = |scalar: &Scalar| if *scalar == Scalar::I32 { ValType::I32 } else { ValType::I64 };
    Signature {
        params: stub.signature.params.iter().map(ty).collect(),
        result: stub.signature.result.as_ref().map(ty),
    }
}

/// The program of these random numbers.
pub(crate) fn program(random: &mut Random) -> Vec<u8> {
    let plan = Plan::new(random);
    let (mut types, mut imports, mut functions) =
        (TypeSection::new(), ImportSection::new(), FunctionSection::new());
    // Every function has a type of its own: equal ones must pass an indirect call all the same.
    for (index, signature) in plan.functions.iter().enumerate() {
        types.ty().function(signature.params.iter().copied(), signature.result);
        match plan.imports.get(index) {
            Some(name) => drop(imports.import("zvm", name, EntityType::Function(index as u32))),
            None => drop(functions.function(index as u32)),
        }
    }
    let mut code = CodeSection::new();
    for index in plan.imports.len()..plan.functions.len() {
        code.function(&Body::write(&plan, index, random));
    }
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions);
    places(&plan, random, &mut module);
    module.section(&code);
    let mut data = DataSection::new();
    for _ in 0..random.below(3) {
        let (offset, count) = (random.below(60_000) as i32, 1 + random.below(200));
        data.active(0, &ConstExpr::i32_const(offset), random.bytes(count));
    }
    module.section(&data);
    module.finish()
}

/// Table, memory, globals, exports and elements.
fn places(plan: &Plan, random: &mut Random, module: &mut Module) {
    let mut tables = TableSection::new();
    let (minimum, element_type) = (u64::from(plan.table), RefType::FUNCREF);
    tables.table(TableType { element_type, table64: false, minimum, maximum: None, shared: false });
    let mut memories = MemorySection::new();
    let (minimum, most) = (1 + random.below(3) as u64, random.below(8) as u64);
    let maximum = (random.below(8) > 0).then_some(minimum + most);
    memories.memory(MemoryType { minimum, maximum, memory64: false, shared: false, page_size_log2: None });
    let (mut globals, mut exports) = (GlobalSection::new(), ExportSection::new());
    exports.export("memory", ExportKind::Memory, 0);
    for (index, ty) in plan.globals.iter().enumerate() {
        let value = match ty {
            ValType::I32 => ConstExpr::i32_const(random.next() as i32),
            ValType::I64 => ConstExpr::i64_const(random.next() as i64),
            ValType::F32 => ConstExpr::f32_const((random.next() as f32).into()),
            _ => ConstExpr::f64_const((random.next() as f64).into()),
        };
        globals.global(GlobalType { val_type: *ty, mutable: true, shared: false }, &value);
        exports.export(&format!("global{index}"), ExportKind::Global, index as u32);
    }
    for index in plan.imports.len()..plan.functions.len() {
        exports.export(&format!("function{index}"), ExportKind::Func, index as u32);
    }
    let mut elements = ElementSection::new();
    let filled = random.below(plan.table as usize + 1);
    let entries: Vec<u32> = (0..filled).map(|_| random.below(plan.functions.len()) as u32).collect();
    elements.active(None, &ConstExpr::i32_const(0), Elements::Functions(entries.into()));
    module.section(&tables).section(&memories).section(&globals).section(&exports).section(&elements);
}
