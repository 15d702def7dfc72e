//! What was read, scanned, undone or fetched ahead before never shows: not in the next key, not in
//! what a touch costs.

use std::collections::BTreeMap;

use zvm::error::Result;
use zvm::state::changes::Changes;
use zvm::state::journal::Journal;
use zvm::state::ledger::{Loaded, Page, Range, ReadContext};
use zvm::{Account, Address, Bytes, Ledger, MemoryLedger, Word};

const ACCOUNT: Address = Address([7; 20]);
const AT: ReadContext = ReadContext { contract: Address::ZERO, depth: 0, gas_left: u64::MAX };
const STEPS: u32 = if cfg!(miri) { 200 } else { 30_000 };

/// A memory ledger that asks 7 for each entry and 9 for each account, and counts its pages.
struct Dear(MemoryLedger, u32);

impl Ledger for Dear {
    fn account(&mut self, at: ReadContext, address: &Address) -> Result<Loaded<Option<Account>>> {
        Ok(Loaded { surcharge: 9, ..self.0.account(at, address)? })
    }

    fn code(&mut self, at: ReadContext, hash: &Word) -> Result<Option<Bytes>> {
        self.0.code(at, hash)
    }

    fn storage(&mut self, at: ReadContext, account: &Address, key: &[u8]) -> Result<Loaded<Option<Bytes>>> {
        Ok(Loaded { surcharge: 7, ..self.0.storage(at, account, key)? })
    }

    fn scan(&mut self, at: ReadContext, account: &Address, range: Range<'_>) -> Result<Page> {
        self.1 += 1;
        self.0.scan(at, account, range)
    }

    fn block_hash(&mut self, at: ReadContext, number: u64) -> Result<Option<Word>> {
        self.0.block_hash(at, number)
    }

    fn commit(&mut self, changes: &Changes) -> Result<()> {
        self.0.commit(changes)
    }
}

fn key(number: u32) -> Bytes {
    number.to_be_bytes().as_slice().into()
}

/// A ledger with every third of `count` keys.
fn dear(count: u32) -> Dear {
    let mut ledger = MemoryLedger::new();
    (0..count).step_by(3).for_each(|number| ledger.set_storage(ACCOUNT, key(number), key(number)));
    Dear(ledger, 0)
}

#[test]
fn a_surcharge_is_due_again_when_the_frame_that_touched_is_undone() {
    let mut journal = Journal::new(Box::new(dear(3)));
    journal.begin_transaction();
    let start = journal.checkpoint();
    for _ in 0..3 {
        journal.rollback(start);
        let entry = journal.storage(AT, &ACCOUNT, &key(0)).expect("in memory").map(drop);
        let account = journal.account(AT, &ACCOUNT).expect("in memory");
        assert_eq!((entry.surcharge, entry.first, account.surcharge, account.first), (7, true, 9, true));
        let again = journal.storage(AT, &ACCOUNT, &key(0)).expect("in memory");
        assert_eq!((again.surcharge, again.first), (0, false));
    }
    journal.begin_transaction();
    assert_eq!(journal.account(AT, &ACCOUNT).expect("in memory").surcharge, 9);
}

#[test]
fn reading_ahead_or_by_pages_changes_no_surcharge() {
    let mut journal = Journal::new(Box::new(dear(30)));
    journal.begin_transaction();
    journal.prefetch(AT, &ACCOUNT, &[key(0), key(1)]).expect("in memory");
    assert_eq!(journal.next_key(AT, &ACCOUNT, &key(0)).expect("in memory"), Some(key(3)));
    for number in [0, 1, 3, 4] {
        assert_eq!(journal.storage(AT, &ACCOUNT, &key(number)).expect("in memory").surcharge, 7, "{number}");
    }
}

#[test]
fn the_next_key_is_that_of_a_map_whatever_came_before() {
    const KEYS: u32 = 400;
    let mut journal = Journal::new(Box::new(dear(KEYS)));
    let mut model: BTreeMap<Bytes, Bytes> =
        (0..KEYS).step_by(3).map(|number| (key(number), key(number))).collect();
    let mut checkpoints = vec![(journal.checkpoint(), model.clone())];
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for step in 0..STEPS {
        random = random.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        let (verb, number) = ((random >> 33) % 8, ((random >> 40) % u64::from(KEYS + 10)) as u32);
        let here = key(number);
        match verb {
            0 => {
                journal.set_storage(AT, &ACCOUNT, &here, Some(here.clone())).expect("in memory");
                model.insert(here.clone(), here);
            }
            1 | 2 => {
                journal.set_storage(AT, &ACCOUNT, &here, None).expect("in memory");
                model.remove(&here);
            }
            3 => {
                let found = journal.storage(AT, &ACCOUNT, &here).expect("in memory").value;
                assert_eq!(found, model.get(&here), "step {step}");
            }
            4 if step % 3 == 0 => checkpoints.push((journal.checkpoint(), model.clone())),
            5 if checkpoints.len() > 3 => {
                checkpoints.truncate(checkpoints.len() - 1);
                let (checkpoint, old) = checkpoints.last().expect("the first stays");
                journal.rollback(*checkpoint);
                model = old.clone();
            }
            6 if step % 1_000 == 0 => {
                journal.commit().expect("in memory");
                checkpoints = vec![(journal.checkpoint(), model.clone())];
            }
            _ => {
                let next = journal.next_key(AT, &ACCOUNT, &here).expect("in memory");
                let after = (std::ops::Bound::Excluded(here), std::ops::Bound::Unbounded);
                assert_eq!(next.as_ref(), model.range(after).next().map(|(key, _)| key), "step {step}");
            }
        }
    }
}

/// A walk over what is gone costs no questions: pages once seen stay seen.
#[test]
fn deleted_entries_are_not_asked_for_again() {
    const KEYS: u32 = if cfg!(miri) { 60 } else { 3_000 };
    let mut ledger = dear(KEYS);
    {
        let mut journal = Journal::new(Box::new(&mut ledger));
        for number in (0..KEYS).step_by(3) {
            journal.set_storage(AT, &ACCOUNT, &key(number), None).expect("in memory");
        }
        for _ in 0..100 {
            assert_eq!(journal.next_key(AT, &ACCOUNT, &[]).expect("in memory"), None);
        }
    }
    assert!(ledger.1 <= KEYS / 3 / 64 + 2, "{} pages", ledger.1);
}
