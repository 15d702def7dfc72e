//! Writes the input of contracts/script.wat: host functions called one after the other.
//!
//! Data of an operation go into the script's data, results one after the other into its results,
//! and [`Script::end`] returns these. Lengths and numbers in results are little-endian.

mod host;

use zvm::host::kinds;
use zvm::host::table::ROWS;

use self::number::*;

/// Where the contract has its input, and where results begin.
const INPUT: u32 = 0x1000;
const RESULTS: u32 = 0x21000;
/// Where its memory ends.
pub(crate) const MEMORY: u32 = 4 << 16;

/// Operations by their numbers: the host functions' own, and the contract's.
pub(crate) mod number {
    pub(crate) const SET_OUTPUT: u8 = 0x12;
    pub(crate) const REVERT: u8 = 0x13;
    pub(crate) const UNREACHABLE: u8 = 0xe0;
    pub(crate) const LOAD: u8 = 0xe1;
    pub(crate) const STORE: u8 = 0xe2;
    pub(crate) const DIVIDE: u8 = 0xe3;
    pub(crate) const TRUNCATE: u8 = 0xe4;
    pub(crate) const RECURSE: u8 = 0xe5;
    pub(crate) const GROW: u8 = 0xe6;
    pub(crate) const ADD: u8 = 0xe7;
    pub(crate) const JUMP_IF: u8 = 0xe8;
}

/// A scalar of an operation.
#[derive(Clone, Copy)]
pub(crate) enum Scalar {
    I32(u32),
    I64(u64),
}
use Scalar::{I32, I64};

#[derive(Clone, Debug)]
pub(crate) struct Script {
    data: Vec<u8>,
    code: Vec<u8>,
    results: u32,
}

pub(crate) fn script() -> Script {
    Script { data: Vec::new(), code: Vec::new(), results: 0 }
}

/// The rest of the gas: a callee gets its 63/64.
pub(crate) const ALL_GAS: u64 = u64::MAX;

impl Script {
    /// Puts bytes into the data and returns where they will be.
    pub(crate) fn place(&mut self, bytes: &[u8]) -> u32 {
        let place = INPUT + 4 + self.data.len() as u32;
        self.data.extend_from_slice(bytes);
        place
    }

    /// Keeps room for a result and returns where it will be.
    pub(crate) fn room(&mut self, len: u32) -> u32 {
        let place = RESULTS + self.results;
        self.results += len;
        place
    }

    /// An operation without a result.
    pub(crate) fn op(mut self, number: u8, scalars: &[Scalar]) -> Self {
        self.code.push(number);
        for scalar in scalars {
            match scalar {
                I32(value) => self.code.extend_from_slice(&value.to_le_bytes()),
                I64(value) => self.code.extend_from_slice(&value.to_le_bytes()),
            }
        }
        self
    }

    /// An operation with an i32 or i64 as its result.
    fn yields(mut self, number: u8, len: u32, scalars: &[Scalar]) -> Self {
        let place = self.room(len);
        self.op(number, &[&[I32(place)], scalars].concat())
    }

    /// A host function that fills in a place of this length.
    fn fills(mut self, number: u8, len: u32) -> Self {
        let place = self.room(len);
        self.op(number, &[I32(place)])
    }

    fn region(&mut self, bytes: &[u8]) -> [Scalar; 2] {
        [I32(self.place(bytes)), I32(bytes.len() as u32)]
    }

    pub(crate) fn divide(self, dividend: i32, divisor: i32) -> Self {
        self.yields(number::DIVIDE, 4, &[I32(dividend.cast_unsigned()), I32(divisor.cast_unsigned())])
    }

    pub(crate) fn truncate(self, float: f32) -> Self {
        self.yields(number::TRUNCATE, 4, &[I32(float.to_bits())])
    }

    pub(crate) fn grow(self, pages: u32) -> Self {
        self.yields(number::GROW, 4, &[I32(pages)])
    }

    /// Does `body` so many times, at least once. It is given the place of a counter of four bytes that
    /// runs from `times` down to 1.
    pub(crate) fn repeat(mut self, times: u32, body: impl FnOnce(Self, u32) -> Self) -> Self {
        let counter = self.place(&times.to_le_bytes());
        let start = self.code.len() as u32;
        let looped = body(self, counter).op(number::ADD, &[I32(counter), I32(u32::MAX)]);
        looped.op(number::JUMP_IF, &[I32(counter), I32(start)])
    }

    /// Ends with all results as output.
    pub(crate) fn end(self) -> Vec<u8> {
        self.exit(0)
    }

    /// Ends with a return code, and the results as output.
    pub(crate) fn exit(self, code: u32) -> Vec<u8> {
        let results = self.results;
        let told =
            if results == 0 { self } else { self.op(number::SET_OUTPUT, &[I32(RESULTS), I32(results)]) };
        told.stop(code)
    }

    /// Ends with a return code, and as output what was set before.
    pub(crate) fn stop(self, code: u32) -> Vec<u8> {
        self.op(0, &[I32(code)]).bytes()
    }

    /// Reverts with these data.
    pub(crate) fn revert(mut self, data: &[u8]) -> Vec<u8> {
        let data = self.region(data);
        self.op(number::REVERT, &data).bytes()
    }

    /// Reverts with the results.
    pub(crate) fn revert_results(self) -> Vec<u8> {
        let results = self.results;
        self.op(number::REVERT, &[I32(RESULTS), I32(results)]).bytes()
    }

    /// Traps.
    pub(crate) fn trap(self) -> Vec<u8> {
        self.op(number::UNREACHABLE, &[]).bytes()
    }

    /// The input.
    pub(crate) fn bytes(self) -> Vec<u8> {
        let code = 4 + self.data.len() as u32;
        [&code.to_le_bytes()[..], &self.data, &self.code].concat()
    }
}

/// Results as stories expect them, one after the other.
pub(crate) fn results(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// An i32 result.
pub(crate) fn int(value: i32) -> [u8; 4] {
    value.to_le_bytes()
}

/// What a look-up yields that found these bytes, in a room of this size.
pub(crate) fn found(bytes: &[u8], cap: usize) -> Vec<u8> {
    let mut result = int(bytes.len() as i32).to_vec();
    result.extend_from_slice(bytes);
    result.resize(4 + cap, 0);
    result
}

/// What a look-up yields that found nothing.
pub(crate) fn absent(cap: usize) -> Vec<u8> {
    let mut result = int(-1).to_vec();
    result.resize(4 + cap, 0);
    result
}

/// Whether a script calls or creates contracts.
pub(crate) fn calls_others(input: &[u8]) -> bool {
    operations(input).any(|number| (0x40..=0x43).contains(&number))
}

/// The numbers of a script's operations, as far as it is one.
fn operations(input: &[u8]) -> impl Iterator<Item = u8> {
    let code = input.first_chunk().map(|offset| u32::from_le_bytes(*offset) as usize);
    let mut at = code.unwrap_or(input.len());
    std::iter::from_fn(move || {
        let number = *input.get(at)?;
        at += 1 + scalar_bytes(number)?;
        Some(number)
    })
}

/// Bytes of an operation's scalars; none for the last of a script and for what is no operation.
fn scalar_bytes(number: u8) -> Option<usize> {
    let own = [
        (LOAD, 4),
        (STORE, 8),
        (DIVIDE, 12),
        (TRUNCATE, 8),
        (GROW, 8),
        (ADD, 8),
        (JUMP_IF, 8),
        (0xea, 12),
        (0xeb, 12),
    ];
    if let Some((_, bytes)) = own.iter().find(|(own, _)| *own == number) {
        return Some(*bytes);
    }
    let row = ROWS.iter().find(|row| row.number == u32::from(number))?;
    let result = if row.returns.scalar().is_some() { 4 } else { 0 };
    let size = |scalar: &kinds::Scalar| if *scalar == kinds::Scalar::I64 { 8 } else { 4 };
    Some(result + row.scalars.iter().map(size).sum::<usize>())
}
