//! Mutated signatures, judged by us and by a second implementation: they must not disagree.
//!
//! A few hundred for each algorithm; 10,000 where `ZVM_DEEP` is set (`make test-crypto-deep`).

mod curves;
mod lattices;
mod pairings;

use zvm::crypto::signature::{Algorithm, Verdict};

/// A generator of numbers that is the same everywhere (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.next() as u8)
    }

    /// A change that leaves a length as it is: none, a bit, a byte, a run of ones or zeros, an exchange
    /// of halves.
    fn mutate(&mut self, bytes: &mut [u8]) {
        let at = self.below(bytes.len());
        match self.below(6) {
            0 => {}
            1 => bytes[at] ^= 1 << self.below(8),
            2 => bytes[at] = self.next() as u8,
            3 => bytes[at..].fill(0),
            4 => bytes[..at].fill(0xff),
            _ => bytes.rotate_left(at),
        }
    }
}

/// A signature under test.
struct Sample {
    message: Vec<u8>,
    signature: Vec<u8>,
    key: Vec<u8>,
}

fn rounds() -> u64 {
    if std::env::var_os("ZVM_DEEP").is_some() { 10_000 } else { 300 }
}

/// Signs, mutates signature, key or message, and asks both.
fn compare(algorithm: Algorithm, sign: impl Fn(&mut Numbers) -> Sample, second: impl Fn(&Sample) -> bool) {
    let mut numbers = Numbers(algorithm as u64);
    let (mut valid, mut invalid) = (0, 0);
    // A key signs for several mutations: making one may cost more than judging many.
    while valid + invalid < rounds() {
        let fresh = sign(&mut numbers);
        for _ in 0..20 {
            let Sample { mut message, mut signature, mut key } = Sample {
                message: fresh.message.clone(),
                signature: fresh.signature.clone(),
                key: fresh.key.clone(),
            };
            match numbers.below(8) {
                0 => numbers.mutate(&mut message),
                1 => numbers.mutate(&mut key),
                _ => numbers.mutate(&mut signature),
            }
            let sample = Sample { message, signature, key };
            let ours = algorithm.verify(&sample.message, &sample.signature, &sample.key) == Verdict::Valid;
            let theirs = second(&sample);
            assert_eq!(
                ours, theirs,
                "{algorithm:?}: message {:02x?}, signature {:02x?}, key {:02x?}",
                sample.message, sample.signature, sample.key
            );
            *(if ours { &mut valid } else { &mut invalid }) += 1;
        }
    }
    told(&format!("{algorithm:?}"), valid, invalid);
}

/// Says how many were compared: some that pass and some that do not.
fn told(what: &str, valid: u64, invalid: u64) {
    assert!(valid > 0 && invalid > 0, "{what}: {valid} valid and {invalid} invalid");
    println!("differential {what}: {valid} valid and {invalid} invalid, 0 disagreements");
}
