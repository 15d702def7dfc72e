//! What each host function does. By the time a body runs, its flat price and its input's
//! rate are paid and its arguments checked.

mod calls;
mod context;
mod data;
mod events;
mod hashes;
mod kem;
mod signatures;
mod storage;
mod value;

pub use calls::{call, create, delegate_call, query, static_call};
pub use context::{
    block_hash, block_number, block_timestamp, caller, chain_id, gas_left, gas_price, origin, proposer,
    randomness, self_address,
};
pub use data::{input_copy, input_size, return_copy, return_size, revert, set_output};
pub use events::{debug_log, emit};
pub use hashes::{blake2b_256, blake3, keccak256, ripemd160, sha3_256, sha256};
pub use kem::{kem_decapsulate, kem_encapsulate};
pub use signatures::{recover, recover_key, verify, verify_aggregate, verify_threshold, verify_with_context};
pub use storage::{
    storage_delete, storage_next, storage_read, storage_write, transient_read, transient_write,
};
pub use value::{balance, code_hash, self_balance, transfer, value};

use super::guest::Stop;
use super::work::Host;

/// What a body ends with.
type Done<T> = Result<T, Stop>;

/// A result that stands for absence.
const ABSENT: i32 = -1;
