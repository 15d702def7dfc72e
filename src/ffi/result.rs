//! What came of a call, as plain memory that C reads without further calls.

use super::guard::guard_plain;
use super::handle::{self, handles};
use super::sized::{self, sized};
use super::types::{LogViews, first, zvm_address, zvm_bytes, zvm_log};
use crate::error::Result;
use crate::runtime::execution::Execution;

/// The memory behind a filled zvm_result.
pub struct zvm_outcome;

/// What came of a call. Filled in only where the status is ZVM_OK, zero otherwise. Everything
/// up to `created` is a pure function of code, input, state and configuration. Clear it before it
/// is filled again: what it held is not freed.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_result {
    /// Size of this struct, filled in by the caller.
    pub struct_size: u32,
    /// A ZVM_KIND number.
    pub kind: u32,
    /// A ZVM_HALT number where the rules stopped the contract, else 0.
    pub halt: u32,
    /// 1 where a contract was created.
    pub has_created: u32,
    /// Gas to pay: what was used, less the refund.
    pub gas_used: u64,
    /// Gas that was not used; with gas_used the limit.
    pub gas_left: u64,
    /// The refund that is in gas_left.
    pub gas_refund: u64,
    /// Output or revert data. Belongs to `owner`.
    pub data: zvm_bytes,
    /// Events that stand, in order of emission. Belong to `owner`.
    pub logs: *const zvm_log,
    /// How many.
    pub log_count: usize,
    /// Where the new contract lives.
    pub created: zvm_address,
    /// The score of the last admission; 0 where none was asked.
    pub score: u32,
    /// Storage reads.
    pub reads: u64,
    /// Storage writes and deletes.
    pub writes: u64,
    /// The most calls that were nested.
    pub depth: u32,
    /// The most memory pages of 64 KiB that were live at once.
    pub pages: u32,
    /// Freed by zvm_result_clear; NULL where there is nothing to free.
    pub owner: *mut zvm_outcome,
}

sized! { zvm_result = 128; }

/// The memory behind a result.
pub struct Arena {
    output: Vec<u8>,
    logs: LogViews,
}

handles! {
    /// The memory behind a result.
    zvm_outcome = b"zvmresul" holds Arena;
}

/// Fills a caller's result. Whatever it held before is not freed: it is out only.
///
/// # Safety
/// As [`sized::write`].
pub(super) unsafe fn fill(result: *mut zvm_result, execution: Execution) -> Result<()> {
    let arena = Arena { output: execution.output, logs: LogViews::new(execution.logs) };
    let mut filled = zvm_result {
        struct_size: 0,
        kind: execution.outcome.kind() as u32,
        halt: execution.outcome.halt_number(),
        has_created: u32::from(execution.created.is_some()),
        gas_used: execution.gas_used,
        gas_left: execution.gas_left,
        gas_refund: execution.gas_refund,
        data: zvm_bytes::of(&arena.output),
        logs: first(&arena.logs.logs),
        log_count: arena.logs.logs.len(),
        created: (&execution.created.unwrap_or_default()).into(),
        score: execution.counters.score,
        reads: execution.counters.reads,
        writes: execution.counters.writes,
        depth: execution.counters.depth,
        pages: execution.counters.pages,
        owner: std::ptr::null_mut(),
    };
    // The views point into vectors, whose contents stay where they are when the arena moves.
    if !(arena.output.is_empty() && arena.logs.logs.is_empty()) {
        filled.owner = handle::new(arena);
    }
    // SAFETY: the caller's promise.
    unsafe { sized::write(result, &filled) }
}

/// Frees what a result holds and zeroes all but struct_size, so that it can be filled again. NULL
/// and a cleared result are fine.
///
/// Ownership: `result` stays the caller's; every view in it ends.
/// Thread: any.
///
/// # Safety
/// NULL or a result that this library filled in or that is zero.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_result_clear(result: *mut zvm_result) {
    guard_plain("zvm_result_clear", (), || {
        // SAFETY: the caller's promise.
        unsafe {
            if let Ok(filled) = sized::read(result) {
                drop(handle::free::<Arena>(filled.owner));
                let _ = sized::clear(result);
            }
        }
    });
}
