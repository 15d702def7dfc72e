//! The bytecode of the first ZVM: raw bytes, 48 opcodes, chosen explicitly and never guessed.
//!
//! An instruction costs 1, or what its row says. A jump goes to any byte of the code. Running off the
//! end is success. There are no calls, no events and no return data: what is on top of the stack in
//! the end is the output, as a word. Where the original left an opcode without a meaning, or gave a
//! constant for an answer, it is an invalid one, as it was; so is its JUMPDEST, which its jumps never
//! needed. A failure keeps what gas is left, but for the lack of it.

use std::sync::Arc;

use ruint::aliases::U256;

use super::arithmetic::{div, flag, rem};
use super::memory::Memory;
use super::program::STACK_WORDS;
use super::{price, slots};
use crate::crypto::hash::{blake3, keccak256, sha256};
use crate::engine::{AsItIs, CodeInfo, Engine, Prepared};
use crate::error::{Error, Result, Status};
use crate::gas::{Gas, words};
use crate::host::frame::{DEFAULT_ENTRY, Finish, INIT_ENTRY};
use crate::host::guest::Stop;
use crate::host::rules::Rules;
use crate::host::stair::Executable;
use crate::host::state::State;
use crate::outcome::{Halt, Outcome};
use crate::types::{Bytes, EngineKind, Word};

/// Declares the opcodes: byte, name, bytes of its immediate, words it takes, gas.
macro_rules! opcodes {
    ($($byte:literal $name:ident $immediate:literal $takes:literal $gas:literal;)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Opcode { $($name),+ }

        impl Opcode {
            fn of(byte: u8) -> Option<Row> {
                match byte {
                    $($byte => Some(Row { opcode: Self::$name, immediate: $immediate, takes: $takes, gas: $gas }),)+
                    _ => None,
                }
            }
        }

        /// Byte and mnemonic of every opcode.
        pub const OPCODES: &[(u8, &str)] = &[$(($byte, stringify!($name))),+];
    };
}

struct Row {
    opcode: Opcode,
    immediate: usize,
    takes: usize,
    gas: u64,
}

opcodes! {
    0x01 PUSH1 1 0 1;
    0x02 PUSH2 2 0 1;
    0x03 PUSH4 4 0 1;
    0x04 PUSH8 8 0 1;
    0x05 POP 0 1 1;
    0x06 DUP 0 1 1;
    0x07 SWAP 0 2 1;
    0x10 ADD 0 2 1;
    0x11 SUB 0 2 1;
    0x12 MUL 0 2 1;
    0x13 DIV 0 2 1;
    0x14 MOD 0 2 1;
    0x20 LT 0 2 1;
    0x21 GT 0 2 1;
    0x22 EQ 0 2 1;
    0x23 NOT 0 1 1;
    0x24 AND 0 2 1;
    0x25 OR 0 2 1;
    0x26 XOR 0 2 1;
    0x30 MLOAD 0 1 1;
    0x31 MSTORE 0 2 1;
    0x32 MSIZE 0 0 1;
    0x40 SLOAD 0 1 800;
    0x41 SSTORE 0 2 20000;
    0x50 JUMP 0 1 1;
    0x51 JUMPI 0 2 1;
    0x52 JUMPDEST 0 0 1;
    0x60 CALL 0 0 1;
    0x61 RETURN 0 0 1;
    0x62 REVERT 0 0 1;
    0x63 HALT 0 0 1;
    0x70 CALLER 0 0 1;
    0x71 CALLVALUE 0 0 1;
    0x72 CALLDATALOAD 0 1 1;
    0x73 CALLDATASIZE 0 0 1;
    0x80 KECCAK256 0 2 30;
    0x81 ECRECOVER 0 0 1;
    0x82 ED25519_VERIFY 0 0 1;
    0x83 SHA256 0 2 60;
    0x84 BLAKE3 0 2 20;
    0x90 ML_DSA_VERIFY 0 0 1;
    0x91 ML_KEM_ENCAPSULATE 0 0 1;
    0x92 ML_KEM_DECAPSULATE 0 0 1;
    0x93 SCHNORR_VERIFY 0 0 1;
    0xa0 MULTISIG_VERIFY 0 0 1;
    0xa1 THRESHOLD_VERIFY 0 0 1;
    0xa2 AGGREGATE_VERIFY 0 0 1;
    0xa3 RING_VERIFY 0 0 1;
}

/// Each word that is hashed by BLAKE3.
const BLAKE3_WORD: u64 = 4;

/// The rule by which the first ZVM told code apart by its first byte. Nothing in a runtime asks it.
#[must_use]
pub fn kind_by_first_byte(code: &[u8]) -> Option<EngineKind> {
    match code.first()? {
        0x01 | 0x02 | 0x70 => Some(EngineKind::ZvmLegacy),
        0x60 | 0x61 | 0x33 => Some(EngineKind::Evm),
        _ => None,
    }
}

/// The engine of the legacy profile. It keeps nothing: code is read as it runs.
pub struct Legacy(Arc<Rules>);

impl Legacy {
    /// An engine under these rules.
    #[must_use]
    pub fn new(rules: Arc<Rules>) -> Self {
        Self(rules)
    }

    fn check(&self, code: &[u8]) -> Result<()> {
        let most = self.0.limits.module_bytes as usize;
        let fits = code.len() <= most;
        fits.then_some(())
            .ok_or_else(|| Error::new(Status::CodeTooLarge, format!("the code has more than {most} bytes")))
    }
}

impl Engine for Legacy {
    fn kind(&self) -> EngineKind {
        EngineKind::ZvmLegacy
    }

    fn detects(&self, _code: &[u8]) -> bool {
        false
    }

    fn prepare(&self, code: &Bytes, hash: &Word) -> Result<Arc<dyn Prepared>> {
        self.check(code)?;
        let info = CodeInfo {
            engine: EngineKind::ZvmLegacy,
            hash: *hash,
            compiled_bytes: code.len() as u64,
            entries: vec![DEFAULT_ENTRY.to_owned()],
            imports: Vec::new(),
            initial_pages: 0,
            max_pages: self.0.limits.max_pages,
            abi: None,
        };
        Ok(Arc::new(AsItIs { info, code: code.clone() }))
    }

    fn run(&self, state: &mut State<'_>, code: &Executable, entry: &str, gas: Gas) -> Result<Finish> {
        match entry {
            DEFAULT_ENTRY => {}
            INIT_ENTRY if state.frame().input.is_empty() => {
                return Ok(Finish { outcome: Outcome::Success, gas, output: Vec::new() });
            }
            _ => return Ok(Finish::halt(Halt::NoEntry, gas)),
        }
        let code = state.code(&code.hash, gas.left())?;
        if self.check(&code).is_err() {
            return Ok(Finish::halt(Halt::InvalidCode, gas));
        }
        let mut machine =
            Machine { state, code: &code, gas, stack: Vec::new(), memory: Memory::default(), at: 0 };
        let ended = machine.run();
        let (gas, top) = (machine.gas, machine.stack.last());
        match ended {
            Ok(()) => {
                let output = top.map_or_else(Vec::new, |top| top.to_be_bytes::<32>().to_vec());
                Ok(Finish { outcome: Outcome::Success, gas, output })
            }
            Err(Stop::Revert(output)) => Ok(Finish { outcome: Outcome::Revert, gas, output }),
            Err(Stop::Halt(halt)) => Ok(Finish::halt(halt, gas)),
            Err(Stop::Error(error)) => Err(*error),
        }
    }
}

struct Machine<'a, 'l> {
    state: &'a mut State<'l>,
    code: &'a [u8],
    gas: Gas,
    stack: Vec<U256>,
    memory: Memory,
    at: usize,
}

impl Machine<'_, '_> {
    fn run(&mut self) -> std::result::Result<(), Stop> {
        while let Some(byte) = self.code.get(self.at) {
            // Even a byte that is no instruction has been looked at.
            let Some(row) = Opcode::of(*byte) else {
                self.gas.charge(1)?;
                return Err(Halt::InvalidOpcode.into());
            };
            self.gas.charge(row.gas)?;
            let behind = self.at + 1 + row.immediate;
            let immediate = self.code.get(self.at + 1..behind).ok_or(Halt::InvalidOpcode)?;
            self.at = behind;
            if self.stack.len() < row.takes {
                return Err(Halt::StackUnderflow.into());
            }
            if matches!(row.opcode, Opcode::HALT | Opcode::RETURN) {
                return Ok(());
            }
            if row.immediate > 0 {
                self.stack.push(U256::from_be_slice(immediate));
            } else {
                self.instruct(row.opcode)?;
            }
            if self.stack.len() > STACK_WORDS {
                return Err(Halt::StackOverflow.into());
            }
        }
        Ok(())
    }

    fn pop(&mut self) -> U256 {
        self.stack.pop().unwrap_or_default()
    }

    fn instruct(&mut self, opcode: Opcode) -> std::result::Result<(), Stop> {
        let two = |machine: &mut Self, make: fn(U256, U256) -> U256| {
            let (a, b) = (machine.pop(), machine.pop());
            machine.stack.push(make(a, b));
        };
        match opcode {
            Opcode::POP => drop(self.pop()),
            Opcode::DUP => {
                let top = self.pop();
                self.stack.extend([top, top]);
            }
            Opcode::SWAP => {
                let (a, b) = (self.pop(), self.pop());
                self.stack.extend([a, b]);
            }
            Opcode::ADD => two(self, U256::wrapping_add),
            Opcode::SUB => two(self, U256::wrapping_sub),
            Opcode::MUL => two(self, U256::wrapping_mul),
            Opcode::DIV => two(self, div),
            Opcode::MOD => two(self, rem),
            Opcode::LT => two(self, |a, b| flag(a < b)),
            Opcode::GT => two(self, |a, b| flag(a > b)),
            Opcode::EQ => two(self, |a, b| flag(a == b)),
            Opcode::AND => two(self, |a, b| a & b),
            Opcode::OR => two(self, |a, b| a | b),
            Opcode::XOR => two(self, |a, b| a ^ b),
            Opcode::NOT => {
                let word = self.pop();
                self.stack.push(!word);
            }
            Opcode::JUMP => {
                let dest = self.pop();
                self.jump(dest)?;
            }
            Opcode::JUMPI => {
                let (dest, cond) = (self.pop(), self.pop());
                if !cond.is_zero() {
                    self.jump(dest)?;
                }
            }
            Opcode::REVERT => return Err(Stop::Revert(Vec::new())),
            _ => self.ask(opcode)?,
        }
        Ok(())
    }

    /// Any byte of the code will do.
    fn jump(&mut self, dest: U256) -> std::result::Result<(), Halt> {
        let dest = usize::try_from(dest).ok().filter(|dest| *dest < self.code.len());
        self.at = dest.ok_or(Halt::InvalidJump)?;
        Ok(())
    }

    /// What needs memory, storage or the call.
    fn ask(&mut self, opcode: Opcode) -> std::result::Result<(), Stop> {
        match opcode {
            Opcode::MLOAD => {
                let offset = self.pop();
                let region = self.memory.reach(offset, U256::from(32), &mut self.gas, self.state)?;
                self.stack.push(self.memory.word(region.start));
            }
            Opcode::MSTORE => {
                let (offset, value) = (self.pop(), self.pop());
                let region = self.memory.reach(offset, U256::from(32), &mut self.gas, self.state)?;
                self.memory.set_word(region.start, value);
            }
            Opcode::MSIZE => self.stack.push(U256::from(self.memory.all().len())),
            Opcode::SLOAD => {
                let key = Word(self.pop().to_be_bytes());
                let value = slots::read(self.state, &mut self.gas, key)?.value;
                self.stack.push(U256::from_be_bytes(value.0));
            }
            Opcode::SSTORE => {
                if self.state.frame().is_static {
                    return Err(Halt::StaticWrite.into());
                }
                let (key, value) = (Word(self.pop().to_be_bytes()), Word(self.pop().to_be_bytes()));
                slots::read(self.state, &mut self.gas, key)?;
                slots::write(self.state, &self.gas, key, value)?;
            }
            Opcode::CALLER => self.stack.push(U256::from_be_slice(&self.state.frame().caller.0)),
            Opcode::CALLVALUE => self.stack.push(U256::from_be_bytes(self.state.frame().value.0)),
            Opcode::CALLDATASIZE => self.stack.push(U256::from(self.state.frame().input.len())),
            Opcode::CALLDATALOAD => {
                let start = usize::try_from(self.pop()).unwrap_or(usize::MAX);
                let part = self.state.frame().input.get(start..).unwrap_or_default();
                let mut word = [0; 32];
                let len = part.len().min(32);
                word[..len].copy_from_slice(&part[..len]);
                self.stack.push(U256::from_be_bytes(word));
            }
            Opcode::KECCAK256 => self.hash(keccak256, price::KECCAK_WORD)?,
            Opcode::SHA256 => self.hash(sha256, price::SHA256_WORD)?,
            Opcode::BLAKE3 => self.hash(blake3, BLAKE3_WORD)?,
            _ => return Err(Halt::InvalidOpcode.into()),
        }
        Ok(())
    }

    fn hash(&mut self, hash: fn(&[u8]) -> Word, price: u64) -> std::result::Result<(), Halt> {
        let (offset, len) = (self.pop(), self.pop());
        let region = self.memory.reach(offset, len, &mut self.gas, self.state)?;
        self.gas.charge(price * words(region.len as u64))?;
        self.stack.push(U256::from_be_bytes(hash(self.memory.bytes(region)).0));
        Ok(())
    }
}
