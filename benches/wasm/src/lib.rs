//! What the two benchmarks share: time, figures and how they are reported, machines with a bare engine,
//! and modules that are rewritten.

pub mod clock;
pub mod figures;
pub mod machine;
pub mod rewrite;
