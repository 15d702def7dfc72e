//! What the library shows, copied. Empty is NULL, and nothing else is (n078).

use zvm::ffi::tables::zvm_change;
use zvm::ffi::types::{zvm_bytes, zvm_log};

use super::host::{Change, Log};

/// A copy of what the library shows.
///
/// # Safety
/// The view holds.
pub(crate) unsafe fn bytes(view: zvm_bytes) -> Vec<u8> {
    if view.len == 0 {
        assert!(view.ptr.is_null(), "n078: what is empty is NULL");
        return Vec::new();
    }
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts(view.ptr, view.len) }.to_vec()
}

/// # Safety
/// `count` changes that hold.
pub(crate) unsafe fn changes(list: *const zvm_change, count: usize) -> Vec<Change> {
    let change = |change: &zvm_change| Change {
        kind: change.kind,
        flags: change.flags,
        account: change.account.bytes,
        // SAFETY: the caller's promise.
        key: unsafe { bytes(change.key) },
        // SAFETY: as above.
        value: unsafe { bytes(change.value) },
    };
    // SAFETY: as above.
    unsafe { views(list, count) }.iter().map(change).collect()
}

/// # Safety
/// `count` events that hold.
pub(crate) unsafe fn logs(list: *const zvm_log, count: usize) -> Vec<Log> {
    let log = |log: &zvm_log| Log {
        account: log.account.bytes,
        // SAFETY: the caller's promise.
        topics: unsafe { views(log.topics, log.topic_count as usize) }
            .iter()
            .map(|topic| topic.bytes)
            .collect(),
        // SAFETY: as above.
        data: unsafe { bytes(log.data) },
    };
    // SAFETY: as above.
    unsafe { views(list, count) }.iter().map(log).collect()
}

/// # Safety
/// `count` values that hold.
unsafe fn views<'a, T>(list: *const T, count: usize) -> &'a [T] {
    assert_eq!(count == 0, list.is_null(), "n078: an empty list is NULL, no other is");
    // SAFETY: the caller's promise.
    if count == 0 { &[] } else { unsafe { std::slice::from_raw_parts(list, count) } }
}
