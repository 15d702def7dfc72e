//! The host's tables: honest callbacks, each of which may be told to misbehave.

use std::ffi::c_void;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use zvm::ffi::reply::{zvm_reply, zvm_reply_reserve};
use zvm::ffi::tables::*;

use super::host::{Asked, Commit, Host, Inside};
use super::misbehave::Misbehave;
use super::views::{bytes, changes, logs};

pub(crate) const STORAGE: zvm_storage = zvm_storage {
    struct_size: size_of::<zvm_storage>() as u32,
    flags: 0,
    get: Some(get),
    get_many: Some(get_many),
    scan: Some(scan),
    commit: Some(commit),
    release: Some(release),
};

pub(crate) const LEDGER: zvm_ledger = zvm_ledger {
    struct_size: size_of::<zvm_ledger>() as u32,
    flags: 0,
    account: Some(account),
    code: Some(code),
    block_hash: Some(block_hash),
    release: Some(release),
};

pub(crate) const HOOKS: zvm_hooks = zvm_hooks {
    struct_size: size_of::<zvm_hooks>() as u32,
    flags: 0,
    admit: Some(admit),
    query: Some(query),
    log: Some(log),
    trace: None,
    release: Some(release),
};

/// The tables as they are, and the same with their answers in the op.
pub(crate) static TABLES: [(zvm_storage, zvm_ledger, zvm_hooks); 2] = [
    (STORAGE, LEDGER, HOOKS),
    (
        zvm_storage { flags: ZVM_TABLE_ANSWER_IN_OP, ..STORAGE },
        zvm_ledger { flags: ZVM_TABLE_ANSWER_IN_OP, ..LEDGER },
        zvm_hooks { flags: ZVM_TABLE_ANSWER_IN_OP, ..HOOKS },
    ),
];

/// A context for one table: a share of the host that `release` gives back.
pub(crate) fn context(host: &Arc<Host>) -> *mut c_void {
    Arc::into_raw(Arc::clone(host)).cast_mut().cast()
}

unsafe extern "C-unwind" fn release(ctx: *mut c_void) {
    // SAFETY: made by `context`; the library promises to release it once.
    let host = unsafe { Arc::from_raw(ctx.cast_const().cast::<Host>()) };
    host.released.fetch_add(1, Ordering::SeqCst);
}

/// # Safety
/// `ctx` is a context, `op` a live op.
unsafe fn answer<T: Misbehave>(
    ctx: *mut c_void,
    op: *mut T,
    asked: Asked,
    honest: impl FnOnce(&mut Inside, &mut T) -> i32,
) -> i32 {
    // SAFETY: the caller's promise.
    let (host, op) = unsafe { (&*ctx.cast::<Host>(), &mut *op) };
    let mut inside = host.inside();
    let nth = inside.trace.len();
    inside.trace.push(asked);
    let said = match inside.fault.take_if(|(at, _)| *at == nth) {
        Some((_, fault)) => op.misbehave(fault, &mut inside, honest),
        None => honest(&mut inside, op),
    };
    said_by(inside.answers_in_op, op.head(), said)
}

/// What a callback returns: its answer, or, where that is in the op, what means nothing.
fn said_by(answers_in_op: bool, head: &mut zvm_op, said: i32) -> i32 {
    if !answers_in_op {
        return said;
    }
    head.answer = said;
    if said == ZVM_CB_DONE { -99 } else { ZVM_CB_DONE }
}

/// What a hook of a test says. Where it fails, its message is printed and the callback fails, so
/// that the test does and the process does not.
fn heard(hook: impl FnOnce() -> i32) -> i32 {
    std::panic::catch_unwind(AssertUnwindSafe(hook)).unwrap_or(ZVM_CB_FAIL)
}

/// Answers with these bytes: filled in, or with more room first. Fails where they are over the limit.
pub(crate) fn put(reply: &mut zvm_reply, bytes: &[u8]) -> i32 {
    // SAFETY: a reply inside a live op.
    if bytes.len() > reply.cap && unsafe { zvm_reply_reserve(reply, bytes.len()) }.is_null() {
        return ZVM_CB_FAIL;
    }
    // SAFETY: the buffer has that much room.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), reply.buf, bytes.len()) };
    reply.len = bytes.len();
    ZVM_CB_DONE
}

unsafe extern "C-unwind" fn get(ctx: *mut c_void, op: *mut zvm_get_op) -> i32 {
    // SAFETY: called through the table.
    unsafe {
        answer(ctx, op, Asked::Get, |inside, op| {
            let found = inside.state.storage.get(&(op.account.bytes, bytes(op.key)));
            found.map_or(ZVM_CB_ABSENT, |value| put(&mut op.value, value))
        })
    }
}

unsafe extern "C-unwind" fn get_many(ctx: *mut c_void, op: *mut zvm_get_many_op) -> i32 {
    // SAFETY: called through the table.
    unsafe {
        answer(ctx, op, Asked::GetMany, |inside, op| {
            for slot in std::slice::from_raw_parts_mut(op.slots, op.count) {
                if let Some(value) = inside.state.storage.get(&(slot.account.bytes, bytes(slot.key))) {
                    slot.found = 1;
                    put(&mut slot.value, value);
                }
            }
            ZVM_CB_DONE
        })
    }
}

unsafe extern "C-unwind" fn scan(ctx: *mut c_void, op: *mut zvm_scan_op) -> i32 {
    // SAFETY: called through the table.
    unsafe {
        answer(ctx, op, Asked::Scan, |inside, op| {
            let (start, end) = (bytes(op.start), bytes(op.end));
            let inside_range = |key: &Vec<u8>| *key >= start && (op.bounded == 0 || *key < end);
            let all = inside.state.storage.iter().filter(|((account, _), _)| *account == op.account.bytes);
            let mut keys: Vec<&Vec<u8>> =
                all.map(|((_, key), _)| key).filter(|key| inside_range(key)).collect();
            if op.reverse == 1 {
                keys.reverse();
            }
            op.done = u32::from(keys.len() <= op.rows_cap);
            keys.truncate(op.rows_cap);
            let mut data = Vec::new();
            for (row, key) in keys.iter().enumerate() {
                let (key_off, key_len) = (data.len() as u32, key.len() as u32);
                data.extend_from_slice(key);
                op.rows.add(row).write(zvm_row { key_off, key_len, val_off: 0, val_len: 0 });
            }
            op.rows_len = keys.len();
            put(&mut op.data, &data)
        })
    }
}

unsafe extern "C-unwind" fn commit(ctx: *mut c_void, op: *mut zvm_commit_op) -> i32 {
    // SAFETY: called through the table.
    unsafe {
        answer(ctx, op, Asked::Commit, |inside, op| {
            let commit = Commit {
                changes: changes(op.changes, op.count),
                logs: logs(op.logs, op.log_count),
                serial: op.serial,
            };
            inside.state.apply(&commit.changes);
            inside.commits.push(commit);
            ZVM_CB_DONE
        })
    }
}

unsafe extern "C-unwind" fn account(ctx: *mut c_void, op: *mut zvm_account_op) -> i32 {
    // SAFETY: called through the table.
    unsafe {
        answer(ctx, op, Asked::Account, |inside, op| {
            let Some(account) = inside.state.accounts.get(&op.address.bytes) else { return ZVM_CB_ABSENT };
            op.balance.bytes = account.balance;
            op.code_hash.bytes = account.code_hash;
            (op.nonce, op.engine) = (account.nonce, account.engine);
            ZVM_CB_DONE
        })
    }
}

unsafe extern "C-unwind" fn code(ctx: *mut c_void, op: *mut zvm_code_op) -> i32 {
    // SAFETY: called through the table.
    unsafe {
        answer(ctx, op, Asked::Code, |inside, op| {
            let found = inside.state.codes.get(&op.hash.bytes);
            found.map_or(ZVM_CB_ABSENT, |code| put(&mut op.code, code))
        })
    }
}

unsafe extern "C-unwind" fn block_hash(ctx: *mut c_void, op: *mut zvm_block_hash_op) -> i32 {
    // SAFETY: called through the table.
    unsafe {
        answer(ctx, op, Asked::BlockHash, |inside, op| match inside.state.block_hashes.get(&op.number) {
            Some(hash) => {
                op.hash.bytes = *hash;
                ZVM_CB_DONE
            }
            None => ZVM_CB_ABSENT,
        })
    }
}

unsafe extern "C-unwind" fn admit(ctx: *mut c_void, op: *mut zvm_admit_op) -> i32 {
    // SAFETY: called through the table.
    unsafe {
        answer(ctx, op, Asked::Admit, |inside, op| match inside.admit.clone() {
            Some(hook) => heard(|| hook(op)),
            None => {
                op.score = 100;
                ZVM_CB_DONE
            }
        })
    }
}

unsafe extern "C-unwind" fn query(ctx: *mut c_void, op: *mut zvm_query_op) -> i32 {
    let mut hook = None;
    // SAFETY: called through the table.
    let said = unsafe {
        answer(ctx, op, Asked::Query, |inside, _| {
            hook = inside.query.clone();
            ZVM_CB_ABSENT
        })
    };
    // Outside the lock: the hook may call contracts, whose reads come back to this host.
    let Some(hook) = hook else { return said };
    // SAFETY: as above.
    let (host, op) = unsafe { (&*ctx.cast::<Host>(), &mut *op) };
    let said = heard(|| hook(op));
    let answers_in_op = host.inside().answers_in_op;
    said_by(answers_in_op, &mut op.op, said)
}

unsafe extern "C-unwind" fn log(ctx: *mut c_void, op: *mut zvm_log_op) -> i32 {
    // SAFETY: called through the table.
    unsafe {
        answer(ctx, op, Asked::Log, |inside, op| {
            inside.lines.push(String::from_utf8(bytes(op.message)).expect("UTF-8"));
            ZVM_CB_DONE
        })
    }
}
