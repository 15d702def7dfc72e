//! Pure host functions as precompiled contracts, for chains whose rules offer them to EVM code.
//!
//! One lives at the address of zeros that ends in the letters ZVM and its number of two bytes. It is run
//! through the same door as for every other contract, with the call's input as its memory, so that its
//! rules and prices are declared once. Where that door stops it, it fails as Ethereum's precompiles do.

use revm_interpreter::{CallInputs, Gas, InstructionResult, InterpreterResult, SharedMemory};
use revm_primitives::Address as EvmAddress;

use super::frames::{unstarted, with_input};
use super::world::World;
use crate::error::Result;
use crate::gas::Gas as Meter;
use crate::host::dispatch::dispatch;
use crate::host::guest::{Guest, Stop};
use crate::host::kinds::Region;
use crate::host::table::HostFunction;
use crate::host::work::Host;
use crate::outcome::Halt;

/// What is offered: what Ethereum lacks and contracts want.
const OFFERED: [HostFunction; 4] = [
    HostFunction::sha3_256,
    HostFunction::blake3,
    HostFunction::blake2b_256,
    HostFunction::verify_with_context,
];

const WORD: usize = 32;

/// The function that lives there.
pub(super) fn at(address: &EvmAddress) -> Option<HostFunction> {
    let (head, number) = address.as_slice().split_at(18);
    let number = u32::from(u16::from_be_bytes([number[0], number[1]]));
    let is_ours = head[..15].iter().all(|byte| *byte == 0) && head[15..] == *b"ZVM";
    OFFERED.into_iter().find(|function| is_ours && function.row().number == number)
}

impl World<'_, '_> {
    /// Runs a function on the input of a call. Its failure takes all the call's gas.
    pub(super) fn run_function(
        &mut self,
        function: HostFunction,
        inputs: &CallInputs,
        memory: &SharedMemory,
    ) -> Result<InterpreterResult> {
        let limit = inputs.gas_limit;
        let (answer, meter) = with_input(&inputs.input, memory, |input| {
            let mut guest = Paper { input, output: [0; WORD], meter: Meter::new(limit) };
            let answer = self.answer(function, &mut guest);
            (answer, guest.meter)
        });
        let output = match answer {
            Ok(output) => output,
            Err(Stop::Error(error)) => return Err(*error),
            Err(Stop::Halt(Halt::OutOfGas)) => return Ok(unstarted(InstructionResult::PrecompileOOG, limit)),
            Err(Stop::Halt(_) | Stop::Revert(_)) => {
                return Ok(unstarted(InstructionResult::PrecompileError, limit));
            }
        };
        let mut gas = Gas::new(limit);
        // Cannot fail: no meter spends more than it has.
        let _ = gas.record_regular_cost(limit - meter.left());
        Ok(InterpreterResult::new(InstructionResult::Return, output.to_vec().into(), gas))
    }

    fn answer(
        &mut self,
        function: HostFunction,
        guest: &mut Paper<'_>,
    ) -> std::result::Result<[u8; WORD], Stop> {
        let signed = function == HostFunction::verify_with_context;
        let raw = match signed {
            true => signature(guest.input).ok_or(Halt::BadInput)?,
            // The hashes: the message, and where its hash goes.
            false => vec![0, guest.input.len() as u64, guest.input.len() as u64],
        };
        let result = dispatch(function, &raw, &mut Host { state: &mut *self.state, guest: &mut *guest })?;
        if signed {
            guest.output[WORD - 1] = match result {
                0 | 1 => result as u8,
                _ => return Err(Halt::BadInput.into()),
            };
        }
        Ok(guest.output)
    }
}

/// The scalars of a verification: algorithm, message, signature, key and context. The input is four words
/// (the algorithm's number and three lengths), then the three, then the context, which is the rest.
fn signature(input: &[u8]) -> Option<Vec<u64>> {
    let words = input.get(..4 * WORD)?.chunks_exact(WORD);
    let numbers = words.map(|word| {
        let (head, tail) = word.split_at(WORD - 4);
        let number = u32::from_be_bytes(tail.try_into().ok()?);
        head.iter().all(|byte| *byte == 0).then_some(u64::from(number))
    });
    let numbers = numbers.collect::<Option<Vec<_>>>()?;
    let (mut raw, mut offset) = (vec![numbers[0]], 4 * WORD as u64);
    for len in &numbers[1..] {
        raw.extend([offset, *len]);
        offset += len;
    }
    let rest = (input.len() as u64).checked_sub(offset)?;
    raw.extend([offset, rest]);
    Some(raw)
}

/// A call's input as a host function's memory, with room for a word behind it.
struct Paper<'a> {
    input: &'a [u8],
    output: [u8; WORD],
    meter: Meter,
}

impl Guest for Paper<'_> {
    fn memory_len(&self) -> u64 {
        (self.input.len() + WORD) as u64
    }

    /// Nothing that is read reaches behind the input.
    fn bytes(&self, region: Region) -> &[u8] {
        &self.input[region.offset as usize..][..region.len as usize]
    }

    /// Nothing is written but the word.
    fn write(&mut self, _: u32, bytes: &[u8]) {
        self.output[..bytes.len()].copy_from_slice(bytes);
    }

    fn gas(&mut self) -> &mut Meter {
        &mut self.meter
    }
}
