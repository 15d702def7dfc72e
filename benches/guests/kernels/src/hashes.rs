//! Hash functions over a kibibyte whose beginning is the hash before.

use sha2::Sha256;
use sha3::{Digest, Keccak256};

use super::Numbers;

fn chained<D: Digest>(rounds: u32, seed: u32) -> u32 {
    let mut numbers = Numbers::from(seed);
    let mut message = [0; 1024];
    message.fill_with(|| numbers.next() as u8);
    for _ in 0..rounds {
        let hash = D::digest(message);
        message[..32].copy_from_slice(&hash);
    }
    u32::from_le_bytes([message[0], message[1], message[2], message[3]])
}

#[unsafe(no_mangle)]
extern "C" fn sha256(rounds: u32, seed: u32) -> u32 {
    chained::<Sha256>(rounds, seed)
}

#[unsafe(no_mangle)]
extern "C" fn keccak(rounds: u32, seed: u32) -> u32 {
    chained::<Keccak256>(rounds, seed)
}
