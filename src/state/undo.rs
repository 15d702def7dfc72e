//! The undo log: one entry for each state change, taken back in reverse order.

use super::entry::{Entry, Marks, TransactionNumber};
use super::words::WordSlot;
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
    /// Does: a word slot is written.
    /// Undoes: it has its old value.
    Word { address: Address, key: Word, old: Word },
    /// Does: a word is asked for as bytes, and is bytes from then on.
    /// Undoes: it is a word again.
    MakeBytes { address: Address, key: Word, old: WordSlot },
    /// Does: a transient entry is written.
    /// Undoes: it has its old value, or none.
    Transient { address: Address, key: Bytes, old: Option<Bytes> },
    /// Does: a transient word is written.
    /// Undoes: it has its old value.
    TransientWord { address: Address, key: Word, old: Word },
    /// Does: code that the ledger does not have is kept for the commit.
    /// Undoes: it is forgotten.
    Code { hash: Word },
    /// Does: an event is emitted.
    /// Undoes: it never was.
    Log,
    /// Does: an account (no key) or entry is touched for the first time in the transaction.
    /// Undoes: it was not, so that its surcharge is due again.
    Touch { address: Address, key: Option<Bytes>, before: TransactionNumber },
    /// Does: a word slot is touched for the first time in the transaction.
    /// Undoes: it is cold again.
    TouchWord { address: Address, key: Word, before: TransactionNumber },
    /// Does: the account is noted as created, as ending, or as one that may be left empty.
    /// Undoes: its marks are what they were.
    Marks { address: Address, old: Marks },
    /// Does: the account ends, with everything it held.
    /// Undoes: it is there again as it was.
    Destroy { address: Address, old: Box<Entry> },
    /// Does: the refund counter changes.
    /// Undoes: it is what it was.
    Refund { old: i64 },
}
