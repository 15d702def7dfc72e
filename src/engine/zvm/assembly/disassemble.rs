//! Bytes to lines.

use std::fmt::Write;

use crate::engine::zvm::opcode::Opcode;
use crate::engine::zvm::program::{host_function, instructions};

/// The text of code, an instruction a line, with where it begins as a comment.
/// [`assemble`](super::assemble) makes the same code of it.
#[must_use]
pub fn disassemble(code: &[u8]) -> String {
    let mut text = String::new();
    for (at, opcode, immediate) in instructions(code) {
        let line = match (opcode, immediate) {
            (Some(Opcode::HOST), Some(number)) => match host_function(number) {
                Some(function) => format!("HOST {}", function.row().name),
                None => bytes(&code[at..=at + number.len()]),
            },
            (Some(opcode), Some([])) => opcode.to_string(),
            (Some(opcode), Some(immediate)) => format!("{opcode} 0x{}", hex(immediate)),
            // The code ends in it, or it is no instruction.
            (Some(_), None) => bytes(&code[at..]),
            (None, _) => bytes(&code[at..=at]),
        };
        writeln!(text, "    {line:<24} ; {at:04x}").expect("text");
    }
    text
}

fn bytes(bytes: &[u8]) -> String {
    bytes.iter().fold(String::from(".byte"), |line, byte| format!("{line} 0x{byte:02x}"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
