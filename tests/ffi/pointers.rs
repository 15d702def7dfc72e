//! n061, n027, n028: every host function of the table with hostile pointers and lengths. What must
//! come of them is told from the kinds of their arguments alone.

mod answers;
mod oracle;
mod probe;

use zvm::host::table::{HostFunction, Row};
use zvm::{Halt, Kind, Limits, Schedule};

use self::oracle::{END, Judgement, REGIONS, judge};
use self::probe::{PLENTY, Probe};

/// Where a region may begin.
const PLACES: [u32; 9] = [0, 1, 8192, END - 32, END - 1, END, END + 1, 1 << 31, u32::MAX];

fn lengths(limit: u32, place: u32) -> Vec<u32> {
    let around = [limit.wrapping_sub(1), limit, limit.wrapping_add(1)];
    // What wraps to 0, to 1, and what ends exactly with the memory.
    let fitting = [place.wrapping_neg(), place.wrapping_neg().wrapping_add(1), END.wrapping_sub(place)];
    [0, 1, 32, 1 << 31, u32::MAX].into_iter().chain(around).chain(fitting).collect()
}

fn rows() -> impl Iterator<Item = &'static Row> {
    HostFunction::ALL.iter().map(|function| function.row())
}

/// Every argument of the row set to every hostile region, the others harmless.
fn hostile(row: &'static Row) -> Vec<Vec<u64>> {
    let harmless = oracle::harmless(row);
    let mut tried = Vec::new();
    for (argument, at) in oracle::positions(row) {
        let Some(region) = REGIONS.iter().find(|region| region.kind == argument.kind) else { continue };
        for place in PLACES {
            let limit = region.limit(&Limits::default());
            let lengths = region.length_slot.map_or(vec![0], |_| lengths(limit, place));
            for len in lengths {
                let mut arguments = harmless.clone();
                arguments[at] = place.into();
                if let Some(slot) = region.length_slot {
                    arguments[at + slot] = len.into();
                }
                tried.push(arguments);
            }
        }
    }
    tried
}

#[test]
fn n061_n027_every_region_is_judged_by_its_kind() {
    let probes = probe::world();
    let (mut tried, mut halted) = (0, 0);
    for row in rows() {
        let probe = probes.of(row);
        for arguments in hostile(row) {
            let expected = judge(row, &arguments, &Limits::default());
            let outcome = probe.call(&arguments, PLENTY);
            let said = format!("{}{arguments:?}: {outcome:?}", row.name);
            match expected {
                Judgement::Halts(halt) => assert_eq!(outcome.halt, halt as u32, "{said}"),
                Judgement::Passes => {
                    let by_argument =
                        [Halt::TooLong, Halt::BadPointer, Halt::OutOfGas].map(|halt| halt as u32);
                    assert!(!by_argument.contains(&outcome.halt), "{said}");
                }
            }
            tried += 1;
            halted += u32::from(expected != Judgement::Passes);
        }
    }
    assert!(tried > 1500 && halted > 500 && halted < tried, "{tried} tried, {halted} of them halts");
}

#[test]
fn n061_a_probe_says_the_same_twice() {
    let probes = probe::world();
    for row in rows() {
        for arguments in hostile(row).into_iter().step_by(17) {
            let probe = probes.of(row);
            assert_eq!(probe.call(&arguments, PLENTY), probe.call(&arguments, PLENTY), "{}", row.name);
        }
    }
}

/// The gas at which a call gets past the flat price, found by a pointer that is judged right after.
fn flat_gas(probe: &Probe<'_>, row: &'static Row) -> Option<u64> {
    let bad = hostile(row)
        .into_iter()
        .find(|arguments| judge(row, arguments, &Limits::default()) != Judgement::Passes)?;
    let halts = |gas: u64| probe.call(&bad, gas).halt == Halt::OutOfGas as u32;
    let (mut short, mut enough) = (0, 1 << 26);
    while enough - short > 1 {
        let middle = short + (enough - short) / 2;
        if halts(middle) { short = middle } else { enough = middle }
    }
    Some(enough)
}

/// Host functions with a rate that ask the host as soon as they are paid.
const ASKS: [&str; 6] = ["storage_write", "call", "static_call", "delegate_call", "query", "debug_log"];

#[test]
fn n027_with_gas_for_the_flat_price_alone_nobody_is_asked() {
    let probes = probe::world();
    let (mut rated, schedule) = (0, Schedule::default());
    for row in rows().filter(|row| row.rate.is_some()) {
        let probe = probes.of(row);
        let flat = flat_gas(&probe, row).expect("a row with a rate has a region");
        for (argument, at) in oracle::positions(row) {
            let Some(region) = REGIONS.iter().find(|region| region.kind == argument.kind && region.counts)
            else {
                continue;
            };
            let most = region.limit(&Limits::default()).min(1 << 16);
            for len in [1, 33, most] {
                let mut arguments = oracle::harmless(row);
                oracle::empty(row, &mut arguments);
                arguments[at + region.length_slot.expect("a counted region has a length")] = len.into();
                let price = oracle::rate(row, len.into(), &schedule);
                let before = probes.asked();
                let short = probe.call(&arguments, flat + price - 1);
                assert_eq!(
                    short.halt,
                    Halt::OutOfGas as u32,
                    "{}({len}) with {flat} + {price} - 1: {short:?}",
                    row.name
                );
                assert_eq!(probes.asked(), before, "{}({len}) asked the host before it was paid", row.name);
                assert_eq!(short.gas_used, flat + price - 1, "{}", row.name);
                // One more, and it is at work.
                let past = probe.call(&arguments, flat + price);
                match row.name {
                    name if ASKS.contains(&name) => {
                        assert!(probes.asked() > before, "{name}({len}): {past:?}")
                    }
                    "revert" => assert_eq!(past.kind, Kind::Revert as u32, "{len}: {past:?}"),
                    // The contract itself cannot go on to show it.
                    name => assert_eq!(past.gas_used, flat + price, "{name}({len}): {past:?}"),
                }
                probes.forget(&probe);
                rated += 1;
            }
        }
    }
    assert!(rated > 30, "{rated} prices");
}

#[test]
fn n028_prices_at_the_edge_of_64_bits_run_out_and_do_not_wrap() {
    for row in rows() {
        let Some((rate, _)) = &row.rate else { continue };
        for price in [u64::MAX, u64::MAX / 2, 1 << 60] {
            let rate = format!("gas.{}", rate.field);
            let probes = probe::with(&[(&rate, price)]);
            let outcome = probes.of(row).call(&oracle::harmless(row), PLENTY);
            assert_eq!(outcome.halt, Halt::OutOfGas as u32, "{} at {rate} = {price}: {outcome:?}", row.name);
        }
    }
    for (name, row) in [
        ("gas.event_topic", "emit"),
        ("gas.memory_page", "caller"),
        ("gas.memory_page_beyond_half", "caller"),
    ] {
        let probes = probe::with(&[(name, u64::MAX), ("limit.max_pages", 40)]);
        let outcome = probes.of(oracle::row(row)).call(&oracle::harmless(oracle::row(row)), PLENTY);
        assert_eq!(outcome.halt, Halt::OutOfGas as u32, "{name}: {outcome:?}");
    }
}

#[test]
fn n028_the_largest_gas_limit_counts_to_the_unit() {
    let probes = probe::with(&[("limit.gas", u64::MAX)]);
    for name in ["caller", "keccak256", "storage_read"] {
        let (row, probe) = (oracle::row(name), probes.of(oracle::row(name)));
        let usual = probe.call(&oracle::harmless(row), PLENTY);
        for limit in [u64::MAX, u64::MAX - 1, 1 << 63, (1 << 63) - 1] {
            let outcome = probe.call(&oracle::harmless(row), limit);
            assert_eq!((outcome.halt, outcome.gas_used), (0, usual.gas_used), "{name} with {limit}");
            assert_eq!(outcome.gas_left, limit - usual.gas_used);
        }
    }
}
