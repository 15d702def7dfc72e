//! Processes of their own: this test binary run again, with one task in the environment.

use std::process::{Command, Output};

const TASK: &str = "ZVM_FFI_TEST_TASK";

/// Runs a task in another process and returns what came of it.
pub(crate) fn run(task: &str) -> Output {
    let mut command = Command::new(std::env::current_exe().expect("this binary"));
    command.args(["child::child", "--exact", "--nocapture", "--test-threads=1"]);
    command.env(TASK, task).env_remove("RUST_BACKTRACE").output().expect("a process")
}

#[test]
fn child() {
    let Some(task) = std::env::var_os(TASK) else { return };
    match task.to_str() {
        #[cfg(debug_assertions)]
        Some("panic everywhere") => crate::panics::panic_everywhere(),
        Some("unwind") => crate::aborts::unwind_out_of_a_callback(),
        #[cfg(unix)]
        Some("handlers") => crate::signals::handlers_come_and_go(),
        #[cfg(unix)]
        Some("fork") => crate::compilers::fork_while_it_compiles(),
        #[cfg(unix)]
        Some("silent") => crate::signals::no_signal_comes(),
        Some("blocked") => crate::signals::every_signal_is_blocked(),
        _ => panic!("no task {task:?}"),
    }
}
