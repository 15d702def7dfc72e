//! Which pages of a memory may have been written: those that were opened for it.
//!
//! All pages begin closed. The first write to one faults before it changes anything; the handler
//! notes the page, opens it, and the write is tried again. So a page is either noted, or it
//! cannot have been written. It is our own list and not what the kernel believes to be resident,
//! so swapping, merging, forking and huge pages cannot make it wrong.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};

/// The most pages that are noted. Each may cost the process two mappings of the 65,530 that
/// Linux allows, and 64 frames may be live at once.
const MOST: usize = 128;

/// A list of pages that a signal handler can add to. One thread at a time uses it: the one that
/// runs the instance, in the handler or outside.
#[derive(Debug)]
pub(super) struct Written {
    pages: [AtomicU32; MOST],
    count: AtomicUsize,
}

impl Written {
    pub(super) fn none() -> Self {
        Self { pages: [const { AtomicU32::new(0) }; MOST], count: AtomicUsize::new(0) }
    }

    /// Notes a page; false when the list is full.
    pub(super) fn note(&self, page: u32) -> bool {
        let count = self.count.load(Relaxed);
        let Some(place) = self.pages.get(count) else { return false };
        place.store(page, Relaxed);
        self.count.store(count + 1, Relaxed);
        true
    }

    /// The pages, in the order of their first write.
    pub(super) fn pages(&self) -> impl Iterator<Item = u32> + '_ {
        self.pages[..self.count.load(Relaxed)].iter().map(|page| page.load(Relaxed))
    }

    pub(super) fn forget(&self) {
        self.count.store(0, Relaxed);
    }
}
