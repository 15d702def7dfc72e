/*
 * Tests in the Test Anything Protocol: a program is a list of functions, each a test that ends as "ok NAME" or
 * "not ok NAME". A check that does not hold fails its test, says where, and goes on.
 */
#ifndef TAP_H
#define TAP_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *name;
    void (*run)(void);
} tap_test;

static unsigned tap_failed_checks;

/* What the next checks are about, printed where one does not hold. */
static char tap_case[160];

#define TEST(name) {#name, name}

/* Names the case at hand. */
#define CASE(...) snprintf(tap_case, sizeof tap_case, __VA_ARGS__)

#define CHECK(holds) tap_check((holds) != 0, __FILE__, __LINE__, #holds)

/* Two numbers are equal. */
#define CHECK_IS(is, expected) tap_check_is((long long)(is), (long long)(expected), __FILE__, __LINE__, #is)

static inline int tap_check(int holds, const char *file, int line, const char *what)
{
    if (!holds) {
        tap_failed_checks++;
        printf("# %s:%d: %s%s%s\n", file, line, what, tap_case[0] ? "  in " : "", tap_case);
    }
    return holds;
}

static inline int tap_check_is(long long is, long long expected, const char *file, int line, const char *what)
{
    char text[300];

    snprintf(text, sizeof text, "%s is %lld, not %lld", what, is, expected);
    return tap_check(is == expected, file, line, text);
}

/* Runs the tests, or only those whose name contains the program's argument. Returns the status of the program. */
static inline int tap_main(int argc, char **argv, const tap_test *tests, size_t count)
{
    unsigned failed = 0, ran = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; i < count; i++) {
        if (argc > 1 && strstr(tests[i].name, argv[1]) == NULL)
            continue;
        tap_failed_checks = 0;
        tap_case[0] = 0;
        tests[i].run();
        printf("%s %s\n", tap_failed_checks ? "not ok" : "ok", tests[i].name);
        failed += tap_failed_checks != 0;
        ran++;
    }
    printf("1..%u\n", ran);
    return failed != 0;
}

/* The program: what comes before the tests, what after, and the tests. */
#define TAP_MAIN(begin, end, ...)                                                \
    int main(int argc, char **argv)                                              \
    {                                                                            \
        static const tap_test tests[] = {__VA_ARGS__};                           \
        begin();                                                                 \
        int status = tap_main(argc, argv, tests, sizeof tests / sizeof *tests);  \
        end();                                                                   \
        return status;                                                           \
    }

#endif
