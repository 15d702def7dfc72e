//! The engines whose contracts meet.

use zvm::EngineKind;

use crate::contract::Contract;
use crate::{wasm, zvm_code};

/// An engine, and who writes contracts for it.
#[derive(Clone, Copy)]
pub(crate) struct Engine {
    pub(crate) kind: EngineKind,
    pub(crate) write: fn(&Contract) -> Vec<u8>,
}

pub(crate) const ALL: &[Engine] = &[
    Engine { kind: EngineKind::Wasm, write: wasm::write },
    Engine { kind: EngineKind::Zvm, write: zvm_code::write },
];

/// Tells a story for every pair: who calls, and who is called.
pub(crate) fn pairs(story: impl Fn(Engine, Engine)) {
    for one in ALL {
        for other in ALL {
            eprintln!("{:?} and {:?}", one.kind, other.kind);
            story(*one, *other);
        }
    }
}
