//! One function of a program: statements and expressions by type.

use wasm_encoder::{BlockType, Function, Ieee32, Ieee64, Instruction, MemArg, ValType};

use super::operators::{binary, convert, load, store, unary};
use super::program::{Plan, Signature, TYPES};
use crate::smith::Random;

/// Loops nest no deeper, which bounds the work.
const LOOPS: usize = 3;
/// The mask that keeps an address and what is read there in the first page.
const MASK: i32 = 0x7fff;

/// A function while it is written.
pub(super) struct Body<'a> {
    plan: &'a Plan,
    random: &'a mut Random,
    function: Function,
    signature: &'a Signature,
    /// The index in the plan.
    index: usize,
    locals: Vec<ValType>,
    /// How many loops the place is in, each with a counter of its own in front of all other locals
    /// that the function declares.
    loops: usize,
    /// What branches may go to, the innermost last: whether it is a loop.
    labels: Vec<bool>,
    /// What may still be written.
    budget: i32,
}

impl<'a> Body<'a> {
    pub(super) fn write(plan: &'a Plan, index: usize, random: &'a mut Random) -> Function {
        let signature = &plan.functions[index];
        let mut locals = signature.params.clone();
        locals.extend([ValType::I32; LOOPS]);
        for _ in 0..random.below(6) {
            locals.push(TYPES[random.below(if plan.floats { 4 } else { 2 })]);
        }
        let own = locals[signature.params.len()..].iter().map(|ty| (1, *ty));
        let function = Function::new(own);
        let budget = 20 + random.below(120) as i32;
        let mut body =
            Self { plan, random, function, signature, index, locals, loops: 0, labels: Vec::new(), budget };
        while body.budget > 0 {
            body.statement();
        }
        if let Some(ty) = signature.result {
            body.expression(ty, 3);
        }
        body.push(&Instruction::End);
        body.function
    }

    fn push(&mut self, instruction: &Instruction<'_>) {
        self.budget -= 1;
        self.function.instruction(instruction);
    }

    fn chance(&mut self, one_in: usize) -> bool {
        self.random.below(one_in) == 0
    }

    fn ty(&mut self) -> ValType {
        TYPES[self.random.below(if self.plan.floats { 4 } else { 2 })]
    }

    fn statements(&mut self, most: usize) {
        for _ in 0..=self.random.below(most) {
            self.statement();
        }
    }

    fn statement(&mut self) {
        match self.random.below(22) {
            0..6 => self.set(),
            6..9 => self.store(),
            9..12 if self.loops < LOOPS => self.counted(),
            12..14 => self.branch(),
            14..16 => self.leave(),
            16..18 => self.call(),
            18 => self.call_indirect(),
            19 => self.bulk(),
            20 => self.rare(),
            _ => self.set(),
        }
    }

    /// A variable that is no loop's counter, set to something.
    fn set(&mut self) {
        let counters = self.signature.params.len()..self.signature.params.len() + LOOPS;
        let globals = self.plan.globals.len();
        let at = self.random.below(self.locals.len() + globals);
        if at < globals {
            self.expression(self.plan.globals[at], 3);
            self.push(&Instruction::GlobalSet(at as u32));
        } else if !counters.contains(&(at - globals)) {
            self.expression(self.locals[at - globals], 3);
            self.push(&Instruction::LocalSet((at - globals) as u32));
        }
    }

    fn address(&mut self) {
        self.expression(ValType::I32, 2);
        if !self.chance(60) {
            self.push(&Instruction::I32Const(MASK));
            self.push(&Instruction::I32And);
        }
    }

    fn place(&mut self, align: u32) -> MemArg {
        let offset = [0, 0, 1, 8, 1000, 0x7ff0][self.random.below(6)];
        let offset = if self.chance(300) { 0xffff_fff0 } else { offset };
        MemArg { offset, align: self.random.below(align as usize + 1) as u32, memory_index: 0 }
    }

    fn store(&mut self) {
        let ty = self.ty();
        self.address();
        self.expression(ty, 3);
        let (operator, align) = store(ty, self.random);
        let place = self.place(align);
        self.push(&operator(place));
    }

    /// A loop that ends: up or down by a power of two, to an exact end or to less.
    fn counted(&mut self) {
        let counter = (self.signature.params.len() + self.loops) as u32;
        let step = 1_i32 << self.random.below(3);
        let rounds = 1 + self.random.below(if self.loops == 0 { 40 } else { 8 }) as i32;
        let (exact, down) = (self.chance(2), self.chance(3));
        let (first, last) = if down { (rounds * step, 0) } else { (0, rounds * step) };
        self.push(&Instruction::I32Const(first));
        self.push(&Instruction::LocalSet(counter));
        self.push(&Instruction::Loop(BlockType::Empty));
        self.loops += 1;
        self.labels.push(true);
        self.statements(4);
        self.labels.pop();
        self.loops -= 1;
        self.push(&Instruction::LocalGet(counter));
        self.push(&Instruction::I32Const(if down { -step } else { step }));
        self.push(&Instruction::I32Add);
        self.push(&Instruction::LocalTee(counter));
        self.push(&Instruction::I32Const(last));
        let test = match (exact, down) {
            (true, _) => Instruction::I32Ne,
            (_, true) => Instruction::I32GtS,
            (_, false) => Instruction::I32LtU,
        };
        self.push(&test);
        self.push(&Instruction::BrIf(0));
        self.push(&Instruction::End);
    }

    fn branch(&mut self) {
        self.expression(ValType::I32, 2);
        self.push(&Instruction::If(BlockType::Empty));
        self.labels.push(false);
        self.statements(3);
        if self.chance(2) {
            self.push(&Instruction::Else);
            self.statements(3);
        }
        self.labels.pop();
        self.push(&Instruction::End);
    }

    /// A block that may be left early.
    fn leave(&mut self) {
        self.push(&Instruction::Block(BlockType::Empty));
        self.labels.push(false);
        self.statements(2);
        self.expression(ValType::I32, 2);
        let target = self.label();
        match self.random.below(4) {
            0 => {
                let targets: Vec<u32> = (0..self.random.below(5)).map(|_| self.label()).collect();
                self.push(&Instruction::BrTable(targets.into(), target));
            }
            _ => {
                self.push(&Instruction::BrIf(target));
                self.statements(2);
            }
        }
        self.labels.pop();
        self.push(&Instruction::End);
    }

    /// A label of those around: seldom a loop's, which would go round without counting.
    fn label(&mut self) -> u32 {
        let depth = self.random.below(self.labels.len());
        let goes_round = self.labels[self.labels.len() - 1 - depth];
        if goes_round && !self.chance(15) { 0 } else { depth as u32 }
    }

    fn arguments(&mut self, signature: &Signature) {
        for ty in signature.params.clone() {
            // Pointers and lengths of the host's must be small, or the call traps.
            if ty == ValType::I32 && !self.chance(20) {
                self.expression(ty, 2);
                self.push(&Instruction::I32Const(0xfff));
                self.push(&Instruction::I32And);
            } else {
                self.expression(ty, 2);
            }
        }
    }

    /// A function to call: one further down the list, or in some cases any, which may never return.
    fn callee(&mut self) -> Option<usize> {
        let functions = self.plan.functions.len();
        if self.chance(25) {
            return Some(self.random.below(functions));
        }
        let later = functions - self.index - 1;
        let at = self.random.below(later + self.plan.imports.len() + 1);
        match at {
            _ if at < self.plan.imports.len() => Some(at),
            _ if at - self.plan.imports.len() < later => Some(self.index + 1 + at - self.plan.imports.len()),
            _ => None,
        }
    }

    fn call(&mut self) {
        let Some(callee) = self.callee() else { return };
        let signature = self.plan.functions[callee].clone();
        self.arguments(&signature);
        self.push(&Instruction::Call(callee as u32));
        if signature.result.is_some() {
            self.push(&Instruction::Drop);
        }
    }

    /// Through the table, which may hold the caller, too few entries or another type.
    fn call_indirect(&mut self) {
        let Some(like) = self.callee() else { return };
        let signature = self.plan.functions[like].clone();
        self.arguments(&signature);
        self.expression(ValType::I32, 1);
        if !self.chance(10) {
            self.push(&Instruction::I32Const(self.plan.table as i32));
            self.push(&Instruction::I32RemU);
        }
        self.push(&Instruction::CallIndirect { type_index: like as u32, table_index: 0 });
        if signature.result.is_some() {
            self.push(&Instruction::Drop);
        }
    }

    fn bulk(&mut self) {
        self.address();
        match self.chance(2) {
            true => self.address(),
            false => self.expression(ValType::I32, 2),
        }
        let copy = self.chance(2);
        self.expression(ValType::I32, 1);
        if !self.chance(20) {
            self.push(&Instruction::I32Const(0x3ff));
            self.push(&Instruction::I32And);
        }
        self.push(&match copy {
            true => Instruction::MemoryCopy { src_mem: 0, dst_mem: 0 },
            false => Instruction::MemoryFill(0),
        });
    }

    fn rare(&mut self) {
        match self.random.below(4) {
            0 => {
                let pages = [0, 1, 1, 2, 3, 9, -1][self.random.below(7)];
                self.push(&Instruction::I32Const(pages));
                self.push(&Instruction::MemoryGrow(0));
                self.push(&Instruction::Drop);
            }
            1 => {
                self.expression(ValType::I32, 3);
                self.push(&Instruction::If(BlockType::Empty));
                if let Some(ty) = self.signature.result {
                    self.expression(ty, 1);
                }
                self.push(&Instruction::Return);
                self.push(&Instruction::End);
            }
            2 => {
                self.expression(ValType::I32, 2);
                self.push(&Instruction::I32Const(97));
                self.push(&Instruction::I32Eq);
                self.push(&Instruction::If(BlockType::Empty));
                self.push(&Instruction::Unreachable);
                self.push(&Instruction::End);
            }
            _ => self.push(&Instruction::Nop),
        }
    }

    /// Code that leaves one value of a type.
    fn expression(&mut self, ty: ValType, depth: usize) {
        if depth == 0 || self.budget < 0 {
            return self.leaf(ty);
        }
        match self.random.below(16) {
            0..3 => self.leaf(ty),
            3..8 => self.binary(ty, depth),
            8..10 => {
                self.expression(ty, depth - 1);
                let operator = unary(ty, self.random);
                self.push(&operator);
            }
            10..12 => self.convert(ty, depth),
            12..14 => {
                self.address();
                let (operator, align) = load(ty, self.random);
                let place = self.place(align);
                self.push(&operator(place));
            }
            14 => {
                self.expression(ty, depth - 1);
                self.expression(ty, depth - 1);
                self.expression(ValType::I32, depth - 1);
                self.push(&Instruction::Select);
            }
            _ => {
                self.expression(ValType::I32, depth - 1);
                self.push(&Instruction::If(BlockType::Result(ty)));
                self.expression(ty, depth - 1);
                self.push(&Instruction::Else);
                self.expression(ty, depth - 1);
                self.push(&Instruction::End);
            }
        }
    }

    fn binary(&mut self, ty: ValType, depth: usize) {
        self.expression(ty, depth - 1);
        self.expression(ty, depth - 1);
        let (operator, divides) = binary(ty, self.random);
        if divides && !self.chance(20) {
            let (one, or) = match ty {
                ValType::I32 => (Instruction::I32Const(1), Instruction::I32Or),
                _ => (Instruction::I64Const(1), Instruction::I64Or),
            };
            self.push(&one);
            self.push(&or);
        }
        self.push(&operator);
    }

    fn convert(&mut self, ty: ValType, depth: usize) {
        let (from, operator) = convert(ty, self.plan.floats, self.random);
        self.expression(from, depth - 1);
        self.push(&operator);
    }

    fn leaf(&mut self, ty: ValType) {
        let at = self.random.below(2 + self.locals.len() + self.plan.globals.len());
        if self.locals.get(at) == Some(&ty) {
            return self.push(&Instruction::LocalGet(at as u32));
        }
        if self.plan.globals.get(at) == Some(&ty) {
            return self.push(&Instruction::GlobalGet(at as u32));
        }
        let (bits, size) = (self.random.interesting(), self.chance(20));
        self.push(&match ty {
            ValType::I32 if size => Instruction::MemorySize(0),
            ValType::I32 => Instruction::I32Const(bits as i32),
            ValType::I64 => Instruction::I64Const(bits as i64),
            ValType::F32 => Instruction::F32Const(Ieee32::new(float32(bits))),
            _ => Instruction::F64Const(Ieee64::new(float64(bits))),
        });
    }
}

/// A float of small size more often than one of any bits.
fn float32(bits: u64) -> u32 {
    if bits.is_multiple_of(3) { (bits >> 3) as u32 } else { ((bits as i32 % 1000) as f32 / 8.0).to_bits() }
}

fn float64(bits: u64) -> u64 {
    if bits.is_multiple_of(3) {
        bits.rotate_left(7)
    } else {
        ((bits as i64 % 100_000) as f64 / 8.0).to_bits()
    }
}
