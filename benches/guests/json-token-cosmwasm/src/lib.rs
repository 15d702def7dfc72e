//! The JSON token as a contract for CosmWasm: `instantiate` and `execute` with the machine's own regions,
//! without the crate that would hide them.

#![no_std]

extern crate alloc;

mod region;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use json_token::{Error, Response, Store, execute as act, instantiate as begin};
use serde::{Deserialize, Serialize};

use region::Region;

#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn db_read(key: *const Region) -> *mut Region;
    fn db_write(key: *const Region, value: *const Region);
}

struct Storage;

impl Store for Storage {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        // SAFETY: the region is the key's for the length of the call; what comes back is null or was made by `allocate`.
        unsafe {
            let value = db_read(&Region::of(key));
            (!value.is_null()).then(|| Region::take(value))
        }
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        // SAFETY: both regions hold for the length of the call.
        unsafe { db_write(&Region::of(key), &Region::of(value)) }
    }
}

/// Who calls. What else the machine tells is skipped, the environment unread.
#[derive(Deserialize)]
struct Info {
    sender: String,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Ok(Response),
    Error(String),
}

/// # Safety
/// The regions were made by `allocate`, and are the contract's from here on.
unsafe fn run(
    info: *mut Region,
    message: *mut Region,
    work: fn(&mut dyn Store, &str, &[u8]) -> Result<Response, Error>,
) -> *mut Region {
    // SAFETY: as the caller promises.
    let (info, message) = unsafe { (Region::take(info), Region::take(message)) };
    let done = serde_json::from_slice(&info)
        .map_err(Error::from)
        .and_then(|Info { sender }| work(&mut Storage, &sender, &message));
    let answer = match done {
        Ok(response) => Answer::Ok(response),
        Err(error) => Answer::Error(error.to_string()),
    };
    Region::give(serde_json::to_vec(&answer).unwrap_or_default())
}

#[unsafe(no_mangle)]
unsafe extern "C" fn instantiate(_env: *mut Region, info: *mut Region, message: *mut Region) -> *mut Region {
    // SAFETY: the machine calls with regions that it asked `allocate` for.
    unsafe { run(info, message, begin) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn execute(_env: *mut Region, info: *mut Region, message: *mut Region) -> *mut Region {
    // SAFETY: as in `instantiate`.
    unsafe { run(info, message, act) }
}

#[unsafe(no_mangle)]
extern "C" fn interface_version_8() {}

#[unsafe(no_mangle)]
extern "C" fn allocate(size: u32) -> *mut Region {
    Region::give(Vec::with_capacity(size as usize))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn deallocate(region: *mut Region) {
    // SAFETY: the machine gives back what it was given.
    drop(unsafe { Region::take(region) });
}
