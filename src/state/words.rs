//! Word slots in the journal: the storage of EVM and ZVM contracts, a 32-byte word under each
//! 32-byte key.
//!
//! They lie in the contract's one key space of byte strings, where zero is absence; but here they
//! stay words, since boxed keys and values would halve the speed of code that lives on its storage.

use hashbrown::hash_map::Entry as Place;

use super::entry::{Entry, Surcharge, TransactionNumber};
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
    /// # Errors
    /// [`Status::HostProtocol`] where the ledger's value is no word.
    fn loaded(loaded: &Loaded<Option<Bytes>>) -> Result<Self> {
        let stored = match &loaded.value {
            None => Word::ZERO,
            Some(value) => Word::from_bytes(value).ok_or_else(|| no_word(value.len()))?,
        };
        let surcharge = Surcharge::new(loaded.surcharge);
        Ok(Self { stored, original: stored, current: stored, surcharge })
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
        match self.words.entry(*key) {
            Place::Occupied(kept) => Ok(kept.into_mut()),
            Place::Vacant(place) => {
                let loaded = if self.ended { None.into() } else { ask()? };
                Ok(place.insert(WordSlot::loaded(&loaded)?))
            }
        }
    }

    /// A slot that is kept.
    pub(super) fn word(&mut self, key: &Word) -> &mut WordSlot {
        self.words.get_mut(key).expect("a touched slot is kept")
    }

    /// Keeps what the ledger answered ahead of a read, where that can be a slot.
    pub(super) fn keep_word(&mut self, key: &[u8], loaded: &Loaded<Option<Bytes>>) {
        if let (Some(key), Ok(slot)) = (Word::from_bytes(key), WordSlot::loaded(loaded)) {
            self.words.entry(key).or_insert(slot);
        }
    }
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
