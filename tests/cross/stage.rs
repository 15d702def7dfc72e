//! A ledger with contracts in it, and calls of them.

use zvm::crypto::hash::keccak256;
use zvm::{
    Account, Address, Block, Call, Change, Config, EngineKind, Execution, MemoryLedger, Outcome, Runtime,
    Terms, Word, Write,
};

use crate::contract::Contract;
use crate::engines::Engine;

pub(crate) const USER: Address = Address([0x0e; 20]);
pub(crate) const A: Address = Address([0xa0; 20]);
pub(crate) const B: Address = Address([0xb0; 20]);
pub(crate) const C: Address = Address([0xc0; 20]);
pub(crate) const D: Address = Address([0xd0; 20]);

/// What each contract has to begin with.
pub(crate) const BALANCE: u64 = 1_000;
/// Enough for all that ends.
pub(crate) const PLENTY: u64 = 50_000_000;

pub(crate) struct Stage {
    pub(crate) ledger: MemoryLedger,
    pub(crate) runtime: Runtime,
}

/// A call and what it would change.
pub(crate) struct Done {
    pub(crate) execution: Execution,
    pub(crate) changes: Vec<Change>,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::with(Config::default())
    }

    pub(crate) fn with(config: Config) -> Self {
        let mut ledger = MemoryLedger::new();
        ledger.set_account(USER, Account { balance: Word::from(BALANCE), ..Account::default() });
        Self { ledger, runtime: Runtime::new(config).expect("a runtime") }
    }

    pub(crate) fn contract(mut self, at: Address, engine: Engine, contract: &Contract) -> Self {
        self.place(at, engine.kind, &(engine.write)(contract));
        self
    }

    pub(crate) fn place(&mut self, at: Address, engine: EngineKind, code: &[u8]) {
        let (code_hash, balance) = (keccak256(code), Word::from(BALANCE));
        self.ledger.set_account(at, Account { balance, nonce: 1, code_hash, engine: Some(engine) });
        self.ledger.set_code(code_hash, code);
    }

    /// A call of A by the user.
    pub(crate) fn act(&mut self) -> Done {
        self.act_with(PLENTY)
    }

    pub(crate) fn act_with(&mut self, gas_limit: u64) -> Done {
        let terms = Terms { gas_limit, ..Terms::default() };
        let call = Call { caller: USER, target: A, terms, ..Call::default() };
        let mut session = self.runtime.session(&mut self.ledger, Block::default());
        let execution = session.call(&call).expect("neither we nor the ledger failed");
        Done { execution, changes: session.changes().expect("a usable session").list }
    }
}

impl Done {
    /// The words that were said by a call that succeeded.
    pub(crate) fn said(&self) -> Vec<Word> {
        assert_eq!(self.execution.outcome, Outcome::Success, "{:?}", self.execution);
        words(&self.execution.output)
    }

    /// The slots of a contract that changed, in order.
    pub(crate) fn written(&self, at: Address) -> Vec<(u8, u8)> {
        let last = |bytes: &[u8]| bytes[31];
        let of = self.changes.iter().filter(|change| change.account == at);
        let writes = of.filter_map(|change| match &change.write {
            Write::Set { key, value } => Some((last(key), last(value))),
            Write::Delete { key } => Some((last(key), 0)),
            _ => None,
        });
        writes.collect()
    }

    /// The data bytes of the events that stand, with who emitted them.
    pub(crate) fn events(&self) -> Vec<(Address, u8)> {
        let logs = self.execution.logs.iter();
        logs.map(|log| (log.address, log.data[0])).collect()
    }

    /// What runs the codes that came to be.
    pub(crate) fn codes(&self) -> Vec<EngineKind> {
        let codes = self.changes.iter().filter_map(|change| match &change.write {
            Write::Code { engine, .. } => Some(*engine),
            _ => None,
        });
        codes.collect()
    }

    pub(crate) fn balance(&self, at: Address) -> u64 {
        let mut balance = BALANCE;
        for change in self.changes.iter().filter(|change| change.account == at) {
            if let Write::Balance(new) = change.write {
                balance = new.to_u64().expect("small");
            }
        }
        balance
    }
}

pub(crate) fn words(bytes: &[u8]) -> Vec<Word> {
    bytes.chunks(32).map(|chunk| Word(chunk.try_into().expect("whole words"))).collect()
}

pub(crate) fn numbers(numbers: &[u64]) -> Vec<Word> {
    numbers.iter().map(|number| Word::from(*number)).collect()
}

pub(crate) fn as_word(address: Address) -> Word {
    let mut word = Word::ZERO;
    word.0[12..].copy_from_slice(&address.0);
    word
}
