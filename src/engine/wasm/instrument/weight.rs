//! What one operator costs.

use wasmparser::Operator;

use super::step::Step;
use crate::engine::wasm::validate::operators::Class;
use crate::gas::Schedule;

/// The operator's price. What its operands add is charged apart.
pub(super) fn weight(step: &Step<'_>, schedule: &Schedule) -> u64 {
    match step.entry.class {
        Class::Structural => 0,
        Class::Instruction => schedule.instruction,
        Class::MemoryAccess => schedule.memory_access,
        Class::Division => schedule.division,
        Class::Float => schedule.float,
        Class::FloatDivision => schedule.float_division,
        Class::Call => schedule.function_call,
        Class::IndirectCall => schedule.indirect_call,
        Class::BrTable => br_table(&step.operator, schedule),
        Class::Bulk => schedule.bulk,
    }
}

/// The default target is in the instruction's price.
fn br_table(operator: &Operator<'_>, schedule: &Schedule) -> u64 {
    let Operator::BrTable { targets } = operator else { return schedule.instruction };
    schedule.br_table_target.saturating_mul(u64::from(targets.len())).saturating_add(schedule.instruction)
}
