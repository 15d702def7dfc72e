//! A fungible token.
//!
//! | Entry | Number | Input | |
//! |---|---|---|---|
//! | `init` | | supply32 | the caller owns the whole supply |
//! | `transfer` | 1 | to20 amount32 | from the caller |
//! | `balance_of` | 2 | account20 | output: amount32 |
//! | `total_supply` | 3 | | output: amount32 |
//! | `approve` | 4 | spender20 amount32 | lets a spender use the caller's tokens, replacing what it might before |
//! | `allowance` | 5 | owner20 spender20 | output: amount32 |
//! | `transfer_from` | 6 | from20 to20 amount32 | out of what `from` has approved for the caller |
//! | `call` | | number1, then as above | for calls by contracts |
//!
//! Inputs are exactly these bytes one after the other; amounts are big-endian.
//!
//! Storage: `supply`; `b` account20, a balance; `a` owner20 spender20, an allowance. All are amounts
//! of 32 bytes, and a balance or allowance of zero is an absent key.
//!
//! Events, as ERC-20 has them: `Transfer(from, to, amount)` and `Approval(owner, spender, amount)`,
//! with the signature's hash and the two addresses as topics and the amount as data. The supply
//! comes from the zero address.
//!
//! Reverts with `bad input`, `already initialised`, `insufficient balance`, `insufficient allowance`
//! or `overflow`.

#![no_std]

use zvm_contract::{Address, Amount, Word, caller, emit, entry, input, input_size, output, revert, storage};

zvm_contract::abi!("../../abi/token.json");

/// keccak256("Transfer(address,address,uint256)")
const TRANSFER: Word = [
    0xdd, 0xf2, 0x52, 0xad, 0x1b, 0xe2, 0xc8, 0x9b, 0x69, 0xc2, 0xb0, 0x68, 0xfc, 0x37, 0x8d, 0xaa, 0x95,
    0x2b, 0xa7, 0xf1, 0x63, 0xc4, 0xa1, 0x16, 0x28, 0xf5, 0x5a, 0x4d, 0xf5, 0x23, 0xb3, 0xef,
];

/// keccak256("Approval(address,address,uint256)")
const APPROVAL: Word = [
    0x8c, 0x5b, 0xe1, 0xe5, 0xeb, 0xec, 0x7d, 0x5b, 0xd1, 0x4f, 0x71, 0x42, 0x7d, 0x1e, 0x84, 0xf3, 0xdd,
    0x03, 0x14, 0xc0, 0xf7, 0xb2, 0x29, 0x1e, 0x5b, 0x20, 0x0a, 0xc8, 0xc7, 0xc3, 0xb9, 0x25,
];

fn load(key: &[u8]) -> Amount {
    let mut value = [0; 32];
    storage::read(key, &mut value);
    Amount::from_bytes(&value)
}

fn store(key: &[u8], value: Amount) {
    if value.is_zero() {
        storage::delete(key);
    } else {
        storage::write(key, &value.to_bytes());
    }
}

fn balance_key(account: &Address) -> [u8; 21] {
    let mut key = [b'b'; 21];
    key[1..].copy_from_slice(account);
    key
}

fn allowance_key(owner: &Address, spender: &Address) -> [u8; 41] {
    let mut key = [b'a'; 41];
    key[1..21].copy_from_slice(owner);
    key[21..].copy_from_slice(spender);
    key
}

fn credit(account: &Address, amount: Amount) {
    let key = balance_key(account);
    let Some(balance) = load(&key).checked_add(amount) else { revert(b"overflow") };
    store(&key, balance);
}

fn debit(account: &Address, amount: Amount) {
    let key = balance_key(account);
    let Some(balance) = load(&key).checked_sub(amount) else { revert(b"insufficient balance") };
    store(&key, balance);
}

fn spend_allowance(owner: &Address, spender: &Address, amount: Amount) {
    let key = allowance_key(owner, spender);
    let Some(left) = load(&key).checked_sub(amount) else { revert(b"insufficient allowance") };
    store(&key, left);
}

fn pay(from: &Address, to: &Address, amount: Amount) {
    debit(from, amount);
    credit(to, amount);
    announce(TRANSFER, from, to, amount);
}

fn announce(signature: Word, first: &Address, second: &Address, amount: Amount) {
    emit(&[signature, topic(first), topic(second)], &amount.to_bytes());
}

fn topic(address: &Address) -> Word {
    let mut word = [0; 32];
    word[12..].copy_from_slice(address);
    word
}

/// The functions, each with its arguments at an offset of the input: 0 for an entry, 1 behind the
/// number that `call` takes.
mod function {
    use super::*;

    fn expect(at: usize, len: usize) {
        if input_size() != at + len {
            revert(b"bad input");
        }
    }

    fn amount(at: usize) -> Amount {
        Amount::from_bytes(&input(at))
    }

    pub fn transfer(at: usize) {
        expect(at, 52);
        pay(&caller(), &input(at), amount(at + 20));
    }

    pub fn balance_of(at: usize) {
        expect(at, 20);
        output(&load(&balance_key(&input(at))).to_bytes());
    }

    pub fn total_supply(at: usize) {
        expect(at, 0);
        output(&load(b"supply").to_bytes());
    }

    pub fn approve(at: usize) {
        expect(at, 52);
        let (owner, spender, amount) = (caller(), input(at), amount(at + 20));
        store(&allowance_key(&owner, &spender), amount);
        announce(APPROVAL, &owner, &spender, amount);
    }

    pub fn allowance(at: usize) {
        expect(at, 40);
        output(&load(&allowance_key(&input(at), &input(at + 20))).to_bytes());
    }

    pub fn transfer_from(at: usize) {
        expect(at, 72);
        let (from, to, amount) = (input(at), input(at + 20), amount(at + 40));
        spend_allowance(&from, &caller(), amount);
        pay(&from, &to, amount);
    }
}

entry! {
    fn init() {
        if storage::read(b"supply", &mut []).is_some() {
            revert(b"already initialised");
        }
        if input_size() != 32 {
            revert(b"bad input");
        }
        let (owner, supply) = (caller(), Amount::from_bytes(&input(0)));
        storage::write(b"supply", &supply.to_bytes());
        credit(&owner, supply);
        announce(TRANSFER, &Address::default(), &owner, supply);
    }

    fn transfer() { function::transfer(0) }
    fn balance_of() { function::balance_of(0) }
    fn total_supply() { function::total_supply(0) }
    fn approve() { function::approve(0) }
    fn allowance() { function::allowance(0) }
    fn transfer_from() { function::transfer_from(0) }

    fn call() {
        if input_size() == 0 {
            revert(b"bad input");
        }
        match input(0) {
            [1] => function::transfer(1),
            [2] => function::balance_of(1),
            [3] => function::total_supply(1),
            [4] => function::approve(1),
            [5] => function::allowance(1),
            [6] => function::transfer_from(1),
            _ => revert(b"bad input"),
        }
    }
}
