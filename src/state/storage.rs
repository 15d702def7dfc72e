//! Contract storage in the journal: reads, writes, and the next key in order.

use std::ops::Bound;

use super::entry::{Slot, Surcharge};
use super::journal::{Access, Journal};
use super::ledger::{Range, ReadContext};
use super::undo::Undo;
use crate::error::Result;
use crate::types::{Address, Bytes};

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
    ) -> Result<Access<Option<Bytes>>> {
        let now = self.transaction;
        let slot = self.slot(at, address, key)?;
        let (surcharge, first) = slot.surcharge.touch(now);
        Ok(Access { value: slot.current.clone(), surcharge, first })
    }

    /// Writes (`Some`) or deletes (`None`) a storage entry and returns its old value.
    ///
    /// # Errors
    /// The ledger's.
    pub fn set_storage(
        &mut self,
        at: ReadContext,
        address: &Address,
        key: &Bytes,
        value: Option<Bytes>,
    ) -> Result<Access<Option<Bytes>>> {
        let now = self.transaction;
        let slot = self.slot(at, address, key)?;
        let (surcharge, first) = slot.surcharge.touch(now);
        let old = std::mem::replace(&mut slot.current, value);
        self.undo.push(Undo::Storage { address: *address, key: key.clone(), old: old.clone() });
        Ok(Access { value: old, surcharge, first })
    }

    /// Reads entries of an account ahead, in as few questions as the ledger allows. Never
    /// changes gas: the surcharge is still due on the first touch.
    ///
    /// # Errors
    /// The ledger's.
    pub fn prefetch(&mut self, at: ReadContext, address: &Address, keys: &[Bytes]) -> Result<()> {
        let storage = &self.entry(at, address)?.storage;
        let mut missing: Vec<Bytes> =
            keys.iter().filter(|key| !storage.contains_key(*key)).cloned().collect();
        missing.sort_unstable();
        missing.dedup();
        let values = self.ledger.storage_many(at, address, &missing)?;
        let storage = &mut self.entry(at, address)?.storage;
        for (key, loaded) in missing.into_iter().zip(values) {
            let surcharge = Surcharge::new(loaded.surcharge);
            storage.insert(key, Slot { original: loaded.value.clone(), current: loaded.value, surcharge });
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
            let entry = self.entry(at, address)?;
            let beyond = (Bound::Excluded(&*after), Bound::Unbounded);
            let stored = entry.scanned.keys.range::<[u8], _>(beyond).next().cloned();
            let end = stored.as_ref().or(entry.scanned.to.as_ref());
            let written = entry
                .storage
                .range::<[u8], _>(beyond)
                .take_while(|(key, _)| end.is_none_or(|end| *key <= end))
                .find(|(_, slot)| slot.current.is_some())
                .map(|(key, _)| key.clone());
            if written.is_some() {
                return Ok(written);
            }
            match stored {
                // The session never read it, so it is as the ledger has it.
                Some(stored) if !entry.storage.contains_key(&stored) => return Ok(Some(stored)),
                Some(deleted) => after = deleted,
                None => match entry.scanned.to.clone() {
                    Some(to) => after = to,
                    None => return Ok(None),
                },
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
        let scanned = &mut self.entry(at, address)?.scanned;
        if scanned.to.as_deref() != Some(key) {
            *scanned = Default::default();
            scanned.from = Some(key.into());
        }
        scanned.to = match page.done {
            true => None,
            false => page.rows.last().map(|(key, _)| key.clone()),
        };
        scanned.keys.extend(page.rows.into_iter().map(|(key, _)| key));
        Ok(())
    }

    fn slot(&mut self, at: ReadContext, address: &Address, key: &[u8]) -> Result<&mut Slot> {
        if !self.entry(at, address)?.storage.contains_key(key) {
            let loaded = self.ledger.storage(at, address, key)?;
            let surcharge = Surcharge::new(loaded.surcharge);
            let slot = Slot { original: loaded.value.clone(), current: loaded.value, surcharge };
            self.entry(at, address)?.storage.insert(key.into(), slot);
        }
        let slot = self.entry(at, address)?.storage.get_mut(key);
        Ok(slot.expect("a touched slot is kept"))
    }
}
