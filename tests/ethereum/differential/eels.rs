//! A played scene as one line of JSON, for Ethereum's specification to say the same (tests/ethereum/eels).

use serde_json::{Map, Value, json};
use zvm::{Block, EthereumTransaction, Ledger, MemoryLedger, Revision};

use super::{Played, Result};

pub(super) fn line(played: &Played) -> Value {
    let Played { seed, revision, scene, transactions, after, .. } = played;
    json!({
        "seed": seed,
        "fork": fork(*revision),
        "block": block(&scene.block),
        "accounts": accounts(&scene.ledger),
        "transactions": transactions.iter().map(transaction).collect::<Vec<_>>(),
        "after": accounts(after),
    })
}

/// As the specification names it.
fn fork(revision: Revision) -> &'static str {
    match revision {
        Revision::SpuriousDragon => "spurious_dragon",
        Revision::Istanbul => "istanbul",
        Revision::London => "london",
        Revision::Shanghai => "shanghai",
        Revision::Prague => "prague",
        Revision::Osaka => "osaka",
        other => panic!("{other:?} is not generated for"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn block(block: &Block) -> Value {
    json!({
        "number": block.number,
        "timestamp": block.timestamp,
        "chain_id": hex(&block.chain_id.0),
        "proposer": hex(&block.proposer.0),
        "gas_limit": block.gas_limit,
        "base_fee": hex(&block.base_fee.0),
        "randomness": hex(&block.randomness.unwrap_or_default().0),
        "difficulty": hex(&block.difficulty.0),
    })
}

/// Those that are not empty.
fn accounts(ledger: &MemoryLedger) -> Value {
    let mut codes = ledger.clone();
    let found = ledger.accounts().filter(|(_, account)| !account.is_empty());
    let found = found.map(|(address, account)| {
        let code = match account.has_code() {
            true => codes.code(Default::default(), &account.code_hash).unwrap().expect("its code"),
            false => Default::default(),
        };
        let slots = ledger.entries(address).map(|(key, value)| (hex(key), Value::from(hex(value))));
        let account = json!({
            "balance": hex(&account.balance.0),
            "nonce": account.nonce,
            "code": hex(&code),
            "storage": slots.collect::<Map<_, _>>(),
        });
        (hex(&address.0), account)
    });
    found.collect::<Map<_, _>>().into()
}

fn transaction((sent, result): &(EthereumTransaction, Result)) -> Value {
    let accesses = sent.access_list.iter().map(|access| {
        let slots: Vec<_> = access.slots.iter().map(|slot| hex(&slot.0)).collect();
        json!({ "address": hex(&access.address.0), "slots": slots })
    });
    let authorizations = sent.authorizations.iter().map(|authorization| {
        json!({
            "chain_id": hex(&authorization.chain_id.0),
            "address": hex(&authorization.address.0),
            "nonce": authorization.nonce,
            "authority": authorization.authority.map(|authority| hex(&authority.0)),
        })
    });
    json!({
        "kind": sent.kind as u8,
        "sender": hex(&sent.sender.0),
        "chain_id": sent.chain_id.map(|id| hex(&id.0)),
        "nonce": sent.nonce,
        "gas_limit": sent.gas_limit,
        "gas_price": hex(&sent.gas_price.0),
        "tip": hex(&sent.tip.0),
        "to": sent.to.map(|to| hex(&to.0)),
        "value": hex(&sent.value.0),
        "input": hex(&sent.input),
        "access_list": accesses.collect::<Vec<_>>(),
        "blob_hashes": sent.blob_hashes.iter().map(|hash| hex(&hash.0)).collect::<Vec<_>>(),
        "blob_fee_cap": hex(&sent.blob_fee_cap.0),
        "authorizations": authorizations.collect::<Vec<_>>(),
        "result": outcome(result),
    })
}

fn outcome(result: &Result) -> Value {
    match result {
        Result::Rejected => Value::Null,
        Result::Done { success, revert, gas, output, logs } => json!({
            "success": success, "revert": revert, "gas": gas, "output": hex(output), "logs": hex(&logs.0),
        }),
    }
}
