//! revm as a whole: its own context, journal and handler.

use revm::context::either::Either;
use revm::context::transaction::{
    AccessList, AccessListItem, Authorization, RecoveredAuthority, RecoveredAuthorization,
};
use revm::context::{BlockEnv, Context, TxEnv};
use revm::context_interface::block::BlobExcessGasAndPrice;
use revm::context_interface::result::{EVMError, ExecutionResult};
use revm::database::{AccountState, CacheDB, EmptyDB};
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address as EvmAddress, B256, Bytes, KECCAK_EMPTY, TxKind, U256};
use revm::state::{AccountInfo, Bytecode};
use revm::{ExecuteCommitEvm, InspectCommitEvm, MainBuilder, MainContext};
use zvm::{Address, EthereumKind, EthereumTransaction, Log, Revision, Word};

use super::Result;
use super::scene::{Scene, State};
use super::steps::Steps;
use crate::trie::logs_hash;

/// The other side of a scene.
pub(super) struct Peer {
    database: CacheDB<EmptyDB>,
    block: BlockEnv,
    spec: SpecId,
}

fn address(address: Address) -> EvmAddress {
    EvmAddress::new(address.0)
}

fn number(word: Word) -> U256 {
    U256::from_be_bytes(word.0)
}

fn small(word: Word) -> u128 {
    number(word).to::<u128>()
}

fn word(number: U256) -> Word {
    Word(number.to_be_bytes())
}

fn spec(revision: Revision) -> SpecId {
    match revision {
        Revision::SpuriousDragon => SpecId::SPURIOUS_DRAGON,
        Revision::Istanbul => SpecId::ISTANBUL,
        Revision::London => SpecId::LONDON,
        Revision::Shanghai => SpecId::SHANGHAI,
        Revision::Prague => SpecId::PRAGUE,
        Revision::Osaka => SpecId::OSAKA,
        other => panic!("{other:?} is not generated for"),
    }
}

impl Peer {
    pub(super) fn new(scene: &Scene, revision: Revision) -> Self {
        let mut ledger = scene.ledger.clone();
        let mut database = CacheDB::new(EmptyDB::default());
        for (at, account) in scene.ledger.accounts() {
            let mut info = AccountInfo {
                balance: number(account.balance),
                nonce: account.nonce,
                ..AccountInfo::default()
            };
            if account.has_code() {
                let code =
                    zvm::Ledger::code(&mut ledger, Default::default(), &account.code_hash).unwrap().unwrap();
                info = info.with_code(Bytecode::new_legacy(Bytes::copy_from_slice(&code)));
            }
            database.insert_account_info(address(*at), info);
            for (key, value) in scene.ledger.entries(at) {
                let (key, value) = (U256::from_be_slice(key), U256::from_be_slice(value));
                database.insert_account_storage(address(*at), key, value).unwrap();
            }
        }
        let block = scene.block;
        let block = BlockEnv {
            number: U256::from(block.number),
            beneficiary: address(block.proposer),
            timestamp: U256::from(block.timestamp),
            gas_limit: block.gas_limit,
            basefee: small(block.base_fee) as u64,
            difficulty: number(block.difficulty),
            prevrandao: block.randomness.map(|word| B256::new(word.0)),
            blob_excess_gas_and_price: Some(BlobExcessGasAndPrice { excess_blob_gas: 0, blob_gasprice: 1 }),
            ..BlockEnv::default()
        };
        Self { database, block, spec: spec(revision) }
    }

    /// Runs a transaction, which a watcher may watch.
    pub(super) fn transact(
        &mut self,
        transaction: &EthereumTransaction,
        watcher: Option<&mut Steps>,
    ) -> Result {
        let spec = self.spec;
        let context = Context::mainnet()
            .with_db(&mut self.database)
            .with_block(self.block.clone())
            .modify_cfg_chained(|cfg| cfg.set_spec_and_mainnet_gas_params(spec));
        let transaction = environment(transaction);
        let done = match watcher {
            None => context.build_mainnet().transact_commit(transaction),
            Some(steps) => context.build_mainnet_with_inspector(steps).inspect_tx_commit(transaction),
        };
        let result = match done {
            Ok(done) => result(done),
            Err(EVMError::Transaction(_)) => Result::Rejected,
            Err(error) => panic!("the peer failed: {error}"),
        };
        // Its database takes what was touched and left empty to be there; since EIP-161 it is not.
        self.database.cache.accounts.retain(|_, account| !account.info.is_empty());
        result
    }

    /// The nonce of an account.
    pub(super) fn nonce(&self, of: Address) -> u64 {
        self.database.cache.accounts.get(&address(of)).map_or(0, |account| account.info.nonce)
    }

    /// What its database holds.
    pub(super) fn state(&self) -> State {
        let accounts = self.database.cache.accounts.iter();
        let accounts = accounts.filter(|(_, account)| {
            account.account_state != AccountState::NotExisting && !account.info.is_empty()
        });
        let accounts = accounts.map(|(at, account)| {
            let slots = account.storage.iter().filter(|(_, value)| !value.is_zero());
            let slots = slots.map(|(key, value)| (word(*key), word(*value))).collect();
            let info = &account.info;
            let code = if info.code_hash == KECCAK_EMPTY { Word::ZERO } else { Word(info.code_hash.0) };
            (Address(at.into_array()), (word(info.balance), info.nonce, code, slots))
        });
        accounts.collect()
    }
}

fn environment(transaction: &EthereumTransaction) -> TxEnv {
    let kind = transaction.kind;
    let legacy = kind == EthereumKind::Legacy;
    let blobs = kind == EthereumKind::Blob;
    let items = transaction.access_list.iter().map(|access| AccessListItem {
        address: address(access.address),
        storage_keys: access.slots.iter().map(|slot| B256::new(slot.0)).collect(),
    });
    let authorizations = transaction.authorizations.iter().map(|authorization| {
        let inner = Authorization {
            chain_id: number(authorization.chain_id),
            address: address(authorization.address),
            nonce: authorization.nonce,
        };
        let authority = authorization.authority.map(address);
        let authority = authority.map_or(RecoveredAuthority::Invalid, RecoveredAuthority::Valid);
        Either::Right(RecoveredAuthorization::new_unchecked(inner, authority))
    });
    TxEnv {
        tx_type: kind as u8,
        caller: address(transaction.sender),
        gas_limit: transaction.gas_limit,
        gas_price: small(transaction.gas_price),
        kind: transaction.to.map_or(TxKind::Create, |to| TxKind::Call(address(to))),
        value: number(transaction.value),
        data: transaction.input.clone().into(),
        nonce: transaction.nonce,
        chain_id: transaction.chain_id.map(|id| small(id) as u64),
        access_list: AccessList(if legacy { Vec::new() } else { items.collect() }),
        gas_priority_fee: (kind >= EthereumKind::DynamicFee).then(|| small(transaction.tip)),
        blob_hashes: match blobs {
            true => transaction.blob_hashes.iter().map(|hash| B256::new(hash.0)).collect(),
            false => Vec::new(),
        },
        max_fee_per_blob_gas: if blobs { small(transaction.blob_fee_cap) } else { 0 },
        authorization_list: match kind {
            EthereumKind::SetCode => authorizations.collect(),
            _ => Vec::new(),
        },
    }
}

fn result(done: ExecutionResult) -> Result {
    let (success, gas) = (done.is_success(), done.tx_gas_used());
    let revert = matches!(done, ExecutionResult::Revert { .. });
    let output = done.output().map(|output| output.to_vec()).unwrap_or_default();
    let logs = if success { done.into_logs() } else { Vec::new() };
    let logs: Vec<_> = logs
        .into_iter()
        .map(|log| Log {
            address: Address(log.address.into_array()),
            topics: log.data.topics().iter().map(|topic| Word(topic.0)).collect(),
            data: log.data.data.as_ref().into(),
        })
        .collect();
    Result::Done { success, revert, gas, output, logs: logs_hash(&logs) }
}
