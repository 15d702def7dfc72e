//! Native stack for frames, whatever the caller's thread has left.

/// What a frame must find, for itself and for the embedder's callbacks: a frame of a contract takes
/// under 8 KiB of it.
const STACK_LEFT: usize = 256 << 10;
/// What it gets where there is less.
const STACK_NEW: usize = 2 << 20;

/// Runs a frame with native stack enough for it.
pub fn with_stack<T>(run: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(STACK_LEFT, STACK_NEW, run)
}
