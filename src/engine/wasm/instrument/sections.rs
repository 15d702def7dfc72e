//! Reads the sections of the original and writes those of the result.

use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, DataSection, ElementSection, ExportSection, FunctionSection, GlobalSection, ImportSection,
    MemorySection, MemoryType, TableSection, TypeSection,
};
use wasmparser::{
    DataSectionReader, ElementSectionReader, ExportSectionReader, ExternalKind, FunctionBody,
    FunctionSectionReader, GlobalSectionReader, ImportSectionReader, MemorySectionReader, Parser, Payload,
    TableSectionReader, TypeSectionReader,
};

use super::meter::Meter;
use super::traps::Checks;
use crate::engine::wasm::validate::Module;

/// The sections of the original that go on, each where the module has it.
#[derive(Default)]
pub(super) struct Sections<'a> {
    pub(super) types: Option<TypeSectionReader<'a>>,
    pub(super) imports: Option<ImportSectionReader<'a>>,
    pub(super) functions: Option<FunctionSectionReader<'a>>,
    pub(super) tables: Option<TableSectionReader<'a>>,
    memories: Option<MemorySectionReader<'a>>,
    pub(super) globals: Option<GlobalSectionReader<'a>>,
    exports: Option<ExportSectionReader<'a>>,
    pub(super) elements: Option<ElementSectionReader<'a>>,
    pub(super) bodies: Vec<FunctionBody<'a>>,
    data: Option<DataSectionReader<'a>>,
}

impl<'a> Sections<'a> {
    /// How many types the module has.
    pub(super) fn own_types(&self) -> u32 {
        self.types.as_ref().map_or(0, wasmparser::SectionLimited::count)
    }

    /// How many globals it has.
    pub(super) fn own_globals(&self) -> u32 {
        self.globals.as_ref().map_or(0, wasmparser::SectionLimited::count)
    }

    /// Which of the module's own functions can be entered from outside.
    pub(super) fn entered(&self, functions: usize, imports: usize) -> wasmparser::Result<Vec<bool>> {
        let mut entered = vec![false; functions];
        for export in self.exports.clone().into_iter().flatten() {
            let export = export?;
            let own =
                (export.index as usize).checked_sub(imports).filter(|_| export.kind == ExternalKind::Func);
            if let Some(own) = own.and_then(|own| entered.get_mut(own)) {
                *own = true;
            }
        }
        Ok(entered)
    }

    pub(super) fn read(wasm: &'a [u8]) -> wasmparser::Result<Self> {
        let mut sections = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(section) => sections.types = Some(section),
                Payload::ImportSection(section) => sections.imports = Some(section),
                Payload::FunctionSection(section) => sections.functions = Some(section),
                Payload::TableSection(section) => sections.tables = Some(section),
                Payload::MemorySection(section) => sections.memories = Some(section),
                Payload::GlobalSection(section) => sections.globals = Some(section),
                Payload::ExportSection(section) => sections.exports = Some(section),
                Payload::ElementSection(section) => sections.elements = Some(section),
                Payload::CodeSectionEntry(body) => sections.bodies.push(body),
                Payload::DataSection(section) => sections.data = Some(section),
                // The count of data segments serves operators that contracts may not use.
                _ => {}
            }
        }
        Ok(sections)
    }

    /// The result: each section with our additions behind what it held, around the new code.
    pub(super) fn write(
        self,
        module: &Module,
        meter: &Meter,
        checks: &Checks,
        code: &CodeSection,
    ) -> Result<Vec<u8>, Error> {
        let mut reencoder = Shifted { module, meter };
        let mut output = wasm_encoder::Module::new();

        let mut types = TypeSection::new();
        if let Some(section) = self.types {
            reencoder.parse_type_section(&mut types, section)?;
        }
        meter.add_types(&mut types);
        checks.add_types(&mut types);
        output.section(&types);

        let mut imports = ImportSection::new();
        if let Some(section) = self.imports {
            reencoder.parse_import_section(&mut imports, section)?;
        }
        meter.add_imports(&mut imports);
        output.section(&imports);

        let mut functions = FunctionSection::new();
        if let Some(section) = self.functions {
            reencoder.parse_function_section(&mut functions, section)?;
        }
        meter.add_functions(&mut functions);
        checks.add_functions(meter.next_type(), &mut functions);
        output.section(&functions);

        if let Some(section) = self.tables {
            let mut tables = TableSection::new();
            reencoder.parse_table_section(&mut tables, section)?;
            output.section(&tables);
        }
        if let Some(section) = self.memories {
            let mut memories = MemorySection::new();
            reencoder.parse_memory_section(&mut memories, section)?;
            output.section(&memories);
        }

        let mut globals = GlobalSection::new();
        if let Some(section) = self.globals {
            reencoder.parse_global_section(&mut globals, section)?;
        }
        meter.add_globals(&mut globals);
        output.section(&globals);

        let mut exports = ExportSection::new();
        if let Some(section) = self.exports {
            reencoder.parse_export_section(&mut exports, section)?;
        }
        meter.add_exports(&mut exports);
        output.section(&exports);

        if let Some(section) = self.elements {
            let mut elements = ElementSection::new();
            reencoder.parse_element_section(&mut elements, section)?;
            output.section(&elements);
        }
        output.section(code);
        if let Some(section) = self.data {
            let mut data = DataSection::new();
            reencoder.parse_data_section(&mut data, section)?;
            output.section(&data);
        }
        Ok(output.finish())
    }
}

/// Copies sections with the contract's functions at their new indices and its memory bounded.
struct Shifted<'a> {
    module: &'a Module,
    meter: &'a Meter,
}

impl Reencode for Shifted<'_> {
    type Error = Infallible;

    fn function_index(&mut self, old: u32) -> Result<u32, Error> {
        Ok(self.meter.function(old))
    }

    fn memory_type(&mut self, memory: wasmparser::MemoryType) -> Result<MemoryType, Error> {
        let maximum = self.module.memory.map(|memory| u64::from(memory.maximum));
        Ok(MemoryType {
            minimum: memory.initial,
            maximum,
            memory64: false,
            shared: false,
            page_size_log2: None,
        })
    }
}
