//! Hashes.

use super::{Done, Host};
use crate::crypto::hash;
use crate::host::kinds::{Message, OutAddress, OutWord};
use crate::types::{Address, Word};

/// See the table.
pub fn keccak256(host: &mut Host<'_, '_>, message: Message, out: OutWord) -> Done<()> {
    digest(host, message, out, hash::keccak256)
}

/// See the table.
pub fn sha256(host: &mut Host<'_, '_>, message: Message, out: OutWord) -> Done<()> {
    digest(host, message, out, hash::sha256)
}

/// See the table.
pub fn sha3_256(host: &mut Host<'_, '_>, message: Message, out: OutWord) -> Done<()> {
    digest(host, message, out, hash::sha3_256)
}

/// See the table.
pub fn blake3(host: &mut Host<'_, '_>, message: Message, out: OutWord) -> Done<()> {
    digest(host, message, out, hash::blake3)
}

/// See the table.
pub fn blake2b_256(host: &mut Host<'_, '_>, message: Message, out: OutWord) -> Done<()> {
    digest(host, message, out, hash::blake2b_256)
}

/// See the table.
pub fn ripemd160(host: &mut Host<'_, '_>, message: Message, out: OutAddress) -> Done<()> {
    let digest = hash::ripemd160(host.guest.bytes(message.0));
    host.put_address(out, Address(digest));
    Ok(())
}

fn digest(host: &mut Host<'_, '_>, message: Message, out: OutWord, hash: fn(&[u8]) -> Word) -> Done<()> {
    let word = hash(host.guest.bytes(message.0));
    host.put_word(out, word);
    Ok(())
}
