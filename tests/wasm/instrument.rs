//! Gas to the unit, stack, growth and indices of instrumented modules.

use wasmi::{TrapCode, Val};
use zvm::engine::wasm::instrument::{Form, GAS, STACK, VERSION, instrument};
use zvm::error::Status;
use zvm::gas::Schedule;
use zvm::limits::Limits;

use crate::machine::{Machine, Run, Stop, assemble, check, meter, meter_with, prices};
use crate::ticks::{TICKS, ticking};

const PLENTY: u64 = 1_000_000_000;

/// A module with one page of memory, a table and one entry of this body.
fn contract(body: &str) -> Vec<u8> {
    assemble(&format!(
        r#"(module
            (import "zvm" "block_number" (func $block_number (result i64)))
            (memory (export "memory") 1)
            (table funcref (elem $leaf))
            (func $leaf)
            (func $three (param i32 i32) (result i32) (local i64 i64 i64) i32.const 9)
            (func (export "call") {body}))"#
    ))
}

fn run(body: &str, gas: u64) -> Run {
    Machine::new(&meter(&contract(body))).call("call", &[], gas)
}

/// The gas a body uses, after checking that it is the smallest budget that suffices and that
/// slices of gas do not change it.
fn exact(body: &str) -> u64 {
    let run = self::run(body, PLENTY);
    let wasm = meter(&contract(body));
    if run.result.is_ok() {
        assert_eq!(Machine::new(&wasm).call("call", &[], run.used), run, "the exact budget: {body}");
    }
    for slice in [1, 7, 1000] {
        let sliced = Machine::new(&wasm).call_in_slices("call", &[], PLENTY, slice);
        assert_eq!(sliced, run, "slices of {slice}: {body}");
    }
    if run.used > 0 {
        let short = Machine::new(&wasm).call("call", &[], run.used - 1);
        assert_eq!(short.result, Err(Stop::OutOfGas), "one short: {body}");
    }
    run.used
}

#[track_caller]
fn costs(body: &str, gas: u64) {
    assert_eq!(exact(body), gas, "{body}");
}

#[test]
fn straight_line_code_costs_its_operators() {
    costs("", 0);
    costs("nop nop", 0);
    costs("i32.const 1 drop", 2);
    costs("(local i32 i64) i32.const 1 local.set 0 local.get 0 local.tee 0 drop", 2 + 5);
    costs("i32.const 0 i32.load drop", 1 + 2 + 1);
    costs("i32.const 0 i64.const 5 i64.store8", 1 + 1 + 2);
    costs("i32.const 8 i32.const 2 i32.div_u drop", 1 + 1 + 8 + 1);
    costs("i64.const 8 i64.const 2 i64.rem_s drop", 1 + 1 + 8 + 1);
    costs("i64.const 8 i64.extend8_s i64.popcnt drop", 4);
    costs("f64.const 8 f64.const 2 f64.mul drop", 1 + 1 + 4 + 1);
    costs("f32.const 8 f32.const 2 f32.div drop", 1 + 1 + 12 + 1);
    costs("f32.const 8 f32.sqrt i32.trunc_sat_f32_u drop", 1 + 12 + 4 + 1);
    costs("f32.const 8 i32.reinterpret_f32 drop", 3);
    costs("i32.const 1 i32.const 2 i32.const 3 select drop", 5);
    costs("memory.size drop", 2);
}

#[test]
fn n023_control_operators_cost_what_runs() {
    costs("block end", 0);
    costs("block i32.const 1 drop end i32.const 1 drop", 4);
    costs("loop end", 0);
    costs("loop i32.const 1 drop end", 2);
    costs("i32.const 1 if end", 2);
    costs("i32.const 1 if i32.const 1 drop end", 4);
    costs("i32.const 0 if i32.const 1 drop end", 2);
    costs("i32.const 1 if i32.const 1 drop else i32.const 1 drop i32.const 1 drop end", 4);
    costs("i32.const 0 if i32.const 1 drop else i32.const 1 drop i32.const 1 drop end", 6);
    costs("br 0", 1);
    costs("return", 1);
    costs("unreachable", 1);
    costs("block br 0 end", 1);
    costs("block br 0 end i32.const 1 drop", 3);
    costs("i32.const 1 br_if 0", 2);
    costs("i32.const 1 br_if 0 i32.const 1 drop", 2);
    costs("i32.const 0 br_if 0 i32.const 1 drop", 4);
    costs("block i32.const 1 br_if 0 i32.const 1 drop end i32.const 1 drop", 4);
    costs("block i32.const 0 br_if 0 i32.const 1 drop end i32.const 1 drop", 6);
    costs("i32.const 1 if br 0 else i32.const 1 drop end i32.const 1 drop", 5);
    costs("i32.const 1 if else i32.const 1 drop end i32.const 1 drop", 4);
    costs("i32.const 0 if else i32.const 1 drop end i32.const 1 drop", 6);
    costs("i32.const 0 if return end i32.const 1 drop", 4);
}

#[test]
fn n023_branches_out_of_many_levels() {
    for levels in [1, 2, 1000] {
        let nest = |inside: &str| format!("{}{inside}{}", "block ".repeat(levels), " end".repeat(levels));
        costs(&nest(&format!("br {}", levels - 1)), 1);
        costs(&nest(&format!("i32.const 1 br_if {levels} i32.const 1 drop")), 2);
        costs(&nest("br 0"), 1);
        costs(&nest("return"), 1);
    }
}

#[test]
fn n023_dead_code_costs_nothing() {
    costs("return i32.const 1 drop return", 1);
    costs("return block loop br 0 end end", 1);
    costs("return i32.const 1 if i32.const 1 drop else i32.const 1 drop end", 1);
    costs("br 0 unreachable", 1);
    costs("block (result i32) block i32.const 1 br 1 end i32.const 5 end drop", 3);
    costs("block block return end i32.const 5 drop end i32.const 5 drop", 1);
    costs("block block br 1 end i32.const 5 drop end i32.const 5 drop", 3);
    costs("i32.const 1 if return else return end i32.const 5 drop", 3);
    costs("i32.const 0 if unreachable else block return end end i32.const 5 drop", 3);
    costs("block (result i32) i32.const 4 i32.const 0 br_table 0 0 end drop", 1 + 1 + (1 + 1) + 1);
    costs("block (result f64) unreachable f64.add end drop", 1);
}

#[test]
fn br_tables_cost_their_targets() {
    costs("i32.const 0 br_table 0", 2);
    costs("i32.const 0 br_table 0 0", 3);
    costs("block block i32.const 1 br_table 0 1 0 0 2 0 end i32.const 1 drop end", 1 + 1 + 5);
    costs("block block i32.const 9 br_table 0 1 end i32.const 1 drop end i32.const 1 drop", 1 + 2 + 2);
    costs("block block i32.const 2 br_table 0 1 0 0 2 0 end i32.const 1 drop end", 1 + 1 + 5 + 2);
}

#[test]
fn loops_cost_each_round() {
    // A round is get, const, add, tee, const, lt, br_if.
    let round = "local.get 0 i32.const 1 i32.add local.tee 0 i32.const 10 i32.lt_u br_if 0";
    costs(&format!("(local i32) loop {round} end"), 1 + 10 * 7);
    costs(&format!("(local i32) loop block loop {round} end end end"), 1 + 10 * 7);
    let forever = run("loop br 0 end", 1_000_000);
    assert_eq!((forever.result, forever.used), (Err(Stop::OutOfGas), 1_000_000));
}

/// Loops that are written several rounds in one, and some that may not be: any number of rounds, left in
/// any way, costs what its operators cost.
#[test]
fn n023_small_loops_cost_the_rounds_they_run() {
    let next = "local.get 1 i32.const 1 i32.add local.tee 1";
    let more = format!("{next} local.get 0 i32.lt_u");
    let third = "local.get 1 i32.const 3 i32.rem_u";
    let shapes = [
        format!("loop {more} br_if 0 end"),
        format!("call $leaf loop {third} if i32.const 1 drop end {more} br_if 0 end i32.const 1 drop"),
        format!(
            "block loop {more} i32.eqz br_if 1 {third} br_if 0 i32.const 1 drop br 0 end end i32.const 1 drop"
        ),
        format!("block loop {more} if br 1 end {third} if br 2 else return end end end"),
        format!(
            "block loop {third} i32.eqz if {more} br_if 1 br 2 end {more} br_if 0 end i32.const 1 drop end"
        ),
        format!("loop {more} if br 1 end end"),
        format!("loop loop {more} br_if 0 end {next} local.get 0 i32.lt_u br_if 0 end"),
        format!("loop call $leaf {more} br_if 0 end"),
        format!("loop {more} br_if 0 local.get 0 i32.const 7 i32.eq if unreachable end end"),
        format!(
            "block loop {next} i32.const 900 i32.gt_u br_if 1 {more} br_if 0 end return end call $leaf unreachable"
        ),
        format!(
            "block (result i32) loop local.get 1 {more} i32.eqz br_if 1 drop br 0 end unreachable end drop"
        ),
        format!("loop (result i32) local.get 1 {more} br_if 0 end drop"),
    ];
    for shape in shapes {
        let plain = assemble(&format!(
            r#"(module (global (mut i32) (i32.const 0)) (func $leaf)
                (func (export "call") (param i32) (local i32) {shape}))"#
        ));
        let metered = meter(&plain);
        for rounds in 0..14 {
            let args = [Val::I32(rounds)];
            let run = Machine::new(&metered).call("call", &args, PLENTY);
            let mut ticking = Machine::new(&ticking(&plain));
            assert_eq!(ticking.call("call", &args, 0).result, run.result, "{rounds} rounds: {shape}");
            if run.result.is_ok() {
                assert_eq!(ticking.global(TICKS), Some(run.used), "{rounds} rounds: {shape}");
            }
            for slice in [1, 50] {
                let sliced = Machine::new(&metered).call_in_slices("call", &args, PLENTY, slice);
                assert_eq!(sliced, run, "{rounds} rounds, slices of {slice}: {shape}");
            }
            assert_eq!(
                Machine::new(&metered).call("call", &args, run.used),
                run,
                "the exact budget: {shape}"
            );
            let short = Machine::new(&metered).call("call", &args, run.used - 1);
            assert_eq!(short.result, Err(Stop::OutOfGas), "one short: {shape}");
        }
    }
}

#[test]
fn calls_cost_the_call_and_the_callees_locals() {
    costs("call $leaf", 8);
    costs("call $block_number drop", 9);
    costs("i32.const 1 i32.const 2 call $three drop", 2 + 8 + 3 + 1 + 1);
    costs("i32.const 0 call_indirect", 1 + 16);
}

#[test]
fn n026_locals_are_paid_on_entry() {
    let locals = |count| format!("(local {})", "i64 ".repeat(count));
    costs(&locals(1024), 1024);
    let short = run(&format!("{} i32.const 0 i32.const 1 i32.store", locals(1000)), 999);
    assert_eq!(short.result, Err(Stop::OutOfGas));
}

#[test]
fn bulk_operators_cost_their_length() {
    for (length, units) in [(0, 0), (1, 1), (8, 1), (9, 2), (65536, 8192)] {
        let nothing = if length == 0 { 5 } else { 0 };
        costs(&format!("i32.const 0 i32.const 1 i32.const {length} memory.fill"), 3 + 8 + nothing + units);
        costs(&format!("i32.const 0 i32.const 0 i32.const {length} memory.copy"), 3 + 8 + units);
    }
    // Charged before it is tried: 2^32 - 1 bytes are 2^29 units.
    let out_of_bounds = "i32.const 0 i32.const 0 i32.const -1 memory.fill";
    assert_eq!(exact(out_of_bounds), 3 + 8 + (1 << 29));
}

#[test]
fn n021_a_block_pays_before_its_first_operator() {
    let block = format!("i32.const 0 i32.const 7 i32.store {}", "i32.const 1 drop ".repeat(30_000));
    let mut machine = Machine::new(&meter(&contract(&block)));
    let run = machine.call("call", &[], 1);
    assert_eq!((run.result, run.used), (Err(Stop::OutOfGas), 1));
    assert!(machine.memory().iter().all(|byte| *byte == 0), "nothing ran");
    let mut fill = Machine::new(&meter(&contract("i32.const 0 i32.const 7 i32.const 9 memory.fill")));
    assert_eq!(fill.call("call", &[], 12).result, Err(Stop::OutOfGas));
    assert!(fill.memory().iter().all(|byte| *byte == 0), "nothing was filled");
}

#[test]
fn n022_a_trap_in_a_block_has_paid_for_all_of_it() {
    let adds = "i32.const 1 i32.add ".repeat(1000);
    let body = format!("i32.const 0 {adds} drop i32.const -1 i32.load drop i32.const 1 drop");
    let run = run(&body, PLENTY);
    assert_eq!(run.result, Err(Stop::Trap(TrapCode::MemoryOutOfBounds)));
    assert_eq!(run.used, 1 + 2000 + 1 + (1 + 2 + 1) + 2);
}

/// What a trap has paid shows where basic blocks begin and what they pay ahead, and so is part of
/// consensus: the block, and the least that must follow it.
#[test]
fn n022_a_block_pays_ahead_what_must_follow() {
    let trap = "i32.const -1 i32.load drop";
    let paid = |body: &str| {
        let run = run(body, PLENTY);
        assert_eq!(run.result, Err(Stop::Trap(TrapCode::MemoryOutOfBounds)), "{body}");
        run.used
    };
    let rest = "i32.const 1 drop";
    assert_eq!(paid(&format!("{trap} block {rest} end {rest}")), 4 + 2 + 2, "nothing jumps to the end");
    assert_eq!(paid(&format!("block {trap} {rest} i32.const 0 br_if 0 {rest} end {rest}")), 4 + 2 + 2 + 2);
    assert_eq!(paid(&format!("block i32.const 0 br_if 0 {trap} {rest} end {rest}")), 2 + 4 + 2 + 2);
    assert_eq!(paid(&format!("{trap} loop {rest} end")), 4, "nobody pays for a round of a loop but itself");
    assert_eq!(paid(&format!("loop {trap} {rest} end {rest}")), 4 + 2 + 2, "and goes on behind its end");
    assert_eq!(
        paid(&format!("loop {trap} i32.const 0 br_if 0 end {rest}")),
        3 * (4 + 2),
        "three rounds at once"
    );
    assert_eq!(paid(&format!("i32.const 1 if {trap} unreachable end {rest}")), 2 + 4 + 1, "both in full");
    assert_eq!(
        paid(&format!("block i32.const 1 br_if 0 {rest} {rest} return end {trap} unreachable")),
        2 + 5,
        "on the way to a trap nothing comes back"
    );
    assert_eq!(paid(&format!("i32.const 1 if {trap} else {rest} end {rest}")), 2 + 4 + 2);
    assert_eq!(paid(&format!("i32.const 1 if {trap} end {rest}")), 2 + 4 + 2);
    assert_eq!(paid(&format!("i32.const 0 if return else {trap} end {rest}")), 2 + 4 + 2, "one way only");
    assert_eq!(paid(&format!("call $leaf {trap} call $leaf {rest}")), 8 + 4 + 8 + 2, "calls divide nothing");
}

/// If this fails, raise the rewriting's version and take over the new digest.
#[test]
fn the_version_goes_with_the_bytes() {
    let body = "(local i32 f32) i32.const 3 if call $leaf else i32.const 0 call_indirect end
        loop local.get 0 i32.const 1 i32.add local.tee 0 i32.const 3 i32.lt_u br_if 0 end
        local.get 1 f32.sqrt f64.promote_f32 f64.floor drop
        block block loop local.get 0 br_if 1 call $leaf local.get 0 br_table 0 1 2 0 end end end
        loop local.get 0 i32.eqz if return end local.get 0 br_if 0 end
        i32.const 1 memory.grow i32.const 0 i32.const 1 memory.fill return nop";
    let digest = meter(&contract(body)).iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    assert_eq!((VERSION, digest), (4, 0xcf62_73da_467b_1463));
}

#[test]
fn n025_growth_is_asked_for_and_priced() {
    let limits = Limits { max_pages: 300, ..Limits::default() };
    let module = |body: &str| {
        let text = format!(
            r#"(module (memory (export "memory") 1) (func (export "call") (result i32) {body})
                (func (export "size") (result i32) memory.size))"#
        );
        Machine::new(&meter_with(&assemble(&text), &limits, &prices()))
    };
    let mut at_once = module("i32.const 256 memory.grow");
    let run = at_once.call("call", &[], PLENTY);
    assert_eq!((run.result, run.used), (Ok(vec![1]), 1 + 8 + 256 * 1024));
    assert_eq!(at_once.call("size", &[], PLENTY).result, Ok(vec![257]));
    // Beyond the limit the answer is -1, nothing grows, and nothing but the instructions is paid.
    let run = at_once.call("call", &[], PLENTY);
    assert_eq!((run.result, run.used), (Ok(vec![0xffff_ffff]), 1 + 8));
    assert_eq!(at_once.memory().len(), 257 << 16);

    let round = "i32.const 1 memory.grow drop local.get 0 i32.const 1 i32.add local.tee 0";
    let mut by_one =
        module(&format!("(local i32) loop {round} i32.const 256 i32.lt_u br_if 0 end memory.size"));
    let run = by_one.call("call", &[], PLENTY);
    assert_eq!((run.result, run.used), (Ok(vec![257]), 1 + 256 * (9 + 8 + 1024) + 1));

    for pages in ["65536", "-1", "300"] {
        let mut beyond = module(&format!("i32.const {pages} memory.grow"));
        let run = beyond.call("call", &[], PLENTY);
        assert_eq!((run.result, run.used), (Ok(vec![0xffff_ffff]), 1 + 8), "{pages} pages");
        assert_eq!(beyond.memory().len(), 1 << 16);
    }
    let mut zero = module("i32.const 0 memory.grow");
    assert_eq!(zero.call("call", &[], PLENTY).result, Ok(vec![1]));
    let mut poor = module("i32.const 1 memory.grow");
    assert_eq!(poor.call("call", &[], 1 + 8 + 1023).result, Err(Stop::OutOfGas));
    assert_eq!(poor.memory().len(), 1 << 16);
}

#[test]
fn n028_prices_do_not_wrap() {
    let dear = |schedule: Schedule, body: &str| {
        let wasm = meter_with(&contract(body), &Limits::default(), &schedule);
        [0, PLENTY, u64::MAX - 1].map(|gas| Machine::new(&wasm).call("call", &[], gas).result)
    };
    let out_of_gas = [Err(Stop::OutOfGas), Err(Stop::OutOfGas), Err(Stop::OutOfGas)];
    let schedule = Schedule { instruction: u64::MAX, ..prices() };
    assert_eq!(dear(schedule, "i32.const 1 i32.const 1 i32.add drop"), out_of_gas);
    let schedule = Schedule { local: u64::MAX / 2, ..prices() };
    assert_eq!(dear(schedule, "(local i32 i32 i32)"), out_of_gas);
    let schedule = Schedule { br_table_target: 1 << 63, ..prices() };
    assert_eq!(dear(schedule, "i32.const 0 br_table 0 0 0 0 0"), out_of_gas);
    for price in [u64::MAX, 1 << 63, (1 << 35) + 1, 1 << 61] {
        let schedule = Schedule { bulk_8_bytes: price, ..prices() };
        let body = "i32.const 0 i32.const 0 i32.const -1 memory.fill";
        assert_eq!(dear(schedule, body), out_of_gas, "{price}");
    }
    let schedule = Schedule { bulk_8_bytes: 0, ..prices() };
    let wasm = meter_with(
        &contract("i32.const 0 i32.const 0 i32.const 64 memory.fill"),
        &Limits::default(),
        &schedule,
    );
    assert_eq!(Machine::new(&wasm).call("call", &[], u64::MAX).used, 3 + 8);
}

#[test]
fn n034_recursion_ends_at_the_counted_depth() {
    let depth = |module: &str| {
        let mut machine = Machine::new(&meter(&assemble(module)));
        let run = machine.call("call", &[], PLENTY);
        assert_eq!(run.result, Err(Stop::StackOverflow), "{module}");
        machine.global("depth").expect("it counts its depth")
    };
    let count = "global.get $depth i32.const 1 i32.add global.set $depth";
    let global = r#"(global $depth (export "depth") (mut i32) (i32.const 0))"#;
    let empty = format!(r#"(module {global} (func $f (export "call") {count} call $f))"#);
    assert_eq!(depth(&empty), 32_768 / 32);
    let fat = format!(
        r#"(module {global} (func $f (export "call") (local {}) {count} call $f))"#,
        "i64 ".repeat(1000)
    );
    assert_eq!(depth(&fat), 32_768 / 1002, "1000 locals and two operands");
    let deep = format!(
        r#"(module {global} (func $f (export "call") {count} {} call $f {}))"#,
        "i64.const 0 ".repeat(1024),
        "drop ".repeat(1024)
    );
    assert_eq!(depth(&deep), 32_768 / 1024);
    let mutual = format!(
        r#"(module {global} (func $f (export "call") {count} call $g) (func $g (local {}) {count} call $f))"#,
        "i64 ".repeat(98)
    );
    assert_eq!(depth(&mutual), 2 * (32_768 / 132) + 1, "32 words, 100 words, and 32 that are left");
    let indirect = format!(
        r#"(module {global} (table funcref (elem $f))
            (func $f (export "call") {count} i32.const 0 call_indirect))"#
    );
    assert_eq!(depth(&indirect), 32_768 / 32);
}

/// A function takes its frame at the last place that is on every way to a call of its own, and in no loop.
#[test]
fn n034_a_way_without_calls_takes_no_stack() {
    let limits = Limits { stack_words: 40, ..Limits::default() };
    let result = |body: &str| {
        let text = format!(
            r#"(module (global $g (mut i32) (i32.const 0)) (func $leaf)
                (func $caller (param i32) {body}) (func (export "call") (param i32) local.get 0 call $caller))"#
        );
        let wasm = meter_with(&assemble(&text), &limits, &prices());
        [0, 1].map(|way| Machine::new(&wasm).call("call", &[Val::I32(way)], PLENTY).result)
    };
    let (free, counted) = (Ok(vec![]), Err(Stop::StackOverflow));
    let [one, two] = [[free.clone(), counted.clone()], [counted.clone(), counted]];
    for body in [
        "local.get 0 if call $leaf end",
        "local.get 0 if loop call $leaf end end",
        "local.get 0 if else return end call $leaf",
        "block local.get 0 br_if 0 return end call $leaf",
        "block block local.get 0 br_if 0 br 1 end call $leaf loop call $leaf end end",
        "block block local.get 0 br_table 1 0 end local.get 0 if call $leaf end end",
    ] {
        assert_eq!(result(body), one, "{body}");
    }
    for body in [
        "call $leaf",
        "local.get 0 if call $leaf else call $leaf end",
        "loop local.get 0 if call $leaf end end",
        "local.get 0 if call $leaf end local.get 0 if call $leaf end",
        "block local.get 0 br_if 0 call $leaf end local.get 0 if call $leaf end",
    ] {
        assert_eq!(result(body), two, "{body}");
    }
    let [no_way, a_way] = result("local.get 0 if call $leaf local.get 0 br_if 0 call $leaf end");
    assert_eq!([no_way, a_way], one, "one frame, however many calls");
}

#[test]
fn calls_one_after_the_other_use_up_no_stack() {
    let body = "(local i32) loop call $leaf i32.const 0 call_indirect
        local.get 0 i32.const 1 i32.add local.tee 0 i32.const 5000 i32.lt_u br_if 0 end";
    assert_eq!(run(body, PLENTY).result, Ok(vec![]));
}

#[test]
fn a_call_of_the_host_takes_no_counted_stack() {
    let limits = Limits { stack_words: 31, ..Limits::default() };
    let result = |body: &str| {
        let wasm = meter_with(&contract(body), &limits, &prices());
        Machine::new(&wasm).call("call", &[], PLENTY).result
    };
    assert_eq!(result("call $block_number drop"), Ok(vec![]));
    assert_eq!(result("call $leaf"), Err(Stop::StackOverflow), "a frame takes 32");
}

#[test]
fn a_limit_of_no_words_still_bounds_depth() {
    let limits = Limits { frame_words: 0, stack_words: 100, ..Limits::default() };
    let wasm = assemble(r#"(module (func $f (export "call") call $f))"#);
    let run = Machine::new(&meter_with(&wasm, &limits, &prices())).call("call", &[], PLENTY);
    assert_eq!((run.result, run.used), (Err(Stop::StackOverflow), 8 * 101));
}

#[test]
fn every_index_still_means_the_same() {
    let wasm = assemble(
        r#"(module
            (import "zvm" "input_size" (func $five (result i32)))
            (import "zvm" "transfer" (func $minus (param i32 i32) (result i32)))
            (memory (export "memory") 1)
            (global $g (export "own") (mut i32) (i32.const 40))
            (table (export "table") 4 4 funcref)
            (elem (i32.const 1) $one $five $two)
            (func $one (export "one") (result i32) i32.const 1)
            (func $two (export "two") (result i32) i32.const 2)
            (func (export "pick") (param i32) (result i32) local.get 0 call_indirect (result i32))
            (func (export "imports") (result i32) call $five i32.const 3 call $minus)
            (func (export "global") (result i32) global.get $g i32.const 2 i32.add global.set $g global.get $g)
            (func (export "data") (result i32) i32.const 100 i32.load8_u)
            (data (i32.const 100) "\2a"))"#,
    );
    let mut machine = Machine::new(&meter(&wasm));
    let mut value = |name: &str, args: &[Val]| machine.call(name, args, PLENTY).result;
    assert_eq!(value("one", &[]), Ok(vec![1]));
    assert_eq!(value("two", &[]), Ok(vec![2]));
    assert_eq!(value("imports", &[]), Ok(vec![2]), "5 - 3");
    assert_eq!(value("global", &[]), Ok(vec![42]));
    assert_eq!(value("data", &[]), Ok(vec![42]));
    assert_eq!(
        [1, 2, 3].map(|index| value("pick", &[Val::I32(index)])),
        [Ok(vec![1]), Ok(vec![5]), Ok(vec![2])]
    );
    assert_eq!(value("pick", &[Val::I32(0)]), Err(Stop::Trap(TrapCode::IndirectCallToNull)));
    assert_eq!(machine.global("own"), Some(42));
}

#[test]
fn a_host_call_sees_all_the_gas_in_any_slices() {
    let wasm = assemble(
        r#"(module (import "zvm" "gas_left" (func $gas_left (result i64)))
            (func (export "call") (result i64) i64.const 1 drop call $gas_left))"#,
    );
    for slice in [1, 10, 50, u64::MAX] {
        let run = Machine::new(&meter(&wasm)).call_in_slices("call", &[], 100, slice);
        assert_eq!((run.result, run.used), (Ok(vec![90]), 10));
    }
}

#[test]
fn what_is_added_is_all_that_is_added() {
    let wasm = assemble(
        r#"(module (@custom "name-like" "old") (@custom "zvm.abi" "{}")
            (memory (export "memory") 2) (func (export "call")))"#,
    );
    let metered = meter(&wasm);
    let (mut customs, mut exports, mut imports, mut memory) = (0, Vec::new(), Vec::new(), None);
    for payload in wasmparser::Parser::new(0).parse_all(&metered) {
        match payload.expect("valid") {
            wasmparser::Payload::CustomSection(_) => customs += 1,
            wasmparser::Payload::ExportSection(section) => {
                exports.extend(section.into_iter().map(|export| export.expect("valid").name));
            }
            wasmparser::Payload::ImportSection(section) => {
                imports.extend(
                    section
                        .into_imports()
                        .map(|import| import.map(|it| (it.module, it.name)).expect("valid")),
                );
            }
            wasmparser::Payload::MemorySection(section) => {
                memory = section.into_iter().next().map(|memory| memory.expect("valid"));
            }
            _ => {}
        }
    }
    assert_eq!(customs, 0);
    assert_eq!(exports, ["memory", "call", GAS, STACK]);
    assert_eq!(imports, [("zvm.meter", "refill"), ("zvm.meter", "grow"), ("zvm.meter", "trap")]);
    let memory = memory.expect("a memory");
    assert_eq!((memory.initial, memory.maximum), (2, Some(256)), "ours where the module names none");
    let module = check(&wasm).expect("valid");
    assert_eq!(module.abi.as_deref(), Some("{}".as_bytes()));
}

#[test]
fn an_empty_module_is_metered() {
    assert_eq!(Machine::new(&meter(b"\0asm\x01\0\0\0")).global(GAS), Some(0));
}

#[test]
fn the_result_is_held_to_its_size() {
    let wasm = contract(&"i32.const 0 br_if 0 ".repeat(1000));
    let module = check(&wasm).expect("valid");
    let size = meter(&wasm).len() as u32;
    let sized = |instrumented_bytes| {
        let limits = Limits { instrumented_bytes, ..Limits::default() };
        instrument(&wasm, &module, &limits, &prices(), Form::default()).map_err(|error| error.status)
    };
    assert!(sized(size).is_ok());
    assert_eq!(sized(size - 1), Err(Status::CodeTooLarge));
    assert_eq!(sized(100), Err(Status::CodeTooLarge));
}

#[test]
fn another_modules_verdict_is_our_defect_not_a_panic() {
    let (wasm, other) = (contract("nop"), assemble("(module)"));
    let module = check(&other).expect("valid");
    let refused = instrument(&wasm, &module, &Limits::default(), &prices(), Form::default());
    assert_eq!(refused.map_err(|error| error.status), Err(Status::Internal));
}
