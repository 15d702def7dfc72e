//! Our side: one session, in which transactions follow each other without a commit, so that the state is in
//! its overlay.

use zvm::{
    Account, Address, Block, Config, EthereumTransaction, MemoryLedger, Outcome, Revision, Rules, Runtime,
    Session, Stopwatch, Word,
};

use crate::program::Done;

const SENDER: Address = Address([0xca; 20]);

pub(crate) struct Side {
    session: Session<'static>,
    contract: Address,
    nonce: u64,
}

impl Side {
    /// Deploys the contract.
    pub(crate) fn new(initcode: &[u8]) -> Self {
        // The last revision without an end to a transaction's gas (EIP-7825).
        let rules = Rules { revision: Revision::Prague, ..Rules::default() };
        let runtime = Runtime::new(Config { rules, ..Config::default() }).expect("a runtime");
        let mut ledger = MemoryLedger::new();
        ledger.set_account(SENDER, Account { balance: Word::from(u64::MAX), ..Account::default() });
        let block = Block {
            gas_limit: u64::MAX,
            chain_id: Word::from(1),
            randomness: Some(Word::ZERO),
            ..Block::default()
        };
        let mut side = Self { session: runtime.session(ledger, block), contract: Address::ZERO, nonce: 0 };
        side.contract = side.transact(None, initcode.to_vec()).created.expect("a contract");
        side
    }

    /// Calls it.
    pub(crate) fn run(&mut self, input: Vec<u8>) -> Done {
        let done = self.transact(Some(self.contract), input);
        Done { gas: done.gas_used, output: done.output }
    }

    fn transact(&mut self, to: Option<Address>, input: Vec<u8>) -> zvm::Execution {
        let transaction = EthereumTransaction {
            sender: SENDER,
            chain_id: Some(Word::from(1)),
            nonce: self.nonce,
            gas_limit: crate::program::GAS,
            gas_price: Word::from(1),
            to,
            input,
            ..EthereumTransaction::default()
        };
        self.nonce += 1;
        let done =
            self.session.run_ethereum(&transaction, Stopwatch::default()).expect("a valid transaction");
        assert_eq!(done.outcome, Outcome::Success);
        done
    }
}
