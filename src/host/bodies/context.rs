//! Who calls, and in which block.

use super::{ABSENT, Done, Host};
use crate::host::kinds::{Int64, OutAddress, OutWord};

/// See the table.
pub fn caller(host: &mut Host<'_, '_>, out: OutAddress) -> Done<()> {
    host.put_address(out, host.state.frame().caller);
    Ok(())
}

/// See the table.
pub fn origin(host: &mut Host<'_, '_>, out: OutAddress) -> Done<()> {
    host.put_address(out, host.state.transaction.origin);
    Ok(())
}

/// See the table.
pub fn self_address(host: &mut Host<'_, '_>, out: OutAddress) -> Done<()> {
    host.put_address(out, host.state.frame().address);
    Ok(())
}

/// See the table.
pub fn gas_left(host: &mut Host<'_, '_>) -> Done<u64> {
    Ok(host.guest.gas().left())
}

/// See the table.
pub fn block_number(host: &mut Host<'_, '_>) -> Done<u64> {
    Ok(host.state.block.number)
}

/// See the table.
pub fn block_timestamp(host: &mut Host<'_, '_>) -> Done<u64> {
    Ok(host.state.block.timestamp)
}

/// See the table.
pub fn chain_id(host: &mut Host<'_, '_>, out: OutWord) -> Done<()> {
    host.put_word(out, host.state.block.chain_id);
    Ok(())
}

/// See the table.
pub fn block_hash(host: &mut Host<'_, '_>, number: Int64, out: OutWord) -> Done<i32> {
    // Kept for the session like an entry, so counted like one.
    host.count(0)?;
    let at = host.at();
    match host.state.journal.block_hash(at, number.0)? {
        Some(hash) => {
            host.put_word(out, hash);
            Ok(0)
        }
        None => Ok(ABSENT),
    }
}

/// See the table.
pub fn proposer(host: &mut Host<'_, '_>, out: OutAddress) -> Done<()> {
    host.put_address(out, host.state.block.proposer);
    Ok(())
}

/// See the table.
pub fn gas_price(host: &mut Host<'_, '_>, out: OutWord) -> Done<()> {
    host.put_word(out, host.state.transaction.gas_price);
    Ok(())
}

/// See the table.
pub fn randomness(host: &mut Host<'_, '_>, out: OutWord) -> Done<i32> {
    match host.state.block.randomness {
        Some(word) => {
            host.put_word(out, word);
            Ok(0)
        }
        None => Ok(ABSENT),
    }
}
