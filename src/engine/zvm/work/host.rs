//! HOST: any function of the one table, through the one dispatch path.
//!
//! Its scalars are words on the stack, the first on top; a word that does not fit its scalar is a
//! halt. Regions must lie in memory that is there. A result of 32 bits comes back signed, so that -1
//! is the word of all ones.

use ruint::aliases::U256;

use super::{Done, Machine, Operands};
use crate::gas::Gas;
use crate::host::dispatch::dispatch;
use crate::host::guest::{Guest, Stop};
use crate::host::kinds::{Region, Scalar};
use crate::host::table::{HostFunction, Returns};
use crate::host::work::Host;
use crate::outcome::Halt;

/// The machine's memory and meter, while it waits in a host function.
struct Waiting<'a> {
    memory: &'a mut [u8],
    gas: &'a mut Gas,
}

fn range(region: Region) -> std::ops::Range<usize> {
    region.offset as usize..region.offset as usize + region.len as usize
}

impl Guest for Waiting<'_> {
    fn memory_len(&self) -> u64 {
        self.memory.len() as u64
    }

    fn bytes(&self, region: Region) -> &[u8] {
        &self.memory[range(region)]
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) {
        self.memory[offset as usize..offset as usize + bytes.len()].copy_from_slice(bytes);
    }

    fn gas(&mut self) -> &mut Gas {
        self.gas
    }
}

impl Machine<'_, '_> {
    pub(super) fn host(&mut self, function: u32, operands: &mut Operands<'_>) -> Done {
        let function = HostFunction::ALL[function as usize];
        let row = function.row();
        let scalars = row.scalars.iter().map(|scalar| raw(*scalar, operands.pop()));
        let raw = scalars.collect::<Result<Vec<_>, _>>()?;
        let result = self.enter(function, &raw)?;
        match row.returns {
            Returns::None | Returns::Never => {}
            Returns::Int64 => operands.push_number(result),
            Returns::Int32 => {
                let signed = i64::from(result as u32 as i32);
                let word = U256::from(signed.unsigned_abs());
                operands.push(if signed < 0 { word.wrapping_neg() } else { word });
            }
        }
        Ok(())
    }

    /// A host function on its raw scalars.
    pub(super) fn enter(&mut self, function: HostFunction, raw: &[u64]) -> Result<u64, Stop> {
        let mut guest = Waiting { memory: self.memory.all_mut(), gas: &mut self.gas };
        dispatch(function, raw, &mut Host { state: &mut *self.state, guest: &mut guest })
    }
}

fn raw(scalar: Scalar, word: U256) -> Result<u64, Halt> {
    let fits = match scalar {
        Scalar::I32 => u32::try_from(word).map(u64::from).ok(),
        Scalar::I64 => u64::try_from(word).ok(),
    };
    fits.ok_or(Halt::BadInput)
}
