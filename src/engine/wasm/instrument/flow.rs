//! Which operators can be reached, where basic blocks begin, and how they hang together.
//!
//! WebAssembly's control flow is structured, so one walk forward with a stack of the open blocks
//! is enough: whether anything jumps to the end of a block is known when the end comes.

use wasmparser::Operator;

use super::junctions::{Junction, Junctions};
use super::meter::Meter;
use super::stack;
use super::step::Step;
use super::weight::weight;
use crate::gas::Schedule;

/// What control flow says of one operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// It is never reached and is left out.
    Dead,
    /// It belongs to a basic block that goes on behind it, or it leaves for good.
    Flows,
    /// A basic block begins behind it.
    Leads,
    /// It ends a block of code behind which nothing is reached. What is left out behind it may
    /// have given the enclosing block its results, so an `unreachable` takes its place.
    Barren,
}

/// A basic block: operators of which all run, or none, or as far as the first that traps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// What its operators cost.
    pub(super) cost: u64,
    /// The edges that lead to it; none to the first.
    pub(super) before: Option<Junction>,
    /// The edges that leave it.
    pub(super) behind: Junction,
    /// The last operator in it that calls anything that may spend gas or hand out more.
    pub(super) calls: Option<u32>,
    /// Whether it calls anything that has a frame on the counted stack.
    pub(super) counts: bool,
    /// Whether it begins the rounds of a loop.
    pub(super) header: bool,
    /// Whether it is part of a loop.
    pub(super) repeats: bool,
}

/// A way that leads past the blocks between two.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bypass {
    pub(super) from: u32,
    pub(super) to: u32,
}

/// An open block of code that is reached.
#[derive(Clone, Copy, Debug)]
struct Open {
    kind: Kind,
    /// The edges of the jumps to it.
    label: Junction,
    opener: usize,
    /// The first block that reaches its end otherwise than by falling through, if any does.
    joined: Option<u32>,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Block,
    Loop,
    /// An `if` whose `else` has not come yet, the edges of its condition, and the block they leave.
    Then {
        condition: Junction,
        from: u32,
    },
    Else,
}

/// The walk through one function.
#[derive(Default)]
pub(super) struct Flow {
    /// What it says of each operator.
    pub(super) marks: Vec<Mark>,
    /// The basic blocks in order of their beginning. Code that is never reached is in none.
    pub(super) blocks: Vec<Block>,
    pub(super) junctions: Junctions,
    /// In order of their ends.
    pub(super) bypasses: Vec<Bypass>,
    /// By operator that opens a block: where jumps to it lead, if anywhere.
    pub(super) arrivals: Vec<Option<u32>>,
    open: Vec<Open>,
    loops: u32,
    /// Whether what comes next is reached, as part of the last block.
    reached: bool,
    /// Blocks opened in code that is not reached.
    unreached: u32,
}

impl Flow {
    /// Walks through a function. `entry` is due on entry, on top of the first block.
    pub(super) fn walk(&mut self, steps: &[Step<'_>], entry: u64, schedule: &Schedule, meter: &Meter) {
        self.marks.clear();
        self.blocks.clear();
        self.junctions.clear();
        self.bypasses.clear();
        self.arrivals.clear();
        self.open.clear();
        (self.loops, self.unreached) = (0, 0);
        let exit = self.junctions.settled();
        self.enter(Kind::Block, exit);
        self.begin(None);
        self.spend(entry);
        for step in steps {
            self.arrivals.push(None);
            let mark = if self.reached {
                self.spend(weight(step, schedule));
                self.note(self.marks.len(), &step.operator, meter);
                self.reached(&step.operator)
            } else {
                self.unreached(&step.operator)
            };
            self.marks.push(mark);
        }
    }

    fn reached(&mut self, operator: &Operator<'_>) -> Mark {
        match operator {
            Operator::Block { .. } => {
                let label = self.junctions.open();
                self.enter(Kind::Block, label);
            }
            Operator::Loop { .. } => {
                let label = self.junctions.settled();
                self.enter(Kind::Loop, label);
                self.loops += 1;
                self.leave(label);
                self.begin(Some(label));
                if let Some(block) = self.blocks.last_mut() {
                    block.header = true;
                }
                return Mark::Leads;
            }
            Operator::If { .. } => {
                let (label, condition) = (self.junctions.open(), self.junctions.open());
                self.enter(Kind::Then { condition, from: self.last() }, label);
                self.leave(condition);
                self.begin(Some(condition));
                return Mark::Leads;
            }
            Operator::Else => return self.otherwise(),
            Operator::End => return self.end(),
            Operator::BrIf { relative_depth } => {
                let label = self.jump(*relative_depth);
                self.leave(label);
                self.begin(Some(label));
                return Mark::Leads;
            }
            Operator::Br { relative_depth } => {
                let label = self.jump(*relative_depth);
                self.leave(label);
            }
            Operator::BrTable { targets } => {
                let mut label = self.jump(targets.default());
                for target in targets.targets().flatten() {
                    let other = self.jump(target);
                    label = self.junctions.join(label, other);
                }
                self.leave(label);
            }
            Operator::Return => {
                let exit = self.open[0].label;
                self.leave(exit);
            }
            Operator::Unreachable => {
                let nowhere = self.junctions.open();
                self.leave(nowhere);
            }
            _ => {}
        }
        Mark::Flows
    }

    /// Notes of the last block what the operator at a place calls.
    fn note(&mut self, at: usize, operator: &Operator<'_>, meter: &Meter) {
        let Some(block) = self.blocks.last_mut() else { return };
        block.counts |= stack::is_counted(operator, meter);
        let calls = matches!(
            operator,
            Operator::Call { .. }
                | Operator::CallIndirect { .. }
                | Operator::MemoryGrow { .. }
                | Operator::MemoryFill { .. }
                | Operator::MemoryCopy { .. }
        );
        if calls {
            block.calls = Some(at as u32);
        }
    }

    fn unreached(&mut self, operator: &Operator<'_>) -> Mark {
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => self.unreached += 1,
            Operator::End if self.unreached > 0 => self.unreached -= 1,
            Operator::End => return self.end(),
            Operator::Else if self.unreached == 0 => return self.otherwise(),
            _ => {}
        }
        Mark::Dead
    }

    fn enter(&mut self, kind: Kind, label: Junction) {
        let opener = self.arrivals.len().saturating_sub(1);
        self.open.push(Open { kind, label, opener, joined: None });
    }

    /// Notes a jump and returns its edge. One to a loop goes back to its beginning, not to its end.
    fn jump(&mut self, depth: u32) -> Junction {
        let target = self.open.len() - 1 - depth as usize;
        let block = self.last();
        let open = &mut self.open[target];
        if !matches!(open.kind, Kind::Loop) {
            open.joined.get_or_insert(block);
        }
        open.label
    }

    /// The first arm of an `if` is over; the second is reached by the condition.
    fn otherwise(&mut self) -> Mark {
        let last = self.open.len() - 1;
        let Open { kind: Kind::Then { condition, from }, label, opener, joined } = self.open[last] else {
            return Mark::Flows;
        };
        let joined = joined.or_else(|| self.reached.then(|| self.last()));
        self.open[last] = Open { kind: Kind::Else, label, opener, joined };
        if self.reached {
            self.leave(label);
        }
        self.begin(Some(condition));
        self.bypass(from);
        Mark::Leads
    }

    fn end(&mut self) -> Mark {
        let Some(Open { kind, label, opener, mut joined }) = self.open.pop() else { return Mark::Flows };
        match kind {
            // Without an `else` the condition leads here as well.
            Kind::Then { condition, from } => {
                self.junctions.join(condition, label);
                joined = Some(from);
            }
            Kind::Loop => self.loops -= 1,
            Kind::Block | Kind::Else => {}
        }
        let fell = self.reached;
        if self.open.is_empty() {
            self.leave(label);
            return Mark::Flows;
        }
        let Some(from) = joined else {
            return if fell { Mark::Flows } else { Mark::Barren };
        };
        if fell {
            self.leave(label);
        }
        self.begin(Some(label));
        self.bypass(from);
        self.arrivals[opener] = Some(self.last());
        Mark::Leads
    }

    /// A block begins.
    fn begin(&mut self, before: Option<Junction>) {
        let behind = self.open[0].label;
        let repeats = self.loops > 0;
        self.blocks.push(Block {
            cost: 0,
            before,
            behind,
            calls: None,
            counts: false,
            header: false,
            repeats,
        });
        self.reached = true;
    }

    /// A way leads from a block straight to the last.
    fn bypass(&mut self, from: u32) {
        self.bypasses.push(Bypass { from, to: self.last() });
    }

    /// The index of the last block.
    fn last(&self) -> u32 {
        self.blocks.len() as u32 - 1
    }

    /// The last block ends. If anything is reached behind it another begins.
    fn leave(&mut self, behind: Junction) {
        if let Some(block) = self.blocks.last_mut().filter(|_| self.reached) {
            block.behind = behind;
        }
        self.reached = false;
    }

    fn spend(&mut self, gas: u64) {
        if let Some(block) = self.blocks.last_mut() {
            block.cost = block.cost.saturating_add(gas);
        }
    }
}
