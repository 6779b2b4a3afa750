/* Trainers, passes and data for the tests; everything is freed when the test ends. */
#ifndef UNROLL_SUPPORT_H
#define UNROLL_SUPPORT_H

#include "test.h"
#include "unrolled.h"

/* Every network: each cell, and both resets of the GRU. */
typedef struct network {
    const char *name;
    int cell, after;
} network;
static const network NETWORKS[] = {{"rnn", UNROLL_RNN, 0},
                                   {"lstm", UNROLL_LSTM, 0},
                                   {"gru before", UNROLL_GRU, 0},
                                   {"gru after", UNROLL_GRU, 1},
                                   {"mingru", UNROLL_MINGRU, 0}};
enum { NETWORK_COUNT = sizeof NETWORKS / sizeof *NETWORKS };

static inline unroll_config settings(network n, int layers, int hidden, int embedding, int vocab, int batch,
                                     int seq_len) {
    unroll_config cfg;
    unroll_config_default(&cfg);
    cfg.cell = n.cell, cfg.gru_after = n.after, cfg.layers = layers, cfg.hidden = hidden, cfg.embedding = embedding;
    cfg.vocab = vocab, cfg.batch = batch, cfg.seq_len = seq_len;
    return cfg;
}

static inline unroll_trainer *make_trainer(const unroll_config *cfg) {
    size_t bytes = unroll_trainer_bytes(cfg);
    unroll_trainer *t = NULL;
    if (!bytes || unroll_trainer_init(&t, test_room(bytes), bytes, cfg) != UNROLL_OK) {
        printf("    a trainer could not be made\n");
        abort();
    }
    return t;
}

static inline unroll_pass *make_pass(unroll_trainer *t, int B, int T, int flags) {
    size_t bytes = unroll_pass_bytes(t, B, T, flags);
    unroll_pass *p = NULL;
    if (!bytes || unroll_pass_init(&p, test_room(bytes), bytes, t, B, T, flags) != UNROLL_OK) {
        printf("    a pass could not be made\n");
        abort();
    }
    return p;
}

/* A copy of what a pass holds. */
static inline float *traced(const unroll_pass *p, int what) {
    float *out = test_floats(unroll_pass_count(p, what));
    unroll_pass_copy(p, what, out);
    return out;
}

static inline size_t tensor_count(const unroll_tensor *x) { return (size_t)x->rows * (size_t)x->cols; }

/* A copy of a flat array. */
static inline float *copied(unroll_trainer *t, unroll_array which, size_t count) {
    float *out = test_floats(count);
    memcpy(out, unroll_trainer_array(t, which), count * sizeof *out);
    return out;
}
static inline float *weights_copy(unroll_trainer *t) {
    return copied(t, UNROLL_WEIGHTS, (size_t)unroll_trainer_size(t));
}

/* Numbers that look random and are the same everywhere: an LCG's upper bits. */
static inline uint32_t noise(uint32_t *state) { return (*state = *state * 1664525u + 1013904223u) >> 8; }

static inline int32_t *random_ids(size_t count, int vocab, uint32_t seed) {
    int32_t *ids = test_ints(count);
    for (size_t i = 0; i < count; i++) ids[i] = (int32_t)(noise(&seed) % (uint32_t)vocab);
    return ids;
}

/* Uniform in -size..size. */
static inline float *random_floats(size_t count, float size, uint32_t seed) {
    float *out = test_floats(count);
    for (size_t i = 0; i < count; i++) out[i] = size * ((float)noise(&seed) / 8388608.0f - 1);
    return out;
}

/* Multiplies every weight, so that gates leave their linear middle and gradients are easy to measure. */
static inline void widen(unroll_trainer *t, float factor) {
    float *w = unroll_trainer_array(t, UNROLL_WEIGHTS);
    for (int i = 0; i < unroll_trainer_size(t); i++) w[i] *= factor;
    unroll_trainer_repack(t);
}

#endif
