//! Mutated signatures, judged by us and by a second implementation: they must not disagree.
//!
//! A few hundred for each algorithm; 10,000 where `ZVM_DEEP` is set (`make test-crypto-deep`).

use ml_dsa::{EncodedSignature, EncodedVerifyingKey, MlDsa44, MlDsa65, MlDsa87};
use sha2::{Digest, Sha256};
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
    assert!(valid > 0 && invalid > 0);
    println!("differential {algorithm:?}: {valid} valid and {invalid} invalid, 0 disagreements");
}

#[test]
fn ed25519_against_ring() {
    compare(
        Algorithm::Ed25519,
        |numbers| {
            let secret = ed25519_dalek::SigningKey::from_bytes(&numbers.bytes());
            let message = numbers.bytes::<40>().to_vec();
            let signature = ed25519_dalek::Signer::sign(&secret, &message).to_bytes().to_vec();
            Sample { message, signature, key: secret.verifying_key().to_bytes().to_vec() }
        },
        |it| {
            let key = ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, &it.key);
            key.verify(&it.message, &it.signature).is_ok()
        },
    );
}

#[test]
fn secp256k1_against_libsecp256k1() {
    let second = secp256k1::Secp256k1::verification_only();
    compare(
        Algorithm::Secp256k1,
        |numbers| {
            let secret =
                k256::ecdsa::SigningKey::from_slice(&numbers.bytes::<32>()).expect("below the order");
            let message = numbers.bytes::<32>();
            let (signature, _) = secret.sign_prehash_recoverable(&message).expect("a signature");
            let key = secret.verifying_key().to_encoded_point(true).as_bytes().to_vec();
            Sample { message: message.to_vec(), signature: signature.to_vec(), key }
        },
        |it| {
            let digest = it.message[..].try_into().expect("32 bytes");
            let message = secp256k1::Message::from_digest(digest);
            let signature = secp256k1::ecdsa::Signature::from_compact(&it.signature);
            match (signature, secp256k1::PublicKey::from_slice(&it.key)) {
                (Ok(signature), Ok(key)) => second.verify_ecdsa(message, &signature, &key).is_ok(),
                _ => false,
            }
        },
    );
}

#[test]
fn schnorr_against_libsecp256k1() {
    let second = secp256k1::Secp256k1::verification_only();
    compare(
        Algorithm::Schnorr,
        |numbers| {
            let secret =
                k256::schnorr::SigningKey::from_bytes(&numbers.bytes::<32>()).expect("below the order");
            let message = numbers.bytes::<50>().to_vec();
            let signature = secret.sign_raw(&message, &numbers.bytes()).expect("a signature");
            let key = secret.verifying_key().to_bytes().to_vec();
            Sample { message, signature: signature.to_bytes().to_vec(), key }
        },
        |it| {
            let signature =
                secp256k1::schnorr::Signature::from_byte_array(it.signature[..].try_into().expect("64"));
            let key = it.key[..].try_into().expect("32 bytes");
            secp256k1::XOnlyPublicKey::from_byte_array(key)
                .is_ok_and(|key| second.verify_schnorr(&signature, &it.message, &key).is_ok())
        },
    );
}

#[test]
fn p256_against_ring() {
    // ring hashes by itself, so what is signed and mutated is a text.
    use p256::ecdsa::signature::hazmat::PrehashSigner;
    let mut numbers = Numbers(3);
    let (mut valid, mut invalid) = (0, 0);
    while valid + invalid < rounds() {
        let secret = p256::ecdsa::SigningKey::from_slice(&numbers.bytes::<32>()).expect("below the order");
        let text = numbers.bytes::<24>();
        let fresh: p256::ecdsa::Signature = secret.sign_prehash(&Sha256::digest(text)).expect("a signature");
        let full = secret.verifying_key().to_encoded_point(false).as_bytes().to_vec();
        for _ in 0..20 {
            let (mut text, mut signature, mut key) = (text, fresh.to_vec(), full.clone());
            match numbers.below(8) {
                0 => numbers.mutate(&mut text),
                1 => numbers.mutate(&mut key),
                _ => numbers.mutate(&mut signature),
            }
            let ours = Algorithm::P256.verify(&Sha256::digest(text), &signature, &key) == Verdict::Valid;
            let algorithm = &ring::signature::ECDSA_P256_SHA256_FIXED;
            let theirs =
                ring::signature::UnparsedPublicKey::new(algorithm, &key).verify(&text, &signature).is_ok();
            assert_eq!(ours, theirs, "text {text:02x?}, signature {signature:02x?}, key {key:02x?}");
            *(if ours { &mut valid } else { &mut invalid }) += 1;
        }
    }
    println!("differential P256: {valid} valid and {invalid} invalid, 0 disagreements");
}

macro_rules! mldsa_against_ml_dsa {
    ($test:ident, $algorithm:ident, $set:ident) => {
        #[test]
        fn $test() {
            use fips204::traits::{KeyGen, SerDes, Signer};
            compare(
                Algorithm::$algorithm,
                |numbers| {
                    let (key, secret) = fips204::$set::KG::keygen_from_seed(&numbers.bytes());
                    let message = numbers.bytes::<60>().to_vec();
                    let signature =
                        secret.try_sign_with_seed(&numbers.bytes(), &message, &[]).expect("a signature");
                    Sample { message, signature: signature.to_vec(), key: key.into_bytes().to_vec() }
                },
                |it| {
                    let key = EncodedVerifyingKey::<$algorithm>::try_from(&it.key[..]).expect("the size");
                    let signature =
                        EncodedSignature::<$algorithm>::try_from(&it.signature[..]).expect("the size");
                    let key = ml_dsa::VerifyingKey::<$algorithm>::decode(&key);
                    ml_dsa::Signature::<$algorithm>::decode(&signature)
                        .is_some_and(|signature| key.verify_with_context(&it.message, &[], &signature))
                },
            );
        }
    };
}

mldsa_against_ml_dsa!(mldsa44_against_ml_dsa, MlDsa44, ml_dsa_44);
mldsa_against_ml_dsa!(mldsa65_against_ml_dsa, MlDsa65, ml_dsa_65);
mldsa_against_ml_dsa!(mldsa87_against_ml_dsa, MlDsa87, ml_dsa_87);
