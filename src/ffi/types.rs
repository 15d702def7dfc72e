//! The plain values of the ABI.

use crate::error::{Error, Result, Status};
use crate::types::{Address, Log, Word};

/// Bytes that belong to somebody else. Empty is {NULL, 0} where the library fills it in; it
/// accepts {anything, 0}. Absence is never said by a slice.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_bytes {
    /// First byte.
    pub ptr: *const u8,
    /// Number of bytes.
    pub len: usize,
}

/// An account or contract: 20 bytes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_address {
    /// The bytes.
    pub bytes: [u8; 20],
}

/// An amount, hash or slot: 32 bytes, big-endian.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_word {
    /// The bytes, the most significant first.
    pub bytes: [u8; 32],
}

/// A point of a curve, a public key: x and y of 32 bytes each, big-endian.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_point {
    /// x, then y.
    pub bytes: [u8; 64],
}

/// An event.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_log {
    /// The contract that emitted it.
    pub account: zvm_address,
    /// Number of topics, at most 4.
    pub topic_count: u32,
    /// The topics; NULL where there are none.
    pub topics: *const zvm_word,
    /// Free data.
    pub data: zvm_bytes,
}

impl zvm_bytes {
    pub(super) const EMPTY: Self = Self { ptr: std::ptr::null(), len: 0 };

    /// A view of bytes that somebody keeps.
    pub(super) fn of(bytes: &[u8]) -> Self {
        match bytes.is_empty() {
            true => Self::EMPTY,
            false => Self { ptr: bytes.as_ptr(), len: bytes.len() },
        }
    }

    /// # Safety
    /// Where the length is not 0 and the pointer not NULL, they name bytes that can be read
    /// and do not change for as long as the slice is used.
    pub(super) unsafe fn read<'a>(self, what: &str) -> Result<&'a [u8]> {
        if self.len == 0 {
            return Ok(&[]);
        }
        if self.ptr.is_null() {
            return Err(Error::new(Status::Null, format!("{what} is NULL with length {}", self.len)));
        }
        if self.len > isize::MAX as usize {
            return Err(Error::new(Status::Limit, format!("{what} has an impossible length")));
        }
        // SAFETY: not NULL, of possible length, and readable by the caller's promise.
        Ok(unsafe { std::slice::from_raw_parts(self.ptr, self.len) })
    }

    /// # Safety
    /// As [`zvm_bytes::read`].
    pub(super) unsafe fn text<'a>(self, what: &str) -> Result<&'a str> {
        // SAFETY: the caller's promise.
        let bytes = unsafe { self.read(what)? };
        std::str::from_utf8(bytes).map_err(|_| Error::new(Status::Argument, format!("{what} is not UTF-8")))
    }
}

impl From<&Address> for zvm_address {
    fn from(address: &Address) -> Self {
        Self { bytes: address.0 }
    }
}

impl From<zvm_address> for Address {
    fn from(address: zvm_address) -> Self {
        Self(address.bytes)
    }
}

impl From<&Word> for zvm_word {
    fn from(word: &Word) -> Self {
        Self { bytes: word.0 }
    }
}

impl From<zvm_word> for Word {
    fn from(word: zvm_word) -> Self {
        Self(word.bytes)
    }
}

/// Events as C reads them. The views hold while this value lives.
#[derive(Default)]
pub(super) struct LogViews {
    pub(super) logs: Vec<zvm_log>,
    // Their topics and data are not in this list but behind it, and stay where they are.
    _events: Vec<Log>,
}

// A list of topics is read by C where it is.
const _: () = assert!(size_of::<Word>() == size_of::<zvm_word>() && align_of::<zvm_word>() == 1);

impl LogViews {
    pub(super) fn new(events: Vec<Log>) -> Self {
        let views = events.iter().map(|log| zvm_log {
            account: (&log.address).into(),
            topic_count: log.topics.len() as u32,
            topics: first(&log.topics).cast(),
            data: zvm_bytes::of(&log.data),
        });
        Self { logs: views.collect(), _events: events }
    }
}

/// The first element of a list for C: NULL where there is none.
pub(super) fn first<T>(list: &[T]) -> *const T {
    if list.is_empty() { std::ptr::null() } else { list.as_ptr() }
}
