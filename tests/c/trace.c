/* What a session's calls tell of their course: lines of JSON, to the hook `trace`. */
#include "misbehave.h"

static char told[4096];

static int32_t hearing(host *h, void *at, int32_t honest)
{
    const zvm_trace_op *op = at;
    size_t before = strlen(told);

    (void)h;
    CHECK(op->lines.len > 0 && op->lines.ptr[op->lines.len - 1] == '\n');
    snprintf(told + before, sizeof told - before, "%.*s", (int)op->lines.len, (const char *)op->lines.ptr);
    return honest;
}

/* Begins anew, and hears. */
static void hear(uint32_t flags)
{
    misbehave(TRACE, hearing);
    told[0] = 0;
    CHECK_IS(zvm_session_trace(session, flags, NULL), ZVM_OK);
}

static int begins(const char *line, const char *with)
{
    return line && strncmp(line, with, strlen(with)) == 0;
}

static const char *next(const char *line)
{
    const char *end = strchr(line, '\n');

    return end ? end + 1 : NULL;
}

static void calls_are_told_with_their_ends(void)
{
    hear(ZVM_TRACE_CALLS);
    CHECK_IS(try_probe(session, "echo", text_of("1")), ZVM_OK);
    CHECK(begins(told, "{\"enter\":\"call\",\"depth\":1,\"from\":\"0x6465706c6f796572000000000000000000000000\",\"to\":\"0x"));
    CHECK(strstr(told, "\"value\":\"0x0\",\"gas\":\"0x2faf080\",\"entry\":\"echo\",\"input\":\"0x31\"}\n") != NULL);
    CHECK(begins(next(told), "{\"leave\":\"SUCCESS\",\"depth\":1,\"engine\":\"wasm\",\"gasUsed\":\"0x"));
    CHECK(strstr(next(told), "\"output\":\"0x31\"}\n") != NULL);
    CHECK_IS(books.calls[TRACE], 1);
    told[0] = 0;
    CHECK_IS(try_probe(session, "trap", bytes_of(NULL, 0)), ZVM_OK);
    CHECK(begins(next(told), "{\"leave\":\"UNREACHABLE\",\"depth\":1,\"engine\":\"wasm\","));
}

/* PUSH0 PUSH0 RETURN: initcode of a contract without code. */
static void steps_are_told_of_evm_code_alone(void)
{
    static const uint8_t initcode[] = {0x5f, 0x5f, 0xf3};
    zvm_deploy deploy = deploy_of(bytes_of(initcode, sizeof initcode), bytes_of(NULL, 0));
    zvm_result result = {.struct_size = sizeof result};
    const char *line = told;

    hear(ZVM_TRACE_STEPS);
    CHECK_IS(zvm_session_deploy(session, &deploy, &result, NULL), ZVM_OK);
    CHECK_IS(result.kind, ZVM_KIND_SUCCESS);
    zvm_result_clear(&result);
    CHECK(begins(line, "{\"pc\":0,\"op\":95,\"gas\":\"0x"));
    CHECK(begins(line = next(line), "{\"pc\":1,\"op\":95,\"gas\":\"0x"));
    CHECK(begins(line = next(line), "{\"pc\":2,\"op\":243,\"gas\":\"0x"));
    CHECK(strstr(line, "\"opName\":\"RETURN\",\"returnData\":\"0x\",\"stack\":[\"0x0\",\"0x0\"],\"gasCost\":\"0x0\"}\n") != NULL);
    CHECK(begins(line = next(line), "{\"output\":\"0x\",\"gasUsed\":\"0x"));
    CHECK(strcmp(strchr(line, '\n') - 13, ",\"pass\":true}\n") == 0);
    told[0] = 0;
    CHECK_IS(try_probe(session, "call", bytes_of(NULL, 0)), ZVM_OK);
    CHECK(begins(told, "{\"output\":"));
}

static void a_trace_is_what_was_asked_for_last(void)
{
    static const uint32_t unknown[] = {4, 8, 1u << 31, UINT32_MAX};

    hear(ZVM_TRACE_CALLS);
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        CHECK_IS(zvm_session_trace(session, unknown[i], NULL), ZVM_E_FLAGS);
    CHECK_IS(try_probe(session, "call", bytes_of(NULL, 0)), ZVM_OK);
    CHECK(begins(told, "{\"enter\":"));
    told[0] = 0;
    CHECK_IS(zvm_session_trace(session, 0, NULL), ZVM_OK);
    CHECK_IS(try_probe(session, "call", bytes_of(NULL, 0)), ZVM_OK);
    CHECK(told[0] == 0);
}

static int32_t failing(host *h, void *op, int32_t honest)
{
    (void)h, (void)op, (void)honest;
    return ZVM_CB_FAIL;
}

static void a_call_that_failed_has_no_end(void)
{
    hear(ZVM_TRACE_CALLS);
    books.twist[GET] = failing;
    CHECK_IS(try_probe(session, "read", text_of("key")), ZVM_E_HOST);
    CHECK(begins(told, "{\"enter\":\"call\",\"depth\":1,"));
    CHECK(next(told) && *next(told) == 0);
}

TAP_MAIN(begin, end,
    TEST(calls_are_told_with_their_ends),
    TEST(steps_are_told_of_evm_code_alone),
    TEST(a_trace_is_what_was_asked_for_last),
    TEST(a_call_that_failed_has_no_end))
