//! From bytes to machine code: validate, instrument, compile.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::artefact::Content;
use super::backend::{Backend, runner};
use super::instrument::{Form, Refill, Traps, VERSION, instrument};
use super::pool::{Pool, Room};
use super::settings::{CompilerChoice, Settings, SignalPolicy};
use super::slim::slim;
use super::validate::{Module, Policy, Signature, validate};
use crate::engine::CodeInfo;
use crate::error::{Error, Result, Status};
use crate::host::rules::Rules;
use crate::host::table::HostFunction;
use crate::types::{Bytes, EngineKind, Word};

/// The wasmer that Cargo.toml pins; it does not say itself which it is.
const WASMER: &str = "7.4.2";

/// The compilers of a runtime, and what they made.
pub(super) struct Compiler {
    rules: Arc<Rules>,
    room: Arc<Room>,
    first: Backend,
    second: Option<Backend>,
    signals: SignalPolicy,
    compilations: AtomicU64,
    recompilations: AtomicU64,
}

/// Code, checked and compiled.
pub(super) struct Compiled {
    pub(super) info: CodeInfo,
    pub(super) code: Bytes,
    first: Arc<Tier>,
    second: OnceLock<Arc<Tier>>,
    runs: AtomicU32,
}

/// The machine code of one compiler, and the engine that instances of it belong to.
pub(super) struct Tier {
    backend: Backend,
    bytes: u64,
    pub(super) module: wasmer::Module,
    pub(super) engine: wasmer::Engine,
    pub(super) pool: Pool,
}

impl Compiler {
    /// # Errors
    /// [`Status::Unsupported`] where a compiler is asked for that is not built in.
    pub(super) fn new(rules: Arc<Rules>, settings: &Settings, room: Room) -> Result<Self> {
        let (first, second) = match settings.compiler {
            CompilerChoice::Singlepass => (Backend::Singlepass, None),
            CompilerChoice::Cranelift => (Backend::Cranelift, None),
            CompilerChoice::Tiered => (Backend::Singlepass, Some(Backend::Cranelift)),
        };
        for backend in [Some(first), second].into_iter().flatten() {
            backend.engine()?;
        }
        let (compilations, recompilations) = (AtomicU64::new(0), AtomicU64::new(0));
        let (signals, room) = (settings.signals, Arc::new(room));
        Ok(Self { rules, room, first, second, signals, compilations, recompilations })
    }

    /// What the instances of all codes share.
    pub(super) fn room(&self) -> &Room {
        &self.room
    }

    /// What compiled code depends on besides the rules: the compilers, the instrumentation, the
    /// builds of us and of wasmer, and the machine.
    pub(super) fn identity(&self) -> Result<String> {
        let second = self.second.map_or("", Backend::name);
        let machine = self.first.engine()?;
        let machine = machine.deterministic_id();
        let (zvm, wasmer) = (env!("CARGO_PKG_VERSION"), WASMER);
        let signals = self.signals;
        Ok(format!("{} {second} {signals:?} {VERSION} {zvm} {wasmer} {machine}", self.first.name()))
    }

    /// How often code was compiled, and compiled again because it was hot.
    pub(super) fn counts(&self) -> (u64, u64) {
        (self.compilations.load(Ordering::Relaxed), self.recompilations.load(Ordering::Relaxed))
    }

    pub(super) fn compile(&self, code: &Bytes, hash: &Word) -> Result<Compiled> {
        let checked = self.validate(code)?;
        let metered = self.instrument(code, &checked, Refill::Resumes)?;
        let tier = self.tier(self.first.suited_to(&metered, &checked), &metered)?;
        self.compilations.fetch_add(1, Ordering::Relaxed);
        let (initial_pages, max_pages) =
            checked.memory.map_or((0, 0), |pages| (pages.initial, pages.maximum));
        let info = CodeInfo {
            engine: EngineKind::Wasm,
            hash: *hash,
            compiled_bytes: tier.bytes,
            entries: checked.entries,
            imports: checked.imports,
            initial_pages,
            max_pages,
            abi: checked.abi,
        };
        Ok(Compiled::new(info, code.clone(), tier))
    }

    /// Compiles code that is hot with the second compiler, without the means to come back for more gas:
    /// they make its code slower. Frames that begin after it and need none run on what it made.
    pub(super) fn recompile(&self, compiled: &Compiled) -> Result<()> {
        let Some(backend) = self.second else { return Ok(()) };
        let checked = self.validate(&compiled.code)?;
        let metered = self.instrument(&compiled.code, &checked, Refill::Ends)?;
        if backend.suited_to(&metered, &checked) != backend {
            return Ok(());
        }
        let tier = self.tier(backend, &metered)?;
        if compiled.second.set(Arc::new(tier)).is_ok() {
            compiled.first.pool.drain();
            self.recompilations.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Takes compiled code that an artefact's seal vouches for.
    pub(super) fn load(&self, content: &Content<'_>) -> Result<Compiled> {
        let refuse =
            |why: String| Error::new(Status::Artefact, format!("the artefact cannot be loaded: {why}"));
        let backend =
            Backend::from_number(content.backend).ok_or_else(|| refuse("no such compiler".into()))?;
        let engine = runner();
        // SAFETY: the caller opened the artefact: a checksum keyed by the embedder's secret says
        // that this runtime's own build wrote these bytes, for this machine and configuration.
        let module = unsafe { wasmer::Module::deserialize_unchecked(&engine, content.module) };
        let module = module.map_err(|error| refuse(error.to_string()))?;
        let tier = Tier { backend, bytes: content.info.compiled_bytes, module, engine, pool: self.pool() };
        Ok(Compiled::new(content.info.clone(), content.code.into(), tier))
    }

    fn validate(&self, code: &[u8]) -> Result<Module> {
        let policy = Policy {
            limits: &self.rules.limits,
            deny_floats: self.rules.deny_floats,
            import: &host_signature,
        };
        validate(code, &policy)
    }

    fn instrument(&self, code: &[u8], checked: &Module, refill: Refill) -> Result<Vec<u8>> {
        // Singlepass compares an address with the memory's length less the width of the access: of
        // an empty memory every address would pass. There the code checks for itself.
        let may_be_empty = checked.memory.is_some_and(|memory| memory.initial == 0);
        let traps = match self.signals {
            SignalPolicy::Auto if !may_be_empty => Traps::Signals,
            _ => Traps::Calls,
        };
        instrument(code, checked, &self.rules.limits, &self.rules.schedule, Form { traps, refill })
    }

    fn tier(&self, backend: Backend, metered: &[u8]) -> Result<Tier> {
        let engine = backend.engine()?;
        let failed = |why: String| Error::new(Status::Compile, format!("the compiler failed: {why}"));
        // A compiler that cannot make its threads panics; nothing of ours is half done then.
        let compiled = catch_unwind(AssertUnwindSafe(|| wasmer::Module::new(&engine, metered)));
        let compiled = compiled.map_err(|_| failed("it panicked".into()))?;
        let module = compiled.map_err(|error| failed(error.to_string()))?;
        // Machine code and its tables are about four times their wasm.
        Ok(Tier { backend, bytes: 4 * metered.len() as u64, module, engine, pool: self.pool() })
    }

    /// Without signals nobody notes what is written.
    fn pool(&self) -> Pool {
        Pool::new(Arc::clone(&self.room), self.signals == SignalPolicy::Auto)
    }
}

impl Compiled {
    fn new(info: CodeInfo, code: Bytes, tier: Tier) -> Self {
        Self { info, code, first: Arc::new(tier), second: OnceLock::new(), runs: AtomicU32::new(0) }
    }

    /// What a frame that begins now runs on. It may be another one for the next frame. `at_once` is whether
    /// the frame has all its gas from the beginning.
    pub(super) fn tier(&self, at_once: bool) -> &Arc<Tier> {
        self.second.get().filter(|_| at_once).unwrap_or(&self.first)
    }

    /// Drops the instances that wait.
    pub(super) fn drain(&self) {
        self.first.pool.drain();
        if let Some(second) = self.second.get() {
            second.pool.drain();
        }
    }

    /// Counts a run; whether it is the one that makes the code hot.
    pub(super) fn heats(&self, hot_runs: u32) -> bool {
        // Once hot it is only looked at, so that threads that share the code do not share a write.
        self.runs.load(Ordering::Relaxed) < hot_runs
            && self.runs.fetch_add(1, Ordering::Relaxed) + 1 == hot_runs
    }

    /// Bytes it takes, about.
    pub(super) fn bytes(&self) -> u64 {
        let second = self.second.get().map_or(0, |tier| tier.bytes);
        self.code.len() as u64 + self.first.bytes + second
    }

    /// What an artefact holds: the code, what is known of it, and the machine code that every frame can
    /// run on.
    pub(super) fn serialize(&self, close: impl FnOnce(&Content<'_>) -> Vec<u8>) -> Result<Vec<u8>> {
        let tier = &self.first;
        let module = tier.module.serialize().map_err(|error| {
            Error::new(Status::Compile, format!("the code cannot be serialised: {error}"))
        })?;
        let module = slim(&module).unwrap_or_else(|| module.to_vec());
        let info = CodeInfo { compiled_bytes: tier.bytes, ..self.info.clone() };
        Ok(close(&Content { info, backend: tier.backend as u8, code: &self.code, module: &module }))
    }
}

/// What a contract may import under this name, by the table of host functions.
fn host_signature(name: &str) -> Option<Signature> {
    let row = HostFunction::by_name(name)?.row();
    Some(Signature { params: row.scalars, result: row.returns.scalar() })
}

#[cfg(test)]
mod tests {
    use wasmer::sys::vm::TrapCode;
    use wasmer::{Instance, Module, Store, Value, imports};

    use super::{Backend, WASMER, slim};

    #[test]
    fn a_slim_module_is_smaller_and_does_the_same() {
        let body = "local.get 0 i32.load drop ".repeat(100);
        let text = format!(r#"(module (memory 1) (func (export "call") (param i32) {body}))"#);
        let engine = Backend::Singlepass.engine().or_else(|_| Backend::Cranelift.engine());
        let mut store = Store::new(engine.expect("one of them is built in"));
        let wasm = wat::parse_str(text).expect("a module");
        let full = Module::new(&store, wasm).expect("a module").serialize().expect("bytes");
        let slim = slim(&full).expect("the form is known");
        assert!(slim.len() < full.len(), "{} of {}", slim.len(), full.len());
        // SAFETY: what wasmer serialised a moment ago.
        let module = unsafe { Module::deserialize(&store, slim) }.expect("as it was");
        let instance = Instance::new(&mut store, &module, &imports! {}).expect("no imports");
        let call = instance.exports.get_function("call").expect("exported").clone();
        call.call(&mut store, &[Value::I32(0)]).expect("inside of the memory");
        let trap = call.call(&mut store, &[Value::I32(-1)]).expect_err("outside of it");
        assert_eq!(trap.to_trap(), Some(TrapCode::HeapAccessOutOfBounds));
    }

    #[test]
    fn the_artefacts_name_the_wasmer_that_is_pinned() {
        let pinned = format!("wasmer = {{ version = \"={WASMER}\"");
        assert!(include_str!("../../../Cargo.toml").contains(&pinned));
    }
}
