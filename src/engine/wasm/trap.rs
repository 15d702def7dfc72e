//! What happens where code traps: the machine faults at an instruction that the compiler put there for it.
//!
//! Wasmer answers with a trace of the native stack, taken in the handler of the signal. Nobody reads it, it takes
//! ten times as long as a call, and where the system's unwinder looks through all loaded code piece by piece, as
//! libgcc's did before version 13, it takes longer with every code that is loaded: 0.2 ms with 4,000. So the
//! handler notes why the code trapped and lets it go on with a function of ours, which ends it as a host
//! function would.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

use libc::c_void;
use wasmer::RuntimeError;
use wasmer::sys::vm::{Trap, TrapCode, TrapHandlerFn, raise_user_trap};
use wasmer_compiler::FRAME_INFO;

use super::memory::Memory;
use super::running::Stopped;
use crate::error::{Error, Result, Status};
use crate::outcome::Halt;

/// The faults of one instance's code.
pub(super) struct Traps {
    memory: Option<Arc<Memory>>,
    /// The place in [`CODES`] of why the code trapped, [`NONE`] where it did not.
    why: AtomicU8,
}

/// What code may trap with, by the number that compilers know it by.
const CODES: [TrapCode; 10] = [
    TrapCode::StackOverflow,
    TrapCode::HeapAccessOutOfBounds,
    TrapCode::HeapMisaligned,
    TrapCode::TableAccessOutOfBounds,
    TrapCode::IndirectCallToNull,
    TrapCode::BadSignature,
    TrapCode::IntegerOverflow,
    TrapCode::IntegerDivisionByZero,
    TrapCode::BadConversionToInteger,
    TrapCode::UnreachableCodeReached,
];

const NONE: u8 = u8::MAX;

impl Traps {
    pub(super) fn new(memory: Option<Arc<Memory>>) -> Self {
        Self { memory, why: AtomicU8::new(NONE) }
    }

    /// Faults of writes to closed pages are the memory's. Of the others, those of the code are noted; what is
    /// left is wasmer's to judge.
    pub(super) fn handler(self: &Arc<Self>) -> Box<TrapHandlerFn<'static>> {
        let traps = Arc::clone(self);
        Box::new(move |_, info, context| {
            // SAFETY: the kernel's description of the signal. Other signals than those of memory
            // have no address; what stands there then is no address of ours or a page that is open.
            let address = unsafe { (*info).si_addr() } as usize;
            let opened = traps.memory.as_ref().is_some_and(|memory| memory.faulted(address));
            // SAFETY: what the kernel restores when this returns.
            opened || unsafe { traps.leave(context.cast_mut()) }
        })
    }

    /// Lets code that trapped go on with its end. False where it is not known to be code that did.
    ///
    /// # Safety
    /// `context` is what the kernel restores when the signal's handler returns.
    unsafe fn leave(&self, context: *mut c_void) -> bool {
        // SAFETY: the caller's promise.
        let Some(thread) = (unsafe { thread::Interrupted::of(context) }) else { return false };
        let why = reason(thread.instruction()).and_then(|why| CODES.iter().position(|code| *code == why));
        let Some(why) = why else { return false };
        self.why.store(why as u8, Relaxed);
        thread.go_on_with(end);
        true
    }

    /// The trap that ended the code, if one did.
    pub(super) fn take(&self) -> Option<Trap> {
        let why = CODES.get(usize::from(self.why.swap(NONE, Relaxed)));
        why.map(|why| Trap::wasm(0, Vec::new().into(), Some(*why)))
    }
}

/// Why the code traps that has an instruction there, as the compiler listed it or wrote it into the instruction.
/// `None` where no code is, or where its list is locked because another code is being loaded: then wasmer finds out.
fn reason(instruction: usize) -> Option<TrapCode> {
    let known = FRAME_INFO.try_read().ok()?;
    known.lookup_trap_info(instruction).map(|trap| trap.trap_code).or_else(|| {
        known.lookup_frame_info(instruction)?;
        // SAFETY: an instruction of code that is loaded, and runs.
        let number = unsafe { thread::payload(instruction) }?;
        CODES.get(usize::from(number)).copied()
    })
}

/// Ends the code on whose stack it runs.
extern "C" fn end() -> ! {
    // SAFETY: only code that trapped goes on here: it is on the stack, and nothing that must be dropped.
    unsafe { raise_user_trap(Box::new(Stopped)) }
}

/// The halt a trap of the code is. A trap the instrumentation rules out is a defect of ours.
pub(super) fn halt(trap: Trap) -> Result<Halt> {
    let error = RuntimeError::from(trap);
    let message = error.message();
    match error.to_trap() {
        Some(TrapCode::UnreachableCodeReached) => Ok(Halt::Unreachable),
        Some(TrapCode::HeapAccessOutOfBounds) => Ok(Halt::MemoryBounds),
        Some(TrapCode::TableAccessOutOfBounds) => Ok(Halt::TableBounds),
        Some(TrapCode::IndirectCallToNull) => Ok(Halt::IndirectNull),
        Some(TrapCode::BadSignature) => Ok(Halt::IndirectType),
        Some(TrapCode::IntegerDivisionByZero) => Ok(Halt::DivideByZero),
        Some(TrapCode::IntegerOverflow) => Ok(Halt::IntegerOverflow),
        Some(TrapCode::BadConversionToInteger) => Ok(Halt::BadConversion),
        other => Err(Error::new(
            Status::Internal,
            format!("the code ended in a way it cannot: {other:?}, {message}"),
        )),
    }
}

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod thread {
    use libc::{c_void, ucontext_t};

    /// Bytes below the stack pointer that the interrupted function may use without asking.
    const RED_ZONE: u64 = 128;
    /// What the upper half of a number has that stands in an instruction which always faults.
    const MARK: u8 = 0xc0;

    fn marked(number: u8) -> Option<u8> {
        (number & 0xf0 == MARK).then_some(number & 0x0f)
    }

    /// The number that stands in an instruction which always faults, as Singlepass writes it: UD1 on registers.
    ///
    /// # Safety
    /// An instruction is there.
    #[cfg(target_arch = "x86_64")]
    pub(super) unsafe fn payload(instruction: usize) -> Option<u8> {
        // SAFETY: the caller's promise; UD1 with its operand takes three bytes, four with a prefix, and each is
        // read only where the one before it says that it is there.
        let byte = |at: usize| unsafe { ((instruction + at) as *const u8).read() };
        let at = usize::from(byte(0) & 0xf0 == 0x40);
        if byte(at) == 0x0f && byte(at + 1) == 0xb9 { marked(byte(at + 2)) } else { None }
    }

    /// The number that stands in an instruction which always faults, as Singlepass writes it: UDF.
    ///
    /// # Safety
    /// An instruction is there.
    #[cfg(target_arch = "aarch64")]
    pub(super) unsafe fn payload(instruction: usize) -> Option<u8> {
        // SAFETY: the caller's promise; instructions are words.
        let word = unsafe { (instruction as *const u32).read_unaligned() };
        if word >> 16 == 0 { marked(word as u8) } else { None }
    }

    /// A thread that a signal interrupted.
    pub(super) struct Interrupted<'a>(&'a mut ucontext_t);

    impl Interrupted<'_> {
        /// # Safety
        /// `context` is what the kernel restores when the signal's handler returns.
        pub(super) unsafe fn of(context: *mut c_void) -> Option<Self> {
            // SAFETY: the caller's promise.
            unsafe { context.cast::<ucontext_t>().as_mut() }.map(Self)
        }
    }

    #[cfg(target_arch = "x86_64")]
    impl Interrupted<'_> {
        pub(super) fn instruction(&self) -> usize {
            self.0.uc_mcontext.gregs[libc::REG_RIP as usize] as usize
        }

        /// As if that function had been called where the thread was.
        pub(super) fn go_on_with(self, function: extern "C" fn() -> !) {
            let registers = &mut self.0.uc_mcontext.gregs;
            let stack = registers[libc::REG_RSP as usize] as u64;
            // A function begins 8 bytes below a multiple of 16, where its return address would be.
            registers[libc::REG_RSP as usize] = (((stack - RED_ZONE) & !15) - 8) as i64;
            registers[libc::REG_RIP as usize] = function as usize as i64;
        }
    }

    #[cfg(target_arch = "aarch64")]
    impl Interrupted<'_> {
        pub(super) fn instruction(&self) -> usize {
            self.0.uc_mcontext.pc as usize
        }

        /// As if that function had been called where the thread was.
        pub(super) fn go_on_with(self, function: extern "C" fn() -> !) {
            let registers = &mut self.0.uc_mcontext;
            registers.sp = (registers.sp - RED_ZONE) & !15;
            registers.pc = function as usize as u64;
        }
    }
}

/// Elsewhere the long way is taken.
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
mod thread {
    use libc::c_void;

    /// # Safety
    /// None: nothing is looked at.
    pub(super) unsafe fn payload(_: usize) -> Option<u8> {
        None
    }

    /// A thread that a signal interrupted: never one that we know how to send elsewhere.
    pub(super) enum Interrupted {}

    impl Interrupted {
        /// # Safety
        /// None: nothing is looked at.
        pub(super) unsafe fn of(_: *mut c_void) -> Option<Self> {
            None
        }

        pub(super) fn instruction(&self) -> usize {
            match *self {}
        }

        pub(super) fn go_on_with(self, _: extern "C" fn() -> !) {
            match self {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CODES;

    #[test]
    fn the_codes_stand_at_their_numbers() {
        assert!(CODES.iter().enumerate().all(|(at, code)| *code as usize == at));
    }
}
