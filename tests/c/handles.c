/* Handles: freed twice, of the wrong type, used by two at once, freed in the middle of a call, and contexts released. */
#include "host.h"

#include <pthread.h>

static host books;
static zvm_session *session;

static void begin_anew(void)
{
    zvm_session_free(session);
    host_clear(&books);
    host_deployed(&books);
    session = host_session(&books);
}

/* ---- freed and foreign handles ---- */

static void n080_a_second_free_does_nothing(void)
{
    zvm_config config = {.struct_size = sizeof config, .abi = ZVM_ABI};
    zvm_code_params params = {.struct_size = sizeof params, .code = probe};
    zvm_runtime *other, *copy;
    zvm_code *code;
    zvm_interrupt *token;
    zvm_store *store;
    zvm_error *err = NULL;

    CHECK_IS(zvm_runtime_new(&config, &other, NULL), ZVM_OK);
    copy = zvm_runtime_clone(other);
    CHECK_IS(zvm_code_load(other, &params, &code, NULL), ZVM_OK);
    CHECK_IS(zvm_interrupt_new(&token, NULL), ZVM_OK);
    CHECK_IS(zvm_store_memory(&store, NULL), ZVM_OK);
    zvm_runtime_free(other);
    CHECK_IS(zvm_runtime_new(NULL, &other, &err), ZVM_E_NULL);
    begin_anew();
    for (int i = 0; i < 2; i++) {
        zvm_session_free(session);
        zvm_code_free(code);
        zvm_runtime_free(copy);
        zvm_interrupt_free(token);
        zvm_store_free(store);
        zvm_error_free(err);
    }
    CHECK_IS(books.released, 3);

    /* Soon after, a use is noticed as well. */
    zvm_code_view view = {.struct_size = sizeof view};
    zvm_error_view why = {.struct_size = sizeof why};
    zvm_stats stats = {.struct_size = sizeof stats};
    zvm_session_params session_params = {.struct_size = sizeof session_params};
    CHECK_IS(zvm_session_commit(session, NULL), ZVM_E_HANDLE);
    CHECK_IS(zvm_code_info(code, &view, NULL), ZVM_E_HANDLE);
    CHECK_IS(zvm_runtime_stats(copy, &stats, NULL), ZVM_E_HANDLE);
    CHECK_IS(zvm_store_attach(store, &session_params, NULL), ZVM_E_HANDLE);
    CHECK_IS(zvm_error_info(err, &why), ZVM_E_HANDLE);
    CHECK(zvm_runtime_clone(copy) == NULL && zvm_code_clone(code) == NULL && zvm_interrupt_clone(token) == NULL);
    zvm_interrupt_fire(token);
    zvm_interrupt_reset(token);
    zvm_call call = call_of("call", bytes_of(NULL, 0));
    call.interrupt = token;
    zvm_result result = {.struct_size = sizeof result};
    session = host_session(&books);
    CHECK_IS(zvm_session_call(session, &call, &result, NULL), ZVM_E_HANDLE);
}

static void n080_a_handle_of_another_type_is_not_freed(void)
{
    zvm_interrupt *token;
    zvm_stats stats = {.struct_size = sizeof stats};

    begin_anew();
    CHECK_IS(zvm_interrupt_new(&token, NULL), ZVM_OK);
    zvm_runtime_free((zvm_runtime *)session);
    zvm_code_free((zvm_code *)session);
    zvm_store_free((zvm_store *)session);
    zvm_error_free((zvm_error *)session);
    zvm_interrupt_free((zvm_interrupt *)session);
    zvm_session_free((zvm_session *)token);
    zvm_session_free((zvm_session *)runtime);
    CHECK_IS(books.released, 0);
    CHECK_IS(zvm_runtime_stats((zvm_runtime *)session, &stats, NULL), ZVM_E_HANDLE);
    CHECK_IS(zvm_session_commit((zvm_session *)runtime, NULL), ZVM_E_HANDLE);
    CHECK_IS(try_probe(session, "call", bytes_of(NULL, 0)), ZVM_OK);
    zvm_interrupt_free(token);
}

static void n080_a_cleared_result_is_empty(void)
{
    zvm_result zero = {.struct_size = sizeof zero};
    zvm_result result = call_probe(session, "echo", text_of("something"));

    CHECK(result.owner != NULL && result.data.len == 9);
    zvm_result_clear(&result);
    CHECK_IS(memcmp(&result, &zero, sizeof zero), 0);
    zvm_result_clear(&result);
    zvm_result_clear(&zero);
}

static void children_keep_their_parents(void)
{
    zvm_config config = {.struct_size = sizeof config, .abi = ZVM_ABI};
    zvm_code_params params = {.struct_size = sizeof params, .code = probe};
    zvm_session_params session_params = {.struct_size = sizeof session_params};
    zvm_deploy deploy = deploy_of(probe, bytes_of(NULL, 0));
    zvm_code_view view = {.struct_size = sizeof view};
    zvm_result result = {.struct_size = sizeof result};
    zvm_runtime *other;
    zvm_code *code, *copy;
    zvm_store *store;
    zvm_session *over_store;

    CHECK_IS(zvm_runtime_new(&config, &other, NULL), ZVM_OK);
    CHECK_IS(zvm_store_memory(&store, NULL), ZVM_OK);
    CHECK_IS(zvm_code_load(other, &params, &code, NULL), ZVM_OK);
    CHECK_IS(zvm_store_attach(store, &session_params, NULL), ZVM_OK);
    CHECK_IS(zvm_session_new(other, &session_params, &over_store, NULL), ZVM_OK);
    zvm_store_free(store);
    zvm_runtime_free(other);
    copy = zvm_code_clone(code);
    zvm_code_free(code);
    CHECK_IS(zvm_code_info(copy, &view, NULL), ZVM_OK);
    CHECK(view.entry_count > 10 && view.import_count > 5 && view.code.len == probe.len);
    CHECK_IS(zvm_session_deploy(over_store, &deploy, &result, NULL), ZVM_OK);
    CHECK_IS(zvm_session_commit(over_store, NULL), ZVM_OK);
    zvm_session_free(over_store);
    CHECK_IS(result.kind, ZVM_KIND_SUCCESS); /* a result outlives its session */
    zvm_result_clear(&result);
    zvm_code_free(copy);
}

/* ---- the same session at once ---- */

/* Every function of a session, in one that is busy. */
static void all_busy(zvm_session *s)
{
    zvm_call call = call_of("call", bytes_of(NULL, 0));
    zvm_deploy deploy = deploy_of(probe, bytes_of(NULL, 0));
    zvm_result result = {.struct_size = sizeof result};
    zvm_bytes key = text_of("key");
    const zvm_change *list;
    size_t count;
    uint64_t mark;

    CHECK_IS(zvm_session_call(s, &call, &result, NULL), ZVM_E_BUSY);
    CHECK_IS(zvm_session_query(s, &call, &result, NULL), ZVM_E_BUSY);
    CHECK_IS(zvm_session_deploy(s, &deploy, &result, NULL), ZVM_E_BUSY);
    CHECK_IS(zvm_session_prefetch(s, &probe_at, &key, 1, NULL), ZVM_E_BUSY);
    CHECK_IS(zvm_session_trace(s, 0, NULL), ZVM_E_BUSY);
    CHECK_IS(zvm_session_mark(s, &mark, NULL), ZVM_E_BUSY);
    CHECK_IS(zvm_session_rollback(s, 0, NULL), ZVM_E_BUSY);
    CHECK_IS(zvm_session_changes(s, &list, &count, NULL), ZVM_E_BUSY);
    CHECK_IS(zvm_session_commit(s, NULL), ZVM_E_BUSY);
    CHECK_IS(zvm_session_reset(s, NULL), ZVM_E_BUSY);
}

static int32_t reentering(host *h, void *op, int32_t honest)
{
    (void)h, (void)op;
    all_busy(session);
    return honest;
}

static void n081_a_session_is_busy_in_its_own_callbacks(void)
{
    for (int which = 0; which < DOORS; which++) {
        CASE("%s", door_names[which]);
        begin_anew();
        books.twist[which] = reentering;
        CHECK_IS(doors[which](session), ZVM_OK);
        CHECK(books.calls[which] > 0);
        books.twist[which] = NULL;
        CHECK_IS(doors[which](session), ZVM_OK);
    }
}

static int32_t elsewhere(host *h, void *op, int32_t honest)
{
    static host others;

    (void)h, (void)op;
    host_deployed(&others);
    zvm_session *other = host_session(&others);
    CHECK_IS(doors[COMMIT](other), ZVM_OK);
    zvm_session_free(other);
    host_clear(&others);
    return honest;
}

static void n081_other_sessions_work_in_a_callback(void)
{
    for (int which = 0; which < DOORS; which++) {
        CASE("%s", door_names[which]);
        begin_anew();
        books.twist[which] = elsewhere;
        CHECK_IS(doors[which](session), ZVM_OK);
        CHECK(books.calls[which] > 0);
    }
}

static void *busy_thread(void *s)
{
    all_busy(s);
    return NULL;
}

static int32_t letting_another_thread_in(host *h, void *op, int32_t honest)
{
    pthread_t thread;

    (void)h, (void)op;
    CHECK_IS(pthread_create(&thread, NULL, busy_thread, session), 0);
    CHECK_IS(pthread_join(thread, NULL), 0);
    return honest;
}

static void n081_a_session_is_busy_for_other_threads(void)
{
    begin_anew();
    books.twist[GET] = letting_another_thread_in;
    CHECK_IS(doors[GET](session), ZVM_OK);
    CHECK(books.calls[GET] > 0);
}

/* Two threads use one session as fast as they can: each call works or is told that it is busy. */
static void *hammering(void *counts)
{
    unsigned *count = counts;

    for (int i = 0; i < 3000; i++) {
        zvm_call call = call_of("call", bytes_of(NULL, 0));
        zvm_result result = {.struct_size = sizeof result};
        int32_t status = zvm_session_call(session, &call, &result, NULL);
        count[status == ZVM_OK ? 0 : status == ZVM_E_BUSY ? 1 : 2]++;
        zvm_result_clear(&result);
    }
    return NULL;
}

static void n081_two_threads_at_once(void)
{
    pthread_t threads[2];
    unsigned counts[2][3] = {{0}};

    begin_anew();
    for (int i = 0; i < 2; i++)
        CHECK_IS(pthread_create(&threads[i], NULL, hammering, counts[i]), 0);
    for (int i = 0; i < 2; i++)
        CHECK_IS(pthread_join(threads[i], NULL), 0);
    CHECK_IS(counts[0][2] + counts[1][2], 0);
    CHECK(counts[0][0] + counts[1][0] > 0);
    CHECK_IS(try_probe(session, "call", bytes_of(NULL, 0)), ZVM_OK);
}

/* One thread after another is fine, also with traps, which need the thread's signal stack. */
static void *trapping(void *unused)
{
    (void)unused;
    for (int i = 0; i < 20; i++) {
        zvm_result result = call_probe(session, i % 2 ? "trap" : "stray", bytes_of(NULL, 0));
        CHECK_IS(result.kind, ZVM_KIND_TRAP);
        CHECK_IS(result.halt, i % 2 ? ZVM_HALT_UNREACHABLE : ZVM_HALT_MEMORY_BOUNDS);
        zvm_result_clear(&result);
    }
    return NULL;
}

static void sessions_move_between_threads(void)
{
    begin_anew();
    for (int i = 0; i < 4; i++) {
        pthread_t thread;
        CHECK_IS(pthread_create(&thread, NULL, trapping, NULL), 0);
        CHECK_IS(pthread_join(thread, NULL), 0);
    }
    trapping(NULL);
}

/* ---- freed from a callback ---- */

static int32_t freeing(host *h, void *op, int32_t honest)
{
    (void)op;
    zvm_session_free(session);
    zvm_session_free(session);
    CHECK_IS(h->released, 0);
    all_busy(session);
    return honest;
}

static void n081_a_session_freed_in_its_callback_ends_with_the_call(void)
{
    for (int which = 0; which < DOORS; which++) {
        CASE("%s", door_names[which]);
        begin_anew();
        books.twist[which] = freeing;
        books.from[which] = which == COMMIT ? 0 : books.calls[which];
        CHECK_IS(doors[which](session), ZVM_OK);
        CHECK_IS(books.released, 3);
        CHECK_IS(zvm_session_commit(session, NULL), ZVM_E_HANDLE);
    }
}

/* ---- contexts ---- */

/* A session that cannot be made releases what it took over, once. */
static void not_made(const char *why, const zvm_runtime *over, zvm_session_params params, int32_t expected, unsigned releases)
{
    zvm_session *none = NULL;

    CASE("%s", why);
    books.released = 0;
    CHECK_IS(zvm_session_new(over, &params, &none, NULL), expected);
    CHECK_IS(books.released, releases);
    CHECK(none == NULL);
}

static void contexts_are_released_once_where_no_session_is_made(void)
{
    zvm_storage storage = host_storage, small = host_storage;
    zvm_block block = {.struct_size = sizeof block, .flags = 64};
    zvm_session_params params = host_params(&books), p;

    not_made("no runtime", NULL, params, ZVM_E_NULL, 3);
    not_made("a session for a runtime", (zvm_runtime *)session, params, ZVM_E_HANDLE, 3);
    p = params, p.flags = 64;
    not_made("unknown flags", runtime, p, ZVM_E_FLAGS, 3);
    p = params, p.block = &block;
    not_made("a block of unknown flags", runtime, p, ZVM_E_FLAGS, 3);
    p = params, p.storage = &storage, storage.get = NULL;
    not_made("no get", runtime, p, ZVM_E_HOST_MISSING, 3);
    p = params, p.storage = NULL;
    not_made("no storage", runtime, p, ZVM_E_NULL, 2);
    p = params, p.ledger = NULL;
    not_made("no ledger", runtime, p, ZVM_E_NULL, 2);
    p = params, p.storage = &small, small.struct_size = 4;
    not_made("a storage that cannot be read", runtime, p, ZVM_E_STRUCT_SIZE, 2);
    books.released = 0;
    CASE("nowhere to put it");
    CHECK_IS(zvm_session_new(runtime, &params, NULL, NULL), ZVM_E_NULL);
    CHECK_IS(books.released, 3);
    params.struct_size = 8;
    not_made("parameters that cannot be read", runtime, params, ZVM_E_STRUCT_SIZE, 0);
}

static void contexts_are_released_once_by_execute(void)
{
    zvm_session_params params = host_params(&books), p = params;
    zvm_call call = call_of("write", text_of("by execute")), odd = call;
    zvm_result result = {.struct_size = sizeof result};
    size_t before = books.count;

#define EXECUTES(expected, over, params, call, out)                              \
    do {                                                                         \
        CASE("%s %s %s", #over, #call, #out);                                    \
        books.released = 0;                                                      \
        CHECK_IS(zvm_execute(over, params, call, out, NULL), expected);          \
        CHECK_IS(books.released, 3);                                             \
        zvm_result_clear(&result);                                               \
    } while (0)
    EXECUTES(ZVM_OK, runtime, &params, &call, &result);
    CHECK_IS(books.count, before + 1);
    odd.flags = 64;
    EXECUTES(ZVM_E_FLAGS, runtime, &params, &odd, &result);
    EXECUTES(ZVM_E_NULL, runtime, &params, NULL, &result);
    EXECUTES(ZVM_E_NULL, runtime, &params, &call, NULL);
    EXECUTES(ZVM_E_NULL, NULL, &params, &call, &result);
    p.flags = 64;
    EXECUTES(ZVM_E_FLAGS, runtime, &p, &call, &result);
#undef EXECUTES
}


static void begin(void)
{
    host_begin();
    begin_anew();
}

static void end(void)
{
    zvm_session_free(session);
    host_clear(&books);
    host_end();
}

TAP_MAIN(begin, end,
    TEST(n080_a_second_free_does_nothing),
    TEST(n080_a_handle_of_another_type_is_not_freed),
    TEST(n080_a_cleared_result_is_empty),
    TEST(children_keep_their_parents),
    TEST(n081_a_session_is_busy_in_its_own_callbacks),
    TEST(n081_other_sessions_work_in_a_callback),
    TEST(n081_a_session_is_busy_for_other_threads),
    TEST(n081_two_threads_at_once),
    TEST(sessions_move_between_threads),
    TEST(n081_a_session_freed_in_its_callback_ends_with_the_call),
    TEST(contexts_are_released_once_where_no_session_is_made),
    TEST(contexts_are_released_once_by_execute))
