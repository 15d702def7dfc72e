//! Renders the C header from src/ffi into OUT_DIR, and gives the shared library its name.
//!
//! The header is not written into the tree: `make header` does that, and a test holds
//! include/zvm.h to what is rendered here.

use std::env;
use std::path::PathBuf;

/// The header's parts, in the order in which it reads best.
const PARTS: &[&str] = &[
    "types",
    "version",
    "error",
    "config",
    "runtime",
    "code",
    "frame",
    "reply",
    "tables",
    "binding",
    "call",
    "result",
    "session",
    "store",
    "interrupt",
    "account",
    "crypto",
    "transaction",
    "ethereum",
];

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    header(&root, &out.join("zvm.h"));
    link();
}

fn header(root: &std::path::Path, to: &std::path::Path) {
    println!("cargo:rerun-if-changed=src/ffi");
    println!("cargo:rerun-if-changed=cbindgen.toml");
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml");
    let mut builder = cbindgen::Builder::new().with_config(config);
    for part in PARTS {
        builder = builder.with_src(root.join(format!("src/ffi/{part}.rs")));
    }
    builder.generate().expect("the header of src/ffi").write_to_file(to);
}

/// A versioned name; only `zvm_*` symbols, where the crates below us export their own; and
/// never unloaded, because wasmer's signal handlers would be left pointing at nothing.
fn link() {
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        for argument in ["-soname,libzvm.so.0", "--exclude-libs,ALL", "-z,nodelete", "-z,relro", "-z,now"] {
            println!("cargo:rustc-cdylib-link-arg=-Wl,{argument}");
        }
    }
}
