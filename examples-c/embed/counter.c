/*
 * A counter in zvm's own ledger: no callbacks, one file.
 *
 *   counter FILE COUNTER.WASM
 *
 * The first run makes the file and deploys the counter; every run adds one and prints what it counted. The contract's
 * address follows from who deploys and how many contracts that account made before, so nothing needs to be remembered.
 */
#include "example.h"

static const zvm_address owner = {"owner"};

/* The store lends its tables and a snapshot of the file to one session. */
static zvm_session *open_session(const zvm_runtime *runtime, const zvm_store *store)
{
    zvm_session_params params = {.struct_size = sizeof params};
    zvm_session *session;

    must(zvm_store_attach(store, &params, &err));
    must(zvm_session_new(runtime, &params, &session, &err));
    return session;
}

static void deploy(zvm_session *session, zvm_bytes code, const zvm_address *expected)
{
    zvm_deploy deploy = {.struct_size = sizeof deploy, .caller = owner, .code = code, .gas_limit = 100000000};
    zvm_result result = {.struct_size = sizeof result};

    must(zvm_session_deploy(session, &deploy, &result, &err));
    expect(result.kind == ZVM_KIND_SUCCESS, "the counter is deployed");
    expect(memcmp(&result.created, expected, sizeof *expected) == 0, "it lives where its owner's first contract lives");
    printf("deployed, gas %llu\n", (unsigned long long)result.gas_used);
    zvm_result_clear(&result);
}

typedef int32_t verb(zvm_session *, const zvm_call *, zvm_result *, zvm_error **);

/* Calls or queries the counter; returns the kind of the outcome, and the counter's value where that is success. */
static uint32_t ask(verb *verb, zvm_session *session, zvm_address counter, const char *entry, unsigned long long *value)
{
    zvm_call call = {.struct_size = sizeof call, .caller = owner, .target = counter,
        .entry = bytes(entry, strlen(entry)), .gas_limit = 1000000};
    zvm_result result = {.struct_size = sizeof result};

    must(verb(session, &call, &result, &err));
    uint32_t kind = result.kind;
    *value = 0;
    for (size_t i = 0; kind == ZVM_KIND_SUCCESS && i < result.data.len; i++)
        *value = *value << 8 | result.data.ptr[i];
    zvm_result_clear(&result);
    return kind;
}

int main(int argc, char **argv)
{
    zvm_config config = {.struct_size = sizeof config, .abi = ZVM_ABI};
    zvm_runtime *runtime;
    zvm_store *store;
    zvm_address counter;
    unsigned long long before, after;

    expect(argc == 3, "two arguments, the file of the ledger and the counter's code");
    must(zvm_runtime_new(&config, &runtime, &err));
    must(zvm_store_open(bytes(argv[1], strlen(argv[1])), &store, &err));
    must(zvm_address_create(&owner, 0, &counter, &err));

    zvm_session *session = open_session(runtime, store);
    uint32_t kind = ask(zvm_session_query, session, counter, "get", &before);
    if (kind == ZVM_KIND_NO_CODE)
        deploy(session, read_file(argv[2]), &counter);
    else
        expect(kind == ZVM_KIND_SUCCESS, "an answer of the counter");

    kind = ask(zvm_session_call, session, counter, "call", &after);
    expect(kind == ZVM_KIND_SUCCESS && after == before + 1, "one more than before");
    must(zvm_session_commit(session, &err)); /* on the disk, whole or not at all, when this returns */
    printf("counted %llu\n", after);

    zvm_session_free(session);
    zvm_store_free(store);
    zvm_runtime_free(runtime);
    return 0;
}
