//! The kinds of arguments a host function takes, each with its slots and its check.
//!
//! A region is checked for length and place before anything is charged by the byte, copied
//! or allocated. Offsets are added in 64 bits. A region of length 0 is fine anywhere up to
//! the memory's size.

use crate::limits::Limits;
use crate::outcome::Halt;

/// A WASM scalar type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// 32 bits: a pointer, a length, a small number.
    I32,
    /// 64 bits.
    I64,
}

/// One scalar an argument is passed in: its name's suffix, its type, its type in C.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// Added to the argument's name.
    pub suffix: &'static str,
    /// The scalar's type.
    pub scalar: Scalar,
    /// The type in the header for contract authors.
    pub c: &'static str,
}

/// A checked region of the guest's memory.
#[derive(Clone, Copy, Debug)]
pub struct Region {
    /// Where it begins.
    pub offset: u32,
    /// How long it is.
    pub len: u32,
}

impl Region {
    /// No bytes.
    pub const EMPTY: Self = Self { offset: 0, len: 0 };
}

/// What arguments are checked against.
pub struct Bounds<'a> {
    /// Bytes of the guest's memory.
    pub memory_len: u64,
    /// The runtime's limits.
    pub limits: &'a Limits,
}

impl Bounds<'_> {
    fn region(&self, offset: u32, len: u32, most: u32) -> Result<Region, Halt> {
        if len > most {
            return Err(Halt::TooLong);
        }
        if u64::from(offset) + u64::from(len) > self.memory_len {
            return Err(Halt::BadPointer);
        }
        Ok(Region { offset, len })
    }
}

/// An argument of a host function.
pub trait Parameter: Sized {
    /// The scalars it is passed in.
    const SLOTS: &'static [Slot];

    /// Takes the argument off the front of the raw scalars and checks it.
    ///
    /// # Errors
    /// The halt that a bad pointer or an over-long argument is.
    fn take(raw: &mut &[u64], bounds: &Bounds<'_>) -> Result<Self, Halt>;

    /// Units that the row's rate counts: bytes of input.
    fn units(&self) -> u64 {
        0
    }
}

fn next(raw: &mut &[u64]) -> u64 {
    let (first, rest) = raw.split_first().expect("as many scalars as slots");
    *raw = rest;
    *first
}

/// A 32-bit scalar is kept in the low half of its slot.
fn next32(raw: &mut &[u64]) -> u32 {
    next(raw) as u32
}

const fn slot(suffix: &'static str, scalar: Scalar, c: &'static str) -> Slot {
    Slot { suffix, scalar, c }
}

/// Input regions of variable length: (pointer, length), with the limit of each.
macro_rules! inputs {
    ($($(#[$doc:meta])+ $name:ident <= $limit:ident;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug)]
        pub struct $name(pub Region);

        impl Parameter for $name {
            const SLOTS: &'static [Slot] =
                &[slot("", Scalar::I32, "const void *"), slot("_len", Scalar::I32, "uint32_t ")];

            fn take(raw: &mut &[u64], bounds: &Bounds<'_>) -> Result<Self, Halt> {
                let (offset, len) = (next32(raw), next32(raw));
                bounds.region(offset, len, bounds.limits.$limit).map(Self)
            }

            fn units(&self) -> u64 {
                self.0.len.into()
            }
        }
    )+};
}

inputs! {
    /// A storage key.
    Key <= key_bytes;
    /// A storage value.
    Value <= value_bytes;
    /// Input of a call.
    Input <= input_bytes;
    /// Code to create.
    Code <= module_bytes;
    /// Output of the running frame.
    Output <= output_bytes;
    /// Data of a revert.
    RevertData <= revert_bytes;
    /// Data of an event.
    EventData <= event_bytes;
    /// A message to hash, to verify or to log.
    Message <= message_bytes;
    /// A signature of any algorithm.
    Signature <= signature_bytes;
    /// A public key of any algorithm, or the decapsulation key of a KEM.
    PublicKey <= signature_bytes;
    /// A context of a signature.
    Context <= signature_bytes;
    /// A ciphertext of a KEM.
    Ciphertext <= signature_bytes;
}

/// Regions of fixed length, in or out: (pointer).
macro_rules! fixed {
    ($($(#[$doc:meta])+ $name:ident: $len:literal, $c:literal;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug)]
        pub struct $name(pub Region);

        impl Parameter for $name {
            const SLOTS: &'static [Slot] = &[slot("", Scalar::I32, $c)];

            fn take(raw: &mut &[u64], bounds: &Bounds<'_>) -> Result<Self, Halt> {
                bounds.region(next32(raw), $len, $len).map(Self)
            }
        }
    )+};
}

fixed! {
    /// An address of 20 bytes.
    InAddress: 20, "const void *";
    /// A word of 32 bytes, big-endian.
    InWord: 32, "const void *";
    /// Where an address of 20 bytes goes.
    OutAddress: 20, "void *";
    /// Where a word of 32 bytes goes, big-endian.
    OutWord: 32, "void *";
    /// A signature of 64 bytes and the recovery identifier.
    RecoverableSignature: 65, "const void *";
    /// Where the two coordinates of a point go, 32 bytes each.
    OutPoint: 64, "void *";
}

/// A word of 32 bytes, or a null pointer for none.
#[derive(Clone, Copy, Debug)]
pub struct OptionalWord(pub Option<Region>);

impl Parameter for OptionalWord {
    const SLOTS: &'static [Slot] = &[slot("", Scalar::I32, "const void *")];

    fn take(raw: &mut &[u64], bounds: &Bounds<'_>) -> Result<Self, Halt> {
        match next32(raw) {
            0 => Ok(Self(None)),
            offset => Ok(Self(Some(bounds.region(offset, 32, 32)?))),
        }
    }
}

/// Topics of an event: (pointer, count), 32 bytes each, at most 4.
#[derive(Clone, Copy, Debug)]
pub struct Topics(pub Region);

impl Parameter for Topics {
    const SLOTS: &'static [Slot] =
        &[slot("", Scalar::I32, "const void *"), slot("_count", Scalar::I32, "uint32_t ")];

    fn take(raw: &mut &[u64], bounds: &Bounds<'_>) -> Result<Self, Halt> {
        let (offset, count) = (next32(raw), next32(raw));
        bounds.region(offset, count.saturating_mul(32), 4 * 32).map(Self)
    }
}

/// Where a variable answer goes: (pointer, capacity). When the answer is longer, nothing is
/// written and its full length returned.
#[derive(Clone, Copy, Debug)]
pub struct Buffer(pub Region);

impl Parameter for Buffer {
    const SLOTS: &'static [Slot] = &[slot("", Scalar::I32, "void *"), slot("_cap", Scalar::I32, "uint32_t ")];

    fn take(raw: &mut &[u64], bounds: &Bounds<'_>) -> Result<Self, Halt> {
        let (offset, cap) = (next32(raw), next32(raw));
        bounds.region(offset, cap, u32::MAX).map(Self)
    }
}

/// A part of something the session holds, and where it goes: (pointer, offset, length).
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Where the part goes.
    pub out: Region,
    /// Where the part begins.
    pub start: u32,
}

impl Parameter for Window {
    const SLOTS: &'static [Slot] = &[
        slot("", Scalar::I32, "void *"),
        slot("_offset", Scalar::I32, "uint32_t "),
        slot("_len", Scalar::I32, "uint32_t "),
    ];

    fn take(raw: &mut &[u64], bounds: &Bounds<'_>) -> Result<Self, Halt> {
        let (offset, start, len) = (next32(raw), next32(raw), next32(raw));
        Ok(Self { out: bounds.region(offset, len, u32::MAX)?, start })
    }

    fn units(&self) -> u64 {
        self.out.len.into()
    }
}

/// Where a list begins whose length other arguments decide: (pointer). It is nothing to read from until
/// [`Place::list`] has made a region of it.
#[derive(Clone, Copy, Debug)]
pub struct Place(u32);

impl Place {
    /// The region of so many elements of so many bytes.
    ///
    /// # Errors
    /// The halt that more than the limit of elements is, or a region outside the memory.
    pub fn list(self, count: u32, each: u32, bounds: &Bounds<'_>) -> Result<Region, Halt> {
        if count > bounds.limits.signatures {
            return Err(Halt::TooLong);
        }
        bounds.region(self.0, count.saturating_mul(each), u32::MAX)
    }
}

impl Parameter for Place {
    const SLOTS: &'static [Slot] = &[slot("", Scalar::I32, "const void *")];

    fn take(raw: &mut &[u64], _: &Bounds<'_>) -> Result<Self, Halt> {
        Ok(Self(next32(raw)))
    }
}

/// Yes or no: 1 or 0.
#[derive(Clone, Copy, Debug)]
pub struct Flag(pub bool);

impl Parameter for Flag {
    const SLOTS: &'static [Slot] = &[slot("", Scalar::I32, "uint32_t ")];

    fn take(raw: &mut &[u64], _: &Bounds<'_>) -> Result<Self, Halt> {
        match next32(raw) {
            0 => Ok(Self(false)),
            1 => Ok(Self(true)),
            _ => Err(Halt::BadInput),
        }
    }
}

/// A small number.
#[derive(Clone, Copy, Debug)]
pub struct Int32(pub u32);

impl Parameter for Int32 {
    const SLOTS: &'static [Slot] = &[slot("", Scalar::I32, "uint32_t ")];

    fn take(raw: &mut &[u64], _: &Bounds<'_>) -> Result<Self, Halt> {
        Ok(Self(next32(raw)))
    }
}

/// A number of 64 bits, unsigned.
#[derive(Clone, Copy, Debug)]
pub struct Int64(pub u64);

impl Parameter for Int64 {
    const SLOTS: &'static [Slot] = &[slot("", Scalar::I64, "uint64_t ")];

    fn take(raw: &mut &[u64], _: &Bounds<'_>) -> Result<Self, Halt> {
        Ok(Self(next(raw)))
    }
}
