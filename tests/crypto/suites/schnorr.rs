//! The vectors of BIP-340, which k256 carries in its sources.

use super::{Count, folder};
use crate::{doors, unhex};

/// The value of a field `name: hex!("...")` or `name: true`, from where it stands on.
fn field<'a>(vector: &'a str, name: &str) -> Option<&'a str> {
    let rest = &vector[vector.find(&format!("{name}:"))? + name.len() + 1..];
    match rest.find(['"', ',']) {
        Some(at) if rest.as_bytes()[at] == b'"' => rest[at + 1..].split('"').next(),
        Some(at) => Some(rest[..at].trim()),
        None => None,
    }
}

#[test]
fn bip340() {
    let Some(folder) = folder("k256-0.13.4") else { return };
    let source = std::fs::read_to_string(folder.join("src/schnorr.rs")).expect("the source");
    let mut count = Count::new("BIP-340");
    for vector in source.split("Vector {").skip(1) {
        let Some(key) = field(vector, "public_key").filter(|key| key.len() == 64) else { continue };
        let digits = |name: &str| -> Vec<u8> {
            let text = field(vector, name).expect("a field");
            unhex(&text.split_whitespace().collect::<String>())
        };
        let valid = field(vector, "valid").is_none_or(|valid| valid == "true");
        let verdict = doors::verify(4, &digits("message"), &digits("signature"), &unhex(key), &[]);
        assert_eq!(verdict == 1, valid, "key {key}");
        count.row(valid);
    }
    count.at_least(13);
}
