//! HOST: any host function of the one table, with its scalars on the stack.

use zvm::host::table::ROWS;
use zvm::{EngineKind, Execution, Halt, MemoryLedger, Outcome, Schedule, Word};

use crate::world::{CONTRACT, PLENTY, call_of, contain, halt, hex, place, program, run, runtime};

/// Ends with the word on top as the output.
const ANSWER: &str = "
    push 4000
    mstore
    push 32
    push 4000
    return";

fn output(text: &str) -> Word {
    let done = run(&program(&format!("{text}{ANSWER}")), &[1, 2, 3], PLENTY);
    assert_eq!(done.outcome, Outcome::Success, "{text}");
    Word(done.output.try_into().expect("a word"))
}

fn ends(text: &str) -> Execution {
    run(&program(text), &[1, 2, 3], 1_000_000)
}

#[test]
fn a_result_is_a_word() {
    assert_eq!(output("host input_size"), Word::from(3));
    assert_eq!(output("host block_number"), Word::ZERO);
    // -1: there is no randomness. The word is one whose every bit is set.
    assert_eq!(output("push 0 \n mload \n pop \n push 0 \n host randomness"), Word::MAX);
    // Nothing comes back of what gives nothing.
    assert_eq!(output("push 7 \n push 0 \n mload \n pop \n push 0 \n host caller"), Word::from(7));
}

#[test]
fn its_price_is_the_rows_and_two() {
    let gas = |text: &str| ends(text).gas_used;
    let context = Schedule::default().context;
    assert_eq!(gas("host gas_left"), 2 + context);
    let left = "host gas_left \n push 0 \n mstore \n push 32 \n push 0 \n return";
    assert_eq!(ends(left).output, Word::from(1_000_000 - 2 - context).0);
    let left = "gas \n push 0 \n mstore \n push 32 \n push 0 \n return";
    assert_eq!(ends(left).output, Word::from(1_000_000 - 2).0);
}

#[test]
fn words_and_bytes_are_one_storage() {
    // SSTORE, then storage_read of the same 32-byte key; then storage_write, then SLOAD.
    let text = "push 42 \n push 1 \n sstore
        push 1 \n push 0 \n mstore \n push 64 \n mload \n pop
        push 32 \n push 32 \n push 32 \n push 0 \n host storage_read
        pop \n push 32 \n mload";
    assert_eq!(output(text), Word::from(42));
    let text = "push 1 \n push 0 \n mstore \n push 77 \n push 32 \n mstore
        push 32 \n push 32 \n push 32 \n push 0 \n host storage_write
        push 1 \n sload";
    assert_eq!(output(text), Word::from(77));
    // Another length: the last 32 bytes, padded on the left.
    let text = "push 1 \n push 0 \n mstore \n push 77 \n push 32 \n mstore
        push 1 \n push 63 \n push 32 \n push 0 \n host storage_write
        push 1 \n sload";
    assert_eq!(output(text), Word::from(77));
}

#[test]
fn what_it_ends_with() {
    let done = ends("push 5 \n push 31 \n mstore8 \n push 1 \n push 31 \n host set_output \n halt");
    assert_eq!((done.outcome, done.output), (Outcome::Success, vec![5]));
    let done = ends("push 5 \n push 31 \n mstore8 \n push 1 \n push 31 \n host revert");
    assert_eq!((done.outcome, done.output), (Outcome::Revert, vec![5]));
    assert!(done.gas_left > 990_000, "a revert keeps its gas");
}

#[test]
fn n060_regions_must_be_there_and_may_overlap() {
    // Memory has as many bytes as were touched.
    for (touched, halt) in [(0, Halt::BadPointer), (1, Halt::BadPointer)] {
        let text =
            format!("push {touched} \n push 0 \n mstore8 \n push 32 \n push 1 \n push 0 \n host sha256");
        assert_eq!(ends(&text).outcome, Outcome::Halt(halt));
    }
    // A region that ends exactly where memory ends, and the hash over its own message.
    let text = "push 7 \n push 0 \n mstore \n push 0 \n push 32 \n push 0 \n host sha256 \n push 0 \n mload";
    assert_eq!(output(text).0, zvm::crypto::hash::sha256(&Word::from(7).0).0);
    // A value read over its own key.
    let text = "push 9 \n push 1 \n sstore \n push 1 \n push 0 \n mstore
        push 32 \n push 0 \n push 32 \n push 0 \n host storage_read \n pop \n push 0 \n mload";
    assert_eq!(output(text), Word::from(9));
}

#[test]
fn what_is_no_scalar_is_a_halt() {
    for (row, place) in ROWS.iter().flat_map(|row| (0..row.scalars.len()).map(move |place| (row, place))) {
        // The first scalar is on top: all are 0 but one, which fits nothing.
        let pushes = (0..row.scalars.len())
            .rev()
            .map(|at| if at == place { "16".to_owned() + &"ff".repeat(32) } else { "1100".to_owned() });
        let code = format!("{}d9{:04x}", pushes.collect::<String>(), row.number);
        assert_eq!(halt(&hex(&code)), Halt::BadInput, "{}, scalar {place}", row.name);
    }
}

#[test]
fn every_row_can_be_called_and_ends() {
    let runtime = runtime();
    for row in ROWS {
        for word in ["1100", "1101", "13ffffffff", "1120"] {
            let code = format!("1101120fff82{}d9{:04x}", word.repeat(row.scalars.len()), row.number);
            let mut ledger = MemoryLedger::new();
            place(&mut ledger, CONTRACT, EngineKind::Zvm, &contain(&hex(&code)));
            let mut session = runtime.session(&mut ledger, zvm::Block::default());
            let done =
                session.call(&call_of(CONTRACT, &[], 1_000_000)).expect("code alone cannot make us fail");
            assert_eq!(done.gas_left + done.gas_used, 1_000_000, "{}", row.name);
        }
    }
    // What is not in the table is no instruction.
    for number in (0..=0xffff).step_by(97).filter(|number| ROWS.iter().all(|row| row.number != *number)) {
        assert_eq!(halt(&hex(&format!("d9{number:04x}"))), Halt::InvalidOpcode);
    }
}

#[test]
fn n049_a_static_frame_writes_by_no_host_function() {
    for row in ROWS.iter().filter(|row| row.effect == zvm::host::table::Effect::Write) {
        let code = hex(&format!("{}d9{:04x}", "1100".repeat(row.scalars.len()), row.number));
        let mut ledger = MemoryLedger::new();
        place(&mut ledger, CONTRACT, EngineKind::Zvm, &contain(&code));
        let runtime = runtime();
        let mut session = runtime.session(&mut ledger, zvm::Block::default());
        let call = zvm::Call { is_static: true, ..call_of(CONTRACT, &[], 1_000_000) };
        let done = session.call(&call).expect("a kind ledger");
        assert_eq!(done.outcome, Outcome::Halt(Halt::StaticWrite), "{}", row.name);
    }
}
