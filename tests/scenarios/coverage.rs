//! What the files must reach together, and what no file can.

use std::collections::BTreeSet;

use zvm::host::table::ROWS;
use zvm::{Account, Block, Call, Deploy, Halt, MemoryLedger, Outcome, Status, Terms, Word};

use crate::address::keccak256;
use crate::contracts;
use crate::files::vectors;
use crate::play;
use crate::scenario::{Expect, Scenario, Step};
use crate::script::{int, script};
use crate::verbs::{A, PLENTY, USER};

/// Halts that no call from outside ends with in a file, and why.
const ELSEWHERE: &[(Halt, &str)] = &[
    (Halt::NonceOverflow, "2^64 - 1 is no number every JSON reader keeps; tested below"),
    (
        Halt::InvalidCode,
        "ends the creation a contract tries, which sees 2; a deploy gives a status: create-fails, deploy-refused",
    ),
    (Halt::CodeRefused, "as InvalidCode, and needs an embedder with a policy of its own"),
    (
        Halt::PrecompileFailed,
        "ends a call of a precompile, which its caller sees as 0; from outside they are no contracts",
    ),
    (Halt::EngineMismatch, "ends the delegate call a contract tries, which sees 2: delegate-refused"),
];

#[test]
fn every_halt_is_reached_or_has_a_reason_not_to_be() {
    let mut missing: BTreeSet<_> = Halt::ALL.iter().copied().collect();
    for step in vectors().iter().flat_map(|vector| &vector.steps) {
        if let Step::Act(_, Expect::End(end)) = step
            && let Outcome::Halt(halt) = end.outcome
        {
            missing.remove(&halt);
        }
    }
    let excused: BTreeSet<_> = ELSEWHERE.iter().map(|(halt, _)| *halt).collect();
    assert_eq!(missing, excused, "halts that no file reaches (left) and may not (right)");
}

#[test]
fn the_script_contract_knows_every_host_function() {
    let scenario = Scenario::new("", "");
    let code =
        play::runtime(&scenario).load_code(&contracts::code("script").into(), None).expect("valid code");
    let known: BTreeSet<_> = code.info().imports.iter().map(String::as_str).collect();
    let missing: Vec<_> = ROWS.iter().map(|row| row.name).filter(|name| !known.contains(name)).collect();
    assert!(missing.is_empty(), "contracts/script.wat lacks {missing:?}");
}

#[test]
fn a_nonce_does_not_overflow() {
    let runtime = play::runtime(&Scenario::new("", ""));
    let mut ledger = MemoryLedger::new();
    let code_hash = keccak256(&contracts::code("script"));
    ledger.set_code(code_hash, contracts::code("script"));
    let last = Account { nonce: u64::MAX, code_hash, balance: 5.into(), ..Account::default() };
    ledger.set_account(A, last);
    ledger.set_account(USER, Account { nonce: u64::MAX - 1, ..Account::default() });
    let mut session = runtime.session(&mut ledger, Block::default());
    let terms = Terms { gas_limit: PLENTY, ..Terms::default() };
    let (code, value, salt) = (contracts::code("quiet").into(), Word::ZERO, None);
    let deploy =
        Deploy { caller: USER, code, engine: None, input: Vec::new(), value, salt, terms: terms.clone() };
    assert_eq!(session.deploy(&deploy).expect("a kind ledger").outcome, Outcome::Success);
    let changes = session.changes().expect("a usable session");
    let spent = session.deploy(&deploy).expect("a kind ledger");
    assert_eq!(spent.outcome, Outcome::Halt(Halt::NonceOverflow));
    let input = script().create(&contracts::code("quiet"), b"", 5).self_balance().end();
    let call = Call { caller: USER, target: A, input, terms, ..Call::default() };
    let told = [&int(2)[..], &[0; 20], &Word::from(5).0].concat();
    assert_eq!(session.call(&call).expect("a kind ledger").output, told);
    assert_eq!(session.changes().expect("a usable session"), changes);
}

#[test]
fn a_mark_holds_until_an_earlier_one_is_returned_to_or_a_commit() {
    let mut ledger = MemoryLedger::new();
    let mut session = play::runtime(&Scenario::new("", "")).session(&mut ledger, Block::default());
    let (first, second) = (session.mark().expect("usable"), session.mark().expect("usable"));
    session.rollback(second).expect("it holds");
    session.rollback(first).expect("it holds");
    let gone = |result: zvm::Result<()>| assert_eq!(result.expect_err("it is gone").status, Status::Argument);
    gone(session.rollback(second));
    session.rollback(first).expect("it still holds");
    session.commit().expect("a kind ledger");
    gone(session.rollback(first));
    let third = session.mark().expect("usable");
    session.reset();
    gone(session.rollback(third));
}
