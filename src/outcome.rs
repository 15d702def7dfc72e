//! How a frame ended: the contract's doing, deterministic, part of consensus.
//!
//! An outcome is never an [`Error`](crate::error::Error): a broken disk must not enter a
//! receipt, a revert must not stop a node. Numbers are never reused; a retired one stays
//! reserved.

use std::fmt;

/// How a frame ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The contract returned; its changes stand.
    Success,
    /// The contract gave up with data of its own; its changes are undone.
    Revert,
    /// The rules stopped the contract; its changes are undone.
    Halt(Halt),
}

impl Outcome {
    /// The kind as receipts and the C ABI carry it.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::Success => Kind::Success,
            Self::Revert => Kind::Revert,
            Self::Halt(halt) => halt.kind(),
        }
    }

    /// The halt's number, 0 for success and revert.
    #[must_use]
    pub fn halt_number(self) -> u32 {
        match self {
            Self::Halt(halt) => halt as u32,
            _ => 0,
        }
    }

    /// Whether the frame's changes stand.
    #[must_use]
    pub fn is_success(self) -> bool {
        self == Self::Success
    }
}

/// Declares an enum of stable numbers whose names and sentences can be listed.
macro_rules! numbered {
    ($(#[$outer:meta])* $name:ident: $($number:literal $variant:ident $sentence:literal;)+) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u32)]
        pub enum $name {
            $(#[doc = $sentence] $variant = $number,)+
        }

        impl $name {
            /// Every member, in order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The member of this number.
            #[must_use]
            pub fn from_number(number: u32) -> Option<Self> {
                Self::ALL.iter().copied().find(|member| *member as u32 == number)
            }

            /// The name, in CamelCase.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)+ }
            }

            /// The name in SCREAMING_SNAKE_CASE, as constants and texts for people have it.
            #[must_use]
            pub fn constant(self) -> String {
                let mut constant = String::new();
                for letter in self.name().chars() {
                    if letter.is_uppercase() && !constant.is_empty() {
                        constant.push('_');
                    }
                    constant.extend(letter.to_uppercase());
                }
                constant
            }

            /// One sentence for people.
            #[must_use]
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)+ }
            }
        }
    };
}
pub(crate) use numbered;

numbered! {
    /// The short, stable list of outcome kinds.
    Kind:
    0 Success "The contract returned.";
    1 Revert "The contract gave up with data of its own.";
    2 OutOfGas "The gas did not suffice.";
    3 Trap "The code did what the machine forbids.";
    4 StaticWrite "A write in a frame that may only read.";
    5 NoCode "The target holds no code.";
    6 NoEntry "The code exports no such entry.";
    7 BadInput "An argument of a call or of a host function is outside its rules.";
    8 Balance "An amount is not covered or does not fit.";
    9 Collision "The new contract's address is taken.";
    10 Refused "The code of a creation is invalid, or the embedder refused it.";
}

numbered! {
    /// Why the rules stopped a frame.
    Halt:
    1 OutOfGas "The gas did not suffice.";
    2 Unreachable "An unreachable instruction was reached.";
    3 MemoryBounds "A memory access lies outside the memory.";
    4 TableBounds "An indirect call lies outside the table.";
    5 IndirectNull "An indirect call met an empty table entry.";
    6 IndirectType "An indirect call met a function of another type.";
    7 DivideByZero "An integer was divided by zero.";
    8 IntegerOverflow "An integer division or conversion overflowed.";
    9 BadConversion "A float without an integer value was converted to an integer.";
    10 StackOverflow "The counted stack of the code is used up.";
    11 CallDepth "Calls between contracts are nested too deep.";
    12 MemoryLimit "The live frames together hold more memory than allowed.";
    13 BadPointer "A host function was given a region outside the contract's memory.";
    14 TooLong "A length is over its limit.";
    15 StaticWrite "A write in a frame that may only read.";
    16 NoCode "The target holds no code.";
    17 NoEntry "The code exports no such entry.";
    18 BadInput "An argument is outside its rules.";
    19 InsufficientBalance "The balance does not cover the amount.";
    20 BalanceOverflow "A balance would pass 2^256 - 1.";
    21 NonceOverflow "A nonce would pass 2^64 - 1.";
    22 Collision "The new contract's address is taken.";
    23 InvalidCode "The code to create is not valid.";
    24 CodeRefused "The embedder's admission refused the code.";
    25 EventLimit "A transaction may not emit so many or so large events.";
    26 JournalLimit "A transaction may not touch so many or so large entries.";
    27 EngineMismatch "Delegate calls stay inside one engine.";
    28 Unsupported "No engine of this runtime runs the code.";
    29 InvalidOpcode "The code has a byte there that is no instruction.";
    30 InvalidJump "A jump goes where it may not.";
    31 StackUnderflow "An instruction takes more off the stack than is on it.";
    32 ReturnBounds "A copy lies outside what the last call returned.";
    33 PrecompileFailed "A precompiled contract refused its input.";
}

impl Halt {
    /// The kind this reason belongs to.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::OutOfGas => Kind::OutOfGas,
            Self::Unreachable
            | Self::MemoryBounds
            | Self::TableBounds
            | Self::IndirectNull
            | Self::IndirectType
            | Self::DivideByZero
            | Self::IntegerOverflow
            | Self::BadConversion
            | Self::StackOverflow
            | Self::StackUnderflow
            | Self::InvalidOpcode
            | Self::InvalidJump
            | Self::CallDepth
            | Self::MemoryLimit
            | Self::EventLimit
            | Self::JournalLimit
            | Self::ReturnBounds
            | Self::PrecompileFailed => Kind::Trap,
            Self::StaticWrite => Kind::StaticWrite,
            Self::NoCode => Kind::NoCode,
            Self::NoEntry => Kind::NoEntry,
            Self::BadPointer | Self::TooLong | Self::BadInput | Self::EngineMismatch | Self::Unsupported => {
                Kind::BadInput
            }
            Self::InsufficientBalance | Self::BalanceOverflow | Self::NonceOverflow => Kind::Balance,
            Self::Collision => Kind::Collision,
            Self::InvalidCode | Self::CodeRefused => Kind::Refused,
        }
    }
}

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}
