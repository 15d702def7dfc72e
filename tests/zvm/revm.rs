//! Opcodes that mean what the EVM's do, against revm's interpreter: 1,000 operand pairs for each, every
//! corner among them on either side.

use revm_interpreter::bytecode::Bytecode;
use revm_interpreter::host::DummyHost;
use revm_interpreter::interpreter::{EthInterpreter, ExtBytecode, InputsImpl};
use revm_interpreter::primitives::hardfork::SpecId;
use revm_interpreter::{Interpreter, InterpreterAction, SharedMemory, gas_table, instruction_table};
use zvm::engine::zvm::opcode::Opcode;
use zvm::{Outcome, Runtime};

use crate::generate::{corners, word};
use crate::random::Random;
use crate::reference::machine::reckon;
use crate::reference::words::{W, number};
use crate::world::{PLENTY, contain, run_on, runtime};

const PAIRS: usize = 1_000;

/// What reckons: our opcode, the EVM's byte.
const RECKONS: &[(Opcode, u8)] = &[
    (Opcode::ADD, 0x01),
    (Opcode::MUL, 0x02),
    (Opcode::SUB, 0x03),
    (Opcode::DIV, 0x04),
    (Opcode::SDIV, 0x05),
    (Opcode::MOD, 0x06),
    (Opcode::SMOD, 0x07),
    (Opcode::ADDMOD, 0x08),
    (Opcode::MULMOD, 0x09),
    (Opcode::EXP, 0x0a),
    (Opcode::SIGNEXTEND, 0x0b),
    (Opcode::LT, 0x10),
    (Opcode::GT, 0x11),
    (Opcode::SLT, 0x12),
    (Opcode::SGT, 0x13),
    (Opcode::EQ, 0x14),
    (Opcode::ISZERO, 0x15),
    (Opcode::AND, 0x16),
    (Opcode::OR, 0x17),
    (Opcode::XOR, 0x18),
    (Opcode::NOT, 0x19),
    (Opcode::BYTE, 0x1a),
    (Opcode::SHL, 0x1b),
    (Opcode::SHR, 0x1c),
    (Opcode::SAR, 0x1d),
];

/// The opcodes of the two machines, as programs for both are written.
struct Dialect {
    push1: u8,
    push32: u8,
    byte: fn(Opcode) -> u8,
}

const OURS: Dialect = Dialect { push1: 0x11, push32: 0x16, byte: |opcode| opcode as u8 };
const EVMS: Dialect = Dialect {
    push1: 0x60,
    push32: 0x7f,
    byte: |opcode| match opcode {
        Opcode::MLOAD => 0x51,
        Opcode::MSTORE => 0x52,
        Opcode::MSTORE8 => 0x53,
        Opcode::MSIZE => 0x59,
        Opcode::KECCAK256 => 0x20,
        Opcode::CALLDATALOAD => 0x35,
        Opcode::CALLDATASIZE => 0x36,
        Opcode::CALLDATACOPY => 0x37,
        Opcode::CODESIZE => 0x38,
        Opcode::RETURN => 0xf3,
        other => RECKONS.iter().find(|(opcode, _)| *opcode == other).expect("a row").1,
    },
};

/// An instruction of a program for both.
#[derive(Clone, Copy, Debug)]
enum Line {
    Push(W),
    Op(Opcode),
}

fn bytes(dialect: &Dialect, lines: &[Line]) -> Vec<u8> {
    let byte = |opcode| vec![(dialect.byte)(opcode)];
    let line = |line: &Line| match *line {
        Line::Push(word) => [&[dialect.push32], &word[..]].concat(),
        Line::Op(opcode) => byte(opcode),
    };
    let code = lines.iter().flat_map(line);
    // What is on top is returned.
    let answer = [vec![dialect.push1, 0], byte(Opcode::MSTORE), vec![dialect.push1, 32, dialect.push1, 0]];
    code.chain(answer.concat()).chain(byte(Opcode::RETURN)).collect()
}

fn on_ours(runtime: &Runtime, lines: &[Line], input: &[u8]) -> Vec<u8> {
    let done = run_on(runtime, &contain(&bytes(&OURS, lines)), input, PLENTY);
    assert_eq!(done.outcome, Outcome::Success, "{lines:?}");
    done.output
}

fn on_revm(lines: &[Line], input: &[u8]) -> Vec<u8> {
    let bytecode = ExtBytecode::new(Bytecode::new_legacy(bytes(&EVMS, lines).into()));
    let inputs = InputsImpl {
        input: revm_interpreter::CallInput::Bytes(input.to_vec().into()),
        ..InputsImpl::default()
    };
    let spec = SpecId::OSAKA;
    let mut interpreter =
        Interpreter::<EthInterpreter>::new(SharedMemory::new(), bytecode, inputs, false, spec, u64::MAX);
    let (table, gas) = (instruction_table::<EthInterpreter, DummyHost>(), gas_table());
    match interpreter.run_plain(&table, &gas, &mut DummyHost::new(spec)) {
        InterpreterAction::Return(result) => {
            assert!(result.result.is_ok(), "{lines:?}: {:?}", result.result);
            result.output.to_vec()
        }
        other => panic!("{other:?}"),
    }
}

/// Pairs: every corner on either side, then as they come.
fn pairs(random: &mut Random) -> Vec<(W, W)> {
    let corners = corners();
    let left: Vec<_> = corners.iter().map(|corner| (*corner, word(random))).collect();
    let right: Vec<_> = corners.iter().map(|corner| (word(random), *corner)).collect();
    let mut pairs = [left, right].concat();
    while pairs.len() < PAIRS {
        pairs.push((word(random), word(random)));
    }
    pairs
}

#[test]
fn words_are_reckoned_as_by_the_evm_and_by_hand() {
    let (runtime, mut random) = (runtime(), Random::new(1));
    for (opcode, _) in RECKONS {
        for (a, b) in pairs(&mut random) {
            let operands = &[a, b, word(&mut random)][..opcode.row().takes.len()];
            let pushes = operands.iter().rev().map(|word| Line::Push(*word));
            let lines: Vec<_> = pushes.chain([Line::Op(*opcode)]).collect();
            let ours = on_ours(&runtime, &lines, &[]);
            assert_eq!(ours, on_revm(&lines, &[]), "{opcode} of {operands:02x?}, and revm's");
            assert_eq!(ours, reckon(*opcode, operands), "{opcode} of {operands:02x?}, and by hand");
        }
    }
}

#[test]
fn memory_and_hashes_are_the_evms() {
    use Opcode::*;
    let (runtime, mut random) = (runtime(), Random::new(2));
    for (a, b) in pairs(&mut random) {
        let place = number(random.below(300) as u64);
        let other = number(random.below(300) as u64);
        let (push, op) = (Line::Push, Line::Op);
        let all = [push(number(0)), op(MSIZE), op(ADD), push(number(0)), op(KECCAK256)];
        for lines in [
            vec![push(a), push(place), op(MSTORE), push(b), push(other), op(MSTORE8)],
            vec![push(a), push(place), op(MSTORE), push(other), op(MLOAD), push(other), op(MSTORE)],
            vec![push(place), op(CALLDATALOAD), push(number(0)), op(MSTORE)],
            vec![push(a), op(CALLDATALOAD), push(number(0)), op(MSTORE)],
            vec![push(other), push(place), push(number(7)), op(CALLDATACOPY)],
            vec![push(other), push(a), push(number(7)), op(CALLDATACOPY)],
            vec![op(CALLDATASIZE), op(MSIZE), op(MSTORE)],
        ] {
            let input: Vec<u8> = (0..random.below(120)).map(|_| random.byte()).collect();
            let lines = [lines, all.to_vec()].concat();
            assert_eq!(on_ours(&runtime, &lines, &input), on_revm(&lines, &input), "{lines:02x?}");
        }
    }
}
