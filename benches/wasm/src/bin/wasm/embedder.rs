//! The C program that embeds the library. It measures a round at a time and waits in between.

use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub(crate) struct Embedder {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Embedder {
    /// Starts the program over a folder of contracts.
    pub(crate) fn start(program: &Path, folder: &Path) -> io::Result<Self> {
        let mut child =
            Command::new(program).arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (Some(questions), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("the program has no pipes"));
        };
        Ok(Self { child, questions, answers: BufReader::new(answers) })
    }

    /// One round of the measurement of this name.
    pub(crate) fn measure(&mut self, name: &str) -> io::Result<f64> {
        writeln!(self.questions, "{name}")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        line.trim()
            .parse()
            .map_err(|_| io::Error::other(format!("{name}: the embedder ended without a figure")))
    }
}

impl Drop for Embedder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
