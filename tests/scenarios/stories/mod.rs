//! The stories, by what they are about.

mod basics;
mod block;
mod calls;
mod creation;
mod delegation;
mod deploys;
mod events;
mod evm;
mod gas;
mod halts;
mod hashes;
mod limits;
mod money;
mod order;
mod sessions;
mod signatures;
mod storage;
mod zvm_code;

use zvm::{Address, Change};

use crate::scenario::Scenario;
use crate::verbs::now;

pub(crate) fn all() -> Vec<Scenario> {
    let stories = [
        basics::stories(),
        block::stories(),
        calls::stories(),
        creation::stories(),
        delegation::stories(),
        deploys::stories(),
        events::stories(),
        evm::stories(),
        gas::stories(),
        halts::stories(),
        hashes::stories(),
        limits::stories(),
        money::stories(),
        order::stories(),
        sessions::stories(),
        signatures::stories(),
        storage::stories(),
        zvm_code::stories(),
    ];
    stories.into_iter().flatten().map(Scenario::finish).collect()
}

/// The changes a new contract is made of.
fn born(at: Address, name: &str) -> [Change; 2] {
    [now::nonce(at, 1), now::code(at, name)]
}
