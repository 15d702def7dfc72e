//! Number 7: a module at every limit at once, and over each limit by one.

use std::time::{Duration, Instant};

use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, ElementSection, Elements, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection, MemorySection,
    MemoryType, Module, RefType, TableSection, TableType, TypeSection, ValType,
};
use zvm::error::Status;
use zvm::limits::Limits;

use crate::machine::{check_with, meter_with};

/// Builds the module whose figures are those of `sizes`.
fn module(sizes: &Limits) -> Vec<u8> {
    let mut module = Module::new();
    let plan = Plan::new(sizes);
    module.section(&plan.types()).section(&plan.imports()).section(&plan.functions());
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: u64::from(sizes.table_entries),
        maximum: Some(u64::from(sizes.table_entries)),
        shared: false,
    });
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: u64::from(sizes.initial_pages),
        maximum: Some(u64::from(sizes.max_pages)),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut globals = GlobalSection::new();
    for _ in 0..sizes.globals {
        let ty = GlobalType { val_type: ValType::I64, mutable: true, shared: false };
        globals.global(ty, &ConstExpr::i64_const(1));
    }
    module.section(&tables).section(&memories).section(&globals).section(&plan.exports());
    let mut elements = ElementSection::new();
    for _ in 0..sizes.element_segments {
        elements.active(None, &ConstExpr::i32_const(0), Elements::Functions((&[0, 1]).into()));
    }
    module.section(&elements).section(&plan.code());
    let mut data = DataSection::new();
    for _ in 0..sizes.data_segments {
        data.active(0, &ConstExpr::i32_const(0), *b"data");
    }
    module.section(&data);
    customs(&mut module, sizes);
    module.finish()
}

/// All custom sections: one of ours, empty ones, and one that fills the module to its size.
fn customs(module: &mut Module, sizes: &Limits) {
    let ours = vec![b' '; sizes.zvm_section_bytes as usize];
    module.section(&CustomSection { name: "zvm.abi".into(), data: (&ours).into() });
    for _ in 0..sizes.custom_sections - 2 {
        module.section(&CustomSection { name: "x".into(), data: (&[]).into() });
    }
    // Identifier, length in three bytes, name of two bytes.
    let left = sizes.module_bytes as usize - module.len() - 6;
    let padding = vec![0; left];
    module.section(&CustomSection { name: "x".into(), data: (&padding).into() });
}

/// How parameters and locals are dealt out to the functions.
struct Plan<'a> {
    sizes: &'a Limits,
    /// Parameters and declared locals of each function.
    functions: Vec<(u32, u32)>,
}

impl<'a> Plan<'a> {
    /// The first functions take all the parameters, the next all the locals; the last is the one
    /// with the most code, and the four before it have the br_tables.
    fn new(sizes: &'a Limits) -> Self {
        let mut functions = vec![(0, 0); sizes.functions as usize];
        let mut params = sizes.total_params;
        let mut locals = sizes.total_locals - sizes.total_params;
        for function in &mut functions {
            if params > 0 {
                function.0 = params.min(sizes.params);
                params -= function.0;
            } else {
                function.1 = locals.min(sizes.locals);
                locals -= function.1;
            }
        }
        Self { sizes, functions }
    }

    /// Type n has n parameters as far as there are so many; all other types have none.
    fn types(&self) -> TypeSection {
        let mut types = TypeSection::new();
        for index in 0..self.sizes.types {
            let params = if index <= self.sizes.params { index } else { 0 };
            types.ty().function(vec![ValType::I32; params as usize], []);
        }
        types
    }

    fn imports(&self) -> ImportSection {
        let mut imports = ImportSection::new();
        for _ in 0..self.sizes.imports {
            imports.import("zvm", "debug_log", EntityType::Function(2));
        }
        imports
    }

    fn functions(&self) -> FunctionSection {
        let mut section = FunctionSection::new();
        for (params, _) in &self.functions {
            section.function(*params);
        }
        section
    }

    fn exports(&self) -> ExportSection {
        let mut exports = ExportSection::new();
        exports.export("memory", ExportKind::Memory, 0);
        let last = self.sizes.imports + self.sizes.functions - 1;
        for index in 1..self.sizes.exports {
            let name = format!("{index:0width$}", width = self.sizes.name_bytes as usize);
            exports.export(&name, ExportKind::Func, last);
        }
        exports
    }

    fn code(&self) -> CodeSection {
        let mut code = CodeSection::new();
        let last = self.functions.len() - 1;
        let tables = self.sizes.total_br_table_targets.div_ceil(self.sizes.br_table_targets) as usize;
        let mut targets = self.sizes.total_br_table_targets;
        for (index, (_, locals)) in self.functions.iter().enumerate() {
            let mut function = Function::new([(*locals, ValType::I64)]);
            if index == last {
                function = self.longest();
            } else if index >= last - tables {
                let count = targets.min(self.sizes.br_table_targets);
                targets -= count;
                let targets = vec![0; count as usize];
                function.instructions().i32_const(0).br_table(targets, 0).end();
            } else {
                function.instructions().i32_const(1).drop().end();
            }
            code.function(&function);
        }
        code
    }

    /// The function with the most operators, bytes, operands and nested blocks: blocks, constants, drops,
    /// and pairs of a constant and a drop whose constants are as long as the bytes demand.
    fn longest(&self) -> Function {
        let (nesting, operands) = (self.sizes.nesting as usize, self.sizes.operands as usize);
        let mut body = vec![0_u8];
        body.extend([0x02, 0x40].repeat(nesting));
        body.extend([0x0b].repeat(nesting));
        body.extend([0x41, 0x00].repeat(operands));
        body.extend([0x1a].repeat(operands));
        let mut operators = self.sizes.body_ops as usize - 2 * nesting - 2 * operands - 1;
        if operators % 2 == 1 {
            body.push(0x01);
            operators -= 1;
        }
        let pairs = operators / 2;
        let bytes = self.sizes.body_bytes as usize - body.len() - 1 - 2 * pairs;
        let (short, longer) = (bytes / pairs, bytes % pairs);
        assert!((1..5).contains(&short), "constants of {short} bytes");
        for pair in 0..pairs {
            body.push(0x41);
            body.extend([0x80].repeat(short - 1 + usize::from(pair < longer)));
            body.extend([0x00, 0x1a]);
        }
        body.push(0x0b);
        let mut function = Function::new([]);
        // The first byte was the count of locals, which is there already.
        function.raw(body.into_iter().skip(1));
        function
    }
}

#[test]
fn n007_at_every_limit_at_once() {
    let limits = Limits::default();
    let wasm = module(&limits);
    assert_eq!(wasm.len(), limits.module_bytes as usize);
    let begin = Instant::now();
    let checked = check_with(&wasm, &limits).expect("a module at every limit is valid");
    meter_with(&wasm, &limits, &zvm::gas::Schedule::default());
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
    assert_eq!(checked.imports.len(), 64);
    assert_eq!(checked.entries.len(), 127);
}

macro_rules! over {
    ($($limit:ident)+) => {
        /// Every limit by name with the module that is over it alone.
        fn over_each() -> Vec<(&'static str, u64, Vec<u8>)> {
            vec![$({
                let mut sizes = Limits::default();
                sizes.$limit += 1;
                (stringify!($limit), u64::from(Limits::default().$limit), module(&sizes))
            },)+]
        }
    };
}

over! {
    module_bytes functions params total_params locals total_locals body_bytes body_ops operands nesting
    br_table_targets total_br_table_targets types globals imports exports name_bytes table_entries
    data_segments element_segments custom_sections zvm_section_bytes initial_pages max_pages
}

#[test]
fn n007_over_each_limit_by_one() {
    for (name, limit, wasm) in over_each() {
        let begin = Instant::now();
        let error = check_with(&wasm, &Limits::default()).expect_err(name);
        assert!(begin.elapsed() < Duration::from_secs(1), "{name}: {:?}", begin.elapsed());
        let status = if name == "module_bytes" { Status::CodeTooLarge } else { Status::CodeInvalid };
        assert_eq!(error.status, status, "{name}: {error}");
        let figures = [format!("{} ", limit + 1), format!("the limit is {limit}")];
        assert!(figures.iter().all(|figure| error.message.contains(figure)), "{name}: {error}");
    }
}

#[test]
fn n007_many_functions_must_not_be_tiny() {
    // Bodies of two bytes, and one that brings the average to eight or one byte below.
    let bodies = |count: u32, total: u32| {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
        for index in 0..count {
            functions.function(0);
            let mut function = Function::new([]);
            if index == 0 {
                function.raw([0x01].repeat((total - 2 * count) as usize));
            }
            function.instructions().end();
            code.function(&function);
        }
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&code);
        check_with(&module.finish(), &Limits::default()).map(|_| ()).map_err(|error| error.status)
    };
    assert_eq!(bodies(1_000, 2_000), Ok(()));
    assert_eq!(bodies(1_001, 8 * 1_001), Ok(()));
    assert_eq!(bodies(1_001, 8 * 1_001 - 1), Err(Status::CodeInvalid));
}
