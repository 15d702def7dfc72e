//! Processes of their own: this test binary run again, with one task in the environment.

use std::process::{Command, Output};

const TASK: &str = "ZVM_WASM_TEST_TASK";

/// The command that does a task in another process.
pub(crate) fn command(task: &str) -> Command {
    under("exec", task)
}

/// The same in a shell after other words: limits, a nice value, another root for the libraries.
pub(crate) fn under(before: &str, task: &str) -> Command {
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(format!("{before} \"$0\" \"$@\""));
    command.arg(std::env::current_exe().expect("this binary"));
    command.args(["process::child", "--exact", "--nocapture", "--test-threads=1"]).env(TASK, task);
    command
}

/// What a child said, line by line.
pub(crate) fn said(output: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().filter_map(|line| line.split_once("child: ")).map(|(_, said)| said.to_owned()).collect()
}

/// Does a task that must succeed, and returns what it said.
#[track_caller]
pub(crate) fn quiet(task: &str) -> Vec<String> {
    let output = command(task).output().expect("a process");
    assert!(
        output.status.success(),
        "{task}: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    said(&output)
}

#[test]
fn child() {
    let Ok(task) = std::env::var(TASK) else { return };
    let (name, figure) = task.rsplit_once(' ').unwrap_or((&task, ""));
    let (name, figure) = figure.parse().map_or((&*task, 0), |figure| (name, figure));
    match name {
        "frames" => crate::stack::hold_frames(),
        "depths" => crate::stack::hold_depths_on(figure),
        "nest short" => crate::stack::nest_where_little_is_left(figure),
        "nest" => crate::stack::nest_on(figure),
        "without memory" => crate::memory::hold_without_memory(),
        "empty memory" => crate::memory::hold_empty_memory(),
        "instances" => crate::memory::hold_many_instances(),
        "idle" => crate::memory::hold_idle_instances(),
        "corpus" => crate::sameness::say_digest(figure),
        "order" => crate::sameness::say_order(),
        "stack size" => crate::stack::hold_depths_under_another_stack_size(),
        _ => panic!("no task {task:?}"),
    }
}
