//! Processes of their own: this test binary run again, with one test selected and a task in the
//! environment.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};

const TASK: &str = "ZVM_STORE_TEST_TASK";
const PLACE: &str = "ZVM_STORE_TEST_PLACE";

/// The command that runs `task` on a file or folder in another process.
pub(crate) fn command(task: &str, place: &Path) -> Command {
    with_program(Command::new(std::env::current_exe().unwrap()), task, place)
}

/// The same, in a shell that runs `before` first: limits and mounts for that process alone.
pub(crate) fn command_after(shell: &[&str], before: &str, task: &str, place: &Path) -> Command {
    let mut command = Command::new(shell[0]);
    command.args(&shell[1..]).arg(format!("{before} && exec \"$0\" \"$@\""));
    command.arg(std::env::current_exe().unwrap());
    with_program(command, task, place)
}

fn with_program(mut command: Command, task: &str, place: &Path) -> Command {
    command.args(["child::child", "--exact", "--nocapture", "--test-threads=1"]);
    command.env(TASK, task).env(PLACE, place);
    command
}

/// The lines a child said, without those of the test harness around it.
pub(crate) fn said(output: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().filter_map(|line| line.strip_prefix("child: ")).map(str::to_owned).collect()
}

/// Says a line to the parent.
pub(crate) fn say(line: impl std::fmt::Display) {
    println!("child: {line}");
}

#[test]
fn child() {
    let Some(task) = std::env::var_os(TASK) else {
        return;
    };
    // The harness leaves its own line unfinished.
    println!();
    let place = PathBuf::from(std::env::var_os(PLACE).unwrap_or_default());
    match task.to_str() {
        Some("commit") => crate::kill::commit_forever(&place),
        Some("open") => crate::files::open_and_say(&place),
        Some("grow") => crate::limits::commit_until_refused(&place),
        Some("overrun") => crate::limits::write_past_the_limit(&place),
        Some("fill") => crate::limits::fill_and_make_room(&place),
        _ => panic!("no task {task:?}"),
    }
}

/// Keeps tests that start processes apart from tests that close a file and open it again: between
/// its fork and its exec a child holds every lock of its parent.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}
