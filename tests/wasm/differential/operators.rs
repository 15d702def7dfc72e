//! The operators a program is made of, by the type they give.

use wasm_encoder::Instruction::{self, *};
use wasm_encoder::{MemArg, ValType};

use crate::smith::Random;

/// An access to memory at a place.
pub(super) type Access = fn(MemArg) -> Instruction<'static>;

fn pick<T: Clone>(list: &[T], random: &mut Random) -> T {
    list[random.below(list.len())].clone()
}

pub(super) fn unary(ty: ValType, random: &mut Random) -> Instruction<'static> {
    match ty {
        ValType::I32 => pick(&[I32Clz, I32Ctz, I32Popcnt, I32Eqz, I32Extend8S, I32Extend16S], random),
        ValType::I64 => pick(&[I64Clz, I64Ctz, I64Popcnt, I64Extend8S, I64Extend16S, I64Extend32S], random),
        ValType::F32 => pick(&[F32Abs, F32Neg, F32Ceil, F32Floor, F32Trunc, F32Nearest, F32Sqrt], random),
        _ => pick(&[F64Abs, F64Neg, F64Ceil, F64Floor, F64Trunc, F64Nearest, F64Sqrt], random),
    }
}

/// An operator of two operands of a type, and whether the second is a divisor.
#[rustfmt::skip]
pub(super) fn binary(ty: ValType, random: &mut Random) -> (Instruction<'static>, bool) {
    let operator = match ty {
        ValType::I32 => pick(&[
            I32Add, I32Sub, I32Mul, I32And, I32Or, I32Xor, I32Shl, I32ShrS, I32ShrU, I32Rotl, I32Rotr, I32Eq,
            I32Ne, I32LtS, I32LtU, I32GtS, I32GtU, I32LeS, I32LeU, I32GeS, I32GeU, I32DivS, I32DivU, I32RemS, I32RemU,
        ], random),
        ValType::I64 => pick(&[
            I64Add, I64Sub, I64Mul, I64And, I64Or, I64Xor, I64Shl, I64ShrS, I64ShrU, I64Rotl, I64Rotr,
            I64DivS, I64DivU, I64RemS, I64RemU,
        ], random),
        ValType::F32 => pick(&[F32Add, F32Sub, F32Mul, F32Div, F32Min, F32Max, F32Copysign], random),
        _ => pick(&[F64Add, F64Sub, F64Mul, F64Div, F64Min, F64Max, F64Copysign], random),
    };
    let divides = matches!(
        operator,
        I32DivS | I32DivU | I32RemS | I32RemU | I64DivS | I64DivU | I64RemS | I64RemU
    );
    (operator, divides)
}

/// An operator that makes a value of a type out of one of another. The conversions that trap are rare
/// among those that saturate.
#[rustfmt::skip]
pub(super) fn convert(ty: ValType, floats: bool, random: &mut Random) -> (ValType, Instruction<'static>) {
    use ValType::{F32, F64, I32, I64};
    let integer: &[(ValType, Instruction<'static>)] = match ty {
        I32 => &[(I64, I32WrapI64), (I64, I64Eqz)],
        _ => &[(I32, I64ExtendI32S), (I32, I64ExtendI32U)],
    };
    let all: &[(ValType, Instruction<'static>)] = match ty {
        _ if !floats => integer,
        I32 => &[
            (I64, I32WrapI64), (I64, I64Eqz), (F32, I32ReinterpretF32), (F32, I32TruncSatF32S), (F32, I32TruncSatF32U),
            (F64, I32TruncSatF64S), (F64, I32TruncSatF64U), (F32, I32TruncF32S), (F64, I32TruncF64U),
        ],
        I64 => &[
            (I32, I64ExtendI32S), (I32, I64ExtendI32U), (F64, I64ReinterpretF64), (F32, I64TruncSatF32S),
            (F32, I64TruncSatF32U), (F64, I64TruncSatF64S), (F64, I64TruncSatF64U), (F64, I64TruncF64S), (F32, I64TruncF32U),
        ],
        F32 => &[
            (I32, F32ConvertI32S), (I32, F32ConvertI32U), (I64, F32ConvertI64S), (I64, F32ConvertI64U),
            (F64, F32DemoteF64), (I32, F32ReinterpretI32),
        ],
        _ => &[
            (I32, F64ConvertI32S), (I32, F64ConvertI32U), (I64, F64ConvertI64S), (I64, F64ConvertI64U),
            (F32, F64PromoteF32), (I64, F64ReinterpretI64),
        ],
    };
    pick(all, random)
}

/// A load with its natural alignment's exponent.
#[rustfmt::skip]
pub(super) fn load(ty: ValType, random: &mut Random) -> (Access, u32) {
    let loads: &[(Access, u32)] = match ty {
        ValType::I32 => &[(I32Load, 2), (I32Load8S, 0), (I32Load8U, 0), (I32Load16S, 1), (I32Load16U, 1)],
        ValType::I64 => &[
            (I64Load, 3), (I64Load8S, 0), (I64Load8U, 0), (I64Load16S, 1), (I64Load16U, 1), (I64Load32S, 2), (I64Load32U, 2),
        ],
        ValType::F32 => &[(F32Load, 2)],
        _ => &[(F64Load, 3)],
    };
    pick(loads, random)
}

/// A store with its natural alignment's exponent.
pub(super) fn store(ty: ValType, random: &mut Random) -> (Access, u32) {
    let stores: &[(Access, u32)] = match ty {
        ValType::I32 => &[(I32Store, 2), (I32Store8, 0), (I32Store16, 1)],
        ValType::I64 => &[(I64Store, 3), (I64Store8, 0), (I64Store16, 1), (I64Store32, 2)],
        ValType::F32 => &[(F32Store, 2)],
        _ => &[(F64Store, 3)],
    };
    pick(stores, random)
}
