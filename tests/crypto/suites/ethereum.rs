//! Ethereum's tests of BLS signatures, as cosmwasm-crypto carries them, and NEAR's rows for ecrecover.

use std::path::{Path, PathBuf};

use serde_json::Value;
use zvm::crypto::hash::keccak256;

use super::{Count, bytes, folder, json};
use crate::{doors, unhex};

/// The files of a folder, in their order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> =
        folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

fn packed(list: &Value) -> Vec<u8> {
    list.as_array().expect("a list").iter().flat_map(|it| unhex(it.as_str().expect("hex"))).collect()
}

#[test]
fn bls() {
    let Some(suite) = folder("cosmwasm-crypto-3.0.10") else { return };
    let suite = suite.join("testdata/bls-tests");
    let judge = |kind: &str, rows: u32, judged: &dyn Fn(&Value) -> bool| {
        let mut count = Count::new(&format!("ethereum bls {kind}"));
        for file in files(&suite.join(kind)) {
            let vector = json(file.clone());
            let expected = vector["output"].as_bool().expect("a verdict");
            assert_eq!(judged(&vector["input"]), expected, "{}", file.display());
            count.row(expected);
        }
        count.at_least(rows);
    };
    judge("verify", 25, &|input| {
        let [key, message, signature] = ["pubkey", "message", "signature"].map(|name| bytes(input, name));
        doors::verify(5, &message, &signature, &key, &[]) == 1
    });
    judge("fast_aggregate_verify", 12, &|input| {
        let (message, signature) = (bytes(input, "message"), bytes(input, "signature"));
        doors::aggregate(&message, &signature, &packed(&input["pubkeys"]), true) == 1
    });
    judge("aggregate_verify", 5, &|input| {
        let signature = bytes(input, "signature");
        doors::aggregate(&packed(&input["messages"]), &signature, &packed(&input["pubkeys"]), false) == 1
    });
    judge("batch_verify", 4, &|input| {
        let lists = ["pubkeys", "messages", "signatures"].map(|name| input[name].as_array().expect("a list"));
        (0..lists[0].len()).all(|at| {
            let [key, message, signature] = lists.map(|list| unhex(list[at].as_str().expect("hex")));
            doors::verify(5, &message, &signature, &key, &[]) == 1
        })
    });
    // A key that can be read is not yet one: infinity can.
    judge("deserialization_G1", 13, &|input| {
        let key = bytes(input, "pubkey");
        let infinity = key.len() == 48 && key[0] == 0xc0 && key[1..].iter().all(|byte| *byte == 0);
        let verdict = doors::verify(5, b"", &[0xc0; 96], &key, &[]);
        verdict != -1 || infinity
    });
}

#[test]
fn n098_recovery() {
    let Some(suite) = folder("near-vm-runner-0.38.0") else { return };
    let rows = json(suite.join("src/logic/tests/ecrecover-tests.json"));
    let half = unhex("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");
    let mut count = Count::new("near ecrecover");
    for row in rows.as_array().expect("rows") {
        let hash: [u8; 32] = bytes(row, "m").try_into().expect("32 bytes");
        let mut signature = bytes(row, "sig");
        let is_high = signature[32..] > half[..];
        signature.push(row["v"].as_u64().expect("a number") as u8);
        let recovered = doors::recover(&hash, &signature.try_into().expect("65 bytes"));
        // A row that does not ask for a low s is narrowed by our rule.
        let expected = row["res"].as_str().filter(|_| !is_high).map(unhex);
        assert_eq!(recovered.as_ref().map(|(key, _)| key.clone()), expected, "{row}");
        if let Some((key, address)) = &recovered {
            assert_eq!(keccak256(key).0[12..], address[..]);
        }
        count.row(recovered.is_some());
    }
    count.at_least(161);
}
