//! The contract's own entries, lasting and transient.

use super::{ABSENT, Done, Host};
use crate::host::kinds::{Buffer, Key, Value};
use crate::types::Address;

/// See the table.
pub fn storage_read(host: &mut Host<'_, '_>, key: Key, out: Buffer) -> Done<i32> {
    let (own, key, at) = (own(host), host.bytes(key.0), host.at());
    host.state.transaction.counters.reads += 1;
    let access = host.state.journal.storage(at, &own, &key)?;
    let len = if access.first { key.len() + access.value.as_ref().map_or(0, |value| value.len()) } else { 0 };
    host.settle(&access, len)?;
    found(host, out, access.value.as_deref())
}

/// See the table.
pub fn storage_write(host: &mut Host<'_, '_>, key: Key, value: Value) -> Done<()> {
    let (own, key, value) = (own(host), host.bytes(key.0), host.bytes(value.0));
    let len = key.len() + value.len();
    host.state.transaction.counters.writes += 1;
    // Two accesses: the price depends on the old value and comes before the write.
    let at = host.at();
    let access = host.state.journal.storage(at, &own, &key)?;
    host.settle(&access, len)?;
    if access.value.is_none() {
        host.charge(host.state.rules.schedule.storage_new)?;
    }
    host.state.journal.set_storage(at, &own, &key, Some(value))?;
    Ok(())
}

/// See the table.
pub fn storage_delete(host: &mut Host<'_, '_>, key: Key) -> Done<i32> {
    let (own, key, at) = (own(host), host.bytes(key.0), host.at());
    host.state.transaction.counters.writes += 1;
    let access = host.state.journal.storage(at, &own, &key)?;
    host.settle(&access, key.len())?;
    if access.value.is_none() {
        return Ok(0);
    }
    host.state.journal.set_storage(at, &own, &key, None)?;
    host.state.journal.add_refund(host.state.rules.schedule.storage_delete_refund);
    Ok(1)
}

/// See the table.
pub fn storage_next(host: &mut Host<'_, '_>, key: Key, out: Buffer) -> Done<i32> {
    let (own, key, at) = (own(host), host.bytes(key.0), host.at());
    host.state.transaction.counters.reads += 1;
    let next = host.state.journal.next_key(at, &own, &key)?;
    found(host, out, next.as_deref())
}

/// See the table.
pub fn transient_read(host: &mut Host<'_, '_>, key: Key, out: Buffer) -> Done<i32> {
    let (own, key) = (own(host), host.bytes(key.0));
    let value = host.state.journal.transient(&own, &key);
    found(host, out, value.as_deref())
}

/// See the table.
pub fn transient_write(host: &mut Host<'_, '_>, key: Key, value: Value) -> Done<()> {
    let (own, key, value) = (own(host), host.bytes(key.0), host.bytes(value.0));
    host.state.count_touch(true, key.len() + value.len())?;
    host.state.journal.set_transient(&own, &key, value);
    Ok(())
}

fn own(host: &Host<'_, '_>) -> Address {
    host.state.frame().address
}

fn found(host: &mut Host<'_, '_>, out: Buffer, value: Option<&[u8]>) -> Done<i32> {
    match value {
        Some(value) => host.answer(out, value),
        None => Ok(ABSENT),
    }
}
