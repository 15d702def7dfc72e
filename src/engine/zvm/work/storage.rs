//! SLOAD, SSTORE and their transient likes.

use super::{Done, Machine, Operands, price};
use crate::engine::zvm::slots::{self, Touched};

impl Machine<'_, '_> {
    pub(super) fn load(&mut self, operands: &mut Operands<'_>) -> Done {
        self.state.transaction.counters.reads += 1;
        let key = operands.pop_word();
        let Touched { value, first } = slots::read(self.state, &mut self.gas, key)?;
        self.gas.charge(if first { price::SLOAD_COLD } else { price::SLOAD_WARM })?;
        operands.push_word(value);
        Ok(())
    }

    pub(super) fn store(&mut self, operands: &mut Operands<'_>) -> Done {
        self.may_write()?;
        self.state.transaction.counters.writes += 1;
        let (key, new) = (operands.pop_word(), operands.pop_word());
        let Touched { value: old, first } = slots::read(self.state, &mut self.gas, key)?;
        let (gas, refund) = match () {
            () if new == old => (price::SSTORE_SAME, 0),
            () if old.is_zero() => (price::SSTORE_NEW, 0),
            () if new.is_zero() => (price::SSTORE_CLEAR, price::SSTORE_CLEAR_REFUND),
            () if first => (price::SSTORE_COLD, 0),
            () => (price::SSTORE_WARM, 0),
        };
        self.gas.charge(gas)?;
        if refund > 0 {
            self.state.journal.add_refund(refund);
        }
        if new != old {
            slots::write(self.state, &self.gas, key, new)?;
        }
        Ok(())
    }

    pub(super) fn load_transient(&mut self, operands: &mut Operands<'_>) -> Done {
        let key = operands.pop_word();
        operands.push_word(slots::read_transient(self.state, key));
        Ok(())
    }

    pub(super) fn store_transient(&mut self, operands: &mut Operands<'_>) -> Done {
        self.may_write()?;
        let (key, value) = (operands.pop_word(), operands.pop_word());
        Ok(slots::write_transient(self.state, key, value)?)
    }
}
