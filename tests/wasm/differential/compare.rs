//! One module on all machines: every call must end the same everywhere, to the unit and the bit.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use super::interpreter::Wasmi;
use super::machines::{Code, Engine, Export, Instance, Run, Surface};
use super::native::Wasmer;
use crate::machine::Stop;
use crate::smith::Random;

/// The large budget. Loops that do not end spend it all.
const PLENTY: u64 = 60_000;
/// Exports of one module that are called.
const EXPORTS: usize = 6;

/// The machines of one thread. The first is the one the others are held to.
pub(crate) struct Machines {
    compilers: Vec<Box<dyn Engine>>,
    interpreter: Wasmi,
}

/// How the calls of one module ended, for the report.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) returned: u64,
    pub(crate) trapped: u64,
    pub(crate) out_of_gas: u64,
    pub(crate) overflowed: u64,
    /// Modules on which the interpreter panicked: compared without it.
    pub(crate) interpreter_panics: u64,
    /// Modules that one of the machines may not run: compared on the others.
    pub(crate) left_out: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Self) {
        self.returned += other.returned;
        self.trapped += other.trapped;
        self.out_of_gas += other.out_of_gas;
        self.overflowed += other.overflowed;
        self.interpreter_panics += other.interpreter_panics;
        self.left_out += other.left_out;
    }

    fn count(&mut self, run: &Run) {
        *match run.result {
            Ok(_) => &mut self.returned,
            Err(Stop::Trap(_)) => &mut self.trapped,
            Err(Stop::OutOfGas) => &mut self.out_of_gas,
            Err(Stop::StackOverflow) => &mut self.overflowed,
        } += 1;
    }
}

impl Machines {
    pub(crate) fn new() -> Self {
        let compilers: Vec<Box<dyn Engine>> =
            vec![Box::new(Wasmer::singlepass()), Box::new(Wasmer::cranelift())];
        Self { compilers, interpreter: Wasmi::new() }
    }

    /// Runs a module, metered in one way or several, everywhere; the first difference ends it.
    pub(crate) fn compare(&self, metered: &[Vec<u8>], seed: u64) -> Result<Tally, String> {
        let mut engines: Vec<&dyn Engine> = self.compilers.iter().map(|engine| &**engine).collect();
        engines.push(&self.interpreter);
        match quietly(|| self.run(&engines, metered, seed)) {
            Ok(verdict) => verdict,
            // Nothing of ours panics on purpose; only the interpreter is known to.
            Err(_) => {
                engines.pop();
                let mut tally = self.run(&engines, metered, seed)?;
                tally.interpreter_panics = 1;
                Ok(tally)
            }
        }
    }

    fn run(&self, engines: &[&dyn Engine], metered: &[Vec<u8>], seed: u64) -> Result<Tally, String> {
        let (mut codes, mut tally) = (Vec::new(), Tally::default());
        for (engine, metered) in
            engines.iter().flat_map(|engine| metered.iter().map(move |way| (engine, way)))
        {
            if !engine.may_run(metered) {
                tally.left_out = 1;
                continue;
            }
            let code = engine.load(metered).map_err(|error| format!("{}: {error}", engine.name()))?;
            codes.push(Loaded { name: engine.name(), code });
        }
        let mut trial = Trial { codes, surface: Surface::of(&metered[0]), random: Random(seed), tally };
        for at in 0..trial.surface.functions.len().min(EXPORTS) {
            trial.export(at)?;
        }
        Ok(trial.tally)
    }
}

struct Loaded {
    name: &'static str,
    code: Box<dyn Code>,
}

/// A module while its exports are tried.
struct Trial {
    codes: Vec<Loaded>,
    surface: Surface,
    random: Random,
    tally: Tally,
}

impl Trial {
    /// 1. A call with plenty. 2. Where it returned, another export on what it left behind, in slices.
    ///    3. The call anew with exactly what it used, in slices. 4. And with one unit less.
    fn export(&mut self, at: usize) -> Result<(), String> {
        let Export { name, params } = self.surface.functions[at].clone();
        let args: Vec<u64> = params.iter().map(|_| self.random.interesting()).collect();
        let (run, instances) = self.call(self.fresh(), &name, &args, PLENTY, u64::MAX)?;
        if run.result.is_ok() {
            let next = self.random.below(self.surface.functions.len());
            let Export { name, params } = self.surface.functions[next].clone();
            let args: Vec<u64> = params.iter().map(|_| self.random.interesting()).collect();
            let slice = self.slice();
            self.call(instances, &name, &args, PLENTY / 4, slice)?;
        }
        if matches!(run.result, Err(Stop::OutOfGas | Stop::StackOverflow)) {
            let (budget, slice) = (self.random.below(PLENTY as usize) as u64, self.slice());
            self.call(self.fresh(), &name, &args, budget, slice)?;
            return Ok(());
        }
        let (used, slice) = (PLENTY - run.left, self.slice());
        let (exact, _) = self.call(self.fresh(), &name, &args, used, slice)?;
        if (&exact.result, exact.left, exact.stack) != (&run.result, 0, run.stack) {
            return Err(format!("{name}{args:?} used {used}; with that it came to {exact:?} after {run:?}"));
        }
        if let Some(budget) = used.checked_sub(1) {
            let slice = self.slice();
            let (short, _) = self.call(self.fresh(), &name, &args, budget, slice)?;
            if short.result != Err(Stop::OutOfGas) {
                return Err(format!("{name}{args:?} used {used}, but with one less came to {short:?}"));
            }
        }
        Ok(())
    }

    /// Large, or so small that nearly each block asks for more.
    fn slice(&mut self) -> u64 {
        match self.random.below(3) {
            0 => u64::MAX,
            1 => 1 + self.random.below(30) as u64,
            _ => 1 + self.random.below(3000) as u64,
        }
    }

    fn fresh(&self) -> Vec<Box<dyn Instance>> {
        self.codes.iter().map(|loaded| loaded.code.start()).collect()
    }

    /// One call on each machine.
    fn call(
        &mut self,
        mut instances: Vec<Box<dyn Instance>>,
        name: &str,
        args: &[u64],
        gas: u64,
        slice: u64,
    ) -> Result<(Run, Vec<Box<dyn Instance>>), String> {
        let (first, others) = instances.split_first_mut().expect("a machine");
        let run = first.call(name, args, gas, slice);
        let place = || format!("{name}{args:?} with {gas} in slices of {slice}");
        for (other, loaded) in others.iter_mut().zip(&self.codes[1..]) {
            let came = other.call(name, args, gas, slice);
            if came != run {
                let names = (self.codes[0].name, loaded.name);
                return Err(format!("{}: {} {run:?}, {} {came:?}", place(), names.0, names.1));
            }
            if let Some(what) = self.surface.differ(&mut **first, &mut **other) {
                return Err(format!("{}: {what} of {} and {}", place(), self.codes[0].name, loaded.name));
            }
        }
        self.tally.count(&run);
        Ok((run, instances))
    }
}

impl Surface {
    /// What two instances differ in.
    fn differ(&self, one: &mut dyn Instance, other: &mut dyn Instance) -> Option<String> {
        if let Some(name) = self.globals.iter().find(|name| one.global(name) != other.global(name)) {
            return Some(format!("global {name}"));
        }
        let mut same = true;
        one.with_memory(&mut |one| other.with_memory(&mut |other| same = one == other));
        (!same).then(|| "the memories".to_owned())
    }
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Catches a panic of this thread without a word on the terminal.
fn quietly<T>(work: impl FnOnce() -> T) -> std::thread::Result<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                loud(info);
            }
        }));
    });
    let before = QUIET.replace(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    QUIET.set(before);
    done
}
