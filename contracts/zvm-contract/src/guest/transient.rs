//! Storage that ends with the transaction.

use super::{length, sys};

/// As [`storage::read`](super::storage::read).
pub fn read(key: &[u8], out: &mut [u8]) -> Option<usize> {
    // SAFETY: both pairs of pointer and length are those of a slice.
    length(unsafe { sys::transient_read(key.as_ptr(), key.len() as u32, out.as_mut_ptr(), out.len() as u32) })
}

/// Sets the value under a key.
pub fn write(key: &[u8], value: &[u8]) {
    // SAFETY: both pairs of pointer and length are those of a slice.
    unsafe { sys::transient_write(key.as_ptr(), key.len() as u32, value.as_ptr(), value.len() as u32) }
}
