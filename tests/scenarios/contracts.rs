//! The contracts of the stories, compiled from their text.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use zvm::EngineKind;
use zvm::engine::zvm::assembly::assemble;

/// The code of contracts/NAME.wat, or for zvm-NAME that of the example NAME in ZVM assembly.
pub(crate) fn code(name: &str) -> Vec<u8> {
    static CODES: OnceLock<Mutex<HashMap<String, Vec<u8>>>> = OnceLock::new();
    let mut codes = CODES.get_or_init(Mutex::default).lock().expect("no test panics in here");
    let make = || match name.strip_prefix("zvm-") {
        Some(example) => assembled(&text(&format!("contracts/zvm/{example}.zasm"))),
        None => compile(&text(&format!("tests/scenarios/contracts/{name}.wat"))),
    };
    codes.entry(name.into()).or_insert_with(make).clone()
}

/// The container of a program's text.
pub(crate) fn assembled(text: &str) -> Vec<u8> {
    let container = assemble(text).unwrap_or_else(|error| panic!("{error}"));
    container.write().expect("small")
}

/// What runs a code of the stories.
pub(crate) fn engine(code: &[u8]) -> EngineKind {
    if code.starts_with(b"ZVMC") { EngineKind::Zvm } else { EngineKind::Wasm }
}

/// A contract too small for a file.
pub(crate) fn compile(text: &str) -> Vec<u8> {
    without_names(&wat::parse_str(text).expect("the contract's text"))
}

/// The module without its custom sections: the names in the text are no part of a contract.
fn without_names(module: &[u8]) -> Vec<u8> {
    let mut kept = module[..8].to_vec();
    let mut at = 8;
    while at < module.len() {
        let (len, content) = leb128(module, at + 1);
        let end = content + len;
        if module[at] != 0 {
            kept.extend_from_slice(&module[at..end]);
        }
        at = end;
    }
    kept
}

/// The unsigned number at a place, and the place behind it.
fn leb128(bytes: &[u8], mut at: usize) -> (usize, usize) {
    let (mut number, mut shift) = (0, 0);
    loop {
        number |= usize::from(bytes[at] & 0x7f) << shift;
        shift += 7;
        at += 1;
        if bytes[at - 1] & 0x80 == 0 {
            return (number, at);
        }
    }
}

fn text(path: &str) -> String {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}
