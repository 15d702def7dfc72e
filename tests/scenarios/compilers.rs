//! Every scenario on the other compilers too: equal results, gas included, whatever made the machine code.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use zvm::{CompilerChoice, Config, Runtime, SignalPolicy, Status};

use crate::files::vectors;
use crate::play::{config, play_in};
use crate::scenario::Scenario;

/// Runtimes of one compiler, one for each configuration that a scenario asks for.
struct Runtimes {
    change: fn(&mut Config),
    made: HashMap<String, Runtime>,
}

impl Runtimes {
    fn new(change: fn(&mut Config)) -> Self {
        Self { change, made: HashMap::new() }
    }

    /// `None` where this build has no such compiler.
    fn of(&mut self, scenario: &Scenario) -> Option<Runtime> {
        let name = format!("{:?} {}", scenario.options, scenario.deny_floats);
        if let Some(runtime) = self.made.get(&name) {
            return Some(runtime.clone());
        }
        let mut config = config(scenario);
        (self.change)(&mut config);
        match Runtime::new(config) {
            Ok(runtime) => Some(self.made.entry(name).or_insert(runtime).clone()),
            Err(error) if error.status == Status::Unsupported => None,
            Err(error) => panic!("{}: {error}", scenario.name),
        }
    }

    fn play_all(&mut self) {
        for scenario in vectors() {
            match self.of(scenario) {
                Some(runtime) => drop(play_in(&runtime, scenario)),
                None => return eprintln!("not played: this build has not both compilers"),
            }
        }
    }

    fn recompilations(&self) -> u64 {
        self.made.values().map(|runtime| runtime.stats().recompilations).sum()
    }

    /// Waits until everything that is hot was compiled again: nothing new comes for a while.
    fn settle(&self) {
        let (mut last, mut since) = (self.recompilations(), Instant::now());
        while since.elapsed() < Duration::from_secs(3) {
            std::thread::sleep(Duration::from_millis(50));
            let now = self.recompilations();
            if now != last {
                (last, since) = (now, Instant::now());
            }
        }
    }
}

#[test]
fn every_scenario_ends_the_same_on_cranelift() {
    Runtimes::new(|config| config.compiler = CompilerChoice::Cranelift).play_all();
}

#[test]
fn every_scenario_ends_the_same_without_signals() {
    Runtimes::new(|config| config.signals = SignalPolicy::None).play_all();
    Runtimes::new(|config| {
        (config.signals, config.compiler) = (SignalPolicy::None, CompilerChoice::Cranelift);
    })
    .play_all();
}

#[test]
fn every_scenario_ends_the_same_before_while_and_after_it_is_compiled_again() {
    let mut tiered = Runtimes::new(|config| {
        config.compiler = CompilerChoice::Tiered;
        config.compile_threads = 1;
        config.hot_runs = 1;
    });
    // Each code is hot after its first run: the threads overtake some of the scenarios.
    tiered.play_all();
    tiered.settle();
    let swapped = tiered.recompilations();
    if !tiered.made.is_empty() {
        let compiled: u64 = tiered.made.values().map(|runtime| runtime.stats().compilations).sum();
        // Codes of other engines are counted too, and never compiled again.
        assert!(swapped * 3 > compiled, "{swapped} of {compiled} codes were compiled again");
    }
    // Now what was run once runs on the second compiler's code.
    tiered.play_all();
}
