//! n113, n114, n069, n079, n085: a callback that breaks its word at the n-th time, for every n of
//! every scenario and for every way of breaking it. The call ends with the right status, nothing
//! has changed, nothing is lost, and the same step then does what it always did.

mod clerk;
mod scenario;
mod vectors;

use std::collections::{BTreeMap, BTreeSet};

use zvm::Status;

use self::scenario::{Done, Run, Scenario, Step};
use crate::support::faults::Fault;
use crate::support::host::{Change, Commit, State};
use crate::support::{Asked, Runtime, memory};

/// What an honest run is like.
struct Baseline {
    /// For each step: what came of it, the callbacks it took, the changes before it.
    steps: Vec<(Done, Vec<Asked>, Vec<Change>)>,
    commits: Vec<Commit>,
    state: State,
}

/// Whether the runtime still has the codes compiled when the step begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cache {
    Warm,
    Cold,
}

impl Cache {
    fn prepare(self, runtime: &Runtime) {
        if self == Self::Cold {
            runtime.trim();
        }
    }
}

fn honest(scenario: &Scenario, runtime: &Runtime, cache: Cache) -> Baseline {
    let mut run = scenario.begin(runtime);
    let mut steps = Vec::new();
    for step in scenario.all_steps() {
        let (changes, asked) = (run.changes(), run.host.asked());
        cache.prepare(runtime);
        let done = run.step(step);
        steps.push((done, run.host.inside().trace[asked..].to_vec(), changes));
    }
    let host = run.end(&scenario.name);
    let inside = host.inside();
    Baseline { steps, commits: inside.commits.clone(), state: inside.state.clone() }
}

/// One scenario with one fault at one callback of one step.
struct Trial<'a> {
    scenario: &'a Scenario,
    runtime: &'a Runtime,
    baseline: &'a Baseline,
    cache: Cache,
    step: usize,
    nth: usize,
    fault: Fault,
    /// How many steps are looked at from the struck one on.
    after: usize,
}

impl Trial<'_> {
    /// Whether the fault was noticed; everything else must hold, or it panics.
    fn run(&self) -> bool {
        let asked = self.baseline.steps[self.step].1[self.nth];
        let what = format!(
            "{}: {:?} at callback {} ({asked:?}) of step {}",
            self.scenario.name, self.fault, self.nth, self.step
        );
        let mut run = self.scenario.begin(self.runtime);
        let steps: Vec<&Step> = self.scenario.all_steps().collect();
        for (nth, step) in steps[..self.step].iter().enumerate() {
            self.cache.prepare(self.runtime);
            assert_eq!(run.step(step), self.baseline.steps[nth].0, "{what}: before it");
        }
        if !self.strike(&mut run, steps[self.step], asked, &what) {
            return false;
        }
        for (nth, step) in steps.iter().enumerate().skip(self.step).take(self.after) {
            let (expected, _, changes) = &self.baseline.steps[nth];
            assert!(run.changes() == *changes, "{what}: the changes before step {nth} are others");
            assert_eq!(run.step(step), *expected, "{what}: step {nth} after it");
        }
        let host = run.end(&what);
        if self.step.saturating_add(self.after) < steps.len() {
            return true;
        }
        let inside = host.inside();
        assert!(inside.state == self.baseline.state, "{what}: the host's state is another");
        let mut commits = inside.commits.clone();
        // A host that applied and then failed got the same commit twice, under the same number.
        commits.dedup();
        assert!(commits == self.baseline.commits, "{what}: the commits are others");
        true
    }

    /// The step with the fault in it.
    fn strike(&self, run: &mut Run, step: &Step, asked: Asked, what: &str) -> bool {
        let state = run.host.inside().state.clone();
        self.cache.prepare(self.runtime);
        run.host.arm(self.nth, self.fault);
        let done = run.step(step);
        assert!(run.host.inside().fault.is_none(), "{what}: the callback was not reached");
        if asked == Asked::Log {
            // What it says does not count. The step was done; once more is not the same, so begin anew.
            assert_eq!(done, self.baseline.steps[self.step].0, "{what}");
            *run = self.scenario.begin(self.runtime);
            self.scenario.all_steps().take(self.step).for_each(|step| drop(run.step(step)));
            return true;
        }
        let Err(failure) = done else { return false };
        let (status, host_code) = self.fault.expected();
        assert_eq!((failure.status, failure.host_code), (status as i32, host_code), "{what}: {failure:?}");
        if self.fault == Fault::Says {
            assert_eq!(failure.message, "the disk is on fire", "{what}");
        }
        // A host that took a commit and then broke its word has taken it.
        let refused_at_once = matches!(self.fault, Fault::Returns(_) | Fault::Says);
        if asked != Asked::Commit || refused_at_once {
            assert!(run.host.inside().state == state, "{what}: the host's state changed");
        }
        true
    }
}

/// Callbacks of one step that are struck in every way; later ones are struck once.
const MANY: usize = 40;

/// Every fault at every callback; returns how many there were of each kind of callback.
fn sweep(scenario: &Scenario, faults: impl Fn(Asked, Cache) -> Vec<Fault>) -> BTreeMap<Asked, usize> {
    let (runtime, mut counts, mut unnoticed) = (scenario.runtime(), BTreeMap::new(), BTreeSet::new());
    for cache in [Cache::Cold, Cache::Warm] {
        let first = honest(scenario, &runtime, cache);
        let baseline = honest(scenario, &runtime, cache);
        assert!(first.commits == baseline.commits && first.state == baseline.state, "{}", scenario.name);
        for (step, (_, trace, _)) in baseline.steps.iter().enumerate() {
            for (nth, asked) in trace.iter().enumerate() {
                // Compiling is slow: with a cold cache only what a warm one does not ask.
                if cache == Cache::Cold && *asked != Asked::Code {
                    continue;
                }
                for (place, fault) in faults(*asked, cache).into_iter().enumerate() {
                    if nth >= MANY && place > 0 {
                        break;
                    }
                    // To the very end after the first fault of each, one step after the others.
                    let after = if nth < MANY && place == 0 { usize::MAX } else { 1 };
                    let trial = Trial {
                        scenario,
                        runtime: &runtime,
                        baseline: &baseline,
                        cache,
                        step,
                        nth,
                        fault,
                        after,
                    };
                    if !trial.run() {
                        unnoticed.insert(format!("{asked:?} {fault:?}"));
                    }
                    *counts.entry(*asked).or_default() += 1;
                }
            }
        }
    }
    assert!(unnoticed.is_empty(), "{}: broken words that were believed: {unnoticed:?}", scenario.name);
    counts
}

#[test]
fn n113_n114_n069_n079_every_fault_at_every_callback_of_the_clerk() {
    let scenario = clerk::scenario();
    let runtime = scenario.runtime();
    let baseline = honest(&scenario, &runtime, Cache::Cold);
    for (nth, (done, ..)) in baseline.steps.iter().enumerate() {
        let expected = if nth == 6 { Status::CodeFormat as i32 } else { 0 };
        assert_eq!(
            done.as_ref().map_or_else(|failure| failure.status, |_| 0),
            expected,
            "step {nth}: {done:?}"
        );
        if let Ok(Some(outcome)) = done {
            assert_eq!(outcome.kind, 0, "step {nth}: {outcome:?}");
        }
    }
    let counts = sweep(&scenario, |asked, _| Fault::of(asked));
    // Every kind of callback was reached.
    assert_eq!(counts.len(), 10, "{counts:?}");
}

#[test]
fn n082_n113_the_same_where_the_answer_is_in_the_op() {
    let scenario = Scenario { answers_in_op: true, ..clerk::scenario() };
    let in_op = honest(&scenario, &scenario.runtime(), Cache::Cold);
    let returned = honest(&clerk::scenario(), &scenario.runtime(), Cache::Cold);
    assert!(in_op.commits == returned.commits && in_op.state == returned.state);
    assert_eq!(sweep(&scenario, |asked, _| Fault::of(asked)).len(), 10);
}

/// Every second vector, on a thread of its own. With a cold cache each trial compiles anew, so
/// there the clerk alone has every fault, and the vectors one of each kind.
fn sweep_vectors(first: usize) {
    let faults = |asked, cache| match cache {
        Cache::Warm => Fault::of(asked),
        Cache::Cold => vec![Fault::Returns(0), Fault::Length(257), Fault::Field(0)],
    };
    let scenarios: Vec<Scenario> = vectors::all().into_iter().skip(first).step_by(2).collect();
    let swept: usize = scenarios.iter().flat_map(|scenario| sweep(scenario, faults).into_values()).sum();
    assert!(scenarios.len() >= 12 && swept > 2000, "{swept} faults in {} scenarios", scenarios.len());
}

#[test]
fn n113_n114_n069_n079_every_fault_at_every_callback_of_the_even_vectors() {
    sweep_vectors(0);
}

#[test]
fn n113_n114_n069_n079_every_fault_at_every_callback_of_the_odd_vectors() {
    sweep_vectors(1);
}

#[test]
fn n113_failures_leave_no_memory_behind() {
    let scenario = clerk::scenario();
    let failing = |asked, _| {
        let mut faults = vec![Fault::Returns(0), Fault::LendsTooMuch, Fault::Head(0)];
        faults.retain(|fault| Fault::of(asked).contains(fault));
        faults
    };
    // What is made once is made, and the quarantine of freed handles is full.
    (0..3).for_each(|_| drop(sweep(&scenario, failing)));
    let before = memory::held();
    let trials: usize = sweep(&scenario, failing).into_values().sum();
    let grown = memory::held() - before;
    assert!(trials > 50, "{trials}");
    assert!(grown < 32 << 10, "{grown} bytes more after {trials} failures");
}
