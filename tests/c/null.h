/* What the program that `null` writes is made of: for each case fresh handles, one call, a look at its status. */
#ifndef NULL_H
#define NULL_H

#include "host.h"

/* The valid arguments, fresh for each case. */
extern zvm_config config;
extern zvm_code_params code_params;
extern zvm_session_params params, attached;
extern zvm_call call;
extern zvm_deploy deploy;
extern zvm_ethereum_transaction transaction;
extern zvm_result result;
extern zvm_error_view error_view;
extern zvm_stats stats;
extern zvm_transaction_view transaction_view;
extern zvm_run run;
extern zvm_code_view code_view;
extern zvm_frame_view frame_view;
extern zvm_bytes bytes, key, artefact;
extern zvm_word word;
extern zvm_address address;
extern zvm_point point;
/* The x coordinate of the generator of secp256k1: the shortest key there is. */
extern const uint8_t generator[32], keys[48];
extern int32_t verdict;
extern const zvm_change *changes;
extern zvm_change change;
extern size_t size;
extern uint64_t number, mark;
extern zvm_code *code;
extern zvm_session *session;
extern zvm_store *store;
extern zvm_interrupt *interrupt;
extern zvm_error *error;
/* A handle that was freed. */
extern void *dead;
/* What a call may make; freed after it. */
extern zvm_runtime *new_runtime;
extern zvm_code *new_code;
extern zvm_session *new_session;
extern zvm_store *new_store;
extern zvm_interrupt *new_interrupt;
extern zvm_error *new_error;

void case_begin(void);
void case_end(const char *name, int as_expected);

#define STATUS(name, call, expected)                                         \
    do {                                                                     \
        case_begin();                                                        \
        int32_t status = call;                                               \
        case_end(name, CHECK_IS(status, expected));                          \
    } while (0)

#define POINTER(name, call)                                                  \
    do {                                                                     \
        case_begin();                                                        \
        void *made = call;                                                   \
        case_end(name, CHECK(made == NULL));                                 \
    } while (0)

#define NOTHING(name, call)                                                  \
    do {                                                                     \
        case_begin();                                                        \
        call;                                                                \
        case_end(name, 1);                                                   \
    } while (0)

/* The cases: outside of a callback, and in the query hook. */
void outside(void);
void inside(zvm_frame *, zvm_reply *);

#endif
