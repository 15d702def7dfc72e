//! What the package cryptography-vectors collects: NIST's known answers for hashes, ML-DSA and ML-KEM, the
//! ECDSA answers for secp256k1, and Ed25519's own.

use std::collections::HashMap;
use std::path::PathBuf;

use super::{Count, folder};
use crate::{doors, unhex};

fn suite() -> Option<PathBuf> {
    folder("cryptography-vectors-50.0.2").map(|folder| folder.join("cryptography_vectors"))
}

/// The records of a file of lines `name = value`, each complete with the field `last`.
fn records(path: PathBuf, last: &str) -> Vec<HashMap<String, String>> {
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (mut all, mut record) = (Vec::new(), HashMap::new());
    for line in text.lines() {
        let Some((name, value)) = line.split_once('=') else { continue };
        record.insert(name.trim().to_owned(), value.trim().to_owned());
        if name.trim() == last {
            all.push(std::mem::take(&mut record));
        }
    }
    all
}

#[test]
fn n103_hashes() {
    let Some(suite) = suite() else { return };
    for (name, file, len, rows) in [
        ("sha3_256", "SHA3/SHA3_256ShortMsg.rsp", 32, 130),
        ("sha3_256", "SHA3/SHA3_256LongMsg.rsp", 32, 100),
        ("sha256", "SHA2/SHA256ShortMsg.rsp", 32, 60),
        ("sha256", "SHA2/SHA256LongMsg.rsp", 32, 60),
        ("ripemd160", "ripemd160/ripevectors.txt", 20, 8),
    ] {
        let mut count = Count::new(&format!("hashes {file}"));
        for record in records(suite.join("hashes").join(file), "MD") {
            let bits: usize = record["Len"].parse().expect("a length");
            let message = &unhex(&record["Msg"])[..bits / 8];
            assert_eq!(doors::hash(name, message).0[..len], unhex(&record["MD"])[..], "{file}: {bits} bits");
            count.row(true);
        }
        count.at_least(rows);
    }
}

#[test]
fn mldsa_known_answers() {
    let Some(suite) = suite() else { return };
    for (algorithm, set) in [(16, 44), (17, 65), (18, 87)] {
        let mut count = Count::new(&format!("ML-DSA-{set} known answers"));
        let path = suite.join(format!("asymmetric/MLDSA/kat_MLDSA_{set}_det_pure.rsp"));
        for record in records(path, "ctx") {
            let [key, message, signed, context] =
                ["pk", "msg", "sm", "ctx"].map(|field| unhex(&record[field]));
            // The file has the message behind the signature.
            let signature = &signed[..signed.len() - message.len()];
            assert_eq!(doors::verify(algorithm, &message, signature, &key, &context), 1);
            count.row(true);
            // The context is part of what was signed.
            assert_eq!(doors::verify(algorithm, &message, signature, &key, &[]), 0);
            count.row(false);
        }
        count.at_least(40);
    }
}

#[test]
fn mlkem_known_answers() {
    let Some(suite) = suite() else { return };
    for (set, bits) in [(32, 512), (33, 768), (34, 1024)] {
        let mut count = Count::new(&format!("ML-KEM-{bits} known answers"));
        let path = suite.join(format!("asymmetric/MLKEM/kat_MLKEM_{bits}.rsp"));
        for record in records(path, "ss") {
            let field = |name: &str| unhex(&record[name]);
            let sealed = doors::encapsulate(set, &field("pk"), &field("msg"));
            assert_eq!(sealed, Some((field("ct"), field("ss"))));
            assert_eq!(doors::decapsulate(set, &field("sk"), &field("ct")), Some(field("ss")));
            // Implicit rejection gives the secret of the standard as well.
            assert_eq!(doors::decapsulate(set, &field("sk"), &field("ct_n")), Some(field("ss_n")));
            count.row(true);
        }
        count.at_least(100);
    }
}

#[test]
fn ed25519_known_answers() {
    let Some(suite) = suite() else { return };
    let text = std::fs::read_to_string(suite.join("asymmetric/Ed25519/sign.input")).expect("the file");
    let mut count = Count::new("Ed25519 known answers (those of RFC 8032 among them)");
    for line in text.lines() {
        let fields: Vec<Vec<u8>> = line.split(':').take(4).map(unhex).collect();
        let (key, message, signature) = (&fields[1], &fields[2], &fields[3][..64]);
        assert_eq!(doors::verify(1, message, signature, key, &[]), 1);
        count.row(true);
    }
    count.at_least(1024);
}

#[test]
fn secp256k1_known_answers() {
    use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
    let Some(suite) = suite() else { return };
    let path = suite.join("asymmetric/ECDSA/SECP256K1/SigGen.txt");
    let text = std::fs::read_to_string(path).expect("the file");
    let mut count = Count::new("ECDSA secp256k1 known answers");
    let (mut hash, mut row) = (String::new(), HashMap::new());
    for line in text.lines() {
        if let Some(section) = line.strip_prefix("[K-256,") {
            hash = section.trim_end_matches(']').to_owned();
        }
        let Some((name, value)) = line.split_once('=') else { continue };
        // Numbers may lack leading zeros.
        let digits = if name.trim() == "Msg" { 0 } else { 64 };
        row.insert(name.trim().to_owned(), unhex(&format!("{:0>digits$}", value.trim())));
        if name.trim() != "S" {
            continue;
        }
        let message = &row["Msg"];
        let digest = match hash.as_str() {
            "SHA-224" => [vec![0; 4], Sha224::digest(message).to_vec()].concat(),
            "SHA-256" => Sha256::digest(message).to_vec(),
            "SHA-384" => Sha384::digest(message)[..32].to_vec(),
            "SHA-512" => Sha512::digest(message)[..32].to_vec(),
            // SHA-1 has 20 bytes, as a number they are the same.
            _ => continue,
        };
        let key = [&[4], &row["Qx"][..], &row["Qy"][..]].concat();
        let signature = k256::ecdsa::Signature::from_slice(&[&row["R"][..], &row["S"][..]].concat());
        let signature = signature.expect("r and s");
        let low = signature.normalize_s().unwrap_or(signature);
        assert_eq!(doors::verify(2, &digest, &low.to_bytes(), &key, &[]), 1);
        count.row(true);
        if low != signature {
            assert_eq!(doors::verify(2, &digest, &signature.to_bytes(), &key, &[]), 0);
            count.row(false);
        }
    }
    count.at_least(60);
}
