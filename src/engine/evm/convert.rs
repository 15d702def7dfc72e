//! Our words as the interpreter's, and back: its addresses and numbers are types of its own.

use revm_primitives::{Address as EvmAddress, B256, KECCAK_EMPTY, U256};

use crate::types::{Address, Word};

pub(super) fn address(address: EvmAddress) -> Address {
    Address(address.into_array())
}

pub(super) fn evm_address(address: Address) -> EvmAddress {
    EvmAddress::new(address.0)
}

pub(super) fn word(number: U256) -> Word {
    Word(number.to_be_bytes())
}

pub(super) fn number(word: Word) -> U256 {
    U256::from_be_bytes(word.0)
}

/// A code's hash as the EVM shows it: that of nothing where there is none.
pub(super) fn code_hash(hash: Word) -> B256 {
    if hash.is_zero() { KECCAK_EMPTY } else { B256::new(hash.0) }
}
