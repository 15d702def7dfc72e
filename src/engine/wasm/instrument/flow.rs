//! Which operators can be reached, and where basic blocks begin.
//!
//! WebAssembly's control flow is structured, so one walk forward with a stack of the open blocks
//! is enough: whether anything jumps to the end of a block is known when the end comes.

use wasmparser::Operator;

use super::step::Step;

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

/// An open block of code that is reached.
#[derive(Clone, Copy, Debug)]
struct Open {
    kind: Kind,
    /// Whether its end is reached otherwise than by falling through.
    joined: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Block,
    Loop,
    /// An `if` whose `else` has not come yet.
    Then,
    Else,
}

/// The walk through one function.
#[derive(Default)]
pub(super) struct Flow {
    open: Vec<Open>,
    reached: bool,
    /// Blocks opened in code that is not reached.
    unreached: u32,
}

impl Flow {
    /// Marks each operator of a function.
    pub(super) fn mark(&mut self, steps: &[Step<'_>], marks: &mut Vec<Mark>) {
        self.open.clear();
        self.enter(Kind::Block);
        self.reached = true;
        self.unreached = 0;
        marks.clear();
        marks.extend(steps.iter().map(|step| self.step(&step.operator)));
    }

    fn step(&mut self, operator: &Operator<'_>) -> Mark {
        if self.reached { self.reached(operator) } else { self.unreached(operator) }
    }

    fn reached(&mut self, operator: &Operator<'_>) -> Mark {
        match operator {
            Operator::Block { .. } => self.enter(Kind::Block),
            Operator::Loop { .. } => {
                self.enter(Kind::Loop);
                return Mark::Leads;
            }
            Operator::If { .. } => {
                self.enter(Kind::Then);
                return Mark::Leads;
            }
            Operator::Else => return self.otherwise(),
            Operator::End => return self.end(),
            Operator::BrIf { relative_depth } => {
                self.jump(*relative_depth);
                return Mark::Leads;
            }
            Operator::Br { relative_depth } => {
                self.jump(*relative_depth);
                self.reached = false;
            }
            Operator::BrTable { targets } => {
                targets.targets().flatten().for_each(|target| self.jump(target));
                self.jump(targets.default());
                self.reached = false;
            }
            Operator::Return | Operator::Unreachable => self.reached = false,
            _ => {}
        }
        Mark::Flows
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

    fn enter(&mut self, kind: Kind) {
        self.open.push(Open { kind, joined: false });
    }

    /// Notes a jump. One to a loop goes back to its beginning, not to its end.
    fn jump(&mut self, depth: u32) {
        let target = self.open.len().checked_sub(1 + depth as usize);
        if let Some(open) = target.and_then(|target| self.open.get_mut(target)) {
            open.joined |= open.kind != Kind::Loop;
        }
    }

    /// The first arm of an `if` is over; the second is reached by the condition.
    fn otherwise(&mut self) -> Mark {
        if let Some(open) = self.open.last_mut() {
            open.kind = Kind::Else;
            open.joined |= self.reached;
        }
        self.reached = true;
        Mark::Leads
    }

    fn end(&mut self) -> Mark {
        let Some(open) = self.open.pop() else { return Mark::Flows };
        // Without an `else` the condition leads here as well.
        let joined = open.joined || open.kind == Kind::Then;
        let fell = self.reached;
        self.reached = joined || fell;
        match () {
            () if self.open.is_empty() => Mark::Flows,
            () if joined => Mark::Leads,
            () if fell => Mark::Flows,
            () => Mark::Barren,
        }
    }
}
