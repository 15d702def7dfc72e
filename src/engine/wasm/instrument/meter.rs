//! What is added to a module: three imports, two globals, a routine, and their indices.

use std::iter;

use wasm_encoder::{
    ConstExpr, EntityType, ExportKind, ExportSection, FunctionSection, GlobalSection, GlobalType,
    ImportSection, TypeSection, ValType,
};

use crate::engine::wasm::validate::Module;
use crate::limits::Limits;

/// The module that the metering imports are from.
pub const MODULE: &str = "zvm.meter";
/// `refill(need: i64)`: makes the gas global cover `need`, as unsigned, or traps.
pub const REFILL: &str = "refill";
/// `grow(pages: i32) -> i32`: what memory.grow becomes. Charges, grows and returns the old size in
/// pages; -1 past the module's maximum, [`Module::memory`], or a limit. That the machine has no
/// memory must not show as -1: it would on one machine and not on another.
pub const GROW: &str = "grow";
/// `overflow()`: traps, because the counted stack is used up.
pub const OVERFLOW: &str = "overflow";
/// How many imports there are, and so by how much the contract's own functions shift.
pub const IMPORTS: u32 = 3;
/// The exported mutable i64: the gas at hand, as unsigned. It begins at 0; the host sets it.
pub const GAS: &str = "zvm.gas";
/// The exported mutable i32: the words of stack at hand. It begins full.
pub const STACK: &str = "zvm.stack";

/// Where the additions to one module stand.
pub(super) struct Meter {
    /// The contract's own imports, types, globals and functions.
    imports: u32,
    types: u32,
    globals: u32,
    functions: u32,
    pub(super) has_memory: bool,
    stack_words: i32,
}

impl Meter {
    /// `types` and `globals` count the module's own.
    pub(super) fn new(module: &Module, types: u32, globals: u32, limits: &Limits) -> Self {
        Self {
            imports: module.imports.len() as u32,
            types,
            globals,
            functions: module.functions.len() as u32,
            has_memory: module.memory.is_some(),
            stack_words: i32::try_from(limits.stack_words).unwrap_or(i32::MAX),
        }
    }

    /// The new index of one of the contract's functions.
    pub(super) fn function(&self, old: u32) -> u32 {
        if self.is_import(old) { old } else { old + IMPORTS }
    }

    /// Whether the contract imports this function.
    pub(super) fn is_import(&self, old: u32) -> bool {
        old < self.imports
    }

    pub(super) fn refill(&self) -> u32 {
        self.imports
    }

    pub(super) fn grow(&self) -> u32 {
        self.imports + 1
    }

    pub(super) fn overflow(&self) -> u32 {
        self.imports + 2
    }

    pub(super) fn gas(&self) -> u32 {
        self.globals
    }

    pub(super) fn stack(&self) -> u32 {
        self.globals + 1
    }

    /// The routine that charges for a length of bytes and returns it.
    pub(super) fn charge_bytes(&self) -> u32 {
        self.imports + IMPORTS + self.functions
    }

    /// The types of the additions: i64 -> (), i32 -> i32, () -> ().
    pub(super) fn add_types(&self, types: &mut TypeSection) {
        types.ty().function([ValType::I64], []);
        types.ty().function([ValType::I32], [ValType::I32]);
        types.ty().function([], []);
    }

    pub(super) fn add_imports(&self, imports: &mut ImportSection) {
        for (name, ty) in iter::zip([REFILL, GROW, OVERFLOW], self.types..) {
            imports.import(MODULE, name, EntityType::Function(ty));
        }
    }

    pub(super) fn add_functions(&self, functions: &mut FunctionSection) {
        if self.has_memory {
            functions.function(self.types + 1);
        }
    }

    pub(super) fn add_globals(&self, globals: &mut GlobalSection) {
        let variable = |val_type| GlobalType { val_type, mutable: true, shared: false };
        globals.global(variable(ValType::I64), &ConstExpr::i64_const(0));
        globals.global(variable(ValType::I32), &ConstExpr::i32_const(self.stack_words));
    }

    pub(super) fn add_exports(&self, exports: &mut ExportSection) {
        exports.export(GAS, ExportKind::Global, self.gas());
        exports.export(STACK, ExportKind::Global, self.stack());
    }
}
