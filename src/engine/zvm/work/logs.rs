//! Events.

use super::{Done, Machine, Operands, Step, price};
use crate::outcome::Halt;

impl Machine<'_, '_> {
    pub(super) fn log(&mut self, step: Step, operands: &mut Operands<'_>) -> Done {
        self.may_write()?;
        let region = self.region(operands)?;
        self.gas.charge(price::LOG_BYTE * region.len as u64)?;
        if region.len > self.state.rules.limits.event_bytes as usize {
            return Err(Halt::TooLong.into());
        }
        let count = match step {
            Step::LOG0 => 0,
            Step::LOG1 => 1,
            Step::LOG2 => 2,
            Step::LOG3 => 3,
            _ => 4,
        };
        let topics = (0..count).map(|_| operands.pop_word()).collect();
        Ok(self.state.emit(topics, self.memory.bytes(region))?)
    }
}
