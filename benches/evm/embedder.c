/*
 * A C program that embeds zvm and sends tokens: a line with the name of the row comes in, a line with the nanoseconds
 * of a transaction goes out. So whoever asks can measure something else in between, under the same conditions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "zvm.h"

enum { TRANSFERS = 1024, CODE_BYTES = 1 << 16 };

static const zvm_address SENDER = {"sender"};

/* transfer(address,uint256): to an address of 0xb0s, of 1. */
static uint8_t transfer[4 + 64] = {0xa9, 0x05, 0x9c, 0xbb, [67] = 1};

static zvm_session *session;
static zvm_ethereum_transaction transaction = {.struct_size = sizeof transaction, .gas_limit = 1000000000,
    .gas_price = {{[31] = 1}}};

static void check(int32_t status, zvm_error *err)
{
    zvm_error_view view = {.struct_size = sizeof view};

    if (status == ZVM_OK) return;
    if (zvm_error_info(err, &view) == ZVM_OK) fprintf(stderr, "embedder: %s\n", (const char *)view.message.ptr);
    exit(1);
}

/* Nobody but the sender has anything, and nobody has code: all that happens is in the session. */
static int32_t account(void *ctx, zvm_account_op *op)
{
    (void)ctx;
    if (memcmp(&op->address, &SENDER, sizeof SENDER) != 0) return ZVM_CB_ABSENT;
    memset(op->balance.bytes + 24, 0xff, 8);
    return ZVM_CB_DONE;
}

static int32_t code(void *ctx, zvm_code_op *op)
{
    (void)ctx, (void)op;
    return ZVM_CB_ABSENT;
}

static int32_t get(void *ctx, zvm_get_op *op)
{
    (void)ctx, (void)op;
    return ZVM_CB_ABSENT;
}

static const zvm_storage STORAGE = {.struct_size = sizeof STORAGE, .get = get};
static const zvm_ledger LEDGER = {.struct_size = sizeof LEDGER, .account = account, .code = code};

static zvm_address transact(void)
{
    zvm_error *err = NULL;
    zvm_result result = {.struct_size = sizeof result};
    zvm_address created;

    check(zvm_session_run_ethereum(session, &transaction, &result, &err), err);
    if (result.kind != ZVM_KIND_SUCCESS) exit(1);
    created = result.created;
    zvm_result_clear(&result);
    transaction.nonce++;
    return created;
}

/* The initcode, and behind it the constructor's argument: a supply of 2^128. */
static zvm_address deploy(const char *path)
{
    static uint8_t initcode[CODE_BYTES + 32];
    FILE *in = fopen(path, "rb");
    size_t size = in ? fread(initcode, 1, CODE_BYTES, in) : 0;

    if (size == 0) {
        perror(path);
        exit(1);
    }
    fclose(in);
    initcode[size + 15] = 1;
    transaction.flags = ZVM_ETHEREUM_CREATES;
    transaction.input = (zvm_bytes){initcode, size + 32};
    return transact();
}

static void begin(const char *folder)
{
    char path[4096];
    zvm_error *err = NULL;
    zvm_runtime *runtime;
    zvm_config config = {.struct_size = sizeof config, .abi = ZVM_ABI, .revision = ZVM_REVISION_PRAGUE};
    zvm_block block = {.struct_size = sizeof block, .gas_limit = UINT64_MAX, .chain_id = {{[31] = 1}}};
    zvm_session_params params = {.struct_size = sizeof params,
        .storage = &STORAGE, .ledger = &LEDGER, .block = &block};

    check(zvm_runtime_new(&config, &runtime, &err), err);
    check(zvm_session_new(runtime, &params, &session, &err), err);
    transaction.sender = SENDER;
    transaction.chain_id = block.chain_id;
    snprintf(path, sizeof path, "%s/token.evm", folder);
    transaction.to = deploy(path);
    transaction.flags = 0;
    memset(transfer + 16, 0xb0, 20);
    transaction.input = (zvm_bytes){transfer, sizeof transfer};
}

/* Of this thread's work, whatever else the machine does. */
static double thread_time(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    char name[64];

    if (argc != 2) return fprintf(stderr, "usage: embedder FOLDER\n"), 2;
    begin(argv[1]);
    while (scanf("%63s", name) == 1) {
        double began = thread_time();
        for (int i = 0; i < TRANSFERS; i++) transact();
        printf("%.3f\n", (thread_time() - began) / TRANSFERS);
        fflush(stdout);
    }
    return 0;
}
