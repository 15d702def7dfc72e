//! What this library is and has.

use std::ffi::{CString, c_char};
use std::sync::LazyLock;

use super::config::ZVM_ABI;
use super::error::zvm_error;
use super::guard::{guard, guard_plain};
use crate::error::{Error, Status};
use crate::outcome::{Halt, Kind};

/// The WASM engine.
pub const ZVM_FEATURE_WASM: u32 = 1;
/// The EVM engine.
pub const ZVM_FEATURE_EVM: u32 = 2;
/// The ZVM engine.
pub const ZVM_FEATURE_ZVM: u32 = 3;
/// The embedded ledger.
pub const ZVM_FEATURE_STORE: u32 = 4;
/// Serialised code.
pub const ZVM_FEATURE_ARTEFACT: u32 = 5;
/// The Singlepass compiler.
pub const ZVM_FEATURE_SINGLEPASS: u32 = 6;
/// The Cranelift compiler.
pub const ZVM_FEATURE_CRANELIFT: u32 = 7;

/// Everything that can be tested without a host.
pub const ZVM_SELFTEST_ALL: u32 = 0;
/// A panic is contained: ZVM_E_PANIC is the success of this one.
pub const ZVM_SELFTEST_PANIC: u32 = 1;
/// A contract that traps is contained; as ZVM_SELFTEST_ALL in this version.
pub const ZVM_SELFTEST_TRAP: u32 = 2;

/// The ABI of this library, as ZVM_ABI.
///
/// Ownership: none.
/// Thread: any.
#[unsafe(no_mangle)]
pub extern "C" fn zvm_abi_version() -> u32 {
    ZVM_ABI
}

/// Version, engines and compilers of this library.
///
/// Ownership: static.
/// Thread: any.
#[unsafe(no_mangle)]
pub extern "C" fn zvm_version_string() -> *const c_char {
    macro_rules! version {
        ($compilers:literal) => {
            concat!(
                "zvm ",
                env!("CARGO_PKG_VERSION"),
                " (abi 1.0; wasm: wasmer 7.4.2 ",
                $compilers,
                "; evm: revm 43)\0"
            )
        };
    }
    let version = match (cfg!(feature = "singlepass"), cfg!(feature = "cranelift")) {
        (true, true) => version!("singlepass cranelift"),
        (true, false) => version!("singlepass"),
        (false, _) => version!("cranelift"),
    };
    version.as_ptr().cast()
}

/// The version of a feature, 0 where this library does not have it.
///
/// Ownership: none.
/// Thread: any.
#[unsafe(no_mangle)]
pub extern "C" fn zvm_feature(id: u32) -> u32 {
    match id {
        ZVM_FEATURE_WASM | ZVM_FEATURE_EVM | ZVM_FEATURE_STORE | ZVM_FEATURE_ARTEFACT => 1,
        ZVM_FEATURE_SINGLEPASS => cfg!(feature = "singlepass").into(),
        ZVM_FEATURE_CRANELIFT => cfg!(feature = "cranelift").into(),
        _ => 0,
    }
}

/// Names by number, made when first asked for.
type Names = LazyLock<Vec<(u32, CString)>>;

static STATUSES: Names = LazyLock::new(|| names(Status::ALL.iter().map(|it| (*it as u32, it.constant()))));
static KINDS: Names = LazyLock::new(|| names(Kind::ALL.iter().map(|it| (*it as u32, it.constant()))));
static HALTS: Names = LazyLock::new(|| names(Halt::ALL.iter().map(|it| (*it as u32, it.constant()))));

fn names(all: impl Iterator<Item = (u32, String)>) -> Vec<(u32, CString)> {
    all.map(|(number, name)| (number, CString::new(name).unwrap_or_default())).collect()
}

fn name(export: &'static str, names: &'static Names, number: u32) -> *const c_char {
    let unknown = c"UNKNOWN".as_ptr();
    guard_plain(export, unknown, || {
        let found = names.iter().find(|(known, _)| *known == number);
        found.map_or(unknown, |(_, name)| name.as_ptr())
    })
}

/// The name of a status, such as HOST_PROTOCOL; never NULL.
///
/// Ownership: static.
/// Thread: any.
#[unsafe(no_mangle)]
pub extern "C" fn zvm_status_name(status: i32) -> *const c_char {
    name("zvm_status_name", &STATUSES, status.cast_unsigned())
}

/// The name of an outcome's kind, such as SUCCESS; never NULL.
///
/// Ownership: static.
/// Thread: any.
#[unsafe(no_mangle)]
pub extern "C" fn zvm_kind_name(kind: u32) -> *const c_char {
    name("zvm_kind_name", &KINDS, kind)
}

/// The name of a halt, such as UNREACHABLE; never NULL.
///
/// Ownership: static.
/// Thread: any.
#[unsafe(no_mangle)]
pub extern "C" fn zvm_halt_name(halt: u32) -> *const c_char {
    name("zvm_halt_name", &HALTS, halt)
}

/// Tests a part of this very build: use it where the library was built or linked by somebody
/// else. ZVM_SELFTEST_PANIC panics on purpose, so that anything but ZVM_E_PANIC is its failure.
///
/// Ownership: none.
/// Thread: any.
/// Statuses: OK, PANIC, ARGUMENT, INTERNAL and any other status of what is tested.
///
/// # Safety
/// `err` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_selftest(what: u32, err: *mut *mut zvm_error) -> i32 {
    // SAFETY: NULL or the caller's place.
    unsafe {
        guard("zvm_selftest", err, || match what {
            ZVM_SELFTEST_ALL | ZVM_SELFTEST_TRAP => crate::runtime::selftest::run(),
            ZVM_SELFTEST_PANIC => panic!("selftest"),
            other => Err(Error::new(Status::Argument, format!("there is no selftest {other}"))),
        })
    }
}
