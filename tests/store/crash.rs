//! The power-loss rig (safety.md 4.2, n115): a story is told once over a recording disk; then the
//! power fails before each of its operations, in every way we know a disk to lose what was not
//! synced, and the store is opened on what is left. What it then holds must be the last
//! acknowledged commit or the one in flight, exactly. Then the power fails again during recovery.

use std::panic::{AssertUnwindSafe, catch_unwind};

use zvm::state::ledger::Ledger;
use zvm::state::store::Store;

use crate::sim::{Disk, Op, apply};
use crate::story::{Random, State, changes, state, states};

const COMMITS: usize = 10;
const CACHE: usize = 1 << 20;
const SECTOR: usize = 512;

/// What is left of the operations that were not synced.
#[derive(Clone, Copy, Debug)]
enum Loss {
    Everything,
    Nothing,
    Suffix,
    Subset,
    TornHead,
    TornTail,
    Order,
    Resize,
}

const LOSSES: [Loss; 8] = [
    Loss::Everything,
    Loss::Nothing,
    Loss::Suffix,
    Loss::Subset,
    Loss::TornHead,
    Loss::TornTail,
    Loss::Order,
    Loss::Resize,
];

/// A place in a story: what is surely on the disk, what may be, which states it may show.
#[derive(Clone, Default)]
struct Moment {
    durable: Vec<u8>,
    pending: Vec<Op>,
    acknowledged: usize,
    in_flight: usize,
}

impl Moment {
    fn on(image: &[u8], acknowledged: usize, in_flight: usize) -> Self {
        Self { durable: image.to_vec(), pending: Vec::new(), acknowledged, in_flight }
    }

    fn pass(&mut self, op: &Op, syncs_count: bool) {
        match op {
            Op::Write(..) | Op::SetLen(_) => self.pending.push(op.clone()),
            Op::Sync if syncs_count => {
                let pending = std::mem::take(&mut self.pending);
                pending.iter().for_each(|op| apply(&mut self.durable, op));
            }
            Op::Sync => {}
            Op::Begin(number) => self.in_flight = *number,
            Op::Acknowledged(number) => self.acknowledged = *number,
        }
    }

    /// The disk after the power failed.
    fn image(&self, loss: Loss, random: &mut Random) -> Vec<u8> {
        let mut image = self.durable.clone();
        self.survivors(loss, random).iter().for_each(|op| apply(&mut image, op));
        image
    }

    fn survivors(&self, loss: Loss, random: &mut Random) -> Vec<Op> {
        let mut left = self.pending.clone();
        match loss {
            Loss::Everything => left.clear(),
            Loss::Nothing => {}
            Loss::Suffix => left.truncate(random.below(left.len() + 1)),
            Loss::Subset => left.retain(|_| random.chance(50)),
            Loss::TornHead | Loss::TornTail => {
                left.truncate(random.below(left.len() + 1));
                if let Some(Op::Write(offset, data)) = left.last_mut() {
                    let cut = random.below(data.len() / SECTOR + 1) * SECTOR;
                    match loss {
                        Loss::TornHead => data.truncate(cut),
                        _ => {
                            data.drain(..cut);
                            *offset += cut as u64;
                        }
                    }
                }
            }
            Loss::Order => {
                for last in (1..left.len()).rev() {
                    left.swap(last, random.below(last + 1));
                }
                left.truncate(random.below(left.len() + 1));
            }
            Loss::Resize => left.retain(|op| !matches!(op, Op::SetLen(_))),
        }
        left
    }
}

/// What came of opening crash images.
#[derive(Debug, Default)]
struct Tally {
    images: usize,
    second_crashes: usize,
    landed_in_flight: usize,
    lost: usize,
    refused: usize,
    panicked: usize,
}

impl Tally {
    fn violations(&self) -> usize {
        self.lost + self.refused + self.panicked
    }

    /// Opens an image and judges what it holds; the log of the recovery.
    fn judge(&mut self, image: Vec<u8>, moment: &Moment, states: &[State]) -> Vec<Op> {
        self.images += 1;
        let disk = Disk::holding(image);
        let found = catch_unwind(AssertUnwindSafe(|| {
            let store = Store::with_backend(disk.clone(), CACHE)?;
            state(&mut store.ledger()?)
        }));
        match found {
            Ok(Ok(found)) if found == states[moment.acknowledged] => {}
            Ok(Ok(found)) if found == states[moment.in_flight] => self.landed_in_flight += 1,
            Ok(Ok(_)) => self.lost += 1,
            Ok(Err(_)) => self.refused += 1,
            Err(_) => self.panicked += 1,
        }
        disk.log()
    }
}

/// Tells the story; every operation in order, the store's creation and closing included.
fn record(commits: usize) -> Vec<Op> {
    let disk = Disk::empty();
    let store = Store::with_backend(disk.clone(), CACHE).unwrap();
    let mut ledger = store.ledger().unwrap();
    for number in 1..=commits {
        disk.mark(Op::Begin(number));
        ledger.commit(&changes(number as u64)).unwrap();
        disk.mark(Op::Acknowledged(number));
    }
    drop((ledger, store));
    disk.log()
}

fn crash_everywhere(log: &[Op], states: &[State], syncs_count: bool, recoveries: bool) -> Tally {
    let mut random = Random::new(1);
    let mut tally = Tally::default();
    let mut moment = Moment::default();
    for op in log {
        for loss in LOSSES {
            if moment.pending.is_empty() && !matches!(loss, Loss::Everything) {
                continue;
            }
            let image = moment.image(loss, &mut random);
            let recovery = tally.judge(image.clone(), &moment, states);
            if recoveries && random.chance(25) {
                crash_in_recovery(&image, &recovery, &moment, states, &mut random, &mut tally);
            }
        }
        moment.pass(op, syncs_count);
    }
    tally
}

/// The power fails once more, at a random place of the recovery.
fn crash_in_recovery(
    image: &[u8],
    recovery: &[Op],
    first: &Moment,
    states: &[State],
    random: &mut Random,
    tally: &mut Tally,
) {
    let mut moment = Moment::on(image, first.acknowledged, first.in_flight);
    let end = random.below(recovery.len() + 1);
    recovery[..end].iter().for_each(|op| moment.pass(op, true));
    let loss = LOSSES[random.below(LOSSES.len())];
    tally.second_crashes += 1;
    tally.judge(moment.image(loss, random), &moment, states);
}

/// n115: no acknowledged commit is lost and none is half there, wherever the power fails.
#[test]
fn n115_power_loss_leaves_the_last_acknowledged_commit_or_the_one_in_flight() {
    let tally = crash_everywhere(&record(COMMITS), &states(COMMITS as u64), true, true);
    println!("{tally:?}");
    assert_eq!(tally.violations(), 0, "{tally:?}");
    assert!(tally.images >= 2_000, "{tally:?}");
    assert!(tally.second_crashes >= 300, "{tally:?}");
    assert!(tally.landed_in_flight > 0, "no crash came late enough in a commit: {tally:?}");
}

/// The rig can fail: on a disk whose sync does nothing it finds lost commits.
#[test]
fn the_rig_notices_a_disk_that_ignores_sync() {
    let tally = crash_everywhere(&record(4), &states(4), false, false);
    println!("{tally:?}");
    assert!(tally.lost > 0, "{tally:?}");
    assert!(tally.violations() > tally.images / 10, "{tally:?}");
}
