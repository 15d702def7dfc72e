/*
 * Callbacks that misbehave. Whatever they return and whatever they do to the op, the call ends with the right status,
 * nothing has changed, and the session works on.
 */
#include "misbehave.h"

#include <stddef.h>

/* ---- what a callback returns ---- */

static int32_t returning(host *h, void *op, int32_t honest)
{
    (void)op, (void)honest;
    return h->returns;
}

static void every_callback(int32_t returns, int32_t status, int32_t host_code)
{
    for (int which = 0; which < DOORS; which++) {
        CASE("%s returns %d", door_names[which], returns);
        misbehave(which, returning);
        books.returns = returns;
        CHECK_IS(doors[which](session), IS_HEARD(which) ? status : ZVM_OK);
        CHECK(books.calls[which] > 0);
        CHECK_IS(last.host_code, IS_HEARD(which) ? host_code : 0);
        works_again(which);
    }
}

static void n079_zero_is_failure(void) { every_callback(0, ZVM_E_HOST, 0); }

static void n084_unknown_positive_numbers_break_the_rules(void)
{
    every_callback(4, ZVM_E_HOST_PROTOCOL, 0);
    every_callback(255, ZVM_E_HOST_PROTOCOL, 0);
    every_callback(INT_MAX, ZVM_E_HOST_PROTOCOL, 0);
}

static void negative_numbers_are_kept(void)
{
    every_callback(-1, ZVM_E_HOST, -1);
    every_callback(-100, ZVM_E_HOST, -100);
    every_callback(INT_MIN, ZVM_E_HOST, INT_MIN);
    every_callback(ZVM_CB_UNWOUND, ZVM_E_HOST_UNWOUND, 0); /* no number of the host's own */
}

static void absent_and_refused_are_for_those_who_may(void)
{
    static const int may_be_absent[] = {GET, ACCOUNT, CODE, BLOCK_HASH, QUERY, LOG, TRACE}, may_not[] = {GET_MANY, SCAN, COMMIT, ADMIT};

    for (size_t i = 0; i < sizeof may_not / sizeof *may_not; i++) {
        CASE("%s is absent", door_names[may_not[i]]);
        misbehave(may_not[i], returning);
        books.returns = ZVM_CB_ABSENT;
        CHECK_IS(doors[may_not[i]](session), ZVM_E_HOST_PROTOCOL);
        works_again(may_not[i]);
    }
    for (size_t i = 0; i < sizeof may_be_absent / sizeof *may_be_absent; i++) {
        CASE("%s is absent", door_names[may_be_absent[i]]);
        misbehave(may_be_absent[i], returning);
        books.returns = ZVM_CB_ABSENT;
        int32_t status = doors[may_be_absent[i]](session);
        /* An account that names code which is not there is a broken host. */
        CHECK(status == ZVM_OK || (may_be_absent[i] == CODE && status == ZVM_E_HOST_PROTOCOL));
    }
    for (int which = 0; which < DOORS; which++) {
        CASE("%s refuses", door_names[which]);
        misbehave(which, returning);
        books.returns = ZVM_CB_REFUSED;
        CHECK_IS(doors[which](session), which == ADMIT || !IS_HEARD(which) ? ZVM_OK : ZVM_E_HOST_PROTOCOL);
    }
}

static int32_t with_code(host *h, void *op, int32_t honest)
{
    ((zvm_op *)op)->host_code = 4711;
    return h->returns == 1 ? honest : h->returns;
}

static void a_number_in_the_op_goes_into_the_error(void)
{
    for (int which = 0; which < DOORS; which++) {
        CASE("%s", door_names[which]);
        misbehave(which, with_code);
        books.returns = 0;
        CHECK_IS(doors[which](session), IS_HEARD(which) ? ZVM_E_HOST : ZVM_OK);
        CHECK_IS(last.host_code, IS_HEARD(which) ? 4711 : 0);
        /* Beside a success it means nothing. */
        misbehave(which, with_code);
        books.returns = 1;
        CHECK_IS(doors[which](session), ZVM_OK);
    }
}

/* ---- what a callback writes ---- */

/* The head's fields that are the library's. */
static int32_t head_size(host *h, void *op, int32_t honest) { (void)h; ((zvm_op *)op)->struct_size++; return honest; }
static int32_t head_depth(host *h, void *op, int32_t honest) { (void)h; ((zvm_op *)op)->depth++; return honest; }
static int32_t head_frame(host *h, void *op, int32_t honest) { (void)h; ((zvm_op *)op)->frame = NULL; return honest; }
static int32_t head_gas(host *h, void *op, int32_t honest) { (void)h; ((zvm_op *)op)->gas_left--; return honest; }

static void n079_a_changed_head_breaks_the_rules(void)
{
    static int32_t (*const twists[])(host *, void *, int32_t) = {head_size, head_depth, head_frame, head_gas};

    for (size_t i = 0; i < sizeof twists / sizeof *twists; i++)
        for (int which = 0; which < DOORS; which++) {
            CASE("%s, head %zu", door_names[which], i);
            misbehave(which, twists[i]);
            CHECK_IS(doors[which](session), IS_HEARD(which) ? ZVM_E_HOST_PROTOCOL : ZVM_OK);
            works_again(which);
        }
}

/* Flips the byte of the op at this offset. */
static size_t flipped;

static int32_t flipping(host *h, void *op, int32_t honest)
{
    (void)h;
    ((uint8_t *)op)[flipped] ^= 0x40;
    return honest;
}

static void n079_changed_inputs_break_the_rules(void)
{
#define FIELD(which, type, field) {which, offsetof(type, field), #type "." #field}
    static const struct { int which; size_t offset; const char *name; } fields[] = {
        FIELD(GET, zvm_get_op, account), FIELD(GET, zvm_get_op, key.ptr),
        FIELD(GET, zvm_get_op, key.len), FIELD(GET, zvm_get_op, value.owner),
        FIELD(GET_MANY, zvm_get_many_op, slots), FIELD(GET_MANY, zvm_get_many_op, count),
        FIELD(SCAN, zvm_scan_op, account), FIELD(SCAN, zvm_scan_op, reverse), FIELD(SCAN, zvm_scan_op, start.ptr),
        FIELD(SCAN, zvm_scan_op, start.len), FIELD(SCAN, zvm_scan_op, end.ptr), FIELD(SCAN, zvm_scan_op, bounded),
        FIELD(SCAN, zvm_scan_op, keys_only), FIELD(SCAN, zvm_scan_op, rows), FIELD(SCAN, zvm_scan_op, rows_cap),
        FIELD(SCAN, zvm_scan_op, data.owner),
        FIELD(COMMIT, zvm_commit_op, changes), FIELD(COMMIT, zvm_commit_op, count), FIELD(COMMIT, zvm_commit_op, logs),
        FIELD(COMMIT, zvm_commit_op, log_count), FIELD(COMMIT, zvm_commit_op, session_id),
        FIELD(COMMIT, zvm_commit_op, serial),
        FIELD(ACCOUNT, zvm_account_op, address), FIELD(CODE, zvm_code_op, hash), FIELD(CODE, zvm_code_op, code.owner),
        FIELD(BLOCK_HASH, zvm_block_hash_op, number),
        FIELD(ADMIT, zvm_admit_op, code.ptr), FIELD(ADMIT, zvm_admit_op, hash), FIELD(ADMIT, zvm_admit_op, creator),
        FIELD(ADMIT, zvm_admit_op, contract), FIELD(ADMIT, zvm_admit_op, engine),
        FIELD(QUERY, zvm_query_op, kind), FIELD(QUERY, zvm_query_op, request.ptr),
        FIELD(QUERY, zvm_query_op, answer.owner)};
#undef FIELD

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        CASE("%s", fields[i].name);
        misbehave(fields[i].which, flipping);
        flipped = fields[i].offset;
        CHECK_IS(doors[fields[i].which](session), ZVM_E_HOST_PROTOCOL);
        if (fields[i].which == COMMIT) /* this host applied it nevertheless; trying again is what it must stand */
            CHECK_IS(zvm_session_reset(session, NULL), ZVM_OK);
        works_again(fields[i].which);
    }
}

TAP_MAIN(begin, end,
    TEST(n079_zero_is_failure),
    TEST(n084_unknown_positive_numbers_break_the_rules),
    TEST(negative_numbers_are_kept),
    TEST(absent_and_refused_are_for_those_who_may),
    TEST(a_number_in_the_op_goes_into_the_error),
    TEST(n079_a_changed_head_breaks_the_rules),
    TEST(n079_changed_inputs_break_the_rules))
