#include "host.h"

const zvm_address deployer = {"deployer"};
zvm_runtime *runtime;
zvm_bytes probe;
zvm_address probe_at;
zvm_error_view last;
char last_message[256];

zvm_bytes bytes_of(const void *ptr, size_t len)
{
    zvm_bytes bytes = {ptr, len};
    return bytes;
}

zvm_bytes text_of(const char *text)
{
    return bytes_of(text, strlen(text));
}

zvm_bytes file_of(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *content = malloc(1 << 20);
    size_t len = 0;

    if (file) {
        len = fread(content, 1, 1 << 20, file);
        fclose(file);
    }
    return bytes_of(content, len);
}

void host_begin(void)
{
    zvm_config config = {.struct_size = sizeof config, .abi = ZVM_ABI, .admission = ZVM_ADMISSION_ADVISORY};

    probe = file_of("build/contracts/test/probe.wasm");
    if (probe.len == 0 || zvm_runtime_new(&config, &runtime, NULL) != ZVM_OK) {
        printf("Bail out! there is no probe contract or no runtime\n");
        exit(2);
    }
    zvm_address_create(&deployer, 0, &probe_at, NULL);
}

void host_end(void)
{
    free((void *)probe.ptr);
    zvm_runtime_free(runtime);
}

/* ---- the books ---- */

static int compare_bytes(zvm_bytes a, zvm_bytes b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static size_t place(const host *h, const zvm_address *account, uint32_t kind, zvm_bytes key, int *found)
{
    size_t at = 0;

    for (*found = 0; at < h->count; at++) {
        const host_row *row = &h->rows[at];
        int order = memcmp(row->account.bytes, account->bytes, 20);
        if (order == 0)
            order = (row->kind > kind) - (row->kind < kind);
        /* An account has one code, whatever its hash, which is the key. */
        if (order == 0 && kind != ZVM_CHANGE_CODE)
            order = compare_bytes(row->key, key);
        *found = order == 0;
        if (order >= 0)
            break;
    }
    return at;
}

static const host_row *find(const host *h, const zvm_address *account, uint32_t kind, zvm_bytes key)
{
    int found;
    size_t at = place(h, account, kind, key, &found);

    return found ? &h->rows[at] : NULL;
}

static zvm_bytes copy(zvm_bytes from)
{
    uint8_t *to = malloc(from.len + 1);

    if (from.len)
        memcpy(to, from.ptr, from.len);
    return bytes_of(to, from.len);
}

static void erase(host *h, size_t at)
{
    free((void *)h->rows[at].key.ptr);
    free((void *)h->rows[at].value.ptr);
    h->count--;
    memmove(&h->rows[at], &h->rows[at + 1], (h->count - at) * sizeof *h->rows);
}

void host_apply(host *h, const zvm_change *change)
{
    uint32_t kind = change->kind == ZVM_CHANGE_DELETE ? ZVM_CHANGE_SET : change->kind;
    int found;
    size_t at = place(h, &change->account, kind, change->key, &found);

    if (found)
        erase(h, at);
    if (change->kind == ZVM_CHANGE_DELETE)
        return;
    h->rows = realloc(h->rows, (h->count + 1) * sizeof *h->rows);
    memmove(&h->rows[at + 1], &h->rows[at], (h->count - at) * sizeof *h->rows);
    h->count++;
    h->rows[at] = (host_row){change->account, kind, change->flags, copy(change->key), copy(change->value)};
}

void host_clear(host *h)
{
    while (h->count)
        erase(h, h->count - 1);
    free(h->rows);
    memset(h, 0, sizeof *h);
}

/* ---- the callbacks ---- */

/* Counts a call and lets the misbehaviour have the last word. */
static int32_t leave(host *h, int which, void *op, int32_t honest)
{
    unsigned number = h->calls[which]++;

    return h->twist[which] && number >= h->from[which] ? h->twist[which](h, op, honest) : honest;
}

static int32_t fill(zvm_reply *reply, zvm_bytes with)
{
    uint8_t *buffer = with.len > reply->cap ? zvm_reply_reserve(reply, with.len) : reply->buf;

    if (buffer == NULL)
        return ZVM_CB_FAIL;
    if (with.len)
        memcpy(buffer, with.ptr, with.len);
    reply->len = with.len;
    return ZVM_CB_DONE;
}

static int32_t get(void *ctx, zvm_get_op *op)
{
    const host_row *row = find(ctx, &op->account, ZVM_CHANGE_SET, op->key);

    return leave(ctx, GET, op, row ? fill(&op->value, row->value) : ZVM_CB_ABSENT);
}

static int32_t get_many(void *ctx, zvm_get_many_op *op)
{
    int32_t honest = ZVM_CB_DONE;

    for (size_t i = 0; i < op->count; i++) {
        zvm_slot *slot = &op->slots[i];
        const host_row *row = find(ctx, &slot->account, ZVM_CHANGE_SET, slot->key);
        slot->found = row != NULL;
        if (row && fill(&slot->value, row->value) != ZVM_CB_DONE)
            honest = ZVM_CB_FAIL;
    }
    return leave(ctx, GET_MANY, op, honest);
}

static int32_t scan(void *ctx, zvm_scan_op *op)
{
    host *h = ctx;
    uint8_t page[16384];
    size_t used = 0;

    op->done = 1;
    for (size_t i = 0; i < h->count; i++) {
        const host_row *row = &h->rows[op->reverse ? h->count - 1 - i : i];
        int inside = row->kind == ZVM_CHANGE_SET && memcmp(&row->account, &op->account, 20) == 0 &&
                     compare_bytes(row->key, op->start) >= 0 && (!op->bounded || compare_bytes(row->key, op->end) < 0);
        if (!inside)
            continue;
        if (op->rows_len == op->rows_cap || used + row->key.len > sizeof page) {
            op->done = 0;
            break;
        }
        op->rows[op->rows_len++] = (zvm_row){(uint32_t)used, (uint32_t)row->key.len, 0, 0};
        if (row->key.len)
            memcpy(page + used, row->key.ptr, row->key.len);
        used += row->key.len;
    }
    return leave(h, SCAN, op, fill(&op->data, bytes_of(page, used)));
}

static int32_t commit(void *ctx, zvm_commit_op *op)
{
    host *h = ctx;
    zvm_commit_op given = *op;
    int32_t said = leave(h, COMMIT, op, ZVM_CB_DONE);

    for (size_t i = 0; said == ZVM_CB_DONE && i < given.count; i++)
        host_apply(h, &given.changes[i]);
    return said;
}

static int32_t account(void *ctx, zvm_account_op *op)
{
    const host_row *balance = find(ctx, &op->address, ZVM_CHANGE_BALANCE, bytes_of(NULL, 0));
    const host_row *nonce = find(ctx, &op->address, ZVM_CHANGE_NONCE, bytes_of(NULL, 0));
    const host_row *code = find(ctx, &op->address, ZVM_CHANGE_CODE, bytes_of(NULL, 0));

    if (balance)
        memcpy(op->balance.bytes, balance->value.ptr, 32);
    for (int i = 0; nonce && i < 8; i++)
        op->nonce = op->nonce << 8 | nonce->value.ptr[i];
    if (code) {
        memcpy(op->code_hash.bytes, code->key.ptr, 32);
        op->engine = code->engine;
    }
    return leave(ctx, ACCOUNT, op, balance || nonce || code ? ZVM_CB_DONE : ZVM_CB_ABSENT);
}

static int32_t code(void *ctx, zvm_code_op *op)
{
    host *h = ctx;

    for (size_t i = 0; i < h->count; i++)
        if (h->rows[i].kind == ZVM_CHANGE_CODE && memcmp(h->rows[i].key.ptr, op->hash.bytes, 32) == 0)
            return leave(h, CODE, op, fill(&op->code, h->rows[i].value));
    return leave(h, CODE, op, ZVM_CB_ABSENT);
}

static int32_t block_hash(void *ctx, zvm_block_hash_op *op)
{
    memset(op->hash.bytes, (int)op->number, 32);
    return leave(ctx, BLOCK_HASH, op, ZVM_CB_DONE);
}

static int32_t admit(void *ctx, zvm_admit_op *op)
{
    op->score = 70;
    return leave(ctx, ADMIT, op, ZVM_CB_DONE);
}

/* Answers with the question. */
static int32_t query(void *ctx, zvm_query_op *op)
{
    return leave(ctx, QUERY, op, fill(&op->answer, op->request));
}

static int32_t log_line(void *ctx, zvm_log_op *op)
{
    return leave(ctx, LOG, op, ZVM_CB_DONE);
}

static int32_t trace_lines(void *ctx, zvm_trace_op *op)
{
    return leave(ctx, TRACE, op, ZVM_CB_DONE);
}

static void release(void *ctx)
{
    ((host *)ctx)->released++;
}

const zvm_storage host_storage = {sizeof host_storage, 0, get, get_many, scan, commit, release};
const zvm_storage host_storage_small = {sizeof host_storage, 0, get, NULL, NULL, commit, release};
const zvm_ledger host_ledger = {sizeof host_ledger, 0, account, code, block_hash, release};
const zvm_hooks host_hooks = {sizeof host_hooks, 0, admit, query, log_line, trace_lines, release};

/* ---- sessions and calls ---- */

zvm_session_params host_params(host *h)
{
    zvm_session_params params = {.struct_size = sizeof params, .storage = &host_storage, .storage_ctx = h,
        .ledger = &host_ledger, .ledger_ctx = h, .hooks = &host_hooks, .hooks_ctx = h};
    return params;
}

zvm_session *host_session(host *h)
{
    zvm_session_params params = host_params(h);
    zvm_session *session = NULL;

    CHECK_IS(zvm_session_new(runtime, &params, &session, NULL), ZVM_OK);
    return session;
}

zvm_call call_of(const char *entry, zvm_bytes input)
{
    zvm_call call = {.struct_size = sizeof call, .caller = deployer, .target = probe_at, .entry = text_of(entry),
        .input = input, .gas_limit = 50000000};
    return call;
}

zvm_deploy deploy_of(zvm_bytes code, zvm_bytes input)
{
    zvm_deploy deploy = {.struct_size = sizeof deploy, .caller = deployer, .code = code, .input = input,
        .gas_limit = 50000000};
    return deploy;
}

void host_deployed(host *h)
{
    zvm_change entry = {.kind = ZVM_CHANGE_SET, .account = probe_at, .key = text_of("key"), .value = text_of("value")};
    zvm_deploy deploy = deploy_of(probe, bytes_of(NULL, 0));
    zvm_result result = {.struct_size = sizeof result};

    memset(h, 0, sizeof *h);
    zvm_session *session = host_session(h);
    CHECK_IS(zvm_session_deploy(session, &deploy, &result, NULL), ZVM_OK);
    CHECK_IS(result.kind, ZVM_KIND_SUCCESS);
    CHECK_IS(zvm_session_commit(session, NULL), ZVM_OK);
    zvm_result_clear(&result);
    zvm_session_free(session);
    host_apply(h, &entry);
    memset(h->calls, 0, sizeof h->calls);
    h->released = 0;
}

zvm_result call_probe(zvm_session *session, const char *entry, zvm_bytes input)
{
    zvm_call call = call_of(entry, input);
    zvm_result result = {.struct_size = sizeof result};

    CHECK_IS(zvm_session_call(session, &call, &result, NULL), ZVM_OK);
    return result;
}

int32_t keep(int32_t status, zvm_error *err)
{
    memset(&last, 0, sizeof last);
    last.struct_size = sizeof last;
    last_message[0] = 0;
    CHECK((status == ZVM_OK) == (err == NULL));
    if (err) {
        CHECK_IS(zvm_error_info(err, &last), ZVM_OK);
        CHECK_IS(last.status, status);
        CHECK(last.message.ptr[last.message.len] == 0);
        snprintf(last_message, sizeof last_message, "%s", (const char *)last.message.ptr);
        zvm_error_free(err);
    }
    return status;
}

int32_t try_probe(zvm_session *session, const char *entry, zvm_bytes input)
{
    zvm_call call = call_of(entry, input);
    zvm_result result = {.struct_size = sizeof result};
    zvm_error *err = NULL;
    int32_t status = zvm_session_call(session, &call, &result, &err);

    zvm_result_clear(&result);
    return keep(status, err);
}

/* ---- the way to each callback ---- */

static int32_t to_get(zvm_session *s) { return try_probe(s, "read", text_of("key")); }
static int32_t to_scan(zvm_session *s) { return try_probe(s, "next", text_of("a")); }
static int32_t to_block_hash(zvm_session *s) { return try_probe(s, "block_hash", bytes_of(NULL, 0)); }
static int32_t to_query(zvm_session *s) { return try_probe(s, "ask", text_of("question")); }
static int32_t to_log(zvm_session *s) { return try_probe(s, "debug", text_of("line")); }
/* A call is told of when it has ended. */
static int32_t to_trace(zvm_session *s)
{
    CHECK_IS(zvm_session_trace(s, ZVM_TRACE_CALLS, NULL), ZVM_OK);
    return try_probe(s, "call", bytes_of(NULL, 0));
}

static int32_t to_account(zvm_session *s) { return try_probe(s, "call", bytes_of(NULL, 0)); }

/* Code is asked for only where the runtime does not have it compiled. */
static int32_t to_code(zvm_session *s)
{
    CHECK_IS(zvm_runtime_trim(runtime, NULL), ZVM_OK);
    return try_probe(s, "call", bytes_of(NULL, 0));
}

static int32_t to_get_many(zvm_session *s)
{
    zvm_bytes keys[2] = {text_of("key"), text_of("none")};
    zvm_error *err = NULL;

    int32_t status = zvm_session_prefetch(s, &probe_at, keys, 2, &err);

    return keep(status, err);
}

static int32_t to_commit(zvm_session *s)
{
    zvm_error *err = NULL;

    CHECK_IS(try_probe(s, "write", text_of("more")), ZVM_OK);
    int32_t status = zvm_session_commit(s, &err);
    return keep(status, err);
}

static int32_t to_admit(zvm_session *s)
{
    zvm_deploy deploy = deploy_of(probe, bytes_of(NULL, 0));
    zvm_result result = {.struct_size = sizeof result};
    zvm_error *err = NULL;
    int32_t status = zvm_session_deploy(s, &deploy, &result, &err);

    zvm_result_clear(&result);
    return keep(status, err);
}

door *const doors[DOORS] = {to_get, to_get_many, to_scan, to_commit, to_account, to_code, to_block_hash, to_admit,
    to_query, to_log, to_trace};
const char *const door_names[DOORS] = {"get", "get_many", "scan", "commit", "account", "code", "block_hash", "admit",
    "query", "log", "trace"};
