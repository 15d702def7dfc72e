//! docs/host-functions.md and docs/parameters.md.

use std::fmt::Write;

use zvm::host::kinds::Scalar;
use zvm::host::table::{Effect, ROWS, Row, Unit};
use zvm::{Limits, Schedule};

#[test]
fn the_page_of_host_functions_is_what_the_table_says() {
    let mut out = "# Host functions\n\nWhat a contract may import from the module `zvm`. Generated from the table in \
        src/host/table.rs.\n\nA region is a pointer and a length in the contract's memory. A region outside it, a \
        length over its limit (docs/parameters.md) or a write in a static frame is a halt. Regions of fixed size are \
        20 bytes for addresses and 32 for words, big-endian. An answer of variable size is written only if it fits; its \
        full length is returned either way. Every row is charged its flat price before its arguments are looked at, and its \
        rate before anything is copied. Numbers are hexadecimal, prices the gas.* names of docs/parameters.md. \
        Besides: storage_new for a new entry, create_byte for each byte of code, event_topic for each topic; \
        storage_delete_refund may come back.\n\n| No. | Function | Signature | Effect | Price | |\n|---|---|---|---|---|---|\n"
        .to_owned();
    for row in ROWS {
        let (number, name, sentence) = (row.number, row.name, row.sentence);
        writeln!(
            out,
            "| {number:02X} | {name} | `{}` | {} | {} | {sentence} |",
            signature(row),
            effect(row),
            price(row)
        )
        .expect("text");
    }
    super::held("docs/host-functions.md", &out);
}

#[test]
fn the_page_of_parameters_is_what_the_declarations_say() {
    let mut out = "# Parameters\n\nWhat decides a result besides code, input and state. All are in the runtime's \
        fingerprint, together with the flags, the admission policy and the least score. Set them in Rust through `Rules`, in C through the options of `zvm_config` by the names below.\n"
        .to_owned();
    let mut list = |title: &str, prefix: &str, figures: Vec<(&'static str, u64)>| {
        write!(out, "\n## {title}\n\n| Name | Default |\n|---|---|\n").expect("text");
        for (name, figure) in figures {
            writeln!(out, "| `{prefix}.{name}` | {figure} |").expect("text");
        }
    };
    list("Limits", "limit", Limits::default().figures());
    list("Prices, in gas", "gas", Schedule::default().figures());
    super::held("docs/parameters.md", &out);
}

fn signature(row: &Row) -> String {
    let slots = row.arguments.iter().flat_map(|argument| {
        argument.slots.iter().map(|slot| format!("{}{}: {}", argument.name, slot.suffix, scalar(slot.scalar)))
    });
    let parameters: Vec<String> = slots.collect();
    let result = row.returns.scalar().map(|it| format!(" -> {}", scalar(it))).unwrap_or_default();
    format!("({}){result}", parameters.join(", "))
}

fn scalar(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::I32 => "i32",
        Scalar::I64 => "i64",
    }
}

fn effect(row: &Row) -> &'static str {
    match row.effect {
        Effect::Pure => "pure",
        Effect::Read => "reads",
        Effect::Write => "writes",
        Effect::Call => "calls",
    }
}

fn price(row: &Row) -> String {
    let rate = row.rate.map(|(price, unit)| match unit {
        Unit::Byte => format!(" + {} per byte", price.field),
        Unit::Word => format!(" + {} per word", price.field),
    });
    format!("{}{}", row.flat.field, rate.unwrap_or_default())
}
