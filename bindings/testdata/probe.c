/*
 * A contract for the bindings' tests: each entry does one thing that reaches the host.
 *
 *   call, echo       output: the input
 *   context          output: caller20 origin20 value32 gas_price32 number8 timestamp8 chain_id32 proposer20 randomness32
 *   read             input: key; output: the value; reverts with "absent"
 *   write            input: length1 key value
 *   remove           input: key
 *   keys             output: every key in order, each behind a byte with its length
 *   ask              input: kind1 request; output: the host's answer; reverts with "absent"
 *   say              input: a debug line
 *   emit             input: count1 topics data
 *   block_hash       input: number8; output: the hash; reverts with "absent"
 *   fail             reverts with the input
 *   reach            input: address20 input; calls it; output: the result in one byte, then what it returned
 *   unreachable, divide, bounds, recurse   trap
 *   spin             never returns
 *
 * Numbers are big-endian.
 */
#include "zvm_contract.h"

#define TEXT(literal) literal, sizeof(literal) - 1

static uint8_t in[1 << 16], out[1 << 16];

static uint32_t input(void)
{
    uint32_t size = zvm_input_size();

    if (size > sizeof in)
        zvm_revert(TEXT("too long"));
    zvm_input_copy(in, 0, size);
    return size;
}

static void put64(uint8_t *at, uint64_t value)
{
    for (int i = 7; i >= 0; i--, value >>= 8)
        at[i] = (uint8_t)value;
}

static void answer(int32_t size)
{
    if (size < 0)
        zvm_revert(TEXT("absent"));
    zvm_set_output(out, (uint32_t)size);
}

ZVM_ENTRY(init) void init(void) {}
ZVM_ENTRY(call) void call(void) { zvm_set_output(in, input()); }
ZVM_ENTRY(echo) void echo(void) { zvm_set_output(in, input()); }
ZVM_ENTRY(fail) void fail(void) { zvm_revert(in, input()); }
ZVM_ENTRY(say) void say(void) { zvm_debug_log(in, input()); }
ZVM_ENTRY(remove) void remove_entry(void) { zvm_storage_delete(in, input()); }
ZVM_ENTRY(read) void read_entry(void) { answer(zvm_storage_read(in, input(), out, sizeof out)); }

ZVM_ENTRY(context) void context(void)
{
    zvm_caller(out);
    zvm_origin(out + 20);
    zvm_value(out + 40);
    zvm_gas_price(out + 72);
    put64(out + 104, zvm_block_number());
    put64(out + 112, zvm_block_timestamp());
    zvm_chain_id(out + 120);
    zvm_proposer(out + 152);
    zvm_randomness(out + 172);
    zvm_set_output(out, 204);
}

ZVM_ENTRY(write) void write_entry(void)
{
    uint32_t size = input();

    zvm_storage_write(in + 1, in[0], in + 1 + in[0], size - 1 - in[0]);
}

ZVM_ENTRY(keys) void keys(void)
{
    uint32_t size = 0, last = 0;
    int32_t len = zvm_storage_next(0, 0, out + 1, 255);

    for (; len >= 0 && size + 512 < sizeof out; len = zvm_storage_next(out + last + 1, out[last], out + size + 1, 255)) {
        last = size;
        out[last] = (uint8_t)len;
        size += 1 + (uint32_t)len;
    }
    zvm_set_output(out, size);
}

ZVM_ENTRY(ask) void ask(void)
{
    uint32_t size = input();

    answer(zvm_query(in[0], in + 1, size - 1, out, sizeof out));
}

ZVM_ENTRY(emit) void emit(void)
{
    uint32_t size = input(), topics = in[0];

    zvm_emit(in + 1, topics, in + 1 + 32 * topics, size - 1 - 32 * topics);
}

ZVM_ENTRY(block_hash) void block_hash(void)
{
    uint64_t number = 0;

    input();
    for (int i = 0; i < 8; i++)
        number = number << 8 | in[i];
    answer(zvm_block_hash(number, out) < 0 ? -1 : 32);
}

ZVM_ENTRY(reach) void reach(void)
{
    static const uint8_t nothing[32];
    uint32_t size = input();

    out[0] = (uint8_t)zvm_call(in, nothing, in + 20, size - 20, UINT64_MAX);
    size = zvm_return_size();
    zvm_return_copy(out + 1, 0, size);
    zvm_set_output(out, 1 + size);
}

ZVM_ENTRY(unreachable) void unreachable(void) { __builtin_trap(); }

ZVM_ENTRY(divide) void divide(void)
{
    volatile uint32_t zero = 0;

    in[0] = (uint8_t)(7 / zero);
}

ZVM_ENTRY(bounds) void bounds(void) { *(volatile uint8_t *)0xfffffff0u = 1; }

static volatile uint32_t deep = 1;

__attribute__((noinline)) static uint32_t descend(uint32_t by)
{
    volatile uint32_t here = by + deep;

    return deep ? descend(here) + here : here;
}

ZVM_ENTRY(recurse) void recurse(void) { in[0] = (uint8_t)descend(0); }

ZVM_ENTRY(spin) void spin(void)
{
    while (deep)
        ;
}
