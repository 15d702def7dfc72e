/* What the examples share: ends them where something is not as it should be, and reads a file. */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "zvm.h"

static zvm_error *err;

static void expect(int holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "not as expected: %s\n", what);
        exit(1);
    }
}

/* Ends the program where zvm did not do its work. How a contract ended is another matter: the kind of a result. */
static void must(int32_t status)
{
    zvm_error_view why = {.struct_size = sizeof why};

    if (status == ZVM_OK)
        return;
    zvm_error_info(err, &why);
    fprintf(stderr, "%s: %s\n", zvm_status_name(status), (const char *)why.message.ptr);
    exit(1);
}

static zvm_bytes bytes(const void *ptr, size_t len)
{
    return (zvm_bytes){ptr, len};
}

static zvm_bytes read_file(const char *path)
{
    static uint8_t content[1 << 20]; /* zvm's limit of a module */
    FILE *file = fopen(path, "rb");

    expect(file != NULL, path);
    size_t len = fread(content, 1, sizeof content, file);
    fclose(file);
    return bytes(content, len);
}

#endif
