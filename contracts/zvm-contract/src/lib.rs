//! What a contract for zvm may call, and how it says where it is entered.
//!
//! A contract is a `cdylib` for `wasm32-unknown-unknown` whose entries take nothing and return
//! nothing. Input, output, state and everything else go through the functions of this crate, each
//! a thin safe form of one host function; [`sys`] has the host functions as they are.
//!
//! ```ignore
//! #![no_std]
//!
//! use zvm_contract::{entry, output, storage};
//!
//! entry! {
//!     /// Remembers that it was called.
//!     fn call() {
//!         storage::write(b"called", &[1]);
//!         output(b"thank you");
//!     }
//! }
//! ```
//!
//! What a host function cannot do for the contract (a key is missing, a callee failed) is an
//! `Option` or a `Result`. What a contract must not do (a key that is too long, a write in a static
//! call) ends the frame and is seen by nobody in it.

#![no_std]

mod amount;

pub use amount::Amount;

/// An account or contract.
pub type Address = [u8; 20];

/// A hash, a storage slot or a topic.
pub type Word = [u8; 32];

#[cfg(target_family = "wasm")]
mod guest;

#[cfg(target_family = "wasm")]
pub use guest::*;

/// Exports functions as entries of the contract, each under its own name.
///
/// `init` runs once at deploy, `call` where the caller names no other.
#[macro_export]
macro_rules! entry {
    ($($(#[$doc:meta])* fn $name:ident() $body:block)+) => {
        $($(#[$doc])* #[unsafe(no_mangle)] extern "C" fn $name() $body)+
    };
}

/// Puts a file of ABI metadata into the code as the custom section `zvm.abi`.
///
/// The path is relative to the file that says it, as with `include_bytes!`.
#[macro_export]
macro_rules! abi {
    ($path:literal) => {
        // Not `#[used]`: that would put the bytes into the contract's memory as well.
        #[unsafe(link_section = "zvm.abi")]
        pub static ZVM_ABI: [u8; include_bytes!($path).len()] = *include_bytes!($path);
    };
}
