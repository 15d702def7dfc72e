//! Hashes.

use super::{Done, Host};
use crate::crypto::hash;
use crate::host::kinds::{Message, OutWord};
use crate::types::Word;

/// See the table.
pub fn keccak256(host: &mut Host<'_, '_>, message: Message, out: OutWord) -> Done<()> {
    digest(host, message, out, hash::keccak256)
}

/// See the table.
pub fn sha256(host: &mut Host<'_, '_>, message: Message, out: OutWord) -> Done<()> {
    digest(host, message, out, hash::sha256)
}

/// See the table.
pub fn blake3(host: &mut Host<'_, '_>, message: Message, out: OutWord) -> Done<()> {
    digest(host, message, out, hash::blake3)
}

fn digest(host: &mut Host<'_, '_>, message: Message, out: OutWord, hash: fn(&[u8]) -> Word) -> Done<()> {
    let word = hash(host.guest.bytes(message.0));
    host.put_word(out, word);
    Ok(())
}
