//! A session's view of the store.

use std::sync::Arc;

use crate::error::{Error, Result, Status};
use crate::state::changes::Changes;
use crate::state::ledger::{Ledger, Loaded, Page, Range, ReadContext};
use crate::state::store::Store;
use crate::state::store::format::{DbResult, fault};
use crate::state::store::snapshot::Snapshot;
use crate::types::{Account, Address, Bytes, Word};

/// A [`Ledger`] over a [`Store`]: every read answers from the state the store was in when this
/// was made, whatever others commit meanwhile, until its own next commit.
///
/// It holds that state: pages it needs are not given back to the file before it is refreshed,
/// has committed or is dropped.
#[derive(Clone)]
pub struct StoreLedger {
    store: Store,
    snapshot: Arc<Snapshot>,
}

impl StoreLedger {
    pub(super) fn new(store: Store, snapshot: Arc<Snapshot>) -> Self {
        Self { store, snapshot }
    }

    /// Moves on to the state the store is in now.
    ///
    /// # Errors
    /// [`Status::Host`] if the store had failed and cannot be opened
    /// again; the ledger is then as it was.
    pub fn refresh(&mut self) -> Result<()> {
        self.snapshot = self.store.latest()?;
        Ok(())
    }

    /// Reads, and if that fails reads once more where the store, opened again, is still in the
    /// same state: a session need not suffer for the failure of another.
    fn read<T>(&mut self, read: impl Fn(&Snapshot) -> DbResult<T>) -> Result<T> {
        let failed = |error| fault("the store cannot be read", error);
        let error = match read(&self.snapshot) {
            Ok(answer) => return Ok(answer),
            Err(error) => failed(error),
        };
        match self.store.latest() {
            Ok(latest) if Arc::ptr_eq(&latest.generation, &self.snapshot.generation) => Err(error),
            Ok(latest) if latest.serial == self.snapshot.serial => {
                self.snapshot = latest;
                read(&self.snapshot).map_err(failed)
            }
            Ok(_) => Err(Error::new(
                Status::Host,
                "the store failed and was opened again, which ended this session's snapshot: make a new session",
            )),
            Err(_) => Err(error),
        }
    }
}

impl Ledger for StoreLedger {
    fn account(&mut self, _: ReadContext, address: &Address) -> Result<Loaded<Option<Account>>> {
        self.read(|snapshot| snapshot.account(address)).map(Loaded::from)
    }

    fn code(&mut self, _: ReadContext, hash: &Word) -> Result<Option<Bytes>> {
        self.read(|snapshot| snapshot.code(hash))
    }

    fn storage(&mut self, _: ReadContext, account: &Address, key: &[u8]) -> Result<Loaded<Option<Bytes>>> {
        self.read(|snapshot| snapshot.storage(account, key)).map(Loaded::from)
    }

    fn scan(&mut self, _: ReadContext, account: &Address, range: Range<'_>) -> Result<Page> {
        self.read(|snapshot| snapshot.scan(account, &range))
    }

    fn block_hash(&mut self, _: ReadContext, number: u64) -> Result<Option<Word>> {
        self.read(|snapshot| snapshot.block_hash(number))
    }

    fn commit(&mut self, changes: &Changes) -> Result<()> {
        self.snapshot = self.store.commit(changes)?;
        Ok(())
    }
}
