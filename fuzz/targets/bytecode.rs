//! Any bytes as EVM code, called with any input, through the library and through revm as a whole: the same
//! end, gas, output, logs and storage.
#![no_main]

use std::collections::BTreeMap;
use std::sync::OnceLock;

use libfuzzer_sys::{arbitrary, arbitrary::Arbitrary, fuzz_target};
use revm::context::{Context, TxEnv};
use revm::context_interface::result::ExecutionResult;
use revm::database::InMemoryDB;
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address as EvmAddress, TxKind, U256};
use revm::state::{AccountInfo, Bytecode};
use revm::{ExecuteCommitEvm, MainBuilder, MainContext};
use zvm::crypto::hash::keccak256;
use zvm::{
    Account, Address, Block, Config, EngineKind, EthereumTransaction, MemoryLedger, Revision, Rules, Runtime,
    Stopwatch, Word,
};

/// A contract, a second that it may call at 0x02 twenty times, and how it is called.
#[derive(Arbitrary, Debug)]
struct Case {
    revision: u8,
    code: Vec<u8>,
    other: Vec<u8>,
    input: Vec<u8>,
    gas: u32,
    value: u8,
}

/// Success, revert, gas, output, topics and data of the logs, and the storage of both contracts.
type Done = (bool, bool, u64, Vec<u8>, Vec<(Vec<[u8; 32]>, Vec<u8>)>, [BTreeMap<[u8; 32], [u8; 32]>; 2]);

const SENDER: [u8; 20] = [0xca; 20];
const CONTRACTS: [[u8; 20]; 2] = [[1; 20], [2; 20]];
const RICH: u64 = 1 << 60;

const REVISIONS: [(Revision, SpecId); 4] = [
    (Revision::Frontier, SpecId::FRONTIER),
    (Revision::London, SpecId::LONDON),
    (Revision::Prague, SpecId::PRAGUE),
    (Revision::Osaka, SpecId::OSAKA),
];

fuzz_target!(|case: Case| {
    // Code in an account never begins with EF since London, but for a delegation.
    if [&case.code, &case.other].iter().any(|code| code.first() == Some(&0xef)) {
        return;
    }
    let of = usize::from(case.revision) % REVISIONS.len();
    assert_eq!(ours(&case, of), theirs(&case, of));
});

fn gas(case: &Case) -> u64 {
    50_000 + u64::from(case.gas) % 2_000_000
}

fn ours(case: &Case, of: usize) -> Done {
    static RUNTIMES: OnceLock<Vec<Runtime>> = OnceLock::new();
    let runtimes = RUNTIMES.get_or_init(|| {
        let rules = REVISIONS.map(|(revision, _)| Rules { revision, ..Rules::default() });
        rules.map(|rules| Runtime::new(Config { rules, ..Config::default() }).expect("a runtime")).into()
    });
    let mut ledger = MemoryLedger::new();
    ledger.set_account(Address(SENDER), Account { balance: Word::from(RICH), ..Account::default() });
    for (address, code) in CONTRACTS.iter().zip([&case.code, &case.other]) {
        let (code_hash, engine) = match code.is_empty() {
            true => (Word::ZERO, None),
            false => (keccak256(code), Some(EngineKind::Evm)),
        };
        ledger.set_account(Address(*address), Account { nonce: 1, code_hash, engine, ..Account::default() });
        ledger.set_code(code_hash, code.as_slice());
    }
    let block = Block {
        number: 1,
        timestamp: 1,
        chain_id: Word::from(1),
        gas_limit: 30_000_000,
        randomness: Some(Word::ZERO),
        blob_base_fee: Word::from(1),
        ..Block::default()
    };
    let mut session = runtimes[of].session(&mut ledger, block);
    let transaction = EthereumTransaction {
        sender: Address(SENDER),
        gas_limit: gas(case),
        to: Some(Address(CONTRACTS[0])),
        value: Word::from(u64::from(case.value)),
        input: case.input.clone(),
        ..EthereumTransaction::default()
    };
    let done = session.run_ethereum(&transaction, Stopwatch::default()).expect("a valid transaction");
    session.commit().expect("a ledger in memory");
    drop(session);
    let storage = CONTRACTS.map(|address| {
        let word = |bytes: &[u8]| Word::from_bytes(bytes).expect("32 bytes").0;
        ledger.entries(&Address(address)).map(|(key, value)| (word(key), word(value))).collect()
    });
    let logs = done.logs.iter().map(|log| (log.topics.iter().map(|topic| topic.0).collect(), log.data.to_vec()));
    let (success, revert) = (done.outcome.is_success(), done.outcome == zvm::Outcome::Revert);
    (success, revert, done.gas_used, done.output, logs.collect(), storage)
}

fn theirs(case: &Case, of: usize) -> Done {
    let mut database = InMemoryDB::default();
    database.insert_account_info(EvmAddress::new(SENDER), AccountInfo::from_balance(U256::from(RICH)));
    for (address, code) in CONTRACTS.iter().zip([&case.code, &case.other]) {
        let info = AccountInfo { nonce: 1, ..AccountInfo::default() };
        let info = info.with_code(Bytecode::new_legacy(code.clone().into()));
        database.insert_account_info(EvmAddress::new(*address), info);
    }
    let mut evm = Context::mainnet()
        .with_db(&mut database)
        .modify_cfg_chained(|cfg| cfg.set_spec_and_mainnet_gas_params(REVISIONS[of].1))
        .modify_block_chained(|block| {
            block.number = U256::from(1);
            block.gas_limit = 30_000_000;
            block.prevrandao = Some(Default::default());
        })
        .build_mainnet();
    let transaction = TxEnv {
        caller: EvmAddress::new(SENDER),
        gas_limit: gas(case),
        gas_price: 0,
        kind: TxKind::Call(EvmAddress::new(CONTRACTS[0])),
        value: U256::from(case.value),
        data: case.input.clone().into(),
        chain_id: None,
        ..TxEnv::default()
    };
    let done = evm.transact_commit(transaction).expect("a valid transaction");
    let storage = CONTRACTS.map(|address| {
        let account = database.cache.accounts.get(&EvmAddress::new(address));
        let slots = account.into_iter().flat_map(|account| &account.storage);
        let slots = slots.filter(|(_, value)| !value.is_zero());
        slots.map(|(key, value)| (key.to_be_bytes(), value.to_be_bytes())).collect()
    });
    let (success, gas) = (done.is_success(), done.tx_gas_used());
    let revert = matches!(done, ExecutionResult::Revert { .. });
    let output = done.output().map(|output| output.to_vec()).unwrap_or_default();
    let logs = if success { done.into_logs() } else { Vec::new() };
    let logs = logs.iter().map(|log| (log.data.topics().iter().map(|topic| topic.0).collect(), log.data.data.to_vec()));
    (success, revert, gas, output, logs.collect(), storage)
}
