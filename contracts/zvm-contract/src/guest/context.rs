use super::{filled, sys};
use crate::{Address, Amount, Word};

/// Who called this frame: an account or another contract.
#[must_use]
pub fn caller() -> Address {
    filled(|out| sys::caller(out))
}

/// Who began the transaction. Not a proof of anything about the caller.
#[must_use]
pub fn origin() -> Address {
    filled(|out| sys::origin(out))
}

/// This contract's address.
#[must_use]
pub fn self_address() -> Address {
    filled(|out| sys::self_address(out))
}

/// The amount that came with the call. It is already in the contract's balance.
#[must_use]
pub fn value() -> Amount {
    Amount::from_bytes(&filled(|out| sys::value(out)))
}

/// The gas left in this frame.
#[must_use]
pub fn gas_left() -> u64 {
    sys::gas_left()
}

/// The block's height.
#[must_use]
pub fn block_number() -> u64 {
    sys::block_number()
}

/// The block's time, seconds since the Unix epoch, as the chain agreed on it.
#[must_use]
pub fn block_timestamp() -> u64 {
    sys::block_timestamp()
}

/// The chain's identifier.
#[must_use]
pub fn chain_id() -> Word {
    filled(|out| sys::chain_id(out))
}

/// The hash of an earlier block, `None` where it is not known any more.
#[must_use]
pub fn block_hash(number: u64) -> Option<Word> {
    let mut hash = [0; 32];
    (sys::block_hash(number, &mut hash) == 0).then_some(hash)
}

/// Who proposed the block.
#[must_use]
pub fn proposer() -> Address {
    filled(|out| sys::proposer(out))
}

/// The price of one unit of gas.
#[must_use]
pub fn gas_price() -> Amount {
    Amount::from_bytes(&filled(|out| sys::gas_price(out)))
}

/// The chain's agreed randomness, `None` where it has none.
#[must_use]
pub fn randomness() -> Option<Word> {
    let mut word = [0; 32];
    (sys::randomness(&mut word) == 0).then_some(word)
}
