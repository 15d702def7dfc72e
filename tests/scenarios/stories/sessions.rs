//! What a session is over its steps: queries, marks, commits.

use zvm::Word;

use crate::address::create;
use crate::scenario::Scenario;
use crate::script::{Script, absent, found, int, results, script};
use crate::verbs::*;

pub(super) fn stories() -> Vec<Scenario> {
    vec![queries(), marks(), marks_over_everything(), commits(), commit_twice(), many_calls()]
}

fn write(value: &[u8]) -> Script {
    script().write(b"k", value)
}

fn queries() -> Scenario {
    let read = || script().read(b"k", 3);
    let at = create(A, 1);
    Scenario::new("query", "A query sees the session's state, may write as it likes, and leaves nothing.")
        .contract(A, "script")
        .balance(A, 5)
        .balance(USER, 5)
        .step(does(write(b"one")), success([]))
        .step(
            query(A).input(read().write(b"k", b"two").read(b"k", 3).end()),
            success([found(b"one", 3), found(b"two", 3)].concat()),
        )
        .step(
            query(A).input(script().transfer(B, 5).emit(&[], b"e").end()),
            success(int(0)).log(A, &[], b"e"),
        )
        .step(
            query(A).input(script().create(&crate::contracts::code("quiet"), b"", 0).end()),
            success(results(&[&int(0), &at.0])),
        )
        .step(
            query(A).input(script().value().self_balance().end()).value(5),
            success([Word::from(5).0, Word::from(10).0].concat()),
        )
        .step(query(A).input(script().revert(b"no")), revert(*b"no"))
        .step(
            does(read().self_balance().balance(USER)),
            success([&found(b"one", 3)[..], &Word::from(5).0, &Word::from(5).0].concat()),
        )
        .changes([now::set(A, b"k", b"one")])
}

fn marks() -> Scenario {
    let reads = |value: &[u8]| (does(script().read(b"k", 5)), success(found(value, 5)));
    let (one, two) = (reads(b"one"), reads(b"two"));
    Scenario::new("mark", "A session returns to a savepoint as often as it likes; later ones are gone then.")
        .contract(A, "script")
        .mark("start")
        .step(does(write(b"one")), success([]))
        .mark("one")
        .step(does(write(b"two").emit(&[], b"dropped")), success([]).log(A, &[], b"dropped"))
        .mark("two")
        .step(does(write(b"three")), success([]))
        .rollback("two")
        .step(two.0, two.1)
        .rollback("one")
        .step(one.0, one.1)
        .step(does(write(b"four").emit(&[], b"kept")), success([]).log(A, &[], b"kept"))
        .rollback("one")
        .step(does(write(b"five").emit(&[], b"kept")), success([]).log(A, &[], b"kept"))
        .rollback("start")
        .step(does(script().read(b"k", 5)), success(absent(5)))
        .step(does(write(b"six").emit(&[], b"last")), success([]).log(A, &[], b"last"))
        .changes([now::set(A, b"k", b"six")])
}

/// Money, nonces, contracts, deletes: each kind of change between a mark and its rollback.
fn marks_over_everything() -> Scenario {
    let first = create(USER, 0);
    let effects = script().transfer(B, 3).delete(b"old").write(b"new", b"x").emit(&[], b"e");
    Scenario::new(
        "mark-everything",
        "A rollback takes back every kind of change, and all of it can be done again.",
    )
    .contract(A, "script")
    .code("quiet")
    .balance(A, 10)
    .balance(USER, 10)
    .stored(A, b"old", b"v")
    .mark("before")
    .step(deploy("quiet").value(2), success([]).created(first))
    .step(does(effects.clone()), success([int(0), int(1)].concat()).log(A, &[], b"e"))
    .step(call(first).value(1), success([]))
    .rollback("before")
    .step(does(script().read(b"old", 1).read(b"new", 1).self_balance().balance(USER).code_hash(first)), {
        let balances = [Word::from(10).0, Word::from(10).0].concat();
        success(results(&[&found(b"v", 1), &absent(1), &balances, &absent(32)]))
    })
    .step(does(effects), success([int(0), int(1)].concat()).log(A, &[], b"e"))
    .step(deploy("quiet").value(2), success([]).created(first))
    .changes([
        now::balance(A, 7),
        now::deleted(A, b"old"),
        now::set(A, b"new", b"x"),
        now::balance(B, 3),
        now::balance(USER, 8),
        now::nonce(USER, 1),
        now::balance(first, 2),
        now::nonce(first, 1),
        now::code(first, "quiet"),
    ])
}

fn commits() -> Scenario {
    let first = create(USER, 0);
    Scenario::new(
        "commit",
        "After a commit the session goes on from the new state, and only what is new leaves next.",
    )
    .contract(A, "script")
    .code("script")
    .balance(A, 10)
    .stored(A, b"a", b"1")
    .step(
        does(script().write(b"a", b"2").write(b"b", b"2").transfer(B, 4).emit(&[], b"first")),
        success(int(0)).log(A, &[], b"first"),
    )
    .step(deploy("script").input(write(b"born").end()), success([]).created(first))
    .commit()
    .step(
        does(script().read(b"a", 1).read(b"b", 1).next(b"a", 1).self_balance()),
        success(results(&[&found(b"2", 1), &found(b"2", 1), &found(b"b", 1), &Word::from(6).0])),
    )
    // Back to what the ledger had at first is a change now; what the last commit said is none.
    .step(
        does(script().write(b"a", b"1").write(b"b", b"3").write(b"b", b"2").emit(&[], b"second")),
        success([]).log(A, &[], b"second"),
    )
    .step(
        call(first).input(script().read(b"k", 4).delete(b"k").end()),
        success([&found(b"born", 4)[..], &int(1)].concat()),
    )
    .changes([now::set(A, b"a", b"1"), now::deleted(first, b"k")])
}

fn commit_twice() -> Scenario {
    Scenario::new("commit-empty", "A commit of nothing is a commit; three in a row are three.")
        .contract(A, "script")
        .stored(A, b"k", b"v")
        .commit()
        .step(does(script().delete(b"k")), success(int(1)))
        .commit()
        .commit()
        .step(
            does(script().read(b"k", 1).next(b"", 1).delete(b"k")),
            success([&absent(1)[..], &absent(1), &int(0)].concat()),
        )
        .step(does(script().write(b"k", b"v")), success([]))
        .mark("before")
        .step(does(script().delete(b"k")), success(int(1)))
        .rollback("before")
        .changes([now::set(A, b"k", b"v")])
}

fn many_calls() -> Scenario {
    let scenario = Scenario::new("many-calls", "Failed calls between successful ones leave no trace.")
        .contract(A, "script")
        .balance(A, 100);
    let scenario = (0..10_u8).fold(scenario, |scenario, turn| {
        let works = || script().write(&[turn], &[turn]).transfer(B, u64::from(turn)).emit(&[], &[turn]);
        scenario
            .step(call(A).input(works().revert(&[turn])), revert([turn]))
            .step(call(A).input(works().trap()), halt(zvm::Halt::Unreachable))
            .step(call(A).input(works().end()), success(int(0)).log(A, &[], &[turn]))
    });
    let writes = (0..10_u8).map(|turn| now::set(A, &[turn], &[turn]));
    // 0 + 1 + .. + 9.
    scenario.changes(writes.chain([now::balance(A, 55), now::balance(B, 45)]))
}
