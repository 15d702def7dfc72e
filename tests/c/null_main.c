#include "null.h"

zvm_config config = {.struct_size = sizeof config, .abi = ZVM_ABI};
zvm_code_params code_params = {.struct_size = sizeof code_params};
zvm_session_params params, attached;
zvm_call call;
zvm_deploy deploy;
zvm_ethereum_transaction transaction;
zvm_result result;
zvm_error_view error_view = {.struct_size = sizeof error_view};
zvm_stats stats = {.struct_size = sizeof stats};
zvm_transaction_view transaction_view = {.struct_size = sizeof transaction_view};
zvm_run run = {.struct_size = sizeof run};
zvm_code_view code_view = {.struct_size = sizeof code_view};
zvm_frame_view frame_view = {.struct_size = sizeof frame_view};
zvm_bytes bytes, key, artefact;
zvm_word word;
zvm_address address;
zvm_point point;
const uint8_t generator[32] = {0x79, 0xbe, 0x66, 0x7e, 0xf9, 0xdc, 0xbb, 0xac, 0x55, 0xa0, 0x62,
                               0x95, 0xce, 0x87, 0x0b, 0x07, 0x02, 0x9b, 0xfc, 0xdb, 0x2d, 0xce,
                               0x28, 0xd9, 0x59, 0xf2, 0x81, 0x5b, 0x16, 0xf8, 0x17, 0x98};
const uint8_t keys[48];
int32_t verdict;
const zvm_change *changes;
zvm_change change;
size_t size;
uint64_t number, mark;
zvm_code *code;
zvm_session *session;
zvm_store *store;
zvm_interrupt *interrupt;
zvm_error *error;
void *dead;
zvm_runtime *new_runtime;
zvm_code *new_code;
zvm_session *new_session;
zvm_store *new_store;
zvm_interrupt *new_interrupt;
zvm_error *new_error;

static host books;
static unsigned cases, failures;

void case_begin(void)
{
    zvm_runtime *other;

    code_params.code = probe;
    params = host_params(&books);
    attached = (zvm_session_params){.struct_size = sizeof attached};
    call = call_of("echo", text_of("text"));
    deploy = deploy_of(probe, bytes_of(NULL, 0));
    transaction = (zvm_ethereum_transaction){.struct_size = sizeof transaction, .sender = deployer};
    result = (zvm_result){.struct_size = sizeof result};
    key = text_of("key");
    change = (zvm_change){.kind = ZVM_CHANGE_SET, .account = deployer, .key = key, .value = key};
    CHECK_IS(zvm_code_load(runtime, &code_params, &code, NULL), ZVM_OK);
    CHECK_IS(zvm_code_serialize(code, &artefact, NULL), ZVM_OK);
    session = host_session(&books);
    CHECK_IS(zvm_session_mark(session, &mark, NULL), ZVM_OK);
    CHECK_IS(zvm_store_memory(&store, NULL), ZVM_OK);
    CHECK_IS(zvm_interrupt_new(&interrupt, NULL), ZVM_OK);
    CHECK_IS(zvm_runtime_new(NULL, &other, &error), ZVM_E_NULL);
    dead = zvm_interrupt_clone(interrupt);
    zvm_interrupt_free(dead);
}

void case_end(const char *name, int as_expected)
{
    if (attached.storage) {
        CHECK_IS(zvm_session_new(runtime, &attached, &new_session, NULL), ZVM_OK);
        attached.storage = NULL;
    }
    zvm_result_clear(&result);
    zvm_session_free(session);
    zvm_code_free(code);
    zvm_store_free(store);
    zvm_interrupt_free(interrupt);
    zvm_error_free(error);
    zvm_runtime_free(new_runtime);
    zvm_code_free(new_code);
    zvm_session_free(new_session);
    zvm_store_free(new_store);
    zvm_interrupt_free(new_interrupt);
    zvm_error_free(new_error);
    new_runtime = NULL, new_code = NULL, new_session = NULL, new_store = NULL, new_interrupt = NULL, new_error = NULL;
    printf("%s %s\n", as_expected ? "ok" : "not ok", name);
    cases++;
    failures += !as_expected;
}

static int32_t in_callback(host *h, void *at, int32_t honest)
{
    zvm_query_op *op = at;

    h->twist[QUERY] = NULL;
    inside(op->op.frame, &op->answer);
    return honest;
}

int main(void)
{
    zvm_session *around;

    setvbuf(stdout, NULL, _IOLBF, 0);
    host_begin();
    host_deployed(&books);
    outside();
    around = host_session(&books);
    books.twist[QUERY] = in_callback;
    try_probe(around, "ask", text_of("?"));
    zvm_session_free(around);
    host_clear(&books);
    host_end();
    printf("1..%u\n", cases);
    return failures != 0 || tap_failed_checks != 0;
}
