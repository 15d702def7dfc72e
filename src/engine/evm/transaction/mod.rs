//! Ethereum's transactions: fees, nonces and lists around a call or a creation.
//!
//! - [`rejection`]: what no block may contain.
//! - [`rules`]: when it is that.
//! - [`authorization`]: accounts that take a contract's code for theirs (EIP-7702).
//! - [`run`]: what a valid one does.

pub mod authorization;
pub mod rejection;
mod rules;
mod run;

pub use authorization::Authorization;
pub use rejection::Rejection;

use crate::types::{Address, Word};

/// What kind of transaction: EIP-2718's number of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum EthereumKind {
    /// With a gas price.
    #[default]
    Legacy = 0,
    /// And with an access list (EIP-2930).
    AccessList = 1,
    /// With a fee cap and a tip (EIP-1559).
    DynamicFee = 2,
    /// And with blobs (EIP-4844).
    Blob = 3,
    /// And with authorizations (EIP-7702).
    SetCode = 4,
}

impl EthereumKind {
    /// The kind of this number, `None` for any other.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        let all = [Self::Legacy, Self::AccessList, Self::DynamicFee, Self::Blob, Self::SetCode];
        all.into_iter().find(|kind| *kind as u32 == number)
    }
}

/// An account, and slots of it, that a transaction says it will touch: they are warm from its
/// beginning, and paid for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The account.
    pub address: Address,
    /// Its slots.
    pub slots: Vec<Word>,
}

/// A transaction as Ethereum has it, of a sender whose signature was checked.
///
/// A kind uses the fields it has; the others are not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EthereumTransaction {
    /// Its kind.
    pub kind: EthereumKind,
    /// Who signed it, and pays.
    pub sender: Address,
    /// The chain it is for; only a legacy one may leave it open.
    pub chain_id: Option<Word>,
    /// The sender's nonce.
    pub nonce: u64,
    /// The most gas it may use.
    pub gas_limit: u64,
    /// The price of a unit of gas; from [`EthereumKind::DynamicFee`] on the most it may be, base fee included.
    pub gas_price: Word,
    /// The most of it that goes to the proposer.
    pub tip: Word,
    /// Whom it calls; `None` creates a contract.
    pub to: Option<Address>,
    /// The amount that goes with it.
    pub value: Word,
    /// Input of the call, or initcode.
    pub input: Vec<u8>,
    /// What is warm from its beginning.
    pub access_list: Vec<Access>,
    /// The versioned hashes of its blobs.
    pub blob_hashes: Vec<Word>,
    /// The most a unit of blob gas may cost.
    pub blob_fee_cap: Word,
    /// Accounts that take a contract's code.
    pub authorizations: Vec<Authorization>,
}
