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

/* BLAKE3 with 32 bytes of output. */
ZVM_IMPORT(blake3) void zvm_blake3(const void *message, uint32_t message_len, void *out);

#ifdef __cplusplus
}
#endif

#endif
