//! Contracts of one loop each: an entry `with` that goes round it with something in it, an entry `without` that
//! goes round as often. The difference is what was in it.

use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection, Instruction, MemArg,
    MemorySection, MemoryType, Module, RefType, TableSection, TableType, TypeSection, ValType,
};
use zvm::host::kinds::Scalar;
use zvm::host::table::Row;

/// Code, as a list of instructions.
pub(crate) type Code = Vec<Instruction<'static>>;

/// Locals of the loop: the counter, and some for the code in it.
pub(crate) const COUNTER: u32 = 0;
pub(crate) const A: u32 = 1;
pub(crate) const B: u32 = 2;
pub(crate) const X: u32 = 3;
pub(crate) const Y: u32 = 4;
pub(crate) const F: u32 = 5;
pub(crate) const G: u32 = 6;
pub(crate) const F32: u32 = 7;
/// And more than a compiler keeps in registers, i64.
pub(crate) const SPARE: u32 = 8;
/// Globals: a mutable i64.
pub(crate) const GLOBAL: u32 = 0;

/// A function that the loop may call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Callee {
    pub(crate) params: u32,
    pub(crate) locals: u32,
}

/// What a contract is made of.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// How often the loop goes round.
    pub(crate) times: u32,
    /// Runs before the loop of both entries.
    pub(crate) before: Code,
    /// At the beginning of each round of both entries.
    pub(crate) each: Code,
    /// What is measured.
    pub(crate) with: Code,
    /// Pages of 64 KiB.
    pub(crate) pages: u64,
    /// What lies in the memory at first.
    pub(crate) data: Vec<(u32, Vec<u8>)>,
    /// The host function it may call, function 0.
    pub(crate) host: Vec<&'static Row>,
    /// The function behind the imports, in the table's place 0 too.
    pub(crate) callee: Callee,
}

impl Program {
    pub(crate) fn new(times: u32, with: Code) -> Self {
        let (before, each, data, host) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { times, before, each, with, pages: 1, data, host, callee: Callee::default() }
    }

    /// The contract.
    pub(crate) fn module(&self) -> Vec<u8> {
        let first = self.host.len() as u32;
        let mut module = Module::new();
        module.section(&self.types());
        if !self.host.is_empty() {
            let mut imports = ImportSection::new();
            for (at, row) in (0..).zip(&self.host) {
                imports.import("zvm", row.name, EntityType::Function(at));
            }
            module.section(&imports);
        }
        let mut functions = FunctionSection::new();
        functions.function(first).function(first + 1).function(first + 1);
        module.section(&functions);
        let plain = TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: 1,
            maximum: Some(1),
            shared: false,
        };
        module.section(TableSection::new().table(plain));
        let memory = MemoryType {
            minimum: self.pages,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        };
        module.section(MemorySection::new().memory(memory));
        let global = GlobalType { val_type: ValType::I64, mutable: true, shared: false };
        module.section(GlobalSection::new().global(global, &ConstExpr::i64_const(1)));
        let mut exports = ExportSection::new();
        exports.export("memory", ExportKind::Memory, 0);
        exports.export("with", ExportKind::Func, first + 1).export("without", ExportKind::Func, first + 2);
        // What other contracts enter.
        exports.export("call", ExportKind::Func, first + 2);
        module.section(&exports);
        let mut elements = ElementSection::new();
        elements.active(None, &ConstExpr::i32_const(0), Elements::Functions([first].as_slice().into()));
        module.section(&elements);
        module.section(&self.code());
        let mut data = DataSection::new();
        for (at, bytes) in &self.data {
            data.active(0, &ConstExpr::i32_const(at.cast_signed()), bytes.iter().copied());
        }
        module.section(&data);
        module.finish()
    }

    fn types(&self) -> TypeSection {
        let mut types = TypeSection::new();
        let scalar = |scalar: Scalar| match scalar {
            Scalar::I32 => ValType::I32,
            Scalar::I64 => ValType::I64,
        };
        for row in &self.host {
            let params: Vec<ValType> = row.scalars.iter().copied().map(scalar).collect();
            types.ty().function(params, row.returns.scalar().map(scalar));
        }
        types.ty().function(vec![ValType::I64; self.callee.params as usize], []);
        types.ty().function([], []);
        types
    }

    fn code(&self) -> CodeSection {
        let mut callee = Function::new([(self.callee.locals, ValType::I64)]);
        callee.instruction(&Instruction::End);
        let mut code = CodeSection::new();
        code.function(&callee).function(&self.entry(&self.with)).function(&self.entry(&[]));
        code
    }

    fn entry(&self, body: &[Instruction<'static>]) -> Function {
        let locals =
            [(3, ValType::I32), (2, ValType::I64), (2, ValType::F64), (1, ValType::F32), (13, ValType::I64)];
        let mut function = Function::new(locals);
        let mut put = |instructions: &[Instruction<'static>]| {
            for instruction in instructions {
                function.instruction(instruction);
            }
        };
        put(&self.before);
        put(&[Instruction::I32Const(self.times.cast_signed()), Instruction::LocalSet(COUNTER)]);
        put(&[Instruction::Loop(BlockType::Empty)]);
        put(&self.each);
        put(body);
        put(&[
            Instruction::LocalGet(COUNTER),
            Instruction::I32Const(1),
            Instruction::I32Sub,
            Instruction::LocalTee(COUNTER),
            Instruction::BrIf(0),
            Instruction::End,
            Instruction::End,
        ]);
        function
    }
}

/// A place in memory, for accesses of any width.
pub(crate) fn at(offset: u64) -> MemArg {
    MemArg { offset, align: 0, memory_index: 0 }
}
