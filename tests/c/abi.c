/* The ABI itself: the sizes of structs, numbers and flags. */
#include "host.h"

/* ---- struct sizes ---- */

enum { ROOM = 8192, FILL = 0xa5 };

/* A size-first struct: its size in version 1 and now, a valid value, and a function that takes it and returns its status. */
typedef struct {
    const char *name;
    size_t first;
    size_t known;
    void (*fill)(void *);
    int32_t (*give)(void *);
    int is_out;
} subject;

static host books;
static zvm_session *session;
static zvm_code *loaded;
static zvm_store *store;
static zvm_frame_view *in_callback;
static int32_t said_in_callback;

static int32_t new_session(zvm_session_params *params)
{
    zvm_session *made = NULL;
    int32_t status = zvm_session_new(runtime, params, &made, NULL);

    zvm_session_free(made);
    return status;
}

static void fill_config(void *at)
{
    zvm_config config = {.abi = ZVM_ABI};
    memcpy(at, &config, sizeof config);
}

static int32_t give_config(void *at)
{
    zvm_runtime *made = NULL;
    int32_t status = zvm_runtime_new(at, &made, NULL);

    zvm_runtime_free(made);
    return status;
}

static void fill_code(void *at)
{
    zvm_code_params params = {.code = probe};
    memcpy(at, &params, sizeof params);
}

static int32_t give_code(void *at)
{
    zvm_code *made = NULL;
    int32_t status = zvm_code_load(runtime, at, &made, NULL);

    zvm_code_free(made);
    return status;
}

static void fill_params(void *at)
{
    zvm_session_params params = host_params(&books);
    memcpy(at, &params, sizeof params);
}

static int32_t give_params(void *at) { return new_session(at); }

/* What the store attaches is taken over by a session. */
static int32_t give_attached(void *at)
{
    int32_t status = zvm_store_attach(store, at, NULL);

    return status == ZVM_OK ? new_session(at) : status;
}

static void fill_storage(void *at) { memcpy(at, &host_storage, sizeof host_storage); }
static void fill_ledger(void *at) { memcpy(at, &host_ledger, sizeof host_ledger); }
static void fill_hooks(void *at) { memcpy(at, &host_hooks, sizeof host_hooks); }
static void fill_nothing(void *at) { (void)at; }

static int32_t give_storage(void *at)
{
    zvm_session_params params = host_params(&books);
    params.storage = at;
    return new_session(&params);
}

static int32_t give_ledger(void *at)
{
    zvm_session_params params = host_params(&books);
    params.ledger = at;
    return new_session(&params);
}

static int32_t give_hooks(void *at)
{
    zvm_session_params params = host_params(&books);
    params.hooks = at;
    return new_session(&params);
}

static int32_t give_block(void *at)
{
    zvm_session_params params = host_params(&books);
    params.block = at;
    return new_session(&params);
}

static void fill_call(void *at)
{
    zvm_call call = call_of("call", bytes_of(NULL, 0));
    memcpy(at, &call, sizeof call);
}

static int32_t give_call(void *at)
{
    zvm_result result = {.struct_size = sizeof result};
    int32_t status = zvm_session_call(session, at, &result, NULL);

    zvm_result_clear(&result);
    return status;
}

static int32_t give_query(void *at)
{
    zvm_result result = {.struct_size = sizeof result};
    int32_t status = zvm_session_query(session, at, &result, NULL);

    zvm_result_clear(&result);
    return status;
}

static int32_t give_execute(void *at)
{
    zvm_session_params params = host_params(&books);
    zvm_result result = {.struct_size = sizeof result};
    int32_t status = zvm_execute(runtime, &params, at, &result, NULL);

    zvm_result_clear(&result);
    return status;
}

static void fill_transaction(void *at)
{
    zvm_ethereum_transaction transaction = {.sender = deployer};
    memcpy(at, &transaction, sizeof transaction);
}

/* That a block of zeros has no gas for it is not the struct's fault. */
static int32_t give_transaction(void *at)
{
    zvm_result result = {.struct_size = sizeof result};
    int32_t status = zvm_session_run_ethereum(session, at, &result, NULL);

    zvm_result_clear(&result);
    return status == ZVM_E_REJECTED ? ZVM_OK : status;
}

static void fill_deploy(void *at)
{
    zvm_deploy deploy = deploy_of(probe, bytes_of(NULL, 0));
    memcpy(at, &deploy, sizeof deploy);
}

static int32_t give_deploy(void *at)
{
    zvm_result result = {.struct_size = sizeof result};
    int32_t status = zvm_session_deploy(session, at, &result, NULL);

    zvm_result_clear(&result);
    return status;
}

static int32_t give_error_view(void *at)
{
    zvm_error *err = NULL;
    zvm_runtime *made;

    zvm_runtime_new(NULL, &made, &err);
    int32_t status = zvm_error_info(err, at);
    zvm_error_free(err);
    return status;
}

static int32_t give_stats(void *at) { return zvm_runtime_stats(runtime, at, NULL); }
static int32_t give_code_view(void *at) { return zvm_code_info(loaded, at, NULL); }

/* A call as docs/transactions.md has it, with a key and without a signature. */
static const uint8_t transaction[] = {
    0x84, 0xa8, 0x00, 0x58, 0x20, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x09, 0x01, 0x01, 0x02, 0x1a, 0x05, 0xf5, 0xe1, 0x00, 0x03, 0x58, 0x20,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03,
    0x04, 0x58, 0x20, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x05, 0x05, 0x40, 0x06, 0x54, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07,
    0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x60, 0x01, 0x58, 0x20,
    0x3d, 0x40, 0x17, 0xc3, 0xe8, 0x43, 0x89, 0x5a, 0x92, 0xb7, 0x0a, 0xa7, 0x4d, 0x1b, 0x7e, 0xbc,
    0x9c, 0x98, 0x2c, 0xcf, 0x2e, 0xc4, 0x96, 0x8c, 0xc0, 0xcd, 0x55, 0xf1, 0x2a, 0xf4, 0x66, 0x0c,
    0x41, 0x03,
};

static int32_t give_transaction_view(void *at)
{
    return zvm_transaction_decode(bytes_of(transaction, sizeof transaction), at, NULL);
}

static int32_t give_result(void *at)
{
    zvm_call call = call_of("echo", text_of("four"));
    int32_t status = zvm_session_call(session, &call, at, NULL);

    if (status == ZVM_OK)
        zvm_result_clear(at);
    return status;
}

static int32_t ask_frame(host *h, void *op, int32_t honest)
{
    (void)h;
    said_in_callback = zvm_frame_info(((zvm_op *)op)->frame, in_callback, NULL);
    return honest;
}

static int32_t give_frame_view(void *at)
{
    in_callback = at;
    books.twist[QUERY] = ask_frame;
    try_probe(session, "ask", text_of("?"));
    books.twist[QUERY] = NULL;
    return said_in_callback;
}

static const subject subjects[] = {
    {"zvm_config", 80, sizeof(zvm_config), fill_config, give_config, 0},
    {"zvm_code_params", 72, sizeof(zvm_code_params), fill_code, give_code, 0},
    {"zvm_session_params", 64, sizeof(zvm_session_params), fill_params, give_params, 0},
    {"zvm_session_params of a store", 64, sizeof(zvm_session_params), fill_nothing, give_attached, 0},
    {"zvm_storage", 48, sizeof(zvm_storage), fill_storage, give_storage, 0},
    {"zvm_ledger", 40, sizeof(zvm_ledger), fill_ledger, give_ledger, 0},
    {"zvm_hooks", 48, sizeof(zvm_hooks), fill_hooks, give_hooks, 0},
    {"zvm_block", 152, sizeof(zvm_block), fill_nothing, give_block, 0},
    {"zvm_call", 192, sizeof(zvm_call), fill_call, give_call, 0},
    {"zvm_call in a query", 192, sizeof(zvm_call), fill_call, give_query, 0},
    {"zvm_call in execute", 192, sizeof(zvm_call), fill_call, give_execute, 0},
    {"zvm_deploy", 208, sizeof(zvm_deploy), fill_deploy, give_deploy, 0},
    {"zvm_ethereum_transaction", 312, sizeof(zvm_ethereum_transaction), fill_transaction, give_transaction, 0},
    {"zvm_error_view", 56, sizeof(zvm_error_view), fill_nothing, give_error_view, 1},
    {"zvm_stats", 48, sizeof(zvm_stats), fill_nothing, give_stats, 1},
    {"zvm_code_view", 120, sizeof(zvm_code_view), fill_nothing, give_code_view, 1},
    {"zvm_frame_view", 40, sizeof(zvm_frame_view), fill_nothing, give_frame_view, 1},
    {"zvm_transaction_view", 352, sizeof(zvm_transaction_view), fill_nothing, give_transaction_view, 1},
    {"zvm_result", 128, sizeof(zvm_result), fill_nothing, give_result, 1},
};

/* Gives a subject of this size. The bytes beyond what is known of it are `tail`; behind it nothing may be touched. */
static void give(const subject *s, uint32_t size, int tail, int32_t expected)
{
    static uint64_t room[ROOM / 8];
    uint8_t *at = (uint8_t *)room;
    size_t own = size < ROOM ? size : s->first;
    size_t end = own > s->first ? own : s->first;
    size_t known = end < s->known ? end : s->known;

    CASE("%s of %u bytes, tail %d", s->name, size, tail);
    memset(at, FILL, ROOM);
    memset(at, 0, known);
    s->fill(at);
    memset(at + known, tail, end - known);
    memset(at + end, FILL, ROOM - end);
    memcpy(at, &size, sizeof size);
    CHECK_IS(s->give(at), expected);
    CHECK_IS(memcmp(at, &size, sizeof size), 0);
    for (size_t i = end; i < ROOM; i++)
        if (!CHECK(at[i] == FILL))
            break;
    if (s->is_out && expected == ZVM_OK)
        for (size_t i = known; i < own; i++)
            CHECK_IS(at[i], 0);
}

static void n076_struct_sizes_are_negotiated(void)
{
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        const subject *s = &subjects[i];
        uint32_t first = (uint32_t)s->first, known = (uint32_t)s->known;
        give(s, 0, 0, ZVM_E_STRUCT_SIZE);
        give(s, 1, 0, ZVM_E_STRUCT_SIZE);
        give(s, first - 1, 0, ZVM_E_STRUCT_SIZE);
        give(s, first, 0, ZVM_OK);
        give(s, known, 0, ZVM_OK);
        give(s, known + 8, 0, ZVM_OK);
        give(s, known + 8, 0x77, s->is_out ? ZVM_OK : ZVM_E_UNSUPPORTED);
        give(s, 1u << 20, 0, ZVM_E_STRUCT_SIZE);
        give(s, UINT32_MAX, 0, ZVM_E_STRUCT_SIZE);
    }
}

/* Version 1 ends where it ended. A later version may only be larger. */
static void n076_version_1_keeps_its_size(void)
{
    CHECK(sizeof(zvm_config) >= 80 && sizeof(zvm_code_params) >= 72 && sizeof(zvm_session_params) >= 64);
    CHECK(sizeof(zvm_storage) >= 48 && sizeof(zvm_ledger) >= 40 && sizeof(zvm_hooks) >= 48);
    CHECK(sizeof(zvm_block) >= 152 && sizeof(zvm_call) >= 192 && sizeof(zvm_deploy) >= 208);
    CHECK(sizeof(zvm_error_view) >= 56 && sizeof(zvm_stats) >= 48 && sizeof(zvm_code_view) >= 120);
    CHECK(sizeof(zvm_frame_view) >= 40 && sizeof(zvm_result) >= 128 && sizeof(zvm_transaction_view) >= 352);
    CHECK(sizeof(zvm_run) >= 40);
    /* Frozen: they are parts and elements of others. */
    CHECK(sizeof(zvm_bytes) == 16 && sizeof(zvm_address) == 20 && sizeof(zvm_word) == 32 && sizeof(zvm_reply) == 40);
    CHECK(sizeof(zvm_op) == 40 && sizeof(zvm_log) == 48 && sizeof(zvm_change) == 64 && sizeof(zvm_row) == 16);
    CHECK(sizeof(zvm_slot) == 88 && sizeof(zvm_option) == 24);
}

static void n076_abi_numbers_are_checked(void)
{
    static const struct { uint32_t abi; int32_t expected; } asked[] = {
        {0, ZVM_E_ABI}, {1, ZVM_E_ABI}, {ZVM_ABI, ZVM_OK}, {ZVM_ABI + 1, ZVM_E_ABI}, {0x20000, ZVM_E_ABI},
        {0x0fffffff, ZVM_E_ABI}, {UINT32_MAX, ZVM_E_ABI}};

    CHECK_IS(zvm_abi_version(), ZVM_ABI);
    CHECK_IS(ZVM_ABI, ZVM_ABI_MAJOR << 16 | ZVM_ABI_MINOR);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        zvm_config config = {.struct_size = sizeof config, .abi = asked[i].abi};
        CASE("ABI %x", asked[i].abi);
        CHECK_IS(give_config(&config), asked[i].expected);
    }
}

/* ---- flags and numbers ---- */

/* One field of a struct set to values that nobody knows. */
static void unknown(const subject *s, const char *field, size_t offset, uint32_t least, int32_t expected)
{
    uint32_t values[] = {least, 255, 0x80000000u, UINT32_MAX};

    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        uint64_t room[64] = {0};
        uint32_t size = (uint32_t)s->known;
        s->fill(room);
        memcpy(room, &size, sizeof size);
        memcpy((uint8_t *)room + offset, &values[i], sizeof values[i]);
        CASE("%s.%s is %u", s->name, field, values[i]);
        CHECK_IS(s->give(room), expected);
    }
}

static const subject *named(const char *name)
{
    const subject *s = subjects;

    while (strcmp(s->name, name) != 0)
        s++;
    return s;
}

#define UNKNOWN(type, field, least, expected) unknown(named(#type), #field, offsetof(type, field), least, expected)

static void n084_unknown_flags_are_refused(void)
{
    UNKNOWN(zvm_config, flags, 8, ZVM_E_FLAGS);
    UNKNOWN(zvm_code_params, flags, 2, ZVM_E_FLAGS);
    UNKNOWN(zvm_session_params, flags, 2, ZVM_E_FLAGS);
    UNKNOWN(zvm_block, flags, 2, ZVM_E_FLAGS);
    UNKNOWN(zvm_call, flags, 2, ZVM_E_FLAGS);
    UNKNOWN(zvm_deploy, flags, 2, ZVM_E_FLAGS);
    UNKNOWN(zvm_ethereum_transaction, flags, 4, ZVM_E_FLAGS);
    UNKNOWN(zvm_storage, flags, 2, ZVM_E_FLAGS);
    UNKNOWN(zvm_ledger, flags, 2, ZVM_E_FLAGS);
    UNKNOWN(zvm_hooks, flags, 2, ZVM_E_FLAGS);
}

static void n084_unknown_numbers_are_refused(void)
{
    UNKNOWN(zvm_config, admission, 3, ZVM_E_ARGUMENT);
    UNKNOWN(zvm_config, compile_threads, 9, ZVM_E_ARGUMENT);
    UNKNOWN(zvm_config, compiler, 4, ZVM_E_ARGUMENT);
    UNKNOWN(zvm_config, signals, 2, ZVM_E_ARGUMENT);
    UNKNOWN(zvm_config, revision, 15, ZVM_E_ARGUMENT);
    UNKNOWN(zvm_code_params, engine, 5, ZVM_E_ARGUMENT);
    UNKNOWN(zvm_deploy, engine, 5, ZVM_E_ARGUMENT);
    UNKNOWN(zvm_ethereum_transaction, kind, 5, ZVM_E_ARGUMENT);
    CHECK_IS(zvm_feature(0) + zvm_feature(99) + zvm_feature(UINT32_MAX), 0);
    CHECK_IS(zvm_selftest(99, NULL), ZVM_E_ARGUMENT);
    CHECK_IS(zvm_selftest(UINT32_MAX, NULL), ZVM_E_ARGUMENT);
}

static void n084_reserved_fields_are_zero(void)
{
    UNKNOWN(zvm_code_params, reserved, 1, ZVM_E_ARGUMENT);
    UNKNOWN(zvm_block, reserved, 1, ZVM_E_ARGUMENT);
    UNKNOWN(zvm_call, reserved, 1, ZVM_E_ARGUMENT);
    UNKNOWN(zvm_deploy, reserved, 1, ZVM_E_ARGUMENT);
    UNKNOWN(zvm_ethereum_transaction, reserved, 1, ZVM_E_ARGUMENT);
}

static void n084_names_of_unknown_numbers_exist(void)
{
    static const int32_t numbers[] = {INT_MIN, -1, 0, 12, 99, 107, 255, 903, INT_MAX};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        CHECK(zvm_status_name(numbers[i]) != NULL && zvm_status_name(numbers[i])[0]);
        CHECK(zvm_kind_name((uint32_t)numbers[i]) != NULL && zvm_kind_name((uint32_t)numbers[i])[0]);
        CHECK(zvm_halt_name((uint32_t)numbers[i]) != NULL && zvm_halt_name((uint32_t)numbers[i])[0]);
    }
    CHECK_IS(strcmp(zvm_status_name(ZVM_E_HOST_PROTOCOL), "HOST_PROTOCOL"), 0);
    CHECK_IS(strcmp(zvm_kind_name(ZVM_KIND_OUT_OF_GAS), "OUT_OF_GAS"), 0);
    CHECK_IS(strcmp(zvm_halt_name(ZVM_HALT_UNREACHABLE), "UNREACHABLE"), 0);
}

static void the_build_passes_its_selftest(void)
{
    CHECK_IS(zvm_selftest(ZVM_SELFTEST_ALL, NULL), ZVM_OK);
    CHECK_IS(zvm_selftest(ZVM_SELFTEST_TRAP, NULL), ZVM_OK);
    CHECK_IS(zvm_selftest(ZVM_SELFTEST_PANIC, NULL), ZVM_E_PANIC);
}

static void begin(void)
{
    zvm_code_params params = {.struct_size = sizeof params};

    host_begin();
    params.code = probe;
    host_deployed(&books);
    session = host_session(&books);
    CHECK_IS(zvm_store_memory(&store, NULL), ZVM_OK);
    CHECK_IS(zvm_code_load(runtime, &params, &loaded, NULL), ZVM_OK);
}

static void end(void)
{
    zvm_code_free(loaded);
    zvm_store_free(store);
    zvm_session_free(session);
    host_clear(&books);
    host_end();
}

TAP_MAIN(begin, end,
    TEST(n076_struct_sizes_are_negotiated),
    TEST(n076_version_1_keeps_its_size),
    TEST(n076_abi_numbers_are_checked),
    TEST(n084_unknown_flags_are_refused),
    TEST(n084_unknown_numbers_are_refused),
    TEST(n084_reserved_fields_are_zero),
    TEST(n084_names_of_unknown_numbers_exist),
    TEST(the_build_passes_its_selftest))
