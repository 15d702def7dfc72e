//! Contracts of every engine calling contracts of every engine.
//!
//! A story is told once, in [`contract`]'s words, and run for every pair of the engines in
//! [`engines::ALL`]: to add an engine is to add its row and its writer of contracts.

mod calls;
mod contract;
mod engines;
mod evm_code;
mod limits;
mod stage;
mod traces;
mod wasm;
mod zvm_code;
