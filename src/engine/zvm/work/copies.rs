//! Copies to memory: of the input, of code, of what a callee returned.

use super::{Done, Machine, Operands, Step, price};
use crate::crypto::hash::keccak256;
use crate::host::guest::Stop;
use crate::outcome::Halt;
use crate::types::{Bytes, Word};

impl Machine<'_, '_> {
    pub(super) fn copy(&mut self, step: Step, operands: &mut Operands<'_>) -> Done {
        let (place, start, len) = (operands.pop(), operands.pop(), operands.pop());
        let region = self.reach(place, len)?;
        self.charge_words(region.len, price::COPY_WORD)?;
        match step {
            Step::CALLDATACOPY => self.memory.fill(region, &self.state.frame().input, start),
            Step::CODECOPY => self.memory.fill(region, self.program.code(), start),
            _ => {
                let returned = &self.state.frame().returned;
                let start = usize::try_from(start).map_err(|_| Halt::BadInput)?;
                let part = start.checked_add(region.len).and_then(|end| returned.get(start..end));
                self.memory.bytes_mut(region).copy_from_slice(part.ok_or(Halt::BadInput)?);
            }
        }
        Ok(())
    }

    pub(super) fn foreign_code(&mut self, step: Step, operands: &mut Operands<'_>) -> Done {
        let address = operands.pop_address();
        let account = self.account(&address)?;
        match step {
            Step::EXTCODESIZE => {
                let code = self.code_of(&account.code_hash)?;
                operands.push_number(code.len() as u64);
            }
            Step::EXTCODEHASH if account.has_code() => operands.push_word(account.code_hash),
            Step::EXTCODEHASH => {
                let exists = account.nonce != 0 || !account.balance.is_zero();
                operands.push_word(if exists { keccak256(&[]) } else { Word::ZERO });
            }
            _ => {
                let (place, start, len) = (operands.pop(), operands.pop(), operands.pop());
                let region = self.reach(place, len)?;
                self.charge_words(region.len, price::COPY_WORD)?;
                let code = self.code_of(&account.code_hash)?;
                self.memory.fill(region, &code, start);
            }
        }
        Ok(())
    }

    fn code_of(&mut self, hash: &Word) -> Result<Bytes, Stop> {
        Ok(if hash.is_zero() { Bytes::default() } else { self.state.code(hash, self.gas.left())? })
    }
}
