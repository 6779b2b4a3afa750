/* The settings: their defaults and their ranges. */
#include "config.h"

/* A binding writes the settings by their places. */
_Static_assert(offsetof(unroll_config, learning_rate) == 16 * 4 && sizeof(unroll_config) == 16 * 4 + 13 * 8,
               "unroll_config is sixteen 32-bit integers, then thirteen doubles");

void unroll_config_default(unroll_config *cfg) {
    *cfg = (unroll_config){
        .cell = UNROLL_LSTM,
        .layers = 1,
        .hidden = 128,
        .batch = 32,
        .seq_len = 64,
        .stateful = 1,
        .optimizer = UNROLL_ADAM,
        .clip_mode = UNROLL_CLIP_NORM,
        .seed = 1,
        .heads = 4,
        .learning_rate = 2e-3,
        .momentum = 0.9,
        .alpha = 0.95,
        .beta1 = 0.9,
        .beta2 = 0.999,
        .epsilon = 1e-8,
        .clip_threshold = 5,
        .forget_bias = 1,
        .init_gain = 1,
    };
}

static int between(int32_t x, int32_t low, int32_t high) { return x >= low && x <= high; }

/* Written so that NaN fails. */
static int fraction(double x) { return x >= 0 && x < 1; }
static int up_to(double x, double most) { return x >= 0 && x <= most; }
static int positive(double x, double most) { return x > 0 && x <= most; }

/* Heads are looked at where there are any. */
static int heads_valid(const unroll_config *c) {
    return c->cell != UNROLL_ATTENTION || (between(c->heads, 1, 64) && c->hidden % c->heads == 0);
}

int unroll_config_shape_valid(const unroll_config *c) {
    return between(c->cell, UNROLL_RNN, UNROLL_ATTENTION) && between(c->gru_after, 0, 1) &&
           between(c->layers, 1, UNROLL_MAX_LAYERS) && between(c->hidden, 1, 2048) && between(c->embedding, 0, 2048) &&
           between(c->vocab, 2, 1114112) && between(c->batch, 1, 4096) && between(c->seq_len, 1, 65536) &&
           between(c->stateful, 0, 1) && c->forget_bias >= -100 && c->forget_bias <= 100 &&
           between(c->init, UNROLL_UNIFORM, UNROLL_IDENTITY) && positive(c->init_gain, 100) && heads_valid(c);
}

int unroll_config_rates_valid(const unroll_config *c) {
    return between(c->optimizer, UNROLL_SGD, UNROLL_ADAMW) &&
           between(c->clip_mode, UNROLL_CLIP_NONE, UNROLL_CLIP_VALUE) && positive(c->learning_rate, 1000) &&
           up_to(c->momentum, 1) && up_to(c->alpha, 1) && fraction(c->beta1) && fraction(c->beta2) &&
           c->epsilon >= 1e-15 && c->epsilon <= 1 && up_to(c->weight_decay, 1000) && positive(c->clip_threshold, 1e9) &&
           up_to(c->l1, 1000) && up_to(c->l2, 1000) && fraction(c->dropout) &&
           between(c->dropout_kind, UNROLL_DROPOUT_UNIT, UNROLL_DROPOUT_VARIATIONAL);
}

int unroll_config_gates(const unroll_config *cfg) {
    static const int gates[] = {
        [UNROLL_RNN] = 1, [UNROLL_LSTM] = 4, [UNROLL_GRU] = 3, [UNROLL_MINGRU] = 2, [UNROLL_ATTENTION] = 3};
    return gates[cfg->cell];
}
