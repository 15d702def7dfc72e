//! Balances: what moves, what does not, and where it ends.

use zvm::{EngineKind, Halt, Word};

use crate::address::keccak256;
use crate::contracts;
use crate::scenario::Scenario;
use crate::script::{Script, absent, int, results, script};
use crate::verbs::*;

pub(super) fn stories() -> Vec<Scenario> {
    vec![
        transfers(),
        receiver_overflows(),
        to_itself(),
        value_calls(),
        calls_with_value(),
        balances(),
        code_hashes(),
    ]
}

fn less(amount: Word, by: u64) -> Word {
    amount.checked_sub(by.into()).expect("not below zero")
}

/// #66: 0, 1, all, all + 1, in an order that ends with everything gone.
fn transfers() -> Scenario {
    let own = |script: Script| script.self_balance();
    let left = |codes: &[i32], balance: u64| {
        let codes: Vec<u8> = codes.iter().flat_map(|code| int(*code)).collect();
        success(results(&[&codes, &Word::from(balance).0]))
    };
    Scenario::new("transfer", "Nothing, one, more than all, all: exact, or refused with code 1.")
        .contract(A, "script")
        .balance(A, 100)
        .step(does(own(script().transfer(B, 0))), left(&[0], 100))
        .step(does(own(script().transfer(B, 1))), left(&[0], 99))
        .step(does(own(script().transfer(B, 100))), left(&[1], 99))
        .step(
            does(own(script().transfer(B, Word::MAX).transfer(B, 99).transfer(B, 1).transfer(B, 0))),
            left(&[1, 0, 1, 0], 0),
        )
        .step(does(script().balance(B)), success(Word::from(100).0))
        .changes([now::balance(A, 0), now::balance(B, 100)])
}

/// #66: the receiver holds 2^256 - 1 - 5.
fn receiver_overflows() -> Scenario {
    let full = less(Word::MAX, 5);
    Scenario::new(
        "transfer-overflow",
        "A receiver that cannot hold the sum takes nothing, and the code is 2.",
    )
    .contract(A, "script")
    .balance(A, 100)
    .balance(B, full)
    .step(
        does(script().transfer(B, 6).transfer(B, 101).transfer(B, 5).transfer(B, 1).transfer(B, 0)),
        success([2, 1, 0, 2, 0].map(int).concat()),
    )
    .step(does(script().balance(B).self_balance()), success(results(&[&Word::MAX.0, &Word::from(95).0])))
    .changes([now::balance(A, 95), now::balance(B, Word::MAX)])
}

fn to_itself() -> Scenario {
    Scenario::new("transfer-self", "A transfer to itself must be covered and changes nothing.")
        .contract(A, "script")
        .contract(B, "script")
        .balance(A, 100)
        .balance(B, Word::MAX)
        .step(
            does(script().transfer(A, 0).transfer(A, 100).transfer(A, 101).self_balance()),
            success(results(&[&int(0), &int(0), &int(1), &Word::from(100).0])),
        )
        // No sum is formed, so none can overflow.
        .step(
            call(B).input(script().transfer(B, Word::MAX).self_balance().end()),
            success(results(&[&int(0), &Word::MAX.0])),
        )
}

fn value_calls() -> Scenario {
    Scenario::new(
        "value",
        "The amount that goes with a call moves before it runs, and back unless it succeeds.",
    )
    .contract(A, "script")
    .balance(USER, 10)
    .balance(B, Word::MAX)
    .step(
        does(script().value().self_balance()).value(4),
        success([Word::from(4).0, Word::from(4).0].concat()),
    )
    .step(call(A).input(script().revert(b"")).value(6), revert([]))
    .step(call(A).input(script().trap()).value(6), halt(Halt::Unreachable))
    .step(does(script().balance(USER)), success(Word::from(6).0))
    .step(call(A).value(7), halt(Halt::InsufficientBalance))
    .step(call(A).from(B).value(Word::MAX), halt(Halt::BalanceOverflow))
    .step(call(A).from(A).value(4), success([]))
    .step(call(A).from(A).value(5), halt(Halt::InsufficientBalance))
    .step(call(A).value(6), success([]))
    .changes([now::balance(USER, 0), now::balance(A, 10)])
}

fn calls_with_value() -> Scenario {
    let told = || script().value().self_balance().end();
    let asks = |amount: u64| script().call_with(B, amount, &told(), u64::MAX).return_size().self_balance();
    Scenario::new("value-nested", "A contract sends an amount with a call, all of it or none.")
        .contract(A, "script")
        .contract(B, "script")
        .balance(A, 10)
        .step(
            does(asks(4).return_copy(0, 64)),
            success(results(&[&int(0), &int(64), &Word::from(6).0, &Word::from(4).0, &Word::from(4).0])),
        )
        .step(does(asks(7)), success(results(&[&int(2), &int(0), &Word::from(6).0])))
        .step(does(asks(6)), success(results(&[&int(0), &int(64), &Word::from(0).0])))
        // To an account without code nothing can be sent by a call.
        .step(
            call(B).input(script().call_with(STRANGER, 1, b"", u64::MAX).self_balance().end()),
            success(results(&[&int(2), &Word::from(10).0])),
        )
        // What the callee reverts comes back.
        .step(
            call(B).input(script().call_with(A, 3, &script().revert(b""), u64::MAX).self_balance().end()),
            success(results(&[&int(1), &Word::from(10).0])),
        )
        .changes([now::balance(A, 0), now::balance(B, 10)])
}

fn balances() -> Scenario {
    Scenario::new("balance", "Any account's balance can be read; nobody's is zero.")
        .contract(A, "script")
        .balance(A, 3)
        .balance(B, word(0xee))
        .step(does(script().balance(A).balance(B).balance(STRANGER).self_balance()), {
            success(results(&[&Word::from(3).0, &[0xee; 32], &[0; 32], &Word::from(3).0]))
        })
}

fn code_hashes() -> Scenario {
    let hash =
        |name: &str| [&int(EngineKind::Wasm as i32)[..], &keccak256(&contracts::code(name)).0].concat();
    Scenario::new(
        "code-hash",
        "Who holds code, its hash and its engine; the engine is found out where the ledger is silent.",
    )
    .contract(A, "script")
    .contract(B, "quiet")
    .contract(C, "quiet")
    .account(C, |holding| holding.engine = None)
    .balance(D, 9)
    .step(
        does(script().code_hash(A).code_hash(B).code_hash(C)),
        success([hash("script"), hash("quiet"), hash("quiet")].concat()),
    )
    .step(does(script().code_hash(D).code_hash(STRANGER)), success([absent(32), absent(32)].concat()))
    .step(call(C), success([]))
}
