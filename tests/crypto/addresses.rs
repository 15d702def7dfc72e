//! Creation addresses: EIP-1014's own examples, and addresses known from Ethereum's mainnet rules.

use zvm::crypto::address::{create_address, create2_address};
use zvm::crypto::hash::keccak256;
use zvm::{Address, Word};

fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex");
    std::array::from_fn(|at| digit(2 * at))
}

#[test]
fn create_follows_the_nonce() {
    // The well-known first contracts of 0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0.
    let sender = Address(bytes("6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0"));
    let known = [
        (0, "cd234a471b72ba2f1ccf0a70fcaba648a5eecd8d"),
        (1, "343c43a37d37dff08ae8c4a11544c718abb4fcf8"),
        (2, "f778b86fa74e846c4f0a1fbd1335fe81c00a0c91"),
        (3, "fffd933a0bc612844eaf0c6fe3e5b8e9b6c1d19c"),
    ];
    for (nonce, address) in known {
        assert_eq!(create_address(&sender, nonce), Address(bytes(address)), "nonce {nonce}");
    }
}

#[test]
fn every_width_of_nonce_has_its_own_address() {
    let sender = Address([7; 20]);
    let nonces = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000, u64::from(u32::MAX), 1 << 32, u64::MAX];
    let mut addresses: Vec<Address> = nonces.iter().map(|nonce| create_address(&sender, *nonce)).collect();
    addresses.sort_unstable();
    addresses.dedup();
    assert_eq!(addresses.len(), nonces.len());
}

#[test]
fn create2_is_that_of_eip_1014() {
    let cases = [
        (
            "0000000000000000000000000000000000000000",
            [0; 32],
            "00",
            "4d1a2e2bb4f88f0250f26ffff098b0b30b26bf38",
        ),
        (
            "deadbeef00000000000000000000000000000000",
            [0; 32],
            "00",
            "b928f69bb1d91cd65274e3c79d8986362984fda3",
        ),
        (
            "00000000000000000000000000000000deadbeef",
            bytes("00000000000000000000000000000000000000000000000000000000cafebabe"),
            "deadbeef",
            "60f3f640a8508fc6a86d45df051962668e1e8ac7",
        ),
        ("0000000000000000000000000000000000000000", [0; 32], "", "e33c0c7f7df4809055c3eba6c09cfe4baf1bd9e0"),
    ];
    for (sender, salt, code, address) in cases {
        let code: Vec<u8> = (0..code.len() / 2).map(|at| bytes::<1>(&code[2 * at..])[0]).collect();
        let got = create2_address(&Address(bytes(sender)), &Word(salt), &keccak256(&code));
        assert_eq!(got, Address(bytes(address)));
    }
}
