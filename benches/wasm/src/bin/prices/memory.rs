//! Memory: accesses, copies and fills, growth.

use wasm_encoder::Instruction as I;

use crate::instructions::{Case, repeated};
use crate::program::{A, Program, X, at};

/// Loads and stores.
pub(crate) fn accesses() -> Vec<Case> {
    let store = |offset| [I::I32Const(8), I::LocalGet(X), I::I64Store(at(offset))];
    let load = |offset| [I::I32Const(8), I::I64Load(at(offset)), I::LocalSet(X)];
    // Addresses of a linear congruence over 4 MiB: another page nearly every time.
    let random = [
        I::LocalGet(A),
        I::I32Const(1_664_525),
        I::I32Mul,
        I::I32Const(1_013_904_223),
        I::I32Add,
        I::LocalTee(A),
        I::I32Const(10),
        I::I32ShrU,
        I::I64Load(at(0)),
        I::LocalSet(X),
    ];
    let mut far = repeated(32, &random);
    far.pages = 64;
    far.before = vec![I::I32Const(0), I::I32Const(1), I::I32Const(64 << 16), I::MemoryFill(0)];
    far.times = 2000;
    vec![
        Case::new("memory_access", "load", repeated(32, &load(0))),
        Case::new("memory_access", "load across a cache line", repeated(32, &load(53))),
        Case::new("memory_access", "store", repeated(32, &store(0))),
        Case::new(
            "memory_access",
            "load of a byte, signed",
            repeated(32, &[I::LocalGet(A), I::I64Load8S(at(1)), I::LocalSet(X)]),
        ),
        Case::new("memory_access", "loads all over 4 MiB", far),
    ]
}

/// Fills, copies and growth.
pub(crate) fn bulk() -> Vec<Case> {
    let mut cases = Vec::new();
    for bytes in [0, 7, 64, 4096, 1 << 20] {
        let field = if bytes < 64 { "bulk" } else { "bulk_8_bytes" };
        let bulk = |op: I<'static>, from: i32| {
            let mut program = repeated(2, &[I::I32Const(64), I::I32Const(from), I::I32Const(bytes), op]);
            (program.times, program.pages) = (if bytes > 4096 { 20 } else { 1000 }, 40);
            program
        };
        let fill = if bytes == 0 { "fill_nothing" } else { field };
        cases.push(Case::new(fill, format!("memory.fill, {bytes} bytes"), bulk(I::MemoryFill(0), 1)));
        let copy = I::MemoryCopy { src_mem: 0, dst_mem: 0 };
        cases.push(Case::new(field, format!("memory.copy, {bytes} bytes"), bulk(copy.clone(), 33)));
        if bytes == 1 << 20 {
            cases.push(Case::new(field, "memory.copy, 1 MiB apart", bulk(copy, 1 << 20 | 1)));
        }
    }
    // As above, where something was written before.
    let mut nothing = repeated(2, &[I::I32Const(64), I::I32Const(1), I::I32Const(0), I::MemoryFill(0)]);
    (nothing.times, nothing.before) = (1000, vec![I::I32Const(64), I::I32Const(1), I::I32Store8(at(0))]);
    cases.push(Case::new("fill_nothing", "memory.fill, 0 bytes, a used page", nothing));
    cases.extend(growth());
    cases
}

fn growth() -> Vec<Case> {
    let grow = |times, pages, touch: bool| {
        let mut body = vec![I::I32Const(pages), I::MemoryGrow(0), I::LocalSet(A)];
        if touch {
            for page in 0..16 {
                body.extend([
                    I::LocalGet(A),
                    I::I32Const(16),
                    I::I32Shl,
                    I::I32Const(1),
                    I::I32Store8(at(page << 12)),
                ]);
            }
        }
        Program::new(times, body)
    };
    vec![
        Case::new("memory_page", "memory.grow, the second page", grow(1, 1, false)),
        Case::new("memory_page", "memory.grow, a page of many", grow(200, 1, false)),
        Case::new("memory_page", "memory.grow, a page that is used", grow(200, 1, true)),
        Case::new("memory_page", "memory.grow, 200 pages", grow(1, 200, false)),
        Case::new("memory_page", "memory.grow, nothing", grow(500, 0, false)),
    ]
}
