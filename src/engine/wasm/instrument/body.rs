//! Rewrites one function body.
//!
//! Most operators are copied byte for byte; what is added stands between them and leaves the
//! operand stack as it was.

use wasm_encoder::{BlockType, Encode, Ieee32, Ieee64, InstructionSink, ValType};
use wasmparser::{FunctionBody, Operator};

use super::charge;
use super::flow::{Flow, Mark};
use super::meter::Meter;
use super::mismatch;
use super::step::Step;
use crate::engine::wasm::validate::Shape;
use crate::engine::wasm::validate::operators::{Width, entry};
use crate::error::Result;
use crate::gas::Schedule;
use crate::limits::Limits;

const CANONICAL_F32: u32 = 0x7fc0_0000;
const CANONICAL_F64: u64 = 0x7ff8_0000_0000_0000;

/// Rewrites the functions of one module, one after the other, in buffers it keeps.
pub(super) struct Rewriter<'a, 'm> {
    meter: &'m Meter,
    limits: &'m Limits,
    schedule: &'m Schedule,
    flow: Flow,
    steps: Vec<Step<'a>>,
    marks: Vec<Mark>,
    costs: Vec<u64>,
    output: Vec<u8>,
}

/// What the code of one function needs to know of the function.
struct Frame {
    /// Words of the counted stack.
    words: i32,
    /// The local that holds a value while it is looked at, by width.
    f32: u32,
    f64: u32,
}

impl<'a, 'm> Rewriter<'a, 'm> {
    pub(super) fn new(meter: &'m Meter, limits: &'m Limits, schedule: &'m Schedule) -> Self {
        Self {
            meter,
            limits,
            schedule,
            flow: Flow::default(),
            steps: Vec::new(),
            marks: Vec::new(),
            costs: Vec::new(),
            output: Vec::new(),
        }
    }

    /// The new body, without its length in front.
    ///
    /// 1. Read the operators. 2. Find what is reached and where basic blocks begin. 3. Price the
    ///    blocks. 4. Write the locals, the function's own and ours behind them. 5. Write the code.
    pub(super) fn rewrite(&mut self, body: &FunctionBody<'a>, shape: Shape) -> Result<&[u8]> {
        self.read(body)?;
        self.flow.mark(&self.steps, &mut self.marks);
        let entry = self.schedule.local.saturating_mul(u64::from(shape.locals));
        charge::plan(&self.steps, &self.marks, entry, self.schedule, &mut self.costs);
        self.output.clear();
        let frame = self.locals(body, shape)?;
        self.code(&frame);
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

    fn locals(&mut self, body: &FunctionBody<'a>, shape: Shape) -> Result<Frame> {
        let computes = |width| self.steps.iter().any(|step| step.entry.nan == Some(width));
        let (f32, f64) = (computes(Width::F32), computes(Width::F64));
        let mut reader = body.get_locals_reader().map_err(mismatch)?;
        let groups = reader.get_count();
        (groups + u32::from(f32) + u32::from(f64)).encode(&mut self.output);
        let begin = reader.original_position();
        for _ in 0..groups {
            reader.read().map_err(mismatch)?;
        }
        let base = body.range().start;
        let own = (begin - base) as usize..(reader.original_position() - base) as usize;
        self.output.extend_from_slice(&body.as_bytes()[own]);
        for ty in [f32.then_some(ValType::F32), f64.then_some(ValType::F64)].into_iter().flatten() {
            1_u32.encode(&mut self.output);
            ty.encode(&mut self.output);
        }
        let first = shape.params + shape.locals;
        Ok(Frame { words: self.words(shape), f32: first, f64: first + u32::from(f32) })
    }

    /// A function takes at least one word, so that depth is bounded whatever the limits say.
    fn words(&self, shape: Shape) -> i32 {
        let values = shape.params + shape.locals + shape.operands;
        i32::try_from(values.max(self.limits.frame_words).max(1)).unwrap_or(i32::MAX)
    }

    fn code(&mut self, frame: &Frame) {
        let mut costs = self.costs.iter();
        let mut pay = |output: &mut Vec<u8>| {
            let cost = costs.next().copied().unwrap_or(0);
            charge::block(self.meter, &mut InstructionSink::new(output), cost);
        };
        pay(&mut self.output);
        for (step, mark) in self.steps.iter().zip(&self.marks) {
            if *mark == Mark::Dead {
                continue;
            }
            operator(self.meter, step, frame, &mut self.output);
            match mark {
                Mark::Leads => pay(&mut self.output),
                Mark::Barren => {
                    InstructionSink::new(&mut self.output).unreachable();
                }
                Mark::Flows | Mark::Dead => {}
            }
        }
    }
}

/// Writes one operator with what belongs to it.
fn operator(meter: &Meter, step: &Step<'_>, frame: &Frame, output: &mut Vec<u8>) {
    match step.operator {
        Operator::Call { function_index } if !meter.is_import(function_index) => {
            take_frame(meter, frame, output);
            InstructionSink::new(output).call(meter.function(function_index));
            give_frame(meter, frame, output);
        }
        Operator::CallIndirect { .. } => {
            take_frame(meter, frame, output);
            output.extend_from_slice(step.bytes);
            give_frame(meter, frame, output);
        }
        Operator::MemoryGrow { .. } => {
            InstructionSink::new(output).call(meter.grow());
        }
        Operator::MemoryFill { .. } | Operator::MemoryCopy { .. } => {
            InstructionSink::new(output).call(meter.charge_bytes());
            output.extend_from_slice(step.bytes);
        }
        _ => output.extend_from_slice(step.bytes),
    }
    match step.entry.nan {
        Some(Width::F32) => canonical_f32(frame.f32, output),
        Some(Width::F64) => canonical_f64(frame.f64, output),
        None => {}
    }
}

/// `stack -= words; if stack < 0 { overflow() }`
fn take_frame(meter: &Meter, frame: &Frame, output: &mut Vec<u8>) {
    let stack = meter.stack();
    let mut code = InstructionSink::new(output);
    code.global_get(stack).i32_const(frame.words).i32_sub().global_set(stack);
    code.global_get(stack).i32_const(0).i32_lt_s().if_(BlockType::Empty).call(meter.overflow()).end();
}

/// `stack += words`
fn give_frame(meter: &Meter, frame: &Frame, output: &mut Vec<u8>) {
    let stack = meter.stack();
    InstructionSink::new(output).global_get(stack).i32_const(frame.words).i32_add().global_set(stack);
}

/// `if x == x { x } else { canonical }`, as only a NaN differs from itself.
fn canonical_f32(scratch: u32, output: &mut Vec<u8>) {
    let mut code = InstructionSink::new(output);
    code.local_tee(scratch).f32_const(Ieee32::new(CANONICAL_F32));
    code.local_get(scratch).local_get(scratch).f32_eq().select();
}

fn canonical_f64(scratch: u32, output: &mut Vec<u8>) {
    let mut code = InstructionSink::new(output);
    code.local_tee(scratch).f64_const(Ieee64::new(CANONICAL_F64));
    code.local_get(scratch).local_get(scratch).f64_eq().select();
}
