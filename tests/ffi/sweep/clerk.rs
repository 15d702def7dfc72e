//! A scenario that asks every callback there is, some of them several times.

use std::sync::Arc;

use zvm::crypto::hash::keccak256;
use zvm::ffi::binding::zvm_block;
use zvm::ffi::tables::zvm_query_op;

use super::scenario::{Scenario, Step, Transaction};
use crate::support::callbacks::put;
use crate::support::contracts::{imports, wat};
use crate::support::host::{Account, Hook, State};
use crate::support::structs::sized;
use crate::support::{address, word};

/// The host's answer to any question.
pub(super) fn answer() -> Hook<zvm_query_op> {
    Arc::new(|op| put(&mut op.answer, b"answer"))
}

/// Answers with the first bytes of its input.
fn other() -> Vec<u8> {
    wat(&format!(
        "(module {} (memory (export \"memory\") 1)
          (func (export \"call\")
            (drop (call $storage_read (i32.const 0) (i32.const 1) (i32.const 64) (i32.const 8)))
            (call $set_output (i32.const 0) (i32.const 3))))",
        imports(&["storage_read", "set_output"])
    ))
}

/// A contract that reads in its constructor.
pub(super) fn child() -> Vec<u8> {
    wat(&format!(
        "(module {} (memory (export \"memory\") 1)
          (func (export \"init\")
            (drop (call $storage_read (i32.const 0) (i32.const 1) (i32.const 64) (i32.const 8)))
            (call $storage_write (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 4)))
          (func (export \"call\")))",
        imports(&["storage_read", "storage_write"])
    ))
}

/// Keys at 0, addresses at 100 (the other contract) and 140 (a receiver), words at 200 (one) and
/// 232 (an answer), answers at 300, the child's code at 1024.
fn clerk() -> Vec<u8> {
    let child = child();
    let code: String = child.iter().map(|byte| format!("\\{byte:02x}")).collect();
    let names = [
        "storage_read",
        "storage_write",
        "storage_delete",
        "storage_next",
        "balance",
        "transfer",
        "code_hash",
        "block_hash",
        "call",
        "static_call",
        "delegate_call",
        "create",
        "query",
        "emit",
        "debug_log",
        "set_output",
        "transient_write",
    ];
    wat(&format!(
        "(module {imports} (memory (export \"memory\") 1)
          (data (i32.const 0) \"abcxyz\") (data (i32.const 119) \"\\03\") (data (i32.const 159) \"\\06\")
          (data (i32.const 231) \"\\01\") (data (i32.const 1024) \"{code}\")
          (func (export \"call\")
            (drop (call $storage_read (i32.const 0) (i32.const 1) (i32.const 300) (i32.const 64)))
            (drop (call $storage_read (i32.const 5) (i32.const 1) (i32.const 300) (i32.const 64)))
            (call $storage_write (i32.const 1) (i32.const 1) (i32.const 3) (i32.const 3))
            (drop (call $storage_delete (i32.const 2) (i32.const 1)))
            (drop (call $storage_next (i32.const 0) (i32.const 0) (i32.const 300) (i32.const 64)))
            (call $transient_write (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 1))
            (call $balance (i32.const 100) (i32.const 232))
            (drop (call $transfer (i32.const 140) (i32.const 200)))
            (drop (call $code_hash (i32.const 140) (i32.const 232)))
            (drop (call $block_hash (i64.const 6) (i32.const 232)))
            (drop (call $block_hash (i64.const 5) (i32.const 232)))
            (drop (call $call (i32.const 100) (i32.const 200) (i32.const 0) (i32.const 3) (i64.const 1000000)))
            (drop (call $static_call (i32.const 100) (i32.const 0) (i32.const 3) (i64.const 1000000)))
            (drop (call $delegate_call (i32.const 100) (i32.const 0) (i32.const 3) (i64.const 1000000)))
            (drop (call $create (i32.const 1024) (i32.const {len}) (i32.const 0) (i32.const 0) (i32.const 200) (i32.const 0)
              (i64.const 10000000) (i32.const 600)))
            (drop (call $query (i32.const 9) (i32.const 0) (i32.const 3) (i32.const 300) (i32.const 64)))
            (call $emit (i32.const 200) (i32.const 1) (i32.const 300) (i32.const 6))
            (call $debug_log (i32.const 0) (i32.const 6))
            (call $set_output (i32.const 300) (i32.const 6))))",
        imports = imports(&names),
        len = child.len(),
    ))
}

/// The clerk is the contract of address 2, the other of address 3.
pub(super) fn scenario() -> Scenario {
    let mut state = State::default();
    for (place, code) in [(2, clerk()), (3, other())] {
        let code_hash = keccak256(&code).0;
        state
            .accounts
            .insert(address(place), Account { balance: word(1000), nonce: 1, code_hash, engine: 0 });
        state.codes.insert(code_hash, code);
    }
    state
        .accounts
        .insert(address(1), Account { balance: word(500), nonce: 3, code_hash: [0; 32], engine: 0 });
    for key in [b"a", b"c", b"m"] {
        state.storage.insert((address(2), key.to_vec()), vec![key[0]; 300]);
    }
    // Enough for a second page.
    for number in 0..70u8 {
        state.storage.insert((address(2), vec![0, number]), vec![number]);
    }
    state.block_hashes.insert(6, word(66));
    let call = |value: u64| Transaction {
        caller: address(1),
        target: address(2),
        value: word(value),
        gas_limit: 100_000_000,
        ..Transaction::default()
    };
    let deploy = Transaction { code: child(), salt: Some(word(5)), ..call(1) };
    let broken = Transaction { code: b"\0asm".to_vec(), ..call(1) };
    let steps = vec![
        Step::Prefetch(address(2), vec![b"a".to_vec(), b"c".to_vec(), b"none".to_vec()]),
        Step::Call(call(10)),
        Step::Mark("first".into()),
        Step::Deploy(deploy),
        Step::Query(call(0)),
        Step::Rollback("first".into()),
        Step::Deploy(broken),
        Step::Commit,
        Step::Call(call(0)),
    ];
    Scenario {
        name: "the clerk".into(),
        options: Vec::new(),
        deny_floats: false,
        admission: 1,
        answers_in_op: false,
        block: zvm_block { number: 7, ..sized() },
        state,
        steps,
    }
}
