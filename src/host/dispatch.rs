//! The one path from an engine to a host function.
//!
//! 1. The call from outside may have been told to stop.
//! 2. A write in a static frame is a halt.
//! 3. The flat price is charged.
//! 4. Arguments are checked: lengths against their limits, regions against the memory.
//! 5. The rate is charged on the input's units.
//! 6. The body copies in, works, copies out.

use super::bodies;
use super::guest::{Guest, Stop};
use super::kinds::{self, Bounds, Parameter, Region};
use super::state::State;
use super::table::{Effect, HostFunction, Row, Unit, host_functions};
use crate::gas::words;
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

/// A body's result as the scalar that goes back to the code.
trait Scalar {
    fn raw(self) -> u64;
}

impl Scalar for () {
    fn raw(self) -> u64 {
        0
    }
}

impl Scalar for i32 {
    fn raw(self) -> u64 {
        u64::from(self.cast_unsigned())
    }
}

impl Scalar for u64 {
    fn raw(self) -> u64 {
        self
    }
}

impl Scalar for std::convert::Infallible {
    fn raw(self) -> u64 {
        match self {}
    }
}

macro_rules! dispatch {
    ($($number:literal $name:ident($($argument:ident: $kind:ident),*) -> $returns:ident, $effect:ident,
        $flat:ident $(+ $rate:ident per $unit:ident)?, $sentence:literal;)+) => {
        /// Runs a host function on its raw scalars, 32-bit ones in the low half of theirs, and
        /// returns the raw result.
        ///
        /// # Errors
        /// The [`Stop`] that ends the frame.
        pub fn dispatch(function: HostFunction, raw: &[u64], host: &mut Host<'_, '_>) -> Result<u64, Stop> {
            let row = function.row();
            host.enter(row)?;
            #[allow(unused_mut, unused_variables)]
            let mut raw = raw;
            match function {
                $(HostFunction::$name => {
                    $(let $argument = host.take::<kinds::$kind>(&mut raw)?;)*
                    host.charge_units(row, 0 $(+ $argument.units())*)?;
                    bodies::$name(host $(, $argument)*).map(Scalar::raw)
                })+
            }
        }
    };
}

host_functions!(dispatch);

impl Host<'_, '_> {
    fn enter(&mut self, row: &Row) -> Result<(), Stop> {
        self.state.transaction.stopwatch.check()?;
        if row.effect == Effect::Write && self.state.frame().is_static {
            return Err(Halt::StaticWrite.into());
        }
        let flat = (row.flat.of)(&self.state.rules.schedule);
        self.charge(flat)
    }

    fn take<P: Parameter>(&mut self, raw: &mut &[u64]) -> Result<P, Stop> {
        let bounds = Bounds { memory_len: self.guest.memory_len(), limits: &self.state.rules.limits };
        P::take(raw, &bounds).map_err(Stop::Halt)
    }

    fn charge_units(&mut self, row: &Row, bytes: u64) -> Result<(), Stop> {
        let Some((price, unit)) = row.rate else { return Ok(()) };
        let units = match unit {
            Unit::Byte => bytes,
            Unit::Word => words(bytes),
        };
        self.charge(units.saturating_mul((price.of)(&self.state.rules.schedule)))
    }

    /// Pays for work about to be done.
    pub(super) fn charge(&mut self, amount: u64) -> Result<(), Stop> {
        self.guest.gas().charge(amount).map_err(Stop::Halt)
    }

    /// Pays the surcharge of an access and counts it against the transaction's limits.
    pub(super) fn settle<T>(&mut self, access: &Access<T>, bytes: usize) -> Result<(), Stop> {
        self.charge(access.surcharge)?;
        self.state.count_touch(access.first, bytes).map_err(Stop::Halt)
    }

    /// Who asks the ledger.
    pub(super) fn at(&mut self) -> ReadContext {
        let gas_left = self.guest.gas().left();
        self.state.at(gas_left)
    }

    /// The region's bytes.
    pub(super) fn bytes(&self, region: Region) -> Bytes {
        let mut bytes = vec![0; region.len as usize];
        self.guest.read(region.offset, &mut bytes);
        bytes.into()
    }

    pub(super) fn address(&self, kinds::InAddress(region): kinds::InAddress) -> Address {
        let mut address = Address::ZERO;
        self.guest.read(region.offset, &mut address.0);
        address
    }

    pub(super) fn word(&self, kinds::InWord(region): kinds::InWord) -> Word {
        let mut word = Word::ZERO;
        self.guest.read(region.offset, &mut word.0);
        word
    }

    pub(super) fn put_address(&mut self, kinds::OutAddress(region): kinds::OutAddress, address: Address) {
        self.guest.write(region.offset, &address.0);
    }

    pub(super) fn put_word(&mut self, kinds::OutWord(region): kinds::OutWord, word: Word) {
        self.guest.write(region.offset, &word.0);
    }

    /// Writes an answer that fits, pays for its bytes, and returns its full length.
    pub(super) fn answer(&mut self, out: kinds::Buffer, answer: &[u8]) -> Result<i32, Stop> {
        if answer.len() <= out.0.len as usize {
            let price = self.state.rules.schedule.copy_byte;
            self.charge(price.saturating_mul(answer.len() as u64))?;
            self.guest.write(out.0.offset, answer);
        }
        // No answer is longer than a limit of 32 bits.
        Ok(answer.len() as i32)
    }

    /// Copies the part of `source` that a window names.
    pub(super) fn copy_window(&mut self, window: kinds::Window, source: &[u8]) -> Result<(), Stop> {
        let (start, len) = (window.start as usize, window.out.len as usize);
        let part = start.checked_add(len).and_then(|end| source.get(start..end)).ok_or(Halt::BadInput)?;
        self.guest.write(window.out.offset, part);
        Ok(())
    }
}
