//! The host that generated code runs against: metering, and a few functions that answer by rule.
//!
//! Everything here is written once, over [`Reach`], so that machines can differ in nothing but
//! how they run the code. Each call of the host leaves its mark in the [`Host::trace`]: which
//! function, with what, with how much gas left and what came of it.

use std::sync::LazyLock;

use wasmi::TrapCode;
use zvm::engine::wasm::validate::Signature;
use zvm::gas::Schedule;
use zvm::host::kinds::Scalar;
use zvm::host::table::HostFunction;

use crate::machine::{MOST, Stop};

/// What the host needs of a machine while the code waits.
pub(crate) trait Reach {
    /// The bits of the gas the code has at hand, a signed number.
    fn gas(&mut self) -> u64;
    fn set_gas(&mut self, gas: u64);
    /// Bytes of memory, 0 without one.
    fn memory_len(&mut self) -> u64;
    fn read(&mut self, offset: u64, into: &mut [u8]);
    fn write(&mut self, offset: u64, bytes: &[u8]);
    /// Grows the memory by pages, which it has room for.
    fn grow(&mut self, pages: u32) -> Option<u32>;
}

/// What a contract may import here, by name, with its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stub {
    pub(crate) name: &'static str,
    pub(crate) signature: Signature,
}

const fn stub(name: &'static str, params: &'static [Scalar], result: Option<Scalar>) -> Stub {
    Stub { name, signature: Signature { params, result } }
}

/// All stubs: those below, and the rest of the table of host functions.
pub(crate) fn stubs() -> impl Iterator<Item = &'static Stub> {
    static REST: LazyLock<Vec<Stub>> = LazyLock::new(|| {
        let rows = HostFunction::ALL.iter().map(|function| function.row());
        let others = rows.filter(|row| STUBS.iter().all(|stub| stub.name != row.name));
        others.map(|row| stub(row.name, row.scalars, row.returns.scalar())).collect()
    });
    STUBS.iter().chain(REST.iter())
}

/// The stubs generated code calls; the last three are the specification tests' own.
pub(crate) const STUBS: [Stub; 9] = [
    stub("block_number", &[], Some(Scalar::I64)),
    stub("gas_left", &[], Some(Scalar::I64)),
    stub("input_size", &[], Some(Scalar::I32)),
    stub("debug_log", &[Scalar::I32, Scalar::I32], None),
    stub("transfer", &[Scalar::I32, Scalar::I32], Some(Scalar::I32)),
    stub("block_hash", &[Scalar::I64, Scalar::I32], Some(Scalar::I32)),
    stub("print", &[], None),
    stub("print_i32", &[Scalar::I32], None),
    stub("print_i64", &[Scalar::I64], None),
];

/// What a call of any stub costs.
const STUB_PRICE: u64 = 20;

/// What the host knows of one instance.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    /// Gas that the code does not see yet.
    pub(crate) reserve: u64,
    /// What a refill hands out at a time.
    pub(crate) slice: u64,
    /// The most pages of memory.
    pub(crate) maximum: u64,
    /// A hash of all that the code asked of the host.
    pub(crate) trace: u64,
    page_price: u64,
    calls: u64,
}

impl Host {
    pub(crate) fn new(maximum: u64) -> Self {
        let page_price = Schedule::default().memory_page;
        Self { reserve: 0, slice: u64::MAX, maximum, trace: 0xcbf2_9ce4_8422_2325, page_price, calls: 0 }
    }

    /// All the gas there is. The code may have spent more than it had at hand, which is too much
    /// if there is no more.
    fn left(&self, reach: &mut impl Reach) -> Result<u64, Stop> {
        all(reach.gas(), self.reserve).ok_or(Stop::OutOfGas)
    }

    fn hand_out(&mut self, reach: &mut impl Reach, all: u64, least: u64) {
        let slice = self.slice.min(MOST).max(least).min(all);
        self.reserve = all - slice;
        reach.set_gas(slice);
    }

    fn charge(&mut self, reach: &mut impl Reach, price: u64) -> Result<(), Stop> {
        let left = self.left(reach)?.checked_sub(price).ok_or(Stop::OutOfGas)?;
        self.hand_out(reach, left, 0);
        Ok(())
    }

    fn note(&mut self, figure: u64) {
        self.trace = (self.trace ^ figure).wrapping_mul(0x0100_0000_01b3).rotate_left(23);
    }

    /// The code's slice does not cover what it is about to do.
    pub(crate) fn refill(&mut self, reach: &mut impl Reach, need: u64) -> Result<(), Stop> {
        let all = self.left(reach)?;
        if all < need {
            return Err(Stop::OutOfGas);
        }
        self.hand_out(reach, all, need);
        Ok(())
    }

    /// The code asks for memory.
    pub(crate) fn grow(&mut self, reach: &mut impl Reach, pages: u32) -> Result<i32, Stop> {
        self.note(u64::from(pages));
        let has = reach.memory_len() >> 16;
        if has + u64::from(pages) > self.maximum {
            return Ok(-1);
        }
        self.charge(reach, u64::from(pages) * self.page_price)?;
        Ok(reach.grow(pages).map_or(-1, |old| old as i32))
    }

    /// A call of a stub.
    pub(crate) fn call(
        &mut self,
        reach: &mut impl Reach,
        stub: &Stub,
        args: &[u64],
    ) -> Result<Option<u64>, Stop> {
        self.calls += 1;
        let left = self.left(reach)?;
        stub.name
            .bytes()
            .map(u64::from)
            .chain(args.iter().copied())
            .chain([left])
            .for_each(|it| self.note(it));
        self.charge(reach, STUB_PRICE)?;
        let result = match (stub.name, args) {
            ("block_number", _) => Some(self.calls),
            ("gas_left", _) => Some(left - STUB_PRICE),
            ("input_size", _) => Some(5),
            ("transfer", [a, b]) => Some(u64::from((*a as u32).wrapping_sub(*b as u32))),
            ("debug_log", [offset, len]) => {
                let mut bytes = vec![0; region(reach, *offset, *len)?];
                reach.read(*offset, &mut bytes);
                bytes.iter().for_each(|byte| self.note(u64::from(*byte)));
                None
            }
            ("block_hash", [seed, offset]) => {
                region(reach, *offset, 32)?;
                let word: [u8; 32] = std::array::from_fn(|at| (seed >> (at % 8)) as u8 ^ at as u8);
                reach.write(*offset, &word);
                Some(u64::from(word[3]))
            }
            ("input_copy", [out, offset, len]) => {
                let bytes: Vec<u8> =
                    (0..region(reach, *out, *len)?).map(|at| (offset + at as u64) as u8).collect();
                reach.write(*out, &bytes);
                None
            }
            ("storage_read" | "transient_read" | "storage_next", [key, len, out, cap]) => {
                let mut name = vec![0; region(reach, *key, *len)?];
                reach.read(*key, &mut name);
                name.iter().for_each(|byte| self.note(u64::from(*byte)));
                // Not out of the trace: gas is in that, and a result must not hang on the budget.
                let seed = self.calls.wrapping_mul(0x9e37_79b9_7f4a_7c15);
                let value = seed.to_le_bytes().repeat(4);
                let found = !seed.is_multiple_of(3);
                if found && value.len() as u64 <= *cap {
                    region(reach, *out, *cap)?;
                    reach.write(*out, &value);
                }
                Some(if found { value.len() as u64 } else { u64::from(u32::MAX) })
            }
            _ => stub.signature.result.map(|_| self.calls % 3),
        };
        self.note(result.unwrap_or(0));
        Ok(result)
    }
}

/// The gas at hand and what is kept back, together; `None` below zero.
pub(crate) fn all(at_hand: u64, reserve: u64) -> Option<u64> {
    u64::try_from(i128::from(at_hand as i64) + i128::from(reserve)).ok()
}

/// The length of a region that lies in the memory.
fn region(reach: &mut impl Reach, offset: u64, len: u64) -> Result<usize, Stop> {
    if offset + len > reach.memory_len() {
        return Err(Stop::Trap(TrapCode::MemoryOutOfBounds));
    }
    Ok(len as usize)
}
