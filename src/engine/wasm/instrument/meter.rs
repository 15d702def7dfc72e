//! What is added to a module: imports, two globals, routines, and their indices.

use std::iter;

use wasm_encoder::{
    ConstExpr, EntityType, ExportKind, ExportSection, FunctionSection, GlobalSection, GlobalType,
    ImportSection, TypeSection, ValType,
};

use super::sections::Sections;
use super::traps::Traps;
use super::{Form, Refill};
use crate::engine::wasm::validate::Module;
use crate::limits::Limits;

/// The module that the metering imports are from.
pub const MODULE: &str = "zvm.meter";
/// `refill(need: i64)`: makes the gas global cover `need`, as unsigned, or ends the frame. With
/// [`Refill::Ends`] it always does.
pub const REFILL: &str = "refill";
/// `grow(pages: i32) -> i32`: what memory.grow becomes. Charges, grows and returns the old size in
/// pages; -1 past the module's maximum, [`Module::memory`], or a limit. That the machine has no
/// memory must not show as -1: it would on one machine and not on another.
pub const GROW: &str = "grow";
/// `trap(halt: i32)`: ends the frame with the [`Halt`](crate::outcome::Halt) of this number and never
/// returns.
pub const TRAP: &str = "trap";
/// The exported mutable i64: the gas at hand, at most 2^62 unless [`REFILL`] was asked for more. It
/// begins at 0; the host sets it. It is true whenever the code calls an import, traps or returns. Below
/// zero it is what the code has spent on top: if the host has no more, the frame is out of gas. Any
/// import may change it.
pub const GAS: &str = "zvm.gas";
/// The exported mutable i32: the words of stack at hand for the function that is entered. It begins
/// full, and the host makes it full again before it calls another entry.
pub const STACK: &str = "zvm.stack";

/// How many imports are added, and so by how much the contract's own functions shift.
const ADDED: u32 = 3;

/// Where the additions to one module stand.
pub(super) struct Meter {
    /// The contract's own imports, types, globals and functions.
    imports: u32,
    types: u32,
    globals: u32,
    functions: u32,
    pub(super) has_memory: bool,
    form: Form,
    stack_words: i32,
    initial_bytes: i64,
}

impl Meter {
    pub(super) fn new(module: &Module, sections: &Sections<'_>, limits: &Limits, form: Form) -> Self {
        Self {
            imports: module.imports.len() as u32,
            types: sections.own_types(),
            globals: sections.own_globals(),
            functions: module.functions.len() as u32,
            has_memory: module.memory.is_some(),
            form,
            initial_bytes: module.memory.map_or(0, |memory| i64::from(memory.initial) << 16),
            stack_words: i32::try_from(limits.stack_words).unwrap_or(i32::MAX),
        }
    }

    /// The new index of one of the contract's functions.
    pub(super) fn function(&self, old: u32) -> u32 {
        if self.is_import(old) { old } else { old + ADDED }
    }

    /// Whether the contract imports this function.
    pub(super) fn is_import(&self, old: u32) -> bool {
        old < self.imports
    }

    /// Whether the code goes on behind a call of `refill`.
    pub(super) fn resumes(&self) -> bool {
        self.form.refill == Refill::Resumes
    }

    pub(super) fn refill(&self) -> u32 {
        self.imports
    }

    pub(super) fn grow(&self) -> u32 {
        self.imports + 1
    }

    pub(super) fn trap(&self) -> u32 {
        self.imports + 2
    }

    /// The bytes of the memory, as i64, with [`Traps::Calls`]: to ask the machine for each access would be
    /// a call on most. Only [`GROW`] changes them.
    pub(super) fn bytes(&self) -> Option<u32> {
        (self.form.traps == Traps::Calls).then(|| self.stack() + 1)
    }

    pub(super) fn gas(&self) -> u32 {
        self.globals
    }

    pub(super) fn stack(&self) -> u32 {
        self.globals + 1
    }

    /// The routine that charges for a length of bytes and returns it.
    pub(super) fn charge_bytes(&self) -> u32 {
        self.imports + ADDED + self.functions
    }

    /// The same for a fill, which costs something even if there are none.
    pub(super) fn charge_fill(&self) -> u32 {
        self.charge_bytes() + 1
    }

    /// The first of the routines that check.
    pub(super) fn routines(&self) -> u32 {
        self.charge_bytes() + if self.has_memory { 2 } else { 0 }
    }

    /// The first type behind those of the additions here.
    pub(super) fn next_type(&self) -> u32 {
        self.types + ADDED
    }

    /// The types of the imports in their order.
    pub(super) fn add_types(&self, types: &mut TypeSection) {
        types.ty().function([ValType::I64], []);
        types.ty().function([ValType::I32], [ValType::I32]);
        types.ty().function([ValType::I32], []);
    }

    pub(super) fn add_imports(&self, imports: &mut ImportSection) {
        for (name, ty) in iter::zip([REFILL, GROW, TRAP], self.types..) {
            imports.import(MODULE, name, EntityType::Function(ty));
        }
    }

    pub(super) fn add_functions(&self, functions: &mut FunctionSection) {
        if self.has_memory {
            functions.function(self.types + 1).function(self.types + 1);
        }
    }

    pub(super) fn add_globals(&self, globals: &mut GlobalSection) {
        let variable = |val_type| GlobalType { val_type, mutable: true, shared: false };
        globals.global(variable(ValType::I64), &ConstExpr::i64_const(0));
        globals.global(variable(ValType::I32), &ConstExpr::i32_const(self.stack_words));
        if self.bytes().is_some() {
            globals.global(variable(ValType::I64), &ConstExpr::i64_const(self.initial_bytes));
        }
    }

    pub(super) fn add_exports(&self, exports: &mut ExportSection) {
        exports.export(GAS, ExportKind::Global, self.gas());
        exports.export(STACK, ExportKind::Global, self.stack());
    }
}
