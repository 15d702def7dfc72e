//! ZVM bytecode beside revm, which runs the same programs translated opcode by opcode, and beside the
//! same loops in WASM on Cranelift, whose words have 64 bits. Writes nanoseconds for a round.
//!
//! The sides take turns in one process; a figure is the median of its turns. A turn is one
//! transaction of so many rounds, so that what surrounds the loop does not count.

mod ours;
mod peer;
mod programs;

use std::time::Instant;

use serde_json::{Value, json};

use crate::programs::{PROGRAMS, Program};

const TURNS: usize = 21;

fn main() {
    let out = std::env::args().nth(1).expect("usage: zvm-bench-bytecode out.json");
    let rows: Vec<Value> = PROGRAMS.iter().flat_map(rows).collect();
    let lines: Vec<String> = rows.iter().map(|row| format!("  {row}")).collect();
    std::fs::write(&out, format!("[\n{}\n]\n", lines.join(",\n"))).expect("the file");
}

fn rows(program: &Program) -> [Value; 2] {
    let code = ours::assemble(program);
    let (mut zvm, mut revm, mut wasm) =
        (ours::Side::zvm(&code), peer::Side::new(&code), ours::Side::wasm(program));
    assert_eq!(zvm.run(), revm.run(), "{}: both must return the same", program.name);
    wasm.run();
    let mut figures = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..TURNS {
        figures[0].push(timed(program, || drop(zvm.run())));
        figures[1].push(timed(program, || drop(revm.run())));
        figures[2].push(timed(program, || drop(wasm.run())));
    }
    let [ours, theirs, native] = figures.map(median);
    println!(
        "{:<14} zvm {ours:8.2} ns  revm {theirs:8.2} ns  ratio {:.3}  wasm {native:8.2} ns",
        program.name,
        ours / theirs
    );
    [
        row(program.name, ours, Some(("revm", theirs))),
        row(&format!("{}.cranelift", program.name), native, None),
    ]
}

/// Nanoseconds for a round.
fn timed(program: &Program, run: impl FnOnce()) -> f64 {
    let began = Instant::now();
    run();
    began.elapsed().as_nanos() as f64 / f64::from(program.rounds)
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn row(name: &str, value: f64, peer: Option<(&str, f64)>) -> Value {
    let (peer, figure) = peer.unzip();
    json!({
        "name": format!("zvm.{name}"), "value": rounded(value), "unit": "ns", "peer": peer,
        "peer_value": figure.map(rounded), "ratio": figure.map(|figure| rounded(value / figure)),
    })
}

fn rounded(figure: f64) -> f64 {
    (figure * 1000.0).round() / 1000.0
}
