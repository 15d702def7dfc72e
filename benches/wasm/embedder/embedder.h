/*
 * A C program that embeds zvm, as the benchmarks measure it: its own tables over fixed answers.
 */
#ifndef EMBEDDER_H
#define EMBEDDER_H

#include <stdbool.h>
#include <stdint.h>

#include "zvm.h"

#define TEXT(literal) ((zvm_bytes){(const uint8_t *)(literal), sizeof(literal) - 1})

/* Addresses of the ledger that may hold a contract. */
#define CONTRACTS 64

/*
 * Nanoseconds. A call works on the thread that makes it, so its time is this thread's, whatever else the
 * machine does; code is compiled on threads of the compiler's, so there the clock on the wall counts.
 */
double thread_time(void);
double wall_time(void);

/* Bytes of this process that are resident and its own, what the allocator keeps for later given back first. */
double resident(void);

/* Ends the program where a call failed. */
void check(int32_t status, zvm_error *err);

/* Reads a file of the folder the program was started with. The bytes are the caller's to free. */
zvm_bytes bench_file(const char *name);
/* The same, read only and not to be forgotten but unmapped. */
zvm_bytes mapped_bench_file(const char *name);
void put_bench_file(const char *name, zvm_bytes bytes);
void forget(zvm_bytes bytes);

/* The same module with one custom section more, and so another code. The bytes are the caller's to free. */
zvm_bytes variant(zvm_bytes wasm, uint8_t number);

/* Puts a loaded code at an address of the ledger: twenty bytes of `number`. */
zvm_address settle(const zvm_code *code, uint8_t number);

/* With a compiler of ZVM_COMPILER_*; the tiered one gets a thread. */
zvm_runtime *runtime_new(uint32_t compiler);
zvm_session *session_new(zvm_runtime *runtime);
zvm_code *code_load(zvm_runtime *runtime, zvm_bytes wasm);

/* Calls `entry` and ends the program unless it succeeds. */
void call(zvm_session *session, zvm_address target, zvm_bytes entry, zvm_bytes input);

/* The storage callback, which answers every key with the same word, and what one call of it takes. */
double callback_time(void);

/* One round of the measurement of this name in nanoseconds or bytes; negative where there is none. */
double measure_calls(const char *name);
double measure_code(const char *name);
double measure_memory(const char *name);

#endif
