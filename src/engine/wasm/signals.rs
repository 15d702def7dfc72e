//! Signals: who handles them, and on which threads they may arrive.
//!
//! Under [`SignalPolicy::Auto`](super::settings::SignalPolicy) a trap of a contract may be a
//! SIGSEGV, SIGILL or SIGFPE. Wasmer installs its handlers for them once in a process, when the first store is made, and knows no
//! other way; they hand on what no contract caused to the handlers they replaced. A handler that is
//! installed over them later gets the contract's traps and, knowing nothing of them, ends the
//! process; so does a thread that blocks them. Both are looked for before code runs.
//!
//! Under `SignalPolicy::None` the code checks for itself. Wasmer installs its handlers all the
//! same, so it is made to do so at once and they are taken off again.

use std::cell::Cell;
use std::mem::MaybeUninit;

use libc::{SIG_BLOCK, SIG_SETMASK, SIG_UNBLOCK, SIGBUS, SIGFPE, SIGILL, SIGSEGV, sigaction, sigset_t};
use parking_lot::Mutex;
use wasmer::sys::vm::init_traps;

use crate::error::{Error, Result, Status};

/// What a trap may come as here: what wasmer installs handlers for.
const TRAPS: &[i32] = if cfg!(all(target_vendor = "apple", target_arch = "x86_64")) {
    &[SIGSEGV, SIGILL, SIGFPE, SIGBUS]
} else if cfg!(any(target_arch = "x86_64", target_arch = "x86")) {
    &[SIGSEGV, SIGILL, SIGFPE]
} else if cfg!(any(target_vendor = "apple", target_arch = "arm")) {
    &[SIGSEGV, SIGILL, SIGBUS]
} else {
    &[SIGSEGV, SIGILL]
};

/// The handlers of this process, as handlers are the process's.
static HANDLERS: Mutex<Option<Handlers>> = Mutex::new(None);

struct Handlers {
    /// What wasmer installed, in the order of [`TRAPS`].
    ours: Vec<sigaction>,
    /// Whether we mean them to be in place.
    wanted: bool,
}

thread_local! {
    /// Whether this thread was last seen to block what a trap may come as.
    static BLOCKS: Cell<bool> = const { Cell::new(false) };
    /// When this thread last looked.
    static LOOKED: Cell<(libc::time_t, libc::c_long)> = const { Cell::new((0, 0)) };
}

/// Has wasmer install its handlers now, and takes them off again. Where they are in place for
/// another runtime of this process they stay.
pub(super) fn renounce() {
    let mut handlers = HANDLERS.lock();
    if handlers.is_none() {
        let before: Vec<_> = TRAPS.iter().map(|signal| action(*signal)).collect();
        *handlers = Some(Handlers::first());
        TRAPS.iter().zip(&before).for_each(|(signal, before)| replace(*signal, before));
    }
}

/// Makes sure that a trap on this thread reaches its handler. It takes a few system calls, so it
/// is done before the first run of each code in a session, and for later ones by
/// [`expect_again`].
///
/// # Errors
/// [`Status::State`] where another handler was installed over ours.
pub(super) fn expect() -> Result<()> {
    LOOKED.set(tick());
    BLOCKS.set(blocks_traps());
    let mut handlers = HANDLERS.lock();
    let handlers = handlers.get_or_insert_with(|| Handlers { wanted: true, ..Handlers::first() });
    if !handlers.wanted {
        handlers.wanted = true;
        handlers.install();
    }
    match handlers.missing().next() {
        None => Ok(()),
        Some((signal, _)) => Err(Error::new(
            Status::State,
            format!(
                "another handler of signal {signal} was installed over the runtime's; ensure the signals"
            ),
        )),
    }
}

/// As [`expect`], if the system's coarse clock, a few nanoseconds to read, has gone on since: a
/// change is seen within some milliseconds.
pub(super) fn expect_again() -> Result<()> {
    if LOOKED.get() == tick() { Ok(()) } else { expect() }
}

/// Puts the handlers back where others were installed over them.
pub(super) fn ensure() {
    let mut handlers = HANDLERS.lock();
    let handlers = handlers.get_or_insert_with(Handlers::first);
    handlers.wanted = true;
    handlers.install();
}

impl Handlers {
    /// Wasmer's, which it installs with the first call of this in the process.
    fn first() -> Self {
        init_traps();
        Self { ours: TRAPS.iter().map(|signal| action(*signal)).collect(), wanted: false }
    }

    fn missing(&self) -> impl Iterator<Item = (i32, &sigaction)> {
        let all = TRAPS.iter().copied().zip(&self.ours);
        all.filter(|(signal, ours)| action(*signal).sa_sigaction != ours.sa_sigaction)
    }

    fn install(&self) {
        self.missing().for_each(|(signal, ours)| replace(signal, ours));
    }
}

fn action(signal: i32) -> sigaction {
    let mut action = MaybeUninit::zeroed();
    // SAFETY: a NULL action is only read; the place is large enough, and zeros are a value of it.
    unsafe {
        libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr());
        action.assume_init()
    }
}

fn replace(signal: i32, action: &sigaction) {
    // SAFETY: an action that the system gave us for this signal, unchanged.
    unsafe { libc::sigaction(signal, action, std::ptr::null_mut()) };
}

#[cfg(any(target_os = "linux", target_os = "android"))]
const COARSE: libc::clockid_t = libc::CLOCK_MONOTONIC_COARSE;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const COARSE: libc::clockid_t = libc::CLOCK_MONOTONIC;

fn tick() -> (libc::time_t, libc::c_long) {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the place is ours.
    unsafe { libc::clock_gettime(COARSE, &raw mut now) };
    // To the millisecond, for clocks that are finer.
    (now.tv_sec, now.tv_nsec / 1_000_000)
}

fn blocks_traps() -> bool {
    let blocked = mask(SIG_BLOCK, None);
    // SAFETY: a set that the system filled in.
    TRAPS.iter().any(|signal| unsafe { libc::sigismember(&blocked, *signal) } == 1)
}

/// Signals blocked, or let through, on this thread until it is dropped.
pub(super) struct Blocked {
    before: sigset_t,
}

impl Blocked {
    /// Lets through what a trap may come as, if this thread was last seen to block it.
    pub(super) fn no_traps() -> Option<Self> {
        BLOCKS.get().then(|| {
            let mut traps = MaybeUninit::zeroed();
            // SAFETY: the place is a signal set, and the signals exist.
            let traps = unsafe {
                libc::sigemptyset(traps.as_mut_ptr());
                for signal in TRAPS {
                    libc::sigaddset(traps.as_mut_ptr(), *signal);
                }
                traps.assume_init()
            };
            Self { before: mask(SIG_UNBLOCK, Some(&traps)) }
        })
    }

    /// Blocks every signal, so that a thread made now receives none.
    pub(super) fn every_signal() -> Self {
        let mut all = MaybeUninit::zeroed();
        // SAFETY: the place is a signal set.
        let all = unsafe {
            libc::sigfillset(all.as_mut_ptr());
            all.assume_init()
        };
        Self { before: mask(SIG_BLOCK, Some(&all)) }
    }
}

impl Drop for Blocked {
    fn drop(&mut self) {
        mask(SIG_SETMASK, Some(&self.before));
    }
}

fn mask(how: i32, change: Option<&sigset_t>) -> sigset_t {
    let mut before = MaybeUninit::zeroed();
    let change = change.map_or(std::ptr::null(), std::ptr::from_ref);
    // SAFETY: NULL or a set to read, and a place for one.
    unsafe {
        libc::pthread_sigmask(how, change, before.as_mut_ptr());
        before.assume_init()
    }
}
