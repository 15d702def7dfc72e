//! Suites that nobody here wrote: every row decided as its standard says.

mod ethereum;
mod nist;
mod schnorr;
mod wycheproof;

use std::io::Write;
use std::path::PathBuf;

use serde_json::Value;

/// The folder of a suite; says so and gives `None` where it was not fetched.
fn folder(suite: &str) -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/build/suites");
    let root = std::env::var_os("ZVM_SUITES").map_or_else(|| beside.into(), PathBuf::from);
    let folder = root.join(suite);
    if !folder.is_dir() {
        // Straight to the stream, past the test harness: it must be seen.
        let _ = writeln!(std::io::stderr(), "SKIPPED: {suite} was not fetched: make test-crypto");
        return None;
    }
    Some(folder)
}

fn json(path: PathBuf) -> Value {
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

/// How many rows of a suite were judged, and how many of them must be refused.
struct Count {
    suite: String,
    rows: u32,
    refused: u32,
}

impl Count {
    fn new(suite: &str) -> Self {
        Self { suite: suite.to_owned(), rows: 0, refused: 0 }
    }

    /// A row was decided as it must be.
    fn row(&mut self, accepted: bool) {
        self.rows += 1;
        self.refused += u32::from(!accepted);
    }

    /// Prints the counts. A suite that lost its rows is no suite.
    fn at_least(self, rows: u32) {
        let Self { suite, rows: judged, refused } = self;
        assert!(judged >= rows, "{suite}: only {judged} rows");
        println!("suite {suite}: {judged} rows as the standard says, {refused} of them refused");
    }
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("no text {field}"))
}

/// The bytes of a field of hexadecimal digits, none where it is absent.
fn bytes(value: &Value, field: &str) -> Vec<u8> {
    value[field].as_str().map(crate::unhex).unwrap_or_default()
}
