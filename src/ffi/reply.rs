//! Where a callback puts bytes of any length: fill, reserve, or lend.
//!
//! The bytes land here and never in a contract's memory: a host that writes more than it says,
//! or writes and then answers "absent", must not leave a trace that another host would not.

use std::ffi::c_void;

use super::guard::guard_plain;
use crate::error::{Error, Result, Status};
use crate::types::Bytes;

/// Where a callback puts bytes. Either write up to `cap` bytes to `buf` and set `len`; or ask
/// zvm_reply_reserve for more room first; or point `lent` to memory of your own that stays
/// valid until the next callback with the same context or the end of the library call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zvm_reply {
    /// The library's memory, zeroed.
    pub buf: *mut u8,
    /// Its size.
    pub cap: usize,
    /// To fill in: bytes of the answer.
    pub len: usize,
    /// To fill in when lending; NULL otherwise.
    pub lent: *const u8,
    /// The library's.
    pub owner: *mut c_void,
}

/// Room that suffices for most answers.
const ROOM: usize = 256;

/// The library's side of one reply.
pub(super) struct Room {
    buffer: Vec<u8>,
    most: usize,
}

impl Room {
    /// Room for an answer of at most `most` bytes.
    pub(super) fn new(most: usize) -> Box<Self> {
        Box::new(Self { buffer: Vec::new(), most })
    }

    /// A fresh reply over this room.
    pub(super) fn reply(&mut self) -> zvm_reply {
        self.buffer.clear();
        // Zeroed, so that a host that claims bytes it did not write gives no old ones.
        self.buffer.resize(ROOM.min(self.most), 0);
        zvm_reply {
            buf: self.buffer.as_mut_ptr(),
            cap: self.buffer.len(),
            len: 0,
            lent: std::ptr::null(),
            owner: std::ptr::from_mut(self).cast(),
        }
    }

    /// The answer in a reply that was made from this room.
    ///
    /// # Safety
    /// What the callback lent can be read for the length it gave.
    pub(super) unsafe fn answer(&self, reply: &zvm_reply) -> Result<Bytes> {
        if reply.len > self.most {
            return Err(protocol(format!("an answer of {} bytes, the limit is {}", reply.len, self.most)));
        }
        if reply.len == 0 {
            return Ok(Bytes::default());
        }
        if reply.lent.is_null() {
            let answer = self.buffer.get(..reply.len);
            return answer
                .map(Bytes::from)
                .ok_or_else(|| protocol("an answer longer than its buffer, and nothing lent"));
        }
        // SAFETY: the caller's promise; the length is within the limit.
        Ok(unsafe { std::slice::from_raw_parts(reply.lent, reply.len) }.into())
    }
}

fn protocol(message: impl Into<String>) -> Error {
    Error::new(Status::HostProtocol, message)
}

/// Makes room for `need` bytes in a reply and returns its new buffer, zeroed; NULL where that
/// is over the limit for this answer or `reply` is NULL. What was written before is lost.
///
/// Ownership: `reply` is borrowed; the buffer belongs to the library until the callback returns.
/// Thread: callback only.
///
/// # Safety
/// NULL or a reply inside an op of the running callback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_reply_reserve(reply: *mut zvm_reply, need: usize) -> *mut u8 {
    guard_plain("zvm_reply_reserve", std::ptr::null_mut(), || {
        // SAFETY: the caller's promise.
        let Some(reply) = (unsafe { reply.as_mut() }) else { return std::ptr::null_mut() };
        // SAFETY: `Room::reply` set the pointer, and the room outlives the callback.
        let Some(room) = (unsafe { reply.owner.cast::<Room>().as_mut() }) else {
            return std::ptr::null_mut();
        };
        if need > room.most {
            return std::ptr::null_mut();
        }
        let len = need.max(room.buffer.len());
        room.buffer.clear();
        room.buffer.resize(len, 0);
        (reply.buf, reply.cap) = (room.buffer.as_mut_ptr(), room.buffer.len());
        reply.buf
    })
}
