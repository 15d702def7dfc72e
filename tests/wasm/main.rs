//! Validation and metering of WASM modules, with an interpreter as the machine that runs them.

mod bombs;
mod canonical;
mod differential;
mod instrument;
mod limits;
mod machine;
mod memory;
mod metering;
mod process;
mod reset;
mod rustc;
mod sameness;
mod smith;
mod spec;
mod stack;
mod ticks;
mod tiers;
mod traps;
mod world;
