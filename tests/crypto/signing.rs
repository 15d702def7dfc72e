//! Keys and signatures for tools: what is signed here is verified there.

use zvm::crypto::address::key_address;
use zvm::crypto::signature::Algorithm;
use zvm::crypto::signing::SigningKey;

use crate::doors;

const ALGORITHMS: [Algorithm; 5] =
    [Algorithm::Ed25519, Algorithm::Secp256k1, Algorithm::MlDsa44, Algorithm::MlDsa65, Algorithm::MlDsa87];

#[test]
fn what_a_key_signs_is_verified() {
    for algorithm in ALGORITHMS {
        let key = SigningKey::from_seed(algorithm, &[5; 32]).expect("offered");
        assert_eq!(key.algorithm(), algorithm);
        let signature = key.sign(&[9; 32]).expect("a message of 32 bytes");
        assert_eq!(doors::verify(algorithm as u32, &[9; 32], &signature, &key.public_key(), &[]), 1);
        assert_eq!(key.sign(&[9; 32]).as_ref(), Some(&signature), "{algorithm:?} is deterministic");
        let context = key.sign_with_context(&[9; 32], b"context");
        assert_eq!(context.is_some(), algorithm.has_contexts(), "{algorithm:?}");
        if let Some(signature) = context {
            let verdict =
                doors::verify(algorithm as u32, &[9; 32], &signature, &key.public_key(), b"context");
            assert_eq!(verdict, 1);
        }
    }
}

#[test]
fn a_new_key_is_another_one() {
    for algorithm in ALGORITHMS {
        let [one, other] =
            [(); 2].map(|()| SigningKey::generate(algorithm).expect("randomness").public_key());
        assert_ne!(one, other, "{algorithm:?}");
        assert!(key_address(algorithm, &one).is_some());
    }
}

#[test]
fn what_is_no_key_or_not_offered_is_none() {
    assert!(SigningKey::from_seed(Algorithm::Secp256k1, &[0; 32]).is_none());
    assert!(SigningKey::from_seed(Algorithm::Secp256k1, &[0xff; 32]).is_none());
    for algorithm in [Algorithm::P256, Algorithm::Schnorr, Algorithm::Bls] {
        assert!(SigningKey::from_seed(algorithm, &[1; 32]).is_none());
    }
    let key = SigningKey::from_seed(Algorithm::Secp256k1, &[1; 32]).expect("a scalar");
    assert!(key.sign(b"no digest").is_none());
    let signature = key.sign_recoverable(&[9; 32]).expect("a key of secp256k1");
    let (_, address) = doors::recover(&[9; 32], &signature).expect("the signer");
    assert_eq!(key_address(Algorithm::Secp256k1, &key.public_key()).expect("a key").0, address);
    assert!(
        SigningKey::from_seed(Algorithm::Ed25519, &[1; 32])
            .expect("a key")
            .sign_recoverable(&[9; 32])
            .is_none()
    );
}
