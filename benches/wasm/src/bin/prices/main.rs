//! What a unit of gas buys: nanoseconds for each instruction class and each host function, on the default compiler, with
//! the default prices. The baseline is the median of mixes of simple instructions; a row that is more than three times
//! off is a wrong price, and the program ends with a failure.
//!
//! Usage: `prices OUT`.

mod deploys;
mod hosts;
mod instructions;
mod measure;
mod memory;
mod program;
mod sides;

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use measure::{Bench, Cost, Result};
use serde_json::json;
use sides::{Side, side};
use zvm_bench::figures::{median, rounded, write};

/// How far a row may be off.
const BAND: f64 = 3.0;

struct Row {
    field: &'static str,
    name: String,
    cost: Cost,
}

impl Row {
    fn per_gas(&self) -> f64 {
        self.cost.ns / self.cost.gas
    }

    /// What is wrong with the price, if anything.
    fn verdict(&self, baseline: f64) -> Option<&'static str> {
        let ratio = self.per_gas() / baseline;
        match side(self.field) {
            _ if ratio > BAND => Some("TOO CHEAP"),
            Side::Both if ratio < 1.0 / BAND => Some("TOO DEAR"),
            _ => None,
        }
    }
}

fn main() -> Result<ExitCode> {
    let Some(out) = env::args_os().nth(1).map(PathBuf::from) else {
        return Err("usage: prices OUT".into());
    };
    let mut bench = Bench::new()?;
    let mut rows = Vec::new();
    for case in instructions::simple() {
        rows.push(Row { field: case.field, name: case.name.clone(), cost: case.measure(&mut bench)? });
    }
    let baseline = median(&rows.iter().map(Row::per_gas).collect::<Vec<_>>());
    for case in instructions::classes() {
        rows.push(Row { field: case.field, name: case.name.clone(), cost: case.measure(&mut bench)? });
    }
    for case in hosts::cases() {
        let cost = case.measure(&mut bench).map_err(|error| format!("{}: {error}", case.name))?;
        rows.push(Row { field: case.field(), name: case.name.clone(), cost });
    }
    for (name, wasm) in deploys::contracts() {
        rows.push(Row { field: "create_byte", name, cost: measure::deployed(&wasm)? });
    }
    let off = print(&rows, baseline);
    write(&out, rows.iter().map(|row| to_json(row, baseline)))?;
    Ok(if off == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The table, and how many rows of it are off.
fn print(rows: &[Row], baseline: f64) -> usize {
    println!("baseline: {baseline:.3} ns for a unit of gas, the median of the mixes of simple instructions");
    println!("{:19} {:38} {:>12} {:>12} {:>9} {:>7}", "price", "row", "gas", "ns", "ns/gas", "ratio");
    let mut off = 0;
    for row in rows {
        let Cost { gas, ns } = row.cost;
        let bound = if side(row.field) == Side::Both { "" } else { "upper side" };
        let verdict = row.verdict(baseline).inspect(|_| off += 1).unwrap_or(bound);
        let (per_gas, ratio) = (row.per_gas(), row.per_gas() / baseline);
        println!(
            "{:19} {:38} {gas:>12.1} {ns:>12.1} {per_gas:>9.3} {ratio:>7.2}  {verdict}",
            row.field, row.name
        );
    }
    println!("{} rows, {off} of them more than {BAND} times off", rows.len());
    off
}

fn to_json(row: &Row, baseline: f64) -> serde_json::Value {
    let (bound, why) = match side(row.field) {
        Side::Both => ("both", None),
        Side::Upper(why) => ("upper", Some(why)),
    };
    json!({
        "name": format!("{}: {}", row.field, row.name), "value": rounded(row.per_gas()), "unit": "ns/gas",
        "peer": "baseline", "peer_value": rounded(baseline), "ratio": rounded(row.per_gas() / baseline),
        "gas": rounded(row.cost.gas), "ns": rounded(row.cost.ns), "bound": bound, "why": why,
        "off": row.verdict(baseline),
    })
}
