//! Contracts in ZVM bytecode, alone and together with those in WASM.

use zvm::{Address, EngineKind, Halt, Status, Word};

use super::born;
use crate::address::{create, keccak256};
use crate::contracts::assembled;
use crate::scenario::Scenario;
use crate::script::{int, results, script};
use crate::verbs::*;

pub(super) fn stories() -> Vec<Scenario> {
    vec![
        counter(),
        token(),
        figures(),
        halts(),
        together(),
        static_frames(),
        made_by_another(),
        refused(),
        legacy(),
    ]
}

fn number(number: u64) -> [u8; 32] {
    Word::from(number).0
}

/// An address as a word.
fn wide(address: Address) -> Word {
    let mut word = Word::ZERO;
    word.0[12..].copy_from_slice(&address.0);
    word
}

fn incremented() -> Word {
    let mut word = Word::ZERO;
    word.0[..11].copy_from_slice(b"Incremented");
    word
}

fn counter() -> Scenario {
    let at = create(USER, 1);
    Scenario::new("zvm-counter", "A container is deployed, without a constructor, and counts in slot 0.")
        .code("zvm-counter")
        // There is no constructor that would take an input.
        .step(deploy("zvm-counter").input([1]), halt(Halt::NoEntry))
        .step(deploy("zvm-counter"), success([]).created(at))
        .step(call(at).entry("get"), halt(Halt::NoEntry))
        .step(call(at), success(number(1)).log(at, &[incremented()], &number(1)))
        .step(query(at).input([1]), success(number(1)))
        .step(static_call(at), halt(Halt::StaticWrite))
        .changes(
            [now::nonce(USER, 2), now::set(at, &number(0), &number(1))]
                .into_iter()
                .chain(born(at, "zvm-counter")),
        )
}

fn token() -> Scenario {
    let calldata = |signature: &str, arguments: &[Word]| {
        let selector = keccak256(signature.as_bytes()).0;
        let words: Vec<u8> = arguments.iter().flat_map(|word| word.0).collect();
        [&selector[..4], words.as_slice()].concat()
    };
    let transfer = keccak256(b"Transfer(address,address,uint256)");
    let (supply, some) = (Word::from(1000), Word::from(300));
    let pay = calldata("transfer(address,uint256)", &[wide(B), some]);
    let balance = |of| calldata("balanceOf(address)", &[wide(of)]);
    let key = |of: Address| keccak256(&[number(1), wide(of).0].concat()).0;
    Scenario::new("zvm-token", "A token whose tables are hashes of slot and key.")
        .contract(A, "zvm-token")
        .step(
            call(A).from(C).input(calldata("init(uint256)", &[supply])),
            success(number(1)).log(A, &[transfer, Word::ZERO, wide(C)], &supply.0),
        )
        .step(
            call(A).from(C).input(pay.clone()),
            success(number(1)).log(A, &[transfer, wide(C), wide(B)], &some.0),
        )
        .step(call(A).from(D).input(pay), revert(*b"insufficient balance"))
        .step(call(A).input(balance(B)), success(number(300)))
        .step(call(A).input(balance(C)), success(number(700)))
        .step(call(A).input([1, 2, 3, 4]), revert(*b"bad input"))
        .changes([
            now::set(A, &number(0), &number(1000)),
            now::set(A, &number(3), &number(1)),
            now::set(A, &key(C), &number(700)),
            now::set(A, &key(B), &number(300)),
        ])
}

/// Gas is that of docs/zvm-opcodes.md, to the unit.
fn figures() -> Scenario {
    let code = |text: &str| assembled(&text.replace(", ", "\n"));
    let counter = "push 0, sload, push 1, add, push 0, sstore, halt";
    Scenario::new("zvm-gas", "What words of storage, memory and hashes cost.")
        .holder(A, EngineKind::Zvm, "counter", code(counter))
        .holder(
            B,
            EngineKind::Zvm,
            "transient",
            code("push 99, push 5, tstore, push 5, tload, push 0, mstore, push 32, push 0, return"),
        )
        .holder(C, EngineKind::Zvm, "clear", code("push 0, push 1, sstore"))
        .holder(D, EngineKind::Zvm, "hash", code("push 1000, push 0, keccak256"))
        .stored(C, &number(1), &number(5))
        // New, then cold and changed.
        .step(call(A).gas(30_000), success([]).gas(22_312, 7_688))
        .step(call(A).gas(30_000), success([]).gas(2_412, 27_588))
        .step(call(B).gas(1_000), success(number(99)).gas(224, 776))
        // 3006, of which a fifth comes back.
        .step(call(C).gas(10_000), success([]).refunded(2_405, 7_595, 601))
        // 32 words of memory, hashed.
        .step(call(D).gas(1_000), success([]).gas(326, 674))
        .step(call(D).gas(325), halt(Halt::OutOfGas).gas(325, 0))
        .changes([now::set(A, &number(0), &number(2)), now::deleted(C, &number(1))])
}

fn halts() -> Scenario {
    let code = |text: &str| assembled(&text.replace(", ", "\n"));
    Scenario::new("zvm-halts", "What a frame may not do takes all of its gas and all of its changes.")
        .holder(A, EngineKind::Zvm, "no-opcode", code("push 1, push 1, sstore, .byte 0xee"))
        .holder(B, EngineKind::Zvm, "into-an-immediate", code("push 1, jump"))
        .holder(C, EngineKind::Zvm, "underflow", code("push 1, add"))
        .holder(D, EngineKind::Zvm, "overflow", code("round: push 1, push round, jump"))
        .holder(STRANGER, EngineKind::Zvm, "strict", code(".strict, push there, jump, there: halt"))
        .step(call(A).gas(50_000), halt(Halt::InvalidOpcode).gas(50_000, 0))
        .step(call(B).gas(1_000), halt(Halt::InvalidJump).gas(1_000, 0))
        .step(call(C).gas(1_000), halt(Halt::StackUnderflow).gas(1_000, 0))
        .step(call(D).gas(50_000), halt(Halt::StackOverflow).gas(50_000, 0))
        .step(call(STRANGER).gas(1_000), halt(Halt::InvalidJump).gas(1_000, 0))
        .step(call(C).gas(5), halt(Halt::OutOfGas).gas(5, 0))
}

/// A contract of each engine calls one of the other: with an amount, to revert, and back again.
fn together() -> Scenario {
    let counts = |count| success(number(count)).log(B, &[incremented()], &number(count));
    let to = |target: Address, rest: &[u8]| [&wide(target).0[..], rest].concat();
    Scenario::new("zvm-calls", "Contracts of two engines call each other in one journal and under one meter.")
        .contract(A, "script")
        .contract(B, "zvm-counter")
        .contract(C, "zvm-caller")
        .balance(USER, 10)
        // WASM calls ZVM.
        .step(
            call(A).input(script().call(B, &[]).return_copy(0, 32).end()),
            success(results(&[&int(0), &number(1)])).log(B, &[incremented()], &number(1)),
        )
        // ZVM calls ZVM, then WASM.
        .step(call(C).input(to(B, &[])), counts(2))
        .step(
            call(C).value(7).input(to(A, &script().write(b"k", b"v").self_balance().end())),
            success(number(7)),
        )
        .step(call(C).value(1).input(to(A, &script().revert(b"no"))), revert(*b"no"))
        // WASM calls ZVM, which calls WASM.
        .step(
            call(A).input(script().call(C, &to(A, &script().read(b"k", 1).end())).return_copy(0, 5).end()),
            success(results(&[&int(0), &int(1), b"v"])),
        )
        .changes([
            now::balance(A, 7),
            now::balance(USER, 3),
            now::set(A, b"k", b"v"),
            now::set(B, &number(0), &number(2)),
        ])
}

fn static_frames() -> Scenario {
    let to = |target: Address, rest: &[u8]| [&wide(target).0[..], rest].concat();
    Scenario::new("zvm-static", "Nothing below a static call writes, whatever engines are between.")
        .contract(A, "script")
        .contract(B, "zvm-counter")
        .contract(C, "zvm-caller")
        .step(call(A).input(script().static_call(B, &[]).end()), success(int(2)))
        .step(
            call(A).input(script().static_call(B, &[1]).return_copy(0, 32).end()),
            success(results(&[&int(0), &number(0)])),
        )
        .step(static_call(C).input(to(A, &script().write(b"k", b"v").end())), revert([]))
        .step(static_call(C).input(to(B, &[1])), success(number(0)))
}

fn made_by_another() -> Scenario {
    let (code, at) = (crate::contracts::code("zvm-counter"), create(A, 1));
    Scenario::new("zvm-create", "A WASM contract creates one in ZVM bytecode; a broken container is no code.")
        .contract(A, "script")
        .step(
            call(A).input(script().create(&code, b"", 0).call(at, &[]).end()),
            success(results(&[&int(0), &at.0, &int(0)])).log(at, &[incremented()], &number(1)),
        )
        .step(
            call(A).input(script().create(&code[..code.len() - 1], b"", 0).end()),
            success(results(&[&int(2), &[0; 20]])),
        )
        .changes(
            [now::nonce(A, 3), now::set(at, &number(0), &number(1))]
                .into_iter()
                .chain(born(at, "zvm-counter")),
        )
}

fn refused() -> Scenario {
    let good = crate::contracts::code("zvm-counter");
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        bytes
    };
    Scenario::new("zvm-refused", "A container is exactly what it says, or no code.")
        .code_bytes("longer", [&good[..], &[0]].concat())
        .code_bytes("version", with(4, 2))
        .code_bytes("bridge", with(5, 2))
        .code_bytes("flags", with(6, 4))
        .code_bytes("padding", with(7, 1))
        .code_bytes("cut", assembled(".byte 0x11"))
        .code_bytes("abi", {
            let mut bytes = with(12, 1);
            bytes.push(b'{');
            bytes
        })
        .step(deploy("longer"), Status::CodeInvalid)
        .step(deploy("version"), Status::CodeInvalid)
        .step(deploy("bridge"), Status::CodeForbidden)
        .step(deploy("flags"), Status::CodeInvalid)
        .step(deploy("padding"), Status::CodeInvalid)
        .step(deploy("cut"), Status::CodeInvalid)
        .step(deploy("abi"), Status::CodeInvalid)
}

/// PUSH1 10, PUSH1 20, ADD, PUSH1 5, MUL, HALT.
const FIRST: [u8; 9] = [0x01, 0x0a, 0x01, 0x14, 0x10, 0x01, 0x05, 0x12, 0x63];

fn legacy() -> Scenario {
    let at = create(USER, 1);
    let code =
        zvm::Write::Code { hash: keccak256(&FIRST), engine: EngineKind::ZvmLegacy, code: FIRST[..].into() };
    Scenario::new(
        "zvm-legacy",
        "The bytecode of the first ZVM runs where it is asked for, and is never guessed: it could be the EVM's.",
    )
    .code_bytes("first", FIRST.to_vec())
    .step(deploy("first"), halt(Halt::StackUnderflow))
    .step(deploy("first").engine(4), success([]).created(at))
    .step(call(at).gas(1_000), success(number(150)).gas(6, 994))
    .changes([now::nonce(USER, 2), now::nonce(at, 1), zvm::Change { account: at, write: code }])
}
