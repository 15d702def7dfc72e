//! What people read.

use zvm_bench::figures::Row;

use crate::metering::Overhead;

/// What each row is to reach.
const AIMS: [(&str, &str); 11] = [
    ("call.counter.warm", "1 us, 1/30"),
    ("call.json_token.warm", "1/10"),
    ("meter.cranelift", "1.10, stretch 1.05"),
    ("meter.singlepass", "1.20, stretch 1.15"),
    ("deploy.230k", "40 ms"),
    ("artefact.load", "1 ms"),
    ("storage.hit", "60 ns"),
    ("storage.miss", "160 ns and the callback"),
    ("call.wasm_wasm.warm", "2 us"),
    ("memory.code_230k", "stated"),
    ("memory.instance_idle", "64 KiB beyond its image"),
];

/// The rows with what they are to reach.
pub(crate) fn print(rows: &[Row], callback: f64, singlepass: f64) {
    println!("{:22} {:>12} {:>12}  {:22} {:>8}  to reach", "row", "zvm", "peer", "", "ratio");
    for row in rows {
        let (peer, figure) =
            row.peer.map_or(("-", String::from("-")), |(name, value)| (name, shown(value, row.unit)));
        let ratio = row.ratio().map_or(String::from("-"), |ratio| match row.unit {
            "ratio" => format!("{ratio:.3}"),
            _ if ratio < 1.0 => format!("1/{:.1}", 1.0 / ratio),
            _ => format!("{ratio:.1}"),
        });
        let aim = AIMS.iter().find(|(name, _)| *name == row.name).map_or("", |(_, aim)| aim);
        println!(
            "{:22} {:>12} {figure:>12}  {peer:22} {ratio:>8}  {aim}",
            row.name,
            shown(row.value, row.unit)
        );
    }
    println!("The callback behind storage.miss takes {} itself.", shown(callback, "ns"));
    println!("On Singlepass alone call.json_token.warm takes {}.", shown(singlepass, "ns"));
}

/// Metered time by unmetered time, and what a unit of gas buys, for each way to compile.
pub(crate) fn print_kernels(ways: &[(&str, &[(&str, Overhead)])]) {
    for (way, rows) in ways {
        println!("{way:26} {:>10} {:>10} {:>10}", "zvm", "stock", "ns/gas");
        for (name, Overhead { ours, stock, per_gas }) in *rows {
            println!("{name:26} {ours:>10.3} {stock:>10.3} {per_gas:>10.3}");
        }
        println!();
    }
}

fn shown(value: f64, unit: &str) -> String {
    match unit {
        "ns" if value >= 1e6 => format!("{:.2} ms", value / 1e6),
        "ns" if value >= 1e3 => format!("{:.2} us", value / 1e3),
        "ns" => format!("{value:.1} ns"),
        "bytes" if value.abs() >= 1024.0 => format!("{:.1} KiB", value / 1024.0),
        "bytes" => format!("{value:.0} B"),
        _ => format!("{value:.3}"),
    }
}
