#include "shim.h"

#include <stdlib.h>
#include <string.h>

#include "_cgo_export.h"

/* The entries of the tables: each hands the number over as a number. */
#define CALLBACK(name, op_type, go) \
  static int32_t name(void *ctx, op_type *op) { return go((uintptr_t)ctx, op); }

CALLBACK(on_get, zvm_get_op, zvmgoGet)
CALLBACK(on_get_many, zvm_get_many_op, zvmgoGetMany)
CALLBACK(on_scan, zvm_scan_op, zvmgoScan)
CALLBACK(on_commit, zvm_commit_op, zvmgoCommit)
CALLBACK(on_account, zvm_account_op, zvmgoAccount)
CALLBACK(on_code, zvm_code_op, zvmgoCode)
CALLBACK(on_block_hash, zvm_block_hash_op, zvmgoBlockHash)
CALLBACK(on_admit, zvm_admit_op, zvmgoAdmit)
CALLBACK(on_query, zvm_query_op, zvmgoQuery)
CALLBACK(on_log, zvm_log_op, zvmgoLog)
CALLBACK(on_trace, zvm_trace_op, zvmgoTrace)

static void on_release(void *ctx) { zvmgoRelease((uintptr_t)ctx); }

/* Every field is named by its place: an entry that is added to a table and has no counterpart here does not compile. */
#pragma GCC diagnostic error "-Wmissing-field-initializers"

typedef struct tables {
  zvm_storage storage;
  zvm_ledger ledger;
  zvm_hooks hooks;
  zvm_session_params params;
} tables;

#define OFFERED(bit, entry) (of.offers & (bit) ? (entry) : NULL)

/* Fills the parameters of one session. The number is released once, with the first table that carries it. */
static void bind_tables(tables *made, zvmgo_params of, const zvm_block *block)
{
  int is_host = (of.offers & ZVMGO_HOST) != 0, has_hooks = (of.offers & ZVMGO_HOOKS) != 0;
  void *ctx = (void *)of.host;
  zvm_storage storage = {sizeof storage, 0, on_get, OFFERED(ZVMGO_GET_MANY, on_get_many), OFFERED(ZVMGO_SCAN, on_scan),
                         OFFERED(ZVMGO_COMMIT, on_commit), on_release};
  zvm_ledger ledger = {sizeof ledger, 0, on_account, on_code, OFFERED(ZVMGO_BLOCK_HASH, on_block_hash), NULL};
  zvm_hooks hooks = {sizeof hooks, 0, OFFERED(ZVMGO_ADMIT, on_admit), OFFERED(ZVMGO_QUERY, on_query),
                     OFFERED(ZVMGO_LOG, on_log), OFFERED(ZVMGO_TRACE, on_trace), is_host ? NULL : on_release};
  zvm_session_params params = {sizeof params, of.flags, NULL, NULL, NULL, NULL, NULL, NULL, block};

  made->storage = storage;
  made->ledger = ledger;
  made->hooks = hooks;
  made->params = params;
  if (is_host) {
    made->params.storage = &made->storage;
    made->params.ledger = &made->ledger;
    made->params.storage_ctx = made->params.ledger_ctx = ctx;
  }
  if (has_hooks) {
    made->params.hooks = &made->hooks;
    made->params.hooks_ctx = ctx;
  }
}

/* Puts a store in the host's place. Where that fails, nobody else releases the number. */
static int32_t attach(tables *made, const zvm_store *store, zvmgo_params of, zvm_error **err)
{
  int32_t status = store ? zvm_store_attach(store, &made->params, err) : ZVM_OK;

  if (status != ZVM_OK && of.host)
    zvmgoRelease(of.host);
  return status;
}

static zvm_bytes bytes(const uint8_t *ptr, size_t len)
{
  zvm_bytes made = {ptr, len};

  return made;
}

static zvm_call call_of(const zvmgo_terms *terms, zvm_bytes entry, zvm_bytes input, const zvm_interrupt *interrupt)
{
  zvm_call call = {sizeof call,  terms->flags,     terms->caller, terms->target, terms->origin,    0,
                   terms->value, terms->gas_price, entry,         input,         terms->gas_limit, terms->time_limit_ns,
                   interrupt};

  return call;
}

int32_t zvmgo_runtime_new(zvm_config *config, const zvmgo_option *options, size_t count, const uint8_t *names,
                          zvm_runtime **out, zvm_error **err)
{
  zvm_config made = *config;
  zvm_option *list = calloc(count ? count : 1, sizeof *list);
  int32_t status;

  *out = NULL;
  if (!list)
    return ZVM_E_MEMORY;
  for (size_t i = 0; i < count; names += options[i].name_len, i++) {
    list[i].name = bytes(names, options[i].name_len);
    list[i].value = options[i].value;
  }
  made.struct_size = sizeof made;
  made.abi = ZVM_ABI;
  made.options = list;
  made.option_count = count;
  status = zvm_runtime_new(&made, out, err);
  free(list);
  return status;
}

int32_t zvmgo_code_load(const zvm_runtime *runtime, zvm_code_params *params, const uint8_t *code, size_t len,
                        const zvm_interrupt *interrupt, zvm_code **out, zvm_error **err)
{
  zvm_code_params made = *params;

  made.struct_size = sizeof made;
  made.code = bytes(code, len);
  made.interrupt = interrupt;
  return zvm_code_load(runtime, &made, out, err);
}

int32_t zvmgo_code_deserialize(const zvm_runtime *runtime, const uint8_t *artefact, size_t len, zvm_code **out,
                               zvm_error **err)
{
  return zvm_code_deserialize(runtime, bytes(artefact, len), out, err);
}

int32_t zvmgo_session_new(const zvm_runtime *runtime, const zvm_store *store, zvmgo_params params,
                          const zvm_block *block, zvm_session **out, zvm_error **err)
{
  tables made;
  int32_t status;

  *out = NULL;
  bind_tables(&made, params, block);
  status = attach(&made, store, params, err);
  return status == ZVM_OK ? zvm_session_new(runtime, &made.params, out, err) : status;
}

int32_t zvmgo_execute(const zvm_runtime *runtime, const zvm_store *store, zvmgo_params params, const zvm_block *block,
                      const zvmgo_terms *terms, const uint8_t *entry, size_t entry_len, const uint8_t *input,
                      size_t input_len, const zvm_interrupt *interrupt, zvm_result *result, zvm_error **err)
{
  zvm_call call = call_of(terms, bytes(entry, entry_len), bytes(input, input_len), interrupt);
  tables made;
  int32_t status;

  result->struct_size = sizeof *result;
  bind_tables(&made, params, block);
  status = attach(&made, store, params, err);
  return status == ZVM_OK ? zvm_execute(runtime, &made.params, &call, result, err) : status;
}

int32_t zvmgo_deploy(zvm_session *session, const zvmgo_terms *terms, const uint8_t *code, size_t code_len,
                     const uint8_t *input, size_t input_len, const zvm_interrupt *interrupt, zvm_result *result,
                     zvm_error **err)
{
  zvm_deploy deploy = {sizeof deploy,
                       terms->flags,
                       terms->caller,
                       terms->origin,
                       terms->engine,
                       0,
                       terms->value,
                       terms->gas_price,
                       terms->salt,
                       bytes(code, code_len),
                       bytes(input, input_len),
                       terms->gas_limit,
                       terms->time_limit_ns,
                       interrupt};

  result->struct_size = sizeof *result;
  return zvm_session_deploy(session, &deploy, result, err);
}

int32_t zvmgo_call(zvm_session *session, uint32_t is_query, const zvmgo_terms *terms, const uint8_t *entry,
                   size_t entry_len, const uint8_t *input, size_t input_len, const zvm_interrupt *interrupt,
                   zvm_result *result, zvm_error **err)
{
  zvm_call call = call_of(terms, bytes(entry, entry_len), bytes(input, input_len), interrupt);

  result->struct_size = sizeof *result;
  return (is_query ? zvm_session_query : zvm_session_call)(session, &call, result, err);
}

int32_t zvmgo_run_ethereum(zvm_session *session, zvm_ethereum_transaction *transaction, const zvmgo_lists *lists,
                           const uint8_t *input, size_t input_len, const zvmgo_access *accesses, const zvm_word *slots,
                           const zvm_word *blobs, const zvm_authorization *authorizations,
                           const zvm_interrupt *interrupt, zvm_result *result, zvm_error **err)
{
  zvm_access *list = calloc(lists->access_count + 1, sizeof *list);
  size_t i, at = 0;
  int32_t status;

  if (list == NULL) {
    return ZVM_E_MEMORY;
  }
  for (i = 0; i < lists->access_count; i++) {
    list[i].address = accesses[i].address;
    list[i].slots = slots + at;
    list[i].slot_count = accesses[i].slot_count;
    at += accesses[i].slot_count;
  }
  transaction->struct_size = sizeof *transaction;
  transaction->input = bytes(input, input_len);
  transaction->access_list = list;
  transaction->access_count = lists->access_count;
  transaction->blob_hashes = blobs;
  transaction->blob_count = lists->blob_count;
  transaction->authorizations = authorizations;
  transaction->authorization_count = lists->authorization_count;
  transaction->interrupt = interrupt;
  result->struct_size = sizeof *result;
  status = zvm_session_run_ethereum(session, transaction, result, err);
  free(list);
  return status;
}

int32_t zvmgo_frame_call(const zvm_frame *frame, const zvmgo_terms *terms, const uint8_t *entry, size_t entry_len,
                         const uint8_t *input, size_t input_len, zvm_result *result, zvm_error **err)
{
  zvm_call call = call_of(terms, bytes(entry, entry_len), bytes(input, input_len), NULL);

  result->struct_size = sizeof *result;
  return zvm_frame_call(frame, &call, result, err);
}

void zvmgo_frame_fail(const zvm_frame *frame, int32_t code, const uint8_t *text, size_t len)
{
  zvm_frame_fail(frame, code, bytes(text, len), NULL);
}

int32_t zvmgo_prefetch(zvm_session *session, const zvm_address *account, const size_t *lens, size_t count,
                       const uint8_t *keys, zvm_error **err)
{
  zvm_bytes *list = calloc(count ? count : 1, sizeof *list);
  int32_t status;

  if (!list)
    return ZVM_E_MEMORY;
  for (size_t i = 0; i < count; keys += lens[i], i++)
    list[i] = bytes(keys, lens[i]);
  status = zvm_session_prefetch(session, account, list, count, err);
  free(list);
  return status;
}

int32_t zvmgo_store_open(const uint8_t *path, size_t len, zvm_store **out, zvm_error **err)
{
  return zvm_store_open(bytes(path, len), out, err);
}

int32_t zvmgo_store_apply(const zvm_store *store, const zvmgo_change *changes, size_t count, const uint8_t *data,
                          zvm_error **err)
{
  zvm_change *list = calloc(count ? count : 1, sizeof *list);
  int32_t status;

  if (!list)
    return ZVM_E_MEMORY;
  for (size_t i = 0; i < count; data += changes[i].key_len + changes[i].value_len, i++) {
    zvm_change change = {changes[i].kind,
                         changes[i].flags,
                         changes[i].account,
                         0,
                         bytes(data, changes[i].key_len),
                         bytes(data + changes[i].key_len, changes[i].value_len)};
    list[i] = change;
  }
  status = zvm_store_apply(store, list, count, err);
  free(list);
  return status;
}

int32_t zvmgo_hash(uint32_t function, const uint8_t *message, size_t len, zvm_word *out, zvm_error **err)
{
  return zvm_hash(function, bytes(message, len), out, err);
}

int32_t zvmgo_verify(uint32_t algorithm, const uint8_t *message, size_t message_len, const uint8_t *signature,
                     size_t signature_len, const uint8_t *key, size_t key_len, const uint8_t *context,
                     size_t context_len, int32_t *out, zvm_error **err)
{
  return zvm_verify(algorithm, bytes(message, message_len), bytes(signature, signature_len), bytes(key, key_len),
                    bytes(context, context_len), out, err);
}

int32_t zvmgo_verify_threshold(uint32_t algorithm, uint32_t need, const uint8_t *message, size_t message_len,
                               const uint8_t *signatures, size_t signatures_len, const uint8_t *keys, size_t keys_len,
                               int32_t *out, zvm_error **err)
{
  return zvm_verify_threshold(algorithm, need, bytes(message, message_len), bytes(signatures, signatures_len),
                              bytes(keys, keys_len), out, err);
}

int32_t zvmgo_verify_aggregate(uint32_t algorithm, const uint8_t *messages, size_t messages_len,
                               const uint8_t *signature, size_t signature_len, const uint8_t *keys, size_t keys_len,
                               uint32_t same_message, int32_t *out, zvm_error **err)
{
  return zvm_verify_aggregate(algorithm, bytes(messages, messages_len), bytes(signature, signature_len),
                              bytes(keys, keys_len), same_message, out, err);
}

int32_t zvmgo_recover(const zvm_word *hash, const uint8_t *signature, size_t len, zvm_point *key, zvm_address *address,
                      int32_t *out, zvm_error **err)
{
  return zvm_recover(hash, bytes(signature, len), key, address, out, err);
}

int32_t zvmgo_address_of_key(uint32_t algorithm, const uint8_t *key, size_t len, zvm_address *out, zvm_error **err)
{
  return zvm_address_of_key(algorithm, bytes(key, len), out, err);
}

static zvmgo_part part_of(const uint8_t *whole, zvm_bytes part)
{
  zvmgo_part made = {part.len ? (size_t)(part.ptr - whole) : 0, part.len};

  return made;
}

int32_t zvmgo_transaction_decode(const uint8_t *transaction, size_t len, zvmgo_transaction *out, zvm_error **err)
{
  zvm_transaction_view view;
  int32_t status;

  memset(&view, 0, sizeof view);
  view.struct_size = sizeof view;
  status = zvm_transaction_decode(bytes(transaction, len), &view, err);
  {
    zvmgo_transaction made = {view.kind,
                              view.flags,
                              view.algorithm,
                              view.engine,
                              view.nonce,
                              view.gas_limit,
                              view.chain_id,
                              view.gas_price,
                              view.value,
                              view.salt,
                              view.digest,
                              view.hash,
                              view.sender,
                              view.target,
                              part_of(transaction, view.entry),
                              part_of(transaction, view.input),
                              part_of(transaction, view.code),
                              part_of(transaction, view.key),
                              part_of(transaction, view.signature)};

    *out = made;
  }
  return status;
}

int32_t zvmgo_session_check(zvm_session *session, const uint8_t *transaction, size_t len, zvm_error **err)
{
  return zvm_session_check(session, bytes(transaction, len), err);
}

int32_t zvmgo_session_run(zvm_session *session, const uint8_t *transaction, size_t len, uint64_t time_limit_ns,
                          const zvm_interrupt *interrupt, zvm_result *result, zvm_error **err)
{
  zvm_run run = {sizeof run, 0, bytes(transaction, len), time_limit_ns, interrupt};

  result->struct_size = sizeof *result;
  return zvm_session_run(session, &run, result, err);
}
