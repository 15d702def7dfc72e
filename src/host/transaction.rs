//! What frames of one call from outside have in common.

use crate::interrupt::Stopwatch;
use crate::limits::Limits;
use crate::outcome::Halt;
use crate::types::{Address, Word};

/// What is the same for every frame of a call from outside, and what they use up together.
#[derive(Clone, Debug, Default)]
pub struct Transaction {
    /// Who began it.
    pub origin: Address,
    /// What it pays for a unit of gas.
    pub gas_price: Word,
    /// The hashes of the blobs that came with it (EIP-4844).
    pub blob_hashes: Vec<Word>,
    /// What may stop it.
    pub stopwatch: Stopwatch,
    /// Counters for the result.
    pub counters: Counters,
    touched_keys: u32,
    touched_bytes: u64,
    pub(super) debug_bytes: u32,
    pub(super) live_pages: u32,
}

/// What a transaction did, for people and metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Storage reads.
    pub reads: u64,
    /// Storage writes and deletes.
    pub writes: u64,
    /// The most frames that were live at once.
    pub depth: u32,
    /// The most memory pages that were live at once.
    pub pages: u32,
    /// The score of the last admission, 0 where none was asked.
    pub score: u32,
}

impl Transaction {
    pub(super) fn new(origin: Address, gas_price: Word, stopwatch: Stopwatch) -> Self {
        Self { origin, gas_price, stopwatch, ..Self::default() }
    }

    /// Counts a touched storage entry or account against the limits.
    ///
    /// # Errors
    /// [`Halt::JournalLimit`].
    pub fn touch(&mut self, limits: &Limits, first: bool, bytes: usize) -> std::result::Result<(), Halt> {
        self.touched_keys = self.touched_keys.saturating_add(u32::from(first));
        self.touched_bytes = self.touched_bytes.saturating_add(bytes as u64);
        let within =
            self.touched_keys <= limits.journal_keys && self.touched_bytes <= u64::from(limits.journal_bytes);
        within.then_some(()).ok_or(Halt::JournalLimit)
    }
}
