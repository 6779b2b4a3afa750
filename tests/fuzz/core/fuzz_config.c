/* Any bytes as settings: what is accepted is what the header allows, fits its block, and begins with finite
 * weights. */
#include "bytes.h"

static int within(double x, double low, double high) { return x >= low && x <= high; }

/* The ranges as include/unrolled.h tells them. */
static int allowed(const unroll_config *c) {
    return within(c->cell, UNROLL_RNN, UNROLL_ATTENTION) && within(c->gru_after, 0, 1) && within(c->layers, 1, 4) &&
           within(c->hidden, 1, 2048) && within(c->embedding, 0, 2048) && within(c->vocab, 2, 1114112) &&
           within(c->batch, 1, 4096) && within(c->seq_len, 1, 65536) && within(c->stateful, 0, 1) &&
           within(c->optimizer, 0, 4) && within(c->clip_mode, 0, 2) && within(c->init, 0, 2) &&
           within(c->dropout_kind, 0, 1) && c->init_gain > 0 && c->init_gain <= 100 && c->learning_rate > 0 &&
           c->learning_rate <= 1000 && within(c->momentum, 0, 1) && within(c->alpha, 0, 1) && within(c->beta1, 0, 1) &&
           c->beta1 < 1 && within(c->beta2, 0, 1) && c->beta2 < 1 && within(c->epsilon, 1e-15, 1) &&
           within(c->weight_decay, 0, 1000) && c->clip_threshold > 0 && c->clip_threshold <= 1e9 &&
           within(c->l1, 0, 1000) && within(c->l2, 0, 1000) && within(c->dropout, 0, 1) && c->dropout < 1 &&
           within(c->forget_bias, -100, 100) &&
           (c->cell != UNROLL_ATTENTION || (within(c->heads, 1, 64) && c->hidden % c->heads == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    bytes b = {data, size};
    unroll_config c;
    if (take_byte(&b) % 4) c = take_config(&b);
    else take(&b, &c, sizeof c);
    /* sizes beyond the small ones of take_config() */
    if (take_byte(&b) == 1)
        c.hidden = take_int(&b), c.vocab = take_int(&b), c.batch = take_int(&b), c.seq_len = take_int(&b);
    size_t needed = unroll_trainer_bytes(&c);
    if (needed) MUST(allowed(&c));
    unroll_trainer *t = (unroll_trainer *)data;
    if (!needed) {
        MUST(unroll_trainer_init(&t, NULL, 0, &c) == UNROLL_BAD_CONFIG && t == (unroll_trainer *)data);
        return 0;
    }
    if (needed > 1 << 22) return 0;
    void *room = block(needed);
    MUST(unroll_trainer_init(&t, room, needed - 1, &c) == UNROLL_NO_SPACE && t == (unroll_trainer *)data);
    MUST(unroll_trainer_init(&t, room, needed, &c) == UNROLL_OK);
    int32_t end = 0, size_of = unroll_trainer_size(t);
    MUST(unroll_trainer_tensor(t, -1) == NULL && unroll_trainer_tensor(t, unroll_trainer_tensor_count(t)) == NULL);
    for (int32_t i = 0; i < unroll_trainer_tensor_count(t); i++) {
        const unroll_tensor *x = unroll_trainer_tensor(t, i);
        MUST(x->offset >= end && x->rows >= 1 && x->cols >= 1 && x->trained_from >= 0 && x->trained_from <= x->rows);
        MUST(memchr(x->name, 0, sizeof x->name) != NULL);
        end = x->offset + x->rows * x->cols;
    }
    MUST(end <= size_of);
    MUST(all_finite(unroll_trainer_array(t, UNROLL_WEIGHTS), (size_t)size_of));
    release();
    return 0;
}
