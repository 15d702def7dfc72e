//! Compiled code kept ready, by code hash.
//!
//! Each code is compiled once however many threads ask for it: they wait for the one that
//! compiles, and nobody else does, because no map is locked meanwhile. The map is in shards, so
//! that threads that begin to use different codes seldom meet. No callback runs under any of
//! the locks. What is in use stays in use when it is dropped from here.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use parking_lot::{Mutex, RwLock};

use crate::error::Result;
use crate::types::Word;

const SHARDS: usize = 16;

/// A bounded map from code hash to compiled code.
pub(super) struct Cache<T> {
    shards: [RwLock<HashMap<Word, Arc<Slot<T>>>>; SHARDS],
    clock: AtomicU64,
    most_bytes: u64,
    /// Held by the one that makes room.
    shrinking: Mutex<()>,
}

struct Slot<T> {
    content: OnceLock<Arc<T>>,
    /// Held by the one that compiles.
    making: Mutex<()>,
    /// What the content takes; 0 while it is being compiled.
    bytes: AtomicU64,
    used: AtomicU64,
}

impl<T> Cache<T> {
    pub(super) fn new(most_bytes: u64) -> Self {
        let shards = std::array::from_fn(|_| RwLock::default());
        Self { shards, clock: AtomicU64::new(0), most_bytes, shrinking: Mutex::new(()) }
    }

    /// What is ready under this hash.
    pub(super) fn find(&self, hash: &Word) -> Option<Arc<T>> {
        let slots = self.shard(hash).read();
        let slot = slots.get(hash)?;
        slot.used.store(self.tick(), Ordering::Relaxed);
        slot.content.get().cloned()
    }

    /// What is ready under this hash, made ready if it is not.
    pub(super) fn find_or(
        &self,
        hash: &Word,
        make: impl FnOnce() -> Result<T>,
        bytes: impl Fn(&T) -> u64,
    ) -> Result<Arc<T>> {
        if let Some(content) = self.find(hash) {
            return Ok(content);
        }
        let slot = Arc::clone(self.shard(hash).write().entry(*hash).or_default());
        slot.used.store(self.tick(), Ordering::Relaxed);
        let making = slot.making.lock();
        if let Some(content) = slot.content.get() {
            return Ok(Arc::clone(content));
        }
        let made = Arc::new(make().inspect_err(|_| {
            self.shard(hash).write().remove(hash);
        })?);
        slot.bytes.store(bytes(&made), Ordering::Relaxed);
        let content = Arc::clone(slot.content.get_or_init(|| made));
        drop(making);
        self.shrink(hash);
        Ok(content)
    }

    /// The content under this hash has become larger.
    pub(super) fn resize(&self, hash: &Word, bytes: u64) {
        if let Some(slot) = self.shard(hash).read().get(hash) {
            slot.bytes.store(bytes, Ordering::Relaxed);
        }
        self.shrink(hash);
    }

    /// Everything that is ready.
    pub(super) fn all(&self) -> Vec<Arc<T>> {
        let ready = |slot: &Arc<Slot<T>>| slot.content.get().cloned();
        self.shards
            .iter()
            .flat_map(|shard| shard.read().values().filter_map(ready).collect::<Vec<_>>())
            .collect()
    }

    /// Drops what nobody holds. What is being compiled is held by whoever compiles it.
    pub(super) fn trim(&self) {
        for shard in &self.shards {
            shard.write().retain(|_, slot| match slot.content.get() {
                Some(content) => Arc::strong_count(content) > 1,
                None => Arc::strong_count(slot) > 1,
            });
        }
    }

    /// How many codes are ready, and their bytes.
    pub(super) fn kept(&self) -> (u64, u64) {
        self.shards.iter().fold((0, 0), |(count, bytes), shard| {
            let slots = shard.read();
            (count + slots.len() as u64, bytes + slots.values().map(|slot| slot.bytes()).sum::<u64>())
        })
    }

    /// Drops the longest unused until the bound holds; never `newest`, which is wanted now.
    fn shrink(&self, newest: &Word) {
        let _alone = self.shrinking.lock();
        let (_, mut bytes) = self.kept();
        while bytes > self.most_bytes {
            let Some((hash, freed)) = self.oldest(newest) else { return };
            // Others may finish compiling meanwhile: the sum may be too small, never wrong for long.
            bytes = bytes.saturating_sub(freed);
            self.shard(&hash).write().remove(&hash);
        }
    }

    fn oldest(&self, newest: &Word) -> Option<(Word, u64)> {
        let in_shard = |shard: &RwLock<HashMap<Word, Arc<Slot<T>>>>| {
            let slots = shard.read();
            let others = slots.iter().filter(|(hash, slot)| *hash != newest && slot.bytes() > 0);
            let used = |slot: &Slot<T>| slot.used.load(Ordering::Relaxed);
            others.map(|(hash, slot)| (used(slot), *hash, slot.bytes())).min_by_key(|(used, ..)| *used)
        };
        let oldest = self.shards.iter().filter_map(in_shard).min_by_key(|(used, ..)| *used);
        oldest.map(|(_, hash, bytes)| (hash, bytes))
    }

    /// Hashes are keccak256: any byte spreads them.
    fn shard(&self, hash: &Word) -> &RwLock<HashMap<Word, Arc<Slot<T>>>> {
        &self.shards[usize::from(hash.0[31]) % SHARDS]
    }

    fn tick(&self) -> u64 {
        self.clock.fetch_add(1, Ordering::Relaxed)
    }
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        let (bytes, used) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { content: OnceLock::new(), making: Mutex::new(()), bytes, used }
    }
}

impl<T> Slot<T> {
    fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}
