//! The engines whose contracts meet.

use zvm::EngineKind;

use crate::contract::Contract;
use crate::{evm_code, wasm, zvm_code};

/// An engine, and who writes contracts for it.
#[derive(Clone, Copy)]
pub(crate) struct Engine {
    pub(crate) kind: EngineKind,
    /// The code of a contract that is there.
    pub(crate) write: fn(&Contract) -> Vec<u8>,
    /// The code that creates it.
    pub(crate) create: fn(&Contract) -> Vec<u8>,
}

impl Engine {
    pub(crate) fn is_evm(self) -> bool {
        self.kind == EngineKind::Evm
    }

    /// Whether its contracts create those of the other: to the EVM, what a contract creates is initcode
    /// of its own.
    pub(crate) fn creates(self, other: Self) -> bool {
        !self.is_evm() || other.is_evm()
    }
}

pub(crate) const ALL: &[Engine] = &[
    Engine { kind: EngineKind::Wasm, write: wasm::write, create: wasm::write },
    Engine { kind: EngineKind::Zvm, write: zvm_code::write, create: zvm_code::write },
    Engine { kind: EngineKind::Evm, write: evm_code::write, create: evm_code::initcode },
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
