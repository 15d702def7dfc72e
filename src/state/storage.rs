//! Contract storage in the journal: reads, writes, and the next key in order.

use std::ops::Bound;

use super::entry::Entry;
use super::journal::{Access, Journal, load};
use super::ledger::{Range, ReadContext};
use super::undo::Undo;
use crate::error::{Error, Result, Status};
use crate::types::{Address, Bytes, EngineKind, Word};

/// Rows asked for in one page. Gas is per row consumed, so this figure is nobody's business.
const PAGE: usize = 64;

impl Journal<'_> {
    /// The value of a storage entry.
    ///
    /// # Errors
    /// The ledger's.
    pub fn storage(
        &mut self,
        at: ReadContext,
        address: &Address,
        key: &[u8],
    ) -> Result<Access<Option<&Bytes>>> {
        let Self { ledger, entries, undo, transaction, .. } = self;
        let entry = load(entries, ledger.as_mut(), at, address)?;
        if let Some((key, old)) = entry.make_bytes(key) {
            undo.push(Undo::MakeBytes { address: *address, key, old });
        }
        let slot = entry.slot_or(key, || ledger.storage(at, address, key))?;
        let (surcharge, before) = slot.surcharge.touch(*transaction);
        if let Some(before) = before {
            undo.push(Undo::Touch { address: *address, key: Some(slot.key.clone()), before });
        }
        Ok(Access { value: slot.current.as_ref(), surcharge, first: before.is_some() })
    }

    /// Writes (`Some`) or deletes (`None`) a storage entry.
    ///
    /// # Errors
    /// The ledger's.
    pub fn set_storage(
        &mut self,
        at: ReadContext,
        address: &Address,
        key: &[u8],
        value: Option<Bytes>,
    ) -> Result<()> {
        let Self { ledger, entries, undo, .. } = self;
        let entry = load(entries, ledger.as_mut(), at, address)?;
        if let Some((key, old)) = entry.make_bytes(key) {
            undo.push(Undo::MakeBytes { address: *address, key, old });
        }
        entry.slot_or(key, || ledger.storage(at, address, key))?;
        let (key, old) = entry.set(key, value);
        undo.push(Undo::Storage { address: *address, key, old });
        Ok(())
    }

    /// Reads entries of an account ahead, in as few questions as the ledger allows. Never
    /// changes gas: the surcharge is still due on the first touch.
    ///
    /// # Errors
    /// The ledger's.
    pub fn prefetch(&mut self, at: ReadContext, address: &Address, keys: &[Bytes]) -> Result<()> {
        let Entry { storage, words, current, ended, .. } = self.entry(at, address)?;
        let engine = current.engine;
        let is_word = |key: &Bytes| Word::from_bytes(key).is_some_and(|key| words.contains_key(&key));
        let is_known = |key: &Bytes| *ended || storage.contains_key(key) || is_word(key);
        let mut missing: Vec<Bytes> = keys.iter().filter(|key| !is_known(key)).cloned().collect();
        missing.sort_unstable();
        missing.dedup();
        let values = self.ledger.storage_many(at, address, &missing)?;
        if values.len() != missing.len() {
            return Err(Error::new(Status::HostProtocol, "a ledger answered another number of entries"));
        }
        let entry = self.entry(at, address)?;
        for (key, loaded) in missing.into_iter().zip(values) {
            match engine {
                Some(EngineKind::Wasm) => entry.keep(key, loaded),
                _ => entry.keep_either(key, loaded),
            }
        }
        Ok(())
    }

    /// The first key after `key` that has a value, uncommitted writes included.
    ///
    /// # Errors
    /// The ledger's.
    pub fn next_key(&mut self, at: ReadContext, address: &Address, key: &[u8]) -> Result<Option<Bytes>> {
        let mut after: Bytes = key.into();
        loop {
            if !self.entry(at, address)?.scanned.covers(&after) {
                self.read_page(at, address, &after)?;
            }
            let (live, scanned) = self.entry(at, address)?.keys();
            let beyond = (Bound::Excluded(&*after), Bound::Unbounded);
            let stored = scanned.keys.range::<[u8], _>(beyond).next();
            let live = live.range::<[u8], _>(beyond).next();
            let next = stored.into_iter().chain(live).min().cloned();
            // What lies beyond the pages seen may have another key before it.
            match (&scanned.to, next) {
                (None, next) => return Ok(next),
                (Some(to), Some(next)) if next <= *to => return Ok(Some(next)),
                (Some(to), _) => after = to.clone(),
            }
        }
    }

    /// Learns the ledger's keys after `key`, going on from the pages already seen if they
    /// end here.
    fn read_page(&mut self, at: ReadContext, address: &Address, key: &[u8]) -> Result<()> {
        // The least key after `key`: start is inclusive.
        let start = [key, &[0]].concat();
        let page =
            self.ledger.scan(at, address, Range { start: &start, end: None, reverse: false, limit: PAGE })?;
        if page.rows.is_empty() && !page.done {
            return Err(Error::new(Status::HostProtocol, "a page is empty and not the last"));
        }
        let Entry { scanned, storage, words, .. } = self.entry(at, address)?;
        if scanned.to.as_deref() != Some(key) {
            *scanned = Default::default();
            scanned.from = Some(key.into());
        }
        scanned.to = match page.done {
            true => None,
            false => page.rows.last().map(|(key, _)| key.clone()),
        };
        let is_word = |key: &Bytes| Word::from_bytes(key).is_some_and(|key| words.contains_key(&key));
        let is_read = |key: &Bytes| storage.contains_key(key) || !words.is_empty() && is_word(key);
        let unread = page.rows.into_iter().map(|(key, _)| key).filter(|key| !is_read(key));
        scanned.keys.extend(unread);
        Ok(())
    }
}
