/*
 * The scenarios of tests/vectors, played through the C API. The format is tests/vectors/README.md.
 *
 *   scenarios FILE...
 *
 * Each is played once as it is written, and then again and again with one callback failing, the first, the second and so
 * on (n113): the step it happens in must end with HOST and change nothing, and the same step once more must give what the
 * scenario expects, to the last unit of gas.
 */
#include "json.h"


/* One playing of a scenario. */
typedef struct {
    const cJSON *json;
    host books;
    zvm_runtime *runtime;
    zvm_session *session;
    struct { const char *name; uint64_t mark; } marks[16];
    size_t mark_count;
    unsigned commits;
} play;

static play now;

/* Callbacks asked so far in this playing, and which of them fails; UINT_MAX is none. */
static unsigned asked, fails = UINT_MAX;

static zvm_bytes code_named(const char *name)
{
    return bytes(field(now.json, "codes"), name);
}

/* ---- the host ---- */

static int32_t counted(host *h, void *op, int32_t honest)
{
    (void)h, (void)op;
    return asked++ == fails ? ZVM_CB_FAIL : honest;
}

static int32_t block_hash(host *h, void *at, int32_t honest)
{
    zvm_block_hash_op *op = at;
    char name[32];
    const cJSON *hashes = field(field(now.json, "ledger"), "block_hashes");

    (void)honest;
    snprintf(name, sizeof name, "%llu", (unsigned long long)op->number);
    if (field(hashes, name))
        op->hash = word(hashes, name);
    return counted(h, op, field(hashes, name) ? ZVM_CB_DONE : ZVM_CB_ABSENT);
}

static int same_bytes(zvm_bytes a, zvm_bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Compares events with what the format says of them. */
static void same_logs(const char *what, const zvm_log *logs, size_t count, const cJSON *expected)
{
    size_t i = 0;
    const cJSON *item;

    CASE("%s %s: logs", text(now.json, "about"), what);
    CHECK_IS(count, cJSON_GetArraySize(expected));
    cJSON_ArrayForEach(item, expected) {
        zvm_address emitter = address(item, "account");
        const cJSON *topics = field(item, "topics"), *topic;
        uint32_t k = 0;
        only(item, " account topics data ");
        if (i == count)
            break;
        CHECK_IS(memcmp(&logs[i].account, &emitter, 20), 0);
        CHECK_IS(logs[i].topic_count, cJSON_GetArraySize(topics));
        cJSON_ArrayForEach(topic, topics) {
            zvm_bytes expected_topic = from_hex(topic->valuestring);
            if (k < logs[i].topic_count)
                CHECK(same_bytes(bytes_of(logs[i].topics[k].bytes, 32), expected_topic));
            k++;
        }
        CHECK(same_bytes(logs[i].data, bytes(item, "data")));
        i++;
    }
}

static void same_changes(const char *what, const zvm_change *changes, size_t count)
{
    const cJSON *expected = field(now.json, "changes"), *item;
    size_t i = 0;

    CASE("%s: changes of %s", text(now.json, "about"), what);
    CHECK_IS(count, cJSON_GetArraySize(expected));
    cJSON_ArrayForEach(item, expected) {
        zvm_address account = address(item, "account");
        only(item, " kind flags account key value ");
        if (i == count)
            break;
        CHECK_IS(changes[i].kind, number(item, "kind"));
        CHECK_IS(changes[i].flags, number(item, "flags"));
        CHECK_IS(changes[i].reserved, 0);
        CHECK_IS(memcmp(&changes[i].account, &account, 20), 0);
        CHECK(same_bytes(changes[i].key, bytes(item, "key")));
        CHECK(same_bytes(changes[i].value, bytes(item, "value")));
        i++;
    }
}

static int at_the_end;

static int32_t commit(host *h, void *at, int32_t honest)
{
    const zvm_commit_op *op = at;
    int32_t said = counted(h, at, honest);

    if (said == ZVM_CB_DONE && at_the_end) {
        same_changes("the commit", op->changes, op->count);
        same_logs("the commit", op->logs, op->log_count, field(now.json, "logs"));
    }
    now.commits += said == ZVM_CB_DONE;
    return said;
}

static void put(const zvm_address *account, uint32_t kind, uint32_t flags, zvm_bytes key, zvm_bytes value)
{
    zvm_change change = {.kind = kind, .flags = flags, .account = *account, .key = key, .value = value};

    host_apply(&now.books, &change);
}

static void fill_books(void)
{
    const cJSON *accounts = field(field(now.json, "ledger"), "accounts"), *item, *entry;

    only(field(now.json, "ledger"), " accounts block_hashes ");
    cJSON_ArrayForEach(item, accounts) {
        zvm_address account = to_address(item->string);
        zvm_word balance = word(item, "balance");
        uint64_t nonce = number(item, "nonce");
        uint8_t digits[8];
        only(item, " balance nonce code code_hash engine storage ");
        for (int i = 0; i < 8; i++)
            digits[i] = (uint8_t)(nonce >> (56 - 8 * i));
        put(&account, ZVM_CHANGE_BALANCE, 0, bytes_of(NULL, 0), bytes_of(balance.bytes, 32));
        put(&account, ZVM_CHANGE_NONCE, 0, bytes_of(NULL, 0), bytes_of(digits, 8));
        if (field(item, "code"))
            put(&account, ZVM_CHANGE_CODE, (uint32_t)number(item, "engine"), bytes(item, "code_hash"),
                code_named(text(item, "code")));
        cJSON_ArrayForEach(entry, field(item, "storage"))
            put(&account, ZVM_CHANGE_SET, 0, from_hex(entry->string), from_hex(entry->valuestring));
    }
    for (int which = 0; which < DOORS; which++)
        now.books.twist[which] = which == BLOCK_HASH ? block_hash : which == COMMIT ? commit : counted;
}

/* ---- the library ---- */

static zvm_session *open_session(void)
{
    const cJSON *json = field(now.json, "block");
    zvm_block block = {.struct_size = sizeof block, .flags = field(json, "randomness") ? ZVM_BLOCK_RANDOMNESS : 0,
        .number = number(json, "number"), .timestamp = number(json, "timestamp"), .gas_limit = number(json, "gas_limit"),
        .chain_id = word(json, "chain_id"), .base_fee = word(json, "base_fee"), .randomness = word(json, "randomness"),
        .proposer = address(json, "proposer")};
    zvm_session_params params = host_params(&now.books);
    zvm_session *session = NULL;

    only(json, " number timestamp gas_limit chain_id base_fee randomness proposer ");
    params.hooks = NULL;
    params.block = &block;
    CHECK_IS(zvm_session_new(now.runtime, &params, &session, NULL), ZVM_OK);
    return session;
}

static void open_runtime(void)
{
    const cJSON *item;
    zvm_option options[64];
    zvm_config config = {.struct_size = sizeof config, .abi = ZVM_ABI, .options = options};

    if (cJSON_IsTrue(field(now.json, "deny_floats")))
        config.flags = ZVM_CONFIG_DENY_FLOATS;
    cJSON_ArrayForEach(item, field(now.json, "options"))
        options[config.option_count++] = (zvm_option){text_of(item->string), (uint64_t)item->valuedouble};
    CHECK_IS(zvm_runtime_new(&config, &now.runtime, NULL), ZVM_OK);
}

/* Makes the call of a step and returns its status. */
static int32_t act(const cJSON *step, zvm_result *result)
{
    const char *verb = text(step, "do");

    *result = (zvm_result){.struct_size = sizeof *result};
    if (strcmp(verb, "deploy") == 0) {
        zvm_deploy deploy = {.struct_size = sizeof deploy, .flags = field(step, "salt") ? ZVM_DEPLOY_SALT : 0,
            .caller = address(step, "caller"), .origin = address(step, "origin"),
            .engine = (uint32_t)number(step, "engine"), .value = word(step, "value"),
            .gas_price = word(step, "gas_price"), .salt = word(step, "salt"), .code = code_named(text(step, "code")),
            .input = bytes(step, "input"), .gas_limit = number(step, "gas_limit")};
        only(step, " do caller origin value gas_price code engine input salt gas_limit expect ");
        return zvm_session_deploy(now.session, &deploy, result, NULL);
    }
    zvm_call call = {.struct_size = sizeof call, .flags = cJSON_IsTrue(field(step, "static")) ? ZVM_CALL_STATIC : 0,
        .caller = address(step, "caller"), .target = address(step, "target"), .origin = address(step, "origin"),
        .value = word(step, "value"), .gas_price = word(step, "gas_price"), .entry = text_of(text(step, "entry")),
        .input = bytes(step, "input"), .gas_limit = number(step, "gas_limit")};
    only(step, " do caller origin target value gas_price entry input gas_limit static expect ");
    return (strcmp(verb, "query") == 0 ? zvm_session_query : zvm_session_call)(now.session, &call, result, NULL);
}

static void compare(const char *place, const cJSON *expect, int32_t status, const zvm_result *result)
{
    CASE("%s %s", text(now.json, "about"), place);
    if (field(expect, "status")) {
        only(expect, " status ");
        CHECK_IS(strcmp(zvm_status_name(status), text(expect, "status")), 0);
        return;
    }
    only(expect, " kind halt gas_used gas_left gas_refund data created logs ");
    if (!CHECK_IS(status, ZVM_OK))
        return;
    zvm_address created = address(expect, "created");
    CHECK_IS(strcmp(zvm_kind_name(result->kind), text(expect, "kind")), 0);
    CHECK(result->halt ? strcmp(zvm_halt_name(result->halt), text(expect, "halt")) == 0 : !field(expect, "halt"));
    CHECK_IS(result->gas_used, number(expect, "gas_used"));
    CHECK_IS(result->gas_left, number(expect, "gas_left"));
    CHECK_IS(result->gas_refund, number(expect, "gas_refund"));
    CHECK(same_bytes(result->data, bytes(expect, "data")));
    CHECK_IS(result->has_created, field(expect, "created") != NULL);
    CHECK_IS(memcmp(&result->created, &created, 20), 0);
    same_logs(place, result->logs, result->log_count, field(expect, "logs"));
}

/* A number for what a commit would bring, to see whether it changed. */
static uint64_t changes_sum(void)
{
    const zvm_change *changes;
    size_t count;
    uint64_t sum = 14695981039346656037u;

    CHECK_IS(zvm_session_changes(now.session, &changes, &count, NULL), ZVM_OK);
    for (size_t i = 0; i < count; i++) {
        const zvm_bytes parts[] = {bytes_of(&changes[i].kind, 4), bytes_of(&changes[i].account, 20), changes[i].key,
            bytes_of(&changes[i].key.len, 8), changes[i].value};
        for (size_t k = 0; k < 5; k++)
            for (size_t b = 0; b < parts[k].len; b++)
                sum = (sum ^ parts[k].ptr[b]) * 1099511628211u;
    }
    return sum;
}

static void keep_mark(const char *name)
{
    size_t i = 0;

    while (i < now.mark_count && strcmp(now.marks[i].name, name) != 0)
        i++;
    now.mark_count += i == now.mark_count;
    now.marks[i].name = name;
    CHECK_IS(zvm_session_mark(now.session, &now.marks[i].mark, NULL), ZVM_OK);
}

static void roll_back(const char *name)
{
    for (size_t i = 0; i < now.mark_count; i++)
        if (strcmp(now.marks[i].name, name) == 0)
            CHECK_IS(zvm_session_rollback(now.session, now.marks[i].mark, NULL), ZVM_OK);
}

/* A commit that a failing callback may stop once. */
static void commit_now(void)
{
    unsigned failing = fails, before = asked;
    int32_t status = zvm_session_commit(now.session, NULL);

    if (failing >= before && failing < asked) {
        CHECK_IS(status, ZVM_E_HOST);
        status = zvm_session_commit(now.session, NULL);
    }
    CHECK_IS(status, ZVM_OK);
}

static void play_step(const cJSON *step, int index)
{
    const char *verb = text(step, "do");
    zvm_result result;
    char place[64];

    snprintf(place, sizeof place, "step %d, callback %u fails", index, fails);
    CASE("%s %s", text(now.json, "about"), place);
    if (strcmp(verb, "mark") == 0) {
        keep_mark(text(step, "name"));
    } else if (strcmp(verb, "rollback") == 0) {
        roll_back(text(step, "name"));
    } else if (strcmp(verb, "commit") == 0) {
        commit_now();
    } else if (strcmp(verb, "deploy") == 0 || strcmp(verb, "call") == 0 || strcmp(verb, "query") == 0) {
        unsigned before = asked;
        uint64_t sum = changes_sum();
        int32_t status = act(step, &result);
        if (fails >= before && fails < asked) {
            CHECK_IS(status, ZVM_E_HOST);
            CHECK_IS(changes_sum(), sum);
            status = act(step, &result);
        }
        compare(place, field(step, "expect"), status, &result);
        zvm_result_clear(&result);
    } else {
        unreadable(verb);
    }
}

/* Plays the scenario. Returns how many callbacks were asked. */
static unsigned play_all(const cJSON *json, unsigned failing)
{
    const zvm_change *changes;
    const cJSON *step;
    size_t count = 1;
    int index = 0;

    memset(&now, 0, sizeof now);
    now.json = json;
    asked = 0;
    fails = failing;
    at_the_end = 0;
    only(json, " about options deny_floats block codes ledger steps changes logs ");
    fill_books();
    open_runtime();
    now.session = open_session();
    cJSON_ArrayForEach(step, field(json, "steps"))
        play_step(step, index++);
    CHECK_IS(zvm_session_changes(now.session, &changes, &count, NULL), ZVM_OK);
    same_changes("the session", changes, count);
    at_the_end = 1;
    now.commits = 0;
    commit_now();
    CHECK_IS(now.commits, 1);
    zvm_session_free(now.session);

    fails = UINT_MAX;
    now.session = open_session();
    CHECK_IS(zvm_session_changes(now.session, &changes, &count, NULL), ZVM_OK);
    CHECK_IS(count, 0);
    zvm_session_free(now.session);
    zvm_runtime_free(now.runtime);
    host_clear(&now.books);
    return asked;
}

static int verdict(const char *path, const char *how)
{
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    int failed = tap_failed_checks != 0;

    printf("%s %.*s%s\n", failed ? "not ok" : "ok", (int)strcspn(name, "."), name, how);
    tap_failed_checks = 0;
    return failed;
}

int main(int argc, char **argv)
{
    int failed = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        size_t room = 64 << 20, len = 0;
        char *content = malloc(room);
        CASE("%s", argv[i]);
        if (file) {
            len = fread(content, 1, room, file);
            fclose(file);
        }
        cJSON *json = cJSON_ParseWithLength(content, len);
        if (json == NULL)
            unreadable("not JSON");
        unsigned callbacks = play_all(json, UINT_MAX);
        failed |= verdict(argv[i], "");
        for (unsigned n = 0; n < callbacks; n++)
            play_all(json, n);
        failed |= verdict(argv[i], " with each callback failing once (n113)");
        cJSON_Delete(json);
        disown_all();
        free(content);
    }
    free(owned);
    printf("1..%d\n", 2 * (argc - 1));
    return failed;
}
