/*
 * What lies in memory while nothing runs. Each figure is a difference of what is resident, over many of a
 * kind; what is made is never taken away, so that no measurement finds room that another one left.
 */
#include <string.h>

#include "embedder.h"

#define CODES 16
#define POOLS 16
#define DEPTH 60

/* Codes that are held and not called. */
static double code(void)
{
    zvm_runtime *runtime = runtime_new(ZVM_COMPILER_SINGLEPASS);
    zvm_bytes hackatom = bench_file("hackatom.wasm");
    double before;

    /* The first of a runtime brings what all share, and what the compiler's work leaves behind. */
    for (uint8_t i = 0; i < 4; i++) code_load(runtime, variant(hackatom, i));
    before = resident();
    for (uint8_t i = 0; i < CODES; i++) {
        zvm_bytes wasm = variant(hackatom, 4 + i);
        code_load(runtime, wasm);
        forget(wasm);
    }
    return (resident() - before) / CODES;
}

/* A contract that calls itself until so many of its frames are live. */
static void nest(zvm_session *session, zvm_address contract, uint32_t depth)
{
    uint8_t input[24];

    memcpy(input, &depth, 4);
    memcpy(input + 4, &contract, 20);
    call(session, contract, TEXT("call"), (zvm_bytes){input, sizeof input});
}

/*
 * Instances that wait for the next call, where there is a pool: each code is nested DEPTH deep, so that as
 * many instances of it have been live at once, and compared with itself after a depth of one.
 */
static double instance(void)
{
    zvm_runtime *runtime = runtime_new(ZVM_COMPILER_SINGLEPASS);
    zvm_bytes probe = bench_file("probe.wasm");
    zvm_session *session;
    zvm_address contracts[POOLS];
    double before;

    for (uint8_t i = 0; i < POOLS; i++) contracts[i] = settle(code_load(runtime, variant(probe, 10 + i)), 10 + i);
    session = session_new(runtime);
    for (int i = 0; i < POOLS; i++) nest(session, contracts[i], 1);
    /* The stack of sixty frames and everything else that one code brings into being. */
    nest(session, contracts[0], DEPTH);
    before = resident();
    for (int i = 1; i < POOLS; i++) nest(session, contracts[i], DEPTH);
    return (resident() - before) / ((POOLS - 1) * (DEPTH - 1));
}

double measure_memory(const char *name)
{
    if (!strcmp(name, "memory.code_230k")) return code();
    if (!strcmp(name, "memory.instance_idle")) return instance();
    return -1;
}
