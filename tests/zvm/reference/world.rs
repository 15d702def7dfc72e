//! The world of the second machine: accounts, and how one contract calls or creates another.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use zvm::crypto::address::{create_address, create2_address};
use zvm::crypto::hash::keccak256;
use zvm::engine::zvm::opcode::Opcode;
use zvm::{Address, Halt, Log, Outcome, Schedule, Word};

use super::machine::{Frame, run};
use super::words::{self, W, ZERO};

pub(crate) const DEPTH: usize = 64;

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Holding {
    pub(crate) balance: W,
    pub(crate) nonce: u64,
    /// A container, or nothing.
    pub(crate) code: Vec<u8>,
    pub(crate) storage: BTreeMap<W, W>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) accounts: BTreeMap<Address, Holding>,
    pub(crate) transient: BTreeMap<(Address, W), W>,
    /// Slots the transaction has touched.
    pub(crate) warm: BTreeSet<(Address, W)>,
    pub(crate) logs: Vec<Log>,
    pub(crate) refund: u64,
    pub(crate) origin: Address,
    /// Set where initcode of the EVM was to be run, of which this machine knows nothing. It stays set when a
    /// frame is undone.
    pub(crate) ran_initcode: Rc<Cell<bool>>,
}

/// How a frame ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ended {
    pub(crate) outcome: Outcome,
    pub(crate) gas: u64,
    pub(crate) output: Vec<u8>,
}

impl Ended {
    pub(crate) fn halt(halt: Halt, gas: u64) -> Self {
        Self { outcome: Outcome::Halt(halt), gas, output: Vec::new() }
    }

    pub(crate) fn success(self) -> bool {
        self.outcome == Outcome::Success
    }
}

/// A call to be made.
pub(crate) struct Request {
    pub(crate) way: Way,
    pub(crate) caller: Address,
    pub(crate) target: Address,
    pub(crate) value: W,
    pub(crate) input: Vec<u8>,
    pub(crate) gas: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Way {
    Call,
    CallCode,
    Delegate,
    Static,
}

impl World {
    pub(crate) fn holding(&self, address: Address) -> Holding {
        self.accounts.get(&address).cloned().unwrap_or_default()
    }

    pub(crate) fn at(&mut self, address: Address) -> &mut Holding {
        self.accounts.entry(address).or_default()
    }

    pub(crate) fn transfer(&mut self, from: Address, to: Address, amount: W) -> Result<(), Halt> {
        if self.holding(from).balance < amount {
            return Err(Halt::InsufficientBalance);
        }
        let sum = words::add(self.holding(to).balance, amount);
        if from == to || amount == ZERO {
            return Ok(());
        }
        if sum < amount {
            return Err(Halt::BalanceOverflow);
        }
        self.at(from).balance = words::sub(self.holding(from).balance, amount);
        self.at(to).balance = sum;
        Ok(())
    }

    /// A call made by `parent`, or from outside.
    pub(crate) fn call(&mut self, parent: Option<&Frame>, request: Request) -> Ended {
        let Request { way, caller, target, value, input, gas } = request;
        let depth = parent.map_or(0, |parent| parent.depth);
        if depth >= DEPTH {
            return Ended::halt(Halt::CallDepth, gas);
        }
        let before = self.clone();
        let mut frame = Frame {
            address: target,
            caller,
            value,
            input,
            is_static: way == Way::Static || parent.is_some_and(|parent| parent.is_static),
            depth: depth + 1,
        };
        match (way, parent) {
            (Way::Delegate, Some(parent)) => {
                (frame.address, frame.caller, frame.value) = (parent.address, parent.caller, parent.value);
            }
            (Way::CallCode, _) => {
                frame.address = caller;
                if self.holding(caller).balance < value {
                    return Ended::halt(Halt::InsufficientBalance, gas);
                }
            }
            _ => {
                if let Err(halt) = self.transfer(caller, target, value) {
                    return Ended::halt(halt, gas);
                }
            }
        }
        let code = self.holding(target).code;
        if code.is_empty() {
            return match parent {
                // Whoever has no code just takes the amount.
                Some(_) => Ended { outcome: Outcome::Success, gas, output: Vec::new() },
                None => Ended::halt(Halt::NoCode, gas),
            };
        }
        let ended = run(self, &frame, &code, gas);
        if !ended.clone().success() {
            *self = before;
        }
        ended
    }

    /// A creation made by `parent`, and the address if it succeeds.
    pub(crate) fn create(
        &mut self,
        parent: &Frame,
        code: Vec<u8>,
        value: W,
        salt: Option<W>,
        mut gas: u64,
    ) -> (u64, Option<Address>) {
        let creator = parent.address;
        let of_others = code.starts_with(b"ZVMC") || code.starts_with(b"\0asm") || code.starts_with(b"\xef");
        if !code.is_empty() && !of_others {
            self.ran_initcode.set(true);
        }
        if parent.depth >= DEPTH || self.holding(creator).balance < value {
            return (gas, None);
        }
        let nonce = self.holding(creator).nonce;
        self.at(creator).nonce += 1;
        let address = match salt {
            None => create_address(&creator, nonce),
            Some(salt) => {
                let initcode = keccak256(&[keccak256(&code).0, keccak256(&[]).0].concat());
                create2_address(&creator, &Word(salt), &initcode)
            }
        };
        let price = Schedule::default().create_byte * code.len() as u64;
        if gas < price {
            return (0, None);
        }
        gas -= price;
        let taken = self.holding(address).nonce != 0 || !self.holding(address).code.is_empty();
        if !is_code(&code) || taken {
            return (gas, None);
        }
        if self.transfer(creator, address, value).is_err() {
            return (gas, None);
        }
        let created = self.at(address);
        (created.nonce, created.code) = (1, code);
        (gas, Some(address))
    }
}

/// Whether bytes are a container without an ABI that validation accepts: nothing else is generated.
fn is_code(bytes: &[u8]) -> bool {
    let Some((header, code)) = bytes.split_at_checked(16) else { return false };
    let [b'Z', b'V', b'M', b'C', 1, 0 | 1, flags @ 0..=3, 0, sizes @ ..] = header else { return false };
    let size = u32::try_from(code.len()).expect("small").to_le_bytes();
    if *sizes != [size, [0; 4]].concat() {
        return false;
    }
    let mut at = 0;
    while at < code.len() {
        if let Some(row) = Opcode::of(code[at]).map(Opcode::row) {
            at += row.immediate;
            if row.opcode.is_extension() && flags & 1 == 0 {
                return false;
            }
        }
        at += 1;
    }
    at == code.len()
}
