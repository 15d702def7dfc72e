//! Every way the rules stop a contract: from outside, and inside another call.

use zvm::Halt;

use crate::address::keccak256;
use crate::contracts::compile;
use crate::scenario::Scenario;
use crate::script::Scalar::{I32, I64};
use crate::script::number::*;
use crate::script::{MEMORY, int, results, script};
use crate::verbs::*;

pub(super) fn stories() -> Vec<Scenario> {
    vec![
        traps(),
        nested(),
        no_engine(),
        no_room(),
        no_depth(),
        regions(),
        lengths_before_places(),
        fixed_places(),
        overlaps(),
        no_memory(),
    ]
}

/// Code that the machine forbids, each with its halt.
fn forbidden() -> Vec<(Vec<u8>, Halt)> {
    let op = |number: u8| script().op(number, &[]).stop(0);
    vec![
        (script().trap(), Halt::Unreachable),
        (script().op(LOAD, &[I32(MEMORY - 3)]).stop(0), Halt::MemoryBounds),
        (script().op(LOAD, &[I32(u32::MAX)]).stop(0), Halt::MemoryBounds),
        (script().op(STORE, &[I32(MEMORY), I32(1)]).stop(0), Halt::MemoryBounds),
        (script().op(0xeb, &[I32(MEMORY - 1), I32(0), I32(2)]).stop(0), Halt::MemoryBounds),
        (script().op(0xea, &[I32(0), I32(MEMORY), I32(1)]).stop(0), Halt::MemoryBounds),
        // Numbers beyond the table, without an operation, of another type.
        (op(0xf8), Halt::TableBounds),
        (op(0xff), Halt::TableBounds),
        (op(0x0d), Halt::IndirectNull),
        (op(0xe9), Halt::IndirectType),
        (script().divide(1, 0).stop(0), Halt::DivideByZero),
        (script().divide(i32::MIN, 0).stop(0), Halt::DivideByZero),
        (script().divide(i32::MIN, -1).stop(0), Halt::IntegerOverflow),
        (script().truncate(2_147_483_648.0).stop(0), Halt::IntegerOverflow),
        (script().truncate(f32::NEG_INFINITY).stop(0), Halt::IntegerOverflow),
        (script().truncate(f32::NAN).stop(0), Halt::BadConversion),
        (op(RECURSE), Halt::StackOverflow),
    ]
}

fn traps() -> Scenario {
    let scenario = Scenario::new(
        "traps",
        "What the machine forbids is a halt with its own reason, and nothing remains.",
    )
    .contract(A, "script")
    // What is just allowed.
    .step(call(A).input(script().op(LOAD, &[I32(MEMORY - 4)]).stop(0)), success([]))
    .step(
        call(A).input(script().divide(i32::MIN, 1).divide(-7, 2).end()),
        success([int(i32::MIN), int(-3)].concat()),
    )
    .step(
        call(A).input(script().truncate(2_147_483_520.0).truncate(-0.9).end()),
        success([int(2_147_483_520), int(0)].concat()),
    )
    .step(call(A).input(script().op(0xeb, &[I32(MEMORY), I32(0), I32(0)]).stop(0)), success([]));
    forbidden()
        .into_iter()
        .fold(scenario, |scenario, (input, reason)| scenario.step(call(A).input(input), halt(reason)))
}

/// The same inside a call, after a write: the caller sees 2, goes on, and the write is gone.
fn nested() -> Scenario {
    let scenario = Scenario::new("traps-nested", "Whatever stops a callee, its caller sees 2 and goes on.")
        .contract(A, "script")
        .contract(B, "script");
    let after = |number: u8, scalars: &[crate::script::Scalar]| {
        script().write(b"k", b"v").op(number, scalars).stop(0)
    };
    let inner = [
        after(UNREACHABLE, &[]),
        after(LOAD, &[I32(MEMORY)]),
        after(0xff, &[]),
        after(0x0d, &[]),
        after(0xe9, &[]),
        after(DIVIDE, &[I32(0), I32(1), I32(0)]),
        after(RECURSE, &[]),
        after(0x12, &[I32(MEMORY), I32(1)]),
        after(0x12, &[I32(0), I32(65_537)]),
        after(0x11, &[I32(0), I32(u32::MAX), I32(1)]),
    ];
    let all = inner.iter().fold(script(), |script, inner| script.call(B, inner));
    scenario.step(call(A).input(all.end()), success(int(2).repeat(inner.len())))
}

/// Code of another kind is the caller's misfortune and nobody's error: a ledger may hold more than
/// this runtime runs.
fn no_engine() -> Scenario {
    // Kept for formats that are not there yet (EIP-3541).
    let foreign = vec![0xef, 0x00];
    let hash = keccak256(&foreign);
    Scenario::new("engine-missing", "Code that no engine of the runtime runs is a halt.")
        .contract(A, "script")
        .code_bytes("foreign", foreign)
        .account(B, |holding| {
            (holding.code, holding.code_hash, holding.nonce) = (Some("foreign".into()), hash, 1);
        })
        .step(call(B), halt(Halt::Unsupported))
        .step(does(script().call(B, &[])), success(int(2)))
}

fn no_room() -> Scenario {
    Scenario::new("memory-limit", "A call that needs more memory than there may be does not begin.")
        .option("limit.total_pages", 3)
        .contract(A, "script")
        .contract(B, "quiet")
        .step(call(A), halt(Halt::MemoryLimit))
        .step(call(B), success([]))
}

fn no_depth() -> Scenario {
    Scenario::new("depth-zero", "Where no call may be made, none begins.")
        .option("limit.call_depth", 0)
        .contract(A, "quiet")
        .code("quiet")
        .step(call(A).gas(77), halt(Halt::CallDepth).gas(0, 77))
        .step(deploy("quiet"), halt(Halt::CallDepth))
}

/// #61: the corners of a region, for one function that takes one and one that fills one.
fn regions() -> Scenario {
    let hash =
        |offset: u32, len: u32| call(A).input(script().op(0x60, &[I32(offset), I32(len), I32(0)]).stop(0));
    let read = |offset: u32, cap: u32| {
        let mut script = script();
        let key = script.place(b"k");
        call(A).input(script.op(0x20, &[I32(0), I32(key), I32(1), I32(offset), I32(cap)]).stop(0))
    };
    let good = [(0, 0), (0, 1), (MEMORY - 1, 1), (MEMORY, 0), (0, MEMORY / 2)];
    let bad = [
        (MEMORY, 1),
        (MEMORY - 1, 2),
        (MEMORY + 1, 0),
        (u32::MAX, 0),
        (u32::MAX, 1),
        (u32::MAX - 1, 1),
        (0x8000_0000, 0),
        // Offset and length sum to 2^32.
        (0xffff_0000, 0x1_0000),
    ];
    let mut scenario = Scenario::new(
        "regions",
        "#61: a region ends within the memory, also an empty one; offsets do not wrap.",
    )
    .contract(A, "script")
    .stored(A, b"k", b"v");
    for (offset, len) in good {
        scenario = scenario.step(hash(offset, len), success([])).step(read(offset, len), success([]));
    }
    for (offset, len) in bad {
        let (hashed, read) = (hash(offset, len), read(offset, len));
        scenario = scenario.step(hashed, halt(Halt::BadPointer)).step(read, halt(Halt::BadPointer));
    }
    scenario.step(read(0, u32::MAX), halt(Halt::BadPointer)).step(read(1, u32::MAX), halt(Halt::BadPointer))
}

fn lengths_before_places() -> Scenario {
    let long =
        |number: u8, scalars: &[crate::script::Scalar]| call(A).input(script().op(number, scalars).stop(0));
    Scenario::new("lengths", "A length over its limit is that, wherever it points.")
        .contract(A, "script")
        .step(long(0x60, &[I32(0), I32(131_073), I32(0)]), halt(Halt::TooLong))
        .step(long(0x60, &[I32(u32::MAX), I32(u32::MAX), I32(0)]), halt(Halt::TooLong))
        .step(long(0x22, &[I32(0), I32(u32::MAX), I32(257)]), halt(Halt::TooLong))
        .step(long(0x12, &[I32(MEMORY), I32(65_537)]), halt(Halt::TooLong))
        .step(long(0x13, &[I32(0), I32(4_097)]), halt(Halt::TooLong))
        .step(long(0x50, &[I32(0), I32(5), I32(0), I32(0)]), halt(Halt::TooLong))
        // A count whose bytes do not fit 32 bits.
        .step(long(0x50, &[I32(0), I32(0x0800_0000), I32(0), I32(0)]), halt(Halt::TooLong))
        .step(long(0x50, &[I32(MEMORY - 127), I32(4), I32(0), I32(0)]), halt(Halt::BadPointer))
        .step(long(0x50, &[I32(0), I32(0), I32(0), I32(8_193)]), halt(Halt::TooLong))
        .step(
            long(0x43, &[I32(0), I32(0), I32((1 << 20) + 1), I32(0), I32(0), I32(0), I32(0), I64(0), I32(0)]),
            halt(Halt::TooLong),
        )
}

/// #61: places of fixed size, in and out.
fn fixed_places() -> Scenario {
    let op =
        |number: u8, scalars: &[crate::script::Scalar]| call(A).input(script().op(number, scalars).stop(0));
    let zeroes = MEMORY - 64;
    Scenario::new("fixed-places", "#61: addresses and words are read and written whole, or not at all.")
        .contract(A, "script")
        .step(op(0x01, &[I32(MEMORY - 20)]), success([]))
        .step(op(0x01, &[I32(MEMORY - 19)]), halt(Halt::BadPointer))
        .step(op(0x01, &[I32(u32::MAX)]), halt(Halt::BadPointer))
        .step(op(0x04, &[I32(MEMORY - 32)]), success([]))
        .step(op(0x04, &[I32(MEMORY - 31)]), halt(Halt::BadPointer))
        .step(op(0x30, &[I32(MEMORY - 20), I32(MEMORY - 32)]), success([]))
        .step(op(0x30, &[I32(MEMORY - 19), I32(0)]), halt(Halt::BadPointer))
        .step(op(0x30, &[I32(0), I32(MEMORY - 31)]), halt(Halt::BadPointer))
        .step(op(0x32, &[I32(0), I32(zeroes), I32(MEMORY - 32)]), success([]))
        .step(op(0x32, &[I32(0), I32(zeroes), I32(MEMORY - 31)]), halt(Halt::BadPointer))
        .step(op(0x40, &[I32(0), I32(MEMORY - 19), I32(0), I32(0), I32(0), I64(0)]), halt(Halt::BadPointer))
        .step(
            op(0x40, &[I32(0), I32(zeroes), I32(MEMORY - 31), I32(0), I32(0), I64(0)]),
            halt(Halt::BadPointer),
        )
        // The salt's place is optional, and zero is none.
        .step(
            op(
                0x43,
                &[I32(0), I32(0), I32(0), I32(0), I32(0), I32(zeroes), I32(MEMORY - 31), I64(0), I32(0)],
            ),
            halt(Halt::BadPointer),
        )
        .step(
            op(
                0x43,
                &[I32(0), I32(0), I32(0), I32(0), I32(0), I32(zeroes), I32(0), I64(0), I32(MEMORY - 19)],
            ),
            halt(Halt::BadPointer),
        )
}

/// #60: what goes in is copied before anything comes out.
fn overlaps() -> Scenario {
    let message = *b"0123456789abcdef0123456789abcdef";
    let hashed = |shift: u32| {
        let mut script = script();
        let from = script.room(64);
        let source = script.place(&message);
        let copied = script.op(0xea, &[I32(from), I32(source), I32(32)]);
        copied.op(0x60, &[I32(from), I32(32), I32(from + shift)]).end()
    };
    let digest = keccak256(&message).0;
    let own = |shift: usize| {
        let mut told = results(&[&message, &[0; 32]]);
        told[shift..shift + 32].copy_from_slice(&digest);
        told
    };
    let mut reads = script();
    let place = reads.room(12);
    let reads = reads.op(STORE, &[I32(place), I32(u32::from_le_bytes(*b"key\0"))]);
    Scenario::new("overlaps", "#60: input and output may overlap; the input is what stood there before.")
        .contract(A, "script")
        .stored(A, b"key", b"the value")
        .step(call(A).input(hashed(0)), success(own(0)))
        .step(call(A).input(hashed(1)), success(own(1)))
        .step(call(A).input(hashed(31)), success(own(31)))
        .step(call(A).input(reads.op(0x20, &[I32(0), I32(place), I32(3), I32(place + 1), I32(9)]).end()), {
            success(results(&[b"kthe value", &[0; 2]]))
        })
}

/// A contract without memory has regions of length 0 at 0, and no others.
fn no_memory() -> Scenario {
    let code = compile(
        r#"(module
          (import "zvm" "storage_write" (func $write (param i32 i32 i32 i32)))
          (import "zvm" "caller" (func $caller (param i32)))
          (func (export "empty") (call $write (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
          (func (export "beyond") (call $write (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0)))
          (func (export "place") (call $caller (i32.const 0))))"#,
    );
    let at = crate::address::create(USER, 0);
    Scenario::new("no-memory", "#61: a contract without memory can name nothing but the empty region at 0.")
        .code_bytes("no memory", code.clone())
        .step(deploy("no memory"), success([]).created(at))
        .step(call(at).entry("empty"), success([]))
        .step(call(at).entry("beyond"), halt(Halt::BadPointer))
        .step(call(at).entry("place"), halt(Halt::BadPointer))
        .changes([now::nonce(USER, 1), now::nonce(at, 1), now::code_bytes(at, code), now::set(at, b"", b"")])
}
