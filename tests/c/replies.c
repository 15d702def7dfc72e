/* What a callback fills in: bytes, pages, slots, accounts, code and gas, each in every wrong way and in every right one. */
#include "misbehave.h"

/* ---- replies ---- */

/* How a reply is filled in, and what is to come of it. */
typedef struct {
    const char *name;
    int32_t (*answer)(zvm_reply *);
    int32_t status;
} manner;

static uint8_t lent[70000];

static int32_t longer_than_cap(zvm_reply *r) { r->len = r->cap + 1; return ZVM_CB_DONE; }
static int32_t huge(zvm_reply *r) { r->len = SIZE_MAX; return ZVM_CB_DONE; }
static int32_t huge_lent(zvm_reply *r) { r->lent = lent; r->len = SIZE_MAX; return ZVM_CB_DONE; }
static int32_t half_of_all_memory(zvm_reply *r) { r->lent = lent; r->len = SIZE_MAX / 2 + 1; return ZVM_CB_DONE; }
static int32_t two_gigabytes(zvm_reply *r) { r->lent = lent; r->len = 1u << 31; return ZVM_CB_DONE; }
static int32_t over_the_limit(zvm_reply *r) { r->lent = lent; r->len = 65536 + 1; return ZVM_CB_DONE; }
static int32_t claims_room(zvm_reply *r) { r->cap = 1 << 20; r->len = 60000; return ZVM_CB_DONE; }
static int32_t lends_to_buf(zvm_reply *r) { r->buf = lent; r->cap = sizeof lent; r->len = 60000; return ZVM_CB_DONE; }

static int32_t absent_with_garbage(zvm_reply *r)
{
    memset(r->buf, 0xee, r->cap);
    r->lent = lent;
    r->len = SIZE_MAX;
    return ZVM_CB_ABSENT;
}

static int32_t reserves_too_much(zvm_reply *r)
{
    CHECK(zvm_reply_reserve(r, 65536 + 1) == NULL);
    CHECK(zvm_reply_reserve(r, SIZE_MAX) == NULL);
    r->len = 3;
    memcpy(r->buf, "yes", 3);
    return ZVM_CB_DONE;
}

static int32_t reserves_the_limit(zvm_reply *r)
{
    uint8_t *room = zvm_reply_reserve(r, 65536);

    if (!CHECK(room != NULL && room == r->buf && r->cap >= 65536))
        return ZVM_CB_FAIL;
    memset(room, 7, 65536);
    r->len = 65536;
    return ZVM_CB_DONE;
}

static int32_t reserves_twice(zvm_reply *r)
{
    CHECK(zvm_reply_reserve(r, 1000) != NULL);
    memset(r->buf, 0xee, 1000);
    CHECK(zvm_reply_reserve(r, 2000) != NULL);
    for (int i = 0; i < 2000; i++)
        if (!CHECK(r->buf[i] == 0))
            break;
    memset(r->buf, 9, 2000);
    r->len = 2000;
    return ZVM_CB_DONE;
}

static int32_t lends(zvm_reply *r) { r->lent = lent; r->len = 5; return ZVM_CB_DONE; }
static int32_t lends_nothing(zvm_reply *r) { r->lent = lent; r->len = 0; return ZVM_CB_DONE; }
static int32_t fills_all(zvm_reply *r) { memset(r->buf, 1, r->cap); r->len = r->cap; return ZVM_CB_DONE; }
/* Says a length and writes nothing: the library's buffer is zero, and nothing else is read. */
static int32_t writes_nothing(zvm_reply *r) { memset(r->buf, 0, r->cap); r->len = 9; return ZVM_CB_DONE; }

static const manner manners[] = {
    {"longer than cap", longer_than_cap, ZVM_E_HOST_PROTOCOL},
    {"SIZE_MAX", huge, ZVM_E_HOST_PROTOCOL},
    {"SIZE_MAX lent", huge_lent, ZVM_E_HOST_PROTOCOL},
    {"half of all memory", half_of_all_memory, ZVM_E_HOST_PROTOCOL},
    {"2 GiB", two_gigabytes, ZVM_E_HOST_PROTOCOL},
    {"over the limit", over_the_limit, ZVM_E_HOST_PROTOCOL},
    {"a cap of its own", claims_room, ZVM_E_HOST_PROTOCOL},
    {"a buffer of its own", lends_to_buf, ZVM_E_HOST_PROTOCOL},
    {"absent with garbage", absent_with_garbage, ZVM_OK},
    {"reserves too much", reserves_too_much, ZVM_OK},
    {"reserves the limit", reserves_the_limit, ZVM_OK},
    {"reserves twice", reserves_twice, ZVM_OK},
    {"lends", lends, ZVM_OK},
    {"lends nothing", lends_nothing, ZVM_OK},
    {"fills all", fills_all, ZVM_OK},
    {"writes nothing", writes_nothing, ZVM_OK},
};

static int32_t answering(host *h, void *op, int32_t honest)
{
    const manner *m = h->extra;
    zvm_reply *reply = h->twist[GET] ? &((zvm_get_op *)op)->value : &((zvm_query_op *)op)->answer;

    (void)honest;
    reply->len = 0;
    return m->answer(reply);
}

/* The output of the probe's entries: a result, -1 for none, and the answer. */
static void is_answer(const zvm_result *result, int32_t (*how)(zvm_reply *))
{
    const uint8_t *d = result->data.ptr;
    int64_t said = (int32_t)((uint32_t)d[0] << 24 | (uint32_t)d[1] << 16 | (uint32_t)d[2] << 8 | d[3]);
    int64_t len = how == absent_with_garbage ? -1 : how == reserves_too_much ? 3 : how == reserves_the_limit ? 65536 :
        how == reserves_twice ? 2000 : how == lends ? 5 : how == lends_nothing ? 0 : how == fills_all ? 256 : 9;

    CHECK_IS(said, len);
    CHECK_IS(result->data.len, 4 + (len > 0 ? len : 0));
    for (int64_t i = 0; i < len; i++) {
        uint8_t expected = how == reserves_too_much ? (uint8_t)"yes"[i] : how == reserves_the_limit ? 7 :
            how == reserves_twice ? 9 : how == lends ? lent[i] : how == fills_all ? 1 : 0;
        if (!CHECK_IS(d[4 + i], expected))
            break;
    }
}

static void n079_n085_replies(void)
{
    static const int which[] = {GET, QUERY};

    memset(lent, 0x33, sizeof lent);
    for (size_t i = 0; i < sizeof manners / sizeof *manners; i++)
        for (int k = 0; k < 2; k++) {
            const manner *m = &manners[i];
            zvm_call call = call_of(k == 0 ? "read" : "ask", text_of("key"));
            zvm_result result = {.struct_size = sizeof result};
            CASE("%s answers %s", door_names[which[k]], m->name);
            misbehave(which[k], answering);
            books.extra = (void *)m;
            /* The outputs of a contract end at 64 KiB, and 4 bytes say the length. */
            int too_long = m->answer == reserves_the_limit;
            CHECK_IS(zvm_session_call(session, &call, &result, NULL), m->status);
            if (m->status == ZVM_OK && too_long)
                CHECK_IS(result.halt, ZVM_HALT_TOO_LONG);
            else if (m->status == ZVM_OK && CHECK_IS(result.kind, ZVM_KIND_SUCCESS))
                is_answer(&result, m->answer);
            zvm_result_clear(&result);
            works_again(which[k]);
        }
}

/* ---- pages, slots, accounts, code ---- */

static size_t page_case;

static int32_t paging(host *h, void *at, int32_t honest)
{
    static zvm_row rows[2];
    zvm_scan_op *op = at;

    (void)h;
    switch (page_case) {
    case 0: op->rows_len = op->rows_cap + 1; break;
    case 1: op->rows_len = SIZE_MAX; break;
    case 2: op->done = 2; break;
    case 3: op->rows_len = 0; op->done = 0; break;
    case 4: op->rows[0].key_off = UINT32_MAX; break;
    case 5: op->rows[0].key_len = UINT32_MAX; break;
    case 6: op->rows[0].val_len = UINT32_MAX; break;
    case 7: op->rows[0].key_off = 1; break; /* below the start of the range */
    case 8: op->rows[1] = op->rows[0]; op->rows_len = 2; break; /* the same key twice */
    case 9: op->rows[0].key_len = 257; op->data.len = 300; memset(op->data.buf, 'z', op->data.cap); break;
    case 10: op->op.gas_charge = 1; break;
    case 11: op->rows = rows; break;
    case 12: op->data.len = SIZE_MAX; break;
    default: op->rows_len = 0; op->data.lent = NULL; op->data.len = 0; break; /* empty and the last: allowed */
    }
    return honest;
}

static void n085_pages_are_checked(void)
{
    for (page_case = 0; page_case <= 13; page_case++) {
        CASE("page %zu", page_case);
        misbehave(SCAN, paging);
        if (page_case == 7) { /* "ey" of "key" is not behind "g", "k" would be */
            books.twist[SCAN] = paging;
            CHECK_IS(try_probe(session, "next", text_of("g")), ZVM_E_HOST_PROTOCOL);
        } else {
            CHECK_IS(doors[SCAN](session), page_case == 13 ? ZVM_OK : ZVM_E_HOST_PROTOCOL);
        }
        works_again(SCAN);
    }
}

static int32_t slotting(host *h, void *at, int32_t honest)
{
    zvm_get_many_op *op = at;

    op->slots[h->returns < 0 ? 0 : 1].found = 1;
    switch (h->returns) {
    case 0: op->slots[1].found = 2; break;
    case 1: op->slots[1].found = UINT32_MAX; break;
    case 2: op->slots[1].value.len = op->slots[1].value.cap + 1; break;
    case 3: op->slots[1].value.len = SIZE_MAX; op->slots[1].value.lent = lent; break;
    default: op->slots[1].found = 0; op->slots[1].value.len = SIZE_MAX; break; /* absent with garbage */
    }
    return honest;
}

static void n085_slots_are_checked(void)
{
    for (int32_t i = 0; i <= 4; i++) {
        CASE("slot %d", i);
        misbehave(GET_MANY, slotting);
        books.returns = i;
        CHECK_IS(doors[GET_MANY](session), i == 4 ? ZVM_OK : ZVM_E_HOST_PROTOCOL);
        works_again(GET_MANY);
    }
}

static int32_t odd_engine(host *h, void *at, int32_t honest)
{
    ((zvm_account_op *)at)->engine = (uint32_t)h->returns;
    return honest;
}

static void n084_an_account_of_an_unknown_engine(void)
{
    static const int32_t engines[] = {5, 255, -1};

    for (size_t i = 0; i < 3; i++) {
        CASE("engine %d", engines[i]);
        misbehave(ACCOUNT, odd_engine);
        books.returns = engines[i];
        CHECK_IS(doors[ACCOUNT](session), ZVM_E_HOST_PROTOCOL);
        works_again(ACCOUNT);
    }
}

static int32_t other_code(host *h, void *at, int32_t honest)
{
    zvm_code_op *op = at;

    (void)honest;
    op->code.len = 0;
    if (h->extra) {
        op->ready = h->extra;
    } else {
        op->code.lent = (const uint8_t *)"\0asm\1\0\0\0";
        op->code.len = 8;
    }
    return ZVM_CB_DONE;
}

static void code_of_another_hash_breaks_the_rules(void)
{
    misbehave(CODE, other_code);
    CHECK_IS(doors[CODE](session), ZVM_E_HOST_PROTOCOL);
    works_again(CODE);
    CASE("a runtime in ready");
    misbehave(CODE, other_code);
    books.extra = runtime;
    CHECK_IS(doors[CODE](session), ZVM_E_HOST_PROTOCOL);
    works_again(CODE);
}

static void ready_code_needs_no_copy(void)
{
    zvm_code_params params = {.struct_size = sizeof params, .code = probe};
    zvm_code *loaded = NULL;

    misbehave(CODE, other_code);
    CHECK_IS(zvm_code_load(runtime, &params, &loaded, NULL), ZVM_OK);
    books.extra = loaded;
    CHECK_IS(doors[CODE](session), ZVM_OK);
    zvm_code_free(loaded);
}

/* ---- gas ---- */

static const char stranger[] = "twenty bytes of text";

static int32_t charging(host *h, void *op, int32_t honest)
{
    int of_account = h->twist[ACCOUNT] != NULL;

    /* Of the accounts, only the one that the contract asks for. */
    if (!of_account || memcmp(((zvm_account_op *)op)->address.bytes, stranger, 20) == 0)
        ((zvm_op *)op)->gas_charge = UINT64_MAX;
    return honest;
}

static void a_charge_above_what_is_left_is_out_of_gas(void)
{
    static const struct { int which; const char *entry; zvm_bytes input; } asks[] = {
        {GET, "read", {(const uint8_t *)"key", 3}}, {QUERY, "ask", {(const uint8_t *)"key", 3}},
        {ACCOUNT, "balance", {(const uint8_t *)stranger, 20}}};

    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
        CASE("%s", door_names[asks[i].which]);
        misbehave(asks[i].which, charging);
        zvm_result result = call_probe(session, asks[i].entry, asks[i].input);
        CHECK_IS(result.kind, ZVM_KIND_OUT_OF_GAS);
        CHECK_IS(result.gas_used, 50000000);
        zvm_result_clear(&result);
    }
}

TAP_MAIN(begin, end,
    TEST(n079_n085_replies),
    TEST(n085_pages_are_checked),
    TEST(n085_slots_are_checked),
    TEST(n084_an_account_of_an_unknown_engine),
    TEST(code_of_another_hash_breaks_the_rules),
    TEST(ready_code_needs_no_copy),
    TEST(a_charge_above_what_is_left_is_out_of_gas))
