//! The host functions and their safe forms: the part of the crate that exists only in a contract.

mod accounts;
mod calls;
mod context;
mod data;
pub mod hash;
pub mod signature;
pub mod storage;
pub mod sys;
pub mod transient;

pub use accounts::{Engine, TransferError, balance, code_hash, self_balance, transfer};
pub use calls::{CallError, Creation, call, create, delegate_call, return_copy, return_size, static_call};
pub use calls::{UpgradeRefused, upgrade};
pub use context::{block_hash, block_number, block_timestamp, caller, chain_id, gas_left, gas_price};
pub use context::{origin, proposer, randomness, self_address, value};
pub use data::{debug_log, emit, input, input_copy, input_size, output, revert};

#[cfg(all(feature = "panic-handler", not(test)))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// Reads a value of fixed size that a host function writes.
fn filled<const N: usize>(fill: impl FnOnce(&mut [u8; N])) -> [u8; N] {
    let mut bytes = [0; N];
    fill(&mut bytes);
    bytes
}

/// The same, where the function returns 0 for having written it.
fn filled_if<const N: usize>(fill: impl FnOnce(&mut [u8; N]) -> i32) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    (fill(&mut bytes) == 0).then_some(bytes)
}

/// The length a host function returned, where a negative one means absence.
fn length(returned: i32) -> Option<usize> {
    usize::try_from(returned).ok()
}
