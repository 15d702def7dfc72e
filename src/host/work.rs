//! What a body works with: the session, the waiting code, and the ways to pay and to copy.

use super::guest::{Guest, Stop};
use super::kinds::{self, Region};
use super::rules::Rules;
use super::state::State;
use crate::outcome::Halt;
use crate::state::journal::Access;
use crate::state::ledger::ReadContext;
use crate::types::{Address, Bytes, Word};

/// A host function at work: the session it acts on and the code that called it.
pub struct Host<'a, 'l> {
    /// The session's state.
    pub state: &'a mut State<'l>,
    /// The waiting code.
    pub guest: &'a mut dyn Guest,
}

/// Writes an answer as [`Host::answer`] does, where the session is in use.
pub(super) fn put_answer(
    guest: &mut dyn Guest,
    rules: &Rules,
    out: kinds::Buffer,
    answer: &[u8],
) -> Result<i32, Stop> {
    if answer.len() <= out.0.len as usize {
        guest.gas().charge(rules.schedule.copy_byte.saturating_mul(answer.len() as u64))?;
        guest.write(out.0.offset, answer);
    }
    // No answer is longer than a limit of 32 bits.
    Ok(answer.len() as i32)
}

impl Host<'_, '_> {
    /// Pays for work about to be done.
    pub(super) fn charge(&mut self, amount: u64) -> Result<(), Stop> {
        self.guest.gas().charge(amount).map_err(Stop::Halt)
    }

    /// Pays the surcharge of an access and counts it against the transaction's limits.
    pub(super) fn settle<T>(&mut self, access: &Access<T>, bytes: usize) -> Result<(), Stop> {
        self.charge(access.surcharge)?;
        let State { transaction, rules, .. } = &mut *self.state;
        transaction.touch(&rules.limits, access.first, bytes).map_err(Stop::Halt)
    }

    /// Counts something that is kept like an entry, and always anew.
    pub(super) fn count(&mut self, bytes: usize) -> Result<(), Stop> {
        self.settle(&Access { value: (), surcharge: 0, first: true }, bytes)
    }

    /// Who asks the ledger.
    pub(super) fn at(&mut self) -> ReadContext {
        let gas_left = self.guest.gas().left();
        self.state.at(gas_left)
    }

    /// The region's bytes, to keep.
    pub(super) fn bytes(&self, region: Region) -> Bytes {
        self.guest.bytes(region).into()
    }

    pub(super) fn address(&self, kinds::InAddress(region): kinds::InAddress) -> Address {
        Address(self.guest.bytes(region).try_into().expect("as long as its kind says"))
    }

    pub(super) fn word(&self, kinds::InWord(region): kinds::InWord) -> Word {
        Word(self.guest.bytes(region).try_into().expect("as long as its kind says"))
    }

    pub(super) fn put_address(&mut self, kinds::OutAddress(region): kinds::OutAddress, address: Address) {
        self.guest.write(region.offset, &address.0);
    }

    pub(super) fn put_word(&mut self, kinds::OutWord(region): kinds::OutWord, word: Word) {
        self.guest.write(region.offset, &word.0);
    }

    /// Writes an answer that fits, pays for its bytes, and returns its full length.
    pub(super) fn answer(&mut self, out: kinds::Buffer, answer: &[u8]) -> Result<i32, Stop> {
        put_answer(self.guest, &self.state.rules, out, answer)
    }

    /// Copies the part of `source` that a window names.
    pub(super) fn copy_window(&mut self, window: kinds::Window, source: &[u8]) -> Result<(), Stop> {
        let (start, len) = (window.start as usize, window.out.len as usize);
        let part = start.checked_add(len).and_then(|end| source.get(start..end)).ok_or(Halt::BadInput)?;
        self.guest.write(window.out.offset, part);
        Ok(())
    }
}
