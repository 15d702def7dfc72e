//! What the original was seen to do (its generation B, address AA…AA), and where our rulings make
//! another figure of it.

use zvm::{Block, EngineKind, Halt, MemoryLedger, Outcome, Word};

use crate::world::{CONTRACT, call_of, contain, halt, hex, place, run, runtime, top};

/// A program, run as often as there are figures, each in a transaction of its own.
struct Vector {
    code: &'static str,
    /// What the original charged.
    original: &'static [u64],
    /// What we charge.
    gas: &'static [u64],
    /// Why they differ, where they do.
    why: &'static str,
}

/// The original loads a slot before it asks whether it is cold, so its cold price never applies to a
/// write; and one of its runs finds the slots of the run before warm.
const COLD: &str = "the slot is cold in a new transaction, and that is asked before it is loaded";

const VECTORS: &[Vector] = &[
    Vector { code: "11 2A 11 08 30 00", original: &[9], gas: &[9], why: "" },
    Vector { code: "11 0A 11 03 31 00", original: &[9], gas: &[9], why: "" },
    // New, then unchanged.
    Vector { code: "11 05 11 01 91", original: &[20106, 206], gas: &[20106, 206], why: "" },
    // The counter.
    Vector {
        code: "11 00 90 11 01 30 11 00 91 00",
        original: &[22312, 412, 412],
        gas: &[22312, 2412, 2412],
        why: COLD,
    },
    Vector { code: "11 04 A0 00 11 07 00", original: &[14], gas: &[14], why: "" },
];

/// Runs programs one after the other on one contract's storage: what each used.
fn used(codes: &[&str]) -> Vec<u64> {
    let mut ledger = MemoryLedger::new();
    let runtime = runtime();
    let gas_of = |code: &&str| {
        place(&mut ledger, CONTRACT, EngineKind::Zvm, &contain(&hex(code)));
        let mut session = runtime.session(&mut ledger, Block::default());
        let done = session.call(&call_of(CONTRACT, &[], 100_000)).expect("a kind ledger");
        assert_eq!(done.outcome, Outcome::Success, "{code}");
        session.commit().expect("a kind ledger");
        done.gas_used
    };
    codes.iter().map(gas_of).collect()
}

#[test]
fn gas_is_the_originals_but_where_a_ruling_says_why() {
    for Vector { code, original, gas, why } in VECTORS {
        assert_eq!(used(&vec![*code; gas.len()]), *gas, "{code}");
        assert_eq!(original == gas, why.is_empty(), "{code}: {why}");
    }
}

#[test]
fn a_slot_is_written_changed_and_cleared() {
    let (write, change, clear) = ("11 05 11 01 91", "11 06 11 01 91", "11 00 11 01 91");
    // The original charged 206 for the change: see COLD. The clearing pays 3006 and gets back 601, the
    // most that a fifth is.
    assert_eq!(used(&[write, change, clear]), [20106, 2306, 2405]);
    // In one transaction the change is what the original charged: the slot is warm.
    assert_eq!(used(&["11 05 11 01 91 11 06 11 01 91"]), [20106 + 206]);
}

#[test]
fn the_results_are_the_originals() {
    assert_eq!(top(&hex("11 2A 11 08 30")), Word::from(50));
    assert_eq!(top(&hex("11 0A 11 03 31")), Word::MAX.checked_sub(Word::from(6)).expect("less"));
    assert_eq!(top(&hex("11 63 11 05 93 11 05 92")), Word::from(99));
    assert_eq!(top(&hex("11 04 A0 00 11 07")), Word::from(7));
}

#[test]
fn a_jump_past_the_end_is_a_halt_where_the_original_stopped_with_11() {
    assert_eq!(halt(&hex("11 C8 A0 00")), Halt::InvalidJump);
}

#[test]
fn one_unit_of_gas_does_not_push() {
    let done = run(&contain(&hex("11 2A")), &[], 1);
    assert_eq!((done.outcome, done.gas_used), (Outcome::Halt(Halt::OutOfGas), 1));
}

/// What made the original wrong or crash.
#[test]
fn the_originals_defects_are_not_ours() {
    let high = format!("16 80{}", "00".repeat(31));
    // Arithmetic over 128 bits.
    assert_eq!(top(&hex(&format!("11 02 {high} 33"))).0[0], 0x40, "2^255 / 2");
    // A shift by 2^64 shifts everything out.
    assert_eq!(top(&hex("11 FF 15 0000000000000001 0000000000000000 5C")), Word::ZERO);
    // A returned byte is one byte, whatever a call returned before.
    let done =
        run(&contain(&hex("11 20 11 00 11 00 11 00 11 00 11 FF 12 FFFF A7 11 01 11 00 A8")), &[], 100_000);
    assert_eq!((done.outcome, done.output.len()), (Outcome::Success, 1));
    // A log is a log.
    assert_eq!(run(&contain(&hex("11 00 11 00 F8")), &[], 100_000).logs.len(), 1);
    // Unassigned bytes, truncated immediates, a HALT in an immediate.
    assert_eq!(halt(&[0xee]), Halt::InvalidOpcode);
    assert_eq!(halt(&hex("11 01 A0")), Halt::InvalidJump);
    // MSIZE counts words.
    assert_eq!(top(&hex("11 2A 11 01 81 83")), Word::from(64));
    // Hashing memory pays for it: 3 + 3 + 30, 32 words of memory and 32 of hashing.
    let done = run(&contain(&hex("12 03E8 11 00 70")), &[], 100_000);
    assert_eq!(done.gas_used, 36 + (3 * 32 + 2) + 6 * 32);
}
