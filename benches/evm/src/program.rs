//! What is run: a contract, and the transaction that calls it again and again.

/// A contract and its transaction.
pub(crate) struct Program {
    /// The row.
    pub(crate) name: &'static str,
    /// The row of the same transactions through the C API.
    pub(crate) c_name: Option<&'static str>,
    /// Its initcode, or its code in hex.
    pub(crate) file: &'static str,
    /// Arguments of the constructor, and the transaction's input.
    pub(crate) constructor: &'static [&'static [u8]],
    pub(crate) call: &'static [&'static [u8]],
    /// Transactions in a round, so that a round takes some milliseconds.
    pub(crate) repeats: u32,
}

/// The gas of each transaction.
pub(crate) const GAS: u64 = 1_000_000_000;

/// What both sides say of a transaction.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) gas: u64,
    pub(crate) output: Vec<u8>,
}

/// The word 2^128.
const SUPPLY: &[u8] =
    &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const BOB: &[u8] = &[
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xb0, 0xb0, 0xb0, 0xb0, 0xb0, 0xb0, 0xb0, 0xb0, 0xb0, 0xb0, 0xb0,
    0xb0, 0xb0, 0xb0, 0xb0, 0xb0, 0xb0, 0xb0, 0xb0, 0xb0,
];
const ONE: &[u8] =
    &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

pub(crate) const PROGRAMS: [Program; 6] = [
    Program {
        name: "evm.snailtracer",
        c_name: None,
        file: "snailtracer.hex",
        constructor: &[],
        // Benchmark()
        call: &[&[0x30, 0x62, 0x7b, 0x7c]],
        repeats: 1,
    },
    Program {
        name: "evm.erc20_transfer",
        c_name: Some("evm.erc20_transfer.c_api"),
        file: "token.evm",
        constructor: &[SUPPLY],
        // transfer(address,uint256)
        call: &[&[0xa9, 0x05, 0x9c, 0xbb], BOB, ONE],
        repeats: 1024,
    },
    Program { name: "evm.ten_thousand_hashes", file: "hashes.evm", repeats: 2, ..LOOP },
    Program { name: "evm.subcall", file: "subcall.evm", repeats: 16, ..LOOP },
    Program { name: "evm.subcall.words", file: "words.evm", repeats: 8, ..LOOP },
    Program { name: "evm.storage", file: "storage.evm", repeats: 16, ..LOOP },
];

const LOOP: Program = Program { name: "", c_name: None, file: "", constructor: &[], call: &[], repeats: 1 };

impl Program {
    /// What deploys the contract.
    pub(crate) fn initcode(&self, file: &[u8]) -> Vec<u8> {
        match self.file.ends_with(".hex") {
            true => returning(&unhex(file.trim_ascii())),
            false => [file, &self.constructor.concat()].concat(),
        }
    }

    pub(crate) fn input(&self) -> Vec<u8> {
        self.call.concat()
    }
}

/// Initcode that returns this code: its length to be copied, from behind this, and returned.
fn returning(code: &[u8]) -> Vec<u8> {
    let [.., high, low] = code.len().to_be_bytes();
    // PUSH2 len, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN
    let head = [0x61, high, low, 0x80, 0x60, 0x0a, 0x5f, 0x39, 0x5f, 0xf3];
    [&head, code].concat()
}

fn unhex(digits: &[u8]) -> Vec<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16).expect("hex") as u8;
    digits.chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}
