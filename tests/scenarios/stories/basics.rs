//! How a call ends: output, revert, return code, entries, sizes.

use zvm::{Halt, Status, Word};

use crate::scenario::Scenario;
use crate::script::{int, results, script};
use crate::verbs::*;

pub(super) fn stories() -> Vec<Scenario> {
    vec![
        quiet(),
        output(),
        reverts(),
        return_codes(),
        entries(),
        echo(),
        output_limits(),
        input_windows(),
        who_calls(),
    ]
}

fn quiet() -> Scenario {
    Scenario::new("quiet", "A contract that does nothing succeeds, and costs its one call.")
        .contract(A, "quiet")
        .step(call(A), success([]))
        .step(call(A).entry("zero"), success([]))
        // An input that nobody reads is no matter.
        .step(call(A).input([1, 2, 3]), success([]))
        .step(call(A).gas(0), success([]).gas(0, 0))
}

fn output() -> Scenario {
    Scenario::new("output", "What a contract sets as its output is what comes back; the last one counts.")
        .contract(A, "script")
        .step(call(A), success([]))
        .step(call(A).input(script().output(b"x").stop(0)), success(*b"x"))
        .step(call(A).input(script().output(b"").stop(0)), success([]))
        .step(call(A).input(script().output(b"first").output(b"last").stop(0)), success(*b"last"))
        .step(call(A).input(script().output(b"first").output(b"").stop(0)), success([]))
}

fn reverts() -> Scenario {
    Scenario::new(
        "revert",
        "A revert gives its data, takes every change back, and drops the output set before.",
    )
    .contract(A, "script")
    .balance(A, 5)
    .step(call(A).input(script().revert(b"")), revert([]))
    .step(call(A).input(script().revert(b"no")), revert(*b"no"))
    .step(call(A).input(script().output(b"yes").revert(b"no")), revert(*b"no"))
    .step(call(A).input(script().output(b"yes").revert(b"")), revert([]))
    .step(
        call(A).input(script().write(b"k", b"v").emit(&[], b"e").transfer(B, 5).revert(b"all of it")),
        revert(*b"all of it"),
    )
    .step(
        call(A).input(script().read(b"k", 1).self_balance().end()),
        success(results(&[&int(-1), &[0], &Word::from(5).0])),
    )
}

fn return_codes() -> Scenario {
    Scenario::new(
        "return-code",
        "Any code but zero is a revert, with the code as its data unless output was set.",
    )
    .contract(A, "script")
    .contract(B, "quiet")
    .step(call(B).entry("seven"), revert([0, 0, 0, 7]))
    .step(call(B).entry("minus_one"), revert([0xff; 4]))
    .step(call(A).input(script().write(b"k", b"v").stop(0x0102_0304)), revert([1, 2, 3, 4]))
    .step(call(A).input(script().output(b"why").stop(9)), revert(*b"why"))
    .step(call(A).input(script().read(b"k", 0).end()), success(int(-1)))
}

fn entries() -> Scenario {
    Scenario::new("entries", "A call names an entry: a function of the module's own that takes nothing.")
        .contract(A, "script")
        .contract(B, "quiet")
        .balance(USER, 7)
        .step(call(A).entry("call"), success([]))
        .step(call(A).entry("named").input(script().output(b"named").stop(0)), success(*b"named"))
        .step(call(A).entry("Call"), halt(Halt::NoEntry))
        .step(call(B).entry("takes"), halt(Halt::NoEntry))
        .step(call(B).entry("gives"), halt(Halt::NoEntry))
        .step(call(B).entry("global"), halt(Halt::NoEntry))
        .step(call(A).entry("memory"), halt(Halt::NoEntry))
        // The constructor and the reserved entry are nobody's to call, though they are exported.
        .step(call(A).entry("init"), halt(Halt::NoEntry))
        .step(call(A).entry("migrate"), halt(Halt::NoEntry))
        .step(call(STRANGER), halt(Halt::NoCode))
        .step(call(USER), halt(Halt::NoCode))
        // What came with the call goes back.
        .step(call(A).entry("init").value(7), halt(Halt::NoEntry))
        .step(call(STRANGER).value(7), halt(Halt::NoCode))
}

fn echo() -> Scenario {
    let input = |len: usize| (0..len).map(|at| at as u8).collect::<Vec<_>>();
    Scenario::new(
        "echo",
        "Input of every length up to the limit arrives; one byte more is refused before the call.",
    )
    .option("limit.input_bytes", 300)
    .contract(A, "echo")
    .step(call(A), success([]))
    .step(call(A).input([0]), success([0]))
    .step(call(A).input(input(31)), success(input(31)))
    .step(call(A).input(input(300)), success(input(300)))
    .step(call(A).input(input(301)), Status::Limit)
    .step(query(A).input(input(301)), Status::Limit)
}

fn output_limits() -> Scenario {
    let long = [7; 40];
    Scenario::new("output-limits", "Output and revert data are held to their own limits.")
        .option("limit.output_bytes", 33)
        .option("limit.revert_bytes", 31)
        .contract(A, "script")
        .step(call(A).input(script().output(&long[..32]).stop(0)), success(&long[..32]))
        .step(call(A).input(script().output(&long[..33]).stop(0)), success(&long[..33]))
        .step(call(A).input(script().output(&long[..34]).stop(0)), halt(Halt::TooLong))
        .step(call(A).input(script().revert(&long[..30])), revert(&long[..30]))
        .step(call(A).input(script().revert(&long[..31])), revert(&long[..31]))
        .step(call(A).input(script().revert(&long[..32])), halt(Halt::TooLong))
}

fn input_windows() -> Scenario {
    // The script is its own input: four bytes that say where its code begins, then the code.
    let size = |input: &[u8]| int(input.len() as i32);
    let whole = script().input_size().end();
    let part = script().input_copy(0, 4).input_copy(4, 1).input_copy(3, 0).end();
    let end = |start: u32, len: u32| script().input_copy(start, len).end();
    let length = |len: u32| end(0, len).len() as u32;
    Scenario::new(
        "input-windows",
        "A contract copies any part of its input; a part beyond its end is a halt.",
    )
    .contract(A, "script")
    .step(call(A).input(whole.clone()), success(size(&whole)))
    .step(call(A).input(part), success([4, 0, 0, 0, 0x11]))
    .step(call(A).input(end(length(0), 0)), success([]))
    .step(call(A).input(end(length(1) - 1, 1)), success([0]))
    .step(call(A).input(end(length(1), 1)), halt(Halt::BadInput))
    .step(call(A).input(end(length(0) + 1, 0)), halt(Halt::BadInput))
    .step(call(A).input(end(u32::MAX, 1)), halt(Halt::BadInput))
    .step(call(A).input(end(u32::MAX, 0)), halt(Halt::BadInput))
}

fn who_calls() -> Scenario {
    let who = || script().caller().origin().self_address().value().gas_price();
    let told = |caller: zvm::Address, origin: zvm::Address, own: zvm::Address, value: u64, price: u64| {
        results(&[&caller.0, &origin.0, &own.0, &Word::from(value).0, &Word::from(price).0])
    };
    let nested = script().call_with(B, 3, &who().end(), u64::MAX).return_copy(0, 124).end();
    Scenario::new(
        "who-calls",
        "A contract knows its caller, the origin, itself, the value and the gas price.",
    )
    .contract(A, "script")
    .contract(B, "script")
    .balance(USER, 10)
    .step(call(A).input(who().end()), success(told(USER, USER, A, 0, 0)))
    .step(call(A).input(who().end()).value(4).gas_price(9), success(told(USER, USER, A, 4, 9)))
    .step(call(A).input(who().end()).origin(C), success(told(USER, C, A, 0, 0)))
    .step(call(A).input(nested).origin(C).gas_price(9), success([&int(0)[..], &told(A, C, B, 3, 9)].concat()))
    .changes([now::balance(USER, 6), now::balance(A, 1), now::balance(B, 3)])
}
