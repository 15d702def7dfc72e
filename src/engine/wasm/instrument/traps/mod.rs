//! Traps without signals: what an operator would trap at is looked for before it runs.
//!
//! Compiled code traps by an instruction that faults, and the handler for the signal ends it. `unreachable`,
//! `memory.fill` and `memory.copy` are done by the machine's library, which would take a trace of the native stack
//! before it traps: they are looked at here. Where the process' signals belong to somebody else, [`Traps::Calls`] makes
//! every trap a call of the import [`TRAP`](super::TRAP): memory is only accessed inside its
//! size, divisors and quotients are looked at, so are floats that become integers, and an
//! indirect call is made when the table's entry is known to have the type. Tables never change,
//! so the types of the entries are constants.
//!
//! The checks are routines behind the contract's functions, made when the first use is met. They
//! are free of charge and take no counted stack, so that gas and outcome are those of
//! [`Traps::Signals`].

mod callees;
mod routines;

use wasm_encoder::{CodeSection, FunctionSection, InstructionSink, TypeSection, ValType};
use wasmparser::{MemArg, Operator};

use self::callees::Callees;
use super::meter::Meter;
use super::sections::Sections;
use super::step::Step;
use crate::error::Result;
use crate::outcome::Halt;

/// How code ends at an operator that traps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Traps {
    /// By the machine: the operator faults and a signal handler ends the code.
    #[default]
    Signals,
    /// By a call of [`TRAP`](super::TRAP) in front of it.
    Calls,
}

/// A routine that stands in for an operator, or looks at its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Routine {
    /// `(address, length) -> address`: the length, as i64, fits into the memory from there.
    Bounds,
    /// `memory.fill` and `memory.copy`.
    Fill,
    Copy,
    /// `(index, type) -> index`: the table's entry has the type.
    Callee,
    Divide(Division),
    Truncate(Truncation),
}

/// A division or remainder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Division {
    I32DivS,
    I32DivU,
    I32RemS,
    I32RemU,
    I64DivS,
    I64DivU,
    I64RemS,
    I64RemU,
}

/// A conversion of a float that has no integer for every value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Truncation {
    I32F32S,
    I32F32U,
    I32F64S,
    I32F64U,
    I64F32S,
    I64F32U,
    I64F64S,
    I64F64U,
}

/// The checks of one module.
pub(super) struct Checks {
    traps: Traps,
    /// The index of the first routine.
    first: u32,
    trap: u32,
    /// The global that holds the bytes of the memory, if there is one.
    bytes: Option<u32>,
    routines: Vec<Routine>,
    callees: Option<Callees>,
}

/// Locals that hold the address of an access and the value of a store while the address is looked at.
#[derive(Clone, Copy, Default)]
pub(super) struct Scratch {
    pub(super) address: u32,
    pub(super) i32: u32,
    pub(super) i64: u32,
    pub(super) f32: u32,
    pub(super) f64: u32,
}

impl Checks {
    pub(super) fn new(traps: Traps, meter: &Meter) -> Self {
        let (first, trap, bytes) = (meter.routines(), meter.trap(), meter.bytes());
        Self { traps, first, trap, bytes, routines: Vec::new(), callees: None }
    }

    /// Whether an operator is a load or store whose address is checked.
    pub(super) fn accesses(&self, operator: &Operator<'_>) -> bool {
        self.traps == Traps::Calls && span(operator).is_some()
    }

    /// Writes what belongs behind a call of `grow`.
    pub(super) fn grown(&self, code: &mut InstructionSink<'_>) {
        if let Some(bytes) = self.bytes {
            memory_bytes(code);
            code.global_set(bytes);
        }
    }

    /// `if address + span > bytes { trap }`, added in 64 bits, where nothing wraps: the span is below 2^33.
    fn look(&self, span: u64, code: &mut InstructionSink<'_>) {
        code.i64_extend_i32_u().i64_const(span as i64).i64_add();
        self.trap_past_memory(code);
    }

    /// `if past > bytes { trap }`
    fn trap_past_memory(&self, code: &mut InstructionSink<'_>) {
        match self.bytes {
            Some(bytes) => {
                code.global_get(bytes);
            }
            None => memory_bytes(code),
        }
        code.i64_gt_u();
        self.trap_if(code, Halt::MemoryBounds);
    }

    /// The type of the value that an operator stores, where its address is checked.
    pub(super) fn stored(&self, operator: &Operator<'_>) -> Option<ValType> {
        use Operator::*;
        if self.traps == Traps::Signals {
            return None;
        }
        match operator {
            I32Store { .. } | I32Store8 { .. } | I32Store16 { .. } => Some(ValType::I32),
            I64Store { .. } | I64Store8 { .. } | I64Store16 { .. } | I64Store32 { .. } => Some(ValType::I64),
            F32Store { .. } => Some(ValType::F32),
            F64Store { .. } => Some(ValType::F64),
            _ => None,
        }
    }

    /// Writes an operator so that it cannot fault.
    pub(super) fn operator(
        &mut self,
        step: &Step<'_>,
        sections: &Sections<'_>,
        scratch: Scratch,
        output: &mut Vec<u8>,
    ) -> Result<()> {
        let faults = self.traps == Traps::Signals;
        let routine = instead(&step.operator);
        if let Some(routine) = routine.filter(|routine| !faults || routine.is_library()) {
            let routine = self.index(routine);
            InstructionSink::new(output).call(routine);
            return Ok(());
        }
        let mut code = InstructionSink::new(output);
        if let Operator::Unreachable = step.operator {
            code.i32_const(Halt::Unreachable as i32).call(self.trap);
        } else if faults {
            // The instruction itself traps.
        } else if let Operator::CallIndirect { type_index, .. } = step.operator {
            if self.callees.is_none() {
                self.callees = Some(Callees::read(sections)?);
            }
            let expected = self.callees.as_ref().map_or(0, |callees| callees.type_id(type_index));
            code.i32_const(expected as i32).call(self.index(Routine::Callee));
        } else if let Some(span) = span(&step.operator) {
            let held = self.stored(&step.operator).map(|ty| match ty {
                ValType::I64 => scratch.i64,
                ValType::F32 => scratch.f32,
                ValType::F64 => scratch.f64,
                _ => scratch.i32,
            });
            if let Some(local) = held {
                code.local_set(local);
            }
            code.local_tee(scratch.address);
            self.look(span, &mut code);
            code.local_get(scratch.address);
            if let Some(local) = held {
                code.local_get(local);
            }
        }
        output.extend_from_slice(step.bytes);
        Ok(())
    }

    /// The index of a routine, which is made if it is not there yet.
    fn index(&mut self, routine: Routine) -> u32 {
        if matches!(routine, Routine::Fill | Routine::Copy) {
            self.index(Routine::Bounds);
        }
        let at = self.routines.iter().position(|made| *made == routine).unwrap_or_else(|| {
            self.routines.push(routine);
            self.routines.len() - 1
        });
        self.first + at as u32
    }

    /// The types of the routines, one for each, from index `first`.
    pub(super) fn add_types(&self, types: &mut TypeSection) {
        for routine in &self.routines {
            let (params, results) = routine.signature();
            types.ty().function(params.iter().copied(), results.iter().copied());
        }
    }

    pub(super) fn add_functions(&self, first_type: u32, functions: &mut FunctionSection) {
        for (ty, _) in (first_type..).zip(&self.routines) {
            functions.function(ty);
        }
    }

    pub(super) fn add_code(&mut self, code: &mut CodeSection) {
        for routine in self.routines.clone() {
            code.function(&self.code(routine));
        }
    }
}

/// The bytes of the memory, as i64.
fn memory_bytes(code: &mut InstructionSink<'_>) {
    code.memory_size(0).i64_extend_i32_u().i64_const(16).i64_shl();
}

/// The routine that does what an operator does.
fn instead(operator: &Operator<'_>) -> Option<Routine> {
    use Division::*;
    use Truncation::*;
    Some(match operator {
        Operator::MemoryFill { .. } => Routine::Fill,
        Operator::MemoryCopy { .. } => Routine::Copy,
        Operator::I32DivS => Routine::Divide(I32DivS),
        Operator::I32DivU => Routine::Divide(I32DivU),
        Operator::I32RemS => Routine::Divide(I32RemS),
        Operator::I32RemU => Routine::Divide(I32RemU),
        Operator::I64DivS => Routine::Divide(I64DivS),
        Operator::I64DivU => Routine::Divide(I64DivU),
        Operator::I64RemS => Routine::Divide(I64RemS),
        Operator::I64RemU => Routine::Divide(I64RemU),
        Operator::I32TruncF32S => Routine::Truncate(I32F32S),
        Operator::I32TruncF32U => Routine::Truncate(I32F32U),
        Operator::I32TruncF64S => Routine::Truncate(I32F64S),
        Operator::I32TruncF64U => Routine::Truncate(I32F64U),
        Operator::I64TruncF32S => Routine::Truncate(I64F32S),
        Operator::I64TruncF32U => Routine::Truncate(I64F32U),
        Operator::I64TruncF64S => Routine::Truncate(I64F64S),
        Operator::I64TruncF64U => Routine::Truncate(I64F64U),
        _ => return None,
    })
}

/// How far from its address operand a load or store reaches: its offset and width.
fn span(operator: &Operator<'_>) -> Option<u64> {
    use Operator::*;
    let (memarg, width): (&MemArg, u64) = match operator {
        I32Load8S { memarg }
        | I32Load8U { memarg }
        | I64Load8S { memarg }
        | I64Load8U { memarg }
        | I32Store8 { memarg }
        | I64Store8 { memarg } => (memarg, 1),
        I32Load16S { memarg }
        | I32Load16U { memarg }
        | I64Load16S { memarg }
        | I64Load16U { memarg }
        | I32Store16 { memarg }
        | I64Store16 { memarg } => (memarg, 2),
        I32Load { memarg }
        | F32Load { memarg }
        | I64Load32S { memarg }
        | I64Load32U { memarg }
        | I32Store { memarg }
        | F32Store { memarg }
        | I64Store32 { memarg } => (memarg, 4),
        I64Load { memarg } | F64Load { memarg } | I64Store { memarg } | F64Store { memarg } => (memarg, 8),
        _ => return None,
    };
    Some(memarg.offset + width)
}
