//! The values every floor speaks of: addresses, words, blocks, events, code.
//!
//! An address is 20 bytes, a word or amount 32 bytes big-endian, gas a `u64`. Nothing here
//! knows an engine or the C ABI.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use ruint::aliases::U256;

/// Immutable bytes shared without copying: code, keys, values, output.
pub type Bytes = Arc<[u8]>;

/// An account or contract, 20 bytes.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(transparent)]
pub struct Address(pub [u8; 20]);

impl Address {
    /// The zero address. It is never a contract: creation addresses are hashes.
    pub const ZERO: Self = Self([0; 20]);
}

/// An amount, a hash or a storage slot: 32 bytes, big-endian.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(transparent)]
pub struct Word(pub [u8; 32]);

impl Word {
    /// Zero, which as a code hash means "no code" and as a slot "absent".
    pub const ZERO: Self = Self([0; 32]);
    /// The largest amount, 2^256 - 1.
    pub const MAX: Self = Self([0xff; 32]);

    /// The word of exactly these bytes, `None` where they are not 32.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The word of the last 32 of these bytes, with zeros before fewer.
    #[must_use]
    pub fn from_last(bytes: &[u8]) -> Self {
        let last = &bytes[bytes.len().saturating_sub(32)..];
        let mut word = Self::ZERO;
        word.0[32 - last.len()..].copy_from_slice(last);
        word
    }

    /// The sum, or `None` past 2^256 - 1.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.number().checked_add(other.number()).map(Self::from_number)
    }

    /// The difference, or `None` below zero.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.number().checked_sub(other.number()).map(Self::from_number)
    }

    /// Whether every byte is zero.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }

    /// The value as `u64`, or `None` where it does not fit.
    #[must_use]
    pub fn to_u64(self) -> Option<u64> {
        u64::try_from(self.number()).ok()
    }

    fn number(self) -> U256 {
        U256::from_be_bytes(self.0)
    }

    fn from_number(number: U256) -> Self {
        Self(number.to_be_bytes())
    }
}

impl From<u64> for Word {
    fn from(value: u64) -> Self {
        let mut word = Self::ZERO;
        word.0[24..].copy_from_slice(&value.to_be_bytes());
        word
    }
}

/// What runs a contract's code. A contract has one engine for life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u32)]
pub enum EngineKind {
    /// WebAssembly.
    Wasm = 1,
    /// Ethereum bytecode.
    Evm = 2,
    /// ZVM bytecode.
    Zvm = 3,
    /// The bytecode of the first ZVM: never guessed, only asked for.
    ZvmLegacy = 4,
}

impl EngineKind {
    /// The engine of this number, `None` for any other.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        match number {
            1 => Some(Self::Wasm),
            2 => Some(Self::Evm),
            3 => Some(Self::Zvm),
            4 => Some(Self::ZvmLegacy),
            _ => None,
        }
    }

    /// Its name, as traces have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Wasm => "wasm",
            Self::Evm => "evm",
            Self::Zvm => "zvm",
            Self::ZvmLegacy => "zvm_legacy",
        }
    }
}

/// What the ledger knows of an account apart from its storage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Balance in the ledger's smallest unit.
    pub balance: Word,
    /// Number of creations (and, for a chain, transactions) sent from this account.
    pub nonce: u64,
    /// keccak256 of the code; zero where there is none.
    pub code_hash: Word,
    /// The engine that runs the code; `None` lets the code's first bytes decide.
    pub engine: Option<EngineKind>,
}

impl Account {
    /// Whether the account holds code.
    #[must_use]
    pub fn has_code(&self) -> bool {
        !self.code_hash.is_zero()
    }

    /// Whether it is as if there were none: no balance, no nonce, no code (EIP-161).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nonce == 0 && self.balance.is_zero() && !self.has_code()
    }
}

/// An event, in order of emission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// The contract that emitted it.
    pub address: Address,
    /// Up to four indexed words.
    pub topics: Vec<Word>,
    /// Free data.
    pub data: Bytes,
}

/// The block a session executes in. Given up front, never asked for by callback.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Height.
    pub number: u64,
    /// Seconds since the Unix epoch, as the embedder agreed on it.
    pub timestamp: u64,
    /// Chain identifier.
    pub chain_id: Word,
    /// Who proposed the block.
    pub proposer: Address,
    /// Gas limit of the whole block.
    pub gas_limit: u64,
    /// Base fee per unit of gas.
    pub base_fee: Word,
    /// Agreed randomness; `None` where the chain has none.
    pub randomness: Option<Word>,
    /// Fee per unit of blob gas (EIP-7516).
    pub blob_base_fee: Word,
    /// Difficulty, for EVM revisions before proof of stake.
    pub difficulty: Word,
}

// Keys of one length need no length in their hash, and hashers take numbers faster than bytes.
impl Hash for Address {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (numbers, [a, b, c, d]) = self.0.as_chunks() else { return };
        numbers.iter().for_each(|number| state.write_u64(u64::from_ne_bytes(*number)));
        state.write_u32(u32::from_ne_bytes([*a, *b, *c, *d]));
    }
}

impl Hash for Word {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_chunks().0.iter().for_each(|number| state.write_u64(u64::from_ne_bytes(*number)));
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(&self.0, f)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(&self.0, f)
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(&self.0, f)
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(&self.0, f)
    }
}

fn hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("0x")?;
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}
