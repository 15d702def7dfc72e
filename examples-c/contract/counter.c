/*
 * A counter: the smallest contract that keeps something.
 *
 *   init   input: empty for zero, or the start value
 *   call   adds one; output: the new value; emits Incremented
 *   get    output: the value
 *
 * The value is 8 bytes big-endian, as input, as output and under the storage key "count".
 * Incremented has one topic, its name in ASCII padded with zeros to 32 bytes; its data is the new value.
 * Reverts with "bad input", "already initialised" or "overflow".
 */
#include "zvm_contract.h"

ZVM_CONTRACT_ABI("counter.json");

#define TEXT(literal) literal, sizeof(literal) - 1

static const char incremented[32] = "Incremented";

/* The value as it is stored: WASM is little-endian, storage is not. */
static uint64_t big_endian(uint64_t value)
{
    return __builtin_bswap64(value);
}

static uint64_t load(void)
{
    uint64_t stored = 0;

    zvm_storage_read(TEXT("count"), &stored, sizeof stored);
    return big_endian(stored);
}

ZVM_ENTRY(init) void init(void)
{
    uint64_t start = 0;

    if (zvm_storage_read(TEXT("count"), &start, sizeof start) >= 0)
        zvm_revert(TEXT("already initialised"));
    if (zvm_input_size() == sizeof start)
        zvm_input_copy(&start, 0, sizeof start);
    else if (zvm_input_size() != 0)
        zvm_revert(TEXT("bad input"));
    zvm_storage_write(TEXT("count"), &start, sizeof start);
}

ZVM_ENTRY(call) void call(void)
{
    uint64_t value = load();

    if (value == UINT64_MAX)
        zvm_revert(TEXT("overflow"));
    value = big_endian(value + 1);
    zvm_storage_write(TEXT("count"), &value, sizeof value);
    zvm_emit(incremented, 1, &value, sizeof value);
    zvm_set_output(&value, sizeof value);
}

ZVM_ENTRY(get) void get(void)
{
    uint64_t value = big_endian(load());

    zvm_set_output(&value, sizeof value);
}
