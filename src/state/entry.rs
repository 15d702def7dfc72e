//! One account as a session sees it: its record, its storage, what was already asked.

use std::collections::BTreeSet;

use hashbrown::HashMap;
use hashbrown::hash_map::EntryRef;

use super::ledger::Loaded;
use super::words::WordSlot;
use crate::error::Result;
use crate::types::{Account, Bytes, Word};

/// A number that grows with each transaction of a session. 0 is before the first.
pub(super) type TransactionNumber = u64;

/// A ledger's surcharge, paid once in each transaction.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Surcharge {
    amount: u64,
    paid_in: TransactionNumber,
}

impl Surcharge {
    pub(super) fn new(amount: u64) -> Self {
        Self { amount, paid_in: 0 }
    }

    /// What is due now, and, at the first touch in the transaction, the mark to put back when
    /// the frame that touches is undone: it may not have been able to pay.
    pub(super) fn touch(&mut self, now: TransactionNumber) -> (u64, Option<TransactionNumber>) {
        if self.paid_in == now {
            return (0, None);
        }
        (self.amount, Some(std::mem::replace(&mut self.paid_in, now)))
    }

    pub(super) fn is_paid(&self, now: TransactionNumber) -> bool {
        self.paid_in == now
    }

    pub(super) fn untouch(&mut self, before: TransactionNumber) {
        self.paid_in = before;
    }
}

/// A storage entry: what the ledger has and what the session made of it.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) key: Bytes,
    pub(super) original: Option<Bytes>,
    pub(super) current: Option<Bytes>,
    pub(super) surcharge: Surcharge,
}

/// What became of an account, where a record cannot tell. A number is that of the transaction it
/// happened in last; the next one begins without it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    /// It was a party to something and may be left empty, which ends it where EIP-161 holds.
    pub(super) touched_in: TransactionNumber,
    /// It was created.
    pub(super) created_in: TransactionNumber,
    /// It ends with the transaction.
    pub(super) destructed_in: TransactionNumber,
    /// It is there even if it is empty, as accounts could be before EIP-161.
    pub(super) present: bool,
}

/// An account: what the ledger has and what the session made of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub(super) original: Account,
    pub(super) current: Account,
    pub(super) surcharge: Surcharge,
    pub(super) marks: Marks,
    /// Whether the ledger has the account.
    pub(super) stored: bool,
    /// Whether it ended since the last commit: what the ledger has of it is not its own any more.
    pub(super) ended: bool,
    pub(super) storage: HashMap<Bytes, Slot>,
    /// The storage of EVM and ZVM contracts, a word under a word: the same key space, of which an entry
    /// is in one form or the other.
    pub(super) words: HashMap<Word, WordSlot>,
    /// The keys that have a value now, in order: the next one is found without a walk
    /// over those that have none. Kept from the first time that somebody asks for a next key.
    pub(super) live: Option<BTreeSet<Bytes>>,
    pub(super) scanned: Scanned,
}

impl Entry {
    pub(super) fn loaded(loaded: Loaded<Option<Account>>) -> Self {
        let (stored, record) = (loaded.value.is_some(), loaded.value.unwrap_or_default());
        let marks = Marks { present: stored, ..Marks::default() };
        let surcharge = Surcharge::new(loaded.surcharge);
        Self { original: record, current: record, surcharge, marks, stored, ..Self::default() }
    }

    /// What is left where an account ends: nothing, and that is known without the ledger.
    pub(super) fn end(&mut self) -> Self {
        let Self { original, stored, surcharge, .. } = *self;
        let scanned = Scanned { from: Some(Bytes::default()), ..Scanned::default() };
        let nothing = Self { original, stored, surcharge, ended: true, scanned, ..Self::default() };
        std::mem::replace(self, nothing)
    }

    /// The keys that have a value now, and those that pages have shown besides.
    pub(super) fn keys(&mut self) -> (&BTreeSet<Bytes>, &Scanned) {
        let with_value = |slot: &&Slot| slot.current.is_some();
        let keys = self.storage.values().filter(with_value).map(|slot| slot.key.clone());
        let words = self.words.iter().filter(|(_, slot)| !slot.current.is_zero());
        let keys = keys.chain(words.map(|(key, _)| key.0.into()));
        (self.live.get_or_insert_with(|| keys.collect()), &self.scanned)
    }

    /// A slot that is kept.
    pub(super) fn slot(&mut self, key: &[u8]) -> &mut Slot {
        self.storage.get_mut(key).expect("a touched slot is kept")
    }

    /// The slot of this key, asked of the ledger the first time.
    pub(super) fn slot_or(
        &mut self,
        key: &[u8],
        ask: impl FnOnce() -> Result<Loaded<Option<Bytes>>>,
    ) -> Result<&mut Slot> {
        match self.storage.entry_ref(key) {
            EntryRef::Occupied(kept) => Ok(kept.into_mut()),
            EntryRef::Vacant(place) => {
                let loaded = if self.ended { None.into() } else { ask()? };
                let slot = Slot::loaded(key.into(), loaded);
                slot.note(self.live.as_mut(), &mut self.scanned);
                Ok(place.insert_with_key(slot.key.clone(), slot))
            }
        }
    }

    /// Gives a slot its value, and returns its key and the old value.
    pub(super) fn set(&mut self, key: &[u8], value: Option<Bytes>) -> (Bytes, Option<Bytes>) {
        let slot = self.storage.get_mut(key).expect("a touched slot is kept");
        if let Some(live) = &mut self.live {
            match value.is_some() {
                true => live.insert(slot.key.clone()),
                false => live.remove(key),
            };
        }
        (slot.key.clone(), std::mem::replace(&mut slot.current, value))
    }

    /// Keeps what the ledger answered.
    pub(super) fn keep(&mut self, key: Bytes, loaded: Loaded<Option<Bytes>>) {
        let slot = Slot::loaded(key, loaded);
        slot.note(self.live.as_mut(), &mut self.scanned);
        self.storage.insert(slot.key.clone(), slot);
    }
}

impl Slot {
    pub(super) fn loaded(key: Bytes, loaded: Loaded<Option<Bytes>>) -> Self {
        let surcharge = Surcharge::new(loaded.surcharge);
        Self { key, original: loaded.value.clone(), current: loaded.value, surcharge }
    }

    /// From now on the key is told by the slot.
    pub(super) fn note(&self, live: Option<&mut BTreeSet<Bytes>>, scanned: &mut Scanned) {
        scanned.keys.remove(&self.key);
        if let Some(live) = live.filter(|_| self.current.is_some()) {
            live.insert(self.key.clone());
        }
    }
}

/// The stretch of the ledger's keys that pages have shown, complete between its ends, without those
/// that the session has a slot for.
///
/// Keys only: a value seen in a page carries no surcharge, so reading it later must ask the
/// ledger as if the scan had never been, or gas would depend on it.
#[derive(Clone, Debug, Default)]
pub(super) struct Scanned {
    pub(super) keys: BTreeSet<Bytes>,
    /// From this key on, included; `None` before the first page.
    pub(super) from: Option<Bytes>,
    /// Up to this key, included; `None` when the ledger has no more.
    pub(super) to: Option<Bytes>,
}

impl Scanned {
    /// Whether the pages show which key follows `key`, as far as they go.
    pub(super) fn covers(&self, key: &[u8]) -> bool {
        let begins = self.from.as_ref().is_some_and(|from| **from <= *key);
        begins && self.to.as_ref().is_none_or(|to| *key < **to)
    }
}
