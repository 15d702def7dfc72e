//! Ten thousand transfers with failures at random, against a model of a few lines (#68).

use std::collections::BTreeMap;

use zvm::{Account, Address, Block, Call, Execution, Ledger, MemoryLedger, Outcome, Session, Terms, Word};

use crate::address::keccak256;
use crate::contracts;
use crate::play;
use crate::scenario::Scenario;
use crate::script::{ALL_GAS, Script, int, script};
use crate::verbs::{PLENTY, USER, at};

/// Contracts and plain accounts.
const CONTRACTS: [Address; 5] = [at(0xc0), at(0xc1), at(0xc2), at(0xc3), at(0xc4)];
const PLAIN: [Address; 3] = [at(0x10), at(0x11), USER];

/// What a contract is told to do.
enum Deed {
    Transfer { to: Address, amount: u64 },
    Call { to: Address, amount: u64, plan: Plan },
}

struct Plan {
    deeds: Vec<Deed>,
    ending: Ending,
}

#[derive(Clone, Copy)]
enum Ending {
    Success,
    Revert,
    Trap,
}

/// xorshift64: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }

    fn amount(&mut self) -> u64 {
        let small = self.below(50);
        self.one_of(&[0, 1, small, small * small, 1_000_000])
    }

    fn plan(&mut self, depth: u32) -> Plan {
        let deeds = (0..1 + self.below(5)).map(|_| self.deed(depth)).collect();
        Plan { deeds, ending: self.one_of(&[Ending::Success, Ending::Success, Ending::Revert, Ending::Trap]) }
    }

    fn deed(&mut self, depth: u32) -> Deed {
        let amount = self.amount();
        match self.below(3) {
            0 if depth < 4 => Deed::Call { to: self.one_of(&CONTRACTS), amount, plan: self.plan(depth + 1) },
            1 => Deed::Transfer { to: self.one_of(&PLAIN), amount },
            _ => Deed::Transfer { to: self.one_of(&CONTRACTS), amount },
        }
    }
}

impl Plan {
    fn script(&self) -> Vec<u8> {
        let deeds = self.deeds.iter().fold(script(), Deed::script);
        match self.ending {
            Ending::Success => deeds.end(),
            Ending::Revert => deeds.revert_results(),
            Ending::Trap => deeds.trap(),
        }
    }

    fn transfers(&self) -> u32 {
        let count = |deed: &Deed| match deed {
            Deed::Transfer { .. } => 1,
            Deed::Call { plan, .. } => plan.transfers(),
        };
        self.deeds.iter().map(count).sum()
    }
}

impl Deed {
    fn script(script: Script, deed: &Self) -> Script {
        match deed {
            Self::Transfer { to, amount } => script.transfer(*to, *amount),
            Self::Call { to, amount, plan } => script.call_with(*to, *amount, &plan.script(), ALL_GAS),
        }
    }
}

/// What should be: balances, and nothing else.
#[derive(Clone, Debug, PartialEq)]
struct Model(BTreeMap<Address, u64>);

impl Model {
    fn transfer(&mut self, from: Address, to: Address, amount: u64) -> bool {
        let covered = self.0[&from] >= amount;
        if covered {
            *self.0.get_mut(&from).expect("known") -= amount;
            *self.0.entry(to).or_default() += amount;
        }
        covered
    }

    /// The outcome of a call as its caller sees it, and what it returns.
    fn call(&mut self, from: Address, to: Address, amount: u64, plan: &Plan) -> (i32, Vec<u8>) {
        let before = self.clone();
        if !self.transfer(from, to, amount) {
            return (2, Vec::new());
        }
        let results: Vec<u8> = plan.deeds.iter().flat_map(|deed| int(self.deed(to, deed))).collect();
        let (code, data) = match plan.ending {
            Ending::Success => return (0, results),
            Ending::Revert => (1, results),
            Ending::Trap => (2, Vec::new()),
        };
        *self = before;
        (code, data)
    }

    fn deed(&mut self, own: Address, deed: &Deed) -> i32 {
        match deed {
            Deed::Transfer { to, amount } => i32::from(!self.transfer(own, *to, *amount)),
            Deed::Call { to, amount, plan } => self.call(own, *to, *amount, plan).0,
        }
    }
}

fn outcome(execution: &Execution) -> i32 {
    match execution.outcome {
        Outcome::Success => 0,
        Outcome::Revert => 1,
        Outcome::Halt(_) => 2,
    }
}

fn balances(ledger: &MemoryLedger) -> Model {
    let balance = |account: &Account| account.balance.to_u64().expect("no more than there is");
    Model(ledger.accounts().map(|(address, account)| (*address, balance(account))).collect())
}

fn act(session: &mut Session<'_>, model: &mut Model, target: Address, value: u64, plan: &Plan) {
    let terms = Terms { gas_limit: PLENTY, ..Terms::default() };
    let value_word = Word::from(value);
    let call =
        Call { caller: USER, target, value: value_word, input: plan.script(), terms, ..Call::default() };
    let execution = session.call(&call).expect("a kind ledger");
    assert_eq!((outcome(&execution), execution.output), model.call(USER, target, value, plan));
}

#[test]
fn n068_ten_thousand_transfers_move_what_the_model_says() {
    let mut ledger = MemoryLedger::new();
    let code_hash = keccak256(&contracts::code("script"));
    ledger.set_code(code_hash, contracts::code("script"));
    for address in CONTRACTS {
        ledger.set_account(address, Account { balance: 2_000.into(), nonce: 1, code_hash, engine: None });
    }
    PLAIN.into_iter().for_each(|address| {
        ledger.set_account(address, Account { balance: 5_000.into(), ..Account::default() });
    });
    let mut model = balances(&ledger);
    let supply: u64 = model.0.values().sum();
    // What is committed, applied a second time by itself.
    let mut committed = ledger.clone();
    let mut session = play::runtime(&Scenario::new("", "")).session(&mut ledger, Block::default());
    let mut random = Random(68);
    let mut transfers = 0;
    while transfers < 10_000 {
        for _ in 0..20 {
            let (target, value, plan) = (random.one_of(&CONTRACTS), random.amount(), random.plan(1));
            transfers += plan.transfers();
            act(&mut session, &mut model, target, value, &plan);
        }
        committed.commit(&session.changes().expect("a usable session")).expect("memory takes it");
        session.commit().expect("memory takes it");
        assert_eq!(balances(&committed), model);
        assert_eq!(balances(&committed).0.values().sum::<u64>(), supply);
    }
    drop(session);
    assert_eq!(balances(&ledger), model);
}
