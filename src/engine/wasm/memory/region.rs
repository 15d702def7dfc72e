//! Address space for one memory, reserved once: it never moves, and what it may grow to costs
//! nothing until it is written.

use std::ffi::c_void;
use std::io;
use std::ops::Range;
use std::ptr::NonNull;

use rustix::mm::{Advice, MapFlags, MprotectFlags, ProtFlags, madvise, mmap_anonymous, mprotect, munmap};

/// A mapping of zeroes, writable at first.
#[derive(Debug)]
pub(super) struct Region {
    base: NonNull<u8>,
    len: usize,
}

// SAFETY: a region is address space that it alone owns; nothing of it belongs to a thread.
unsafe impl Send for Region {}
// SAFETY: its methods change mappings, which the kernel orders; the bytes are reached by raw
// pointers, under the rules of whoever does.
unsafe impl Sync for Region {}

impl Region {
    /// Reserves `len` bytes, a multiple of the machine's page.
    pub(super) fn reserve(len: usize) -> io::Result<Self> {
        // SAFETY: a new mapping, at a place of the kernel's choice, touches nothing that exists.
        let base = unsafe { mmap_anonymous(std::ptr::null_mut(), len, WRITABLE, FLAGS)? };
        let base = NonNull::new(base.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        let region = Self { base, len };
        region.split_pages(0..len);
        Ok(region)
    }

    /// Whether a region of this length could be reserved now. Nothing is kept.
    pub(super) fn could_reserve(len: usize) -> bool {
        Self::reserve(len).is_ok()
    }

    pub(super) fn base(&self) -> NonNull<u8> {
        self.base
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Lets nobody write, anywhere.
    pub(super) fn protect(&self) -> io::Result<()> {
        self.allow(0..self.len, MprotectFlags::READ)
    }

    /// Lets everybody write here. One system call and nothing else: a signal handler may.
    pub(super) fn open(&self, range: Range<usize>) -> io::Result<()> {
        self.allow(range, MprotectFlags::READ | MprotectFlags::WRITE)
    }

    /// Zeroes, by giving the pages back; writable after.
    ///
    /// # Safety
    /// Nobody holds a reference into the range.
    pub(super) unsafe fn renew(&self, range: Range<usize>) -> io::Result<()> {
        let (place, len) = self.place(&range);
        // SAFETY: the range is within this region, which is ours, and by the caller's promise
        // nobody looks at what it held.
        unsafe { mmap_anonymous(place, len, WRITABLE, FLAGS | MapFlags::FIXED)? };
        self.split_pages(range);
        Ok(())
    }

    fn allow(&self, range: Range<usize>, access: MprotectFlags) -> io::Result<()> {
        let (place, len) = self.place(&range);
        // SAFETY: the range is within this region, which is ours.
        unsafe { mprotect(place, len, access)? };
        Ok(())
    }

    /// A huge page would make one write cost 2 MiB.
    fn split_pages(&self, range: Range<usize>) {
        #[cfg(target_os = "linux")]
        self.advise(range, Advice::LinuxNoHugepage);
    }

    /// For a memory that is written all over: a huge page costs less than its parts one by one. One
    /// system call and nothing else: a signal handler may.
    pub(super) fn join_pages(&self) {
        #[cfg(target_os = "linux")]
        self.advise(0..self.len, Advice::LinuxHugepage);
    }

    /// Lets the kernel take pages of zeroes whenever it needs memory; false where it knows no such thing.
    pub(super) fn lend(&self, range: Range<usize>) -> bool {
        #[cfg(target_os = "linux")]
        return self.advise(range, Advice::LinuxFree);
        #[cfg(not(target_os = "linux"))]
        false
    }

    /// Where advice is refused, only that is lost.
    #[cfg(target_os = "linux")]
    fn advise(&self, range: Range<usize>, advice: Advice) -> bool {
        let (place, len) = self.place(&range);
        // SAFETY: the range is within this region, and the advice changes no contents.
        unsafe { madvise(place, len, advice) }.is_ok()
    }

    fn place(&self, range: &Range<usize>) -> (*mut c_void, usize) {
        assert!(range.start <= range.end && range.end <= self.len, "a range outside of its region");
        // SAFETY: within the region, as just checked.
        (unsafe { self.base.add(range.start) }.as_ptr().cast(), range.len())
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: our own mapping, and nobody has a pointer into it any more: code that runs holds
        // its memory.
        let _ = unsafe { munmap(self.base.as_ptr().cast(), self.len) };
    }
}

const WRITABLE: ProtFlags = ProtFlags::READ.union(ProtFlags::WRITE);
/// Without a reservation of swap: a memory's maximum is a limit, not a wish.
const FLAGS: MapFlags = MapFlags::PRIVATE.union(MapFlags::NORESERVE);
