//! The sections of a module but its code and segments: counts, types, names.

use std::collections::HashSet;

use wasmparser::{
    CompositeInnerType, CustomSectionReader, Export, ExportSectionReader, ExternalKind, FuncType,
    FunctionSectionReader, GlobalSectionReader, ImportSectionReader, MemorySectionReader, Payload, RefType,
    SubType, TableInit, TableSectionReader, TypeRef, TypeSectionReader, ValType,
};

use super::refusal::{at_most, forbidden, invalid, malformed, within};
use super::segments::constant;
use super::{Module, Pages, Policy, Signature};
use crate::error::Result;
use crate::host::kinds::Scalar;

/// Beginnings of export names that are not the contract's: ours, and those that wasmer's own
/// middleware looks for.
const RESERVED_NAMES: [&str; 2] = ["zvm.", "wasmer_"];

/// The checker on its way through a module.
pub(super) struct Checker<'a> {
    pub(super) policy: &'a Policy<'a>,
    pub(super) module: Module,
    /// All types.
    pub(super) types: Vec<FuncType>,
    /// The type of each function of the module's own.
    pub(super) functions: Vec<u32>,
    pub(super) totals: Totals,
    pub(super) table_entries: Option<u64>,
    memory_exported: bool,
    our_sections: HashSet<String>,
    custom_sections: u32,
}

/// Figures that are limited over the whole module.
#[derive(Default)]
pub(super) struct Totals {
    pub(super) locals: u64,
    pub(super) br_table_targets: u64,
    pub(super) body_bytes: u64,
}

impl<'a> Checker<'a> {
    pub(super) fn new(policy: &'a Policy<'a>) -> Self {
        Self {
            policy,
            module: Module::default(),
            types: Vec::new(),
            functions: Vec::new(),
            totals: Totals::default(),
            table_entries: None,
            memory_exported: false,
            our_sections: HashSet::new(),
            custom_sections: 0,
        }
    }

    /// Checks what comes next, function bodies excepted. The order of sections is the validator's business.
    pub(super) fn section(&mut self, payload: &Payload<'_>) -> Result<()> {
        match payload {
            Payload::TypeSection(types) => self.types(types.clone()),
            Payload::ImportSection(imports) => self.imports(imports.clone()),
            Payload::FunctionSection(functions) => self.functions(functions.clone()),
            Payload::TableSection(tables) => self.tables(tables.clone()),
            Payload::MemorySection(memories) => self.memories(memories.clone()),
            Payload::GlobalSection(globals) => self.globals(globals.clone()),
            Payload::ExportSection(exports) => self.exports(exports.clone()),
            Payload::ElementSection(elements) => self.elements(elements.clone()),
            Payload::DataCountSection { count, .. } => self.data_count(*count),
            Payload::DataSection(data) => self.data(data.clone()),
            Payload::CustomSection(custom) => self.custom(custom),
            Payload::StartSection { .. } => {
                Err(forbidden("a start section; a contract is set up by its entry `init`"))
            }
            Payload::TagSection(_) => Err(forbidden("exceptions")),
            Payload::Version { .. }
            | Payload::CodeSectionStart { .. }
            | Payload::CodeSectionEntry(_)
            | Payload::End(_) => Ok(()),
            _ => Err(invalid("an unknown section")),
        }
    }

    /// Checks what only the whole module shows.
    pub(super) fn finish(self) -> Result<Module> {
        if self.module.memory.is_some() && !self.memory_exported {
            return Err(invalid("the memory is not exported as `memory`"));
        }
        let functions = self.functions.len() as u64;
        if functions > u64::from(self.policy.limits.small_functions) && self.totals.body_bytes < 8 * functions
        {
            return Err(invalid(format!(
                "{functions} functions with {} bytes of code; so many must have 8 bytes each on average",
                self.totals.body_bytes
            )));
        }
        Ok(self.module)
    }

    /// Refuses types that contracts may not use.
    pub(super) fn value_type(&self, value: ValType) -> Result<()> {
        match value {
            ValType::I32 | ValType::I64 => Ok(()),
            ValType::F32 | ValType::F64 if self.policy.deny_floats => {
                Err(forbidden("a float; this runtime refuses floats"))
            }
            ValType::F32 | ValType::F64 => Ok(()),
            ValType::V128 => Err(forbidden("SIMD")),
            ValType::Ref(_) => Err(forbidden("a reference as a value")),
        }
    }

    fn types(&mut self, types: TypeSectionReader<'_>) -> Result<()> {
        at_most(types.count(), self.policy.limits.types, "types")?;
        for group in types {
            let group = group.map_err(malformed)?;
            if group.is_explicit_rec_group() {
                return Err(forbidden("a recursive type"));
            }
            for ty in group.types() {
                let index = self.types.len();
                let function =
                    self.function_type(ty).map_err(|error| within(format!("type {index}"), error))?;
                self.types.push(function);
            }
        }
        Ok(())
    }

    fn function_type(&self, ty: &SubType) -> Result<FuncType> {
        let composite = &ty.composite_type;
        let CompositeInnerType::Func(function) = &composite.inner else {
            return Err(forbidden("a type of the garbage collector"));
        };
        let plain = ty.is_final
            && ty.supertype_idx.is_none()
            && !composite.shared
            && composite.descriptor_idx.is_none()
            && composite.describes_idx.is_none();
        if !plain {
            return Err(forbidden("a subtype or shared type"));
        }
        at_most(function.params().len() as u64, self.policy.limits.params, "parameters")?;
        if function.results().len() > 1 {
            return Err(forbidden("more than one result"));
        }
        function.params().iter().chain(function.results()).try_for_each(|value| self.value_type(*value))?;
        Ok(function.clone())
    }

    fn imports(&mut self, imports: ImportSectionReader<'_>) -> Result<()> {
        at_most(imports.count(), self.policy.limits.imports, "imports")?;
        for import in imports.into_imports() {
            let import = import.map_err(malformed)?;
            let name = || format!("import `{}.{}`", printable(import.module), printable(import.name));
            let TypeRef::Func(ty) = import.ty else {
                return Err(forbidden(format!("{} is not a function", name())));
            };
            let host = if import.module == "zvm" { (self.policy.import)(import.name) } else { None };
            let Some(host) = host else {
                return Err(forbidden(format!("{} is unknown", name())));
            };
            let Some(ty) = self.types.get(ty as usize) else {
                return Err(invalid(format!("{} has an unknown type", name())));
            };
            if !is(ty, host) {
                return Err(forbidden(format!("{} has another signature", name())));
            }
            // The same import twice is two indices for one function, which harms nobody.
            self.module.imports.push(import.name.to_owned());
        }
        Ok(())
    }

    fn functions(&mut self, functions: FunctionSectionReader<'_>) -> Result<()> {
        at_most(functions.count(), self.policy.limits.functions, "functions")?;
        let mut params = 0;
        for ty in functions {
            let ty = ty.map_err(malformed)?;
            let Some(function) = self.types.get(ty as usize) else {
                return Err(invalid(format!("function {} has an unknown type", self.next_function())));
            };
            params += function.params().len() as u64;
            at_most(params, self.policy.limits.total_params, "parameters of all functions")?;
            self.functions.push(ty);
        }
        Ok(())
    }

    fn tables(&mut self, tables: TableSectionReader<'_>) -> Result<()> {
        if tables.count() > 1 {
            return Err(forbidden("more than one table"));
        }
        for table in tables {
            let table = table.map_err(malformed)?;
            let ty = table.ty;
            let plain = ty.element_type == RefType::FUNCREF && !ty.table64 && !ty.shared;
            if !plain || !matches!(table.init, TableInit::RefNull) {
                return Err(forbidden("a table of another kind than plain functions"));
            }
            let limit = self.policy.limits.table_entries;
            at_most(ty.initial, limit, "table entries")?;
            // A table cannot grow, so its maximum means nothing; a huge one is refused all the same.
            at_most(ty.maximum.unwrap_or(0), limit, "table entries at most")?;
            self.table_entries = Some(ty.initial);
        }
        Ok(())
    }

    fn memories(&mut self, memories: MemorySectionReader<'_>) -> Result<()> {
        if memories.count() > 1 {
            return Err(forbidden("more than one memory"));
        }
        for memory in memories {
            let memory = memory.map_err(malformed)?;
            if memory.memory64 || memory.shared || memory.page_size_log2.is_some() {
                return Err(forbidden("a memory that is 64-bit, shared or of another page size"));
            }
            let limits = self.policy.limits;
            at_most(memory.initial, limits.initial_pages.min(limits.max_pages), "pages of memory at first")?;
            let maximum = memory.maximum.unwrap_or(u64::from(limits.max_pages));
            at_most(maximum, limits.max_pages, "pages of memory at most")?;
            self.module.memory = Some(Pages { initial: memory.initial as u32, maximum: maximum as u32 });
        }
        Ok(())
    }

    fn globals(&mut self, globals: GlobalSectionReader<'_>) -> Result<()> {
        at_most(globals.count(), self.policy.limits.globals, "globals")?;
        for global in globals {
            let global = global.map_err(malformed)?;
            if global.ty.shared {
                return Err(forbidden("a shared global"));
            }
            self.value_type(global.ty.content_type)?;
            constant(&global.init_expr)?;
        }
        Ok(())
    }

    fn exports(&mut self, exports: ExportSectionReader<'_>) -> Result<()> {
        at_most(exports.count(), self.policy.limits.exports, "exports")?;
        for export in exports {
            let export = export.map_err(malformed)?;
            self.export(&export)
                .map_err(|error| within(format!("export `{}`", printable(export.name)), error))?;
        }
        Ok(())
    }

    fn export(&mut self, export: &Export<'_>) -> Result<()> {
        let name = export.name;
        at_most(name.len() as u64, self.policy.limits.name_bytes, "bytes of name")?;
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(invalid("a name must be of visible ASCII characters"));
        }
        if RESERVED_NAMES.iter().any(|reserved| name.starts_with(reserved)) {
            return Err(forbidden("the name is reserved"));
        }
        if name == "memory" && export.kind != ExternalKind::Memory {
            return Err(invalid("the name is the memory's"));
        }
        match export.kind {
            ExternalKind::Memory => self.memory_exported |= name == "memory",
            ExternalKind::Func if self.is_entry(export.index) => self.module.entries.push(name.to_owned()),
            ExternalKind::Func | ExternalKind::Table | ExternalKind::Global => {}
            ExternalKind::Tag | ExternalKind::FuncExact => return Err(forbidden("exceptions")),
        }
        Ok(())
    }

    /// Whether a call may name this function: the module's own, () -> () or () -> i32.
    fn is_entry(&self, function: u32) -> bool {
        let own = (function as usize).checked_sub(self.module.imports.len());
        let ty = own.and_then(|own| self.functions.get(own)).and_then(|ty| self.types.get(*ty as usize));
        ty.is_some_and(|ty| ty.params().is_empty() && matches!(ty.results(), [] | [ValType::I32]))
    }

    fn custom(&mut self, custom: &CustomSectionReader<'_>) -> Result<()> {
        self.custom_sections += 1;
        at_most(self.custom_sections, self.policy.limits.custom_sections, "custom sections")?;
        let name = custom.name();
        if !name.starts_with("zvm.") {
            return Ok(());
        }
        let what = format!("bytes in custom section `{}`", printable(name));
        at_most(custom.data().len() as u64, self.policy.limits.zvm_section_bytes, &what)?;
        if !self.our_sections.insert(name.to_owned()) {
            return Err(invalid(format!("custom section `{}` occurs twice", printable(name))));
        }
        if name == "zvm.abi" {
            self.module.abi = Some(custom.data().into());
        }
        Ok(())
    }

    /// The index, imports counted, of the function that is declared or defined next.
    fn next_function(&self) -> usize {
        self.module.imports.len() + self.functions.len()
    }
}

/// A name of the module's as a message may carry it: short, escaped.
fn printable(name: &str) -> String {
    name.chars().take(64).flat_map(char::escape_debug).collect()
}

/// Whether a type of the module's is a host function's.
fn is(ty: &FuncType, host: Signature) -> bool {
    let same = |ours: &Scalar, theirs: &ValType| {
        matches!((ours, theirs), (Scalar::I32, ValType::I32) | (Scalar::I64, ValType::I64))
    };
    let all = |ours: &[Scalar], theirs: &[ValType]| {
        ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
    };
    all(host.params, ty.params()) && all(host.result.as_slice(), ty.results())
}
