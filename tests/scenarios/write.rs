//! A scenario as the text of its file.

use zvm::{Address, Block, Change, Halt, Log, Outcome, Word, Write};

use crate::json::{Json, hex};
use crate::scenario::{Act, End, Expect, Holding, Scenario, Step, Verb};

pub(crate) fn file(scenario: &Scenario) -> String {
    let Scenario {
        name: _,
        about,
        options,
        deny_floats,
        block,
        codes,
        accounts,
        block_hashes,
        steps,
        changes,
        logs,
    } = scenario;
    let mut ledger = Fields::new();
    ledger.object(
        "accounts",
        accounts.iter().map(|(address, holding)| (hex(&address.0), account(holding, codes))),
    );
    ledger.object(
        "block_hashes",
        block_hashes.iter().map(|(number, hash)| (number.to_string(), Json::bytes(&hash.0))),
    );
    let mut fields = Fields::new();
    fields.text("about", about);
    fields.object("options", options.iter().map(|(name, figure)| (name.clone(), Json::Number(*figure))));
    fields.flag("deny_floats", *deny_floats);
    fields.some("block", self::block(block));
    fields.object("codes", codes.iter().map(|(name, code)| (name.clone(), Json::bytes(code))));
    fields.some("ledger", ledger.json());
    fields.put("steps", Json::List(steps.iter().map(step).collect()));
    fields.list("changes", changes.iter().map(change));
    fields.list("logs", logs.iter().map(log));
    fields.json().file()
}

/// The fields of an object. Those at their default are left out, except by `put`.
struct Fields(Vec<(String, Json)>);

impl Fields {
    fn new() -> Self {
        Self(Vec::new())
    }

    fn json(self) -> Json {
        Json::Object(self.0)
    }

    fn put(&mut self, name: &str, value: Json) {
        self.0.push((name.into(), value));
    }

    fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.put(name, Json::Text(text.into()));
        }
    }

    fn number(&mut self, name: &str, number: u64) {
        if number != 0 {
            assert!(number < 1 << 53, "{name} is not a number every JSON reader keeps: {number}");
            self.put(name, Json::Number(number));
        }
    }

    fn flag(&mut self, name: &str, flag: bool) {
        if flag {
            self.put(name, Json::Bool(true));
        }
    }

    fn bytes(&mut self, name: &str, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.put(name, Json::bytes(bytes));
        }
    }

    fn word(&mut self, name: &str, word: Word) {
        if !word.is_zero() {
            self.put(name, Json::bytes(&word.0));
        }
    }

    fn address(&mut self, name: &str, address: Option<Address>) {
        if let Some(address) = address {
            self.put(name, Json::bytes(&address.0));
        }
    }

    fn list(&mut self, name: &str, items: impl Iterator<Item = Json>) {
        self.some(name, Json::List(items.collect()));
    }

    fn object(&mut self, name: &str, fields: impl Iterator<Item = (String, Json)>) {
        self.some(name, Json::Object(fields.collect()));
    }

    fn some(&mut self, name: &str, json: Json) {
        let empty = match &json {
            Json::List(items) => items.is_empty(),
            Json::Object(fields) => fields.is_empty(),
            _ => false,
        };
        if !empty {
            self.put(name, json);
        }
    }
}

fn block(block: &Block) -> Json {
    let Block { number, timestamp, chain_id, proposer, gas_limit, base_fee, randomness, .. } = *block;
    let mut fields = Fields::new();
    fields.number("number", number);
    fields.number("timestamp", timestamp);
    fields.number("gas_limit", gas_limit);
    fields.word("chain_id", chain_id);
    fields.word("base_fee", base_fee);
    if let Some(randomness) = randomness {
        fields.put("randomness", Json::bytes(&randomness.0));
    }
    fields.address("proposer", Some(proposer).filter(|proposer| *proposer != Address::ZERO));
    fields.json()
}

fn account(holding: &Holding, codes: &std::collections::BTreeMap<String, Vec<u8>>) -> Json {
    let Holding { balance, nonce, code, code_hash, engine, storage } = holding;
    let mut fields = Fields::new();
    fields.word("balance", *balance);
    fields.number("nonce", *nonce);
    if let Some(code) = code {
        assert!(codes.contains_key(code), "an account has the code {code}, which nobody knows");
        fields.text("code", code);
    }
    fields.word("code_hash", *code_hash);
    fields.number("engine", engine.map_or(0, |engine| engine as u64));
    fields.object("storage", storage.iter().map(|(key, value)| (hex(key), Json::bytes(value))));
    fields.json()
}

fn step(step: &Step) -> Json {
    let mut fields = Fields::new();
    match step {
        Step::Act(act, expect) => return self::act(act, expect),
        Step::Mark(name) => {
            fields.text("do", "mark");
            fields.text("name", name);
        }
        Step::Rollback(name) => {
            fields.text("do", "rollback");
            fields.text("name", name);
        }
        Step::Commit => fields.text("do", "commit"),
    }
    fields.json()
}

fn act(act: &Act, expect: &Expect) -> Json {
    let Act { verb, caller, origin, value, gas_price, input, gas_limit } = act;
    let mut fields = Fields::new();
    let (name, is_static) = match verb {
        Verb::Deploy { .. } => ("deploy", false),
        Verb::Call { is_static, .. } => ("call", *is_static),
        Verb::Query { is_static, .. } => ("query", *is_static),
    };
    fields.text("do", name);
    fields.address("caller", Some(*caller));
    fields.address("origin", *origin);
    match verb {
        Verb::Deploy { code, engine, salt } => {
            fields.text("code", code);
            fields.number("engine", *engine);
            // A salt of zero is a salt.
            salt.iter().for_each(|salt| fields.put("salt", Json::bytes(&salt.0)));
        }
        Verb::Call { target, entry, .. } | Verb::Query { target, entry, .. } => {
            fields.address("target", Some(*target));
            fields.text("entry", entry);
        }
    }
    fields.word("value", *value);
    fields.word("gas_price", *gas_price);
    fields.bytes("input", input);
    fields.number("gas_limit", *gas_limit);
    fields.flag("static", is_static);
    fields.put("expect", self::expect(expect));
    fields.json()
}

fn expect(expect: &Expect) -> Json {
    let mut fields = Fields::new();
    match expect {
        Expect::Status(status) => fields.text("status", &status.constant()),
        Expect::End(End { outcome, gas, data, created, logs }) => {
            let gas = gas.expect("a file has every figure");
            fields.text("kind", &outcome.kind().constant());
            if let Outcome::Halt(halt) = outcome {
                fields.text("halt", &Halt::constant(*halt));
            }
            fields.number("gas_used", gas.used);
            fields.number("gas_left", gas.left);
            fields.number("gas_refund", gas.refund);
            fields.bytes("data", data);
            fields.address("created", *created);
            fields.list("logs", logs.iter().map(log));
        }
    }
    fields.json()
}

fn log(log: &Log) -> Json {
    let mut fields = Fields::new();
    fields.address("account", Some(log.address));
    fields.list("topics", log.topics.iter().map(|topic| Json::bytes(&topic.0)));
    fields.bytes("data", &log.data);
    fields.json()
}

/// The fields of `zvm_change`.
fn change(change: &Change) -> Json {
    let (kind, flags, key, value) = match &change.write {
        Write::Balance(balance) => (1, 0, &[][..], &balance.0[..]),
        Write::Nonce(nonce) => (2, 0, &[][..], &nonce.to_be_bytes()[..]),
        Write::Code { hash, engine, code } => (3, *engine as u64, &hash.0[..], &code[..]),
        Write::Set { key, value } => (4, 0, &key[..], &value[..]),
        Write::Delete { key } => (5, 0, &key[..], &[][..]),
        Write::Destroy => (6, 0, &[][..], &[][..]),
    };
    let mut fields = Fields::new();
    fields.number("kind", kind);
    fields.number("flags", flags);
    fields.address("account", Some(change.account));
    fields.bytes("key", key);
    fields.bytes("value", value);
    fields.json()
}
