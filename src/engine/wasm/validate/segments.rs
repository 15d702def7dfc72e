//! Element and data segments: only what is written into table and memory at instantiation, only
//! at constant places, and only inside. So instantiation cannot fail, and no segment is left to drop.

use wasmparser::{
    ConstExpr, DataKind, DataSectionReader, Element, ElementItems, ElementKind, ElementSectionReader,
    Operator,
};

use super::refusal::{at_most, forbidden, invalid, malformed, within};
use super::sections::Checker;
use crate::error::Result;

const PAGE_BYTES: u64 = 64 << 10;

impl Checker<'_> {
    pub(super) fn elements(&mut self, elements: ElementSectionReader<'_>) -> Result<()> {
        at_most(elements.count(), self.policy.limits.element_segments, "element segments")?;
        let mut items = 0;
        for (index, element) in elements.into_iter().enumerate() {
            let element = element.map_err(malformed)?;
            if let ElementItems::Functions(functions) = &element.items {
                // Written anew for each instance: overlapping segments must not multiply the work.
                items += u64::from(functions.count());
                at_most(items, self.policy.limits.table_entries, "items of element segments")?;
            }
            self.element(&element).map_err(|error| within(format!("element segment {index}"), error))?;
        }
        Ok(())
    }

    fn element(&self, element: &Element<'_>) -> Result<()> {
        let ElementKind::Active { table_index: None | Some(0), offset_expr } = &element.kind else {
            return Err(forbidden("it is passive, declared or of another table"));
        };
        let ElementItems::Functions(functions) = &element.items else {
            return Err(forbidden("its items are references, not functions"));
        };
        let end = offset(offset_expr)? + u64::from(functions.count());
        match self.table_entries {
            Some(entries) if end <= entries => Ok(()),
            _ => Err(invalid(format!("it ends at entry {end}, outside the table"))),
        }
    }

    pub(super) fn data_count(&self, count: u32) -> Result<()> {
        at_most(count, self.policy.limits.data_segments, "data segments")
    }

    pub(super) fn data(&mut self, segments: DataSectionReader<'_>) -> Result<()> {
        self.data_count(segments.count())?;
        let bytes = self.module.memory.map(|memory| u64::from(memory.initial) * PAGE_BYTES);
        for (index, segment) in segments.into_iter().enumerate() {
            let segment = segment.map_err(malformed)?;
            let DataKind::Active { memory_index: 0, offset_expr } = &segment.kind else {
                return Err(forbidden(format!("data segment {index} is passive or of another memory")));
            };
            let begin =
                offset(offset_expr).map_err(|error| within(format!("data segment {index}"), error))?;
            let end = begin + segment.data.len() as u64;
            if bytes.is_none_or(|bytes| end > bytes) {
                return Err(invalid(format!(
                    "data segment {index} ends at byte {end}, outside the initial memory"
                )));
            }
        }
        Ok(())
    }
}

/// The single constant of an initial value or offset. With no imported globals there is nothing
/// else that WebAssembly 1.0 could put there.
pub(super) fn constant<'a>(expression: &ConstExpr<'a>) -> Result<Operator<'a>> {
    let mut operators = expression.get_operators_reader();
    let value = operators.read().map_err(malformed)?;
    let plain = matches!(
        value,
        Operator::I32Const { .. }
            | Operator::I64Const { .. }
            | Operator::F32Const { .. }
            | Operator::F64Const { .. }
    );
    if !plain || operators.read().map_err(malformed)? != Operator::End {
        return Err(forbidden("an initial value or offset that is not one constant"));
    }
    Ok(value)
}

fn offset(expression: &ConstExpr<'_>) -> Result<u64> {
    match constant(expression)? {
        Operator::I32Const { value } => Ok(u64::from(value as u32)),
        _ => Err(invalid("the offset is not an i32")),
    }
}
