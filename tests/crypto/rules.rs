//! What docs/crypto.md says is refused.

use zvm::crypto::signature::Algorithm;
use zvm::{Halt, Outcome};

use crate::doors::Argument::{Number, Pointer, Region};
use crate::doors::{self, PLENTY, host, verify};
use crate::unhex;

pub(crate) const DIGEST: [u8; 32] = [7; 32];

/// A valid signature of [`DIGEST`]: signature and key.
pub(crate) fn signed(algorithm: Algorithm) -> (Vec<u8>, Vec<u8>) {
    use fips204::traits::{KeyGen, SerDes, Signer};
    macro_rules! mldsa {
        ($set:ident) => {{
            let (key, secret) = fips204::$set::KG::keygen_from_seed(&[1; 32]);
            let signature = secret.try_sign_with_seed(&[0; 32], &DIGEST, &[]).expect("a signature");
            (signature.to_vec(), key.into_bytes().to_vec())
        }};
    }
    match algorithm {
        Algorithm::Ed25519 => {
            let secret = ed25519_dalek::SigningKey::from_bytes(&[1; 32]);
            let signature = ed25519_dalek::Signer::sign(&secret, &DIGEST);
            (signature.to_bytes().to_vec(), secret.verifying_key().to_bytes().to_vec())
        }
        Algorithm::Secp256k1 => {
            let secret = k256::ecdsa::SigningKey::from_slice(&[1; 32]).expect("a key");
            let (signature, _) = secret.sign_prehash_recoverable(&DIGEST).expect("a signature");
            (signature.to_vec(), secret.verifying_key().to_encoded_point(true).as_bytes().to_vec())
        }
        Algorithm::P256 => {
            use p256::ecdsa::signature::hazmat::PrehashSigner;
            let secret = p256::ecdsa::SigningKey::from_slice(&[1; 32]).expect("a key");
            let signature: p256::ecdsa::Signature = secret.sign_prehash(&DIGEST).expect("a signature");
            (signature.to_vec(), secret.verifying_key().to_encoded_point(true).as_bytes().to_vec())
        }
        Algorithm::Schnorr => {
            let secret = k256::schnorr::SigningKey::from_bytes(&[1; 32]).expect("a key");
            let signature = secret.sign_raw(&DIGEST, &[0; 32]).expect("a signature");
            (signature.to_bytes().to_vec(), secret.verifying_key().to_bytes().to_vec())
        }
        Algorithm::Bls => {
            let secret = blst::min_pk::SecretKey::key_gen(&[1; 32], &[]).expect("a key");
            let domain = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";
            (secret.sign(&DIGEST, domain, &[]).compress().to_vec(), secret.sk_to_pk().compress().to_vec())
        }
        Algorithm::MlDsa44 => mldsa!(ml_dsa_44),
        Algorithm::MlDsa65 => mldsa!(ml_dsa_65),
        Algorithm::MlDsa87 => mldsa!(ml_dsa_87),
        #[cfg(feature = "dilithium-round3")]
        _ => crate::round3::signed(algorithm, &DIGEST),
    }
}

#[test]
fn a_signature_is_the_keys_for_its_message_alone() {
    for algorithm in Algorithm::ALL.iter().copied() {
        let (number, (signature, key)) = (algorithm as u32, signed(algorithm));
        assert_eq!((key.len(), signature.len()), algorithm.sizes(), "{algorithm:?}");
        assert_eq!(verify(number, &DIGEST, &signature, &key, &[]), 1, "{algorithm:?}");
        let mut other = DIGEST;
        other[31] ^= 1;
        assert_eq!(verify(number, &other, &signature, &key, &[]), 0, "{algorithm:?}");
        // A context is ML-DSA's, and another one than it was signed under.
        assert_eq!(verify(number, &DIGEST, &signature, &key, b"context"), 0, "{algorithm:?}");
    }
}

#[test]
fn n097_no_length_but_the_right_one_passes() {
    for algorithm in Algorithm::ALL.iter().copied() {
        let (number, (signature, key)) = (algorithm as u32, signed(algorithm));
        let lengths = |right: usize| [0, 1, 31, 32, 33, 48, 64, 65, 96, right - 1, right + 1, 8192];
        for len in lengths(signature.len()).into_iter().filter(|len| *len != signature.len()) {
            let mut longer = signature.clone();
            longer.resize(len, 0);
            assert_eq!(verify(number, &DIGEST, &longer, &key, &[]), 0, "{algorithm:?}: {len} bytes");
        }
        for len in lengths(key.len()).into_iter().filter(|len| *len != key.len()) {
            let mut longer = key.clone();
            longer.resize(len, 0);
            assert_eq!(verify(number, &DIGEST, &signature, &longer, &[]), -1, "{algorithm:?}: {len} bytes");
        }
    }
}

#[test]
fn n097_keys_and_signatures_of_one_byte_over_and_over() {
    for algorithm in Algorithm::ALL.iter().copied() {
        let (number, (signature, key)) = (algorithm as u32, signed(algorithm));
        for byte in [0, 1, 0x7f, 0x80, 0xc0, 0xff] {
            let (bad_signature, bad_key) = (vec![byte; signature.len()], vec![byte; key.len()]);
            assert_eq!(verify(number, &DIGEST, &bad_signature, &key, &[]), 0, "{algorithm:?} {byte:#x}");
            assert_ne!(verify(number, &DIGEST, &signature, &bad_key, &[]), 1, "{algorithm:?} {byte:#x}");
            assert_ne!(verify(number, &DIGEST, &bad_signature, &bad_key, &[]), 1, "{algorithm:?} {byte:#x}");
        }
    }
}

#[test]
fn unknown_algorithms_have_no_keys() {
    let (signature, key) = signed(Algorithm::Ed25519);
    for number in [0, 6, 15, 19, 23, 27, 255, 256 + 1, u32::MAX] {
        assert_eq!(verify(number, &DIGEST, &signature, &key, &[]), -1, "{number}");
        assert_eq!(doors::threshold(number, 1, &DIGEST, &signature, &key), -1, "{number}");
    }
}

const ORDER_K1: &str = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
const ORDER_R1: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

#[test]
fn n098_ecdsa_takes_r_and_s_within_the_order() {
    for (algorithm, order) in [(Algorithm::Secp256k1, ORDER_K1), (Algorithm::P256, ORDER_R1)] {
        let (number, (signature, key)) = (algorithm as u32, signed(algorithm));
        let order = unhex(order);
        let mut past = order.clone();
        past[31] += 1;
        for bad in [vec![0; 32], order, past, vec![0xff; 32]] {
            let (r, s) = ([&bad, &signature[32..]].concat(), [&signature[..32], &bad].concat());
            assert_eq!(verify(number, &DIGEST, &r, &key, &[]), 0, "{algorithm:?}");
            assert_eq!(verify(number, &DIGEST, &s, &key, &[]), 0, "{algorithm:?}");
        }
        for digest in [&DIGEST[..31], &[7; 33], &[], &[7; 64]] {
            assert_eq!(verify(number, digest, &signature, &key, &[]), 0, "{} bytes", digest.len());
        }
    }
}

#[test]
fn n098_a_high_s_is_refused_on_secp256k1_and_taken_on_p256() {
    let (signature, key) = signed(Algorithm::Secp256k1);
    let low = k256::ecdsa::Signature::from_slice(&signature).expect("r and s");
    let high = k256::ecdsa::Signature::from_scalars(*low.r(), -*low.s()).expect("r and s");
    assert_eq!(verify(2, &DIGEST, &high.to_bytes(), &key, &[]), 0);
    let (signature, key) = signed(Algorithm::P256);
    let one = p256::ecdsa::Signature::from_slice(&signature).expect("r and s");
    let other = p256::ecdsa::Signature::from_scalars(*one.r(), -*one.s()).expect("r and s");
    assert_eq!(verify(3, &DIGEST, &other.to_bytes(), &key, &[]), 1);
}

#[test]
fn n098_two_encodings_of_a_key_and_no_third() {
    let (signature, compressed) = signed(Algorithm::Secp256k1);
    let key = k256::ecdsa::VerifyingKey::from_sec1_bytes(&compressed).expect("a key");
    let full = key.to_encoded_point(false).as_bytes().to_vec();
    assert_eq!(verify(2, &DIGEST, &signature, &full, &[]), 1);
    let with = |first: u8, rest: &[u8]| [&[first], rest].concat();
    let bad = [
        full[1..].to_vec(),
        with(6, &full[1..]),
        with(7, &full[1..]),
        with(2, &full[1..]),
        with(4, &compressed[1..]),
        with(5, &compressed[1..]),
        vec![0],
        // x is not below p.
        with(2, &[0xff; 32]),
        // Not on the curve.
        with(4, &[1; 64]),
    ];
    for key in bad {
        assert_eq!(verify(2, &DIGEST, &signature, &key, &[]), -1, "{key:02x?}");
    }
}

#[test]
fn n098_a_key_is_recovered_from_the_right_identifier_alone() {
    let secret = k256::ecdsa::SigningKey::from_slice(&[1; 32]).expect("a key");
    let (signature, id) = secret.sign_prehash_recoverable(&DIGEST).expect("a signature");
    let point = secret.verifying_key().to_encoded_point(false);
    let expected = &point.as_bytes()[1..];
    let with = |id: u8, signature: &[u8]| -> [u8; 65] { [signature, &[id]].concat().try_into().expect("65") };
    for written in 0..=255 {
        let recovered = doors::recover(&DIGEST, &with(written, &signature.to_bytes()));
        let key = recovered.map(|(key, _)| key);
        match written {
            _ if written == id.to_byte() || written == 27 + id.to_byte() => {
                assert_eq!(key.as_deref(), Some(expected), "{written}");
            }
            // The other parity gives another key; x of this signature is not reduced.
            0 | 1 | 27 | 28 => assert!(key.is_some_and(|key| key != expected), "{written}"),
            _ => assert_eq!(key, None, "{written}"),
        }
    }
    let high = k256::ecdsa::Signature::from_scalars(*signature.r(), -*signature.s()).expect("r and s");
    assert_eq!(doors::recover(&DIGEST, &with(id.to_byte() ^ 1, &high.to_bytes())), None);
    for bad in [[0; 64], [0xff; 64]] {
        assert_eq!(doors::recover(&DIGEST, &with(0, &bad)), None);
    }
}

#[test]
fn n099_ed25519_takes_no_small_orders_and_no_second_encodings() {
    let (signature, key) = signed(Algorithm::Ed25519);
    // The eight points of small order, and the encodings of some of them that are not canonical.
    let small = [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ]
    .map(unhex);
    for point in &small {
        assert_eq!(verify(1, &DIGEST, &signature, point, &[]), -1, "{point:02x?}");
        // R of small order and S of zero would hold for a key of small order and, without care, for any
        // message.
        let forged = [&point[..], &[0; 32]].concat();
        assert_eq!(verify(1, &DIGEST, &forged, &key, &[]), 0, "{point:02x?}");
        assert_eq!(verify(1, &DIGEST, &forged, point, &[]), -1, "{point:02x?}");
    }
    // y = 3 is on the curve, y = p + 3 is the same point.
    let (canonical, second) = (with_ends(3, 0), with_ends(0xf0, 0x7f));
    assert_eq!(verify(1, &DIGEST, &signature, &canonical, &[]), 0);
    assert_eq!(verify(1, &DIGEST, &signature, &second, &[]), -1);
    // S and S + L are the same scalar.
    let order = unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut carry = 0;
    let mut more = signature.clone();
    for (digit, added) in more[32..].iter_mut().zip(order) {
        let sum = u16::from(*digit) + u16::from(added) + carry;
        (*digit, carry) = (sum as u8, sum >> 8);
    }
    assert_eq!(verify(1, &DIGEST, &more, &key, &[]), 0);
}

/// A little-endian y: its lowest and its highest byte, 0xff or 0 between them.
fn with_ends(lowest: u8, highest: u8) -> Vec<u8> {
    let middle = if highest == 0 { 0 } else { 0xff };
    [vec![lowest], vec![middle; 30], vec![highest]].concat()
}

#[test]
fn n101_contexts_have_up_to_255_bytes() {
    use fips204::traits::{KeyGen, SerDes, Signer};
    let (key, secret) = fips204::ml_dsa_65::KG::keygen_from_seed(&[1; 32]);
    let key = key.into_bytes();
    for len in [0, 1, 254, 255] {
        let context = vec![b'c'; len];
        let signature = secret.try_sign_with_seed(&[0; 32], &DIGEST, &context).expect("a signature");
        assert_eq!(verify(17, &DIGEST, &signature, &key, &context), 1, "{len}");
        let longer = [&context[..], b"c"].concat();
        assert_eq!(verify(17, &DIGEST, &signature, &key, &longer), 0, "{len} + 1");
    }
    let (signature, _) = signed(Algorithm::MlDsa65);
    for len in [256, 257, 8192] {
        assert_eq!(verify(17, &DIGEST, &signature, &key, &vec![b'c'; len]), 0, "{len}");
    }
}

#[test]
fn n101_hints_that_are_not_in_order_are_refused() {
    // ML-DSA-44: the last 84 bytes are 80 positions of hints and how many each of the 4 rows has.
    let (signature, key) = signed(Algorithm::MlDsa44);
    let (hints, len) = (signature.len() - 84, signature.len());
    let rows = signature[len - 4];
    assert!(rows >= 2, "a row with two hints to exchange");
    let mut swapped = signature.clone();
    swapped.swap(hints, hints + 1);
    let mut doubled = signature.clone();
    doubled[hints + 1] = doubled[hints];
    let mut beyond = signature.clone();
    beyond[len - 1] = 81;
    let mut descending = signature.clone();
    descending[len - 3] = rows - 1;
    let mut unpadded = signature.clone();
    unpadded[len - 5] = 1;
    for bad in [swapped, doubled, beyond, descending, unpadded] {
        assert_eq!(verify(16, &DIGEST, &bad, &key, &[]), 0);
    }
}

#[test]
fn a_threshold_counts_distinct_keys() {
    let key_of = |seed: u8| ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
    let pair = |seed: u8| {
        let secret = key_of(seed);
        let signature = ed25519_dalek::Signer::sign(&secret, &DIGEST).to_bytes();
        (signature, secret.verifying_key().to_bytes())
    };
    let judged = |need: u32, pairs: &[([u8; 64], [u8; 32])]| {
        let signatures: Vec<u8> = pairs.iter().flat_map(|(signature, _)| *signature).collect();
        let keys: Vec<u8> = pairs.iter().flat_map(|(_, key)| *key).collect();
        doors::threshold(1, need, &DIGEST, &signatures, &keys)
    };
    let (a, b, c) = (pair(1), pair(2), pair(3));
    let broken = ([0; 64], c.1);
    for (need, pairs, expected) in [
        (0, &[a][..], 0),
        (1, &[], 0),
        (1, &[a], 1),
        (2, &[a], 0),
        (2, &[a, b], 1),
        (2, &[a, a], 0),
        (2, &[a, a, a, b], 1),
        (3, &[a, b, broken], 0),
        (2, &[broken, b, a], 1),
        // A wrong signature first does not spoil the right one of the same key.
        (1, &[broken, c], 1),
        // Signatures belong to their places.
        (1, &[(a.0, b.1), (b.0, a.1)], 0),
        (u32::MAX, &[a, b, c], 0),
    ] {
        assert_eq!(judged(need, pairs), expected, "{need} of {}", pairs.len());
    }
    let malformed = (c.0, [0; 32]);
    assert_eq!(judged(1, &[malformed, a]), 1);
    assert_eq!(judged(2, &[malformed, a]), 0);
}

#[test]
fn lists_are_bounded_and_counted_before_they_are_read() {
    let bytes = vec![0; 65 * 64];
    let threshold = |count: u32| {
        let arguments =
            [Number(1), Number(1), Region(&DIGEST), Pointer(&bytes), Pointer(&bytes), Number(count)];
        host("verify_threshold", &arguments, PLENTY).execution.outcome
    };
    assert_eq!(threshold(64), Outcome::Success);
    for count in [65, 1 << 20, u32::MAX] {
        assert_eq!(threshold(count), Outcome::Halt(Halt::TooLong), "{count}");
    }
    let aggregate = |algorithm: u32, count: u32, same: u32, place: u32| {
        let arguments = [
            Number(algorithm),
            Number(place),
            Pointer(&bytes[..96]),
            Pointer(&bytes),
            Number(count),
            Number(same),
        ];
        host("verify_aggregate", &arguments, PLENTY)
    };
    let end = 8 << 16;
    assert_eq!(aggregate(5, 64, 0, 4096).execution.outcome, Outcome::Success);
    assert_eq!(aggregate(5, 65, 0, 4096).execution.outcome, Outcome::Halt(Halt::TooLong));
    assert_eq!(aggregate(5, u32::MAX, 1, 4096).execution.outcome, Outcome::Halt(Halt::TooLong));
    assert_eq!(aggregate(5, 1, 1, end - 31).execution.outcome, Outcome::Halt(Halt::BadPointer));
    assert_eq!(aggregate(5, 1, 1, u32::MAX).execution.outcome, Outcome::Halt(Halt::BadPointer));
    assert_eq!(aggregate(5, 1, 2, 4096).execution.outcome, Outcome::Halt(Halt::BadInput));
    // Another algorithm has no aggregates, and nothing is read for it.
    assert_eq!(aggregate(1, 1, 1, u32::MAX).result, -1);
}

#[test]
fn keys_of_bls_that_cancel_out_sign_nothing() {
    let secret = blst::min_pk::SecretKey::key_gen(&[1; 32], &[]).expect("a key");
    let key = secret.sk_to_pk().compress();
    let mut opposite = key;
    // The sign of y.
    opposite[0] ^= 0x20;
    let mut infinity = [0; 96];
    infinity[0] = 0xc0;
    assert_eq!(doors::aggregate(&DIGEST, &infinity, &[key, opposite].concat(), true), 0);
    // Nor do they each for the same message, though the equation would hold.
    assert_eq!(doors::aggregate(&DIGEST.repeat(2), &infinity, &[key, opposite].concat(), false), 0);
    assert_eq!(doors::aggregate(&[], &infinity, &[], false), 0);
    assert_eq!(doors::aggregate(&DIGEST, &infinity, &[], true), 0);
    assert_eq!(verify(5, &DIGEST, &infinity, &key, &[]), 0);
    assert_eq!(verify(5, &DIGEST, &infinity, &infinity[..48], &[]), -1);
}
