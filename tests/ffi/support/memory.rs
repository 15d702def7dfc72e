//! How much memory this thread holds: everything it allocated and did not free.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
}

// SAFETY: the system's allocator, with a count beside it that allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.set(HELD.get() + layout.size() as isize);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        HELD.set(HELD.get() - layout.size() as isize);
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(place, layout) }
    }
}

/// Bytes this thread allocated and nobody freed here.
pub(crate) fn held() -> isize {
    HELD.get()
}

#[test]
fn what_is_kept_is_counted() {
    let before = held();
    let kept = vec![0u8; 1000];
    assert_eq!(held() - before, 1000);
    drop(kept);
    assert_eq!(held(), before);
}
