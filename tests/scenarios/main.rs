//! Scenarios: a ledger, steps in one session over it, and what must come of them.
//!
//! The [`stories`] say what must come of each step, in their own words. `make vectors` writes them
//! to tests/vectors, with the gas that was measured where no story gives a formula, and every
//! binding plays the same files. Here each file is held to its story ([`files`]) and played as a
//! foreign binding plays it. Then all of them are played again: on every compiler ([`compilers`]), with
//! a ledger that fails at every question in turn ([`sweep`]), and at the edge of the gas they need
//! ([`edge`]).

mod address;
mod compilers;
mod conservation;
mod contracts;
mod coverage;
mod edge;
mod files;
mod host;
mod json;
mod play;
mod read;
mod scenario;
mod script;
mod stories;
mod sweep;
mod verbs;
mod write;
