//! The ledgers of this library: what they answer, and what the durable one survives.
//!
//! `sim` is a disk that can fail and lose power, `story` a sequence of commits with its oracle.
//! Tests that need a process of their own run this binary again (`child`).

mod child;
mod conformance;
mod crash;
mod faults;
mod files;
mod journal;
mod kill;
mod limits;
mod mixed;
mod sim;
mod story;
