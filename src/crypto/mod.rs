//! Bytes in, bytes out. Knows no gas, no state, no guest.

pub mod address;
pub mod bloom;
pub mod hash;
