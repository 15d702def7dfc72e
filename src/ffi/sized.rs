//! Structs that begin with their size, and out-parameters.
//!
//! A caller of an older header fills fewer fields: the rest is zero, which is the default. A
//! caller of a newer one may leave the fields we do not know zero; anything else asks for
//! something we cannot do and is refused.

use crate::error::{Error, Result, Status};

/// A struct of the ABI that begins with `uint32_t struct_size`.
///
/// # Safety
/// `repr(C)`, the first field is the size, and all bytes zero are a value.
pub(super) unsafe trait Sized32: Copy {
    /// Its name in C.
    const NAME: &'static str;
    /// Its size in version 1 of the ABI: smaller is refused.
    const FIRST: usize;
}

/// Larger than any struct of this ABI will be: a size beyond is garbage.
const MOST: usize = 4096;

/// Declares size-first structs and pins their layout on 64-bit machines: its size, and where it
/// has grown the size it began with.
macro_rules! sized {
    (@first $size:literal) => { $size };
    (@first $size:literal $first:literal) => { $first };
    ($($name:ident = $size:literal $(since $first:literal)?;)+) => {$(
        // SAFETY: `repr(C)` with `struct_size: u32` first (asserted), plain integers, pointers and
        // optional functions after it.
        unsafe impl $crate::ffi::sized::Sized32 for $name {
            const NAME: &'static str = stringify!($name);
            const FIRST: usize = if cfg!(target_pointer_width = "64") {
                $crate::ffi::sized::sized!(@first $size $($first)?)
            } else {
                std::mem::size_of::<Self>()
            };
        }
        const _: () = {
            assert!(std::mem::offset_of!($name, struct_size) == 0);
            assert!(cfg!(not(target_pointer_width = "64")) || std::mem::size_of::<$name>() == $size);
        };
    )+};
}
pub(super) use sized;

/// Reads a caller's struct, zero where its size ends before ours.
///
/// # Safety
/// NULL, or `struct_size` bytes that can be read.
pub(super) unsafe fn read<T: Sized32>(from: *const T) -> Result<T> {
    // SAFETY: the caller's promise.
    let size = unsafe { size::<T>(from)? };
    let known = size.min(size_of::<T>());
    // SAFETY: all bytes zero are a value of a Sized32.
    let mut value: T = unsafe { std::mem::zeroed() };
    // SAFETY: `known` bytes can be read there, and `value` has as many.
    unsafe { std::ptr::copy_nonoverlapping(from.cast::<u8>(), (&raw mut value).cast::<u8>(), known) };
    // SAFETY: `size` bytes can be read there; none where it is not beyond ours.
    let tail = unsafe { std::slice::from_raw_parts(from.cast::<u8>().add(known), size - known) };
    match tail.iter().all(|byte| *byte == 0) {
        true => Ok(value),
        false => Err(Error::new(
            Status::Unsupported,
            format!("{} uses fields this library does not know", T::NAME),
        )),
    }
}

/// Writes a caller's out-struct: our fields as far as its size goes, zero beyond them.
///
/// # Safety
/// NULL, or `struct_size` bytes that can be read and written.
pub(super) unsafe fn write<T: Sized32>(to: *mut T, value: &T) -> Result<()> {
    // SAFETY: the caller's promise.
    let size = unsafe { size::<T>(to)? };
    let known = size.min(size_of::<T>());
    let field = size_of::<u32>();
    // SAFETY: `size` bytes can be written there, `known` read from `value`; the size itself,
    // which comes first, stays the caller's.
    unsafe {
        let (to, from) = (to.cast::<u8>(), std::ptr::from_ref(value).cast::<u8>());
        std::ptr::copy_nonoverlapping(from.add(field), to.add(field), known - field);
        std::ptr::write_bytes(to.add(known), 0, size - known);
    }
    Ok(())
}

/// Zeroes a caller's out-struct so that it is written on every path.
///
/// # Safety
/// As [`write`].
pub(super) unsafe fn clear<T: Sized32>(to: *mut T) -> Result<()> {
    // SAFETY: all bytes zero are a value of a Sized32.
    let zero: T = unsafe { std::mem::zeroed() };
    // SAFETY: the caller's promise.
    unsafe { write(to, &zero) }
}

/// # Safety
/// NULL, or at least 4 bytes that can be read.
unsafe fn size<T: Sized32>(at: *const T) -> Result<usize> {
    if at.is_null() {
        return Err(Error::new(Status::Null, format!("{} is NULL", T::NAME)));
    }
    // SAFETY: the size comes first.
    let size = unsafe { at.cast::<u32>().read() } as usize;
    match size {
        size if size < T::FIRST => Err(Error::new(
            Status::StructSize,
            format!("{} has size {size}, at least {} is needed", T::NAME, T::FIRST),
        )),
        size if size > MOST => Err(Error::new(Status::StructSize, format!("{} has size {size}", T::NAME))),
        size => Ok(size),
    }
}

/// An out-parameter for one value. It is set to what an empty answer is at once.
pub(super) struct Out<T>(*mut T);

impl<T> Out<T> {
    /// # Safety
    /// NULL, or a place that can be written for as long as this value lives.
    pub(super) unsafe fn new(place: *mut T, name: &str, empty: T) -> Result<Self> {
        if place.is_null() {
            return Err(Error::new(Status::Null, format!("{name} is NULL")));
        }
        // SAFETY: not NULL and writable by the caller's promise.
        unsafe { place.write(empty) };
        Ok(Self(place))
    }

    pub(super) fn set(&self, value: T) {
        // SAFETY: `new` checked the place, and its caller promised it for this long.
        unsafe { self.0.write(value) };
    }
}

/// A reference from a pointer that may be NULL.
///
/// # Safety
/// NULL, or a value that can be read for as long as the reference is used.
pub(super) unsafe fn reference<'a, T>(from: *const T, name: &str) -> Result<&'a T> {
    // SAFETY: the caller's promise.
    unsafe { from.as_ref() }.ok_or_else(|| Error::new(Status::Null, format!("{name} is NULL")))
}

/// A list from a pointer that may be NULL.
///
/// # Safety
/// NULL, or `count` values that can be read for as long as the list is used.
pub(super) unsafe fn list<'a, T>(from: *const T, count: usize, name: &str) -> Result<&'a [T]> {
    if from.is_null() {
        return Err(Error::new(Status::Null, format!("{name} is NULL")));
    }
    // SAFETY: not NULL, and readable by the caller's promise.
    Ok(unsafe { std::slice::from_raw_parts(from, count) })
}
