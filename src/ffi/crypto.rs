//! Hashes and signatures, judged as contracts have them judged.
//!
//! For hosts that check the signature of a transaction with the rules of the chain (docs/crypto.md). Nothing
//! here signs.

use super::error::zvm_error;
use super::guard::guard;
use super::sized::{Out, reference};
use super::types::{zvm_address, zvm_bytes, zvm_point, zvm_word};
use crate::crypto::address::{key_address, point_address};
use crate::crypto::signature::{Algorithm, Verdict};
use crate::crypto::{bls, hash, secp256k1};
use crate::error::{Error, Result, Status};
use crate::types::Word;

/// keccak256 as Ethereum uses it. The numbers of hashes are those of the host functions.
pub const ZVM_HASH_KECCAK256: u32 = 96;
/// SHA-256.
pub const ZVM_HASH_SHA256: u32 = 97;
/// SHA3-256.
pub const ZVM_HASH_SHA3_256: u32 = 98;
/// BLAKE3 with 32 bytes of output.
pub const ZVM_HASH_BLAKE3: u32 = 99;
/// BLAKE2b with 32 bytes of output.
pub const ZVM_HASH_BLAKE2B_256: u32 = 100;
/// RIPEMD-160: 20 bytes, then 12 of zero.
pub const ZVM_HASH_RIPEMD160: u32 = 101;

/// Ed25519, strict.
pub const ZVM_ALGORITHM_ED25519: u32 = 1;
/// ECDSA on secp256k1 of a digest of 32 bytes, compact, low s.
pub const ZVM_ALGORITHM_SECP256K1: u32 = 2;
/// ECDSA on P-256 of a digest of 32 bytes, compact.
pub const ZVM_ALGORITHM_P256: u32 = 3;
/// Schnorr on secp256k1 (BIP-340).
pub const ZVM_ALGORITHM_SCHNORR: u32 = 4;
/// BLS on BLS12-381, keys in G1.
pub const ZVM_ALGORITHM_BLS: u32 = 5;
/// ML-DSA-44 (FIPS 204).
pub const ZVM_ALGORITHM_MLDSA44: u32 = 16;
/// ML-DSA-65 (FIPS 204).
pub const ZVM_ALGORITHM_MLDSA65: u32 = 17;
/// ML-DSA-87 (FIPS 204).
pub const ZVM_ALGORITHM_MLDSA87: u32 = 18;
/// Dilithium2 of round 3, where the library was built with it.
pub const ZVM_ALGORITHM_DILITHIUM2: u32 = 24;
/// Dilithium3 of round 3, where the library was built with it.
pub const ZVM_ALGORITHM_DILITHIUM3: u32 = 25;
/// Dilithium5 of round 3, where the library was built with it.
pub const ZVM_ALGORITHM_DILITHIUM5: u32 = 26;

/// The signature is the key's.
pub const ZVM_VERDICT_VALID: i32 = 1;
/// It is not.
pub const ZVM_VERDICT_INVALID: i32 = 0;
/// The algorithm is not known, or what was given is no key of it.
pub const ZVM_VERDICT_NO_KEY: i32 = -1;

/// Hashes a message with a ZVM_HASH function.
///
/// Ownership: everything is borrowed; `out` is the caller's.
/// Thread: any.
/// Statuses: OK, NULL, LIMIT, UNSUPPORTED, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_hash(
    function: u32,
    message: zvm_bytes,
    out: *mut zvm_word,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_hash", err, || {
            let out = Out::new(out, "out", zvm_word { bytes: [0; 32] })?;
            out.set((&digest(function, message.read("message")?)?).into());
            Ok(())
        })
    }
}

fn digest(function: u32, message: &[u8]) -> Result<Word> {
    Ok(match function {
        ZVM_HASH_KECCAK256 => hash::keccak256(message),
        ZVM_HASH_SHA256 => hash::sha256(message),
        ZVM_HASH_SHA3_256 => hash::sha3_256(message),
        ZVM_HASH_BLAKE3 => hash::blake3(message),
        ZVM_HASH_BLAKE2B_256 => hash::blake2b_256(message),
        ZVM_HASH_RIPEMD160 => {
            let mut word = Word::ZERO;
            word.0[..20].copy_from_slice(&hash::ripemd160(message));
            word
        }
        other => return Err(Error::new(Status::Unsupported, format!("there is no hash {other}"))),
    })
}

/// Judges a signature as the host functions verify and verify_with_context do; an empty `context` is
/// none. The ZVM_VERDICT goes to `out`.
///
/// Ownership: everything is borrowed; `out` is the caller's.
/// Thread: any.
/// Statuses: OK, NULL, LIMIT, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_verify(
    algorithm: u32,
    message: zvm_bytes,
    signature: zvm_bytes,
    key: zvm_bytes,
    context: zvm_bytes,
    out: *mut i32,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_verify", err, || {
            let out = Out::new(out, "out", ZVM_VERDICT_INVALID)?;
            let (message, signature) = (message.read("message")?, signature.read("signature")?);
            let (key, context) = (key.read("key")?, context.read("context")?);
            out.set(Algorithm::from_number(algorithm).map_or(ZVM_VERDICT_NO_KEY, |algorithm| {
                verdict(algorithm.verify_with_context(message, signature, key, context))
            }));
            Ok(())
        })
    }
}

/// Judges as the host function verify_threshold does: whether at least `need` distinct keys of the list
/// signed the message. `signatures` and `keys` follow one another without gaps, as many of either.
///
/// Ownership: everything is borrowed; `out` is the caller's.
/// Thread: any.
/// Statuses: OK, NULL, LIMIT, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_verify_threshold(
    algorithm: u32,
    need: u32,
    message: zvm_bytes,
    signatures: zvm_bytes,
    keys: zvm_bytes,
    out: *mut i32,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_verify_threshold", err, || {
            let out = Out::new(out, "out", ZVM_VERDICT_INVALID)?;
            let message = message.read("message")?;
            let (signatures, keys) = (signatures.read("signatures")?, keys.read("keys")?);
            out.set(Algorithm::from_number(algorithm).map_or(ZVM_VERDICT_NO_KEY, |algorithm| {
                algorithm.verify_threshold(need, message, signatures, keys).into()
            }));
            Ok(())
        })
    }
}

/// Judges an aggregate of BLS signatures as the host function verify_aggregate does. `keys` are 48 bytes
/// each; `messages` are 32 bytes each and as many, or with `same_message` 1 a single one.
///
/// Ownership: everything is borrowed; `out` is the caller's.
/// Thread: any.
/// Statuses: OK, NULL, LIMIT, ARGUMENT, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_verify_aggregate(
    algorithm: u32,
    messages: zvm_bytes,
    signature: zvm_bytes,
    keys: zvm_bytes,
    same_message: u32,
    out: *mut i32,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_verify_aggregate", err, || {
            let out = Out::new(out, "out", ZVM_VERDICT_INVALID)?;
            let (messages, signature) = (messages.read("messages")?, signature.read("signature")?);
            let keys = elements(keys.read("keys")?, bls::KEY_BYTES, "keys")?;
            let messages = elements(messages, 32, "messages")?;
            out.set(match (algorithm, same_message) {
                (ZVM_ALGORITHM_BLS, 0) => verdict(bls::verify_aggregate(&messages, signature, &keys)),
                (ZVM_ALGORITHM_BLS, 1) => match messages[..] {
                    [message] => verdict(bls::verify_same_message(message, signature, &keys)),
                    _ => return Err(Error::new(Status::Argument, "not one message")),
                },
                (ZVM_ALGORITHM_BLS, _) => {
                    return Err(Error::new(Status::Argument, "same_message is neither 0 nor 1"));
                }
                _ => ZVM_VERDICT_NO_KEY,
            });
            Ok(())
        })
    }
}

/// Recovers the key of secp256k1 that signed a hash, and its address. `signature` is r, s and the
/// recovery identifier, 65 bytes. `out` is ZVM_VERDICT_VALID, or ZVM_VERDICT_INVALID where no key did,
/// and then the others are zero.
///
/// Ownership: everything is borrowed; `key`, `address` and `out` are the caller's.
/// Thread: any.
/// Statuses: OK, NULL, LIMIT, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_recover(
    hash: *const zvm_word,
    signature: zvm_bytes,
    key: *mut zvm_point,
    address: *mut zvm_address,
    out: *mut i32,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_recover", err, || {
            let key = Out::new(key, "key", zvm_point { bytes: [0; 64] });
            let address = Out::new(address, "address", zvm_address { bytes: [0; 20] });
            let (out, key, address) = (Out::new(out, "out", ZVM_VERDICT_INVALID)?, key?, address?);
            let hash = reference(hash, "hash")?;
            let signature = signature.read("signature")?.try_into().ok();
            if let Some(point) = signature.and_then(|signature| secp256k1::recover(&hash.bytes, signature)) {
                key.set(zvm_point { bytes: point });
                address.set((&point_address(&point)).into());
                out.set(ZVM_VERDICT_VALID);
            }
            Ok(())
        })
    }
}

/// The account of a public key: for secp256k1 Ethereum's, for others as docs/crypto.md has it.
/// ARGUMENT where the bytes are no key of the algorithm.
///
/// Ownership: everything is borrowed; `out` is the caller's.
/// Thread: any.
/// Statuses: OK, NULL, LIMIT, ARGUMENT, UNSUPPORTED, PANIC.
///
/// # Safety
/// Pointers as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zvm_address_of_key(
    algorithm: u32,
    key: zvm_bytes,
    out: *mut zvm_address,
    err: *mut *mut zvm_error,
) -> i32 {
    // SAFETY: NULL or the caller's places.
    unsafe {
        guard("zvm_address_of_key", err, || {
            let out = Out::new(out, "out", zvm_address { bytes: [0; 20] })?;
            let key = key.read("key")?;
            let Some(algorithm) = Algorithm::from_number(algorithm) else {
                return Err(Error::new(Status::Unsupported, format!("there is no algorithm {algorithm}")));
            };
            let Some(address) = key_address(algorithm, key) else {
                return Err(Error::new(Status::Argument, "this is no key of the algorithm"));
            };
            out.set((&address).into());
            Ok(())
        })
    }
}

fn verdict(verdict: Verdict) -> i32 {
    match verdict {
        Verdict::Valid => ZVM_VERDICT_VALID,
        Verdict::Invalid => ZVM_VERDICT_INVALID,
        Verdict::MalformedKey => ZVM_VERDICT_NO_KEY,
    }
}

/// The elements of a list without gaps.
fn elements<'a>(list: &'a [u8], each: usize, what: &str) -> Result<Vec<&'a [u8]>> {
    match list.len() % each {
        0 => Ok(list.chunks_exact(each).collect()),
        _ => Err(Error::new(Status::Argument, format!("{what} are not {each} bytes each"))),
    }
}
