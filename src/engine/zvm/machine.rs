//! The loop that runs a frame's code.
//!
//! It holds the height of the stack and what is left of a slice of gas; everything that needs more
//! than these, the stack and the memory is [`work`](super::work), around which the slice goes back
//! to the meter. While something may stop the call, slices are small, and where a new one is handed
//! out is where that is seen.

use ruint::aliases::U256;

use super::arithmetic::{self as word, flag};
use super::memory::{Memory, Region};
use super::program::{Program, STACK_WORDS, Slot, Step, Tail};
use super::stack::{Operands, Words};
use crate::gas::Gas;
use crate::host::guest::Stop;
use crate::host::state::State;
use crate::outcome::Halt;

/// Gas in one slice while something may stop the call: some milliseconds of work.
const SLICE: u64 = 1 << 22;

/// A frame at work.
pub(super) struct Machine<'a, 'l> {
    pub(super) state: &'a mut State<'l>,
    pub(super) program: &'a Program,
    pub(super) memory: Memory,
    pub(super) gas: Gas,
    /// The slice as it was handed out.
    given: u64,
}

impl<'a, 'l> Machine<'a, 'l> {
    pub(super) fn new(state: &'a mut State<'l>, program: &'a Program, memory: Memory, gas: Gas) -> Self {
        Self { state, program, memory, gas, given: 0 }
    }

    /// Runs the code to its end: the output.
    ///
    /// # Errors
    /// The [`Stop`] that ends the frame in another way.
    #[inline(never)]
    pub(super) fn run(&mut self, stack: &mut Words) -> Result<Vec<u8>, Stop> {
        let program = self.program;
        let (slots, tails) = (&program.slots[..], &program.tails[..]);
        // The height of the stack; it has the words below.
        let mut sp = 0;
        let mut gas = self.hand_out()?;
        let mut ip;

        /// The place of the word so far below the top.
        macro_rules! at {
            ($below:literal) => {
                (sp - 1 - $below) % STACK_WORDS
            };
        }
        macro_rules! enter {
            ($slot:expr) => {{
                let tail = &tails[$slot];
                if gas < tail.gas {
                    gas = self.refill(gas, tail.gas)?;
                }
                gas -= tail.gas;
                if sp < tail.need as usize || sp + tail.grow as usize > STACK_WORDS {
                    return Err(misfit(sp, tail).into());
                }
                ip = tail.first as usize;
            }};
        }
        macro_rules! jump {
            ($dest:expr) => {{
                let target = program.target($dest).ok_or(Halt::InvalidJump)?;
                enter!(target as usize);
            }};
        }
        macro_rules! push {
            ($word:expr) => {{
                let word = $word;
                stack[sp % STACK_WORDS] = word;
                sp += 1;
            }};
        }
        macro_rules! unary {
            ($make:expr) => {
                stack[at!(0)] = $make(stack[at!(0)])
            };
        }
        macro_rules! binary {
            ($make:expr) => {{
                let a = stack[at!(0)];
                sp -= 1;
                let made = $make(a, stack[at!(0)]);
                stack[at!(0)] = made;
            }};
        }
        /// With the slice back in the meter.
        macro_rules! metered {
            ($work:expr) => {{
                self.collect(gas);
                let done = $work?;
                gas = self.hand_out()?;
                done
            }};
        }
        macro_rules! work {
            ($step:expr, $arg:expr) => {{
                let mut operands = Operands { words: &mut *stack, height: sp };
                metered!(self.work($step, $arg, &mut operands));
                sp = operands.height;
            }};
        }
        /// The place of the word at an offset, made be there if need be.
        macro_rules! reach {
            ($offset:expr) => {{
                let offset = $offset;
                match self.memory.place(&offset) {
                    Some(place) => place,
                    None => metered!(self.reach(offset, U256::from(32))).start,
                }
            }};
        }

        enter!(0);
        loop {
            let Slot { step, arg } = slots[ip];
            ip += 1;
            match step {
                Step::PUSH1 | Step::PUSH2 | Step::PUSH4 => push!(U256::from_limbs([arg.into(), 0, 0, 0])),
                Step::PUSH8 | Step::PUSH16 | Step::PUSH32 => push!(program.words[arg as usize]),
                Step::POP => sp -= 1,
                Step::DUP1 => push!(stack[at!(0)]),
                Step::DUP2 => push!(stack[at!(1)]),
                Step::DUP3 => push!(stack[at!(2)]),
                Step::DUP4 => push!(stack[at!(3)]),
                Step::SWAP1 => stack.swap(at!(0), at!(1)),
                Step::SWAP2 => stack.swap(at!(0), at!(2)),
                Step::SWAP3 => stack.swap(at!(0), at!(3)),
                Step::SWAP4 => stack.swap(at!(0), at!(4)),
                Step::JUMPDEST => enter!(ip - 1),
                Step::JumpTo => enter!(arg as usize),
                Step::JumpIfTo => {
                    sp -= 1;
                    if stack[sp % STACK_WORDS].is_zero() {
                        enter!(ip + 1);
                    } else {
                        enter!(arg as usize);
                    }
                }
                Step::JumpUnlessTo => {
                    sp -= 1;
                    if stack[sp % STACK_WORDS].is_zero() {
                        enter!(arg as usize);
                    } else {
                        enter!(ip + 2);
                    }
                }
                Step::KeepJumpIfTo => {
                    if stack[at!(0)].is_zero() {
                        enter!(ip + 2);
                    } else {
                        enter!(arg as usize);
                    }
                }
                Step::AddWord => {
                    unary!(|a: U256| a.wrapping_add(U256::from_limbs([arg.into(), 0, 0, 0])));
                    ip += 1;
                }
                Step::SubWord => {
                    unary!(|a: U256| a.wrapping_sub(U256::from_limbs([arg.into(), 0, 0, 0])));
                    ip += 2;
                }
                Step::SwapSub => {
                    binary!(|a: U256, b: U256| b.wrapping_sub(a));
                    ip += 1;
                }
                Step::AddBelow => {
                    let below = stack[(sp - 1 - arg as usize) % STACK_WORDS];
                    unary!(|a: U256| a.wrapping_add(below));
                    ip += 1;
                }
                Step::JUMP => {
                    sp -= 1;
                    jump!(stack[sp % STACK_WORDS]);
                }
                Step::JUMPI => {
                    sp -= 2;
                    if stack[sp % STACK_WORDS].is_zero() {
                        enter!(ip);
                    } else {
                        jump!(stack[(sp + 1) % STACK_WORDS]);
                    }
                }
                Step::ADD => binary!(U256::wrapping_add),
                Step::SUB => binary!(U256::wrapping_sub),
                Step::MUL => binary!(U256::wrapping_mul),
                Step::DIV
                | Step::SDIV
                | Step::MOD
                | Step::SMOD
                | Step::ADDMOD
                | Step::MULMOD
                | Step::SIGNEXTEND
                | Step::BYTE
                | Step::SHL
                | Step::SHR
                | Step::SAR => sp = reckon(step, stack, sp),
                Step::LT => binary!(|a: U256, b: U256| flag(a < b)),
                Step::GT => binary!(|a: U256, b: U256| flag(a > b)),
                Step::SLT => binary!(|a, b| flag(word::slt(a, b))),
                Step::SGT => binary!(|a, b| flag(word::slt(b, a))),
                Step::EQ => binary!(|a: U256, b: U256| flag(a == b)),
                Step::ISZERO => unary!(|a: U256| flag(a.is_zero())),
                Step::AND => binary!(|a: U256, b: U256| a & b),
                Step::OR => binary!(|a: U256, b: U256| a | b),
                Step::XOR => binary!(|a: U256, b: U256| a ^ b),
                Step::NOT => unary!(|a: U256| !a),
                Step::MLOAD => {
                    let place = reach!(stack[at!(0)]);
                    stack[at!(0)] = self.memory.word(place);
                }
                Step::MSTORE => {
                    let place = reach!(stack[at!(0)]);
                    self.memory.set_word(place, stack[at!(1)]);
                    sp -= 2;
                }
                Step::PC => push!(U256::from(arg)),
                // Gas may be known, or be another's, only here: these end their blocks.
                Step::GAS
                | Step::HOST
                | Step::CALL
                | Step::CALLCODE
                | Step::DELEGATECALL
                | Step::STATICCALL
                | Step::CREATE
                | Step::CREATE2
                | Step::HTS_TRANSFER
                | Step::HTS_MINT
                | Step::HTS_BURN
                | Step::HTS_ASSOCIATE
                | Step::HTS_DISSOCIATE
                | Step::HTS_APPROVE
                | Step::HTS_CREATE
                | Step::HCS_SUBMIT
                | Step::HCS_CREATE_TOPIC
                | Step::HCS_UPDATE_TOPIC
                | Step::HCS_DELETE_TOPIC
                | Step::HEDERA_ACCOUNT_ID
                | Step::HEDERA_TIMESTAMP => {
                    work!(step, arg);
                    enter!(ip);
                }
                Step::HALT | Step::RETURN | Step::REVERT | Step::SELFDESTRUCT | Step::Invalid => {
                    self.collect(gas);
                    return self.end(step, &mut Operands { words: stack, height: sp });
                }
                _ => work!(step, arg),
            }
        }
    }

    /// Makes a region of memory be there.
    pub(super) fn reach(&mut self, offset: U256, len: U256) -> Result<Region, Halt> {
        self.memory.reach(offset, len, &mut self.gas, self.state)
    }

    /// Takes what was spent of the slice off the meter, which holds it.
    fn collect(&mut self, gas: u64) {
        let _ = self.gas.charge(self.given - gas);
        self.given = gas;
    }

    /// A new slice, unless the call from outside is to stop.
    fn hand_out(&mut self) -> Result<u64, Stop> {
        self.given = self.gas.left();
        if self.state.transaction.stopwatch.is_set() {
            self.state.transaction.stopwatch.check()?;
            self.given = self.given.min(SLICE);
        }
        Ok(self.given)
    }

    /// A slice that covers what a block needs.
    #[cold]
    fn refill(&mut self, gas: u64, need: u64) -> Result<u64, Stop> {
        self.collect(gas);
        if need > self.gas.left() {
            self.gas.exhaust();
            return Err(Halt::OutOfGas.into());
        }
        self.given = self.hand_out()?.max(need);
        Ok(self.given)
    }
}

/// What takes many registers is kept out of the loop, which has few.
#[inline(never)]
fn reckon(step: Step, words: &mut Words, height: usize) -> usize {
    let mut operands = Operands { words, height };
    let (a, b) = (operands.pop(), operands.pop());
    let made = match step {
        Step::DIV => word::div(a, b),
        Step::SDIV => word::sdiv(a, b),
        Step::MOD => word::rem(a, b),
        Step::SMOD => word::smod(a, b),
        Step::ADDMOD => a.add_mod(b, operands.pop()),
        Step::MULMOD => a.mul_mod(b, operands.pop()),
        Step::SIGNEXTEND => word::signextend(a, b),
        Step::BYTE => word::byte(a, b),
        Step::SHL => word::shl(a, b),
        Step::SHR => word::shr(a, b),
        _ => word::sar(a, b),
    };
    operands.push(made);
    operands.height
}

#[cold]
fn misfit(height: usize, tail: &Tail) -> Halt {
    if height < tail.need as usize { Halt::StackUnderflow } else { Halt::StackOverflow }
}
