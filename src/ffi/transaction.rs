//! Signed transactions: read, checked, run.

use std::time::Duration;

use super::call::known_flags;
use super::error::zvm_error;
use super::guard::guard;
use super::interrupt::{self, zvm_interrupt};
use super::result::zvm_result;
use super::session::{enter, execute, zvm_session};
use super::sized::{self, sized};
use super::types::{zvm_address, zvm_bytes, zvm_word};
use crate::runtime::transaction::{Action, Signed};

/// A call of a contract.
pub const ZVM_TRANSACTION_CALL: u32 = 1;
/// A deploy.
pub const ZVM_TRANSACTION_DEPLOY: u32 = 2;

/// `salt` holds: the new contract's address follows CREATE2.
pub const ZVM_TRANSACTION_SALT: u32 = 1;

/// What a signed transaction says. Bytes in it are parts of the bytes that were read.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_transaction_view {
    /// Size of this struct.
    pub struct_size: u32,
    /// ZVM_TRANSACTION_CALL or ZVM_TRANSACTION_DEPLOY.
    pub kind: u32,
    /// ZVM_TRANSACTION flags.
    pub flags: u32,
    /// The ZVM_ALGORITHM it is signed with.
    pub algorithm: u32,
    /// How many transactions and creations the sender made before.
    pub nonce: u64,
    /// The most gas it may use.
    pub gas_limit: u64,
    /// The chain it is for.
    pub chain_id: zvm_word,
    /// What contracts read as the gas price; fees are the host's business.
    pub gas_price: zvm_word,
    /// The amount that goes with it.
    pub value: zvm_word,
    /// With ZVM_TRANSACTION_SALT.
    pub salt: zvm_word,
    /// What was signed: keccak256 of `zvm transaction 1` and the transaction without its signature.
    pub digest: zvm_word,
    /// keccak256 of all bytes: the transaction's name.
    pub hash: zvm_word,
    /// The account of the key.
    pub sender: zvm_address,
    /// The contract that is called.
    pub target: zvm_address,
    /// What is to run deployed code, a ZVM_ENGINE number; 0 lets its first bytes decide.
    pub engine: u32,
    /// Zero.
    pub reserved: u32,
    /// The entry that is called; empty is `call`.
    pub entry: zvm_bytes,
    /// The input of the entry or of the constructor.
    pub input: zvm_bytes,
    /// The code to deploy.
    pub code: zvm_bytes,
    /// The public key.
    pub key: zvm_bytes,
    /// The signature.
    pub signature: zvm_bytes,
}

/// A signed transaction to be run. Zero in a field is its default.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_run {
    /// Size of this struct.
    pub struct_size: u32,
    /// Zero.
    pub flags: u32,
    /// The bytes of the signed transaction.
    pub transaction: zvm_bytes,
    /// As in zvm_call.
    pub time_limit_ns: u64,
    /// As in zvm_call.
    pub interrupt: *const zvm_interrupt,
}

sized! {
    zvm_transaction_view = 352;
    zvm_run = 40;
}

/// Reads a signed transaction, without looking at its signature. Only its one canonical encoding is
/// taken (docs/transactions.md).
///
/// Ownership: `transaction` is borrowed; `out` is the caller's; bytes in it belong to `transaction`.
/// Thread: any.
/// Statuses: OK, NULL, STRUCT_SIZE, LIMIT, TRANSACTION_FORMAT, SIGNATURE, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_transaction_decode(
    transaction: zvm_bytes,
    out: *mut zvm_transaction_view,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_transaction_decode", err, || {
            sized::clear(out)?;
            let signed = Signed::decode(transaction.read("transaction")?)?;
            sized::write(out, &view(&signed))
        })
    }
}

fn view(signed: &Signed<'_>) -> zvm_transaction_view {
    let Signed { transaction, algorithm, key, signature, sender, digest, hash } = signed;
    let mut view = zvm_transaction_view {
        struct_size: 0,
        kind: ZVM_TRANSACTION_CALL,
        flags: 0,
        algorithm: *algorithm as u32,
        nonce: transaction.nonce,
        gas_limit: transaction.gas_limit,
        chain_id: (&transaction.chain_id).into(),
        gas_price: (&transaction.gas_price).into(),
        value: (&transaction.value).into(),
        salt: zvm_word { bytes: [0; 32] },
        digest: digest.into(),
        hash: hash.into(),
        sender: sender.into(),
        target: zvm_address { bytes: [0; 20] },
        engine: 0,
        reserved: 0,
        entry: zvm_bytes::EMPTY,
        input: zvm_bytes::of(transaction.input),
        code: zvm_bytes::EMPTY,
        key: zvm_bytes::of(key),
        signature: zvm_bytes::of(signature),
    };
    match transaction.action {
        Action::Call { target, entry } => {
            (view.target, view.entry) = ((&target).into(), zvm_bytes::of(entry.as_bytes()));
        }
        Action::Deploy { code, engine, salt } => {
            view.kind = ZVM_TRANSACTION_DEPLOY;
            view.engine = engine.map_or(0, |engine| engine as u32);
            view.code = zvm_bytes::of(code);
            if let Some(salt) = salt {
                (view.flags, view.salt) = (ZVM_TRANSACTION_SALT, (&salt).into());
            }
        }
    }
    view
}

/// Whether a signed transaction may run now: its signature is the key's, its chain the session's, its
/// nonce the sender's.
///
/// Ownership: `session` and `transaction` are borrowed.
/// Thread: one at a time per session.
/// Statuses: OK, NULL, HANDLE, LIMIT, BUSY, POISONED, TRANSACTION_FORMAT, SIGNATURE, CHAIN_ID, NONCE, HOST,
/// HOST_PROTOCOL, HOST_MISSING, HOST_UNWOUND, PANIC, INTERNAL.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_session_check(
    session: *mut zvm_session,
    transaction: zvm_bytes,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_session_check", err, || {
            let bytes = transaction.read("transaction")?;
            enter(session, |session| session.check(&Signed::decode(bytes)?))
        })
    }
}

/// Checks a signed transaction and runs it. The sender's nonce grows by one, however the contract ends.
///
/// Ownership: `session` and `run` are borrowed; `result` is the caller's, to be cleared.
/// Thread: one at a time per session.
/// Statuses: those of zvm_session_check, zvm_session_call and zvm_session_deploy, and FLAGS. After any but
/// OK nothing has changed: such a transaction is none of the chain's.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_session_run(
    session: *mut zvm_session,
    run: *const zvm_run,
    result: *mut zvm_result,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_session_run", err, || {
            sized::clear(result)?;
            let run = sized::read(run)?;
            known_flags(run.flags, 0)?;
            let (bytes, interrupt) =
                (run.transaction.read("transaction")?, interrupt::optional(run.interrupt)?);
            let time_limit = (run.time_limit_ns != 0).then(|| Duration::from_nanos(run.time_limit_ns));
            execute(session, result, interrupt.clone(), |session| {
                session.run(&Signed::decode(bytes)?, interrupt, time_limit)
            })
        })
    }
}
