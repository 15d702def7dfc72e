//! What opcodes cost beyond their rows: the original's catalogue, which it gave to compilers and did
//! not charge.

use crate::gas::words;

/// Each word that is hashed by KECCAK256 or BLAKE2B.
pub(super) const KECCAK_WORD: u64 = 6;
/// Each word that is hashed by SHA256, as Ethereum's precompile has it.
pub(super) const SHA256_WORD: u64 = 12;
/// Each word that is hashed by RIPEMD160, as Ethereum's precompile has it.
pub(super) const RIPEMD160_WORD: u64 = 120;
/// Each word that is copied.
pub(super) const COPY_WORD: u64 = 3;
/// Each byte of an event's data.
pub(super) const LOG_BYTE: u64 = 8;
/// Each byte of an exponent.
pub(super) const EXP_BYTE: u64 = 50;
/// SLOAD at the first touch in a transaction.
pub(super) const SLOAD_COLD: u64 = 2100;
/// SLOAD after that.
pub(super) const SLOAD_WARM: u64 = 100;
/// SSTORE of what is there already.
pub(super) const SSTORE_SAME: u64 = 100;
/// SSTORE to an absent entry.
pub(super) const SSTORE_NEW: u64 = 20_000;
/// SSTORE of zero.
pub(super) const SSTORE_CLEAR: u64 = 2900;
/// Refunded for it.
pub(super) const SSTORE_CLEAR_REFUND: i64 = 15_000;
/// Any other SSTORE, at the first touch in a transaction.
pub(super) const SSTORE_COLD: u64 = 2200;
/// Any other SSTORE after that.
pub(super) const SSTORE_WARM: u64 = 100;
/// A call that brings an amount.
pub(super) const CALL_VALUE: u64 = 9000;
/// What its callee gets on top, out of that.
pub(super) const CALL_STIPEND: u64 = 2300;

/// What a memory of so many bytes costs in all.
pub(super) fn memory(bytes: u64) -> u64 {
    let words = u128::from(words(bytes));
    u64::try_from(3 * words + words * words / 512).unwrap_or(u64::MAX)
}
