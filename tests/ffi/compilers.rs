//! The compilers by configuration: which are offered, and code that is compiled again while it runs.

use std::time::{Duration, Instant};

use zvm::Status;
use zvm::crypto::hash::keccak256;
use zvm::ffi::config::{
    ZVM_ABI, ZVM_COMPILER_CRANELIFT, ZVM_COMPILER_SINGLEPASS, ZVM_COMPILER_TIERED, zvm_config,
};
use zvm::ffi::runtime::zvm_runtime_new;
use zvm::ffi::version::{ZVM_FEATURE_CRANELIFT, ZVM_FEATURE_SINGLEPASS, zvm_feature};

use crate::support::contracts::{imports, wat};
use crate::support::handles::checked;
use crate::support::structs::call;
use crate::support::structs::sized;
use crate::support::{Host, Outcome, Runtime, Session, address};

/// A contract that adds up some numbers and returns the sum.
fn adding(start: u32) -> Vec<u8> {
    wat(&format!(
        "(module {} (memory (export \"memory\") 1)
          (func (export \"call\") (local $i i32) (local $sum i32)
            (local.set $sum (i32.const {start}))
            (loop $again
              (local.set $sum (i32.add (local.get $sum) (local.get $i)))
              (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100))))
            (i32.store (i32.const 0) (local.get $sum))
            (call $set_output (i32.const 0) (i32.const 4))))",
        imports(&["set_output"]),
    ))
}

fn has(feature: u32) -> bool {
    zvm_feature(feature) > 0
}

fn tiered(hot_runs: u32) -> Runtime {
    Runtime::with(&[], |config| {
        config.compiler = ZVM_COMPILER_TIERED;
        config.compile_threads = 1;
        config.hot_runs = hot_runs;
    })
}

/// The status with which a configuration is refused.
fn refusal(change: impl FnOnce(&mut zvm_config)) -> i32 {
    let mut config: zvm_config = sized();
    config.abi = ZVM_ABI;
    change(&mut config);
    let mut out = std::ptr::null_mut();
    // SAFETY: the configuration is ours.
    checked(|err| unsafe { zvm_runtime_new(&config, &mut out, err) }).expect_err("a refusal").status
}

fn says(runtime: &Runtime, code: &[u8]) -> Outcome {
    let host = Host::new();
    host.contract(address(2), code);
    Session::new(runtime, &host).call(&call(address(2), b"")).expect("an outcome")
}

fn wait_for_recompilations(runtime: &Runtime, count: u64) {
    let since = Instant::now();
    while runtime.stats().recompilations < count {
        assert!(since.elapsed() < Duration::from_secs(60), "{:?}", runtime.stats().recompilations);
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_compiler_that_is_not_built_in_is_unsupported() {
    for (choice, feature) in
        [(ZVM_COMPILER_SINGLEPASS, ZVM_FEATURE_SINGLEPASS), (ZVM_COMPILER_CRANELIFT, ZVM_FEATURE_CRANELIFT)]
    {
        if has(feature) {
            let runtime = Runtime::with(&[], |config| config.compiler = choice);
            assert_eq!(says(&runtime, &adding(0)).data, 4950u32.to_le_bytes());
        } else {
            assert_eq!(refusal(|config| config.compiler = choice), Status::Unsupported as i32);
        }
    }
}

#[test]
fn the_tiered_compiler_needs_a_thread_and_gets_few() {
    let with = |threads| {
        move |config: &mut zvm_config| {
            (config.compiler, config.compile_threads) = (ZVM_COMPILER_TIERED, threads);
        }
    };
    assert_eq!(refusal(with(0)), Status::Argument as i32);
    assert_eq!(refusal(with(9)), Status::Argument as i32);
    assert_eq!(refusal(with(u32::MAX)), Status::Argument as i32);
}

#[test]
fn hot_code_is_compiled_again_once_and_says_the_same() {
    if !has(ZVM_FEATURE_SINGLEPASS) || !has(ZVM_FEATURE_CRANELIFT) {
        return;
    }
    let (runtime, code) = (tiered(3), adding(7));
    let (first, second) = (says(&runtime, &code), says(&runtime, &code));
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(runtime.stats().recompilations, 0, "two runs of three");
    let before = runtime.stats().code_bytes;
    assert_eq!((&first, &second), (&says(&runtime, &code), &first));
    wait_for_recompilations(&runtime, 1);
    for _ in 0..10 {
        assert_eq!(says(&runtime, &code), first);
    }
    let stats = runtime.stats();
    assert_eq!((stats.compilations, stats.recompilations, stats.codes), (1, 1, 1));
    assert!(stats.code_bytes > before, "both tiers are counted: {before}, {}", stats.code_bytes);
}

#[test]
fn an_artefact_of_hot_code_is_the_one_every_call_can_run_on_and_gets_hot_where_it_is_taken_back() {
    if !has(ZVM_FEATURE_SINGLEPASS) || !has(ZVM_FEATURE_CRANELIFT) {
        return;
    }
    let (runtime, code) = (tiered(1), adding(8));
    let cold = runtime.load(&code).expect("valid code").serialize();
    let said = says(&runtime, &code);
    wait_for_recompilations(&runtime, 1);
    assert!(runtime.load(&code).expect("valid code").serialize() == cold);
    let other = tiered(1);
    let taken = other.deserialize(&cold).expect("as it left");
    assert_eq!(taken.info().hash.bytes, keccak256(&code).0);
    assert_eq!(says(&other, &code), said);
    wait_for_recompilations(&other, 1);
    assert_eq!(says(&other, &code), said);
    assert_eq!(other.stats().compilations, 0);
}

#[test]
fn a_runtime_that_ends_waits_for_what_it_compiles_and_for_nothing_else() {
    if !has(ZVM_FEATURE_SINGLEPASS) || !has(ZVM_FEATURE_CRANELIFT) {
        return;
    }
    for round in 0..5 {
        let runtime = tiered(1);
        for start in 0..20 {
            says(&runtime, &adding(1000 * round + start));
        }
        // Most of them still wait, and one is being compiled.
        drop(runtime);
    }
}

#[test]
fn calls_from_many_threads_go_on_while_their_code_is_compiled_again() {
    if !has(ZVM_FEATURE_SINGLEPASS) || !has(ZVM_FEATURE_CRANELIFT) {
        return;
    }
    let (runtime, code) = (tiered(8), adding(9));
    let expected = says(&runtime, &code);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let host = Host::new();
                host.contract(address(2), &code);
                let session = Session::new(&runtime, &host);
                let until = Instant::now() + Duration::from_millis(300);
                while Instant::now() < until {
                    assert_eq!(session.call(&call(address(2), b"")).expect("an outcome"), expected);
                }
            });
        }
    });
    wait_for_recompilations(&runtime, 1);
    assert_eq!(runtime.stats().recompilations, 1);
}

/// In a process of its own.
#[cfg(unix)]
pub(crate) fn fork_while_it_compiles() {
    let (runtime, code) = (tiered(1), adding(9));
    let said = says(&runtime, &code);
    // Something waits, something is compiled, or the thread is idle: the child has no such thread.
    for start in 0..20 {
        says(&runtime, &adding(start));
        // SAFETY: the child calls the library and then _exit, which is what is tested.
        let child = unsafe { libc::fork() };
        if child == 0 {
            // SAFETY: a child that waits for what is not there ends by the alarm.
            unsafe { libc::alarm(60) };
            let same = says(&runtime, &code) == said && says(&runtime, &adding(500 + start)).kind == 0;
            drop(runtime);
            // SAFETY: the child ends here.
            unsafe { libc::_exit(i32::from(!same)) };
        }
        let mut status = 0;
        // SAFETY: the place is ours.
        assert_eq!(unsafe { libc::waitpid(child, &mut status, 0) }, child);
        assert_eq!(status, 0, "fork {start}");
    }
}

#[test]
#[cfg(unix)]
fn n094_a_child_forked_while_code_is_compiled_stays_on_the_first_tier() {
    if !has(ZVM_FEATURE_SINGLEPASS) || !has(ZVM_FEATURE_CRANELIFT) {
        return;
    }
    let output = crate::child::run("fork");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
