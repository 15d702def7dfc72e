//! OpenZeppelin's ERC-20, deployed and driven: every step is what Ethereum's specification says.
//!
//! The vector has the steps and what EELS made of them; `make test-eels` compiles the contract and
//! derives the vector again.

use std::collections::BTreeMap;

use serde_json::Value;
use zvm::{
    Account, Address, Block, EngineKind, EthereumTransaction, MemoryLedger, Outcome, Revision, Session,
    Stopwatch, Word,
};

use crate::trie::logs_hash;
use crate::world::runtime;

const VECTOR: &str = include_str!("vectors/erc20.json");
/// As tests/ethereum/eels/erc20.py has it.
const RICH: u64 = 1_000_000_000_000_000_000;

fn bytes(value: &Value) -> Vec<u8> {
    let digits = value.as_str().expect("bytes are text").as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn word(value: &Value) -> Word {
    let mut word = Word::ZERO;
    let bytes = bytes(value);
    word.0[32 - bytes.len()..].copy_from_slice(&bytes);
    word
}

fn address(value: &Value) -> Address {
    Address(bytes(value).try_into().unwrap())
}

fn block(block: &Value) -> Block {
    Block {
        number: block["number"].as_u64().unwrap(),
        timestamp: block["timestamp"].as_u64().unwrap(),
        chain_id: word(&block["chain_id"]),
        proposer: address(&block["proposer"]),
        gas_limit: block["gas_limit"].as_u64().unwrap(),
        base_fee: word(&block["base_fee"]),
        randomness: Some(word(&block["randomness"])),
        ..Block::default()
    }
}

/// Runs a step and holds it to the vector's.
fn take(session: &mut Session<'_>, nonces: &mut BTreeMap<Address, u64>, step: &Value) {
    let sender = address(&step["sender"]);
    let nonce = nonces.entry(sender).or_default();
    let transaction = EthereumTransaction {
        sender,
        chain_id: Some(Word::from(1)),
        nonce: *nonce,
        gas_limit: 2_000_000,
        gas_price: Word::from(10),
        to: step["to"].is_string().then(|| address(&step["to"])),
        input: bytes(&step["input"]),
        ..EthereumTransaction::default()
    };
    *nonce += 1;
    let done = session.run_ethereum(&transaction, Stopwatch::default()).unwrap();
    let name = &step["name"];
    assert_eq!(done.gas_used, step["gas"].as_u64().unwrap(), "{name}: gas");
    assert_eq!(done.outcome.is_success(), step["success"], "{name}: {:?}", done.outcome);
    assert_eq!(done.outcome == Outcome::Revert, step["revert"], "{name}: {:?}", done.outcome);
    assert_eq!(done.output, bytes(&step["output"]), "{name}: output");
    assert_eq!(logs_hash(&done.logs), word(&step["logs"]), "{name}: logs");
}

#[test]
fn openzeppelins_erc20_does_and_costs_what_the_specification_says() {
    let vector: Value = serde_json::from_str(VECTOR).unwrap();
    let steps = vector["steps"].as_array().unwrap();
    let mut ledger = MemoryLedger::new();
    for step in steps {
        let balance = Word::from(RICH);
        ledger.set_account(address(&step["sender"]), Account { balance, ..Account::default() });
    }
    let runtime = runtime(Revision::Osaka);
    let mut session = runtime.session(&mut ledger, block(&vector["block"]));
    let mut nonces = BTreeMap::new();
    steps.iter().for_each(|step| take(&mut session, &mut nonces, step));
    session.commit().unwrap();
    drop(session);

    let token = address(&vector["token"]);
    assert_eq!(ledger.account_at(&token).unwrap().engine, Some(EngineKind::Evm));
    let storage = vector["storage"].as_object().unwrap();
    assert_eq!(ledger.entries(&token).count(), storage.len());
    for (key, value) in storage {
        let key = bytes(&Value::from(key.as_str()));
        let stored = ledger.storage_at(&token, &key).map(|value| value.to_vec());
        assert_eq!(stored, Some(word(value).0.to_vec()), "slot {key:x?}");
    }
    for (of, balance) in vector["balances"].as_object().unwrap() {
        let account = ledger.account_at(&address(&Value::from(of.as_str()))).unwrap();
        assert_eq!(account.balance, word(balance), "{of}");
    }
}
