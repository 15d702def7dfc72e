//! A contract as an ordinary compiler makes it: collections, text, floats, an allocator that grows.

use std::path::PathBuf;
use std::process::Command;

use zvm::limits::Limits;

use crate::machine::{Machine, check_with, meter_with, prices};
use crate::ticks::{TICKS, ticking};

const CONTRACT: &str = r#"
use std::collections::BTreeMap;
use std::fmt::Write;

#[link(wasm_import_module = "zvm")]
unsafe extern "C" {
    fn input_size() -> i32;
    fn debug_log(text: *const u8, length: usize);
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[unsafe(no_mangle)]
pub extern "C" fn call() -> i32 {
    let size = unsafe { input_size() } as u64;
    let mut words: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for index in 0..2000_u64 {
        let key = format!("key-{}", index.wrapping_mul(0x9e3779b97f4a7c15) % 97);
        words.entry(key).or_default().push(index as f64 * 1.5 + size as f64);
    }
    let mut text = String::new();
    for (key, values) in &words {
        write!(text, "{key}={:.3};", mean(values).sqrt()).unwrap();
    }
    unsafe { debug_log(text.as_ptr(), text.len()) };
    let sum: f32 = words.values().map(|values| mean(values) as f32).sum();
    text.bytes().fold(sum as i32, |hash, byte| hash.wrapping_mul(31).wrapping_add(i32::from(byte)))
}

#[unsafe(no_mangle)]
pub extern "C" fn init() {}
"#;

/// Compiles the contract, or returns `None` where the compiler has no such target.
fn compiled(options: &[&str], name: &str) -> Option<Vec<u8>> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (source, output) = (folder.join(format!("{name}.rs")), folder.join(format!("{name}.wasm")));
    let target = ["--target", "wasm32-unknown-unknown"];
    let library = Command::new(&rustc).args(["--print", "target-libdir"]).args(target).output().ok()?;
    if !PathBuf::from(String::from_utf8(library.stdout).ok()?.trim()).is_dir() {
        return None;
    }
    std::fs::write(&source, CONTRACT).expect("the source is written");
    let status = Command::new(&rustc)
        .args(["--edition", "2024", "--crate-type", "cdylib", "-C", "panic=abort"])
        .args(target)
        .args(options)
        .arg(&source)
        .arg("-o")
        .arg(&output)
        .status();
    assert!(status.expect("the compiler runs").success());
    Some(std::fs::read(output).expect("the compiler wrote"))
}

#[test]
fn ordinary_rust_contracts_are_valid_and_run_the_same() {
    let variants: [(&str, &[&str]); 3] = [
        ("speed", &["-C", "opt-level=3"]),
        ("size", &["-C", "opt-level=z", "-C", "strip=symbols", "-C", "link-arg=-zstack-size=16384"]),
        ("debug", &["-C", "opt-level=1", "-g"]),
    ];
    for (name, options) in variants {
        let Some(wasm) = compiled(options, name) else {
            eprintln!("skipped: rustc has no target wasm32-unknown-unknown here");
            return;
        };
        // Debug information makes a module larger than a contract may be; its code is as good.
        let limits = Limits { module_bytes: 8 << 20, ..Limits::default() };
        let module = check_with(&wasm, &limits).expect("rustc makes valid contracts");
        assert_eq!(module.entries, ["call", "init"], "{name}");
        let metered = meter_with(&wasm, &limits, &prices());
        let (mut plain, mut machine) = (Machine::new(&wasm), Machine::new(&metered));
        let run = machine.call("call", &[], 1_000_000_000);
        assert!(run.result.is_ok(), "{name}: {run:?}");
        assert_eq!(run.result, plain.call("call", &[], 0).result, "{name}");
        assert_eq!(machine.memory(), plain.memory(), "{name}");
        let mut ticking = Machine::new(&ticking(&wasm));
        assert_eq!(ticking.call("call", &[], 0).result, run.result, "{name}");
        assert_eq!(ticking.global(TICKS), Some(run.used), "{name}: gas by operator");
        let again = Machine::new(&metered).call_in_slices("call", &[], run.used, 10_000);
        assert_eq!(again, run, "{name}: the exact gas, in slices");
        eprintln!("{name}: {} bytes, {} metered, {} gas", wasm.len(), metered.len(), run.used);
    }
}
