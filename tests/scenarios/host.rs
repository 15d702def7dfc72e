//! The embedder of a scenario: a ledger of what the scenario says, and what was committed to it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use zvm::state::ledger::{Loaded, Page, Range, ReadContext};
use zvm::{Account, Address, Bytes, Changes, Ledger, MemoryLedger, Result, Word};

use crate::scenario::Scenario;

/// What decides, before each question to the ledger, whether it is answered.
pub(crate) trait Fate {
    fn answers(&mut self) -> Result<()>;
}

/// Every question is answered.
pub(crate) struct Kind;

impl Fate for Kind {
    fn answers(&mut self) -> Result<()> {
        Ok(())
    }
}

/// A ledger that keeps what was committed to it, and answers each question of a session once: a
/// session remembers what it asked, absence included.
pub(crate) struct Host<F> {
    ledger: MemoryLedger,
    pub(crate) commits: Rc<RefCell<Vec<Changes>>>,
    fate: F,
    answered: BTreeSet<(Address, Option<Bytes>)>,
}

impl<F: Fate> Host<F> {
    pub(crate) fn new(scenario: &Scenario, fate: F) -> Self {
        Self { ledger: ledger(scenario), commits: Rc::default(), fate, answered: BTreeSet::new() }
    }

    /// A new session may ask everything again.
    pub(crate) fn forget(&mut self) {
        self.answered.clear();
    }

    fn answers(&mut self, account: &Address, key: Option<&[u8]>) -> Result<()> {
        self.fate.answers()?;
        let first = self.answered.insert((*account, key.map(Into::into)));
        assert!(first, "asked a second time for {account}, key {key:?}");
        Ok(())
    }
}

fn ledger(scenario: &Scenario) -> MemoryLedger {
    let mut ledger = MemoryLedger::new();
    for (address, holding) in &scenario.accounts {
        let (balance, nonce) = (holding.balance, holding.nonce);
        let account = Account { balance, nonce, code_hash: holding.code_hash, engine: holding.engine };
        ledger.set_account(*address, account);
        if let Some(code) = &holding.code {
            ledger.set_code(holding.code_hash, scenario.codes[code].clone());
        }
        for (key, value) in &holding.storage {
            ledger.set_storage(*address, key.clone(), value.clone());
        }
    }
    scenario.block_hashes.iter().for_each(|(number, hash)| ledger.set_block_hash(*number, *hash));
    ledger
}

impl<F: Fate> Ledger for Host<F> {
    fn account(&mut self, at: ReadContext, address: &Address) -> Result<Loaded<Option<Account>>> {
        self.answers(address, None)?;
        self.ledger.account(at, address)
    }

    fn code(&mut self, at: ReadContext, hash: &Word) -> Result<Option<Bytes>> {
        self.fate.answers()?;
        self.ledger.code(at, hash)
    }

    fn storage(&mut self, at: ReadContext, account: &Address, key: &[u8]) -> Result<Loaded<Option<Bytes>>> {
        self.answers(account, Some(key))?;
        self.ledger.storage(at, account, key)
    }

    fn scan(&mut self, at: ReadContext, account: &Address, range: Range<'_>) -> Result<Page> {
        self.fate.answers()?;
        self.ledger.scan(at, account, range)
    }

    fn block_hash(&mut self, at: ReadContext, number: u64) -> Result<Option<Word>> {
        self.fate.answers()?;
        self.ledger.block_hash(at, number)
    }

    fn commit(&mut self, changes: &Changes) -> Result<()> {
        self.fate.answers()?;
        self.commits.borrow_mut().push(changes.clone());
        self.ledger.commit(changes)
    }
}
