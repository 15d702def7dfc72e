//! Verifications: a valid signature, and what might take longer than it.

use fips204::traits::{KeyGen, SerDes, Signer};
use zvm::Limits;
use zvm::crypto::hash::keccak256;
use zvm::crypto::signature::Algorithm;

use crate::Group;
use crate::measure::Argument::{Number, Out, Pointer, Region};
use crate::measure::Work;

pub(crate) const DIGEST: [u8; 32] = [7; 32];
pub(crate) const DOMAIN: &[u8] = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

pub(crate) fn groups() -> Vec<Group> {
    let mut groups: Vec<_> = Algorithm::ALL.iter().copied().map(group).collect();
    groups.push(recovery());
    groups
}

/// A signature of [`DIGEST`] and its key.
pub(crate) fn signed(algorithm: Algorithm) -> (Vec<u8>, Vec<u8>) {
    use p256::ecdsa::signature::hazmat::PrehashSigner;
    macro_rules! mldsa {
        ($set:ident) => {{
            let (key, secret) = fips204::$set::KG::keygen_from_seed(&[1; 32]);
            let signature = secret.try_sign_with_seed(&[0; 32], &DIGEST, &[]).expect("a signature");
            (signature.to_vec(), key.into_bytes().to_vec())
        }};
    }
    #[cfg(feature = "dilithium-round3")]
    macro_rules! dilithium {
        ($set:ident) => {{
            use pqcrypto_traits::sign::{DetachedSignature, PublicKey};
            let (key, secret) = pqcrypto_dilithium::$set::keypair();
            let signature = pqcrypto_dilithium::$set::detached_sign(&DIGEST, &secret);
            (signature.as_bytes().to_vec(), key.as_bytes().to_vec())
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
            (secret.sign(&DIGEST, DOMAIN, &[]).compress().to_vec(), secret.sk_to_pk().compress().to_vec())
        }
        Algorithm::MlDsa44 => mldsa!(ml_dsa_44),
        Algorithm::MlDsa65 => mldsa!(ml_dsa_65),
        Algorithm::MlDsa87 => mldsa!(ml_dsa_87),
        #[cfg(feature = "dilithium-round3")]
        Algorithm::Dilithium2 => dilithium!(dilithium2),
        #[cfg(feature = "dilithium-round3")]
        Algorithm::Dilithium3 => dilithium!(dilithium3),
        #[cfg(feature = "dilithium-round3")]
        Algorithm::Dilithium5 => dilithium!(dilithium5),
    }
}

fn group(algorithm: Algorithm) -> Group {
    let (signature, key) = signed(algorithm);
    let verify = |message: &[u8], signature: &[u8], key: &[u8]| {
        let regions = [message, signature, key].map(|bytes| Region(bytes.to_vec()));
        Work::Host("verify", [&[Number(algorithm as u32)][..], &regions].concat())
    };
    let message = vec![7; Limits::default().message_bytes as usize];
    let longest = vec![0; Limits::default().signature_bytes as usize];
    let filled = |bytes: &[u8], with: u8| vec![with; bytes.len()];
    let mut flipped = signature.clone();
    flipped[signature.len() / 2 + 8] ^= 1;
    Group::new(format!("{algorithm:?}"), "valid", verify(&DIGEST, &signature, &key))
        .with("another message", verify(&[8; 32], &signature, &key))
        .with("a bit of the signature", verify(&DIGEST, &flipped, &key))
        .with("signature of zeros", verify(&DIGEST, &filled(&signature, 0), &key))
        .with("signature of ones", verify(&DIGEST, &filled(&signature, 0xff), &key))
        .with("key of zeros", verify(&DIGEST, &signature, &filled(&key, 0)))
        .with("key of ones", verify(&DIGEST, &signature, &filled(&key, 0xff)))
        .with("no point as a key", verify(&DIGEST, &signature, &pointless(algorithm, &key)))
        .with("no point as a signature", verify(&DIGEST, &pointless(algorithm, &signature), &key))
        .with("longest message", verify(&message, &signature, &key))
        .with("longest signature and key", verify(&DIGEST, &longest, &longest))
        .with("64 signatures of a digest", threshold(algorithm, &DIGEST))
        .with("64 signatures of the longest message", threshold(algorithm, &message))
}

/// As the bytes, but with a number in them that begins no point, or for BLS one of a point outside the subgroup, which
/// takes the longest to find out. The lattices have no points: anything else than they sign with.
fn pointless(algorithm: Algorithm, bytes: &[u8]) -> Vec<u8> {
    let candidates = (0_u64..).map(|seed| {
        let noise =
            (0_u64..).flat_map(|part| keccak256(&[seed.to_be_bytes(), part.to_be_bytes()].concat()).0);
        let mut candidate: Vec<u8> = noise.take(bytes.len()).collect();
        match algorithm {
            Algorithm::Secp256k1 | Algorithm::P256 if bytes.len() == 33 => candidate[0] = 2,
            Algorithm::Bls => candidate[0] = 0x80 | (candidate[0] & 0x0f),
            _ => {}
        }
        candidate
    });
    let mut candidates = candidates;
    let is_one = |candidate: &Vec<u8>| match (algorithm, candidate.len()) {
        (Algorithm::Bls, 48) => blst::min_pk::PublicKey::uncompress(candidate).is_ok(),
        (Algorithm::Bls, _) => blst::min_pk::Signature::uncompress(candidate).is_ok(),
        (Algorithm::Ed25519 | Algorithm::Secp256k1 | Algorithm::P256 | Algorithm::Schnorr, 32 | 33) => {
            algorithm.canonical_key(candidate).is_none()
        }
        _ => true,
    };
    candidates.find(is_one).expect("every second one")
}

/// A list in which none holds, so that all are looked at.
fn threshold(algorithm: Algorithm, message: &[u8]) -> Work {
    let (mut signature, key) = signed(algorithm);
    let last = signature.len() / 2 + 8;
    signature[last] ^= 1;
    let lists = [signature, key].map(|one| Pointer(one.repeat(64)));
    let arguments = [&[Number(algorithm as u32), Number(1), Region(message.to_vec())][..], &lists];
    Work::Host("verify_threshold", [&arguments.concat()[..], &[Number(64)]].concat())
}

fn recovery() -> Group {
    let key = k256::ecdsa::SigningKey::from_slice(&[1; 32]).expect("a key");
    let (signature, id) = key.sign_prehash_recoverable(&DIGEST).expect("a signature");
    let high = k256::ecdsa::Signature::from_scalars(*signature.r(), -*signature.s()).expect("r and s");
    let recover = |signature: &[u8], id: u8| {
        let signature = Pointer([signature, &[id]].concat());
        Work::Host("recover_key", vec![Pointer(DIGEST.to_vec()), signature, Out])
    };
    let (signature, id) = (signature.to_bytes(), id.to_byte());
    Group::new("recovery", "valid", recover(&signature, id))
        .with("another parity", recover(&signature, id ^ 1))
        .with("x past the order", recover(&signature, id | 2))
        .with("a high s", recover(&high.to_bytes(), id))
        .with("zeros", recover(&[0; 64], 0))
        .with("ones", recover(&[0xff; 64], 0))
        .with("small r and s", recover(&[&[0; 31][..], &[5], &[0; 31], &[1]].concat(), 0))
        .with("no point", recover(&[&[0; 31][..], &[7], &[0; 31], &[1]].concat(), 0))
}
