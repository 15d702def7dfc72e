//! What the embedder supplies, as a trait.
//!
//! Reads answer from one stable snapshot for the life of a session; the session caches them,
//! absence included, so each is asked at most once. Writes come back in one [`Ledger::commit`].

use crate::error::Result;
use crate::state::changes::Changes;
use crate::types::{Account, Address, Bytes, Word};

/// Who is asking, for a ledger that traces or wants to stop early. Not for pricing: an answer is asked
/// once and kept with its surcharge, whoever asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReadContext {
    /// The contract that runs; zero outside a call.
    pub contract: Address,
    /// How deep calls are nested; 0 outside a call.
    pub depth: u32,
    /// Gas left in the frame; `u64::MAX` outside a call.
    pub gas_left: u64,
}

/// An answer, and gas the ledger asks for it on top of the schedule's price.
///
/// The surcharge is kept with the answer and paid on the first touch in each transaction, so
/// gas never depends on what the session happened to read before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded<T> {
    /// The answer.
    pub value: T,
    /// Extra gas, normally 0.
    pub surcharge: u64,
}

impl<T> From<T> for Loaded<T> {
    fn from(value: T) -> Self {
        Self { value, surcharge: 0 }
    }
}

/// Which entries a scan is to return.
#[derive(Clone, Copy, Debug)]
pub struct Range<'a> {
    /// First key, included. Empty is the beginning.
    pub start: &'a [u8],
    /// First key that is not included any more; `None` is the end.
    pub end: Option<&'a [u8]>,
    /// From the end backwards.
    pub reverse: bool,
    /// At most this many rows, at least 1.
    pub limit: usize,
}

/// Entries in order, and whether the range ends with them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Keys and values in the order asked for.
    pub rows: Vec<(Bytes, Bytes)>,
    /// No rows of the range follow.
    pub done: bool,
}

/// The embedder's state: accounts, code, contract storage.
///
/// # Errors
/// Every method fails with [`Status::Host`](crate::error::Status::Host) or another status of
/// that range when the embedder cannot answer. The running call then ends with that error and
/// nothing of it remains.
pub trait Ledger {
    /// The account at an address, `None` where there is none.
    fn account(&mut self, at: ReadContext, address: &Address) -> Result<Loaded<Option<Account>>>;

    /// The code with this keccak256, `None` where it is unknown.
    fn code(&mut self, at: ReadContext, hash: &Word) -> Result<Option<Bytes>>;

    /// The value of a storage entry, `None` where there is none.
    fn storage(&mut self, at: ReadContext, account: &Address, key: &[u8]) -> Result<Loaded<Option<Bytes>>>;

    /// Several entries of one account at once, in the order of the keys.
    fn storage_many(
        &mut self,
        at: ReadContext,
        account: &Address,
        keys: &[Bytes],
    ) -> Result<Vec<Loaded<Option<Bytes>>>> {
        keys.iter().map(|key| self.storage(at, account, key)).collect()
    }

    /// A page of one account's entries in order of their keys. Pages are stateless: the next
    /// one starts after the last key.
    fn scan(&mut self, at: ReadContext, account: &Address, range: Range<'_>) -> Result<Page>;

    /// The hash of an earlier block, `None` outside the window the embedder keeps.
    fn block_hash(&mut self, at: ReadContext, number: u64) -> Result<Option<Word>>;

    /// Takes over all changes, whole or not at all. Every write is absolute, so taking the
    /// same changes again after a doubtful failure is harmless.
    fn commit(&mut self, changes: &Changes) -> Result<()>;
}

impl<L: Ledger + ?Sized> Ledger for &mut L {
    fn account(&mut self, at: ReadContext, address: &Address) -> Result<Loaded<Option<Account>>> {
        (**self).account(at, address)
    }

    fn code(&mut self, at: ReadContext, hash: &Word) -> Result<Option<Bytes>> {
        (**self).code(at, hash)
    }

    fn storage(&mut self, at: ReadContext, account: &Address, key: &[u8]) -> Result<Loaded<Option<Bytes>>> {
        (**self).storage(at, account, key)
    }

    fn storage_many(
        &mut self,
        at: ReadContext,
        account: &Address,
        keys: &[Bytes],
    ) -> Result<Vec<Loaded<Option<Bytes>>>> {
        (**self).storage_many(at, account, keys)
    }

    fn scan(&mut self, at: ReadContext, account: &Address, range: Range<'_>) -> Result<Page> {
        (**self).scan(at, account, range)
    }

    fn block_hash(&mut self, at: ReadContext, number: u64) -> Result<Option<Word>> {
        (**self).block_hash(at, number)
    }

    fn commit(&mut self, changes: &Changes) -> Result<()> {
        (**self).commit(changes)
    }
}
