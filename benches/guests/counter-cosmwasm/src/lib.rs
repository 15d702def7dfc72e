//! The counter for CosmWasm: what the example counter does, and no more machinery than the interface asks
//! for. It reads neither environment nor message; a call has one heap, which ends with the instance.

#![no_std]

use core::ptr::addr_of_mut;

/// Bytes of the contract's memory. The layout is the machine's.
#[repr(C)]
struct Region {
    offset: u32,
    capacity: u32,
    length: u32,
}

impl Region {
    fn of(bytes: &[u8]) -> Self {
        let length = bytes.len() as u32;
        Self { offset: bytes.as_ptr() as u32, capacity: length, length }
    }
}

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn db_read(key: *const Region) -> *const Region;
    fn db_write(key: *const Region, value: *const Region);
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// Memory that is handed out once, enough for the arguments of one call.
static mut HEAP: [u64; 1024] = [0; 1024];
static mut USED: usize = 0;

#[unsafe(no_mangle)]
extern "C" fn allocate(size: u32) -> *mut Region {
    let bytes = size_of::<Region>().next_multiple_of(8) + (size as usize).next_multiple_of(8);
    // SAFETY: a contract has one thread, and nobody else names the two.
    unsafe {
        let at = USED;
        if at + bytes > size_of_val(&*addr_of_mut!(HEAP)) {
            panic!();
        }
        USED = at + bytes;
        let region: *mut Region = addr_of_mut!(HEAP).byte_add(at).cast();
        region.write(Region { offset: region as u32 + 16, capacity: size, length: 0 });
        region
    }
}

#[unsafe(no_mangle)]
extern "C" fn deallocate(_: *mut Region) {}

#[unsafe(no_mangle)]
extern "C" fn interface_version_8() {}

const KEY: &[u8] = b"count";

fn store(value: u64) {
    // SAFETY: both regions hold for the length of the call.
    unsafe { db_write(&Region::of(KEY), &Region::of(&value.to_be_bytes())) }
}

fn answer() -> *const Region {
    let text: &'static [u8] = br#"{"ok":{"messages":[],"attributes":[],"events":[],"data":null}}"#;
    let region = allocate(0);
    // SAFETY: it was just allocated.
    unsafe { region.write(Region::of(text)) };
    region
}

#[unsafe(no_mangle)]
extern "C" fn instantiate(_env: u32, _info: u32, _message: u32) -> *const Region {
    store(0);
    answer()
}

#[unsafe(no_mangle)]
extern "C" fn execute(_env: u32, _info: u32, _message: u32) -> *const Region {
    // SAFETY: the region holds for the length of the call; the answer is null or came from `allocate`, filled
    // with what was stored.
    let value = unsafe {
        match db_read(&Region::of(KEY)).as_ref() {
            Some(stored) => u64::from_be_bytes((stored.offset as *const [u8; 8]).read()),
            None => 0,
        }
    };
    match value.checked_add(1) {
        Some(value) => store(value),
        None => panic!(),
    }
    answer()
}
