//! A file as a scenario: what a binding's runner does first. Unknown fields are errors.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zvm::{Address, Block, Change, EngineKind, Halt, Kind, Log, Outcome, Status, Word, Write};

use crate::json;
use crate::scenario::{Act, End, Expect, GasFigures, Holding, Scenario, Step, Verb};

type Read<T> = Result<T, String>;

pub(crate) fn file(name: &str, text: &str) -> Read<Scenario> {
    let value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    Object::read(&value, |top| {
        let mut scenario = Scenario { name: name.into(), about: top.text("about")?, ..Scenario::default() };
        scenario.options = top.entries("options", |name, figure| Ok((name.into(), number(figure)?)))?;
        scenario.deny_floats = top.flag("deny_floats")?;
        scenario.block = top.object("block", block)?;
        scenario.codes = top.entries("codes", |name, code| Ok((name.into(), bytes(code)?)))?;
        (scenario.accounts, scenario.block_hashes) = top.object("ledger", |ledger| {
            let accounts = ledger.entries("accounts", |at, holding| {
                Ok((fixed(json::bytes(at)?).map(Address)?, Object::read(holding, account)?))
            })?;
            let hashes = ledger.entries("block_hashes", |number, hash| {
                Ok((number.parse().map_err(|_| format!("{number:?} is no number"))?, word(hash)?))
            })?;
            Ok((accounts, hashes))
        })?;
        scenario.steps = top.list("steps", |item| Object::read(item, step))?;
        scenario.changes = top.list("changes", |item| Object::read(item, change))?;
        scenario.logs = top.list("logs", |item| Object::read(item, log))?;
        Ok(scenario)
    })
}

/// An object whose fields are taken one by one; what is left over is unknown.
struct Object(Map<String, Value>);

impl Object {
    fn read<T>(value: &Value, fields: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let mut object = Self(value.as_object().ok_or_else(|| format!("{value} is no object"))?.clone());
        let read = fields(&mut object)?;
        match object.0.keys().next() {
            None => Ok(read),
            Some(name) => Err(format!("the field {name:?} is unknown")),
        }
    }

    fn take<T: Default>(&mut self, name: &str, read: impl FnOnce(&Value) -> Read<T>) -> Read<T> {
        self.optional(name, read).map(Option::unwrap_or_default)
    }

    fn optional<T>(&mut self, name: &str, read: impl FnOnce(&Value) -> Read<T>) -> Read<Option<T>> {
        let value = self.0.remove(name);
        value.map(|value| read(&value)).transpose().map_err(|error| format!("{name}: {error}"))
    }

    fn text(&mut self, name: &str) -> Read<String> {
        self.take(name, text)
    }

    fn number(&mut self, name: &str) -> Read<u64> {
        self.take(name, number)
    }

    fn flag(&mut self, name: &str) -> Read<bool> {
        self.take(name, |value| value.as_bool().ok_or_else(|| format!("{value} is no flag")))
    }

    fn bytes(&mut self, name: &str) -> Read<Vec<u8>> {
        self.take(name, bytes)
    }

    fn word(&mut self, name: &str) -> Read<Word> {
        self.take(name, word)
    }

    fn address(&mut self, name: &str) -> Read<Address> {
        self.take(name, address)
    }

    fn object<T: Default>(&mut self, name: &str, fields: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        self.take(name, |value| Self::read(value, fields))
    }

    fn list<T>(&mut self, name: &str, item: impl Fn(&Value) -> Read<T>) -> Read<Vec<T>> {
        self.take(name, |value| {
            let items = value.as_array().ok_or_else(|| format!("{value} is no list"))?;
            let items = items.iter().enumerate();
            items.map(|(at, value)| item(value).map_err(|error| format!("{at}: {error}"))).collect()
        })
    }

    fn entries<K: Ord, T>(
        &mut self,
        name: &str,
        entry: impl Fn(&str, &Value) -> Read<(K, T)>,
    ) -> Read<BTreeMap<K, T>> {
        self.take(name, |value| {
            let fields = value.as_object().ok_or_else(|| format!("{value} is no object"))?;
            fields
                .iter()
                .map(|(name, value)| entry(name, value).map_err(|error| format!("{name}: {error}")))
                .collect()
        })
    }
}

fn text(value: &Value) -> Read<String> {
    value.as_str().map(str::to_owned).ok_or_else(|| format!("{value} is no text"))
}

fn number(value: &Value) -> Read<u64> {
    let number = value.as_u64().filter(|number| *number < 1 << 53);
    number.ok_or_else(|| format!("{value} is no number below 2^53"))
}

fn bytes(value: &Value) -> Read<Vec<u8>> {
    json::bytes(&text(value)?)
}

fn fixed<const N: usize>(bytes: Vec<u8>) -> Read<[u8; N]> {
    bytes.try_into().map_err(|bytes: Vec<u8>| format!("{} bytes, not {N}", bytes.len()))
}

fn word(value: &Value) -> Read<Word> {
    fixed(bytes(value)?).map(Word)
}

fn address(value: &Value) -> Read<Address> {
    fixed(bytes(value)?).map(Address)
}

fn named<T: Copy>(all: &[T], constant: impl Fn(T) -> String, name: &str) -> Read<T> {
    all.iter().copied().find(|member| constant(*member) == name).ok_or_else(|| format!("{name:?} is unknown"))
}

fn block(fields: &mut Object) -> Read<Block> {
    Ok(Block {
        number: fields.number("number")?,
        timestamp: fields.number("timestamp")?,
        chain_id: fields.word("chain_id")?,
        proposer: fields.address("proposer")?,
        gas_limit: fields.number("gas_limit")?,
        base_fee: fields.word("base_fee")?,
        randomness: fields.optional("randomness", word)?,
        // Nothing but EVM code reads the rest.
        ..Block::default()
    })
}

fn account(fields: &mut Object) -> Read<Holding> {
    let engine = fields.number("engine")?;
    Ok(Holding {
        balance: fields.word("balance")?,
        nonce: fields.number("nonce")?,
        code: fields.optional("code", text)?,
        code_hash: fields.word("code_hash")?,
        engine: EngineKind::from_number(engine as u32),
        storage: fields.entries("storage", |key, value| Ok((json::bytes(key)?, bytes(value)?)))?,
    })
}

fn step(fields: &mut Object) -> Read<Step> {
    let verb = fields.text("do")?;
    Ok(match verb.as_str() {
        "mark" => Step::Mark(fields.text("name")?),
        "rollback" => Step::Rollback(fields.text("name")?),
        "commit" => Step::Commit,
        _ => {
            let act = act(&verb, fields)?;
            let expect = fields.optional("expect", |value| Object::read(value, expect))?;
            Step::Act(Box::new(act), expect.ok_or("nothing is expected")?)
        }
    })
}

fn act(verb: &str, fields: &mut Object) -> Read<Act> {
    let verb = match verb {
        "deploy" => Verb::Deploy {
            code: fields.text("code")?,
            engine: fields.number("engine")?,
            salt: fields.optional("salt", word)?,
        },
        "call" | "query" => {
            let target = fields.address("target")?;
            let (entry, is_static) = (fields.text("entry")?, fields.flag("static")?);
            match verb {
                "call" => Verb::Call { target, entry, is_static },
                _ => Verb::Query { target, entry, is_static },
            }
        }
        _ => return Err(format!("nobody knows how to {verb:?}")),
    };
    Ok(Act {
        verb,
        caller: fields.address("caller")?,
        origin: fields.optional("origin", address)?,
        value: fields.word("value")?,
        gas_price: fields.word("gas_price")?,
        input: fields.bytes("input")?,
        gas_limit: fields.number("gas_limit")?,
    })
}

fn expect(fields: &mut Object) -> Read<Expect> {
    if let Some(status) = fields.optional("status", text)? {
        return named(Status::ALL, Status::constant, &status).map(Expect::Status);
    }
    let kind = named(Kind::ALL, Kind::constant, &fields.text("kind")?)?;
    let halt = fields.optional("halt", |value| named(Halt::ALL, Halt::constant, &text(value)?))?;
    let outcome = match (kind, halt) {
        (Kind::Success, None) => Outcome::Success,
        (Kind::Revert, None) => Outcome::Revert,
        (kind, Some(halt)) if halt.kind() == kind => Outcome::Halt(halt),
        _ => return Err(format!("{kind:?} does not go with {halt:?}")),
    };
    let gas = GasFigures {
        used: fields.number("gas_used")?,
        left: fields.number("gas_left")?,
        refund: fields.number("gas_refund")?,
    };
    Ok(Expect::End(End {
        outcome,
        gas: Some(gas),
        data: fields.bytes("data")?,
        created: fields.optional("created", address)?,
        logs: fields.list("logs", |item| Object::read(item, log))?,
    }))
}

fn log(fields: &mut Object) -> Read<Log> {
    Ok(Log {
        address: fields.address("account")?,
        topics: fields.list("topics", word)?,
        data: fields.bytes("data")?.into(),
    })
}

/// The fields of `zvm_change`.
fn change(fields: &mut Object) -> Read<Change> {
    let (kind, flags) = (fields.number("kind")?, fields.number("flags")?);
    let account = fields.address("account")?;
    let (key, value) = (fields.bytes("key")?, fields.bytes("value")?);
    let engine = EngineKind::from_number(flags as u32);
    let write = match (kind, engine) {
        (1, None) => Write::Balance(Word(fixed(value)?)),
        (2, None) => Write::Nonce(u64::from_be_bytes(fixed(value)?)),
        (3, Some(engine)) => Write::Code { hash: Word(fixed(key)?), engine, code: value.into() },
        (4, None) => Write::Set { key: key.into(), value: value.into() },
        (5, None) => Write::Delete { key: key.into() },
        (6, None) => Write::Destroy,
        _ => return Err(format!("a change of kind {kind} with flags {flags}")),
    };
    Ok(Change { account, write })
}
