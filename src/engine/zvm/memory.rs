//! A frame's memory: bytes that are zero until they are written, in whole words.

use ruint::aliases::U256;

use super::price;
use crate::gas::Gas;
use crate::host::state::State;
use crate::outcome::Halt;

/// What memory is counted in, for the limits that all engines share.
const PAGE: u64 = 64 << 10;

#[derive(Debug, Default)]
pub(super) struct Memory {
    bytes: Vec<u8>,
    pages: u32,
}

/// A region of memory that is there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Region {
    pub(super) start: usize,
    pub(super) len: usize,
}

impl Memory {
    /// Empty again, with what it took before.
    pub(super) fn reuse(mut bytes: Vec<u8>) -> Self {
        bytes.clear();
        Self { bytes, pages: 0 }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(super) fn all(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn all_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    /// The place of a word that is there.
    #[inline]
    pub(super) fn place(&self, offset: &U256) -> Option<usize> {
        let [low, rest @ ..] = *offset.as_limbs();
        let last = (self.bytes.len() as u64).checked_sub(32)?;
        (rest == [0; 3] && low <= last).then_some(low as usize)
    }

    #[inline]
    pub(super) fn word(&self, at: usize) -> U256 {
        let bytes: &[u8; 32] = self.bytes[at..at + 32].try_into().expect("32 bytes");
        U256::from_be_bytes(*bytes)
    }

    #[inline]
    pub(super) fn set_word(&mut self, at: usize, word: U256) {
        self.bytes[at..at + 32].copy_from_slice(&word.to_be_bytes::<32>());
    }

    pub(super) fn bytes(&self, region: Region) -> &[u8] {
        &self.bytes[region.start..region.start + region.len]
    }

    pub(super) fn bytes_mut(&mut self, region: Region) -> &mut [u8] {
        &mut self.bytes[region.start..region.start + region.len]
    }

    /// Fills a region with what `source` has from `start` on, and zeros past its end.
    pub(super) fn fill(&mut self, region: Region, source: &[u8], start: U256) {
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let part = source.get(start..).unwrap_or_default();
        let len = part.len().min(region.len);
        let (copied, zeros) = self.bytes_mut(region).split_at_mut(len);
        copied.copy_from_slice(&part[..len]);
        zeros.fill(0);
    }

    /// Makes a region be there: what it adds is paid, then counted, then made. A region of no
    /// length is anywhere.
    pub(super) fn reach(
        &mut self,
        offset: U256,
        len: U256,
        gas: &mut Gas,
        state: &mut State<'_>,
    ) -> Result<Region, Halt> {
        if len.is_zero() {
            return Ok(Region { start: 0, len: 0 });
        }
        // Nobody can pay for what is past this.
        let fits = |word: U256| u64::try_from(word).ok().filter(|word| *word < 1 << 40);
        let (Some(start), Some(len)) = (fits(offset), fits(len)) else {
            gas.exhaust();
            return Err(Halt::OutOfGas);
        };
        let (old, end) = (self.bytes.len() as u64, (start + len).next_multiple_of(32));
        if end > old {
            gas.charge(price::memory(end) - price::memory(old))?;
            self.count(end, state)?;
            self.bytes.resize(end as usize, 0);
        }
        Ok(Region { start: start as usize, len: len as usize })
    }

    fn count(&mut self, bytes: u64, state: &mut State<'_>) -> Result<(), Halt> {
        let pages = bytes.div_ceil(PAGE);
        if pages > u64::from(state.rules.limits.max_pages) {
            return Err(Halt::MemoryLimit);
        }
        let pages = pages as u32;
        if pages > self.pages {
            state.take_pages(pages - self.pages)?;
            self.pages = pages;
        }
        Ok(())
    }
}
