//! Instances that wait for their next call.
//!
//! The one used last is handed out first, because its pages are in the processor's cache. An
//! instance is reset before it waits and not when it is taken, so that nothing of a call outlives
//! it. One that could not be reset, or whose call did not return, is dropped.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;

use super::instance::Instance;
use super::memory::Image;
use crate::error::Result;

/// The instances of one code.
pub(super) struct Pool {
    idle: Mutex<Vec<Instance>>,
    /// What every instance begins with: known from the first.
    image: OnceLock<Image>,
    /// The pages that the first call wrote: the others will, too.
    likely: OnceLock<Vec<u32>>,
    room: Arc<Room>,
    /// Whether writes are noted: where signals may not be used, memories are mapped anew.
    watches: bool,
}

/// What all pools of a runtime may hold together.
pub(super) struct Room {
    most: u64,
    used: AtomicU64,
    crowded: AtomicBool,
}

/// What an idle instance takes beyond its image, at most; bench memory.instance_idle shows it. Zeroes lent to the kernel are not
/// counted: up to 128 pages, which it takes when it needs them.
const INSTANCE_BYTES: u64 = 64 << 10;

/// Pages that are opened ahead; the rest are left to fault.
const LIKELY: usize = 32;

impl Pool {
    pub(super) fn new(room: Arc<Room>, watches: bool) -> Self {
        let (idle, image, likely) = (Mutex::default(), OnceLock::new(), OnceLock::new());
        Self { idle, image, likely, room, watches }
    }

    /// An instance at its beginning, made by `make` where none waits.
    pub(super) fn take(&self, make: impl FnOnce() -> Result<Instance>) -> Result<Instance> {
        let waiting = self.idle.lock().pop();
        if let Some(instance) = waiting {
            self.room.leave(self.cost());
            // Nothing waits before there is an image.
            if let Some(image) = self.image.get() {
                instance.wake(image);
            }
            return Ok(instance);
        }
        let instance = make()?;
        self.image.get_or_init(|| instance.image());
        if self.watches {
            instance.watch(self.likely.get().map_or(&[], Vec::as_slice))?;
        }
        Ok(instance)
    }

    /// Takes an instance back after its call.
    pub(super) fn give_back(&self, mut instance: Instance) {
        let Some(image) = self.image.get() else { return };
        self.likely.get_or_init(|| instance.written().into_iter().take(LIKELY).collect());
        if instance.reset(image).is_err() {
            return;
        }
        match self.room.enter(self.cost()) {
            true => self.idle.lock().push(instance),
            false => self.room.crowded.store(true, Relaxed),
        }
    }

    /// Drops every instance that waits.
    pub(super) fn drain(&self) {
        let waiting = std::mem::take(&mut *self.idle.lock());
        self.room.leave(waiting.len() as u64 * self.cost());
    }

    fn cost(&self) -> u64 {
        INSTANCE_BYTES + self.image.get().map_or(0, Image::bytes)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.drain();
    }
}

impl Room {
    /// Room for instances that take `most` bytes together.
    pub(super) fn new(most: u64) -> Self {
        Self { most, used: AtomicU64::new(0), crowded: AtomicBool::new(false) }
    }

    /// Whether an instance found no room since this was last asked: then those that wait are to
    /// go, as they may be of codes that nobody calls any more.
    pub(super) fn was_crowded(&self) -> bool {
        self.crowded.load(Relaxed) && self.crowded.swap(false, Relaxed)
    }

    fn enter(&self, bytes: u64) -> bool {
        let fits = |used: u64| used.checked_add(bytes).filter(|used| *used <= self.most);
        self.used.fetch_update(Relaxed, Relaxed, fits).is_ok()
    }

    fn leave(&self, bytes: u64) {
        self.used.fetch_sub(bytes, Relaxed);
    }
}
