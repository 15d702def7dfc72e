//! revm as a whole: its own context, journal and handler. Its journal keeps the state from one transaction
//! to the next, as our session does.

use revm::context::{Context, TxEnv};
use revm::context_interface::result::ExecutionResult;
use revm::database::InMemoryDB;
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, TxKind, U256};
use revm::state::AccountInfo;
use revm::{ExecuteEvm, MainBuilder, MainContext, MainnetEvm};

use crate::program::Done;

const SENDER: Address = Address::repeat_byte(0xca);

pub(crate) struct Side {
    evm: MainnetEvm<revm::handler::MainnetContext<InMemoryDB>>,
    contract: Address,
    nonce: u64,
}

impl Side {
    /// Deploys the contract.
    pub(crate) fn new(initcode: &[u8]) -> Self {
        let mut database = InMemoryDB::default();
        database.insert_account_info(SENDER, AccountInfo::from_balance(U256::from(u64::MAX)));
        let evm = Context::mainnet()
            .with_db(database)
            .modify_cfg_chained(|cfg| cfg.set_spec_and_mainnet_gas_params(SpecId::PRAGUE))
            .modify_block_chained(|block| block.gas_limit = u64::MAX)
            .build_mainnet();
        let mut side = Self { evm, contract: Address::ZERO, nonce: 0 };
        let done = side.transact(TxKind::Create, initcode.to_vec());
        side.contract = done.created_address().expect("a contract");
        side
    }

    /// Calls it.
    pub(crate) fn run(&mut self, input: Vec<u8>) -> Done {
        let done = self.transact(TxKind::Call(self.contract), input);
        let gas = done.tx_gas_used();
        Done { gas, output: done.into_output().expect("an output").to_vec() }
    }

    fn transact(&mut self, kind: TxKind, input: Vec<u8>) -> ExecutionResult {
        let transaction = TxEnv {
            caller: SENDER,
            gas_limit: crate::program::GAS,
            gas_price: 1,
            kind,
            data: input.into(),
            nonce: self.nonce,
            chain_id: Some(1),
            ..TxEnv::default()
        };
        self.nonce += 1;
        let done = self.evm.transact_one(transaction).expect("a valid transaction");
        assert!(done.is_success(), "{done:?}");
        done
    }
}
