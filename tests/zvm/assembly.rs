//! Text to code and back.

use zvm::engine::zvm::assembly::{assemble, disassemble};
use zvm::engine::zvm::container::{Flags, Target};
use zvm::engine::zvm::opcode::ROWS;
use zvm::{Outcome, Word};

use crate::world::{PLENTY, contain, hex, program, run};

fn code(text: &str) -> Vec<u8> {
    assemble(text).unwrap_or_else(|error| panic!("{error}\n{text}")).code
}

#[test]
fn every_mnemonic_is_its_byte() {
    for row in ROWS {
        let operand = match row.mnemonic {
            "HOST" => " gas_left",
            _ if row.immediate > 0 => " 0",
            _ => "",
        };
        for mnemonic in [row.mnemonic.to_owned(), row.mnemonic.to_lowercase()] {
            let bytes = code(&format!("{mnemonic}{operand}"));
            assert_eq!((bytes[0], bytes.len()), (row.byte, 1 + row.immediate), "{mnemonic}");
        }
    }
}

#[test]
fn push_is_as_narrow_as_can_be() {
    for (number, bytes) in [
        ("0", "11 00"),
        ("255", "11 FF"),
        ("256", "12 0100"),
        ("0xffff", "12 FFFF"),
        ("0x1_0000", "13 00010000"),
        ("4294967296", "14 0000000100000000"),
        ("0x10000000000000000", "15 0000000000000001 0000000000000000"),
    ] {
        assert_eq!(code(&format!("push {number}")), hex(bytes), "{number}");
    }
    assert_eq!(code("push 0x1_00000000000000000000000000000000").len(), 33);
    assert_eq!(code("push2 1"), hex("12 0001"));
}

#[test]
fn labels_and_data_are_where_they_are() {
    let text = "start: end0: push end\njump ; away\n push start\nend: jumpdest\npush end0";
    assert_eq!(code(text), hex("11 05 A0 11 00 A3 11 00"));
    let text = ".data tail 0x1102\n.data text \"a;b\"\npush tail\npush text\npush text.size\n";
    assert_eq!(code(text), hex("11 07 11 09 11 03 00 1102 613B62"));
    // Data that would end the code in a PUSH32 are followed by HALTs.
    assert_eq!(code(".data d 0x16\npush d").len(), 2 + 1 + 33);
}

/// A PUSH that must be wider moves what lies behind it, which may widen another.
#[test]
fn widths_settle() {
    let filler = ".byte 1\n".repeat(250);
    let text = format!("push far\npush near\n{filler}near: jumpdest\nfar: jumpdest\n");
    let bytes = code(&text);
    assert_eq!(bytes[..4], hex("11 FF 11 FE"), "255 and 254 are narrow");
    let text = format!("push far\npush near\n.byte 1\n{filler}near: jumpdest\nfar: jumpdest\n");
    assert_eq!(code(&text)[..6], hex("12 0102 12 0101"));
}

#[test]
fn a_container_asks_for_what_its_code_uses() {
    let flags = |text: &str| assemble(text).expect("a program").flags;
    assert_eq!(flags("push 0xd8"), Flags::default());
    assert_eq!(flags("gas"), Flags { extensions: true, ..Flags::default() });
    assert_eq!(flags("host 0x05"), Flags { extensions: true, ..Flags::default() });
    assert_eq!(flags(".strict\nhalt"), Flags { strict_jumps: true, ..Flags::default() });
    assert_eq!(assemble(".target evm").expect("a program").target, Target::Evm);
    assert_eq!(code("host storage_read"), code("host 0x20"));
}

#[test]
fn errors_say_where_and_why() {
    for (text, error) in [
        ("nop\n  dup5", "2:3: there is no DUP5: DUP goes from DUP1 to DUP4"),
        ("swap16", "1:1: there is no SWAP16: SWAP goes from SWAP1 to SWAP4"),
        ("push3 1", "1:1: there is no PUSH3: PUSH comes with 1, 2, 4, 8, 16 or 32 bytes"),
        ("ad", "1:1: there is no instruction ad"),
        ("add 1", "1:5: ADD has no operand: it takes everything off the stack"),
        ("push", "1:1: push lacks its operand"),
        ("push 1 2", "1:8: push has one operand"),
        ("push1 256", "1:1: 256 does not fit the 1 bytes of PUSH1"),
        ("push 0x", "1:6: 0x is no number below 2^256"),
        ("push 12a", "1:6: 12a is no number below 2^256"),
        ("push there", "1:6: there stands for nothing"),
        ("a: push a.size", "1:9: a is a label and has no size"),
        ("a:\n\n a: nop", "3:2: a stands for something already"),
        ("é: nop", "1:1: é is no name"),
        ("host nothing", "1:6: there is no host function nothing"),
        ("host 0xffff", "1:6: there is no host function 0xffff"),
        (".data d", "1:1: .data lacks its operands"),
        (".data d 0x1", "1:9: data are a text in quotes, or 0x and an even number of digits"),
        (".data d \"a", "1:9: the text in quotes does not end on its line"),
        (".byte 256", "1:7: 256 is more than a byte"),
        (".target wasm", "1:9: the target is native or evm"),
        (".macro x", "1:1: there is no directive .macro"),
        ("\"a\"", "1:1: a text in quotes stands in .data only"),
    ] {
        assert_eq!(assemble(text).expect_err(text).to_string(), error);
    }
    let much = format!("push 1{}", "0".repeat(78));
    assert!(assemble(&much).expect_err("too much").message.ends_with("is no number below 2^256"));
}

#[test]
fn what_is_disassembled_assembles_to_the_same() {
    let text = disassemble(&hex("11 2A D9 0005 D9 9999 EE A3 12 01"));
    let lines = [
        "PUSH1 0x2a               ; 0000",
        "HOST gas_left            ; 0002",
        ".byte 0xd9 0x99 0x99     ; 0005",
        ".byte 0xee               ; 0008",
        "JUMPDEST                 ; 0009",
        ".byte 0x12 0x01          ; 000a",
    ];
    assert_eq!(text.lines().map(str::trim).collect::<Vec<_>>(), lines);
    let mut random = crate::random::Random::new(5);
    for _ in 0..5_000 {
        let len = random.below(80);
        let bytes: Vec<u8> = (0..len).map(|_| random.byte()).collect();
        let text = disassemble(&bytes);
        assert_eq!(code(&text), bytes, "{text}");
    }
}

/// The program of the module's own documentation, and what is hashed by it.
#[test]
fn a_program_runs() {
    let text = "
        .strict
        .data greeting \"hello\"
                push 10
        loop:   jumpdest
                push 1
                swap1
                sub
                dup1
                push loop
                jumpi
                push greeting.size
                push greeting
                push 0
                codecopy
                push greeting.size
                push 0
                keccak256
                push 0
                mstore
                push 32
                push 0
                return";
    let done = run(&program(text), &[], PLENTY);
    assert_eq!(done.outcome, Outcome::Success);
    assert_eq!(done.output, zvm::crypto::hash::keccak256(b"hello").0);
    // The same through a host function.
    let text = "
        .data greeting \"hello\"
                push greeting.size
                push greeting
                push 0
                codecopy
                push 64          ; out
                dup1
                mload            ; makes room for it
                pop
                push greeting.size
                push 0
                host keccak256
                push 64
                mload
                push 0
                mstore
                push 32
                push 0
                return";
    assert_eq!(run(&program(text), &[], PLENTY).output, done.output);
    assert_eq!(contain(&[]).len(), 16);
    assert_eq!(Word::from(1).0[31], 1);
}
