//! Contracts for ZVM, as assembly; [`evm_code`](crate::evm_code) makes those for the EVM of the same text.
//!
//! Memory: 0 scratch, 32 the input, 64 the last success, 96 what was created, 128 where the next word is
//! said; from 1024 on what was said; from 8192 on the code to create.

use std::fmt::Write;

use zvm::engine::zvm::assembly::assemble;

use crate::contract::{Act, Contract, End, Way, What};

pub(crate) fn write(contract: &Contract) -> Vec<u8> {
    let text = text(contract);
    let container = assemble(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    container.write().expect("small")
}

/// The text of a contract.
pub(crate) fn text(contract: &Contract) -> String {
    let mut text =
        String::from(".strict\n push 1024\n push 128\n mstore\n push 0\n calldataload\n push 248\n shr\n");
    for at in 0..contract.scripts.len() {
        write!(text, " dup1\n push {at}\n eq\n push script{at}\n jumpi\n").expect("text");
    }
    text += " .byte 0xee\n";
    for (at, script) in contract.scripts.iter().enumerate() {
        writeln!(text, "script{at}: jumpdest").expect("text");
        script.acts.iter().for_each(|act| text += &line(act));
        let said = " push 1024\n push 128\n mload\n sub\n push 1024\n";
        match script.end {
            End::Return => writeln!(text, "{said} return"),
            End::Revert => writeln!(text, "{said} revert"),
            End::Trap => writeln!(text, " .byte 0xee"),
            End::Burn => write!(text, "burn{at}: jumpdest\n push burn{at}\n jump\n"),
        }
        .expect("text");
    }
    if !contract.created().is_empty() {
        let code: String = contract.created().iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(text, ".data created 0x{code}").expect("text");
    }
    text
}

fn line(act: &Act) -> String {
    match act {
        Act::Write(slot, value) => format!(" push {value}\n push {slot}\n sstore\n"),
        Act::Event(byte) => {
            format!(" push {byte}\n push 0\n mstore8\n push {byte}\n push 1\n push 0\n log1\n")
        }
        Act::Call { way, to, value, script, gas } => {
            let (opcode, value) = match way {
                Way::Call => ("call", format!(" push {value}\n")),
                Way::Static => ("staticcall", String::new()),
                Way::Delegate => ("delegatecall", String::new()),
            };
            let to: String = to.0.iter().map(|byte| format!("{byte:02x}")).collect();
            format!(
                " push {script}\n push 32\n mstore8\n push 0\n push 0\n push 1\n push 32\n{value} push 0x{to}\n push {gas}\n {opcode}\n push 64\n mstore\n"
            )
        }
        Act::Create { value, .. } => format!(
            " push created.size\n push created\n push 8192\n codecopy\n push created.size\n push 8192\n push {value}\n create
 dup1\n push 96\n mstore\n iszero\n iszero\n push 64\n mstore\n"
        ),
        Act::CallCreated => {
            " push 0\n push 0\n push 0\n push 0\n push 0\n push 96\n mload\n gas\n call\n push 64\n mstore\n".to_owned()
        }
        Act::Say(what) => say(*what),
    }
}

fn say(what: What) -> String {
    let word = match what {
        What::Number(number) => format!(" push {number}\n"),
        What::Slot(slot) => format!(" push {slot}\n sload\n"),
        What::Success => " push 64\n mload\n".to_owned(),
        What::ReturnedSize => " returndatasize\n".to_owned(),
        // A word, where a word or more was returned; else nothing.
        What::Returned => {
            " push 0\n push 0\n mstore\n push 31\n returndatasize\n gt\n push 5\n shl\n push 0\n push 0
 returndatacopy\n push 0\n mload\n"
                .to_owned()
        }
        What::Caller => " caller\n".to_owned(),
        What::Myself => " address\n".to_owned(),
        What::Value => " callvalue\n".to_owned(),
        What::OwnBalance => " selfbalance\n".to_owned(),
    };
    // The place, and the next one.
    format!("{word} push 128\n mload\n mstore\n push 128\n mload\n push 32\n add\n push 128\n mstore\n")
}
