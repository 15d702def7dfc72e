/*
 * Calls that find everything ready: of a contract, of its storage, of another contract.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "embedder.h"

/* Calls between two resets of the session, which keeps the events of all calls until then. */
#define CALLS 256
#define READS 4096
#define NESTED 256

/* Runs that make a code hot, and a few more. */
#define HEAT 600

/* Everything the calls need is made once, before the first measurement. */
static struct {
    zvm_runtime *runtime;
    zvm_session *session;
    zvm_address counter, token, probe, callee;
    zvm_bytes transfer;
} made;

/* Until all four codes are compiled again. */
static void heat(void)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    zvm_error *err = NULL;
    zvm_stats stats = {.struct_size = sizeof stats};
    uint8_t input[24] = {1};

    memcpy(input + 4, &made.callee, 20);
    for (int i = 0; i < HEAT; i++) {
        call(made.session, made.counter, TEXT("call"), TEXT(""));
        call(made.session, made.token, TEXT("call"), made.transfer);
        call(made.session, made.probe, TEXT("calls"), (zvm_bytes){input, sizeof input});
    }
    while (stats.recompilations < 4) {
        nanosleep(&pause, NULL);
        check(zvm_runtime_stats(made.runtime, &stats, &err), err);
    }
}

static void prepare(uint32_t compiler)
{
    zvm_runtime *runtime = runtime_new(compiler);
    zvm_bytes probe = bench_file("probe.wasm");

    made.runtime = runtime;
    made.counter = settle(code_load(runtime, bench_file("counter.wasm")), 1);
    made.token = settle(code_load(runtime, bench_file("json_token_zvm.wasm")), 2);
    made.probe = settle(code_load(runtime, probe), 3);
    made.callee = settle(code_load(runtime, variant(probe, 1)), 4);
    made.transfer = bench_file("json_token_transfer.json");
    made.session = session_new(runtime);
    if (compiler == ZVM_COMPILER_TIERED) heat();
}

static void reset(void)
{
    zvm_error *err = NULL;

    check(zvm_session_reset(made.session, &err), err);
}

/* As a program calls that keeps its request: filled once, its result cleared after each call. */
static double warm(zvm_address target, zvm_bytes input)
{
    zvm_error *err = NULL;
    zvm_session *session = made.session;
    zvm_call request = {.struct_size = sizeof request, .target = target, .input = input, .gas_limit = 1000000000};
    zvm_result result = {.struct_size = sizeof result};
    double began;

    request.caller.bytes[0] = 0xca;
    reset();
    call(session, target, TEXT("call"), input);
    began = thread_time();
    for (int i = 0; i < CALLS; i++) {
        check(zvm_session_call(session, &request, &result, &err), err);
        if (result.kind != ZVM_KIND_SUCCESS) exit(1);
        zvm_result_clear(&result);
    }
    return (thread_time() - began) / CALLS;
}

/* One call of an entry of the probe that does something so often; in a session that has read nothing, if `cold`. */
static double once(zvm_bytes entry, uint32_t times, bool cold)
{
    uint8_t input[24];
    double began;

    memcpy(input, &times, 4);
    memcpy(input + 4, &made.callee, 20);
    reset();
    if (!cold) call(made.session, made.probe, entry, (zvm_bytes){input, sizeof input});
    began = thread_time();
    call(made.session, made.probe, entry, (zvm_bytes){input, sizeof input});
    return thread_time() - began;
}

/* What one of so many takes: an entry that does it, less one that only goes round the same loop. */
static double apart(zvm_bytes entry, zvm_bytes without, uint32_t times, bool cold)
{
    return (once(entry, times, cold) - once(without, times, cold)) / times;
}

double measure_calls(const char *name)
{
    if (!strcmp(name, "call.json_token.singlepass")) {
        /* Asked for in a process of its own. */
        if (!made.session) prepare(ZVM_COMPILER_SINGLEPASS);
        return warm(made.token, made.transfer);
    }
    if (!made.session) prepare(ZVM_COMPILER_TIERED);
    if (!strcmp(name, "call.counter.warm")) return warm(made.counter, TEXT(""));
    if (!strcmp(name, "call.json_token.warm")) return warm(made.token, made.transfer);
    if (!strcmp(name, "storage.hit")) return apart(TEXT("hit"), TEXT("no_reads"), READS, false);
    if (!strcmp(name, "storage.miss")) return apart(TEXT("miss"), TEXT("no_reads"), READS, true);
    if (!strcmp(name, "storage.callback")) return callback_time();
    if (!strcmp(name, "call.wasm_wasm.warm")) return apart(TEXT("calls"), TEXT("no_calls"), NESTED, false);
    return -1;
}
