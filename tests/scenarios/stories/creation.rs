//! Contracts that contracts create.

use zvm::{Halt, Word};

use super::born;
use crate::address::{create, create2};
use crate::contracts::code;
use crate::scenario::Scenario;
use crate::script::{absent, found, int, results, script};
use crate::verbs::*;

pub(super) fn stories() -> Vec<Scenario> {
    vec![
        created(),
        creation_fails(),
        created_by_constructors(),
        calls_itself_from_its_constructor(),
        taken_back(),
        created_with_salt(),
    ]
}

fn created() -> Scenario {
    let (first, second) = (create(A, 1), create(A, 2));
    let init = script().caller().self_address().value().write(b"k", b"v").end();
    let outer = script()
        .create(&code("quiet"), b"", 0)
        .return_size()
        .create(&code("script"), &init, 4)
        .return_copy(0, 72)
        .call(second, &script().read(b"k", 1).end())
        .return_copy(0, 5)
        .self_balance();
    Scenario::new("create", "A contract creates contracts, at its own nonces, and calls them.")
        .contract(A, "script")
        .balance(A, 10)
        .step(does(outer), {
            let born =
                results(&[&int(0), &first.0, &int(0), &int(0), &second.0, &A.0, &second.0, &Word::from(4).0]);
            success([&born[..], &int(0), &found(b"v", 1), &Word::from(6).0].concat())
        })
        .step(call(first).entry("zero"), success([]))
        .changes([born(first, "quiet"), born(second, "script")].concat().into_iter().chain([
            now::nonce(A, 3),
            now::balance(A, 6),
            now::balance(second, 4),
            now::set(second, b"k", b"v"),
        ]))
}

fn creation_fails() -> Scenario {
    let quiet = code("quiet");
    let failed = |code: i32| results(&[&int(code), &[0; 20]]);
    let taken = create(A, 4);
    let last = create(A, 5);
    Scenario::new(
        "create-fails",
        "A creation that fails gives 1 or 2 and no address; the nonce it took is spent.",
    )
    .contract(A, "script")
    .balance(A, 10)
    .account(taken, |holding| holding.nonce = 1)
    .step(
        does(
            script().create(&code("script"), &script().write(b"k", b"v").revert(b"why"), 4).return_copy(0, 3),
        ),
        success([&failed(1)[..], b"why"].concat()),
    )
    .step(
        does(script().create(&code("script"), &script().transfer(B, 4).trap(), 4).return_size()),
        success([&failed(2)[..], &int(0)].concat()),
    )
    .step(
        does(script().create(b"\xefno code", b"", 4).return_size()),
        success([&failed(2)[..], &int(0)].concat()),
    )
    .step(does(script().create(&quiet, b"", 4)), success(failed(2)))
    // Without the money there is no attempt, and no nonce is spent.
    .step(
        does(script().create(&quiet, b"", 11).self_balance()),
        success([&failed(2)[..], &Word::from(10).0].concat()),
    )
    .step(does(script().create(&quiet, b"", 10)), success(results(&[&int(0), &last.0])))
    .changes(born(last, "quiet").into_iter().chain([
        now::nonce(A, 6),
        now::balance(A, 0),
        now::balance(last, 10),
    ]))
}

/// A constructor that creates a contract whose constructor creates a contract.
fn created_by_constructors() -> Scenario {
    let first = create(USER, 0);
    let second = create(first, 1);
    let third = create(second, 1);
    let innermost = script().create(&code("quiet"), b"", 0).end();
    let init = script().create(&code("script"), &innermost, 0).return_copy(0, 24).end();
    Scenario::new("create-in-init", "Constructors create contracts, whose nonces begin at 1.")
        .code("script")
        .step(
            deploy("script").input(init),
            success(results(&[&int(0), &second.0, &int(0), &third.0])).created(first),
        )
        .step(call(third), success([]))
        .changes([
            now::nonce(USER, 1),
            now::nonce(first, 2),
            now::code(first, "script"),
            now::nonce(second, 2),
            now::code(second, "script"),
            now::nonce(third, 1),
            now::code(third, "quiet"),
        ])
}

/// #55.
fn calls_itself_from_its_constructor() -> Scenario {
    let at = create(USER, 0);
    let inner = script().caller().read(b"k", 1).write(b"k", b"2").end();
    let init = script().write(b"k", b"1").call(at, &inner).return_copy(0, 25).read(b"k", 1).end();
    Scenario::new(
        "create-self-call",
        "#55: a contract can be called while its constructor runs, by itself too.",
    )
    .code("script")
    .step(
        deploy("script").input(init),
        success([&int(0)[..], &at.0, &found(b"1", 1), &found(b"2", 1)].concat()).created(at),
    )
    .changes(born(at, "script").into_iter().chain([now::nonce(USER, 1), now::set(at, b"k", b"2")]))
}

/// What a failed frame created was never there, and the next takes its place.
fn taken_back() -> Scenario {
    let at = create(B, 1);
    let creates = || script().create(&code("quiet"), b"", 3);
    Scenario::new(
        "create-rollback",
        "A contract created in a frame that fails is gone, and its address free again.",
    )
    .contract(A, "script")
    .contract(B, "script")
    .balance(B, 5)
    .step(
        does(script().call(B, &creates().revert_results()).return_copy(0, 24).code_hash(at).balance(B)),
        success(results(&[&int(1), &int(0), &at.0, &absent(32), &Word::from(5).0])),
    )
    .step(call(B).input(creates().trap()), halt(Halt::Unreachable))
    .step(call(at), halt(Halt::NoCode))
    .step(call(B).input(creates().end()), success([&int(0)[..], &at.0].concat()))
    .step(call(at), success([]))
    .changes(born(at, "quiet").into_iter().chain([
        now::nonce(B, 2),
        now::balance(B, 2),
        now::balance(at, 3),
    ]))
}

/// #54: a creation with a salt, again, and after the first was taken back.
fn created_with_salt() -> Scenario {
    let quiet = code("quiet");
    let at = create2(A, word(9), &quiet, b"");
    let twice = script().create2(&quiet, b"", word(9)).create2(&quiet, b"", word(9));
    Scenario::new(
        "create2",
        "#54: a salted address is known before, can be paid into before, and is taken once.",
    )
    .contract(A, "script")
    .balance(A, 1)
    .step(does(script().transfer(at, 1)), success(int(0)))
    .step(call(A).input(twice.clone().revert(b"")), revert([]))
    .step(does(twice), success(results(&[&int(0), &at.0, &int(2), &[0; 20]])))
    .step(call(at), success([]))
    .changes(born(at, "quiet").into_iter().chain([
        now::nonce(A, 3),
        now::balance(A, 0),
        now::balance(at, 1),
    ]))
}
