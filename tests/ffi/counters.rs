//! n086, n028, n066, n067: counters near their ends. Where a host supplies the figure it starts
//! there: nonces, balances, heights, surcharges, prices. What only counts up inside the library and has
//! no seam (calls of a runtime, commits, savepoints and transactions of a session, session numbers) is
//! a u64 that begins at 0 or 1: at a call a nanosecond it would take centuries, and no test waits.

use std::sync::Arc;

use zvm::ffi::binding::zvm_block;
use zvm::ffi::config::ZVM_CONFIG_ALLOW_KEM;
use zvm::ffi::tables::ZVM_CB_DONE;
use zvm::{Halt, Kind, Limits, Schedule, Status};

use crate::support::contracts::{imports, wat};
use crate::support::host::Account;
use crate::support::structs::{call, deploy, sized, view};
use crate::support::{Host, Runtime, Session, address, word};

const MOST: [u8; 32] = [0xff; 32];

/// A host where this account has these figures.
fn host_with(account: u8, balance: [u8; 32], nonce: u64) -> Arc<Host> {
    let host = Host::new();
    host.inside().state.accounts.insert(address(account), Account { balance, nonce, ..Account::default() });
    host
}

#[test]
fn n086_a_nonce_ends_with_64_bits_and_does_not_wrap() {
    let (runtime, code) = (Runtime::new(), wat("(module)"));
    for (nonce, halt) in [(u64::MAX - 1, 0), (u64::MAX, Halt::NonceOverflow as u32)] {
        let session = Session::new(&runtime, &host_with(1, word(0), nonce));
        let outcome = session.deploy(&deploy(&code)).expect("an outcome");
        assert_eq!(outcome.halt, halt, "nonce {nonce}");
        assert_eq!(outcome.created.is_some(), halt == 0);
        assert_eq!(session.changes().expect("changes").is_empty(), halt != 0);
    }
}

#[test]
fn n066_n067_balances_end_with_256_bits_and_do_not_wrap() {
    let runtime = Runtime::new();
    let code = wat("(module (func (export \"call\")))");
    for (payer, payee, amount, halt) in [
        (MOST, word(0), MOST, 0),
        (MOST, word(1), MOST, Halt::BalanceOverflow as u32),
        (word(1), MOST, word(1), Halt::BalanceOverflow as u32),
        (word(0), MOST, word(1), Halt::InsufficientBalance as u32),
        (MOST, MOST, word(0), 0),
    ] {
        let host = host_with(1, payer, 0);
        host.contract(address(2), &code);
        host.balance(address(2), payee);
        let session = Session::new(&runtime, &host);
        let mut paying = call(address(2), b"");
        paying.value.bytes = amount;
        assert_eq!(session.call(&paying).expect("an outcome").halt, halt, "{payer:?} {payee:?} {amount:?}");
        // To itself, anything that is there.
        host.contract(address(1), &code);
        let session = Session::new(&runtime, &host);
        paying.target.bytes = address(1);
        let covered = amount <= payer;
        assert_eq!(session.call(&paying).expect("an outcome").halt == 0, covered);
        assert_eq!(session.changes().expect("changes"), []);
    }
}

#[test]
fn n086_the_last_block_there_can_be() {
    let (runtime, host) = (Runtime::new(), Host::new());
    host.contract(
        address(2),
        &wat(&format!(
            "(module {} (memory (export \"memory\") 1)
          (func (export \"call\")
            (i64.store (i32.const 0) (call $block_number))
            (i64.store (i32.const 8) (call $block_timestamp))
            (drop (call $block_hash (i64.const -2) (i32.const 16)))
            (call $set_output (i32.const 0) (i32.const 48))))",
            imports(&["block_number", "block_timestamp", "block_hash", "set_output"])
        )),
    );
    host.inside().state.block_hashes.insert(u64::MAX - 1, [7; 32]);
    let mut block: zvm_block = sized();
    (block.number, block.timestamp, block.gas_limit) = (u64::MAX, u64::MAX, u64::MAX);
    (block.chain_id.bytes, block.base_fee.bytes) = (MOST, MOST);
    let outcome =
        Session::in_block(&runtime, &host, &block).call(&call(address(2), b"")).expect("an outcome");
    assert_eq!(outcome.data, [[0xff; 16].as_slice(), &[7; 32]].concat());
}

#[test]
fn n086_a_surcharge_without_end_is_out_of_gas() {
    let (runtime, host) = (Runtime::new(), Host::new());
    host.contract(
        address(2),
        &wat(&format!(
            "(module {} (memory (export \"memory\") 1) (func (export \"call\") (drop (call $query
            (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))))",
            imports(&["query"])
        )),
    );
    let session = Session::new(&runtime, &host);
    let plain = session.query(&call(address(2), b"")).expect("an outcome").gas_used;
    for (charge, halt) in [(1, 0), (u64::MAX, Halt::OutOfGas as u32), (1 << 63, Halt::OutOfGas as u32)] {
        host.inside().query = Some(Arc::new(move |op| {
            op.op.gas_charge = charge;
            ZVM_CB_DONE
        }));
        let outcome = session.query(&call(address(2), b"")).expect("an outcome");
        assert_eq!(outcome.halt, halt);
        assert_eq!(outcome.gas_used, if halt == 0 { plain + charge } else { 100_000_000 });
    }
}

/// A contract that makes the library multiply every price it has; with `forwards` those of calls,
/// whose gas depends on what there is.
fn everything(forwards: bool) -> Vec<u8> {
    let forwarding = match forwards {
        false => "",
        true => "(drop (call $call (i32.const 0) (i32.const 64) (i32.const 0) (i32.const 99) (i64.const 1000)))
            (drop (call $create (i32.const 0) (i32.const 99) (i32.const 0) (i32.const 99) (i32.const 64) (i32.const 0)
              (i64.const 100000) (i32.const 0)))
            (drop (call $call (i32.const 300) (i32.const 64) (i32.const 0) (i32.const 0) (i64.const 1000)))",
    };
    let trapping: String = address(3).iter().map(|byte| format!("\\{byte:02x}")).collect();
    let verified: String = [1, 2, 3, 4, 5, 16, 17, 18, 24, 25, 26]
        .map(|algorithm| {
            format!(
        "(drop (call $verify (i32.const {algorithm}) (i32.const 0) (i32.const 99) (i32.const 0) (i32.const 99)
          (i32.const 0) (i32.const 99)))"
    )
        })
        .concat();
    let aggregated: String = [0, 1].map(|same| format!(
        "(drop (call $verify_aggregate (i32.const 5) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 2) (i32.const {same})))"
    )).concat();
    let opened: String = [32, 33, 34].map(|set| format!(
        "(drop (call $kem_decapsulate (i32.const {set}) (i32.const 0) (i32.const 99) (i32.const 0) (i32.const 99) (i32.const 0)))"
    )).concat();
    wat(&format!(
        "(module {} (memory (export \"memory\") 3 200) (data (i32.const 300) \"{trapping}\") (table 2 funcref) (elem (i32.const 0) $leaf $leaf)
          (func $leaf (param i64) (result i64) (local i64 i64 i64) (i64.div_u (local.get 0) (i64.const 3)))
          (func (export \"init\") (call $storage_write (i32.const 0) (i32.const 9) (i32.const 0) (i32.const 99)))
          (func (export \"call\") (local f64)
            (drop (call $leaf (i64.load (i32.const 0))))
            (drop (call_indirect (param i64) (result i64) (i64.const 7) (i32.const 1)))
            (local.set 0 (f64.div (f64.add (local.get 0) (f64.const 1)) (f64.sqrt (f64.const 2))))
            (block (block (block (br_table 0 1 2 (i32.const 1)))))
            (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))
            (memory.fill (i32.const 0) (i32.const 0) (i32.const 100))
            (memory.copy (i32.const 100) (i32.const 0) (i32.const 100))
            (drop (memory.grow (i32.const 150)))
            (call $storage_write (i32.const 0) (i32.const 9) (i32.const 0) (i32.const 99))
            (drop (call $storage_read (i32.const 0) (i32.const 9) (i32.const 0) (i32.const 99)))
            (drop (call $storage_next (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
            (drop (call $storage_delete (i32.const 0) (i32.const 9)))
            (call $transient_write (i32.const 0) (i32.const 9) (i32.const 0) (i32.const 9))
            (call $emit (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 99))
            (call $debug_log (i32.const 0) (i32.const 99))
            (call $keccak256 (i32.const 0) (i32.const 99) (i32.const 0))
            (call $sha256 (i32.const 0) (i32.const 99) (i32.const 0))
            (call $sha3_256 (i32.const 0) (i32.const 99) (i32.const 0))
            (call $blake3 (i32.const 0) (i32.const 99) (i32.const 0))
            (call $blake2b_256 (i32.const 0) (i32.const 99) (i32.const 0))
            (call $ripemd160 (i32.const 0) (i32.const 99) (i32.const 0))
            {verified} {aggregated} {opened}
            (drop (call $recover (i32.const 0) (i32.const 0) (i32.const 0)))
            (memory.fill (i32.const 0) (i32.const 0) (i32.const 100))
            (drop (call $transfer (i32.const 0) (i32.const 32)))
            (drop (call $block_hash (i64.const 1) (i32.const 0)))
            (call $balance (i32.const 0) (i32.const 0))
            (drop (call $query (i32.const 0) (i32.const 0) (i32.const 99) (i32.const 0) (i32.const 0)))
            {forwarding}
            (call $set_output (i32.const 0) (i32.const 99))))",
        imports(&[
            "storage_write", "storage_read", "storage_next", "storage_delete", "transient_write", "emit", "debug_log", "keccak256", "sha256",
            "sha3_256", "blake3", "blake2b_256", "ripemd160", "verify", "verify_aggregate", "kem_decapsulate",
            "recover", "transfer", "block_hash", "balance", "query", "call", "create", "set_output",
        ])
    ))
}

#[test]
fn n028_no_price_is_too_high_to_be_counted() {
    let code = everything(true);
    let run = |options: &[(&str, u64)], what: &str| {
        let runtime = Runtime::with(options, |config| config.flags = ZVM_CONFIG_ALLOW_KEM);
        let host = Host::new();
        host.contract(address(2), &code);
        host.contract(address(3), &wat("(module (func (export \"call\") unreachable))"));
        let session = Session::new(&runtime, &host);
        let mut outcomes = Vec::new();
        for call in [call(address(2), b"")] {
            match session.call(&call) {
                Ok(outcome) => outcomes.push(outcome),
                // A price may make code impossible; it may not break the machine.
                Err(failure) => assert!((100..200).contains(&failure.status), "{what}: {failure:?}"),
            }
        }
        match session.deploy(&deploy(&code)) {
            Ok(outcome) => outcomes.push(outcome),
            Err(failure) => assert!((100..200).contains(&failure.status), "{what}: {failure:?}"),
        }
        for outcome in &outcomes {
            let ended = [Kind::Success as u32, Kind::OutOfGas as u32].contains(&outcome.kind);
            assert!(ended && outcome.gas_used + outcome.gas_left >= 100_000_000, "{what}: {outcome:?}");
        }
        outcomes
    };
    let honest = run(&[], "as it is");
    assert!(honest.len() == 2 && honest.iter().all(|outcome| outcome.kind == 0), "{honest:?}");
    for (name, _) in Schedule::default().figures() {
        for price in
            [0, 1 << 31, 1 << 32, 1 << 61, i64::MAX as u64, 1 << 63, u64::MAX / 2, u64::MAX - 1, u64::MAX]
        {
            let option = format!("gas.{name}");
            let outcomes = run(&[(&option, price)], &format!("{option} = {price}"));
            let spares = ["storage_delete_refund", "refund_divisor", "revert"].contains(&name)
                || (name.starts_with("dilithium") && !cfg!(feature = "dilithium-round3"));
            if price >= 1 << 61 && !spares {
                let ran_out = outcomes.iter().any(|outcome| outcome.kind == Kind::OutOfGas as u32);
                assert!(ran_out || outcomes.len() < 2, "{option} = {price} was not asked: {outcomes:?}");
            }
        }
    }
}

#[test]
fn n028_no_limit_is_too_high_or_too_low_to_be_kept() {
    let code = everything(true);
    for (name, figure) in Limits::default().figures() {
        let most = if name == "gas" { u64::MAX } else { u32::MAX.into() };
        for limit in [0, 1, figure - 1, figure + 1, most - 1, most] {
            let option = format!("limit.{name}");
            let (runtime, host) = (Runtime::with(&[(&option, limit)], |_| ()), Host::new());
            host.contract(address(2), &code);
            let session = Session::new(&runtime, &host);
            let mut low = call(address(2), &[7; 64]);
            low.gas_limit = limit.min(100_000_000);
            for done in
                [session.call(&call(address(2), b"x")), session.query(&low), session.deploy(&deploy(&code))]
            {
                let Err(failure) = done else { continue };
                let known = (100..200).contains(&failure.status)
                    || [Status::Limit as i32, Status::Host as i32].contains(&failure.status);
                assert!(known, "{option} = {limit}: {failure:?}");
            }
            let _ = session.prefetch(address(2), &[b"k".to_vec()]);
            session.commit().unwrap_or_else(|failure| panic!("{option} = {limit}: {failure:?}"));
        }
    }
}

#[test]
fn n024_gas_used_and_left_are_the_limit_for_every_end() {
    let (runtime, host) = (Runtime::new(), Host::new());
    host.contract(address(2), &everything(false));
    let session = Session::new(&runtime, &host);
    let needed = session.query(&call(address(2), b"")).expect("an outcome");
    let most = needed.gas_used + needed.gas_refund;
    for limit in [0, 1, most / 2, most - 1, most, most + 1, 1_000_000_000_000_000] {
        let mut limited = call(address(2), b"");
        limited.gas_limit = limit;
        for entry in ["", "nothing", "init"] {
            limited.entry = view(entry.as_bytes());
            let outcome = session.query(&limited).expect("an outcome");
            assert_eq!(outcome.gas_used + outcome.gas_left, limit, "{entry}: {outcome:?}");
            assert!(outcome.gas_refund <= (outcome.gas_used + outcome.gas_refund) / 5);
            if entry.is_empty() {
                assert_eq!(outcome.kind == 0, limit >= most, "n032: {limit} of {most}");
            }
        }
    }
}
