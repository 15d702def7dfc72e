//! The caller's native stack: it may be small, and it may be half used.

use std::thread;

use zvm::outcome::Outcome;
use zvm::runtime::Runtime;
use zvm::runtime::config::Config;
use zvm::runtime::execution::{Call, Deploy, Execution, Terms};
use zvm::state::memory::MemoryLedger;
use zvm::types::{Address, Block};

/// Calls itself until a call fails, and returns how deep it came.
const DEEP: &str = r#"(module
  (import "zvm" "self_address" (func $self (param i32)))
  (import "zvm" "call" (func $call (param i32 i32 i32 i32 i64) (result i32)))
  (import "zvm" "return_copy" (func $return_copy (param i32 i32 i32)))
  (import "zvm" "set_output" (func $set_output (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "call")
    (call $self (i32.const 0))
    (if (i32.eqz (call $call (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0) (i64.const -1)))
      (then (call $return_copy (i32.const 64) (i32.const 0) (i32.const 1))))
    (i32.store8 (i32.const 64) (i32.add (i32.load8_u (i32.const 64)) (i32.const 1)))
    (call $set_output (i32.const 64) (i32.const 1))))"#;

fn deepest() -> Execution {
    let runtime = Runtime::new(Config::default()).expect("a runtime");
    let mut session = runtime.session(MemoryLedger::default(), Block::default());
    let terms = Terms { gas_limit: 1 << 40, ..Terms::default() };
    let mut deploy = Deploy::by(Address([7; 20]), terms.clone());
    deploy.code = wat::parse_str(DEEP).expect("the text is a module").into();
    let target = session.deploy(&deploy).expect("no error").created.expect("it is deployed");
    session.call(&Call { target, terms, ..Call::default() }).expect("no error")
}

fn on_stack(bytes: usize, work: impl FnOnce() -> Execution + Send + 'static) -> Execution {
    let thread = thread::Builder::new().stack_size(bytes).spawn(work).expect("a thread");
    thread.join().expect("it does not fail")
}

#[test]
fn n033_n088_calls_nest_to_the_limit_on_a_thread_of_64_kib() {
    let here = deepest();
    assert_eq!((here.outcome, &here.output[..]), (Outcome::Success, &[64][..]));
    for kib in [64, 128, 1024, 8192] {
        assert_eq!(on_stack(kib << 10, deepest), here, "{kib} KiB");
    }
}

#[test]
fn n040_a_caller_may_have_used_most_of_its_stack() {
    /// Goes down by a frame of at least 4 KiB at a time.
    fn after(kib: usize) -> Execution {
        let used = std::hint::black_box([0_u8; 4096]);
        let execution = if kib == 0 { deepest() } else { after(kib - 4) };
        std::hint::black_box(used);
        execution
    }
    assert_eq!(on_stack(4 << 20, || after(1024)), deepest());
}
