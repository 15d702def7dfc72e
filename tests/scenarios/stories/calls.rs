//! Contracts that call contracts: results, rollback, depth, re-entrance.

use zvm::{Halt, Word};

use crate::scenario::Scenario;
use crate::script::Scalar::I32;
use crate::script::number::SET_OUTPUT;
use crate::script::{absent, found, int, results, script};
use crate::verbs::*;
use crate::{address, contracts};

pub(super) fn stories() -> Vec<Scenario> {
    vec![
        outcomes(),
        windows(),
        large_returns(),
        inner_failure(),
        middle_failure(),
        a_thousand_effects(),
        reentrance(),
        default_depth(),
        depth_by_each_way(),
    ]
}

fn outcomes() -> Scenario {
    let asks = |input: Vec<u8>| script().call(B, &input).return_size();
    Scenario::new(
        "call",
        "A callee's success is 0, its revert 1, anything that stops it 2; data come with the first two.",
    )
    .contract(A, "script")
    .contract(B, "script")
    .step(
        does(asks(script().output(b"good").stop(0)).return_copy(0, 4)),
        success(results(&[&int(0), &int(4), b"good"])),
    )
    .step(
        does(asks(script().revert(b"bad")).return_copy(0, 3)),
        success(results(&[&int(1), &int(3), b"bad"])),
    )
    .step(
        does(asks(script().stop(5)).return_copy(0, 4)),
        success(results(&[&int(1), &int(4), &[0, 0, 0, 5]])),
    )
    .step(does(asks(script().output(b"lost").trap())), success([int(2), int(0)].concat()))
    .step(does(asks(Vec::new())), success([int(0), int(0)].concat()))
    .step(does(script().call(STRANGER, b"")), success(int(2)))
    // The outer contract decides what becomes of it.
    .step(call(A).input(script().call(B, &script().trap()).revert_results()), revert(int(2)))
    .step(call(A).input(script().call(B, &script().write(b"k", b"v").end()).stop(3)), revert([0, 0, 0, 3]))
    .step(does(asks(script().write(b"k", b"v").end())), success([int(0), int(0)].concat()))
    .changes([now::set(B, b"k", b"v")])
}

fn windows() -> Scenario {
    let four = script().output(b"four").stop(0);
    let asks = || script().call(B, &four);
    Scenario::new(
        "return-windows",
        "Any part of what the last callee returned can be copied; beyond its end is a halt.",
    )
    .contract(A, "script")
    .contract(B, "script")
    .step(does(script().return_size().return_copy(0, 0)), success(int(0)))
    .step(does(script().return_copy(0, 1)), halt(Halt::BadInput))
    .step(
        does(asks().return_copy(0, 4).return_copy(1, 2).return_copy(4, 0)),
        success(results(&[&int(0), b"four", b"ou"])),
    )
    .step(does(asks().return_copy(0, 5)), halt(Halt::BadInput))
    .step(does(asks().return_copy(4, 1)), halt(Halt::BadInput))
    .step(does(asks().return_copy(5, 0)), halt(Halt::BadInput))
    .step(does(asks().return_copy(u32::MAX, 2)), halt(Halt::BadInput))
    // The last call counts, whatever came of it.
    .step(does(asks().call(B, &script().trap()).return_size()), success([int(0), int(2), int(0)].concat()))
    .step(does(asks().call(STRANGER, b"").return_size()), success([int(0), int(2), int(0)].concat()))
}

/// #58: a callee returns as much as it may, and one byte more.
fn large_returns() -> Scenario {
    let returns = |len: u32| script().op(SET_OUTPUT, &[I32(0), I32(len)]).stop(0);
    let asks = |len: u32| script().call(B, &returns(len)).return_size().return_copy(0, 2);
    Scenario::new("return-large", "A callee returns up to 64 KiB; its caller pays for what it copies.")
        .contract(A, "script")
        .contract(B, "script")
        .step(does(asks(65_535)), success(results(&[&int(0), &int(65_535), &[0, 0]])))
        .step(does(asks(65_536)), success(results(&[&int(0), &int(65_536), &[0, 0]])))
        .step(does(script().call(B, &returns(65_537)).return_size()), success([int(2), int(0)].concat()))
        .step(does(script().call(B, &returns(1 << 30)).return_size()), success([int(2), int(0)].concat()))
}

/// #46: A, B, A write one key at three levels; the innermost fails.
fn inner_failure() -> Scenario {
    let innermost = script().write(b"k", b"A again").transfer(C, 1).emit(&[], b"3").revert(b"");
    let middle =
        script().write(b"k", b"B").transfer(C, 1).emit(&[], b"2").call(A, &innermost).read(b"k", 7).end();
    let outer = script().write(b"k", b"A").emit(&[], b"1").call(B, &middle).return_copy(0, 19).read(b"k", 7);
    Scenario::new(
        "rollback-inner",
        "#46: the innermost of three levels fails; only what it did is taken back.",
    )
    .contract(A, "script")
    .contract(B, "script")
    .balance(A, 10)
    .balance(B, 10)
    .step(does(outer), {
        let end = success(results(&[&int(0), &int(0), &int(1), &found(b"B", 7), &found(b"A", 7)]));
        end.log(A, &[], b"1").log(B, &[], b"2")
    })
    .changes([now::set(A, b"k", b"A"), now::set(B, b"k", b"B"), now::balance(B, 9), now::balance(C, 1)])
}

/// #46: the innermost succeeds, and then the one that called it fails.
fn middle_failure() -> Scenario {
    let code = contracts::code("quiet");
    let innermost = script().write(b"k", b"A again").write(b"new", b"x").transfer(C, 1).emit(&[], b"3").end();
    let middle = script().create(&code, b"", 0).write(b"k", b"B").emit(&[], b"2").call(A, &innermost).trap();
    let outer = script()
        .write(b"k", b"A")
        .delete(b"old")
        .emit(&[], b"1")
        .call(B, &middle)
        .read(b"k", 7)
        .read(b"new", 1)
        .balance(C)
        .self_balance();
    Scenario::new(
        "rollback-middle",
        "#46: what a failed contract's callees did is taken back with it, nonces included.",
    )
    .contract(A, "script")
    .contract(B, "script")
    .balance(A, 10)
    .stored(A, b"old", b"")
    .step(does(outer), {
        let balances = [Word::ZERO.0, Word::from(10).0].concat();
        let end = success(results(&[&int(1), &int(2), &found(b"A", 7), &absent(1), &balances]));
        end.log(A, &[], b"1")
    })
    .changes([now::set(A, b"k", b"A"), now::deleted(A, b"old")])
}

/// #47: 1,000 writes, 100 events, 1,000 transfers, then a failure.
fn a_thousand_effects() -> Scenario {
    let effects = || {
        let events = script().repeat(100, |script, _| script.emit(&[], b"e"));
        events.repeat(1_000, |script, counter| script.write_from(counter, 4, b"v").transfer(C, 1))
    };
    Scenario::new(
        "rollback-thousand",
        "#47: a callee fails after a thousand writes and transfers; its caller sees only that.",
    )
    .contract(A, "script")
    .contract(B, "script")
    .balance(B, 5_000)
    .step(does(script().call(B, &effects().trap()).return_size().balance(B).balance(C)), {
        success(results(&[&int(2), &int(0), &Word::from(5_000).0, &[0; 32]]))
    })
    .step(
        does(script().call(B, &effects().revert(b"no")).return_copy(0, 2)),
        success(results(&[&int(1), b"no"])),
    )
    .step(call(B).input(script().next(b"", 4).end()), success(absent(4)))
}

fn reentrance() -> Scenario {
    let again = script().read(b"k", 3).write(b"k", b"two").self_balance().end();
    let outer =
        script().write(b"k", b"one").call_with(A, 0, &again, u64::MAX).return_copy(0, 39).read(b"k", 3);
    Scenario::new("reentrance", "A contract called again sees what it wrote before, and is seen writing.")
        .contract(A, "script")
        .balance(A, 3)
        .step(
            does(outer),
            success(results(&[&int(0), &found(b"one", 3), &Word::from(3).0, &found(b"two", 3)])),
        )
        .changes([now::set(A, b"k", b"two")])
}

/// So many calls of A inside one another, each telling what came of the next and what that told.
fn nested(levels: u32) -> Vec<u8> {
    (0..levels).fold(script().end(), |input, inner| script().call(A, &input).return_copy(0, 4 * inner).end())
}

/// #52: 64 deep, as the default is, and one deeper.
fn default_depth() -> Scenario {
    Scenario::new(
        "depth",
        "#52: calls nest 64 deep, counted from the call from outside; the next one is a halt.",
    )
    .contract(A, "script")
    .step(call(A).input(nested(62)), success(int(0).repeat(62)))
    .step(call(A).input(nested(63)), success(int(0).repeat(63)))
    .step(call(A).input(nested(64)), success([int(0).repeat(63), int(2).to_vec()].concat()))
}

/// #52: every way to call meets the limit at the same place.
fn depth_by_each_way() -> Scenario {
    let code = contracts::code("script");
    // A frame that may only read creates nothing, so it is asked for less.
    let refused_calls = script().call(A, b"").static_call(A, b"").delegate_call(A, b"");
    let refused_ways = refused_calls.clone().create(&code, b"", 0).end();
    let ways = script()
        .call(A, &refused_ways)
        .return_copy(0, 36)
        .static_call(A, &refused_calls.end())
        .return_copy(0, 12)
        .delegate_call(A, &refused_ways)
        .return_copy(0, 36)
        .create(&code, &refused_ways, 0)
        .return_copy(0, 36);
    let refused = results(&[&int(2).repeat(4), &[0; 20]]);
    let created = address::create(A, 1);
    Scenario::new(
        "depth-ways",
        "#52: call, static, delegate and create meet the depth limit at the same place.",
    )
    .option("limit.call_depth", 2)
    .contract(A, "script")
    .step(does(ways), {
        let (one, asked) = ([&int(0)[..], &refused].concat(), [&int(0)[..], &refused[..12]].concat());
        success(results(&[&one, &asked, &one, &int(0), &created.0, &refused]))
    })
    .changes([now::nonce(A, 2), now::nonce(created, 1), now::code(created, "script")])
}
