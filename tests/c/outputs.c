/* Out-parameters are written on every path: each holds garbage before the call, and an empty answer after its failure. */
#include "host.h"

enum { FILL = 0xa5 };

static host books;
static zvm_session *session;

#define POISON ((void *)(uintptr_t)0x5a5a5a5a5a5a5a58)

/* A call that must fail with this status, write NULL to the handle it would make, and an error. */
#define FAILS(expected, out, call)         \
    do {                                   \
        zvm_error *err = POISON;           \
        CASE("%s", #call);                 \
        (out) = POISON;                    \
        CHECK_IS(call, expected);          \
        CHECK((out) == NULL);              \
        CHECK(err != POISON && err != NULL); \
        if (err != POISON)                 \
            keep(expected, err);           \
    } while (0)

static void failing_functions_write_null_handles(void)
{
    zvm_config config = {.struct_size = sizeof config};
    zvm_code_params code = {.struct_size = sizeof code, .code = text_of("\xef" "no code")};
    zvm_session_params params = host_params(&books), no_storage = params, small = params;
    zvm_runtime *no_runtime;
    zvm_code *no_code;
    zvm_session *no_session;
    zvm_store *no_store;

    no_storage.storage = NULL;
    small.struct_size = 1;
    FAILS(ZVM_E_NULL, no_runtime, zvm_runtime_new(NULL, &no_runtime, &err));
    FAILS(ZVM_E_ABI, no_runtime, zvm_runtime_new(&config, &no_runtime, &err));
    FAILS(ZVM_E_NULL, no_code, zvm_code_load(NULL, &code, &no_code, &err));
    FAILS(ZVM_E_NULL, no_code, zvm_code_load(runtime, NULL, &no_code, &err));
    FAILS(ZVM_E_CODE_FORMAT, no_code, zvm_code_load(runtime, &code, &no_code, &err));
    FAILS(ZVM_E_NULL, no_code, zvm_code_deserialize(NULL, bytes_of(NULL, 0), &no_code, &err));
    FAILS(ZVM_E_ARTEFACT, no_code, zvm_code_deserialize(runtime, text_of("no artefact"), &no_code, &err));
    FAILS(ZVM_E_NULL, no_session, zvm_session_new(NULL, &params, &no_session, &err));
    FAILS(ZVM_E_NULL, no_session, zvm_session_new(runtime, NULL, &no_session, &err));
    FAILS(ZVM_E_STRUCT_SIZE, no_session, zvm_session_new(runtime, &small, &no_session, &err));
    FAILS(ZVM_E_NULL, no_session, zvm_session_new(runtime, &no_storage, &no_session, &err));
    FAILS(ZVM_E_ARGUMENT, no_store, zvm_store_open(bytes_of(NULL, 0), &no_store, &err));
    FAILS(ZVM_E_HOST, no_store, zvm_store_open(text_of("/no/such/folder/x"), &no_store, &err));
}

/* A result that a failing function was given is zero behind its size. */
static void zeroed(const char *what, const zvm_result *result)
{
    zvm_result zero = {.struct_size = sizeof zero};

    CASE("%s", what);
    CHECK_IS(memcmp(result, &zero, sizeof zero), 0);
}

static zvm_result poisoned(void)
{
    zvm_result result;

    memset(&result, FILL, sizeof result);
    result.struct_size = sizeof result;
    return result;
}

static void failing_calls_write_zero_results(void)
{
    zvm_session_params params = host_params(&books), small = params;
    zvm_call call = call_of("call", bytes_of(NULL, 0)), odd = call;
    zvm_deploy deploy = deploy_of(text_of("\xef" "no code"), bytes_of(NULL, 0));
    zvm_result result;

    odd.flags = 8;
    small.struct_size = 1;
#define ZEROES(expected, call)         \
    do {                               \
        result = poisoned();           \
        CHECK_IS(call, expected);      \
        zeroed(#call, &result);        \
    } while (0)
    ZEROES(ZVM_E_NULL, zvm_session_call(session, NULL, &result, NULL));
    ZEROES(ZVM_E_NULL, zvm_session_call(NULL, &call, &result, NULL));
    ZEROES(ZVM_E_FLAGS, zvm_session_call(session, &odd, &result, NULL));
    ZEROES(ZVM_E_FLAGS, zvm_session_query(session, &odd, &result, NULL));
    ZEROES(ZVM_E_CODE_FORMAT, zvm_session_deploy(session, &deploy, &result, NULL));
    ZEROES(ZVM_E_NULL, zvm_session_deploy(session, NULL, &result, NULL));
    ZEROES(ZVM_E_NULL, zvm_execute(NULL, &params, &call, &result, NULL));
    ZEROES(ZVM_E_NULL, zvm_execute(runtime, NULL, &call, &result, NULL));
    ZEROES(ZVM_E_STRUCT_SIZE, zvm_execute(runtime, &small, &call, &result, NULL));
    ZEROES(ZVM_E_NULL, zvm_execute(runtime, &params, NULL, &result, NULL));
    ZEROES(ZVM_E_FLAGS, zvm_execute(runtime, &params, &odd, &result, NULL));
    ZEROES(ZVM_E_NULL, zvm_frame_call(NULL, &call, &result, NULL));
#undef ZEROES
}

static void failing_functions_write_plain_values(void)
{
    zvm_word word;
    zvm_address address;
    zvm_bytes bytes = {POISON, 77};
    uint64_t mark = 77;
    const zvm_change *changes = POISON;
    size_t count = 77;
    zvm_point point;
    int32_t verdict = 77;
    zvm_transaction_view transaction;
    static const uint8_t zero[32];

    memset(&word, FILL, sizeof word);
    CHECK_IS(zvm_runtime_fingerprint(NULL, &word, NULL), ZVM_E_NULL);
    CHECK_IS(memcmp(&word, zero, 32), 0);
    CHECK_IS(zvm_code_serialize(NULL, &bytes, NULL), ZVM_E_NULL);
    CHECK(bytes.ptr == NULL && bytes.len == 0);
    CHECK_IS(zvm_session_mark(NULL, &mark, NULL), ZVM_E_NULL);
    CHECK_IS(mark, 0);
    CHECK_IS(zvm_session_changes(NULL, &changes, &count, NULL), ZVM_E_NULL);
    CHECK(changes == NULL && count == 0);
    count = 77;
    CHECK_IS(zvm_session_changes(session, NULL, &count, NULL), ZVM_E_NULL);
    CHECK_IS(count, 0);
    memset(&address, FILL, sizeof address);
    CHECK_IS(zvm_address_create(NULL, 0, &address, NULL), ZVM_E_NULL);
    CHECK_IS(memcmp(&address, zero, 20), 0);
    memset(&address, FILL, sizeof address);
    CHECK_IS(zvm_address_create2(&deployer, NULL, &word, &address, NULL), ZVM_E_NULL);
    CHECK_IS(memcmp(&address, zero, 20), 0);
    memset(&word, FILL, sizeof word);
    CHECK_IS(zvm_hash(1, text_of(""), &word, NULL), ZVM_E_UNSUPPORTED);
    CHECK_IS(memcmp(&word, zero, 32), 0);
    memset(&address, FILL, sizeof address);
    CHECK_IS(zvm_address_of_key(ZVM_ALGORITHM_BLS, text_of(""), &address, NULL), ZVM_E_ARGUMENT);
    CHECK_IS(memcmp(&address, zero, 20), 0);
    CHECK_IS(zvm_verify(1, bytes_of(NULL, 5), text_of(""), text_of(""), text_of(""), &verdict, NULL), ZVM_E_NULL);
    CHECK_IS(verdict, ZVM_VERDICT_INVALID);
    memset(&transaction, FILL, sizeof transaction);
    transaction.struct_size = sizeof transaction;
    CHECK_IS(zvm_transaction_decode(text_of("no CBOR"), &transaction, NULL), ZVM_E_TRANSACTION_FORMAT);
    CHECK(transaction.kind == 0 && transaction.signature.ptr == NULL && transaction.signature.len == 0);
    memset(&address, FILL, sizeof address);
    memset(&point, FILL, sizeof point);
    verdict = 77;
    CHECK_IS(zvm_recover(NULL, text_of(""), &point, &address, &verdict, NULL), ZVM_E_NULL);
    CHECK_IS(memcmp(&address, zero, 20), 0);
    CHECK(memcmp(&point, zero, 32) == 0 && memcmp(point.bytes + 32, zero, 32) == 0);
    CHECK_IS(verdict, ZVM_VERDICT_INVALID);
}

static void a_success_writes_no_error(void)
{
    zvm_error *err = POISON;
    uint64_t mark;

    CHECK_IS(zvm_session_mark(session, &mark, &err), ZVM_OK);
    CHECK(err == NULL);
}

static void begin(void)
{
    host_begin();
    host_deployed(&books);
    session = host_session(&books);
}

static void end(void)
{
    zvm_session_free(session);
    host_clear(&books);
    host_end();
}

TAP_MAIN(begin, end,
    TEST(failing_functions_write_null_handles),
    TEST(failing_calls_write_zero_results),
    TEST(failing_functions_write_plain_values),
    TEST(a_success_writes_no_error))
