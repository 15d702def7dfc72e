//! A contract's entries: lasting and transient, in the ledger and over it.

use zvm::Halt;

use crate::scenario::Scenario;
use crate::script::{Script, absent, found, int, results, script};
use crate::verbs::*;

pub(super) fn stories() -> Vec<Scenario> {
    vec![
        read_and_write(),
        over_the_ledger(),
        lengths(),
        isolation(),
        transient(),
        transient_rollback(),
        touched_keys(),
        touched_bytes(),
    ]
}

fn read_and_write() -> Scenario {
    Scenario::new("storage", "A contract reads what it wrote; empty is a value, absent is not.")
        .contract(A, "script")
        .step(does(script().read(b"k", 8)), success(absent(8)))
        .step(does(script().write(b"k", b"value").read(b"k", 8)), success(found(b"value", 8)))
        // In a later call as well.
        .step(does(script().read(b"k", 5)), success(found(b"value", 5)))
        // An answer that does not fit is not written, and its length is told.
        .step(does(script().read(b"k", 4)), success(results(&[&int(5), &[0; 4]])))
        .step(does(script().read(b"k", 0)), success(int(5)))
        .step(does(script().write(b"k", b"").read(b"k", 8)), success(found(b"", 8)))
        .step(
            does(script().write(b"", b"of the empty key").read(b"", 16)),
            success(found(b"of the empty key", 16)),
        )
        .step(
            does(script().write(b"\0", b"\0").read(b"\0", 1).read(b"\0\0", 1)),
            success([found(b"\0", 1), absent(1)].concat()),
        )
        .step(
            does(script().delete(b"\0").delete(b"\0").read(b"\0", 1)),
            success([&int(1)[..], &int(0), &absent(1)].concat()),
        )
        .step(does(script().write(b"gone", b"x").delete(b"gone")), success(int(1)))
        .changes([now::set(A, b"", b"of the empty key"), now::set(A, b"k", b"")])
}

fn over_the_ledger() -> Scenario {
    Scenario::new(
        "storage-over-ledger",
        "What differs from the ledger at the end leaves, and nothing else does.",
    )
    .contract(A, "script")
    .stored(A, b"", b"")
    .stored(A, b"changed", b"old")
    .stored(A, b"deleted", b"old")
    .stored(A, b"emptied", b"old")
    .stored(A, b"restored", b"old")
    .stored(A, b"same", b"old")
    .stored(A, b"untouched", b"old")
    .step(
        does(script().read(b"changed", 3).read(b"absent", 3)),
        success([found(b"old", 3), absent(3)].concat()),
    )
    // The empty key is a key, and the value it has here is empty too.
    .step(does(script().read(b"", 1).next(b"", 7)), success([found(b"", 1), found(b"changed", 7)].concat()))
    .step(does(script().write(b"changed", b"new").write(b"emptied", b"").write(b"same", b"old")), success([]))
    .step(
        does(script().write(b"restored", b"new").delete(b"deleted").delete(b"absent")),
        success([int(1), int(0)].concat()),
    )
    .step(does(script().write(b"fleeting", b"new")), success([]))
    .step(
        does(script().delete(b"fleeting").write(b"restored", b"old").delete(b"deleted")),
        success([int(1), int(0)].concat()),
    )
    .step(
        does(script().read(b"deleted", 3).read(b"emptied", 3).read(b"changed", 3)),
        success([absent(3), found(b"", 3), found(b"new", 3)].concat()),
    )
    .changes([
        now::set(A, b"changed", b"new"),
        now::deleted(A, b"deleted"),
        now::set(A, b"emptied", b""),
    ])
}

fn lengths() -> Scenario {
    let (key, value) = ([b'k'; 9], [b'v'; 17]);
    Scenario::new(
        "storage-lengths",
        "Keys and values are held to their limits, in every function that takes one.",
    )
    .option("limit.key_bytes", 8)
    .option("limit.value_bytes", 16)
    .contract(A, "script")
    .step(does(script().write(&key[..7], &value[..15])), success([]))
    .step(does(script().write(&key[..8], &value[..16])), success([]))
    .step(does(script().read(&key[..8], 16)), success(found(&value[..16], 16)))
    .step(does(script().write(b"before", b"").write(&key, b"")), halt(Halt::TooLong))
    .step(does(script().write(b"before", b"").write(b"", &value)), halt(Halt::TooLong))
    .step(does(script().read(&key, 0)), halt(Halt::TooLong))
    .step(does(script().delete(&key)), halt(Halt::TooLong))
    .step(does(script().next(&key, 0)), halt(Halt::TooLong))
    .step(does(script().transient_read(&key, 0)), halt(Halt::TooLong))
    .step(does(script().transient_write(&key, b"")), halt(Halt::TooLong))
    .step(does(script().transient_write(b"", &value)), halt(Halt::TooLong))
    .step(does(script().transient_write(&key[..8], &value[..16])), success([]))
    .changes([now::set(A, &key[..7], &value[..15]), now::set(A, &key[..8], &value[..16])])
}

fn isolation() -> Scenario {
    let write = |value: &[u8]| script().write(b"k", value).end();
    let read = script().read(b"k", 1).next(b"", 1).end();
    Scenario::new("storage-isolation", "Two contracts of one code have each their own entries.")
        .contract(A, "script")
        .contract(B, "script")
        .contract(C, "script")
        .step(call(A).input(write(b"a")), success([]))
        .step(call(B).input(write(b"b")), success([]))
        .step(call(A).input(read.clone()), success([found(b"a", 1), found(b"k", 1)].concat()))
        .step(call(B).input(read.clone()), success([found(b"b", 1), found(b"k", 1)].concat()))
        .step(call(C).input(read), success([absent(1), absent(1)].concat()))
        .changes([now::set(A, b"k", b"a"), now::set(B, b"k", b"b")])
}

fn transient() -> Scenario {
    let read = || script().transient_read(b"k", 2);
    let from = |contract, script: Script| script.call(contract, &read().end()).return_copy(0, 6);
    Scenario::new(
        "transient",
        "Transient entries last for one transaction, are each contract's own, and never leave.",
    )
    .contract(A, "script")
    .contract(B, "script")
    .stored(A, b"k", b"lasting")
    .step(
        does(read().transient_write(b"k", b"v").transient_read(b"k", 2)),
        success([absent(2), found(b"v", 2)].concat()),
    )
    .step(does(read()), success(absent(2)))
    .step(
        does(script().transient_write(b"k", b"v").transient_write(b"k", b"").transient_read(b"k", 2)),
        success(found(b"", 2)),
    )
    // Another contract has its own; a call back into this one finds them.
    .step(
        does(from(A, from(B, script().transient_write(b"k", b"v1")))),
        success([&int(0)[..], &absent(2), &int(0), &found(b"v1", 2)].concat()),
    )
    .step(does(script().transient_write(b"", b"").transient_read(b"", 0)), success(int(0)))
}

fn transient_rollback() -> Scenario {
    let fails = script().transient_write(b"k", b"inner").transient_write(b"new", b"x").revert(b"");
    let read = |script: Script| script.transient_read(b"k", 5).transient_read(b"new", 5);
    Scenario::new("transient-rollback", "A callee that fails leaves no transient entry changed.")
        .contract(A, "script")
        .step(
            does(read(script().transient_write(b"k", b"outer").call(A, &fails))),
            success([&int(1)[..], &found(b"outer", 5), &absent(5)].concat()),
        )
        .step(does(read(script().call(A, &fails))), success([&int(1)[..], &absent(5), &absent(5)].concat()))
}

fn touched_keys() -> Scenario {
    let all = |keys: &[&[u8]]| keys.iter().fold(script(), |script, key| script.write(key, b"v"));
    Scenario::new("journal-keys", "A transaction touches no more entries than allowed; again is not more.")
        .option("limit.journal_keys", 4)
        .contract(A, "script")
        .step(does(all(&[b"a", b"b"])), success([]))
        // The account that is called is one of them.
        .step(does(all(&[b"a", b"b", b"c"])), success([]))
        .step(does(all(&[b"a", b"b", b"c", b"a", b"b", b"c"])), success([]))
        .step(does(all(&[b"a", b"b", b"c", b"d"])), halt(Halt::JournalLimit))
        .step(does(script().read(b"a", 0).read(b"x", 0).read(b"y", 0).delete(b"z")), halt(Halt::JournalLimit))
        .changes([now::set(A, b"a", b"v"), now::set(A, b"b", b"v"), now::set(A, b"c", b"v")])
}

fn touched_bytes() -> Scenario {
    let write = |len: usize| script().write(b"1234", &vec![b'v'; len]);
    Scenario::new("journal-bytes", "The bytes of keys and values that a transaction touches have a limit.")
        .option("limit.journal_bytes", 64)
        .contract(A, "script")
        .step(does(write(59)), success([]))
        .step(does(write(60)), success([]))
        .step(does(write(61)), halt(Halt::JournalLimit))
        .step(does(write(28).write(b"5678", &[b'v'; 28])), success([]))
        .step(does(write(28).write(b"5678", &[b'v'; 29])), halt(Halt::JournalLimit))
        .changes([now::set(A, b"1234", &[b'v'; 28]), now::set(A, b"5678", &[b'v'; 28])])
}
