//! n092, n095: what a host does with signals after the first run, and on the thread that calls.
//!
//! Handlers belong to a process, so each case has one of its own.

use std::ffi::c_int;

use zvm::Status;
use zvm::ffi::config::ZVM_SIGNALS_NONE;
use zvm::ffi::runtime::zvm_signals_ensure;

use crate::child;
use crate::support::contracts::wat;
use crate::support::handles::checked;
use crate::support::structs::call;
use crate::support::{Host, Outcome, Runtime, Session, address};

const TRAPS: [c_int; 3] = [libc::SIGSEGV, libc::SIGILL, libc::SIGFPE];

extern "C" fn foreign(_: c_int) {
    // SAFETY: it ends the process, as a handler that knows nothing of contracts does.
    unsafe { libc::_exit(99) }
}

/// Contracts that trap in the ways that may be signals.
fn trapping() -> [Vec<u8>; 3] {
    let bodies = [
        "unreachable",
        "(drop (i32.load (i32.const 70000)))",
        "(drop (i32.div_u (i32.const 1) (i32.load (i32.const 0))))",
    ];
    bodies.map(|body| {
        wat(&format!("(module (memory (export \"memory\") 1 1) (func (export \"call\") {body}))"))
    })
}

fn outcomes(runtime: &Runtime) -> Vec<Result<Outcome, i32>> {
    let run = |code: &Vec<u8>| {
        let host = Host::new();
        host.contract(address(2), code);
        Session::new(runtime, &host).call(&call(address(2), b"")).map_err(|failure| failure.status)
    };
    trapping().iter().map(run).collect()
}

fn install(signal: c_int) {
    // SAFETY: the handler ends the process and returns to nobody.
    unsafe { libc::signal(signal, foreign as *const () as libc::sighandler_t) };
}

/// In a process of its own.
pub(crate) fn handlers_come_and_go() {
    TRAPS.iter().for_each(|signal| install(*signal));
    let runtime = Runtime::new();
    let honest = outcomes(&runtime);
    assert!(
        honest.iter().all(|outcome| outcome.as_ref().is_ok_and(|outcome| outcome.kind != 0)),
        "{honest:?}"
    );
    for signal in TRAPS {
        install(signal);
        assert_eq!(outcomes(&runtime), [const { Err(Status::State as i32) }; 3], "signal {signal}");
        // SAFETY: the runtime lives.
        checked(|err| unsafe { zvm_signals_ensure(runtime.0, err) }).expect("to ensure");
        assert_eq!(outcomes(&runtime), honest, "signal {signal}");
    }
}

/// In a process of its own, whose handlers end it if they are ever asked.
pub(crate) fn no_signal_comes() {
    TRAPS.iter().for_each(|signal| install(*signal));
    let runtime = Runtime::with(&[], |config| config.signals = ZVM_SIGNALS_NONE);
    let without = outcomes(&runtime);
    assert!(
        without.iter().all(|outcome| outcome.as_ref().is_ok_and(|outcome| outcome.kind != 0)),
        "{without:?}"
    );
    TRAPS.iter().for_each(|signal| assert_eq!(handler(*signal), foreign as *const () as usize));
    // Twice: the second finds instances that were reset.
    assert_eq!(outcomes(&runtime), without);
    assert_eq!(outcomes(&Runtime::new()), without);
}

fn handler(signal: c_int) -> usize {
    // SAFETY: a NULL action is only read, and the place is ours.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        libc::sigaction(signal, std::ptr::null(), &mut action);
        action.sa_sigaction
    }
}

/// In a process of its own.
pub(crate) fn every_signal_is_blocked() {
    let honest = outcomes(&Runtime::new());
    // SAFETY: the sets are filled before they are read.
    let mask = |change: Option<&libc::sigset_t>| unsafe {
        let mut before = std::mem::zeroed();
        let change = change.map_or(std::ptr::null(), std::ptr::from_ref);
        libc::pthread_sigmask(libc::SIG_BLOCK, change, &mut before);
        before
    };
    // SAFETY: as above.
    let all = unsafe {
        let mut all = std::mem::zeroed();
        libc::sigfillset(&mut all);
        all
    };
    mask(Some(&all));
    assert_eq!(outcomes(&Runtime::new()), honest);
    let after = mask(None);
    for signal in TRAPS {
        // SAFETY: the set was filled by the system.
        assert_eq!(unsafe { libc::sigismember(&after, signal) }, 1, "signal {signal} is blocked again");
    }
}

fn survives(task: &str) {
    let output = child::run(task);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{:?}\n{out}\n{err}", output.status);
}

#[test]
fn n092_handlers_installed_before_and_after_the_runtimes() {
    survives("handlers");
}

#[test]
fn n091_n092_a_runtime_without_signals_leaves_handlers_alone() {
    survives("silent");
}

#[test]
fn n095_traps_on_a_thread_that_blocks_every_signal() {
    survives("blocked");
}
