/*
 * The first figures: deploying the counter, and calling it warm, through the C API on a
 * host's own tables. Medians over rounds; writes them as JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "zvm.h"

#define ROUNDS 31
#define CALLS 200

static int32_t get(void *ctx, zvm_get_op *op) {
  (void)ctx, (void)op;
  return ZVM_CB_ABSENT;
}

static int32_t account(void *ctx, zvm_account_op *op) {
  (void)ctx, (void)op;
  return ZVM_CB_ABSENT;
}

static int32_t code(void *ctx, zvm_code_op *op) {
  (void)ctx, (void)op;
  return ZVM_CB_ABSENT;
}

static const zvm_storage STORAGE = {.struct_size = sizeof(zvm_storage), .get = get};
static const zvm_ledger LEDGER = {.struct_size = sizeof(zvm_ledger), .account = account, .code = code};

static void check(int32_t status, zvm_error *err) {
  if (status == ZVM_OK) return;
  zvm_error_view view = {.struct_size = sizeof view};
  if (zvm_error_info(err, &view) == ZVM_OK) fprintf(stderr, "spine: %s\n", (const char *)view.message.ptr);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values) {
  qsort(values, ROUNDS, sizeof *values, by_value);
  return values[ROUNDS / 2];
}

/* A fresh runtime and session each time: nothing is compiled or cached before. */
static double deploy(zvm_bytes wasm, zvm_runtime **runtime, zvm_session **session, zvm_address *created) {
  zvm_error *err = NULL;
  zvm_config config = {.struct_size = sizeof config, .abi = ZVM_ABI};
  zvm_session_params params = {.struct_size = sizeof params, .storage = &STORAGE, .ledger = &LEDGER};
  zvm_deploy request = {.struct_size = sizeof request, .code = wasm, .gas_limit = 100000000};
  zvm_result result = {.struct_size = sizeof result};
  request.caller.bytes[0] = 1;
  check(zvm_runtime_new(&config, runtime, &err), err);
  check(zvm_session_new(*runtime, &params, session, &err), err);
  double began = now();
  check(zvm_session_deploy(*session, &request, &result, &err), err);
  double took = now() - began;
  if (result.kind != ZVM_KIND_SUCCESS) exit(1);
  *created = result.created;
  zvm_result_clear(&result);
  return took;
}

static double call(zvm_session *session, zvm_address target) {
  zvm_error *err = NULL;
  zvm_call request = {.struct_size = sizeof request, .target = target, .gas_limit = 1000000};
  zvm_result result = {.struct_size = sizeof result};
  double began = now();
  for (int i = 0; i < CALLS; i++) {
    check(zvm_session_call(session, &request, &result, &err), err);
    if (result.kind != ZVM_KIND_SUCCESS) exit(1);
    zvm_result_clear(&result);
  }
  return (now() - began) / CALLS;
}

static void row(FILE *out, const char *name, double value, const char *end) {
  fprintf(out, "  {\"name\": \"%s\", \"value\": %.0f, \"unit\": \"ns\", ", name, value);
  fprintf(out, "\"peer\": null, \"peer_value\": null, \"ratio\": null}%s\n", end);
}

int main(int argc, char **argv) {
  if (argc != 3) return fprintf(stderr, "usage: spine counter.wasm out.json\n"), 2;
  static uint8_t wasm[1 << 20];
  FILE *in = fopen(argv[1], "rb");
  if (!in) return perror(argv[1]), 1;
  zvm_bytes code_bytes = {wasm, fread(wasm, 1, sizeof wasm, in)};
  fclose(in);

  double deploys[ROUNDS], calls[ROUNDS];
  for (int i = 0; i < ROUNDS; i++) {
    zvm_runtime *runtime;
    zvm_session *session;
    zvm_address created;
    deploys[i] = deploy(code_bytes, &runtime, &session, &created);
    calls[i] = call(session, created);
    zvm_session_free(session);
    zvm_runtime_free(runtime);
  }

  FILE *out = fopen(argv[2], "w");
  if (!out) return perror(argv[2]), 1;
  fprintf(out, "[\n");
  row(out, "deploy.counter", median(deploys), ",");
  row(out, "call.counter.warm", median(calls), "");
  fprintf(out, "]\n");
  return fclose(out) ? 1 : 0;
}
