//! Stopping a call from outside: a token any thread may fire, and a deadline.
//!
//! Both give an error, never an outcome: where the clock decides, no consensus is possible.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::error::{Error, Result, Status};

/// A cancel token. It stays fired until it is reset.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// A token that is not fired.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops every call that carries this token. One atomic store, safe in a signal handler.
    pub fn fire(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Makes the token usable again.
    pub fn reset(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// Whether it was fired.
    #[must_use]
    pub fn is_fired(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What may stop one call from outside.
#[derive(Clone, Debug, Default)]
pub struct Stopwatch {
    interrupt: Option<Interrupt>,
    deadline: Option<Instant>,
}

impl Stopwatch {
    /// Watches a token and a point in time, each if given.
    #[must_use]
    pub fn new(interrupt: Option<Interrupt>, deadline: Option<Instant>) -> Self {
        Self { interrupt, deadline }
    }

    /// Whether anything could stop the call; if not, nobody need ask.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.interrupt.is_some() || self.deadline.is_some()
    }

    /// Whether the token was fired.
    #[must_use]
    pub fn is_fired(&self) -> bool {
        self.interrupt.as_ref().is_some_and(Interrupt::is_fired)
    }

    /// # Errors
    /// [`Status::Cancelled`] when the token was fired, [`Status::Deadline`] when time is up.
    pub fn check(&self) -> Result<()> {
        if self.is_fired() {
            return Err(Error::from(Status::Cancelled));
        }
        match self.deadline {
            Some(deadline) if Instant::now() >= deadline => Err(Error::from(Status::Deadline)),
            _ => Ok(()),
        }
    }
}
