//! SELFDESTRUCT: a contract leaves its balance to an heir, and, as the revision has it, ends.

use revm_context_interface::context::{SelfDestructResult, StateLoad};
use revm_primitives::hardfork::SpecId;

use super::world::World;
use crate::error::Result;
use crate::types::{Account, Address, Word};

impl World<'_, '_> {
    /// The balance goes to the heir. Before Cancun the contract ends with the transaction; since
    /// then only one that the transaction created does (EIP-6780). One that ends and is its own heir
    /// burns what it has.
    pub(super) fn self_destruct(
        &mut self,
        contract: &Address,
        heir: &Address,
    ) -> Result<StateLoad<SelfDestructResult>> {
        let visit = self.visit(heir)?;
        let (at, target_exists) = (self.state.at(self.gas), !visit.is_absent);
        let journal = &mut self.state.journal;
        let balance = journal.record(at, contract)?.balance;
        if contract != heir {
            // A balance that passes 2^256 - 1 has no place to go, and stays.
            let _ = journal.transfer(at, contract, heir, balance)?;
            journal.touch(at, heir)?;
        }
        let mut previously_destroyed = false;
        if !self.fork.has(SpecId::CANCUN) || journal.is_created(contract) {
            previously_destroyed = !journal.note_destructed(at, contract)?;
            let record = journal.record(at, contract)?;
            journal.set_account(at, contract, Account { balance: Word::ZERO, ..record })?;
        }
        let result =
            SelfDestructResult { had_value: !balance.is_zero(), target_exists, previously_destroyed };
        Ok(StateLoad::new(result, visit.cold))
    }
}
