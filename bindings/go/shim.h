/*
 * Between Go and zvm.h. Go passes scalars and memory without pointers; structs that hold pointers are built here, on
 * the C stack, where no collector looks. A host is a number (runtime/cgo.Handle), in a pointer's place only in C.
 */
#ifndef ZVM_GO_SHIM_H
#define ZVM_GO_SHIM_H

#include <zvm.h>

/* What a host offers, as bits. */
#define ZVMGO_HOST 1u
#define ZVMGO_HOOKS 2u
#define ZVMGO_GET_MANY 4u
#define ZVMGO_SCAN 8u
#define ZVMGO_COMMIT 16u
#define ZVMGO_BLOCK_HASH 32u
#define ZVMGO_ADMIT 64u
#define ZVMGO_QUERY 128u
#define ZVMGO_LOG 256u
#define ZVMGO_TRACE 512u

/* What a session is made over: a host, or a store and perhaps hooks. */
typedef struct zvmgo_params {
  uintptr_t host;
  uint32_t offers;
  uint32_t flags;
} zvmgo_params;

/* A call or a deploy but for its pointers. */
typedef struct zvmgo_terms {
  zvm_address caller, target, origin;
  zvm_word value, gas_price, salt;
  uint32_t flags, engine;
  uint64_t gas_limit, time_limit_ns;
} zvmgo_terms;

/* An account of an access list; its slots lie behind those of the ones before it. */
typedef struct zvmgo_access {
  zvm_address address;
  size_t slot_count;
} zvmgo_access;

/* The lists of a transaction. */
typedef struct zvmgo_lists {
  size_t access_count, slot_count, blob_count, authorization_count;
} zvmgo_lists;

/* Bytes inside a larger piece, one behind the other. */
typedef struct zvmgo_option {
  size_t name_len;
  uint64_t value;
} zvmgo_option;

typedef struct zvmgo_change {
  uint32_t kind, flags;
  zvm_address account;
  size_t key_len, value_len;
} zvmgo_change;

int32_t zvmgo_runtime_new(zvm_config *config, const zvmgo_option *options, size_t count, const uint8_t *names,
                          zvm_runtime **out, zvm_error **err);
int32_t zvmgo_code_load(const zvm_runtime *runtime, zvm_code_params *params, const uint8_t *code, size_t len,
                        const zvm_interrupt *interrupt, zvm_code **out, zvm_error **err);
int32_t zvmgo_code_deserialize(const zvm_runtime *runtime, const uint8_t *artefact, size_t len, zvm_code **out,
                               zvm_error **err);
int32_t zvmgo_session_new(const zvm_runtime *runtime, const zvm_store *store, zvmgo_params params,
                          const zvm_block *block, zvm_session **out, zvm_error **err);
int32_t zvmgo_execute(const zvm_runtime *runtime, const zvm_store *store, zvmgo_params params, const zvm_block *block,
                      const zvmgo_terms *terms, const uint8_t *entry, size_t entry_len, const uint8_t *input,
                      size_t input_len, const zvm_interrupt *interrupt, zvm_result *result, zvm_error **err);
int32_t zvmgo_deploy(zvm_session *session, const zvmgo_terms *terms, const uint8_t *code, size_t code_len,
                     const uint8_t *input, size_t input_len, const zvm_interrupt *interrupt, zvm_result *result,
                     zvm_error **err);
int32_t zvmgo_call(zvm_session *session, uint32_t is_query, const zvmgo_terms *terms, const uint8_t *entry,
                   size_t entry_len, const uint8_t *input, size_t input_len, const zvm_interrupt *interrupt,
                   zvm_result *result, zvm_error **err);
int32_t zvmgo_run_ethereum(zvm_session *session, zvm_ethereum_transaction *transaction, const zvmgo_lists *lists,
                           const uint8_t *input, size_t input_len, const zvmgo_access *accesses, const zvm_word *slots,
                           const zvm_word *blobs, const zvm_authorization *authorizations,
                           const zvm_interrupt *interrupt, zvm_result *result, zvm_error **err);
int32_t zvmgo_prefetch(zvm_session *session, const zvm_address *account, const size_t *lens, size_t count,
                       const uint8_t *keys, zvm_error **err);
int32_t zvmgo_store_open(const uint8_t *path, size_t len, zvm_store **out, zvm_error **err);
int32_t zvmgo_store_apply(const zvm_store *store, const zvmgo_change *changes, size_t count, const uint8_t *data,
                          zvm_error **err);
int32_t zvmgo_frame_call(const zvm_frame *frame, const zvmgo_terms *terms, const uint8_t *entry, size_t entry_len,
                         const uint8_t *input, size_t input_len, zvm_result *result, zvm_error **err);
/* A part of a transaction's bytes. */
typedef struct zvmgo_part {
  size_t at, len;
} zvmgo_part;

/* What a transaction says, without pointers. */
typedef struct zvmgo_transaction {
  uint32_t kind, flags, algorithm, engine;
  uint64_t nonce, gas_limit;
  zvm_word chain_id, gas_price, value, salt, digest, hash;
  zvm_address sender, target;
  zvmgo_part entry, input, code, key, signature;
} zvmgo_transaction;

int32_t zvmgo_transaction_decode(const uint8_t *transaction, size_t len, zvmgo_transaction *out, zvm_error **err);
int32_t zvmgo_session_check(zvm_session *session, const uint8_t *transaction, size_t len, zvm_error **err);
int32_t zvmgo_session_run(zvm_session *session, const uint8_t *transaction, size_t len, uint64_t time_limit_ns,
                          const zvm_interrupt *interrupt, zvm_result *result, zvm_error **err);
int32_t zvmgo_hash(uint32_t function, const uint8_t *message, size_t len, zvm_word *out, zvm_error **err);
int32_t zvmgo_verify(uint32_t algorithm, const uint8_t *message, size_t message_len, const uint8_t *signature,
                     size_t signature_len, const uint8_t *key, size_t key_len, const uint8_t *context,
                     size_t context_len, int32_t *out, zvm_error **err);
int32_t zvmgo_verify_threshold(uint32_t algorithm, uint32_t need, const uint8_t *message, size_t message_len,
                               const uint8_t *signatures, size_t signatures_len, const uint8_t *keys, size_t keys_len,
                               int32_t *out, zvm_error **err);
int32_t zvmgo_verify_aggregate(uint32_t algorithm, const uint8_t *messages, size_t messages_len,
                               const uint8_t *signature, size_t signature_len, const uint8_t *keys, size_t keys_len,
                               uint32_t same_message, int32_t *out, zvm_error **err);
int32_t zvmgo_recover(const zvm_word *hash, const uint8_t *signature, size_t len, zvm_point *key, zvm_address *address,
                      int32_t *out, zvm_error **err);
int32_t zvmgo_address_of_key(uint32_t algorithm, const uint8_t *key, size_t len, zvm_address *out, zvm_error **err);
void zvmgo_frame_fail(const zvm_frame *frame, int32_t code, const uint8_t *text, size_t len);

#endif
