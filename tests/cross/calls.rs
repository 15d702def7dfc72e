//! What one contract does to another, whatever runs them.

use zvm::{EngineKind, Halt, Outcome, Word};

use crate::contract::{ALL_GAS, Act, Contract, End, Way, What, call, call_by};
use crate::engines::{ALL, pairs};
use crate::stage::{A, B, BALANCE, C, D, Stage, USER, as_word, numbers, words};

fn say(what: What) -> Act {
    Act::Say(what)
}

#[test]
fn a_call_reaches_the_other_and_comes_back() {
    pairs(|one, other| {
        let caller = Contract::of([
            Act::Write(1, 10),
            call(B),
            say(What::Success),
            say(What::ReturnedSize),
            say(What::Returned),
            say(What::Slot(1)),
        ]);
        let callee =
            Contract::of([Act::Write(1, 20), say(What::Caller), say(What::Myself), say(What::Slot(1))]);
        let done = Stage::new().contract(A, one, &caller).contract(B, other, &callee).act();
        let [success, size, first, own] = done.said()[..] else { panic!("four words") };
        assert_eq!([success, size, own], numbers(&[1, 96, 10])[..]);
        assert_eq!(first, as_word(A));
        assert_eq!((done.written(A), done.written(B)), (vec![(1, 10)], vec![(1, 20)]));
    });
}

#[test]
fn n049_nothing_below_a_static_call_writes() {
    pairs(|one, other| {
        for forbidden in [
            vec![Act::Write(1, 1)],
            vec![Act::Write(1, 0)],
            vec![Act::Event(1)],
            vec![Act::Call { way: Way::Call, to: USER, value: 1, script: 0, gas: ALL_GAS }],
            vec![Act::Create { code: (other.create)(&Contract::of([])), value: 0 }],
        ] {
            // One calls the other statically, which calls a third one plainly, which writes.
            let caller = Contract::of([call_by(Way::Static, B), say(What::Success), say(What::Returned)]);
            let middle = Contract::of([say(What::Slot(1)), call(C), say(What::Success)]);
            let stage = Stage::new().contract(A, one, &caller).contract(B, other, &middle);
            let done = stage.contract(C, one, &Contract::of(forbidden.clone())).act();
            assert_eq!(done.said(), numbers(&[1, 0]), "{forbidden:?}");
            assert!(done.changes.is_empty() && done.events().is_empty(), "{forbidden:?}");
            // The other itself.
            let stage = Stage::new().contract(A, one, &caller).contract(B, other, &Contract::of(forbidden));
            assert_eq!(stage.contract(C, one, &Contract::of([])).act().said(), numbers(&[0, 0]));
        }
        // Reading is no writing.
        let caller = Contract::of([call_by(Way::Static, B), say(What::Success)]);
        let callee = Contract::of([say(What::Slot(1)), say(What::OwnBalance)]);
        assert_eq!(
            Stage::new().contract(A, one, &caller).contract(B, other, &callee).act().said(),
            numbers(&[1])
        );
    });
}

#[test]
fn an_amount_goes_along_and_comes_back_with_a_failure() {
    pairs(|one, other| {
        let pay = |value| Act::Call { way: Way::Call, to: B, value, script: 0, gas: ALL_GAS };
        let caller = Contract::of([pay(5), say(What::Success), say(What::Returned), say(What::OwnBalance)]);
        let callee = Contract::of([say(What::Value), say(What::OwnBalance)]);
        let done = Stage::new().contract(A, one, &caller).contract(B, other, &callee).act();
        assert_eq!(done.said(), numbers(&[1, 5, BALANCE - 5]));
        assert_eq!((done.balance(A), done.balance(B)), (BALANCE - 5, BALANCE + 5));
        for end in [End::Revert, End::Trap] {
            let failing = Contract::ending([say(What::Value)], end);
            let done = Stage::new().contract(A, one, &caller).contract(B, other, &failing).act();
            assert_eq!(done.said()[0], Word::ZERO);
            assert_eq!((done.balance(A), done.balance(B)), (BALANCE, BALANCE));
        }
    });
}

#[test]
fn revert_data_arrive_and_a_halt_has_none() {
    pairs(|one, other| {
        let caller =
            Contract::of([call(B), say(What::Success), say(What::ReturnedSize), say(What::Returned)]);
        let reverting =
            Contract::ending([Act::Write(1, 1), Act::Event(1), say(What::Number(77))], End::Revert);
        let done = Stage::new().contract(A, one, &caller).contract(B, other, &reverting).act();
        assert_eq!(done.said(), numbers(&[0, 32, 77]));
        assert!(done.changes.is_empty() && done.events().is_empty());
        let halting = Contract::ending([Act::Write(1, 1), Act::Event(1), say(What::Number(77))], End::Trap);
        let done = Stage::new().contract(A, one, &caller).contract(B, other, &halting).act();
        assert_eq!(done.said(), numbers(&[0, 0, 0]));
        assert!(done.changes.is_empty() && done.events().is_empty());
    });
}

#[test]
fn events_stand_in_the_order_of_emission() {
    pairs(|one, other| {
        let caller = Contract::of([Act::Event(1), call(B), Act::Event(4), call(C), Act::Event(5)]);
        let callee = Contract::of([Act::Event(2), Act::Event(3)]);
        let failing = Contract::ending([Act::Event(9)], End::Revert);
        let stage = Stage::new().contract(A, one, &caller).contract(B, other, &callee);
        let done = stage.contract(C, other, &failing).act();
        assert_eq!(done.events(), [(A, 1), (B, 2), (B, 3), (A, 4), (A, 5)]);
    });
}

#[test]
fn n046_who_is_entered_again_sees_what_it_wrote_and_loses_what_failed() {
    pairs(|one, other| {
        // A writes 1, B is called, which calls A's second script: it writes 2, and either stands or not.
        for (end, standing) in [(End::Return, 2), (End::Revert, 1), (End::Trap, 1)] {
            let first = [Act::Write(1, 1), call(B), say(What::Success), say(What::Slot(1))];
            let again = [say(What::Slot(1)), Act::Write(1, 2), say(What::Slot(1))];
            let caller = Contract::of(first).and(again, end);
            let back = Act::Call { way: Way::Call, to: A, value: 0, script: 1, gas: 1_000_000 };
            let middle = Contract::of([Act::Write(1, 3), back, say(What::Success)]);
            let done = Stage::new().contract(A, one, &caller).contract(B, other, &middle).act();
            assert_eq!(done.said(), numbers(&[1, standing]), "{end:?}");
            assert_eq!(done.written(A), [(1, standing as u8)], "{end:?}");
            assert_eq!(done.written(B), [(1, 3)], "{end:?}");
        }
        // The middle one fails after the inner one succeeded: both are gone.
        let caller = Contract::of([Act::Write(1, 1), call(B), say(What::Success), say(What::Slot(1))])
            .and([Act::Write(1, 2)], End::Return);
        let back = Act::Call { way: Way::Call, to: A, value: 0, script: 1, gas: ALL_GAS };
        let middle = Contract::ending([Act::Write(1, 3), back], End::Revert);
        let done = Stage::new().contract(A, one, &caller).contract(B, other, &middle).act();
        assert_eq!(done.said(), numbers(&[0, 1]));
        assert_eq!((done.written(A), done.written(B)), (vec![(1, 1)], vec![]));
    });
}

#[test]
fn n047_a_failure_after_much_work_leaves_its_status_only() {
    pairs(|one, other| {
        let pay = Act::Call { way: Way::Call, to: USER, value: 1, script: 0, gas: 10_000 };
        let round = (1..=100).flat_map(|slot| [Act::Write(slot, slot), Act::Event(slot), pay.clone()]);
        for end in [End::Revert, End::Trap] {
            let busy = Contract::ending(round.clone(), end);
            let caller = Contract::of([call(B), say(What::Success)]);
            let done = Stage::new().contract(A, one, &caller).contract(B, other, &busy).act();
            assert_eq!(done.said(), numbers(&[0]), "{end:?}");
            assert!(done.changes.is_empty() && done.events().is_empty(), "{end:?}");
        }
        let busy = Contract::of(round.clone());
        let done = Stage::new().contract(A, one, &Contract::of([call(B)])).contract(B, other, &busy).act();
        assert_eq!(
            (done.written(B).len(), done.events().len()),
            (100, 100),
            "it would have left all of this"
        );
    });
}

#[test]
fn n048_a_delegate_stays_inside_its_engine() {
    pairs(|one, other| {
        let caller = Contract::of([call_by(Way::Delegate, B), say(What::Success), say(What::Returned)]);
        let library = Contract::of([say(What::Caller), Act::Write(1, 7), Act::Event(1)]);
        let done = Stage::new().contract(A, one, &caller).contract(B, other, &library).act();
        if one.kind == other.kind {
            assert_eq!(done.said(), [Word::from(1), as_word(USER)]);
            assert_eq!((done.written(A), done.written(B)), (vec![(1, 7)], vec![]));
            assert_eq!(done.events(), [(A, 1)]);
        } else {
            assert_eq!(done.said(), numbers(&[0, 0]), "refused with a halt");
            assert!(done.changes.is_empty() && done.events().is_empty());
        }
    });
}

#[test]
fn n050_flags_survive_every_border() {
    pairs(|one, other| {
        // A static call somewhere in a chain of both engines: nothing behind it writes.
        for at in 0..3 {
            let way = |link| if link == at { Way::Static } else { Way::Call };
            let end = Contract::of([Act::Write(1, 1)]);
            let pass = |link, to| Contract::of([call_by(way(link), to), say(What::Success)]);
            let stage = Stage::new().contract(A, one, &pass(0, B)).contract(B, other, &pass(1, C));
            let done = stage.contract(C, one, &pass(2, D)).contract(D, other, &end).act();
            assert!(done.changes.is_empty(), "link {at}");
        }
        // An amount is the callee's only, and each sees who called it.
        let pay = |to, value| Act::Call { way: Way::Call, to, value, script: 0, gas: ALL_GAS };
        let caller = Contract::of([pay(B, 9), say(What::Returned), say(What::Value)]);
        let middle = Contract::of([call(C), say(What::Returned), say(What::Value)]);
        let end = Contract::of([say(What::Value), say(What::Caller)]);
        let stage = Stage::new().contract(A, one, &caller).contract(B, other, &middle);
        let done = stage.contract(C, one, &end).act();
        assert_eq!(done.said(), numbers(&[0, 0]), "the end got no amount, and neither did the first");
        assert_eq!(done.balance(B), BALANCE + 9);
    });
}

#[test]
fn a_contract_creates_one_of_either_engine() {
    pairs(|one, other| {
        let child = (other.create)(&Contract::of([say(What::OwnBalance), Act::Write(1, 3)]));
        let creator = Contract::of([
            Act::Create { code: child.clone(), value: 6 },
            say(What::Success),
            Act::CallCreated,
            say(What::Success),
            say(What::Returned),
        ]);
        let done = Stage::new().contract(A, one, &creator).act();
        let codes: Vec<EngineKind> = done.codes();
        if !one.creates(other) {
            assert_eq!(codes, [], "other code is no initcode");
            return;
        }
        assert_eq!(codes, [other.kind]);
        assert_eq!(done.said(), numbers(&[1, 1, 6]));
        let address = zvm::crypto::address::create_address(&A, 1);
        assert_eq!((done.written(address), done.balance(A)), (vec![(1, 3)], BALANCE - 6));
        // What is no code is refused, and only the nonce tells of it.
        let broken = if other.is_evm() { vec![0xee] } else { child[..child.len() - 1].to_vec() };
        let broken = Act::Create { code: broken, value: 6 };
        let done = Stage::new().contract(A, one, &Contract::of([broken, say(What::Success)])).act();
        assert_eq!((done.said(), done.changes.len()), (numbers(&[0]), 1));
    });
}

#[test]
fn n054_whoever_pays_an_address_before_does_not_hinder_its_contract() {
    pairs(|one, other| {
        if !one.creates(other) {
            return;
        }
        let child = (other.create)(&Contract::of([say(What::OwnBalance)]));
        let address = zvm::crypto::address::create_address(&A, 1);
        let creator = Contract::of([
            Act::Create { code: child.clone(), value: 0 },
            say(What::Success),
            Act::CallCreated,
            say(What::Returned),
        ]);
        let mut stage = Stage::new().contract(A, one, &creator);
        let paid = zvm::Account { balance: Word::from(5), ..zvm::Account::default() };
        stage.ledger.set_account(address, paid);
        assert_eq!(stage.act().said(), numbers(&[1, 5]));
        // Where a contract is, none is created.
        let mut stage = Stage::new().contract(A, one, &creator);
        stage.place(address, other.kind, &child);
        assert_eq!(stage.act().said()[0], Word::ZERO);
    });
}

#[test]
fn n058_what_comes_back_is_whole_or_a_halt() {
    for engine in ALL {
        // 64 KiB are 2048 words; a word more is too long.
        for (count, outcome) in [(2047, None), (2048, None), (2049, Some(Halt::TooLong))] {
            let callee = Contract::of(vec![say(What::Number(7)); count]);
            let done = Stage::new().contract(A, *engine, &callee).act();
            // What EVM code returns only its gas bounds.
            let outcome = outcome.filter(|_| !engine.is_evm());
            let should = outcome.map_or(Outcome::Success, Outcome::Halt);
            assert_eq!(done.execution.outcome, should, "{:?}, {count} words", engine.kind);
            if outcome.is_none() {
                assert_eq!(words(&done.execution.output), numbers(&vec![7; count]));
            }
        }
    }
    pairs(|one, other| {
        let caller = Contract::of([call(B), say(What::ReturnedSize), say(What::Returned)]);
        let callee = Contract::of(vec![say(What::Number(7)); 2048]);
        let done = Stage::new().contract(A, one, &caller).contract(B, other, &callee).act();
        assert_eq!(done.said(), numbers(&[65_536, 7]));
    });
}
