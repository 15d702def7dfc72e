//! Contracts in runtimes, through the public API: what the rules by number are tried on.

use std::cell::RefCell;
use std::rc::Rc;

use zvm::crypto::hash::keccak256;
use zvm::state::ledger::{Loaded, Page, Range, ReadContext};
use zvm::{
    Account, Address, Block, Bytes, Call, Changes, CompilerChoice, Config, EngineKind, Error, Execution,
    Ledger, MemoryLedger, Result, Runtime, Session, SignalPolicy, Terms, Word,
};

use crate::machine::assemble;

/// Where the contract lives.
pub(crate) const CONTRACT: Address = Address([0xc0; 20]);
/// Enough for all that ends.
pub(crate) const PLENTY: u64 = 1_000_000_000;

/// A runtime of each compiler, and one without signals, by name.
pub(crate) fn runtimes() -> Vec<(&'static str, Runtime)> {
    runtimes_with(&Config::default())
}

/// The same with rules of one's own.
pub(crate) fn runtimes_with(config: &Config) -> Vec<(&'static str, Runtime)> {
    let made = [
        ("singlepass", CompilerChoice::Singlepass, SignalPolicy::Auto),
        ("cranelift", CompilerChoice::Cranelift, SignalPolicy::Auto),
        ("without signals", CompilerChoice::Singlepass, SignalPolicy::None),
    ];
    let runtime = |(name, compiler, signals)| {
        let config = Config { compiler, signals, ..config.clone() };
        (name, Runtime::new(config).expect("a runtime"))
    };
    made.into_iter().map(runtime).collect()
}

/// A ledger in which one contract lives.
pub(crate) fn ledger(wasm: &[u8]) -> MemoryLedger {
    let mut ledger = MemoryLedger::new();
    place(&mut ledger, CONTRACT, wasm);
    ledger
}

/// Puts a contract into a ledger.
pub(crate) fn place(ledger: &mut MemoryLedger, at: Address, wasm: &[u8]) {
    let code_hash = keccak256(wasm);
    ledger.set_account(at, Account { code_hash, engine: Some(EngineKind::Wasm), ..Account::default() });
    ledger.set_code(code_hash, wasm);
}

/// A call of the contract's entry `call`.
pub(crate) fn call(input: &[u8], gas_limit: u64) -> Call {
    let terms = Terms { gas_limit, ..Terms::default() };
    Call { target: CONTRACT, input: input.to_vec(), terms, ..Call::default() }
}

/// A session over a ledger.
pub(crate) fn session<'l>(runtime: &Runtime, ledger: impl Ledger + 'l) -> Session<'l> {
    runtime.session(ledger, Block::default())
}

/// One call in a session of its own.
pub(crate) fn try_run(runtime: &Runtime, wasm: &[u8], gas_limit: u64) -> Result<Execution> {
    session(runtime, ledger(wasm)).call(&call(&[], gas_limit))
}

/// One call in a session of its own, which only the contract may spoil.
pub(crate) fn run(runtime: &Runtime, wasm: &[u8], gas_limit: u64) -> Execution {
    try_run(runtime, wasm, gas_limit).expect("neither we nor the ledger failed")
}

/// A module with a page of memory and one entry of this body, which gives an i32.
pub(crate) fn contract(body: &str) -> Vec<u8> {
    assemble(&format!(r#"(module (memory (export "memory") 1) (func (export "call") (result i32) {body}))"#))
}

/// A question about a storage entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) key: Vec<u8>,
    /// Where on the native stack it was asked.
    pub(crate) place: usize,
}

/// A ledger that notes what is asked about its storage, and may fail at it.
pub(crate) struct Asked {
    ledger: MemoryLedger,
    questions: Rc<RefCell<Vec<Question>>>,
    failure: Option<Error>,
}

impl Asked {
    pub(crate) fn of(ledger: MemoryLedger) -> (Self, Rc<RefCell<Vec<Question>>>) {
        let questions = Rc::default();
        (Self { ledger, questions: Rc::clone(&questions), failure: None }, questions)
    }

    /// One that fails at the first question.
    pub(crate) fn failing(ledger: MemoryLedger, failure: Error) -> Self {
        Self { failure: Some(failure), ..Self::of(ledger).0 }
    }
}

impl Ledger for Asked {
    fn account(&mut self, at: ReadContext, address: &Address) -> Result<Loaded<Option<Account>>> {
        self.ledger.account(at, address)
    }

    fn code(&mut self, at: ReadContext, hash: &Word) -> Result<Option<Bytes>> {
        self.ledger.code(at, hash)
    }

    fn storage(&mut self, at: ReadContext, account: &Address, key: &[u8]) -> Result<Loaded<Option<Bytes>>> {
        let here = 0_u8;
        let place = std::ptr::from_ref(std::hint::black_box(&here)).addr();
        self.questions.borrow_mut().push(Question { key: key.to_vec(), place });
        match self.failure.take() {
            Some(failure) => Err(failure),
            None => self.ledger.storage(at, account, key),
        }
    }

    fn scan(&mut self, at: ReadContext, account: &Address, range: Range<'_>) -> Result<Page> {
        self.ledger.scan(at, account, range)
    }

    fn block_hash(&mut self, at: ReadContext, number: u64) -> Result<Option<Word>> {
        self.ledger.block_hash(at, number)
    }

    fn commit(&mut self, changes: &Changes) -> Result<()> {
        self.ledger.commit(changes)
    }
}
