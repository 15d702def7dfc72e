//! Rewrites one function body.
//!
//! Most operators are copied byte for byte; what is added stands between them and leaves the
//! operand stack as it was.

use std::ops::Range;

use wasm_encoder::{BlockType, Encode, InstructionSink, ValType};
use wasmparser::{FunctionBody, Operator};

use super::canonical::canonical;
use super::flow::{Flow, Mark};
use super::labels::Labels;
use super::meter::Meter;
use super::plan::{Payment, Planner};
use super::rounds::Prepaid;
use super::sections::Sections;
use super::step::Step;
use super::traps::{Checks, Scratch};
use super::{charge, mismatch, stack};
use crate::engine::wasm::validate::Shape;
use crate::engine::wasm::validate::operators::{Width, entry};
use crate::error::Result;
use crate::gas::Schedule;
use crate::limits::Limits;

/// Rewrites the functions of one module, one after the other, in buffers it keeps.
pub(super) struct Rewriter<'a, 'm> {
    pub(super) meter: &'m Meter,
    sections: &'m Sections<'a>,
    limits: &'m Limits,
    schedule: &'m Schedule,
    pub(super) checks: Checks,
    pub(super) flow: Flow,
    pub(super) planner: Planner,
    pub(super) labels: Labels,
    /// The payments of the open loops that leave to ask for more gas.
    waiting: Vec<Payment>,
    /// Where the round of a small loop is written that is not its last.
    pub(super) prepaid: Option<Prepaid>,
    /// How many operators were copied.
    pub(super) copied: usize,
    passed: Vec<i32>,
    pub(super) steps: Vec<Step<'a>>,
    pub(super) output: Vec<u8>,
}

/// What the code of one function needs to know of the function.
pub(super) struct Frame {
    /// Words of the counted stack, and the block that takes them, if any.
    words: i32,
    place: Option<usize>,
    /// The local that remembers the gas, and the one that holds what is left of the stack.
    pub(super) gas: u32,
    left: u32,
    scratch: Scratch,
}

/// The locals that are added behind the function's own.
struct Locals {
    next: u32,
    types: Vec<ValType>,
}

impl Locals {
    /// A local, if it is needed.
    fn add(&mut self, needed: bool, ty: ValType) -> u32 {
        let local = self.next;
        if needed {
            self.types.push(ty);
            self.next += 1;
        }
        local
    }
}

impl<'a, 'm> Rewriter<'a, 'm> {
    pub(super) fn new(
        meter: &'m Meter,
        sections: &'m Sections<'a>,
        limits: &'m Limits,
        schedule: &'m Schedule,
        checks: Checks,
    ) -> Self {
        let (flow, planner, labels) = (Flow::default(), Planner::default(), Labels::default());
        let (waiting, passed, steps, output) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (prepaid, copied) = (None, 0);
        Self {
            meter,
            sections,
            limits,
            schedule,
            checks,
            flow,
            planner,
            labels,
            waiting,
            prepaid,
            copied,
            passed,
            steps,
            output,
        }
    }

    /// The new body, without its length in front.
    ///
    /// 1. Read the operators. 2. Find what is reached, where basic blocks begin and how they hang
    ///    together. 3. Plan who pays what. 4. Write the locals, the function's own and ours behind
    ///    them. 5. Write the code.
    pub(super) fn rewrite(&mut self, body: &FunctionBody<'a>, shape: Shape, entered: bool) -> Result<&[u8]> {
        self.read(body)?;
        let entry = self.schedule.local.saturating_mul(u64::from(shape.locals));
        self.flow.walk(&self.steps, entry, self.schedule, self.meter);
        let place = stack::place(&self.flow, &mut self.passed);
        self.planner.plan(&mut self.flow, entered);
        self.output.clear();
        let frame = self.locals(body, shape, place)?;
        self.code(&frame)?;
        Ok(&self.output)
    }

    fn read(&mut self, body: &FunctionBody<'a>) -> Result<()> {
        self.steps.clear();
        let bytes = body.as_bytes();
        let base = body.range().start;
        let mut reader = body.get_operators_reader().map_err(mismatch)?;
        while !reader.eof() {
            let begin = (reader.original_position() - base) as usize;
            let operator = reader.read().map_err(mismatch)?;
            let end = (reader.original_position() - base) as usize;
            let entry = entry(&operator).ok_or_else(|| mismatch("a forbidden operator"))?;
            self.steps.push(Step { operator, entry, bytes: &bytes[begin..end] });
        }
        Ok(())
    }

    fn locals(&mut self, body: &FunctionBody<'a>, shape: Shape, place: Option<usize>) -> Result<Frame> {
        let mut locals = Locals { next: shape.params + shape.locals, types: Vec::new() };
        let frame = self.frame(shape, place, &mut locals);
        let mut reader = body.get_locals_reader().map_err(mismatch)?;
        let groups = reader.get_count();
        (groups + locals.types.len() as u32).encode(&mut self.output);
        let begin = reader.original_position();
        for _ in 0..groups {
            reader.read().map_err(mismatch)?;
        }
        let base = body.range().start;
        let own = (begin - base) as usize..(reader.original_position() - base) as usize;
        self.output.extend_from_slice(&body.as_bytes()[own]);
        for ty in locals.types {
            1_u32.encode(&mut self.output);
            ty.encode(&mut self.output);
        }
        Ok(frame)
    }

    fn frame(&self, shape: Shape, place: Option<usize>, locals: &mut Locals) -> Frame {
        let any = |holds: &dyn Fn(&Step<'_>) -> bool| self.steps.iter().any(holds);
        let stores = |ty| any(&|step| self.checks.stored(&step.operator) == Some(ty));
        let computes = |width| any(&|step| step.entry.nan == Some(width));
        let pays = self.planner.payments.iter().any(|payment| payment.is_due());
        Frame {
            words: stack::words(shape, self.limits),
            place,
            gas: locals.add(pays, ValType::I64),
            left: locals.add(place.is_some(), ValType::I32),
            scratch: Scratch {
                address: locals.add(any(&|step| self.checks.accesses(&step.operator)), ValType::I32),
                i32: locals.add(stores(ValType::I32), ValType::I32),
                i64: locals.add(stores(ValType::I64), ValType::I64),
                f32: locals.add(computes(Width::F32) || stores(ValType::F32), ValType::F32),
                f64: locals.add(computes(Width::F64) || stores(ValType::F64), ValType::F64),
            },
        }
    }

    fn code(&mut self, frame: &Frame) -> Result<()> {
        self.labels.clear();
        self.waiting.clear();
        self.prepaid = None;
        self.copied = 0;
        self.write(0..self.steps.len(), 0, true, frame)
    }

    /// Writes a run of operators that begins in a block. `begun` is whether the block begins here.
    pub(super) fn write(
        &mut self,
        steps: Range<usize>,
        block: usize,
        begins: bool,
        frame: &Frame,
    ) -> Result<()> {
        let (mut at, mut block) = (steps.start, block);
        if begins {
            self.begin(block, frame);
        }
        while at < steps.end {
            let mark = self.flow.marks[at];
            if mark == Mark::Dead {
                at += 1;
                continue;
            }
            let rounds = if mark == Mark::Leads { self.rounds(at, block + 1) } else { None };
            if let Some(rounds) = rounds {
                self.write_rounds(rounds, frame)?;
                (at, block) = (rounds.end, rounds.last);
            } else {
                self.operator(at, block, frame)?;
                if mark == Mark::Leads {
                    block += 1;
                    self.begin(block, frame);
                }
            }
            if self.flow.marks[at] == Mark::Barren {
                InstructionSink::new(&mut self.output).unreachable();
            }
            at += 1;
        }
        Ok(())
    }

    /// Writes what a block does at its beginning.
    fn begin(&mut self, block: usize, frame: &Frame) {
        let mut code = InstructionSink::new(&mut self.output);
        let mut payment = self.planner.payments[block];
        // A round that is written out goes on to the next without the payment that reads the gas.
        payment.kept |= self.prepaid.is_some();
        charge::block(self.meter, payment, frame.gas, &mut code);
        if frame.place == Some(block) {
            stack::take(self.meter, frame.words, frame.left, &mut code);
        }
    }

    /// Writes an operator of a block.
    fn operator(&mut self, at: usize, block: usize, frame: &Frame) -> Result<()> {
        if self.leave_rounds(at, frame) {
            return Ok(());
        }
        let step = &self.steps[at];
        before(self.meter, step, frame, &mut self.output);
        let mut code = InstructionSink::new(&mut self.output);
        match step.operator {
            Operator::Block { .. } | Operator::If { .. } => {
                self.labels.enter(Some(at), 0);
                self.output.extend_from_slice(step.bytes);
            }
            Operator::Loop { blockty } => {
                let payment = self.planner.payments[block + 1];
                let mut added = 0;
                if payment.is_due() {
                    code.block(block_type(blockty)).loop_(BlockType::Empty).block(BlockType::Empty);
                    self.waiting.push(payment);
                    added = 3;
                }
                self.labels.enter(Some(at), added);
                self.output.extend_from_slice(step.bytes);
            }
            Operator::End => {
                self.output.extend_from_slice(step.bytes);
                if self.labels.leave() > 0
                    && let Some(payment) = self.waiting.pop()
                {
                    self.refill(payment, frame);
                }
            }
            Operator::Call { function_index } => {
                code.call(self.meter.function(function_index));
            }
            Operator::MemoryGrow { .. } => {
                code.call(self.meter.grow());
                self.checks.grown(&mut code);
            }
            _ if self.labels.jump(&step.operator, &mut code) => {}
            _ => self.checks.operator(step, self.sections, frame.scratch, &mut self.output)?,
        }
        after(&self.steps[at], frame, &mut self.output);
        if self.planner.payments[block].renewed && self.flow.blocks[block].calls == Some(at as u32) {
            charge::renew(self.meter, frame.gas, &mut InstructionSink::new(&mut self.output));
        }
        Ok(())
    }

    /// Behind a loop: where it asks for more gas and begins anew.
    pub(super) fn refill(&mut self, payment: Payment, frame: &Frame) {
        let mut code = InstructionSink::new(&mut self.output);
        code.br(2).end();
        charge::refill(self.meter, payment, frame.gas, &mut code);
        code.br(0).end().unreachable().end();
    }
}

fn block_type(ty: wasmparser::BlockType) -> BlockType {
    match ty {
        wasmparser::BlockType::Type(ty) => BlockType::Result(match ty {
            wasmparser::ValType::I64 => ValType::I64,
            wasmparser::ValType::F32 => ValType::F32,
            wasmparser::ValType::F64 => ValType::F64,
            _ => ValType::I32,
        }),
        _ => BlockType::Empty,
    }
}

/// Writes what belongs in front of an operator.
fn before(meter: &Meter, step: &Step<'_>, frame: &Frame, output: &mut Vec<u8>) {
    let mut code = InstructionSink::new(output);
    if stack::is_counted(&step.operator, meter) {
        stack::tell(meter, frame.left, &mut code);
    } else if let Operator::MemoryCopy { .. } = step.operator {
        code.call(meter.charge_bytes());
    } else if let Operator::MemoryFill { .. } = step.operator {
        code.call(meter.charge_fill());
    }
}

/// Writes what belongs behind it.
fn after(step: &Step<'_>, frame: &Frame, output: &mut Vec<u8>) {
    if let Some(width) = step.entry.nan {
        let local = match width {
            Width::F32 => frame.scratch.f32,
            Width::F64 => frame.scratch.f64,
        };
        canonical(width, local, &mut InstructionSink::new(output));
    }
}
