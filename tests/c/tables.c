/* The tables: entries that are missing, answers in the op, and a commit that is tried again. */
#include "misbehave.h"

static void n077_missing_callbacks_are_refused_at_once(void)
{
    zvm_storage storage = host_storage;
    zvm_ledger ledger = host_ledger, no_code = host_ledger;
    zvm_session_params params[3] = {host_params(&books), host_params(&books), host_params(&books)};

    storage.get = NULL;
    ledger.account = NULL;
    no_code.code = NULL;
    params[0].storage = &storage;
    params[1].ledger = &ledger;
    params[2].ledger = &no_code;
    for (int i = 0; i < 3; i++) {
        zvm_session *none = (zvm_session *)&none;
        books.released = 0;
        CASE("%d", i);
        CHECK_IS(zvm_session_new(runtime, &params[i], &none, NULL), ZVM_E_HOST_MISSING);
        CHECK(none == NULL);
        CHECK_IS(books.released, 3);
    }
}

static void n077_optional_callbacks_may_be_missing(void)
{
    static const zvm_hooks no_hooks = {.struct_size = sizeof no_hooks};
    zvm_ledger ledger = host_ledger;
    zvm_session_params params = host_params(&books);
    zvm_session *small = NULL;

    misbehave(LOG, NULL);
    ledger.block_hash = NULL;
    ledger.release = NULL;
    params.storage = &host_storage_small;
    params.ledger = &ledger;
    params.hooks = &no_hooks;
    CHECK_IS(zvm_session_new(runtime, &params, &small, NULL), ZVM_OK);
    CHECK_IS(doors[GET](small), ZVM_OK);
    CHECK_IS(doors[GET_MANY](small), ZVM_OK);
    CHECK(books.calls[GET] > 0);
    CHECK_IS(doors[SCAN](small), ZVM_E_HOST_MISSING);
    CHECK_IS(doors[BLOCK_HASH](small), ZVM_OK);
    CHECK_IS(doors[QUERY](small), ZVM_OK);
    CHECK_IS(doors[LOG](small), ZVM_OK);
    CHECK_IS(doors[ADMIT](small), ZVM_OK);
    zvm_session_free(small);
}

static void n077_a_commit_without_its_callback(void)
{
    zvm_storage storage = host_storage;
    zvm_session_params params = host_params(&books);
    zvm_session *bound = NULL;
    const zvm_change *list;
    size_t count = 0;

    misbehave(LOG, NULL);
    storage.commit = NULL;
    params.storage = &storage;
    CHECK_IS(zvm_session_new(runtime, &params, &bound, NULL), ZVM_OK);
    memset(&storage, 0xff, sizeof storage); /* the table was copied */
    CHECK_IS(doors[COMMIT](bound), ZVM_E_HOST_MISSING);
    CHECK_IS(zvm_session_changes(bound, &list, &count, NULL), ZVM_OK);
    CHECK_IS(count, 1);
    zvm_session_free(bound);
}

/* A failed commit forgets nothing and keeps its number. */
static uint64_t serial, session_id;

static int32_t noting(host *h, void *at, int32_t honest)
{
    const zvm_commit_op *op = at;

    serial = op->serial;
    session_id = op->session_id;
    return h->returns ? honest : ZVM_CB_FAIL;
}

static void n114_a_failed_commit_can_be_tried_again(void)
{
    misbehave(COMMIT, noting);
    CHECK_IS(doors[COMMIT](session), ZVM_E_HOST);
    uint64_t first = serial, id = session_id;
    size_t before = books.count;
    CHECK_IS(zvm_session_commit(session, NULL), ZVM_E_HOST);
    CHECK_IS(serial, first);
    CHECK_IS(books.count, before);
    books.returns = 1;
    CHECK_IS(zvm_session_commit(session, NULL), ZVM_OK);
    CHECK_IS(serial, first);
    CHECK_IS(session_id, id);
    CHECK_IS(books.count, before + 1);
    CHECK_IS(doors[COMMIT](session), ZVM_OK);
    CHECK_IS(serial, first + 1);
}

/* ---- answers in the op ---- */

/* Returns garbage, as a callback of some languages does that ends early, and answers in the op. */
static int32_t answering_in_op(host *h, void *op, int32_t honest)
{
    (void)h;
    CHECK_IS(((zvm_op *)op)->answer, ZVM_CB_FAIL);
    ((zvm_op *)op)->answer = honest;
    return -12345;
}

static int32_t answering_badly_in_op(host *h, void *op, int32_t honest)
{
    (void)honest;
    ((zvm_op *)op)->answer = h->returns;
    return ZVM_CB_DONE;
}

static int32_t answering_nowhere(host *h, void *op, int32_t honest)
{
    (void)h, (void)op;
    return honest;
}

/* Begins anew with tables that say that answers are in the op; one callback has a way of its own. */
static void answer_in_ops(int which, int32_t (*twist)(host *, void *, int32_t))
{
    zvm_storage storage = host_storage;
    zvm_ledger ledger = host_ledger;
    zvm_hooks hooks = host_hooks;
    zvm_session_params params = host_params(&books);

    misbehave(which, NULL);
    storage.flags = ledger.flags = hooks.flags = ZVM_TABLE_ANSWER_IN_OP;
    params.storage = &storage;
    params.ledger = &ledger;
    params.hooks = &hooks;
    zvm_session_free(session);
    CHECK_IS(zvm_session_new(runtime, &params, &session, NULL), ZVM_OK);
    for (int other = 0; other < DOORS; other++)
        books.twist[other] = other == which ? twist : answering_in_op;
}

static void answers_in_the_op_are_the_only_ones(void)
{
    static const struct { int32_t answer, status; } answers[] = {{0, ZVM_E_HOST}, {4, ZVM_E_HOST_PROTOCOL},
        {-9, ZVM_E_HOST}, {INT_MIN, ZVM_E_HOST}, {INT_MAX, ZVM_E_HOST_PROTOCOL}, {ZVM_CB_UNWOUND, ZVM_E_HOST_UNWOUND}};

    for (int which = 0; which < LOG; which++) {
        CASE("%s answers in the op", door_names[which]);
        answer_in_ops(which, answering_in_op);
        CHECK_IS(doors[which](session), ZVM_OK);
        for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
            CASE("%s answers %d in the op", door_names[which], answers[i].answer);
            answer_in_ops(which, answering_badly_in_op);
            books.returns = answers[i].answer;
            CHECK_IS(doors[which](session), answers[i].status);
        }
        CASE("%s answers nowhere", door_names[which]);
        answer_in_ops(which, answering_nowhere);
        CHECK_IS(doors[which](session), ZVM_E_HOST);
    }
}

/* Without the flag it is the other way round. */
static void answers_in_the_op_are_ignored_without_the_flag(void)
{
    for (int which = 0; which < LOG; which++) {
        CASE("%s", door_names[which]);
        misbehave(which, answering_badly_in_op);
        books.returns = ZVM_CB_FAIL;
        CHECK_IS(doors[which](session), ZVM_OK);
    }
}

TAP_MAIN(begin, end,
    TEST(answers_in_the_op_are_the_only_ones),
    TEST(answers_in_the_op_are_ignored_without_the_flag),
    TEST(n077_missing_callbacks_are_refused_at_once),
    TEST(n077_optional_callbacks_may_be_missing),
    TEST(n077_a_commit_without_its_callback),
    TEST(n114_a_failed_commit_can_be_tried_again))
