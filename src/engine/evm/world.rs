//! The session as the interpreter sees it.
//!
//! The interpreter asks for blocks, accounts and slots through one trait; here each question is
//! put to the journal. The journal says what is cold, the interpreter prices it. A ledger that
//! fails is parked as [`World::failure`], and the interpreter, told that its host is broken, stops.

use std::borrow::Cow;

use revm_bytecode::Bytecode;
use revm_context_interface::cfg::GasParams;
use revm_context_interface::context::{SStoreResult, SelfDestructResult, StateLoad};
use revm_context_interface::host::{Host, LoadError};
use revm_context_interface::journaled_state::AccountInfoLoad;
use revm_primitives::hardfork::SpecId;
use revm_primitives::{Address as EvmAddress, B256, Bytes as EvmBytes, Log as EvmLog, U256};
use revm_state::AccountInfo;

use super::convert::{address, code_hash, evm_address, number, word};
use super::fork::Fork;
use super::workshop::Workshop;
use crate::error::{Error, Result, Status};
use crate::host::state::State;
use crate::types::{Account, Address, EngineKind, Log, Word};

/// Jumps between two looks at what may stop the call from outside.
const JUMPS: u32 = 4096;

/// A session while EVM code runs in it.
pub(super) struct World<'a, 'l> {
    pub(super) state: &'a mut State<'l>,
    pub(super) fork: &'a Fork,
    pub(super) workshop: Box<Workshop>,
    /// Gas the ledger asks for what it was asked since the frame last paid.
    pub(super) surcharge: u64,
    /// What runs the code that was loaded last: a call is to it.
    pub(super) engine: Option<EngineKind>,
    /// What the running frame began with, for whoever the ledger asks for.
    pub(super) gas: u64,
    shown: Shown,
    failure: Option<Error>,
    jumps: u32,
}

/// The account that the interpreter was shown last. It stays where it is, because the interpreter looks at
/// most of them once; and code that calls one contract again and again finds its code here.
#[derive(Default)]
struct Shown {
    info: AccountInfo,
    /// What its record says of its code: `info.code` is this code's, if it is there.
    hash: Word,
    named: Option<EngineKind>,
    /// What runs that.
    engine: Option<EngineKind>,
}

/// An account that code or a transaction came to.
pub(super) struct Visit {
    pub(super) account: Account,
    /// Whether nothing in the transaction came to it before.
    pub(super) cold: bool,
    /// Whether there is none, in the sense the revision has of it: since EIP-161 an empty one is none.
    pub(super) is_absent: bool,
    /// Whether there is one, be it empty.
    pub(super) is_stored: bool,
}

impl<'a, 'l> World<'a, 'l> {
    pub(super) fn new(state: &'a mut State<'l>, fork: &'a Fork) -> Self {
        let workshop = state.take_kept().unwrap_or_default();
        let shown = Shown { info: AccountInfo { code: None, ..AccountInfo::default() }, ..Shown::default() };
        Self { state, fork, workshop, surcharge: 0, engine: None, gas: 0, shown, failure: None, jumps: JUMPS }
    }

    /// Leaves the session to somebody else, with what belongs to it.
    pub(super) fn leave(self) {
        self.state.keep(self.workshop);
    }

    /// The failure that stopped the interpreter.
    pub(super) fn failure(&mut self) -> Error {
        let unknown = || Error::new(Status::Internal, "the interpreter failed and nothing else did");
        self.failure.take().unwrap_or_else(unknown)
    }

    /// Parks a failure, for the interpreter to stop at.
    fn park<T>(&mut self, result: Result<T>) -> std::result::Result<T, LoadError> {
        result.map_err(|error| {
            self.failure = Some(error);
            LoadError::DBError
        })
    }

    /// Looks, now and then, whether the call is to stop. False where it is.
    pub(super) fn jump(&mut self) -> bool {
        self.jumps -= 1;
        if self.jumps > 0 {
            return true;
        }
        self.jumps = JUMPS;
        let stopped = self.state.transaction.stopwatch.check();
        self.park(stopped).is_ok()
    }

    fn is_precompile(&self, address: &Address) -> bool {
        self.native(&evm_address(*address)).is_some()
    }

    /// The account, and what the access to it was.
    pub(super) fn visit(&mut self, address: &Address) -> Result<Visit> {
        let found = self.state.journal.visit(self.state.at(self.gas), address)?;
        self.surcharge = self.surcharge.saturating_add(found.surcharge);
        let is_absent = match self.fork.has(SpecId::SPURIOUS_DRAGON) {
            true => found.account.is_empty(),
            false => !found.present,
        };
        Ok(Visit {
            account: found.account,
            cold: found.cold && !self.is_precompile(address),
            is_absent,
            is_stored: found.present,
        })
    }

    /// Shows the interpreter an account, with its code where it asks for that.
    fn show(&mut self, account: &Account, load_code: bool) -> Result<()> {
        let Account { balance, nonce, code_hash: hash, engine } = *account;
        if (self.shown.hash, self.shown.named) != (hash, engine) {
            self.shown.info.code = None;
            self.shown.info.code_hash = code_hash(hash);
            (self.shown.hash, self.shown.named) = (hash, engine);
        }
        if load_code && self.shown.info.code.is_none() {
            self.shown.info.code = Some(self.code(account)?);
            self.shown.engine = self.engine;
        }
        if load_code {
            self.engine = self.shown.engine;
        }
        self.shown.info.balance = number(balance);
        self.shown.info.nonce = nonce;
        Ok(())
    }

    fn skips(&self, skip_cold: bool, address: &Address) -> bool {
        skip_cold && self.state.journal.is_cold_account(address) && !self.is_precompile(address)
    }

    /// An account's code, analysed.
    pub(super) fn code(&mut self, account: &Account) -> Result<Bytecode> {
        if !account.has_code() {
            self.engine = None;
            return Ok(Bytecode::default());
        }
        let known = self.workshop.codes.get(&account.code_hash);
        let code = match known {
            Some(code) => code.clone(),
            None => {
                let bytes = self.state.code(&account.code_hash, self.gas)?;
                let code = analysed(&bytes, self.fork);
                self.workshop.codes.insert(account.code_hash, code.clone());
                code
            }
        };
        self.engine = account.engine.or_else(|| self.state.detect(code.original_byte_slice()));
        Ok(code)
    }
}

/// Code made ready to run. A delegation is one where there are delegations (EIP-7702).
pub(super) fn analysed(code: &[u8], fork: &Fork) -> Bytecode {
    let bytes = EvmBytes::copy_from_slice(code);
    let delegation =
        fork.has(SpecId::PRAGUE).then(|| Bytecode::new_eip7702_raw(bytes.clone()).ok()).flatten();
    delegation.unwrap_or_else(|| Bytecode::new_legacy(bytes))
}

impl Host for World<'_, '_> {
    fn basefee(&self) -> U256 {
        number(self.state.block.base_fee)
    }

    fn blob_gasprice(&self) -> U256 {
        number(self.state.block.blob_base_fee)
    }

    fn gas_limit(&self) -> U256 {
        U256::from(self.state.block.gas_limit)
    }

    fn difficulty(&self) -> U256 {
        number(self.state.block.difficulty)
    }

    fn prevrandao(&self) -> Option<U256> {
        Some(number(self.state.block.randomness.unwrap_or_default()))
    }

    fn block_number(&self) -> U256 {
        U256::from(self.state.block.number)
    }

    fn timestamp(&self) -> U256 {
        U256::from(self.state.block.timestamp)
    }

    fn beneficiary(&self) -> EvmAddress {
        evm_address(self.state.block.proposer)
    }

    fn slot_num(&self) -> U256 {
        U256::ZERO
    }

    fn chain_id(&self) -> U256 {
        number(self.state.block.chain_id)
    }

    fn effective_gas_price(&self) -> U256 {
        number(self.state.transaction.gas_price)
    }

    fn caller(&self) -> EvmAddress {
        evm_address(self.state.transaction.origin)
    }

    fn blob_hash(&self, at: usize) -> Option<U256> {
        self.state.transaction.blob_hashes.get(at).copied().map(number)
    }

    fn max_initcode_size(&self) -> usize {
        self.fork.initcode_bytes()
    }

    fn gas_params(&self) -> &GasParams {
        &self.fork.prices
    }

    fn is_amsterdam_eip8037_enabled(&self) -> bool {
        false
    }

    fn block_hash(&mut self, number: u64) -> Option<B256> {
        let hash = self.state.journal.block_hash(self.state.at(self.gas), number);
        let hash = self.park(hash).ok()?;
        Some(B256::new(hash.unwrap_or_default().0))
    }

    fn selfdestruct(
        &mut self,
        contract: EvmAddress,
        heir: EvmAddress,
        skip_cold: bool,
    ) -> std::result::Result<StateLoad<SelfDestructResult>, LoadError> {
        let (contract, heir) = (address(contract), address(heir));
        if self.skips(skip_cold, &heir) {
            return Err(LoadError::ColdLoadSkipped);
        }
        let done = self.self_destruct(&contract, &heir);
        self.park(done)
    }

    fn log(&mut self, log: EvmLog) {
        let (topics, data) = log.data.split();
        self.state.journal.log(Log {
            address: address(log.address),
            topics: topics.into_iter().map(|topic| Word(topic.0)).collect(),
            data: data.as_ref().into(),
        });
    }

    fn sstore_skip_cold_load(
        &mut self,
        contract: EvmAddress,
        key: U256,
        value: U256,
        skip_cold: bool,
    ) -> std::result::Result<StateLoad<SStoreResult>, LoadError> {
        let (contract, key) = (address(contract), word(key));
        if skip_cold && self.state.journal.is_cold_word(&contract, &key) {
            return Err(LoadError::ColdLoadSkipped);
        }
        let written = self.state.journal.set_word(self.state.at(self.gas), &contract, &key, word(value));
        let access = self.park(written)?;
        self.state.transaction.counters.writes += 1;
        self.surcharge = self.surcharge.saturating_add(access.surcharge);
        let result = SStoreResult {
            original_value: number(access.value.original),
            present_value: number(access.value.before),
            new_value: value,
        };
        Ok(StateLoad::new(result, access.first))
    }

    fn sload_skip_cold_load(
        &mut self,
        contract: EvmAddress,
        key: U256,
        skip_cold: bool,
    ) -> std::result::Result<StateLoad<U256>, LoadError> {
        let (contract, key) = (address(contract), word(key));
        if skip_cold && self.state.journal.is_cold_word(&contract, &key) {
            return Err(LoadError::ColdLoadSkipped);
        }
        let read = self.state.journal.word(self.state.at(self.gas), &contract, &key);
        let access = self.park(read)?;
        self.state.transaction.counters.reads += 1;
        self.surcharge = self.surcharge.saturating_add(access.surcharge);
        Ok(StateLoad::new(number(access.value), access.first))
    }

    fn tstore(&mut self, contract: EvmAddress, key: U256, value: U256) {
        self.state.journal.set_transient_word(&address(contract), &word(key), word(value));
    }

    fn tload(&mut self, contract: EvmAddress, key: U256) -> U256 {
        number(self.state.journal.transient_word(&address(contract), &word(key)))
    }

    fn load_account_info_skip_cold_load(
        &mut self,
        account: EvmAddress,
        load_code: bool,
        skip_cold: bool,
    ) -> std::result::Result<AccountInfoLoad<'_>, LoadError> {
        let address = address(account);
        if self.skips(skip_cold, &address) {
            return Err(LoadError::ColdLoadSkipped);
        }
        let visit = self.visit(&address);
        let visit = self.park(visit)?;
        let shown = self.show(&visit.account, load_code);
        self.park(shown)?;
        let account = Cow::Borrowed(&self.shown.info);
        Ok(AccountInfoLoad { account, is_cold: visit.cold, is_empty: visit.is_absent })
    }
}
