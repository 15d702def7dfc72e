//! Frames that may only read, and code that runs as somebody else.

use zvm::{EngineKind, Halt, Word};

use crate::scenario::Scenario;
use crate::script::{Script, absent, found, int, results, script};
use crate::verbs::*;
use crate::{address, contracts};

pub(super) fn stories() -> Vec<Scenario> {
    vec![
        static_writes(),
        static_reads(),
        static_below(),
        static_from_outside(),
        delegate(),
        delegate_in_delegate(),
        delegate_fails(),
        delegate_static(),
        delegate_refused(),
    ]
}

/// Everything that writes, each as a script of its own.
fn writes() -> [Script; 8] {
    let code = contracts::code("quiet");
    [
        script().write(b"k", b"v"),
        script().delete(b"absent"),
        script().transient_write(b"k", b"v"),
        script().transfer(C, 1),
        script().transfer(C, 0),
        script().emit(&[], b""),
        script().create(&code, b"", 0),
        script().call_with(C, 1, b"", u64::MAX),
    ]
}

/// #49: every write, directly below a static call.
fn static_writes() -> Scenario {
    let all = writes().into_iter().fold(script(), |script, write| script.static_call(B, &write.end()));
    Scenario::new("static", "#49: whatever writes is a halt in a frame that may only read, even of nothing.")
        .contract(A, "script")
        .contract(B, "script")
        .contract(C, "quiet")
        .balance(B, 10)
        .step(does(all), success(int(2).repeat(8)))
        // The same frame, called otherwise, may write.
        .step(does(script().call(B, &script().write(b"k", b"v").end())), success(int(0)))
        .changes([now::set(B, b"k", b"v")])
}

fn static_reads() -> Scenario {
    let reads = script()
        .caller()
        .value()
        .read(b"k", 1)
        .next(b"", 1)
        .transient_read(b"k", 1)
        .self_balance()
        .call_with(C, 0, b"", u64::MAX)
        .static_call(C, b"")
        .delegate_call(B, b"")
        .end();
    let told = results(&[
        &A.0,
        &[0; 32],
        &found(b"v", 1),
        &found(b"k", 1),
        &absent(1),
        &Word::from(10).0,
        &int(0),
        &int(0),
        &int(0),
    ]);
    Scenario::new("static-reads", "A frame that may only read reads everything, and calls who does the same.")
        .contract(A, "script")
        .contract(B, "script")
        .contract(C, "quiet")
        .balance(B, 10)
        .stored(B, b"k", b"v")
        .step(
            does(script().static_call(B, &reads).return_copy(0, told.len() as u32)),
            success([&int(0)[..], &told].concat()),
        )
}

/// #49: a static call, then ordinary and delegate calls, then the write.
fn static_below() -> Scenario {
    let below = |write: Script| {
        let third = script().delegate_call(D, &write.end()).end();
        let second = script().call(C, &third).return_copy(0, 4).end();
        script().static_call(B, &second).return_copy(0, 8)
    };
    let told = results(&[&int(0), &int(0), &int(2)]);
    let scenario = [A, B, C, D].into_iter().fold(
        Scenario::new(
            "static-below",
            "#49: nothing below a static call may write, at any depth and by any way.",
        ),
        |scenario, at| scenario.contract(at, "script").balance(at, 10),
    );
    writes()
        .into_iter()
        .fold(scenario, |scenario, write| scenario.step(does(below(write)), success(told.clone())))
}

fn static_from_outside() -> Scenario {
    let write = script().write(b"k", b"v").end();
    Scenario::new("static-outside", "A call from outside may be static too.")
        .contract(A, "script")
        .balance(USER, 10)
        .stored(A, b"k", b"old")
        .step(static_call(A).input(script().read(b"k", 3).end()), success(found(b"old", 3)))
        .step(static_call(A).input(write.clone()), halt(Halt::StaticWrite))
        .step(static_call(A).input(script().call(A, &write).end()), success(int(2)))
        .step(static_call(A).value(1), halt(Halt::StaticWrite))
        .step(static_call(A).value(11), halt(Halt::StaticWrite))
        .step(static_call(STRANGER), halt(Halt::NoCode))
        .step(call(A).input(write), success([]))
        .changes([now::set(A, b"k", b"v")])
}

/// #48: writes land in the caller's storage; itself, caller and value are the caller's.
fn delegate() -> Scenario {
    let inner = script()
        .caller()
        .self_address()
        .value()
        .self_balance()
        .read(b"k", 3)
        .write(b"k", b"new")
        .transient_write(b"t", b"t")
        .transfer(C, 1)
        .emit(&[], b"as A")
        .end();
    let told = results(&[&USER.0, &A.0, &Word::from(4).0, &Word::from(14).0, &found(b"old", 3), &int(0)]);
    let outer = script()
        .delegate_call(B, &inner)
        .return_copy(0, told.len() as u32)
        .read(b"k", 3)
        .transient_read(b"t", 1);
    Scenario::new(
        "delegate",
        "#48: delegated code acts as its caller: storage, balance, address, value and events.",
    )
    .contract(A, "script")
    .contract(B, "script")
    .balance(USER, 4)
    .balance(A, 10)
    .balance(B, 100)
    .stored(A, b"k", b"old")
    .stored(B, b"k", b"other")
    .step(
        does(outer).value(4),
        success([&int(0)[..], &told, &found(b"new", 3), &found(b"t", 1)].concat()).log(A, &[], b"as A"),
    )
    .changes([now::balance(USER, 0), now::balance(A, 13), now::balance(C, 1), now::set(A, b"k", b"new")])
}

fn delegate_in_delegate() -> Scenario {
    // Contracts that delegated code calls see its caller; what it creates is the caller's too.
    let code = contracts::code("quiet");
    let who = script().caller().end();
    let innermost =
        script().self_address().caller().call(D, &who).return_copy(0, 20).create(&code, b"", 0).end();
    let middle = script().delegate_call(C, &innermost).return_copy(0, 88).end();
    let created = address::create(A, 1);
    let scenario =
        Scenario::new("delegate-twice", "A delegate's delegate acts for the first caller, outwards as well.");
    [A, B, C, D]
        .into_iter()
        .fold(scenario, |scenario, at| scenario.contract(at, "script"))
        .step(does(script().delegate_call(B, &middle).return_copy(0, 92)), {
            let told = results(&[&A.0, &USER.0, &int(0), &A.0, &int(0), &created.0]);
            success([&int(0)[..], &int(0), &told].concat())
        })
        .changes([now::nonce(A, 2), now::nonce(created, 1), now::code(created, "quiet")])
}

fn delegate_fails() -> Scenario {
    let write = || script().write(b"k", b"new").transfer(C, 1).emit(&[], b"e");
    let outer = |inner: Vec<u8>| does(script().delegate_call(B, &inner).read(b"k", 3).self_balance());
    let told = |code: i32| success(results(&[&int(code), &found(b"old", 3), &Word::from(10).0]));
    Scenario::new(
        "delegate-fails",
        "What delegated code did is taken back when it fails, and its caller goes on.",
    )
    .contract(A, "script")
    .contract(B, "script")
    .balance(A, 10)
    .stored(A, b"k", b"old")
    .step(outer(write().revert(b"")), told(1))
    .step(outer(write().trap()), told(2))
    .step(
        does(script().delegate_call(B, &write().revert(b"why")).return_copy(0, 3)),
        success([&int(1)[..], b"why"].concat()),
    )
}

fn delegate_static() -> Scenario {
    let write = script().write(b"k", b"v").end();
    let read = script().read(b"k", 1).end();
    let inside =
        |inner: &[u8]| script().static_call(A, &script().delegate_call(B, inner).end()).return_copy(0, 4);
    Scenario::new("delegate-static", "Delegated code may write no more than the frame it runs for.")
        .contract(A, "script")
        .contract(B, "script")
        .step(does(inside(&write)), success([int(0), int(2)].concat()))
        .step(does(inside(&read)), success([int(0), int(0)].concat()))
}

/// #48: code of another engine, and no code at all.
fn delegate_refused() -> Scenario {
    Scenario::new("delegate-refused", "Delegate calls reach code of the same engine and nothing else.")
        .contract(A, "script")
        .contract(B, "quiet")
        .account(B, |holding| holding.engine = Some(EngineKind::Evm))
        .balance(C, 1)
        .step(does(script().delegate_call(B, b"").return_size()), success([int(2), int(0)].concat()))
        .step(does(script().delegate_call(C, b"")), success(int(2)))
        .step(does(script().delegate_call(STRANGER, b"")), success(int(2)))
        .step(does(script().delegate_call(A, &script().write(b"k", b"v").end())), success(int(0)))
        .changes([now::set(A, b"k", b"v")])
}
