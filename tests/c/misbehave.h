/* One host, one session, and one callback at a time that misbehaves. */
#ifndef MISBEHAVE_H
#define MISBEHAVE_H

#include "host.h"

static host books;
static zvm_session *session;

/* Begins anew, and breaks one callback. */
static inline void misbehave(int which, int32_t (*twist)(host *, void *, int32_t))
{
    zvm_session_free(session);
    host_clear(&books);
    host_deployed(&books);
    session = host_session(&books);
    books.twist[which] = twist;
}

/* The callback is mended, and the session does what it would have done. */
static inline void works_again(int which)
{
    const zvm_change *list;
    size_t count = 1;

    books.twist[which] = NULL;
    if (which != COMMIT) {
        CHECK_IS(zvm_session_changes(session, &list, &count, NULL), ZVM_OK);
        CHECK_IS(count, 0);
    }
    CHECK_IS(doors[which](session), ZVM_OK);
    CHECK_IS(try_probe(session, "call", bytes_of(NULL, 0)), ZVM_OK);
}

static void begin(void)
{
    host_begin();
    misbehave(LOG, NULL);
}

static void end(void)
{
    zvm_session_free(session);
    host_clear(&books);
    host_end();
}

#endif
