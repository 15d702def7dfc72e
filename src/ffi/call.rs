//! Calls and deploys as C fills them in.

use std::time::Duration;

use super::interrupt::{self, zvm_interrupt};
use super::sized::sized;
use super::types::{zvm_address, zvm_bytes, zvm_word};
use crate::error::{Error, Result, Status};
use crate::runtime::execution::{Call, Deploy, Terms};
use crate::types::{Address, EngineKind};

/// Nothing below this call may write.
pub const ZVM_CALL_STATIC: u32 = 1;
/// `salt` holds: the new contract's address follows CREATE2.
pub const ZVM_DEPLOY_SALT: u32 = 1;

/// WebAssembly.
pub const ZVM_ENGINE_WASM: u32 = 1;
/// Ethereum bytecode.
pub const ZVM_ENGINE_EVM: u32 = 2;
/// ZVM bytecode.
pub const ZVM_ENGINE_ZVM: u32 = 3;
/// The bytecode of the first ZVM, which no first bytes tell.
pub const ZVM_ENGINE_ZVM_LEGACY: u32 = 4;

/// A call of a contract. Zero in a field is its default.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_call {
    /// Size of this struct.
    pub struct_size: u32,
    /// ZVM_CALL flags.
    pub flags: u32,
    /// Who calls; pays the value.
    pub caller: zvm_address,
    /// The contract.
    pub target: zvm_address,
    /// Who began the transaction; zero is the caller.
    pub origin: zvm_address,
    /// Zero.
    pub reserved: u32,
    /// The amount that goes with the call.
    pub value: zvm_word,
    /// What contracts read as the gas price; fees are the host's business.
    pub gas_price: zvm_word,
    /// The exported entry; empty is `call`.
    pub entry: zvm_bytes,
    /// Its input.
    pub input: zvm_bytes,
    /// The most gas it may use.
    pub gas_limit: u64,
    /// Stops the call with ZVM_E_DEADLINE after this many nanoseconds; 0 is never.
    pub time_limit_ns: u64,
    /// Stops the call with ZVM_E_CANCELLED when it is fired; NULL is never. Borrowed.
    pub interrupt: *const zvm_interrupt,
}

/// A contract to be deployed. Zero in a field is its default.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_deploy {
    /// Size of this struct.
    pub struct_size: u32,
    /// ZVM_DEPLOY flags.
    pub flags: u32,
    /// Who deploys; pays the value. Its nonce grows.
    pub caller: zvm_address,
    /// Who began the transaction; zero is the caller.
    pub origin: zvm_address,
    /// A ZVM_ENGINE number; 0 lets the code's first bytes decide.
    pub engine: u32,
    /// Zero.
    pub reserved: u32,
    /// The amount the contract begins with.
    pub value: zvm_word,
    /// What contracts read as the gas price.
    pub gas_price: zvm_word,
    /// With ZVM_DEPLOY_SALT.
    pub salt: zvm_word,
    /// The code.
    pub code: zvm_bytes,
    /// The input of the constructor.
    pub input: zvm_bytes,
    /// The most gas it may use.
    pub gas_limit: u64,
    /// As in zvm_call.
    pub time_limit_ns: u64,
    /// As in zvm_call.
    pub interrupt: *const zvm_interrupt,
}

sized! {
    zvm_call = 192;
    zvm_deploy = 208;
}

/// # Safety
/// `interrupt` is NULL or a token.
unsafe fn terms(
    gas_limit: u64,
    gas_price: zvm_word,
    origin: zvm_address,
    time_limit_ns: u64,
    interrupt: *const zvm_interrupt,
) -> Result<Terms> {
    let origin = Address::from(origin);
    Ok(Terms {
        gas_limit,
        gas_price: gas_price.into(),
        origin: (origin != Address::ZERO).then_some(origin),
        // SAFETY: the caller's promise.
        interrupt: unsafe { interrupt::optional(interrupt)? },
        time_limit: (time_limit_ns != 0).then(|| Duration::from_nanos(time_limit_ns)),
    })
}

pub(super) fn zero(reserved: u32) -> Result<()> {
    match reserved {
        0 => Ok(()),
        _ => Err(Error::new(Status::Argument, "a reserved field is not zero")),
    }
}

pub(super) fn known_flags(flags: u32, known: u32) -> Result<()> {
    match flags & !known {
        0 => Ok(()),
        unknown => Err(Error::new(Status::Flags, format!("unknown flags {unknown:#x}"))),
    }
}

pub(super) fn engine(number: u32) -> Result<Option<EngineKind>> {
    if number == 0 {
        return Ok(None);
    }
    let known = EngineKind::from_number(number);
    known.map(Some).ok_or_else(|| Error::new(Status::Argument, format!("there is no engine {number}")))
}

impl zvm_call {
    /// # Safety
    /// The views and handles in it are what they say.
    pub(super) unsafe fn decode(&self) -> Result<Call> {
        known_flags(self.flags, ZVM_CALL_STATIC)?;
        zero(self.reserved)?;
        // SAFETY: the caller's promise.
        let (entry, input, terms) = unsafe {
            let terms =
                terms(self.gas_limit, self.gas_price, self.origin, self.time_limit_ns, self.interrupt)?;
            (self.entry.text("entry")?, self.input.read("input")?, terms)
        };
        Ok(Call {
            caller: self.caller.into(),
            target: self.target.into(),
            value: self.value.into(),
            entry: entry.to_owned(),
            input: input.to_vec(),
            is_static: self.flags & ZVM_CALL_STATIC != 0,
            terms,
        })
    }
}

impl zvm_deploy {
    /// # Safety
    /// The views and handles in it are what they say.
    pub(super) unsafe fn decode(&self) -> Result<Deploy> {
        known_flags(self.flags, ZVM_DEPLOY_SALT)?;
        zero(self.reserved)?;
        // SAFETY: the caller's promise.
        let (code, input, terms) = unsafe {
            let terms =
                terms(self.gas_limit, self.gas_price, self.origin, self.time_limit_ns, self.interrupt)?;
            (self.code.read("code")?, self.input.read("input")?, terms)
        };
        Ok(Deploy {
            caller: self.caller.into(),
            code: code.into(),
            engine: engine(self.engine)?,
            input: input.to_vec(),
            value: self.value.into(),
            salt: (self.flags & ZVM_DEPLOY_SALT != 0).then(|| self.salt.into()),
            terms,
        })
    }
}
