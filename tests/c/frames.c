/* The frame that each callback is given: what it says, how it fails, whom it may call, and that it ends. */
#include "misbehave.h"

static zvm_frame *stale;
static zvm_frame_view seen;

static int32_t watching(host *h, void *op, int32_t honest)
{
    zvm_op *head = op;

    (void)h;
    memset(&seen, 0xa5, sizeof seen);
    seen.struct_size = sizeof seen;
    CHECK_IS(zvm_frame_info(head->frame, &seen, NULL), ZVM_OK);
    CHECK_IS(seen.depth, head->depth);
    CHECK_IS(seen.gas_left, head->gas_left);
    CHECK_IS(seen.cancelled, 0);
    stale = head->frame;
    return honest;
}

static void frames_say_who_runs(void)
{
    static const zvm_address nobody;

    for (int which = 0; which < DOORS; which++) {
        CASE("%s", door_names[which]);
        misbehave(which, watching);
        CHECK_IS(doors[which](session), ZVM_OK);
        int inside = which == GET || which == SCAN || which == QUERY || which == BLOCK_HASH;
        if (inside) {
            CHECK_IS(memcmp(&seen.contract, &probe_at, 20), 0);
            CHECK(seen.depth > 0 && seen.gas_left > 0 && seen.gas_left < 50000000);
        }
        if (which == COMMIT || which == GET_MANY) {
            CHECK_IS(memcmp(&seen.contract, &nobody, 20), 0);
            CHECK_IS(seen.depth, 0);
        }
    }
}

static void stale_frames_are_refused(void)
{
    for (int which = 0; which < DOORS; which++) {
        zvm_frame_view view = {.struct_size = sizeof view};
        zvm_call call = call_of("call", bytes_of(NULL, 0));
        zvm_result result = {.struct_size = sizeof result};

        CASE("%s", door_names[which]);
        misbehave(which, watching);
        CHECK_IS(doors[which](session), ZVM_OK);
        CHECK_IS(zvm_frame_info(stale, &view, NULL), ZVM_E_HANDLE);
        CHECK_IS(zvm_frame_fail(stale, 1, text_of("late"), NULL), ZVM_E_HANDLE);
        CHECK_IS(zvm_frame_call(stale, &call, &result, NULL), ZVM_E_HANDLE);
    }
}

static int32_t said;

static int32_t calling(host *h, void *op, int32_t honest)
{
    zvm_call call = call_of(h->extra ? h->extra : "echo", text_of("from below"));
    zvm_result result = {.struct_size = sizeof result};

    said = zvm_frame_call(((zvm_op *)op)->frame, &call, &result, NULL);
    if (said == ZVM_OK && h->returns == 0)
        CHECK(result.data.len == 10 && memcmp(result.data.ptr, "from below", 10) == 0);
    zvm_result_clear(&result);
    return honest;
}

static void only_query_may_call_contracts(void)
{
    for (int which = 0; which < DOORS; which++) {
        CASE("%s", door_names[which]);
        misbehave(which, calling);
        said = -1;
        CHECK_IS(doors[which](session), ZVM_OK);
        CHECK_IS(said, which == QUERY ? ZVM_OK : ZVM_E_STATE);
    }
}

/* The query hook calls the probe, which asks again, until the depth is used up. */
static void calls_from_query_nest_to_the_depth_limit(void)
{
    misbehave(QUERY, calling);
    books.extra = (void *)"ask";
    books.returns = 1;
    zvm_call call = call_of("ask", text_of("deeper"));
    call.gas_limit = 1000000000000;
    zvm_result result = {.struct_size = sizeof result};
    CHECK_IS(zvm_session_call(session, &call, &result, NULL), ZVM_OK);
    CHECK_IS(result.kind, ZVM_KIND_SUCCESS);
    CHECK_IS(result.depth, 64);
    CHECK(books.calls[QUERY] >= 64);
    zvm_result_clear(&result);
}

/* What a nested call wrote stands with the asking frame. */
static void calls_from_query_write_in_the_same_overlay(void)
{
    misbehave(QUERY, calling);
    books.extra = (void *)"write";
    books.returns = 1;
    CHECK_IS(doors[QUERY](session), ZVM_OK);
    CHECK_IS(said, ZVM_OK);
    books.twist[QUERY] = NULL;
    zvm_result result = call_probe(session, "read", text_of("from below"));
    CHECK(result.data.len == 14 && memcmp(result.data.ptr + 4, "from below", 10) == 0);
    zvm_result_clear(&result);
}

static int32_t failing_with_text(host *h, void *op, int32_t honest)
{
    zvm_frame *frame = ((zvm_op *)op)->frame;

    (void)h, (void)honest;
    CHECK_IS(zvm_frame_fail(frame, 1, text_of("forgotten"), NULL), ZVM_OK);
    CHECK_IS(zvm_frame_fail(frame, 42, text_of("the disk is full"), NULL), ZVM_OK);
    return ZVM_CB_FAIL;
}

static void frame_fail_says_why(void)
{
    for (int which = 0; which < DOORS; which++) {
        CASE("%s", door_names[which]);
        misbehave(which, failing_with_text);
        CHECK_IS(doors[which](session), IS_HEARD(which) ? ZVM_E_HOST : ZVM_OK);
        if (!IS_HEARD(which))
            continue;
        CHECK_IS(last.host_code, 42);
        CHECK(strstr(last_message, "the disk is full") != NULL);
        works_again(which);
    }
}

/* A longer text is cut at 1 KiB, and bytes that are no UTF-8 are replaced. */
static int32_t failing_with_garbage(host *h, void *op, int32_t honest)
{
    static uint8_t text[5000];

    (void)h, (void)honest;
    memset(text, 0xff, sizeof text);
    CHECK_IS(zvm_frame_fail(((zvm_op *)op)->frame, -3, bytes_of(text, sizeof text), NULL), ZVM_OK);
    CHECK_IS(zvm_frame_fail(((zvm_op *)op)->frame, -3, bytes_of(NULL, 5), NULL), ZVM_E_NULL);
    return ZVM_CB_FAIL;
}

static void frame_fail_takes_any_text(void)
{
    misbehave(GET, failing_with_garbage);
    CHECK_IS(doors[GET](session), ZVM_E_HOST);
    CHECK_IS(last.host_code, -3);
    CHECK(last_message[0] != 0);
    works_again(GET);
}

TAP_MAIN(begin, end,
    TEST(frame_fail_says_why),
    TEST(frame_fail_takes_any_text),
    TEST(frames_say_who_runs),
    TEST(stale_frames_are_refused),
    TEST(only_query_may_call_contracts),
    TEST(calls_from_query_nest_to_the_depth_limit),
    TEST(calls_from_query_write_in_the_same_overlay))
