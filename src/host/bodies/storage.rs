//! The contract's own entries, lasting and transient.

use super::{ABSENT, Done, Host};
use crate::host::kinds::{Buffer, Key, Value};
use crate::host::state::State;
use crate::host::work::put_answer;
use crate::types::Address;

/// See the table.
pub fn storage_read(host: &mut Host<'_, '_>, key: Key, out: Buffer) -> Done<i32> {
    let (own, at) = (own(host), host.at());
    let State { journal, transaction, rules, .. } = &mut *host.state;
    transaction.counters.reads += 1;
    let access = journal.storage(at, &own, host.guest.bytes(key.0))?;
    let value_len = access.value.map_or(0, |value| value.len());
    let len = if access.first { key.0.len as usize + value_len } else { 0 };
    host.guest.gas().charge(access.surcharge)?;
    transaction.touch(&rules.limits, access.first, len)?;
    match access.value {
        Some(value) => put_answer(host.guest, rules, out, value),
        None => Ok(ABSENT),
    }
}

/// See the table.
pub fn storage_write(host: &mut Host<'_, '_>, key: Key, value: Value) -> Done<()> {
    let (own, at) = (own(host), host.at());
    host.state.transaction.counters.writes += 1;
    // Two accesses: the price depends on the old value and comes before the write.
    let access = host.state.journal.storage(at, &own, host.guest.bytes(key.0))?.map(|value| value.is_none());
    host.settle(&access, (key.0.len + value.0.len) as usize)?;
    if access.value {
        host.charge(host.state.rules.schedule.storage_new)?;
    }
    let value = Some(host.bytes(value.0));
    host.state.journal.set_storage(at, &own, host.guest.bytes(key.0), value)?;
    Ok(())
}

/// See the table.
pub fn storage_delete(host: &mut Host<'_, '_>, key: Key) -> Done<i32> {
    let (own, at) = (own(host), host.at());
    host.state.transaction.counters.writes += 1;
    let access = host.state.journal.storage(at, &own, host.guest.bytes(key.0))?.map(|value| value.is_none());
    host.settle(&access, key.0.len as usize)?;
    if access.value {
        return Ok(0);
    }
    host.state.journal.set_storage(at, &own, host.guest.bytes(key.0), None)?;
    let refund = host.state.rules.schedule.storage_delete_refund;
    host.state.journal.add_refund(i64::try_from(refund).unwrap_or(i64::MAX));
    Ok(1)
}

/// See the table.
pub fn storage_next(host: &mut Host<'_, '_>, key: Key, out: Buffer) -> Done<i32> {
    let (own, at) = (own(host), host.at());
    host.state.transaction.counters.reads += 1;
    let next = host.state.journal.next_key(at, &own, host.guest.bytes(key.0))?;
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
    host.count(key.len() + value.len())?;
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
