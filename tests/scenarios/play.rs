//! Plays a scenario through the Rust API, as a binding's runner does through its own.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Mutex, OnceLock};

use zvm::{Call, Changes, Config, Deploy, EngineKind, Execution, Mark, Result, Runtime, Session, Terms};

use crate::host::{Host, Kind};
use crate::scenario::{Act, End, Expect, GasFigures, Scenario, Step, Verb};

/// Plays the whole scenario and holds it to what it expects. Returns each act's gas.
pub(crate) fn play(scenario: &Scenario) -> Vec<Option<GasFigures>> {
    play_in(&runtime(scenario), scenario)
}

pub(crate) fn play_in(runtime: &Runtime, scenario: &Scenario) -> Vec<Option<GasFigures>> {
    let mut host = Host::new(scenario, Kind);
    let commits = Rc::clone(&host.commits);
    let mut session = runtime.session(&mut host, scenario.block);
    let mut marks = HashMap::new();
    let mut gas = Vec::new();
    for (at, step) in scenario.steps.iter().enumerate() {
        let place = format!("{}, step {at}", scenario.name);
        match step {
            Step::Act(act, expect) => {
                let result = perform(&mut session, scenario, act);
                gas.push(result.as_ref().ok().map(figures));
                hold(&place, act, expect, result);
            }
            _ => manage(&mut session, &mut marks, step).unwrap_or_else(|error| panic!("{place}: {error}")),
        }
    }
    let changes = session.changes().expect("a usable session");
    hold_changes(scenario, &changes);
    commits.borrow_mut().clear();
    session.commit().expect("the ledger takes it");
    drop(session);
    assert_eq!(*commits.borrow(), [changes], "{}: the changes and the one commit", scenario.name);
    host.forget();
    let second = runtime.session(&mut host, scenario.block);
    assert!(second.changes().expect("a usable session").is_empty(), "{}: a second session", scenario.name);
    gas
}

/// A runtime of the scenario's configuration, with what others compiled in it.
pub(crate) fn runtime(scenario: &Scenario) -> Runtime {
    static RUNTIMES: OnceLock<Mutex<HashMap<String, Runtime>>> = OnceLock::new();
    let name = format!("{:?} {}", scenario.options, scenario.deny_floats);
    let mut runtimes =
        RUNTIMES.get_or_init(Mutex::default).lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    runtimes.entry(name).or_insert_with(|| cold_runtime(scenario)).clone()
}

/// A runtime of the scenario's configuration that has compiled nothing yet.
pub(crate) fn cold_runtime(scenario: &Scenario) -> Runtime {
    Runtime::new(config(scenario)).expect("a runtime")
}

pub(crate) fn config(scenario: &Scenario) -> Config {
    let mut config = Config::default();
    config.rules.deny_floats = scenario.deny_floats;
    for (name, figure) in &scenario.options {
        let known = match name.split_once('.') {
            Some(("limit", name)) => config.rules.limits.set(name, *figure),
            Some(("gas", name)) => config.rules.schedule.set(name, *figure),
            _ => false,
        };
        assert!(known, "{}: no option {name}", scenario.name);
    }
    config
}

pub(crate) fn perform(session: &mut Session<'_>, scenario: &Scenario, act: &Act) -> Result<Execution> {
    let Act { verb, caller, origin, value, gas_price, input, gas_limit } = act;
    let (caller, value, input) = (*caller, *value, input.clone());
    let terms = Terms { gas_limit: *gas_limit, gas_price: *gas_price, origin: *origin, ..Terms::default() };
    match verb {
        Verb::Deploy { code, engine, salt } => {
            let code = scenario.codes[code].as_slice().into();
            let engine = EngineKind::from_number(*engine as u32);
            session.deploy(&Deploy { caller, code, engine, input, value, salt: *salt, terms })
        }
        Verb::Call { target, entry, is_static } | Verb::Query { target, entry, is_static } => {
            let (target, entry, is_static) = (*target, entry.clone(), *is_static);
            let call = Call { caller, target, value, entry, input, is_static, terms };
            if matches!(verb, Verb::Query { .. }) { session.query(&call) } else { session.call(&call) }
        }
    }
}

/// A step that runs no contract.
pub(crate) fn manage(
    session: &mut Session<'_>,
    marks: &mut HashMap<String, Mark>,
    step: &Step,
) -> Result<()> {
    match step {
        Step::Mark(name) => drop(marks.insert(name.clone(), session.mark()?)),
        Step::Rollback(name) => session.rollback(marks[name])?,
        Step::Commit => session.commit()?,
        Step::Act(..) => {}
    }
    Ok(())
}

pub(crate) fn figures(execution: &Execution) -> GasFigures {
    GasFigures { used: execution.gas_used, left: execution.gas_left, refund: execution.gas_refund }
}

/// Holds what came of an act to what should.
pub(crate) fn hold(place: &str, act: &Act, expect: &Expect, result: Result<Execution>) {
    match (expect, result) {
        (Expect::Status(status), Err(error)) => assert_eq!(error.status, *status, "{place}: {error}"),
        (Expect::End(end), Ok(execution)) => hold_end(place, act, end, &execution),
        (Expect::Status(status), Ok(execution)) => panic!("{place}: {status:?} expected, not {execution:?}"),
        (Expect::End(end), Err(error)) => panic!("{place}: {:?} expected, not {error}", end.outcome),
    }
}

fn hold_end(place: &str, act: &Act, end: &End, execution: &Execution) {
    let came = End {
        outcome: execution.outcome,
        gas: end.gas.map(|_| figures(execution)),
        data: execution.output.clone(),
        created: execution.created,
        logs: execution.logs.clone(),
    };
    assert_eq!(came, *end, "{place}: what came (left) and what should (right)");
    let GasFigures { used, left, refund } = figures(execution);
    assert_eq!(used + left, act.gas_limit, "{place}: gas used and left are the limit");
    assert!(refund <= left, "{place}: the refund is in what is left");
}

pub(crate) fn hold_changes(scenario: &Scenario, changes: &Changes) {
    let name = &scenario.name;
    for (at, (came, should)) in changes.list.iter().zip(&scenario.changes).enumerate() {
        assert_eq!(came, should, "{name}: change {at} that came (left) and should (right)");
    }
    assert_eq!(changes.list.len(), scenario.changes.len(), "{name}: changes {:?}", changes.list);
    assert_eq!(changes.logs, scenario.logs, "{name}: events that came (left) and should (right)");
}
