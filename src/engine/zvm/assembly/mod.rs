//! Text to bytecode and back.
//!
//! A line holds a label, an instruction, both, a directive, or nothing; `;` begins a comment.
//!
//! ```text
//! .strict                  ; jumps go to JUMPDEST only
//! .data greeting "hello"   ; text, or bytes as 0x…; stands behind the code
//!
//!         push 10
//! loop:   jumpdest
//!         push 1           ; the narrowest of PUSH1, PUSH2, PUSH4, PUSH8, PUSH16, PUSH32
//!         swap1
//!         sub              ; the top is the left operand: 10 - 1, 9 - 1, ...
//!         dup1
//!         push loop        ; where the label is
//!         jumpi
//!         push2 0x0100     ; this width and no other
//!         push greeting    ; where the data are
//!         push greeting.size
//!         host keccak256   ; a host function by its name or number
//!         .byte 0xee 1     ; bytes as they are
//! ```
//!
//! Mnemonics are taken in either case, names of labels and data as they are.

mod disassemble;
mod emit;
mod scan;

use std::fmt;

use super::container::Container;

pub use self::disassemble::disassemble;

/// Why a text is no program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssemblyError {
    /// The line, from 1.
    pub line: u32,
    /// The character in the line, from 1.
    pub column: u32,
    /// One sentence for people.
    pub message: String,
}

impl fmt::Display for AssemblyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for AssemblyError {}

/// Makes a container of a program's text. It asks for what the code uses; an ABI may be put in.
///
/// # Errors
/// The first thing in the text that cannot be.
pub fn assemble(text: &str) -> Result<Container, AssemblyError> {
    emit::emit(&scan::scan(text)?)
}

/// Where something stands in the text.
#[derive(Clone, Copy, Debug)]
struct Place {
    line: u32,
    column: u32,
}

impl Place {
    fn error(self, message: impl Into<String>) -> AssemblyError {
        AssemblyError { line: self.line, column: self.column, message: message.into() }
    }
}
