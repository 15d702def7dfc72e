//! What the table holds, which is known before the code runs.

use wasmparser::{ElementItems, ElementKind, FuncType, Operator, TypeRef};

use crate::engine::wasm::instrument::mismatch;
use crate::engine::wasm::instrument::sections::Sections;
use crate::error::Result;

/// The types of the table's entries. A type's number is the index of the first that is the same.
pub(super) struct Callees {
    /// By index of the type.
    ids: Vec<u32>,
    /// By entry; none where it is empty.
    pub(super) entries: Vec<Option<u32>>,
}

impl Callees {
    pub(super) fn read(sections: &Sections<'_>) -> Result<Self> {
        let ids = ids(&types(sections)?);
        let functions = functions(sections)?;
        let mut entries = vec![None; table(sections)?];
        for element in sections.elements.clone().into_iter().flatten() {
            let element = element.map_err(mismatch)?;
            let ElementKind::Active { offset_expr, .. } = &element.kind else { continue };
            let ElementItems::Functions(items) = element.items else { continue };
            let Operator::I32Const { value } = offset_expr.get_operators_reader().read().map_err(mismatch)?
            else {
                continue;
            };
            let begin = value.cast_unsigned() as usize;
            for (entry, function) in entries.iter_mut().skip(begin).zip(items) {
                let ty = functions.get(function.map_err(mismatch)? as usize);
                *entry = ty.and_then(|ty| ids.get(*ty as usize)).copied();
            }
        }
        Ok(Self { ids, entries })
    }

    /// The number of a type.
    pub(super) fn type_id(&self, index: u32) -> u32 {
        self.ids.get(index as usize).copied().unwrap_or(index)
    }
}

fn types(sections: &Sections<'_>) -> Result<Vec<FuncType>> {
    let types = sections.types.clone().into_iter();
    types.flat_map(|types| types.into_iter_err_on_gc_types()).map(|ty| ty.map_err(mismatch)).collect()
}

fn ids(types: &[FuncType]) -> Vec<u32> {
    let mut first = std::collections::HashMap::new();
    types.iter().zip(0..).map(|(ty, index)| *first.entry(ty).or_insert(index)).collect()
}

/// The type of each function, imports first.
fn functions(sections: &Sections<'_>) -> Result<Vec<u32>> {
    let mut functions = Vec::new();
    for import in sections.imports.clone().into_iter().flat_map(|imports| imports.into_imports()) {
        if let TypeRef::Func(ty) = import.map_err(mismatch)?.ty {
            functions.push(ty);
        }
    }
    for ty in sections.functions.clone().into_iter().flatten() {
        functions.push(ty.map_err(mismatch)?);
    }
    Ok(functions)
}

/// How many entries the table has.
fn table(sections: &Sections<'_>) -> Result<usize> {
    let table = sections.tables.clone().into_iter().flatten().next().transpose().map_err(mismatch)?;
    Ok(table.map_or(0, |table| table.ty.initial as usize))
}
