//! The panic boundary around every exported function.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use super::error::{self, zvm_error};
use crate::error::{Error, Result, Status};

thread_local! {
    /// How many of our functions this thread is inside of.
    static INSIDE: Cell<u32> = const { Cell::new(0) };
    /// Where the last contained panic was.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs an exported function that can fail: its status is returned, its error goes to `err`
/// unless that is NULL.
///
/// # Safety
/// `err` is NULL or a place that can be written.
pub(super) unsafe fn guard(
    name: &'static str,
    err: *mut *mut zvm_error,
    work: impl FnOnce() -> Result<()>,
) -> i32 {
    if !err.is_null() {
        // SAFETY: not NULL and writable by the caller's promise.
        unsafe { err.write(std::ptr::null_mut()) };
    }
    let Err(failure) = contain(name, work) else { return Status::Ok as i32 };
    let status = failure.status as i32;
    if !err.is_null() {
        // SAFETY: as above.
        unsafe { err.write(error::new(failure)) };
    }
    status
}

/// Runs an exported function that cannot fail; a defect of ours gives `otherwise`.
pub(super) fn guard_plain<T>(name: &'static str, otherwise: T, work: impl FnOnce() -> T) -> T {
    contain(name, || Ok(work())).unwrap_or(otherwise)
}

fn contain<T>(name: &'static str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    install_hook();
    let errno = errno::errno();
    INSIDE.set(INSIDE.get() + 1);
    let caught = catch_unwind(AssertUnwindSafe(|| {
        inject(name);
        work()
    }));
    INSIDE.set(INSIDE.get() - 1);
    // The caller's, whatever the system said to us.
    errno::set_errno(errno);
    caught.unwrap_or_else(|payload| {
        let place = PLACE.take();
        Err(Error::new(Status::Panic, format!("panic in {name}: {} {place}", text(&*payload))))
    })
}

/// Runs foreign code: a panic in there is not ours to silence.
pub(super) fn outside<T>(work: impl FnOnce() -> T) -> T {
    let depth = INSIDE.replace(0);
    let done = work();
    INSIDE.set(depth);
    done
}

fn text(payload: &(dyn Any + Send)) -> &str {
    let owned = payload.downcast_ref::<String>().map(String::as_str);
    owned.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("of unknown kind")
}

/// Keeps panics of ours silent, and hands all others to the hook that was there before.
fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if INSIDE.get() == 0 {
                previous(info);
            } else if let Some(place) = info.location() {
                PLACE.set(format!("at {}:{}", place.file(), place.line()));
            }
        }));
    });
}

#[cfg(not(debug_assertions))]
fn inject(_: &str) {}

#[cfg(debug_assertions)]
fn inject(name: &str) {
    if injection::take(name) {
        panic!("injected");
    }
}

/// Lets a test make a chosen export panic behind its guard. Not in optimised builds.
#[cfg(debug_assertions)]
pub mod injection {
    use std::cell::RefCell;

    thread_local! {
        static ARMED: RefCell<String> = const { RefCell::new(String::new()) };
    }

    /// The next call of this export on this thread panics.
    pub fn arm(name: &str) {
        ARMED.set(name.to_owned());
    }

    pub(super) fn take(name: &str) -> bool {
        ARMED.with_borrow_mut(|armed| {
            let hit = armed == name;
            if hit {
                armed.clear();
            }
            hit
        })
    }
}
