//! What leaves the journal, and what remains in it when it has left.

use super::changes::{Change, Changes, Write};
use super::entry::{Entry, Slot};
use super::journal::Journal;
use super::words::WordSlot;
use crate::error::Result;
use crate::types::{Account, Bytes, EngineKind, Word};

impl Journal<'_> {
    /// The ordered, de-duplicated writes since the last commit, and the events that stand.
    #[must_use]
    pub fn changes(&self) -> Changes {
        let mut accounts: Vec<_> = self.entries.iter().collect();
        accounts.sort_unstable_by_key(|(address, _)| **address);
        let list = accounts.into_iter().flat_map(|(address, entry)| {
            let account = *address;
            let record = self.record_writes(entry);
            let storage = storage_writes(entry);
            record.into_iter().chain(storage).map(move |write| Change { account, write })
        });
        Changes { list: list.collect(), logs: self.logs.clone(), serial: self.serial }
    }

    /// Hands all changes to the ledger. On success the journal goes on from the new state; on
    /// failure nothing is forgotten and the commit can be tried again.
    ///
    /// # Errors
    /// The ledger's.
    pub fn commit(&mut self) -> Result<()> {
        self.ledger.commit(&self.changes())?;
        self.entries.values_mut().for_each(Entry::settle);
        self.new_codes.clear();
        self.transient.clear();
        self.transient_words.clear();
        self.undo.clear();
        self.logs.clear();
        self.first_log = 0;
        self.refund = 0;
        self.serial += 1;
        Ok(())
    }

    fn record_writes(&self, entry: &Entry) -> Vec<Write> {
        let mut writes = Vec::new();
        if entry.ended && entry.stored {
            writes.push(Write::Destroy);
        }
        let (old, new) = (entry.base(), &entry.current);
        // An account that is there and empty leaves as a balance of nothing.
        let empty = entry.marks.present && !entry.is_stored() && new.is_empty();
        if old.balance != new.balance || empty {
            writes.push(Write::Balance(new.balance));
        }
        if old.nonce != new.nonce {
            writes.push(Write::Nonce(new.nonce));
        }
        if old.code_hash != new.code_hash {
            let code = self.codes.get(&new.code_hash).cloned().unwrap_or_default();
            let engine = new.engine.unwrap_or(EngineKind::Evm);
            writes.push(Write::Code { hash: new.code_hash, engine, code });
        }
        writes
    }
}

impl Entry {
    /// Whether the ledger has the account as it lives now.
    fn is_stored(&self) -> bool {
        self.stored && !self.ended
    }

    /// The record that writes begin from.
    fn base(&self) -> Account {
        if self.ended { Account::default() } else { self.original }
    }

    /// The ledger has taken everything.
    fn settle(&mut self) {
        self.stored = self.is_stored() || self.marks.present || self.current != Account::default();
        self.marks.present = self.stored;
        self.ended = false;
        self.original = self.current;
        self.scanned = Default::default();
        for slot in self.storage.values_mut() {
            slot.original = slot.current.clone();
        }
        for slot in self.words.values_mut() {
            slot.stored = slot.current;
        }
    }
}

/// The writes of both forms of storage, in order of their keys.
fn storage_writes(entry: &Entry) -> Vec<Write> {
    let bytes = entry.storage.iter().filter_map(|(key, slot)| slot_write(key, slot));
    let words = entry.words.iter().filter_map(|(key, slot)| word_write(key, slot));
    let mut writes: Vec<_> = bytes.chain(words).collect();
    writes.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    writes.into_iter().map(|(_, write)| write).collect()
}

fn slot_write(key: &Bytes, slot: &Slot) -> Option<(Bytes, Write)> {
    let write = match &slot.current {
        current if *current == slot.original => return None,
        Some(value) => Write::Set { key: key.clone(), value: value.clone() },
        None => Write::Delete { key: key.clone() },
    };
    Some((key.clone(), write))
}

fn word_write(key: &Word, slot: &WordSlot) -> Option<(Bytes, Write)> {
    if slot.current == slot.stored {
        return None;
    }
    let key: Bytes = key.0.into();
    let write = match slot.current {
        Word::ZERO => Write::Delete { key: key.clone() },
        value => Write::Set { key: key.clone(), value: value.0.into() },
    };
    Some((key, write))
}
