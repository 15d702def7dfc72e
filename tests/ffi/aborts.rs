//! n082: what leaves a callback by unwinding ends the process, there and with a message, before it
//! can pass through the library's frames.

use std::ffi::c_void;

use zvm::ffi::tables::{zvm_account_op, zvm_ledger};

use crate::child;
use crate::support::callbacks::LEDGER;
use crate::support::structs::{call, params};
use crate::support::{Host, Runtime, Session, address};

unsafe extern "C-unwind" fn account(_: *mut c_void, _: *mut zvm_account_op) -> i32 {
    panic!("the host's own panic");
}

/// In a process of its own.
pub(crate) fn unwind_out_of_a_callback() {
    let (runtime, host) = (Runtime::new(), Host::new());
    let ledger = zvm_ledger { account: Some(account), ..LEDGER };
    let mut params = params(&host);
    params.ledger = &ledger;
    let session = Session::open(&runtime, &params).expect("a session");
    let ended = std::panic::catch_unwind(|| session.call(&call(address(2), b"")));
    println!("got past the boundary: {:?}", ended.is_err());
}

#[test]
#[cfg(unix)]
fn n082_a_callback_that_unwinds_aborts_with_a_message() {
    use std::os::unix::process::ExitStatusExt;
    /// SIGABRT on every Unix.
    const ABORT: i32 = 6;
    let output = child::run("unwind");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.signal(), Some(ABORT), "{out}\n{err}");
    assert!(!out.contains("got past the boundary"), "{out}");
    assert!(err.contains("the host's own panic"), "its message is heard: {err:?}");
}
