/* Reads a golden file: JSON by dotted paths ("grad.params.head.bias" is found though the last name holds a dot), with
 * tensors as base64 of float64. It trusts the file's syntax, for the files are the project's own. */
#ifndef UNROLL_GOLDEN_H
#define UNROLL_GOLDEN_H

#include "test.h"

typedef struct golden {
    const char *name; /* of the file */
    char *text;
} golden;

static inline golden golden_open(const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", GOLDENS, name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        printf("    cannot read %s\n", path);
        abort();
    }
    fseek(file, 0, SEEK_END);
    long bytes = ftell(file);
    rewind(file);
    golden g = {name, test_room((size_t)bytes + 1)};
    if (fread(g.text, 1, (size_t)bytes, file) != (size_t)bytes) abort();
    fclose(file);
    return g;
}

static inline const char *json_space(const char *p) { return p + strspn(p, " \t\r\n,:"); }

/* What stands after the value that starts at p. */
static inline const char *json_skip(const char *p) {
    p = json_space(p);
    if (*p == '"') return strchr(p + 1, '"') + 1;
    if (*p != '{' && *p != '[') return p + strcspn(p, ",]} \n");
    char close = *p == '{' ? '}' : ']';
    for (p = json_space(p + 1); *p != close;) p = json_space(json_skip(p));
    return p + 1;
}

/* The value at `path` below the object or array at p, or NULL. A number in the path is an array's index. */
static inline const char *json_find(const char *p, const char *path) {
    p = json_space(p);
    if (!*path) return p;
    if (*p == '[') {
        char *rest;
        long index = strtol(path, &rest, 10);
        for (p = json_space(p + 1); *p != ']'; p = json_space(json_skip(p)))
            if (index-- == 0) return json_find(p, *rest == '.' ? rest + 1 : rest);
        return NULL;
    }
    if (*p != '{') return NULL;
    for (p = json_space(p + 1); *p == '"';) {
        const char *key = p + 1, *value = json_skip(p);
        size_t length = (size_t)(value - 1 - key);
        if (!strncmp(key, path, length) && (path[length] == '.' || !path[length])) {
            const char *found = json_find(value, path + length + (path[length] == '.'));
            if (found) return found;
        }
        p = json_space(json_skip(value));
    }
    return NULL;
}

static inline int golden_has(golden g, const char *path) { return json_find(g.text, path) != NULL; }

static inline const char *golden_at(golden g, const char *path) {
    const char *p = json_find(g.text, path);
    if (!p) {
        printf("    %s has no %s\n", g.name, path);
        abort();
    }
    return p;
}

static inline double golden_number(golden g, const char *path) { return strtod(golden_at(g, path), NULL); }

/* Whether the string at `path` is `text`. */
static inline int golden_is(golden g, const char *path, const char *text) {
    const char *p = golden_at(g, path);
    size_t length = strlen(text);
    return !strncmp(p + 1, text, length) && p[length + 1] == '"';
}

/* A nested array of integers, flat. */
static inline int32_t *golden_ints(golden g, const char *path, int count) {
    const char *p = golden_at(g, path);
    int32_t *out = test_ints((size_t)count);
    for (int i = 0; i < count; i++) {
        p += strcspn(p, "0123456789");
        out[i] = (int32_t)strtol(p, (char **)&p, 10);
    }
    return out;
}

/* A tensor of `count` numbers, rounded to float. */
static inline float *golden_tensor(golden g, const char *path, size_t count) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *p = strchr(json_find(golden_at(g, path), "f64"), '"') + 1;
    unsigned char *bytes = test_room(count * 8 + 3);
    size_t length = 0;
    uint32_t bits = 0;
    for (int have = 0; *p != '"' && *p != '='; p++) {
        bits = bits << 6 | (uint32_t)(strchr(digits, *p) - digits), have += 6;
        if (have < 8) continue;
        have -= 8;
        if (length < count * 8) bytes[length] = (unsigned char)(bits >> have);
        length++;
    }
    if (length != count * 8) {
        printf("    %s: %s has %zu numbers, not %zu\n", g.name, path, length / 8, count);
        abort();
    }
    float *out = test_floats(count);
    for (size_t i = 0; i < count; i++) {
        double x;
        memcpy(&x, bytes + 8 * i, 8);
        out[i] = (float)x;
    }
    return out;
}

#endif
