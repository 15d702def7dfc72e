//! Hashes and addresses derived a second time, so that the stories do not ask the library.

use sha3::{Digest, Keccak256};
use zvm::{Address, Word};

pub(crate) fn keccak256(bytes: &[u8]) -> Word {
    Word(Keccak256::digest(bytes).into())
}

/// CREATE: the last 20 bytes of keccak256(rlp([creator, nonce])).
pub(crate) fn create(creator: Address, nonce: u64) -> Address {
    let digits: Vec<u8> = nonce.to_be_bytes().into_iter().skip_while(|digit| *digit == 0).collect();
    let number = match digits[..] {
        [digit @ 1..=0x7f] => vec![digit],
        _ => [&[0x80 + digits.len() as u8], &digits[..]].concat(),
    };
    tail(&[&[0xd5 + number.len() as u8, 0x94], &creator.0[..], &number].concat())
}

/// CREATE2 (EIP-1014) of an initcode with this hash.
fn create2_of(creator: Address, salt: Word, initcode_hash: Word) -> Address {
    tail(&[&[0xff], &creator.0[..], &salt.0, &initcode_hash.0].concat())
}

/// CREATE2 of a WASM contract: its initcode's hash is that of code's and input's hashes.
pub(crate) fn create2(creator: Address, salt: Word, code: &[u8], input: &[u8]) -> Address {
    create2_of(creator, salt, keccak256(&[keccak256(code).0, keccak256(input).0].concat()))
}

fn tail(preimage: &[u8]) -> Address {
    Address(keccak256(preimage).0[12..].try_into().expect("20 bytes"))
}

fn address(hex: &str) -> Address {
    Address(crate::json::bytes(hex).expect("hex").try_into().expect("20 bytes"))
}

/// The first contracts of an account, as published in "How is the address of an Ethereum contract
/// computed?" (Ethereum Stack Exchange, 760).
#[test]
fn create_follows_the_published_example() {
    let contracts = [
        "0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d",
        "0x343c43a37d37dff08ae8c4a11544c718abb4fcf8",
        "0xf778b86fa74e846c4f0a1fbd1335fe81c00a0c91",
        "0xfffd933a0bc612844eaf0c6fe3e5b8e9b6c1d19c",
    ];
    for (nonce, contract) in contracts.into_iter().enumerate() {
        assert_eq!(create(crate::verbs::USER, nonce as u64), address(contract));
    }
}

/// EIP-1014, examples 0, 1, 4 and 6.
#[test]
fn create2_follows_the_examples_of_its_eip() {
    let deadbeef = address("0xdeadbeef00000000000000000000000000000000");
    let short = address("0x00000000000000000000000000000000deadbeef");
    let salted = |digits: u64| Word::from(digits);
    for (creator, salt, code, contract) in [
        (Address::ZERO, Word::ZERO, &[0][..], "0x4d1a2e2bb4f88f0250f26ffff098b0b30b26bf38"),
        (deadbeef, Word::ZERO, &[0], "0xb928f69bb1d91cd65274e3c79d8986362984fda3"),
        (short, salted(0xcafe_babe), &[0xde, 0xad, 0xbe, 0xef], "0x60f3f640a8508fc6a86d45df051962668e1e8ac7"),
        (Address::ZERO, Word::ZERO, &[], "0xe33c0c7f7df4809055c3eba6c09cfe4baf1bd9e0"),
    ] {
        assert_eq!(create2_of(creator, salt, keccak256(code)), address(contract));
    }
    // Code and input are one initcode, however they are divided.
    assert_ne!(create2(short, salted(1), &[1], &[2, 3]), create2(short, salted(1), &[1, 2], &[3]));
}
