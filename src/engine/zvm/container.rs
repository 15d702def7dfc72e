//! The container of ZVM bytecode: 16 bytes of header, the code, its ABI.
//!
//! | Offset | Bytes | |
//! |---|---|---|
//! | 0 | 4 | `ZVMC` |
//! | 4 | 1 | version, 1 |
//! | 5 | 1 | target: 0 native, 1 translated from the EVM |
//! | 6 | 1 | flags: bit 0 asks for the extensions, bit 1 for strict jumps |
//! | 7 | 1 | 0 |
//! | 8 | 4 | bytes of code, little-endian |
//! | 12 | 4 | bytes of ABI, little-endian |
//! | 16 | | code |
//! | | | ABI: JSON, or nothing |
//!
//! Nothing else is accepted: no other version, no unknown flag, no byte more or less.

use std::ops::Range;

use super::json;
use crate::error::{Error, Result, Status};

/// What a container begins with.
pub const MAGIC: &[u8; 4] = b"ZVMC";
const VERSION: u8 = 1;
const HEADER: usize = 16;

/// What a container asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// The opcodes GAS and HOST.
    pub extensions: bool,
    /// Jumps go to JUMPDEST only.
    pub strict_jumps: bool,
}

impl Flags {
    fn of(byte: u8) -> Option<Self> {
        (byte & !0b11 == 0).then_some(Self { extensions: byte & 1 != 0, strict_jumps: byte & 2 != 0 })
    }

    fn byte(self) -> u8 {
        u8::from(self.extensions) | u8::from(self.strict_jumps) << 1
    }
}

/// What code was made for; it runs the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Target {
    /// This machine.
    #[default]
    Native = 0,
    /// The EVM, and translated.
    Evm = 1,
}

/// A container, read or to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Container {
    /// What it was made for.
    pub target: Target,
    /// What it asks for.
    pub flags: Flags,
    /// The code.
    pub code: Vec<u8>,
    /// Its ABI as JSON; may be empty.
    pub abi: Vec<u8>,
}

/// Where things are in a container that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) target: Target,
    pub(super) flags: Flags,
    pub(super) code: Range<usize>,
    pub(super) abi: Range<usize>,
}

impl Container {
    /// Reads a container, strictly.
    ///
    /// # Errors
    /// [`Status::CodeFormat`] without the magic, else [`Status::CodeInvalid`] or, for a target that
    /// this machine does not run, [`Status::CodeForbidden`].
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let Layout { target, flags, code, abi } = Layout::read(bytes)?;
        Ok(Self { target, flags, code: bytes[code].to_vec(), abi: bytes[abi].to_vec() })
    }

    /// The container as bytes.
    ///
    /// # Errors
    /// [`Status::CodeTooLarge`] where the code or the ABI has 4 GiB.
    pub fn write(&self) -> Result<Vec<u8>> {
        let size = |part: &[u8]| {
            let too_large = |_| Error::new(Status::CodeTooLarge, "a container's part has less than 4 GiB");
            u32::try_from(part.len()).map(u32::to_le_bytes).map_err(too_large)
        };
        let head = [VERSION, self.target as u8, self.flags.byte(), 0];
        let (code, abi) = (size(&self.code)?, size(&self.abi)?);
        Ok([&MAGIC[..], &head, &code, &abi, &self.code, &self.abi].concat())
    }
}

impl Layout {
    pub(super) fn read(bytes: &[u8]) -> Result<Self> {
        if !bytes.starts_with(MAGIC) {
            return Err(Error::new(Status::CodeFormat, "the code does not begin with ZVMC"));
        }
        let Some(header) = bytes.first_chunk::<HEADER>() else {
            return Err(invalid("the container ends in its header"));
        };
        let [_, _, _, _, version, target, flags, padding, code0, code1, code2, code3, abi @ ..] = *header;
        if version != VERSION {
            return Err(invalid(format!("the container's version is {version}, not {VERSION}")));
        }
        let target = target_of(target)?;
        let flags = Flags::of(flags);
        let flags = flags.ok_or_else(|| invalid("the container asks for what this version does not know"))?;
        if padding != 0 {
            return Err(invalid("the header's last byte is not 0"));
        }
        let code = u64::from(u32::from_le_bytes([code0, code1, code2, code3]));
        let abi = u64::from(u32::from_le_bytes(abi));
        // As u64 the sum cannot overflow.
        if HEADER as u64 + code + abi != bytes.len() as u64 {
            return Err(invalid("the container's length is not what its header says"));
        }
        let end = HEADER + code as usize;
        if end < bytes.len() {
            json::check(&bytes[end..]).map_err(|why| invalid(format!("the ABI is not JSON: {why}")))?;
        }
        Ok(Self { target, flags, code: HEADER..end, abi: end..bytes.len() })
    }
}

fn target_of(byte: u8) -> Result<Target> {
    match byte {
        0 => Ok(Target::Native),
        1 => Ok(Target::Evm),
        2 => Err(Error::new(Status::CodeForbidden, "bridged WASM is to be deployed as WASM")),
        other => Err(invalid(format!("the container's target is {other}, which nobody knows"))),
    }
}

fn invalid(why: impl Into<String>) -> Error {
    Error::new(Status::CodeInvalid, why)
}
