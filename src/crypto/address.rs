//! Where a new contract lives: Ethereum's rules, for every engine.

use crate::crypto::hash::keccak256;
use crate::types::{Address, Word};

/// CREATE: the last 20 bytes of keccak256(rlp([sender, nonce])).
#[must_use]
pub fn create_address(sender: &Address, nonce: u64) -> Address {
    let digits = nonce.to_be_bytes();
    let digits = &digits[(nonce.leading_zeros() / 8) as usize..];
    let mut rlp = vec![0, 0x80 + 20];
    rlp.extend_from_slice(&sender.0);
    match digits {
        // RLP: a single byte below 0x80 stands for itself, zero is the empty string.
        [digit] if *digit < 0x80 => rlp.push(*digit),
        _ => {
            rlp.push(0x80 + digits.len() as u8);
            rlp.extend_from_slice(digits);
        }
    }
    rlp[0] = 0xc0 + (rlp.len() - 1) as u8;
    tail(keccak256(&rlp))
}

/// CREATE2 (EIP-1014): the last 20 bytes of keccak256(0xff, sender, salt, keccak256(initcode)).
/// For an engine without initcode, `initcode_hash` is keccak256(keccak256(code), keccak256(input)).
#[must_use]
pub fn create2_address(sender: &Address, salt: &Word, initcode_hash: &Word) -> Address {
    let parts: [&[u8]; 4] = [&[0xff], &sender.0, &salt.0, &initcode_hash.0];
    tail(keccak256(&parts.concat()))
}

fn tail(hash: Word) -> Address {
    let mut address = Address::ZERO;
    address.0.copy_from_slice(&hash.0[12..]);
    address
}
