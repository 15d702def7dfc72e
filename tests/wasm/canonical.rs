//! NaNs leave float operations as the canonical one, whatever bits went in; all else is untouched.

use wasmi::{F32, F64, Val};
use zvm::engine::wasm::validate::{Policy, validate};
use zvm::error::Status;
use zvm::limits::Limits;

use crate::machine::{Machine, assemble, import, meter};

/// Float operators by name, parameters and result.
const OPERATORS: &[(&str, &str, &str)] = &[
    ("abs neg ceil floor trunc nearest sqrt", "f32", "f32"),
    ("abs neg ceil floor trunc nearest sqrt", "f64", "f64"),
    ("add sub mul div min max copysign", "f32 f32", "f32"),
    ("add sub mul div min max copysign", "f64 f64", "f64"),
    ("eq ne lt gt le ge", "f32 f32", "i32"),
    ("eq ne lt gt le ge", "f64 f64", "i32"),
    ("demote_f64", "f64", "f32"),
    ("promote_f32", "f32", "f64"),
    ("convert_i32_s convert_i32_u reinterpret_i32", "i32", "f32"),
    ("convert_i64_s convert_i64_u", "i64", "f32"),
    ("convert_i32_s convert_i32_u", "i32", "f64"),
    ("convert_i64_s convert_i64_u reinterpret_i64", "i64", "f64"),
    ("trunc_f32_s trunc_f32_u trunc_sat_f32_s trunc_sat_f32_u reinterpret_f32", "f32", "i32"),
    ("trunc_f64_s trunc_f64_u trunc_sat_f64_s trunc_sat_f64_u", "f64", "i32"),
    ("trunc_f32_s trunc_f32_u trunc_sat_f32_s trunc_sat_f32_u", "f32", "i64"),
    ("trunc_f64_s trunc_f64_u trunc_sat_f64_s trunc_sat_f64_u reinterpret_f64", "f64", "i64"),
];

/// Bits that are not arithmetic: they pass any NaN through exactly.
const EXACT: [&str; 7] =
    ["abs", "neg", "copysign", "reinterpret_i32", "reinterpret_i64", "reinterpret_f32", "reinterpret_f64"];

const F32_BITS: [u32; 14] = [
    0x0000_0000,
    0x8000_0000,
    0x0000_0001,
    0x3f80_0000,
    0xbf80_0000,
    0x4f00_0000,
    0x7f7f_ffff,
    0x7f80_0000,
    0xff80_0000,
    0x7fc0_0000,
    0xffc0_0000,
    0x7f80_0001,
    0xffff_ffff,
    0x7fa5_a5a5,
];

const F64_BITS: [u64; 14] = [
    0x0000_0000_0000_0000,
    0x8000_0000_0000_0000,
    0x0000_0000_0000_0001,
    0x3ff0_0000_0000_0000,
    0xbff0_0000_0000_0000,
    0x43e0_0000_0000_0000,
    0x7fef_ffff_ffff_ffff,
    0x7ff0_0000_0000_0000,
    0xfff0_0000_0000_0000,
    0x7ff8_0000_0000_0000,
    0xfff8_0000_0000_0000,
    0x7ff0_0000_0000_0001,
    0xffff_ffff_ffff_ffff,
    0x7ff5_a5a5_a5a5_a5a5,
];

/// Each operator once: name, the type it belongs to, parameters, result. The type in the name is the
/// result's, except for comparisons.
fn operators() -> impl Iterator<Item = (String, &'static str, Vec<&'static str>, &'static str)> {
    OPERATORS.iter().flat_map(|(names, params, result)| {
        let params: Vec<_> = params.split(' ').collect();
        names.split(' ').map(move |name| {
            let comparison = params.len() == 2 && *result == "i32";
            let of = if comparison { params[0] } else { result };
            (format!("{of}.{name}"), name, params.clone(), *result)
        })
    })
}

fn values(ty: &str) -> Vec<Val> {
    match ty {
        "f32" => F32_BITS.iter().map(|bits| Val::F32(F32::from_bits(*bits))).collect(),
        "f64" => F64_BITS.iter().map(|bits| Val::F64(F64::from_bits(*bits))).collect(),
        "i32" => F32_BITS.iter().map(|bits| Val::I32(*bits as i32)).collect(),
        _ => F64_BITS.iter().map(|bits| Val::I64(*bits as i64)).collect(),
    }
}

fn tuples(params: &[&str]) -> Vec<Vec<Val>> {
    let mut tuples = vec![Vec::new()];
    for ty in params {
        let longer = |tuple: &Vec<Val>| {
            let tuple = tuple.clone();
            values(ty).into_iter().map(move |value| [tuple.clone(), vec![value]].concat()).collect::<Vec<_>>()
        };
        tuples = tuples.iter().flat_map(longer).collect();
    }
    tuples
}

fn is_nan(ty: &str, bits: u64) -> bool {
    match ty {
        "f32" => f32::from_bits(bits as u32).is_nan(),
        "f64" => f64::from_bits(bits).is_nan(),
        _ => false,
    }
}

/// The operator on parameters, its result out through memory so that no machine touches its bits.
fn module(operator: &str, params: &[&str], result: &str) -> Vec<u8> {
    let gets: String = (0..params.len()).map(|index| format!("local.get {index} ")).collect();
    assemble(&format!(
        r#"(module (memory (export "memory") 1)
            (func (export "call") (param {}) i32.const 0 {gets} {operator} {result}.store))"#,
        params.join(" ")
    ))
}

#[test]
fn n009_every_nan_is_canonical_and_nothing_else_changes() {
    let mut seen = 0;
    for (operator, name, params, result) in operators() {
        let wasm = module(&operator, &params, result);
        let (mut plain, mut metered) = (Machine::new(&wasm), Machine::new(&meter(&wasm)));
        let bits = |machine: &Machine| {
            let bytes = machine.memory()[..8].try_into().expect("eight bytes");
            u64::from_le_bytes(bytes)
        };
        for args in tuples(&params) {
            let expected = plain.call("call", &args, 0).result;
            assert_eq!(metered.call("call", &args, 1000).result, expected, "{operator} {args:?}");
            let (expected, actual) = (bits(&plain), bits(&metered));
            let computed = is_nan(result, expected) && !EXACT.contains(&name);
            let canonical = if result == "f32" { 0x7fc0_0000 } else { 0x7ff8_0000_0000_0000 };
            assert_eq!(actual, if computed { canonical } else { expected }, "{operator} {args:?}");
            seen += u32::from(computed);
        }
    }
    assert!(seen > 1000, "{seen} NaNs were computed");
}

#[test]
fn n009_floats_can_be_refused() {
    let refused = |text: &str| {
        let limits = Limits::default();
        let policy = Policy { limits: &limits, deny_floats: true, import: &import };
        let refused = validate(&assemble(text), &policy).map_err(|error| error.status);
        assert_eq!(refused, Err(Status::CodeForbidden), "{text}");
    };
    for (operator, ..) in operators() {
        // In dead code no operand is needed, so the operator alone has to be refused.
        refused(&format!(r#"(module (func (export "call") unreachable {operator} unreachable))"#));
    }
    for memory in ["f32.load", "f64.load", "f32.store", "f64.store"] {
        refused(&format!(r#"(module (memory (export "memory") 1) (func unreachable {memory} unreachable))"#));
    }
    for ty in ["f32", "f64"] {
        refused(&format!("(module (func {ty}.const 1 drop))"));
        refused(&format!("(module (type (func (param {ty}))))"));
        refused(&format!("(module (type (func (result {ty}))))"));
        refused(&format!("(module (global {ty} ({ty}.const 0)))"));
        refused(&format!("(module (func (local {ty})))"));
        for block in ["block", "loop", "i32.const 0 if"] {
            refused(&format!("(module (func {block} (result {ty}) unreachable end drop))"));
        }
    }
}

#[test]
fn scratch_locals_stand_behind_the_functions_own() {
    let wasm = assemble(
        r#"(module (func (export "call") (param i32 f64) (result f64) (local f32 i64 f64)
            f32.const 2 local.tee 2 f32.const 0 f32.div drop
            f64.const 1.5 local.get 1 f64.mul local.tee 4 drop
            local.get 4 local.get 2 f64.promote_f32 f64.add local.get 0 f64.convert_i32_s f64.sub))"#,
    );
    let args = [Val::I32(10), Val::F64(4.0.into())];
    let run = Machine::new(&meter(&wasm)).call("call", &args, 1000);
    assert_eq!(run.result, Ok(vec![(-2.0_f64).to_bits()]), "1.5 * 4 + 2 - 10");
}
