//! Many modules over all cores.

use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::compare::{Machines, Tally};
use super::program::program;
use crate::machine::{check, meter, meter_calling};
use crate::smith::{Random, generated};

/// Seeds in a row.
#[derive(Clone, Copy)]
pub(crate) struct Campaign {
    pub(crate) first: u64,
    pub(crate) count: u64,
}

/// What came of a campaign, or of its part so far.
#[derive(Clone, Default)]
pub(crate) struct Report {
    /// Modules that were valid and ran.
    pub(crate) modules: u64,
    /// Modules that validation refused.
    pub(crate) refused: u64,
    pub(crate) tally: Tally,
    /// Seeds on which the interpreter panicked.
    pub(crate) panics: Vec<u64>,
    /// Seeds on which the machines differed.
    pub(crate) disagreements: Vec<u64>,
    pub(crate) time: Duration,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { modules, refused, tally, panics, disagreements, time } = self;
        let Tally { returned, trapped, out_of_gas, overflowed, left_out, .. } = tally;
        let rate = *modules as f64 / time.as_secs_f64().max(0.001);
        write!(f, "{modules} modules, {rate:.0}/s, {refused} refused, {left_out} without Singlepass; ")?;
        write!(f, "{returned} calls returned, {trapped} trapped, {out_of_gas} out of gas, ")?;
        write!(f, "{overflowed} out of stack; {} panics of wasmi {panics:?}; ", panics.len())?;
        write!(f, "disagreements: {}", disagreements.len())
    }
}

/// How often the report so far is told.
const PROGRESS: Duration = Duration::from_secs(20);

impl Campaign {
    /// Runs all seeds and tells of the progress from time to time.
    pub(crate) fn run(self, tell: impl Fn(&Report) + Sync) -> Report {
        let (begin, next) = (Instant::now(), AtomicU64::new(self.first));
        let report = Mutex::new((Report::default(), begin));
        let work = || {
            let machines = Machines::new();
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= self.first + self.count {
                    break;
                }
                let verdict = try_seed(&machines, seed);
                let (report, told) = &mut *report.lock().expect("no thread panics with it");
                report.take(seed, verdict);
                report.time = begin.elapsed();
                if told.elapsed() > PROGRESS {
                    *told = Instant::now();
                    tell(report);
                }
            }
        };
        let threads = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
        report.into_inner().expect("no thread panicked with it").0
    }
}

impl Report {
    fn take(&mut self, seed: u64, verdict: Option<Result<Tally, String>>) {
        match verdict {
            None => self.refused += 1,
            Some(Ok(tally)) => {
                self.modules += 1;
                self.tally.add(&tally);
                self.panics.extend((tally.interpreter_panics > 0).then_some(seed));
            }
            Some(Err(what)) => {
                self.modules += 1;
                eprintln!("seed {seed} DISAGREES: {what}");
                self.disagreements.push(seed);
            }
        }
    }
}

/// The module of a seed: of sixteen four random walks, one damaged contract, and else programs.
fn module(seed: u64) -> Vec<u8> {
    match seed % 16 {
        0 | 4 | 8 | 12 => generated(seed),
        15 => damaged(&mut Random(seed)).unwrap_or_else(|| program(&mut Random(seed))),
        _ => program(&mut Random(seed)),
    }
}

/// The contracts that were compiled, in order of their names; none before `make contracts`.
fn contracts() -> &'static [Vec<u8>] {
    static CONTRACTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/build/contracts");
        let read = |path: String| std::fs::read(format!("{folder}/{path}.wasm")).ok();
        let names = ["counter", "token"];
        let paths =
            ["c", "rust", "zig"].iter().flat_map(|tongue| names.map(|name| format!("{tongue}/{name}")));
        paths.filter_map(read).collect()
    });
    &CONTRACTS
}

/// A contract with some of its code's bytes changed, and still valid: the first of many tries that is.
fn damaged(random: &mut Random) -> Option<Vec<u8>> {
    let contracts = contracts();
    let original = contracts.get(random.below(contracts.len().max(1)))?;
    (0..200).find_map(|_| {
        let mut wasm = original.clone();
        for _ in 0..=random.below(3) {
            let place = wasm.len() / 8 + random.below(wasm.len() * 3 / 4);
            wasm[place] = random.next() as u8;
        }
        check(&wasm).is_ok().then_some(wasm)
    })
}

/// `None` where the module is not valid for us.
fn try_seed(machines: &Machines, seed: u64) -> Option<Result<Tally, String>> {
    let plain = module(seed);
    check(&plain).ok()?;
    let verdict = machines.compare(&meterings(&plain), seed);
    if verdict.is_err() {
        keep(seed, &plain);
    }
    Some(verdict)
}

/// The ways a module is metered, which must come to the same.
fn meterings(plain: &[u8]) -> Vec<Vec<u8>> {
    vec![meter(plain), meter_calling(plain)]
}

/// Leaves the module of a disagreement where it can be looked at.
fn keep(seed: u64, plain: &[u8]) {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("disagreement-{seed}.wasm"));
    std::fs::write(path, plain).expect("the module is written");
}
