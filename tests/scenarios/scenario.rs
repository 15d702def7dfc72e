//! A scenario: a ledger, steps in one session over it, and what must come of them.
//!
//! Stories write scenarios with the verbs here; files hold the same. What must come of a step is
//! always the story's to say. Only gas may be left open where no formula is at hand; then the file
//! holds the figures that were measured when it was written.

use std::collections::BTreeMap;

use zvm::{Address, Block, Change, EngineKind, Log, Outcome, Status, Word, Write};

use crate::contracts;

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Scenario {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) options: BTreeMap<String, u64>,
    pub(crate) deny_floats: bool,
    pub(crate) block: Block,
    pub(crate) codes: BTreeMap<String, Vec<u8>>,
    pub(crate) accounts: BTreeMap<Address, Holding>,
    pub(crate) block_hashes: BTreeMap<u64, Word>,
    pub(crate) steps: Vec<Step>,
    pub(crate) changes: Vec<Change>,
    pub(crate) logs: Vec<Log>,
}

/// What the ledger has at an address.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Holding {
    pub(crate) balance: Word,
    pub(crate) nonce: u64,
    pub(crate) code: Option<String>,
    pub(crate) code_hash: Word,
    pub(crate) engine: Option<EngineKind>,
    pub(crate) storage: BTreeMap<Vec<u8>, Vec<u8>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Act(Box<Act>, Expect),
    Mark(String),
    Rollback(String),
    Commit,
}

/// A deploy, call or query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Act {
    pub(crate) verb: Verb,
    pub(crate) caller: Address,
    pub(crate) origin: Option<Address>,
    pub(crate) value: Word,
    pub(crate) gas_price: Word,
    pub(crate) input: Vec<u8>,
    pub(crate) gas_limit: u64,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verb {
    Deploy { code: String, engine: u64, salt: Option<Word> },
    Call { target: Address, entry: String, is_static: bool },
    Query { target: Address, entry: String, is_static: bool },
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expect {
    Status(Status),
    End(End),
}

/// How an act ends.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct End {
    pub(crate) outcome: Outcome,
    pub(crate) gas: Option<GasFigures>,
    pub(crate) data: Vec<u8>,
    pub(crate) created: Option<Address>,
    pub(crate) logs: Vec<Log>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct GasFigures {
    pub(crate) used: u64,
    pub(crate) left: u64,
    pub(crate) refund: u64,
}

impl Scenario {
    pub(crate) fn new(name: &str, about: &str) -> Self {
        Self { name: name.into(), about: about.into(), ..Self::default() }
    }

    pub(crate) fn option(mut self, name: &str, figure: u64) -> Self {
        self.options.insert(name.into(), figure);
        self
    }

    /// Prices everything that depends on how a contract is compiled at nothing, so that the gas
    /// of a script is the sum of its host functions' prices.
    pub(crate) fn free_code(self) -> Self {
        let prices = [
            "instruction",
            "memory_access",
            "function_call",
            "indirect_call",
            "local",
            "memory_page",
            "bulk",
        ];
        prices.iter().fold(self, |scenario, price| scenario.option(&format!("gas.{price}"), 0))
    }

    /// A contract of this name's code is at an address, with balance 0 and nonce 1.
    pub(crate) fn contract(self, address: Address, code: &str) -> Self {
        let bytes = contracts::code(code);
        let engine = contracts::engine(&bytes);
        self.holder(address, engine, code, bytes)
    }

    /// A contract of code of a story's own, under a name.
    pub(crate) fn holder(mut self, address: Address, engine: EngineKind, name: &str, bytes: Vec<u8>) -> Self {
        let holding = self.accounts.entry(address).or_default();
        (holding.code, holding.code_hash, holding.nonce) =
            (Some(name.into()), crate::address::keccak256(&bytes), 1);
        holding.engine = Some(engine);
        self.codes.insert(name.into(), bytes);
        self
    }

    /// A code that steps deploy.
    pub(crate) fn code(self, name: &str) -> Self {
        let bytes = contracts::code(name);
        self.code_bytes(name, bytes)
    }

    pub(crate) fn code_bytes(mut self, name: &str, bytes: Vec<u8>) -> Self {
        self.codes.insert(name.into(), bytes);
        self
    }

    /// Changes an account of the ledger, made if it is not there.
    pub(crate) fn account(mut self, address: Address, change: impl FnOnce(&mut Holding)) -> Self {
        change(self.accounts.entry(address).or_default());
        self
    }

    pub(crate) fn balance(self, address: Address, balance: impl Into<Word>) -> Self {
        self.account(address, |holding| holding.balance = balance.into())
    }

    pub(crate) fn stored(self, address: Address, key: &[u8], value: &[u8]) -> Self {
        self.account(address, |holding| {
            holding.storage.insert(key.to_vec(), value.to_vec());
        })
    }

    pub(crate) fn step(mut self, act: Act, end: impl Into<Expect>) -> Self {
        self.steps.push(Step::Act(Box::new(act), end.into()));
        self
    }

    pub(crate) fn mark(mut self, name: &str) -> Self {
        self.steps.push(Step::Mark(name.into()));
        self
    }

    pub(crate) fn rollback(mut self, name: &str) -> Self {
        self.steps.push(Step::Rollback(name.into()));
        self
    }

    pub(crate) fn commit(mut self) -> Self {
        self.steps.push(Step::Commit);
        self
    }

    /// What must leave at the end, in any order: the rule's order is made here.
    pub(crate) fn changes(mut self, changes: impl IntoIterator<Item = Change>) -> Self {
        self.changes = changes.into_iter().collect();
        self.changes.sort_by_key(|change| {
            let (kind, key) = rank(&change.write);
            (change.account, kind, key)
        });
        self
    }

    /// The events that stand at the end: those of every successful deploy and call since the last
    /// commit that no rollback took back.
    pub(crate) fn finish(mut self) -> Self {
        let mut marks = BTreeMap::new();
        for step in &self.steps {
            match step {
                Step::Act(act, Expect::End(end)) if !matches!(act.verb, Verb::Query { .. }) => {
                    self.logs.extend(end.logs.iter().cloned());
                }
                Step::Act(..) => {}
                Step::Mark(name) => drop(marks.insert(name, self.logs.len())),
                Step::Rollback(name) => self.logs.truncate(marks[name]),
                Step::Commit => self.logs.clear(),
            }
        }
        self
    }
}

/// Within an account: balance, nonce, code, then storage by key.
fn rank(write: &Write) -> (u32, Vec<u8>) {
    match write {
        Write::Destroy => (0, Vec::new()),
        Write::Balance(_) => (1, Vec::new()),
        Write::Nonce(_) => (2, Vec::new()),
        Write::Code { .. } => (3, Vec::new()),
        Write::Set { key, .. } | Write::Delete { key } => (4, key.to_vec()),
    }
}
