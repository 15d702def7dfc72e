//! Small loops, with several rounds in one.
//!
//! A loop of a few operators spends more on paying than on itself. So the rounds of a small innermost loop are
//! written out [`ROUNDS`] times, the first pays for all of them, and a way out of the loop gives
//! back what was paid for rounds that did not begin. The look at the gas is for one round: what is
//! paid beyond it may be a debt for as long as it takes to run or to leave. A way out to a trap
//! gives nothing back.

use wasm_encoder::{BlockType, InstructionSink};
use wasmparser::Operator;

use super::body::{Frame, Rewriter};
use super::charge;
use super::flow::Mark;
use super::plan::Check;
use crate::error::Result;

/// How often a round is written.
const ROUNDS: u64 = 3;
/// The gas of a round, at most.
const GAS: u64 = 256;
/// The operators of a round, at most.
const OPERATORS: usize = 40;
/// The operators that one function may gain by copies.
const COPIES: usize = 4096;

/// A loop that is written so: its operators, its own and its end included, and its first block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rounds {
    begin: usize,
    pub(super) end: usize,
    first: usize,
    /// The last block that begins in it.
    pub(super) last: usize,
}

/// What was paid for rounds that have not begun, to be given back on the way out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prepaid {
    amount: u64,
    /// How many labels are outside of the loop.
    outside: usize,
}

impl Rewriter<'_, '_> {
    /// The loop that begins at an operator, if it is small. `first` is the block of its beginning.
    pub(super) fn rounds(&self, begin: usize, first: usize) -> Option<Rounds> {
        let Operator::Loop { blockty: wasmparser::BlockType::Empty } = self.steps[begin].operator else {
            return None;
        };
        let amount = self.planner.payments[first].amount;
        if amount == 0 || amount > GAS {
            return None;
        }
        let (mut last, mut nesting, mut again) = (first, 0_usize, false);
        for at in begin + 1..self.steps.len().min(begin + OPERATORS) {
            if self.flow.marks[at] == Mark::Dead {
                continue;
            }
            match self.steps[at].operator {
                Operator::Loop { .. } | Operator::BrTable { .. } => return None,
                Operator::Block { .. } | Operator::If { .. } => nesting += 1,
                Operator::End if nesting == 0 => {
                    if !again {
                        return None;
                    }
                    let rounds = Rounds { begin, end: at, first, last };
                    return (self.copied + (at - begin) * (ROUNDS as usize - 1) <= COPIES).then_some(rounds);
                }
                Operator::End => nesting -= 1,
                Operator::BrIf { relative_depth } if !self.can_leave(relative_depth as usize, nesting) => {
                    return None;
                }
                Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => {
                    again |= relative_depth as usize == nesting;
                }
                _ => {}
            }
            let leads_on = !self.planner.doomed[last];
            // A check must not ask for gas while more is paid ahead than must follow.
            let checks = last != first && self.planner.payments[last].check == Check::Here;
            if leads_on && (self.flow.blocks[last].calls.is_some() || checks) {
                return None;
            }
            if self.flow.marks[at] == Mark::Leads {
                last += 1;
            }
        }
        None
    }

    /// Whether something can be done on a conditional jump out of the loop: not if it takes a value along.
    fn can_leave(&self, depth: usize, nesting: usize) -> bool {
        let Some(outside) = depth.checked_sub(nesting + 1) else { return true };
        let (_, label) = self.labels.target(outside as u32);
        let opener = label.opener.map(|opener| &self.steps[opener].operator);
        match opener {
            Some(Operator::Block { blockty } | Operator::If { blockty }) => {
                *blockty == wasmparser::BlockType::Empty
            }
            Some(_) => true,
            None => false,
        }
    }

    /// Writes the loop.
    pub(super) fn write_rounds(&mut self, rounds: Rounds, frame: &Frame) -> Result<()> {
        let payment = self.planner.payments[rounds.first];
        self.copied += (rounds.end - rounds.begin) * (ROUNDS as usize - 1);
        let outside = self.labels.count();
        let mut code = InstructionSink::new(&mut self.output);
        code.block(BlockType::Empty).loop_(BlockType::Empty).block(BlockType::Empty).loop_(BlockType::Empty);
        self.labels.enter(Some(rounds.begin), 3);
        charge::rounds(self.meter, payment, ROUNDS, frame.gas, &mut code);
        for left in (1..ROUNDS).rev() {
            let amount = payment.amount * left;
            InstructionSink::new(&mut self.output).block(BlockType::Empty);
            self.labels.divert();
            self.prepaid = Some(Prepaid { amount, outside });
            self.write(rounds.begin + 1..rounds.end, rounds.first, false, frame)?;
            let mut code = InstructionSink::new(&mut self.output);
            charge::give_back(self.meter, amount, frame.gas, &mut code);
            // Past the block, the loop, and the two in front of it.
            code.br(4).end();
            self.labels.rejoin();
        }
        self.prepaid = None;
        self.write(rounds.begin + 1..rounds.end, rounds.first, false, frame)?;
        InstructionSink::new(&mut self.output).end();
        self.labels.leave();
        self.refill(payment, frame);
        Ok(())
    }

    /// Writes a jump or return that leaves the loop before all rounds that were paid have begun; false for
    /// any other operator.
    pub(super) fn leave_rounds(&mut self, at: usize, frame: &Frame) -> bool {
        let Some(Prepaid { amount, outside }) = self.prepaid else { return false };
        let operator = &self.steps[at].operator;
        let depth = match operator {
            Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => *relative_depth,
            Operator::Return => self.labels.count() as u32 - 1,
            _ => return false,
        };
        let (target, label) = self.labels.target(depth);
        if target >= outside || label.opener.is_some_and(|opener| self.is_doomed(opener)) {
            return false;
        }
        let new = self.labels.depth(depth);
        let mut code = InstructionSink::new(&mut self.output);
        match operator {
            Operator::BrIf { .. } => {
                code.if_(BlockType::Empty);
                charge::give_back(self.meter, amount, frame.gas, &mut code);
                code.br(new + 1).end();
            }
            _ => {
                charge::give_back(self.meter, amount, frame.gas, &mut code);
                code.br(new);
            }
        }
        true
    }

    /// Whether a jump to the label of a block leads to a trap only.
    fn is_doomed(&self, opener: usize) -> bool {
        let arrival = self.flow.arrivals[opener];
        arrival.is_some_and(|block| self.planner.doomed[block as usize])
    }
}
