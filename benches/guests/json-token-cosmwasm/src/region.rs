//! How the machine and the contract hand bytes to each other.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::mem::ManuallyDrop;

/// Bytes of the contract's memory. The layout is the machine's.
#[repr(C)]
pub(crate) struct Region {
    offset: u32,
    capacity: u32,
    length: u32,
}

impl Region {
    /// Bytes that are lent.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let length = bytes.len() as u32;
        Self { offset: bytes.as_ptr() as u32, capacity: length, length }
    }

    /// Bytes that are given away.
    pub(crate) fn give(bytes: Vec<u8>) -> *mut Self {
        let bytes = ManuallyDrop::new(bytes);
        let region = Self {
            offset: bytes.as_ptr() as u32,
            capacity: bytes.capacity() as u32,
            length: bytes.len() as u32,
        };
        Box::into_raw(Box::new(region))
    }

    /// Takes back bytes that were given away.
    ///
    /// # Safety
    /// `region` came from [`Region::give`] and was not taken since; at most its length was changed, within its
    /// capacity.
    pub(crate) unsafe fn take(region: *mut Self) -> Vec<u8> {
        // SAFETY: as the caller promises.
        unsafe {
            let Self { offset, capacity, length } = *Box::from_raw(region);
            Vec::from_raw_parts(offset as *mut u8, length as usize, capacity as usize)
        }
    }
}
