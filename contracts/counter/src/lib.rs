//! A counter: the smallest contract that keeps something.
//!
//! The value is 8 bytes big-endian, as input, as output and under the storage key `count`.
//! `Incremented` has one topic, its name in ASCII padded with zeros to 32 bytes; its data is the new
//! value. Reverts with `bad input`, `already initialised` or `overflow`.

#![no_std]

use zvm_contract::{Word, emit, entry, input_copy, input_size, output, revert, storage};

zvm_contract::abi!("../../abi/counter.json");

const KEY: &[u8] = b"count";
const INCREMENTED: &Word = b"Incremented\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

fn load() -> u64 {
    let mut value = [0; 8];
    storage::read(KEY, &mut value);
    u64::from_be_bytes(value)
}

entry! {
    /// Input: empty for zero, or the start value.
    fn init() {
        let mut start = [0; 8];
        if storage::read(KEY, &mut start).is_some() {
            revert(b"already initialised");
        }
        match input_size() {
            0 => {}
            8 => input_copy(0, &mut start),
            _ => revert(b"bad input"),
        }
        storage::write(KEY, &start);
    }

    /// Adds one. Output: the new value; emits `Incremented`.
    fn call() {
        let Some(value) = load().checked_add(1) else { revert(b"overflow") };
        let value = value.to_be_bytes();
        storage::write(KEY, &value);
        emit(&[*INCREMENTED], &value);
        output(&value);
    }

    /// Output: the value.
    fn get() {
        output(&load().to_be_bytes());
    }
}
