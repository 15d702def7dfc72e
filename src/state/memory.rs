//! A ledger in memory: for tests, simulations, and embedders that persist by other means.
//!
//! It answers in byte order of the keys, like every ledger, and takes a commit whole by nature:
//! nothing in applying one can fail. A session owns its ledger, so its snapshot is stable as
//! long as nobody else sets entries through the inherent methods meanwhile.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::error::Result;
use crate::state::changes::{Change, Changes, Write};
use crate::state::ledger::{Ledger, Loaded, Page, Range, ReadContext};
use crate::types::{Account, Address, Bytes, Word};

/// A [`Ledger`] of ordered maps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryLedger {
    accounts: BTreeMap<Address, Account>,
    code: BTreeMap<Word, Bytes>,
    storage: BTreeMap<Address, BTreeMap<Bytes, Bytes>>,
    block_hashes: BTreeMap<u64, Word>,
}

impl MemoryLedger {
    /// An empty ledger.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts an account in place, over the one that was there. Its code is set apart, by
    /// [`MemoryLedger::set_code`].
    pub fn set_account(&mut self, address: Address, account: Account) {
        self.accounts.insert(address, account);
    }

    /// Makes code known under its keccak256, which is the caller's to compute.
    pub fn set_code(&mut self, hash: Word, code: impl Into<Bytes>) {
        self.code.insert(hash, code.into());
    }

    /// Puts a storage entry in place, over the one that was there.
    pub fn set_storage(&mut self, account: Address, key: impl Into<Bytes>, value: impl Into<Bytes>) {
        self.storage.entry(account).or_default().insert(key.into(), value.into());
    }

    /// Makes the hash of an earlier block known.
    pub fn set_block_hash(&mut self, number: u64, hash: Word) {
        self.block_hashes.insert(number, hash);
    }

    /// The account at an address.
    #[must_use]
    pub fn account_at(&self, address: &Address) -> Option<Account> {
        self.accounts.get(address).copied()
    }

    /// The value of a storage entry.
    #[must_use]
    pub fn storage_at(&self, account: &Address, key: &[u8]) -> Option<&Bytes> {
        self.storage.get(account)?.get(key)
    }

    /// Every account, in order of its address.
    pub fn accounts(&self) -> impl Iterator<Item = (&Address, &Account)> {
        self.accounts.iter()
    }

    /// One account's storage entries, in order of their keys.
    pub fn entries(&self, account: &Address) -> impl Iterator<Item = (&Bytes, &Bytes)> {
        self.storage.get(account).into_iter().flatten()
    }

    fn apply(&mut self, Change { account, write }: &Change) {
        match write {
            Write::Destroy => {
                self.accounts.remove(account);
                self.storage.remove(account);
            }
            Write::Balance(balance) => self.accounts.entry(*account).or_default().balance = *balance,
            Write::Nonce(nonce) => self.accounts.entry(*account).or_default().nonce = *nonce,
            Write::Code { hash, engine, code } => {
                let entry = self.accounts.entry(*account).or_default();
                entry.code_hash = *hash;
                entry.engine = entry.has_code().then_some(*engine);
                if !hash.is_zero() {
                    self.code.insert(*hash, code.clone());
                }
            }
            Write::Set { key, value } => self.set_storage(*account, key.clone(), value.clone()),
            Write::Delete { key } => self.delete(account, key),
        }
    }

    fn delete(&mut self, account: &Address, key: &[u8]) {
        if let Some(entries) = self.storage.get_mut(account) {
            entries.remove(key);
            if entries.is_empty() {
                self.storage.remove(account);
            }
        }
    }
}

impl Ledger for MemoryLedger {
    fn account(&mut self, _: ReadContext, address: &Address) -> Result<Loaded<Option<Account>>> {
        Ok(self.account_at(address).into())
    }

    fn code(&mut self, _: ReadContext, hash: &Word) -> Result<Option<Bytes>> {
        Ok(self.code.get(hash).cloned())
    }

    fn storage(&mut self, _: ReadContext, account: &Address, key: &[u8]) -> Result<Loaded<Option<Bytes>>> {
        Ok(self.storage_at(account, key).cloned().into())
    }

    fn scan(&mut self, _: ReadContext, account: &Address, range: Range<'_>) -> Result<Page> {
        let Some(entries) = self.storage.get(account) else {
            return Ok(Page { rows: Vec::new(), done: true });
        };
        if range.end.is_some_and(|end| end <= range.start) {
            return Ok(Page { rows: Vec::new(), done: true });
        }
        let bounds = (Bound::Included(range.start), range.end.map_or(Bound::Unbounded, Bound::Excluded));
        let mut entries = entries.range::<[u8], _>(bounds);
        let mut step = || if range.reverse { entries.next_back() } else { entries.next() };
        let mut page = Page::default();
        while let Some((key, value)) = step() {
            if page.rows.len() == range.limit {
                return Ok(page);
            }
            page.rows.push((key.clone(), value.clone()));
        }
        page.done = true;
        Ok(page)
    }

    fn block_hash(&mut self, _: ReadContext, number: u64) -> Result<Option<Word>> {
        Ok(self.block_hashes.get(&number).copied())
    }

    fn commit(&mut self, changes: &Changes) -> Result<()> {
        changes.list.iter().for_each(|change| self.apply(change));
        Ok(())
    }
}
