//! The code of the routines that check.

use wasm_encoder::{BlockType, Function, Ieee64, InstructionSink, ValType};

use super::{Checks, Division, Routine, Truncation};
use crate::outcome::Halt;

impl Routine {
    /// Whether the machine's library does it, and not code of its own.
    pub(super) fn is_library(self) -> bool {
        matches!(self, Self::Fill | Self::Copy)
    }

    /// Its parameters and results.
    pub(super) fn signature(self) -> (&'static [ValType], &'static [ValType]) {
        use ValType::{F32, F64, I32, I64};
        match self {
            Self::Bounds => (&[I32, I64], &[I32]),
            Self::Fill | Self::Copy => (&[I32, I32, I32], &[]),
            Self::Callee => (&[I32, I32], &[I32]),
            Self::Divide(division) if division.is_wide() => (&[I64, I64], &[I64]),
            Self::Divide(_) => (&[I32, I32], &[I32]),
            Self::Truncate(Truncation::I32F32S | Truncation::I32F32U) => (&[F32], &[I32]),
            Self::Truncate(Truncation::I32F64S | Truncation::I32F64U) => (&[F64], &[I32]),
            Self::Truncate(Truncation::I64F32S | Truncation::I64F32U) => (&[F32], &[I64]),
            Self::Truncate(Truncation::I64F64S | Truncation::I64F64U) => (&[F64], &[I64]),
        }
    }
}

impl Division {
    fn is_wide(self) -> bool {
        matches!(self, Self::I64DivS | Self::I64DivU | Self::I64RemS | Self::I64RemU)
    }

    fn write(self, code: &mut InstructionSink<'_>) {
        match self {
            Self::I32DivS => code.i32_div_s(),
            Self::I32DivU => code.i32_div_u(),
            Self::I32RemS => code.i32_rem_s(),
            Self::I32RemU => code.i32_rem_u(),
            Self::I64DivS => code.i64_div_s(),
            Self::I64DivU => code.i64_div_u(),
            Self::I64RemS => code.i64_rem_s(),
            Self::I64RemU => code.i64_rem_u(),
        };
    }
}

impl Truncation {
    fn takes_f32(self) -> bool {
        matches!(self, Self::I32F32S | Self::I32F32U | Self::I64F32S | Self::I64F32U)
    }

    /// The least float that has an integer, once its fraction is cut off, and the least above all
    /// that have one. All of them are powers of two or zero, and so exact.
    fn range(self) -> (f64, f64) {
        match self {
            Self::I32F32S | Self::I32F64S => (-2_147_483_648.0, 2_147_483_648.0),
            Self::I32F32U | Self::I32F64U => (0.0, 4_294_967_296.0),
            Self::I64F32S | Self::I64F64S => (-9_223_372_036_854_775_808.0, 9_223_372_036_854_775_808.0),
            Self::I64F32U | Self::I64F64U => (0.0, 18_446_744_073_709_551_616.0),
        }
    }

    fn write(self, code: &mut InstructionSink<'_>) {
        match self {
            Self::I32F32S => code.i32_trunc_f32_s(),
            Self::I32F32U => code.i32_trunc_f32_u(),
            Self::I32F64S => code.i32_trunc_f64_s(),
            Self::I32F64U => code.i32_trunc_f64_u(),
            Self::I64F32S => code.i64_trunc_f32_s(),
            Self::I64F32U => code.i64_trunc_f32_u(),
            Self::I64F64S => code.i64_trunc_f64_s(),
            Self::I64F64U => code.i64_trunc_f64_u(),
        };
    }
}

impl Checks {
    pub(super) fn code(&mut self, routine: Routine) -> Function {
        match routine {
            Routine::Bounds => self.bounds(),
            Routine::Fill => fill(self.index(Routine::Bounds)),
            Routine::Copy => copy(self.index(Routine::Bounds)),
            Routine::Callee => self.callee(),
            Routine::Divide(division) => self.divide(division),
            Routine::Truncate(truncation) => self.truncate(truncation),
        }
    }

    /// `if condition { trap(halt) }`. The import does not return; what stands behind it only has the
    /// right type.
    pub(super) fn trap_if(&self, code: &mut InstructionSink<'_>, halt: Halt) {
        code.if_(BlockType::Empty);
        self.trap(code, halt);
        code.end();
    }

    fn trap(&self, code: &mut InstructionSink<'_>, halt: Halt) {
        code.i32_const(halt as i32).call(self.trap).unreachable();
    }

    fn bounds(&self) -> Function {
        let mut function = Function::new([]);
        let mut code = function.instructions();
        code.local_get(0).i64_extend_i32_u().local_get(1).i64_add();
        self.trap_past_memory(&mut code);
        code.local_get(0).end();
        function
    }

    /// A remainder of the least integer by -1 is 0 and no overflow.
    fn divide(&self, division: Division) -> Function {
        let mut function = Function::new([]);
        let mut code = function.instructions();
        code.local_get(1);
        if division.is_wide() {
            code.i64_eqz()
        } else {
            code.i32_eqz()
        };
        self.trap_if(&mut code, Halt::DivideByZero);
        match division {
            Division::I32DivS => {
                code.local_get(0).i32_const(i32::MIN).i32_eq();
                code.local_get(1).i32_const(-1).i32_eq().i32_and();
                self.trap_if(&mut code, Halt::IntegerOverflow);
            }
            Division::I64DivS => {
                code.local_get(0).i64_const(i64::MIN).i64_eq();
                code.local_get(1).i64_const(-1).i64_eq().i32_and();
                self.trap_if(&mut code, Halt::IntegerOverflow);
            }
            _ => {}
        }
        code.local_get(0).local_get(1);
        division.write(&mut code);
        code.end();
        function
    }

    /// Every f32 is an f64, so that one comparison serves both.
    fn truncate(&self, truncation: Truncation) -> Function {
        let (low, high) = truncation.range();
        let mut function = Function::new([(1, ValType::F64)]);
        let mut code = function.instructions();
        code.local_get(0);
        if truncation.takes_f32() {
            code.f64_promote_f32();
        }
        code.local_tee(1).local_get(1).f64_ne();
        self.trap_if(&mut code, Halt::BadConversion);
        code.local_get(1).f64_trunc().local_tee(1).f64_const(Ieee64::from(low)).f64_lt();
        code.local_get(1).f64_const(Ieee64::from(high)).f64_ge().i32_or();
        self.trap_if(&mut code, Halt::IntegerOverflow);
        code.local_get(0);
        truncation.write(&mut code);
        code.end();
        function
    }

    /// A jump by table to what the entry is: one block for each type, one for empty entries, one for
    /// all that is outside.
    fn callee(&self) -> Function {
        let entries = self.callees.as_ref().map_or(&[][..], |callees| &callees.entries);
        let mut ids: Vec<u32> = entries.iter().flatten().copied().collect();
        ids.sort_unstable();
        ids.dedup();
        let (empty, outside) = (ids.len() as u32, ids.len() as u32 + 1);
        let block = |entry: &Option<u32>| {
            entry.map_or(empty, |id| ids.binary_search(&id).map_or(outside, |at| at as u32))
        };
        let mut function = Function::new([]);
        let mut code = function.instructions();
        for _ in 0..=outside {
            code.block(BlockType::Empty);
        }
        code.local_get(0).br_table(entries.iter().map(block).collect::<Vec<_>>(), outside).end();
        for id in &ids {
            code.local_get(1).i32_const(*id as i32).i32_ne();
            self.trap_if(&mut code, Halt::IndirectType);
            code.local_get(0).return_().end();
        }
        self.trap(&mut code, Halt::IndirectNull);
        code.end();
        self.trap(&mut code, Halt::TableBounds);
        code.end();
        function
    }
}

fn fill(bounds: u32) -> Function {
    let mut function = Function::new([]);
    let mut code = function.instructions();
    code.local_get(0).local_get(2).i64_extend_i32_u().call(bounds);
    code.local_get(1).local_get(2).memory_fill(0).end();
    function
}

/// Both places are inside where the one further up is.
fn copy(bounds: u32) -> Function {
    let mut function = Function::new([]);
    let mut code = function.instructions();
    code.local_get(0).local_get(1).local_get(0).local_get(1).i32_gt_u().select();
    code.local_get(2).i64_extend_i32_u().call(bounds).drop();
    code.local_get(0).local_get(1).local_get(2).memory_copy(0, 0).end();
    function
}
