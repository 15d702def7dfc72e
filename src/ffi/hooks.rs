//! A host's hooks as [`Hooks`].

use super::callback::{self, Bound, Callback, Said, Shared, unexpected};
use super::embedder::{Context, HEAD, ops, same_bytes, same_reply};
use super::reply::Room;
use super::tables::{zvm_admit_op, zvm_hooks, zvm_log_op, zvm_query_op, zvm_trace_op};
use super::types::zvm_bytes;
use crate::error::Result;
use crate::host::hooks::{Candidate, Hooks, Level, Nested, Verdict};
use crate::state::ledger::{Loaded, ReadContext};

/// A host's hooks.
pub(super) struct Hooked {
    pub(super) table: zvm_hooks,
    pub(super) context: Context,
    pub(super) asking: Shared,
    pub(super) most_answer: usize,
}

impl Hooked {
    fn bound<T>(&self, function: Callback<T>) -> Bound<T> {
        Bound::new(function, self.context.ctx, self.table.flags)
    }
}

impl Hooks for Hooked {
    fn admits(&self) -> bool {
        self.table.admit.is_some()
    }

    fn admit(&self, at: ReadContext, candidate: &Candidate) -> Result<Verdict> {
        let Some(callback) = self.table.admit else { return Ok(Verdict { score: 0, refused: false }) };
        let mut op = zvm_admit_op {
            op: HEAD,
            code: zvm_bytes::of(&candidate.code),
            hash: (&candidate.hash).into(),
            creator: (&candidate.creator).into(),
            contract: (&candidate.address).into(),
            engine: candidate.engine as u32,
            score: 0,
        };
        // SAFETY: the callback and its context come from the host's table.
        match unsafe { callback::ask(&self.asking, at, self.bound(callback), &mut op, std::ptr::null_mut()) }?
        {
            Said::Done => Ok(Verdict { score: op.score, refused: false }),
            Said::Refused => Ok(Verdict { score: op.score, refused: true }),
            said => Err(unexpected("admit", said)),
        }
    }

    fn query(
        &self,
        nested: &mut Nested<'_, '_>,
        kind: u32,
        request: &[u8],
    ) -> Result<Loaded<Option<Vec<u8>>>> {
        let Some(callback) = self.table.query else { return Ok(None.into()) };
        // A room of its own: a contract called from here may ask again.
        let mut room = Room::new(self.most_answer);
        let mut op = zvm_query_op {
            op: HEAD,
            kind,
            reserved: 0,
            request: zvm_bytes::of(request),
            answer: room.reply(),
        };
        let at = nested.context();
        // Lifetimes do not cross the boundary; the frame ends before `nested` does.
        let nested: *mut Nested<'static, 'static> = std::ptr::from_mut(nested).cast();
        // SAFETY: the callback and its context come from the host's table; `nested` is not used
        // here until the callback has returned.
        let said = unsafe { callback::ask(&self.asking, at, self.bound(callback), &mut op, nested) }?;
        let value = match said {
            // SAFETY: the callback answered for what it lent.
            Said::Done => Some(unsafe { room.answer(&op.answer) }?.to_vec()),
            Said::Absent => None,
            said => return Err(unexpected("query", said)),
        };
        Ok(Loaded { value, surcharge: op.op.gas_charge })
    }

    fn log(&self, level: Level, target: &str, message: &str) {
        let Some(callback) = self.table.log else { return };
        let (target, message) = (zvm_bytes::of(target.as_bytes()), zvm_bytes::of(message.as_bytes()));
        let mut op = zvm_log_op { op: HEAD, level: level as u32, reserved: 0, target, message };
        // SAFETY: the callback and its context come from the host's table. Nothing it says counts.
        let _ = unsafe {
            let (at, bound) = (ReadContext::default(), self.bound(callback));
            callback::ask(&self.asking, at, bound, &mut op, std::ptr::null_mut())
        };
    }

    fn trace(&self, lines: &str) {
        let Some(callback) = self.table.trace else { return };
        let mut op = zvm_trace_op { op: HEAD, lines: zvm_bytes::of(lines.as_bytes()) };
        // SAFETY: the callback and its context come from the host's table. Nothing it says counts.
        let _ = unsafe {
            let (at, bound) = (ReadContext::default(), self.bound(callback));
            callback::ask(&self.asking, at, bound, &mut op, std::ptr::null_mut())
        };
    }
}

ops! {
    zvm_admit_op: |a, b| same_bytes(&a.code, &b.code)
        && (a.hash.bytes, a.creator.bytes, a.contract.bytes) == (b.hash.bytes, b.creator.bytes, b.contract.bytes)
        && a.engine == b.engine;
    zvm_query_op: |a, b| a.kind == b.kind && same_bytes(&a.request, &b.request) && same_reply(&a.answer, &b.answer);
    zvm_log_op: |_a, _b| true;
    zvm_trace_op: |_a, _b| true;
}
