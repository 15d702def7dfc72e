//! The code that pays.
//!
//! The gas global is true at every operator: whatever calls the host, traps or returns leaves
//! behind what was paid until then. A local remembers the global's value from one block to the
//! next, so that a loop without calls does not wait for its own stores.

use wasm_encoder::{BlockType, Function, InstructionSink, ValType};

use super::meter::Meter;
use super::plan::{Check, Payment};
use crate::gas::Schedule;

/// The code that pays for one block: `if gas < amount { refill(amount) } gas -= amount`, the first half
/// where there is a check. The operand stack is as before. `gas` is the local that remembers.
pub(super) fn block(meter: &Meter, payment: Payment, gas: u32, code: &mut InstructionSink<'_>) {
    if !payment.is_due() {
        return;
    }
    let amount = need(payment.amount);
    if payment.check == Check::Never {
        if payment.known {
            code.local_get(gas);
        } else {
            code.global_get(meter.gas());
        }
        code.i64_const(amount).i64_sub();
        if payment.kept {
            code.local_tee(gas);
        }
        code.global_set(meter.gas());
        return;
    }
    if payment.known {
        code.local_get(gas);
    } else {
        code.global_get(meter.gas()).local_tee(gas);
    }
    code.i64_const(amount).i64_lt_s();
    if payment.check == Check::Outside {
        code.br_if(1);
    } else {
        code.if_(BlockType::Empty);
        refill(meter, payment, gas, code);
        code.end();
    }
    code.local_get(gas).i64_const(amount).i64_sub();
    if payment.kept {
        code.local_tee(gas);
    }
    code.global_set(meter.gas());
}

/// The code that pays for several rounds of a loop at once, if there is gas for one.
pub(super) fn rounds(meter: &Meter, payment: Payment, rounds: u64, gas: u32, code: &mut InstructionSink<'_>) {
    if payment.known {
        code.local_get(gas);
    } else {
        code.global_get(meter.gas()).local_tee(gas);
    }
    code.i64_const(payment.amount as i64).i64_lt_s().br_if(1);
    code.local_get(gas).i64_const((payment.amount * rounds) as i64).i64_sub();
    code.local_tee(gas).global_set(meter.gas());
}

/// The code that gives back what was paid for rounds that did not run.
pub(super) fn give_back(meter: &Meter, amount: u64, gas: u32, code: &mut InstructionSink<'_>) {
    code.local_get(gas).i64_const(amount as i64).i64_add().local_tee(gas).global_set(meter.gas());
}

/// Asks for gas that covers a payment.
pub(super) fn refill(meter: &Meter, payment: Payment, gas: u32, code: &mut InstructionSink<'_>) {
    // What is past an i64 is more gas than there is, whoever asks for it.
    let asked = if payment.amount > MOST { -1 } else { payment.amount as i64 };
    code.i64_const(asked).call(meter.refill());
    if meter.resumes() {
        renew(meter, gas, code);
    } else {
        code.unreachable();
    }
}

/// Reads the gas at hand anew.
pub(super) fn renew(meter: &Meter, gas: u32, code: &mut InstructionSink<'_>) {
    code.global_get(meter.gas()).local_set(gas);
}

/// The most gas that can be at hand.
const MOST: u64 = i64::MAX as u64;

fn need(amount: u64) -> i64 {
    amount.min(MOST) as i64
}

/// The routine that pays for a length of bytes and returns it. A product past an i64 is more gas than there
/// is.
pub(super) fn bytes(meter: &Meter, schedule: &Schedule) -> Function {
    let price = schedule.bulk_8_bytes;
    let most = MOST.checked_div(price).unwrap_or(MOST);
    let mut function = Function::new([(1, ValType::I64)]);
    let mut code = function.instructions();
    code.local_get(0).i64_extend_i32_u().i64_const(7).i64_add().i64_const(3).i64_shr_u().local_set(1);
    code.local_get(1).i64_const(most as i64).i64_gt_u().if_(BlockType::Empty);
    code.i64_const(-1).call(meter.refill()).unreachable().end();
    code.local_get(1).i64_const(price as i64).i64_mul().local_set(1);
    code.global_get(meter.gas()).local_get(1).i64_lt_s().if_(BlockType::Empty);
    code.local_get(1).call(meter.refill()).end();
    code.global_get(meter.gas()).local_get(1).i64_sub().global_set(meter.gas());
    code.local_get(0).end();
    function
}

/// The routine that does the same for a fill, and pays for one of no bytes.
pub(super) fn fill(meter: &Meter, schedule: &Schedule) -> Function {
    let price = schedule.fill_nothing;
    let asked = if price > MOST { -1 } else { price as i64 };
    let mut function = Function::new([]);
    let mut code = function.instructions();
    code.local_get(0).i32_eqz().if_(BlockType::Empty);
    code.global_get(meter.gas()).i64_const(need(price)).i64_lt_s().if_(BlockType::Empty);
    code.i64_const(asked).call(meter.refill()).end();
    code.global_get(meter.gas()).i64_const(need(price)).i64_sub().global_set(meter.gas()).end();
    code.local_get(0).call(meter.charge_bytes()).end();
    function
}
