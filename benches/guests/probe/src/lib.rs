//! What storage reads and calls between contracts cost, by difference: each entry that does something
//! has one beside it that only goes round the same loop.
//!
//! Inputs begin with how often, 4 bytes little-endian.

#![no_std]

use core::hint::black_box;

use zvm_contract::{Address, Amount, call as enter, entry, input, input_size, output, revert, storage};

/// A key of 8 bytes, another for every number.
fn key(number: u32) -> [u8; 8] {
    let mut key = *b"key\0\0\0\0\0";
    key[4..].copy_from_slice(&number.to_le_bytes());
    key
}

fn times() -> u32 {
    u32::from_le_bytes(input(0))
}

fn read(key: &[u8]) {
    let mut value = [0; 32];
    if storage::read(key, &mut value) != Some(32) || value[31] != 1 {
        revert(b"another value");
    }
    black_box(value);
}

entry! {
    /// Reads one entry again and again.
    fn hit() {
        for _ in 0..times() {
            read(black_box(&key(black_box(0))));
        }
    }

    /// Reads another entry each time.
    fn miss() {
        for number in 0..times() {
            read(black_box(&key(black_box(number))));
        }
    }

    /// What `hit` and `miss` do besides reading.
    fn no_reads() {
        let mut value = [0; 32];
        value[31] = 1;
        for number in 0..times() {
            black_box(black_box(&key(black_box(number))));
            if black_box(&value)[31] != 1 {
                revert(b"another value");
            }
        }
    }

    /// Input: times4 address20. Calls that contract as often.
    fn calls() {
        let callee: Address = input(4);
        for _ in 0..times() {
            if enter(black_box(&callee), Amount::ZERO, &[], u64::MAX).is_err() {
                revert(b"the callee failed");
            }
        }
    }

    /// What `calls` does besides calling.
    fn no_calls() {
        let callee: Address = input(4);
        for _ in 0..times() {
            black_box(black_box(&callee));
        }
    }

    /// Without input: nothing, the shortest entry there is. Input depth4 self20: calls itself until so many
    /// frames are nested.
    fn call() {
        if input_size() == 0 {
            return;
        }
        let depth = times();
        if depth > 1 {
            let mut deeper: [u8; 24] = input(0);
            deeper[..4].copy_from_slice(&(depth - 1).to_le_bytes());
            let own: Address = input(4);
            if enter(&own, Amount::ZERO, &deeper, u64::MAX).is_err() {
                revert(b"not so deep");
            }
        }
        output(&[1]);
    }
}
