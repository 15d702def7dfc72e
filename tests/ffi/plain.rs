//! n075 to n080 where no contract runs: handles, structs, views, and a session over a host that is
//! read, marked, rolled back and committed. These are the tests that Miri runs (`make miri`).

mod history;
mod journal;

use std::sync::Arc;

use zvm::Status;
use zvm::ffi::call::zvm_call;
use zvm::ffi::error::{zvm_error, zvm_error_free, zvm_error_info, zvm_error_view};
use zvm::ffi::interrupt::*;
use zvm::ffi::runtime::{zvm_runtime_clone, zvm_runtime_free, zvm_runtime_stats, zvm_stats};
use zvm::ffi::session::{zvm_session_call, zvm_session_free, zvm_session_mark};
use zvm::ffi::store::*;
use zvm::ffi::tables::{ZVM_CHANGE_BALANCE, zvm_change};
use zvm::ffi::types::zvm_address;

use crate::support::faults::Fault;
use crate::support::handles::{checked, read};
use crate::support::structs::{call, sized, view};
use crate::support::{Asked, Host, Runtime, Session, address, refused, word};

const NOBODY: [u8; 20] = [9; 20];

fn world() -> (Runtime, Arc<Host>, Session) {
    let (runtime, host) = (Runtime::new(), Host::new());
    host.balance(address(1), word(100));
    host.entry(address(2), b"key", b"value");
    host.entry(address(2), b"long", &[7; 1000]);
    let session = Session::new(&runtime, &host);
    (runtime, host, session)
}

/// A call that moves an amount to an account without code: it halts, unless nothing is there to move.
fn pay(amount: u64) -> zvm_call {
    let mut call = call(NOBODY, b"");
    call.value.bytes = word(amount);
    call
}

#[test]
fn a_session_reads_marks_rolls_back_and_commits() {
    let (_runtime, host, session) = world();
    let keys = [b"key".to_vec(), b"long".to_vec(), b"none".to_vec(), b"key".to_vec(), Vec::new()];
    session.prefetch(address(2), &keys).expect("a prefetch");
    session.prefetch(address(2), &keys).expect("everything is there");
    assert_eq!((host.asked_for(Asked::GetMany), host.asked_for(Asked::Get)), (1, 0));
    let first = session.mark().expect("a mark");
    assert_eq!(session.call(&pay(30)).expect("an outcome").kind, zvm::Kind::NoCode as u32);
    assert_eq!(session.call(&pay(300)).expect("an outcome").kind, zvm::Kind::Balance as u32);
    assert_eq!(session.changes().expect("changes"), []);
    session.rollback(first).expect("a rollback");
    refused(session.rollback(first + 1), Status::Argument);
    session.commit().expect("a commit");
    refused(session.rollback(first), Status::Argument);
    session.reset().expect("a reset");
    assert_eq!(host.inside().commits.len(), 1);
    drop(session);
    assert_eq!(host.releases(), 3);
}

#[test]
fn n079_faults_of_a_read_ahead_leave_the_session_usable() {
    let (_runtime, host, session) = world();
    for asked in [Asked::Account, Asked::GetMany] {
        for fault in Fault::of(asked) {
            let nth = usize::from(asked == Asked::GetMany && host.asked_for(Asked::Account) == 0);
            host.arm(nth, fault);
            let (status, _) = fault.expected();
            refused(session.prefetch(address(2), &[b"key".to_vec()]), status);
        }
        host.disarm();
        if asked == Asked::Account {
            session.prefetch(address(2), &[]).expect("the account is read");
        }
    }
    session.prefetch(address(2), &[b"key".to_vec(), b"long".to_vec()]).expect("a prefetch");
}

#[test]
fn n114_faults_of_a_commit_leave_everything_to_be_tried_again() {
    let (_runtime, host, session) = world();
    for fault in Fault::of(Asked::Commit) {
        host.arm(0, fault);
        refused(session.commit(), fault.expected().0);
    }
    session.commit().expect("a commit");
    assert!(
        host.inside().commits.iter().all(|commit| commit.serial == 1),
        "a failed commit keeps its number"
    );
}

#[test]
fn n080_freed_handles_are_noticed() {
    let (runtime, _host, session) = world();
    let raw = session.0;
    // SAFETY: handles of the library, live or in quarantine.
    unsafe {
        zvm_session_free(raw);
        zvm_session_free(raw);
        refused(read(|result, err| zvm_session_call(raw, &pay(0), result, err)), Status::Handle);
        refused(checked(|err| zvm_session_mark(raw, &mut 0, err)), Status::Handle);
        let other = zvm_runtime_clone(runtime.0);
        zvm_runtime_free(other);
        refused(checked(|err| zvm_runtime_stats(other, &mut sized(), err)), Status::Handle);
        // A handle of another kind.
        refused(checked(|err| zvm_runtime_stats(raw.cast(), &mut sized(), err)), Status::Handle);
        refused(checked(|err| zvm_session_mark(runtime.0.cast(), &mut 0, err)), Status::Handle);
        zvm_runtime_free(std::ptr::null_mut());
        zvm_session_free(std::ptr::null_mut());
        zvm_error_free(std::ptr::null_mut());
    }
}

#[test]
fn n076_struct_sizes_are_negotiated() {
    let (runtime, _host, _session) = world();
    for size in [0, 1, 4, 47, 4097, u32::MAX] {
        let mut stats: zvm_stats = sized();
        stats.struct_size = size;
        // SAFETY: no size that is refused is believed.
        let status = refused(
            checked(|err| unsafe { zvm_runtime_stats(runtime.0, &mut stats, err) }),
            Status::StructSize,
        );
        assert!(status.message.contains("zvm_stats"), "{status:?}");
    }
    #[repr(C)]
    struct Newer {
        stats: zvm_stats,
        more: [u64; 4],
    }
    let mut newer = Newer { stats: sized(), more: [5; 4] };
    newer.stats.struct_size = size_of::<Newer>() as u32;
    // SAFETY: the struct is as large as it says.
    checked(|err| unsafe { zvm_runtime_stats(runtime.0, (&raw mut newer).cast(), err) }).expect("stats");
    assert_eq!(newer.more, [0; 4], "what we know nothing of is zeroed");
}

#[test]
fn n076_an_unknown_tail_of_a_params_struct_must_be_zero() {
    #[repr(C)]
    struct Newer {
        call: zvm_call,
        more: u64,
    }
    let (_runtime, _host, session) = world();
    for (more, status) in [(0, 0), (1, Status::Unsupported as i32)] {
        let mut newer = Newer { call: pay(0), more };
        newer.call.struct_size = size_of::<Newer>() as u32;
        // SAFETY: the struct is as large as it says.
        let done = read(|result, err| unsafe {
            zvm_session_call(session.0, (&raw const newer).cast(), result, err)
        });
        assert_eq!(done.map_or_else(|failure| failure.status, |_| 0), status);
    }
}

#[test]
fn errors_and_tokens_live_as_long_as_their_handles() {
    let mut token = std::ptr::null_mut();
    let mut error: *mut zvm_error = std::ptr::null_mut();
    let (_runtime, _host, session) = world();
    // SAFETY: places for handles, and handles that live until they are freed below.
    unsafe {
        assert_eq!(zvm_interrupt_new(&mut token, std::ptr::null_mut()), 0);
        let other = zvm_interrupt_clone(token);
        zvm_interrupt_free(token);
        zvm_interrupt_fire(other);
        let mut call = pay(0);
        call.interrupt = other;
        assert_eq!(zvm_session_call(session.0, &call, &mut sized(), &mut error), Status::Cancelled as i32);
        let mut seen: zvm_error_view = sized();
        assert_eq!(zvm_error_info(error, &mut seen), 0);
        // The message ends with a NUL that is not counted.
        assert_eq!(*seen.message.ptr.add(seen.message.len), 0);
        zvm_error_free(error);
        zvm_interrupt_reset(other);
        assert_eq!(session.call(&call).expect("an outcome").kind, zvm::Kind::NoCode as u32);
        zvm_interrupt_free(other);
        refused(session.call(&call), Status::Handle);
    }
}

#[test]
#[cfg_attr(miri, ignore = "minutes: the database in an interpreter")]
fn an_embedded_ledger_is_a_host_like_any_other() {
    let (runtime, ..) = world();
    let mut store = std::ptr::null_mut();
    let balance = word(500);
    let change = zvm_change {
        kind: ZVM_CHANGE_BALANCE,
        flags: 0,
        account: zvm_address { bytes: address(1) },
        reserved: 0,
        key: view(&[]),
        value: view(&balance),
    };
    let mut params = sized();
    // SAFETY: places for handles; the change and its value live until the call returns.
    unsafe {
        checked(|err| zvm_store_memory(&mut store, err)).expect("a store");
        checked(|err| zvm_store_apply(store, &change, 1, err)).expect("applied");
        checked(|err| zvm_store_attach(store, &mut params, err)).expect("attached");
        zvm_store_free(store);
    }
    let session = Session::open(&runtime, &params).expect("a session");
    assert_eq!(session.call(&pay(500)).expect("an outcome").kind, zvm::Kind::NoCode as u32);
    assert_eq!(session.call(&pay(501)).expect("an outcome").kind, zvm::Kind::Balance as u32);
    session.prefetch(address(2), &[b"key".to_vec()]).expect("a prefetch");
    session.commit().expect("a commit");
}
