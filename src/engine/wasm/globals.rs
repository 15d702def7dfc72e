//! The globals of an instance: their first values, and the two that are ours.

use std::ptr::NonNull;

use wasmer::sys::vm::VMGlobalDefinition;

/// Where an instance keeps its globals, and what they hold before each call.
pub(super) struct Globals {
    places: Vec<NonNull<VMGlobalDefinition>>,
    first: Vec<VMGlobalDefinition>,
}

// SAFETY: the places are in the instance that owns this value and moves with it.
unsafe impl Send for Globals {}

impl Globals {
    /// The globals of a new instance.
    ///
    /// # Safety
    /// The places are those of a living instance that outlives this value, nobody else writes
    /// them while the code does not run, and the last two are the i64 and the i32 that the instrumentation
    /// added.
    pub(super) unsafe fn new(places: Vec<NonNull<VMGlobalDefinition>>) -> Option<Self> {
        // SAFETY: the caller's promise.
        let first = places.iter().map(|place| unsafe { place.as_ref() }.clone()).collect();
        (places.len() >= 2).then_some(Self { places, first })
    }

    /// Puts every global back to its first value.
    pub(super) fn reset(&mut self) {
        for (place, first) in self.places.iter().zip(&self.first) {
            // SAFETY: as `new` was promised; the code does not run.
            unsafe { place.write(first.clone()) };
        }
    }

    /// The gas that the code has at hand.
    pub(super) fn gas(&self) -> NonNull<i64> {
        self.places[self.places.len() - 2].cast()
    }
}
