//! Contracts for the EVM: the text of those for ZVM, whose opcodes mean the same, in the EVM's bytes.

use std::collections::HashMap;

use crate::contract::Contract;
use crate::zvm_code::text;

const OPCODES: &[(&str, u8)] = &[
    ("add", 0x01),
    ("sub", 0x03),
    ("gt", 0x11),
    ("eq", 0x14),
    ("iszero", 0x15),
    ("shl", 0x1b),
    ("shr", 0x1c),
    ("address", 0x30),
    ("caller", 0x33),
    ("callvalue", 0x34),
    ("calldataload", 0x35),
    ("codecopy", 0x39),
    ("returndatasize", 0x3d),
    ("returndatacopy", 0x3e),
    ("selfbalance", 0x47),
    ("mload", 0x51),
    ("mstore", 0x52),
    ("mstore8", 0x53),
    ("sload", 0x54),
    ("sstore", 0x55),
    ("jump", 0x56),
    ("jumpi", 0x57),
    ("gas", 0x5a),
    ("jumpdest", 0x5b),
    ("dup1", 0x80),
    ("log1", 0xa1),
    ("create", 0xf0),
    ("call", 0xf1),
    ("return", 0xf3),
    ("delegatecall", 0xf4),
    ("staticcall", 0xfa),
    ("revert", 0xfd),
];
const PUSH1: u8 = 0x60;
const PUSH2: u8 = 0x61;

/// The code of a contract that is there.
pub(crate) fn write(contract: &Contract) -> Vec<u8> {
    assemble(&text(contract))
}

/// The initcode that returns it: PUSH2 length PUSH2 15 PUSH1 0 CODECOPY PUSH2 length PUSH1 0 RETURN.
pub(crate) fn initcode(contract: &Contract) -> Vec<u8> {
    let code = write(contract);
    let [high, low] = u16::try_from(code.len()).expect("short code").to_be_bytes();
    let head = [PUSH2, high, low, PUSH2, 0, 15, PUSH1, 0, 0x39, PUSH2, high, low, PUSH1, 0, 0xf3];
    [&head[..], &code].concat()
}

/// A place, or the data that are created, is named before it is known: two bytes are left for it.
fn assemble(text: &str) -> Vec<u8> {
    let (mut code, mut data) = (Vec::new(), Vec::new());
    let (mut places, mut gaps) = (HashMap::new(), Vec::new());
    for line in text.lines() {
        let line = match line.split_once(": ") {
            Some((label, rest)) => {
                places.insert(label.to_owned(), code.len());
                rest
            }
            None => line,
        };
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            [] | [".strict"] => {}
            [".byte", byte] => code.extend(hex(byte)),
            [".data", "created", bytes] => data = hex(bytes),
            ["push", operand] if operand.starts_with("0x") => push(&mut code, &hex(operand)),
            ["push", operand] => match operand.parse::<u64>() {
                Ok(number) => push(&mut code, &number.to_be_bytes()),
                Err(_) => {
                    code.extend([PUSH2, 0, 0]);
                    gaps.push((code.len() - 2, operand.to_owned()));
                }
            },
            [opcode] => {
                let row = OPCODES.iter().find(|(name, _)| *name == opcode);
                code.push(row.unwrap_or_else(|| panic!("no opcode {opcode}")).1);
            }
            _ => panic!("no line: {line}"),
        }
    }
    places.insert("created".to_owned(), code.len());
    places.insert("created.size".to_owned(), data.len());
    for (at, name) in gaps {
        let place = u16::try_from(places[&name]).expect("short code");
        code[at..at + 2].copy_from_slice(&place.to_be_bytes());
    }
    [code, data].concat()
}

/// Pushes a number in as few bytes as it has, at least one.
fn push(code: &mut Vec<u8>, number: &[u8]) {
    let zeros = number.iter().take(number.len() - 1).take_while(|byte| **byte == 0).count();
    let digits = &number[zeros..];
    code.push(PUSH1 - 1 + digits.len() as u8);
    code.extend(digits);
}

fn hex(text: &str) -> Vec<u8> {
    let digits = text.strip_prefix("0x").expect("hexadecimal").as_bytes();
    let byte =
        |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).expect("text"), 16).expect("a byte");
    digits.chunks(2).map(byte).collect()
}
