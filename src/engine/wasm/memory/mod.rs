//! The memory of an instance: it stays where it is while it grows, knows which of its pages were
//! written, and goes back to its image at a price of what was touched.
//!
//! **Why a reset is complete.** A page is *open* or *closed*. A closed page cannot be written and
//! equals the image. A write to a closed page faults before it changes anything, and the handler
//! notes the page before it opens it ([`written`]). A reset rewrites every noted page, and the
//! length. Open pages stay open, so that a code that writes the same pages in each call, as
//! nearly all do, faults in the first one only and then makes no system call at all.
//!
//! Pages past the memory's length are closed as well, and zero. Compiled code compares each
//! address with the length, so growing is a change of that length and nothing else.
//!
//! Where the handler may not be used, or where a code writes too many pages to note them, the
//! pages are all open and a reset maps the memory anew, which is as complete and slower.

mod image;
mod region;
mod written;

use std::io;
use std::ops::Range;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use parking_lot::Mutex;
use wasmer::sys::vm::VMMemoryDefinition;

pub(super) use self::image::Image;
use self::region::Region;
use self::written::Written;

/// Bytes of a WebAssembly page.
pub(super) const WASM_PAGE: usize = 64 << 10;

/// Bytes that an idle memory holds on to beyond its image: with what else an instance takes it stays within
/// 64 KiB. What it has beyond is zero, and the kernel may take it without asking.
const KEPT: usize = 52 << 10;

/// Whether the process has this much address space left.
pub(super) fn has_room(bytes: usize) -> bool {
    Region::could_reserve(bytes)
}

/// The memory of one instance.
#[derive(Debug)]
pub(super) struct Memory {
    region: Region,
    /// Where compiled code finds the base and the length; in the instance.
    place: NonNull<VMMemoryDefinition>,
    /// Bytes it begins with.
    initial: usize,
    /// Bytes of a page of the machine.
    page: usize,
    written: Written,
    /// Whether writes to closed pages are noted. Otherwise no page is closed.
    watched: AtomicBool,
    /// Whether more pages were written than can be noted, as they will be again.
    spread: AtomicBool,
    /// Whether the kernel refused to open a page: the trap that followed is not the code's.
    broken: AtomicBool,
    /// Where data segments were put before the first call.
    seeded: Mutex<Vec<Range<usize>>>,
}

// SAFETY: `place` is in the instance that this memory belongs to, and whoever reaches one holds
// the other; both move between threads only when neither is used.
unsafe impl Send for Memory {}
// SAFETY: shared by the instance, its host functions and its fault handler, which all run on the
// thread that runs the instance.
unsafe impl Sync for Memory {}

impl Memory {
    /// Reserves a memory of `initial` bytes that may grow to `most`, and tells compiled code at `place`.
    ///
    /// # Safety
    /// `place` can be written, now and as long as this memory is used.
    pub(super) unsafe fn reserve(
        initial: usize,
        most: usize,
        place: NonNull<VMMemoryDefinition>,
    ) -> io::Result<Self> {
        let page = rustix::param::page_size();
        let region = Region::reserve(most.max(page))?;
        let definition = VMMemoryDefinition { base: region.base().as_ptr(), current_length: initial };
        // SAFETY: the caller's promise.
        unsafe { place.write(definition) };
        Ok(Self {
            region,
            place,
            initial,
            page,
            written: Written::none(),
            watched: AtomicBool::new(false),
            spread: AtomicBool::new(false),
            broken: AtomicBool::new(false),
            seeded: Mutex::default(),
        })
    }

    /// Bytes it has now.
    pub(super) fn len(&self) -> usize {
        // SAFETY: as `reserve` was promised.
        unsafe { self.place.read() }.current_length
    }

    /// Gives it another length, of whole pages and within what was reserved. The new bytes are zero.
    pub(super) fn set_len(&self, len: usize) {
        assert!(len <= self.region.len(), "a memory grows past its maximum");
        let definition = VMMemoryDefinition { base: self.region.base().as_ptr(), current_length: len };
        // SAFETY: as `reserve` was promised; the code that reads it waits or does not run.
        unsafe { self.place.write(definition) };
    }

    /// Where compiled code finds the base and the length.
    pub(super) fn place(&self) -> NonNull<VMMemoryDefinition> {
        self.place
    }

    /// What it holds there.
    ///
    /// # Safety
    /// Nobody writes it while the reference is used.
    pub(super) unsafe fn bytes(&self, range: Range<usize>) -> &[u8] {
        let start = self.place_of(&range, self.len());
        // SAFETY: within the region, readable, and unchanging by the caller's promise.
        unsafe { std::slice::from_raw_parts(start, range.len()) }
    }

    /// Copies into it. A watched memory must be that of the running instance: its handler is
    /// the one that is asked.
    pub(super) fn write(&self, offset: usize, bytes: &[u8]) {
        let to = self.place_of(&(offset..offset + bytes.len()), self.len());
        // SAFETY: within the region; `bytes` is memory of ours and cannot overlap it.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len()) };
    }

    /// Puts a data segment in place, before the first call.
    pub(super) fn seed(&self, offset: usize, data: &[u8]) {
        self.write(offset, data);
        self.seeded.lock().push(offset..offset + data.len());
    }

    /// What it holds now, where data segments were put. To be asked before the first call.
    pub(super) fn image(&self) -> Image {
        let read = |number: usize| {
            // SAFETY: no code has run yet, and none does here.
            unsafe { self.bytes(number * self.page..(number + 1) * self.page) }.into()
        };
        Image::new(&self.seeded.lock(), self.page, read)
    }

    /// Closes every page and begins to note writes. `likely` are open from the start.
    pub(super) fn watch(&self, likely: &[u32]) -> io::Result<()> {
        self.region.protect()?;
        self.written.forget();
        self.watched.store(true, Relaxed);
        likely.iter().try_for_each(|page| self.open(*page))
    }

    /// Handles a fault at this address; false where it is none of a write to a closed page. Runs
    /// in a signal handler: system calls and stores, nothing else.
    pub(super) fn faulted(&self, address: usize) -> bool {
        let offset = address.wrapping_sub(self.region.base().as_ptr() as usize);
        offset < self.len()
            && self.watched.load(Relaxed)
            && (self.open((offset / self.page) as u32).is_ok() || self.open_all().is_ok())
    }

    /// Notes a page and opens it.
    fn open(&self, page: u32) -> io::Result<()> {
        let start = page as usize * self.page;
        match self.written.note(page) {
            true => self.region.open(start..start + self.page),
            false => self.open_all(),
        }
    }

    /// Gives up noting: too many pages, or the kernel has no more mappings.
    fn open_all(&self) -> io::Result<()> {
        self.watched.store(false, Relaxed);
        self.spread.store(true, Relaxed);
        self.region.join_pages();
        self.region.open(0..self.region.len()).inspect_err(|_| self.broken.store(true, Relaxed))
    }

    /// Whether a write trapped because the machine could not serve it.
    pub(super) fn is_broken(&self) -> bool {
        self.broken.load(Relaxed)
    }

    /// The pages that a watched memory has open.
    pub(super) fn open_pages(&self) -> Vec<u32> {
        self.written.pages().collect()
    }

    /// Puts it back to what it was before its first call.
    ///
    /// # Errors
    /// The system's; then, and where a write could not be served, the instance is to be dropped.
    pub(super) fn reset(&self, image: &Image) -> io::Result<()> {
        if self.is_broken() {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        if self.watched.load(Relaxed) {
            self.rewrite(image)?;
        } else {
            // SAFETY: the instance does not run, and references into its memory are never made.
            unsafe { self.region.renew(0..self.len())? };
            if self.spread.load(Relaxed) {
                self.region.join_pages();
            }
            image.pages().for_each(|(page, bytes)| self.put(page, bytes));
        }
        self.set_len(self.initial);
        Ok(())
    }

    /// Rewrites the open pages. Zeroes past what may stay resident are the kernel's to take, which it does when
    /// it needs them: until then the next call finds them in place.
    fn rewrite(&self, image: &Image) -> io::Result<()> {
        let mut kept = KEPT / self.page;
        let mut lent = Vec::new();
        for page in self.written.pages() {
            let start = page as usize * self.page;
            if let Some(bytes) = image.page(page) {
                self.put(page, bytes);
                continue;
            }
            let place = self.place_of(&(start..start + self.page), self.region.len());
            // SAFETY: the page is within the region and open.
            unsafe { std::ptr::write_bytes(place, 0, self.page) };
            if kept > 0 {
                kept -= 1;
            } else {
                lent.push(start);
            }
        }
        lent.sort_unstable();
        lent.chunk_by(|page, next| page + self.page == *next).try_for_each(|run| {
            let run = run[0]..run[run.len() - 1] + self.page;
            if self.region.lend(run.clone()) { Ok(()) } else { self.renew(run) }
        })
    }

    fn renew(&self, range: Range<usize>) -> io::Result<()> {
        // SAFETY: as in `reset`.
        unsafe { self.region.renew(range) }
    }

    /// Writes an open page of the image.
    fn put(&self, page: u32, bytes: &[u8]) {
        let start = page as usize * self.page;
        let to = self.place_of(&(start..start + bytes.len()), self.region.len());
        // SAFETY: within the region, and open.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len()) };
    }

    fn place_of(&self, range: &Range<usize>, bound: usize) -> *mut u8 {
        assert!(range.start <= range.end && range.end <= bound, "outside of the memory");
        // SAFETY: within the region, whose length no bound exceeds.
        unsafe { self.region.base().add(range.start) }.as_ptr()
    }
}
