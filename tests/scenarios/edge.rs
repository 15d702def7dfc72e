//! Every act of every scenario again, with exactly the gas it needs, one unit less, one more (#32).
//!
//! That holds for calls that call nobody: what a callee may be given depends on what is left. Nor does it
//! hold for halts of ZVM bytecode, which take all gas there is.

use std::collections::HashMap;

use zvm::engine::zvm::assembly::disassemble;
use zvm::{EngineKind, Execution, Halt, Outcome, Session};

use crate::files::vectors;
use crate::host::{Host, Kind};
use crate::scenario::{Act, Scenario, Step, Verb};
use crate::{contracts, play, script};

/// Tries an act under another limit and takes it back.
fn try_with(session: &mut Session<'_>, scenario: &Scenario, act: &Act, gas_limit: u64) -> Execution {
    let mark = session.mark().expect("a usable session");
    let result = play::perform(session, scenario, &Act { gas_limit, ..act.clone() });
    session.rollback(mark).expect("the mark holds");
    result.expect("only gas differs")
}

fn depends_on_what_is_left(scenario: &Scenario, act: &Act, done: &Execution) -> bool {
    let (Verb::Call { target, .. } | Verb::Query { target, .. }) = &act.verb else {
        return script::calls_others(&act.input);
    };
    let name = scenario.accounts.get(target).and_then(|holding| holding.code.as_ref());
    // What was deployed in the scenario runs a code of it.
    let code = name.map_or_else(|| scenario.codes.values().last(), |name| scenario.codes.get(name));
    match code {
        Some(code) if contracts::engine(code) == EngineKind::Zvm => {
            let text = disassemble(&code[16..]);
            let calls = text
                .lines()
                .any(|line| line.split_whitespace().next().is_some_and(|word| word.ends_with("CALL")));
            calls || matches!(done.outcome, Outcome::Halt(_))
        }
        _ => script::calls_others(&act.input),
    }
}

/// Out of gas, and every halt of an engine whose halts leave nothing.
fn takes_all_there_is(done: &Execution) -> bool {
    matches!(done.outcome, Outcome::Halt(_)) && done.gas_left == 0
}

fn hold_edge(session: &mut Session<'_>, scenario: &Scenario, act: &Act, place: &str) -> bool {
    let mark = session.mark().expect("a usable session");
    let done = play::perform(session, scenario, act);
    session.rollback(mark).expect("the mark holds");
    let Ok(done) = done else { return false };
    let needed = done.gas_used + done.gas_refund;
    if depends_on_what_is_left(scenario, act, &done) || takes_all_there_is(&done) || needed == 0 {
        return false;
    }
    // What the EVM's rules stop takes whatever there is.
    if matches!(done.outcome, Outcome::Halt(_)) && done.gas_left == 0 {
        return false;
    }
    for (limit, left) in [(needed, 0), (needed + 1, 1)] {
        if limit > session.runtime().rules().limits.gas {
            continue;
        }
        let came = try_with(session, scenario, act, limit);
        let should = Execution { gas_left: left + done.gas_refund, ..done.clone() };
        assert_eq!(came, should, "{place}: with {limit} of gas, {needed} being needed");
    }
    let short = try_with(session, scenario, act, needed - 1);
    assert_eq!(short.outcome, Outcome::Halt(Halt::OutOfGas), "{place}: one unit short of {needed}");
    assert_eq!((short.gas_used, short.gas_left, short.gas_refund), (needed - 1, 0, 0), "{place}");
    assert!(short.output.is_empty() && short.logs.is_empty() && short.created.is_none(), "{place}");
    true
}

#[test]
fn n032_what_is_needed_suffices_and_one_unit_less_does_not() {
    let mut held = 0;
    for vector in vectors() {
        let mut host = Host::new(vector, Kind);
        let mut session = play::runtime(vector).session(&mut host, vector.block);
        let mut marks = HashMap::new();
        for (at, step) in vector.steps.iter().enumerate() {
            let place = format!("{}, step {at}", vector.name);
            if let Step::Act(act, expect) = step {
                held += u32::from(hold_edge(&mut session, vector, act, &place));
                play::hold(&place, act, expect, play::perform(&mut session, vector, act));
            }
            play::manage(&mut session, &mut marks, step).expect("a kind ledger");
        }
    }
    assert!(held >= 200, "only {held} acts were held to their gas");
}
