//! Code to deploy that is unpleasant for a compiler.

use wasm_encoder::{BlockType, Instruction as I};
use zvm::Limits;

use crate::instructions::repeated;
use crate::program::{A, B, Program, X, Y, at};

/// Contracts to deploy: a small one, one of ordinary functions, one of locals and one of jumps, up to what validation
/// lets through.
pub(crate) fn contracts() -> Vec<(String, Vec<u8>)> {
    let limits = Limits::default();
    let ordinary =
        [I::LocalGet(X), I::LocalGet(Y), I::I64Mul, I::I64Const(0x12_3456), I::I64Add, I::LocalSet(X)];
    let jumps = [
        I::Block(BlockType::Empty),
        I::LocalGet(A),
        I::BrIf(0),
        I::LocalGet(B),
        I::I64Load32U(at(9)),
        I::LocalSet(X),
        I::End,
    ];
    let mut deep = vec![I::Block(BlockType::Empty); limits.nesting as usize / 2];
    for _ in 0..512 {
        deep.extend([I::LocalGet(A), I::BrIf(511)]);
    }
    deep.extend(vec![I::End; limits.nesting as usize / 2]);
    let table = [I::Block(BlockType::Empty), I::LocalGet(A), I::BrTable(vec![0; 2000].into(), 0), I::End];
    let named = |name: &str, program: &Program| {
        let module = program.module();
        (format!("deploy, {name}, {} bytes", module.len()), module)
    };
    vec![
        named("empty", &Program::new(1, Vec::new())),
        named("arithmetic", &repeated(5000, &ordinary)),
        named("branches and loads", &repeated(5000, &jumps)),
        named("deep blocks", &Program::new(1, deep)),
        named("jump tables", &repeated(8, &table)),
    ]
}
