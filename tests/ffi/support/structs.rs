//! The structs a caller fills in.

use std::mem::MaybeUninit;
use std::sync::Arc;

use zvm::ffi::binding::zvm_session_params;
use zvm::ffi::call::{zvm_call, zvm_deploy};
use zvm::ffi::types::{zvm_bytes, zvm_word};

use super::callbacks::{TABLES, context};
use super::host::Host;

/// A struct of zeros with its size.
pub(crate) fn sized<T: Copy>() -> T {
    let mut value = MaybeUninit::<T>::zeroed();
    // SAFETY: each struct this is used for begins with its size and is valid as zeros.
    unsafe {
        value.as_mut_ptr().cast::<u32>().write(size_of::<T>() as u32);
        value.assume_init()
    }
}

/// A view of bytes that the caller keeps.
pub(crate) fn view(bytes: &[u8]) -> zvm_bytes {
    zvm_bytes { ptr: if bytes.is_empty() { std::ptr::null() } else { bytes.as_ptr() }, len: bytes.len() }
}

/// Parameters over a host; the session that takes them owns a share of it for each table.
pub(crate) fn params(host: &Arc<Host>) -> zvm_session_params {
    let mut params: zvm_session_params = sized();
    let (storage, ledger, hooks) = &TABLES[usize::from(host.inside().answers_in_op)];
    (params.storage, params.ledger, params.hooks) = (storage, ledger, hooks);
    (params.storage_ctx, params.ledger_ctx, params.hooks_ctx) = (context(host), context(host), context(host));
    params
}

/// The same for a host that offers no hooks.
pub(crate) fn params_without_hooks(host: &Arc<Host>) -> zvm_session_params {
    let mut params: zvm_session_params = sized();
    (params.storage, params.ledger) = (&TABLES[0].0, &TABLES[0].1);
    (params.storage_ctx, params.ledger_ctx) = (context(host), context(host));
    params
}

/// A call of a contract by account 1, with plenty of gas.
pub(crate) fn call(target: [u8; 20], input: &[u8]) -> zvm_call {
    let mut call: zvm_call = sized();
    (call.caller.bytes, call.target.bytes) = (super::address(1), target);
    (call.input, call.gas_limit) = (view(input), 100_000_000);
    call
}

/// A deploy by account 1, with plenty of gas.
pub(crate) fn deploy(code: &[u8]) -> zvm_deploy {
    let mut deploy: zvm_deploy = sized();
    deploy.caller.bytes = super::address(1);
    (deploy.code, deploy.gas_limit) = (view(code), 1_000_000_000);
    deploy
}

/// A word for a struct of the ABI.
pub(crate) fn abi_word(number: u64) -> zvm_word {
    zvm_word { bytes: super::word(number) }
}
