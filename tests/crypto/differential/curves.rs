//! On elliptic curves, against ring and Bitcoin's libsecp256k1.

use sha2::{Digest, Sha256};
use zvm::crypto::secp256k1::recover;
use zvm::crypto::signature::{Algorithm, Verdict};

use super::{Numbers, Sample, compare, rounds, told};

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
    told("P256", valid, invalid);
}

#[test]
fn recovery_against_libsecp256k1() {
    use secp256k1::ecdsa::{RecoverableSignature, RecoveryId};
    let second = secp256k1::Secp256k1::verification_only();
    let mut numbers = Numbers(74);
    let (mut found, mut none) = (0, 0);
    while found + none < rounds() {
        let secret = k256::ecdsa::SigningKey::from_slice(&numbers.bytes::<32>()).expect("below the order");
        let digest = numbers.bytes::<32>();
        let (signature, id) = secret.sign_prehash_recoverable(&digest).expect("a signature");
        for _ in 0..20 {
            let mut mutated: [u8; 65] =
                [&signature.to_bytes()[..], &[id.to_byte()]].concat().try_into().expect("65 bytes");
            match numbers.below(4) {
                0 => mutated[64] = numbers.below(6) as u8,
                _ => numbers.mutate(&mut mutated[..64]),
            }
            let theirs = RecoveryId::try_from(i32::from(mutated[64]))
                .and_then(|id| RecoverableSignature::from_compact(&mutated[..64], id))
                .and_then(|signature| {
                    let message = secp256k1::Message::from_digest(digest);
                    Ok((second.recover_ecdsa(message, &signature)?, signature.to_standard()))
                })
                .ok()
                // The library takes either s.
                .filter(|(_, signature)| {
                    let mut low = *signature;
                    low.normalize_s();
                    low == *signature
                })
                .map(|(key, _)| key.serialize_uncompressed()[1..].to_vec());
            let ours = recover(&digest, &mutated).map(|point| point.to_vec());
            assert_eq!(ours, theirs, "digest {digest:02x?}, signature {mutated:02x?}");
            *(if ours.is_some() { &mut found } else { &mut none }) += 1;
        }
    }
    told("recovery", found, none);
}
