//! What things cost, to the unit: every price by the schedule's formula.

use zvm::{Halt, Schedule};

use crate::address::create;
use crate::contracts::code;
use crate::scenario::Scenario;
use crate::script::{Script, script};
use crate::verbs::*;

pub(super) fn stories() -> Vec<Scenario> {
    vec![context_prices(), storage_prices(), money_prices(), hash_prices(), call_prices(), instructions()]
}

/// What a script costs besides its operations, where code is free: it asks for its input's size
/// and copies it.
pub(super) fn base(input: &[u8]) -> u64 {
    let prices = Schedule::default();
    2 * prices.context + prices.copy_byte * input.len() as u64
}

/// A call of A by a script that has no results, and the price of its operations.
fn costs(scenario: Scenario, script: Script, price: u64) -> Scenario {
    let input = script.stop(0);
    let used = base(&input) + price;
    scenario.step(call(A).input(input), success([]).gas(used, PLENTY - used))
}

fn priced(name: &str, about: &str) -> Scenario {
    Scenario::new(name, about).free_code().contract(A, "script").balance(A, 1_000)
}

fn context_prices() -> Scenario {
    let prices = Schedule::default();
    let mut scenario =
        priced("gas-context", "Reading context, copying, debug lines: prices by the schedule.");
    let context: [fn(Script) -> Script; 14] = [
        Script::caller,
        Script::origin,
        Script::self_address,
        Script::value,
        Script::gas_left,
        Script::block_number,
        Script::block_timestamp,
        Script::chain_id,
        Script::proposer,
        Script::gas_price,
        Script::randomness,
        Script::input_size,
        Script::return_size,
        Script::self_balance,
    ];
    for function in context {
        scenario = costs(scenario, function(script()), prices.context);
    }
    scenario = costs(scenario, script().block_hash(1), prices.block_hash);
    scenario = costs(scenario, script().input_copy(0, 9), prices.context + 9 * prices.copy_byte);
    scenario = costs(scenario, script().return_copy(0, 0), prices.context);
    scenario = costs(scenario, script().debug_log(b"12345"), prices.debug + 5 * prices.debug_byte);
    scenario = costs(scenario, script().query(1, b"123", 4), prices.query + 3 * prices.call_byte);
    scenario = costs(scenario, script(), 0);
    let told = script().output(b"1234567").stop(0);
    let used = base(&told) + prices.context + 7 * prices.copy_byte;
    scenario = scenario.step(call(A).input(told), success(*b"1234567").gas(used, PLENTY - used));
    let reverts = script().revert(b"1234567");
    let used = base(&reverts) + prices.revert + 7 * prices.copy_byte;
    scenario.step(call(A).input(reverts), revert(*b"1234567").gas(used, PLENTY - used))
}

fn storage_prices() -> Scenario {
    let prices = Schedule::default();
    let write = |bytes: u64| prices.storage_write + prices.storage_write_byte * bytes;
    let mut scenario = priced("gas-storage", "Reading and writing entries: prices by the schedule.");
    scenario = costs(scenario, script().read(b"k", 9), prices.storage_read);
    scenario = costs(scenario, script().write(b"k", b"12345"), write(6) + prices.storage_new);
    scenario = costs(scenario, script().write(b"k", b"123456"), write(7));
    scenario = costs(scenario, script().write(b"k", b"123456"), write(7));
    scenario = costs(scenario, script().read(b"k", 9), prices.storage_read + 6 * prices.copy_byte);
    // Nothing is copied where there is no room.
    scenario = costs(scenario, script().read(b"k", 5), prices.storage_read);
    scenario = costs(scenario, script().next(b"", 1), prices.storage_next + prices.copy_byte);
    scenario = costs(scenario, script().next(b"k", 1), prices.storage_next);
    scenario = costs(scenario, script().delete(b"absent"), prices.storage_delete);
    scenario = costs(scenario, script().write(b"", b""), write(0) + prices.storage_new);
    scenario =
        costs(scenario, script().transient_write(b"k", b"12"), prices.transient + 3 * prices.transient_byte);
    scenario = costs(scenario, script().transient_read(b"k", 2), prices.transient);
    let both = script().transient_write(b"k", b"12").transient_read(b"k", 2);
    scenario = costs(scenario, both, 2 * prices.transient + 3 * prices.transient_byte + 2 * prices.copy_byte);
    scenario.changes([now::set(A, b"k", b"123456"), now::set(A, b"", b"")])
}

fn money_prices() -> Scenario {
    let prices = Schedule::default();
    let event =
        |topics: u64, bytes: u64| prices.event + topics * prices.event_topic + bytes * prices.event_byte;
    let mut scenario = priced("gas-money-events", "Balances, transfers and events: prices by the schedule.");
    scenario = costs(scenario, script().balance(B), prices.balance);
    scenario = costs(scenario, script().code_hash(A), prices.balance);
    scenario = costs(scenario, script().code_hash(STRANGER), prices.balance);
    scenario = costs(scenario, script().transfer(B, 1), prices.transfer);
    scenario = costs(scenario, script().transfer(B, 1_000), prices.transfer);
    scenario = costs(scenario, script().transfer(A, 0), prices.transfer);
    for (topics, data) in [(0, &b""[..]), (1, b"1"), (4, b"12345678")] {
        let topics = &[word(1), word(2), word(3), word(4)][..topics];
        let input = script().emit(topics, data).stop(0);
        let used = base(&input) + event(topics.len() as u64, data.len() as u64);
        let end = success([]).log(A, topics, data).gas(used, PLENTY - used);
        scenario = scenario.step(call(A).input(input), end);
    }
    scenario.changes([now::balance(A, 999), now::balance(B, 1)])
}

fn hash_prices() -> Scenario {
    let prices = Schedule::default();
    let functions = [
        (0x60, prices.keccak256, prices.keccak256_word),
        (0x61, prices.sha256, prices.sha256_word),
        (0x63, prices.blake3, prices.blake3_word),
    ];
    let lengths = [(0, 0), (1, 1), (32, 1), (33, 2), (64, 2), (65, 3)];
    let mut scenario = priced("gas-hashes", "Hashes cost by the word of 32 bytes begun.");
    for (number, flat, each) in functions {
        for (len, words) in lengths {
            scenario = costs(scenario, script().hash(number, &vec![1; len]), flat + each * words);
        }
    }
    scenario
}

fn call_prices() -> Scenario {
    let prices = Schedule::default();
    let call_price = |input: &[u8]| prices.call + prices.call_byte * input.len() as u64;
    let mut scenario =
        priced("gas-calls", "Calls and creations: prices by the schedule, and what the callee used.")
            .contract(B, "quiet")
            .contract(C, "script");
    // A callee without code of its own to pay for.
    scenario = costs(scenario, script().call(B, b"123"), call_price(b"123"));
    scenario = costs(scenario, script().static_call(B, b"123"), call_price(b"123"));
    scenario = costs(scenario, script().delegate_call(B, b"123"), call_price(b"123"));
    scenario = costs(scenario, script().call(STRANGER, b""), call_price(b""));
    // What a callee used is paid, what it left comes back, whether it succeeds or not.
    let caller = || script().caller();
    let ends = [
        (caller().stop(0), 0),
        (caller().revert(b""), prices.revert),
        (caller().trap(), prices.call_trapped),
    ];
    for (inner, end) in ends {
        let used = call_price(&inner) + base(&inner) + prices.context + end;
        scenario = costs(scenario, script().call(C, &inner), used);
    }
    let (quiet, init) = (code("quiet"), script().caller().stop(0));
    // The creator pays to hand code and input over, and then for the code itself.
    let create_price = |code: &[u8], input: &[u8]| {
        prices.create
            + prices.call_byte * (code.len() + input.len()) as u64
            + prices.create_byte * code.len() as u64
    };
    scenario = costs(scenario, script().create(&quiet, b"", 0), create_price(&quiet, b""));
    let script_code = code("script");
    let used = create_price(&script_code, &init) + base(&init) + prices.context;
    scenario = costs(scenario, script().create(&script_code, &init, 0), used);
    scenario.changes([
        now::nonce(A, 3),
        now::nonce(create(A, 1), 1),
        now::code(create(A, 1), "quiet"),
        now::nonce(create(A, 2), 1),
        now::code(create(A, 2), "script"),
    ])
}

/// Prices of instructions, by the counts written beside them in counted.wat.
fn instructions() -> Scenario {
    let Schedule {
        instruction,
        memory_access,
        division,
        float,
        float_division,
        function_call,
        indirect_call,
        local,
        br_table_target,
        memory_page,
        bulk,
        bulk_8_bytes,
        context,
        ..
    } = Schedule::default();
    let leaf = local + 3 * instruction;
    let entries = [
        ("nothing", 0),
        ("straight", 2 * local + 4 * instruction),
        ("loop", local + 2 * instruction + 10 * 5 * instruction),
        ("branch", 2 * instruction + 2 * instruction),
        ("memory_access", 4 * instruction + 2 * memory_access),
        ("division", 3 * instruction + division),
        ("float", 6 * instruction + float + float_division),
        ("call", function_call + leaf),
        ("indirect_call", instruction + indirect_call + leaf),
        ("br_table", 2 * instruction + 3 * br_table_target),
        ("bulk", 6 * instruction + 2 * bulk + 5 * bulk_8_bytes),
        ("grow", 2 * instruction + bulk + 2 * memory_page),
        ("host", instruction + function_call + context),
    ];
    let scenario = Scenario::new("gas-instructions", "Instructions, counted by hand, at the default prices.");
    entries.into_iter().fold(scenario.contract(A, "counted"), |scenario, (entry, price)| {
        let used = memory_page + price;
        let at = |limit: u64| call(A).entry(entry).gas(limit);
        scenario
            .step(at(used), success([]).gas(used, 0))
            .step(at(used - 1), halt(Halt::OutOfGas).gas(used - 1, 0))
            .step(at(used + 1), success([]).gas(used, 1))
    })
}
