/*
 * An Ethereum contract: OpenZeppelin's ERC-20, as solc compiled it.
 *
 *   erc20 TOKEN.EVM
 *
 * Transactions follow each other in one session, over a host that has nothing: no accounts, no code, no storage. All that
 * comes to be is in the session. Each step must end as it does on Ethereum, with the gas that Ethereum's specification says
 * (tests/ethereum/vectors/erc20.json). Ends with a status other than 0 where anything is not as it should be.
 */
#include "example.h"

enum { HOLDERS = 3, WORDS = 3, SUPPLY = 1000000 };

/* Who takes part: addresses of twenty equal letters, and how many transactions each has sent. */
static struct {
    char letter;
    uint64_t nonce;
} holders[HOLDERS] = {{'a', 0}, {'b', 0}, {'c', 0}};

enum { ALICE, BOB, CAROL };

/* A step: a function by its selector, with arguments. */
typedef struct {
    const char *name;
    int sender;
    uint8_t selector[4];
    unsigned accounts, count; /* the first so many arguments are holders; how many there are */
    unsigned arguments[WORDS];
    uint32_t kind;
    uint64_t gas;
} step;

#define TRANSFER {0xa9, 0x05, 0x9c, 0xbb}
#define APPROVE {0x09, 0x5e, 0xa7, 0xb3}
#define TRANSFER_FROM {0x23, 0xb8, 0x72, 0xdd}
#define BALANCE_OF {0x70, 0xa0, 0x82, 0x31}

static const step STEPS[] = {
    {"transfer 300 to b, who has none", ALICE, TRANSFER, 1, 2, {BOB, 300}, ZVM_KIND_SUCCESS, 51543},
    {"transfer 1 to b", ALICE, TRANSFER, 1, 2, {BOB, 1}, ZVM_KIND_SUCCESS, 34431},
    {"transfer 302 from b, who has 301", BOB, TRANSFER, 1, 2, {CAROL, 302}, ZVM_KIND_REVERT, 24454},
    {"approve 500 for c", ALICE, APPROVE, 1, 2, {CAROL, 500}, ZVM_KIND_SUCCESS, 46318},
    {"c moves 200 from a to b", CAROL, TRANSFER_FROM, 2, 3, {ALICE, BOB, 200}, ZVM_KIND_SUCCESS, 40497},
    {"c moves 301 from a, approved 300", CAROL, TRANSFER_FROM, 2, 3, {ALICE, BOB, 301}, ZVM_KIND_REVERT, 24922},
    {"balance of b", BOB, BALANCE_OF, 1, 1, {BOB}, ZVM_KIND_SUCCESS, 23992},
};

static zvm_address address_of(int holder)
{
    zvm_address address;

    memset(address.bytes, holders[holder].letter, sizeof address.bytes);
    return address;
}

static void put_number(uint8_t word[32], unsigned number)
{
    for (int i = 31; number; i--, number >>= 8)
        word[i] = (uint8_t)number;
}

/* A function's selector, and behind it its arguments, each in a word. */
static zvm_bytes input_of(const step *s)
{
    static uint8_t input[4 + WORDS * 32];

    memset(input, 0, sizeof input);
    memcpy(input, s->selector, 4);
    for (unsigned i = 0; i < s->count; i++) {
        uint8_t *word = input + 4 + i * 32;
        zvm_address account = address_of(i < s->accounts ? (int)s->arguments[i] : 0);
        if (i < s->accounts)
            memcpy(word + 12, account.bytes, 20);
        else
            put_number(word, s->arguments[i]);
    }
    return bytes(input, 4 + s->count * 32);
}

/* Runs a transaction without a price for gas. The result is to be cleared. */
static zvm_result transact(zvm_session *session, int sender, const zvm_address *to, zvm_bytes input)
{
    zvm_ethereum_transaction transaction = {.struct_size = sizeof transaction,
        .flags = ZVM_ETHEREUM_ANY_CHAIN | (to ? 0 : ZVM_ETHEREUM_CREATES),
        .sender = address_of(sender), .nonce = holders[sender].nonce++, .gas_limit = 2000000, .input = input};
    zvm_result result = {.struct_size = sizeof result};

    if (to)
        transaction.to = *to;
    must(zvm_session_run_ethereum(session, &transaction, &result, &err));
    return result;
}

/* The initcode, and behind it the constructor's argument. */
static zvm_address deploy(zvm_session *session, zvm_bytes code)
{
    uint8_t *initcode = calloc(1, code.len + 32);

    expect(initcode != NULL, "enough memory");
    memcpy(initcode, code.ptr, code.len);
    put_number(initcode + code.len, SUPPLY);
    zvm_result result = transact(session, ALICE, NULL, bytes(initcode, code.len + 32));
    expect(result.kind == ZVM_KIND_SUCCESS && result.has_created, "the token is deployed");
    printf("%-34s gas %llu\n", "deployed, all of it for a", (unsigned long long)result.gas_used);
    expect(result.gas_used == 924725, "the gas of Ethereum's specification");
    zvm_address token = result.created;
    zvm_result_clear(&result);
    free(initcode);
    return token;
}

static void take(zvm_session *session, zvm_address token, const step *s)
{
    zvm_result result = transact(session, s->sender, &token, input_of(s));

    printf("%-34s gas %llu, %s", s->name, (unsigned long long)result.gas_used, zvm_kind_name(result.kind));
    if (result.data.len == 32)
        printf(", returned %u", result.data.ptr[30] << 8 | result.data.ptr[31]);
    printf(", %zu event%s\n", result.log_count, result.log_count == 1 ? "" : "s");
    expect(result.kind == s->kind, "the end that it has on Ethereum");
    expect(result.gas_used == s->gas, "the gas of Ethereum's specification");
    zvm_result_clear(&result);
}

/* ---- a host that has nothing ---- */

static int32_t no_entry(void *ctx, zvm_get_op *op)
{
    (void)ctx, (void)op;
    return ZVM_CB_ABSENT;
}

static int32_t no_account(void *ctx, zvm_account_op *op)
{
    (void)ctx, (void)op;
    return ZVM_CB_ABSENT;
}

static int32_t no_code(void *ctx, zvm_code_op *op)
{
    (void)ctx, (void)op;
    return ZVM_CB_ABSENT;
}

int main(int argc, char **argv)
{
    static const zvm_storage storage = {.struct_size = sizeof storage, .get = no_entry};
    static const zvm_ledger ledger = {.struct_size = sizeof ledger, .account = no_account, .code = no_code};
    zvm_block block = {.struct_size = sizeof block, .gas_limit = 30000000};
    zvm_session_params params = {.struct_size = sizeof params,
        .storage = &storage, .ledger = &ledger, .block = &block};
    zvm_config config = {.struct_size = sizeof config, .abi = ZVM_ABI};
    zvm_runtime *runtime;
    zvm_session *session;

    expect(argc == 2, "one argument, the token's initcode");
    must(zvm_runtime_new(&config, &runtime, &err));
    must(zvm_session_new(runtime, &params, &session, &err));
    zvm_address token = deploy(session, read_file(argv[1]));
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++)
        take(session, token, &STEPS[i]);
    zvm_session_free(session);
    zvm_runtime_free(runtime);
    return 0;
}
