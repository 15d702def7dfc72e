//! Ethereum's state tests through sessions of this library: the root and the logs after each.
//!
//! `make test-ethereum` runs all of them, or those under `ZVM_STATE_TESTS`; here a part of them runs
//! with every build. Where the files are not there, that is said, and nothing passes for it.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use revm_context_interface::block::calc_blob_gasprice;
use revm_primitives::eip4844;
use zvm::{Config, Revision, Rules, Runtime, Status, Stopwatch, Word};

use crate::fixture::{Expected, Fixture};
use crate::trie::{logs_hash, state_root};

/// What became of the tests.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: Vec<String>,
    /// Of forks that this library does not know, by name.
    unsupported: BTreeMap<String, usize>,
}

fn revision(fork: &str) -> Option<Revision> {
    Some(match fork {
        "Frontier" => Revision::Frontier,
        "Homestead" => Revision::Homestead,
        "EIP150" | "TangerineWhistle" => Revision::TangerineWhistle,
        "EIP158" | "SpuriousDragon" => Revision::SpuriousDragon,
        "Byzantium" => Revision::Byzantium,
        "ConstantinopleFix" | "Petersburg" => Revision::Petersburg,
        "Istanbul" => Revision::Istanbul,
        "Berlin" => Revision::Berlin,
        "London" => Revision::London,
        "Merge" | "Paris" => Revision::Paris,
        "Shanghai" => Revision::Shanghai,
        "Cancun" => Revision::Cancun,
        "Prague" => Revision::Prague,
        "Osaka" => Revision::Osaka,
        _ => return None,
    })
}

/// Runtimes, one for each revision that a test names.
#[derive(Default)]
struct Runtimes(BTreeMap<Revision, Runtime>);

impl Runtimes {
    fn of(&mut self, revision: Revision) -> &Runtime {
        self.0.entry(revision).or_insert_with(|| {
            let rules = Rules { revision, ..Rules::default() };
            Runtime::new(Config { rules, ..Config::default() }).unwrap()
        })
    }
}

/// The blob base fee of the test's block, which its file gives by the blob gas before it.
fn blob_base_fee(fixture: &Fixture, revision: Revision) -> Word {
    let number = |name: &str| {
        let text = fixture.environment.get(name)?.as_str()?;
        u64::from_str_radix(text.trim_start_matches("0x"), 16).ok()
    };
    let excess = number("currentExcessBlobGas").unwrap_or(0);
    let fraction = match revision {
        Revision::Cancun => eip4844::BLOB_BASE_FEE_UPDATE_FRACTION_CANCUN,
        revision if revision > Revision::Cancun => eip4844::BLOB_BASE_FEE_UPDATE_FRACTION_PRAGUE,
        _ => return Word::ZERO,
    };
    let fee = calc_blob_gasprice(excess, fraction);
    let mut word = Word::ZERO;
    word.0[16..].copy_from_slice(&fee.to_be_bytes());
    word
}

/// Runs one variant, and says what is not as expected.
fn run(fixture: &Fixture, case: &Expected, revision: Revision, runtime: &Runtime) -> Result<(), String> {
    let mut ledger = fixture.ledger.clone();
    let block = fixture.block(blob_base_fee(fixture, revision));
    let mut logs = Vec::new();
    let mut rejected = true;
    if let Some(transaction) = fixture.transaction(case) {
        let mut session = runtime.session(&mut ledger, block);
        match session.run_ethereum(&transaction, Stopwatch::default()) {
            Ok(execution) => {
                (logs, rejected) = (execution.logs, false);
                session.commit().map_err(|error| error.to_string())?;
            }
            Err(error) if error.status == Status::Rejected => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    if case.rejected && !rejected {
        return Err("was not rejected".into());
    }
    if logs_hash(&logs) != case.logs {
        return Err(format!("logs {logs:?}, rejected {rejected}"));
    }
    let root = state_root(&ledger);
    match root == case.root {
        true => Ok(()),
        false => Err(format!("root {root}, expected {}, rejected {rejected}", case.root)),
    }
}

fn run_files(files: &[PathBuf]) -> Tally {
    let (mut tally, mut runtimes) = (Tally::default(), Runtimes::default());
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        for fixture in Fixture::all(&text) {
            for case in &fixture.expected {
                let Some(revision) = revision(&case.fork) else {
                    *tally.unsupported.entry(case.fork.clone()).or_default() += 1;
                    continue;
                };
                match run(&fixture, case, revision, runtimes.of(revision)) {
                    Ok(()) => tally.passed += 1,
                    Err(why) => {
                        let Expected { fork, data, gas, value, .. } = case;
                        let at = format!("{} {fork} d{data} g{gas} v{value}", fixture.name);
                        tally.failed.push(format!("{}: {at}: {why}", file.display()));
                    }
                }
            }
        }
    }
    tally
}

/// Every file of tests below a folder, or the file itself, in order.
fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.into()];
    }
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn vectors() -> Option<PathBuf> {
    let folder = std::env::var_os("ZVM_VECTORS").map_or_else(|| "../shared/vectors".into(), PathBuf::from);
    let folder = folder.join("ethereum-tests");
    if folder.is_dir() {
        return Some(folder);
    }
    // To the stream itself, which the harness does not capture.
    let why =
        format!("SKIPPED: no Ethereum state tests at {}; ZVM_VECTORS says where they are", folder.display());
    let _ = writeln!(std::io::stderr(), "{why}");
    None
}

fn judge(tally: &Tally) {
    for (fork, cases) in &tally.unsupported {
        println!("{cases} cases of {fork}, which no revision is");
    }
    tally.failed.iter().for_each(|failure| println!("FAILED {failure}"));
    println!("{} passed, {} failed", tally.passed, tally.failed.len());
    assert!(tally.failed.is_empty(), "{} state tests failed", tally.failed.len());
    assert_ne!(tally.passed, 0, "no state test ran");
}

#[test]
fn a_part_of_the_state_tests_passes() {
    let Some(folder) = vectors() else { return };
    // Every eighth file, so that each folder has some.
    let part: Vec<_> = files(&folder).into_iter().step_by(8).collect();
    judge(&run_files(&part));
}

#[test]
#[ignore = "all of them take a minute: make test-ethereum"]
fn all_state_tests_pass() {
    let folder = std::env::var_os("ZVM_STATE_TESTS").map(PathBuf::from).or_else(vectors);
    let Some(folder) = folder else { return };
    judge(&run_files(&files(&folder)));
}
