//! What a memory holds before its first call.

use std::collections::BTreeMap;
use std::ops::Range;

/// The pages that hold data from the start; all others are zero. The same for every instance
/// of a code.
#[derive(Debug, Default)]
pub(in crate::engine::wasm) struct Image {
    pages: BTreeMap<u32, Box<[u8]>>,
}

impl Image {
    /// The pages of `page` bytes that these ranges touch, read by `read`.
    pub(super) fn new(ranges: &[Range<usize>], page: usize, read: impl Fn(usize) -> Box<[u8]>) -> Self {
        let touched = ranges.iter().filter(|range| !range.is_empty());
        let numbers = touched.flat_map(|range| range.start / page..=(range.end - 1) / page);
        Self { pages: numbers.map(|number| (number as u32, read(number))).collect() }
    }

    /// What this page holds; `None` is zeroes.
    pub(super) fn page(&self, number: u32) -> Option<&[u8]> {
        self.pages.get(&number).map(AsRef::as_ref)
    }

    /// Every page that is not zero, in order.
    pub(super) fn pages(&self) -> impl Iterator<Item = (u32, &[u8])> {
        self.pages.iter().map(|(number, bytes)| (*number, bytes.as_ref()))
    }

    /// Bytes it takes.
    pub(in crate::engine::wasm) fn bytes(&self) -> u64 {
        self.pages.values().map(|bytes| bytes.len() as u64).sum()
    }
}
