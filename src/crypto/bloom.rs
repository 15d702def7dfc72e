//! Ethereum's bloom filter over logs, as receipts carry it (Yellow Paper, 4.3.1).

use crate::crypto::hash::keccak256;
use crate::types::Log;

/// The filter of these logs: three bits for each address and each topic.
#[must_use]
pub fn logs_bloom(logs: &[Log]) -> [u8; 256] {
    let mut bloom = [0; 256];
    for log in logs {
        accrue(&mut bloom, &log.address.0);
        log.topics.iter().for_each(|topic| accrue(&mut bloom, &topic.0));
    }
    bloom
}

/// Sets the bits that the first three pairs of bytes of the hash name, of 2048, counted from the end.
fn accrue(bloom: &mut [u8; 256], of: &[u8]) {
    let hash = keccak256(of).0;
    for pair in hash[..6].chunks(2) {
        let bit = usize::from(u16::from_be_bytes([pair[0], pair[1]]) & 2047);
        bloom[255 - bit / 8] |= 1 << (bit % 8);
    }
}
