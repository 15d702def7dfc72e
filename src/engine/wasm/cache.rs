//! Compiled code kept ready, by code hash.
//!
//! Each code is compiled once however many threads ask for it: they wait for the one that
//! compiles, and nobody else does, because the map is not locked meanwhile. No callback runs
//! under either lock. What is in use stays in use when it is dropped from here.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{Mutex, RwLock};

use crate::error::Result;
use crate::types::Word;

/// A bounded map from code hash to compiled code.
pub(super) struct Cache<T> {
    slots: RwLock<HashMap<Word, Arc<Slot<T>>>>,
    clock: AtomicU64,
    most_bytes: u64,
}

struct Slot<T> {
    content: Mutex<Option<Arc<T>>>,
    /// What the content takes; 0 while it is being compiled.
    bytes: AtomicU64,
    used: AtomicU64,
}

impl<T> Cache<T> {
    pub(super) fn new(most_bytes: u64) -> Self {
        Self { slots: RwLock::default(), clock: AtomicU64::new(0), most_bytes }
    }

    /// What is ready under this hash.
    pub(super) fn find(&self, hash: &Word) -> Option<Arc<T>> {
        let slot = self.slots.read().get(hash).cloned()?;
        slot.used.store(self.tick(), Ordering::Relaxed);
        let content = slot.content.lock();
        content.clone()
    }

    /// What is ready under this hash, made ready if it is not.
    pub(super) fn find_or(
        &self,
        hash: &Word,
        make: impl FnOnce() -> Result<T>,
        bytes: impl Fn(&T) -> u64,
    ) -> Result<Arc<T>> {
        let slot = Arc::clone(self.slots.write().entry(*hash).or_insert_with(|| {
            Arc::new(Slot { content: Mutex::new(None), bytes: AtomicU64::new(0), used: AtomicU64::new(0) })
        }));
        slot.used.store(self.tick(), Ordering::Relaxed);
        let mut content = slot.content.lock();
        if let Some(content) = &*content {
            return Ok(Arc::clone(content));
        }
        let made = Arc::new(make().inspect_err(|_| {
            self.slots.write().remove(hash);
        })?);
        slot.bytes.store(bytes(&made), Ordering::Relaxed);
        *content = Some(Arc::clone(&made));
        drop(content);
        self.shrink(hash);
        Ok(made)
    }

    /// Everything that is ready.
    pub(super) fn all(&self) -> Vec<Arc<T>> {
        let slots: Vec<_> = self.slots.read().values().cloned().collect();
        slots.iter().filter_map(|slot| slot.content.try_lock().and_then(|content| content.clone())).collect()
    }

    /// Drops what nobody holds. What is being compiled is held by whoever compiles it.
    pub(super) fn trim(&self) {
        self.slots.write().retain(|_, slot| match slot.content.try_lock() {
            Some(content) => match &*content {
                Some(content) => Arc::strong_count(content) > 1,
                None => Arc::strong_count(slot) > 1,
            },
            None => true,
        });
    }

    /// How many codes are ready, and their bytes.
    pub(super) fn kept(&self) -> (u64, u64) {
        let slots = self.slots.read();
        (slots.len() as u64, slots.values().map(|slot| slot.bytes()).sum())
    }

    /// Drops the longest unused until the bound holds; never `newest`, which is wanted now.
    fn shrink(&self, newest: &Word) {
        let mut slots = self.slots.write();
        let mut bytes: u64 = slots.values().map(|slot| slot.bytes()).sum();
        while bytes > self.most_bytes {
            let others = slots.iter().filter(|(hash, slot)| *hash != newest && slot.bytes() > 0);
            let oldest = others.min_by_key(|(_, slot)| slot.used.load(Ordering::Relaxed));
            let Some((hash, slot)) = oldest.map(|(hash, slot)| (*hash, Arc::clone(slot))) else { return };
            // Others may finish compiling meanwhile: the sum may be too small, never wrong for long.
            bytes = bytes.saturating_sub(slot.bytes());
            slots.remove(&hash);
        }
    }

    fn tick(&self) -> u64 {
        self.clock.fetch_add(1, Ordering::Relaxed)
    }
}

impl<T> Slot<T> {
    fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}
