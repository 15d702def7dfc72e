//! What the embedder may add to a session besides a ledger: a say in deploys, answers to
//! questions of its own, a log, a trace.

use super::frame::Finish;
use super::state::{CallRequest, State};
use crate::error::{Error, Result, Status};
use crate::gas::Gas;
use crate::limits::Limits;
use crate::outcome::Halt;
use crate::state::ledger::{Loaded, ReadContext};
use crate::types::{Address, Bytes, EngineKind, Word};

/// Code about to become a contract.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The code.
    pub code: Bytes,
    /// Its keccak256.
    pub hash: Word,
    /// What will run it.
    pub engine: EngineKind,
    /// Who creates it.
    pub creator: Address,
    /// Where it will live.
    pub address: Address,
}

/// What an analysis says of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The higher, the better; compared with the least score of the rules.
    pub score: u32,
    /// Whether it is refused whatever its score.
    pub refused: bool,
}

/// A Hedera opcode of ZVM bytecode, as docs/zvm-opcodes.md lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HederaRequest<'a> {
    /// The opcode's byte.
    pub opcode: u8,
    /// What it took off the stack, the top first, without the region of its data.
    pub operands: &'a [Word],
    /// The bytes of memory it named.
    pub data: &'a [u8],
}

/// How important a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum Level {
    /// A contract's own debug line.
    Debug = 1,
    /// Something an operator may want to know.
    Info = 2,
    /// Something an operator should know.
    Warning = 3,
}

/// The embedder's hooks. Every one may be left as it is. They are shared, because a query that
/// calls a contract may be asked again below it.
///
/// # Errors
/// A hook that fails ends the running call with its error; nothing of the call remains.
pub trait Hooks {
    /// Whether [`Hooks::admit`] is offered.
    fn admits(&self) -> bool {
        false
    }

    /// Scores code before it becomes a contract.
    fn admit(&self, at: ReadContext, candidate: &Candidate) -> Result<Verdict> {
        let _ = (at, candidate);
        Ok(Verdict { score: 0, refused: false })
    }

    /// Answers a contract's question of an embedder's own kind; `None` is no answer.
    fn query(
        &self,
        nested: &mut Nested<'_, '_>,
        kind: u32,
        request: &[u8],
    ) -> Result<Loaded<Option<Vec<u8>>>> {
        let _ = (nested, kind, request);
        Ok(None.into())
    }

    /// Does what a Hedera opcode of ZVM bytecode asks for, which was paid before, and answers with the
    /// word that it pushes. With `None` the frame fails as by an unassigned byte.
    fn hedera(&self, nested: &mut Nested<'_, '_>, request: &HederaRequest<'_>) -> Result<Option<Word>> {
        let _ = (nested, request);
        Ok(None)
    }

    /// Takes a line of text, control characters escaped.
    fn log(&self, level: Level, target: &str, message: &str) {
        let _ = (level, target, message);
    }

    /// Takes lines of a trace, each with its end, where [`Session::trace`](crate::runtime::session::Session::trace)
    /// asked for one.
    fn trace(&self, lines: &str) {
        let _ = lines;
    }
}

/// No hooks.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHooks;

impl Hooks for NoHooks {}

/// The running call as a query sees it: it may look at it and call contracts below it.
pub struct Nested<'a, 'l> {
    pub(super) state: &'a mut State<'l>,
    pub(super) gas: &'a mut Gas,
    failed: Option<Error>,
}

impl<'a, 'l> Nested<'a, 'l> {
    pub(super) fn new(state: &'a mut State<'l>, gas: &'a mut Gas) -> Self {
        Self { state, gas, failed: None }
    }

    /// Our or the embedder's failure in a call from here: it ends the call that asks too,
    /// whatever the hook made of it.
    pub(super) fn into_failure(self) -> Option<Error> {
        self.failed
    }

    /// The limits of the runtime.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.state.rules.limits
    }

    /// The call that asks.
    #[must_use]
    pub fn context(&self) -> ReadContext {
        self.state.at(self.gas.left())
    }

    /// Calls a contract from the one that asks, in the same overlay, with at most 63/64 of
    /// its gas. Writes are allowed unless the asking frame is static.
    ///
    /// # Errors
    /// Ours or the embedder's; the contract's failure is in the result.
    pub fn call(&mut self, request: CallRequest, gas: u64) -> Result<Finish> {
        if self.state.frame().is_static && !request.value.is_zero() {
            return Ok(Finish::halt(Halt::StaticWrite, Gas::new(0)));
        }
        let given = gas.min(self.gas.forwardable());
        // Cannot fail: a part of what is left.
        let _ = self.gas.charge(given);
        if let Some(failure) = &self.failed {
            return Err(failure.clone());
        }
        // What stands here if a panic passes through.
        self.failed = Some(Error::new(Status::Panic, "a panic in a call from a query"));
        let called = self.state.call(request, given);
        self.failed = called.as_ref().err().cloned();
        let finish = called?;
        self.gas.give_back(finish.gas.left());
        Ok(finish)
    }
}
