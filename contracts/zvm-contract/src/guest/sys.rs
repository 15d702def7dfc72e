//! The host functions as they are: module `zvm`, one import each, in the order of their numbers.
//!
//! A pointer and a length are one run of the contract's memory. Amounts, hashes and topics are 32
//! bytes, big-endian; addresses are 20.

use crate::{Address, Word};

#[link(wasm_import_module = "zvm")]
unsafe extern "C" {
    /// 01: who called this frame.
    pub safe fn caller(out: &mut Address);
    /// 02: who began the transaction.
    pub safe fn origin(out: &mut Address);
    /// 03: this contract.
    pub safe fn self_address(out: &mut Address);
    /// 04: the amount that came with the call.
    pub safe fn value(out: &mut Word);
    /// 05: the gas left in this frame.
    pub safe fn gas_left() -> u64;
    /// 06: the block's height.
    pub safe fn block_number() -> u64;
    /// 07: the block's time, seconds since the Unix epoch.
    pub safe fn block_timestamp() -> u64;
    /// 08: the chain.
    pub safe fn chain_id(out: &mut Word);
    /// 09: the hash of an earlier block; 0, or -1 where it is not known.
    pub safe fn block_hash(number: u64, out: &mut Word) -> i32;
    /// 0A: who proposed the block.
    pub safe fn proposer(out: &mut Address);
    /// 0B: the price of one unit of gas.
    pub safe fn gas_price(out: &mut Word);
    /// 0C: the chain's agreed randomness; 0, or -1 where there is none.
    pub safe fn randomness(out: &mut Word) -> i32;

    /// 10: bytes of the input.
    pub safe fn input_size() -> u32;
    /// 11: copies a part of the input.
    pub fn input_copy(out: *mut u8, offset: u32, len: u32);
    /// 12: sets the output.
    pub fn set_output(ptr: *const u8, len: u32);
    /// 13: ends the frame, undoes what it did and hands back this data.
    pub fn revert(ptr: *const u8, len: u32) -> !;
    /// 14: bytes of the last callee's output.
    pub safe fn return_size() -> u32;
    /// 15: copies a part of the last callee's output.
    pub fn return_copy(out: *mut u8, offset: u32, len: u32);

    /// 20: the value's full length, or -1; written only where it fits.
    pub fn storage_read(key: *const u8, key_len: u32, out: *mut u8, cap: u32) -> i32;
    /// 21: sets a value.
    pub fn storage_write(key: *const u8, key_len: u32, value: *const u8, value_len: u32);
    /// 22: deletes a key; 1 if it was present, else 0.
    pub fn storage_delete(key: *const u8, key_len: u32) -> i32;
    /// 23: the length of the next key in order, or -1; written only where it fits.
    pub fn storage_next(key: *const u8, key_len: u32, out: *mut u8, cap: u32) -> i32;
    /// 24: as 20, of transient storage.
    pub fn transient_read(key: *const u8, key_len: u32, out: *mut u8, cap: u32) -> i32;
    /// 25: as 21, of transient storage.
    pub fn transient_write(key: *const u8, key_len: u32, value: *const u8, value_len: u32);

    /// 30: an account's balance.
    pub safe fn balance(address: &Address, out: &mut Word);
    /// 31: this contract's balance.
    pub safe fn self_balance(out: &mut Word);
    /// 32: sends from this contract's balance; 0, 1 insufficient, 2 refused.
    pub safe fn transfer(to: &Address, amount: &Word) -> i32;
    /// 33: an account's code hash; the number of its engine, or -1 where there is no code.
    pub safe fn code_hash(address: &Address, out: &mut Word) -> i32;

    /// 40: calls a contract; 0 success, 1 revert, 2 halt.
    pub fn call(address: &Address, value: &Word, input: *const u8, len: u32, gas: u64) -> i32;
    /// 41: as 40, but the callee may change nothing.
    pub fn static_call(address: &Address, input: *const u8, len: u32, gas: u64) -> i32;
    /// 42: runs another contract's code as this contract; results as 40.
    pub fn delegate_call(address: &Address, input: *const u8, len: u32, gas: u64) -> i32;
    /// 43: creates a contract; results as 40.
    pub fn create(
        code: *const u8,
        len: u32,
        init: *const u8,
        init_len: u32,
        value: &Word,
        salt: Option<&Word>,
        gas: u64,
        out: &mut Address,
    ) -> i32;
    /// 44: replaces this contract's code after this frame; 0, or 1 refused.
    pub fn upgrade(code: *const u8, len: u32, input: *const u8, input_len: u32) -> i32;

    /// 50: emits an event of 0 to 4 topics.
    pub fn emit(topics: *const Word, count: u32, data: *const u8, len: u32);
    /// 51: a line for the embedder's log.
    pub fn debug_log(ptr: *const u8, len: u32);

    /// 60: Keccak-256.
    pub fn keccak256(ptr: *const u8, len: u32, out: &mut Word);
    /// 61: SHA-256.
    pub fn sha256(ptr: *const u8, len: u32, out: &mut Word);
    /// 62: SHA3-256.
    pub fn sha3_256(ptr: *const u8, len: u32, out: &mut Word);
    /// 63: BLAKE3.
    pub fn blake3(ptr: *const u8, len: u32, out: &mut Word);
    /// 64: BLAKE2b with 32 bytes of output.
    pub fn blake2b_256(ptr: *const u8, len: u32, out: &mut Word);
    /// 65: RIPEMD-160.
    pub fn ripemd160(ptr: *const u8, len: u32, out: &mut Address);

    /// 70: whether a signature is the key's; 1, 0, or -1 for an unknown algorithm or what is no key.
    pub fn verify(
        algorithm: u32,
        message: *const u8,
        message_len: u32,
        signature: *const u8,
        signature_len: u32,
        key: *const u8,
        key_len: u32,
    ) -> i32;
    /// 71: as 70, under a context.
    pub fn verify_with_context(
        algorithm: u32,
        message: *const u8,
        message_len: u32,
        signature: *const u8,
        signature_len: u32,
        key: *const u8,
        key_len: u32,
        context: *const u8,
        context_len: u32,
    ) -> i32;
    /// 72: whether so many distinct keys signed; 1, 0, or -1 for an unknown algorithm.
    pub fn verify_threshold(
        algorithm: u32,
        need: u32,
        message: *const u8,
        message_len: u32,
        signatures: *const u8,
        keys: *const u8,
        count: u32,
    ) -> i32;
    /// 73: whether a BLS signature is the aggregate of all keys'; 1, 0, or -1.
    pub fn verify_aggregate(
        algorithm: u32,
        messages: *const Word,
        signature: *const u8,
        keys: *const u8,
        count: u32,
        same_message: u32,
    ) -> i32;
    /// 74: the address of the key that signed a hash; 0, or -1 where none did.
    pub safe fn recover(hash: &Word, signature: &[u8; 65], out: &mut Address) -> i32;
    /// 75: as 74, the key itself.
    pub safe fn recover_key(hash: &Word, signature: &[u8; 65], out: &mut [u8; 64]) -> i32;
    /// 76: the ciphertext's full length, or -1; written with the secret only where it fits.
    pub fn kem_encapsulate(
        algorithm: u32,
        key: *const u8,
        key_len: u32,
        seed: &Word,
        ciphertext: *mut u8,
        ciphertext_cap: u32,
        secret: &mut Word,
    ) -> i32;
    /// 77: the secret in a ciphertext; 0, or -1.
    pub fn kem_decapsulate(
        algorithm: u32,
        key: *const u8,
        key_len: u32,
        ciphertext: *const u8,
        ciphertext_len: u32,
        out: &mut Word,
    ) -> i32;
}
