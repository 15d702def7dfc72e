// n082: a raw callback that throws, without the wrapper. The process must end where the exception would enter the library,
// at every level of optimisation; `main` must never see it.
#include <zvm.h>

#include <cstdio>
#include <cstring>
#include <stdexcept>

struct noisy {
    ~noisy() { std::puts("unwound"); }
};

static int32_t get(void *, zvm_get_op *) { return ZVM_CB_ABSENT; }
static int32_t code(void *, zvm_code_op *) { return ZVM_CB_ABSENT; }

static int32_t account(void *, zvm_account_op *)
{
    throw std::runtime_error("out of a callback");
}

static void release(void *)
{
    throw std::runtime_error("out of release");
}

int main(int argc, char **argv)
{
    const bool in_release = argc > 1 && std::strcmp(argv[1], "release") == 0;
    zvm_config config{};
    config.struct_size = sizeof config;
    config.abi = ZVM_ABI;
    zvm_storage storage{};
    storage.struct_size = sizeof storage;
    storage.get = get;
    storage.release = in_release ? release : nullptr;
    zvm_ledger ledger{};
    ledger.struct_size = sizeof ledger;
    ledger.account = account;
    ledger.code = code;
    zvm_session_params params{};
    params.struct_size = sizeof params;
    params.storage = &storage;
    params.ledger = &ledger;
    zvm_call call{};
    call.struct_size = sizeof call;
    call.gas_limit = 1000000;
    zvm_result result{};
    result.struct_size = sizeof result;
    zvm_runtime *runtime;
    zvm_session *session;
    if (zvm_runtime_new(&config, &runtime, nullptr) != ZVM_OK)
        return 2;
    if (zvm_session_new(runtime, &params, &session, nullptr) != ZVM_OK)
        return 2;
    try {
        noisy witness;
        if (in_release)
            zvm_session_free(session);
        else
            zvm_session_call(session, &call, &result, nullptr);
        std::puts("returned");
    } catch (...) {
        std::puts("caught");
    }
    return 3;
}
