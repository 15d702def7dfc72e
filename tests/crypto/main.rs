//! Hashes, signatures and addresses against vectors that others published, through the host function and
//! through the C helper alike; and what must be refused.
//!
//! The suites of vectors are fetched by `make test-crypto` and looked for in build/suites, or where
//! `ZVM_SUITES` says. A test whose suite is not there says so and counts as skipped.

mod addresses;
mod blake3;
mod charges;
mod differential;
mod doors;
mod multisig;
#[cfg(feature = "dilithium-round3")]
mod round3;
mod rules;
#[cfg(feature = "signing")]
mod signing;
mod suites;
mod transactions;

/// The bytes of hexadecimal digits.
fn unhex(text: &str) -> Vec<u8> {
    let text = text.strip_prefix("0x").unwrap_or(text);
    assert!(text.len().is_multiple_of(2), "an odd number of digits");
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}
