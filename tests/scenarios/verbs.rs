//! The words stories are told in: steps, how they end, what changes, who takes part.

use zvm::{Address, Change, EngineKind, Halt, Log, Outcome, Status, Word, Write};

use crate::contracts;
use crate::scenario::{Act, End, Expect, GasFigures, Verb};
use crate::script::Script;

/// Enough for anything but what is about gas.
pub(crate) const PLENTY: u64 = 50_000_000;

impl Act {
    fn new(verb: Verb) -> Self {
        let (value, gas_price) = (Word::ZERO, Word::ZERO);
        Self { verb, caller: USER, origin: None, value, gas_price, input: Vec::new(), gas_limit: PLENTY }
    }

    pub(crate) fn from(mut self, caller: Address) -> Self {
        self.caller = caller;
        self
    }

    pub(crate) fn origin(mut self, origin: Address) -> Self {
        self.origin = Some(origin);
        self
    }

    pub(crate) fn value(mut self, value: impl Into<Word>) -> Self {
        self.value = value.into();
        self
    }

    pub(crate) fn gas_price(mut self, price: impl Into<Word>) -> Self {
        self.gas_price = price.into();
        self
    }

    pub(crate) fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    pub(crate) fn gas(mut self, limit: u64) -> Self {
        self.gas_limit = limit;
        self
    }

    pub(crate) fn entry(mut self, name: &str) -> Self {
        if let Verb::Call { entry, .. } | Verb::Query { entry, .. } = &mut self.verb {
            *entry = name.into();
        }
        self
    }

    pub(crate) fn salt(mut self, word: Word) -> Self {
        if let Verb::Deploy { salt, .. } = &mut self.verb {
            *salt = Some(word);
        }
        self
    }

    pub(crate) fn engine(mut self, number: u64) -> Self {
        if let Verb::Deploy { engine, .. } = &mut self.verb {
            *engine = number;
        }
        self
    }
}

pub(crate) fn call(target: Address) -> Act {
    Act::new(Verb::Call { target, entry: String::new(), is_static: false })
}

/// A call of A that does what a script says and returns its results.
pub(crate) fn does(script: Script) -> Act {
    call(A).input(script.end())
}

pub(crate) fn static_call(target: Address) -> Act {
    Act::new(Verb::Call { target, entry: String::new(), is_static: true })
}

pub(crate) fn query(target: Address) -> Act {
    Act::new(Verb::Query { target, entry: String::new(), is_static: false })
}

pub(crate) fn deploy(code: &str) -> Act {
    Act::new(Verb::Deploy { code: code.into(), engine: 0, salt: None })
}

impl End {
    fn new(outcome: Outcome, data: Vec<u8>) -> Self {
        Self { outcome, gas: None, data, created: None, logs: Vec::new() }
    }

    pub(crate) fn created(mut self, address: Address) -> Self {
        self.created = Some(address);
        self
    }

    pub(crate) fn log(mut self, account: Address, topics: &[Word], data: &[u8]) -> Self {
        self.logs.push(Log { address: account, topics: topics.to_vec(), data: data.into() });
        self
    }

    /// Used and left, with nothing refunded.
    pub(crate) fn gas(self, used: u64, left: u64) -> Self {
        self.refunded(used, left, 0)
    }

    pub(crate) fn refunded(mut self, used: u64, left: u64, refund: u64) -> Self {
        self.gas = Some(GasFigures { used, left, refund });
        self
    }
}

pub(crate) fn success(data: impl Into<Vec<u8>>) -> End {
    End::new(Outcome::Success, data.into())
}

pub(crate) fn revert(data: impl Into<Vec<u8>>) -> End {
    End::new(Outcome::Revert, data.into())
}

pub(crate) fn halt(halt: Halt) -> End {
    End::new(Outcome::Halt(halt), Vec::new())
}

impl From<End> for Expect {
    fn from(end: End) -> Self {
        Self::End(end)
    }
}

impl From<Status> for Expect {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

/// Changes as stories say them.
pub(crate) mod now {
    use super::*;

    pub(crate) fn balance(account: Address, balance: impl Into<Word>) -> Change {
        Change { account, write: Write::Balance(balance.into()) }
    }

    pub(crate) fn nonce(account: Address, nonce: u64) -> Change {
        Change { account, write: Write::Nonce(nonce) }
    }

    pub(crate) fn code(account: Address, name: &str) -> Change {
        code_bytes(account, contracts::code(name))
    }

    pub(crate) fn code_bytes(account: Address, code: Vec<u8>) -> Change {
        code_of(account, contracts::engine(&code), code)
    }

    pub(crate) fn code_of(account: Address, engine: EngineKind, code: Vec<u8>) -> Change {
        let hash = crate::address::keccak256(&code);
        Change { account, write: Write::Code { hash, engine, code: code.into() } }
    }

    /// A slot of a contract whose storage is words.
    pub(crate) fn slot(account: Address, slot: u64, value: u64) -> Change {
        set(account, &Word::from(slot).0, &Word::from(value).0)
    }

    pub(crate) fn set(account: Address, key: &[u8], value: &[u8]) -> Change {
        Change { account, write: Write::Set { key: key.into(), value: value.into() } }
    }

    pub(crate) fn deleted(account: Address, key: &[u8]) -> Change {
        Change { account, write: Write::Delete { key: key.into() } }
    }
}

/// An address that is easy to tell from others.
pub(crate) const fn at(digit: u8) -> Address {
    Address([digit; 20])
}

/// Who calls where nobody else is named. The address and those of its first contracts are a
/// published example: see address.rs.
pub(crate) const USER: Address = Address([
    0x6a, 0xc7, 0xea, 0x33, 0xf8, 0x83, 0x1e, 0xa9, 0xdc, 0xc5, 0x33, 0x93, 0xaa, 0xa8, 0x8b, 0x25, 0xa7,
    0x85, 0xdb, 0xf0,
]);
/// Contracts and accounts of the stories.
pub(crate) const A: Address = at(0xa1);
pub(crate) const B: Address = at(0xb2);
pub(crate) const C: Address = at(0xc3);
pub(crate) const D: Address = at(0xd4);
/// An account nobody knows.
pub(crate) const STRANGER: Address = at(0x5e);

/// The amount that every digit of is this.
pub(crate) const fn word(digit: u8) -> Word {
    Word([digit; 32])
}
