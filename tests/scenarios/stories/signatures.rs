//! Signatures, against published ones; the suites are in tests/crypto.

use crate::json;
use crate::scenario::Scenario;
use crate::script::{int, script};
use crate::verbs::*;

/// RFC 8032, 7.1, test 2, of the message 0x72.
const RFC_KEY: &str = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
const RFC_SIGNATURE: &str = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
    085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
/// BIP-340, vector 0, of a message of zeros.
const BIP_KEY: &str = "f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9";
const BIP_SIGNATURE: &str = "e907831f80848d1069a5371b402410364bdf1c5f8307b0084c55f1ce2dca8215\
    25f66a4a85ea8b71e482a74f382d2ce5ebeee8fdb2172f477df4900d310536c0";
/// Ethereum's example of ecrecover (evm.codes).
const HASH: &str = "456e9aea5e197a1f1af7a3e85a3212fa4049a3ba34c2289b4c860fc0b0c64ef3";
const RECOVERABLE: &str = "9242685bf161793cc25603c231bc2f568eb630ea16aa137d2664ac8038825608\
    4f8ae3bd7535248d0bd448298cc2e2071e56992d0774dc340c368ae950852ada1c";
const SIGNER: &str = "7156526fbd7a3c72969b54f64e42c10fbb768c8a";

fn unhex(digits: &str) -> Vec<u8> {
    json::bytes(&format!("0x{digits}")).expect("hex")
}

pub(super) fn stories() -> Vec<Scenario> {
    vec![verified(), counted(), recovered()]
}

fn verified() -> Scenario {
    let (rfc_key, rfc) = (unhex(RFC_KEY), unhex(RFC_SIGNATURE));
    let (bip_key, bip) = (unhex(BIP_KEY), unhex(BIP_SIGNATURE));
    let judged = |algorithm: u32, message: &[u8], signature: &[u8], key: &[u8]| {
        script().verify(algorithm, message, signature, key).end()
    };
    Scenario::new("verify", "A signature is its key's for its message; -1 is no key or no algorithm.")
        .contract(A, "script")
        .step(call(A).input(judged(1, &[0x72], &rfc, &rfc_key)), success(int(1)))
        .step(call(A).input(judged(1, &[0x73], &rfc, &rfc_key)), success(int(0)))
        .step(call(A).input(judged(1, &[0x72], &rfc[..63], &rfc_key)), success(int(0)))
        .step(call(A).input(judged(1, &[0x72], &rfc, &rfc_key[1..])), success(int(-1)))
        .step(call(A).input(judged(4, &[0; 32], &bip, &bip_key)), success(int(1)))
        .step(call(A).input(judged(4, &[1; 32], &bip, &bip_key)), success(int(0)))
        .step(call(A).input(judged(6, &[0x72], &rfc, &rfc_key)), success(int(-1)))
}

fn counted() -> Scenario {
    let twice = |digits: &str| unhex(digits).repeat(2);
    let judged = |need: u32| {
        script().verify_threshold((1, need, 2), &[0x72], &twice(RFC_SIGNATURE), &twice(RFC_KEY)).end()
    };
    Scenario::new("verify-threshold", "The same key twice is one key, and a need of none is never met.")
        .contract(A, "script")
        .step(call(A).input(judged(0)), success(int(0)))
        .step(call(A).input(judged(1)), success(int(1)))
        .step(call(A).input(judged(2)), success(int(0)))
}

fn recovered() -> Scenario {
    let (hash, signature) = (unhex(HASH), unhex(RECOVERABLE));
    let mut unknown = signature.clone();
    unknown[64] = 4;
    let found = [&int(0)[..], &unhex(SIGNER)].concat();
    let lost = [&int(-1)[..], &[0; 20]].concat();
    Scenario::new("recover", "The address of the key that signed a hash, or -1 and nothing written.")
        .contract(A, "script")
        .step(call(A).input(script().recover(&hash, &signature).end()), success(found))
        .step(call(A).input(script().recover(&hash, &unknown).end()), success(lost))
}
