/*
 * A host for tests: storage and accounts in memory behind tables whose every callback can be told to misbehave, and
 * short forms of the calls into the library.
 *
 * A misbehaviour is a function that is called after the honest callback did its work and returns what the callback is to
 * return; it may twist the op as it likes.
 */
#ifndef HOST_H
#define HOST_H

#include <limits.h>

#include "tap.h"
#include "zvm.h"

/* The callbacks. */
enum { GET, GET_MANY, SCAN, COMMIT, ACCOUNT, CODE, BLOCK_HASH, ADMIT, QUERY, LOG, TRACE, DOORS };
/* Nothing that these say counts. */
#define IS_HEARD(which) ((which) != LOG && (which) != TRACE)

typedef struct {
    zvm_address account;
    uint32_t kind; /* the ZVM_CHANGE that set it; a deleted entry is removed */
    uint32_t engine;
    zvm_bytes key, value;
} host_row;

typedef struct host host;
struct host {
    host_row *rows;
    size_t count;
    /* The misbehaviour of each callback, and which of its calls, from 0, it begins with. */
    int32_t (*twist[DOORS])(host *, void *op, int32_t honest);
    unsigned from[DOORS];
    unsigned calls[DOORS], released;
    /* For the misbehaviours of a test. */
    int32_t returns;
    void *extra;
};

/* The tables; a test that wants others copies them. */
extern const zvm_storage host_storage;
extern const zvm_ledger host_ledger;
extern const zvm_hooks host_hooks;
/* Without get_many: prefetch asks `get`. */
extern const zvm_storage host_storage_small;

extern const zvm_address deployer;
extern zvm_runtime *runtime;
/* The compiled contracts/probe.c, and where `host_deployed` puts it. */
extern zvm_bytes probe;
extern zvm_address probe_at;

/* Makes the runtime and loads the probe; the first thing in every program. */
void host_begin(void);
void host_end(void);

void host_clear(host *);
void host_apply(host *, const zvm_change *);
/* A host in which the probe is deployed and the entry "key" is "value". */
void host_deployed(host *);

zvm_session_params host_params(host *);
zvm_session *host_session(host *);

zvm_bytes bytes_of(const void *ptr, size_t len);
zvm_bytes text_of(const char *text);
/* A file's content; empty where it cannot be read. */
zvm_bytes file_of(const char *path);

zvm_call call_of(const char *entry, zvm_bytes input);
zvm_deploy deploy_of(zvm_bytes code, zvm_bytes input);

/* Calls an entry of the probe, checks that the call worked, and returns what came of it, to be cleared. */
zvm_result call_probe(zvm_session *, const char *entry, zvm_bytes input);
/* Calls an entry of the probe and returns the status; its outcome is dropped. */
int32_t try_probe(zvm_session *, const char *entry, zvm_bytes input);

/* What the last error said, zero and empty where there was none; `keep` frees it. Everything here keeps its errors. */
extern zvm_error_view last;
extern char last_message[256];
int32_t keep(int32_t status, zvm_error *);

/* Calls that reach each callback. Each returns the status. */
typedef int32_t door(zvm_session *);
extern door *const doors[DOORS];
extern const char *const door_names[DOORS];

#endif
