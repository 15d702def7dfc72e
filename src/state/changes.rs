//! What leaves at commit: the ordered, de-duplicated set of writes.

use crate::types::{Address, Bytes, EngineKind, Log, Word};

/// One write. [`Changes`] says the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// The account is gone, with its code and every storage entry. What follows begins from nothing.
    Destroy,
    /// The account's balance is now this.
    Balance(Word),
    /// The account's nonce is now this.
    Nonce(u64),
    /// The account now holds this code, whose keccak256 is the hash; a zero hash is no code.
    Code {
        /// keccak256 of the code.
        hash: Word,
        /// What runs it.
        engine: EngineKind,
        /// The code itself.
        code: Bytes,
    },
    /// The storage entry now has this value.
    Set {
        /// At most `key_bytes` bytes.
        key: Bytes,
        /// At most `value_bytes` bytes; empty is a value, not absence.
        value: Bytes,
    },
    /// The storage entry is gone.
    Delete {
        /// The entry's key.
        key: Bytes,
    },
}

/// A write and the account it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The account.
    pub account: Address,
    /// The write.
    pub write: Write,
}

/// Everything a session hands over at commit: changes by address, within an account its end,
/// balance, nonce, code and then storage by key. Each entry occurs once, with its last value, and
/// only where that differs from the ledger's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The writes, ordered.
    pub list: Vec<Change>,
    /// The events since the last commit that stand, in order of emission.
    pub logs: Vec<Log>,
    /// Which commit of the session this is, from 1. A commit that failed keeps its number
    /// when it is tried again.
    pub serial: u64,
}

impl Changes {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty() && self.logs.is_empty()
    }
}
