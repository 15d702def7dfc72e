//! Generated worlds and transactions, through a session and through revm as a whole.
//!
//! `program` writes code, `scene` puts it into a world and has transactions run in it one after the
//! other, `peer` is the other side, and `steps` how it goes there; `eels` writes them down for Ethereum's
//! specification. All transactions of a scene run in one session without a commit
//! between, so that what one leaves in the journal is what the next begins with.

mod eels;
mod peer;
mod program;
mod random;
mod scene;
mod steps;

use std::io::Write;
use std::rc::Rc;

use zvm::{EthereumTransaction, MemoryLedger, Rejection, Revision, Runtime, Status, Stopwatch, Trace};

use crate::traces::{Heard, heard};
use crate::world::runtime;
use random::Random;
use scene::Scene;
use steps::Steps;

/// What both sides say of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Result {
    /// Neither its state nor its nonce changed.
    Rejected,
    /// Whether it succeeded or reverted, its gas, output, and logs' hash.
    Done { success: bool, revert: bool, gas: u64, output: Vec<u8>, logs: zvm::Word },
}

/// A scene that was run to its end, equal on both sides.
struct Played {
    seed: u64,
    revision: Revision,
    scene: Scene,
    transactions: Vec<(EthereumTransaction, Result)>,
    after: MemoryLedger,
    steps: usize,
}

/// Runs the scene of a seed; with a trace, which must tell of the steps that the peer takes.
fn play(seed: u64, runtimes: &[(Revision, Runtime)], traced: bool) -> Played {
    let mut random = Random::new(seed);
    let (revision, runtime) = &runtimes[random.below(runtimes.len() as u64) as usize];
    let scene = Scene::new(&mut random, *revision);
    let mut peer = peer::Peer::new(&scene, *revision);
    let mut after = scene.ledger.clone();
    let trace = Rc::new(Heard::default());
    let mut session = heard(runtime, &mut after, scene.block, &trace);
    session.trace(Trace { calls: traced, steps: traced });
    let (mut transactions, mut taken) = (Vec::new(), 0);
    for (index, transaction) in scene.transactions.iter().enumerate() {
        let nonce = peer.nonce(transaction.sender) + transaction.nonce;
        let transaction = EthereumTransaction { nonce, ..transaction.clone() };
        let ours = match session.run_ethereum(&transaction, Stopwatch::default()) {
            Ok(done) => Result::Done {
                success: done.outcome.is_success(),
                revert: done.outcome == zvm::Outcome::Revert,
                gas: done.gas_used,
                output: done.output,
                logs: crate::trie::logs_hash(&done.logs),
            },
            Err(error) if error.status == Status::Rejected => {
                assert!(Rejection::from_number(error.reason).is_some());
                Result::Rejected
            }
            Err(error) => panic!("seed {seed} transaction {index}: {error}"),
        };
        let mut steps = Steps::default();
        let theirs = peer.transact(&transaction, traced.then_some(&mut steps));
        assert_eq!(ours, theirs, "seed {seed}, {revision:?}, transaction {index}: {transaction:?}");
        let told = steps::told(&trace.take());
        assert_eq!(told, steps.lines, "seed {seed}, {revision:?}, transaction {index}: the steps");
        taken += told.len();
        transactions.push((transaction, ours));
    }
    session.commit().unwrap();
    drop(session);
    assert_eq!(peer.state(), scene::state(&after), "seed {seed}, {revision:?}: the state after it");
    Played { seed, revision: *revision, scene, transactions, after, steps: taken }
}

/// Figures of a campaign.
#[derive(Debug, Default)]
struct Figures {
    transactions: usize,
    successes: usize,
    rejections: usize,
    steps: usize,
}

/// Runs scenes from a seed on until so many transactions are done, and shows each to somebody.
fn campaign(seed: u64, transactions: usize, traced: bool, mut show: impl FnMut(Played)) -> Figures {
    let runtimes = REVISIONS.map(|revision| (revision, runtime(revision)));
    let mut figures = Figures::default();
    for seed in seed.. {
        if figures.transactions >= transactions {
            break;
        }
        let played = play(seed, &runtimes, traced);
        figures.steps += played.steps;
        for (_, result) in &played.transactions {
            figures.transactions += 1;
            figures.successes += usize::from(matches!(result, Result::Done { success: true, .. }));
            figures.rejections += usize::from(*result == Result::Rejected);
        }
        show(played);
    }
    figures
}

/// What is generated for; rules of before Berlin hold in few places besides.
const REVISIONS: [Revision; 6] = [
    Revision::SpuriousDragon,
    Revision::Istanbul,
    Revision::London,
    Revision::Shanghai,
    Revision::Prague,
    Revision::Osaka,
];

#[test]
fn generated_transactions_are_what_revm_makes_of_them() {
    let figures = campaign(1, 2_000, false, drop);
    println!("{figures:?}");
    // A campaign in which nothing happens shows nothing.
    assert!(figures.successes * 3 > figures.transactions, "{figures:?}");
    assert!(figures.rejections * 4 < figures.transactions, "{figures:?}");
}

#[test]
fn generated_transactions_are_traced_step_by_step_as_revm_takes_them() {
    let figures = campaign(1_000_000, 400, true, drop);
    println!("{figures:?}");
    assert!(figures.steps > 400 * 20, "{figures:?}");
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

#[test]
#[ignore = "minutes: make fuzz-evm N=100000"]
fn many_generated_transactions_are_what_revm_makes_of_them() {
    let figures =
        campaign(number("ZVM_SEED").unwrap_or(1), number("ZVM_N").unwrap_or(100_000) as usize, false, drop);
    println!("{figures:?}");
}

#[test]
#[ignore = "writes what Ethereum's specification is asked about: make test-eels"]
fn generated_transactions_are_written_down() {
    let path = std::env::var("ZVM_SCENES").expect("ZVM_SCENES is where to write them");
    let mut out = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    let show = |played| writeln!(out, "{}", eels::line(&played)).unwrap();
    campaign(number("ZVM_SEED").unwrap_or(1), number("ZVM_N").unwrap_or(4_000) as usize, false, show);
    out.flush().unwrap();
}
