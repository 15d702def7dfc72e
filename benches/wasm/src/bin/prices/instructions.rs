//! The instruction classes: a body each, repeated so that the loop around it does not count.

use std::iter;

use wasm_encoder::{BlockType, Ieee64, Instruction as I};

use crate::measure::{Bench, Cost, Result};
use crate::memory;
use crate::program::{A, B, Callee, Code, F, F32, G, GLOBAL, Program, SPARE, X, Y};

/// A row to be: the price it belongs to, what it does, and the program.
pub(crate) struct Case {
    pub(crate) field: &'static str,
    pub(crate) name: String,
    program: Program,
}

impl Case {
    pub(crate) fn new(field: &'static str, name: impl Into<String>, program: Program) -> Self {
        Self { field, name: name.into(), program }
    }

    pub(crate) fn measure(&self, bench: &mut Bench) -> Result<Cost> {
        bench.measure(&self.program, &[], |_, _| ())
    }
}

/// A program that does it so often in each round.
pub(crate) fn repeated(times: usize, body: &[I<'static>]) -> Program {
    Program::new(500, iter::repeat_n(body, times).flatten().cloned().collect())
}

/// Mixes of simple instructions, each going on from its own result as code does. Their median is the baseline.
pub(crate) fn simple() -> Vec<Case> {
    let step = [
        I::LocalGet(A),
        I::I32Const(1_664_525),
        I::I32Mul,
        I::I32Const(1_013_904_223),
        I::I32Add,
        I::LocalTee(A),
    ];
    // Taken or not as a bit of the sequence says, which no predictor knows.
    let mut jumps = vec![I::Block(BlockType::Empty)];
    jumps.extend(step.clone());
    jumps.extend([
        I::I32Const(1 << 20),
        I::I32And,
        I::BrIf(0),
        I::LocalGet(B),
        I::I32Const(1),
        I::I32Add,
        I::LocalSet(B),
        I::End,
    ]);
    // One after the other through more locals than the compiler keeps in registers.
    let mut around = Code::new();
    for local in SPARE..SPARE + 12 {
        around.extend([
            I::LocalGet(local),
            I::LocalGet(X),
            I::I64Add,
            I::LocalTee(X),
            I::LocalSet(local + 1),
        ]);
    }
    let mixes: [(&str, usize, Code); 9] = [
        ("a sequence: multiply, add", 32, step.into_iter().chain([I::Drop]).collect()),
        (
            "add, xor, rotate",
            32,
            vec![
                I::LocalGet(A),
                I::LocalGet(B),
                I::I32Add,
                I::I32Const(77),
                I::I32Xor,
                I::LocalTee(A),
                I::I32Const(7),
                I::I32Rotl,
                I::LocalSet(B),
            ],
        ),
        (
            "multiply in 64 bits",
            32,
            vec![
                I::LocalGet(X),
                I::LocalGet(Y),
                I::I64Mul,
                I::I64Const(0x1234_5678_9abc),
                I::I64Add,
                I::LocalSet(X),
            ],
        ),
        (
            "compare and select",
            32,
            vec![
                I::LocalGet(A),
                I::I32Const(3),
                I::I32Add,
                I::LocalTee(A),
                I::LocalGet(B),
                I::LocalGet(A),
                I::I32Const(99),
                I::I32LtU,
                I::Select,
                I::LocalSet(A),
            ],
        ),
        (
            "branches that are foreseen",
            32,
            vec![
                I::Block(BlockType::Empty),
                I::LocalGet(A),
                I::I32Eqz,
                I::BrIf(0),
                I::LocalGet(B),
                I::LocalSet(A),
                I::End,
            ],
        ),
        ("branches that are not", 32, jumps),
        ("globals", 32, vec![I::GlobalGet(GLOBAL), I::I64Const(5), I::I64Add, I::GlobalSet(GLOBAL)]),
        (
            "bits: zeros, population, shifts",
            32,
            vec![
                I::LocalGet(X),
                I::I64Clz,
                I::LocalGet(X),
                I::I64Popcnt,
                I::I64Add,
                I::LocalGet(X),
                I::I64Const(1),
                I::I64ShrU,
                I::I64Xor,
                I::I32WrapI64,
                I::I64ExtendI32U,
                I::LocalSet(X),
            ],
        ),
        ("locals out of registers", 3, around),
    ];
    mixes
        .into_iter()
        .map(|(name, times, body)| Case::new("instruction", name, repeated(times, &body)))
        .collect()
}

/// Every other class.
pub(crate) fn classes() -> Vec<Case> {
    let mut cases = memory::accesses();
    cases.extend(arithmetic());
    cases.extend(calls());
    cases.extend(memory::bulk());
    cases
}

fn arithmetic() -> Vec<Case> {
    let on = |set: Code, body: Code| {
        let mut program = repeated(32, &body);
        program.before = set;
        program
    };
    let large = || vec![I::I64Const(i64::MIN + 12_345), I::LocalSet(X), I::I64Const(3), I::LocalSet(Y)];
    let double = |value: f64, other: f64| {
        vec![
            I::F64Const(Ieee64::from(value)),
            I::LocalSet(F),
            I::F64Const(Ieee64::from(other)),
            I::LocalSet(G),
        ]
    };
    let of_two = |op: I<'static>| vec![I::LocalGet(F), I::LocalGet(G), op, I::Drop];
    let of_one = |op: I<'static>| vec![I::LocalGet(F), op, I::Drop];
    vec![
        Case::new(
            "division",
            "i64.div_s, large by small",
            on(large(), vec![I::LocalGet(X), I::LocalGet(Y), I::I64DivS, I::Drop]),
        ),
        Case::new(
            "division",
            "i64.rem_u, large by small",
            on(large(), vec![I::LocalGet(X), I::LocalGet(Y), I::I64RemU, I::Drop]),
        ),
        Case::new(
            "division",
            "i32.div_u",
            on(
                vec![I::I32Const(-1), I::LocalSet(A)],
                vec![I::LocalGet(A), I::I32Const(3), I::I32DivU, I::Drop],
            ),
        ),
        Case::new("float", "f64.add", on(double(1.5, 2.5), of_two(I::F64Add))),
        Case::new("float", "f64.add of NaN", on(double(f64::NAN, 2.5), of_two(I::F64Add))),
        Case::new("float", "f64.mul of subnormals", on(double(5e-310, 0.75), of_two(I::F64Mul))),
        Case::new("float", "f64.min", on(double(1.5, -0.0), of_two(I::F64Min))),
        Case::new("float", "f64.copysign", on(double(1.5, -0.0), of_two(I::F64Copysign))),
        Case::new("float", "f64.nearest", on(double(1.5, 0.0), of_one(I::F64Nearest))),
        Case::new(
            "float",
            "f64.convert_i64_u",
            on(large(), vec![I::LocalGet(X), I::F64ConvertI64U, I::Drop]),
        ),
        Case::new("float", "i64.trunc_f64_u", on(double(1e19, 0.0), of_one(I::I64TruncF64U))),
        Case::new(
            "float",
            "i64.trunc_sat_f64_u of NaN",
            on(double(f64::NAN, 0.0), of_one(I::I64TruncSatF64U)),
        ),
        Case::new(
            "float",
            "f32.demote_f64, subnormal",
            on(double(1e-40, 0.0), vec![I::LocalGet(F), I::F32DemoteF64, I::LocalSet(F32)]),
        ),
        Case::new("float_division", "f64.div", on(double(1e300, 3.0), of_two(I::F64Div))),
        Case::new("float_division", "f64.div of subnormals", on(double(5e-310, 3e-311), of_two(I::F64Div))),
        Case::new("float_division", "f64.sqrt", on(double(2.0, 0.0), of_one(I::F64Sqrt))),
    ]
}

fn calls() -> Vec<Case> {
    let call = |params: u32, locals: u32, op: I<'static>, before: Code| {
        let mut body = vec![I::LocalGet(X); params as usize];
        body.extend(before);
        body.push(op);
        let mut program = repeated(if locals > 8 { 4 } else { 32 }, &body);
        program.callee = Callee { params, locals };
        program
    };
    let indirect = || I::CallIndirect { type_index: 0, table_index: 0 };
    let table = |targets: u32| {
        let mut body = vec![I::Block(BlockType::Empty), I::LocalGet(A)];
        body.push(I::BrTable(vec![0; targets as usize].into(), 0));
        body.push(I::End);
        repeated(if targets > 64 { 2 } else { 32 }, &body)
    };
    vec![
        Case::new("function_call", "call", call(0, 0, I::Call(0), vec![])),
        Case::new("function_call", "call, 16 parameters", call(16, 0, I::Call(0), vec![])),
        Case::new("local", "call, 1000 locals", call(0, 1000, I::Call(0), vec![])),
        Case::new("indirect_call", "call_indirect", call(0, 0, indirect(), vec![I::I32Const(0)])),
        Case::new(
            "indirect_call",
            "call_indirect, 16 parameters",
            call(16, 0, indirect(), vec![I::I32Const(0)]),
        ),
        Case::new("instruction", "br_table, 1 target", table(1)),
        Case::new("br_table_target", "br_table, 16 targets", table(16)),
        Case::new("br_table_target", "br_table, 1024 targets", table(1024)),
    ]
}
