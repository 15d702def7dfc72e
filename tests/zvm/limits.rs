//! What bounds a frame: memory, entries, events, time.

use std::time::Duration;

use zvm::{Config, Halt, Interrupt, Limits, Outcome, Rules, Runtime, Status, Terms};

use crate::world::{CONTRACT, PLENTY, call_of, place, program, run, run_on, runtime};

fn limited(change: impl FnOnce(&mut Limits)) -> Runtime {
    let mut limits = Limits::default();
    change(&mut limits);
    Runtime::new(Config { rules: Rules { limits, ..Rules::default() }, ..Config::default() })
        .expect("a runtime")
}

const RICH: u64 = 1_000_000_000_000_000;

#[test]
fn memory_is_paid_then_counted() {
    // Two pages of 64 KiB may be.
    let runtime = limited(|limits| limits.max_pages = 2);
    for (offset, outcome) in [
        (131_040, Outcome::Success),
        (131_041, Outcome::Halt(Halt::MemoryLimit)),
        (u64::from(u32::MAX), Outcome::Halt(Halt::MemoryLimit)),
        (1 << 40, Outcome::Halt(Halt::OutOfGas)),
        (u64::MAX, Outcome::Halt(Halt::OutOfGas)),
    ] {
        let done = run_on(&runtime, &program(&format!("push {offset} \n mload")), &[], RICH);
        assert_eq!(done.outcome, outcome, "at {offset}");
    }
    // Nothing is nowhere: no length, no memory, wherever it is.
    let far = format!("push 0 \n push 0x{} \n", "ff".repeat(32));
    for rest in ["keccak256", "return", "log0", "revert"] {
        assert_eq!(
            run(&program(&format!("{far}{rest}")), &[], PLENTY).outcome == Outcome::Success,
            rest != "revert"
        );
    }
    // All live frames together: this one calls itself with a page held each time.
    let runtime = limited(|limits| limits.total_pages = 5);
    let text =
        "push 0 \n mload \n pop \n push 0 \n push 0 \n push 0 \n push 0 \n push 0 \n address \n gas \n call
        push 0 \n mstore \n push 32 \n push 0 \n return";
    let done = run_on(&runtime, &program(text), &[], PLENTY);
    assert_eq!((done.outcome, done.counters.pages, done.counters.depth), (Outcome::Success, 5, 6));
}

#[test]
fn every_way_to_grow_memory_is_paid() {
    // 1000 words more, by each instruction that names memory, cost what 1000 words cost.
    let words = 1000;
    let price = 3 * words + words * words / 512;
    for (text, gas) in [
        ("push 31968 \n mload", 3 + 3),
        ("push 0 \n push 31968 \n mstore", 3 + 3 + 3),
        ("push 0 \n push 31999 \n mstore8", 3 + 3 + 3),
        ("push 32000 \n push 0 \n return", 3 + 3),
        ("push 32000 \n push 0 \n keccak256", 3 + 3 + 30 + 6 * words),
        ("push 32000 \n push 0 \n sha256", 3 + 3 + 60 + 12 * words),
        ("push 32000 \n push 0 \n ripemd160", 3 + 3 + 600 + 120 * words),
        ("push 32000 \n push 0 \n blake2b", 3 + 3 + 30 + 6 * words),
        ("push 32000 \n push 0 \n push 0 \n calldatacopy", 3 * 4 + 3 * words),
        ("push 32000 \n push 0 \n push 0 \n codecopy", 3 * 4 + 3 * words),
        ("push 32000 \n push 0 \n push 0 \n push 7 \n extcodecopy", 3 * 5 + 3 * words),
        ("push 8 \n push 31992 \n log0", 3 + 3 + 375 + 64),
        ("push 0 \n push 0 \n push 32000 \n push 0 \n push 7 \n push 0 \n staticcall", 3 * 6 + 100),
        ("push 32000 \n push 0 \n push 0 \n push 0 \n push 7 \n push 0 \n staticcall", 3 * 6 + 100),
    ] {
        let done = run(&program(text), &[], PLENTY);
        assert_eq!((done.outcome, done.gas_used), (Outcome::Success, gas + price), "{text}");
    }
}

#[test]
fn entries_are_counted_once() {
    let runtime = limited(|limits| limits.journal_keys = 4);
    // The called contract's account is the first.
    let touch = |count: u32, text: &str| {
        (0..count).map(|at| text.replace("KEY", &at.to_string())).collect::<String>()
    };
    for text in
        ["push KEY \n sload \n pop \n", "push 1 \n push KEY \n sstore \n", "push 1 \n push KEY \n tstore \n"]
    {
        for (count, outcome) in [(3, Outcome::Success), (4, Outcome::Halt(Halt::JournalLimit))] {
            assert_eq!(
                run_on(&runtime, &program(&touch(count, text)), &[], PLENTY).outcome,
                outcome,
                "{text}"
            );
        }
        let again = text.replace("KEY", "1").repeat(50);
        assert_eq!(run_on(&runtime, &program(&again), &[], PLENTY).outcome, Outcome::Success, "{text}");
    }
}

#[test]
fn n059_events_have_their_sizes() {
    for (len, outcome) in [(8192, Outcome::Success), (8193, Outcome::Halt(Halt::TooLong))] {
        let done = run(&program(&format!("push {len} \n push 0 \n log0")), &[], PLENTY);
        assert_eq!(done.outcome, outcome, "{len} bytes");
    }
    let nine = "push 8192 \n push 0 \n log0 \n".repeat(9);
    assert_eq!(run(&program(&nine), &[], PLENTY).outcome, Outcome::Halt(Halt::EventLimit));
}

#[test]
fn n058_what_is_returned_is_not_too_long() {
    for (text, outcome) in [
        ("push 65536 \n push 0 \n return", Outcome::Success),
        ("push 65537 \n push 0 \n return", Outcome::Halt(Halt::TooLong)),
        ("push 4096 \n push 0 \n revert", Outcome::Revert),
        ("push 4097 \n push 0 \n revert", Outcome::Halt(Halt::TooLong)),
    ] {
        assert_eq!(run(&program(text), &[], PLENTY).outcome, outcome, "{text}");
    }
}

#[test]
fn the_stack_has_1024_words() {
    for (count, outcome) in [(1024, Outcome::Success), (1025, Outcome::Halt(Halt::StackOverflow))] {
        assert_eq!(run(&program(&"push 1 \n".repeat(count)), &[], PLENTY).outcome, outcome, "{count} words");
    }
}

#[test]
fn a_loop_ends_when_its_time_is_up_or_somebody_says_so() {
    for text in ["round: push round \n jump", "round: push 1 \n sload \n pop \n push round \n jump"] {
        let mut ledger = zvm::MemoryLedger::new();
        place(&mut ledger, CONTRACT, zvm::EngineKind::Zvm, &program(text));
        let runtime = runtime();
        let mut session = runtime.session(&mut ledger, zvm::Block::default());
        let terms =
            Terms { gas_limit: RICH, time_limit: Some(Duration::from_millis(20)), ..Terms::default() };
        let call = zvm::Call { terms, ..call_of(CONTRACT, &[], 0) };
        assert_eq!(session.call(&call).expect_err("it never ends").status, Status::Deadline, "{text}");
        let interrupt = Interrupt::new();
        let terms = Terms { gas_limit: RICH, interrupt: Some(interrupt.clone()), ..Terms::default() };
        let call = zvm::Call { terms, ..call_of(CONTRACT, &[], 0) };
        let status = std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(20));
                interrupt.fire();
            });
            session.call(&call).expect_err("it never ends").status
        });
        assert_eq!(status, Status::Cancelled, "{text}");
        // What may stop it changes no figure.
        let watched = Terms { gas_limit: 10_000_000, interrupt: Some(Interrupt::new()), ..Terms::default() };
        let watched = session.call(&zvm::Call { terms: watched, ..call.clone() }).expect("a kind ledger");
        let plain = session.call(&call_of(CONTRACT, &[], 10_000_000)).expect("a kind ledger");
        assert_eq!(watched, plain, "{text}");
    }
}
