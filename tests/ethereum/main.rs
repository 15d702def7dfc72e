//! The EVM: Ethereum's own state tests, and what they do not show.
//!
//! `fixture` reads their files, `trie` computes the roots they name, `state_tests` runs them through
//! sessions of this library; `calls` deploys and calls, `traces` tells of it, `code` writes bytecode for
//! `world`'s ledgers.

mod bad_input;
mod calls;
mod code;
mod differential;
mod erc20;
mod fixture;
mod functions;
mod state_tests;
mod traces;
mod trie;
mod world;
