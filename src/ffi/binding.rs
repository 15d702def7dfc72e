//! What a session is made over: tables, contexts and a block, as C fills them in.

use std::ffi::c_void;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::call::{known_flags, zero};
use super::callback::Shared;
use super::embedder::{Context, Embedder, Release};
use super::hooks::Hooked;
use super::reply::Room;
use super::sized::{self, sized};
use super::tables::{ZVM_TABLE_ANSWER_IN_OP, zvm_hooks, zvm_ledger, zvm_storage};
use super::types::{zvm_address, zvm_word};
use crate::error::{Error, Result, Status};
use crate::host::hooks::{Hooks, NoHooks};
use crate::runtime::Runtime;
use crate::runtime::session::Session;
use crate::types::Block;

/// `randomness` holds.
pub const ZVM_BLOCK_RANDOMNESS: u32 = 1;
/// The session may not commit.
pub const ZVM_SESSION_READ_ONLY: u32 = 1;

/// The block a session executes in.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_block {
    /// Size of this struct.
    pub struct_size: u32,
    /// ZVM_BLOCK flags.
    pub flags: u32,
    /// Height.
    pub number: u64,
    /// Seconds since the Unix epoch.
    pub timestamp: u64,
    /// Gas limit of the whole block. No WASM contract reads it yet.
    pub gas_limit: u64,
    /// Chain identifier.
    pub chain_id: zvm_word,
    /// Base fee per unit of gas. No WASM contract reads it yet.
    pub base_fee: zvm_word,
    /// With ZVM_BLOCK_RANDOMNESS: the randomness the chain agreed on.
    pub randomness: zvm_word,
    /// Who proposed the block.
    pub proposer: zvm_address,
    /// Zero.
    pub reserved: u32,
    /// Fee per unit of blob gas, for EVM code (EIP-7516).
    pub blob_base_fee: zvm_word,
    /// Difficulty, for EVM code under a revision before Paris.
    pub difficulty: zvm_word,
}

/// What a session is made over. The library takes over every context in it, also when the
/// session cannot be made: `release` is called exactly once for each table that can be read and
/// has one.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_session_params {
    /// Size of this struct.
    pub struct_size: u32,
    /// ZVM_SESSION flags.
    pub flags: u32,
    /// The host's storage. Required.
    pub storage: *const zvm_storage,
    /// Its context.
    pub storage_ctx: *mut c_void,
    /// The host's accounts and code. Required.
    pub ledger: *const zvm_ledger,
    /// Its context.
    pub ledger_ctx: *mut c_void,
    /// The host's hooks; NULL is none.
    pub hooks: *const zvm_hooks,
    /// Their context.
    pub hooks_ctx: *mut c_void,
    /// The block; NULL is a block of zeros.
    pub block: *const zvm_block,
}

sized! {
    zvm_block = 216 since 152;
    zvm_session_params = 64;
}

/// A session's parts as they were taken over from C.
pub(super) struct Bound {
    storage: Taken<zvm_storage>,
    ledger: Taken<zvm_ledger>,
    hooks: Taken<zvm_hooks>,
    block: Result<Block>,
    flags: u32,
}

/// A table and its context, or why the table cannot be used.
struct Taken<T> {
    table: Result<T>,
    context: Context,
}

impl zvm_session_params {
    /// Takes the contexts over. Infallible, so that none of them is forgotten.
    ///
    /// # Safety
    /// Tables and contexts are what they say; a table that can be read has a valid release.
    pub(super) unsafe fn take(&self) -> Bound {
        // SAFETY: the caller's promise.
        unsafe {
            let storage =
                take(sized::read(self.storage), self.storage_ctx, |table| (table.release, table.flags));
            let ledger =
                take(sized::read(self.ledger), self.ledger_ctx, |table| (table.release, table.flags));
            let hooks = take(sized::read(self.hooks), self.hooks_ctx, |table| (table.release, table.flags));
            let block = if self.block.is_null() {
                Ok(Block::default())
            } else {
                sized::read(self.block).and_then(|block| block.decode())
            };
            Bound { storage, ledger, hooks, block, flags: self.flags }
        }
    }

    pub(super) fn has_hooks(&self) -> bool {
        !self.hooks.is_null()
    }
}

fn take<T: Copy>(table: Result<T>, ctx: *mut c_void, of: impl Fn(&T) -> (Option<Release>, u32)) -> Taken<T> {
    let release = table.as_ref().ok().and_then(|table| of(table).0);
    let table = table.and_then(|table| known_flags(of(&table).1, ZVM_TABLE_ANSWER_IN_OP).map(|()| table));
    Taken { table, context: Context { ctx, release } }
}

impl zvm_block {
    fn decode(&self) -> Result<Block> {
        known_flags(self.flags, ZVM_BLOCK_RANDOMNESS)?;
        zero(self.reserved)?;
        Ok(Block {
            number: self.number,
            timestamp: self.timestamp,
            chain_id: self.chain_id.into(),
            proposer: self.proposer.into(),
            gas_limit: self.gas_limit,
            base_fee: self.base_fee.into(),
            randomness: (self.flags & ZVM_BLOCK_RANDOMNESS != 0).then(|| self.randomness.into()),
            blob_base_fee: self.blob_base_fee.into(),
            difficulty: self.difficulty.into(),
        })
    }
}

impl Bound {
    /// Makes the session. What was taken over is released when it ends, or now if it fails.
    pub(super) fn session(self, runtime: &Runtime, has_hooks: bool) -> Result<Opened> {
        let Self { storage, ledger, hooks, block, flags } = self;
        known_flags(flags, ZVM_SESSION_READ_ONLY)?;
        let asking = Shared::default();
        let limits = runtime.rules().limits.clone();
        let page = 64 * (limits.key_bytes as usize + limits.value_bytes as usize);
        let embedder = Embedder {
            storage: required(storage.table?, |table| table.get.is_some(), "zvm_storage.get")?,
            storage_context: storage.context,
            ledger: required(
                ledger.table?,
                |table| table.account.is_some() && table.code.is_some(),
                "zvm_ledger.account or code",
            )?,
            ledger_context: ledger.context,
            asking: Shared::clone(&asking),
            session_id: next_id(),
            value_room: Room::new(limits.value_bytes as usize),
            code_room: Room::new(limits.module_bytes as usize),
            page_room: Room::new(page),
            limits,
            hint: 0,
        };
        let hooks: Rc<dyn Hooks> = match has_hooks {
            false => Rc::new(NoHooks),
            true => Rc::new(Hooked {
                table: hooks.table?,
                context: hooks.context,
                asking: Shared::clone(&asking),
                most_answer: embedder.limits.output_bytes as usize,
            }),
        };
        let session = runtime.session_with(Box::new(embedder), hooks, block?)?;
        Ok(Opened { session, asking, read_only: flags & ZVM_SESSION_READ_ONLY != 0 })
    }
}

/// A session and what C knows of it besides.
pub(super) struct Opened {
    pub(super) session: Session<'static>,
    pub(super) asking: Shared,
    pub(super) read_only: bool,
}

impl Opened {
    /// Lets callbacks see what may stop the call that is about to run.
    pub(super) fn watch(&self, interrupt: Option<crate::interrupt::Interrupt>) {
        self.asking.borrow_mut().interrupt = interrupt;
    }
}

fn required<T>(table: T, complete: impl Fn(&T) -> bool, name: &str) -> Result<T> {
    match complete(&table) {
        true => Ok(table),
        false => Err(Error::new(Status::HostMissing, format!("{name} is NULL"))),
    }
}

/// Numbers sessions so that a host can tell their commits apart.
fn next_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
