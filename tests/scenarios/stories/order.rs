//! Entries in order: the next key, over the ledger and what the session made of it.

use crate::scenario::Scenario;
use crate::script::{Script, absent, found, int, results, script};
use crate::verbs::*;

pub(super) fn stories() -> Vec<Scenario> {
    vec![next(), next_over_pages(), next_by_jumps()]
}

fn next() -> Scenario {
    let walk = |keys: &[&[u8]]| keys.iter().fold(script(), |script, key| script.next(key, 2));
    Scenario::new(
        "storage-next",
        "The next key in order, of the ledger and of what was written and deleted since.",
    )
    .contract(A, "script")
    .stored(A, b"b", b"1")
    .stored(A, b"d", b"1")
    .stored(A, b"da", b"1")
    .stored(A, b"f", b"1")
    .step(
        does(walk(&[b"", b"a", b"b", b"c", b"d", b"da", b"f"])),
        success(
            [
                found(b"b", 2),
                found(b"b", 2),
                found(b"d", 2),
                found(b"d", 2),
                found(b"da", 2),
                found(b"f", 2),
                absent(2),
            ]
            .concat(),
        ),
    )
    .step(does(script().write(b"c", b"").write(b"g", b"").delete(b"d")), success(int(1)))
    .step(
        does(walk(&[b"b", b"c", b"d", b"f", b"g", b"\xff\xff"])),
        success(
            [found(b"c", 2), found(b"da", 2), found(b"da", 2), found(b"g", 2), absent(2), absent(2)].concat(),
        ),
    )
    // The empty key is before every key, so nothing comes before it.
    .step(
        does(script().write(b"", b"").write(b"\0", b"").next(b"", 2).next(b"\0", 2)),
        success([found(b"\0", 2), found(b"b", 2)].concat()),
    )
    // Deleted and written again, it is there again.
    .step(does(script().write(b"d", b"2").next(b"c", 2)), success(found(b"d", 2)))
    // A key that does not fit is told by its length alone.
    .step(does(script().next(b"d", 1)), success(results(&[&int(2), &[0]])))
    // What a revert takes back was never there.
    .step(call(A).input(script().write(b"e", b"").next(b"da", 2).revert_results()), revert(found(b"e", 2)))
    .step(does(script().next(b"da", 2)), success(found(b"f", 2)))
    .changes([
        now::set(A, b"", b""),
        now::set(A, b"\0", b""),
        now::set(A, b"c", b""),
        now::set(A, b"d", b"2"),
        now::set(A, b"g", b""),
    ])
}

/// More keys than a page of the ledger's holds, walked from end to end.
fn next_over_pages() -> Scenario {
    let key = |number: u8| [b'k', number];
    let deleted = [0, 63, 64, 65, 128, 199];
    let scenario =
        Scenario::new("storage-next-pages", "200 keys in order, with gaps, however they are paged.");
    let ledger = (0..200).fold(scenario, |scenario, number| scenario.stored(A, &key(number), &[number]));
    let delete = deleted.iter().fold(script(), |script, number| script.delete(&key(*number)));
    // Each key found takes the place of the one it was looked for from.
    let mut walk = script();
    let place = walk.place(b"\0\0");
    let walk = (0..195).fold(walk, |walk, _| walk.next_in_place(place, 2));
    let told = [int(2).repeat(194), int(-1).to_vec()].concat();
    ledger
        .contract(A, "script")
        .step(does(delete), success(int(1).repeat(6)))
        .step(does(walk), success(told))
        .step(
            does(script().next(&key(62), 2).next(&key(127), 2).next(&key(198), 2).next(b"", 2)),
            success([found(&key(66), 2), found(&key(129), 2), absent(2), found(&key(1), 2)].concat()),
        )
        .changes(deleted.map(|number| now::deleted(A, &key(number))))
}

/// The same, looked for here and there: what one look-up learned must not hide what lies between.
fn next_by_jumps() -> Scenario {
    let key = |number: u8| [b'k', number];
    let follows = |script: Script, number: u8| script.next(&key(number), 2);
    let told = |numbers: &[u8]| success(numbers.iter().flat_map(|n| found(&key(*n), 2)).collect::<Vec<_>>());
    let scenario =
        Scenario::new("storage-next-jumps", "200 keys asked for in no order, over pages and between them.");
    (0..200)
        .fold(scenario, |scenario, number| scenario.stored(A, &key(number), b""))
        .contract(A, "script")
        .step(does([10, 150, 73, 74, 75, 100, 149, 150, 9, 198].into_iter().fold(script(), follows)), {
            told(&[11, 151, 74, 75, 76, 101, 150, 151, 10, 199])
        })
        .step(does([120, 50, 60, 114, 115, 184, 185].into_iter().fold(script(), follows)), {
            told(&[121, 51, 61, 115, 116, 185, 186])
        })
        .step(
            does(script().write(b"k\x78\0", b"").delete(&key(121)).next(&key(120), 3).next(b"k\x78\0", 2)),
            success([&int(1)[..], &found(b"k\x78\0", 3), &found(&key(122), 2)].concat()),
        )
        .changes([now::set(A, b"k\x78\0", b""), now::deleted(A, &key(121))])
}
