/* Stopping calls: by a token, from another thread, from a signal handler, by a deadline. Never the wrong one. */
#define _POSIX_C_SOURCE 200809L
#include "host.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

static host books;
static zvm_session *session;
static zvm_interrupt *token;

static double now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

/* A call that ends by itself only when all gas there can be is used: hours. */
static zvm_call endless(void)
{
    zvm_call call = call_of("spin", bytes_of(NULL, 0));

    call.gas_limit = 1000000000000000;
    call.interrupt = token;
    return call;
}

static int32_t run(const zvm_call *call)
{
    zvm_result result = {.struct_size = sizeof result};
    int32_t status = zvm_session_call(session, call, &result, NULL);

    zvm_result_clear(&result);
    return status;
}

/* Nothing came of the call that was stopped, and the session works. */
static void untouched(void)
{
    const zvm_change *list;
    size_t count = 1;

    CHECK_IS(zvm_session_changes(session, &list, &count, NULL), ZVM_OK);
    CHECK_IS(count, 0);
    CHECK_IS(try_probe(session, "call", bytes_of(NULL, 0)), ZVM_OK);
}

static void fired_before_the_start(void)
{
    zvm_call call = endless();
    zvm_deploy deploy = deploy_of(probe, bytes_of(NULL, 0));
    zvm_code_params code_params = {.struct_size = sizeof code_params, .code = probe, .interrupt = token};
    zvm_session_params params = host_params(&books);
    zvm_result result = {.struct_size = sizeof result};
    zvm_code *code;
    double start = now();

    deploy.interrupt = token;
    zvm_interrupt_fire(token);
    for (int i = 0; i < 3; i++) { /* it stays fired */
        CHECK_IS(run(&call), ZVM_E_CANCELLED);
        CHECK_IS(zvm_session_query(session, &call, &result, NULL), ZVM_E_CANCELLED);
        CHECK_IS(zvm_session_deploy(session, &deploy, &result, NULL), ZVM_E_CANCELLED);
        CHECK_IS(zvm_execute(runtime, &params, &call, &result, NULL), ZVM_E_CANCELLED);
        CHECK_IS(zvm_code_load(runtime, &code_params, &code, NULL), ZVM_E_CANCELLED);
    }
    CHECK(now() - start < 1);
    untouched();
    zvm_interrupt_reset(token);
    call = call_of("call", bytes_of(NULL, 0));
    call.interrupt = token;
    CHECK_IS(run(&call), ZVM_OK);
}

static void *firing(void *unused)
{
    (void)unused;
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    zvm_interrupt_fire(token);
    return NULL;
}

static void fired_by_another_thread_in_a_tight_loop(void)
{
    zvm_call call = endless();

    for (int i = 0; i < 5; i++) {
        pthread_t thread;
        double start = now();
        zvm_interrupt_reset(token);
        CHECK_IS(pthread_create(&thread, NULL, firing, NULL), 0);
        CHECK_IS(run(&call), ZVM_E_CANCELLED);
        CHECK(now() - start < 2);
        pthread_join(thread, NULL);
        untouched();
    }
    zvm_interrupt_reset(token);
}

static void on_alarm(int number)
{
    (void)number;
    zvm_interrupt_fire(token);
}

static void fired_by_a_signal_handler(void)
{
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART}, before;
    struct itimerspec in_20_ms = {.it_value.tv_nsec = 20000000};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
    zvm_call call = endless();
    timer_t timer;

    sigaction(SIGALRM, &action, &before);
    CHECK_IS(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    CHECK_IS(timer_settime(timer, 0, &in_20_ms, NULL), 0);
    CHECK_IS(run(&call), ZVM_E_CANCELLED);
    timer_delete(timer);
    sigaction(SIGALRM, &before, NULL);
    zvm_interrupt_reset(token);
    untouched();
}

static void a_deadline_ends_an_endless_loop(void)
{
    zvm_call call = endless();

    call.time_limit_ns = 30000000;
    for (int i = 0; i < 2; i++) {
        double start = now();
        call.interrupt = i ? token : NULL;
        CHECK_IS(run(&call), ZVM_E_DEADLINE);
        CHECK(now() - start >= 0.03 && now() - start < 2);
        untouched();
    }
    /* One that is too late for nothing. */
    zvm_call quick = call_of("call", bytes_of(NULL, 0));
    quick.time_limit_ns = 60000000000;
    CHECK_IS(run(&quick), ZVM_OK);
    /* The largest one is no deadline at all. */
    quick.time_limit_ns = UINT64_MAX;
    CHECK_IS(run(&quick), ZVM_OK);
}

static int32_t firing_in_a_callback(host *h, void *op, int32_t honest)
{
    zvm_frame_view view = {.struct_size = sizeof view};
    zvm_frame *frame = ((zvm_op *)op)->frame;

    (void)h;
    CHECK_IS(zvm_frame_info(frame, &view, NULL), ZVM_OK);
    CHECK_IS(view.cancelled, 0);
    zvm_interrupt_fire(token);
    CHECK_IS(zvm_frame_info(frame, &view, NULL), ZVM_OK);
    CHECK_IS(view.cancelled, 1);
    return honest;
}

static void fired_in_a_callback(void)
{
    static const struct { int which; const char *entry; } asks[] = {
        {GET, "read"}, {SCAN, "next"}, {QUERY, "ask"}, {BLOCK_HASH, "block_hash"}};

    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
        zvm_call call = call_of(asks[i].entry, text_of("some key"));
        CASE("%s", asks[i].entry);
        call.interrupt = token;
        books.twist[asks[i].which] = firing_in_a_callback;
        CHECK_IS(run(&call), ZVM_E_CANCELLED);
        books.twist[asks[i].which] = NULL;
        zvm_interrupt_reset(token);
        CHECK_IS(run(&call), ZVM_OK);
    }
}

static int32_t spinning_below(host *h, void *op, int32_t honest)
{
    zvm_call call = endless();
    zvm_result result = {.struct_size = sizeof result};
    pthread_t thread;

    (void)h;
    call.interrupt = NULL; /* the outer call's holds for all below it */
    CHECK_IS(pthread_create(&thread, NULL, firing, NULL), 0);
    CHECK_IS(zvm_frame_call(((zvm_op *)op)->frame, &call, &result, NULL), ZVM_E_CANCELLED);
    pthread_join(thread, NULL);
    return honest;
}

static void fired_in_a_nested_call(void)
{
    zvm_call call = call_of("ask", text_of("spin"));

    call.gas_limit = 1000000000000000;
    call.interrupt = token;
    books.twist[QUERY] = spinning_below;
    CHECK_IS(run(&call), ZVM_E_CANCELLED);
    books.twist[QUERY] = NULL;
    zvm_interrupt_reset(token);
    untouched();
}

static void a_freed_token_lives_while_its_call_runs(void)
{
    zvm_call call = endless();
    zvm_interrupt *mine = zvm_interrupt_clone(token), *other = zvm_interrupt_clone(token);
    pthread_t thread;

    call.interrupt = mine;
    CHECK_IS(pthread_create(&thread, NULL, firing, NULL), 0); /* fires what `mine` is a handle of */
    CHECK_IS(run(&call), ZVM_E_CANCELLED);
    pthread_join(thread, NULL);
    zvm_interrupt_free(mine);
    zvm_interrupt_reset(other);
    zvm_interrupt_free(other);
    call = call_of("call", bytes_of(NULL, 0));
    call.interrupt = token;
    CHECK_IS(run(&call), ZVM_OK);
}

/* Fires at random moments around calls. A call after a reset is never hit by what was fired before. */
static void *firing_at_random(void *stop)
{
    unsigned seed = 7;

    while (!__atomic_load_n((int *)stop, __ATOMIC_ACQUIRE)) {
        seed = seed * 1103515245u + 12345u;
        nanosleep(&(struct timespec){.tv_nsec = (long)(seed >> 16) % 200000}, NULL);
        zvm_interrupt_fire(token);
    }
    return NULL;
}

static void a_later_call_is_never_hit(void)
{
    zvm_call call = call_of("write", text_of("k"));
    unsigned cancelled = 0, done = 0;
    int stop = 0;
    pthread_t thread;

    call.interrupt = token;
    CHECK_IS(pthread_create(&thread, NULL, firing_at_random, &stop), 0);
    for (int i = 0; i < 2000; i++) {
        zvm_interrupt_reset(token);
        int32_t status = run(&call);
        CHECK(status == ZVM_OK || status == ZVM_E_CANCELLED);
        cancelled += status == ZVM_E_CANCELLED;
        done += status == ZVM_OK;
        /* Without the token nothing can hit. */
        if (i % 10 == 0)
            CHECK_IS(try_probe(session, "call", bytes_of(NULL, 0)), ZVM_OK);
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
    pthread_join(thread, NULL);
    CHECK(done > 0);
    zvm_interrupt_reset(token);
    for (int i = 0; i < 100; i++)
        CHECK_IS(run(&call), ZVM_OK);
    CHECK_IS(zvm_session_reset(session, NULL), ZVM_OK);
    (void)cancelled;
}

/* Gas does not depend on whether somebody could have stopped the call. */
static void watching_costs_no_gas(void)
{
    uint64_t gas[3];

    for (int i = 0; i < 3; i++) {
        zvm_call call = call_of("spin", bytes_of(NULL, 0));
        zvm_result result = {.struct_size = sizeof result};
        call.gas_limit = 12345678;
        call.interrupt = i == 1 ? token : NULL;
        call.time_limit_ns = i == 2 ? 60000000000 : 0;
        CHECK_IS(zvm_session_call(session, &call, &result, NULL), ZVM_OK);
        CHECK_IS(result.kind, ZVM_KIND_OUT_OF_GAS);
        gas[i] = result.gas_used;
        zvm_result_clear(&result);
    }
    CHECK(gas[0] == 12345678 && gas[1] == gas[0] && gas[2] == gas[0]);
}

static void begin(void)
{
    host_begin();
    host_deployed(&books);
    session = host_session(&books);
    CHECK_IS(zvm_interrupt_new(&token, NULL), ZVM_OK);
}

static void end(void)
{
    zvm_interrupt_free(token);
    zvm_session_free(session);
    host_clear(&books);
    host_end();
}

TAP_MAIN(begin, end,
    TEST(fired_before_the_start),
    TEST(fired_by_another_thread_in_a_tight_loop),
    TEST(fired_by_a_signal_handler),
    TEST(a_deadline_ends_an_endless_loop),
    TEST(fired_in_a_callback),
    TEST(fired_in_a_nested_call),
    TEST(a_freed_token_lives_while_its_call_runs),
    TEST(a_later_call_is_never_hit),
    TEST(watching_costs_no_gas))
