//! How each op is made to break its word.

use std::cell::Cell;

use zvm::ffi::frame::zvm_frame_fail;
use zvm::ffi::interrupt::{zvm_interrupt, zvm_interrupt_new};
use zvm::ffi::reply::zvm_reply;
use zvm::ffi::tables::*;
use zvm::ffi::types::zvm_bytes;

use super::faults::Fault;
use super::host::Inside;

/// An op whose callback can be made to misbehave.
pub(crate) trait Misbehave: Copy + 'static {
    /// Where bytes go, if it has such a place.
    fn reply(&mut self) -> Option<&mut zvm_reply> {
        None
    }

    /// What the host must not change, each as a change of it.
    const INPUTS: &'static [fn(&mut Self)];

    /// Breaks the n-th of its own fields. Called after honest work.
    fn break_field(&mut self, _nth: u32, _inside: &mut Inside) {
        panic!("no such field");
    }

    fn head(&mut self) -> &mut zvm_op;

    /// Does wrong, and returns what the callback then returns.
    fn misbehave(
        &mut self,
        fault: Fault,
        inside: &mut Inside,
        honest: impl FnOnce(&mut Inside, &mut Self) -> i32,
    ) -> i32 {
        match fault {
            Fault::Returns(code) => code,
            Fault::Says => {
                let text = zvm_bytes { ptr: c"the disk is on fire".as_ptr().cast(), len: 19 };
                // SAFETY: the running callback's frame.
                unsafe { zvm_frame_fail(self.head().frame, 42, text, std::ptr::null_mut()) };
                ZVM_CB_FAIL
            }
            Fault::DoesAndFails => {
                honest(inside, self);
                ZVM_CB_FAIL
            }
            Fault::Length(len) => self.lend(std::ptr::null(), len),
            Fault::LendsTooMuch => {
                static MUCH: [u8; 1 << 23] = [7; 1 << 23];
                self.lend(MUCH.as_ptr(), MUCH.len())
            }
            Fault::LendsWild(len) => self.lend(std::ptr::without_provenance(8), len),
            Fault::Head(field) => {
                let said = honest(inside, self);
                let head = self.head();
                match field {
                    0 => head.struct_size ^= 8,
                    1 => head.depth ^= 1,
                    2 => head.frame = std::ptr::without_provenance_mut(8),
                    _ => head.gas_left ^= 1,
                }
                said
            }
            Fault::Input(nth) => {
                let said = honest(inside, self);
                Self::INPUTS[nth as usize](self);
                said
            }
            Fault::Field(nth) => {
                honest(inside, self);
                self.break_field(nth, inside);
                ZVM_CB_DONE
            }
        }
    }

    fn lend(&mut self, lent: *const u8, len: usize) -> i32 {
        let reply = self.reply().expect("a place for bytes");
        (reply.lent, reply.len) = (lent, len);
        ZVM_CB_DONE
    }
}

macro_rules! head {
    () => {
        fn head(&mut self) -> &mut zvm_op {
            &mut self.op
        }
    };
}

macro_rules! reply {
    ($field:ident) => {
        fn reply(&mut self) -> Option<&mut zvm_reply> {
            Some(&mut self.$field)
        }
    };
}

impl Misbehave for zvm_get_op {
    const INPUTS: &'static [fn(&mut Self)] = &[
        |op| op.account.bytes[0] ^= 1,
        |op| op.key.ptr = std::ptr::without_provenance(8),
        |op| op.key.len += 1,
        |op| op.value.owner = std::ptr::null_mut(),
    ];
    head!();
    reply!(value);
}

impl Misbehave for zvm_commit_op {
    const INPUTS: &'static [fn(&mut Self)] = &[
        |op| op.changes = std::ptr::without_provenance(8),
        |op| op.count += 1,
        |op| op.logs = std::ptr::without_provenance(8),
        |op| op.log_count += 1,
        |op| op.session_id ^= 1,
        |op| op.serial ^= 1,
    ];
    head!();
}

impl Misbehave for zvm_block_hash_op {
    const INPUTS: &'static [fn(&mut Self)] = &[|op| op.number ^= 1];
    head!();
}

impl Misbehave for zvm_admit_op {
    const INPUTS: &'static [fn(&mut Self)] = &[
        |op| op.code.len -= 1,
        |op| op.hash.bytes[0] ^= 1,
        |op| op.creator.bytes[0] ^= 1,
        |op| op.contract.bytes[0] ^= 1,
        |op| op.engine ^= 1,
    ];
    head!();
}

impl Misbehave for zvm_query_op {
    const INPUTS: &'static [fn(&mut Self)] =
        &[|op| op.kind ^= 1, |op| op.request.len += 1, |op| op.answer.owner = std::ptr::null_mut()];
    head!();
    reply!(answer);
}

impl Misbehave for zvm_log_op {
    const INPUTS: &'static [fn(&mut Self)] = &[|op| op.level = 99, |op| op.message.len = 0];
    head!();
}

impl Misbehave for zvm_get_many_op {
    fn reply(&mut self) -> Option<&mut zvm_reply> {
        // SAFETY: the op lists at least one slot.
        let slot = unsafe { &mut *self.slots };
        slot.found = 1;
        Some(&mut slot.value)
    }

    const INPUTS: &'static [fn(&mut Self)] = &[|op| op.count += 1, |op| op.slots = std::ptr::null_mut()];

    fn break_field(&mut self, _: u32, _: &mut Inside) {
        // SAFETY: as above.
        unsafe { (*self.slots).found = 2 };
    }

    head!();
}

impl Misbehave for zvm_account_op {
    const INPUTS: &'static [fn(&mut Self)] = &[|op| op.address.bytes[19] ^= 1];

    fn break_field(&mut self, _: u32, _: &mut Inside) {
        self.engine = 99;
    }

    head!();
}

thread_local! {
    /// A handle of another kind, made once for each thread.
    static OTHER: Cell<*mut zvm_interrupt> = const { Cell::new(std::ptr::null_mut()) };
}

impl Misbehave for zvm_code_op {
    reply!(code);

    const INPUTS: &'static [fn(&mut Self)] =
        &[|op| op.hash.bytes[0] ^= 1, |op| op.code.owner = std::ptr::null_mut()];

    fn break_field(&mut self, nth: u32, inside: &mut Inside) {
        if nth == 0 {
            // Other code than its hash says.
            inside.lent.push(b"\0asm\x01\0\0\0".to_vec());
            let lent = &inside.lent[inside.lent.len() - 1];
            (self.code.lent, self.code.len) = (lent.as_ptr(), lent.len());
            return;
        }
        let mut other = OTHER.get();
        if other.is_null() {
            // SAFETY: a place for a handle.
            unsafe { zvm_interrupt_new(&mut other, std::ptr::null_mut()) };
            OTHER.set(other);
        }
        self.ready = other.cast();
    }

    head!();
}

impl Misbehave for zvm_scan_op {
    reply!(data);

    const INPUTS: &'static [fn(&mut Self)] = &[
        |op| op.account.bytes[0] ^= 1,
        |op| op.reverse ^= 1,
        |op| op.start.len += 1,
        |op| op.end.len += 1,
        |op| op.bounded ^= 1,
        |op| op.keys_only ^= 1,
        |op| op.rows = std::ptr::null_mut(),
        |op| op.rows_cap += 1,
        |op| op.data.owner = std::ptr::null_mut(),
    ];

    fn break_field(&mut self, nth: u32, _: &mut Inside) {
        match nth {
            0 => self.rows_len = self.rows_cap + 1,
            1 => self.done = 2,
            2 => (self.rows_len, self.done) = (0, 0),
            3 => self.op.gas_charge = 1,
            4 => {
                // A row outside its data.
                let row = zvm_row { key_off: u32::MAX, key_len: u32::MAX, val_off: 0, val_len: 0 };
                // SAFETY: there is room for at least one row.
                unsafe { self.rows.write(row) };
                self.rows_len = 1;
            }
            _ => {
                // Twice the same key, which is out of order.
                let row = zvm_row { key_off: 0, key_len: 0, val_off: 0, val_len: 0 };
                // SAFETY: there is room for a page of rows.
                unsafe {
                    self.rows.write(row);
                    self.rows.add(1).write(row);
                }
                self.rows_len = 2;
            }
        }
    }

    head!();
}
