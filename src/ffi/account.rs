//! Where new contracts will live.

use super::error::zvm_error;
use super::guard::guard;
use super::sized::{Out, reference};
use super::types::{zvm_address, zvm_word};
use crate::crypto::address::{create_address, create2_address};

/// The address of a contract that `sender` creates with this nonce (CREATE).
///
/// Ownership: everything is borrowed; `out` is the caller's.
/// Thread: any.
/// Statuses: OK, NULL, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_address_create(
    sender: *const zvm_address,
    nonce: u64,
    out: *mut zvm_address,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_address_create", err, || {
            let out = Out::new(out, "out", zvm_address { bytes: [0; 20] })?;
            let sender = *reference(sender, "sender")?;
            out.set((&create_address(&sender.into(), nonce)).into());
            Ok(())
        })
    }
}

/// The address of a contract that `sender` creates with this salt (CREATE2, EIP-1014).
/// `initcode_hash` is keccak256 of the initcode; for WASM and ZVM keccak256 of keccak256(code)
/// followed by keccak256(input).
///
/// Ownership: everything is borrowed; `out` is the caller's.
/// Thread: any.
/// Statuses: OK, NULL, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_address_create2(
    sender: *const zvm_address,
    salt: *const zvm_word,
    initcode_hash: *const zvm_word,
    out: *mut zvm_address,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_address_create2", err, || {
            let out = Out::new(out, "out", zvm_address { bytes: [0; 20] })?;
            let sender = *reference(sender, "sender")?;
            let salt = *reference(salt, "salt")?;
            let hash = *reference(initcode_hash, "initcode_hash")?;
            out.set((&create2_address(&sender.into(), &salt.into(), &hash.into())).into());
            Ok(())
        })
    }
}
