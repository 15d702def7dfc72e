//! Code kept ready, by code hash.
//!
//! Each code is compiled once however many threads ask for it: they wait for the one that
//! compiles, and nobody else does, because no map is locked meanwhile. The map is in shards, so
//! that threads that begin to use different codes seldom meet. No callback runs under any of
//! the locks. What is in use stays in use when it is dropped from here.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use parking_lot::{Mutex, RwLock};

use crate::error::Result;
use crate::types::Word;

const SHARDS: usize = 16;
/// Codes that are many.
const MANY: usize = 64;

/// A bounded map from code hash to compiled code.
pub(super) struct Cache<T> {
    shards: [RwLock<HashMap<Word, Arc<Slot<T>>>>; SHARDS],
    clock: AtomicU64,
    most_bytes: u64,
    /// What all of it takes. While something comes or goes it may be off, even below zero.
    held: AtomicI64,
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
        Self {
            shards,
            clock: AtomicU64::new(0),
            most_bytes,
            held: AtomicI64::new(0),
            shrinking: Mutex::new(()),
        }
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
        self.count(&slot, bytes(&made));
        let content = Arc::clone(slot.content.get_or_init(|| made));
        drop(making);
        self.shrink(hash);
        Ok(content)
    }

    /// The content under this hash has become larger.
    pub(super) fn resize(&self, hash: &Word, bytes: u64) {
        if let Some(slot) = self.shard(hash).read().get(hash) {
            self.count(slot, bytes);
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
            shard.write().retain(|_, slot| {
                let wanted = match slot.content.get() {
                    Some(content) => Arc::strong_count(content) > 1,
                    None => Arc::strong_count(slot) > 1,
                };
                if !wanted {
                    self.held.fetch_sub(slot.bytes().cast_signed(), Ordering::Relaxed);
                }
                wanted
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

    fn count(&self, slot: &Slot<T>, bytes: u64) {
        let before = slot.bytes.swap(bytes, Ordering::Relaxed);
        self.held.fetch_add(bytes.cast_signed() - before.cast_signed(), Ordering::Relaxed);
    }

    /// Drops the longest unused until the bound holds; never `newest`, which is wanted now. Where there
    /// are many, some room is made for the next ones too, so that not each of them looks through all.
    fn shrink(&self, newest: &Word) {
        let over = |most: u64| self.held.load(Ordering::Relaxed) > most.cast_signed();
        if !over(self.most_bytes) {
            return;
        }
        let _alone = self.shrinking.lock();
        let others = self.by_age(newest);
        let spare = if others.len() > MANY { self.most_bytes / 8 } else { 0 };
        for hash in others {
            if !over(self.most_bytes - spare) {
                return;
            }
            if let Some(slot) = self.shard(&hash).write().remove(&hash) {
                self.held.fetch_sub(slot.bytes().cast_signed(), Ordering::Relaxed);
            }
        }
    }

    /// What is ready, but for the newest, the longest unused first.
    fn by_age(&self, newest: &Word) -> Vec<Word> {
        let in_shard = |shard: &RwLock<HashMap<Word, Arc<Slot<T>>>>| {
            let slots = shard.read();
            let others = slots.iter().filter(|(hash, slot)| *hash != newest && slot.bytes() > 0);
            others.map(|(hash, slot)| (slot.used.load(Ordering::Relaxed), *hash)).collect::<Vec<_>>()
        };
        let mut others: Vec<_> = self.shards.iter().flat_map(in_shard).collect();
        others.sort_unstable();
        others.into_iter().map(|(_, hash)| hash).collect()
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
