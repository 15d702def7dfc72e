//! What the engine keeps with a session: interpreters, memories and analysed code.
//!
//! An interpreter's operand stack takes 32 KiB. To make one for each call would cost more than most
//! calls do, so those that are done wait here for the next.

use std::cell::RefCell;
use std::rc::Rc;

use hashbrown::HashMap;
use revm_bytecode::Bytecode;
use revm_interpreter::SharedMemory;
use revm_interpreter::interpreter::{EthInterpreter, Interpreter};

use crate::types::Word;

/// Interpreters kept at most: deeper calls make theirs, and are rare.
const INTERPRETERS: usize = 64;
/// Bytes of a memory that is kept at most: those given back come again page by page, which costs such a
/// call a tenth of its time. 30 million gas, once a block's, buy 3.8 MiB; only calls with more gas pass this.
const MEMORY_BYTES: usize = 16 << 20;

/// One memory, in which the frames of one run lie one above the other.
pub(super) type Buffer = Rc<RefCell<Vec<u8>>>;

/// The pool of one session. It holds what may not leave the session's thread, as the session does not.
#[derive(Default)]
pub(super) struct Workshop {
    #[expect(
        clippy::vec_box,
        reason = "a call takes the box; half a kilobyte would be moved there and back"
    )]
    interpreters: Vec<Box<Interpreter<EthInterpreter>>>,
    buffers: Vec<Buffer>,
    /// Code by its hash, analysed once in a session.
    pub(super) codes: HashMap<Word, Bytecode>,
}

impl Workshop {
    pub(super) fn interpreter(&mut self) -> Box<Interpreter<EthInterpreter>> {
        self.interpreters.pop().unwrap_or_else(|| Box::new(Interpreter::default()))
    }

    pub(super) fn take_back(&mut self, interpreter: Box<Interpreter<EthInterpreter>>) {
        if self.interpreters.len() < INTERPRETERS {
            self.interpreters.push(interpreter);
        }
    }

    pub(super) fn buffer(&mut self) -> Buffer {
        self.buffers.pop().unwrap_or_default()
    }

    pub(super) fn take_buffer_back(&mut self, buffer: Buffer) {
        let mut bytes = buffer.borrow_mut();
        bytes.clear();
        bytes.shrink_to(MEMORY_BYTES);
        drop(bytes);
        self.buffers.push(buffer);
    }
}

/// A memory over a buffer, of which all live frames together may use so many bytes.
pub(super) fn memory(buffer: &Buffer, limit: u64) -> SharedMemory {
    let mut memory = SharedMemory::new_with_buffer(Rc::clone(buffer));
    memory.set_memory_limit(limit);
    memory
}
