//! The undo log: one entry for each state change, taken back in reverse order.

use super::entry::TransactionNumber;
use crate::types::{Account, Address, Bytes, Word};

/// How to take one change back.
#[derive(Clone, Debug)]
pub(super) enum Undo {
    /// Does: the account's balance, nonce or code becomes another.
    /// Undoes: the record is what it was.
    Account { address: Address, old: Account },
    /// Does: a storage entry is written or deleted.
    /// Undoes: it has its old value, or none.
    Storage { address: Address, key: Bytes, old: Option<Bytes> },
    /// Does: a transient entry is written.
    /// Undoes: it has its old value, or none.
    Transient { address: Address, key: Bytes, old: Option<Bytes> },
    /// Does: code that the ledger does not have is kept for the commit.
    /// Undoes: it is forgotten.
    Code { hash: Word },
    /// Does: an event is emitted.
    /// Undoes: it never was.
    Log,
    /// Does: an account (no key) or entry is touched for the first time in the transaction.
    /// Undoes: it was not, so that its surcharge is due again.
    Touch { address: Address, key: Option<Bytes>, before: TransactionNumber },
    /// Does: the refund counter grows.
    /// Undoes: it is what it was.
    Refund { old: u64 },
}
