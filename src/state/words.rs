//! Word slots in the journal: the storage of EVM and ZVM contracts, a 32-byte word under each
//! 32-byte key.
//!
//! They lie in the contract's one key space of byte strings, where zero is absence; but here they
//! stay words, since boxed keys and values would halve the speed of code that lives on its storage.
//!
//! An EVM contract has nothing but words. A ZVM contract has both: an entry is a word until it is asked
//! for as bytes, and bytes from then on. Nobody can tell which of the two it is.

use std::collections::BTreeSet;

use hashbrown::hash_map::EntryRef;

use super::entry::{Entry, Slot, Surcharge, TransactionNumber};
use super::journal::{Access, Journal, load};
use super::ledger::{Loaded, ReadContext};
use super::undo::Undo;
use crate::error::{Error, Result, Status};
use crate::types::{Address, Bytes, Word};

/// A word slot: what the ledger has, what the transaction began with, and what is there now.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct WordSlot {
    pub(super) stored: Word,
    pub(super) original: Word,
    pub(super) current: Word,
    pub(super) surcharge: Surcharge,
}

/// Which change a slot went through, for engines that price it by that (EIP-2200).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordChange {
    /// Its value when the transaction began.
    pub original: Word,
    /// Its value just before the write.
    pub before: Word,
}

impl WordSlot {
    fn new(stored: Word, surcharge: u64) -> Self {
        let surcharge = Surcharge::new(surcharge);
        Self { stored, original: stored, current: stored, surcharge }
    }

    /// A slot of a contract that has nothing but words.
    ///
    /// # Errors
    /// [`Status::HostProtocol`] where the ledger's value is no word.
    fn loaded(loaded: &Loaded<Option<Bytes>>) -> Result<Self> {
        let stored = match &loaded.value {
            None => Word::ZERO,
            Some(value) => Word::from_bytes(value).ok_or_else(|| no_word(value.len()))?,
        };
        Ok(Self::new(stored, loaded.surcharge))
    }

    /// A slot of a contract that has bytes too; `None` where they are there, be they 32 zeros: only of
    /// absence can a word say that it is zero.
    fn among_bytes(loaded: &Loaded<Option<Bytes>>) -> Option<Self> {
        let stored = match &loaded.value {
            None => Word::ZERO,
            Some(value) => Word::from_bytes(value).filter(|word| !word.is_zero())?,
        };
        Some(Self::new(stored, loaded.surcharge))
    }

    /// What is due at a touch, and the mark to put back if it was the transaction's first.
    fn touch(&mut self, now: TransactionNumber) -> (u64, Option<TransactionNumber>) {
        let touched = self.surcharge.touch(now);
        if touched.1.is_some() {
            self.original = self.current;
        }
        touched
    }
}

fn no_word(len: usize) -> Error {
    Error::new(Status::HostProtocol, format!("a ledger answered {len} bytes where a slot holds a word of 32"))
}

impl Entry {
    /// The slot of this key, asked of the ledger the first time.
    fn word_or(
        &mut self,
        key: &Word,
        ask: impl FnOnce() -> Result<Loaded<Option<Bytes>>>,
    ) -> Result<&mut WordSlot> {
        // By reference: a word that was just made of a number is slow to copy.
        match self.words.entry_ref(key) {
            EntryRef::Occupied(kept) => Ok(kept.into_mut()),
            EntryRef::Vacant(place) => {
                let loaded = if self.ended { None.into() } else { ask()? };
                Ok(place.insert_with_key(*key, WordSlot::loaded(&loaded)?))
            }
        }
    }

    /// A slot that is kept.
    pub(super) fn word(&mut self, key: &Word) -> &mut WordSlot {
        self.words.get_mut(key).expect("a touched slot is kept")
    }

    /// The slot of this key, asked of the ledger the first time; `None` where bytes are under the key.
    fn word_among_bytes(
        &mut self,
        key: &Word,
        ask: impl FnOnce() -> Result<Loaded<Option<Bytes>>>,
    ) -> Result<Option<&mut WordSlot>> {
        let Self { words, storage, live, scanned, ended, .. } = self;
        let place = match words.entry_ref(key) {
            EntryRef::Occupied(kept) => return Ok(Some(kept.into_mut())),
            EntryRef::Vacant(place) => place,
        };
        if !storage.is_empty() && storage.contains_key(&key.0[..]) {
            return Ok(None);
        }
        let loaded = if *ended { None.into() } else { ask()? };
        let Some(slot) = WordSlot::among_bytes(&loaded) else {
            let slot = Slot::loaded(key.0.into(), loaded);
            slot.note(live.as_mut(), scanned);
            storage.insert(slot.key.clone(), slot);
            return Ok(None);
        };
        scanned.keys.remove(&key.0[..]);
        let slot = place.insert_with_key(*key, slot);
        show(live, key, slot.current);
        Ok(Some(slot))
    }

    /// Gives a slot that is kept its value.
    pub(super) fn set_word(&mut self, key: &Word, value: Word) {
        self.word(key).current = value;
        show(&mut self.live, key, value);
    }

    /// Keeps what the ledger answered ahead of a read, as a word if it can be one.
    pub(super) fn keep_either(&mut self, key: Bytes, loaded: Loaded<Option<Bytes>>) {
        match (Word::from_bytes(&key), WordSlot::among_bytes(&loaded)) {
            (Some(word), Some(slot)) => {
                self.scanned.keys.remove(&key);
                show(&mut self.live, &word, slot.current);
                self.words.insert(word, slot);
            }
            _ => self.keep(key, loaded),
        }
    }

    /// Makes bytes of the word under this key. What it was is handed out, for the undo log.
    pub(super) fn make_bytes(&mut self, key: &[u8]) -> Option<(Word, WordSlot)> {
        if self.words.is_empty() {
            return None;
        }
        let key = Word::from_bytes(key)?;
        let old = self.words.remove(&key)?;
        let slot = Slot {
            key: key.0.into(),
            original: bytes(old.stored),
            current: bytes(old.current),
            surcharge: old.surcharge,
        };
        self.storage.insert(slot.key.clone(), slot);
        Some((key, old))
    }

    /// Makes a word of the bytes under this key again.
    pub(super) fn make_word(&mut self, key: Word, old: WordSlot) {
        self.storage.remove(&key.0[..]);
        self.words.insert(key, old);
    }
}

/// Notes whether a key has a value.
fn show(live: &mut Option<BTreeSet<Bytes>>, key: &Word, value: Word) {
    if let Some(live) = live {
        match value.is_zero() {
            true => live.remove(&key.0[..]),
            false => live.insert(key.0.into()),
        };
    }
}

/// A word as an entry of bytes, zero being absence.
fn bytes(word: Word) -> Option<Bytes> {
    (!word.is_zero()).then(|| word.0.into())
}

impl Journal<'_> {
    /// The word in a slot. It is cold, and the access the first, unless the transaction touched it
    /// before or [warmed](Self::warm_word) it.
    ///
    /// # Errors
    /// The ledger's; [`Status::HostProtocol`] where it holds anything but a word.
    pub fn word(&mut self, at: ReadContext, address: &Address, key: &Word) -> Result<Access<Word>> {
        let Self { ledger, entries, undo, transaction, warm_words, .. } = self;
        let slot = load(entries, ledger.as_mut(), at, address)?
            .word_or(key, || ledger.storage(at, address, &key.0))?;
        let (surcharge, before) = slot.touch(*transaction);
        let mut first = false;
        if let Some(before) = before {
            undo.push(Undo::TouchWord { address: *address, key: *key, before });
            first = warm_words.is_empty() || !warm_words.contains(&(*address, *key));
        }
        Ok(Access { value: slot.current, surcharge, first })
    }

    /// Writes a slot, and says what that changed.
    ///
    /// # Errors
    /// As [`Journal::word`].
    pub fn set_word(
        &mut self,
        at: ReadContext,
        address: &Address,
        key: &Word,
        value: Word,
    ) -> Result<Access<WordChange>> {
        let Self { ledger, entries, undo, transaction, warm_words, .. } = self;
        let slot = load(entries, ledger.as_mut(), at, address)?
            .word_or(key, || ledger.storage(at, address, &key.0))?;
        let (surcharge, touched) = slot.touch(*transaction);
        let mut first = false;
        if let Some(before) = touched {
            undo.push(Undo::TouchWord { address: *address, key: *key, before });
            first = warm_words.is_empty() || !warm_words.contains(&(*address, *key));
        }
        let change = WordChange { original: slot.original, before: slot.current };
        if change.before != value {
            undo.push(Undo::Word { address: *address, key: *key, old: change.before });
            slot.current = value;
        }
        Ok(Access { value: change, surcharge, first })
    }

    /// The word under a key of a contract that has bytes too; of bytes that are no word, their last 32.
    /// Nothing makes it warm but an access: what an access list holds is the EVM's.
    ///
    /// # Errors
    /// The ledger's.
    pub fn word_among_bytes(
        &mut self,
        at: ReadContext,
        address: &Address,
        key: &Word,
    ) -> Result<Access<Word>> {
        let Self { ledger, entries, undo, transaction, .. } = self;
        let entry = load(entries, ledger.as_mut(), at, address)?;
        let Some(slot) = entry.word_among_bytes(key, || ledger.storage(at, address, &key.0))? else {
            let access = self.storage(at, address, &key.0)?;
            return Ok(access.map(|value| value.map_or(Word::ZERO, |value| Word::from_last(value))));
        };
        let (surcharge, before) = slot.touch(*transaction);
        if let Some(before) = before {
            undo.push(Undo::TouchWord { address: *address, key: *key, before });
        }
        Ok(Access { value: slot.current, surcharge, first: before.is_some() })
    }

    /// Writes a word under a key of a contract that has bytes too; zero deletes what is there.
    ///
    /// # Errors
    /// The ledger's.
    pub fn set_word_among_bytes(
        &mut self,
        at: ReadContext,
        address: &Address,
        key: &Word,
        value: Word,
    ) -> Result<()> {
        let Self { ledger, entries, undo, .. } = self;
        let entry = load(entries, ledger.as_mut(), at, address)?;
        let Some(slot) = entry.word_among_bytes(key, || ledger.storage(at, address, &key.0))? else {
            return self.set_storage(at, address, &key.0, bytes(value));
        };
        undo.push(Undo::Word { address: *address, key: *key, old: slot.current });
        entry.set_word(key, value);
        Ok(())
    }

    /// Whether an access to the slot now would be the transaction's first.
    #[must_use]
    pub fn is_cold_word(&self, address: &Address, key: &Word) -> bool {
        let slot = self.entries.get(address).and_then(|entry| entry.words.get(key));
        !slot.is_some_and(|slot| slot.surcharge.is_paid(self.transaction))
            && !self.warm_words.contains(&(*address, *key))
    }

    /// Makes a slot warm for the whole transaction, without reading it (EIP-2930).
    pub fn warm_word(&mut self, address: &Address, key: &Word) {
        self.warm_words.insert((*address, *key));
    }

    /// The word in a transient slot; zero again with the next transaction.
    #[must_use]
    pub fn transient_word(&self, address: &Address, key: &Word) -> Word {
        self.transient_words.get(&(*address, *key)).copied().unwrap_or_default()
    }

    /// Writes a transient slot.
    pub fn set_transient_word(&mut self, address: &Address, key: &Word, value: Word) {
        let old = self.transient_words.insert((*address, *key), value).unwrap_or_default();
        self.undo.push(Undo::TransientWord { address: *address, key: *key, old });
    }
}
