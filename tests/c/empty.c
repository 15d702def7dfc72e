/* n078: nothing at all, in every place and in both directions. What the library hands out as empty is {NULL, 0}. */
#include "host.h"

static host books;
static zvm_session *session;

static const zvm_bytes nothing = {NULL, 0};
/* As empty as NULL, and nobody may look there. */
#define NOWHERE bytes_of((void *)(uintptr_t)0x10, 0)

static void is_empty(zvm_bytes bytes)
{
    CHECK(bytes.ptr == NULL && bytes.len == 0);
}

static void n078_input_output_and_entry(void)
{
    zvm_bytes inputs[] = {nothing, NOWHERE};

    for (int i = 0; i < 2; i++) {
        zvm_result result = call_probe(session, "echo", inputs[i]);
        CHECK_IS(result.kind, ZVM_KIND_SUCCESS);
        is_empty(result.data);
        CHECK(result.logs == NULL && result.log_count == 0);
        zvm_result_clear(&result);

        zvm_call call = call_of("", inputs[i]); /* an empty entry is `call` */
        call.entry = inputs[i];
        CHECK_IS(zvm_session_call(session, &call, &result, NULL), ZVM_OK);
        CHECK_IS(result.kind, ZVM_KIND_SUCCESS);
        is_empty(result.data);
        zvm_result_clear(&result);
    }
}

static void n078_code_and_constructor_input(void)
{
    zvm_bytes inputs[] = {nothing, NOWHERE};

    for (int i = 0; i < 2; i++) {
        zvm_deploy deploy = deploy_of(inputs[i], inputs[i]);
        zvm_code_params params = {.struct_size = sizeof params, .code = inputs[i]};
        zvm_result result = {.struct_size = sizeof result};
        zvm_code *code;
        CHECK_IS(zvm_session_deploy(session, &deploy, &result, NULL), ZVM_E_CODE_FORMAT);
        CHECK_IS(zvm_code_load(runtime, &params, &code, NULL), ZVM_E_CODE_FORMAT);
        CHECK_IS(zvm_code_deserialize(runtime, inputs[i], &code, NULL), ZVM_E_ARTEFACT);
        deploy = deploy_of(probe, inputs[i]);
        CHECK_IS(zvm_session_deploy(session, &deploy, &result, NULL), ZVM_OK);
        CHECK_IS(result.kind, ZVM_KIND_SUCCESS);
        is_empty(result.data);
        zvm_result_clear(&result);
    }
    CHECK_IS(zvm_session_reset(session, NULL), ZVM_OK);
}

static int32_t key_is_empty(host *h, void *op, int32_t honest)
{
    (void)h;
    is_empty(((zvm_get_op *)op)->key);
    return honest;
}

static int32_t start_is_empty(host *h, void *op, int32_t honest)
{
    (void)h;
    is_empty(((zvm_scan_op *)op)->end);
    return honest;
}

static void n078_keys_and_values(void)
{
    static const uint8_t none[4] = {0xff, 0xff, 0xff, 0xff}, length_0[4] = {0};
    zvm_result result;
    const zvm_change *list;
    size_t count;

    books.twist[GET] = key_is_empty;
    result = call_probe(session, "read", nothing);
    CHECK_IS(memcmp(result.data.ptr, none, 4), 0);
    zvm_result_clear(&result);
    books.twist[GET] = NULL;

    result = call_probe(session, "write", nothing); /* an empty value under an empty key */
    zvm_result_clear(&result);
    result = call_probe(session, "blank", text_of("blank"));
    zvm_result_clear(&result);
    CHECK_IS(zvm_session_changes(session, &list, &count, NULL), ZVM_OK);
    if (CHECK_IS(count, 2)) {
        CHECK(list[0].kind == ZVM_CHANGE_SET && list[1].kind == ZVM_CHANGE_SET);
        is_empty(list[0].key);
        is_empty(list[0].value);
        CHECK_IS(list[1].key.len, 5);
        is_empty(list[1].value);
    }
    CHECK_IS(zvm_session_commit(session, NULL), ZVM_OK);

    /* Out of the host again: empty is not absent. */
    zvm_session_free(session);
    session = host_session(&books);
    result = call_probe(session, "read", nothing);
    CHECK_IS(memcmp(result.data.ptr, length_0, 4), 0);
    zvm_result_clear(&result);
    result = call_probe(session, "read", text_of("blank"));
    CHECK_IS(memcmp(result.data.ptr, length_0, 4), 0);
    zvm_result_clear(&result);
    books.twist[SCAN] = start_is_empty;
    result = call_probe(session, "next", nothing);
    CHECK_IS(result.data.len, 4 + 5);
    zvm_result_clear(&result);
    books.twist[SCAN] = NULL;

    result = call_probe(session, "remove", nothing);
    zvm_result_clear(&result);
    CHECK_IS(zvm_session_changes(session, &list, &count, NULL), ZVM_OK);
    if (CHECK_IS(count, 1)) {
        CHECK_IS(list[0].kind, ZVM_CHANGE_DELETE);
        is_empty(list[0].key);
        is_empty(list[0].value);
    }
    CHECK_IS(zvm_session_commit(session, NULL), ZVM_OK);
}

static int32_t lending_nothing(host *h, void *op, int32_t honest)
{
    zvm_reply *reply = h->twist[GET] ? &((zvm_get_op *)op)->value : &((zvm_query_op *)op)->answer;

    (void)honest;
    reply->lent = h->extra;
    reply->len = 0;
    return ZVM_CB_DONE;
}

static void n078_answers(void)
{
    void *places[] = {NULL, (void *)(uintptr_t)0x10};

    for (int i = 0; i < 4; i++) {
        int which = i < 2 ? GET : QUERY;
        books.twist[which] = lending_nothing;
        books.extra = places[i % 2];
        zvm_result result = call_probe(session, i < 2 ? "read" : "ask", text_of(i % 2 ? "one" : "another"));
        CHECK_IS(result.kind, ZVM_KIND_SUCCESS);
        CHECK_IS(result.data.len, 4);
        CHECK(result.data.ptr && result.data.ptr[0] == 0);
        zvm_result_clear(&result);
        books.twist[which] = NULL;
    }
}

static int32_t request_is_empty(host *h, void *op, int32_t honest)
{
    (void)h;
    is_empty(((zvm_query_op *)op)->request);
    return honest;
}

static int32_t message_is_empty(host *h, void *op, int32_t honest)
{
    (void)h;
    is_empty(((zvm_log_op *)op)->message);
    return honest;
}

static void n078_questions_and_lines(void)
{
    zvm_result result;

    books.twist[QUERY] = request_is_empty;
    books.twist[LOG] = message_is_empty;
    result = call_probe(session, "ask", nothing);
    CHECK_IS(result.data.len, 4);
    zvm_result_clear(&result);
    result = call_probe(session, "debug", nothing);
    CHECK_IS(result.kind, ZVM_KIND_SUCCESS);
    zvm_result_clear(&result);
    CHECK(books.calls[QUERY] > 0 && books.calls[LOG] > 0);
    books.twist[QUERY] = books.twist[LOG] = NULL;
}

static void n078_events(void)
{
    zvm_result result = call_probe(session, "emit", nothing);

    if (CHECK_IS(result.log_count, 1)) {
        is_empty(result.logs[0].data);
        CHECK(result.logs[0].topics == NULL && result.logs[0].topic_count == 0);
    }
    zvm_result_clear(&result);
}

static int32_t bare_commit(host *h, void *at, int32_t honest)
{
    const zvm_commit_op *op = at;

    (void)h;
    CHECK(op->changes == NULL && op->count == 0 && op->logs == NULL && op->log_count == 0);
    return honest;
}

static void n078_lists(void)
{
    const zvm_change *list = (const zvm_change *)&list;
    size_t count = 1;
    zvm_store *store;

    CHECK_IS(zvm_session_reset(session, NULL), ZVM_OK);
    CHECK_IS(zvm_session_changes(session, &list, &count, NULL), ZVM_OK);
    CHECK(list == NULL && count == 0);
    books.twist[COMMIT] = bare_commit;
    CHECK_IS(zvm_session_commit(session, NULL), ZVM_OK);
    books.twist[COMMIT] = NULL;
    CHECK_IS(zvm_session_prefetch(session, &probe_at, NULL, 0, NULL), ZVM_OK);
    CHECK_IS(zvm_session_prefetch(session, &probe_at, &nothing, 1, NULL), ZVM_OK);
    CHECK_IS(zvm_store_memory(&store, NULL), ZVM_OK);
    CHECK_IS(zvm_store_apply(store, NULL, 0, NULL), ZVM_OK);
    zvm_store_free(store);
}

static void n078_views_of_code(void)
{
    static const uint8_t smallest[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    zvm_code_params params = {.struct_size = sizeof params, .code = bytes_of(smallest, sizeof smallest)};
    zvm_code_view view = {.struct_size = sizeof view};
    zvm_code *code = NULL;

    CHECK_IS(zvm_code_load(runtime, &params, &code, NULL), ZVM_OK);
    CHECK_IS(zvm_code_info(code, &view, NULL), ZVM_OK);
    CHECK(view.entries == NULL && view.entry_count == 0 && view.imports == NULL && view.import_count == 0);
    is_empty(view.abi);
    zvm_code_free(code);
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
    TEST(n078_input_output_and_entry),
    TEST(n078_code_and_constructor_input),
    TEST(n078_keys_and_values),
    TEST(n078_answers),
    TEST(n078_questions_and_lines),
    TEST(n078_events),
    TEST(n078_lists),
    TEST(n078_views_of_code))
