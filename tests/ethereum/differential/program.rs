//! Code by chance: statements that each take from the stack what they put there, so that most of it runs.

use revm_bytecode::opcode::*;
use zvm::{Address, Word};

use super::random::Random;
use crate::code::Code;

const UNARY: &[u8] = &[ISZERO, NOT, BALANCE, EXTCODESIZE, EXTCODEHASH, BLOCKHASH, CALLDATALOAD, CLZ];
const BINARY: &[u8] =
    &[ADD, MUL, SUB, DIV, SDIV, MOD, SMOD, EXP, LT, GT, SLT, EQ, AND, OR, XOR, BYTE, SHL, SAR];
const PLAIN: &[u8] = &[
    ADDRESS,
    ORIGIN,
    CALLER,
    CALLVALUE,
    CALLDATASIZE,
    CODESIZE,
    GASPRICE,
    RETURNDATASIZE,
    COINBASE,
    TIMESTAMP,
    NUMBER,
    DIFFICULTY,
    GASLIMIT,
    CHAINID,
    SELFBALANCE,
    BASEFEE,
    BLOBBASEFEE,
    GAS,
    MSIZE,
    PC,
];

/// Code of some statements, which may touch these addresses.
pub(super) fn program(random: &mut Random, addresses: &[Address], depth: u32) -> Code {
    let statements = 3 + random.below(14);
    let code = (0..statements).fold(Code::new(), |code, _| statement(random, addresses, depth, code));
    match random.below(8) {
        0 => code.push(random.below(70)).push(random.below(40)).op(REVERT),
        1 => code.push_address(&random.of(addresses)).op(SELFDESTRUCT),
        2 => code.op(random.next() as u8),
        3 | 4 => code,
        _ => code.push(random.below(70)).push(random.below(40)).op(RETURN),
    }
}

fn statement(random: &mut Random, addresses: &[Address], depth: u32, code: Code) -> Code {
    match random.below(30) {
        0..4 => {
            let value = random.below(3);
            code.store(random.below(5), value)
        }
        4 | 5 => code.load(random.below(5)).keep(random.below(5)),
        6 => code.push(random.below(3)).push(random.below(3)).op(TSTORE),
        7 => code.push(random.below(3)).op(TLOAD).keep(random.below(5)),
        8 => {
            let operand = operand(random, addresses);
            code.push_word(&operand).op(random.of(UNARY)).push(random.below(100)).op(MSTORE)
        }
        9 | 10 => {
            let (one, other) = (operand(random, addresses), operand(random, addresses));
            code.push_word(&one).push_word(&other).op(random.of(BINARY)).push(random.below(100)).op(MSTORE)
        }
        11 | 12 => code.op(random.of(PLAIN)).keep(random.below(5)),
        13 => log(random, code),
        14 => code.push(random.below(90)).push(random.below(90)).op(KECCAK256).keep(9),
        15 => {
            let copy = random.of(&[CALLDATACOPY, CODECOPY, MCOPY, RETURNDATACOPY]);
            code.push(random.below(40)).push(random.below(20)).push(random.below(60)).op(copy)
        }
        16 => {
            let code = code.push(random.below(40)).push(random.below(20)).push(random.below(60));
            code.push_address(&random.of(addresses)).op(EXTCODECOPY)
        }
        17 if random.one_in(3) => code.op(random.next() as u8),
        18 if random.one_in(4) => code.push(random.next()).push(random.below(1 << 26)).op(MSTORE),
        19..22 if depth > 0 => create(random, addresses, depth, code),
        _ => call(random, addresses, code),
    }
}

fn operand(random: &mut Random, addresses: &[Address]) -> Word {
    let mut word = Word::ZERO;
    match random.below(4) {
        0 => word.0[12..].copy_from_slice(&random.of(addresses).0),
        1 => word = Word::from(random.below(1200)),
        2 => word = Word::MAX,
        _ => word.0.chunks_mut(8).for_each(|part| part.copy_from_slice(&random.next().to_be_bytes())),
    }
    word
}

fn log(random: &mut Random, code: Code) -> Code {
    let topics = random.below(5) as u8;
    let code = (0..topics).fold(code, |code, topic| code.push(topic.into()));
    code.push(random.below(40)).push(random.below(40)).op(LOG0 + topics)
}

fn call(random: &mut Random, addresses: &[Address], code: Code) -> Code {
    let instruction = random.of(&[CALL, CALL, CALL, CALLCODE, DELEGATECALL, STATICCALL]);
    let code =
        code.push(random.below(70)).push(random.below(70)).push(random.below(140)).push(random.below(40));
    let code = match instruction {
        CALL | CALLCODE if random.one_in(4) => code.push(random.below(30)),
        CALL | CALLCODE => code.push(0),
        _ => code,
    };
    let code = code.push_address(&random.of(addresses));
    let code = match random.below(4) {
        0 => code.push(random.below(60_000)),
        _ => code.op(GAS),
    };
    code.op(instruction).keep(random.below(8))
}

/// A creation by initcode of chance, which mostly returns code of chance.
fn create(random: &mut Random, addresses: &[Address], depth: u32, code: Code) -> Code {
    let initcode = initcode(random, addresses, depth - 1);
    let len = initcode.len() as u64;
    let value = if random.one_in(3) { random.below(20) } else { 0 };
    let code = code.memory(0, &initcode);
    let code = match random.below(2) {
        0 => code.push(len).push(0).push(value).op(CREATE),
        _ => code.push(random.below(2)).push(len).push(0).push(value).op(CREATE2),
    };
    // The contract is called at once, now and then.
    match random.below(2) {
        0 => code.keep(random.below(8)),
        _ => {
            let code = code.push(0).op(MSTORE).push(0).push(0).push(0).push(0).push(random.below(3));
            code.push(0).op(MLOAD).op(GAS).op(CALL).keep(random.below(8))
        }
    }
}

/// Initcode that does things and returns a contract.
pub(super) fn initcode(random: &mut Random, addresses: &[Address], depth: u32) -> Vec<u8> {
    let begins = (0..random.below(3)).fold(Code::new(), |code, _| statement(random, addresses, depth, code));
    let contract = program(random, addresses, 0);
    [begins.bytes(), contract.initcode()].concat()
}
