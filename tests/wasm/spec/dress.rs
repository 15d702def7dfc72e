//! The specification's modules as contracts: the same code under names a contract may use.
//!
//! A contract exports its memory as `memory`, names its exports in ASCII and imports from `zvm`. The
//! specification's modules need not, and are about none of that, so their names are changed and
//! nothing else is: types, code, segments, limits and custom sections stay, byte for byte.

use std::collections::HashMap;

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ExportKind, ExportSection, ImportSection, RawSection};
use wasmparser::{ExternalKind, Parser, Payload, TypeRef};

/// A module in its dress, with the new name of each export.
pub(super) struct Dressed {
    pub(super) wasm: Vec<u8>,
    pub(super) names: HashMap<String, String>,
}

/// Sections that stand behind the exports.
const BEHIND_EXPORTS: [u8; 5] = [8, 9, 12, 10, 11];

/// `None` where the bytes cannot even be read, which is for validation to say.
pub(super) fn dress(plain: &[u8]) -> Option<Dressed> {
    let (mut module, mut exports) = (wasm_encoder::Module::new(), Exports::default());
    for payload in Parser::new(0).parse_all(plain) {
        let payload = payload.ok()?;
        let Some((id, range)) = payload.as_section() else { continue };
        if BEHIND_EXPORTS.contains(&id) {
            exports.write(&mut module);
        }
        match &payload {
            Payload::ImportSection(section) => {
                module.section(&imports(section.clone(), &mut exports)?);
            }
            Payload::ExportSection(section) => exports.read(section.clone())?,
            payload => {
                exports.has_memory |=
                    matches!(payload, Payload::MemorySection(section) if section.count() > 0);
                module.section(&RawSection { id, data: &plain[range.start as usize..range.end as usize] });
            }
        }
    }
    exports.write(&mut module);
    Some(Dressed { wasm: module.finish(), names: exports.names })
}

/// The imports; those of the specification's host become the runtime's.
fn imports(section: wasmparser::ImportSectionReader<'_>, exports: &mut Exports) -> Option<ImportSection> {
    let mut imports = ImportSection::new();
    for import in section.into_imports() {
        let import = import.ok()?;
        let ty = RoundtripReencoder.entity_type(import.ty).ok()?;
        let ours = import.module == "spectest" && matches!(import.ty, TypeRef::Func(_));
        imports.import(if ours { "zvm" } else { import.module }, import.name, ty);
        exports.has_memory |= matches!(import.ty, TypeRef::Memory(_));
    }
    Some(imports)
}

/// The exports under their new names, written once, in their place.
#[derive(Default)]
struct Exports {
    list: Vec<(String, ExportKind, u32)>,
    names: HashMap<String, String>,
    has_memory: bool,
    written: bool,
}

impl Exports {
    fn read(&mut self, section: wasmparser::ExportSectionReader<'_>) -> Option<()> {
        for (at, export) in section.into_iter().enumerate() {
            let export = export.ok()?;
            let is_memory = export.kind == ExternalKind::Memory && !self.exports_memory();
            let fresh = if is_memory { "memory".to_owned() } else { format!("export{at}") };
            // Two of one name stay two of one name.
            let name = self.names.entry(export.name.to_owned()).or_insert(fresh);
            self.list.push((name.clone(), export.kind.into(), export.index));
        }
        Some(())
    }

    fn exports_memory(&self) -> bool {
        self.list.iter().any(|(_, kind, _)| *kind == ExportKind::Memory)
    }

    fn write(&mut self, module: &mut wasm_encoder::Module) {
        if std::mem::replace(&mut self.written, true) {
            return;
        }
        if self.has_memory && !self.exports_memory() {
            self.list.push(("memory".to_owned(), ExportKind::Memory, 0));
        }
        let mut section = ExportSection::new();
        for (name, kind, index) in &self.list {
            section.export(name, *kind, *index);
        }
        if !self.list.is_empty() {
            module.section(&section);
        }
    }
}
