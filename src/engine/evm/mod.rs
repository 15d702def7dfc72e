//! Ethereum's machine: an interpreter under the session's own journal and call stack.
//!
//! Opcodes and precompiles are revm's; accounts, storage, calls and creations are the session's, so
//! that an EVM contract and one of another engine see each other's writes and roll back together.
//!
//! - [`fork`]: the rules of a revision.
//! - [`world`]: the session as the interpreter sees it.
//! - [`frames`], [`create`], [`ending`], [`precompiles`], [`functions`]: what code can ask for.
//! - [`telling`]: the same for a trace.
//! - [`transaction`]: Ethereum's transactions, with their fees.

mod convert;
mod create;
mod ending;
mod entry;
mod fork;
mod frames;
mod functions;
mod precompiles;
mod table;
mod telling;
pub mod transaction;
mod workshop;
mod world;

use std::sync::Arc;

use super::{AsItIs, CodeInfo, Engine, Prepared};
use crate::error::{Error, Result, Status};
use crate::gas::Gas;
use crate::host::create::{CreateRequest, Creation};
use crate::host::frame::{DEFAULT_ENTRY, Finish};
use crate::host::rules::Revision;
use crate::host::stair::Executable;
use crate::host::state::State;
use crate::outcome::Halt;
use crate::types::{Bytes, EngineKind, Word};
use fork::Fork;
use world::World;

/// A delegation of an account to a contract's code begins so (EIP-7702), and is 23 bytes long.
const DELEGATION: &[u8] = &[0xef, 0x01, 0x00];
const DELEGATION_BYTES: usize = 23;

/// The engine for Ethereum bytecode.
pub struct Evm {
    fork: Fork,
}

impl Evm {
    /// An engine under the rules of this revision, and whether code is offered host functions.
    #[must_use]
    pub fn new(revision: Revision, host_functions: bool) -> Self {
        Self { fork: Fork::new(revision, host_functions) }
    }
}

impl Engine for Evm {
    fn kind(&self) -> EngineKind {
        EngineKind::Evm
    }

    /// Everything that no other engine knows: EVM code has no magic bytes. Those kept for other
    /// formats (EIP-3541) are none, but for an account's delegation.
    fn detects(&self, code: &[u8]) -> bool {
        let delegation = code.starts_with(DELEGATION) && code.len() == DELEGATION_BYTES;
        delegation
            || !code.is_empty()
                && code[0] != 0xef
                && !code.starts_with(b"\0asm")
                && !code.starts_with(b"ZVMC")
    }

    /// Any bytes are initcode; only their number has a limit.
    fn prepare(&self, code: &Bytes, hash: &Word) -> Result<Arc<dyn Prepared>> {
        if code.len() > self.fork.initcode_bytes() {
            return Err(Error::new(
                Status::CodeTooLarge,
                format!("the code has {} bytes, initcode at most {}", code.len(), self.fork.initcode_bytes()),
            ));
        }
        if code.first() == Some(&0xef) {
            return Err(Error::new(Status::CodeInvalid, "code may not begin with the byte EF (EIP-3541)"));
        }
        let info = CodeInfo {
            engine: EngineKind::Evm,
            hash: *hash,
            compiled_bytes: 0,
            entries: vec![DEFAULT_ENTRY.into()],
            imports: Vec::new(),
            initial_pages: 0,
            max_pages: 0,
            abi: None,
        };
        Ok(Arc::new(AsItIs { info, code: code.clone() }))
    }

    fn run(&self, state: &mut State<'_>, code: &Executable, entry: &str, gas: Gas) -> Result<Finish> {
        if entry != DEFAULT_ENTRY {
            return Ok(Finish::halt(Halt::NoEntry, gas));
        }
        let mut world = World::new(state, &self.fork);
        let finish = world.enter(code, gas);
        world.leave();
        finish
    }

    fn create(&self, state: &mut State<'_>, request: &CreateRequest, gas: Gas) -> Option<Result<Creation>> {
        let mut world = World::new(state, &self.fork);
        let creation = world.construct(request, gas);
        world.leave();
        Some(creation)
    }
}
