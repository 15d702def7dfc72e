//! What a host implements: tables of callbacks, each called with its context and an op.
//!
//! An op is the library's own struct: inputs to read, places to fill, a slot for a surcharge
//! and for an error number. Its inputs hold until the callback returns and must not be changed.

use std::ffi::c_void;

use super::code::zvm_code;
use super::frame::zvm_frame;
use super::reply::zvm_reply;
use super::sized::sized;
use super::types::{zvm_address, zvm_bytes, zvm_log, zvm_word};

/// A callback failed: the status is HOST. So it is for a negative number that is not named here,
/// which goes into the error. A positive one is HOST_PROTOCOL.
pub const ZVM_CB_FAIL: i32 = 0;
/// A callback is done.
pub const ZVM_CB_DONE: i32 = 1;
/// There is no such account, code, entry or answer.
pub const ZVM_CB_ABSENT: i32 = 2;
/// A deterministic no; only admit may say it.
pub const ZVM_CB_REFUSED: i32 = 3;
/// A callback ended by an exception that its binding caught: the status is HOST_UNWOUND.
pub const ZVM_CB_UNWOUND: i32 = -2147483647;

/// In a table's flags: what its callbacks return is ignored, the answer is `answer` in the op. For
/// languages in which a callback that ends early returns no certain number.
pub const ZVM_TABLE_ANSWER_IN_OP: u32 = 1;

/// What every op begins with.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_op {
    /// Size of the whole op; fields beyond it do not exist.
    pub struct_size: u32,
    /// How deep calls between contracts are nested; 0 outside a call.
    pub depth: u32,
    /// The running call, for zvm_frame functions; valid until the callback returns.
    pub frame: *mut zvm_frame,
    /// Gas left in the running call.
    pub gas_left: u64,
    /// To fill in: gas asked on top of the schedule's price, 0 if left alone. Only reads of
    /// storage and accounts and queries may ask it: from a scan it is HOST_PROTOCOL, elsewhere
    /// ignored.
    pub gas_charge: u64,
    /// To fill in: a number of the host's own that goes into the error when the callback fails.
    pub host_code: i32,
    /// To fill in where the table has ZVM_TABLE_ANSWER_IN_OP: the answer, ZVM_CB_FAIL until then.
    pub answer: i32,
}

/// Reads one storage entry.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_get_op {
    /// Head.
    pub op: zvm_op,
    /// The contract.
    pub account: zvm_address,
    /// Zero.
    pub reserved: u32,
    /// The key.
    pub key: zvm_bytes,
    /// Where the value goes.
    pub value: zvm_reply,
}

/// One entry of several to read.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_slot {
    /// The contract.
    pub account: zvm_address,
    /// To fill in: 1 when the entry exists.
    pub found: u32,
    /// The key.
    pub key: zvm_bytes,
    /// Where the value goes.
    pub value: zvm_reply,
    /// To fill in: as in zvm_op, for this entry.
    pub gas_charge: u64,
}

/// Reads several storage entries.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_get_many_op {
    /// Head.
    pub op: zvm_op,
    /// The entries.
    pub slots: *mut zvm_slot,
    /// How many.
    pub count: usize,
}

/// One row of a page: where its key and value lie in the page's data.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_row {
    /// Offset of the key.
    pub key_off: u32,
    /// Length of the key.
    pub key_len: u32,
    /// Offset of the value.
    pub val_off: u32,
    /// Length of the value.
    pub val_len: u32,
}

/// Reads a page of a contract's entries in order of their keys. Pages are stateless.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_scan_op {
    /// Head.
    pub op: zvm_op,
    /// The contract.
    pub account: zvm_address,
    /// 1: from the end of the range backwards.
    pub reverse: u32,
    /// First key of the range, included.
    pub start: zvm_bytes,
    /// End of the range, excluded; only where `bounded` is 1.
    pub end: zvm_bytes,
    /// 1 where `end` is an end.
    pub bounded: u32,
    /// 1: values are not needed; `val_len` may be 0.
    pub keys_only: u32,
    /// To fill in, in order.
    pub rows: *mut zvm_row,
    /// At most this many.
    pub rows_cap: usize,
    /// To fill in: how many; 0 only with `done`.
    pub rows_len: usize,
    /// Where keys and values go. `cap` is small at first: zvm_reply_reserve gives room for up to
    /// `rows_cap` rows at the limits of key and value.
    pub data: zvm_reply,
    /// To keep: a word of the host's own; the session's next scan gets it, whatever its account
    /// and range.
    pub hint: u64,
    /// To fill in: 1 when no rows of the range follow.
    pub done: u32,
    /// Zero.
    pub reserved: u32,
}

/// The account's balance: `value` has 32 bytes, big-endian.
pub const ZVM_CHANGE_BALANCE: u32 = 1;
/// The account's nonce: `value` has 8 bytes, big-endian.
pub const ZVM_CHANGE_NONCE: u32 = 2;
/// The account's code: `key` is its keccak256, `value` the code, `flags` the engine. A zero hash: it has none.
pub const ZVM_CHANGE_CODE: u32 = 3;
/// A storage entry is set.
pub const ZVM_CHANGE_SET: u32 = 4;
/// A storage entry is deleted.
pub const ZVM_CHANGE_DELETE: u32 = 5;
/// The account is gone, with its code and all its storage; further changes of it begin from nothing.
pub const ZVM_CHANGE_DESTROY: u32 = 6;

/// One write of a commit. Absolute: applied twice, it changes nothing the second time.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_change {
    /// A ZVM_CHANGE number.
    pub kind: u32,
    /// By kind.
    pub flags: u32,
    /// The account.
    pub account: zvm_address,
    /// Zero.
    pub reserved: u32,
    /// By kind.
    pub key: zvm_bytes,
    /// By kind.
    pub value: zvm_bytes,
}

/// Takes over all changes, whole or not at all.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_commit_op {
    /// Head.
    pub op: zvm_op,
    /// Ordered by account; within one balance, nonce, code, then storage entries by key, sets and
    /// deletes mixed. Each entry once.
    pub changes: *const zvm_change,
    /// How many.
    pub count: usize,
    /// The events of the successful calls since the last commit, in order of emission.
    pub logs: *const zvm_log,
    /// How many.
    pub log_count: usize,
    /// Which session of the process commits.
    pub session_id: u64,
    /// Which of its commits this is, from 1; a failed one keeps its number when tried again.
    pub serial: u64,
}

/// Reads an account.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_account_op {
    /// Head.
    pub op: zvm_op,
    /// Whose.
    pub address: zvm_address,
    /// To fill in: a ZVM_ENGINE number as the code's change said, or 0 to let the code decide.
    pub engine: u32,
    /// To fill in: creations from this account so far.
    pub nonce: u64,
    /// To fill in.
    pub balance: zvm_word,
    /// To fill in: keccak256 of the code; zero where there is none.
    pub code_hash: zvm_word,
}

/// Reads code.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_code_op {
    /// Head.
    pub op: zvm_op,
    /// keccak256 of the code.
    pub hash: zvm_word,
    /// Where the code goes.
    pub code: zvm_reply,
    /// Or, to fill in instead: a loaded code of this runtime, which stays the host's.
    pub ready: *const zvm_code,
}

/// Reads the hash of an earlier block.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_block_hash_op {
    /// Head.
    pub op: zvm_op,
    /// The block's number.
    pub number: u64,
    /// To fill in.
    pub hash: zvm_word,
}

/// Scores code before it becomes a contract.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_admit_op {
    /// Head.
    pub op: zvm_op,
    /// The code; valid code of `engine` at this point.
    pub code: zvm_bytes,
    /// keccak256 of the code.
    pub hash: zvm_word,
    /// Who creates the contract.
    pub creator: zvm_address,
    /// Where it will live.
    pub contract: zvm_address,
    /// A ZVM_ENGINE number.
    pub engine: u32,
    /// To fill in: the higher, the better.
    pub score: u32,
}

/// Answers a contract's question of the host's own kind.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_query_op {
    /// Head.
    pub op: zvm_op,
    /// What the contract passed as kind.
    pub kind: u32,
    /// Zero.
    pub reserved: u32,
    /// The question.
    pub request: zvm_bytes,
    /// Where the answer goes.
    pub answer: zvm_reply,
}

/// Takes a line of text.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_log_op {
    /// Head.
    pub op: zvm_op,
    /// 1 a contract's debug line; 2 information and 3 warning are reserved.
    pub level: u32,
    /// Zero.
    pub reserved: u32,
    /// Whose line: a contract's address in hex.
    pub target: zvm_bytes,
    /// UTF-8, control characters escaped.
    pub message: zvm_bytes,
}

/// Takes lines of a trace.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_trace_op {
    /// Head.
    pub op: zvm_op,
    /// Lines of JSON, UTF-8, each with its end.
    pub lines: zvm_bytes,
}

/// A host's storage. A constant table: it is copied, its entries are shared by all sessions.
/// Absent entries are NULL.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_storage {
    /// Size of this struct.
    pub struct_size: u32,
    /// ZVM_TABLE flags.
    pub flags: u32,
    /// Required. DONE, ABSENT.
    pub get: Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, op: *mut zvm_get_op) -> i32>,
    /// Optional; `get` is asked for each otherwise. DONE.
    pub get_many: Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, op: *mut zvm_get_many_op) -> i32>,
    /// Optional; without it storage_next ends a call with ZVM_E_HOST_MISSING. DONE.
    pub scan: Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, op: *mut zvm_scan_op) -> i32>,
    /// Optional; a host may take zvm_session_changes and then zvm_session_reset instead. DONE.
    pub commit: Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, op: *mut zvm_commit_op) -> i32>,
    /// Optional. Called exactly once when the session that took the context is gone, also
    /// when it could not be made. No callback of any of its tables comes after the first release.
    pub release: Option<unsafe extern "C-unwind" fn(ctx: *mut c_void)>,
}

/// A host's accounts and code. As zvm_storage.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_ledger {
    /// Size of this struct.
    pub struct_size: u32,
    /// ZVM_TABLE flags.
    pub flags: u32,
    /// Required. DONE, ABSENT.
    pub account: Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, op: *mut zvm_account_op) -> i32>,
    /// Required. DONE, ABSENT.
    pub code: Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, op: *mut zvm_code_op) -> i32>,
    /// Optional; without it every block is outside the window. DONE, ABSENT.
    pub block_hash: Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, op: *mut zvm_block_hash_op) -> i32>,
    /// Optional. As in zvm_storage.
    pub release: Option<unsafe extern "C-unwind" fn(ctx: *mut c_void)>,
}

/// What a host may add. As zvm_storage; every entry is optional.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_hooks {
    /// Size of this struct.
    pub struct_size: u32,
    /// ZVM_TABLE flags.
    pub flags: u32,
    /// Asked at every deploy and creation where the configuration says so. DONE, REFUSED.
    pub admit: Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, op: *mut zvm_admit_op) -> i32>,
    /// Asked by the host function `query`. The one callback that may use zvm_frame_call.
    /// DONE, ABSENT.
    pub query: Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, op: *mut zvm_query_op) -> i32>,
    /// Its result is ignored.
    pub log: Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, op: *mut zvm_log_op) -> i32>,
    /// Called where zvm_session_trace asked for a trace. Its result is ignored.
    pub trace: Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, op: *mut zvm_trace_op) -> i32>,
    /// As in zvm_storage.
    pub release: Option<unsafe extern "C-unwind" fn(ctx: *mut c_void)>,
}

sized! {
    zvm_storage = 48;
    zvm_ledger = 40;
    zvm_hooks = 48;
}

/// Pins the layout of the ops and array elements on 64-bit machines.
macro_rules! layout {
    ($($name:ident = $size:literal;)+) => {$(
        const _: () = assert!(cfg!(not(target_pointer_width = "64")) || size_of::<$name>() == $size);
    )+};
}

layout! {
    zvm_op = 40;
    zvm_reply = 40;
    zvm_get_op = 120;
    zvm_slot = 88;
    zvm_get_many_op = 56;
    zvm_row = 16;
    zvm_scan_op = 184;
    zvm_change = 64;
    zvm_commit_op = 88;
    zvm_account_op = 136;
    zvm_code_op = 120;
    zvm_block_hash_op = 80;
    zvm_admit_op = 136;
    zvm_query_op = 104;
    zvm_log_op = 80;
    zvm_trace_op = 56;
    zvm_log = 48;
}
