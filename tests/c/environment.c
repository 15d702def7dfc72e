/*
 * What a library in somebody's process must leave alone: errno, locale, rounding mode, signal mask, working directory,
 * open descriptors, and every stream. The functions below do all kinds of things with the library; each is run with the
 * environment recorded before and compared after.
 */
#define _POSIX_C_SOURCE 200809L
#include "host.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <locale.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static host books;
static zvm_session *session;

typedef struct {
    int number, rounding;
    char locale[128], directory[1024];
    sigset_t mask;
    uint64_t descriptors; /* a bit for each below 64 */
} environment;

static environment look(void)
{
    environment e;

    memset(&e, 0, sizeof e);
    e.number = errno;
    e.rounding = fegetround();
    snprintf(e.locale, sizeof e.locale, "%s", setlocale(LC_ALL, NULL));
    if (getcwd(e.directory, sizeof e.directory) == NULL)
        e.directory[0] = '?';
    pthread_sigmask(SIG_BLOCK, NULL, &e.mask);
    for (int fd = 0; fd < 64; fd++)
        if (fcntl(fd, F_GETFD) != -1)
            e.descriptors |= 1ull << fd;
    return e;
}

/* ---- what is done with the library ---- */

static void make_and_free(void)
{
    zvm_config config = {.struct_size = sizeof config, .abi = ZVM_ABI};
    zvm_runtime *other;

    CHECK_IS(zvm_runtime_new(&config, &other, NULL), ZVM_OK);
    zvm_runtime_free(other);
}

static void compile_and_seal(void)
{
    zvm_code_params params = {.struct_size = sizeof params, .code = probe};
    zvm_code *code, *again;
    zvm_bytes artefact;

    CHECK_IS(zvm_runtime_trim(runtime, NULL), ZVM_OK);
    CHECK_IS(zvm_code_load(runtime, &params, &code, NULL), ZVM_OK);
    CHECK_IS(zvm_code_serialize(code, &artefact, NULL), ZVM_OK);
    CHECK_IS(zvm_code_deserialize(runtime, artefact, &again, NULL), ZVM_OK);
    zvm_code_free(again);
    zvm_code_free(code);
}

static void deploy_and_commit(void)
{
    zvm_deploy deploy = deploy_of(probe, bytes_of(NULL, 0));
    zvm_result result = {.struct_size = sizeof result};

    CHECK_IS(zvm_session_deploy(session, &deploy, &result, NULL), ZVM_OK);
    zvm_result_clear(&result);
    CHECK_IS(zvm_session_commit(session, NULL), ZVM_OK);
}

static void pass_every_door(void)
{
    for (int which = 0; which < DOORS; which++)
        CHECK_IS(doors[which](session), ZVM_OK);
}

static void trap(void)
{
    zvm_result result = call_probe(session, "trap", bytes_of(NULL, 0));

    CHECK_IS(result.halt, ZVM_HALT_UNREACHABLE);
    zvm_result_clear(&result);
    result = call_probe(session, "stray", bytes_of(NULL, 0));
    CHECK_IS(result.halt, ZVM_HALT_MEMORY_BOUNDS);
    zvm_result_clear(&result);
}

static void run_out_of_gas(void)
{
    zvm_result result = call_probe(session, "spin", bytes_of(NULL, 0));

    CHECK_IS(result.kind, ZVM_KIND_OUT_OF_GAS);
    zvm_result_clear(&result);
}

static void miss_a_deadline(void)
{
    zvm_call call = call_of("spin", bytes_of(NULL, 0));
    zvm_result result = {.struct_size = sizeof result};

    call.gas_limit = 1000000000000000;
    call.time_limit_ns = 5000000;
    CHECK_IS(zvm_session_call(session, &call, &result, NULL), ZVM_E_DEADLINE);
}

static int32_t failing(host *h, void *op, int32_t honest)
{
    (void)h, (void)op, (void)honest;
    return ZVM_CB_FAIL;
}

static void fail_in_a_callback(void)
{
    books.twist[GET] = failing;
    CHECK_IS(try_probe(session, "read", text_of("fresh")), ZVM_E_HOST);
    books.twist[GET] = NULL;
}

static void panic(void)
{
    zvm_error *err;

    CHECK_IS(zvm_selftest(ZVM_SELFTEST_PANIC, &err), ZVM_E_PANIC);
    zvm_error_free(err);
    CHECK_IS(zvm_selftest(ZVM_SELFTEST_ALL, NULL), ZVM_OK);
}

static void refuse_arguments(void)
{
    zvm_store *store;
    zvm_error *err;

    CHECK_IS(zvm_session_call(session, NULL, NULL, &err), ZVM_E_NULL);
    zvm_error_free(err);
    CHECK_IS(zvm_store_open(text_of("/no/such/folder/ledger"), &store, &err), ZVM_E_HOST);
    zvm_error_free(err);
}

static char file[64];

static void keep_in_a_file(void)
{
    zvm_session_params params = {.struct_size = sizeof params};
    zvm_deploy deploy = deploy_of(probe, bytes_of(NULL, 0));
    zvm_result result = {.struct_size = sizeof result};
    zvm_session *over_store;
    zvm_store *store, *second;

    CHECK_IS(zvm_store_open(text_of(file), &store, NULL), ZVM_OK);
    CHECK_IS(zvm_store_open(text_of(file), &second, NULL), ZVM_E_STATE);
    CHECK_IS(zvm_store_attach(store, &params, NULL), ZVM_OK);
    CHECK_IS(zvm_session_new(runtime, &params, &over_store, NULL), ZVM_OK);
    CHECK_IS(zvm_session_deploy(over_store, &deploy, &result, NULL), ZVM_OK);
    zvm_result_clear(&result);
    CHECK_IS(zvm_session_commit(over_store, NULL), ZVM_OK);
    zvm_session_free(over_store);
    zvm_store_free(store);
    unlink(file);
}

static const struct { const char *name; void (*run)(void); } deeds[] = {
    {"make and free", make_and_free}, {"compile and seal", compile_and_seal}, {"deploy and commit", deploy_and_commit},
    {"pass every door", pass_every_door}, {"trap", trap}, {"run out of gas", run_out_of_gas},
    {"miss a deadline", miss_a_deadline}, {"fail in a callback", fail_in_a_callback}, {"panic", panic},
    {"refuse arguments", refuse_arguments}, {"keep in a file", keep_in_a_file}};

/* ---- the tests ---- */

static void the_environment_stays_as_it_is(void)
{
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        sigset_t odd;
        CASE("%s", deeds[i].name);
        sigemptyset(&odd);
        sigaddset(&odd, SIGUSR2);
        pthread_sigmask(SIG_BLOCK, &odd, NULL);
        fesetround(FE_UPWARD);
        environment before = look();
        deeds[i].run();
        environment after = look();
        fesetround(FE_TONEAREST);
        CHECK_IS(after.rounding, before.rounding);
        CHECK_IS(strcmp(after.locale, before.locale), 0);
        CHECK_IS(strcmp(after.directory, before.directory), 0);
        CHECK_IS(memcmp(&after.mask, &before.mask, sizeof before.mask), 0);
        CHECK_IS(after.descriptors, before.descriptors);
    }
}

/* errno separately, for one call at a time: what the deeds above do themselves may set it. */
static void errno_stays_as_it_is(void)
{
    zvm_call call = call_of("echo", text_of("text"));
    zvm_deploy deploy = deploy_of(probe, bytes_of(NULL, 0));
    zvm_config config = {.struct_size = sizeof config, .abi = ZVM_ABI};
    zvm_session_params params = {.struct_size = sizeof params};
    zvm_result result = {.struct_size = sizeof result};
    zvm_runtime *other;
    zvm_session *over_store;
    zvm_store *store, *second;
    zvm_error *err;

#define LEAVES_ERRNO(call)                 \
    do {                                   \
        CASE("%s", #call);                 \
        errno = 4711;                      \
        call;                              \
        CHECK_IS(errno, 4711);             \
    } while (0)
    LEAVES_ERRNO(zvm_runtime_trim(runtime, NULL));
    LEAVES_ERRNO(zvm_runtime_new(&config, &other, NULL));
    LEAVES_ERRNO(zvm_session_call(session, &call, &result, NULL));
    LEAVES_ERRNO(zvm_result_clear(&result));
    call.entry = text_of("stray");
    LEAVES_ERRNO(zvm_session_call(session, &call, &result, NULL));
    zvm_result_clear(&result);
    call.entry = text_of("spin");
    LEAVES_ERRNO(zvm_session_call(session, &call, &result, NULL));
    zvm_result_clear(&result);
    LEAVES_ERRNO(zvm_session_deploy(session, &deploy, &result, NULL));
    zvm_result_clear(&result);
    LEAVES_ERRNO(zvm_session_call(session, NULL, &result, &err));
    LEAVES_ERRNO(zvm_error_free(err));
    LEAVES_ERRNO(zvm_selftest(ZVM_SELFTEST_PANIC, NULL));
    LEAVES_ERRNO(zvm_runtime_free(other));
    LEAVES_ERRNO(zvm_store_open(text_of("/no/such/folder/ledger"), &store, NULL));
    LEAVES_ERRNO(zvm_store_open(text_of(file), &store, NULL));
    LEAVES_ERRNO(zvm_store_open(text_of(file), &second, NULL));
    LEAVES_ERRNO(zvm_store_attach(store, &params, NULL));
    LEAVES_ERRNO(zvm_session_new(runtime, &params, &over_store, NULL));
    LEAVES_ERRNO(zvm_session_deploy(over_store, &deploy, &result, NULL));
    zvm_result_clear(&result);
    LEAVES_ERRNO(zvm_session_commit(over_store, NULL));
    LEAVES_ERRNO(zvm_session_free(over_store));
    LEAVES_ERRNO(zvm_store_free(store));
#undef LEAVES_ERRNO
    unlink(file);
}

/* Everything once more, with the standard streams turned into files, which stay empty. */
static void nothing_is_written(void)
{
    char path[] = "build/tests/c/streams-XXXXXX";
    int into = mkstemp(path), out, error;
    struct stat written;
    unsigned failed = tap_failed_checks;

    unlink(path);
    fflush(stdout);
    out = dup(1), error = dup(2);
    dup2(into, 1), dup2(into, 2);
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        deeds[i].run();
    int looked = fstat(into, &written);
    dup2(out, 1), dup2(error, 2);
    close(out), close(error), close(into);
    CHECK_IS(tap_failed_checks, failed);
    CHECK_IS(looked, 0);
    CHECK_IS(written.st_size, 0);
}

/* With no standard streams at all, files that the library opens get their numbers, and nothing may be written there. */
static void nothing_is_written_where_the_streams_are_closed(void)
{
    int in = dup(0), out = dup(1), error = dup(2), opened;
    unsigned failed = tap_failed_checks;

    fflush(stdout);
    close(0), close(1), close(2);
    keep_in_a_file();
    panic();
    opened = open("/dev/null", O_RDWR);
    dup2(in, 0), dup2(out, 1), dup2(error, 2);
    close(in), close(out), close(error);
    CHECK_IS(opened, 0);
    CHECK_IS(tap_failed_checks, failed);
}

static unsigned threads(void)
{
    unsigned count = 0;
    DIR *tasks = opendir("/proc/self/task");

    for (struct dirent *task; tasks && (task = readdir(tasks)) != NULL;)
        count += task->d_name[0] != '.';
    if (tasks)
        closedir(tasks);
    return count;
}

/* How many threads there are once those that are about to end have ended. */
static unsigned lasting_threads(void)
{
    unsigned least = threads();

    for (int i = 0; i < 20; i++) {
        unsigned now;

        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        now = threads();
        least = now < least ? now : least;
    }
    return least;
}

/* The compiler's own thread, which lives while it compiles, is given a second to be gone. */
static void no_thread_is_left_behind(void)
{
    unsigned before = lasting_threads();

    compile_and_seal();
    for (int i = 0; i < 100 && threads() > before; i++)
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    CHECK_IS(threads(), before);
}

static void begin(void)
{
    host_begin();
    host_deployed(&books);
    session = host_session(&books);
    snprintf(file, sizeof file, "build/tests/c/environment-%ld.zvm", (long)getpid());
}

static void end(void)
{
    zvm_session_free(session);
    host_clear(&books);
    host_end();
}

TAP_MAIN(begin, end,
    TEST(the_environment_stays_as_it_is),
    TEST(errno_stays_as_it_is),
    TEST(nothing_is_written),
    TEST(nothing_is_written_where_the_streams_are_closed),
    TEST(no_thread_is_left_behind))
