//! Any bytes as an artefact: refused.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use zvm::{Config, Runtime, Status};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new(Config::default()).expect("a runtime"));

fuzz_target!(|bytes: &[u8]| {
    let refused = RUNTIME.deserialize_code(bytes).err().expect("nobody sealed it");
    assert_eq!(refused.status, Status::Artefact);
});
