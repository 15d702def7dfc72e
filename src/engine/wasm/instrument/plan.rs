//! Which block pays how much, whether it looks if that is covered, and whether it knows the gas at hand.
//!
//! The credit of a junction is as large as it can be such that no block has to be given anything
//! back: the smallest sum of costs on any way from it to an edge that carries none. That is a
//! search for shortest ways, from the settled edges backwards; ways that end in a trap alone are
//! not found by it and do not count. A block then pays its cost and the credit behind it, less the
//! credit before it; on each way through the function the credits cancel out, and what is paid is
//! the sum of the costs.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::flow::{Block, Flow};
use super::junctions::{Junction, Junctions};

/// What one block does at its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Payment {
    pub(super) amount: u64,
    pub(super) check: Check,
    /// Whether the local holds the gas at hand.
    pub(super) known: bool,
    /// Whether the local must hold it afterwards.
    pub(super) kept: bool,
    /// Whether the local must hold it behind the block's last call.
    pub(super) renewed: bool,
}

impl Payment {
    /// Whether there is anything to do.
    pub(super) fn is_due(self) -> bool {
        self.amount > 0 || self.check == Check::Here
    }
}

/// Whether a payment looks first if the gas covers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// No: what is missing is a debt that the next check finds, or the host.
    Never,
    /// Yes, and asks for more on the spot.
    Here,
    /// Yes, and leaves the loop it begins to ask for more, so that the loop has no call for it.
    Outside,
}

/// A function that may cost so much in one go looks at its entry.
const LARGE: u64 = 256;

/// A payment so large is never made as a debt, so that debts cannot add up to what an i64 cannot hold.
const HUGE: u64 = 1 << 31;

/// No block, in the lists below.
const NONE: u32 = u32::MAX;

/// Works out the payments of one function after the other.
#[derive(Default)]
pub(super) struct Planner {
    /// By block, in order of their beginning.
    pub(super) payments: Vec<Payment>,
    /// Whether a block leads to a trap only.
    pub(super) doomed: Vec<bool>,
    credits: Vec<u64>,
    ways: BinaryHeap<Reverse<(u64, usize)>>,
    /// Junctions behind which, or before which, the local does not hold the gas.
    stale: Vec<bool>,
    changed: Vec<usize>,
    /// The first block at each junction and the next at the same for each block.
    first: Vec<u32>,
    next: Vec<u32>,
}

impl Planner {
    /// Plans a function. `entered` is whether it is entered from outside.
    pub(super) fn plan(&mut self, flow: &mut Flow, entered: bool) {
        let Flow { blocks, junctions, .. } = flow;
        for block in blocks.iter_mut() {
            block.behind = junctions.find(block.behind);
            block.before = block.before.map(|before| junctions.find(before));
        }
        self.credit(blocks, junctions);
        self.payments.clear();
        self.payments.extend(blocks.iter().map(|block| {
            let behind = block.cost.saturating_add(self.credits[block.behind.index()]);
            let before = block.before.map_or(0, |before| self.credits[before.index()]);
            let check = if block.header { Check::Outside } else { Check::Never };
            Payment {
                amount: behind.saturating_sub(before),
                check,
                known: false,
                kept: false,
                renewed: false,
            }
        }));
        let all = blocks.iter().fold(0_u64, |all, block| all.saturating_add(block.cost));
        // A call in a loop has the loop's look before it.
        let calls = blocks.iter().any(|block| block.counts && !block.repeats);
        let entry = entered || all >= LARGE || calls;
        for (block, payment) in self.payments.iter_mut().enumerate() {
            if payment.check == Check::Never && (payment.amount >= HUGE || entry && block == 0) {
                payment.check = Check::Here;
            }
        }
        self.remember(blocks, junctions.count());
    }

    /// Finds the credit of each junction.
    fn credit(&mut self, blocks: &[Block], junctions: &mut Junctions) {
        self.list(junctions.count(), blocks.iter().map(|block| Some(block.behind)));
        self.credits.clear();
        self.credits.resize(junctions.count(), 0);
        for block in blocks {
            for junction in [Some(block.behind), block.before].into_iter().flatten() {
                let settled = junctions.is_settled(junction);
                self.credits[junction.index()] = if settled { 0 } else { u64::MAX };
                if settled && self.first[junction.index()] != NONE {
                    self.ways.push(Reverse((0, junction.index())));
                }
            }
        }
        while let Some(Reverse((credit, junction))) = self.ways.pop() {
            if credit > self.credits[junction] {
                continue;
            }
            let mut at = self.first[junction];
            while let Some(block) = blocks.get(at as usize) {
                let way = credit.saturating_add(block.cost);
                if let Some(before) = block.before.map(Junction::index)
                    && way < self.credits[before]
                {
                    self.credits[before] = way;
                    self.ways.push(Reverse((way, before)));
                }
                at = self.next[at as usize];
            }
            // Once from each junction is enough: later ways to it are not shorter.
            self.first[junction] = NONE;
        }
        self.doomed.clear();
        self.doomed.extend(blocks.iter().map(|block| self.credits[block.behind.index()] == u64::MAX));
        for credit in &mut self.credits {
            *credit = if *credit == u64::MAX { 0 } else { *credit };
        }
    }

    /// Finds where the local holds the gas at hand: not where no block has looked yet. A call may change
    /// it, so behind the last of a block the local is read again.
    fn remember(&mut self, blocks: &[Block], junctions: usize) {
        self.list(junctions, blocks.iter().map(|block| block.before));
        self.stale.clear();
        self.stale.resize(junctions, false);
        for (block, payment) in blocks.iter().zip(&self.payments) {
            if block.before.is_none() && !payment.is_due() && block.calls.is_none() {
                self.changed.push(block.behind.index());
            }
        }
        while let Some(junction) = self.changed.pop() {
            if self.stale[junction] {
                continue;
            }
            self.stale[junction] = true;
            let mut at = self.first[junction];
            while let Some(block) = blocks.get(at as usize) {
                if !self.payments[at as usize].is_due() && block.calls.is_none() {
                    self.changed.push(block.behind.index());
                }
                at = self.next[at as usize];
            }
        }
        let pays = self.payments.iter().any(|payment| payment.is_due());
        for (block, payment) in blocks.iter().zip(&mut self.payments) {
            payment.known = block.before.is_some_and(|before| !self.stale[before.index()]);
            let behind = block.behind.index();
            let holds = pays && !self.stale[behind] && self.first[behind] != NONE;
            (payment.kept, payment.renewed) =
                (holds && block.calls.is_none(), holds && block.calls.is_some());
        }
    }

    /// Lists the blocks by a junction of each.
    fn list(&mut self, junctions: usize, of: impl Iterator<Item = Option<Junction>>) {
        self.first.clear();
        self.first.resize(junctions, NONE);
        self.next.clear();
        for (block, junction) in of.enumerate() {
            let first = junction.map(|junction| &mut self.first[junction.index()]);
            self.next.push(first.map_or(NONE, |first| std::mem::replace(first, block as u32)));
        }
    }
}
