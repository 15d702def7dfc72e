//! Code made ready: one [`Slot`] for each instruction, and for each slot what the block costs and
//! needs from there on.
//!
//! A block runs from where it is entered, which may be any instruction, to the next JUMPDEST, or
//! through the next instruction that jumps, ends the frame, or must know the gas that is left. It is
//! paid and its stack is checked as a whole when it is entered, gas first. So the figures of a slot
//! are those of all instructions from it to the block's end, whoever comes there by which way.
//!
//! Done once for each code. NOPs leave no slot: they cost nothing, so they must take no time.

use std::ops::Range;

use ruint::aliases::U256;

use super::container::{Flags, Layout};
use super::opcode::{Group, Opcode, opcodes};
use crate::error::{Error, Result, Status};
use crate::host::table::HostFunction;
use crate::types::Bytes;

/// Words a stack holds.
pub(super) const STACK_WORDS: usize = 1024;

macro_rules! steps {
    ([$($(#[$doc:meta])+ $more:ident,)+] $($byte:literal $name:ident $immediate:literal, [$($take:ident)*] ->
        [$($leave:ident)*], $gas:literal, $group:ident, $sentence:literal;)+) => {
        /// What a slot does: an opcode, or what the decoder makes of one or two.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u8)]
        pub(super) enum Step { $($(#[$doc])+ $more,)+ $($name,)+ }

        impl From<Opcode> for Step {
            fn from(opcode: Opcode) -> Self {
                match opcode { $(Opcode::$name => Self::$name,)+ }
            }
        }
    };
}

opcodes!(steps [
    /// An unassigned byte, an immediate that the code ends in, a host function that is not there.
    Invalid,
    /// PUSH and JUMP: the argument is the slot.
    JumpTo,
    /// PUSH and JUMPI: the argument is the slot.
    JumpIfTo,
    /// ISZERO, PUSH and JUMPI: the same.
    JumpUnlessTo,
    /// DUP1, PUSH and JUMPI: the same, and the word stays.
    KeepJumpIfTo,
    /// A short PUSH and ADD: the argument is the word.
    AddWord,
    /// A short PUSH, SWAP1 and SUB: the argument is the word.
    SubWord,
    /// SWAP1 and SUB.
    SwapSub,
    /// DUP and ADD: the argument is how far below the top.
    AddBelow,
]);

/// An instruction. PUSHes of up to 4 bytes have their word in the argument, longer ones its place in
/// [`Program::words`], HOST the place of its function.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) step: Step,
    pub(super) arg: u32,
}

/// What the block needs from a slot on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tail {
    pub(super) gas: u64,
    /// Words that must be on the stack.
    pub(super) need: u32,
    /// Words by which the stack grows at most.
    pub(super) grow: u32,
    /// Where to go on when that is there: behind a JUMPDEST, which is paid with it.
    pub(super) first: u32,
}

/// Code made ready.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) slots: Vec<Slot>,
    pub(super) tails: Vec<Tail>,
    pub(super) words: Vec<U256>,
    /// The slot of the instruction that begins at each byte; `NONE` within immediates.
    starts: Vec<u32>,
    container: Bytes,
    code: Range<usize>,
    strict_jumps: bool,
}

const NONE: u32 = u32::MAX;

/// Bytes that code takes whatever its length, about: what is said of it, and its place in the cache.
const KEPT_BESIDES: usize = 1 << 10;

/// What an instruction takes off the stack, leaves there, and costs.
struct Effect {
    takes: usize,
    leaves: usize,
    gas: u64,
    ends: bool,
}

impl Effect {
    /// What can never run costs all that the frame has.
    const INVALID: Self = Self { takes: 0, leaves: 0, gas: 0, ends: true };

    fn of(opcode: Opcode) -> Self {
        use Opcode::*;
        let row = opcode.row();
        let ends = matches!(row.group, Group::Calls | Group::Extension | Group::Hedera)
            || matches!(opcode, HALT | JUMP | JUMPI | RETURN | REVERT);
        Self { takes: row.takes.len(), leaves: row.leaves.len(), gas: row.gas, ends }
    }

    fn of_host(function: HostFunction) -> Self {
        let row = function.row();
        let leaves = usize::from(row.returns.scalar().is_some());
        Self { takes: row.scalars.len(), leaves, gas: Opcode::HOST.row().gas, ends: true }
    }
}

impl Program {
    /// Checks code and makes it ready.
    ///
    /// # Errors
    /// A status of the code range: an instruction that the code ends in, or an extension that the
    /// container does not ask for.
    pub(super) fn new(container: &Bytes, layout: &Layout) -> Result<Self> {
        let code = &container[layout.code.clone()];
        check(code, layout.flags)?;
        let mut decoder = Decoder { starts: vec![NONE; code.len()], ..Decoder::default() };
        decoder.read(code);
        let tails = decoder.tails();
        let Decoder { slots, words, starts, .. } = decoder;
        let strict_jumps = layout.flags.strict_jumps;
        let (container, code) = (container.clone(), layout.code.clone());
        let mut program = Self { slots, tails, words, starts, container, code, strict_jumps };
        program.fuse();
        Ok(program)
    }

    /// The code, without its container.
    pub(super) fn code(&self) -> &[u8] {
        &self.container[self.code.clone()]
    }

    /// The slot that a jump to this byte goes to.
    pub(super) fn target(&self, dest: U256) -> Option<u32> {
        let dest = usize::try_from(dest).ok()?;
        let slot = *self.starts.get(dest)?;
        let allowed = !self.strict_jumps || self.code()[dest] == Opcode::JUMPDEST as u8;
        (slot != NONE && allowed).then_some(slot)
    }

    /// Bytes it takes, about.
    pub(super) fn bytes(&self) -> u64 {
        let slots = self.slots.len() * (size_of::<Slot>() + size_of::<Tail>());
        (KEPT_BESIDES + slots + self.words.len() * 32 + self.starts.len() * 4 + self.container.len()) as u64
    }

    /// Makes one step of some that often stand together, in the place of the first. The others stay
    /// where they are for who jumps to them. From the end, so that what is made grows to the front.
    fn fuse(&mut self) {
        for at in (1..self.slots.len()).rev() {
            let (first, second) = (self.slots[at - 1], self.slots[at]);
            let short = matches!(first.step, Step::PUSH1 | Step::PUSH2 | Step::PUSH4);
            let jumps = || self.pushed(at - 1).and_then(|dest| self.target(dest));
            let fused = match (first.step, second.step) {
                (_, Step::JUMP) => jumps().map(|arg| (Step::JumpTo, arg)),
                (_, Step::JUMPI) => jumps().map(|arg| (Step::JumpIfTo, arg)),
                (Step::ISZERO, Step::JumpIfTo) => Some((Step::JumpUnlessTo, second.arg)),
                (Step::DUP1, Step::JumpIfTo) => Some((Step::KeepJumpIfTo, second.arg)),
                (Step::SWAP1, Step::SUB) => Some((Step::SwapSub, 0)),
                (_, Step::SwapSub) if short => Some((Step::SubWord, first.arg)),
                (_, Step::ADD) if short => Some((Step::AddWord, first.arg)),
                (Step::DUP1, Step::ADD) => Some((Step::AddBelow, 0)),
                (Step::DUP2, Step::ADD) => Some((Step::AddBelow, 1)),
                (Step::DUP3, Step::ADD) => Some((Step::AddBelow, 2)),
                (Step::DUP4, Step::ADD) => Some((Step::AddBelow, 3)),
                _ => None,
            };
            if let Some((step, arg)) = fused {
                self.slots[at - 1] = Slot { step, arg };
            }
        }
    }

    /// What a slot pushes, if it is a PUSH.
    fn pushed(&self, at: usize) -> Option<U256> {
        let Slot { step, arg } = self.slots[at];
        match step {
            Step::PUSH1 | Step::PUSH2 | Step::PUSH4 => Some(U256::from(arg)),
            Step::PUSH8 | Step::PUSH16 | Step::PUSH32 => Some(self.words[arg as usize]),
            _ => None,
        }
    }
}

/// What validation refuses.
fn check(code: &[u8], flags: Flags) -> Result<()> {
    for (at, opcode, immediate) in instructions(code) {
        let Some(opcode) = opcode else { continue };
        if immediate.is_none() {
            return Err(Error::new(
                Status::CodeInvalid,
                format!("the code ends in the {opcode} at byte {at}"),
            ));
        }
        if opcode.is_extension() && !flags.extensions {
            let why = format!("{opcode} at byte {at} is an extension the container does not ask for");
            return Err(Error::new(Status::CodeForbidden, why));
        }
    }
    Ok(())
}

/// Every instruction of code: where it begins, its opcode unless its byte is unassigned, and its
/// immediate unless the code ends in it.
pub(super) fn instructions(code: &[u8]) -> impl Iterator<Item = (usize, Option<Opcode>, Option<&[u8]>)> {
    let mut next = 0;
    std::iter::from_fn(move || {
        let (at, opcode) = (next, Opcode::of(*code.get(next)?));
        let behind = at + 1 + opcode.map_or(0, |opcode| opcode.row().immediate);
        next = behind;
        Some((at, opcode, code.get(at + 1..behind)))
    })
}

/// The host function an immediate names.
pub(super) fn host_function(immediate: &[u8]) -> Option<HostFunction> {
    let number = immediate.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
    HostFunction::ALL.iter().copied().find(|function| function.row().number == number)
}

#[derive(Default)]
struct Decoder {
    slots: Vec<Slot>,
    effects: Vec<Effect>,
    words: Vec<U256>,
    starts: Vec<u32>,
}

impl Decoder {
    fn read(&mut self, code: &[u8]) {
        for (at, opcode, immediate) in instructions(code) {
            self.starts[at] = self.slots.len() as u32;
            match (opcode, immediate) {
                (Some(Opcode::NOP), _) => {}
                (Some(Opcode::HOST), Some(number)) => match host_function(number) {
                    Some(function) => self.push(Step::HOST, function as u32, Effect::of_host(function)),
                    None => self.push(Step::Invalid, 0, Effect::INVALID),
                },
                (Some(Opcode::PC), _) => self.push(Step::PC, at as u32, Effect::of(Opcode::PC)),
                (Some(opcode), Some(immediate)) if opcode.is_built() => {
                    let arg = self.arg(immediate);
                    self.push(opcode.into(), arg, Effect::of(opcode));
                }
                _ => self.push(Step::Invalid, 0, Effect::INVALID),
            }
        }
        // Behind the last instruction the frame ends as by HALT.
        self.push(Step::HALT, 0, Effect::of(Opcode::HALT));
    }

    fn push(&mut self, step: Step, arg: u32, effect: Effect) {
        self.slots.push(Slot { step, arg });
        self.effects.push(effect);
    }

    fn arg(&mut self, immediate: &[u8]) -> u32 {
        if immediate.len() <= 4 {
            return immediate.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
        }
        self.words.push(U256::from_be_slice(immediate));
        self.words.len() as u32 - 1
    }

    fn tails(&self) -> Vec<Tail> {
        let mut tails = vec![Tail::default(); self.slots.len()];
        for at in (0..self.slots.len()).rev() {
            let (step, effect) = (self.slots[at].step, &self.effects[at]);
            let next = self.slots.get(at + 1).filter(|next| !effect.ends && next.step != Step::JUMPDEST);
            let rest = next.map_or(Tail::default(), |_| tails[at + 1]);
            let (takes, leaves) = (effect.takes as u32, effect.leaves as u32);
            tails[at] = Tail {
                gas: effect.gas + rest.gas,
                need: takes + rest.need.saturating_sub(leaves),
                grow: (leaves + rest.grow).saturating_sub(takes),
                first: (at + usize::from(step == Step::JUMPDEST)) as u32,
            };
        }
        tails
    }
}
