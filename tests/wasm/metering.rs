//! Metering by number, in the runtimes themselves: the same figures as the interpreter's.
//!
//! | No. | Where |
//! |---|---|
//! | 21 to 23, 25 | here, and to the operator in `instrument` |
//! | 24, 27, 28 | tests/ffi: `counters`, `pointers`; tests/scenarios: `halts`, `gas` |
//! | 26, 29 | time for gas: `make bench-prices`, as time is no matter for a test |
//! | 30 | not yet: there are no host functions that verify |
//! | 31 | not yet: there is no EVM |
//! | 32 | tests/scenarios: `edge` |
//! | 33 to 35, 40 | `stack` |
//! | 36 to 39 | `memory`, `reset` |
//! | 41 to 43, 45 | `sameness` |
//! | 44 | `differential`, and `make native-cpu` |

use zvm::{Halt, Limits, Outcome, Schedule};

use crate::machine::{Machine, Run, Stop, assemble, meter_with};
use crate::world::{Asked, PLENTY, call, contract, ledger, run, runtimes, runtimes_with, session, try_run};

/// What the page that each of these contracts begins with costs.
fn page() -> u64 {
    Schedule::default().memory_page
}

/// How the interpreter ends a contract, as an outcome of a runtime.
fn expected(came: &Run) -> Outcome {
    use wasmi::TrapCode::*;
    match &came.result {
        Ok(results) if results.iter().all(|bits| *bits == 0) => Outcome::Success,
        Ok(_) => Outcome::Revert,
        Err(Stop::OutOfGas) => Outcome::Halt(Halt::OutOfGas),
        Err(Stop::StackOverflow) => Outcome::Halt(Halt::StackOverflow),
        Err(Stop::Trap(trap)) => Outcome::Halt(match trap {
            UnreachableCodeReached => Halt::Unreachable,
            MemoryOutOfBounds => Halt::MemoryBounds,
            TableOutOfBounds => Halt::TableBounds,
            IndirectCallToNull => Halt::IndirectNull,
            BadSignature => Halt::IndirectType,
            IntegerDivisionByZero => Halt::DivideByZero,
            IntegerOverflow => Halt::IntegerOverflow,
            BadConversionToInteger => Halt::BadConversion,
            other => panic!("{other:?} is no trap of the code's"),
        }),
    }
}

/// What loops without an end spend.
const ENOUGH: u64 = 1_000_000;

/// Holds a contract of one page to the interpreter, with enough gas, with what it uses and with less.
#[track_caller]
fn hold(wasm: &[u8], what: &str) {
    let metered = meter_with(wasm, &Limits::default(), &Schedule::default());
    let oracle = |gas| Machine::new(&metered).call("call", &[], gas);
    let used = oracle(ENOUGH).used;
    for (name, runtime) in runtimes() {
        for gas in [Some(ENOUGH), Some(used), used.checked_sub(1), Some(used / 2)].into_iter().flatten() {
            let (came, should) = (run(&runtime, wasm, page() + gas), oracle(gas));
            let ends = (came.outcome, came.gas_used - page());
            assert_eq!(ends, (expected(&should), should.used), "{name}, {gas} gas: {what}");
            assert_eq!(came.gas_used + came.gas_left, page() + gas, "{name}, {gas} gas: {what}");
        }
    }
}

#[test]
fn n021_a_block_that_is_not_covered_does_nothing() {
    let adds = "i32.const 1 drop ".repeat(32_000);
    let wasm = assemble(&format!(
        r#"(module (import "zvm" "storage_read" (func $read (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (func (export "call")
                i32.const 0 i32.const 1 i32.const 8 i32.const 8 call $read drop {adds}))"#
    ));
    for (name, runtime) in runtimes() {
        let asked = |gas| {
            let (ledger, questions) = Asked::of(ledger(&wasm));
            let came = session(&runtime, ledger).call(&call(&[], gas)).expect("no failure");
            (came.outcome, came.gas_used, questions.borrow().len())
        };
        let (outcome, used, questions) = asked(PLENTY);
        assert_eq!((outcome, questions), (Outcome::Success, 1), "{name}");
        assert!(used > 64_000, "{name}: {used}");
        for gas in [page(), page() + 1, page() + 1000, page() + 64_000] {
            assert_eq!(asked(gas), (Outcome::Halt(Halt::OutOfGas), gas, 0), "{name}, {gas} gas");
        }
    }
}

#[test]
fn n022_every_trap_has_paid_for_its_block() {
    let adds = "i32.const 1 i32.add ".repeat(1000);
    let trap = |operators: &str| {
        contract(&format!("i32.const 0 {adds} drop {operators} i32.const 1 drop i32.const 0"))
    };
    hold(&trap("i32.const -1 i32.load drop"), "a load outside");
    hold(&trap("i32.const 65533 i64.const 1 i64.store"), "a store across the end");
    hold(&trap("i32.const 65530 i32.const 1 i32.const 7 memory.fill"), "a fill across the end");
    hold(&trap("i32.const 0 i32.const 65535 i32.const 2 memory.copy"), "a copy across the end");
    hold(&trap("unreachable"), "unreachable");
    hold(&trap("i32.const 1 i32.const 0 i32.div_u drop"), "a division by zero");
    hold(&trap("i64.const 1 i64.const 0 i64.rem_s drop"), "a remainder by zero");
    hold(&trap("i32.const 0x80000000 i32.const -1 i32.div_s drop"), "a division that overflows");
    hold(&trap("i64.const 0x8000000000000000 i64.const -1 i64.div_s drop"), "a wide division that overflows");
    hold(&trap("f64.const 1e30 i32.trunc_f64_s drop"), "a conversion that overflows");
    hold(&trap("f32.const nan i64.trunc_f32_u drop"), "a conversion of what is no number");
    for (index, what) in [(0, "another type"), (1, "an empty entry"), (2, "no entry"), (-1, "far outside")] {
        let wasm = assemble(&format!(
            r#"(module (memory (export "memory") 1) (table 2 funcref) (elem (i32.const 0) $f) (func $f (param i64))
                (func (export "call") i32.const 0 {adds} drop i32.const {index} call_indirect i32.const 1 drop))"#
        ));
        hold(&wasm, what);
    }
}

#[test]
fn n023_every_control_operator_first_and_last() {
    let work = "local.get 0 i32.const 3 i32.add local.set 0";
    for body in [
        String::new(),
        "unreachable".into(),
        "return".into(),
        "br 0".into(),
        format!("{work} return {work}"),
        format!("loop {work} end {work}"),
        format!("block {work} br 0 {work} end {work}"),
        format!("i32.const 1 if {work} else {work} {work} end"),
        format!("i32.const 0 if {work} else {work} {work} end"),
        format!("i32.const 0 if return else {work} end {work}"),
        format!("loop {work} local.get 0 i32.const 300 i32.lt_u br_if 0 end"),
        format!("loop {work} local.get 0 i32.const 300 i32.ne br_if 0 {work} end"),
        format!("loop block {work} local.get 0 i32.const 99 i32.gt_u br_if 0 br 1 end end {work}"),
        format!("block block block {work} local.get 0 br_table 0 1 2 0 end {work} end {work} end {work}"),
        format!(
            "loop {work} loop {work} local.get 0 i32.const 50 i32.lt_s br_if 0 end
            local.get 0 i32.const 90 i32.lt_s br_if 1 end"
        ),
        format!("loop {work} local.get 0 i32.const 40 i32.gt_u if return end br 0 end"),
        format!("loop {work} local.get 0 i32.const 40 i32.gt_u if unreachable end br 0 end"),
        format!("{} {work} br 1000 {}", "block ".repeat(1000), "end ".repeat(1000)),
        format!("{} {work} br 1 {}", "block ".repeat(1000), format!("{work} end ").repeat(1000)),
        "loop br 0 end".into(),
    ] {
        let wasm = assemble(&format!(
            r#"(module (memory (export "memory") 1) (func (export "call") (local i32) {body}))"#
        ));
        hold(&wasm, &body);
    }
}

#[test]
fn n025_growth_is_paid_by_the_page_and_refused_at_the_limit() {
    let schedule = Schedule::default();
    let pages = |from: u64, more: u64| {
        let beyond = (from + more).saturating_sub(from.max(128));
        more * schedule.memory_page + beyond * schedule.memory_page_beyond_half
    };
    for (name, runtime) in runtimes() {
        let used = |body: &str, outcome: Outcome| {
            let came = run(&runtime, &contract(body), PLENTY);
            assert_eq!(came.outcome, outcome, "{name}: {body}");
            came.gas_used
        };
        let once = |count: &str, old: &str| {
            used(&format!("i32.const {count} memory.grow i32.const {old} i32.ne"), Outcome::Success)
        };
        let nothing = once("0", "1");
        assert_eq!(once("1", "1"), nothing + pages(1, 1), "{name}");
        assert_eq!(once("127", "1"), nothing + pages(1, 127), "{name}");
        assert_eq!(once("255", "1"), nothing + pages(1, 255), "{name}");
        for refused in ["256", "65536", "-1"] {
            assert_eq!(once(refused, "-1"), nothing, "{name}: {refused}");
        }
        let round = "i32.const 1 memory.grow drop local.get 0 i32.const 1 i32.add local.tee 0";
        let body = |rounds: u32| {
            format!(
                "(local i32) loop {round} i32.const {rounds} i32.lt_u br_if 0 end memory.size i32.const {} i32.ne",
                (rounds + 1).min(256)
            )
        };
        let (fewer, more) = (used(&body(200), Outcome::Success), used(&body(255), Outcome::Success));
        let beyond = used(&body(300), Outcome::Success);
        let grown: u64 = (201..256).map(|from| pages(from, 1)).sum();
        let idle = (beyond - more) / 45;
        assert_eq!(more - fewer, grown + 55 * idle, "{name}: page by page, {idle} for the loop");
    }
}

/// A price that no slice can hold, asked of a meter that holds it.
#[test]
fn n028_the_largest_price_ends_a_loop_whatever_the_gas() {
    let mut config = zvm::Config::default();
    (config.rules.limits.gas, config.rules.schedule.instruction) = (u64::MAX, u64::MAX);
    for body in ["loop br 0 end", "i32.const 1 if return end"] {
        let wasm = assemble(&format!("(module (func (export \"call\") {body}))"));
        for (name, runtime) in runtimes_with(&config) {
            let came = try_run(&runtime, &wasm, u64::MAX).expect("no failure");
            assert_eq!(came.outcome, Outcome::Halt(Halt::OutOfGas), "{name}: {body}");
        }
    }
}
