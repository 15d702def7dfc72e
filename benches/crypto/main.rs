//! Nanoseconds and gas of each hash and each verification as a contract has them, with ordinary input and with the
//! worst that was thought of. `make bench-crypto` prints them and writes target/bench/crypto.json.
//!
//! The baseline is the median of mixes of plain WASM in the same run. No input may take more than three times as long
//! for a unit of gas as the ordinary one: who finds such an input keeps a node busy for longer than is paid. The
//! program then ends with a failure.

mod hashes;
mod kem;
mod lists;
mod measure;
mod signatures;

use std::process::ExitCode;

use measure::{Cost, Work, measure};

/// How far a row may be off.
const BAND: f64 = 3.0;

/// A price, by what it is for: ordinary input first, then the worst.
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) rows: Vec<(String, Work)>,
}

impl Group {
    pub(crate) fn new(name: impl Into<String>, ordinary: &str, work: Work) -> Self {
        Self { name: name.into(), rows: vec![(ordinary.into(), work)] }
    }

    pub(crate) fn with(mut self, what: impl Into<String>, work: Work) -> Self {
        self.rows.push((what.into(), work));
        self
    }
}

/// A row that was measured.
struct Row {
    name: String,
    cost: Cost,
    /// Time for a unit of gas against that of plain code, and against that of ordinary input.
    of_plain: f64,
    of_ordinary: f64,
}

impl Row {
    fn verdict(&self) -> &'static str {
        if self.of_ordinary > BAND { "CLIFF" } else { "" }
    }
}

fn main() -> ExitCode {
    let plain = baseline();
    println!("baseline: {plain:.3} ns for a unit of gas, the median of mixes of plain code\n");
    println!("{:<52}{:>12}{:>10}{:>9}{:>9}{:>10}", "", "ns", "gas", "ns/gas", "baseline", "ordinary");
    let mut rows = Vec::new();
    let groups = hashes::groups().into_iter().chain(signatures::groups());
    for group in groups.chain(lists::groups()).chain(kem::groups()) {
        let mut ordinary = None;
        for (what, work) in &group.rows {
            let cost = measure(work);
            let ordinary = *ordinary.get_or_insert(cost.per_gas());
            let (of_plain, of_ordinary) = (cost.per_gas() / plain, cost.per_gas() / ordinary);
            let row = Row { name: format!("{}, {what}", group.name), cost, of_plain, of_ordinary };
            let (Cost { ns, gas }, each, verdict) = (cost, cost.per_gas(), row.verdict());
            let Row { name, .. } = &row;
            println!(
                "{name:<52}{ns:>12.0}{gas:>10.0}{each:>9.3}{of_plain:>9.2}{of_ordinary:>10.2} {verdict}"
            );
            rows.push(row);
        }
    }
    std::fs::create_dir_all("target/bench").expect("a folder");
    std::fs::write("target/bench/crypto.json", json(&rows, plain)).expect("a file");
    match rows.iter().filter(|row| !row.verdict().is_empty()).count() {
        0 => ExitCode::SUCCESS,
        off => {
            println!("\n{off} rows are off");
            ExitCode::FAILURE
        }
    }
}

/// Nanoseconds for a unit of gas: the median of some mixes, each going on from its own result.
fn baseline() -> f64 {
    let mixes = [
        "(local.set $x (i32.add (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))",
        "(local.set $x (i32.rotl (i32.xor (i32.add (local.get $x) (local.get $left)) (i32.const 77)) (i32.const 7)))",
        "(local.set $x (i32.add (local.get $y) (i32.const 3)))
         (local.set $y (i32.xor (local.get $x) (local.get $left)))",
        "(i32.store (i32.const 1024) (i32.add (i32.load (i32.const 1024)) (local.get $left)))",
        "(i32.store (i32.const 1024) (i32.add (i32.rotl (i32.xor (i32.load (i32.const 1024)) (local.get $left))
           (i32.const 7)) (i32.mul (local.get $left) (i32.const 40503))))",
    ];
    let mut costs = mixes.map(|mix| measure(&Work::Plain(mix.repeat(32))).per_gas());
    costs.sort_by(f64::total_cmp);
    costs[costs.len() / 2]
}

/// As the other benchmarks write it.
fn json(rows: &[Row], plain: f64) -> String {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            serde_json::json!({
                "name": row.name, "value": row.cost.per_gas(), "unit": "ns/gas",
                "peer": "baseline", "peer_value": plain, "ratio": row.of_plain,
                "ns": row.cost.ns, "gas": row.cost.gas, "of_ordinary": row.of_ordinary,
            })
        })
        .collect();
    serde_json::to_string_pretty(&rows).expect("text") + "\n"
}
