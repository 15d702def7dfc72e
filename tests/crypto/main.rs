//! Hash functions and addresses against vectors that others published.

mod addresses;
mod blake3;
