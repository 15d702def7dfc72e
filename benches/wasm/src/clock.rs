//! Nanoseconds.

use rustix::time::{ClockId, clock_gettime};

/// Of this thread's work, whatever else the machine does.
#[must_use]
pub fn thread() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// Of all threads of this process.
#[must_use]
pub fn process() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}
