//! What this benchmark shares with that of WASM: time, and figures and how they are reported.

#[path = "../../wasm/src/clock.rs"]
pub mod clock;
#[path = "../../wasm/src/figures.rs"]
pub mod figures;
