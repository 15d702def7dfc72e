//! Opaque handles: a tag that says what they are, and the value behind it.
//!
//! A handle is a small shell around a boxed value. Freeing takes the tag away, drops the value
//! and puts the shell in quarantine for a while, so that a second free or a use soon after
//! meets a cleared tag instead of freed memory. Best effort, not a promise: a pointer that never was
//! a handle cannot be told.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

use parking_lot::Mutex;

use crate::error::{Error, Result, Status};

/// A type that lives behind a handle.
pub(super) trait Handled: Sized {
    /// The C type that stands for it.
    type Handle;
    /// Eight letters no other type has.
    const TAG: u64;
    /// Its name in C.
    const NAME: &'static str;
}

/// Declares opaque handles.
macro_rules! handles {
    ($($(#[$doc:meta])+ $name:ident = $tag:literal holds $value:ty;)+) => {$(
        impl $crate::ffi::handle::Handled for $value {
            type Handle = $name;
            const TAG: u64 = u64::from_be_bytes(*$tag);
            const NAME: &'static str = stringify!($name);
        }
    )+};
}
pub(super) use handles;

struct Shell {
    tag: AtomicU64,
    value: AtomicPtr<()>,
}

/// Freed shells, the oldest first. The one static of the library: shells belong to no runtime,
/// because a freed handle no longer says which.
static QUARANTINE: Mutex<VecDeque<Box<Shell>>> = Mutex::new(VecDeque::new());
const QUARANTINED: usize = 256;

/// A new handle. The caller owns it.
pub(super) fn new<T: Handled>(value: T) -> *mut T::Handle {
    let value = AtomicPtr::new(Box::into_raw(Box::new(value)).cast());
    let shell = Box::new(Shell { tag: AtomicU64::new(T::TAG), value });
    Box::into_raw(shell).cast()
}

/// A handle that is valid for a time, again and again: between two times its tag is away.
pub(super) struct Recurring<T: Handled>(*mut T::Handle);

impl<T: Handled> Recurring<T> {
    /// A handle that is not valid yet.
    pub(super) fn new(value: T) -> Self {
        let recurring = Self(new(value));
        recurring.recall();
        recurring
    }

    /// Makes it valid.
    pub(super) fn lend(&self) -> *mut T::Handle {
        self.shell().tag.store(T::TAG, Ordering::Release);
        self.0
    }

    /// Ends its validity.
    pub(super) fn recall(&self) {
        self.shell().tag.store(0, Ordering::Release);
    }

    /// The value, whether it is lent or not.
    pub(super) fn value(&self) -> &T {
        // SAFETY: `new` put a value of this type there, and only our own drop takes it away.
        unsafe { &*self.shell().value.load(Ordering::Acquire).cast::<T>() }
    }

    fn shell(&self) -> &Shell {
        // SAFETY: `new` made the shell, and it lives until our own drop.
        unsafe { &*self.0.cast::<Shell>() }
    }
}

impl<T: Handled> Drop for Recurring<T> {
    fn drop(&mut self) {
        // SAFETY: valid again for a moment, so that it is freed like any other.
        drop(unsafe { free::<T>(self.lend()) });
    }
}

/// The value behind a handle; `None` for NULL or what is not such a handle. Allocates nothing.
///
/// # Safety
/// NULL, or a handle of this library that is not freed while the reference is used.
pub(super) unsafe fn peek<'a, T: Handled>(handle: *const T::Handle) -> Option<&'a T> {
    // SAFETY: NULL, a live shell, or one in quarantine.
    let shell = unsafe { handle.cast::<Shell>().as_ref()? };
    let ours = shell.tag.load(Ordering::Acquire) == T::TAG;
    // SAFETY: the tag says that the value is there and of this type.
    ours.then(|| unsafe { &*shell.value.load(Ordering::Acquire).cast::<T>() })
}

/// The value behind a handle.
///
/// # Errors
/// [`Status::Null`], or [`Status::Handle`] for what is not such a handle.
///
/// # Safety
/// As [`peek`].
pub(super) unsafe fn value<'a, T: Handled>(handle: *const T::Handle) -> Result<&'a T> {
    // SAFETY: the caller's promise.
    unsafe { peek(handle) }.ok_or_else(|| match handle.is_null() {
        true => Error::new(Status::Null, format!("{} is NULL", T::NAME)),
        false => Error::new(Status::Handle, format!("not a {}, or freed", T::NAME)),
    })
}

/// Frees a handle and returns its value; `None` for NULL or what is not such a handle.
///
/// # Safety
/// NULL, or a handle of this library; nobody uses its value any more.
pub(super) unsafe fn free<T: Handled>(handle: *mut T::Handle) -> Option<Box<T>> {
    // SAFETY: NULL, a live shell, or one in quarantine.
    let shell = unsafe { handle.cast::<Shell>().as_ref()? };
    // Exactly one of several who free it at once wins.
    shell.tag.compare_exchange(T::TAG, 0, Ordering::AcqRel, Ordering::Acquire).ok()?;
    let value = shell.value.swap(std::ptr::null_mut(), Ordering::AcqRel).cast::<T>();
    // SAFETY: `new` made the shell as a box, and its tag was ours to clear.
    let shell = unsafe { Box::from_raw(handle.cast::<Shell>()) };
    // Never waits: in a forked child the lock may be held by a thread that is not there.
    if let Some(mut quarantine) = QUARANTINE.try_lock() {
        quarantine.push_back(shell);
        if quarantine.len() > QUARANTINED {
            quarantine.pop_front();
        }
    }
    // SAFETY: `new` made the value as a box; the cleared tag keeps others away.
    Some(unsafe { Box::from_raw(value) })
}
