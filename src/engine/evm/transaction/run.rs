//! What a valid transaction does.

use revm_context_interface::CreateScheme;
use revm_interpreter::{
    CallInput, CallInputs, CallScheme, CallValue, CreateInputs, InterpreterResult, SharedMemory,
};
use revm_primitives::U256;

use super::super::Evm;
use super::super::convert::{address, code_hash, evm_address, number, word};
use super::super::entry::outcome;
use super::super::world::World;
use super::rules::Terms;
use super::{EthereumKind, EthereumTransaction};
use crate::error::Result;
use crate::host::state::State;
use crate::outcome::Outcome;
use crate::types::{Address, Word};

/// What came of a transaction.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// How its call or creation ended.
    pub outcome: Outcome,
    /// Gas it pays for.
    pub gas_used: u64,
    /// What was refunded of what it used.
    pub gas_refund: u64,
    /// Output or revert data; of a creation the code.
    pub output: Vec<u8>,
    /// Where the contract it created lives.
    pub created: Option<Address>,
}

impl Evm {
    /// Runs a transaction, with fees:
    /// 1. It must be valid.
    /// 2. The sender pays for all its gas, and its nonce grows.
    /// 3. What it lists becomes warm; its authorizations take effect.
    /// 4. It calls or creates. What fails there is undone there.
    /// 5. Gas it did not use goes back to the sender, the tip to the proposer.
    ///
    /// # Errors
    /// [`Status::Rejected`](crate::error::Status::Rejected) with a
    /// [`Rejection`](super::Rejection)'s number, ours or the embedder's. Whoever calls takes
    /// everything back then.
    pub fn transact(&self, state: &mut State<'_>, transaction: &EthereumTransaction) -> Result<Receipt> {
        let mut world = World::new(state, &self.fork);
        let done = world.transact(transaction);
        world.leave();
        done
    }
}

impl World<'_, '_> {
    fn transact(&mut self, transaction: &EthereumTransaction) -> Result<Receipt> {
        self.gas = transaction.gas_limit;
        let terms = self.check(transaction)?;
        self.state.transaction.gas_price = word(terms.price);
        self.charge(transaction, &terms)?;
        self.warm(transaction);
        let refund = match transaction.kind {
            EthereumKind::SetCode => self.authorize(transaction)?,
            _ => 0,
        };
        let gas = transaction.gas_limit - terms.intrinsic;
        let (done, created) = self.in_memory(|world, memory| world.first(transaction, gas, memory))?;
        let (gas_used, gas_refund) = self.settle_gas(transaction, &terms, &done, refund);
        self.pay(transaction, &terms, gas_used)?;
        Ok(Receipt {
            outcome: outcome(done.result),
            gas_used,
            gas_refund,
            created: created.filter(|_| done.is_ok()),
            output: done.output.to_vec(),
        })
    }

    fn charge(&mut self, transaction: &EthereumTransaction, terms: &Terms) -> Result<()> {
        let at = self.state.at(self.gas);
        let journal = &mut self.state.journal;
        // Within what the check found covered.
        let fee = terms.price * U256::from(transaction.gas_limit) + terms.blobs;
        journal.change_account(at, &transaction.sender, |sender| {
            sender.balance = word(number(sender.balance) - fee);
            // A creation counts it itself.
            sender.nonce += u64::from(transaction.to.is_some());
        })?;
        journal.touch(at, &transaction.sender)
    }

    fn warm(&mut self, transaction: &EthereumTransaction) {
        if transaction.kind == EthereumKind::Legacy {
            return;
        }
        let journal = &mut self.state.journal;
        for access in &transaction.access_list {
            journal.warm_account(&access.address);
            access.slots.iter().for_each(|slot| journal.warm_word(&access.address, slot));
        }
    }

    /// The transaction's own call or creation.
    fn first(
        &mut self,
        transaction: &EthereumTransaction,
        gas: u64,
        memory: SharedMemory,
    ) -> Result<(InterpreterResult, Option<Address>)> {
        let (sender, value) = (evm_address(transaction.sender), number(transaction.value));
        let input = transaction.input.clone().into();
        let Some(target) = transaction.to else {
            let inputs = CreateInputs::new(sender, CreateScheme::Create, value, input, gas, 0);
            return self.create(&inputs, memory);
        };
        let mut account = self.visit(&target)?.account;
        let mut code = self.code(&account)?;
        if let Some(delegate) = code.eip7702_address() {
            account = self.visit(&address(delegate))?.account;
            code = self.code(&account)?;
        }
        let inputs = CallInputs {
            input: CallInput::Bytes(input),
            return_memory_offset: 0..0,
            gas_limit: gas,
            reservoir: 0,
            bytecode_address: evm_address(target),
            known_bytecode: (code_hash(account.code_hash), code),
            target_address: evm_address(target),
            caller: sender,
            value: CallValue::Transfer(value),
            scheme: CallScheme::Call,
            is_static: false,
            charged_new_account_state_gas: false,
        };
        Ok((self.call(Box::new(inputs), memory)?, None))
    }

    /// What the transaction used in the end, and what of its use was refunded. Refunds are capped
    /// (EIP-3529), then the floor holds (EIP-7623).
    fn settle_gas(
        &mut self,
        transaction: &EthereumTransaction,
        terms: &Terms,
        done: &InterpreterResult,
        refund: u64,
    ) -> (u64, u64) {
        let left = if done.result.is_ok_or_revert() { done.gas.remaining() } else { 0 };
        let used = transaction.gas_limit - left;
        let own = if done.is_ok() { done.gas.refunded() } else { 0 };
        self.state.journal.add_refund(own.saturating_add_unsigned(refund));
        let refund = self.state.journal.refund().min(used / self.fork.prices.max_refund_quotient());
        match used - refund < terms.floor {
            true => (terms.floor, 0),
            false => (used - refund, refund),
        }
    }

    fn pay(&mut self, transaction: &EthereumTransaction, terms: &Terms, used: u64) -> Result<()> {
        let back = terms.price * U256::from(transaction.gas_limit - used);
        let reward = terms.reward.saturating_mul(U256::from(used));
        let proposer = self.state.block.proposer;
        self.credit(&transaction.sender, word(back))?;
        self.credit(&proposer, word(reward))?;
        self.state.journal.touch(self.state.at(self.gas), &proposer)
    }

    fn credit(&mut self, to: &Address, amount: Word) -> Result<()> {
        if amount.is_zero() {
            return Ok(());
        }
        let at = self.state.at(self.gas);
        self.state.journal.change_account(at, to, |account| {
            account.balance = account.balance.checked_add(amount).unwrap_or(Word::MAX);
        })
    }
}
