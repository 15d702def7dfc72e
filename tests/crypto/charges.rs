//! That all is paid for before it is looked at, whatever its place, and that nothing needs more than there is.

use zvm::crypto::signature::Algorithm;
use zvm::{Halt, Outcome, Schedule};

use crate::doors::Argument::{Number, Out, Pointer, Region};
use crate::doors::{self, PLENTY, host};
use crate::rules::{DIGEST, signed};

/// What a verification costs above the flat price of the contract around it.
fn prices() -> Vec<(Algorithm, u64)> {
    let schedule = Schedule::default();
    let price = |name: &str| schedule.figures().into_iter().find(|(it, _)| *it == name).expect("a price").1;
    let named = |algorithm: &Algorithm| format!("{algorithm:?}").to_lowercase();
    Algorithm::ALL.iter().map(|algorithm| (*algorithm, price(&named(algorithm)))).collect()
}

#[test]
fn n030_a_thousand_bad_signatures_are_paid_for_before_they_are_looked_at() {
    for (algorithm, price) in prices() {
        let (signature, key) = signed(algorithm);
        let arguments = [Number(algorithm as u32), Region(&DIGEST), Region(&signature), Region(&key)];
        let paid = host("verify", &arguments, PLENTY).execution.gas_used;
        // What the contract still does after it costs less than any verification.
        assert!(paid > price && price > 4_000, "{algorithm:?}");
        let bad: Vec<u8> = signature.iter().map(|byte| byte ^ 0x55).collect();
        for nth in 0..1_000 / Algorithm::ALL.len() {
            let mut bad = bad.clone();
            bad[nth % signature.len()] = nth as u8;
            let arguments = [Number(algorithm as u32), Region(&DIGEST), Region(&bad), Region(&key)];
            // What is wrong costs what is right costs; without the price nothing is looked at.
            let short = host("verify", &arguments, paid - price).execution;
            assert_eq!(short.outcome, Outcome::Halt(Halt::OutOfGas), "{algorithm:?}");
            assert_eq!(short.gas_used, paid - price);
            if nth % 16 == 0 {
                let judged = host("verify", &arguments, paid);
                assert_eq!((judged.result, judged.execution.gas_used), (0, paid), "{algorithm:?}");
            }
        }
    }
}

#[test]
fn n030_lists_cost_by_the_element() {
    let schedule = Schedule::default();
    let bytes = vec![0; 64 * 96];
    let used = |name: &str, arguments: &[doors::Argument<'_>]| {
        let answered = host(name, arguments, PLENTY);
        assert_eq!(answered.execution.outcome, Outcome::Success);
        answered.execution.gas_used
    };
    let threshold = |count: u32| {
        let lists = [Pointer(&bytes[..]), Pointer(&bytes)];
        let arguments = [Number(1), Number(1), Region(&DIGEST), lists[0], lists[1], Number(count)];
        used("verify_threshold", &arguments)
    };
    // An Ed25519 pair has 96 bytes, three words; the digest, which each hashes, is the fourth.
    assert_eq!(threshold(9) - threshold(8), schedule.ed25519 + 4 * schedule.verify_word);
    let aggregate = |count: u32, same: u32| {
        let arguments = [
            Number(5),
            Pointer(&bytes[..]),
            Pointer(&bytes[..96]),
            Pointer(&bytes),
            Number(count),
            Number(same),
        ];
        used("verify_aggregate", &arguments)
    };
    // Two keys have three words.
    assert_eq!(aggregate(10, 1) - aggregate(8, 1), 2 * schedule.bls_key + 3 * schedule.verify_word);
    assert_eq!(aggregate(10, 0) - aggregate(8, 0), 2 * schedule.bls_pair + 5 * schedule.verify_word);
}

#[test]
fn n060_message_signature_and_key_may_be_the_same_bytes() {
    // All at one place in a memory of zeros: nothing is signed, and nobody falls over it.
    for algorithm in Algorithm::ALL.iter().copied() {
        let (key_bytes, signature_bytes) = algorithm.sizes();
        let at = |len: usize| [Number(4096), Number(len as u32)];
        let number = [Number(algorithm as u32)];
        let arguments = [&number[..], &at(32), &at(signature_bytes), &at(key_bytes)].concat();
        assert_ne!(host("verify", &arguments, PLENTY).result, 1, "{algorithm:?}");
    }
    // A recovered key over the signature it came from.
    let secret = k256::ecdsa::SigningKey::from_slice(&[1; 32]).expect("a key");
    let (signature, id) = secret.sign_prehash_recoverable(&DIGEST).expect("a signature");
    let signature = [&signature.to_bytes()[..], &[id.to_byte()]].concat();
    let answered = host("recover_key", &[Pointer(&DIGEST), Pointer(&signature), Out], PLENTY);
    assert_eq!(answered.answer[..64], secret.verifying_key().to_encoded_point(false).as_bytes()[1..]);
}

#[test]
fn n088_a_small_thread_verifies_what_needs_much_stack() {
    let (signature, key) = signed(Algorithm::MlDsa87);
    let judged = std::thread::Builder::new()
        .stack_size(96 << 10)
        .spawn(move || Algorithm::MlDsa87.verify(&DIGEST, &signature, &key))
        .expect("a thread")
        .join();
    assert_eq!(judged.expect("no overflow"), zvm::crypto::signature::Verdict::Valid);
}

#[test]
fn kem_is_there_only_where_it_is_allowed() {
    use fips203::traits::{KeyGen, SerDes};
    let key = fips203::ml_kem_768::KG::keygen_from_seed([1; 32], [2; 32]).0.into_bytes();
    assert!(doors::encapsulate(33, &key, &[3; 32]).is_some());
    for set in [0, 31, 35, 17, u32::MAX] {
        assert!(doors::encapsulate(set, &key, &[3; 32]).is_none(), "{set}");
    }
    let mut config = zvm::Config::default();
    let closed = zvm::Runtime::new(config.clone()).expect("a runtime").fingerprint();
    config.rules.allow_kem = true;
    let open = zvm::Runtime::new(config).expect("a runtime").fingerprint();
    assert_ne!(closed, open, "whether contracts have ML-KEM is a protocol parameter");
}
