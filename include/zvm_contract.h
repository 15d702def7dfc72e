/*
 What a zvm contract written in C or C++ may call. Generated from the table of host functions;
 do not edit.

 Regions are a pointer and a length; addresses have 20 bytes, words 32, big-endian. A region
 outside the memory, a length over its limit or a write in a static call ends the contract.
 A function with an answer of variable size returns its full length and writes it only if it fits.
 Not to be included together with zvm.h.
 */
#ifndef ZVM_CONTRACT_H
#define ZVM_CONTRACT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Exports the function that follows as an entry: void f(void) or int32_t f(void). */
#define ZVM_ENTRY(name) __attribute__((export_name(#name)))

/* Puts a file of ABI metadata into the code as the custom section zvm.abi. */
#define ZVM_CONTRACT_ABI(file) \
  __asm__(".section .custom_section.zvm.abi,\"\",@\n.incbin \"" file "\"\n")

#define ZVM_IMPORT(name) __attribute__((import_module("zvm"), import_name(#name))) extern

/* The address that called this frame. */
ZVM_IMPORT(caller) void zvm_caller(void *out);

/* The address that began the transaction. */
ZVM_IMPORT(origin) void zvm_origin(void *out);

/* The address whose storage and balance this frame acts on. */
ZVM_IMPORT(self_address) void zvm_self_address(void *out);

/* The amount that came with this call. */
ZVM_IMPORT(value) void zvm_value(void *out);

/* Gas left in this frame. */
ZVM_IMPORT(gas_left) uint64_t zvm_gas_left(void);

/* The block's height. */
ZVM_IMPORT(block_number) uint64_t zvm_block_number(void);

/* The block's time in seconds since the Unix epoch. */
ZVM_IMPORT(block_timestamp) uint64_t zvm_block_timestamp(void);

/* The chain's identifier. */
ZVM_IMPORT(chain_id) void zvm_chain_id(void *out);

/* The hash of an earlier block: 0, or -1 outside the window the embedder keeps. */
ZVM_IMPORT(block_hash) int32_t zvm_block_hash(uint64_t number, void *out);

/* The block's proposer. */
ZVM_IMPORT(proposer) void zvm_proposer(void *out);

/* The gas price of the transaction. */
ZVM_IMPORT(gas_price) void zvm_gas_price(void *out);

/* The randomness the chain agreed on for the block: 0, or -1 where there is none. */
ZVM_IMPORT(randomness) int32_t zvm_randomness(void *out);

/* Bytes of this call's input. */
ZVM_IMPORT(input_size) uint32_t zvm_input_size(void);

/* Copies a part of the input; a part beyond its end is a halt. */
ZVM_IMPORT(input_copy) void zvm_input_copy(void *out, uint32_t out_offset, uint32_t out_len);

/* Sets what this frame returns; the last call counts. */
ZVM_IMPORT(set_output) void zvm_set_output(const void *data, uint32_t data_len);

/* Ends the frame with these data and takes all of its changes back. */
ZVM_IMPORT(revert) __attribute__((noreturn)) void zvm_revert(const void *data, uint32_t data_len);

/* Bytes the last called contract returned. */
ZVM_IMPORT(return_size) uint32_t zvm_return_size(void);

/* Copies a part of what the last called contract returned; beyond its end is a halt. */
ZVM_IMPORT(return_copy) void zvm_return_copy(void *out, uint32_t out_offset, uint32_t out_len);

/* The full length of the entry's value, written when it fits; -1 when absent. */
ZVM_IMPORT(storage_read) int32_t zvm_storage_read(const void *key, uint32_t key_len, void *out, uint32_t out_cap);

/* Writes the entry. An empty value is a value. */
ZVM_IMPORT(storage_write) void zvm_storage_write(const void *key, uint32_t key_len, const void *value, uint32_t value_len);

/* Deletes the entry: 1, or 0 when it was absent. */
ZVM_IMPORT(storage_delete) int32_t zvm_storage_delete(const void *key, uint32_t key_len);

/* The full length of the first key after this one, written when it fits; -1 at the end. */
ZVM_IMPORT(storage_next) int32_t zvm_storage_next(const void *key, uint32_t key_len, void *out, uint32_t out_cap);

/* As storage_read, of entries that end with the transaction. */
ZVM_IMPORT(transient_read) int32_t zvm_transient_read(const void *key, uint32_t key_len, void *out, uint32_t out_cap);

/* As storage_write, of entries that end with the transaction. */
ZVM_IMPORT(transient_write) void zvm_transient_write(const void *key, uint32_t key_len, const void *value, uint32_t value_len);

/* The balance of any account. */
ZVM_IMPORT(balance) void zvm_balance(const void *account, void *out);

/* The balance of this contract. */
ZVM_IMPORT(self_balance) void zvm_self_balance(void *out);

/* Moves an amount out of this contract's balance: 0, 1 when it is not covered, 2 when the receiver cannot take it. */
ZVM_IMPORT(transfer) int32_t zvm_transfer(const void *to, const void *amount);

/* keccak256 of an account's code and the number of its engine, 0 where this runtime has none; -1 without code. */
ZVM_IMPORT(code_hash) int32_t zvm_code_hash(const void *account, void *out);

/* Calls a contract: 0 success, 1 revert, 2 halt. It gets at most 63/64 of the gas left. */
ZVM_IMPORT(call) int32_t zvm_call(const void *to, const void *amount, const void *input, uint32_t input_len, uint64_t gas);

/* As call, and nothing below may write. */
ZVM_IMPORT(static_call) int32_t zvm_static_call(const void *to, const void *input, uint32_t input_len, uint64_t gas);

/* Runs another contract's code of the same engine as this contract. */
ZVM_IMPORT(delegate_call) int32_t zvm_delegate_call(const void *to, const void *input, uint32_t input_len, uint64_t gas);

/* Creates a contract and runs its init: 0 and its address, 1 revert, 2 halt. A null salt is none. */
ZVM_IMPORT(create) int32_t zvm_create(const void *code, uint32_t code_len, const void *input, uint32_t input_len, const void *amount, const void *salt, uint64_t gas, void *out);

/* Emits an event with up to four topics of 32 bytes. */
ZVM_IMPORT(emit) void zvm_emit(const void *topics, uint32_t topics_count, const void *data, uint32_t data_len);

/* A line for the embedder's log. No part of the result. */
ZVM_IMPORT(debug_log) void zvm_debug_log(const void *message, uint32_t message_len);

/* Asks the embedder something of its own: the answer's full length, written when it fits; -1 for none. */
ZVM_IMPORT(query) int32_t zvm_query(uint32_t kind, const void *request, uint32_t request_len, void *out, uint32_t out_cap);

/* keccak256 as Ethereum uses it. */
ZVM_IMPORT(keccak256) void zvm_keccak256(const void *message, uint32_t message_len, void *out);

/* SHA-256 (FIPS 180-4). */
ZVM_IMPORT(sha256) void zvm_sha256(const void *message, uint32_t message_len, void *out);

/* SHA3-256 (FIPS 202). */
ZVM_IMPORT(sha3_256) void zvm_sha3_256(const void *message, uint32_t message_len, void *out);

/* BLAKE3 with 32 bytes of output. */
ZVM_IMPORT(blake3) void zvm_blake3(const void *message, uint32_t message_len, void *out);

/* BLAKE2b with 32 bytes of output (RFC 7693). */
ZVM_IMPORT(blake2b_256) void zvm_blake2b_256(const void *message, uint32_t message_len, void *out);

/* RIPEMD-160: 20 bytes. */
ZVM_IMPORT(ripemd160) void zvm_ripemd160(const void *message, uint32_t message_len, void *out);

/* Whether the signature of the message is the key's: 1, 0, or -1 for an unknown algorithm or what is no key. */
ZVM_IMPORT(verify) int32_t zvm_verify(uint32_t algorithm, const void *message, uint32_t message_len, const void *signature, uint32_t signature_len, const void *key, uint32_t key_len);

/* As verify, under a context of at most 255 bytes (FIPS 204). */
ZVM_IMPORT(verify_with_context) int32_t zvm_verify_with_context(uint32_t algorithm, const void *message, uint32_t message_len, const void *signature, uint32_t signature_len, const void *key, uint32_t key_len, const void *context, uint32_t context_len);

/* Whether so many distinct keys of the list signed the message, the n-th signature under the n-th key: 1, 0, or -1 for an unknown algorithm. */
ZVM_IMPORT(verify_threshold) int32_t zvm_verify_threshold(uint32_t algorithm, uint32_t need, const void *message, uint32_t message_len, const void *signatures, const void *keys, uint32_t count);

/* Whether the BLS signature is the aggregate of each key's for its message of 32 bytes, or of all for one: 1, 0, or -1. */
ZVM_IMPORT(verify_aggregate) int32_t zvm_verify_aggregate(uint32_t algorithm, const void *messages, const void *signature, const void *keys, uint32_t count, uint32_t same_message);

/* The address of the key of secp256k1 that signed the hash: 0, or -1 where none did. */
ZVM_IMPORT(recover) int32_t zvm_recover(const void *hash, const void *signature, void *out);

/* The key itself, x and y of 32 bytes each: 0, or -1. */
ZVM_IMPORT(recover_key) int32_t zvm_recover_key(const void *hash, const void *signature, void *out);

/* The ciphertext's full length, written with the secret in it when it fits; -1 for what is no key, and where the chain has no ML-KEM. */
ZVM_IMPORT(kem_encapsulate) int32_t zvm_kem_encapsulate(uint32_t algorithm, const void *key, uint32_t key_len, const void *seed, void *ciphertext, uint32_t ciphertext_cap, void *secret);

/* The secret in a ciphertext: 0, or -1 as kem_encapsulate. */
ZVM_IMPORT(kem_decapsulate) int32_t zvm_kem_decapsulate(uint32_t algorithm, const void *key, uint32_t key_len, const void *ciphertext, uint32_t ciphertext_len, void *out);

#ifdef __cplusplus
}
#endif

#endif
