//! The charging scheme: where gas is paid, and with what code.
//!
//! Each basic block pays its exact cost at its beginning, straight out of the gas global. This is
//! the plain form. A scheme that hoists charges, keeps the gas in a local or prepays loops
//! replaces this file and nothing else.

use wasm_encoder::{BlockType, Function, InstructionSink, ValType};

use super::flow::Mark;
use super::meter::Meter;
use super::step::Step;
use super::weight::weight;
use crate::gas::Schedule;

/// What each basic block costs, in the order in which they begin. `entry` is due on entry, on
/// top of the first block. Code that is never reached is in no block.
pub(super) fn plan(
    steps: &[Step<'_>],
    marks: &[Mark],
    entry: u64,
    schedule: &Schedule,
    costs: &mut Vec<u64>,
) {
    costs.clear();
    let mut cost = entry;
    for (step, mark) in steps.iter().zip(marks) {
        if *mark == Mark::Dead {
            continue;
        }
        cost = cost.saturating_add(weight(step, schedule));
        if *mark == Mark::Leads {
            costs.push(cost);
            cost = 0;
        }
    }
    costs.push(cost);
}

/// The code that pays for one block.
pub(super) fn block(meter: &Meter, code: &mut InstructionSink<'_>, cost: u64) {
    if cost > 0 {
        pay(meter, code, |code| {
            code.i64_const(cost as i64);
        });
    }
}

/// The code that pays an amount: `if gas < amount { refill(amount) } gas -= amount`. The operand stack
/// is as before.
fn pay(meter: &Meter, code: &mut InstructionSink<'_>, amount: impl Fn(&mut InstructionSink<'_>)) {
    code.global_get(meter.gas());
    amount(code);
    code.i64_lt_u().if_(BlockType::Empty);
    amount(code);
    code.call(meter.refill()).end();
    code.global_get(meter.gas());
    amount(code);
    code.i64_sub().global_set(meter.gas());
}

/// The routine that pays for a length of bytes and returns it, for modules with a memory. A product
/// past 64 bits counts as 2^64 - 1, which is more gas than there is.
pub(super) fn routine(meter: &Meter, schedule: &Schedule) -> Option<Function> {
    let price = schedule.bulk_8_bytes;
    let most = u64::MAX.checked_div(price).unwrap_or(u64::MAX);
    let mut function = Function::new([(1, ValType::I64)]);
    let mut code = function.instructions();
    code.local_get(0).i64_extend_i32_u().i64_const(7).i64_add().i64_const(3).i64_shr_u().local_set(1);
    code.local_get(1).i64_const(price as i64).i64_mul().i64_const(-1);
    code.local_get(1).i64_const(most as i64).i64_le_u().select().local_set(1);
    pay(meter, &mut code, |code| {
        code.local_get(1);
    });
    code.local_get(0).end();
    meter.has_memory.then_some(function)
}
