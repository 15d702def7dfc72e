//! Ethereum's transactions as C fills them in.

use std::time::{Duration, Instant};

use super::call::{known_flags, zero};
use super::error::zvm_error;
use super::guard::guard;
use super::interrupt::{self, zvm_interrupt};
use super::result::zvm_result;
use super::session::{execute, zvm_session};
use super::sized::{self, sized};
use super::types::{zvm_address, zvm_bytes, zvm_word};
use crate::error::{Error, Result, Status};
use crate::interrupt::Stopwatch;
use crate::runtime::{Access, Authorization, EthereumKind, EthereumTransaction};
use crate::types::Word;

/// With a gas price.
pub const ZVM_ETHEREUM_LEGACY: u32 = 0;
/// And with an access list (EIP-2930).
pub const ZVM_ETHEREUM_ACCESS_LIST: u32 = 1;
/// With a fee cap and a tip (EIP-1559).
pub const ZVM_ETHEREUM_DYNAMIC_FEE: u32 = 2;
/// And with blobs (EIP-4844).
pub const ZVM_ETHEREUM_BLOB: u32 = 3;
/// And with authorizations (EIP-7702).
pub const ZVM_ETHEREUM_SET_CODE: u32 = 4;

/// `to` is not looked at: the transaction creates a contract.
pub const ZVM_ETHEREUM_CREATES: u32 = 1;
/// `chain_id` is not looked at: a legacy transaction for any chain.
pub const ZVM_ETHEREUM_ANY_CHAIN: u32 = 2;

/// An account, and slots of it, that are warm from a transaction's beginning.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_access {
    /// The account.
    pub address: zvm_address,
    /// Zero.
    pub reserved: u32,
    /// Its slots.
    pub slots: *const zvm_word,
    /// How many.
    pub slot_count: usize,
}

/// One account's signed wish to have a contract's code. A signature that is none has no effect.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_authorization {
    /// The chain it is for; zero is every chain.
    pub chain_id: zvm_word,
    /// The contract; zero takes the code away.
    pub address: zvm_address,
    /// The signature's parity, 0 or 1.
    pub y_parity: u32,
    /// The account's nonce.
    pub nonce: u64,
    /// The signature's r.
    pub r: zvm_word,
    /// The signature's s.
    pub s: zvm_word,
}

/// A transaction as Ethereum has it, of a sender whose signature the host has checked. Zero in a
/// field is its default; a kind uses the fields it has.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_ethereum_transaction {
    /// Size of this struct.
    pub struct_size: u32,
    /// ZVM_ETHEREUM_CREATES, ZVM_ETHEREUM_ANY_CHAIN.
    pub flags: u32,
    /// ZVM_ETHEREUM_LEGACY, or another kind.
    pub kind: u32,
    /// Zero.
    pub reserved: u32,
    /// The chain it is for.
    pub chain_id: zvm_word,
    /// Who signed it, and pays.
    pub sender: zvm_address,
    /// Whom it calls.
    pub to: zvm_address,
    /// The sender's nonce.
    pub nonce: u64,
    /// The most gas it may use.
    pub gas_limit: u64,
    /// The price of a unit of gas; from ZVM_ETHEREUM_DYNAMIC_FEE on the most it may be, base fee included.
    pub gas_price: zvm_word,
    /// The most of it that goes to the proposer.
    pub tip: zvm_word,
    /// The amount that goes with it.
    pub value: zvm_word,
    /// Input of the call, or initcode.
    pub input: zvm_bytes,
    /// What is warm from its beginning.
    pub access_list: *const zvm_access,
    /// How many accounts.
    pub access_count: usize,
    /// The versioned hashes of its blobs.
    pub blob_hashes: *const zvm_word,
    /// How many.
    pub blob_count: usize,
    /// The most a unit of blob gas may cost.
    pub blob_fee_cap: zvm_word,
    /// Accounts that take a contract's code.
    pub authorizations: *const zvm_authorization,
    /// How many.
    pub authorization_count: usize,
    /// Stops it with ZVM_E_DEADLINE after this many nanoseconds; 0 is never.
    pub time_limit_ns: u64,
    /// Stops it with ZVM_E_CANCELLED when it is fired; NULL is never. Borrowed.
    pub interrupt: *const zvm_interrupt,
}

sized! { zvm_ethereum_transaction = 312; }

/// Entries of a list at most: more than any block's gas pays for.
const MOST: usize = 1 << 20;

/// # Safety
/// `count` elements can be read at `from`, unless it is NULL.
unsafe fn list<'a, T>(from: *const T, count: usize, what: &str) -> Result<&'a [T]> {
    match (from.is_null(), count) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(Error::new(Status::Null, format!("{what} is NULL"))),
        (_, count) if count > MOST => {
            Err(Error::new(Status::Limit, format!("{what} has over {MOST} entries")))
        }
        // SAFETY: not NULL, a possible count, and readable by the caller's promise.
        _ => Ok(unsafe { std::slice::from_raw_parts(from, count) }),
    }
}

impl zvm_access {
    /// # Safety
    /// The list in it can be read.
    unsafe fn decode(&self) -> Result<Access> {
        zero(self.reserved)?;
        // SAFETY: the caller's promise.
        let slots = unsafe { list(self.slots, self.slot_count, "slots")? };
        Ok(Access { address: self.address.into(), slots: slots.iter().copied().map(Word::from).collect() })
    }
}

impl zvm_authorization {
    fn decode(&self) -> Authorization {
        // A parity that is none is no signature's.
        let y_parity = u8::try_from(self.y_parity).unwrap_or(u8::MAX);
        let (chain_id, address) = (self.chain_id.into(), self.address.into());
        Authorization::signed(chain_id, address, self.nonce, y_parity, self.r.into(), self.s.into())
    }
}

impl zvm_ethereum_transaction {
    /// # Safety
    /// The views and lists in it can be read.
    unsafe fn decode(&self) -> Result<EthereumTransaction> {
        known_flags(self.flags, ZVM_ETHEREUM_CREATES | ZVM_ETHEREUM_ANY_CHAIN)?;
        zero(self.reserved)?;
        let no_kind =
            || Error::new(Status::Argument, format!("there is no kind of transaction {}", self.kind));
        // SAFETY: the caller's promise.
        let (input, accesses, blobs, authorizations) = unsafe {
            (
                self.input.read("input")?,
                list(self.access_list, self.access_count, "access_list")?,
                list(self.blob_hashes, self.blob_count, "blob_hashes")?,
                list(self.authorizations, self.authorization_count, "authorizations")?,
            )
        };
        Ok(EthereumTransaction {
            kind: EthereumKind::from_number(self.kind).ok_or_else(no_kind)?,
            sender: self.sender.into(),
            chain_id: (self.flags & ZVM_ETHEREUM_ANY_CHAIN == 0).then(|| self.chain_id.into()),
            nonce: self.nonce,
            gas_limit: self.gas_limit,
            gas_price: self.gas_price.into(),
            tip: self.tip.into(),
            to: (self.flags & ZVM_ETHEREUM_CREATES == 0).then(|| self.to.into()),
            value: self.value.into(),
            input: input.to_vec(),
            // SAFETY: the caller's promise.
            access_list: accesses.iter().map(|access| unsafe { access.decode() }).collect::<Result<_>>()?,
            blob_hashes: blobs.iter().copied().map(Word::from).collect(),
            blob_fee_cap: self.blob_fee_cap.into(),
            authorizations: authorizations.iter().map(zvm_authorization::decode).collect(),
        })
    }
}

/// Runs an Ethereum transaction: with its fees, which zvm_session_call leaves to the host, and its nonce.
/// One that is not valid in this block and state is REJECTED: zvm_error_info has the reason, and no
/// block may contain it.
///
/// Ownership: `session` and `transaction` are borrowed; `result` is the caller's, to be cleared.
/// Thread: one at a time per session.
/// Statuses: OK, NULL, HANDLE, STRUCT_SIZE, UNSUPPORTED, FLAGS, ARGUMENT, LIMIT, BUSY, STATE,
/// POISONED, REJECTED, COMPILE, HOST, HOST_PROTOCOL, HOST_MISSING, HOST_UNWOUND, CANCELLED, DEADLINE,
/// MEMORY, PANIC, INTERNAL. After any but OK nothing has changed.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_session_run_ethereum(
    session: *mut zvm_session,
    transaction: *const zvm_ethereum_transaction,
    result: *mut zvm_result,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_session_run_ethereum", err, || {
            sized::clear(result)?;
            let raw = sized::read(transaction)?;
            let (transaction, interrupt) = (raw.decode()?, interrupt::optional(raw.interrupt)?);
            let limit = (raw.time_limit_ns != 0).then(|| Duration::from_nanos(raw.time_limit_ns));
            let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
            let stopwatch = Stopwatch::new(interrupt.clone(), deadline);
            execute(session, result, interrupt, |session| session.run_ethereum(&transaction, stopwatch))
        })
    }
}
