//! Gas at its limits: to the unit, refunds, what a callee is given, deploys, memory.

use zvm::{Halt, Schedule};

use super::gas::base;
use crate::address::create;
use crate::contracts::code;
use crate::scenario::Scenario;
use crate::script::Scalar::I32;
use crate::script::{ALL_GAS, Script, int, script};
use crate::verbs::*;

pub(super) fn stories() -> Vec<Scenario> {
    vec![
        to_the_unit(),
        endless_loop(),
        refunds(),
        refunds_taken_back(),
        forwarded(),
        callee_runs_dry(),
        deploys(),
        over_the_gas_limit(),
        memory(),
    ]
}

fn free(name: &str, about: &str) -> Scenario {
    Scenario::new(name, about).free_code().contract(A, "script")
}

/// #32: what is needed, one less, one more, for operations that end with their charge.
fn to_the_unit() -> Scenario {
    let prices = Schedule::default();
    let write = prices.storage_write + prices.storage_new + 2 * prices.storage_write_byte;
    let needs = [
        (script(), 0),
        (script().caller(), prices.context),
        (script().write(b"k", b"v"), write),
        (script().read(b"old", 3), prices.storage_read + 3 * prices.copy_byte),
        (script().delete(b"absent"), prices.storage_delete),
        (script().transfer(B, 1), prices.transfer),
        (script().emit(&[word(1)], b"12"), prices.event + prices.event_topic + 2 * prices.event_byte),
        (script().hash(0x60, b"x"), prices.keccak256 + prices.keccak256_word),
        (script().transient_write(b"k", b"v"), prices.transient + 2 * prices.transient_byte),
        (script().debug_log(b"x"), prices.debug + prices.debug_byte),
    ];
    let scenario = free(
        "gas-to-the-unit",
        "#32: exactly what is needed suffices, one unit less is out of gas, one more is left.",
    )
    .balance(A, 10)
    .stored(A, b"old", b"old")
    .mark("before");
    needs.into_iter().fold(scenario, |scenario, (script, price)| {
        let input = script.stop(0);
        let used = base(&input) + price;
        let at = |limit: u64| call(A).input(input.clone()).gas(limit);
        let mut enough = success([]).gas(used, 0);
        if price == prices.event + prices.event_topic + 2 * prices.event_byte {
            enough = enough.log(A, &[word(1)], b"12");
        }
        let mut more = enough.clone();
        more.gas = success([]).gas(used, 1).gas;
        scenario
            .step(at(used), enough)
            .rollback("before")
            .step(at(used - 1), halt(Halt::OutOfGas).gas(used - 1, 0))
            .step(at(used + 1), more)
            .rollback("before")
    })
}

fn endless_loop() -> Scenario {
    let forever =
        || script().write(b"k", b"v").repeat(1, |script, counter| script.op(0xe7, &[I32(counter), I32(1)]));
    Scenario::new("gas-endless", "A loop without end ends with its gas, and nothing it did remains.")
        .contract(A, "script")
        .step(call(A).input(forever().end()).gas(1_000_000), halt(Halt::OutOfGas).gas(1_000_000, 0))
        .step(call(A).gas(0), halt(Halt::OutOfGas).gas(0, 0))
        .step(call(A).gas(1), halt(Halt::OutOfGas).gas(1, 0))
        .step(call(STRANGER).gas(0), halt(Halt::NoCode).gas(0, 0))
        .step(call(A).entry("nobody").gas(5), halt(Halt::NoEntry).gas(0, 5))
}

/// A refund for each entry deleted, and at most a fifth of the gas used.
fn refunds() -> Scenario {
    let prices = Schedule::default();
    let keys = [b"1", b"2", b"3", b"4", b"5", b"6"];
    let stored =
        |scenario: Scenario| keys.iter().fold(scenario, |scenario, key| scenario.stored(A, *key, b"v"));
    let ends = |script: Script, price: u64, earned: u64| {
        let input = script.stop(0);
        let gross = base(&input) + price;
        let refund = earned.min(gross / prices.refund_divisor);
        let (used, left) = (gross - refund, PLENTY - gross + refund);
        (call(A).input(input), success([]).refunded(used, left, refund))
    };
    let new =
        |key: &[u8]| prices.storage_write + prices.storage_new + key.len() as u64 * prices.storage_write_byte;
    let capped = ends(script().delete(b"1"), prices.storage_delete, prices.storage_delete_refund);
    let paid = new(b"a") + prices.storage_delete;
    let whole = ends(script().write(b"a", b"").delete(b"2"), paid, prices.storage_delete_refund);
    let three = script().write(b"b", b"").delete(b"3").delete(b"4").delete(b"5");
    let many = ends(three, new(b"b") + 3 * prices.storage_delete, 3 * prices.storage_delete_refund);
    // What the same transaction wrote, too; what is absent earns nothing.
    let own = script().write(b"c", b"").delete(b"c").delete(b"c");
    let own = ends(own, new(b"c") + 2 * prices.storage_delete, prices.storage_delete_refund);
    let none = ends(script().delete(b"absent"), prices.storage_delete, 0);
    stored(free("gas-refund", "Deleting what is there earns a refund, of at most a fifth of what was used."))
        .step(capped.0, capped.1)
        .step(whole.0, whole.1)
        .step(many.0, many.1)
        .step(own.0, own.1)
        .step(none.0, none.1)
        .changes([
            now::set(A, b"a", b""),
            now::set(A, b"b", b""),
            now::deleted(A, b"1"),
            now::deleted(A, b"2"),
            now::deleted(A, b"3"),
            now::deleted(A, b"4"),
            now::deleted(A, b"5"),
        ])
}

fn refunds_taken_back() -> Scenario {
    let prices = Schedule::default();
    let fails = script().delete(b"k").revert(b"");
    let works = script().delete(b"k").stop(0);
    let call_price = |inner: &[u8]| {
        prices.call + prices.call_byte * inner.len() as u64 + base(inner) + prices.storage_delete
    };
    let both = script().call(B, &fails).call(B, &works).stop(0);
    let gross = base(&both) + call_price(&fails) + prices.revert + call_price(&works);
    let refund = gross / prices.refund_divisor;
    assert!(refund < prices.storage_delete_refund, "the cap decides");
    let reverted = base(&fails) + prices.storage_delete + prices.revert;
    free("gas-refund-rollback", "A refund of a frame that fails is taken back with it.")
        .contract(B, "script")
        .stored(B, b"k", b"v")
        .step(call(B).input(fails), revert([]).gas(reverted, PLENTY - reverted))
        .step(call(A).input(both), success([]).refunded(gross - refund, PLENTY - gross + refund, refund))
        .changes([now::deleted(B, b"k")])
}

/// #53: a callee gets what it is given, and at most 63/64 of what is left.
fn forwarded() -> Scenario {
    let prices = Schedule::default();
    let asks = script().gas_left().end();
    let limit = 1_000_000;
    let scenario =
        free("gas-forwarded", "#53: a callee gets what was asked for it, and at most 63/64 of what is left.")
            .contract(B, "script");
    let left_here = |input: &[u8]| limit - base(input) - prices.call - prices.call_byte * asks.len() as u64;
    [5_000, 500_000, 900_000, 980_000, 990_000, 1_000_000, ALL_GAS].into_iter().fold(
        scenario,
        |scenario, asked| {
            let input = script().call_with(B, 0, &asks, asked).return_copy(0, 8).end();
            let left = left_here(&input);
            let given = asked.min(left - left / 64);
            // It tells what is left after it copied its input and paid for the question.
            let told = given - base(&asks) - prices.context;
            let act = call(A).input(input).gas(limit);
            scenario.step(act, success([&int(0)[..], &told.to_le_bytes()].concat()))
        },
    )
}

/// #53: a callee that runs dry takes what it was given and no more; one that stops gives it back.
fn callee_runs_dry() -> Scenario {
    let prices = Schedule::default();
    let limit = 1_000_000;
    let scenario = free(
        "gas-callee-dry",
        "#53: a callee without gas costs its caller what it was given, a trap what it used and its end.",
    )
    .contract(B, "script")
    .contract(C, "quiet");
    let forever =
        script().repeat(1, |script, counter| script.caller().op(0xe7, &[I32(counter), I32(1)])).end();
    let call_price = |inner: &[u8]| prices.call + prices.call_byte * inner.len() as u64;
    let ends = |input: &[u8]| prices.context + 4 * prices.copy_byte + base(input);
    [0, 1, 1_000, ALL_GAS]
        .into_iter()
        .fold(scenario, |scenario, asked| {
            let input = script().call_with(B, 0, &forever, asked).end();
            let left = limit - base(&input) - call_price(&forever);
            let given = asked.min(left - left / 64);
            let used = ends(&input) + call_price(&forever) + given;
            scenario.step(call(A).input(input).gas(limit), success(int(2)).gas(used, limit - used))
        })
        // With nothing to pay, no gas is enough.
        .step(call(A).input(script().call_with(C, 0, b"", 0).end()).gas(limit), success(int(0)))
        .step(call(A).input(script().call_with(B, 0, &script().trap(), 1_000).end()).gas(limit), {
            let inner = script().trap();
            let input = script().call_with(B, 0, &inner, 1_000).end();
            let used = ends(&input) + call_price(&inner) + base(&inner) + prices.call_trapped;
            success(int(2)).gas(used, limit - used)
        })
}

fn deploys() -> Scenario {
    let prices = Schedule::default();
    let (quiet, init) = (code("quiet"), script().caller().stop(0));
    let bytes = prices.create_byte * quiet.len() as u64;
    let script_bytes = prices.create_byte * code("script").len() as u64;
    let constructed =
        prices.create + script_bytes + prices.call_byte * init.len() as u64 + base(&init) + prices.context;
    let (third, fourth) = (create(USER, 1), create(USER, 2));
    Scenario::new(
        "gas-deploy",
        "A deploy costs a flat price, its input and its code by the byte, and its constructor.",
    )
    .free_code()
    .code("quiet")
    .code("script")
    .step(deploy("quiet").gas(prices.create - 1), halt(Halt::OutOfGas).gas(prices.create - 1, 0))
    // From here on the nonce is spent, whatever comes.
    .step(
        deploy("quiet").gas(prices.create + bytes - 1),
        halt(Halt::OutOfGas).gas(prices.create + bytes - 1, 0),
    )
    .step(
        deploy("quiet").gas(prices.create + bytes + 9),
        success([]).created(third).gas(prices.create + bytes, 9),
    )
    .step(
        deploy("script").input(init.clone()),
        success([]).created(fourth).gas(constructed, PLENTY - constructed),
    )
    .step(deploy("script").input(init).gas(constructed - 1), halt(Halt::OutOfGas).gas(constructed - 1, 0))
    .changes([
        now::nonce(USER, 4),
        now::nonce(third, 1),
        now::code(third, "quiet"),
        now::nonce(fourth, 1),
        now::code(fourth, "script"),
    ])
}

fn over_the_gas_limit() -> Scenario {
    Scenario::new(
        "gas-limit",
        "A call may be given as much gas as the runtime allows, and not one unit more.",
    )
    .option("limit.gas", 1_000_000)
    .contract(A, "quiet")
    .code("quiet")
    .step(call(A).gas(999_999), success([]).gas(0, 999_999))
    .step(call(A).gas(1_000_000), success([]).gas(0, 1_000_000))
    .step(call(A).gas(1_000_001), zvm::Status::Limit)
    .step(query(A).gas(1_000_001), zvm::Status::Limit)
    .step(deploy("quiet").gas(1_000_001), zvm::Status::Limit)
}

/// Pages beyond half of what an instance may have cost more; beyond all of it there are none.
fn memory() -> Scenario {
    let Schedule { memory_page, memory_page_beyond_half, context, .. } = Schedule::default();
    let scenario = Scenario::new(
        "gas-memory",
        "A page beyond half of the limit costs more; beyond the limit there is none.",
    )
    .free_code()
    .option("gas.memory_page", memory_page)
    .option("limit.max_pages", 12)
    .option("limit.total_pages", 15)
    .contract(A, "script");
    // The script begins with 4 pages, and 6 are half.
    let growths =
        [(0, 4, 0, 0), (2, 4, 2, 0), (3, 4, 3, 1), (8, 4, 8, 6), (9, -1, 0, 0), (u32::MAX, -1, 0, 0)];
    let scenario = growths.into_iter().fold(scenario, |scenario, (growth, told, pages, beyond)| {
        let input = script().grow(growth).end();
        let grown = pages * memory_page + beyond * memory_page_beyond_half;
        let used = base(&input) + 4 * memory_page + grown + context + 4;
        scenario.step(call(A).input(input), success(int(told)).gas(used, PLENTY - used))
    });
    // The live frames together hold 4 and 11; when the callee has returned its pages are free again.
    let inner = script().grow(7).grow(1).end();
    let third = script().call(A, &script().call(A, b"").end()).return_copy(0, 4).end();
    scenario
        .step(
            call(A).input(script().call(A, &inner).return_copy(0, 8).grow(8).end()),
            success([int(0), int(4), int(-1), int(4)].concat()),
        )
        // A fourth frame has no room for the pages it begins with.
        .step(
            call(A).input(script().call(A, &third).return_copy(0, 8).end()),
            success([int(0), int(0), int(2)].concat()),
        )
}
