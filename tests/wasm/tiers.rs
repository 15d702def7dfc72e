//! Code on its second compiler: what nothing watches runs there, and what can be stopped comes back to
//! ask (#24, #32).

use std::time::{Duration, Instant};

use zvm::{CompilerChoice, Config, Halt, Interrupt, Outcome, Runtime, Status, Terms};

use crate::world::{call, contract, ledger, run, session};

/// Gas that no machine uses up while a test runs.
const ENDLESS: u64 = 1 << 49;

/// A runtime that has compiled this code again.
fn hot(wasm: &[u8]) -> Runtime {
    let (compiler, compile_threads) = (CompilerChoice::Tiered, 1);
    let runtime = Runtime::new(Config { compiler, compile_threads, hot_runs: 1, ..Config::default() });
    let runtime = runtime.expect("both compilers are built in");
    run(&runtime, wasm, 1000);
    let began = Instant::now();
    while runtime.stats().recompilations == 0 {
        assert!(began.elapsed() < Duration::from_mins(1), "the code is not compiled again");
        std::thread::sleep(Duration::from_millis(1));
    }
    runtime
}

/// Calls it under these terms with all the gas there is; the status of the error.
fn stopped(runtime: &Runtime, wasm: &[u8], terms: Terms) -> Status {
    let call = zvm::Call { terms: Terms { gas_limit: ENDLESS, ..terms }, ..call(&[], 0) };
    session(runtime, ledger(wasm)).call(&call).expect_err("it does not end by itself").status
}

#[test]
fn n024_hot_code_runs_out_of_gas_and_stops_for_a_token_and_for_time() {
    let wasm = contract("(local i32) loop local.get 0 i32.const 1 i32.add local.set 0 br 0 end unreachable");
    let runtime = hot(&wasm);
    for gas in [0, 1, 1000, 50_000_000] {
        let came = run(&runtime, &wasm, gas);
        assert_eq!((came.outcome, came.gas_used), (Outcome::Halt(Halt::OutOfGas), gas));
    }
    let limited = Terms { time_limit: Some(Duration::from_millis(20)), ..Terms::default() };
    assert_eq!(stopped(&runtime, &wasm, limited), Status::Deadline);
    let token = Interrupt::new();
    let firing = token.clone();
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(20));
        firing.fire();
    });
    let watched = Terms { interrupt: Some(token), ..Terms::default() };
    assert_eq!(stopped(&runtime, &wasm, watched), Status::Cancelled);
    thread.join().expect("no panic");
}

#[test]
fn hot_code_spends_the_same_gas_whether_it_is_watched_or_not() {
    let wasm = contract(
        "(local i32) loop local.get 0 i32.const 1 i32.add local.tee 0 i32.const 10000000 i32.ne br_if 0 end
         i32.const 0",
    );
    let runtime = hot(&wasm);
    let gas = 1_000_000_000;
    let unwatched = run(&runtime, &wasm, gas);
    assert_eq!(unwatched.outcome, Outcome::Success);
    let terms = Terms { gas_limit: gas, interrupt: Some(Interrupt::new()), ..Terms::default() };
    let watched = session(&runtime, ledger(&wasm)).call(&zvm::Call { terms, ..call(&[], gas) });
    assert_eq!(watched.expect("nobody fires"), unwatched);
    for short in [unwatched.gas_used - 1, unwatched.gas_used] {
        let ended = run(&runtime, &wasm, short).outcome;
        assert_eq!(ended == Outcome::Success, short == unwatched.gas_used);
    }
}
