//! Generated programs on both machines: equal outcome, gas, output, events and changes.
//!
//! Three contracts call each other and accounts without code. 2,000 worlds in every run of the tests;
//! `make fuzz-zvm N=100000` runs as many as are asked for.

use zvm::{Account, Address, Block, Call, EngineKind, MemoryLedger, Outcome, Runtime, Terms, Word, Write};

use crate::generate::{CONTRACTS, USER, code};
use crate::random::Random;
use crate::reference::words::number;
use crate::reference::world::{Request, Way, World};
use crate::world::{contain, place, runtime};

const BALANCE: u64 = 1_000_000;

/// A world of generated contracts, and the call that begins it.
struct Case {
    codes: Vec<Vec<u8>>,
    call: Call,
}

impl Case {
    fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let codes = CONTRACTS.map(|_| {
            let mut container = contain(&code(&mut random));
            // One in eight wants strict jumps.
            container[6] |= if random.one_in(8) { 2 } else { 0 };
            container
        });
        let input = (0..random.below(70)).map(|_| random.byte()).collect();
        let gas_limit = [3_000, 40_000, 400_000][random.below(3)] + random.below(1000) as u64;
        let value = Word::from(if random.one_in(4) { 7 } else { 0 });
        let terms = Terms { gas_limit, ..Terms::default() };
        let call = Call { caller: USER, target: CONTRACTS[0], value, input, terms, ..Call::default() };
        Self { codes: codes.into(), call }
    }

    fn ledger(&self) -> MemoryLedger {
        let mut ledger = MemoryLedger::new();
        for (address, code) in CONTRACTS.into_iter().zip(&self.codes) {
            place(&mut ledger, address, EngineKind::Zvm, code);
            let account = ledger.account_at(&address).expect("placed");
            ledger.set_account(address, Account { balance: Word::from(BALANCE), nonce: 1, ..account });
            ledger.set_storage(address, number(1), number(77));
        }
        ledger.set_account(USER, Account { balance: Word::from(BALANCE), ..Account::default() });
        ledger
    }

    fn world(&self) -> World {
        let mut world = World { origin: USER, ..World::default() };
        for (address, code) in CONTRACTS.into_iter().zip(&self.codes) {
            let holding = world.at(address);
            (holding.balance, holding.nonce, holding.code) = (number(BALANCE), 1, code.clone());
            holding.storage.insert(number(1), number(77));
        }
        world.at(USER).balance = number(BALANCE);
        world
    }
}

/// Everything that a call leaves behind.
#[derive(Debug, PartialEq)]
struct Left {
    outcome: Outcome,
    gas_used: u64,
    output: Vec<u8>,
    logs: Vec<zvm::Log>,
    writes: Vec<(Address, Write)>,
}

fn on_the_engine(runtime: &Runtime, case: &Case) -> Left {
    let mut ledger = case.ledger();
    let mut session = runtime.session(&mut ledger, Block::default());
    let done = session.call(&case.call).expect("a kind ledger");
    let changes = session.changes().expect("a usable session").list;
    Left {
        outcome: done.outcome,
        gas_used: done.gas_used,
        output: done.output,
        logs: done.logs,
        writes: changes.into_iter().map(|change| (change.account, change.write)).collect(),
    }
}

/// `None` where the reference is no judge.
fn on_the_reference(case: &Case) -> Option<Left> {
    let before = case.world();
    let mut world = before.clone();
    let Call { caller, target, value, ref input, ref terms, .. } = case.call;
    let (input, gas) = (input.clone(), terms.gas_limit);
    let ended = world.call(None, Request { way: Way::Call, caller, target, value: value.0, input, gas });
    let used = terms.gas_limit - ended.gas;
    (!world.ran_initcode.get()).then(|| Left {
        outcome: ended.outcome,
        gas_used: used - world.refund.min(used / 5),
        output: ended.output,
        logs: world.logs.clone(),
        writes: writes(&before, &world),
    })
}

/// What is other than before, in the order that changes leave in.
fn writes(before: &World, after: &World) -> Vec<(Address, Write)> {
    let mut writes = Vec::new();
    for (address, new) in &after.accounts {
        let old = before.holding(*address);
        let mut write = |write| writes.push((*address, write));
        if old.balance != new.balance {
            write(Write::Balance(Word(new.balance)));
        }
        if old.nonce != new.nonce {
            write(Write::Nonce(new.nonce));
        }
        if old.code != new.code {
            let hash = zvm::crypto::hash::keccak256(&new.code);
            write(Write::Code { hash, engine: EngineKind::Zvm, code: new.code.as_slice().into() });
        }
        let mut keys: Vec<_> = old.storage.keys().chain(new.storage.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys.into_iter().filter(|key| old.storage.get(*key) != new.storage.get(*key)) {
            let key_bytes = key[..].into();
            write(match new.storage.get(key) {
                Some(value) => Write::Set { key: key_bytes, value: value[..].into() },
                None => Write::Delete { key: key_bytes },
            });
        }
    }
    writes
}

fn compare(first: u64, count: u64) -> [u64; 3] {
    let runtime = runtime();
    let mut ends = [0; 3];
    for seed in first..first + count {
        let case = Case::new(seed);
        let engine = on_the_engine(&runtime, &case);
        let Some(reference) = on_the_reference(&case) else { continue };
        assert!(
            engine == reference,
            "seed {seed}\nengine    {engine:?}\nreference {reference:?}\n{}",
            case.codes
                .iter()
                .map(|code| zvm::engine::zvm::assembly::disassemble(&code[16..]))
                .collect::<Vec<_>>()
                .join("--\n")
        );
        ends[engine.outcome.halt_number().min(1) as usize
            + usize::from(engine.outcome == Outcome::Revert) * 2] += 1;
    }
    ends
}

#[test]
fn both_machines_do_the_same() {
    let [successes, halts, reverts] = compare(0, 2_000);
    // Generated programs must do something.
    assert!(successes > 400 && halts > 200 && reverts > 20, "{successes}, {halts}, {reverts}");
}

/// `make fuzz-zvm`: as many worlds as ZVM_FUZZ_PROGRAMS says, from seed ZVM_FUZZ_FIRST on.
#[test]
#[ignore = "minutes: make fuzz-zvm N=100000"]
fn fuzz() {
    let figure =
        |name: &str, default: u64| std::env::var(name).map_or(default, |text| text.parse().expect(name));
    let (count, first) = (figure("ZVM_FUZZ_PROGRAMS", 100_000), figure("ZVM_FUZZ_FIRST", 1 << 20));
    let [successes, halts, reverts] = compare(first, count);
    let judged = successes + halts + reverts;
    println!(
        "{judged} worlds of programs: {successes} succeeded, {reverts} reverted, {halts} halted; 0 differ"
    );
}
