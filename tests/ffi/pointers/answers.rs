//! n060, n058, n059, n065: regions that overlap, long returns, floods of events and of debug lines.

use zvm::crypto::hash::{blake3, keccak256, sha256};
use zvm::{Halt, Kind};

use super::oracle::{END, row};
use super::probe::{PAYLOAD, PLENTY, world};
use crate::support::contracts::{imports, wat};
use crate::support::structs::{call, params_without_hooks};
use crate::support::{Host, Runtime, Session, address};

const P: u64 = PAYLOAD;

#[test]
fn n060_regions_that_overlap_are_copied_in_first() {
    let probes = world();
    let message: Vec<u8> = (0..=255).collect();
    for (name, hash) in
        [("keccak256", keccak256 as fn(&[u8]) -> zvm::Word), ("sha256", sha256), ("blake3", blake3)]
    {
        for out in [P - 31, P, P + 1, P + 200, P + 255, P + 256] {
            let outcome = probes.of(row(name)).with(&[P, 256, out], &message, (out as u32, 32), PLENTY);
            assert_eq!(outcome.data, hash(&message).0, "{name} into {out}");
        }
        let end = u64::from(END) - 32;
        let outcome = probes.of(row(name)).with(&[P, 256, end], &message, (end as u32, 32), PLENTY);
        assert_eq!(outcome.data, hash(&message).0, "{name} into the last bytes of the memory");
    }
}

#[test]
fn n060_an_answer_may_lie_over_the_question_and_over_the_arguments() {
    let probes = world();
    let probe = probes.of(row("storage_read"));
    let own = address(
        100 + zvm::host::table::ROWS.iter().position(|it| it.name == "storage_read").expect("a row") as u8,
    );
    probes.host().entry(own, b"abcd", b"a longer value");
    for out in [P, P + 2, 0] {
        let outcome = probe.with(&[P, 4, out, 100], b"abcd", (out as u32, 14), PLENTY);
        assert_eq!(outcome.kind, Kind::Success as u32);
        if out != 0 {
            assert_eq!(outcome.data, b"a longer value");
        }
    }
    // One byte too short: nothing is written, the full length returned.
    let outcome = probe.with(&[P, 4, P, 13], b"abcd", (P as u32, 4), PLENTY);
    assert_eq!(outcome.data, b"abcd");
    let outcome = probe.with(&[P, 4, P, 13], b"abcd", (1024, 8), PLENTY);
    assert_eq!(outcome.data, 14u64.to_le_bytes());
    // An address in, its balance out over it.
    let outcome = probes.of(row("balance")).with(&[P, P + 4], &own, (P as u32 + 4, 32), PLENTY);
    assert_eq!(outcome.data, crate::support::word(1000));
}

#[test]
fn n060_key_and_value_may_be_the_same_bytes() {
    let code = wat(&format!(
        "(module {} (memory (export \"memory\") 1) (data (i32.const 0) \"0123456789\")
          (func (export \"call\")
            (call $storage_write (i32.const 0) (i32.const 6) (i32.const 3) (i32.const 6))
            (drop (call $storage_read (i32.const 0) (i32.const 6) (i32.const 1) (i32.const 6)))
            (call $set_output (i32.const 0) (i32.const 10))))",
        imports(&["storage_write", "storage_read", "set_output"])
    ));
    let (runtime, host) = (Runtime::new(), Host::new());
    host.contract(address(2), &code);
    let outcome = Session::new(&runtime, &host).call(&call(address(2), b"")).expect("an outcome");
    assert_eq!(outcome.data, b"0345678789");
}

/// Returns as many bytes as its input says; `fail` makes it revert with them.
const ECHO: &str = "(memory (export \"memory\") 33)
    (func (export \"call\")
      (call $input_copy (i32.const 0) (i32.const 0) (i32.const 4))
      (call $set_output (i32.const 0) (i32.load (i32.const 0))))
    (func (export \"fail\")
      (call $input_copy (i32.const 0) (i32.const 0) (i32.const 4))
      (call $revert (i32.const 0) (i32.load (i32.const 0))))";

/// Calls the contract of address 2 with its own input, and returns what came back: the code, the
/// size, and gas before and after a copy of everything.
const CALLER: &str = "(memory (export \"memory\") 33) (data (i32.const 119) \"\\02\")
    (func (export \"call\")
      (call $input_copy (i32.const 0) (i32.const 0) (i32.const 4))
      (i32.store (i32.const 200) (call $call (i32.const 100) (i32.const 160) (i32.const 0) (i32.const 4) (i64.const 10000000)))
      (i32.store (i32.const 204) (call $return_size))
      (i64.store (i32.const 208) (call $gas_left))
      (call $return_copy (i32.const 4096) (i32.const 0) (i32.load (i32.const 204)))
      (i64.store (i32.const 216) (call $gas_left))
      (call $set_output (i32.const 200) (i32.const 24)))
    (func (export \"beyond\")
      (call $input_copy (i32.const 0) (i32.const 0) (i32.const 4))
      (drop (call $call (i32.const 100) (i32.const 160) (i32.const 0) (i32.const 4) (i64.const 10000000)))
      (call $return_copy (i32.const 4096) (i32.const 1) (call $return_size)))";

#[test]
fn n058_a_callee_returns_what_the_limit_allows_and_the_caller_pays_for_its_copy() {
    let (runtime, host) = (Runtime::new(), Host::new());
    let echo = imports(&["input_copy", "set_output", "revert"]);
    let caller = imports(&["input_copy", "set_output", "call", "return_size", "return_copy", "gas_left"]);
    host.contract(address(2), &wat(&format!("(module {echo} {ECHO})")));
    host.contract(address(3), &wat(&format!("(module {caller} {CALLER})")));
    let session = Session::new(&runtime, &host);
    let number = |bytes: &[u8], at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("8 bytes"));
    let mut paid = Vec::new();
    for (len, code, size) in
        [(0, 0, 0), (65535, 0, 65535), (65536, 0, 65536), (65537, 2, 0), (1 << 30, 2, 0), (u32::MAX, 2, 0)]
    {
        let outcome = session.query(&call(address(3), &u32::to_le_bytes(len))).expect("an outcome");
        assert_eq!(outcome.kind, 0, "{len}: {outcome:?}");
        assert_eq!(number(&outcome.data, 0), code | size << 32, "{len}");
        paid.push(number(&outcome.data, 8) - number(&outcome.data, 16));
    }
    assert_eq!(paid[2] - paid[1], 1, "one byte more costs one more");
    assert_eq!(paid[1] - paid[0], 65535);
    let mut beyond = call(address(3), &[4, 0, 0, 0]);
    beyond.entry = crate::support::structs::view(b"beyond");
    assert_eq!(session.query(&beyond).expect("an outcome").halt, Halt::BadInput as u32);
    let mut fail = call(address(2), &[0, 16, 0, 0]);
    fail.entry = crate::support::structs::view(b"fail");
    assert_eq!(session.query(&fail).expect("an outcome").data.len(), 4096);
    let long = [1, 16, 0, 0];
    fail.input = crate::support::structs::view(&long);
    assert_eq!(session.query(&fail).expect("an outcome").halt, Halt::TooLong as u32);
}

/// Emits `count` events of `len` bytes with `topics` topics; `flood` without an end.
fn emitter(count: u32, len: u32, topics: u32) -> Vec<u8> {
    wat(&format!(
        "(module {} (memory (export \"memory\") 2) (global $left (mut i32) (i32.const {count}))
          (func $emit_all (loop $again
            (call $emit (i32.const 0) (i32.const {topics}) (i32.const 0) (i32.const {len}))
            (global.set $left (i32.sub (global.get $left) (i32.const 1)))
            (br_if $again (global.get $left))))
          (func (export \"call\") (call $emit_all))
          (func (export \"fail\") (call $emit_all) (call $revert (i32.const 0) (i32.const 0))))",
        imports(&["emit", "revert"])
    ))
}

#[test]
fn n059_events_have_a_number_a_size_and_a_sum() {
    let (runtime, host) = (Runtime::new(), Host::new());
    let cases = [
        (emitter(128, 0, 4), 128, 0),
        (emitter(129, 0, 0), 0, Halt::EventLimit as u32),
        (emitter(1_000_000, 0, 0), 0, Halt::EventLimit as u32),
        (emitter(1, 8192, 4), 1, 0),
        (emitter(1, 8193, 0), 0, Halt::TooLong as u32),
        (emitter(8, 8192, 0), 8, 0),
        (emitter(9, 8192, 0), 0, Halt::EventLimit as u32),
        (emitter(1, 0, 5), 0, Halt::TooLong as u32),
        (emitter(1, 0, 1 << 27), 0, Halt::TooLong as u32),
    ];
    for (nth, (code, ..)) in cases.iter().enumerate() {
        host.contract(address(10 + nth as u8), code);
    }
    let session = Session::new(&runtime, &host);
    for (nth, (_, events, halt)) in cases.iter().enumerate() {
        let target = address(10 + nth as u8);
        let outcome = session.call(&call(target, b"")).expect("an outcome");
        assert_eq!((outcome.logs.len(), outcome.halt), (*events, *halt), "case {nth}");
        let mut failing = call(target, b"");
        failing.entry = crate::support::structs::view(b"fail");
        assert!(session.call(&failing).expect("an outcome").logs.is_empty(), "none after a revert");
        let mut fixed = call(target, b"");
        fixed.flags = zvm::ffi::call::ZVM_CALL_STATIC;
        assert_eq!(session.call(&fixed).expect("an outcome").halt, Halt::StaticWrite as u32);
    }
    session.commit().expect("a commit");
    let kept: usize = cases.iter().map(|(_, events, _)| events).sum();
    assert_eq!(host.inside().commits[0].logs.len(), kept);
}

#[test]
fn n065_debug_lines_are_cut_escaped_and_no_part_of_the_result() {
    let code = |len: u32, times: u32, text: &str| {
        wat(&format!(
            "(module {} (memory (export \"memory\") 4) (global $left (mut i32) (i32.const {times}))
              (data (i32.const 0) \"{text}\")
              (func (export \"call\") (loop $again
                (call $debug_log (i32.const 0) (i32.const {len}))
                (global.set $left (i32.sub (global.get $left) (i32.const 1)))
                (br_if $again (global.get $left)))))",
            imports(&["debug_log"])
        ))
    };
    let (runtime, host) = (Runtime::new(), Host::new());
    host.contract(address(2), &code(12, 1, "\\1b[31mred\\00\\ff\\0a!"));
    host.contract(address(3), &code(131_072, 3, "x"));
    host.contract(address(4), &code(131_073, 1, "x"));
    host.contract(address(5), &code(1, 1_000_000, "x"));
    let session = Session::new(&runtime, &host);
    session.call(&call(address(2), b"")).expect("an outcome");
    let line = host.inside().lines.pop().expect("a line");
    assert_eq!(line, "\\u{1b}[31mred\\0\u{fffd}\\n!");
    assert_eq!(session.call(&call(address(4), b"")).expect("an outcome").halt, Halt::TooLong as u32);
    session.call(&call(address(3), b"")).expect("an outcome");
    let lines = std::mem::take(&mut host.inside().lines);
    assert_eq!(lines.len(), 3);
    // Cut to 2048 bytes, of which the zeros take two letters each.
    assert_eq!(lines[0].len(), 1 + 2 * 2047);
    let mut many = call(address(5), b"");
    many.gas_limit = 10_000_000_000;
    let outcome = session.call(&many).expect("an outcome");
    assert_eq!(outcome.kind, 0);
    assert_eq!(host.inside().lines.len(), 16 << 10, "what is over the sum is dropped");
    // The same without anybody who listens.
    let silent = Session::open(&runtime, &params_without_hooks(&host)).expect("a session");
    let alone = silent.call(&many).expect("an outcome");
    assert_eq!(alone, outcome);
}
