//! Events: part of the result where they stand, and nowhere else.

use zvm::{Halt, Word};

use crate::scenario::Scenario;
use crate::script::{absent, int, script};
use crate::verbs::*;

pub(super) fn stories() -> Vec<Scenario> {
    vec![topics(), order(), dropped(), count(), sizes(), debug_lines()]
}

fn topics() -> Scenario {
    let topics = [word(1), word(2), word(3), word(4), word(5)];
    Scenario::new("events", "An event has up to four topics and any data.")
        .contract(A, "script")
        .step(does(script().emit(&[], b"")), success([]).log(A, &[], b""))
        .step(does(script().emit(&topics[..1], b"")), success([]).log(A, &topics[..1], b""))
        .step(does(script().emit(&topics[..4], b"data")), success([]).log(A, &topics[..4], b"data"))
        .step(
            does(script().emit(&[], b"one").emit(&[], b"two")),
            success([]).log(A, &[], b"one").log(A, &[], b"two"),
        )
        .step(does(script().emit(&topics, b"")), halt(Halt::TooLong))
}

fn order() -> Scenario {
    let emit = |data: &[u8]| script().emit(&[], data);
    let inner = emit(b"inner").end();
    let middle = emit(b"before").call(C, &inner).emit(&[], b"after").end();
    Scenario::new("events-order", "Events of nested calls stand in the order they were emitted.")
        .contract(A, "script")
        .contract(B, "script")
        .contract(C, "script")
        .step(
            does(emit(b"first").call(B, &middle).delegate_call(C, &inner).emit(&[], b"last")),
            success([int(0), int(0)].concat())
                .log(A, &[], b"first")
                .log(B, &[], b"before")
                .log(C, &[], b"inner")
                .log(B, &[], b"after")
                // A delegate's events are its caller's.
                .log(A, &[], b"inner")
                .log(A, &[], b"last"),
        )
}

/// #59: none after a revert.
fn dropped() -> Scenario {
    let emit = |data: &[u8]| script().emit(&[], data);
    let kept = emit(b"kept").end();
    let inner = emit(b"inner").call(C, &kept).revert(b"");
    Scenario::new("events-dropped", "What fails emits nothing, nor does what it called.")
        .contract(A, "script")
        .contract(B, "script")
        .contract(C, "script")
        .step(
            does(emit(b"first").call(B, &inner).emit(&[], b"last")),
            success(int(1)).log(A, &[], b"first").log(A, &[], b"last"),
        )
        .step(call(A).input(emit(b"first").call(C, &kept).revert(b"")), revert([]))
        .step(call(A).input(emit(b"first").call(C, &kept).trap()), halt(Halt::Unreachable))
        .step(query(A).input(emit(b"asked").end()), success([]).log(A, &[], b"asked"))
}

/// #59: at the limit, and one more.
fn count() -> Scenario {
    let many = |times: u32| script().repeat(times, |script, _| script.emit(&[], b"e"));
    let told = |times: usize| (0..times).fold(success([]), |end, _| end.log(A, &[], b"e"));
    Scenario::new("event-count", "A transaction emits at most so many events, those of its callees included.")
        .option("limit.events", 5)
        .contract(A, "script")
        .step(does(many(4)), told(4))
        .step(does(many(5)), told(5))
        .step(does(many(6)), halt(Halt::EventLimit))
        // The count begins anew, and what was taken back does not count.
        .step(does(script().call(A, &many(5).revert(b"")).call(A, &many(5).end())), {
            let mut end = told(5);
            end.data = [int(1), int(0)].concat();
            end
        })
        .step(does(script().emit(&[], b"e").call(A, &many(5).end())), success(int(2)).log(A, &[], b"e"))
}

fn sizes() -> Scenario {
    let data = [b'd'; 33];
    Scenario::new("event-sizes", "The data of one event and of all together are held to limits.")
        .option("limit.event_bytes", 32)
        .option("limit.total_event_bytes", 64)
        .contract(A, "script")
        .step(does(script().emit(&[], &data[..31])), success([]).log(A, &[], &data[..31]))
        .step(does(script().emit(&[], &data[..32])), success([]).log(A, &[], &data[..32]))
        .step(does(script().emit(&[], &data)), halt(Halt::TooLong))
        .step(
            does(script().emit(&[], &data[..32]).emit(&[], &data[..32]).emit(&[Word::ZERO], b"")),
            success([]).log(A, &[], &data[..32]).log(A, &[], &data[..32]).log(A, &[Word::ZERO], b""),
        )
        .step(
            does(script().emit(&[], &data[..32]).emit(&[], &data[..32]).emit(&[], b"x")),
            halt(Halt::EventLimit),
        )
}

/// #65: debug lines and questions nobody answers are no part of the result.
fn debug_lines() -> Scenario {
    let long = vec![b'x'; 3_000];
    Scenario::new(
        "debug-log",
        "Debug lines change nothing, whatever is in them, and nobody answers a question.",
    )
    .contract(A, "script")
    .step(
        does(script().debug_log(b"hello").debug_log(b"").debug_log(&[0, 0xff, 0x1b, b'[']).debug_log(&long)),
        success([]),
    )
    .step(does(script().repeat(100, |script, _| script.debug_log(b"again"))), success([]))
    .step(does(script().query(7, b"what?", 4)), success(absent(4)))
    .step(static_call(A).input(script().debug_log(b"static").end()), success([]))
}
