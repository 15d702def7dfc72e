//! The bytecode of the first ZVM: its vectors, and what was completed.

use zvm::engine::zvm::legacy::{OPCODES, kind_by_first_byte};
use zvm::{Block, Deploy, EngineKind, Execution, Halt, MemoryLedger, Outcome, Terms, Word};

use crate::world::{CONTRACT, PLENTY, call_of, hex, place, runtime};

fn run(code: &str, gas_limit: u64) -> Execution {
    let mut ledger = MemoryLedger::new();
    place(&mut ledger, CONTRACT, EngineKind::ZvmLegacy, &hex(code));
    let runtime = runtime();
    let mut session = runtime.session(&mut ledger, Block::default());
    session.call(&call_of(CONTRACT, &[9; 33], gas_limit)).expect("a kind ledger")
}

fn top(code: &str) -> Word {
    let done = run(code, 100_000);
    assert_eq!(done.outcome, Outcome::Success, "{code}");
    Word(done.output.try_into().expect("a word"))
}

#[test]
fn its_vectors_are_reproduced() {
    let halt = Outcome::Halt;
    let below = |less: u64| Word::MAX.checked_sub(Word::from(less)).expect("less");
    for (code, limit, outcome, gas, top) in [
        ("01 0A 01 14 10 01 05 12 63", 1000, Outcome::Success, 6, Some(Word::from(150))),
        ("01 0A 01 03 11 63", 1000, Outcome::Success, 4, Some(below(6))),
        ("01 04 50 FF 01 07 63", 1000, Outcome::Success, 4, Some(Word::from(7))),
        ("01 04", 1000, Outcome::Success, 1, Some(Word::from(4))),
        ("01 04 01 04 10", 2, halt(Halt::OutOfGas), 2, None),
        ("01", 10, halt(Halt::InvalidOpcode), 1, None),
        ("52 63", 1000, halt(Halt::InvalidOpcode), 1, None),
        ("EE", 10, halt(Halt::InvalidOpcode), 1, None),
    ] {
        let done = run(code, limit);
        assert_eq!((done.outcome, done.gas_used), (outcome, gas), "{code}");
        assert_eq!(done.output, top.map_or_else(Vec::new, |top| top.0.to_vec()), "{code}");
    }
}

#[test]
fn what_it_named_and_did_not_have() {
    assert_eq!(top("04 0000000000000007 63"), Word::from(7));
    for (code, number) in [
        ("01 03 01 0A 14", 1),
        ("01 03 01 0A 21", 1),
        ("01 03 01 0A 20", 0),
        ("01 06 01 03 24", 2),
        ("01 06 01 03 25", 7),
        ("01 06 01 03 26", 5),
        ("01 2A 01 00 31 01 00 30", 42),
        ("01 2A 01 01 31 32", 64),
        ("73", 33),
        ("71", 0),
        ("70", 0),
        ("01 05 01 01 41 01 01 40", 5),
        ("01 01 01 02 07 05", 2),
    ] {
        assert_eq!(top(code), Word::from(number), "{code}");
    }
    assert_eq!(top("01 00 23"), Word::MAX);
    assert_eq!(top("01 20 72").0, [[9; 1].as_slice(), &[0; 31]].concat()[..]);
    let hash = |hash: fn(&[u8]) -> Word| hash(&[]);
    assert_eq!(top("01 00 01 00 80"), hash(zvm::crypto::hash::keccak256));
    assert_eq!(top("01 00 01 00 83"), hash(zvm::crypto::hash::sha256));
    assert_eq!(top("01 00 01 00 84"), hash(zvm::crypto::hash::blake3));
    assert_eq!(run("01 05 01 01 41", 100_000).gas_used, 20_002);
    assert_eq!(run("01 01 40", 100_000).gas_used, 801);
}

#[test]
fn what_has_no_meaning_is_invalid_and_failures_have_names() {
    assert_eq!(OPCODES.len(), 48);
    for (byte, name) in OPCODES
        .iter()
        .filter(|(byte, _)| *byte == 0x52 || *byte == 0x60 || (0x81..0x83).contains(byte) || *byte >= 0x90)
    {
        let done = run(&format!("{byte:02X}"), 100);
        assert_eq!((done.outcome, done.gas_used), (Outcome::Halt(Halt::InvalidOpcode), 1), "{name}");
    }
    for (code, halt) in [
        ("10", Halt::StackUnderflow),
        ("01 01 10", Halt::StackUnderflow),
        ("01 FF 50", Halt::InvalidJump),
        ("01 00 50", Halt::OutOfGas),
        ("01 01 06 01 02 50", Halt::StackOverflow),
    ] {
        assert_eq!(run(code, 100_000).outcome, Outcome::Halt(halt), "{code}");
    }
    assert_eq!(run("01 05 01 01 41 62", 100_000).outcome, Outcome::Revert);
}

#[test]
fn it_is_asked_for_and_never_guessed() {
    let runtime = runtime();
    let code = hex("01 2A 63");
    // Without a magic of its own it could be the EVM's as well.
    let loaded = runtime.load_code(&code.as_slice().into(), None).expect("initcode, perhaps");
    assert_eq!(loaded.info().engine, EngineKind::Evm);
    let mut ledger = MemoryLedger::new();
    let mut session = runtime.session(&mut ledger, Block::default());
    let terms = Terms { gas_limit: PLENTY, ..Terms::default() };
    let deploy =
        Deploy { engine: Some(EngineKind::ZvmLegacy), code: code.into(), ..Deploy::by(CONTRACT, terms) };
    let created = session.deploy(&deploy).expect("asked for").created.expect("a contract");
    let done = session.call(&call_of(created, &[], 100)).expect("a kind ledger");
    assert_eq!(done.output, Word::from(42).0);
    // The first ZVM's own rule has a name of its own.
    for (first, kind) in [
        (0x01, Some(EngineKind::ZvmLegacy)),
        (0x02, Some(EngineKind::ZvmLegacy)),
        (0x70, Some(EngineKind::ZvmLegacy)),
        (0x60, Some(EngineKind::Evm)),
        (0x61, Some(EngineKind::Evm)),
        (0x33, Some(EngineKind::Evm)),
        (0x00, None),
        (0x5a, None),
    ] {
        assert_eq!(kind_by_first_byte(&[first, 0]), kind, "{first:02x}");
    }
    assert_eq!(kind_by_first_byte(&[]), None);
}
