//! The C ABI. What holds for all of it:
//!
//! - **Status.** Fallible functions return an `int32_t`: 0 is done, a positive number says why
//!   not. The last parameter takes a `zvm_error` with the details; NULL costs nothing.
//! - **Outcome.** What a contract did is in the result, never in the status.
//! - **Ownership.** A handle has one `_free`, which accepts NULL. Everything else that comes
//!   out is a view whose owner its documentation names.
//! - **Structs.** One that callers fill begins with its size; zero in a field is the default; a
//!   tail this library does not know must be zero. Out-parameters are written on every path.
//! - **Panics** stop at [`guard`] and become `ZVM_E_PANIC`. Nothing is printed.
//! - **Foreign code is not believed.** What a callback returns is checked before it is used, and
//!   no lock and no exclusive borrow is held while one runs.
//!
//! Each exported function is the guard and a few lines; what is more belongs to `runtime`.

#![allow(non_camel_case_types)]

pub mod account;
pub mod binding;
pub mod call;
mod callback;
pub mod code;
pub mod config;
pub mod crypto;
mod embedder;
pub mod error;
pub mod ethereum;
pub mod frame;
mod guard;
mod handle;
mod hooks;
pub mod interrupt;
pub mod reply;
pub mod result;
pub mod runtime;
pub mod session;
mod sized;
pub mod store;
mod store_tables;
pub mod tables;
pub mod transaction;
pub mod types;
pub mod version;
mod views;

#[cfg(debug_assertions)]
pub use self::guard::injection;
