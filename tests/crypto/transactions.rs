//! Signed transactions: one encoding, one signature, one use (n104, n105, n106, n112).

use std::collections::BTreeMap;

use ed25519_dalek::Signer as _;
use fips204::traits::{KeyGen, SerDes, Signer as _};
use serde_cbor::Value;
use zvm::crypto::address::key_address;
use zvm::crypto::signature::Algorithm;
use zvm::{
    Account, Action, Address, Block, Config, MemoryLedger, Outcome, Runtime, Session, Signed, Status,
    Transaction, Word, Write,
};

const TARGET: Address = Address([7; 20]);

fn call(nonce: u64) -> Transaction<'static> {
    Transaction {
        chain_id: 9.into(),
        nonce,
        gas_limit: 100_000_000,
        gas_price: 3.into(),
        value: 5.into(),
        input: b"input",
        action: Action::Call { target: TARGET, entry: "named" },
    }
}

fn deploy(nonce: u64, code: &'static [u8]) -> Transaction<'static> {
    let action = Action::Deploy { code, engine: None, salt: Some(Word([8; 32])) };
    Transaction { action, value: Word::ZERO, input: b"", ..call(nonce) }
}

const SIGNERS: [Algorithm; 5] =
    [Algorithm::Ed25519, Algorithm::Secp256k1, Algorithm::MlDsa44, Algorithm::MlDsa65, Algorithm::MlDsa87];

/// Key and signature of a digest.
fn sign(algorithm: Algorithm, digest: &[u8; 32]) -> (Vec<u8>, Vec<u8>) {
    macro_rules! mldsa {
        ($set:ident) => {{
            let (key, secret) = fips204::$set::KG::keygen_from_seed(&[1; 32]);
            let signature = secret.try_sign_with_seed(&[0; 32], digest, &[]).expect("a signature");
            (key.into_bytes().to_vec(), signature.to_vec())
        }};
    }
    match algorithm {
        Algorithm::Ed25519 => {
            let key = ed25519_dalek::SigningKey::from_bytes(&[1; 32]);
            (key.verifying_key().as_bytes().to_vec(), key.sign(digest).to_bytes().to_vec())
        }
        Algorithm::Secp256k1 => {
            let key = k256::ecdsa::SigningKey::from_slice(&[1; 32]).expect("a key");
            let (signature, _) = key.sign_prehash_recoverable(digest).expect("a signature");
            (key.verifying_key().to_encoded_point(true).as_bytes().to_vec(), signature.to_vec())
        }
        Algorithm::MlDsa44 => mldsa!(ml_dsa_44),
        Algorithm::MlDsa65 => mldsa!(ml_dsa_65),
        _ => mldsa!(ml_dsa_87),
    }
}

fn signed(algorithm: Algorithm, transaction: &Transaction<'_>) -> Vec<u8> {
    let (key, signature) = sign(algorithm, &transaction.digest().0);
    transaction.signed(algorithm, &key, &signature)
}

fn refusal(bytes: &[u8]) -> Status {
    Signed::decode(bytes).expect_err("refused").status
}

#[test]
fn n106_what_is_encoded_decodes_to_the_same() {
    let plain = Action::Deploy { code: b"code", engine: Some(zvm::EngineKind::Wasm), salt: None };
    let unsalted = Transaction { action: plain, nonce: u64::MAX, gas_limit: 0, ..call(0) };
    for transaction in [call(0), call(23), call(24), call(1 << 32), deploy(1, b"code"), unsalted] {
        for algorithm in SIGNERS {
            let bytes = signed(algorithm, &transaction);
            let read = Signed::decode(&bytes).expect("our own");
            assert_eq!((read.transaction, read.algorithm), (transaction, algorithm));
            assert_eq!(read.digest, transaction.digest());
            assert_eq!(read.transaction.signed(algorithm, read.key, read.signature), bytes);
            assert_eq!(Some(read.sender), key_address(algorithm, read.key));
            read.verify().expect("its own signature");
        }
    }
}

#[test]
fn n106_the_bytes_do_not_drift() {
    let short = Transaction { input: b"", action: Action::Call { target: TARGET, entry: "" }, ..call(1) };
    let word = |last: &str| format!("5820{}{last}", "00".repeat(31));
    let body = format!(
        "a800{}0101021a05f5e10003{}04{}05400654{}0760",
        word("09"),
        word("03"),
        word("05"),
        "07".repeat(20)
    );
    assert_eq!(short.encode(), crate::unhex(&body));
    let all = short.signed(Algorithm::Ed25519, &[1, 2], &[3]);
    assert_eq!(all, crate::unhex(&format!("84{body}014201024103")));
}

#[test]
fn serde_cbor_reads_our_bytes() {
    for transaction in [call(5), deploy(6, b"code")] {
        let bytes = signed(Algorithm::Ed25519, &transaction);
        let Value::Array(parts) = serde_cbor::from_slice(&bytes).expect("CBOR") else { panic!("a list") };
        let [Value::Map(body), algorithm, Value::Bytes(_), Value::Bytes(_)] = &parts[..] else {
            panic!("{parts:?}")
        };
        assert_eq!(algorithm, &Value::Integer(1));
        assert_eq!(body[&Value::Integer(1)], Value::Integer(transaction.nonce.into()));
        assert_eq!(body[&Value::Integer(0)], Value::Bytes(transaction.chain_id.0.to_vec()));
        assert_eq!(body[&Value::Integer(5)], Value::Bytes(transaction.input.to_vec()));
        // What it writes of the same values, sorted, is what we write.
        let sorted: BTreeMap<_, _> = body.clone();
        assert_eq!(serde_cbor::to_vec(&Value::Map(sorted)).expect("CBOR"), transaction.encode());
    }
}

#[test]
fn n104_every_other_encoding_is_refused() {
    let bytes = signed(Algorithm::Ed25519, &call(1));
    let body = call(1).encode();
    let tail = &bytes[1 + body.len()..];
    let with_body = |body: &[u8]| [&[0x84], body, tail].concat();
    let mut refused: Vec<(&str, Vec<u8>)> = vec![
        ("empty", vec![]),
        ("trailing", [&bytes[..], &[0]].concat()),
        ("twice", [&bytes[..], &bytes].concat()),
        ("a tag", [&[0xd9, 0xd9, 0xf7], &bytes[..]].concat()),
        ("an indefinite list", [&[0x9f], &bytes[1..], &[0xff]].concat()),
        ("a long count", [&[0x98, 4], &bytes[1..]].concat()),
        ("an indefinite map", with_body(&[&[0xbf], &body[1..], &[0xff]].concat())),
        ("a long map", with_body(&[&[0xb8, 8], &body[1..]].concat())),
        // Field 1, the nonce, follows the 35 bytes of the chain's identifier with their key.
        ("a long integer", with_body(&[&body[..37], &[0x18, 1], &body[38..]].concat())),
        ("a longer one", with_body(&[&body[..37], &[0x19, 0, 1], &body[38..]].concat())),
        ("a float", with_body(&[&body[..37], &[0xf9, 0x3c, 0], &body[38..]].concat())),
        ("a NaN", with_body(&[&body[..37], &[0xf9, 0x7e, 0], &body[38..]].concat())),
        ("a negative integer", with_body(&[&body[..37], &[0x20], &body[38..]].concat())),
        ("a null", with_body(&[&body[..37], &[0xf6], &body[38..]].concat())),
        ("a key twice", with_body(&[&[0xa9], &body[1..36], &body[1..]].concat())),
        ("fields exchanged", with_body(&[&[0xa8], &body[36..38], &body[1..36], &body[38..]].concat())),
        ("a field less", with_body(&[&[0xa7], &body[1..body.len() - 7]].concat())),
        ("an unknown field", with_body(&[&[0xa9], &body[1..], &[0x0b, 0]].concat())),
    ];
    let long_key = [&body[..36], &[0x18, 1], &body[37..]].concat();
    refused.push(("a long key", with_body(&long_key)));
    for len in 0..bytes.len() {
        refused.push(("cut", bytes[..len].to_vec()));
    }
    for (what, bytes) in refused {
        assert_eq!(refusal(&bytes), Status::TransactionFormat, "{what}: {bytes:02x?}");
    }
    // Every bit matters: what still decodes is another transaction, and is not signed.
    for at in 0..8 * bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at / 8] ^= 1 << (at % 8);
        let accepted = Signed::decode(&flipped).is_ok_and(|read| read.verify().is_ok());
        assert!(!accepted, "bit {at}");
    }
}

#[test]
fn n105_lengths_beyond_all_measure_are_refused_without_allocating() {
    let huge = |head: u8| [&[head], &(1_u64 << 60).to_be_bytes()[..]].concat();
    for bytes in [huge(0x9b), huge(0x5b), huge(0xbb), huge(0x7b), [&[0x84], &huge(0xbb)[..]].concat()] {
        assert_eq!(refusal(&bytes), Status::TransactionFormat);
    }
    let most = [&[0x84, 0xa8, 0, 0x5b], &[0xff; 8][..]].concat();
    assert_eq!(refusal(&most), Status::TransactionFormat);
    for nested in [0x81, 0xa1, 0xc1, 0x9f] {
        assert_eq!(refusal(&vec![nested; 200_000]), Status::TransactionFormat);
    }
}

#[test]
fn keys_have_one_form_and_other_algorithms_sign_nothing() {
    let (key, signature) = sign(Algorithm::Secp256k1, &call(1).digest().0);
    let full = k256::ecdsa::VerifyingKey::from_sec1_bytes(&key).expect("a key").to_encoded_point(false);
    let with = |algorithm: Algorithm, key: &[u8]| refusal(&call(1).signed(algorithm, key, &signature));
    assert_eq!(with(Algorithm::Secp256k1, full.as_bytes()), Status::Signature);
    assert_eq!(with(Algorithm::P256, &key), Status::Signature);
    assert_eq!(with(Algorithm::Schnorr, &key[1..]), Status::Signature);
    assert_eq!(with(Algorithm::Ed25519, &[0; 32]), Status::Signature);
    assert_eq!(with(Algorithm::MlDsa65, &key), Status::Signature);
}

/// A contract whose entries succeed, revert and trap.
const CODE: &str = "(module (import \"zvm\" \"revert\" (func $revert (param i32 i32)))
    (memory (export \"memory\") 1) (func (export \"call\")) (func (export \"named\")) (func (export \"init\"))
    (func (export \"no\") (call $revert (i32.const 0) (i32.const 0))) (func (export \"trap\") (unreachable)))";

/// A chain on which the contract lives at [`TARGET`] and the signers have something.
fn chain() -> Session<'static> {
    let mut ledger = MemoryLedger::new();
    let code = wat::parse_str(CODE).expect("a module");
    let code_hash = zvm::crypto::hash::keccak256(&code);
    ledger.set_code(code_hash, code);
    ledger.set_account(TARGET, Account { code_hash, ..Account::default() });
    for algorithm in SIGNERS {
        let sender = key_address(algorithm, &sign(algorithm, &[0; 32]).0).expect("a key");
        ledger.set_account(sender, Account { balance: 1_000.into(), nonce: 4, ..Account::default() });
    }
    let runtime = Runtime::new(Config::default()).expect("a runtime");
    runtime.session(Box::leak(Box::new(ledger)), Block { chain_id: 9.into(), ..Block::default() })
}

fn run(session: &mut Session<'_>, bytes: &[u8]) -> zvm::Result<zvm::Execution> {
    session.run(&Signed::decode(bytes)?, None, None)
}

#[test]
fn n112_a_transaction_runs_once_at_its_turn_on_its_chain() {
    for algorithm in SIGNERS {
        let mut session = chain();
        let refused = |session: &mut Session<'_>, bytes: &[u8]| {
            let before = session.changes().expect("usable");
            let status = run(session, bytes).expect_err("refused").status;
            assert_eq!(session.changes().expect("usable"), before);
            status
        };
        let transaction = signed(algorithm, &call(4));
        for early in [5, 6, u64::MAX] {
            assert_eq!(refused(&mut session, &signed(algorithm, &call(early))), Status::Nonce, "{early}");
        }
        for late in [0, 3] {
            assert_eq!(refused(&mut session, &signed(algorithm, &call(late))), Status::Nonce, "{late}");
        }
        let elsewhere = Transaction { chain_id: 10.into(), ..call(4) };
        assert_eq!(refused(&mut session, &signed(algorithm, &elsewhere)), Status::ChainId);
        let mut forged = transaction.clone();
        *forged.last_mut().expect("a byte") ^= 1;
        assert_eq!(refused(&mut session, &forged), Status::Signature);
        let done = run(&mut session, &transaction).expect("its turn");
        assert_eq!(done.outcome, Outcome::Success, "{algorithm:?}");
        assert_eq!(refused(&mut session, &transaction), Status::Nonce, "the same once more");
        session.commit().expect("a kind ledger");
        assert_eq!(refused(&mut session, &transaction), Status::Nonce, "in a later block");
        run(&mut session, &signed(algorithm, &call(5))).expect("the next one");
    }
}

#[test]
fn n112_the_last_nonce_cannot_be_used() {
    let mut ledger = MemoryLedger::new();
    let sender = key_address(Algorithm::Ed25519, &sign(Algorithm::Ed25519, &[0; 32]).0).expect("a key");
    ledger.set_account(sender, Account { balance: 9.into(), nonce: u64::MAX, ..Account::default() });
    let runtime = Runtime::new(Config::default()).expect("a runtime");
    let mut session = runtime.session(&mut ledger, Block { chain_id: 9.into(), ..Block::default() });
    let last = run(&mut session, &signed(Algorithm::Ed25519, &call(u64::MAX)));
    assert_eq!(last.expect_err("refused").status, Status::Nonce);
}

/// The nonce that the session would write for the one sender.
fn nonce(session: &Session<'_>) -> Option<u64> {
    let changes = session.changes().expect("usable");
    let nonces = changes.list.iter().filter_map(|change| match change.write {
        Write::Nonce(nonce) if change.account != TARGET => Some(nonce),
        _ => None,
    });
    nonces.max()
}

#[test]
fn a_nonce_is_used_however_the_contract_ends() {
    let poor = Transaction { value: 1_001.into(), ..call(4) };
    let dear = Transaction { gas_limit: 1, ..call(4) };
    let entry =
        |entry: &'static str| Transaction { action: Action::Call { target: TARGET, entry }, ..call(4) };
    for transaction in [call(4), entry("no"), entry("trap"), entry("nowhere"), poor, dear] {
        let mut session = chain();
        run(&mut session, &signed(Algorithm::Ed25519, &transaction)).expect("an outcome");
        assert_eq!(nonce(&session), Some(5), "{transaction:?}");
    }
}

#[test]
fn a_deploy_uses_its_nonce_once() {
    let code: &'static [u8] = wat::parse_str(CODE).expect("a module").leak();
    let mut session = chain();
    let made = run(&mut session, &signed(Algorithm::MlDsa65, &deploy(4, code))).expect("an outcome");
    assert_eq!(made.outcome, Outcome::Success);
    assert!(made.created.is_some());
    assert_eq!(nonce(&session), Some(5));
    // Ends before it begins: too little gas, too little balance.
    for short in [
        Transaction { gas_limit: 1, ..deploy(4, code) },
        Transaction { value: 1_001.into(), ..deploy(4, code) },
    ] {
        let mut session = chain();
        let done = run(&mut session, &signed(Algorithm::Ed25519, &short)).expect("an outcome");
        assert_ne!(done.outcome, Outcome::Success);
        assert_eq!(nonce(&session), Some(5));
    }
    // Code that is none is refused, and nothing has happened.
    let mut session = chain();
    let refused = run(&mut session, &signed(Algorithm::Ed25519, &deploy(4, b"\0asm no code")));
    assert!(refused.expect_err("a status").status.is_invalid_code());
    assert_eq!(nonce(&session), None);
}

#[test]
fn n112_a_nonce_never_falls() {
    // A sender who is a contract too, as a chain may make one: the constructor has it create something.
    let sender = key_address(Algorithm::Ed25519, &sign(Algorithm::Ed25519, &[0; 32]).0).expect("a key");
    let creates = "(module (import \"zvm\" \"create\" (func $create
          (param i32 i32 i32 i32 i32 i32 i64 i32) (result i32))) (memory (export \"memory\") 1)
        (func (export \"call\") (drop (call $create (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
          (i32.const 0) (i32.const 0) (i64.const 0) (i32.const 64)))))";
    let place: String = sender.0.iter().map(|byte| format!("\\{byte:02x}")).collect();
    let constructor = format!(
        "(module (import \"zvm\" \"call\" (func $call (param i32 i32 i32 i32 i64) (result i32)))
          (memory (export \"memory\") 1) (data (i32.const 64) \"{place}\") (func (export \"init\")
          (drop (call $call (i32.const 64) (i32.const 0) (i32.const 0) (i32.const 0) (i64.const 3000000)))))"
    );
    let code = wat::parse_str(creates).expect("a module");
    let code_hash = zvm::crypto::hash::keccak256(&code);
    let mut ledger = MemoryLedger::new();
    ledger.set_code(code_hash, code);
    ledger.set_account(sender, Account { code_hash, nonce: 4, ..Account::default() });
    let runtime = Runtime::new(Config::default()).expect("a runtime");
    let mut session = runtime.session(&mut ledger, Block { chain_id: 9.into(), ..Block::default() });
    let code: &'static [u8] = wat::parse_str(constructor).expect("a module").leak();
    let done = run(&mut session, &signed(Algorithm::Ed25519, &deploy(4, code))).expect("an outcome");
    assert_eq!(done.outcome, Outcome::Success);
    assert_eq!(nonce(&session), Some(6), "the transaction's creation and the contract's own");
}

#[test]
fn c_reads_what_rust_reads() {
    use zvm::ffi::transaction::*;
    let bytes = signed(Algorithm::Secp256k1, &deploy(4, b"code"));
    let read = Signed::decode(&bytes).expect("our own");
    // SAFETY: all bytes zero are a value of the struct.
    let mut view: zvm_transaction_view = unsafe { std::mem::zeroed() };
    view.struct_size = size_of::<zvm_transaction_view>() as u32;
    // SAFETY: a live slice, a place for the answer.
    let status =
        unsafe { zvm_transaction_decode(crate::doors::view(&bytes), &mut view, std::ptr::null_mut()) };
    assert_eq!(status, 0);
    assert_eq!((view.kind, view.flags, view.algorithm), (ZVM_TRANSACTION_DEPLOY, ZVM_TRANSACTION_SALT, 2));
    assert_eq!((view.nonce, view.gas_limit), (4, 100_000_000));
    assert_eq!((view.sender.bytes, view.hash.bytes), (read.sender.0, read.hash.0));
    assert_eq!((view.digest.bytes, view.salt.bytes), (read.digest.0, [8; 32]));
    // SAFETY: a part of `bytes`.
    let code = unsafe { std::slice::from_raw_parts(view.code.ptr, view.code.len) };
    assert_eq!(code, b"code");
    assert_eq!((view.input.len, view.entry.len, view.signature.len), (0, 0, 64));
}
