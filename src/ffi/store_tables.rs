//! The embedded ledger behind the same tables as anybody's.

use std::ffi::c_void;
use std::sync::Arc;

use parking_lot::Mutex;

use super::binding::zvm_session_params;
use super::frame::zvm_frame_fail;
use super::guard::guard_plain;
use super::reply::{zvm_reply, zvm_reply_reserve};
use super::tables::{
    ZVM_CB_ABSENT, ZVM_CB_DONE, ZVM_CB_FAIL, zvm_account_op, zvm_block_hash_op, zvm_code_op, zvm_commit_op,
    zvm_get_op, zvm_ledger, zvm_op, zvm_row, zvm_scan_op, zvm_storage,
};
use super::types::{zvm_bytes, zvm_log, zvm_word};
use super::views::decode;
use crate::error::{Error, Result, Status};
use crate::state::changes::Changes;
use crate::state::ledger::{Ledger, Range, ReadContext};
use crate::state::store::StoreLedger;
use crate::types::{Log, Word};

/// One session's snapshot. Both tables hold it.
type Snapshot = Mutex<StoreLedger>;

static STORAGE: zvm_storage = zvm_storage {
    struct_size: size_of::<zvm_storage>() as u32,
    flags: 0,
    get: Some(get),
    get_many: None,
    scan: Some(scan),
    commit: Some(commit),
    release: Some(release),
};

static LEDGER: zvm_ledger = zvm_ledger {
    struct_size: size_of::<zvm_ledger>() as u32,
    flags: 0,
    account: Some(account),
    code: Some(code),
    block_hash: Some(block_hash),
    release: Some(release),
};

/// Puts the tables and a context for each into the parameters.
pub(super) fn attach(params: &mut zvm_session_params, ledger: StoreLedger) {
    let snapshot: Arc<Snapshot> = Arc::new(Mutex::new(ledger));
    params.storage = &STORAGE;
    params.storage_ctx = Arc::into_raw(Arc::clone(&snapshot)).cast_mut().cast();
    params.ledger = &LEDGER;
    params.ledger_ctx = Arc::into_raw(snapshot).cast_mut().cast();
}

/// Runs a callback's work; an error goes to the session through the op's frame.
///
/// # Safety
/// `ctx` is a context made by [`attach`], `op` the head of a live op.
unsafe fn answer(
    name: &'static str,
    ctx: *mut c_void,
    op: *mut zvm_op,
    work: impl FnOnce(&mut StoreLedger, ReadContext) -> Result<i32>,
) -> i32 {
    guard_plain(name, ZVM_CB_FAIL, || {
        // SAFETY: the caller's promise.
        let (snapshot, op) = unsafe { (&*ctx.cast::<Snapshot>(), &mut *op) };
        let done = work(
            &mut snapshot.lock(),
            ReadContext { depth: op.depth, gas_left: op.gas_left, ..ReadContext::default() },
        );
        done.unwrap_or_else(|error| {
            let text = zvm_bytes::of(error.message.as_bytes());
            // SAFETY: the frame is the running one's.
            unsafe { zvm_frame_fail(op.frame, error.status as i32, text, std::ptr::null_mut()) };
            ZVM_CB_FAIL
        })
    })
}

/// Writes bytes of any length to a reply.
///
/// # Safety
/// The reply is in a live op.
unsafe fn put(reply: &mut zvm_reply, bytes: &[u8]) -> Result<i32> {
    if bytes.len() > reply.cap {
        // SAFETY: the caller's promise.
        let buffer = unsafe { zvm_reply_reserve(reply, bytes.len()) };
        if buffer.is_null() {
            return Err(Error::new(
                Status::Limit,
                format!("an entry of {} bytes is over the runtime's limit", bytes.len()),
            ));
        }
    }
    // SAFETY: the buffer has at least as many bytes.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), reply.buf, bytes.len()) };
    reply.len = bytes.len();
    Ok(ZVM_CB_DONE)
}

/// # Safety
/// Called through its table, with that context and a live op.
unsafe extern "C-unwind" fn get(ctx: *mut c_void, op: *mut zvm_get_op) -> i32 {
    // SAFETY: called through the table with its context and a live op.
    unsafe {
        let op = &mut *op;
        answer("store.get", ctx, &mut op.op, |ledger, at| {
            match ledger.storage(at, &op.account.into(), op.key.read("key")?)?.value {
                Some(value) => put(&mut op.value, &value),
                None => Ok(ZVM_CB_ABSENT),
            }
        })
    }
}

/// # Safety
/// Called through its table, with that context and a live op.
unsafe extern "C-unwind" fn scan(ctx: *mut c_void, op: *mut zvm_scan_op) -> i32 {
    // SAFETY: called through the table with its context and a live op.
    unsafe {
        let op = &mut *op;
        answer("store.scan", ctx, &mut op.op, |ledger, at| {
            let end = if op.bounded == 1 { Some(op.end.read("end")?) } else { None };
            let range =
                Range { start: op.start.read("start")?, end, reverse: op.reverse == 1, limit: op.rows_cap };
            let page = ledger.scan(at, &op.account.into(), range)?;
            let mut data = Vec::new();
            for (row, (key, value)) in page.rows.iter().enumerate() {
                let value: &[u8] = if op.keys_only == 1 { &[] } else { value };
                let place = zvm_row {
                    key_off: data.len() as u32,
                    key_len: key.len() as u32,
                    val_off: (data.len() + key.len()) as u32,
                    val_len: value.len() as u32,
                };
                data.extend_from_slice(key);
                data.extend_from_slice(value);
                op.rows.add(row).write(place);
            }
            op.rows_len = page.rows.len();
            op.done = u32::from(page.done);
            put(&mut op.data, &data)
        })
    }
}

/// # Safety
/// Called through its table, with that context and a live op.
unsafe extern "C-unwind" fn commit(ctx: *mut c_void, op: *mut zvm_commit_op) -> i32 {
    // SAFETY: called through the table with its context and a live op.
    unsafe {
        let op = &mut *op;
        answer("store.commit", ctx, &mut op.op, |ledger, _| {
            let list = match op.count {
                0 => Vec::new(),
                count => std::slice::from_raw_parts(op.changes, count)
                    .iter()
                    .map(|change| decode(change))
                    .collect::<Result<_>>()?,
            };
            let logs = match op.log_count {
                0 => Vec::new(),
                count => std::slice::from_raw_parts(op.logs, count)
                    .iter()
                    .map(|log| event(log))
                    .collect::<Result<_>>()?,
            };
            ledger.commit(&Changes { list, logs, serial: op.serial })?;
            Ok(ZVM_CB_DONE)
        })
    }
}

/// # Safety
/// The views in it can be read.
unsafe fn event(log: &zvm_log) -> Result<Log> {
    let topics = match log.topic_count {
        0 => Vec::new(),
        // SAFETY: the caller's promise.
        count => unsafe { std::slice::from_raw_parts(log.topics, count as usize) }
            .iter()
            .map(|topic| Word(topic.bytes))
            .collect(),
    };
    // SAFETY: the caller's promise.
    let data = unsafe { log.data.read("an event's data")? };
    Ok(Log { address: log.account.into(), topics, data: data.into() })
}

/// # Safety
/// Called through its table, with that context and a live op.
unsafe extern "C-unwind" fn account(ctx: *mut c_void, op: *mut zvm_account_op) -> i32 {
    // SAFETY: called through the table with its context and a live op.
    unsafe {
        let op = &mut *op;
        answer("store.account", ctx, &mut op.op, |ledger, at| {
            let Some(account) = ledger.account(at, &op.address.into())?.value else {
                return Ok(ZVM_CB_ABSENT);
            };
            op.balance = (&account.balance).into();
            op.nonce = account.nonce;
            op.code_hash = (&account.code_hash).into();
            op.engine = account.engine.map_or(0, |engine| engine as u32);
            Ok(ZVM_CB_DONE)
        })
    }
}

/// # Safety
/// Called through its table, with that context and a live op.
unsafe extern "C-unwind" fn code(ctx: *mut c_void, op: *mut zvm_code_op) -> i32 {
    // SAFETY: called through the table with its context and a live op.
    unsafe {
        let op = &mut *op;
        answer("store.code", ctx, &mut op.op, |ledger, at| match ledger.code(at, &op.hash.into())? {
            Some(code) => put(&mut op.code, &code),
            None => Ok(ZVM_CB_ABSENT),
        })
    }
}

/// # Safety
/// Called through its table, with that context and a live op.
unsafe extern "C-unwind" fn block_hash(ctx: *mut c_void, op: *mut zvm_block_hash_op) -> i32 {
    // SAFETY: called through the table with its context and a live op.
    unsafe {
        let op = &mut *op;
        answer("store.block_hash", ctx, &mut op.op, |ledger, at| match ledger.block_hash(at, op.number)? {
            Some(hash) => {
                op.hash = zvm_word { bytes: hash.0 };
                Ok(ZVM_CB_DONE)
            }
            None => Ok(ZVM_CB_ABSENT),
        })
    }
}

/// # Safety
/// Called through its table, once, with that context.
unsafe extern "C-unwind" fn release(ctx: *mut c_void) {
    guard_plain("store.release", (), || {
        // SAFETY: `attach` made the context as one count of this Arc for each table; the session
        // releases each once.
        drop(unsafe { Arc::from_raw(ctx.cast_const().cast::<Snapshot>()) });
    });
}
