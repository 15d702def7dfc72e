//! The figures of the WASM engine beside those of cosmwasm-vm and of wasmer's metering: every row is measured
//! round by round, ours and the peer's in turn, ours in a C program that embeds the library.
//!
//! Usage: `wasm EMBEDDER FOLDER OUT`. The folder holds the contracts; what is made of them goes there too.

mod embedder;
mod metering;
mod peer;
mod table;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use embedder::Embedder;
use zvm::engine::wasm::instrument::Refill;
use zvm_bench::figures::{Row, median, write_rows};
use zvm_bench::machine::Compiler;
use zvm_bench::rewrite;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const INIT: &[u8] = include_bytes!("../../../messages/init.json");
const TRANSFER: &[u8] = include_bytes!("../../../messages/transfer.json");

/// Rounds of calls and reads, which take milliseconds each, and of deploys and loads.
const ROUNDS: usize = 21;
const CODE_ROUNDS: usize = 15;

fn main() -> Result<()> {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [program, folder, out] = arguments.as_slice() else {
        return Err("usage: wasm EMBEDDER FOLDER OUT".into());
    };
    let hackatom = fs::read(peer_contract("hackatom_1.3.wasm")?)?;
    fs::write(folder.join("hackatom.wasm"), rewrite::without_imports(&hackatom)?)?;
    fs::write(folder.join("json_token_transfer.json"), TRANSFER)?;

    let mut embedder = Embedder::start(program, folder)?;
    let mut rows = calls(&mut embedder, folder)?;
    rows.extend(overheads(&fs::read(folder.join("kernels.wasm"))?)?);
    rows.extend(code(&mut embedder, &hackatom)?);
    rows.extend(apart(&mut embedder)?);
    let callback = over_rounds(ROUNDS, || Ok(embedder.measure("storage.callback")?))?;
    // Each of these in a process of its own: nothing that was freed before can hide what is new.
    for name in ["memory.code_230k", "memory.instance_idle"] {
        let value = Embedder::start(program, folder)?.measure(name)?;
        rows.push(Row { name, value, unit: "bytes", peer: None });
    }
    let mut alone = Embedder::start(program, folder)?;
    let singlepass = over_rounds(ROUNDS, || Ok(alone.measure("call.json_token.singlepass")?))?;
    write_rows(out, &rows)?;
    table::print(&rows, callback, singlepass);
    Ok(())
}

fn over_rounds(rounds: usize, mut measure: impl FnMut() -> Result<f64>) -> Result<f64> {
    let figures: Result<Vec<f64>> = (0..rounds).map(|_| measure()).collect();
    Ok(median(&figures?))
}

/// Two in turn, after a round that warms up.
fn in_turn(
    rounds: usize,
    mut ours: impl FnMut() -> Result<f64>,
    mut theirs: impl FnMut() -> Result<f64>,
) -> Result<(Vec<f64>, Vec<f64>)> {
    (ours()?, theirs()?);
    let mut figures = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        figures.0.push(ours()?);
        figures.1.push(theirs()?);
    }
    Ok(figures)
}

fn calls(embedder: &mut Embedder, folder: &Path) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let contracts = [
        ("call.counter.warm", "counter_cosmwasm.wasm", &b"{}"[..], &b"{}"[..]),
        ("call.json_token.warm", "json_token_cosmwasm.wasm", INIT, TRANSFER),
    ];
    for (name, file, init, message) in contracts {
        let mut contract = peer::Contract::new(&fs::read(folder.join(file))?, init, message)?;
        let (ours, theirs) = in_turn(ROUNDS, || Ok(embedder.measure(name)?), || contract.warm())?;
        rows.push(Row { name, value: median(&ours), unit: "ns", peer: Some((peer::NAME, median(&theirs))) });
    }
    Ok(rows)
}

fn overheads(kernels: &[u8]) -> Result<Vec<Row>> {
    let cranelift = metering::measure(kernels, Compiler::Cranelift, Refill::Ends)?;
    let resuming = metering::measure(kernels, Compiler::Cranelift, Refill::Resumes)?;
    let singlepass = metering::measure(kernels, Compiler::Singlepass, Refill::Resumes)?;
    table::print_kernels(&[
        ("Cranelift", &cranelift),
        ("Cranelift that comes back", &resuming),
        ("Singlepass", &singlepass),
    ]);
    let row = |name, rows: Vec<(&str, metering::Overhead)>| {
        let (_, whole) = rows.into_iter().next_back()?;
        Some(Row {
            name,
            value: whole.ours,
            unit: "ratio",
            peer: Some(("wasmer Metering 7.4.2", whole.stock)),
        })
    };
    Ok([row("meter.cranelift", cranelift), row("meter.singlepass", singlepass)]
        .into_iter()
        .flatten()
        .collect())
}

/// On the wall's clock, and so the least of the rounds: whatever else runs can only add to it.
fn code(embedder: &mut Embedder, hackatom: &[u8]) -> Result<Vec<Row>> {
    let least = |figures: Vec<f64>| figures.into_iter().fold(f64::INFINITY, f64::min);
    let stored = peer::Stored::new(hackatom)?;
    let deploys = in_turn(CODE_ROUNDS, || Ok(embedder.measure("deploy.230k")?), || peer::deploy(hackatom))?;
    let loads = in_turn(CODE_ROUNDS, || Ok(embedder.measure("artefact.load")?), || stored.load())?;
    let row = |name, (ours, theirs)| Row {
        name,
        value: least(ours),
        unit: "ns",
        peer: Some((peer::NAME, least(theirs))),
    };
    Ok(vec![row("deploy.230k", deploys), row("artefact.load", loads)])
}

/// Rows that nobody else has.
fn apart(embedder: &mut Embedder) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for name in ["storage.hit", "storage.miss", "call.wasm_wasm.warm"] {
        let value = over_rounds(ROUNDS, || Ok(embedder.measure(name)?))?;
        rows.push(Row { name, value, unit: "ns", peer: None });
    }
    Ok(rows)
}

/// A contract that the peer's sources bring along for its own tests: Cargo knows where they are.
fn peer_contract(name: &str) -> Result<PathBuf> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let output = Command::new("cargo")
        .args(["metadata", "--locked", "--format-version", "1", "--manifest-path", manifest])
        .output()?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata lists no packages")?;
    let peer = packages.iter().find(|package| package["name"] == "cosmwasm-vm").ok_or("no cosmwasm-vm")?;
    let manifest = peer["manifest_path"].as_str().ok_or("cosmwasm-vm has no manifest")?;
    Ok(Path::new(manifest).with_file_name("testdata").join(name))
}
