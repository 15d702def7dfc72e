//! When a transaction is valid, before anything of it runs.

use revm_context_interface::cfg::gas::InitialAndFloorGas;
use revm_primitives::U256;
use revm_primitives::hardfork::SpecId;

use super::super::convert::number;
use super::super::fork::Fork;
use super::super::world::World;
use super::{EthereumKind, EthereumTransaction, Rejection};
use crate::error::Result;
use crate::types::{Account, Block};

/// Gas of a blob (EIP-4844).
const BLOB_GAS: u64 = 1 << 17;
/// The version of the blobs' hashes.
const BLOB_VERSION: u8 = 0x01;
/// The most gas of one transaction (EIP-7825).
const GAS_CAP: u64 = 1 << 24;

/// What a valid transaction costs.
pub(super) struct Terms {
    /// What a unit of gas costs the sender.
    pub(super) price: U256,
    /// What of it goes to the proposer.
    pub(super) reward: U256,
    /// What its blobs cost.
    pub(super) blobs: U256,
    /// Gas that is used before it runs.
    pub(super) intrinsic: u64,
    /// The least gas it uses.
    pub(super) floor: u64,
}

impl EthereumTransaction {
    fn has_fee_cap(&self) -> bool {
        self.kind >= EthereumKind::DynamicFee
    }

    fn blob_gas(&self) -> U256 {
        match self.kind {
            EthereumKind::Blob => U256::from(BLOB_GAS) * U256::from(self.blob_hashes.len()),
            _ => U256::ZERO,
        }
    }

    /// What a unit of gas costs: the base fee and the tip, as far as the cap goes.
    fn price(&self, block: &Block) -> U256 {
        let cap = number(self.gas_price);
        match self.has_fee_cap() {
            true => cap.min(number(block.base_fee).saturating_add(number(self.tip))),
            false => cap,
        }
    }
}

impl World<'_, '_> {
    /// Checks a transaction:
    /// 1. Its kind is one of the revision's, and it is for this chain.
    /// 2. Fees and gas fit the block.
    /// 3. What belongs to its kind is there.
    /// 4. The gas limit covers what it costs as such.
    /// 5. The sender is no contract, its nonce the next, and it can pay.
    pub(super) fn check(&mut self, transaction: &EthereumTransaction) -> Result<Terms> {
        let block = self.state.block;
        check_kind(transaction, self.fork, &block)?;
        check_fees(transaction, self.fork, &block)?;
        check_lists(transaction, self.fork, &block)?;
        let gas = check_gas(transaction, self.fork)?;
        let sender = self.visit(&transaction.sender)?.account;
        let code = self.code(&sender)?;
        if !code.is_empty() && !code.is_eip7702() {
            return Err(Rejection::SenderHasCode.into());
        }
        check_sender(transaction, &sender)?;
        let price = transaction.price(&block);
        let base = if self.fork.has(SpecId::LONDON) { number(block.base_fee) } else { U256::ZERO };
        Ok(Terms {
            price,
            reward: price.saturating_sub(base),
            blobs: transaction.blob_gas().saturating_mul(number(block.blob_base_fee)),
            intrinsic: gas.initial_regular_gas(),
            floor: if self.fork.has(SpecId::PRAGUE) { gas.floor_gas() } else { 0 },
        })
    }
}

fn check_kind(
    transaction: &EthereumTransaction,
    fork: &Fork,
    block: &Block,
) -> std::result::Result<(), Rejection> {
    let since = match transaction.kind {
        EthereumKind::Legacy => SpecId::FRONTIER,
        EthereumKind::AccessList => SpecId::BERLIN,
        EthereumKind::DynamicFee => SpecId::LONDON,
        EthereumKind::Blob => SpecId::CANCUN,
        EthereumKind::SetCode => SpecId::PRAGUE,
    };
    if !fork.has(since) {
        return Err(Rejection::Kind);
    }
    match transaction.chain_id {
        None if transaction.kind == EthereumKind::Legacy => Ok(()),
        Some(chain_id) if chain_id == block.chain_id => Ok(()),
        _ => Err(Rejection::ChainId),
    }
}

fn check_fees(
    transaction: &EthereumTransaction,
    fork: &Fork,
    block: &Block,
) -> std::result::Result<(), Rejection> {
    if fork.has(SpecId::OSAKA) && transaction.gas_limit > GAS_CAP {
        return Err(Rejection::GasOverCap);
    }
    if transaction.has_fee_cap() && transaction.tip > transaction.gas_price {
        return Err(Rejection::TipOverFee);
    }
    if fork.has(SpecId::LONDON) && transaction.gas_price < block.base_fee {
        return Err(Rejection::FeeBelowBase);
    }
    if transaction.gas_limit > block.gas_limit {
        return Err(Rejection::GasOverBlock);
    }
    Ok(())
}

fn check_lists(
    transaction: &EthereumTransaction,
    fork: &Fork,
    block: &Block,
) -> std::result::Result<(), Rejection> {
    let creates = transaction.to.is_none();
    let needs_target = transaction.kind >= EthereumKind::Blob;
    if creates && needs_target {
        return Err(Rejection::CreatesContract);
    }
    if creates && transaction.input.len() > fork.initcode_bytes() {
        return Err(Rejection::InitcodeTooLong);
    }
    match transaction.kind {
        EthereumKind::Blob => check_blobs(transaction, fork, block),
        EthereumKind::SetCode if transaction.authorizations.is_empty() => Err(Rejection::NoAuthorizations),
        _ => Ok(()),
    }
}

fn check_blobs(
    transaction: &EthereumTransaction,
    fork: &Fork,
    block: &Block,
) -> std::result::Result<(), Rejection> {
    // EIP-4844, 7691, 7594.
    let most = match fork.spec {
        SpecId::PRAGUE => 9,
        _ => 6,
    };
    let hashes = &transaction.blob_hashes;
    if transaction.blob_fee_cap < block.blob_base_fee {
        return Err(Rejection::BlobFeeBelowBase);
    }
    if hashes.is_empty() {
        return Err(Rejection::NoBlobs);
    }
    if hashes.iter().any(|hash| hash.0[0] != BLOB_VERSION) {
        return Err(Rejection::BlobVersion);
    }
    if hashes.len() > most {
        return Err(Rejection::TooManyBlobs);
    }
    Ok(())
}

fn check_gas(
    transaction: &EthereumTransaction,
    fork: &Fork,
) -> std::result::Result<InitialAndFloorGas, Rejection> {
    let (accounts, slots) = match transaction.kind {
        EthereumKind::Legacy => (0, 0),
        _ => {
            let list = &transaction.access_list;
            (list.len(), list.iter().map(|access| access.slots.len()).sum())
        }
    };
    let authorizations = match transaction.kind {
        EthereumKind::SetCode => transaction.authorizations.len(),
        _ => 0,
    };
    let gas = fork.prices.initial_tx_gas(
        &transaction.input,
        transaction.to.is_none(),
        accounts as u64,
        slots as u64,
        authorizations as u64,
        None,
    );
    if gas.initial_regular_gas() > transaction.gas_limit {
        return Err(Rejection::IntrinsicGas);
    }
    if fork.has(SpecId::PRAGUE) && gas.floor_gas() > transaction.gas_limit {
        return Err(Rejection::FloorGas);
    }
    Ok(gas)
}

fn check_sender(transaction: &EthereumTransaction, sender: &Account) -> std::result::Result<(), Rejection> {
    if transaction.nonce == u64::MAX {
        return Err(Rejection::NonceOverflow);
    }
    if transaction.nonce < sender.nonce {
        return Err(Rejection::NonceTooLow);
    }
    if transaction.nonce > sender.nonce {
        return Err(Rejection::NonceTooHigh);
    }
    let most = number(transaction.gas_price)
        .checked_mul(U256::from(transaction.gas_limit))
        .zip(transaction.blob_gas().checked_mul(number(transaction.blob_fee_cap)))
        .and_then(|(gas, blobs)| gas.checked_add(blobs))
        .and_then(|fees| fees.checked_add(number(transaction.value)));
    match most {
        Some(most) if most <= number(sender.balance) => Ok(()),
        _ => Err(Rejection::Funds),
    }
}
