//! A host's tables as a [`Ledger`].

use std::ffi::c_void;

use super::callback::{self, Bound, Callback, Op, Said, Shared, unexpected};
use super::code::Loaded as LoadedCode;
use super::handle;
use super::reply::{Room, zvm_reply};
use super::tables::{
    zvm_account_op, zvm_block_hash_op, zvm_code_op, zvm_commit_op, zvm_get_many_op, zvm_get_op, zvm_ledger,
    zvm_op, zvm_row, zvm_scan_op, zvm_slot, zvm_storage,
};
use super::types::{zvm_bytes, zvm_word};
use super::views::ChangeViews;
use crate::error::{Error, Result, Status};
use crate::limits::Limits;
use crate::state::changes::Changes;
use crate::state::ledger::{Ledger, Loaded, Page, Range, ReadContext};
use crate::types::{Account, Address, Bytes, EngineKind, Word};

/// A table's context; tells the host when it is no longer needed.
pub(super) struct Context {
    pub(super) ctx: *mut c_void,
    pub(super) release: Option<Release>,
}

/// What tells a host that its context is no longer needed.
pub(super) type Release = unsafe extern "C-unwind" fn(ctx: *mut c_void);

impl Drop for Context {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: the host's own function and context; once, because this is the only drop.
            unsafe { callback::release(release, self.ctx) };
        }
    }
}

/// A host's storage and ledger.
pub(super) struct Embedder {
    pub(super) storage: zvm_storage,
    pub(super) storage_context: Context,
    pub(super) ledger: zvm_ledger,
    pub(super) ledger_context: Context,
    pub(super) asking: Shared,
    pub(super) session_id: u64,
    pub(super) value_room: Box<Room>,
    pub(super) code_room: Box<Room>,
    pub(super) page_room: Box<Room>,
    pub(super) limits: Limits,
    pub(super) hint: u64,
}

/// Rows in one page of a scan.
const ROWS: usize = 64;

impl Embedder {
    fn ask_storage<T: Op>(&self, at: ReadContext, function: Callback<T>, op: &mut T) -> Result<Said> {
        self.ask(at, Bound::new(function, self.storage_context.ctx, self.storage.flags), op)
    }

    fn ask_ledger<T: Op>(&self, at: ReadContext, function: Callback<T>, op: &mut T) -> Result<Said> {
        self.ask(at, Bound::new(function, self.ledger_context.ctx, self.ledger.flags), op)
    }

    fn ask<T: Op>(&self, at: ReadContext, callback: Bound<T>, op: &mut T) -> Result<Said> {
        // SAFETY: the callback and its context come from the host's table.
        unsafe { callback::ask(&self.asking, at, callback, op, std::ptr::null_mut()) }
    }
}

fn missing(name: &str) -> Error {
    Error::new(Status::HostMissing, format!("the host does not offer {name}"))
}

/// The head of an op before it is filled in.
pub(super) const HEAD: zvm_op = zvm_op {
    struct_size: 0,
    depth: 0,
    frame: std::ptr::null_mut(),
    gas_left: 0,
    gas_charge: 0,
    host_code: 0,
    answer: 0,
};

impl Ledger for Embedder {
    fn account(&mut self, at: ReadContext, address: &Address) -> Result<Loaded<Option<Account>>> {
        let zero = zvm_word { bytes: [0; 32] };
        let mut op = zvm_account_op {
            op: HEAD,
            address: address.into(),
            engine: 0,
            nonce: 0,
            balance: zero,
            code_hash: zero,
        };
        let callback = self.ledger.account.ok_or_else(|| missing("account"))?;
        let value = match self.ask_ledger(at, callback, &mut op)? {
            Said::Done => Some(Account {
                balance: op.balance.into(),
                nonce: op.nonce,
                code_hash: op.code_hash.into(),
                engine: engine(op.engine)?,
            }),
            Said::Absent => None,
            said => return Err(unexpected("account", said)),
        };
        Ok(Loaded { value, surcharge: op.op.gas_charge })
    }

    fn code(&mut self, at: ReadContext, hash: &Word) -> Result<Option<Bytes>> {
        let reply = self.code_room.reply();
        let mut op = zvm_code_op { op: HEAD, hash: hash.into(), code: reply, ready: std::ptr::null() };
        let callback = self.ledger.code.ok_or_else(|| missing("code"))?;
        match self.ask_ledger(at, callback, &mut op)? {
            Said::Done if !op.ready.is_null() => {
                // SAFETY: the callback says that it is a code handle, and keeps it.
                let ready = unsafe { handle::value::<LoadedCode>(op.ready) };
                ready
                    .map(|loaded| Some(loaded.code()))
                    .map_err(|_| Error::new(Status::HostProtocol, "not a zvm_code in ready"))
            }
            // SAFETY: the callback answered for what it lent.
            Said::Done => unsafe { self.code_room.answer(&op.code) }.map(Some),
            Said::Absent => Ok(None),
            said => Err(unexpected("code", said)),
        }
    }

    fn storage(&mut self, at: ReadContext, account: &Address, key: &[u8]) -> Result<Loaded<Option<Bytes>>> {
        let value = self.value_room.reply();
        let mut op =
            zvm_get_op { op: HEAD, account: account.into(), reserved: 0, key: zvm_bytes::of(key), value };
        let callback = self.storage.get.ok_or_else(|| missing("get"))?;
        let value = match self.ask_storage(at, callback, &mut op)? {
            // SAFETY: the callback answered for what it lent.
            Said::Done => Some(unsafe { self.value_room.answer(&op.value) }?),
            Said::Absent => None,
            said => return Err(unexpected("get", said)),
        };
        Ok(Loaded { value, surcharge: op.op.gas_charge })
    }

    fn storage_many(
        &mut self,
        at: ReadContext,
        account: &Address,
        keys: &[Bytes],
    ) -> Result<Vec<Loaded<Option<Bytes>>>> {
        let Some(callback) = self.storage.get_many.filter(|_| !keys.is_empty()) else {
            return keys.iter().map(|key| self.storage(at, account, key)).collect();
        };
        let mut rooms: Vec<Box<Room>> =
            keys.iter().map(|_| Room::new(self.limits.value_bytes as usize)).collect();
        let slot = |(key, room): (&Bytes, &mut Box<Room>)| zvm_slot {
            account: account.into(),
            found: 0,
            key: zvm_bytes::of(key),
            value: room.reply(),
            gas_charge: 0,
        };
        let mut slots: Vec<zvm_slot> = keys.iter().zip(&mut rooms).map(slot).collect();
        let mut op = zvm_get_many_op { op: HEAD, slots: slots.as_mut_ptr(), count: slots.len() };
        match self.ask_storage(at, callback, &mut op)? {
            Said::Done => slots.iter().zip(&rooms).map(|(slot, room)| answer_of(slot, room)).collect(),
            said => Err(unexpected("get_many", said)),
        }
    }

    fn scan(&mut self, at: ReadContext, account: &Address, range: Range<'_>) -> Result<Page> {
        let callback = self.storage.scan.ok_or_else(|| missing("scan"))?;
        let mut rows = [zvm_row { key_off: 0, key_len: 0, val_off: 0, val_len: 0 }; ROWS];
        let mut op = zvm_scan_op {
            op: HEAD,
            account: account.into(),
            reverse: u32::from(range.reverse),
            start: zvm_bytes::of(range.start),
            end: zvm_bytes::of(range.end.unwrap_or_default()),
            bounded: u32::from(range.end.is_some()),
            keys_only: 1,
            rows: rows.as_mut_ptr(),
            rows_cap: range.limit.clamp(1, ROWS),
            rows_len: 0,
            data: self.page_room.reply(),
            hint: self.hint,
            done: 0,
            reserved: 0,
        };
        match self.ask_storage(at, callback, &mut op)? {
            Said::Done if op.op.gas_charge != 0 => {
                Err(Error::new(Status::HostProtocol, "a scan may not ask for gas"))
            }
            Said::Done => {
                self.hint = op.hint;
                // SAFETY: the callback answered for what it lent.
                let data = unsafe { self.page_room.answer(&op.data) }?;
                page(&op, &rows, &data, &range, &self.limits)
            }
            said => Err(unexpected("scan", said)),
        }
    }

    fn block_hash(&mut self, at: ReadContext, number: u64) -> Result<Option<Word>> {
        let Some(callback) = self.ledger.block_hash else { return Ok(None) };
        let mut op = zvm_block_hash_op { op: HEAD, number, hash: zvm_word { bytes: [0; 32] } };
        match self.ask_ledger(at, callback, &mut op)? {
            Said::Done => Ok(Some(op.hash.into())),
            Said::Absent => Ok(None),
            said => Err(unexpected("block_hash", said)),
        }
    }

    fn commit(&mut self, changes: &Changes) -> Result<()> {
        let callback = self.storage.commit.ok_or_else(|| missing("commit"))?;
        let views = ChangeViews::new(changes.clone());
        let mut op = zvm_commit_op {
            op: HEAD,
            changes: views.changes().0,
            count: views.changes().1,
            logs: views.logs().0,
            log_count: views.logs().1,
            session_id: self.session_id,
            serial: changes.serial,
        };
        let at = ReadContext { gas_left: u64::MAX, ..ReadContext::default() };
        match self.ask_storage(at, callback, &mut op)? {
            Said::Done => Ok(()),
            said => Err(unexpected("commit", said)),
        }
    }
}

fn engine(number: u32) -> Result<Option<EngineKind>> {
    if number == 0 {
        return Ok(None);
    }
    let known = EngineKind::from_number(number);
    known
        .map(Some)
        .ok_or_else(|| Error::new(Status::HostProtocol, format!("an account with engine {number}")))
}

fn answer_of(slot: &zvm_slot, room: &Room) -> Result<Loaded<Option<Bytes>>> {
    let value = match slot.found {
        0 => None,
        // SAFETY: the callback answered for what it lent.
        1 => Some(unsafe { room.answer(&slot.value) }?),
        other => return Err(Error::new(Status::HostProtocol, format!("get_many set found to {other}"))),
    };
    Ok(Loaded { value, surcharge: slot.gas_charge })
}

/// The rows of a page: within the range, in order, and within the data.
fn page(op: &zvm_scan_op, rows: &[zvm_row], data: &[u8], range: &Range<'_>, limits: &Limits) -> Result<Page> {
    let protocol = |why: &str| Error::new(Status::HostProtocol, format!("a scan's page {why}"));
    if op.rows_len > op.rows_cap || op.done > 1 {
        return Err(protocol("has too many rows or a strange end"));
    }
    if op.rows_len == 0 && op.done == 0 {
        return Err(protocol("is empty and not the last"));
    }
    let part = |offset: u32, len: u32| data.get(offset as usize..)?.get(..len as usize);
    let mut page = Page { rows: Vec::with_capacity(op.rows_len), done: op.done == 1 };
    for row in &rows[..op.rows_len] {
        let key = part(row.key_off, row.key_len).ok_or_else(|| protocol("points outside its data"))?;
        let value = part(row.val_off, row.val_len).ok_or_else(|| protocol("points outside its data"))?;
        let inside = key >= range.start && range.end.is_none_or(|end| key < end);
        let ordered = page
            .rows
            .last()
            .is_none_or(|(last, _)| if range.reverse { key < &**last } else { key > &**last });
        if !inside || !ordered || key.len() > limits.key_bytes as usize {
            return Err(protocol("is out of order or range"));
        }
        page.rows.push((key.into(), value.into()));
    }
    Ok(page)
}

/// Whether a reply still is the one that was lent out, apart from what the host fills in.
pub(super) fn same_reply(one: &zvm_reply, other: &zvm_reply) -> bool {
    one.owner == other.owner
}

/// Whether a view is the same pointer and length.
pub(super) fn same_bytes(one: &zvm_bytes, other: &zvm_bytes) -> bool {
    one.ptr == other.ptr && one.len == other.len
}

/// Declares ops with the fields the host must not change.
macro_rules! ops {
    ($($name:ident: |$before:ident, $after:ident| $same:expr;)+) => {$(
        // SAFETY: `repr(C)`, declared with `op: zvm_op` first.
        unsafe impl $crate::ffi::callback::Op for $name {
            fn same_inputs(&self, other: &Self) -> bool {
                let ($before, $after) = (other, self);
                $same
            }
        }
    )+};
}
pub(super) use ops;

ops! {
    zvm_account_op: |a, b| a.address.bytes == b.address.bytes;
    zvm_code_op: |a, b| a.hash.bytes == b.hash.bytes && same_reply(&a.code, &b.code);
    zvm_get_op: |a, b| a.account.bytes == b.account.bytes && same_bytes(&a.key, &b.key) && same_reply(&a.value, &b.value);
    zvm_get_many_op: |a, b| a.slots == b.slots && a.count == b.count;
    zvm_scan_op: |a, b| a.account.bytes == b.account.bytes
        && same_bytes(&a.start, &b.start)
        && same_bytes(&a.end, &b.end)
        && (a.reverse, a.bounded, a.keys_only) == (b.reverse, b.bounded, b.keys_only)
        && (a.rows, a.rows_cap) == (b.rows, b.rows_cap)
        && same_reply(&a.data, &b.data);
    zvm_block_hash_op: |a, b| a.number == b.number;
    zvm_commit_op: |a, b| (a.changes, a.count) == (b.changes, b.count)
        && (a.logs, a.log_count) == (b.logs, b.log_count)
        && (a.session_id, a.serial) == (b.session_id, b.serial);
}
