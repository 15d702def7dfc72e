use super::sys;
use crate::{Address, Amount, Word};

/// How a callee failed. What it did is undone in both cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallError {
    /// It reverted; its data is the return data.
    Reverted,
    /// It halted: a trap, no gas, no such entry. There is no return data.
    Halted,
}

/// The runtime did not accept the new code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpgradeRefused;

/// What [`create`] makes a contract of.
#[derive(Clone, Copy, Debug)]
pub struct Creation<'a> {
    /// The code.
    pub code: &'a [u8],
    /// The input of its `init`.
    pub init: &'a [u8],
    /// The amount it begins with, out of this contract's balance.
    pub value: Amount,
    /// With a salt the address depends on it and the code, without on this contract's nonce.
    pub salt: Option<&'a Word>,
    /// The most gas `init` may use.
    pub gas: u64,
}

fn ended(code: i32) -> Result<(), CallError> {
    match code {
        0 => Ok(()),
        1 => Err(CallError::Reverted),
        _ => Err(CallError::Halted),
    }
}

/// Enters another contract by its `call`, with an amount out of this contract's balance.
///
/// # Errors
/// [`CallError`]; the output or revert data is read by [`return_copy`].
pub fn call(contract: &Address, value: Amount, input: &[u8], gas: u64) -> Result<(), CallError> {
    // SAFETY: pointer and length are those of `input`.
    ended(unsafe { sys::call(contract, &value.to_bytes(), input.as_ptr(), input.len() as u32, gas) })
}

/// As [`call`], but whatever is entered may change nothing.
///
/// # Errors
/// [`CallError`].
pub fn static_call(contract: &Address, input: &[u8], gas: u64) -> Result<(), CallError> {
    // SAFETY: pointer and length are those of `input`.
    ended(unsafe { sys::static_call(contract, input.as_ptr(), input.len() as u32, gas) })
}

/// Runs another contract's code as this contract: its storage, its balance, its caller.
///
/// # Errors
/// [`CallError`].
pub fn delegate_call(contract: &Address, input: &[u8], gas: u64) -> Result<(), CallError> {
    // SAFETY: pointer and length are those of `input`.
    ended(unsafe { sys::delegate_call(contract, input.as_ptr(), input.len() as u32, gas) })
}

/// Creates a contract. Its address.
///
/// # Errors
/// [`CallError`], of its `init` or because the code is not acceptable.
pub fn create(new: Creation<'_>) -> Result<Address, CallError> {
    let Creation { code, init, value, salt, gas } = new;
    let mut address = [0; 20];
    // SAFETY: both pairs of pointer and length are those of a slice.
    ended(unsafe {
        sys::create(
            code.as_ptr(),
            code.len() as u32,
            init.as_ptr(),
            init.len() as u32,
            &value.to_bytes(),
            salt,
            gas,
            &mut address,
        )
    })?;
    Ok(address)
}

/// Replaces this contract's code once this frame has ended, and runs the new code's `migrate`.
///
/// # Errors
/// [`UpgradeRefused`], and the code stays.
pub fn upgrade(code: &[u8], input: &[u8]) -> Result<(), UpgradeRefused> {
    // SAFETY: both pairs of pointer and length are those of a slice.
    match unsafe { sys::upgrade(code.as_ptr(), code.len() as u32, input.as_ptr(), input.len() as u32) } {
        0 => Ok(()),
        _ => Err(UpgradeRefused),
    }
}

/// Bytes of the last callee's output or revert data.
#[must_use]
pub fn return_size() -> usize {
    sys::return_size() as usize
}

/// Copies the last callee's output or revert data from `offset` on, as much as `out` holds.
pub fn return_copy(offset: usize, out: &mut [u8]) {
    // SAFETY: pointer and length are those of `out`.
    unsafe { sys::return_copy(out.as_mut_ptr(), offset as u32, out.len() as u32) }
}
