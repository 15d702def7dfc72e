//! A story: a deterministic sequence of commits, and the state after each of them.

use zvm::error::Result;
use zvm::state::changes::{Change, Changes, Write};
use zvm::state::ledger::{Ledger, Range, ReadContext};
use zvm::state::memory::MemoryLedger;
use zvm::types::{Account, Address, Bytes, EngineKind, Word};

/// A read outside a call.
pub(crate) fn at() -> ReadContext {
    ReadContext { gas_left: u64::MAX, ..ReadContext::default() }
}

/// The accounts of every story. Neighbours and both ends of the address space, where a range that
/// is one too long or too short would show.
pub(crate) const PEOPLE: [Address; 4] =
    [Address::ZERO, Address([7; 20]), Address([0xfe; 20]), Address([0xff; 20])];

/// Xorshift: the same numbers on every machine.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.number() % end as u64) as usize
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn bytes(&mut self, len: usize) -> Bytes {
        (0..len).map(|_| self.number() as u8).collect()
    }
}

/// What the `number`-th commit writes, from 1. Keys come from a small set, so commits overwrite
/// and delete what others wrote; values are short, long and empty. Some entries of the first
/// commit are never touched again: they are read from the disk, not from what commits left in
/// memory.
pub(crate) fn changes(number: u64) -> Changes {
    let mut random = Random::new(number);
    let mut list = Vec::new();
    if number == 1 {
        for key in 0..20u8 {
            let write = Write::Set { key: Bytes::from([b'c', key]), value: random.bytes(3000) };
            list.push(Change { account: PEOPLE[1], write });
        }
    }
    for account in PEOPLE {
        list.push(Change { account, write: Write::Balance(Word::from(number)) });
        list.push(Change { account, write: Write::Nonce(number) });
        if random.chance(20) {
            list.push(Change { account, write: code(number % 5) });
        }
        for key in 0..40u8 {
            let key: Bytes = Bytes::from([b'k', key]);
            match random.below(10) {
                0 => list.push(Change { account, write: Write::Delete { key } }),
                1 | 2 => {
                    let len = [0, 1, 90, 3000][random.below(4)];
                    list.push(Change { account, write: Write::Set { key, value: random.bytes(len) } });
                }
                _ => {}
            }
        }
    }
    Changes { list, serial: number, ..Changes::default() }
}

fn code(which: u64) -> Write {
    let code = Random::new(1000 + which).bytes(2000);
    Write::Code { hash: Word::from(which + 1), engine: EngineKind::Wasm, code }
}

/// Everything a story can have put into a ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    pub accounts: Vec<Option<Account>>,
    pub entries: Vec<Vec<(Bytes, Bytes)>>,
    pub codes: Vec<Option<Bytes>>,
}

/// Reads everything.
pub(crate) fn state(ledger: &mut dyn Ledger) -> Result<State> {
    let mut state = State::default();
    for account in PEOPLE {
        state.accounts.push(ledger.account(at(), &account)?.value);
        state.entries.push(ledger.scan(at(), &account, everything())?.rows);
    }
    for which in 0..5 {
        state.codes.push(ledger.code(at(), &Word::from(which + 1))?);
    }
    Ok(state)
}

pub(crate) fn everything() -> Range<'static> {
    Range { start: &[], end: None, reverse: false, limit: usize::MAX }
}

/// The states before the first commit and after each of `commits`.
pub(crate) fn states(commits: u64) -> Vec<State> {
    let mut oracle = MemoryLedger::new();
    let mut states = vec![state(&mut oracle).unwrap()];
    for number in 1..=commits {
        oracle.commit(&changes(number)).unwrap();
        states.push(state(&mut oracle).unwrap());
    }
    states
}
