//! n115 by process: a child commits as fast as it can, telling each acknowledged commit over a
//! pipe; it is killed at a random time; the file must hold the last commit told, or the next.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use zvm::state::ledger::Ledger;
use zvm::state::memory::MemoryLedger;
use zvm::state::store::Store;

use crate::child::{command, say};
use crate::story::{PEOPLE, Random, at, changes, state};

const ROUNDS: u64 = 30;

/// The child's part: go on with the story where the file stands.
pub(crate) fn commit_forever(path: &Path) {
    let store = Store::open(path).unwrap();
    let mut ledger = store.ledger().unwrap();
    say("open");
    for number in commits_in(&mut ledger) + 1.. {
        ledger.commit(&changes(number)).unwrap();
        say(number);
    }
}

/// How far the story has come: each commit leaves its number as everybody's nonce.
fn commits_in(ledger: &mut dyn Ledger) -> u64 {
    ledger.account(at(), &PEOPLE[0]).unwrap().value.map_or(0, |account| account.nonce)
}

#[test]
fn n115_a_killed_process_loses_no_acknowledged_commit() {
    let _alone = crate::child::alone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.zvm");
    let mut random = Random::new(115);
    let mut oracle = MemoryLedger::new();
    let (mut known, mut in_flight) = (0, 0);
    for round in 0..ROUNDS {
        let told = commit_and_kill(&path, &mut random);
        let acknowledged = told.unwrap_or(known);
        let mut ledger = Store::open(&path).unwrap().ledger().unwrap();
        let found = commits_in(&mut ledger);
        assert!(
            found == acknowledged || found == acknowledged + 1,
            "round {round}: {acknowledged} commits were acknowledged, {found} are there"
        );
        in_flight += found - acknowledged;
        for number in known + 1..=found {
            oracle.commit(&changes(number)).unwrap();
        }
        assert!(
            state(&mut ledger).unwrap() == state(&mut oracle).unwrap(),
            "round {round}: commit {found} is not whole"
        );
        known = found;
    }
    println!("{known} commits over {ROUNDS} kills, {in_flight} of them landed unacknowledged");
    assert!(known > ROUNDS, "the child hardly ever got to commit");
}

/// Runs the child, kills it, and returns the last commit it told.
fn commit_and_kill(path: &Path, random: &mut Random) -> Option<u64> {
    let mut child = command("commit", path).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    // One round in five may die before the store is open, the others while it commits.
    if !random.chance(20) {
        lines.find(|line| line.as_ref().unwrap() == "child: open");
    }
    std::thread::sleep(Duration::from_micros(random.number() % 120_000));
    child.kill().unwrap();
    child.wait().unwrap();
    lines.filter_map(|line| line.unwrap().strip_prefix("child: ")?.parse().ok()).last()
}
