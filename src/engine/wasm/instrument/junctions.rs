//! Edges of a function's flow graph, gathered into junctions.
//!
//! A block can be paid for before it begins, on each way that leads to it: then the edges to it
//! carry a credit. All edges out of one block carry the same credit, because the block pays
//! before it knows which of them is taken, and all edges into one block do, because the block
//! takes it for granted. A junction is a set of edges tied together by this rule.

/// A junction, or a part of one that was found before the parts were joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Junction(u32);

impl Junction {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The junctions of one function, as disjoint sets.
#[derive(Default)]
pub(super) struct Junctions {
    parents: Vec<u32>,
    settled: Vec<bool>,
}

impl Junctions {
    pub(super) fn clear(&mut self) {
        self.parents.clear();
        self.settled.clear();
    }

    /// How many there are, parts counted.
    pub(super) fn count(&self) -> usize {
        self.parents.len()
    }

    /// One that has no edges yet.
    pub(super) fn open(&mut self) -> Junction {
        self.add(false)
    }

    /// One whose edges carry no credit: they leave the function or begin a round of a loop.
    pub(super) fn settled(&mut self) -> Junction {
        self.add(true)
    }

    fn add(&mut self, settled: bool) -> Junction {
        let junction = self.parents.len() as u32;
        self.parents.push(junction);
        self.settled.push(settled);
        Junction(junction)
    }

    /// Makes two one. The lower index stays, which with halving is near linear in practice and never worse
    /// than a logarithm for each step.
    pub(super) fn join(&mut self, one: Junction, other: Junction) -> Junction {
        let (one, other) = (self.find(one), self.find(other));
        let (low, high) = (one.0.min(other.0), one.0.max(other.0));
        self.parents[high as usize] = low;
        self.settled[low as usize] |= self.settled[high as usize];
        Junction(low)
    }

    /// The one name of a junction.
    pub(super) fn find(&mut self, junction: Junction) -> Junction {
        let mut at = junction.0;
        while self.parents[at as usize] != at {
            let parent = self.parents[at as usize];
            self.parents[at as usize] = self.parents[parent as usize];
            at = parent;
        }
        Junction(at)
    }

    /// Whether its edges carry no credit.
    pub(super) fn is_settled(&mut self, junction: Junction) -> bool {
        let junction = self.find(junction);
        self.settled[junction.index()]
    }
}
