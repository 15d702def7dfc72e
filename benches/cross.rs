//! Nanoseconds of a call from contract to contract, for every pair of engines. `make bench-cross` prints them and
//! writes target/bench/cross.json.
//!
//! The callee returns at once, so what is left is the call: the frame, its journal, and the way back. The
//! caller's loop is in the figure, and takes a hundredth of it.

use std::fmt::Write;
use std::time::Instant;

use zvm::crypto::hash::keccak256;
use zvm::engine::zvm::assembly::assemble;
use zvm::{
    Account, Address, Block, Call, Config, EngineKind, MemoryLedger, Outcome, Runtime, Session, Terms,
};

const ENGINES: [(EngineKind, &str); 3] =
    [(EngineKind::Wasm, "wasm"), (EngineKind::Evm, "evm"), (EngineKind::Zvm, "zvm")];
const CALLEE: Address = Address([0xca; 20]);
/// Calls that the callers make: the difference is what is measured.
const FEW: u32 = 1;
const MANY: u32 = 20_001;
/// Runs, of which the fastest counts: nothing makes a run faster than it is.
const RUNS: usize = 25;

fn main() {
    let mut rows = String::new();
    for (from, caller) in ENGINES {
        for (to, callee) in ENGINES {
            let each = measure(from, to);
            println!("{:<20}{each:>6.0} ns", format!("cross.{caller}_{callee}"));
            let comma = if rows.is_empty() { "" } else { ",\n" };
            write!(
                rows,
                "{comma}  {{\"name\": \"cross.{caller}_{callee}\", \"value\": {each:.1}, \"unit\": \"ns\", \
                 \"peer\": null, \"peer_value\": null, \"ratio\": null}}"
            )
            .expect("text");
        }
    }
    std::fs::create_dir_all("target/bench").expect("a folder");
    std::fs::write("target/bench/cross.json", format!("[\n{rows}\n]\n")).expect("a file");
}

/// Nanoseconds of a call.
fn measure(from: EngineKind, to: EngineKind) -> f64 {
    let callers = [FEW, MANY].map(|calls| (Address([calls as u8 + 1; 20]), calling(from, calls)));
    let mut ledger = MemoryLedger::new();
    for (place, engine, code) in
        callers.iter().map(|(place, code)| (*place, from, code)).chain([(CALLEE, to, &returning(to))])
    {
        let code_hash = keccak256(code);
        ledger.set_account(place, Account { code_hash, engine: Some(engine), ..Account::default() });
        ledger.set_code(code_hash, code.clone());
    }
    let runtime = Runtime::new(Config::default()).expect("a runtime");
    let mut session = runtime.session(ledger, Block::default());
    let [few, many] = callers.map(|(place, _)| {
        let times = (0..RUNS).map(|_| run(&mut session, place));
        times.min().expect("some runs") as f64
    });
    (many - few) / f64::from(MANY - FEW)
}

fn run(session: &mut Session<'_>, target: Address) -> u128 {
    let terms = Terms { gas_limit: 1 << 49, ..Terms::default() };
    let began = Instant::now();
    let done = session.query(&Call { target, terms, ..Call::default() }).expect("a kind ledger");
    let took = began.elapsed().as_nanos();
    assert_eq!(done.outcome, Outcome::Success);
    took
}

/// Code that calls the callee so many times, and does not look at what came of it.
fn calling(engine: EngineKind, calls: u32) -> Vec<u8> {
    let callee: String = CALLEE.0.iter().map(|byte| format!("{byte:02x}")).collect();
    match engine {
        EngineKind::Wasm => module(&format!(
            r#"(module
                (import "zvm" "call" (func $call (param i32 i32 i32 i32 i64) (result i32)))
                (memory (export "memory") 1)
                (data (i32.const 0) "{}")
                (func (export "call") (local $left i32)
                    (local.set $left (i32.const {calls}))
                    (loop $again
                        (if (i32.ne (i32.const 0)
                                (call $call (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0) (i64.const -1)))
                            (then unreachable))
                        (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))"#,
            "\\ca".repeat(20)
        )),
        EngineKind::Zvm => container(&format!(
            "push {calls}\nagain: jumpdest\npush 0\npush 0\npush 0\npush 0\npush 0\npush 0x{callee}\ngas\ncall\n\
             iszero\npush failed\njumpi\npush 1\nswap1\nsub\ndup1\npush again\njumpi\npush 0\npush 0\nreturn\nfailed: jumpdest\npush 0\npush 0\nrevert\n"
        )),
        EngineKind::Evm => {
            // PUSH4 calls, JUMPDEST, CALL with all gas, JUMPI to the failure, one less, JUMPI back.
            let count = calls.to_be_bytes();
            let head = [&[0x63][..], &count, &[0x5b, 0x5f, 0x5f, 0x5f, 0x5f, 0x5f, 0x73]].concat();
            let tail = [
                0x5a, 0xf1, 0x15, 0x60, 0x2f, 0x57, 0x60, 0x01, 0x90, 0x03, 0x80, 0x60, 0x05, 0x57, 0x00,
                0x5b, 0xfe,
            ];
            [&head[..], &CALLEE.0, &tail].concat()
        }
        other => unreachable!("{other:?} is not in the list"),
    }
}

/// Code that returns at once.
fn returning(engine: EngineKind) -> Vec<u8> {
    match engine {
        EngineKind::Wasm => module(r#"(module (memory (export "memory") 1) (func (export "call")))"#),
        EngineKind::Zvm => container("push 0\npush 0\nreturn\n"),
        EngineKind::Evm => vec![0x00],
        other => unreachable!("{other:?} is not in the list"),
    }
}

fn module(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("a module")
}

fn container(assembly: &str) -> Vec<u8> {
    assemble(assembly).unwrap_or_else(|error| panic!("{error}")).write().expect("small")
}
