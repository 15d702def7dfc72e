//! Calls that come back up: the query hook calls contracts, below the one that asks, and the admit
//! hook has its say wherever code becomes a contract. n049, n052, n053, n063, n069, n080, n081, n085.

mod admission;
mod contained;

use std::sync::{Arc, Mutex};

use zvm::ffi::call::{ZVM_CALL_STATIC, zvm_call};
use zvm::ffi::frame::{zvm_frame, zvm_frame_call, zvm_frame_info, zvm_frame_view};
use zvm::ffi::session::{zvm_session_call, zvm_session_commit, zvm_session_free, zvm_session_mark};
use zvm::ffi::tables::{ZVM_CB_DONE, ZVM_CB_FAIL, zvm_query_op};
use zvm::{Halt, Kind, Status};

use crate::support::callbacks::put;
use crate::support::contracts::{imports, wat};
use crate::support::faults::Fault;
use crate::support::handles::{checked, read};
use crate::support::structs::{call, sized, view};
use crate::support::{Failure, Host, Outcome, Runtime, Session, address, refused, word};

/// Writes, asks, writes again, and returns the answer and what `query` said of it.
fn asking() -> Vec<u8> {
    wat(&format!(
        "(module {} (memory (export \"memory\") 1) (data (i32.const 0) \"beforeafter\")
          (func (export \"call\")
            (call $storage_write (i32.const 0) (i32.const 6) (i32.const 0) (i32.const 6))
            (i32.store (i32.const 100)
              (call $query (i32.const 5) (i32.const 0) (i32.const 0) (i32.const 104) (i32.const 60)))
            (call $storage_write (i32.const 6) (i32.const 5) (i32.const 6) (i32.const 5))
            (call $set_output (i32.const 100) (i32.const 64)))
          (func (export \"ask\")
            (i32.store (i32.const 100)
              (call $query (i32.const 5) (i32.const 0) (i32.const 0) (i32.const 104) (i32.const 60)))
            (call $set_output (i32.const 100) (i32.const 64))))",
        imports(&["storage_write", "query", "set_output"])
    ))
}

/// `call` writes and returns its caller; the others fail after a write, each in its way.
fn below() -> Vec<u8> {
    let write = "(call $storage_write (i32.const 0) (i32.const 2) (i32.const 0) (i32.const 2))
                 (call $emit (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 2))";
    wat(&format!(
        "(module {} (memory (export \"memory\") 1) (data (i32.const 0) \"below\")
          (func (export \"call\") {write} (call $caller (i32.const 64)) (call $set_output (i32.const 64) (i32.const 20)))
          (func (export \"revert\") {write} (call $revert (i32.const 0) (i32.const 5)))
          (func (export \"trap\") {write} unreachable)
          (func (export \"read\") {write}
            (drop (call $storage_read (i32.const 2) (i32.const 3) (i32.const 64) (i32.const 8)))))",
        imports(&["storage_write", "storage_read", "emit", "caller", "set_output", "revert"])
    ))
}

/// The most gas any call may have.
const MOST_GAS: u64 = 1_000_000_000_000_000;
const ASKING: u8 = 2;
const BELOW: u8 = 3;

fn world() -> (Runtime, Arc<Host>, Session) {
    let (runtime, host) = (Runtime::new(), Host::new());
    host.contract(address(ASKING), &asking());
    host.contract(address(BELOW), &below());
    host.balance(address(ASKING), word(100));
    let session = Session::new(&runtime, &host);
    (runtime, host, session)
}

/// Calls a contract from inside a callback.
fn frame_call(frame: *mut zvm_frame, call: &zvm_call) -> Result<Outcome, Failure> {
    // SAFETY: the frame is a running callback's, or was: then its tag says so.
    read(|result, err| unsafe { zvm_frame_call(frame, call, result, err) })
}

/// Answers questions with this.
fn answer_with(host: &Host, hook: impl Fn(&mut zvm_query_op) -> i32 + Send + Sync + 'static) {
    host.inside().query = Some(Arc::new(hook));
}

/// Keys the host would get.
fn keys(session: &Session) -> Vec<(u8, Vec<u8>)> {
    let changes = session.changes().expect("changes");
    changes.into_iter().map(|change| (change.account[19], change.key)).collect()
}

#[test]
fn a_query_calls_a_contract_in_the_same_overlay() {
    let (_runtime, host, session) = world();
    answer_with(&host, |op| {
        let outcome = frame_call(op.op.frame, &call(address(BELOW), b"")).expect("an outcome");
        assert_eq!(outcome.kind, 0);
        put(&mut op.answer, &outcome.data)
    });
    let outcome = session.call(&call(address(ASKING), b"")).expect("an outcome");
    assert_eq!(outcome.data[..4], 20i32.to_le_bytes());
    assert_eq!(outcome.data[4..24], address(ASKING), "whoever asks is the caller, whatever the host says");
    assert_eq!(outcome.logs.len(), 1, "events below are of the one transaction");
    let expected = [(ASKING, b"after".to_vec()), (ASKING, b"before".to_vec()), (BELOW, b"be".to_vec())];
    assert_eq!(keys(&session), expected);
    assert_eq!(outcome.depth, 2);
}

#[test]
fn n053_a_nested_call_gets_at_most_what_is_forwardable_and_its_gas_is_paid_by_the_asker() {
    let (_runtime, host, session) = world();
    let cheap = session.query(&call(address(ASKING), b"")).expect("an outcome").gas_used;
    let seen = Arc::new(Mutex::new(Vec::new()));
    for limit in [0, 1000, 30_000, MOST_GAS] {
        let seen_below = Arc::clone(&seen);
        answer_with(&host, move |op| {
            let mut call = call(address(BELOW), b"");
            call.gas_limit = limit;
            let before = op.op.gas_left;
            let outcome = frame_call(op.op.frame, &call).expect("an outcome");
            seen_below.lock().expect("a lock").push((before, outcome.gas_used, outcome.gas_left));
            ZVM_CB_DONE
        });
        let outcome = session.query(&call(address(ASKING), b"")).expect("an outcome");
        let (before, used, left) = seen.lock().expect("a lock").pop().expect("it was asked");
        assert_eq!(used + left, limit.min(before - before / 64), "limit {limit}");
        assert_eq!(outcome.gas_used, cheap + used, "limit {limit}");
    }
}

#[test]
fn a_nested_failure_takes_its_own_writes_back_and_no_others() {
    let (_runtime, host, session) = world();
    for (entry, kind) in
        [("revert", Kind::Revert), ("trap", Kind::Trap), ("nothing", Kind::NoEntry), ("init", Kind::NoEntry)]
    {
        answer_with(&host, move |op| {
            let mut call = call(address(BELOW), b"");
            call.entry = view(entry.as_bytes());
            assert_eq!(frame_call(op.op.frame, &call).expect("an outcome").kind, kind as u32);
            ZVM_CB_DONE
        });
        let outcome = session.call(&call(address(ASKING), b"")).expect("an outcome");
        assert_eq!((outcome.kind, outcome.logs.len()), (0, 0), "{entry}");
        assert_eq!(keys(&session), [(ASKING, b"after".to_vec()), (ASKING, b"before".to_vec())], "{entry}");
    }
}

#[test]
fn n069_a_broken_host_below_a_query_ends_the_call_whatever_the_hook_says() {
    for answer in [ZVM_CB_FAIL, ZVM_CB_DONE] {
        let (_runtime, host, session) = world();
        let shared = Arc::clone(&host);
        answer_with(&host, move |op| {
            let mut call = call(address(BELOW), b"");
            call.entry = view(b"read");
            // The account and the code of the callee, the two keys it writes and reads: the last fails.
            shared.arm(3, Fault::Returns(-9));
            let failure = refused(frame_call(op.op.frame, &call), Status::Host);
            assert_eq!((failure.host_code, failure.depth, failure.contract), (-9, 2, address(BELOW)));
            // A second call that succeeds does not make good for it.
            let _ = frame_call(op.op.frame, &self::call(address(BELOW), b""));
            answer
        });
        let ended = session.call(&call(address(ASKING), b""));
        refused(ended, Status::Host);
        assert_eq!(keys(&session), [], "nothing of it remains");
        host.inside().query = None;
        assert_eq!(session.call(&call(address(ASKING), b"")).expect("an outcome").kind, 0);
    }
}

#[test]
fn n052_n063_queries_nest_to_the_depth_limit() {
    let (_runtime, host, session) = world();
    let depths = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&depths);
    answer_with(&host, move |op| {
        seen.lock().expect("a lock").push(op.op.depth);
        let outcome = frame_call(op.op.frame, &call(address(ASKING), b"")).expect("an outcome");
        let expected = if op.op.depth == 64 { Halt::CallDepth as u32 } else { 0 };
        assert_eq!(outcome.halt, expected, "at depth {}", op.op.depth);
        ZVM_CB_DONE
    });
    let mut deep = call(address(ASKING), b"");
    deep.gas_limit = 1_000_000_000;
    let outcome = session.call(&deep).expect("an outcome");
    assert_eq!((outcome.kind, outcome.depth), (0, 64));
    assert_eq!(*depths.lock().expect("a lock"), (1..=64).collect::<Vec<u32>>());
}

#[test]
fn n049_below_a_static_frame_nothing_writes() {
    let (_runtime, host, session) = world();
    answer_with(&host, |op| {
        let mut call = call(address(BELOW), b"");
        assert_eq!(frame_call(op.op.frame, &call).expect("an outcome").halt, Halt::StaticWrite as u32);
        call.value.bytes = word(1);
        assert_eq!(frame_call(op.op.frame, &call).expect("an outcome").halt, Halt::StaticWrite as u32);
        ZVM_CB_DONE
    });
    let mut fixed = call(address(ASKING), b"");
    (fixed.flags, fixed.entry) = (ZVM_CALL_STATIC, view(b"ask"));
    assert_eq!(session.call(&fixed).expect("an outcome").kind, 0);
    assert_eq!(keys(&session), []);
}

#[test]
fn a_nested_call_obeys_the_limits_of_one_from_outside() {
    let (_runtime, host, session) = world();
    answer_with(&host, |op| {
        let long = vec![0; (128 << 10) + 1];
        refused(frame_call(op.op.frame, &call(address(BELOW), &long)), Status::Limit);
        let mut rich = call(address(BELOW), b"");
        rich.gas_limit = MOST_GAS + 1;
        refused(frame_call(op.op.frame, &rich), Status::Limit);
        let mut flagged = call(address(BELOW), b"");
        flagged.flags = 1 << 31;
        refused(frame_call(op.op.frame, &flagged), Status::Flags);
        let mut poor = call(address(BELOW), b"");
        poor.value.bytes = word(101);
        assert_eq!(
            frame_call(op.op.frame, &poor).expect("an outcome").halt,
            Halt::InsufficientBalance as u32
        );
        ZVM_CB_DONE
    });
    assert_eq!(session.call(&call(address(ASKING), b"")).expect("an outcome").kind, 0);
}

#[test]
fn n080_a_frame_ends_with_its_callback() {
    let (_runtime, host, session) = world();
    let kept = Arc::new(Mutex::new(0usize));
    let keeper = Arc::clone(&kept);
    answer_with(&host, move |op| {
        *keeper.lock().expect("a lock") = op.op.frame.expose_provenance();
        let mut seen: zvm_frame_view = sized();
        // SAFETY: the running callback's frame.
        checked(|err| unsafe { zvm_frame_info(op.op.frame, &mut seen, err) }).expect("info");
        assert_eq!((seen.depth, seen.contract.bytes, seen.cancelled), (1, address(ASKING), 0));
        ZVM_CB_DONE
    });
    session.call(&call(address(ASKING), b"")).expect("an outcome");
    let stale: *mut zvm_frame = std::ptr::with_exposed_provenance_mut(*kept.lock().expect("a lock"));
    refused(frame_call(stale, &call(address(BELOW), b"")), Status::Handle);
    // SAFETY: a frame whose callback has returned: its tag is gone, its shell in quarantine.
    refused(checked(|err| unsafe { zvm_frame_info(stale, &mut sized(), err) }), Status::Handle);
    refused(frame_call(std::ptr::null_mut(), &call(address(BELOW), b"")), Status::Null);
}

#[test]
fn n081_a_callback_finds_its_own_session_busy_and_others_open() {
    let (runtime, host, session) = world();
    let own = session.0.expose_provenance();
    let other_host = Host::new();
    other_host.contract(address(BELOW), &below());
    let other = Mutex::new(Session::new(&runtime, &other_host));
    answer_with(&host, move |op| {
        let own = std::ptr::with_exposed_provenance_mut(own);
        // SAFETY: a live session, from inside a callback of its own.
        unsafe {
            refused(
                read(|result, err| zvm_session_call(own, &call(address(BELOW), b""), result, err)),
                Status::Busy,
            );
            refused(checked(|err| zvm_session_commit(own, err)), Status::Busy);
            refused(checked(|err| zvm_session_mark(own, &mut 0, err)), Status::Busy);
        }
        let other = other.lock().expect("a lock");
        assert_eq!(other.call(&call(address(BELOW), b"")).expect("an outcome").kind, 0);
        // Its frame still is the outer one's.
        assert_eq!(frame_call(op.op.frame, &call(address(BELOW), b"")).expect("an outcome").kind, 0);
        put(&mut op.answer, b"done")
    });
    let outcome = session.call(&call(address(ASKING), b"")).expect("an outcome");
    assert_eq!(outcome.data[..8], [4, 0, 0, 0, b'd', b'o', b'n', b'e']);
    host.inside().query = None;
}

#[test]
fn n080_n081_a_session_freed_in_its_own_callback_ends_when_the_call_does() {
    let (_runtime, host, session) = world();
    let own = session.0.expose_provenance();
    let shared = Arc::clone(&host);
    answer_with(&host, move |op| {
        // SAFETY: a live session, given up from inside a callback of its own.
        unsafe { zvm_session_free(std::ptr::with_exposed_provenance_mut(own)) };
        assert_eq!(shared.releases(), 0, "still in use");
        put(&mut op.answer, b"done")
    });
    let outcome = session.call(&call(address(ASKING), b"")).expect("an outcome");
    assert_eq!(outcome.kind, 0);
    assert_eq!(host.releases(), 3);
    refused(session.call(&call(address(ASKING), b"")), Status::Handle);
    host.inside().query = None;
}
