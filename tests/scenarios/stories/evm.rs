//! EVM contracts beside the others. Their code is written in bytes, with the opcodes beside them.

use zvm::{Address, EngineKind, Halt, Word};

use crate::address::{create, keccak256};
use crate::scenario::Scenario;
use crate::script::{int, script};
use crate::verbs::{A, B, C, USER, call, deploy, does, halt, now, revert, success};

pub(crate) fn stories() -> Vec<Scenario> {
    vec![counter(), across(), ends()]
}

/// PUSH1 0 SLOAD PUSH1 1 ADD DUP1 PUSH1 0 SSTORE PUSH1 0 MSTORE PUSH1 32 PUSH1 0 RETURN
const COUNTER: &[u8] = b"\x60\x00\x54\x60\x01\x01\x80\x60\x00\x55\x60\x00\x52\x60\x20\x60\x00\xf3";

/// PUSH1 18 PUSH1 12 PUSH1 0 CODECOPY PUSH1 18 PUSH1 0 RETURN, and the code behind it.
fn initcode() -> Vec<u8> {
    assert_eq!(COUNTER.len(), 18);
    [b"\x60\x12\x60\x0c\x60\x00\x39\x60\x12\x60\x00\xf3", COUNTER].concat()
}

fn evm(scenario: Scenario, address: Address, name: &str, code: &[u8]) -> Scenario {
    let hash = keccak256(code);
    scenario.code_bytes(name, code.to_vec()).account(address, |holding| {
        (holding.code, holding.code_hash, holding.nonce) = (Some(name.into()), hash, 1);
        holding.engine = Some(EngineKind::Evm);
    })
}

fn counter() -> Scenario {
    let at = create(USER, 0);
    Scenario::new("evm", "Initcode is run and returns the contract, whose storage is words.")
        .code_bytes("counter", initcode())
        .step(deploy("counter"), success(COUNTER).created(at))
        .step(call(at), success(Word::from(1).0))
        .step(call(at), success(Word::from(2).0))
        .changes([
            now::nonce(USER, 1),
            now::nonce(at, 1),
            now::code_of(at, EngineKind::Evm, COUNTER.to_vec()),
            now::slot(at, 0, 2),
        ])
}

/// A WASM contract counts in an EVM one, and takes back what it did there.
fn across() -> Scenario {
    let scenario =
        Scenario::new("evm-across", "A WASM contract calls an EVM contract; both are undone together.");
    let counted = |number: u64| [&int(0)[..], &Word::from(number).0].concat();
    evm(scenario, B, "counter", COUNTER)
        .contract(A, "script")
        .step(does(script().call(B, b"").return_copy(0, 32)), success(counted(1)))
        .step(call(A).input(script().write(b"k", b"v").call(B, b"").revert(b"why")), revert(b"why"))
        .step(does(script().call(B, b"").return_copy(0, 32)), success(counted(2)))
        .step(call(C), halt(Halt::NoCode))
        .changes([now::slot(B, 0, 2)])
}

fn ends() -> Scenario {
    let scenario = Scenario::new("evm-halts", "What the EVM's rules stop uses up its gas.");
    let codes: [(u8, &[u8], Halt); 4] = [
        // INVALID
        (0xe1, b"\xfe", Halt::InvalidOpcode),
        // PUSH1 0 JUMP
        (0xe2, b"\x60\x00\x56", Halt::InvalidJump),
        // POP
        (0xe3, b"\x50", Halt::StackUnderflow),
        // PUSH1 1 PUSH1 0 PUSH1 0 RETURNDATACOPY
        (0xe4, b"\x60\x01\x60\x00\x60\x00\x3e", Halt::ReturnBounds),
    ];
    codes.into_iter().fold(scenario, |scenario, (digit, code, why)| {
        let at = crate::verbs::at(digit);
        evm(scenario, at, &why.constant().to_lowercase(), code)
            .step(call(at).gas(1_000), halt(why).gas(1_000, 0))
    })
}
