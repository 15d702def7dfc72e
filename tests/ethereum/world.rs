//! A ledger with contracts in it, and a runtime over it.

use zvm::crypto::hash::keccak256;
use zvm::{
    Account, Address, Block, Bytes, Call, Config, EngineKind, EthereumTransaction, Execution, MemoryLedger,
    Revision, Rules, Runtime, Session, Stopwatch, Terms, Word,
};

use crate::code::Code;

/// Who begins everything, with enough to pay.
pub(crate) const ALICE: Address = Address([0xa1; 20]);
pub(crate) const PROPOSER: Address = Address([0xc0; 20]);
/// Where tests put their contracts.
pub(crate) const FIRST: Address = Address([1; 20]);
pub(crate) const SECOND: Address = Address([2; 20]);
pub(crate) const THIRD: Address = Address([3; 20]);

pub(crate) fn runtime(revision: Revision) -> Runtime {
    let rules = Rules { revision, ..Rules::default() };
    Runtime::new(Config { rules, ..Config::default() }).unwrap()
}

/// A ledger in which Alice is rich.
pub(crate) fn ledger() -> MemoryLedger {
    let mut ledger = MemoryLedger::new();
    ledger.set_account(ALICE, Account { balance: Word::from(u64::MAX), ..Account::default() });
    ledger
}

/// A ledger with these contracts.
pub(crate) fn with(contracts: &[(Address, Code)]) -> MemoryLedger {
    let mut ledger = ledger();
    for (address, code) in contracts {
        place(&mut ledger, *address, code.clone().bytes(), EngineKind::Evm);
    }
    ledger
}

pub(crate) fn place(ledger: &mut MemoryLedger, address: Address, code: Vec<u8>, engine: EngineKind) {
    let code: Bytes = code.into();
    let code_hash = keccak256(&code);
    let balance = Word::from(100);
    ledger.set_account(address, Account { balance, nonce: 1, code_hash, engine: Some(engine) });
    ledger.set_code(code_hash, code);
}

pub(crate) fn block() -> Block {
    Block {
        number: 1000,
        timestamp: 1_700_000_000,
        chain_id: Word::from(1),
        proposer: PROPOSER,
        gas_limit: u64::MAX,
        randomness: Some(Word::from(7)),
        ..Block::default()
    }
}

pub(crate) fn call(target: Address, gas: u64) -> Call {
    let terms = Terms { gas_limit: gas, ..Terms::default() };
    Call { caller: ALICE, target, terms, ..Call::default() }
}

/// A transaction of Alice's, without fees.
pub(crate) fn transaction(to: Option<Address>, gas: u64) -> EthereumTransaction {
    EthereumTransaction { sender: ALICE, gas_limit: gas, to, ..EthereumTransaction::default() }
}

pub(crate) fn transact(session: &mut Session<'_>, transaction: &EthereumTransaction) -> Execution {
    session.run_ethereum(transaction, Stopwatch::default()).unwrap()
}

/// The word in a contract's slot, as it was committed.
pub(crate) fn slot(ledger: &MemoryLedger, contract: Address, slot: u64) -> Word {
    let value = ledger.storage_at(&contract, &Word::from(slot).0);
    value.map(|value| Word::from_bytes(value).unwrap()).unwrap_or_default()
}

/// Commits what a session did, and ends it.
pub(crate) fn commit(mut session: Session<'_>) {
    session.commit().unwrap();
}
