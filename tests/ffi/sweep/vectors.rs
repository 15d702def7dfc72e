//! The scenarios of tests/vectors, as its README describes them.

use serde_json::Value;
use zvm::crypto::hash::keccak256;
use zvm::ffi::binding::{ZVM_BLOCK_RANDOMNESS, zvm_block};

use super::scenario::{Scenario, Step, Transaction};
use crate::support::host::{Account, State};
use crate::support::structs::sized;

/// Every file, in order of its name.
pub(super) fn all() -> Vec<Scenario> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors");
    let entries = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|it| it == "json")).collect();
    files.sort();
    files
        .iter()
        .map(|file| read(&file.display().to_string(), &std::fs::read_to_string(file).expect("a file")))
        .collect()
}

fn read(name: &str, text: &str) -> Scenario {
    let file: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let code = |name: &Value| bytes(&file["codes"][name.as_str().expect("the name of a code")]);
    let mut state = State::default();
    for (address, account) in entries(&file["ledger"]["accounts"]) {
        let address = fixed(address);
        let code = account.get("code").map(code);
        let code_hash = code.as_deref().map_or([0; 32], |code| keccak256(code).0);
        code.into_iter().for_each(|code| drop(state.codes.insert(code_hash, code)));
        let engine = number(&account["engine"]) as u32;
        state.accounts.insert(
            address,
            Account {
                balance: array(&account["balance"]),
                nonce: number(&account["nonce"]),
                code_hash,
                engine,
            },
        );
        for (key, value) in entries(&account["storage"]) {
            state.storage.insert((address, hex(key)), bytes(value));
        }
    }
    for (number, hash) in entries(&file["ledger"]["block_hashes"]) {
        state.block_hashes.insert(number.parse().expect("a number"), array(hash));
    }
    let steps = file["steps"].as_array().expect("steps").iter().map(|step| self::step(step, &code));
    Scenario {
        name: name.to_owned(),
        options: entries(&file["options"]).map(|(name, value)| (name.clone(), number(value))).collect(),
        deny_floats: file["deny_floats"].as_bool().unwrap_or(false),
        admission: 0,
        answers_in_op: false,
        block: block(&file["block"]),
        state,
        steps: steps.collect(),
    }
}

fn step(step: &Value, code: &dyn Fn(&Value) -> Vec<u8>) -> Step {
    let name = || step["name"].as_str().expect("a name").to_owned();
    match step["do"].as_str().expect("a verb") {
        "deploy" => Step::Deploy(transaction(step, code)),
        "call" => Step::Call(transaction(step, code)),
        "query" => Step::Query(transaction(step, code)),
        "mark" => Step::Mark(name()),
        "rollback" => Step::Rollback(name()),
        "commit" => Step::Commit,
        verb => panic!("no step {verb}"),
    }
}

fn transaction(step: &Value, code: &dyn Fn(&Value) -> Vec<u8>) -> Transaction {
    Transaction {
        caller: array(&step["caller"]),
        origin: array(&step["origin"]),
        target: array(&step["target"]),
        value: array(&step["value"]),
        gas_price: array(&step["gas_price"]),
        entry: step["entry"].as_str().unwrap_or_default().to_owned(),
        code: step.get("code").map(code).unwrap_or_default(),
        engine: number(&step["engine"]) as u32,
        input: bytes(&step["input"]),
        salt: step.get("salt").map(array),
        gas_limit: number(&step["gas_limit"]),
        is_static: step["static"].as_bool().unwrap_or(false),
    }
}

fn block(block: &Value) -> zvm_block {
    let mut read: zvm_block = sized();
    (read.number, read.timestamp) = (number(&block["number"]), number(&block["timestamp"]));
    read.gas_limit = number(&block["gas_limit"]);
    (read.chain_id.bytes, read.base_fee.bytes) = (array(&block["chain_id"]), array(&block["base_fee"]));
    if let Some(randomness) = block.get("randomness") {
        (read.flags, read.randomness.bytes) = (ZVM_BLOCK_RANDOMNESS, array(randomness));
    }
    read.proposer.bytes = array(&block["proposer"]);
    read
}

fn entries(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flatten()
}

fn number(value: &Value) -> u64 {
    if value.is_null() { 0 } else { value.as_u64().expect("an integer") }
}

fn bytes(value: &Value) -> Vec<u8> {
    if value.is_null() { Vec::new() } else { hex(value.as_str().expect("hex")) }
}

fn array<const N: usize>(value: &Value) -> [u8; N] {
    if value.is_null() { [0; N] } else { fixed(value.as_str().expect("hex")) }
}

fn fixed<const N: usize>(text: &str) -> [u8; N] {
    hex(text).try_into().unwrap_or_else(|_| panic!("{text} has not {N} bytes"))
}

fn hex(text: &str) -> Vec<u8> {
    let digits = text.strip_prefix("0x").expect("0x");
    let digit = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("two digits");
    (0..digits.len()).step_by(2).map(digit).collect()
}

#[test]
fn a_file_is_read_as_its_readme_says() {
    let text = r#"{ "about": "x", "options": { "limit.key_bytes": 64 }, "block": { "number": 7, "proposer": "0x0000000000000000000000000000000000000009" },
        "codes": { "c": "0x0061" }, "ledger": { "accounts": { "0x0000000000000000000000000000000000000002":
          { "balance": "0x00000000000000000000000000000000000000000000000000000000000003e8", "code": "c", "storage": { "0x61": "0x" } } },
          "block_hashes": { "6": "0x0100000000000000000000000000000000000000000000000000000000000000" } },
        "steps": [ { "do": "call", "target": "0x0000000000000000000000000000000000000002", "gas_limit": 5, "entry": "e", "static": true } ] }"#;
    let scenario = read("x", text);
    assert_eq!(scenario.options, [("limit.key_bytes".to_owned(), 64)]);
    let account = &scenario.state.accounts[&crate::support::address(2)];
    assert_eq!((account.balance, account.code_hash), (crate::support::word(1000), keccak256(b"\0a").0));
    assert_eq!(scenario.state.storage[&(crate::support::address(2), b"a".to_vec())], b"");
    assert_eq!((scenario.block.number, scenario.state.block_hashes.len()), (7, 1));
    assert!(
        matches!(&scenario.steps[..], [Step::Call(call)] if call.is_static && call.gas_limit == 5 && call.entry == "e")
    );
}
