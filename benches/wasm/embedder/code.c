/*
 * Code that becomes ready: a deploy where nothing was compiled before, and an artefact that is read back.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "embedder.h"

/* A runtime and session of its own: validated, instrumented, compiled and entered into the journal. */
static double deploy(zvm_bytes wasm)
{
    zvm_error *err = NULL;
    zvm_runtime *runtime = runtime_new(ZVM_COMPILER_SINGLEPASS);
    zvm_session *session = session_new(runtime);
    zvm_deploy request = {.struct_size = sizeof request, .code = wasm, .gas_limit = 1000000000};
    zvm_result result = {.struct_size = sizeof result};
    double took, began = wall_time();

    check(zvm_session_deploy(session, &request, &result, &err), err);
    took = wall_time() - began;
    if (result.kind != ZVM_KIND_SUCCESS) exit(1);
    zvm_result_clear(&result);
    zvm_session_free(session);
    zvm_runtime_free(runtime);
    return took;
}

static void write_artefact(zvm_bytes wasm)
{
    zvm_error *err = NULL;
    zvm_runtime *runtime = runtime_new(ZVM_COMPILER_SINGLEPASS);
    zvm_code *code = code_load(runtime, wasm);
    zvm_bytes artefact;

    check(zvm_code_serialize(code, &artefact, &err), err);
    put_bench_file("artefact", artefact);
    zvm_code_free(code);
    zvm_runtime_free(runtime);
}

/* From the file, which is mapped, to code that can be called, in a runtime that knows nothing of it. */
static double load(void)
{
    zvm_error *err = NULL;
    zvm_runtime *runtime = runtime_new(ZVM_COMPILER_SINGLEPASS);
    zvm_code *code = NULL;
    double took, began = wall_time();
    zvm_bytes artefact = mapped_bench_file("artefact");

    check(zvm_code_deserialize(runtime, artefact, &code, &err), err);
    took = wall_time() - began;
    munmap((void *)artefact.ptr, artefact.len);
    zvm_code_free(code);
    zvm_runtime_free(runtime);
    return took;
}

double measure_code(const char *name)
{
    static zvm_bytes hackatom;
    static bool written;

    if (!hackatom.ptr) hackatom = bench_file("hackatom.wasm");
    if (!strcmp(name, "deploy.230k")) return deploy(hackatom);
    if (!strcmp(name, "artefact.load")) {
        if (!written) write_artefact(hackatom);
        written = true;
        return load();
    }
    return -1;
}
