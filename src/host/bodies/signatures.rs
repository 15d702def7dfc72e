//! Verification of signatures, of one or of many, and recovery of keys.
//!
//! What an algorithm costs is paid here, after the arguments are checked and before a byte is read.

use super::{ABSENT, Done, Host};
use crate::crypto::address::point_address;
use crate::crypto::signature::{Algorithm, Verdict};
use crate::crypto::{bls, secp256k1};
use crate::gas::{Schedule, words};
use crate::host::kinds::{
    Context, Flag, InWord, Int32, Message, OutAddress, OutPoint, Place, PublicKey, RecoverableSignature,
    Region, Signature,
};

/// See the table.
pub fn verify(
    host: &mut Host<'_, '_>,
    algorithm: Int32,
    message: Message,
    signature: Signature,
    key: PublicKey,
) -> Done<i32> {
    judge(host, algorithm, message, signature, key, Region::EMPTY)
}

/// See the table.
pub fn verify_with_context(
    host: &mut Host<'_, '_>,
    algorithm: Int32,
    message: Message,
    signature: Signature,
    key: PublicKey,
    context: Context,
) -> Done<i32> {
    judge(host, algorithm, message, signature, key, context.0)
}

fn judge(
    host: &mut Host<'_, '_>,
    algorithm: Int32,
    message: Message,
    signature: Signature,
    key: PublicKey,
    context: Region,
) -> Done<i32> {
    let Some(algorithm) = Algorithm::from_number(algorithm.0) else { return Ok(ABSENT) };
    host.charge(price(&host.state.rules.schedule, algorithm))?;
    let [message, signature, key, context] =
        [message.0, signature.0, key.0, context].map(|region| host.guest.bytes(region));
    Ok(answer(algorithm.verify_with_context(message, signature, key, context)))
}

/// See the table.
pub fn verify_threshold(
    host: &mut Host<'_, '_>,
    algorithm: Int32,
    need: Int32,
    message: Message,
    signatures: Place,
    keys: Place,
    count: Int32,
) -> Done<i32> {
    let Some(algorithm) = Algorithm::from_number(algorithm.0) else { return Ok(ABSENT) };
    let (key_bytes, signature_bytes) = algorithm.sizes();
    let signatures = signatures.list(count.0, signature_bytes as u32, &host.bounds())?;
    let keys = keys.list(count.0, key_bytes as u32, &host.bounds())?;
    let schedule = &host.state.rules.schedule;
    // Each signature has the message hashed anew.
    let hashed = words(message.0.len.into()).saturating_mul(schedule.verify_word);
    let each = price(schedule, algorithm).saturating_add(hashed);
    charge_lists(host, &[signatures, keys], each.saturating_mul(count.0.into()))?;
    let [message, signatures, keys] = [message.0, signatures, keys].map(|region| host.guest.bytes(region));
    Ok(algorithm.verify_threshold(need.0, message, signatures, keys).into())
}

/// See the table.
pub fn verify_aggregate(
    host: &mut Host<'_, '_>,
    algorithm: Int32,
    messages: Place,
    signature: Place,
    keys: Place,
    count: Int32,
    same_message: Flag,
) -> Done<i32> {
    let Some(Algorithm::Bls) = Algorithm::from_number(algorithm.0) else { return Ok(ABSENT) };
    let message_count = if same_message.0 { 1 } else { count.0 };
    let messages = messages.list(message_count, 32, &host.bounds())?;
    let signature = signature.list(1, bls::SIGNATURE_BYTES as u32, &host.bounds())?;
    let keys = keys.list(count.0, bls::KEY_BYTES as u32, &host.bounds())?;
    let schedule = &host.state.rules.schedule;
    let each = if same_message.0 { schedule.bls_key } else { schedule.bls_pair };
    let price = each.saturating_mul(u64::from(count.0).saturating_sub(1)).saturating_add(schedule.bls);
    charge_lists(host, &[messages, signature, keys], price)?;
    let [messages, signature, keys] = [messages, signature, keys].map(|region| host.guest.bytes(region));
    let keys: Vec<&[u8]> = keys.chunks_exact(bls::KEY_BYTES).collect();
    let messages: Vec<&[u8]> = messages.chunks_exact(32).collect();
    Ok(answer(match same_message.0 {
        true => bls::verify_same_message(messages[0], signature, &keys),
        false => bls::verify_aggregate(&messages, signature, &keys),
    }))
}

/// See the table.
pub fn recover(
    host: &mut Host<'_, '_>,
    hash: InWord,
    signature: RecoverableSignature,
    out: OutAddress,
) -> Done<i32> {
    let Some(point) = recovered(host, hash, signature) else { return Ok(ABSENT) };
    host.put_address(out, point_address(&point));
    Ok(0)
}

/// See the table.
pub fn recover_key(
    host: &mut Host<'_, '_>,
    hash: InWord,
    signature: RecoverableSignature,
    out: OutPoint,
) -> Done<i32> {
    let Some(point) = recovered(host, hash, signature) else { return Ok(ABSENT) };
    host.guest.write(out.0.offset, &point);
    Ok(0)
}

fn recovered(host: &Host<'_, '_>, hash: InWord, signature: RecoverableSignature) -> Option<[u8; 64]> {
    let (hash, signature) = (host.word(hash), host.guest.bytes(signature.0));
    secp256k1::recover(&hash.0, signature.try_into().ok()?)
}

/// Pays for a work, and for the words of lists, which no row's rate can count.
fn charge_lists(host: &mut Host<'_, '_>, lists: &[Region], work: u64) -> Done<()> {
    let bytes = lists.iter().map(|list| u64::from(list.len)).sum();
    let rate = words(bytes).saturating_mul(host.state.rules.schedule.verify_word);
    host.charge(work.saturating_add(rate))
}

/// What one verification costs.
fn price(schedule: &Schedule, algorithm: Algorithm) -> u64 {
    match algorithm {
        Algorithm::Ed25519 => schedule.ed25519,
        Algorithm::Secp256k1 => schedule.secp256k1,
        Algorithm::P256 => schedule.p256,
        Algorithm::Schnorr => schedule.schnorr,
        Algorithm::Bls => schedule.bls,
        Algorithm::MlDsa44 => schedule.mldsa44,
        Algorithm::MlDsa65 => schedule.mldsa65,
        Algorithm::MlDsa87 => schedule.mldsa87,
        #[cfg(feature = "dilithium-round3")]
        Algorithm::Dilithium2 => schedule.dilithium2,
        #[cfg(feature = "dilithium-round3")]
        Algorithm::Dilithium3 => schedule.dilithium3,
        #[cfg(feature = "dilithium-round3")]
        Algorithm::Dilithium5 => schedule.dilithium5,
    }
}

/// A verdict as contracts read it.
fn answer(verdict: Verdict) -> i32 {
    match verdict {
        Verdict::Valid => 1,
        Verdict::Invalid => 0,
        Verdict::MalformedKey => ABSENT,
    }
}
