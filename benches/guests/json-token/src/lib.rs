//! A fungible token that speaks JSON, as contracts in Rust are commonly written: messages by serde, amounts
//! as decimal strings, state as JSON. It knows no machine; two shims of a page put it on two.

#![no_std]

extern crate alloc;

mod amount;
mod message;
mod response;
mod token;

pub use amount::Amount;
pub use message::{Coin, Execute, Instantiate};
pub use response::{Attribute, Response};
pub use token::{Error, execute, instantiate};

use alloc::vec::Vec;

/// The state of the contract, as a machine offers it.
pub trait Store {
    /// The value under a key.
    fn get(&self, key: &[u8]) -> Option<Vec<u8>>;
    /// Sets the value under a key.
    fn set(&mut self, key: &[u8], value: &[u8]);
}
