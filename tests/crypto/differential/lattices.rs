//! On lattices: ML-DSA against RustCrypto's ml-dsa, Dilithium3 of round 3 against pqc_dilithium.
//!
//! pqc_dilithium is built for one of the three sets, so Dilithium2 and 5 have no second opinion here: they are the
//! same code of ours with other parameters.

use fips204::traits::{KeyGen, SerDes, Signer};
use ml_dsa::{EncodedSignature, EncodedVerifyingKey, MlDsa44, MlDsa65, MlDsa87};
use zvm::crypto::signature::Algorithm;

use super::{Sample, compare};

macro_rules! mldsa_against_ml_dsa {
    ($test:ident, $algorithm:ident, $set:ident) => {
        #[test]
        fn $test() {
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

#[cfg(feature = "dilithium-round3")]
#[test]
fn dilithium3_against_pqc_dilithium() {
    // Both libraries make keys of the system's randomness alone, so this one test is another each time; what it
    // says in its failure is the whole sample.
    compare(
        Algorithm::Dilithium3,
        |numbers| {
            let message = numbers.bytes::<60>().to_vec();
            let (signature, key) = crate::round3::signed(Algorithm::Dilithium3, &message);
            Sample { message, signature, key }
        },
        |it| pqc_dilithium::verify(&it.signature, &it.message, &it.key).is_ok(),
    );
}
