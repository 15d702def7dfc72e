//! Key encapsulation, where the chain has it.

use super::{ABSENT, Done, Host};
use crate::crypto::mlkem::{self, Set};
use crate::host::kinds::{Buffer, Ciphertext, InWord, Int32, OutWord, PublicKey};

/// See the table.
pub fn kem_encapsulate(
    host: &mut Host<'_, '_>,
    algorithm: Int32,
    key: PublicKey,
    seed: InWord,
    ciphertext: Buffer,
    secret: OutWord,
) -> Done<i32> {
    let Some(set) = paid(host, algorithm)? else { return Ok(ABSENT) };
    let (key, seed) = (host.guest.bytes(key.0), host.word(seed));
    let Some((sealed, agreed)) = mlkem::encapsulate(set, key, &seed.0) else { return Ok(ABSENT) };
    let len = host.answer(ciphertext, &sealed)?;
    if sealed.len() <= ciphertext.0.len as usize {
        host.put_word(secret, agreed);
    }
    Ok(len)
}

/// See the table.
pub fn kem_decapsulate(
    host: &mut Host<'_, '_>,
    algorithm: Int32,
    key: PublicKey,
    ciphertext: Ciphertext,
    out: OutWord,
) -> Done<i32> {
    let Some(set) = paid(host, algorithm)? else { return Ok(ABSENT) };
    match mlkem::decapsulate(set, host.guest.bytes(key.0), host.guest.bytes(ciphertext.0)) {
        Some(secret) => {
            host.put_word(out, secret);
            Ok(0)
        }
        None => Ok(ABSENT),
    }
}

/// The set, paid for; `None` where there is none of this number or the chain has no ML-KEM.
fn paid(host: &mut Host<'_, '_>, algorithm: Int32) -> Done<Option<Set>> {
    let Some(set) = Set::from_number(algorithm.0).filter(|_| host.state.rules.allow_kem) else {
        return Ok(None);
    };
    let schedule = &host.state.rules.schedule;
    let price = match set {
        Set::Kem512 => schedule.mlkem512,
        Set::Kem768 => schedule.mlkem768,
        Set::Kem1024 => schedule.mlkem1024,
    };
    host.charge(price)?;
    Ok(Some(set))
}
