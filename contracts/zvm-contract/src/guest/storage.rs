//! The contract's own storage: byte strings under byte strings.

use super::{length, sys};

/// The full length of the value under a key, `None` where there is none. The value is in `out` if it
/// is not longer than that, otherwise `out` is as before.
pub fn read(key: &[u8], out: &mut [u8]) -> Option<usize> {
    // SAFETY: both pairs of pointer and length are those of a slice.
    length(unsafe { sys::storage_read(key.as_ptr(), key.len() as u32, out.as_mut_ptr(), out.len() as u32) })
}

/// Sets the value under a key.
pub fn write(key: &[u8], value: &[u8]) {
    // SAFETY: both pairs of pointer and length are those of a slice.
    unsafe { sys::storage_write(key.as_ptr(), key.len() as u32, value.as_ptr(), value.len() as u32) }
}

/// Deletes a key. Whether it was there.
pub fn delete(key: &[u8]) -> bool {
    // SAFETY: pointer and length are those of `key`.
    unsafe { sys::storage_delete(key.as_ptr(), key.len() as u32) == 1 }
}

/// The full length of the first key after this one in order of bytes, `None` at the end. The key is
/// in `out` if it is not longer than that. The empty key begins.
pub fn next(key: &[u8], out: &mut [u8]) -> Option<usize> {
    // SAFETY: both pairs of pointer and length are those of a slice.
    length(unsafe { sys::storage_next(key.as_ptr(), key.len() as u32, out.as_mut_ptr(), out.len() as u32) })
}
