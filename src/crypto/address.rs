//! Where a new contract lives, and whose account a key opens: Ethereum's rules, for every engine.

use crate::crypto::hash::keccak256;
use crate::crypto::secp256k1;
use crate::crypto::signature::Algorithm;
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

/// The account of a public key; `None` where the bytes are no key of the algorithm.
///
/// For secp256k1 Ethereum's: the last 20 bytes of keccak256(x, y). For any other algorithm those of
/// keccak256(number, key), the number one byte, the key as [`Algorithm::canonical_key`] has it. No two of
/// the forms that are hashed here are alike: a creation begins with 0xc0 or above, a number lies below.
#[must_use]
pub fn key_address(algorithm: Algorithm, key: &[u8]) -> Option<Address> {
    if algorithm == Algorithm::Secp256k1 {
        return secp256k1::uncompressed(key).map(|point| point_address(&point));
    }
    let key = algorithm.canonical_key(key)?;
    Some(tail(keccak256(&[&[algorithm as u8], &key[..]].concat())))
}

/// The account of a key of secp256k1 that is given as x and y.
#[must_use]
pub fn point_address(point: &[u8; 64]) -> Address {
    tail(keccak256(point))
}

fn tail(hash: Word) -> Address {
    let mut address = Address::ZERO;
    address.0.copy_from_slice(&hash.0[12..]);
    address
}
