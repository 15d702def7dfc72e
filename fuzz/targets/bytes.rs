//! Any bytes as a module: refused with a status of the code range, or instrumented into a
//! module that is valid. Never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zvm::engine::wasm::instrument::{Form, instrument};
use zvm::engine::wasm::validate::{Policy, validate};
use zvm::{Limits, Schedule};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    let policy = Policy { limits: &limits, deny_floats: false, import: &|_| None };
    match validate(bytes, &policy) {
        Err(error) => assert!((100..200).contains(&(error.status as u32)), "{error}"),
        Ok(module) => {
            if let Ok(metered) = instrument(bytes, &module, &limits, &Schedule::default(), Form::default()) {
                wasmparser::validate(&metered).expect("instrumented code is valid");
            }
        }
    }
});
