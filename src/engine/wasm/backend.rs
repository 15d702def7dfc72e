//! The compilers that are built in, and engines that run what they make.

use std::num::NonZero;

use wasmer::sys::{CompilerConfig, EngineBuilder, Features, NativeEngineExt};
#[cfg(feature = "cranelift")]
use wasmer::sys::{Cranelift, CraneliftOptLevel};
use wasmparser::{Parser, Payload};

use super::tunables::Bounded;
use super::validate::Module;
use crate::error::{Error, Result, Status};

#[cfg(not(any(feature = "cranelift", feature = "singlepass")))]
compile_error!("zvm needs a compiler: enable the feature `singlepass`, `cranelift`, or both");

/// A compiler of wasmer's. The numbers are those of artefacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Backend {
    Singlepass = 1,
    Cranelift = 2,
    /// Cranelift without its optimisations.
    CraneliftPlain = 3,
}

impl Backend {
    pub(super) fn from_number(number: u8) -> Option<Self> {
        let all = [Self::Singlepass, Self::Cranelift, Self::CraneliftPlain];
        all.into_iter().find(|backend| *backend as u8 == number)
    }

    /// What compiles this module where `self` is asked for: Cranelift is not given what it would
    /// take too long for. Results do not depend on it.
    pub(super) fn suited_to(self, metered: &[u8], checked: &Module) -> Self {
        match self {
            Self::Cranelift if work(metered, checked) > MOST_WORK => {
                if cfg!(feature = "singlepass") {
                    Self::Singlepass
                } else {
                    Self::CraneliftPlain
                }
            }
            backend => backend,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Singlepass => "singlepass",
            Self::Cranelift | Self::CraneliftPlain => "cranelift",
        }
    }

    /// An engine for one module. Wasmer's engines are locked while they compile, and keep all the
    /// machine code they ever made until they are dropped; one each is neither.
    ///
    /// # Errors
    /// [`Status::Unsupported`] where this compiler is not built in.
    pub(super) fn engine(self) -> Result<wasmer::Engine> {
        let mut features = Features::none();
        // What validation accepts, no more: a second line behind it.
        features.bulk_memory(true).reference_types(true);
        Ok(bounded(EngineBuilder::new(self.config()?).set_features(Some(features))))
    }

    /// Wasmer compiles on threads it makes for each module and ends with it: one, not one for
    /// each core of the embedder's machine.
    #[allow(clippy::unnecessary_wraps, unreachable_patterns)]
    fn config(self) -> Result<Box<dyn CompilerConfig>> {
        let threads = NonZero::<usize>::MIN;
        match self {
            #[cfg(feature = "singlepass")]
            Self::Singlepass => {
                let mut config = wasmer::sys::Singlepass::default();
                config.num_threads(threads);
                Ok(Box::new(config))
            }
            #[cfg(feature = "cranelift")]
            Self::Cranelift | Self::CraneliftPlain => {
                let plain = self == Self::CraneliftPlain;
                let level = if plain { CraneliftOptLevel::None } else { CraneliftOptLevel::Speed };
                let mut config = Cranelift::default();
                config.opt_level(level).num_threads(threads);
                Ok(Box::new(config))
            }
            absent => {
                let why = format!("this library was built without the {} compiler", absent.name());
                Err(Error::new(Status::Unsupported, why))
            }
        }
    }
}

/// An engine that runs what was compiled before. Unlike a compiler's, it asks the system nothing.
pub(super) fn runner() -> wasmer::Engine {
    bounded(EngineBuilder::headless())
}

fn bounded(builder: EngineBuilder) -> wasmer::Engine {
    let mut engine: wasmer::Engine = builder.engine().into();
    engine.set_tunables(Bounded::default());
    engine
}

/// What Cranelift is given at most, in bytes of instrumented code times locals in scope there.
/// Its time grows with both: every block may have to carry every local. A contract of 295 KB from rustc
/// counts 19 million and takes 0.5 s; loops and branches among 30 locals that count 60 to 80 million take 2 to
/// 3 s; of functions with 1000 locals, 450 million took over a minute.
const MOST_WORK: u64 = 32 << 20;

/// Counted for a function beside its locals: code costs something without any.
const OTHER_LOCALS: u64 = 16;

/// The work that a metered module gives Cranelift. What cannot be read is of any size.
fn work(metered: &[u8], checked: &Module) -> u64 {
    let bodies = Parser::new(0).parse_all(metered).filter_map(|payload| match payload {
        Ok(Payload::CodeSectionEntry(body)) => Some(body.range().end - body.range().start),
        Ok(_) => None,
        Err(_) => Some(u64::MAX),
    });
    // What stands behind the module's own functions is ours, and small.
    let locals = checked.functions.iter().map(|shape| u64::from(shape.params) + u64::from(shape.locals));
    bodies
        .zip(locals)
        .fold(0, |sum: u64, (bytes, locals)| sum.saturating_add(bytes.saturating_mul(OTHER_LOCALS + locals)))
}
