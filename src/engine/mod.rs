//! What runs code: one folder for each kind of it.
//!
//! Engines do not know each other. They meet here, behind [`Engines`], which the session
//! reaches by its [stair](crate::host::stair); a contract that calls one of another engine
//! goes down to the session and comes up here again.

mod cache;
pub mod evm;
pub mod wasm;
pub mod zvm;

use std::ops::Add;
use std::sync::Arc;

use crate::error::{Error, Result, Status};
use crate::gas::Gas;
use crate::host::create::{CreateRequest, Creation};
use crate::host::frame::Finish;
use crate::host::stair::{Executable, Stair};
use crate::host::state::State;
use crate::types::{Bytes, EngineKind, Word};

/// What can be said of code without running it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeInfo {
    /// What runs it.
    pub engine: EngineKind,
    /// keccak256 of the code.
    pub hash: Word,
    /// Bytes the compiled form takes, about.
    pub compiled_bytes: u64,
    /// The entries a call may name.
    pub entries: Vec<String>,
    /// The host functions it imports.
    pub imports: Vec<String>,
    /// Memory pages of 64 KiB it begins with.
    pub initial_pages: u32,
    /// Memory pages of 64 KiB it may grow to.
    pub max_pages: u32,
    /// The ABI metadata it carries, JSON by convention; not checked.
    pub abi: Option<Bytes>,
}

/// Code that is checked and ready to run. While it is held, the engine keeps it.
pub trait Prepared: Send + Sync {
    /// What can be said of it.
    fn info(&self) -> &CodeInfo;

    /// The code itself.
    fn code(&self) -> &Bytes;

    /// A form that a runtime of the same build and configuration takes back without compiling.
    ///
    /// # Errors
    /// [`Status::Unsupported`] where nothing is compiled; [`Status::Compile`] where the compiler cannot.
    fn serialize(&self) -> Result<Vec<u8>> {
        Err(Error::new(Status::Unsupported, "the code is run as it is: there is nothing to serialise"))
    }
}

/// Code that is run as it is.
struct AsItIs {
    info: CodeInfo,
    code: Bytes,
}

impl Prepared for AsItIs {
    fn info(&self) -> &CodeInfo {
        &self.info
    }

    fn code(&self) -> &Bytes {
        &self.code
    }
}

/// What runs one kind of code.
pub trait Engine: Send + Sync {
    /// Which kind.
    fn kind(&self) -> EngineKind;

    /// Whether these first bytes are of this kind.
    fn detects(&self, code: &[u8]) -> bool;

    /// Checks code and makes it ready. Done once for each code, however many ask.
    ///
    /// # Errors
    /// A status of the code range.
    fn prepare(&self, code: &Bytes, hash: &Word) -> Result<Arc<dyn Prepared>>;

    /// Runs an entry in the session's current frame.
    ///
    /// # Errors
    /// Ours or the embedder's; the contract's failure is in the result.
    fn run(&self, state: &mut State<'_>, code: &Executable, entry: &str, gas: Gas) -> Result<Finish>;

    /// Creates a contract in the engine's own way; `None` where it has none, and the session's holds.
    fn create(&self, state: &mut State<'_>, request: &CreateRequest, gas: Gas) -> Option<Result<Creation>> {
        let _ = (state, request, gas);
        None
    }

    /// Drops what nobody holds.
    fn trim(&self) {}

    /// What it did and holds.
    fn figures(&self) -> Figures {
        Figures::default()
    }
}

/// What an engine did and holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Codes kept ready.
    pub codes: u64,
    /// Bytes they take, about.
    pub code_bytes: u64,
    /// Codes compiled since the runtime was made.
    pub compilations: u64,
    /// Of them, how many were compiled again because they are run often.
    pub recompilations: u64,
}

impl Add for Figures {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            codes: self.codes + other.codes,
            code_bytes: self.code_bytes + other.code_bytes,
            compilations: self.compilations + other.compilations,
            recompilations: self.recompilations + other.recompilations,
        }
    }
}

/// Every engine of a runtime.
pub struct Engines(Vec<Arc<dyn Engine>>);

impl Engines {
    /// These engines, asked in this order which of them knows a code.
    #[must_use]
    pub fn new(engines: Vec<Arc<dyn Engine>>) -> Self {
        Self(engines)
    }

    /// The engine of a kind.
    ///
    /// # Errors
    /// [`Status::Unsupported`] where this runtime has none.
    pub fn of(&self, kind: EngineKind) -> Result<&dyn Engine> {
        let found = self.0.iter().find(|engine| engine.kind() == kind);
        found.map(AsRef::as_ref).ok_or_else(|| {
            Error::new(Status::Unsupported, format!("this runtime has no engine for {kind:?} code"))
        })
    }

    /// What would run this code, judged by its first bytes.
    ///
    /// # Errors
    /// [`Status::CodeFormat`] where no engine knows them.
    pub fn known_format(&self, code: &[u8]) -> Result<EngineKind> {
        let unknown =
            || Error::new(Status::CodeFormat, "the first bytes are of no format this runtime knows");
        self.detect(code).ok_or_else(unknown)
    }

    /// Every engine.
    pub fn iter(&self) -> impl Iterator<Item = &dyn Engine> {
        self.0.iter().map(AsRef::as_ref)
    }
}

impl Stair for Engines {
    fn check(&self, code: &Bytes, hash: &Word, engine: Option<EngineKind>) -> Result<EngineKind> {
        let kind = match engine {
            Some(kind) => kind,
            None => self.known_format(code)?,
        };
        self.of(kind)?.prepare(code, hash)?;
        Ok(kind)
    }

    fn detect(&self, code: &[u8]) -> Option<EngineKind> {
        self.iter().find(|engine| engine.detects(code)).map(Engine::kind)
    }

    fn runs(&self, engine: EngineKind) -> bool {
        self.of(engine).is_ok()
    }

    fn create(
        &self,
        state: &mut State<'_>,
        engine: EngineKind,
        request: &CreateRequest,
        gas: Gas,
    ) -> Option<Result<Creation>> {
        match self.of(engine) {
            Ok(engine) => engine.create(state, request, gas),
            Err(error) => Some(Err(error)),
        }
    }

    fn run(&self, state: &mut State<'_>, code: &Executable, entry: &str, gas: Gas) -> Result<Finish> {
        self.of(code.engine)?.run(state, code, entry, gas)
    }
}
