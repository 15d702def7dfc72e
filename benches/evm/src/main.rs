//! EVM code under the library's journal beside revm as a whole: the same bytecode, the same transactions,
//! the same revision. Every row is measured round by round, ours and the peer's in turn.
//!
//! Usage: `zvm-bench-evm EMBEDDER FOLDER OUT [ROW...]`. The folder holds the contracts' initcode; without rows,
//! all of them.

#[path = "../../wasm/src/bin/wasm/embedder.rs"]
mod embedder;
mod ours;
mod peer;
mod program;

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use embedder::Embedder;
use program::{PROGRAMS, Program};
use zvm_bench_evm::clock;
use zvm_bench_evm::figures::{Row, median, write_rows};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const PEER: &str = "revm 43.0.3";
const ROUNDS: usize = 41;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [embedder, folder, out, wanted @ ..] = arguments.as_slice() else {
        return Err("usage: zvm-bench-evm EMBEDDER FOLDER OUT [ROW...]".into());
    };
    let [embedder, folder, out] = [embedder, folder, out].map(Path::new);
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|row| row == name);
    let mut rows = Vec::new();
    for program in PROGRAMS.iter().filter(|program| is_wanted(program.name)) {
        rows.extend(measure(program, embedder, folder)?);
    }
    for Row { name, value, peer, .. } in &rows {
        let (_, theirs) = peer.ok_or("every row has a peer")?;
        println!("{name:26} zvm {value:12.0} ns  revm {theirs:12.0} ns  ratio {:.3}", value / theirs);
    }
    write_rows(out, &rows)?;
    Ok(())
}

/// The rows of a program: both sides in this process, and the C program that embeds the library where the
/// program has a row for it.
fn measure(program: &Program, embedder: &Path, folder: &Path) -> Result<Vec<Row>> {
    let initcode = program.initcode(&fs::read(folder.join(program.file))?);
    let (mut ours, mut theirs) = (ours::Side::new(&initcode), peer::Side::new(&initcode));
    let (one, other) = (ours.run(program.input()), theirs.run(program.input()));
    if one != other {
        return Err(format!("{}: ours {one:?}, the peer's {other:?}", program.name).into());
    }
    let mut embedder = match program.c_name {
        Some(_) => Some(Embedder::start(embedder, folder)?),
        None => None,
    };
    let mut figures = [Vec::new(), Vec::new(), Vec::new()];
    // The first round warms up.
    for round in 0..=ROUNDS {
        let mut times = [0.0; 3];
        // Who comes first may find the processor in another state: they take turns at that too.
        for turn in [round % 2, 1 - round % 2] {
            times[turn] = match turn {
                0 => timed(program, || drop(ours.run(program.input()))),
                _ => timed(program, || drop(theirs.run(program.input()))),
            };
        }
        if let (Some(embedder), Some(name)) = (&mut embedder, program.c_name) {
            times[2] = embedder.measure(name)?;
        }
        if round > 0 {
            figures.iter_mut().zip(times).for_each(|(figures, time)| figures.push(time));
        }
    }
    let [ours, theirs, embedded] = figures.map(|figures| median(&figures));
    let row = |name, value| Row { name, value, unit: "ns", peer: Some((PEER, theirs)) };
    let rows = [Some(row(program.name, ours)), program.c_name.map(|name| row(name, embedded))];
    Ok(rows.into_iter().flatten().collect())
}

/// Nanoseconds of a transaction.
fn timed(program: &Program, mut transaction: impl FnMut()) -> f64 {
    let began = clock::thread();
    (0..program.repeats).for_each(|_| transaction());
    (clock::thread() - began) / f64::from(program.repeats)
}
