//! The charging scheme: where gas is paid, and with what code.
//!
//! Each basic block pays its exact cost at its beginning, straight out of the gas global. This is
//! the plain form. A scheme that hoists charges, keeps the gas in a local or prepays loops
//! replaces this file and nothing else.

use wasm_encoder::{BlockType, InstructionSink};

use super::body::Step;
use super::flow::Mark;
use super::meter::{Amount, Meter};
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
pub(super) fn pay(meter: &Meter, code: &mut InstructionSink<'_>, amount: impl Amount) {
    code.global_get(meter.gas());
    amount(code);
    code.i64_lt_u().if_(BlockType::Empty);
    amount(code);
    code.call(meter.refill()).end();
    code.global_get(meter.gas());
    amount(code);
    code.i64_sub().global_set(meter.gas());
}
