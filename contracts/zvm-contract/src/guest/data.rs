use super::{filled, sys};
use crate::Word;

/// Bytes of the call's input.
#[must_use]
pub fn input_size() -> usize {
    sys::input_size() as usize
}

/// Copies the input from `offset` on, as much as `out` holds. Past the input's end it is a halt.
pub fn input_copy(offset: usize, out: &mut [u8]) {
    // SAFETY: pointer and length are those of `out`.
    unsafe { sys::input_copy(out.as_mut_ptr(), offset as u32, out.len() as u32) }
}

/// `N` bytes of the input from `offset` on. Past the input's end it is a halt.
#[must_use]
pub fn input<const N: usize>(offset: usize) -> [u8; N] {
    filled(|out| input_copy(offset, out))
}

/// Sets the call's output. The last one counts.
pub fn output(data: &[u8]) {
    // SAFETY: pointer and length are those of `data`.
    unsafe { sys::set_output(data.as_ptr(), data.len() as u32) }
}

/// Ends the frame, undoes all it did and hands this data to the caller.
pub fn revert(data: &[u8]) -> ! {
    // SAFETY: pointer and length are those of `data`.
    unsafe { sys::revert(data.as_ptr(), data.len() as u32) }
}

/// Emits an event of at most four topics.
pub fn emit(topics: &[Word], data: &[u8]) {
    // SAFETY: both pairs of pointer and length are those of a slice.
    unsafe { sys::emit(topics.as_ptr(), topics.len() as u32, data.as_ptr(), data.len() as u32) }
}

/// A line for the embedder's log. Never part of consensus.
pub fn debug_log(line: &str) {
    // SAFETY: pointer and length are those of `line`.
    unsafe { sys::debug_log(line.as_ptr(), line.len() as u32) }
}
