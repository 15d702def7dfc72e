//! What the design says of the kinds of arguments, written down a second time.

use zvm::host::table::{Argument, ROWS, Row, Unit};
use zvm::{Halt, Limits, Schedule};

/// Where the memory of every probe ends.
pub(super) const END: u32 = 33 << 16;

/// A kind of argument that is a region of the memory.
pub(super) struct Region {
    pub(super) kind: &'static str,
    /// Which of its scalars after the first is a length; `None` where the length is fixed.
    pub(super) length_slot: Option<usize>,
    /// What one unit of the length takes in bytes, or the fixed length.
    pub(super) bytes: u64,
    /// The limit's name; `None` where the memory is the only one.
    pub(super) limit: Option<&'static str>,
    /// Whether the row's rate counts it.
    pub(super) counts: bool,
}

const fn region(kind: &'static str, limit: &'static str) -> Region {
    Region { kind, length_slot: Some(1), bytes: 1, limit: Some(limit), counts: true }
}

const fn fixed(kind: &'static str, bytes: u64) -> Region {
    Region { kind, length_slot: None, bytes, limit: None, counts: false }
}

/// host-abi.md, section 2, and safety.md, section 3.
pub(super) const REGIONS: &[Region] = &[
    region("Key", "key_bytes"),
    region("Value", "value_bytes"),
    region("Input", "input_bytes"),
    region("Code", "module_bytes"),
    region("Output", "output_bytes"),
    region("RevertData", "revert_bytes"),
    region("EventData", "event_bytes"),
    region("Message", "message_bytes"),
    region("Signature", "signature_bytes"),
    region("PublicKey", "signature_bytes"),
    region("Context", "signature_bytes"),
    region("Ciphertext", "signature_bytes"),
    Region { kind: "Topics", length_slot: Some(1), bytes: 32, limit: Some("4 topics"), counts: false },
    Region { kind: "Buffer", length_slot: Some(1), bytes: 1, limit: None, counts: false },
    Region { kind: "Window", length_slot: Some(2), bytes: 1, limit: None, counts: true },
    fixed("InAddress", 20),
    fixed("OutAddress", 20),
    fixed("InWord", 32),
    fixed("OutWord", 32),
    fixed("OptionalWord", 32),
    fixed("RecoverableSignature", 65),
    fixed("OutPoint", 64),
];

impl Region {
    /// The largest length that is allowed.
    pub(super) fn limit(&self, limits: &Limits) -> u32 {
        match self.limit {
            None => u32::MAX,
            Some("4 topics") => 4,
            Some(name) => {
                limits.figures().iter().find(|(known, _)| *known == name).expect("a limit").1 as u32
            }
        }
    }
}

/// What must come of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    Halts(Halt),
    /// Its arguments are in order.
    Passes,
}

/// Arguments are judged in their order: first the length, then the place.
pub(super) fn judge(row: &'static Row, arguments: &[u64], limits: &Limits) -> Judgement {
    for (argument, at) in positions(row) {
        let Some(region) = REGIONS.iter().find(|region| region.kind == argument.kind) else { continue };
        let place = arguments[at];
        if region.kind == "OptionalWord" && place == 0 {
            continue;
        }
        let len = region.length_slot.map_or(1, |slot| arguments[at + slot]);
        if len > u64::from(region.limit(limits)) {
            return Judgement::Halts(Halt::TooLong);
        }
        if place + len * region.bytes > u64::from(END) {
            return Judgement::Halts(Halt::BadPointer);
        }
    }
    Judgement::Passes
}

/// Each argument, and which scalar is its first.
pub(super) fn positions(row: &'static Row) -> Vec<(&'static Argument, usize)> {
    let mut at = 0;
    let mut place = |argument: &'static Argument| {
        let first = at;
        at += argument.slots.len();
        (argument, first)
    };
    row.arguments.iter().map(&mut place).collect()
}

/// Arguments that are in order, each region apart from the others.
pub(super) fn harmless(row: &'static Row) -> Vec<u64> {
    let mut arguments = vec![0; row.scalars.len()];
    for (nth, (argument, at)) in positions(row).into_iter().enumerate() {
        arguments[at] = match argument.kind {
            "Int64" => 1_000_000,
            // No algorithm of this number: what a list takes is told by the algorithm, so nothing is read.
            "Int32" => 7,
            "Flag" => 1,
            _ => 8192 + 64 * nth as u64,
        };
        if let Some(region) = REGIONS.iter().find(|region| region.kind == argument.kind) {
            region.length_slot.into_iter().for_each(|slot| arguments[at + slot] = 1);
        }
    }
    arguments
}

/// Sets every length to 0.
pub(super) fn empty(row: &'static Row, arguments: &mut [u64]) {
    for (argument, at) in positions(row) {
        if let Some(region) = REGIONS.iter().find(|region| region.kind == argument.kind) {
            region.length_slot.into_iter().for_each(|slot| arguments[at + slot] = 0);
        }
    }
}

/// What the row's rate asks for this many bytes.
pub(super) fn rate(row: &Row, bytes: u64, schedule: &Schedule) -> u64 {
    let Some((price, unit)) = &row.rate else { return 0 };
    let units = if *unit == Unit::Word { bytes.div_ceil(32) } else { bytes };
    units * (price.of)(schedule)
}

/// The row of a name.
pub(super) fn row(name: &str) -> &'static Row {
    ROWS.iter().find(|row| row.name == name).expect("a row")
}

#[test]
fn every_kind_is_known_here() {
    for argument in ROWS.iter().flat_map(|row| row.arguments) {
        let known = REGIONS.iter().any(|region| region.kind == argument.kind)
            || ["Int32", "Int64", "Place", "Flag"].contains(&argument.kind);
        assert!(known, "give the kind {} a line in REGIONS", argument.kind);
    }
}
