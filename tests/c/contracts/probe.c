/*
 * Knocks at every door of the host, one entry each. An entry's input is what its host function takes; its output what
 * that answered, a result number first, 4 bytes big-endian, where there is one.
 */
#include "zvm_contract.h"

static uint8_t input[4096];
static uint8_t answer[4 + 70000];

static uint32_t arguments(void)
{
    uint32_t len = zvm_input_size();

    if (len > sizeof input)
        zvm_revert("too long", 8);
    zvm_input_copy(input, 0, len);
    return len;
}

/* Outputs a result and as many bytes of the answer as it says. */
static void reply(int32_t result)
{
    for (int i = 0; i < 4; i++)
        answer[i] = (uint8_t)((uint32_t)result >> (24 - 8 * i));
    zvm_set_output(answer, 4 + (result > 0 ? (uint32_t)result : 0));
}

ZVM_ENTRY(init) void init(void) {}

ZVM_ENTRY(echo) void echo(void)
{
    uint32_t len = arguments();
    zvm_set_output(input, len);
}

/* Nothing at all. */
ZVM_ENTRY(call) void call(void) {}

/* Never ends. */
ZVM_ENTRY(spin) void spin(void)
{
    for (volatile uint32_t i = 0;; i++) {}
}

ZVM_ENTRY(trap) void trap(void) { __builtin_trap(); }

/* Reads outside of the memory. */
ZVM_ENTRY(stray) void stray(void)
{
    volatile uint8_t *nowhere = (volatile uint8_t *)0xfffffff0u;
    answer[0] = *nowhere;
}

/* key */
ZVM_ENTRY(read) void read(void)
{
    uint32_t len = arguments();
    reply(zvm_storage_read(input, len, answer + 4, sizeof answer - 4));
}

/* key: the entry becomes the key itself */
ZVM_ENTRY(write) void write(void)
{
    uint32_t len = arguments();
    zvm_storage_write(input, len, input, len);
}

/* key: the entry becomes empty */
ZVM_ENTRY(blank) void blank(void)
{
    uint32_t len = arguments();
    zvm_storage_write(input, len, 0, 0);
}

/* key */
ZVM_ENTRY(remove) void remove(void)
{
    uint32_t len = arguments();
    reply(zvm_storage_delete(input, len) ? 0 : -1);
}

/* key */
ZVM_ENTRY(next) void next(void)
{
    uint32_t len = arguments();
    reply(zvm_storage_next(input, len, answer + 4, sizeof answer - 4));
}

/* account20 */
ZVM_ENTRY(balance) void balance(void)
{
    arguments();
    zvm_balance(input, answer + 4);
    reply(32);
}

/* account20 */
ZVM_ENTRY(code_hash) void code_hash(void)
{
    arguments();
    reply(zvm_code_hash(input, answer + 4) < 0 ? -1 : 32);
}

/* the block of number 7 */
ZVM_ENTRY(block_hash) void block_hash(void) { reply(zvm_block_hash(7, answer + 4) < 0 ? -1 : 32); }

/* request, of kind 9 */
ZVM_ENTRY(ask) void ask(void)
{
    uint32_t len = arguments();
    reply(zvm_query(9, input, len, answer + 4, sizeof answer - 4));
}

/* message */
ZVM_ENTRY(debug) void debug(void)
{
    uint32_t len = arguments();
    zvm_debug_log(input, len);
}

/* data, without topics */
ZVM_ENTRY(emit) void emit(void)
{
    uint32_t len = arguments();
    zvm_emit(0, 0, input, len);
}

/* to20 input: output is 0 success, 1 revert or 2 halt */
ZVM_ENTRY(call_out) void call_out(void)
{
    static const uint8_t nothing[32];
    uint32_t len = arguments();
    int32_t how = zvm_call(input, nothing, input + 20, len - 20, 1000000000000);
    answer[0] = (uint8_t)how;
    zvm_set_output(answer, 1);
}
