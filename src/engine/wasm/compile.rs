//! From bytes to machine code: validate, instrument, compile.

use std::num::NonZero;
use std::sync::Arc;

use wasmer::sys::NativeEngineExt;
use wasmer::sys::{EngineBuilder, Features, Singlepass};

use super::instrument::{VERSION, instrument};
use super::pool::{Pool, Room};
use super::tunables::Bounded;
use super::validate::{Module, Policy, Signature, validate};
use crate::engine::CodeInfo;
use crate::error::{Error, Result, Status};
use crate::host::rules::Rules;
use crate::host::table::HostFunction;
use crate::types::{Bytes, EngineKind, Word};

/// The compiler of a runtime.
pub(super) struct Compiler {
    engine: wasmer::Engine,
    rules: Arc<Rules>,
    room: Arc<Room>,
}

/// Code, checked and compiled.
pub(super) struct Compiled {
    pub(super) info: CodeInfo,
    pub(super) code: Bytes,
    tier: Arc<Tier>,
}

/// The machine code of one compiler, and the engine that instances of it belong to.
pub(super) struct Tier {
    pub(super) module: wasmer::Module,
    pub(super) engine: wasmer::Engine,
    pub(super) pool: Pool,
}

impl Compiler {
    pub(super) fn new(rules: Arc<Rules>, room: Room) -> Result<Self> {
        let mut features = Features::none();
        // What validation accepts, no more: a second line behind it.
        features.bulk_memory(true).reference_types(true);
        let mut singlepass = Singlepass::default();
        // wasmer compiles on threads it makes for each module and ends with it; one, not one
        // for each core of the embedder's machine.
        singlepass.num_threads(NonZero::<usize>::MIN);
        let builder = EngineBuilder::new(singlepass).set_features(Some(features));
        let mut engine: wasmer::Engine = builder.engine().into();
        engine.set_tunables(Bounded::default());
        Ok(Self { engine, rules, room: Arc::new(room) })
    }

    /// What the instances of all codes share.
    pub(super) fn room(&self) -> &Room {
        &self.room
    }

    /// Names the compiler, the instrumentation and the machine: what compiled code depends on.
    pub(super) fn name(&self) -> String {
        format!("singlepass {VERSION} {}", self.engine.deterministic_id())
    }

    pub(super) fn compile(&self, code: &Bytes, hash: &Word) -> Result<Compiled> {
        let module = self.validate(code)?;
        let metered = instrument(code, &module, &self.rules.limits, &self.rules.schedule)?;
        let compiled = wasmer::Module::new(&self.engine, &metered).map_err(|error| {
            Error::new(Status::Compile, format!("the compiler refused valid code: {error}"))
        })?;
        self.finish(code, hash, &module, compiled, metered.len())
    }

    /// Takes compiled code that an artefact's seal vouches for.
    pub(super) fn load(&self, code: &Bytes, hash: &Word, serialized: &[u8]) -> Result<Compiled> {
        let module = self.validate(code)?;
        // SAFETY: the caller opened the artefact: a checksum keyed by the embedder's secret
        // says that this runtime's own build wrote these bytes, for this machine.
        let compiled = unsafe { wasmer::Module::deserialize(&self.engine, serialized) }.map_err(|error| {
            Error::new(Status::Artefact, format!("the artefact cannot be loaded: {error}"))
        })?;
        self.finish(code, hash, &module, compiled, serialized.len())
    }

    fn validate(&self, code: &[u8]) -> Result<Module> {
        let policy = Policy {
            limits: &self.rules.limits,
            deny_floats: self.rules.deny_floats,
            import: &host_signature,
        };
        validate(code, &policy)
    }

    fn finish(
        &self,
        code: &Bytes,
        hash: &Word,
        checked: &Module,
        module: wasmer::Module,
        bytes: usize,
    ) -> Result<Compiled> {
        let (initial_pages, max_pages) =
            checked.memory.map_or((0, 0), |pages| (pages.initial, pages.maximum));
        let info = CodeInfo {
            engine: EngineKind::Wasm,
            hash: *hash,
            // Machine code is about four times its wasm.
            compiled_bytes: 4 * bytes as u64,
            entries: checked.entries.clone(),
            imports: checked.imports.clone(),
            initial_pages,
            max_pages,
            abi: checked.abi.clone(),
        };
        let tier =
            Arc::new(Tier { module, engine: self.engine.clone(), pool: Pool::new(Arc::clone(&self.room)) });
        Ok(Compiled { info, code: code.clone(), tier })
    }
}

impl Compiled {
    /// What a frame that begins now runs on. It may be another one for the next frame.
    pub(super) fn tier(&self) -> &Arc<Tier> {
        &self.tier
    }

    /// Bytes it takes, about.
    pub(super) fn bytes(&self) -> u64 {
        self.code.len() as u64 + self.info.compiled_bytes
    }

    pub(super) fn serialize(&self) -> Result<Vec<u8>> {
        let bytes = self.tier.module.serialize();
        let bytes = bytes.map_err(|error| {
            Error::new(Status::Compile, format!("the code cannot be serialised: {error}"))
        })?;
        Ok(bytes.to_vec())
    }
}

/// What a contract may import under this name, by the table of host functions.
fn host_signature(name: &str) -> Option<Signature> {
    let row = HostFunction::by_name(name)?.row();
    Some(Signature { params: row.scalars, result: row.returns.scalar() })
}
