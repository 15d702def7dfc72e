//! The one path from an engine to a host function.
//!
//! 1. The call from outside may have been told to stop.
//! 2. A write in a static frame is a halt.
//! 3. The flat price is charged.
//! 4. Arguments are checked: lengths against their limits, regions against the memory.
//! 5. The rate is charged on the input's units.
//! 6. The body copies in, works, copies out.

use super::bodies;
use super::guest::Stop;
use super::kinds::{self, Bounds, Parameter};
use super::table::{Effect, HostFunction, Row, Unit, host_functions};
use super::work::Host;
use crate::gas::words;
use crate::outcome::Halt;

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
        P::take(raw, &self.bounds()).map_err(Stop::Halt)
    }

    /// What arguments are checked against.
    pub(super) fn bounds(&self) -> Bounds<'_> {
        Bounds { memory_len: self.guest.memory_len(), limits: &self.state.rules.limits }
    }

    fn charge_units(&mut self, row: &Row, bytes: u64) -> Result<(), Stop> {
        let Some((price, unit)) = row.rate else { return Ok(()) };
        let units = match unit {
            Unit::Byte => bytes,
            Unit::Word => words(bytes),
        };
        self.charge(units.saturating_mul((price.of)(&self.state.rules.schedule)))
    }
}
