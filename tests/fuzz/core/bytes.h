/* A fuzzer's bytes read as the arguments of calls, and blocks whose every byte past the end is watched. */
#ifndef UNROLL_BYTES_H
#define UNROLL_BYTES_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unrolled.h"

typedef struct bytes {
    const uint8_t *at;
    size_t left;
} bytes;

/* What is past the end reads as zeros. */
static inline void take(bytes *b, void *out, size_t size) {
    size_t have = size < b->left ? size : b->left;
    memset(out, 0, size);
    if (have) memcpy(out, b->at, have);
    b->at += have, b->left -= have;
}
static inline uint8_t take_byte(bytes *b) {
    uint8_t x;
    take(b, &x, 1);
    return x;
}
static inline int32_t take_int(bytes *b) {
    int32_t x;
    take(b, &x, sizeof x);
    return x;
}
/* low..high by one byte. */
static inline int32_t take_between(bytes *b, int32_t low, int32_t high) {
    return low + take_byte(b) % (high - low + 1);
}

/* Numbers that arithmetic trips over, and by the last case any bits at all. */
static inline double take_number(bytes *b) {
    static const double hostile[] = {0,     -0.0,   1,      -1,       0.5,       1e-15, 1e-8,        1e-30,       1e-38,
                                     1e-45, 1e-300, 1e-3,   10,       1000,      1e9,   1e18,        1e30,        3e38,
                                     -3e38, 1e300,  -1e300, INFINITY, -INFINITY, NAN,   0.999999999, 4294967296.0};
    uint8_t kind = take_byte(b);
    double x;
    if (kind < sizeof hostile / sizeof *hostile) return hostile[kind];
    if (kind < 128) return (double)(int8_t)take_byte(b) / 64;
    if (kind < 192) return ldexp((double)(int8_t)take_byte(b), (int8_t)take_byte(b) / 2);
    take(b, &x, sizeof x);
    return x;
}
static inline float take_float(bytes *b) { return (float)fmax(fmin(take_number(b), 3.4e38), -3.4e38); }

/* A setting that is mostly within low..high, now and then anything. */
static inline double take_rate(bytes *b, double low, double high) {
    uint8_t kind = take_byte(b);
    if (kind >= 240) return take_number(b);
    return kind == 239 ? high : kind == 238 ? low : low + (high - low) * pow(kind / 238.0, 4);
}

/* Settings of a small network, each of them now and then out of its range. */
static inline unroll_config take_config(bytes *b) {
    unroll_config c;
    unroll_config_default(&c);
    c.cell = take_between(b, 0, 4), c.gru_after = take_between(b, 0, 1), c.layers = take_between(b, 1, 3);
    c.hidden = take_between(b, 1, 19), c.embedding = take_between(b, 0, 1) ? take_between(b, 1, 11) : 0;
    c.vocab = take_between(b, 2, 21), c.batch = take_between(b, 1, 35), c.seq_len = take_between(b, 1, 9);
    c.stateful = take_between(b, 0, 1), c.optimizer = take_between(b, 0, 4), c.clip_mode = take_between(b, 0, 2);
    c.seed = (uint32_t)take_int(b);
    c.learning_rate = take_rate(b, 1e-4, 1000), c.momentum = take_rate(b, 0, 1), c.alpha = take_rate(b, 0, 1);
    c.beta1 = take_rate(b, 0, 0.9999), c.beta2 = take_rate(b, 0, 0.9999), c.epsilon = take_rate(b, 1e-15, 1);
    c.weight_decay = take_rate(b, 0, 1000), c.clip_threshold = take_rate(b, 1e-6, 1e30);
    c.l1 = take_rate(b, 0, 1000), c.l2 = take_rate(b, 0, 1000), c.dropout = take_rate(b, 0, 0.99);
    c.forget_bias = take_rate(b, -100, 100);
    c.init_gain = take_rate(b, 0.01, 100), c.init = take_between(b, 0, 2), c.dropout_kind = take_between(b, 0, 1);
    c.heads = take_between(b, 1, 4);
    if (c.hidden % c.heads) c.heads = 1;
    return c;
}

/* One hold of anything anywhere, mostly within a small network. */
static inline unroll_hold take_hold(bytes *b) {
    unroll_hold h = {.what = take_between(b, -1, 9), .layer = take_between(b, -1, 3), .unit = take_between(b, -2, 8)};
    h.stream = take_between(b, -2, 4), h.from = take_between(b, -1, 6);
    h.to = take_byte(b) % 8 ? take_between(b, 0, 12) : take_int(b), h.value = take_float(b);
    return h;
}

/* Everything a run of the fuzzer allocates, freed by release(). Each block has exactly the bytes asked for, so that the
 * address sanitizer sees the first one past it. */
enum { MOST_BLOCKS = 256 };
static struct {
    void *block[MOST_BLOCKS];
    int count;
} held;

static inline void *block(size_t size) {
    void *p = held.count < MOST_BLOCKS ? malloc(size) : NULL; /* the sanitizer aligns to 16 */
    if (!p) abort();
    return memset(held.block[held.count++] = p, 0x7f, size);
}
static inline void release(void) {
    while (held.count) free(held.block[--held.count]);
}

/* A property that does not hold ends the run as a crash does. */
#define MUST(condition)                                                                    \
    do {                                                                                   \
        if (!(condition)) {                                                                \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                       \
        }                                                                                  \
    } while (0)

static inline int all_finite(const float *x, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!isfinite(x[i])) return 0;
    return 1;
}

#endif
