//! Validation and metering of WASM modules, with an interpreter as the machine that runs them.

mod bombs;
mod canonical;
mod differential;
mod instrument;
mod limits;
mod machine;
mod native;
mod reset;
mod rustc;
mod smith;
mod spec;
mod ticks;
