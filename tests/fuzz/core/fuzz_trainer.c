/* Training with hostile settings, weights and tokens: each call is a status or finite numbers, never one behind the
 * other. */
#include "bytes.h"

/* All that training may change, as it stood before a call. */
typedef struct standing {
    float *weights, *h, *c;
    unroll_progress progress;
    size_t state;
} standing;

static float *copied(unroll_trainer *t, unroll_array which, size_t count) {
    return memcpy(block(count * sizeof(float)), unroll_trainer_array(t, which), count * sizeof(float));
}

static standing stand(unroll_trainer *t, const unroll_config *c) {
    size_t state = c->cell == UNROLL_ATTENTION ? 0 : (size_t)c->layers * c->batch * c->hidden;
    return (standing){copied(t, UNROLL_WEIGHTS, (size_t)unroll_trainer_size(t)), copied(t, UNROLL_STATE_H, state),
                      copied(t, UNROLL_STATE_C, state), *unroll_trainer_progress(t), state};
}

static int same(unroll_trainer *t, unroll_array which, const float *before, size_t count) {
    return !memcmp(unroll_trainer_array(t, which), before, count * sizeof(float));
}

/* Whether it stands there, with its states too where a window was read. */
static int unchanged(unroll_trainer *t, const standing *before) {
    return same(t, UNROLL_WEIGHTS, before->weights, (size_t)unroll_trainer_size(t)) &&
           same(t, UNROLL_STATE_H, before->h, before->state) && same(t, UNROLL_STATE_C, before->c, before->state) &&
           !memcmp(unroll_trainer_progress(t), &before->progress, sizeof before->progress);
}

static void check_report(unroll_trainer *t, const unroll_report *r, const unroll_config *c) {
    MUST(isfinite(r->loss) && r->loss >= 0 && isfinite(r->grad_norm) && r->grad_norm >= 0 && isfinite(r->clipped_norm));
    MUST(r->clip_scale >= 0 && r->clip_scale <= 1 && r->clipped_fraction >= 0 && r->clipped_fraction <= 1);
    MUST(r->step == unroll_trainer_progress(t)->step && r->tokens == unroll_trainer_progress(t)->tokens);
    if (c->clip_mode == UNROLL_CLIP_NORM) MUST(r->clipped_norm <= c->clip_threshold * 1.001);
    MUST(all_finite(unroll_trainer_array(t, UNROLL_WEIGHTS), (size_t)unroll_trainer_size(t)));
    MUST(all_finite(unroll_trainer_array(t, UNROLL_MOMENT1), (size_t)unroll_trainer_size(t)));
    MUST(all_finite(unroll_trainer_array(t, UNROLL_MOMENT2), (size_t)unroll_trainer_size(t)));
}

/* Mostly ids of the vocabulary; `allow_none`: and places without a target. */
static int32_t *take_ids(bytes *b, size_t count, int32_t V, int allow_none) {
    int32_t *ids = block((count ? count : 1) * sizeof *ids), wrong = take_byte(b) == 255 ? take_int(b) : 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t x = take_byte(b);
        ids[i] = x == 255 && wrong ? wrong : x == 254 && allow_none ? -1 : x % V;
    }
    return ids;
}

static void put_weights(bytes *b, unroll_trainer *t) {
    int32_t size = unroll_trainer_size(t), count = take_byte(b) % 32;
    float scale = take_byte(b) < 200 ? 1 : take_float(b), *w = unroll_trainer_array(t, UNROLL_WEIGHTS);
    for (int32_t i = 0; i < unroll_trainer_tensor_count(t); i++) {
        const unroll_tensor *x = unroll_trainer_tensor(t, i);
        for (int32_t j = 0; j < x->rows * x->cols; j++) w[x->offset + j] *= scale;
    }
    for (int32_t k = 0; k < count; k++) {
        const unroll_tensor *x = unroll_trainer_tensor(t, take_byte(b) % unroll_trainer_tensor_count(t));
        w[x->offset + take_byte(b) % (x->rows * x->cols)] = take_float(b);
    }
    for (int32_t i = 0; i < size; i++)
        if (!isfinite(w[i])) w[i] = 0;
    unroll_trainer_repack(t);
}

static void train(bytes *b, unroll_trainer *t, unroll_config *c) {
    unroll_report report, untouched;
    memset(&report, 0x55, sizeof report), untouched = report;
    standing before = stand(t, c);
    unroll_status status;
    if (take_byte(b) % 2) {
        size_t count = (size_t)take_byte(b) * 2;
        int32_t *text = take_ids(b, count, c->vocab, 0);
        status = unroll_trainer_step(t, text, (int32_t)count, take_between(b, 1, 3), &report);
        if (status == UNROLL_TOO_FEW_TOKENS) MUST(unroll_window_count((int32_t)count, c->batch, c->seq_len) < 1);
        if (status && unroll_trainer_progress(t)->step > before.progress.step)
            return; /* the updates before stay done */
    } else {
        size_t count = (size_t)c->batch * c->seq_len;
        int32_t *input = take_ids(b, count, c->vocab, 0), *target = take_ids(b, count, c->vocab, 1);
        status = unroll_trainer_step_window(t, input, target, take_byte(b) % 2, &report);
    }
    MUST(status == UNROLL_OK || status == UNROLL_BAD_TOKEN || status == UNROLL_TOO_FEW_TOKENS ||
         status == UNROLL_DIVERGED);
    if (status == UNROLL_OK) check_report(t, &report, c);
    else MUST(!memcmp(&report, &untouched, sizeof report) && unchanged(t, &before));
}

static void evaluate(bytes *b, unroll_trainer *t, const unroll_config *c) {
    unroll_evaluation e, untouched;
    memset(&e, 0x55, sizeof e), untouched = e;
    standing before = stand(t, c);
    size_t count = take_byte(b);
    int32_t hold_count = take_byte(b) % 3;
    unroll_hold *holds = block((size_t)(hold_count + 1) * sizeof *holds);
    for (int32_t i = 0; i < hold_count; i++) holds[i] = take_hold(b);
    int32_t *text = take_ids(b, count, c->vocab, 0);
    unroll_status status = unroll_trainer_evaluate(t, text, (int32_t)count, holds, hold_count, &e);
    MUST(unchanged(t, &before));
    if (status) MUST(!memcmp(&e, &untouched, sizeof e));
    else
        MUST(isfinite(e.loss) && e.loss >= 0 && e.accuracy >= 0 && e.accuracy <= 1 && e.tokens >= 1 &&
             e.tokens < count);
}

/* Rates of another configuration, taken or refused as a whole. */
static void configure(bytes *b, unroll_trainer *t, unroll_config *c) {
    unroll_config next = take_config(b);
    unroll_status status = unroll_trainer_configure(t, &next);
    MUST(status == UNROLL_OK || status == UNROLL_BAD_CONFIG);
    if (status) return;
    c->learning_rate = next.learning_rate, c->momentum = next.momentum, c->alpha = next.alpha, c->beta1 = next.beta1;
    c->beta2 = next.beta2, c->epsilon = next.epsilon, c->weight_decay = next.weight_decay,
    c->clip_mode = next.clip_mode;
    c->clip_threshold = next.clip_threshold, c->l1 = next.l1, c->l2 = next.l2, c->dropout = next.dropout;
    MUST(unroll_trainer_bytes(c) > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    bytes b = {data, size};
    unroll_config c = take_config(&b);
    size_t needed = unroll_trainer_bytes(&c);
    if (!needed) return 0;
    unroll_trainer *t;
    MUST(unroll_trainer_init(&t, block(needed), needed, &c) == UNROLL_OK);
    for (int turn = 0; turn < 6 && b.left; turn++) switch (take_byte(&b) % 6) {
        case 0: put_weights(&b, t); break;
        case 1: configure(&b, t, &c); break;
        case 2: evaluate(&b, t, &c); break;
        default: train(&b, t, &c);
        }
    release();
    return 0;
}
