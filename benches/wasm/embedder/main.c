/*
 * Measures one round of what it is asked for: a line with the name of a row comes in, a line with the figure
 * goes out. So whoever asks can measure something else in between, under the same conditions.
 */
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "embedder.h"

static const char *folder;

static double read_clock(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

double thread_time(void)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

double wall_time(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

double resident(void)
{
    char line[128];
    double kibibytes = 0, figure;
    FILE *in;

    malloc_trim(0);
    in = fopen("/proc/self/smaps_rollup", "r");
    if (!in) exit(1);
    while (fgets(line, sizeof line, in))
        if (sscanf(line, "Private_Clean: %lf", &figure) == 1 || sscanf(line, "Private_Dirty: %lf", &figure) == 1)
            kibibytes += figure;
    fclose(in);
    return kibibytes * 1024;
}

void check(int32_t status, zvm_error *err)
{
    zvm_error_view view = {.struct_size = sizeof view};

    if (status == ZVM_OK) return;
    if (zvm_error_info(err, &view) == ZVM_OK) fprintf(stderr, "embedder: %s\n", (const char *)view.message.ptr);
    exit(1);
}

zvm_bytes bench_file(const char *name)
{
    char path[4096];
    FILE *in;
    uint8_t *bytes;
    long size;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    in = fopen(path, "rb");
    if (!in || fseek(in, 0, SEEK_END) || (size = ftell(in)) < 0) {
        perror(path);
        exit(1);
    }
    rewind(in);
    bytes = malloc((size_t)size + 1);
    if (!bytes || fread(bytes, 1, (size_t)size, in) != (size_t)size) exit(1);
    fclose(in);
    return (zvm_bytes){bytes, (size_t)size};
}

zvm_bytes mapped_bench_file(const char *name)
{
    char path[4096];
    struct stat status;
    void *bytes;
    int in;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    in = open(path, O_RDONLY);
    if (in < 0 || fstat(in, &status)) {
        perror(path);
        exit(1);
    }
    bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, in, 0);
    if (bytes == MAP_FAILED) {
        perror(path);
        exit(1);
    }
    close(in);
    return (zvm_bytes){bytes, (size_t)status.st_size};
}

void put_bench_file(const char *name, zvm_bytes bytes)
{
    char path[4096];
    FILE *out;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    out = fopen(path, "wb");
    if (!out || fwrite(bytes.ptr, 1, bytes.len, out) != bytes.len || fclose(out)) {
        perror(path);
        exit(1);
    }
}

void forget(zvm_bytes bytes)
{
    free((void *)bytes.ptr);
}

zvm_bytes variant(zvm_bytes wasm, uint8_t number)
{
    const uint8_t section[] = {0, 3, 1, 'n', number};
    uint8_t *bytes = malloc(wasm.len + sizeof section);

    if (!bytes) exit(1);
    memcpy(bytes, wasm.ptr, wasm.len);
    memcpy(bytes + wasm.len, section, sizeof section);
    return (zvm_bytes){bytes, wasm.len + sizeof section};
}

zvm_runtime *runtime_new(uint32_t compiler)
{
    zvm_error *err = NULL;
    zvm_runtime *runtime = NULL;
    zvm_config config = {.struct_size = sizeof config, .abi = ZVM_ABI, .artefact_key = {{1}}, .compiler = compiler};

    config.compile_threads = compiler == ZVM_COMPILER_TIERED;
    check(zvm_runtime_new(&config, &runtime, &err), err);
    return runtime;
}

zvm_code *code_load(zvm_runtime *runtime, zvm_bytes wasm)
{
    zvm_error *err = NULL;
    zvm_code *code = NULL;
    zvm_code_params params = {.struct_size = sizeof params, .code = wasm};

    check(zvm_code_load(runtime, &params, &code, &err), err);
    return code;
}

void call(zvm_session *session, zvm_address target, zvm_bytes entry, zvm_bytes input)
{
    zvm_error *err = NULL;
    zvm_call request = {.struct_size = sizeof request, .target = target, .entry = entry, .input = input};
    zvm_result result = {.struct_size = sizeof result};

    request.caller.bytes[0] = 0xca;
    request.gas_limit = 1000000000;
    check(zvm_session_call(session, &request, &result, &err), err);
    if (result.kind != ZVM_KIND_SUCCESS) {
        fprintf(stderr, "embedder: %.*s: %s, %s: %.*s\n", (int)entry.len, (const char *)entry.ptr,
                zvm_kind_name(result.kind), zvm_halt_name(result.halt), (int)result.data.len,
                (const char *)result.data.ptr);
        exit(1);
    }
    zvm_result_clear(&result);
}

int main(int argc, char **argv)
{
    char name[64];
    double (*const measures[])(const char *) = {measure_calls, measure_code, measure_memory};

    if (argc != 2) return fprintf(stderr, "usage: embedder FOLDER\n"), 2;
    folder = argv[1];
    while (scanf("%63s", name) == 1) {
        double figure = -1;
        for (size_t i = 0; i < sizeof measures / sizeof *measures && figure < 0; i++) figure = measures[i](name);
        if (figure < 0) return fprintf(stderr, "embedder: no measurement is called %s\n", name), 2;
        printf("%.3f\n", figure);
        fflush(stdout);
    }
    return 0;
}
