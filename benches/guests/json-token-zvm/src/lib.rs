//! The JSON token as a contract for zvm: `init` and `call` take the message as input and put the answer
//! out; the answer is the event's data too.

#![no_std]

extern crate alloc;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use alloc::{format, vec};

use json_token::{Error, Response, Store, execute, instantiate};
use zvm_contract::{caller, emit, entry, input_copy, input_size, output, revert, storage};

#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

struct Storage;

impl Store for Storage {
    /// Balances fit the first buffer; what is longer is read again.
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let mut value = vec![0; 64];
        let len = storage::read(key, &mut value)?;
        let fits = len <= value.len();
        value.resize(len, 0);
        if !fits {
            storage::read(key, &mut value);
        }
        Some(value)
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        storage::write(key, value);
    }
}

fn sender() -> String {
    let digits = caller().iter().fold(String::with_capacity(42), |mut digits, byte| {
        for nibble in [byte >> 4, byte & 15] {
            digits.push(char::from(b"0123456789abcdef"[nibble as usize]));
        }
        digits
    });
    format!("0x{digits}")
}

fn run(work: fn(&mut dyn Store, &str, &[u8]) -> Result<Response, Error>) {
    let mut message = vec![0; input_size()];
    input_copy(0, &mut message);
    let answer = work(&mut Storage, &sender(), &message)
        .and_then(|response| response.to_json())
        .unwrap_or_else(|error| revert(error.to_string().as_bytes()));
    emit(&[*b"token\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"], &answer);
    output(&answer);
}

entry! {
    fn init() { run(instantiate) }
    fn call() { run(execute) }
}
