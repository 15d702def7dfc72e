//! n083: a panic inside a session, here of a ledger in Rust: it passes through contracts and engine
//! frames, and leaves the session poisoned until a reset; a hook that stops it on its way does not
//! save the call.

use std::panic::{AssertUnwindSafe, catch_unwind};

use zvm::crypto::hash::keccak256;
use zvm::host::hooks::Nested;
use zvm::state::ledger::{Loaded, Page, Range, ReadContext};
use zvm::{
    Account, Address, Block, Bytes, Call, Changes, Config, Hooks, Ledger, MemoryLedger, Result, Runtime,
    Session, Status, Terms, Word,
};

use super::{ASKING, BELOW, asking, below};
use crate::support::address;

/// Panics where a contract reads storage that begins with `l`.
struct Fragile(MemoryLedger);

impl Ledger for Fragile {
    fn account(&mut self, at: ReadContext, address: &Address) -> Result<Loaded<Option<Account>>> {
        self.0.account(at, address)
    }

    fn code(&mut self, at: ReadContext, hash: &Word) -> Result<Option<Bytes>> {
        self.0.code(at, hash)
    }

    fn storage(&mut self, at: ReadContext, account: &Address, key: &[u8]) -> Result<Loaded<Option<Bytes>>> {
        assert!(!key.starts_with(b"l"), "a defect");
        self.0.storage(at, account, key)
    }

    fn scan(&mut self, at: ReadContext, account: &Address, range: Range<'_>) -> Result<Page> {
        self.0.scan(at, account, range)
    }

    fn block_hash(&mut self, at: ReadContext, number: u64) -> Result<Option<Word>> {
        self.0.block_hash(at, number)
    }

    fn commit(&mut self, changes: &Changes) -> Result<()> {
        self.0.commit(changes)
    }
}

/// Calls the fragile entry below and stops whatever comes of it.
struct Bold;

impl Hooks for Bold {
    fn query(&self, nested: &mut Nested<'_, '_>, _: u32, _: &[u8]) -> Result<Loaded<Option<Vec<u8>>>> {
        let below = to(BELOW, "read");
        assert!(catch_unwind(AssertUnwindSafe(|| nested.execute(&below))).is_err(), "it panics");
        // And as if nothing had been.
        let quiet = Call { terms: Terms { gas_limit: 0, ..Terms::default() }, ..to(7, "") };
        let _ = nested.execute(&quiet);
        Ok(Some(b"fine".to_vec()).into())
    }
}

fn to(target: u8, entry: &str) -> Call {
    let terms = Terms { gas_limit: 1_000_000, ..Terms::default() };
    Call { target: Address(address(target)), entry: entry.into(), terms, ..Call::default() }
}

fn session() -> Session<'static> {
    let mut ledger = MemoryLedger::new();
    for (place, code) in [(ASKING, asking()), (BELOW, below())] {
        let code_hash = keccak256(&code);
        ledger.set_code(code_hash, code);
        ledger.set_account(Address(address(place)), Account { code_hash, ..Account::default() });
    }
    let runtime = Runtime::new(Config::default()).expect("a runtime");
    runtime
        .session_with(Box::new(Fragile(ledger)), std::rc::Rc::new(Bold), Block::default())
        .expect("a session")
}

/// Poisoned: nothing but a reset works, and after that everything.
fn cured_by_a_reset(session: &mut Session<'_>) {
    let poisoned = |result: Result<()>| assert_eq!(result.expect_err("poisoned").status, Status::Poisoned);
    poisoned(session.call(&to(BELOW, "call")).map(drop));
    poisoned(session.query(&to(BELOW, "call")).map(drop));
    poisoned(session.commit());
    poisoned(session.mark().map(drop));
    poisoned(session.changes().map(drop));
    poisoned(session.prefetch(&Address::ZERO, &[]));
    session.reset();
    assert!(session.call(&to(BELOW, "call")).expect("an outcome").outcome.is_success());
    session.commit().expect("a commit");
}

#[test]
fn n083_a_panic_in_a_call_poisons_its_session_alone() {
    let mut session = session();
    let _ = catch_unwind(AssertUnwindSafe(|| session.call(&to(BELOW, "read")))).expect_err("a panic");
    let mut other = session.runtime().session(MemoryLedger::new(), Block::default());
    other.commit().expect("the runtime and its other sessions go on");
    cured_by_a_reset(&mut session);
}

#[test]
fn n083_a_hook_that_stops_a_panic_does_not_save_the_call() {
    let mut session = session();
    let error = session.call(&to(ASKING, "call")).expect_err("the failure below");
    assert_eq!(error.status, Status::Panic, "{error}");
    cured_by_a_reset(&mut session);
}
