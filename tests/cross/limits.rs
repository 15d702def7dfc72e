//! Gas, depth and counts across engines.

use zvm::{Config, Halt, Limits, Outcome, Rules};

use crate::contract::{ALL_GAS, Act, Contract, End, Way, What, call};
use crate::engines::pairs;
use crate::stage::{A, B, BALANCE, PLENTY, Stage, numbers};

fn say(what: What) -> Act {
    Act::Say(what)
}

#[test]
fn a_callee_that_never_ends_takes_its_own_gas_and_no_more() {
    pairs(|one, other| {
        let act = |gas| {
            let burn = Act::Call { way: Way::Call, to: B, value: 0, script: 0, gas };
            let caller = Contract::of([burn, say(What::Success), Act::Write(1, 1)]);
            let callee = Contract::ending([Act::Write(1, 2)], End::Burn);
            Stage::new().contract(A, one, &caller).contract(B, other, &callee).act()
        };
        let (less, more) = (act(200_000), act(300_000));
        for done in [&less, &more] {
            assert_eq!(done.said(), numbers(&[0]));
            assert_eq!((done.written(A), done.written(B)), (vec![(1, 1)], vec![]));
        }
        assert_eq!(more.execution.gas_used - less.execution.gas_used, 100_000);
    });
}

#[test]
fn n053_no_more_goes_along_than_all_but_a_64th() {
    pairs(|one, other| {
        // Whatever is asked for; the caller must go on with the rest.
        for asked in [ALL_GAS, u64::MAX / 2, 1 << 40] {
            let burn = Act::Call { way: Way::Call, to: B, value: 0, script: 0, gas: asked };
            let caller = Contract::of([burn, say(What::Success)]);
            let callee = Contract::ending([], End::Burn);
            let limit = 5_000_000;
            let done = Stage::new().contract(A, one, &caller).contract(B, other, &callee).act_with(limit);
            assert_eq!(done.said(), numbers(&[0]), "{asked}");
            let left = done.execution.gas_left;
            assert!((limit / 64 - 5_000..=limit / 64).contains(&left), "{left} left of {limit} with {asked}");
        }
    });
}

#[test]
fn n052_a_mixed_chain_is_as_deep_as_any() {
    pairs(|one, other| {
        for depth in [1, 2, 5, 64] {
            // Each calls the other until a call is refused; the event says where that is.
            let there = |to| Contract::of([Act::Event(1), call(to), say(What::Success)]);
            let limits = Limits { call_depth: depth, ..Limits::default() };
            let config = Config { rules: Rules { limits, ..Rules::default() }, ..Config::default() };
            // The limit is for frames of other engines than the EVM, which has its own.
            let frames = match (one.is_evm(), other.is_evm()) {
                (false, false) => depth,
                (false, true) => 2 * depth - 1,
                (true, false) => 2 * depth,
                (true, true) => 1_025,
            };
            let stage = Stage::with(config).contract(A, one, &there(B));
            let done = stage.contract(B, other, &there(A)).act_with(1_000_000_000_000);
            assert_eq!(done.execution.outcome, Outcome::Success);
            assert_eq!(done.events().len(), frames as usize);
            assert_eq!(done.execution.counters.depth, frames);
            assert_eq!(done.said(), numbers(&[u64::from(frames > 1)]));
        }
    });
}

#[test]
fn n059_events_are_counted_across_engines() {
    pairs(|one, other| {
        let events = |count| (0..count).map(|_| Act::Event(1)).collect::<Vec<_>>();
        for (ours, theirs, outcome) in [(64, 64, 1), (64, 65, 0), (128, 0, 1)] {
            // What EVM code emits only its gas bounds, but it counts where others emit.
            let outcome = if other.is_evm() { 1 } else { outcome };
            let caller = Contract::of([events(ours), vec![call(B), say(What::Success)]].concat());
            let callee = Contract::of(events(theirs));
            let done = Stage::new().contract(A, one, &caller).contract(B, other, &callee).act();
            assert_eq!(done.said(), numbers(&[outcome]), "{ours} and {theirs}");
            let standing = ours + if outcome == 1 { theirs } else { 0 };
            assert_eq!(done.events().len(), standing, "{ours} and {theirs}");
        }
    });
}

#[test]
fn an_amount_that_is_not_there_does_not_go_along() {
    pairs(|one, other| {
        // Four times 255 are more than there is.
        let pay = Act::Call { way: Way::Call, to: B, value: 255, script: 0, gas: ALL_GAS };
        let acts = (0..5).flat_map(|_| [pay.clone(), say(What::Success)]).collect::<Vec<_>>();
        let done =
            Stage::new().contract(A, one, &Contract::of(acts)).contract(B, other, &Contract::of([])).act();
        assert_eq!(done.said(), numbers(&[1, 1, 1, 0, 0]));
        assert_eq!((done.balance(A), done.balance(B)), (BALANCE - 765, BALANCE + 765));
    });
}

#[test]
fn a_frame_that_halts_takes_the_call_with_it() {
    pairs(|one, other| {
        let caller = Contract::ending([call(B), Act::Event(1)], End::Trap);
        let callee = Contract::of([Act::Write(1, 1)]);
        let done = Stage::new().contract(A, one, &caller).contract(B, other, &callee).act();
        assert!(matches!(done.execution.outcome, Outcome::Halt(Halt::Unreachable | Halt::InvalidOpcode)));
        assert!(done.changes.is_empty() && done.execution.logs.is_empty());
        assert!(done.execution.gas_used <= PLENTY);
    });
}
