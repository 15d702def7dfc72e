//! A host in Rust that speaks nothing but the C ABI, and handles that free themselves.

pub(crate) mod callbacks;
pub(crate) mod contracts;
pub(crate) mod faults;
pub(crate) mod handles;
pub(crate) mod host;
pub(crate) mod memory;
pub(crate) mod misbehave;
pub(crate) mod structs;
pub(crate) mod views;

pub(crate) use handles::{Code, Failure, Outcome, Runtime, Session};
pub(crate) use host::{Asked, Host};

use zvm::Status;

/// An address that ends in this byte.
pub(crate) fn address(last: u8) -> [u8; 20] {
    let mut bytes = [0; 20];
    bytes[19] = last;
    bytes
}

/// A word of this number.
pub(crate) fn word(number: u64) -> [u8; 32] {
    zvm::Word::from(number).0
}

/// Fails unless the call ended with this status, and returns what was said of it.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, Failure>, status: Status) -> Failure {
    let failure = result.expect_err("a failure");
    assert_eq!(failure.status, status as i32, "{failure:?}");
    failure
}
