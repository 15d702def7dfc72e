//! n102: Dilithium of round 3 and ML-DSA have keys of the same size, and neither takes the other's
//! signatures.

use fips204::traits::{KeyGen, SerDes, Signer};
use pqcrypto_dilithium::{dilithium2, dilithium3, dilithium5};
use pqcrypto_traits::sign::{DetachedSignature, PublicKey};
use zvm::crypto::signature::Algorithm;

use crate::doors;

/// A signature of the message by a key of the system's making, and the key.
pub(crate) fn signed(algorithm: Algorithm, message: &[u8]) -> (Vec<u8>, Vec<u8>) {
    macro_rules! signed {
        ($set:ident) => {{
            let (key, secret) = $set::keypair();
            ($set::detached_sign(message, &secret).as_bytes().to_vec(), key.as_bytes().to_vec())
        }};
    }
    match algorithm {
        Algorithm::Dilithium2 => signed!(dilithium2),
        Algorithm::Dilithium3 => signed!(dilithium3),
        Algorithm::Dilithium5 => signed!(dilithium5),
        other => panic!("{other:?} is not of round 3"),
    }
}

/// The later drafts have other sizes: version 0.5 of the library is one of them.
#[test]
fn signatures_have_the_sizes_of_round_3() {
    let sizes = [Algorithm::Dilithium2, Algorithm::Dilithium3, Algorithm::Dilithium5].map(Algorithm::sizes);
    assert_eq!(sizes, [(1312, 2420), (1952, 3293), (2592, 4595)]);
}

#[test]
fn n102_neither_takes_the_others_signatures() {
    macro_rules! apart {
        ($old:ident, $new:ident, $set:ident) => {{
            let (old, new) = (Algorithm::$old, Algorithm::$new);
            let (signature, key) = signed(old, b"message");
            assert_eq!(doors::verify(old as u32, b"message", &signature, &key, &[]), 1);
            assert_eq!(key.len(), new.sizes().0, "keys cannot be told apart by their length");
            // Cut or filled up to the other's length, so that it is looked at.
            let mut fitted = signature.clone();
            fitted.resize(new.sizes().1, 0);
            assert_eq!(doors::verify(new as u32, b"message", &signature, &key, &[]), 0);
            assert_eq!(doors::verify(new as u32, b"message", &fitted, &key, &[]), 0);
            let (key, secret) = fips204::$set::KG::keygen_from_seed(&[1; 32]);
            let (key, signature) = (key.into_bytes(), secret.try_sign_with_seed(&[0; 32], b"message", &[]));
            let mut fitted = signature.expect("a signature").to_vec();
            assert_eq!(doors::verify(new as u32, b"message", &fitted, &key, &[]), 1);
            assert_eq!(doors::verify(old as u32, b"message", &fitted, &key, &[]), 0);
            fitted.resize(old.sizes().1, 0);
            assert_eq!(doors::verify(old as u32, b"message", &fitted, &key, &[]), 0);
        }};
    }
    apart!(Dilithium2, MlDsa44, ml_dsa_44);
    apart!(Dilithium3, MlDsa65, ml_dsa_65);
    apart!(Dilithium5, MlDsa87, ml_dsa_87);
}
