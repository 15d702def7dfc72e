//! Traps by calls: the same end, gas and memory as traps by the machine, and no operator that traps.

use wasmi::{F32, F64, TrapCode, Val};

use crate::machine::{Machine, Run, Stop, assemble, meter, meter_calling};

const GAS: u64 = 100_000_000_000;

/// Runs `call` both ways, which must not differ, and returns how it ended.
fn both(wasm: &[u8], args: &[Val]) -> Run {
    let [mut machine, mut calling] = [meter(wasm), meter_calling(wasm)].map(|wasm| Machine::new(&wasm));
    let run = machine.call("call", args, GAS);
    assert_eq!(calling.call("call", args, GAS), run, "{args:?}");
    assert!(calling.memory() == machine.memory(), "{args:?}: the memories");
    run
}

fn operator(operator: &str, params: &str, result: &str) -> Vec<u8> {
    let gets: String = (0..params.split(' ').count()).map(|index| format!("local.get {index} ")).collect();
    assemble(&format!(
        r#"(module (func (export "call") (param {params}) (result {result}) {gets} {operator}))"#
    ))
}

#[test]
fn divisions_end_the_same_at_every_edge() {
    let mut ends = [0; 3];
    for operation in ["div_s", "div_u", "rem_s", "rem_u"] {
        let narrow = operator(&format!("i32.{operation}"), "i32 i32", "i32");
        let wide = operator(&format!("i64.{operation}"), "i64 i64", "i64");
        for a in [0, 1, -1, 7, i64::MIN, i64::MAX, i64::from(i32::MIN), i64::from(i32::MAX)] {
            for b in [0, 1, -1, 2, i64::MIN, i64::MAX] {
                let runs = [
                    both(&narrow, &[Val::I32(a as i32), Val::I32(b as i32)]),
                    both(&narrow, &[Val::I32((a >> 32) as i32), Val::I32((b >> 32) as i32)]),
                    both(&wide, &[Val::I64(a), Val::I64(b)]),
                ];
                for run in runs {
                    match run.result {
                        Ok(_) => ends[0] += 1,
                        Err(Stop::Trap(TrapCode::IntegerDivisionByZero)) => ends[1] += 1,
                        Err(Stop::Trap(TrapCode::IntegerOverflow)) => ends[2] += 1,
                        other => panic!("{other:?}"),
                    }
                }
            }
        }
    }
    assert!(ends.iter().all(|count| *count > 0), "{ends:?}");
}

#[test]
fn floats_become_integers_or_end_the_same_at_every_edge() {
    let edges: [f64; 6] =
        [0.0, 1.0, 2_147_483_648.0, 4_294_967_296.0, 9_223_372_036_854_775_808.0, 1.8446744073709552e19];
    let mut ends = [0; 3];
    for (result, sign) in [("i32", "s"), ("i32", "u"), ("i64", "s"), ("i64", "u")] {
        let narrow = operator(&format!("{result}.trunc_f32_{sign}"), "f32", result);
        let wide = operator(&format!("{result}.trunc_f64_{sign}"), "f64", result);
        let mut values: Vec<f64> =
            vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.5, -0.5, -0.999, 1e-300];
        for edge in edges.iter().flat_map(|edge| [*edge, -*edge]) {
            values.extend([edge, edge.next_up(), edge.next_down(), edge - 1.0, edge + 1.0, edge - 0.5]);
            let single = edge as f32;
            values.extend([f64::from(single.next_up()), f64::from(single.next_down())]);
        }
        for value in values {
            let runs = [
                both(&narrow, &[Val::F32(F32::from(value as f32))]),
                both(&wide, &[Val::F64(F64::from(value))]),
            ];
            for run in runs {
                match run.result {
                    Ok(_) => ends[0] += 1,
                    Err(Stop::Trap(TrapCode::BadConversionToInteger)) => ends[1] += 1,
                    Err(Stop::Trap(TrapCode::IntegerOverflow)) => ends[2] += 1,
                    other => panic!("{other:?}"),
                }
            }
        }
    }
    assert!(ends.iter().all(|count| *count > 0), "{ends:?}");
}

#[test]
fn accesses_end_the_same_around_the_end_of_memory() {
    let accesses = [
        ("i32.load8_u", 1, ""),
        ("i64.load16_s", 2, ""),
        ("f32.load", 4, ""),
        ("i64.load", 8, ""),
        ("i32.store8", 1, "i32.const -1"),
        ("i64.store16", 2, "i64.const -1"),
        ("f32.store", 4, "f32.const 1.5"),
        ("f64.store", 8, "f64.const 1.5"),
        ("i64.store32", 4, "i64.const -1"),
    ];
    for (name, width, value) in accesses {
        let drop = if value.is_empty() { "drop" } else { "" };
        for offset in [0_u32, 9, 65_535, 65_536, u32::MAX] {
            let wasm = assemble(&format!(
                r#"(module (memory (export "memory") 1 2) (func (export "call") (param i32)
                    local.get 0 {value} {name} offset={offset} {drop}
                    i32.const 1 memory.grow drop local.get 0 {value} {name} offset={offset} {drop}))"#
            ));
            for end in [65_536_i64, 131_072] {
                let last = end - i64::from(offset) - width;
                for address in [0, last, last + 1, -1, i64::from(i32::MIN)] {
                    let run = both(&wasm, &[Val::I32(address as i32)]);
                    let reach = i64::from(address as u32) + i64::from(offset) + width;
                    assert_eq!(run.result.is_ok(), reach <= 65_536, "{name} {offset} {address}");
                }
            }
        }
    }
    for name in ["fill", "copy"] {
        let wasm = assemble(&format!(
            r#"(module (memory (export "memory") 1) (data (i32.const 9) "abc") (func (export "call")
                (param i32 i32 i32) local.get 0 local.get 1 local.get 2 memory.{name}))"#
        ));
        for place in [0, 9, 65_535, 65_536, 65_537, -1] {
            for source in [0, 9, 65_536, -1] {
                for length in [0, 1, 65_536, -1] {
                    both(&wasm, &[Val::I32(place), Val::I32(source), Val::I32(length)]);
                }
            }
        }
    }
}

#[test]
fn indirect_calls_end_the_same_whatever_the_entry() {
    let wasm = assemble(
        r#"(module (type $a (func (result i32))) (type $b (func (result i64))) (type $c (func (result i32)))
            (import "zvm" "input_size" (func $five (type $a))) (import "zvm" "block_number" (func $seven (type $b)))
            (table 9 9 funcref) (elem (i32.const 1) $five $seven $one $two) (elem (i32.const 4) $one $big)
            (func $one (type $c) i32.const 1) (func $two (type $a) i32.const 2) (func $big (type $b) i64.const 3)
            (func (export "call") (param i32) (result i32) local.get 0 call_indirect (type $c)))"#,
    );
    let end = |index: i32| both(&wasm, &[Val::I32(index)]).result;
    let trap = |code| Err(Stop::Trap(code));
    assert_eq!(end(0), trap(TrapCode::IndirectCallToNull));
    assert_eq!(end(1), Ok(vec![5]));
    assert_eq!(end(2), trap(TrapCode::BadSignature));
    assert_eq!([end(3), end(4)], [Ok(vec![1]), Ok(vec![1])], "the later segment is written last");
    assert_eq!(end(5), trap(TrapCode::BadSignature));
    assert_eq!([end(6), end(8)], [trap(TrapCode::IndirectCallToNull), trap(TrapCode::IndirectCallToNull)]);
    assert_eq!([end(9), end(-1)], [trap(TrapCode::TableOutOfBounds), trap(TrapCode::TableOutOfBounds)]);
    let none = assemble(r#"(module (table 0 funcref) (func (export "call") i32.const 0 call_indirect))"#);
    assert_eq!(both(&none, &[]).result, trap(TrapCode::TableOutOfBounds));
    let unreachable = assemble(r#"(module (func (export "call") unreachable))"#);
    assert_eq!(both(&unreachable, &[]).result, trap(TrapCode::UnreachableCodeReached));
}
