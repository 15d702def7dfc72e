//! Hash functions, against published digests.

use crate::json;
use crate::scenario::Scenario;
use crate::script::script;
use crate::verbs::*;

const KECCAK256: u8 = 0x60;
const SHA256: u8 = 0x61;
const SHA3_256: u8 = 0x62;
const BLAKE3: u8 = 0x63;
const BLAKE2B_256: u8 = 0x64;
const RIPEMD160: u8 = 0x65;

pub(super) fn stories() -> Vec<Scenario> {
    let two_blocks = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    vec![
        // The empty code's hash of EIP-1052; "abc" of the Keccak team's test vectors; the signature of ERC-20.
        digests(
            "keccak256",
            KECCAK256,
            "keccak256 with the padding of before FIPS 202.",
            &[
                (b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
                (b"abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
                (
                    b"Transfer(address,address,uint256)",
                    "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
                ),
            ],
        ),
        // FIPS 180-2, appendix B.1 and B.2, and its companion for the empty message.
        digests(
            "sha256",
            SHA256,
            "SHA-256 of FIPS 180-4.",
            &[
                (b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
                (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
                (two_blocks, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
            ],
        ),
        // test_vectors.json of the BLAKE3 repository: the input of length n is the bytes 0 to 250 over and over.
        digests(
            "blake3",
            BLAKE3,
            "BLAKE3 with 32 bytes of output.",
            &[
                (b"", "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"),
                (&[0], "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213"),
                (&counting(1023), "10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11"),
                (&counting(1024), "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7"),
                (&counting(1025), "d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444"),
            ],
        ),
        // NIST's examples for FIPS 202, and of the suite SHA3_256ShortMsg.
        digests(
            "sha3",
            SHA3_256,
            "SHA3-256 of FIPS 202.",
            &[
                (b"", "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"),
                (b"abc", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
            ],
        ),
        // As coreutils' `b2sum -l 256` computes them.
        digests(
            "blake2b",
            BLAKE2B_256,
            "BLAKE2b with 32 bytes of output.",
            &[
                (b"", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"),
                (b"abc", "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"),
            ],
        ),
        // The RIPEMD-160 page of its authors.
        digests(
            "ripemd160",
            RIPEMD160,
            "RIPEMD-160, which has 20 bytes.",
            &[
                (b"", "9c1185a5c5e9fc54612808977ee8f548b2258d31"),
                (b"abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
                (two_blocks, "12a053384a9c0c88e405a06c27dcf49ada62eb2b"),
            ],
        ),
    ]
}

fn counting(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at % 251) as u8).collect()
}

fn digests(name: &str, number: u8, about: &str, known: &[(&[u8], &str)]) -> Scenario {
    known.iter().fold(Scenario::new(name, about).contract(A, "script"), |scenario, (message, digest)| {
        let digest = json::bytes(&format!("0x{digest}")).expect("hex");
        scenario.step(call(A).input(script().hash(number, message).end()), success(digest))
    })
}
