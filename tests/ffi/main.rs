//! The C ABI from its other side: hosts that lie, contracts that point anywhere, panics everywhere.
//!
//! Each test names the numbers of the bad inputs it stands for. Everything goes through the
//! exported functions, from a host that is written against the header's tables alone.

mod aborts;
mod cache;
mod child;
mod compilers;
mod counters;
#[cfg(debug_assertions)]
mod panics;
mod plain;
mod pointers;
#[cfg(unix)]
mod signals;
mod support;
mod sweep;
mod upcalls;
