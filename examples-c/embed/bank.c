/*
 * A bank that keeps its own books and lets zvm run the contracts.
 *
 *   bank TOKEN.WASM
 *
 * Its storage and ledger are one hash map in memory. zvm reads it through three callbacks and writes it through one: the
 * commit, which brings all that the calls of a session changed. A token is deployed with 1000 for Alice, who sends Bob
 * 300; then she tries to send more than she has. Ends with a status other than 0 where anything is not as it should be.
 */
#include "example.h"

/* ---- the books: one hash map, from a kind (the ZVM_CHANGE that sets it), an account and a key to a value ---- */

enum { SLOTS = 1024 };

typedef struct {
    uint32_t kind; /* 0 in a free slot */
    zvm_address account;
    zvm_bytes key, value; /* our own copies; the value of a deleted entry is NULL, and it keeps its slot */
} entry;

typedef struct {
    entry slots[SLOTS];
    size_t used;
    unsigned commits;
} bank;

static int same(const void *a, size_t a_len, const void *b, size_t b_len)
{
    return a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0);
}

/* Where the entry is, or else the free slot where it belongs. */
static entry *slot(bank *b, uint32_t kind, const zvm_address *account, zvm_bytes key)
{
    uint32_t hash = kind;

    for (size_t i = 0; i < 20; i++)
        hash = hash * 31 + account->bytes[i];
    for (size_t i = 0; i < key.len; i++)
        hash = hash * 31 + key.ptr[i];
    for (;; hash++) {
        entry *e = &b->slots[hash % SLOTS];
        if (e->kind == 0 || (e->kind == kind && same(&e->account, 20, account, 20) &&
                             same(e->key.ptr, e->key.len, key.ptr, key.len)))
            return e;
    }
}

static zvm_bytes copy(zvm_bytes from)
{
    void *to = malloc(from.len + 1);

    expect(to != NULL, "enough memory");
    return bytes(from.len ? memcpy(to, from.ptr, from.len) : to, from.len);
}

static void put(bank *b, uint32_t kind, const zvm_address *account, zvm_bytes key, zvm_bytes value)
{
    entry *e = slot(b, kind, account, key);

    if (e->kind == 0) {
        expect(++b->used < SLOTS, "room in the books");
        *e = (entry){.kind = kind, .account = *account, .key = copy(key)};
    }
    free((void *)e->value.ptr);
    e->value = copy(value);
}

static void delete(bank *b, const zvm_address *account, zvm_bytes key)
{
    entry *e = slot(b, ZVM_CHANGE_SET, account, key);

    free((void *)e->value.ptr);
    e->value = bytes(NULL, 0);
}

/* ---- the callbacks: ZVM_CB_DONE is 1, and 0 is failure ---- */

static const zvm_address nobody = {{0}};
static const zvm_bytes no_key = {NULL, 0};

/* The map keeps still until the commit, so its memory can be lent instead of copied. */
static int32_t lend(zvm_reply *reply, const entry *e)
{
    reply->lent = e->value.ptr;
    reply->len = e->value.len;
    return e->value.ptr ? ZVM_CB_DONE : ZVM_CB_ABSENT;
}

static int32_t bank_get(void *ctx, zvm_get_op *op)
{
    return lend(&op->value, slot(ctx, ZVM_CHANGE_SET, &op->account, op->key));
}

static int32_t bank_code(void *ctx, zvm_code_op *op)
{
    return lend(&op->code, slot(ctx, ZVM_CHANGE_CODE, &nobody, bytes(op->hash.bytes, 32)));
}

static int32_t bank_account(void *ctx, zvm_account_op *op)
{
    const entry *balance = slot(ctx, ZVM_CHANGE_BALANCE, &op->address, no_key);
    const entry *nonce = slot(ctx, ZVM_CHANGE_NONCE, &op->address, no_key);
    const entry *code = slot(ctx, ZVM_CHANGE_CODE, &op->address, no_key);

    if (balance->value.ptr)
        memcpy(op->balance.bytes, balance->value.ptr, 32);
    for (size_t i = 0; i < nonce->value.len; i++)
        op->nonce = op->nonce << 8 | nonce->value.ptr[i];
    if (code->value.ptr)
        memcpy(op->code_hash.bytes, code->value.ptr, 32);
    return balance->value.ptr || nonce->value.ptr || code->value.ptr ? ZVM_CB_DONE : ZVM_CB_ABSENT;
}

/* Whole or not at all: this bank has the memory, or it ends here with its books. One on a disk takes a transaction. */
static int32_t bank_commit(void *ctx, zvm_commit_op *op)
{
    bank *b = ctx;

    for (size_t i = 0; i < op->count; i++) {
        const zvm_change *c = &op->changes[i];
        if (c->kind == ZVM_CHANGE_CODE) { /* the account has a hash, and the hash has code */
            put(b, ZVM_CHANGE_CODE, &c->account, no_key, c->key);
            put(b, ZVM_CHANGE_CODE, &nobody, c->key, c->value);
        } else if (c->kind == ZVM_CHANGE_DELETE) {
            delete(b, &c->account, c->key);
        } else {
            put(b, c->kind, &c->account, c->key, c->value);
        }
    }
    b->commits++;
    return ZVM_CB_DONE;
}

static const zvm_storage storage = {.struct_size = sizeof storage, .get = bank_get, .commit = bank_commit};
static const zvm_ledger ledger = {.struct_size = sizeof ledger, .account = bank_account, .code = bank_code};

/* ---- the business ---- */

static const zvm_address alice = {"alice"}, bob = {"bob"};

static zvm_session *open_session(const zvm_runtime *runtime, bank *b)
{
    zvm_session_params params = {.struct_size = sizeof params,
        .storage = &storage, .storage_ctx = b, .ledger = &ledger, .ledger_ctx = b};
    zvm_session *session;

    must(zvm_session_new(runtime, &params, &session, &err));
    return session;
}

static zvm_word word(unsigned amount)
{
    zvm_word w = {{0}};

    for (int i = 31; amount; i--, amount >>= 8)
        w.bytes[i] = (uint8_t)amount;
    return w;
}

static unsigned amount_of(zvm_bytes word)
{
    unsigned amount = 0;

    for (size_t i = 0; i < word.len; i++)
        amount = amount << 8 | word.ptr[i];
    return amount;
}

static void print_hex(const char *before, const void *ptr, size_t len)
{
    printf("%s", before);
    for (size_t i = 0; i < len && i < 32; i++)
        printf("%02x", ((const uint8_t *)ptr)[i]);
    if (len > 32)
        printf(".. (%zu bytes)", len);
}

static zvm_address deploy_token(zvm_session *session, zvm_bytes code, unsigned supply)
{
    zvm_word input = word(supply);
    zvm_deploy deploy = {.struct_size = sizeof deploy,
        .caller = alice, .code = code, .input = bytes(&input, 32), .gas_limit = 100000000};
    zvm_result result = {.struct_size = sizeof result};

    must(zvm_session_deploy(session, &deploy, &result, &err));
    expect(result.kind == ZVM_KIND_SUCCESS && result.has_created, "the token is deployed");
    printf("deployed with %u for alice, gas %llu\n", supply, (unsigned long long)result.gas_used);
    zvm_address token = result.created;
    zvm_result_clear(&result);
    return token;
}

typedef int32_t verb(zvm_session *, const zvm_call *, zvm_result *, zvm_error **);

/* Calls or queries the token as Alice. The result is to be cleared. */
static zvm_result ask(verb *verb, zvm_session *session, zvm_address token, const char *entry, zvm_bytes input)
{
    zvm_call call = {.struct_size = sizeof call, .caller = alice, .target = token,
        .entry = bytes(entry, strlen(entry)), .input = input, .gas_limit = 1000000};
    zvm_result result = {.struct_size = sizeof result};

    must(verb(session, &call, &result, &err));
    return result;
}

/* Alice sends Bob an amount. Returns whether it went. */
static int transfer(zvm_session *session, zvm_address token, unsigned amount)
{
    struct { zvm_address to; zvm_word amount; } input = {bob, word(amount)};
    zvm_result result = ask(zvm_session_call, session, token, "transfer", bytes(&input, sizeof input));
    int went = result.kind == ZVM_KIND_SUCCESS;

    printf("transfer of %u: %s, gas %llu %.*s\n", amount, zvm_kind_name(result.kind), (unsigned long long)result.gas_used,
        (int)result.data.len, (const char *)result.data.ptr);
    for (size_t i = 0; i < result.log_count; i++) {
        print_hex("  event ", result.logs[i].topics, 32);
        printf(" of %u\n", amount_of(result.logs[i].data));
    }
    zvm_result_clear(&result);
    return went;
}

static unsigned balance(zvm_session *session, zvm_address token, zvm_address account)
{
    zvm_result result = ask(zvm_session_query, session, token, "balance_of", bytes(account.bytes, 20));
    unsigned amount = amount_of(result.data);

    expect(result.kind == ZVM_KIND_SUCCESS && result.data.len == 32, "an answer to balance_of");
    zvm_result_clear(&result);
    return amount;
}

/* What the commit will bring, in its order; `show` prints it. Returns a number that differs where a list differs. */
static unsigned changes(zvm_session *session, int show)
{
    static const char *const kinds[] = {"", "balance", "nonce", "code", "set", "delete"};
    const zvm_change *list;
    size_t count;
    unsigned sum = 0;

    must(zvm_session_changes(session, &list, &count, &err));
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < list[i].value.len; k++)
            sum = sum * 31 + list[i].value.ptr[k];
        if (!show)
            continue;
        print_hex("  ", list[i].account.bytes, 20);
        printf(" %s", kinds[list[i].kind]);
        print_hex(" ", list[i].key.ptr, list[i].key.len);
        print_hex(" = ", list[i].value.ptr, list[i].value.len);
        printf("\n");
    }
    return sum + (unsigned)count;
}

int main(int argc, char **argv)
{
    static bank books;
    zvm_config config = {.struct_size = sizeof config, .abi = ZVM_ABI};
    zvm_runtime *runtime;

    expect(argc == 2, "one argument, the token's code");
    must(zvm_runtime_new(&config, &runtime, &err));
    zvm_session *session = open_session(runtime, &books);
    zvm_address token = deploy_token(session, read_file(argv[1]), 1000);

    expect(transfer(session, token, 300), "a transfer");
    unsigned before = changes(session, 0);
    expect(!transfer(session, token, 701), "a refused transfer, alice has 700");
    expect(changes(session, 0) == before, "no trace of the refused transfer");

    printf("changes:\n");
    changes(session, 1);
    expect(books.commits == 0 && books.used == 0, "untouched books before the commit");
    must(zvm_session_commit(session, &err));
    expect(books.commits == 1, "all changes in one callback");
    zvm_session_free(session);

    session = open_session(runtime, &books); /* a new one knows nothing but the books */
    unsigned alice_has = balance(session, token, alice), bob_has = balance(session, token, bob);
    printf("alice has %u, bob has %u\n", alice_has, bob_has);
    expect(alice_has == 700 && bob_has == 300, "700 and 300");
    zvm_session_free(session);
    zvm_runtime_free(runtime);
    for (size_t i = 0; i < SLOTS; i++) {
        free((void *)books.slots[i].key.ptr);
        free((void *)books.slots[i].value.ptr);
    }
    return 0;
}
