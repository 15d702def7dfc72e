//! The second machine itself: one instruction after the other.

use sha2::Digest;
use zvm::crypto::hash::{blake2b_256, keccak256};
use zvm::engine::zvm::opcode::{Group, Opcode, Row};
use zvm::{Address, Halt, Log, Outcome, Schedule, Word};

use super::words::{self, ONE, W, ZERO, flag, number, small};
use super::world::{Ended, Request, Way, World};

/// The running contract.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) address: Address,
    pub(crate) caller: Address,
    pub(crate) value: W,
    pub(crate) input: Vec<u8>,
    pub(crate) is_static: bool,
    /// 1 for the first frame.
    pub(crate) depth: usize,
}

/// Why the code does not go on.
enum End {
    Output(Vec<u8>),
    Revert(Vec<u8>),
    Halt(Halt),
}

impl From<Halt> for End {
    fn from(halt: Halt) -> Self {
        Self::Halt(halt)
    }
}

type Done<T = ()> = Result<T, End>;

/// Runs a container's code. What is not understood here must not be generated.
pub(crate) fn run(world: &mut World, frame: &Frame, container: &[u8], gas: u64) -> Ended {
    let size = u32::from_le_bytes(container[8..12].try_into().expect("4 bytes")) as usize;
    let (code, strict) = (&container[16..16 + size], container[6] & 2 != 0);
    let (stack, memory, returned) = (Vec::new(), Vec::new(), Vec::new());
    let begins = vec![false; code.len()];
    let mut machine =
        Machine { world, frame, code, begins, strict, gas, stack, memory, returned, pc: 0, entered: 0 };
    // Where an instruction begins is known from the beginning of the code only.
    let mut at = 0;
    while at < code.len() {
        machine.begins[at] = true;
        at = machine.instruction(at).1;
    }
    let end = match machine.enter(0) {
        Ok(()) => loop {
            if let Err(end) = machine.step() {
                break end;
            }
        },
        Err(end) => end,
    };
    let gas = machine.gas;
    match end {
        End::Output(output) => Ended { outcome: Outcome::Success, gas, output },
        End::Revert(output) => Ended { outcome: Outcome::Revert, gas, output },
        End::Halt(halt) => Ended::halt(halt, 0),
    }
}

struct Machine<'a> {
    world: &'a mut World,
    frame: &'a Frame,
    code: &'a [u8],
    begins: Vec<bool>,
    strict: bool,
    gas: u64,
    stack: Vec<W>,
    memory: Vec<u8>,
    returned: Vec<u8>,
    pc: usize,
    /// Where the block that runs was entered.
    entered: usize,
}

impl Machine<'_> {
    /// The instruction at a place, and where the next one is; `None` for what is none.
    fn instruction(&self, at: usize) -> (Option<&'static Row>, usize) {
        let Some(byte) = self.code.get(at) else { return (Some(Opcode::HALT.row()), at) };
        let Some(row) = Opcode::of(*byte).map(Opcode::row) else { return (None, at + 1) };
        let next = at + 1 + row.immediate;
        let none = next > self.code.len()
            || !row.opcode.is_built()
            || (row.opcode == Opcode::HOST && self.code[at + 1..next] != [0, 5]);
        ((!none).then_some(row), next)
    }

    /// A block is paid and its stack is checked where it is entered: to the next JUMPDEST, or through
    /// what jumps, ends the frame or must know the gas.
    fn enter(&mut self, place: usize) -> Done {
        (self.pc, self.entered) = (place, place);
        let (mut at, mut gas, mut height) = (place, 0, self.stack.len());
        let (mut under, mut over) = (false, false);
        while let (Some(row), next) = self.instruction(at) {
            if row.opcode == Opcode::JUMPDEST && at != place {
                break;
            }
            // The only host function here leaves a word.
            let leaves = row.leaves.len() + usize::from(row.opcode == Opcode::HOST);
            gas += row.gas;
            under |= height < row.takes.len();
            height = (height + leaves).saturating_sub(row.takes.len());
            over |= height > 1024;
            let ends = matches!(row.group, Group::Calls | Group::Extension | Group::Hedera)
                || ["HALT", "JUMP", "JUMPI", "RETURN", "REVERT"].contains(&row.mnemonic);
            if ends {
                break;
            }
            at = next;
        }
        self.pay(gas)?;
        match (under, over) {
            (true, _) => Err(Halt::StackUnderflow.into()),
            (false, true) => Err(Halt::StackOverflow.into()),
            _ => Ok(()),
        }
    }

    fn pay(&mut self, gas: u64) -> Done {
        self.gas = self.gas.checked_sub(gas).ok_or(Halt::OutOfGas)?;
        Ok(())
    }

    fn pop(&mut self) -> W {
        self.stack.pop().expect("the block was checked")
    }

    fn push(&mut self, word: W) -> Done {
        self.stack.push(word);
        Ok(())
    }

    fn pop_address(&mut self) -> Address {
        Address(self.pop()[12..].try_into().expect("20 bytes"))
    }

    /// Makes memory be there.
    fn reach(&mut self, offset: W, len: W) -> Done<std::ops::Range<usize>> {
        if len == ZERO {
            return Ok(0..0);
        }
        let both =
            small(offset).zip(small(len)).and_then(|(offset, len)| Some((offset, offset.checked_add(len)?)));
        let (start, end) = both.filter(|(_, end)| *end < 1 << 32).ok_or(Halt::OutOfGas)?;
        let price = |words: u64| 3 * words + words * words / 512;
        let (old, new) = (self.memory.len() as u64 / 32, end.div_ceil(32));
        if new > old {
            self.pay(price(new) - price(old))?;
            self.memory.resize(new as usize * 32, 0);
        }
        Ok(start as usize..end as usize)
    }

    fn region(&mut self) -> Done<std::ops::Range<usize>> {
        let (offset, len) = (self.pop(), self.pop());
        self.reach(offset, len)
    }

    fn may_write(&self) -> Done {
        if self.frame.is_static { Err(Halt::StaticWrite.into()) } else { Ok(()) }
    }

    fn jump(&mut self, dest: W) -> Done {
        let dest = small(dest).map(|dest| dest as usize).filter(|dest| *dest < self.code.len());
        let dest = dest.filter(|dest| self.begins[*dest]).ok_or(Halt::InvalidJump)?;
        if self.strict && self.code[dest] != Opcode::JUMPDEST as u8 {
            return Err(Halt::InvalidJump.into());
        }
        self.enter(dest)
    }

    fn step(&mut self) -> Done {
        let at = self.pc;
        let (row, next) = self.instruction(at);
        let row = row.ok_or(Halt::InvalidOpcode)?;
        if row.opcode == Opcode::JUMPDEST && at != self.entered {
            self.enter(at)?;
        }
        self.pc = next;
        self.instruct(row.opcode, at)
    }

    fn instruct(&mut self, opcode: Opcode, at: usize) -> Done {
        use Opcode::*;
        match opcode {
            HALT => return Err(End::Output(Vec::new())),
            NOP | JUMPDEST => {}
            POP => drop(self.pop()),
            PUSH1 | PUSH2 | PUSH4 | PUSH8 | PUSH16 | PUSH32 => {
                let immediate = &self.code[at + 1..self.pc];
                let mut word = ZERO;
                word[32 - immediate.len()..].copy_from_slice(immediate);
                self.push(word)?;
            }
            DUP1 | DUP2 | DUP3 | DUP4 => {
                let below = opcode as usize - DUP1 as usize;
                self.push(self.stack[self.stack.len() - 1 - below])?;
            }
            SWAP1 | SWAP2 | SWAP3 | SWAP4 => {
                let top = self.stack.len() - 1;
                self.stack.swap(top, top - 1 - (opcode as usize - SWAP1 as usize));
            }
            JUMP => {
                let dest = self.pop();
                return self.jump(dest);
            }
            JUMPI => {
                let (dest, cond) = (self.pop(), self.pop());
                return if cond == ZERO { self.enter(self.pc) } else { self.jump(dest) };
            }
            PC => self.push(number(at as u64))?,
            GAS => {
                self.push(number(self.gas))?;
                return self.enter(self.pc);
            }
            HOST => {
                self.pay(Schedule::default().context)?;
                self.push(number(self.gas))?;
                return self.enter(self.pc);
            }
            RETURN => {
                let region = self.region()?;
                return Err(parting(&self.memory[region], 64 << 10, End::Output));
            }
            REVERT => {
                let region = self.region()?;
                return Err(parting(&self.memory[region], 4 << 10, End::Revert));
            }
            SELFDESTRUCT => {
                self.may_write()?;
                let (own, to) = (self.frame.address, self.pop_address());
                let balance = self.world.holding(own).balance;
                self.world.transfer(own, to, balance)?;
                return Err(End::Output(Vec::new()));
            }
            CALL | CALLCODE | DELEGATECALL | STATICCALL => {
                self.call(opcode)?;
                return self.enter(self.pc);
            }
            CREATE | CREATE2 => {
                self.create(opcode)?;
                return self.enter(self.pc);
            }
            HEDERA_ACCOUNT_ID | HEDERA_TIMESTAMP => return Err(Halt::InvalidOpcode.into()),
            _ => self.plain(opcode)?,
        }
        Ok(())
    }

    fn plain(&mut self, opcode: Opcode) -> Done {
        use Opcode::*;
        match opcode.row().group {
            Group::Arithmetic | Group::Comparison | Group::Bits => {
                if opcode == EXP {
                    let exponent = self.stack[self.stack.len() - 2];
                    let bytes = 32 - exponent.iter().take_while(|byte| **byte == 0).count();
                    self.pay(50 * bytes as u64)?;
                }
                let takes = opcode.row().takes.len();
                let operands: Vec<W> = (0..takes).map(|_| self.pop()).collect();
                self.push(reckon(opcode, &operands))
            }
            Group::Hashing => self.hash(opcode),
            Group::Memory => self.remember(opcode),
            Group::Storage => self.store(opcode),
            Group::Log => self.log(opcode),
            _ => self.ask(opcode),
        }
    }

    fn hash(&mut self, opcode: Opcode) -> Done {
        if opcode == Opcode::TABLEHASH {
            let (key, slot) = (self.pop(), self.pop());
            return self.push(keccak256(&[slot, key].concat()).0);
        }
        let region = self.region()?;
        let rate = match opcode {
            Opcode::SHA256 => 12,
            Opcode::RIPEMD160 => 120,
            _ => 6,
        };
        self.pay(rate * region.len().div_ceil(32) as u64)?;
        let message = &self.memory[region];
        let hash = match opcode {
            Opcode::SHA256 => sha2::Sha256::digest(message).into(),
            Opcode::RIPEMD160 => {
                let mut word = ZERO;
                word[12..].copy_from_slice(&ripemd::Ripemd160::digest(message));
                word
            }
            Opcode::BLAKE2B => blake2b_256(message).0,
            _ => keccak256(message).0,
        };
        self.push(hash)
    }

    fn remember(&mut self, opcode: Opcode) -> Done {
        if opcode == Opcode::MSIZE {
            return self.push(number(self.memory.len() as u64));
        }
        let offset = self.pop();
        let value = if opcode == Opcode::MLOAD { ZERO } else { self.pop() };
        let region = self.reach(offset, if opcode == Opcode::MSTORE8 { ONE } else { number(32) })?;
        match opcode {
            Opcode::MLOAD => self.push(self.memory[region].try_into().expect("32 bytes"))?,
            Opcode::MSTORE => self.memory[region].copy_from_slice(&value),
            _ => self.memory[region][0] = value[31],
        }
        Ok(())
    }

    fn store(&mut self, opcode: Opcode) -> Done {
        let (own, writes) = (self.frame.address, matches!(opcode, Opcode::SSTORE | Opcode::TSTORE));
        if writes {
            self.may_write()?;
        }
        let key = self.pop();
        match opcode {
            Opcode::TLOAD => {
                return self.push(self.world.transient.get(&(own, key)).copied().unwrap_or(ZERO));
            }
            Opcode::TSTORE => {
                let value = self.pop();
                self.world.transient.insert((own, key), value);
                return Ok(());
            }
            _ => {}
        }
        let cold = self.world.warm.insert((own, key));
        let old = self.world.holding(own).storage.get(&key).copied().unwrap_or(ZERO);
        if opcode == Opcode::SLOAD {
            self.pay(if cold { 2100 } else { 100 })?;
            return self.push(old);
        }
        let new = self.pop();
        let gas = if new == old {
            100
        } else if old == ZERO {
            20_000
        } else if new == ZERO {
            2900
        } else if cold {
            2200
        } else {
            100
        };
        self.pay(gas)?;
        self.world.refund += if new != old && new == ZERO { 15_000 } else { 0 };
        let storage = &mut self.world.at(own).storage;
        if new == ZERO {
            storage.remove(&key)
        } else {
            storage.insert(key, new)
        };
        Ok(())
    }

    fn log(&mut self, opcode: Opcode) -> Done {
        self.may_write()?;
        let region = self.region()?;
        self.pay(8 * region.len() as u64)?;
        if region.len() > 8 << 10 {
            return Err(Halt::TooLong.into());
        }
        let topics = (0..opcode as u8 - Opcode::LOG0 as u8).map(|_| Word(self.pop())).collect();
        let sum: usize = self.world.logs.iter().map(|log| log.data.len()).sum();
        if self.world.logs.len() >= 128 || sum + region.len() > 64 << 10 {
            return Err(Halt::EventLimit.into());
        }
        let data = self.memory[region].into();
        self.world.logs.push(Log { address: self.frame.address, topics, data });
        Ok(())
    }

    /// What is known of the world. The block is one with nothing in it.
    fn ask(&mut self, opcode: Opcode) -> Done {
        use Opcode::*;
        let of = |address: Address| {
            let mut word = ZERO;
            word[12..].copy_from_slice(&address.0);
            word
        };
        let answer = match opcode {
            ADDRESS => of(self.frame.address),
            ORIGIN => of(self.world.origin),
            CALLER => of(self.frame.caller),
            CALLVALUE => self.frame.value,
            CALLDATASIZE => number(self.frame.input.len() as u64),
            CODESIZE => number(self.code.len() as u64),
            RETURNDATASIZE => number(self.returned.len() as u64),
            CALLDATALOAD => {
                let start = self.pop();
                part(&self.frame.input, start, 32).try_into().expect("32 bytes")
            }
            BALANCE | EXTCODESIZE | EXTCODEHASH => {
                let address = self.pop_address();
                let holding = self.world.holding(address);
                match opcode {
                    BALANCE => holding.balance,
                    EXTCODESIZE => number(holding.code.len() as u64),
                    _ if holding.code.is_empty() && holding.nonce == 0 && holding.balance == ZERO => ZERO,
                    _ => keccak256(&holding.code).0,
                }
            }
            SELFBALANCE => self.world.holding(self.frame.address).balance,
            CALLDATACOPY | CODECOPY | EXTCODECOPY | RETURNDATACOPY => return self.copy(opcode),
            BLOCKHASH => {
                self.pop();
                ZERO
            }
            _ => ZERO,
        };
        self.push(answer)
    }

    fn copy(&mut self, opcode: Opcode) -> Done {
        let source = match opcode {
            Opcode::CALLDATACOPY => self.frame.input.clone(),
            Opcode::CODECOPY => self.code.to_vec(),
            Opcode::RETURNDATACOPY => self.returned.clone(),
            _ => {
                let address = self.pop_address();
                self.world.holding(address).code
            }
        };
        let (place, start, len) = (self.pop(), self.pop(), self.pop());
        let region = self.reach(place, len)?;
        self.pay(3 * region.len().div_ceil(32) as u64)?;
        if opcode == Opcode::RETURNDATACOPY {
            let end = small(start).and_then(|start| start.checked_add(region.len() as u64));
            if end.is_none_or(|end| end > source.len() as u64) {
                return Err(Halt::BadInput.into());
            }
        }
        let part = part(&source, start, region.len());
        self.memory[region].copy_from_slice(&part);
        Ok(())
    }

    fn call(&mut self, opcode: Opcode) -> Done {
        let (asked, target) = (self.pop(), self.pop_address());
        let way = match opcode {
            Opcode::CALL => Way::Call,
            Opcode::CALLCODE => Way::CallCode,
            Opcode::DELEGATECALL => Way::Delegate,
            _ => Way::Static,
        };
        let value = if matches!(way, Way::Call | Way::CallCode) { self.pop() } else { ZERO };
        if way == Way::Call && value != ZERO {
            self.may_write()?;
        }
        let input = self.region()?;
        if input.len() > 128 << 10 {
            return Err(Halt::TooLong.into());
        }
        let input = self.memory[input].to_vec();
        let out = self.region()?;
        let mut stipend = 0;
        if value != ZERO {
            self.pay(9000)?;
            stipend = 2300;
        }
        let given = small(asked).unwrap_or(u64::MAX).min(self.gas - self.gas / 64);
        self.pay(given)?;
        let frame = self.frame;
        let caller = frame.address;
        let request = Request { way, caller, target, value, input, gas: given + stipend };
        let ended = self.world.call(Some(frame), request);
        self.gas += ended.gas;
        self.push(flag(ended.outcome == Outcome::Success))?;
        let len = out.len().min(ended.output.len());
        self.memory[out.start..out.start + len].copy_from_slice(&ended.output[..len]);
        self.returned = ended.output;
        Ok(())
    }

    fn create(&mut self, opcode: Opcode) -> Done {
        self.may_write()?;
        let value = self.pop();
        let (offset, len) = (self.pop(), self.pop());
        let salt = (opcode == Opcode::CREATE2).then(|| self.pop());
        let region = self.reach(offset, len)?;
        let code = self.memory[region].to_vec();
        let given = self.gas - self.gas / 64;
        self.pay(given)?;
        let (left, address) = self.world.create(self.frame, code, value, salt, given);
        self.gas += left;
        self.returned = Vec::new();
        let mut word = ZERO;
        word[12..].copy_from_slice(&address.unwrap_or_default().0);
        self.push(word)
    }
}

fn parting(data: &[u8], most: usize, end: impl FnOnce(Vec<u8>) -> End) -> End {
    if data.len() > most { Halt::TooLong.into() } else { end(data.to_vec()) }
}

/// So many bytes from a place on, zeros past the end.
fn part(source: &[u8], start: W, len: usize) -> Vec<u8> {
    let start = small(start).unwrap_or(u64::MAX);
    (0..len as u64)
        .map(|at| start.checked_add(at).and_then(|at| source.get(at as usize)).copied().unwrap_or(0))
        .collect()
}

pub(crate) fn reckon(opcode: Opcode, operands: &[W]) -> W {
    use Opcode::*;
    let (a, b, c) =
        (operands[0], operands.get(1).copied().unwrap_or(ZERO), operands.get(2).copied().unwrap_or(ZERO));
    let by = small(a).filter(|by| *by < 256).map_or(256, |by| by as usize);
    match opcode {
        ADD => words::add(a, b),
        SUB => words::sub(a, b),
        MUL => words::mul(a, b),
        DIV => words::div_rem(a, b).0,
        MOD => words::div_rem(a, b).1,
        SDIV => words::sdiv(a, b),
        SMOD => words::smod(a, b),
        ADDMOD => words::addmod(a, b, c),
        MULMOD => words::mulmod(a, b, c),
        EXP => words::exp(a, b),
        SIGNEXTEND => words::signextend(a, b),
        LT => flag(a < b),
        GT => flag(a > b),
        SLT => flag(words::less_signed(a, b)),
        SGT => flag(words::less_signed(b, a)),
        EQ => flag(a == b),
        ISZERO => flag(a == ZERO),
        AND => words::zip(a, b, |a, b| a & b),
        OR => words::zip(a, b, |a, b| a | b),
        XOR => words::zip(a, b, |a, b| a ^ b),
        NOT => words::not(a),
        BYTE => small(a).filter(|at| *at < 32).map_or(ZERO, |at| number(b[at as usize].into())),
        SHL => words::shl(b, by),
        SHR => words::shr(b, by),
        SAR => words::sar(b, by),
        other => unreachable!("{other} reckons nothing"),
    }
}
