//! Differential fuzzing: the same metered bytes on Singlepass, Cranelift and wasmi.
//!
//! For each call of each export everything a contract's fate could hang on must be the same: the
//! results' bits or the trap, the gas left where it ended, the counted stack, the globals, the
//! memory, and what was asked of the host in which order with how much gas left. A module's seed
//! decides everything about it, so a disagreement is named by a number.
//!
//! `make fuzz-wasm N=100000` runs as many as are asked for; the suite runs the first two thousand.

mod body;
mod campaign;
mod compare;
mod host;
pub(crate) mod interpreter;
pub(crate) mod machines;
pub(crate) mod native;
mod operators;
pub(crate) mod program;

use self::campaign::{Campaign, Report};

/// The seeds that every run of the suite tries.
const FIXED: u64 = 2_000;

#[test]
fn machines_agree_on_generated_modules() {
    let report = Campaign { first: 0, count: FIXED }.run(|_| {});
    eprintln!("{report}");
    assert!(report.disagreements.is_empty(), "{report}, seeds {:?}", report.disagreements);
    // Worth its time only while the modules do things and the interpreter stays with it.
    let Report { tally, modules, .. } = &report;
    assert!(*modules * 10 > FIXED * 9, "{report}");
    let least = FIXED / 2;
    assert!([tally.returned, tally.trapped, tally.out_of_gas].iter().all(|count| *count > least), "{report}");
    assert!(tally.overflowed > 10 && tally.interpreter_panics < 5, "{report}");
}

/// What `make fuzz-wasm` runs: ZVM_FUZZ_MODULES of them from seed ZVM_FUZZ_FIRST on.
#[test]
#[ignore = "minutes: make fuzz-wasm N=100000"]
fn fuzz() {
    let figure = |name: &str| std::env::var(name).ok().map(|text| text.parse().expect("a number"));
    let first = figure("ZVM_FUZZ_FIRST").unwrap_or(0);
    let count = figure("ZVM_FUZZ_MODULES").unwrap_or(FIXED);
    let report = Campaign { first, count }.run(|report| println!("{report}"));
    println!("{report}");
    assert!(report.disagreements.is_empty(), "seeds {:?}", report.disagreements);
}
