//! The operators contracts may use, each with its price class: one table that validation reads
//! as an allow-list and instrumentation as a tariff.
//!
//! It holds WebAssembly 1.0, the sign extensions, the saturating float-to-integer conversions,
//! `memory.copy` and `memory.fill`. All five are in the ordinary output of rustc 1.95 for
//! `wasm32-unknown-unknown`, and all are deterministic (a saturating conversion of NaN is 0).
//! What would let a call leave a trace in tables or segments is absent, because an instance that
//! is used again is reset by its memory and globals alone.

use wasmparser::Operator;

/// What an operator costs, by kind. The figures are in the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine::wasm) enum Class {
    /// Only shapes the code; costs nothing.
    Structural,
    /// One simple instruction.
    Instruction,
    /// A load or store.
    MemoryAccess,
    /// An integer division or remainder.
    Division,
    /// A float operation.
    Float,
    /// A float division or square root.
    FloatDivision,
    /// A call of a known function.
    Call,
    /// A call through the table.
    IndirectCall,
    /// A jump by table, priced by its targets.
    BrTable,
    /// A copy or fill of memory, priced by its length too.
    Bulk,
}

/// The width of a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine::wasm) enum Width {
    /// 32 bits.
    F32,
    /// 64 bits.
    F64,
}

/// What the table says of one operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine::wasm) struct Entry {
    /// What it costs.
    pub(in crate::engine::wasm) class: Class,
    /// Whether it takes, gives or holds a float.
    pub(in crate::engine::wasm) float: bool,
    /// The width of its result, where that may be a NaN whose bits the machine chooses.
    pub(in crate::engine::wasm) nan: Option<Width>,
}

const fn integer(class: Class) -> Entry {
    Entry { class, float: false, nan: None }
}

const fn float(class: Class) -> Entry {
    Entry { class, float: true, nan: None }
}

const fn arithmetic(class: Class, width: Width) -> Entry {
    Entry { class, float: true, nan: Some(width) }
}

/// The entry of an operator, `None` if contracts may not use it.
///
/// `abs`, `neg` and `copysign` only touch the sign bit, so their NaNs are exact and stay as they are.
#[rustfmt::skip]
pub(in crate::engine::wasm) fn entry(operator: &Operator<'_>) -> Option<Entry> {
    use Operator::*;
    use Width::{F32, F64};
    Some(match operator {
        Nop | Block { .. } | Loop { .. } | Else | End => integer(Class::Structural),

        Unreachable | If { .. } | Br { .. } | BrIf { .. } | Return | Drop | Select
        | LocalGet { .. } | LocalSet { .. } | LocalTee { .. } | GlobalGet { .. } | GlobalSet { .. }
        | MemorySize { .. } | I32Const { .. } | I64Const { .. }
        | I32Eqz | I32Eq | I32Ne | I32LtS | I32LtU | I32GtS | I32GtU | I32LeS | I32LeU | I32GeS | I32GeU
        | I64Eqz | I64Eq | I64Ne | I64LtS | I64LtU | I64GtS | I64GtU | I64LeS | I64LeU | I64GeS | I64GeU
        | I32Clz | I32Ctz | I32Popcnt | I32Add | I32Sub | I32Mul
        | I32And | I32Or | I32Xor | I32Shl | I32ShrS | I32ShrU | I32Rotl | I32Rotr
        | I64Clz | I64Ctz | I64Popcnt | I64Add | I64Sub | I64Mul
        | I64And | I64Or | I64Xor | I64Shl | I64ShrS | I64ShrU | I64Rotl | I64Rotr
        | I32WrapI64 | I64ExtendI32S | I64ExtendI32U
        | I32Extend8S | I32Extend16S | I64Extend8S | I64Extend16S | I64Extend32S
            => integer(Class::Instruction),

        I32Load { .. } | I64Load { .. }
        | I32Load8S { .. } | I32Load8U { .. } | I32Load16S { .. } | I32Load16U { .. }
        | I64Load8S { .. } | I64Load8U { .. } | I64Load16S { .. } | I64Load16U { .. }
        | I64Load32S { .. } | I64Load32U { .. }
        | I32Store { .. } | I64Store { .. } | I32Store8 { .. } | I32Store16 { .. }
        | I64Store8 { .. } | I64Store16 { .. } | I64Store32 { .. }
            => integer(Class::MemoryAccess),

        I32DivS | I32DivU | I32RemS | I32RemU | I64DivS | I64DivU | I64RemS | I64RemU
            => integer(Class::Division),

        Call { .. } => integer(Class::Call),
        CallIndirect { .. } => integer(Class::IndirectCall),
        BrTable { .. } => integer(Class::BrTable),
        MemoryCopy { .. } | MemoryFill { .. } | MemoryGrow { .. } => integer(Class::Bulk),

        F32Const { .. } | F64Const { .. }
        | I32ReinterpretF32 | I64ReinterpretF64 | F32ReinterpretI32 | F64ReinterpretI64
        | F32Abs | F32Neg | F32Copysign | F64Abs | F64Neg | F64Copysign
            => float(Class::Instruction),

        F32Load { .. } | F64Load { .. } | F32Store { .. } | F64Store { .. }
            => float(Class::MemoryAccess),

        F32Eq | F32Ne | F32Lt | F32Gt | F32Le | F32Ge | F64Eq | F64Ne | F64Lt | F64Gt | F64Le | F64Ge
        | I32TruncF32S | I32TruncF32U | I32TruncF64S | I32TruncF64U
        | I64TruncF32S | I64TruncF32U | I64TruncF64S | I64TruncF64U
        | I32TruncSatF32S | I32TruncSatF32U | I32TruncSatF64S | I32TruncSatF64U
        | I64TruncSatF32S | I64TruncSatF32U | I64TruncSatF64S | I64TruncSatF64U
        | F32ConvertI32S | F32ConvertI32U | F32ConvertI64S | F32ConvertI64U
        | F64ConvertI32S | F64ConvertI32U | F64ConvertI64S | F64ConvertI64U
            => float(Class::Float),

        F32Ceil | F32Floor | F32Trunc | F32Nearest | F32Add | F32Sub | F32Mul | F32Min | F32Max
        | F32DemoteF64
            => arithmetic(Class::Float, F32),
        F64Ceil | F64Floor | F64Trunc | F64Nearest | F64Add | F64Sub | F64Mul | F64Min | F64Max
        | F64PromoteF32
            => arithmetic(Class::Float, F64),
        F32Div | F32Sqrt => arithmetic(Class::FloatDivision, F32),
        F64Div | F64Sqrt => arithmetic(Class::FloatDivision, F64),

        _ => return None,
    })
}
