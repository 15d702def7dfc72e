//! Which side of the band binds each price, and why. A price that says too little for the time it takes is
//! a way to stop a node, so that side always binds. The other side, where a contract pays more than its time is
//! worth, binds only what nothing else than time is paid for.

/// What else is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Time alone: both sides bind.
    Both,
    /// More than time, as the reason says: only the upper side binds.
    Upper(&'static str),
}

const DISK: &str = "the embedder's disk answers in practice, not a map in memory";
const STATE: &str = "every node keeps what is written";
const FORWARD: &str = "the callee's account and code are read from the embedder";

/// A row for each field of the schedule that is not for time alone.
const UPPER: [(&str, &str); 23] = [
    ("storage_read", DISK),
    ("storage_next", DISK),
    ("debug_byte", "what is past the limit on lines is dropped unread, and paid for all the same"),
    (
        "fill_nothing",
        "a page that was never touched takes twenty times as long, and gas cannot see which is which",
    ),
    ("copy_byte", "one gas is the least that a byte can cost"),
    ("storage_write", STATE),
    ("storage_write_byte", STATE),
    ("storage_new", STATE),
    ("storage_delete", STATE),
    ("block_hash", DISK),
    ("balance", DISK),
    ("transfer", "two accounts are read and written, and every node keeps them"),
    ("event", "every node keeps and indexes events"),
    ("event_topic", "every node keeps and indexes events"),
    ("event_byte", "every node keeps and indexes events"),
    ("call", FORWARD),
    ("call_byte", FORWARD),
    ("create", STATE),
    ("create_byte", STATE),
    ("query", "the embedder's answer is its own work"),
    ("memory_page", "memory is bounded by its price, touched or not"),
    ("br_table_target", "the code of a target is paid when it runs, not when it is deployed"),
    ("transient", "entries that end with the transaction fill its memory"),
];

/// Which side binds the price of this name.
pub(crate) fn side(field: &str) -> Side {
    UPPER.iter().find(|(name, _)| *name == field).map_or(Side::Both, |(_, why)| Side::Upper(why))
}
