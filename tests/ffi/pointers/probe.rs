//! A contract for each host function that calls it with whatever its input says.

use std::collections::HashMap;
use std::sync::Arc;

use zvm::host::kinds::Scalar;
use zvm::host::table::{ROWS, Row};

use super::oracle::END;
use crate::support::contracts::{imports, wat};
use crate::support::structs::call;
use crate::support::{Host, Outcome, Runtime, Session, address};

/// Where the payload of the input goes.
pub(super) const PAYLOAD: u64 = 4096;
/// Gas for anything.
pub(super) const PLENTY: u64 = 1 << 40;
/// Where the result goes.
const RESULT: u64 = 1024;

/// Probes of every host function in one session.
pub(super) struct World {
    session: Session,
    host: Arc<Host>,
    addresses: HashMap<&'static str, [u8; 20]>,
}

pub(super) fn world() -> World {
    with(&[])
}

/// The same, under options.
pub(super) fn with(options: &[(&str, u64)]) -> World {
    let (runtime, host) = (Runtime::with(options, |_| ()), Host::new());
    let mut addresses = HashMap::new();
    for (nth, row) in ROWS.iter().enumerate() {
        let place = address(100 + nth as u8);
        host.contract(place, &code(row));
        host.balance(place, crate::support::word(1000));
        addresses.insert(row.name, place);
    }
    World { session: Session::new(&runtime, &host), host, addresses }
}

/// The probe of one host function.
pub(super) struct Probe<'a> {
    world: &'a World,
    target: [u8; 20],
    arguments: usize,
}

impl World {
    pub(super) fn of(&self, row: &'static Row) -> Probe<'_> {
        let probe = Probe { world: self, target: self.addresses[row.name], arguments: row.scalars.len() };
        // Its account and code are read now, so that later callbacks are the host function's.
        let _ = self.session.query(&call(probe.target, &[]));
        probe
    }

    /// How many callbacks there were so far.
    pub(super) fn asked(&self) -> usize {
        self.host.asked()
    }

    /// Drops every cached read but those of the probe itself.
    pub(super) fn forget(&self, probe: &Probe<'_>) {
        self.session.reset().expect("a reset");
        let _ = self.session.query(&call(probe.target, &[]));
    }

    pub(super) fn host(&self) -> &Host {
        &self.host
    }
}

impl Probe<'_> {
    /// Calls the host function with these scalars, changes dropped.
    pub(super) fn call(&self, arguments: &[u64], gas: u64) -> Outcome {
        self.with(arguments, &[], (RESULT as u32, 8), gas)
    }

    /// The same after a payload was put at [`PAYLOAD`]; the output is the memory of `shown`.
    pub(super) fn with(&self, arguments: &[u64], payload: &[u8], shown: (u32, u32), gas: u64) -> Outcome {
        assert_eq!(arguments.len(), self.arguments);
        let mut input: Vec<u8> = arguments.iter().flat_map(|scalar| scalar.to_le_bytes()).collect();
        input.extend([shown.0, shown.1].iter().flat_map(|number| number.to_le_bytes()));
        input.extend_from_slice(payload);
        let mut call = call(self.target, &input);
        call.gas_limit = gas;
        self.world.session.query(&call).expect("an outcome")
    }
}

fn code(row: &'static Row) -> Vec<u8> {
    let mut names = vec!["input_size", "input_copy", "set_output"];
    if !names.contains(&row.name) {
        names.push(row.name);
    }
    let header = 8 * row.scalars.len() + 8;
    let loads: String = row
        .scalars
        .iter()
        .enumerate()
        .map(|(nth, scalar)| match scalar {
            Scalar::I32 => format!("(i32.load (i32.const {}))", 8 * nth),
            Scalar::I64 => format!("(i64.load (i32.const {}))", 8 * nth),
        })
        .collect();
    let called = format!("(call ${} {loads})", row.name);
    let kept = match row.returns.scalar() {
        None => called,
        Some(Scalar::I32) => format!("(i64.store (i32.const {RESULT}) (i64.extend_i32_s {called}))"),
        Some(Scalar::I64) => format!("(i64.store (i32.const {RESULT}) {called})"),
    };
    wat(&format!(
        "(module {} (memory (export \"memory\") {pages} {pages})
          (func (export \"call\") (local $at i32) (local $len i32)
            (call $input_copy (i32.const 0) (i32.const 0) (i32.const {header}))
            (call $input_copy (i32.const {PAYLOAD}) (i32.const {header})
              (i32.sub (call $input_size) (i32.const {header})))
            (local.set $at (i32.load (i32.const {at})))
            (local.set $len (i32.load (i32.const {len})))
            {kept}
            (call $set_output (local.get $at) (local.get $len))))",
        imports(&names),
        pages = END >> 16,
        at = header - 8,
        len = header - 4,
    ))
}
