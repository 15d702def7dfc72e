//! The stair up: how a session reaches the engines above it without importing them.

use super::create::{CreateRequest, Creation};
use super::frame::Finish;
use super::state::State;
use crate::error::Result;
use crate::gas::Gas;
use crate::types::{Bytes, EngineKind, Word};

/// Code to run.
#[derive(Clone, Debug)]
pub struct Executable {
    /// keccak256 of the code.
    pub hash: Word,
    /// What runs it.
    pub engine: EngineKind,
}

/// The engines, as the session calls them.
pub trait Stair: Send + Sync {
    /// Checks code that is to become a contract, and says what will run it. `engine` is what
    /// the creator asked for; without it the first bytes decide.
    ///
    /// # Errors
    /// A status of the code range: malformed, forbidden, too large, of no known format.
    fn check(&self, code: &Bytes, hash: &Word, engine: Option<EngineKind>) -> Result<EngineKind>;

    /// What would run this code, judged by its first bytes; `None` where no engine knows it.
    fn detect(&self, code: &[u8]) -> Option<EngineKind>;

    /// Whether there is an engine of this kind.
    fn runs(&self, engine: EngineKind) -> bool;

    /// Creates a contract of an engine that has a way of its own to: by code that returns code.
    /// `None` where the session's way holds.
    ///
    /// # Errors
    /// Ours or the embedder's; the contract's failure is in the result.
    fn create(
        &self,
        state: &mut State<'_>,
        engine: EngineKind,
        request: &CreateRequest,
        gas: Gas,
    ) -> Option<Result<Creation>>;

    /// Runs an entry of the code in the session's current frame. `init` may run only when
    /// the frame creates a contract.
    ///
    /// # Errors
    /// Ours or the embedder's; the contract's failure is in the result.
    fn run(&self, state: &mut State<'_>, code: &Executable, entry: &str, gas: Gas) -> Result<Finish>;
}
