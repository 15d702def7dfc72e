//! Room for the lattice schemes, which keep their matrices on the stack.

use corosensei::on_stack;
use corosensei::stack::DefaultStack;

/// Four times what ML-DSA-87, the hungriest, was seen to need (release, x86-64: below 256 KiB).
const BYTES: usize = 1 << 20;

/// Does the work on a stack of its own, so that a contract cannot overflow that of a small thread.
/// Where the system gives no memory for one, the caller's must do.
pub(super) fn roomy<R>(work: impl FnOnce() -> R) -> R {
    match DefaultStack::new(BYTES) {
        Ok(stack) => on_stack(stack, work),
        Err(_) => work(),
    }
}
