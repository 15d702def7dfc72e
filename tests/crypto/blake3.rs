//! The BLAKE3 team's vectors: lengths around every internal boundary.

use std::io::Write;
use std::path::PathBuf;

use zvm::crypto::hash::blake3;

/// The folder of foreign vectors: `ZVM_VECTORS`, or beside the checkout.
fn vectors() -> PathBuf {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/vectors");
    std::env::var_os("ZVM_VECTORS").map_or_else(|| beside.into(), PathBuf::from)
}

#[test]
fn every_official_length() {
    let path = vectors().join("blake3/test_vectors.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        // Straight to the stream, past the test harness: it must be seen.
        let _ = writeln!(std::io::stderr(), "SKIPPED: no {}", path.display());
        return;
    };
    let vectors: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let cases = vectors["cases"].as_array().expect("cases");
    assert!(cases.len() >= 35, "{} cases", cases.len());
    for case in cases {
        let len = case["input_len"].as_u64().expect("a length") as usize;
        // The inputs of the suite count 0 to 250 over and over.
        let input: Vec<u8> = (0..len).map(|at| (at % 251) as u8).collect();
        let expected = &case["hash"].as_str().expect("a hash")[..64];
        assert_eq!(blake3(&input).to_string(), format!("0x{expected}"), "length {len}");
    }
}
