//! EVM contracts through sessions: deployed, called, called by other engines and calling them.

use revm_bytecode::opcode::{
    ADD, ADDRESS, CALL, CALLDATALOAD, CALLDATASIZE, CALLER, CALLVALUE, CODECOPY, CREATE, CREATE2,
    DELEGATECALL, GAS, INVALID, JUMP, JUMPDEST, MLOAD, MSTORE, ORIGIN, POP, PUSH0, SELFDESTRUCT, SSTORE,
    STATICCALL, SUB,
};
use zvm::crypto::address::{create_address, create2_address};
use zvm::crypto::hash::keccak256;
use zvm::{Address, Deploy, EngineKind, Halt, Interrupt, Outcome, Revision, Status, Terms, Word, Write};

use crate::code::Code;
use crate::world::{
    ALICE, FIRST, SECOND, THIRD, block, call, commit, ledger, place, runtime, slot, transact, transaction,
    with,
};

const GAS_LIMIT: u64 = 10_000_000;

fn deploy(code: &[u8], salt: Option<Word>) -> Deploy {
    let terms = Terms { gas_limit: GAS_LIMIT, ..Terms::default() };
    Deploy { code: code.into(), salt, ..Deploy::by(ALICE, terms) }
}

#[test]
fn a_contract_is_what_its_initcode_returns_and_is_found_where_ethereum_puts_it() {
    let runtime = runtime(Revision::default());
    let mut ledger = ledger();
    let mut session = runtime.session(&mut ledger, block());
    let count = Code::new().load(0).push(1).op(ADD).keep(0).load(0).return_top();
    let initcode = count.initcode();
    let first = session.deploy(&deploy(&initcode, None)).unwrap();
    assert_eq!(first.outcome, Outcome::Success);
    let address = first.created.unwrap();
    assert_eq!(address, create_address(&ALICE, 0));
    let salted = session.deploy(&deploy(&initcode, Some(Word::from(5)))).unwrap();
    assert_eq!(salted.created, Some(create2_address(&ALICE, &Word::from(5), &keccak256(&initcode))));
    for expected in 1..=3 {
        let done = session.call(&call(address, 100_000)).unwrap();
        assert_eq!((done.outcome, done.output), (Outcome::Success, Word::from(expected).0.to_vec()));
    }
    commit(session);
    let account = ledger.account_at(&address).unwrap();
    assert_eq!((account.nonce, account.engine), (1, Some(EngineKind::Evm)));
    assert_eq!(account.code_hash, keccak256(&count.bytes()));
    assert_eq!(slot(&ledger, address, 0), Word::from(3));
}

#[test]
fn the_input_of_a_deploy_follows_the_initcode() {
    let runtime = runtime(Revision::default());
    let mut ledger = ledger();
    let mut session = runtime.session(&mut ledger, block());
    // Stores the word behind itself, and returns no code.
    let head = Code::new().push(32).push(12).push(0).op(CODECOPY);
    let initcode = head.push(0).op(MLOAD).op(PUSH0).op(SSTORE).bytes();
    assert_eq!(initcode.len(), 12);
    let input = Word::from(77);
    let done = session.deploy(&Deploy { input: input.0.to_vec(), ..deploy(&initcode, None) }).unwrap();
    assert_eq!(done.outcome, Outcome::Success);
    commit(session);
    assert_eq!(slot(&ledger, create_address(&ALICE, 0), 0), input);
}

#[test]
fn the_code_of_a_contract_whose_creating_parent_reverts_is_undone() {
    // Before EIP-161 nothing of a new account changes but its code.
    for revision in [Revision::TangerineWhistle, Revision::default()] {
        let runtime = runtime(revision);
        // The second creates a contract of one byte and fails; the first goes on and looks.
        let child = Code::new().op(JUMPDEST).initcode();
        let create = Code::new().memory(0, &child).push(child.len() as u64).push(0).push(0).op(CREATE);
        let create = if revision < Revision::Byzantium { create.op(INVALID) } else { create.revert() };
        let parent = Code::new().call(&SECOND, 0).keep(0).store(1, 1);
        let mut ledger = with(&[(FIRST, parent), (SECOND, create)]);
        let mut session = runtime.session(&mut ledger, block());
        let done = session.call(&call(FIRST, GAS_LIMIT)).unwrap();
        assert_eq!(done.outcome, Outcome::Success);
        let changes = session.changes().unwrap().list;
        assert!(!changes.iter().any(|change| matches!(change.write, Write::Code { .. })), "{changes:?}");
        commit(session);
        let created = create_address(&SECOND, 1);
        assert_eq!((slot(&ledger, FIRST, 0), slot(&ledger, FIRST, 1)), (Word::ZERO, Word::from(1)));
        assert_eq!(ledger.account_at(&created), None);
        assert_eq!(ledger.account_at(&SECOND).unwrap().nonce, 1);
    }
}

#[test]
fn calls_nest_to_1024_on_a_thread_of_256_kib() {
    // Adds 1 to what it was given, calls itself with that, and stores it under what it was given.
    let code = Code::new().push(0).op(CALLDATALOAD).push(1).op(ADD).push(0).op(MSTORE);
    // Frontier passes all gas on that is asked for, so that depth and not gas is the end.
    let gas = |code: Code| code.push(50_000).op(GAS).op(SUB);
    let code = gas(code.push(0).push(0).push(32).push(0).push(0).op(ADDRESS)).op(CALL).op(POP);
    let code = code.push(0).op(MLOAD).push(0).op(CALLDATALOAD).op(SSTORE);
    let thread = std::thread::Builder::new().stack_size(256 << 10);
    let deepest = thread.spawn(move || {
        let runtime = runtime(Revision::Frontier);
        let mut ledger = with(&[(FIRST, code)]);
        let mut session = runtime.session(&mut ledger, block());
        let done = session.call(&call(FIRST, 1 << 40)).unwrap();
        assert_eq!(done.outcome, Outcome::Success);
        commit(session);
        ledger.entries(&FIRST).count()
    });
    assert_eq!(deepest.unwrap().join().unwrap(), 1025);
}

#[test]
fn a_loop_without_end_stops_at_an_interrupt_and_leaves_nothing() {
    let runtime = runtime(Revision::default());
    let endless = Code::new().store(0, 1).op(JUMPDEST).push(5).op(JUMP);
    let mut ledger = with(&[(FIRST, endless)]);
    let mut session = runtime.session(&mut ledger, block());
    let interrupt = Interrupt::new();
    let mut endless = call(FIRST, 1_000_000_000_000_000);
    endless.terms.interrupt = Some(interrupt.clone());
    let firing = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(50));
        interrupt.fire();
    });
    assert_eq!(session.call(&endless).unwrap_err().status, Status::Cancelled);
    firing.join().unwrap();
    assert!(session.changes().unwrap().is_empty());
    endless.terms.interrupt = None;
    endless.terms.time_limit = Some(std::time::Duration::from_millis(50));
    assert_eq!(session.call(&endless).unwrap_err().status, Status::Deadline);
    assert!(session.changes().unwrap().is_empty());
}

/// A WASM contract that passes its input's first byte on as the way to call the address behind it, and
/// keeps 7 in an entry before it does.
const CALLER_WASM: &str = r#"(module
    (import "zvm" "input_copy" (func $input (param i32 i32 i32)))
    (import "zvm" "storage_write" (func $write (param i32 i32 i32 i32)))
    (import "zvm" "call" (func $call (param i32 i32 i32 i32 i64) (result i32)))
    (import "zvm" "delegate_call" (func $delegate (param i32 i32 i32 i64) (result i32)))
    (import "zvm" "return_size" (func $size (result i32)))
    (import "zvm" "return_copy" (func $return (param i32 i32 i32)))
    (import "zvm" "set_output" (func $output (param i32 i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "key")
    (func (export "call") (result i32)
        (local $status i32)
        (call $write (i32.const 0) (i32.const 3) (i32.const 0) (i32.const 1))
        (call $input (i32.const 64) (i32.const 0) (i32.const 21))
        (if (i32.load8_u (i32.const 64))
            (then (local.set $status
                (call $delegate (i32.const 65) (i32.const 0) (i32.const 0) (i64.const 1000000))))
            (else (local.set $status
                (call $call (i32.const 65) (i32.const 128) (i32.const 0) (i32.const 0) (i64.const 1000000)))))
        (call $return (i32.const 256) (i32.const 0) (call $size))
        (i32.store8 (i32.const 255) (local.get $status))
        (call $output (i32.const 255) (i32.add (call $size) (i32.const 1)))
        (i32.const 0)))"#;

fn wasm() -> Vec<u8> {
    wat::parse_str(CALLER_WASM).unwrap()
}

/// The input of [`CALLER_WASM`].
fn ask(way: u8, to: Address) -> Vec<u8> {
    [&[way], &to.0[..]].concat()
}

#[test]
fn n050_wasm_calls_evm_calls_wasm_calls_evm_and_each_knows_its_caller() {
    let runtime = runtime(Revision::default());
    // The EVM contract in the middle calls the WASM contract again, which calls the last.
    let last = Code::new().op(CALLER).keep(0).op(ORIGIN).keep(1).store(2, 2).load(2).return_top();
    let input = ask(0, THIRD);
    let middle = Code::new().op(CALLER).keep(0).memory(0, &input);
    let middle = middle.push(0).push(0).push(21).push(0).push(0).push_address(&SECOND).op(GAS);
    let middle = middle.op(CALL).keep(1).op(CALLVALUE).return_top();
    let mut ledger = with(&[(FIRST, middle), (THIRD, last)]);
    place(&mut ledger, SECOND, wasm(), EngineKind::Wasm);
    let mut session = runtime.session(&mut ledger, block());
    let mut request = call(SECOND, GAS_LIMIT);
    request.input = ask(0, FIRST);
    let done = session.call(&request).unwrap();
    assert_eq!((done.outcome, done.output[0], done.output.len()), (Outcome::Success, 0, 33));
    assert_eq!(done.counters.depth, 4);
    commit(session);
    let word = |address: Address| {
        let mut word = Word::ZERO;
        word.0[12..].copy_from_slice(&address.0);
        word
    };
    assert_eq!((slot(&ledger, FIRST, 0), slot(&ledger, FIRST, 1)), (word(SECOND), Word::from(1)));
    assert_eq!((slot(&ledger, THIRD, 0), slot(&ledger, THIRD, 1)), (word(SECOND), word(ALICE)));
    assert_eq!(slot(&ledger, THIRD, 2), Word::from(2));
    assert!(ledger.storage_at(&SECOND, b"key").is_some());
}

#[test]
fn n046_a_revert_of_evm_code_takes_back_what_wasm_below_it_wrote_and_no_more() {
    let runtime = runtime(Revision::default());
    // Writes, calls WASM, which writes and calls the third, and reverts.
    let third = Code::new().store(0, 1);
    let reverting = Code::new().store(0, 1).memory(0, &ask(0, THIRD));
    let reverting = reverting.push(0).push(0).push(21).push(0).push(0).push_address(&SECOND).op(GAS);
    let reverting = reverting.op(CALL).revert();
    let outer = Code::new().store(0, 5).call(&FIRST, 0).keep(1);
    let outer_at = Address([4; 20]);
    let mut ledger = with(&[(FIRST, reverting), (THIRD, third), (outer_at, outer)]);
    place(&mut ledger, SECOND, wasm(), EngineKind::Wasm);
    let before = ledger.clone();
    let mut session = runtime.session(&mut ledger, block());
    let done = session.call(&call(outer_at, GAS_LIMIT)).unwrap();
    assert_eq!((done.outcome, done.counters.depth), (Outcome::Success, 4));
    commit(session);
    assert_eq!(slot(&ledger, outer_at, 0), Word::from(5));
    for contract in [FIRST, SECOND, THIRD] {
        assert!(ledger.entries(&contract).eq(before.entries(&contract)), "{contract}");
    }
}

#[test]
fn n048_a_delegate_call_into_another_engine_is_refused_from_both_sides() {
    let runtime = runtime(Revision::default());
    let evm = Code::new().memory(0, &ask(0, THIRD)).call_by(DELEGATECALL, &SECOND, 21).keep(0).store(1, 1);
    let mut ledger = with(&[(FIRST, evm), (THIRD, Code::new().store(0, 1))]);
    place(&mut ledger, SECOND, wasm(), EngineKind::Wasm);
    let mut session = runtime.session(&mut ledger, block());
    let done = session.call(&call(FIRST, GAS_LIMIT)).unwrap();
    // Refused, with the gas back: the frame could go on.
    assert_eq!(done.outcome, Outcome::Success);
    assert!(done.gas_used < 100_000, "{}", done.gas_used);
    let mut request = call(SECOND, GAS_LIMIT);
    request.input = ask(1, THIRD);
    let done = session.call(&request).unwrap();
    // 2 is a halt.
    assert_eq!((done.outcome, done.output), (Outcome::Success, vec![2]));
    commit(session);
    assert_eq!((slot(&ledger, FIRST, 0), slot(&ledger, FIRST, 1)), (Word::ZERO, Word::from(1)));
    assert_eq!(slot(&ledger, THIRD, 0), Word::ZERO);
}

#[test]
fn n049_a_static_call_holds_through_wasm() {
    let runtime = runtime(Revision::default());
    let evm = Code::new().memory(0, &ask(0, THIRD)).call_by(STATICCALL, &SECOND, 21).keep(0).store(1, 1);
    let mut ledger = with(&[(FIRST, evm), (THIRD, Code::new().store(0, 1))]);
    place(&mut ledger, SECOND, wasm(), EngineKind::Wasm);
    let mut session = runtime.session(&mut ledger, block());
    let done = session.call(&call(FIRST, GAS_LIMIT)).unwrap();
    assert_eq!(done.outcome, Outcome::Success);
    commit(session);
    assert_eq!((slot(&ledger, FIRST, 0), slot(&ledger, FIRST, 1)), (Word::ZERO, Word::from(1)));
    assert_eq!((ledger.entries(&SECOND).count(), slot(&ledger, THIRD, 0)), (0, Word::ZERO));
}

#[test]
fn a_contract_has_no_other_entry_than_its_code() {
    let runtime = runtime(Revision::default());
    let mut ledger = with(&[(FIRST, Code::new().store(0, 1))]);
    let mut session = runtime.session(&mut ledger, block());
    let mut named = call(FIRST, GAS_LIMIT);
    named.entry = "transfer".into();
    assert_eq!(session.call(&named).unwrap().outcome, Outcome::Halt(Halt::NoEntry));
    assert_eq!(session.call(&call(THIRD, GAS_LIMIT)).unwrap().outcome, Outcome::Halt(Halt::NoCode));
}

#[test]
fn a_contract_that_was_made_and_destroyed_in_one_transaction_is_gone_and_an_older_one_stays() {
    let runtime = runtime(Revision::Cancun);
    let child = Code::new().push_address(&THIRD).op(SELFDESTRUCT);
    let initcode = Code::new().store(0, 1).bytes();
    let initcode = [initcode, child.clone().initcode()].concat();
    let made = create_address(&FIRST, 1);
    let maker = Code::new().memory(0, &initcode).push(initcode.len() as u64).push(0).push(9).op(CREATE);
    let maker = maker.op(POP).call(&made, 0).keep(0).call(&SECOND, 0).keep(1);
    let mut ledger = with(&[(FIRST, maker), (SECOND, child)]);
    let mut session = runtime.session(&mut ledger, block());
    let done = session.call(&call(FIRST, GAS_LIMIT)).unwrap();
    assert_eq!(done.outcome, Outcome::Success);
    commit(session);
    assert_eq!((slot(&ledger, FIRST, 0), slot(&ledger, FIRST, 1)), (Word::from(1), Word::from(1)));
    assert_eq!((ledger.account_at(&made), ledger.entries(&made).count()), (None, 0));
    let older = ledger.account_at(&SECOND).unwrap();
    assert!(older.has_code() && older.balance.is_zero());
    assert_eq!(ledger.account_at(&THIRD).unwrap().balance, Word::from(109));
}

#[test]
fn before_cancun_a_destroyed_contract_leaves_with_its_storage() {
    let runtime = runtime(Revision::London);
    let mut ledger = with(&[(FIRST, Code::new().store(1, 1).op(CALLER).op(SELFDESTRUCT))]);
    ledger.set_storage(FIRST, Word::from(5).0, Word::from(6).0);
    let mut session = runtime.session(&mut ledger, block());
    assert_eq!(session.call(&call(FIRST, GAS_LIMIT)).unwrap().outcome, Outcome::Success);
    // Gone for the next transaction of the session too.
    assert_eq!(session.call(&call(FIRST, GAS_LIMIT)).unwrap().outcome, Outcome::Halt(Halt::NoCode));
    commit(session);
    assert_eq!((ledger.account_at(&FIRST), ledger.entries(&FIRST).count()), (None, 0));
}

#[test]
fn a_create2_takes_its_place_again_after_a_destruction_in_another_transaction() {
    let runtime = runtime(Revision::London);
    let child = Code::new().load(0).push(1).op(ADD).keep(0).op(CALLER).op(SELFDESTRUCT).initcode();
    let maker = Code::new().memory(0, &child).push(3).push(child.len() as u64).push(0).push(0).op(CREATE2);
    let made = create2_address(&FIRST, &Word::from(3), &keccak256(&child));
    let maker = maker.op(CALLDATASIZE).keep(0).call(&made, 0).keep(1);
    let mut ledger = with(&[(FIRST, maker)]);
    let mut session = runtime.session(&mut ledger, block());
    for nonce in 0..3 {
        let again = zvm::EthereumTransaction { nonce, ..transaction(Some(FIRST), 1_000_000) };
        assert_eq!(transact(&mut session, &again).outcome, Outcome::Success);
    }
    commit(session);
    assert_eq!(ledger.account_at(&made), None);
    assert_eq!(ledger.account_at(&FIRST).unwrap().nonce, 4);
}
