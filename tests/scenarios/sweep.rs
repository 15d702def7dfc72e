//! Every scenario again, with a ledger that fails at its n-th question, for every n (#113).
//!
//! The failure is the embedder's: the step ends with its status and its number, nothing has
//! changed, and the same step tried again gives what it would have given at first.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

use zvm::{Changes, Error, Result, Runtime, Session, Status};

use crate::files::vectors;
use crate::host::{Fate, Host};
use crate::play;
use crate::scenario::{Scenario, Step};

/// The number the failing ledger gives.
const NUMBER: i32 = -113;

/// Answers so many questions, fails at the next, and answers again from then on.
struct FailsOnce(Rc<Cell<u64>>);

/// More questions than anybody asks.
const NEVER: u64 = u64::MAX;

impl Fate for FailsOnce {
    fn answers(&mut self) -> Result<()> {
        let left = self.0.get();
        self.0.set(left.wrapping_sub(1));
        match left {
            0 => Err(Error::new(Status::Host, "the disk is gone").with_host_code(NUMBER)),
            _ => Ok(()),
        }
    }
}

/// A session under test, and the failures it met.
struct Trial<'l> {
    session: Session<'l>,
    failures: u32,
}

impl<'l> Trial<'l> {
    /// Does a thing, and once more if the ledger failed.
    fn attempt<T>(&mut self, place: &str, work: impl Fn(&mut Session<'l>) -> Result<T>) -> Result<T> {
        let before = self.changes();
        match work(&mut self.session) {
            Err(error) if error.status == Status::Host => {
                assert_eq!(error.host_code, NUMBER, "{place}: {error}");
                assert_eq!(self.changes(), before, "{place}: changes after and before the failure");
                self.failures += 1;
                work(&mut self.session)
            }
            done => done,
        }
    }

    fn changes(&self) -> Changes {
        self.session.changes().expect("a usable session")
    }
}

/// Plays a scenario with a failure after so many questions. Returns how many were asked.
fn play_with_failure(runtime: &Runtime, scenario: &Scenario, after: u64) -> u64 {
    let left = Rc::new(Cell::new(after));
    let mut host = Host::new(scenario, FailsOnce(Rc::clone(&left)));
    let commits = Rc::clone(&host.commits);
    let session = runtime.session(&mut host, scenario.block);
    let mut trial = Trial { session, failures: 0 };
    let mut marks = HashMap::new();
    for (at, step) in scenario.steps.iter().enumerate() {
        let place = format!("{}, step {at}, failure after {after} questions", scenario.name);
        match step {
            Step::Act(act, expect) => {
                let result = trial.attempt(&place, |session| play::perform(session, scenario, act));
                play::hold(&place, act, expect, result);
            }
            Step::Commit => trial.attempt(&place, Session::commit).expect("the second time"),
            Step::Mark(_) | Step::Rollback(_) => {
                play::manage(&mut trial.session, &mut marks, step).expect("no question is asked");
            }
        }
    }
    let changes = trial.changes();
    play::hold_changes(scenario, &changes);
    let done = commits.borrow().len();
    trial.attempt(&scenario.name, Session::commit).expect("the second time");
    assert_eq!(commits.borrow()[done..], [changes], "{}: the commit, tried again", scenario.name);
    assert_eq!(trial.failures, u32::from(after != NEVER), "{}: failures after {after}", scenario.name);
    after.wrapping_sub(left.get())
}

/// Fails at each question in turn and returns how many there are.
fn sweep(runtime: impl Fn() -> Runtime, scenario: &Scenario) -> u64 {
    let questions = play_with_failure(&runtime(), scenario, NEVER);
    for after in 0..questions {
        play_with_failure(&runtime(), scenario, after);
    }
    questions
}

#[test]
fn n113_a_ledger_that_fails_at_any_question_changes_nothing() {
    let questions: u64 = vectors().iter().map(|vector| sweep(|| play::runtime(vector), vector)).sum();
    assert!(questions > 1_000, "only {questions} questions are asked");
}

/// Code is asked for only where it is not compiled yet.
#[test]
fn n113_a_ledger_that_fails_to_give_code_changes_nothing() {
    for name in ["call", "create", "delegate", "deploy", "static-below", "code-hash"] {
        let vector = vectors().iter().find(|vector| vector.name == name).expect("a file of this name");
        let warm = sweep(|| play::runtime(vector), vector);
        let cold = sweep(|| play::cold_runtime(vector), vector);
        let stored = vector.accounts.values().any(|holding| holding.code.is_some());
        assert_eq!(cold > warm, stored, "{name}: {cold} questions of a cold runtime, {warm} of a warm one");
    }
}
