//! Aggregates of BLS: over one message, or each key with its own.

use crate::Group;
use crate::measure::Argument::{Number, Pointer};
use crate::measure::Work;
use crate::signatures::{DIGEST, DOMAIN};

pub(crate) fn groups() -> Vec<Group> {
    let keys: Vec<_> = (1..=64).map(|seed| secret(seed).sk_to_pk().compress()).collect();
    let signatures: Vec<_> = (1..=64).map(|seed| secret(seed).sign(&DIGEST, DOMAIN, &[])).collect();
    let aggregate = |count: usize| {
        let parts: Vec<_> = signatures[..count].iter().collect();
        let aggregate = blst::min_pk::AggregateSignature::aggregate(&parts, false).expect("signatures");
        aggregate.to_signature().compress().to_vec()
    };
    let (keys, zeros) = (keys.concat(), vec![0; 64 * 48]);
    let mut cancelling = keys[..48].repeat(64);
    // The sign of y, of every second one.
    cancelling.iter_mut().step_by(96).for_each(|byte| *byte ^= 0x20);
    // The last key is none, which is found out after all others were looked at.
    let mut spoilt = keys.clone();
    spoilt[63 * 48..].fill(0xff);
    [1, 0]
        .map(|same: u32| {
            let of = |count: usize, keys: &[u8]| {
                let pointers = [DIGEST.repeat(64), aggregate(count), keys.to_vec()].map(Pointer);
                let numbers = [Number(count as u32), Number(same)];
                Work::Host("verify_aggregate", [&[Number(5)][..], &pointers, &numbers].concat())
            };
            let name = if same == 1 { "aggregate of one message" } else { "aggregate, each its own" };
            Group::new(name, "1 key", of(1, &keys))
                .with("2 keys", of(2, &keys))
                .with("16 keys", of(16, &keys))
                .with("64 keys", of(64, &keys))
                .with("64 keys that cancel out", of(64, &cancelling))
                .with("64 keys, the last is none", of(64, &spoilt))
                .with("64 keys of zeros", of(64, &zeros))
        })
        .into()
}

fn secret(seed: u8) -> blst::min_pk::SecretKey {
    blst::min_pk::SecretKey::key_gen(&[seed; 32], &[]).expect("32 bytes")
}
