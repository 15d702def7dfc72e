//! The stacks: counted before native, whoever calls and from wherever (#33 to #35, #40).

use std::thread;

use zvm::{Halt, Limits, Outcome, Result, Schedule, Status};

use crate::differential::machines::Engine;
use crate::differential::native::Wasmer;
use crate::machine::{Machine, Stop, assemble, meter, meter_with};
use crate::process;
use crate::world::{Asked, PLENTY, call, ledger, run, runtimes, session};

/// What wasmer gives a contract's code to run on: `STACK_BYTES` of src/engine/wasm/tunables.rs.
const STACK_BYTES: usize = 4 << 20;

/// Modules that call themselves without end, by the shape of their frames. What a frame holds is needed
/// after the call, so that no compiler drops it.
fn bottomless() -> Vec<(&'static str, Vec<u8>)> {
    let function = |locals: &str, before: &str, after: &str| {
        format!(
            r#"(module (memory (export "memory") 1) (global $i (mut i64) (i64.const 3)) (global $d (mut f64) (f64.const 1.5))
                (func $f (export "call") (local {locals}) {before} call $f {after}))"#
        )
    };
    let words = |count: usize| "i64 ".repeat(count);
    let load = |at: usize| format!("i32.const 0 i64.load offset={} ", 8 * at);
    let push = |count: usize| -> String { (0..count).map(load).collect() };
    let add = |count: usize| format!("{} global.set $i ", "i64.add ".repeat(count - 1));
    let each =
        |count: usize, what: &str| -> String { (0..count).map(|at| format!("{what} {at} ")).collect() };
    let fill =
        |count: usize| -> String { (0..count).map(|at| format!("{} local.set {at} ", load(at))).collect() };
    let sum = |count: usize| format!("{} {}", each(count, "local.get"), add(count));
    let floats = push(1023).replace("i64.load", "f64.load");
    let add_floats = format!("{} global.set $d", "f64.add ".repeat(1022));
    let wide = format!(
        r#"(module (memory (export "memory") 1) (func $f (param {}) {} call $f {} call $f) (func (export "call") {} call $f))"#,
        words(32),
        each(32, "local.get"),
        each(32, "local.get"),
        "i64.const 7 ".repeat(32),
    );
    let mutual = format!(
        r#"(module (memory (export "memory") 1) (global $i (mut i64) (i64.const 3)) (func $f (export "call") call $g)
            (func $g (local {}) {} call $h {}) (func $h {} call $f {}))"#,
        words(98),
        fill(98),
        sum(98),
        push(70),
        add(70)
    );
    let indirect = r#"(module (memory (export "memory") 1) (table funcref (elem $f))
        (func $f (export "call") i32.const 0 call_indirect))"#;
    let texts = [
        ("empty frames", function("", "", "")),
        ("31 locals", function(&words(31), &fill(31), &sum(31))),
        ("32 operands", function("", &push(32), &add(32))),
        ("1,023 locals", function(&words(1023), &fill(1023), &sum(1023))),
        ("1,023 operands", function("", &push(1023), &add(1023))),
        ("1,023 floats", function("", &floats, &add_floats)),
        (
            "both",
            function(
                &words(1000),
                &format!("{} {}", fill(1000), push(1023)),
                &format!("{} {}", add(1023), sum(1000)),
            ),
        ),
        ("parameters", wide),
        ("mutual", mutual),
        ("indirect", indirect.to_owned()),
    ];
    texts.into_iter().map(|(name, text)| (name, assemble(&text))).collect()
}

/// Native stack that suffices for the counted one to be used up first, within a page.
fn needs(engine: impl Fn(usize) -> Wasmer, metered: &[u8]) -> usize {
    let suffices = |bytes: usize| {
        // A larger one that was used before would be used again.
        wasmer::sys::vm::drain_stack_pool();
        let run =
            engine(bytes).load(metered).expect("it compiles").start().call("call", &[], PLENTY, u64::MAX);
        assert!(run.result.is_err(), "it has no end");
        run.result == Err(Stop::StackOverflow)
    };
    let (mut short, mut enough) = (8 << 10, STACK_BYTES);
    assert!(suffices(enough), "the native stack ends first");
    while enough - short > 4096 {
        let middle = usize::midpoint(short, enough);
        *if suffices(middle) { &mut enough } else { &mut short } = middle;
    }
    enough
}

#[test]
fn n033_the_worst_frames_take_less_than_half_of_the_native_stack() {
    for line in process::quiet("frames") {
        eprintln!("{line}");
    }
}

/// Alone in its process, because wasmer keeps stacks for all of one.
pub(crate) fn hold_frames() {
    for (name, wasm) in bottomless() {
        let metered = meter(&wasm);
        let singlepass = needs(Wasmer::singlepass_on, &metered);
        let cranelift = needs(Wasmer::cranelift_on, &metered);
        println!(
            "child: {name}: {} KiB on singlepass, {} KiB on cranelift",
            singlepass >> 10,
            cranelift >> 10
        );
        assert!(singlepass.max(cranelift) < STACK_BYTES / 2, "{name}: {singlepass} and {cranelift} bytes");
    }
}

/// What each of them comes to in every runtime, on a thread with so much stack.
fn depths(stack_bytes: usize) -> Vec<(&'static str, Vec<(Outcome, u64)>)> {
    let work = || {
        let judge = |(name, wasm): (&'static str, Vec<u8>)| {
            let runs = runtimes().into_iter().map(|(_, runtime)| run(&runtime, &wasm, PLENTY));
            let page = Schedule::default().memory_page;
            (name, runs.map(|run| (run.outcome, run.gas_used - page)).collect())
        };
        bottomless().into_iter().map(judge).collect()
    };
    thread::Builder::new().stack_size(stack_bytes).spawn(work).expect("a thread").join().expect("no overflow")
}

/// Each ends where the interpreter ends it, by the counter, at the same unit of gas.
#[track_caller]
fn hold_depths(depths: &[(&'static str, Vec<(Outcome, u64)>)]) {
    for ((name, wasm), (_, runs)) in bottomless().iter().zip(depths) {
        let metered = meter_with(wasm, &Limits::default(), &Schedule::default());
        let oracle = Machine::new(&metered).call("call", &[], PLENTY);
        assert_eq!(oracle.result, Err(Stop::StackOverflow), "{name}");
        for run in runs {
            assert_eq!(*run, (Outcome::Halt(Halt::StackOverflow), oracle.used), "{name}");
        }
    }
}

#[test]
fn n034_recursion_ends_at_the_same_depth_whoever_calls() {
    process::quiet("depths 64");
    hold_depths(&depths(8 << 20));
}

/// Runs in a process of its own: an overflow would take the whole suite along.
pub(crate) fn hold_depths_on(stack_kib: usize) {
    hold_depths(&depths(stack_kib << 10));
}

#[test]
fn n035_another_component_that_sets_the_stack_size_changes_nothing() {
    process::quiet("stack size");
}

/// Sets what wasmer gives to all, runs in it, and puts it back.
pub(crate) fn hold_depths_under_another_stack_size() {
    let before = wasmer::sys::vm::get_stack_size();
    for size in [256 << 10, 8 << 20] {
        wasmer::sys::vm::set_stack_size(size);
        let (_, wasm) = bottomless().remove(0);
        let engine = wasmer::Engine::default();
        let module = wasmer::Module::new(&engine, &wasm).expect("it compiles");
        let mut store = wasmer::Store::new(engine);
        let other = wasmer::Instance::new(&mut store, &module, &wasmer::Imports::new()).expect("no imports");
        let function = other.exports.get_function("call").expect("it is exported");
        function.call(&mut store, &[]).expect_err("it has no end");
        hold_depths(&depths(8 << 20));
    }
    wasmer::sys::vm::set_stack_size(before);
    hold_depths(&depths(8 << 20));
}

/// A contract that reads an entry of the depth it is at and calls itself.
fn nesting() -> Vec<u8> {
    assemble(
        r#"(module
            (import "zvm" "self_address" (func $self_address (param i32)))
            (import "zvm" "input_copy" (func $input_copy (param i32 i32 i32)))
            (import "zvm" "storage_read" (func $storage_read (param i32 i32 i32 i32) (result i32)))
            (import "zvm" "call" (func $call (param i32 i32 i32 i32 i64) (result i32)))
            (memory (export "memory") 1)
            (func (export "call")
                (call $self_address (i32.const 0))
                (call $input_copy (i32.const 64) (i32.const 0) (i32.const 4))
                (drop (call $storage_read (i32.const 64) (i32.const 4) (i32.const 128) (i32.const 0)))
                (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1)))
                (drop (call $call (i32.const 0) (i32.const 32) (i32.const 64) (i32.const 4) (i64.const -1)))))"#,
    )
}

/// Calls nested to the limit on a thread of so much stack, in each runtime: the levels that were reached and
/// the native bytes that each took, or our failure.
fn nest(stack_kib: usize) -> Vec<Result<(usize, usize)>> {
    let sound = |runtime: &zvm::Runtime| {
        let (ledger, questions) = Asked::of(ledger(&nesting()));
        let came = session(runtime, ledger).call(&call(&[0; 4], PLENTY))?;
        assert_eq!(came.outcome, Outcome::Success);
        let questions = questions.borrow();
        let (levels, last) = (questions.len(), questions.last().expect("a question"));
        Ok((levels, questions[0].place.abs_diff(last.place) / (levels - 1)))
    };
    let work = move || runtimes().iter().map(|(_, runtime)| sound(runtime)).collect();
    let thread = thread::Builder::new().stack_size(stack_kib << 10).spawn(work);
    thread.expect("a thread").join().expect("no overflow")
}

/// Where there is no room for all levels the call fails, and is no halt.
pub(crate) fn nest_where_little_is_left(stack_kib: usize) {
    for came in nest(stack_kib) {
        println!("child: {came:?}");
        // Compilers make threads, which take address space as well.
        let ours = |error: zvm::error::Error| [Status::Memory, Status::Compile].contains(&error.status);
        assert!(came.is_ok() || came.is_err_and(ours));
    }
}

/// The caller's native stack that calls nested to the limit may take: 2 MiB is what a thread of Rust's
/// has, and half of it may be gone already (#40).
pub(crate) fn nest_on(stack_kib: usize) {
    let limit = zvm::Limits::default().call_depth as usize;
    for came in nest(stack_kib) {
        let (levels, bytes) = came.expect("neither we nor the ledger failed");
        println!("child: {levels} levels of {bytes} bytes");
        assert!((limit..=limit + 1).contains(&levels), "{levels} levels");
    }
}

#[test]
fn n040_calls_nest_to_the_limit_where_a_megabyte_is_left() {
    eprintln!("{}", process::quiet("nest 1024").join("; "));
    eprintln!("{}", process::quiet("nest 8192").join("; "));
}

#[test]
fn n040_calls_nest_to_the_limit_on_a_small_thread() {
    eprintln!("{}", process::quiet("nest 64").join("; "));
}
