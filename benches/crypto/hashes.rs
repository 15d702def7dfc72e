//! Hashes: of a word, of nothing, of a block, of the longest message.

use zvm::Limits;

use crate::Group;
use crate::measure::Argument::{Out, Region};
use crate::measure::Work;

pub(crate) fn groups() -> Vec<Group> {
    let hash = |name, len| Work::Host(name, vec![Region(vec![1; len]), Out]);
    let longest = Limits::default().message_bytes as usize;
    ["keccak256", "sha256", "sha3_256", "blake3", "blake2b_256", "ripemd160"]
        .map(|name| {
            // A byte more than a block of any of them, and what BLAKE3 has no neighbour for.
            [0, 137, 1024, longest]
                .into_iter()
                .fold(Group::new(name, "32 bytes", hash(name, 32)), |group, len| {
                    group.with(format!("{len} bytes"), hash(name, len))
                })
        })
        .into()
}
