//! Where names come from, what the border may not do, and the world nobody reads.

use crate::floors::paths;
use crate::source::{Finding, Source};

/// A name taken from the crate's root, which only re-exports it.
pub(crate) fn root_names(source: &Source) -> Vec<Finding> {
    if source.path == "lib.rs" {
        return Vec::new();
    }
    let at_root = |path: &[String]| path[0].starts_with(|letter: char| letter.is_ascii_uppercase());
    let taken = paths(source).into_iter().filter(|(_, path)| at_root(path));
    taken
        .map(|(line, path)| {
            source.finding(line, format!("{} comes from the root, not from where it is defined", path[0]))
        })
        .collect()
}

/// Panics at the C boundary by way of an unwrapped value.
pub(crate) fn unwraps_in_ffi(source: &Source) -> Vec<Finding> {
    match source.floor() {
        "ffi" => holding(source, &[".unwrap()", ".expect("], "an error is returned here, not unwrapped"),
        _ => Vec::new(),
    }
}

/// Printing, and reading what is not the same on every machine.
pub(crate) fn world(source: &Source) -> Vec<Finding> {
    const PRINTS: &[&str] = &["println!", "print!", "eprintln!", "eprint!", "dbg!"];
    const READS: &[&str] =
        &["env::var", "env::args", "env::temp_dir", "current_dir", "SystemTime", "available_parallelism"];
    let mut findings = holding(source, PRINTS, "a library prints nothing");
    findings.extend(holding(source, READS, "nothing is read from the machine that runs us"));
    findings.extend(holding(source, &["thread::spawn", "thread::Builder"], "no hidden threads"));
    findings
}

/// Lines whose code, tests aside, holds one of the phrases.
fn holding(source: &Source, phrases: &[&str], why: &str) -> Vec<Finding> {
    let tests = source.tests();
    let offends = |line: &str| phrases.iter().any(|phrase| occurs(line, phrase));
    let lines = source.code.iter().enumerate().filter(|(at, line)| !tests[*at] && offends(line));
    lines.map(|(at, _)| source.finding(at, why)).collect()
}

/// Whether the phrase occurs, not as the end of a longer name.
fn occurs(line: &str, phrase: &str) -> bool {
    let named = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(phrase).any(|(at, _)| !phrase.starts_with(named) || !line[..at].ends_with(named))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rule: fn(&Source) -> Vec<Finding>, path: &str, text: &str) -> Vec<usize> {
        rule(&Source::new(path, text)).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn names_from_the_root_are_found() {
        assert_eq!(lines(root_names, "host/a.rs", "use crate::Error;\nuse crate::error::Error;"), [1]);
        assert_eq!(lines(root_names, "host/a.rs", "use crate::{gas::Gas, Halt};"), [1]);
        assert_eq!(lines(root_names, "gas.rs", "use super::Halt;"), [1]);
        assert!(lines(root_names, "lib.rs", "pub use crate::Error;").is_empty());
    }

    #[test]
    fn unwraps_at_the_border_are_found_outside_its_tests() {
        let text =
            "a.unwrap();\nb.expect(\"c\");\nd.unwrap_or(1);\n#[cfg(test)]\nmod tests {\n a.unwrap();\n}";
        assert_eq!(lines(unwraps_in_ffi, "ffi/a.rs", text), [1, 2]);
        assert!(lines(unwraps_in_ffi, "host/a.rs", text).is_empty());
    }

    #[test]
    fn printing_and_the_machine_are_found() {
        let text = "println!(\"x\");\nstd::env::var(\"x\");\nSystemTime::now();\nstd::thread::spawn(f);\n// println!\n\"dbg!\";";
        assert_eq!(lines(world, "gas.rs", text), [1, 2, 3, 4]);
        assert!(lines(world, "gas.rs", "my_println!(); Instant::now();").is_empty());
    }
}
