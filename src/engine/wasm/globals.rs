//! The globals of an instance: their first values, and the one that holds its gas.

use std::ptr::NonNull;

use wasmer::sys::vm::VMGlobalDefinition;
use wasmer::{ExportIndex, Module};

use super::instrument::GAS;

/// Where an instance keeps its globals, and what they hold before each call.
pub(super) struct Globals {
    places: Vec<NonNull<VMGlobalDefinition>>,
    first: Vec<VMGlobalDefinition>,
    /// The one that holds the code's gas.
    gas: usize,
}

// SAFETY: the places are in the instance that owns this value and moves with it.
unsafe impl Send for Globals {}

impl Globals {
    /// The globals of a new instance of this module, in the order of their indices; `None` where
    /// it does not export its gas.
    ///
    /// # Safety
    /// The places are those of a living instance that outlives this value, and nobody else writes
    /// them while the code does not run.
    pub(super) unsafe fn new(places: Vec<NonNull<VMGlobalDefinition>>, module: &Module) -> Option<Self> {
        let Some(ExportIndex::Global(gas)) = module.info().exports.get(GAS) else { return None };
        // No global is imported, so an index counts the instance's own.
        let gas = gas.as_u32() as usize;
        // SAFETY: the caller's promise.
        let first = places.iter().map(|place| unsafe { place.as_ref() }.clone()).collect();
        (gas < places.len()).then_some(Self { places, first, gas })
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
        self.places[self.gas].cast()
    }
}
