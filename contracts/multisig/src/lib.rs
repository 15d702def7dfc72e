//! A wallet that several keys open together, some of which a quantum computer cannot forge.
//!
//! | Entry | Input | |
//! |---|---|---|
//! | `init` | need1, then of each owner algorithm1 key | any `need` of the owners open it |
//! | `call` | none | takes the amount that comes with it |
//! | `digest` | to20 amount32 data | output: the 32 bytes that owners sign for the next execution |
//! | `execute` | len4 to20 amount32 data, then of each signer owner1 signature | pays and calls `to` |
//! | `nonce` | | output: executions so far, 8 bytes |
//!
//! Algorithms are 1 (Ed25519), 16, 17 and 18 (ML-DSA-44, 65, 87), at most 16 owners. Signers come in the
//! order of their owner numbers, each once. `len` is the length of what lies between it and the signatures.
//! Numbers are big-endian.
//!
//! What is signed is keccak256 of `zvm multisig`, the chain's identifier, the wallet's address, the nonce,
//! the receiver, the amount and keccak256 of the data: no signature holds for another chain, wallet or
//! execution. Who sends the execution does not matter. The nonce grows before the receiver runs, so nothing
//! is executed twice, not even from within.
//!
//! Storage: `need`; `nonce`; `owner` number1, the algorithm and the key.
//!
//! Reverts with `bad input`, `already initialised`, `bad owner`, `bad signature`, `too few signatures` or
//! `call failed`.

#![no_std]

use zvm_contract::hash::keccak256;
use zvm_contract::signature::{Algorithm, verify};
use zvm_contract::{
    Address, Amount, Word, chain_id, emit, entry, gas_left, input, input_copy, input_size, output, revert,
    self_address, storage,
};

zvm_contract::abi!("../../abi/multisig.json");

const MOST_OWNERS: usize = 16;
/// The longest data of an execution.
const MOST_DATA: usize = 1024;
/// Of ML-DSA-87.
const LONGEST_KEY: usize = 2592;
const LONGEST_SIGNATURE: usize = 4627;

const NEED: &[u8] = b"need";
const NONCE: &[u8] = b"nonce";
const EXECUTED: &Word = b"Executed\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// What an owner may sign with, and how long keys and signatures are.
fn algorithm(number: u8) -> (Algorithm, usize, usize) {
    match Algorithm::from_number(number.into()) {
        Some(it @ Algorithm::Ed25519) => (it, 32, 64),
        Some(it @ Algorithm::MlDsa44) => (it, 1312, 2420),
        Some(it @ Algorithm::MlDsa65) => (it, 1952, 3309),
        Some(it @ Algorithm::MlDsa87) => (it, LONGEST_KEY, LONGEST_SIGNATURE),
        _ => revert(b"bad owner"),
    }
}

fn owner_key(number: u8) -> [u8; 6] {
    let mut key = *b"owner\0";
    key[5] = number;
    key
}

fn load_nonce() -> u64 {
    let mut nonce = [0; 8];
    storage::read(NONCE, &mut nonce);
    u64::from_be_bytes(nonce)
}

/// A payment, as it lies in the input.
struct Payment {
    to: Address,
    amount: Word,
    data: [u8; MOST_DATA],
    len: usize,
}

impl Payment {
    /// Of the input from `start` up to `end`.
    fn read(start: usize, end: usize) -> Self {
        let len = match end.checked_sub(start + 52) {
            Some(len) if len <= MOST_DATA && end <= input_size() => len,
            _ => revert(b"bad input"),
        };
        let mut data = [0; MOST_DATA];
        input_copy(start + 52, &mut data[..len]);
        Self { to: input(start), amount: input(start + 20), data, len }
    }

    fn data(&self) -> &[u8] {
        &self.data[..self.len]
    }

    fn digest(&self, nonce: u64) -> Word {
        let mut signed = [0; 12 + 32 + 20 + 8 + 20 + 32 + 32];
        let mut at = 0;
        let parts: [&[u8]; 7] = [
            b"zvm multisig",
            &chain_id(),
            &self_address(),
            &nonce.to_be_bytes(),
            &self.to,
            &self.amount,
            &keccak256(self.data()),
        ];
        for part in parts {
            signed[at..at + part.len()].copy_from_slice(part);
            at += part.len();
        }
        keccak256(&signed)
    }
}

/// Counts the signatures from `at` on to the input's end; any that does not hold is the end.
fn signers(mut at: usize, digest: &Word) -> usize {
    let (mut count, mut next) = (0, 0);
    let (mut owner, mut signature) = ([0; 1 + LONGEST_KEY], [0; LONGEST_SIGNATURE]);
    while at < input_size() {
        let [number] = input(at);
        if number < next {
            revert(b"bad signature");
        }
        if storage::read(&owner_key(number), &mut owner).is_none() {
            revert(b"bad owner");
        }
        let (algorithm, key_bytes, signature_bytes) = algorithm(owner[0]);
        if input_size() - at <= signature_bytes {
            revert(b"bad input");
        }
        let signature = &mut signature[..signature_bytes];
        input_copy(at + 1, signature);
        if !verify(algorithm, digest, signature, &owner[1..1 + key_bytes]) {
            revert(b"bad signature");
        }
        (count, next, at) = (count + 1, number + 1, at + 1 + signature_bytes);
    }
    count
}

entry! {
    /// Sets the owners and how many of them are needed.
    fn init() {
        let mut need = [0];
        if storage::read(NEED, &mut need).is_some() {
            revert(b"already initialised");
        }
        let [need] = input(0);
        let (mut at, mut count) = (1, 0);
        let mut owner = [0; 1 + LONGEST_KEY];
        while at < input_size() {
            let [number] = input(at);
            let (_, key_bytes, _) = algorithm(number);
            if count == MOST_OWNERS || input_size() - at <= key_bytes {
                revert(b"bad input");
            }
            let owner = &mut owner[..1 + key_bytes];
            input_copy(at, owner);
            storage::write(&owner_key(count as u8), owner);
            (at, count) = (at + owner.len(), count + 1);
        }
        if need == 0 || usize::from(need) > count {
            revert(b"bad input");
        }
        storage::write(NEED, &[need]);
    }

    /// Takes the amount that comes with it.
    fn call() {}

    /// Output: what owners sign for the next execution.
    fn digest() {
        output(&Payment::read(0, input_size()).digest(load_nonce()));
    }

    /// Pays and calls if enough owners signed; emits `Executed` with the nonce.
    fn execute() {
        let len = u32::from_be_bytes(input(0)) as usize;
        let end = 4_usize.saturating_add(len);
        let payment = Payment::read(4, end);
        let nonce = load_nonce();
        let mut need = [0];
        storage::read(NEED, &mut need);
        if signers(end, &payment.digest(nonce)) < usize::from(need[0]) {
            revert(b"too few signatures");
        }
        storage::write(NONCE, &(nonce + 1).to_be_bytes());
        emit(&[*EXECUTED], &nonce.to_be_bytes());
        if zvm_contract::call(&payment.to, Amount::from_bytes(&payment.amount), payment.data(), gas_left()).is_err() {
            revert(b"call failed");
        }
    }

    /// Output: executions so far.
    fn nonce() {
        output(&load_nonce().to_be_bytes());
    }
}
