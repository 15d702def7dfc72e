//! Canonical NaNs. WebAssembly leaves the bits of a computed NaN open, so behind each operation that can
//! compute one stands `if x == x { x } else { canonical }`: only a NaN differs from itself.

use wasm_encoder::{Ieee32, Ieee64, InstructionSink};

use crate::engine::wasm::validate::operators::Width;

const F32: u32 = 0x7fc0_0000;
const F64: u64 = 0x7ff8_0000_0000_0000;

/// The code that makes the float on the operand stack canonical, through a local of its type.
pub(super) fn canonical(width: Width, local: u32, code: &mut InstructionSink<'_>) {
    match width {
        Width::F32 => {
            code.local_tee(local).f32_const(Ieee32::new(F32));
            code.local_get(local).local_get(local).f32_eq().select();
        }
        Width::F64 => {
            code.local_tee(local).f64_const(Ieee64::new(F64));
            code.local_get(local).local_get(local).f64_eq().select();
        }
    }
}
