//! The running contract as a host function sees it: its memory and its meter.

use super::kinds::Region;
use crate::error::Error;
use crate::gas::Gas;
use crate::outcome::Halt;

/// An engine's view of the code it runs, while that code waits in a host function.
pub trait Guest {
    /// Bytes of memory, 0 where the code has none.
    fn memory_len(&self) -> u64;

    /// What the memory holds there. The region was checked against [`Guest::memory_len`].
    fn bytes(&self, region: Region) -> &[u8];

    /// Copies into the memory. The region was checked against [`Guest::memory_len`].
    fn write(&mut self, offset: u32, bytes: &[u8]);

    /// The frame's gas.
    fn gas(&mut self) -> &mut Gas;
}

/// Why a host function does not return to the code: the frame ends here.
#[derive(Debug)]
pub enum Stop {
    /// By the rules.
    Halt(Halt),
    /// By the contract's own wish, with these data.
    Revert(Vec<u8>),
    /// By our or the embedder's failure: the whole call ends.
    Error(Box<Error>),
}

impl From<Halt> for Stop {
    fn from(halt: Halt) -> Self {
        Self::Halt(halt)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Error(Box::new(error))
    }
}
