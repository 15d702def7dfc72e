//! Contracts for WASM, as text.
//!
//! Memory: 0 a word to send or a key, 32 a value, 64 an address, 96 the input, 128 the last success, 160
//! what was created; from 1024 on what was said; from 8192 on the code to create.

use std::fmt::Write;

use crate::contract::{Act, Contract, End, Way, What};

const HEAD: &str = r#"(module
  (import "zvm" "caller" (func $caller (param i32)))
  (import "zvm" "self_address" (func $self (param i32)))
  (import "zvm" "value" (func $value (param i32)))
  (import "zvm" "self_balance" (func $balance (param i32)))
  (import "zvm" "input_size" (func $input_size (result i32)))
  (import "zvm" "input_copy" (func $input_copy (param i32 i32 i32)))
  (import "zvm" "set_output" (func $set_output (param i32 i32)))
  (import "zvm" "revert" (func $revert (param i32 i32)))
  (import "zvm" "return_size" (func $return_size (result i32)))
  (import "zvm" "return_copy" (func $return_copy (param i32 i32 i32)))
  (import "zvm" "storage_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "zvm" "storage_write" (func $write (param i32 i32 i32 i32)))
  (import "zvm" "storage_delete" (func $delete (param i32 i32) (result i32)))
  (import "zvm" "call" (func $call (param i32 i32 i32 i32 i64) (result i32)))
  (import "zvm" "static_call" (func $static (param i32 i32 i32 i64) (result i32)))
  (import "zvm" "delegate_call" (func $delegate (param i32 i32 i32 i64) (result i32)))
  (import "zvm" "create" (func $create (param i32 i32 i32 i32 i32 i32 i64 i32) (result i32)))
  (import "zvm" "emit" (func $emit (param i32 i32 i32 i32)))
  (memory (export "memory") 2)
  (global $said (mut i32) (i32.const 1024))
  ;; A word that is one byte.
  (func $byte (param $at i32) (param $byte i32)
    (memory.fill (local.get $at) (i32.const 0) (i32.const 32))
    (i32.store8 offset=31 (local.get $at) (local.get $byte)))
  (func $say (result i32)
    (memory.fill (global.get $said) (i32.const 0) (i32.const 32))
    (global.set $said (i32.add (global.get $said) (i32.const 32)))
    (i32.sub (global.get $said) (i32.const 32)))
  (func $number (param $at i32) (param $number i32)
    (i32.store8 offset=31 (local.get $at) (local.get $number))
    (i32.store8 offset=30 (local.get $at) (i32.shr_u (local.get $number) (i32.const 8)))
    (i32.store8 offset=29 (local.get $at) (i32.shr_u (local.get $number) (i32.const 16))))
  (func $succeeded (param $code i32)
    (i32.store (i32.const 128) (i32.eqz (local.get $code))))
"#;

pub(crate) fn write(contract: &Contract) -> Vec<u8> {
    let mut text = HEAD.to_owned();
    for (at, script) in contract.scripts.iter().enumerate() {
        writeln!(text, "  (func $script{at}").expect("text");
        script.acts.iter().for_each(|act| text += &line(act));
        text += match script.end {
            End::Return => {
                "(call $set_output (i32.const 1024) (i32.sub (global.get $said) (i32.const 1024)))"
            }
            End::Revert => "(call $revert (i32.const 1024) (i32.sub (global.get $said) (i32.const 1024)))",
            End::Trap => "unreachable",
            End::Burn => "(loop $again (br $again))",
        };
        text += ")\n";
    }
    text += r#"  (func (export "call")
    (i32.store8 (i32.const 96) (i32.const 0))
    (call $input_copy (i32.const 96) (i32.const 0) (i32.gt_u (call $input_size) (i32.const 0)))
"#;
    for at in 0..contract.scripts.len() {
        let is = format!("(i32.eq (i32.load8_u (i32.const 96)) (i32.const {at}))");
        writeln!(text, "    (if {is} (then (call $script{at}) (return)))").expect("text");
    }
    text += "    unreachable)\n";
    let code: String = contract.created().iter().map(|byte| format!("\\{byte:02x}")).collect();
    writeln!(text, "  (data (i32.const 8192) \"{code}\"))").expect("text");
    wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn line(act: &Act) -> String {
    match act {
        Act::Write(slot, 0) => {
            format!(
                "(call $byte (i32.const 0) (i32.const {slot})) (drop (call $delete (i32.const 0) (i32.const 32)))\n"
            )
        }
        Act::Write(slot, value) => format!(
            "(call $byte (i32.const 0) (i32.const {slot})) (call $byte (i32.const 32) (i32.const {value}))
             (call $write (i32.const 0) (i32.const 32) (i32.const 32) (i32.const 32))\n"
        ),
        Act::Event(byte) => format!(
            "(call $byte (i32.const 0) (i32.const {byte}))
             (call $emit (i32.const 0) (i32.const 1) (i32.const 31) (i32.const 1))\n"
        ),
        Act::Call { way, to, value, script, gas } => {
            let mut lines = String::new();
            for (at, byte) in to.0.iter().enumerate() {
                writeln!(lines, "(i32.store8 offset={at} (i32.const 64) (i32.const {byte}))").expect("text");
            }
            write!(lines, "(i32.store8 (i32.const 96) (i32.const {script}))").expect("text");
            let rest = format!("(i32.const 96) (i32.const 1) (i64.const {})", gas.cast_signed());
            lines += &match way {
                Way::Call => format!(
                    "(call $byte (i32.const 0) (i32.const {value}))
                     (call $succeeded (call $call (i32.const 64) (i32.const 0) {rest}))\n"
                ),
                Way::Static => format!("(call $succeeded (call $static (i32.const 64) {rest}))\n"),
                Way::Delegate => format!("(call $succeeded (call $delegate (i32.const 64) {rest}))\n"),
            };
            lines
        }
        Act::Create { code, value } => format!(
            "(call $byte (i32.const 0) (i32.const {value}))
             (call $succeeded (call $create (i32.const 8192) (i32.const {}) (i32.const 0) (i32.const 0)
                (i32.const 0) (i32.const 0) (i64.const -1) (i32.const 160)))\n",
            code.len()
        ),
        Act::CallCreated => {
            "(call $byte (i32.const 0) (i32.const 0)) (call $succeeded (call $call (i32.const 160)
            (i32.const 0) (i32.const 96) (i32.const 0) (i64.const -1)))\n"
                .to_owned()
        }
        Act::Say(what) => say(*what),
    }
}

fn say(what: What) -> String {
    let address = |function: &str| format!("(call ${function} (i32.add (call $say) (i32.const 12)))\n");
    match what {
        What::Number(number) => format!("(call $number (call $say) (i32.const {number}))\n"),
        What::Slot(slot) => format!(
            "(call $byte (i32.const 0) (i32.const {slot}))
             (drop (call $read (i32.const 0) (i32.const 32) (call $say) (i32.const 32)))\n"
        ),
        What::Success => "(call $number (call $say) (i32.load (i32.const 128)))\n".to_owned(),
        What::ReturnedSize => "(call $number (call $say) (call $return_size))\n".to_owned(),
        What::Returned => "(call $return_copy (call $say) (i32.const 0)
            (select (i32.const 32) (call $return_size) (i32.gt_u (call $return_size) (i32.const 32))))\n"
            .to_owned(),
        What::Caller => address("caller"),
        What::Myself => address("self"),
        What::Value => "(call $value (call $say))\n".to_owned(),
        What::OwnBalance => "(call $balance (call $say))\n".to_owned(),
    }
}
