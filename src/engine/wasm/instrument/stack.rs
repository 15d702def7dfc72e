//! The counted stack.
//!
//! A function finds in the global [`STACK`](super::STACK) the words that are left for its frame
//! and all below it. On its way to a call it takes its own off them once, into a local, and
//! says before each call what is left. Nothing is given back: whoever looks has just been told.

use wasm_encoder::{BlockType, InstructionSink};
use wasmparser::Operator;

use super::flow::Flow;
use super::meter::Meter;
use crate::engine::wasm::validate::Shape;
use crate::limits::Limits;
use crate::outcome::Halt;

/// The words of a function's frame. It is at least one, so that depth is bounded whatever the limits say.
pub(super) fn words(shape: Shape, limits: &Limits) -> i32 {
    let values = shape.params + shape.locals + shape.operands;
    i32::try_from(values.max(limits.frame_words).max(1)).unwrap_or(i32::MAX)
}

/// Whether an operator calls code that has a frame on the counted stack.
pub(super) fn is_counted(operator: &Operator<'_>, meter: &Meter) -> bool {
    match operator {
        Operator::Call { function_index } => !meter.is_import(*function_index),
        Operator::CallIndirect { .. } => true,
        _ => false,
    }
}

/// The block at whose beginning a function takes its frame, if it calls: the last one that is on every
/// way to a call, and in no loop. Code that never calls takes nothing, wherever it stands.
pub(super) fn place(flow: &Flow, passed: &mut Vec<i32>) -> Option<usize> {
    let first = flow.blocks.iter().position(|block| block.counts)?;
    let last = flow.blocks.iter().rposition(|block| block.counts)? as u32;
    // How many ways begin to pass by a block, less how many have ended before it. Jumps forward
    // alone lead past a block: one back to a loop has been past it before.
    passed.clear();
    passed.resize(first + 2, 0);
    for bypass in flow.bypasses.iter().filter(|bypass| bypass.to <= last) {
        let (from, to) = (bypass.from as usize + 1, (bypass.to as usize).min(first + 1));
        if from < to {
            passed[from] += 1;
            passed[to] -= 1;
        }
    }
    let (mut open, mut place) = (0, 0);
    for (index, block) in flow.blocks.iter().enumerate().take(first + 1) {
        open += passed[index];
        if open == 0 && !block.repeats {
            place = index;
        }
    }
    Some(place)
}

/// `left = stack - words; if left < 0 { trap(STACK_OVERFLOW) }`
pub(super) fn take(meter: &Meter, words: i32, left: u32, code: &mut InstructionSink<'_>) {
    code.global_get(meter.stack()).i32_const(words).i32_sub().local_tee(left);
    // The import does not return. Saying so spares the compiler keeping anything for it.
    code.i32_const(0).i32_lt_s().if_(BlockType::Empty);
    code.i32_const(Halt::StackOverflow as i32).call(meter.trap()).unreachable().end();
}

/// `stack = left`
pub(super) fn tell(meter: &Meter, left: u32, code: &mut InstructionSink<'_>) {
    code.local_get(left).global_set(meter.stack());
}
