/* Reads the fields of a scenario file. What the format does not know ends the program. */
#ifndef JSON_H
#define JSON_H

#include "host.h"

#include <cjson/cJSON.h>

/* Everything read out of a file lives until the file is done. */
static void **owned;
static size_t owned_count;

static void *own(void *memory)
{
    owned = realloc(owned, (owned_count + 1) * sizeof *owned);
    owned[owned_count++] = memory;
    return memory;
}

static void disown_all(void)
{
    while (owned_count)
        free(owned[--owned_count]);
}

static void unreadable(const char *what)
{
    printf("Bail out! %s: %s\n", tap_case, what);
    exit(2);
}

/* A field that the format does not know is an error of this runner. */
static void only(const cJSON *object, const char *known)
{
    for (const cJSON *field = object ? object->child : NULL; field; field = field->next) {
        char name[64];
        snprintf(name, sizeof name, " %s ", field->string);
        if (strstr(known, name) == NULL)
            unreadable(field->string);
    }
}

static const cJSON *field(const cJSON *object, const char *name)
{
    return object ? cJSON_GetObjectItemCaseSensitive(object, name) : NULL;
}

static uint64_t number(const cJSON *object, const char *name)
{
    const cJSON *value = field(object, name);

    return value ? (uint64_t)value->valuedouble : 0;
}

static const char *text(const cJSON *object, const char *name)
{
    const cJSON *value = field(object, name);

    return value ? value->valuestring : "";
}

static int digit(char c)
{
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;

    if (at == NULL)
        unreadable("a hex digit");
    return (int)(at - digits);
}

static zvm_bytes from_hex(const char *hex)
{
    size_t len = strlen(hex);
    uint8_t *out = own(malloc(len / 2 + 1));

    if (len == 0)
        return bytes_of(NULL, 0);
    if (len % 2 || hex[0] != '0' || hex[1] != 'x')
        unreadable(hex);
    for (size_t i = 2; i < len; i += 2)
        out[i / 2 - 1] = (uint8_t)(digit(hex[i]) << 4 | digit(hex[i + 1]));
    return bytes_of(len > 2 ? out : NULL, len / 2 - 1);
}

static zvm_bytes bytes(const cJSON *object, const char *name)
{
    return from_hex(text(object, name));
}

static zvm_address to_address(const char *hex)
{
    zvm_address address = {{0}};
    zvm_bytes bytes = from_hex(hex);

    if (bytes.len == 20)
        memcpy(address.bytes, bytes.ptr, 20);
    else if (bytes.len)
        unreadable(hex);
    return address;
}

static zvm_address address(const cJSON *object, const char *name)
{
    return to_address(text(object, name));
}

static zvm_word word(const cJSON *object, const char *name)
{
    zvm_word word = {{0}};
    zvm_bytes bytes = from_hex(text(object, name));

    if (bytes.len == 32)
        memcpy(word.bytes, bytes.ptr, 32);
    else if (bytes.len)
        unreadable(name);
    return word;
}

#endif
