/* Training: windows of a text through the slices of a batch, their gradients into one update. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "clip.h"
#include "init.h"
#include "input.h"
#include "kernels/kernels.h"
#include "optimizer.h"
#include "pass.h"

/* A binding reads these by their places. */
_Static_assert(sizeof(unroll_tensor) == 40 + 4 * 4 && sizeof(unroll_progress) == 3 * 8 &&
                   sizeof(unroll_report) == 9 * 8 && sizeof(unroll_evaluation) == 3 * 8,
               "what a binding reads has no gaps");

/* Everything points into the one block it was laid out in. */
struct unroll_trainer {
    model m;
    workbench bench; /* its gradient is SHARD_GRADIENT */
    float *gradient;
    moments moments;
    float *state_h, *state_c, *next_h, *next_c; /* (L,B,H) */
    int32_t *input, *target;                    /* (B,T) */
    unroll_pass *pass;                          /* one slice's */
    unroll_progress progress;
    int outside; /* whether weights and moments may have come from outside since the last update */
};

/* ---- Memory ---- */

/* The largest slice; slices differ by one stream. */
static int32_t slice_streams(int32_t B) {
    int32_t slices = unroll_shard_count(B);
    return (B + slices - 1) / slices;
}

/* Everything but the slice's pass, which needs a laid-out model to be measured. */
static void trainer_layout(unroll_trainer *t, arena *a) {
    const unroll_config *c = &t->m.cfg;
    size_t rows = (size_t)carrying_layers(&t->m) * c->batch, H = (size_t)c->hidden,
           positions = (size_t)c->batch * c->seq_len;
    unroll_model_layout(&t->m, a);
    unroll_workbench_layout(&t->bench, &t->m, a);
    float **flat[] = {&t->gradient, &t->moments.first, &t->moments.second};
    for (int i = 0; i < 3; i++) *flat[i] = arena_floats(a, (size_t)t->m.size, 1);
    t->state_h = arena_floats(a, rows, H), t->state_c = arena_floats(a, rows, H);
    t->next_h = arena_floats(a, rows, H), t->next_c = arena_floats(a, rows, H);
    t->input = arena_take(a, positions, sizeof(int32_t)), t->target = arena_take(a, positions, sizeof(int32_t));
}

/* Fills in `t` for cfg, with memory from `block` (NULL: only counted). Returns the bytes, 0 if they cannot be counted;
 * `pass_bytes` are the last of them. */
static size_t trainer_place(unroll_trainer *t, const unroll_config *cfg, void *block, size_t *pass_bytes) {
    arena a = {.base = block};
    arena_take(&a, 1, sizeof *t);
    *t = (unroll_trainer){0};
    if (!unroll_model_table(&t->m, cfg)) return 0;
    trainer_layout(t, &a);
    *pass_bytes = unroll_pass_bytes(t, slice_streams(cfg->batch), cfg->seq_len, UNROLL_PASS_BACKWARD);
    if (!*pass_bytes || a.used > SIZE_MAX / 2 - *pass_bytes) return 0;
    return a.used + *pass_bytes;
}

size_t unroll_trainer_bytes(const unroll_config *cfg) {
    if (!unroll_config_shape_valid(cfg) || !unroll_config_rates_valid(cfg)) return 0;
    unroll_trainer t;
    size_t pass_bytes;
    return trainer_place(&t, cfg, NULL, &pass_bytes);
}

unroll_status unroll_trainer_init(unroll_trainer **out, void *block, size_t bytes, const unroll_config *cfg) {
    size_t needed = unroll_trainer_bytes(cfg), pass_bytes;
    if (!needed || ((uintptr_t)block & 15)) return UNROLL_BAD_CONFIG;
    if (bytes < needed) return UNROLL_NO_SPACE;
    unroll_trainer *t = block;
    memset(block, 0, needed);
    trainer_place(t, cfg, block, &pass_bytes);
    unroll_pass_init(&t->pass, (char *)block + needed - pass_bytes, pass_bytes, t, slice_streams(cfg->batch),
                     cfg->seq_len, UNROLL_PASS_BACKWARD);
    unroll_model_draw(&t->m);
    unroll_trainer_repack(t);
    *out = t;
    return UNROLL_OK;
}

size_t unroll_pass_bytes(const unroll_trainer *t, int32_t B, int32_t T, int32_t flags) {
    return unroll_pass_measure(&t->m, B, T, flags);
}

unroll_status unroll_pass_init(unroll_pass **out, void *block, size_t bytes, unroll_trainer *t, int32_t B, int32_t T,
                               int32_t flags) {
    unroll_pass like = {
        .m = &t->m, .bench = &t->bench, .progress = &t->progress, .capacity_B = B, .capacity_T = T, .flags = flags};
    return unroll_pass_make(out, block, bytes, &like);
}

unroll_status unroll_trainer_configure(unroll_trainer *t, const unroll_config *cfg) {
    unroll_config next = t->m.cfg;
    next.clip_mode = cfg->clip_mode, next.clip_threshold = cfg->clip_threshold;
    next.learning_rate = cfg->learning_rate, next.momentum = cfg->momentum, next.alpha = cfg->alpha;
    next.beta1 = cfg->beta1, next.beta2 = cfg->beta2, next.epsilon = cfg->epsilon,
    next.weight_decay = cfg->weight_decay;
    next.l1 = cfg->l1, next.l2 = cfg->l2, next.dropout = cfg->dropout, next.dropout_kind = cfg->dropout_kind;
    if (!unroll_config_rates_valid(&next)) return UNROLL_BAD_CONFIG;
    t->m.cfg = next;
    return UNROLL_OK;
}

/* ---- What it holds ---- */

int32_t unroll_trainer_tensor_count(const unroll_trainer *t) { return t->m.tensor_count; }

const unroll_tensor *unroll_trainer_tensor(const unroll_trainer *t, int32_t index) {
    return index >= 0 && index < t->m.tensor_count ? &t->m.tensor[index] : NULL;
}

float *unroll_trainer_array(unroll_trainer *t, unroll_array which) {
    switch (which) {
    case UNROLL_WEIGHTS: return t->m.weights;
    case UNROLL_GRADIENT: return t->gradient;
    case UNROLL_SHARD_GRADIENT: return t->bench.gradient;
    case UNROLL_MOMENT1: return t->moments.first;
    case UNROLL_MOMENT2: return t->moments.second;
    case UNROLL_STATE_H: return t->state_h;
    case UNROLL_STATE_C: return t->state_c;
    }
    return NULL;
}

static void weights_pack(unroll_trainer *t) {
    unroll_model_pack(&t->m);
    unroll_input_table(&t->m);
}

void unroll_trainer_repack(unroll_trainer *t) {
    weights_pack(t);
    t->outside = 1;
}

int32_t unroll_trainer_size(const unroll_trainer *t) { return t->m.size; }
unroll_progress *unroll_trainer_progress(unroll_trainer *t) { return &t->progress; }

/* ---- One update ---- */

void unroll_trainer_reduce(unroll_trainer *t, int32_t first) {
    if (!first) {
        unroll_add(t->gradient, t->bench.gradient, (size_t)t->m.size);
        return;
    }
    float *sum = t->bench.gradient;
    t->bench.gradient = t->gradient, t->gradient = sum;
}

/* Whether an update leaves weights and moments finite. Without weight decay, whose part is in no norm, it adds so
 * little to weights that the loss would overflow first: then they are looked at only when they came from outside. */
static int within_limits(unroll_trainer *t) {
    size_t n = (size_t)t->m.size;
    if (t->outside && !(unroll_largest(t->moments.first, n) <= MOMENT_LIMIT)) return 0;
    for (size_t i = 0; t->outside && i < n; i++)
        if (!(t->moments.second[i] >= 0 && isfinite(t->moments.second[i]))) return 0;
    if (t->outside || t->m.cfg.weight_decay > 0) return unroll_largest(t->m.weights, n) <= WEIGHT_LIMIT;
    return 1;
}

unroll_status unroll_trainer_update(unroll_trainer *t, double loss, double tokens, unroll_report *out) {
    unroll_report report = {.loss = loss, .learning_rate = t->m.cfg.learning_rate};
    if (!isfinite(loss) || !unroll_gradient_clip(&t->m, t->gradient, &report) || !within_limits(t))
        return UNROLL_DIVERGED;
    t->outside = 0;
    t->progress.step += 1, t->progress.tokens += tokens;
    unroll_optimizer_apply(&t->m, t->gradient, &t->moments, t->progress.step);
    weights_pack(t);
    report.step = t->progress.step, report.tokens = t->progress.tokens;
    *out = report;
    return UNROLL_OK;
}

/* Slice by slice: forward, loss, backward, gradients added in order. The states after the window go to next_h, next_c.
 * `loss` is the mean over the targets, `targets` how many there are. */
static unroll_status slices_run(unroll_trainer *t, const int32_t *input, const int32_t *target, int zero_state,
                                double *loss, double *targets) {
    const unroll_config *c = &t->m.cfg;
    double sum = 0, count = 0, part;
    for (size_t i = 0; i < (size_t)c->batch * c->seq_len; i++) count += target[i] >= 0;
    if (count == 0) return UNROLL_BAD_TOKEN;
    for (int32_t s = 0; s < unroll_shard_count(c->batch); s++) {
        int32_t from = unroll_shard_begin(c->batch, s), end = unroll_shard_begin(c->batch, s + 1);
        size_t at = (size_t)from * c->seq_len;
        unroll_pass_resize(t->pass, end - from, c->seq_len);
        if (zero_state) unroll_pass_set_state(t->pass, NULL, NULL);
        else unroll_pass_load_state(t->pass, t->state_h, t->state_c, c->batch, from);
        unroll_status status = unroll_pass_run(t->pass, input + at, target + at, 1, 1.0 / count, 1, from, &part);
        if (status) return status;
        unroll_pass_save_state(t->pass, t->next_h, t->next_c, c->batch, from);
        unroll_trainer_reduce(t, s == 0);
        sum += part;
    }
    *loss = sum / count, *targets = count;
    return UNROLL_OK;
}

unroll_status unroll_trainer_step_window(unroll_trainer *t, const int32_t *input, const int32_t *target,
                                         int32_t restart, unroll_report *out) {
    const unroll_config *c = &t->m.cfg;
    size_t state = sizeof(float) * (size_t)carrying_layers(&t->m) * c->batch * c->hidden;
    double loss, targets;
    unroll_status status = slices_run(t, input, target, restart || !c->stateful, &loss, &targets);
    if (!status) status = unroll_trainer_update(t, loss, targets, out);
    if (status) return status;
    memcpy(t->state_h, t->next_h, state);
    if (c->cell == UNROLL_LSTM) memcpy(t->state_c, t->next_c, state);
    t->progress.window += 1;
    return UNROLL_OK;
}

unroll_status unroll_trainer_step(unroll_trainer *t, const int32_t *tokens, int32_t count, int32_t n,
                                  unroll_report *out) {
    const unroll_config *c = &t->m.cfg;
    int32_t windows = unroll_window_count(count, c->batch, c->seq_len);
    if (windows < 1) return UNROLL_TOO_FEW_TOKENS;
    for (int32_t i = 0; i < n; i++) {
        double epoch = floor(t->progress.window / windows);
        int32_t k = (int32_t)(t->progress.window - epoch * windows);
        unroll_window_copy(t->input, t->target, tokens, count, c->batch, c->seq_len, k);
        for (size_t j = 0; j < (size_t)c->batch * c->seq_len; j++)
            if (t->target[j] < 0) return UNROLL_BAD_TOKEN; /* a text has a target everywhere */
        unroll_status status = unroll_trainer_step_window(t, t->input, t->target, k == 0, out);
        if (status) return status;
        out->epoch = epoch;
    }
    return UNROLL_OK;
}

/* ---- Evaluation ---- */

/* Streams from..end of a text of `stream` targets each, window by window from a zero state; those of a window that the
 * one before has counted stand in it as context alone. */
static unroll_status slice_evaluate(unroll_trainer *t, const int32_t *tokens, int32_t stream, int32_t from, int32_t end,
                                    double *loss, unroll_evaluation *e) {
    int32_t most = t->m.cfg.seq_len, again = is_attention(&t->m) ? attention_kept(most) : 0, counted = 0;
    for (int32_t start = 0; counted < stream; start += most - again) {
        int32_t T = stream - start < most ? stream - start : most;
        double part;
        if (start) unroll_pass_carry(t->pass);
        unroll_pass_resize(t->pass, end - from, T);
        if (!start) unroll_pass_set_state(t->pass, NULL, NULL);
        else t->pass->a.hold.origin = start;
        for (int32_t b = from, i = 0; b < end; b++)
            for (int32_t s = 0; s < T; s++, i++) {
                const int32_t *at = tokens + (size_t)b * stream + start + s;
                if (at[1] < 0) return UNROLL_BAD_TOKEN;
                t->input[i] = at[0], t->target[i] = start + s < counted ? -1 : at[1];
            }
        counted = start + T;
        unroll_status status = unroll_pass_run(t->pass, t->input, t->target, 0, 1, 0, from, &part);
        if (status) return status;
        *loss += part;
        unroll_pass_hits(t->pass, &e->accuracy, &e->tokens);
    }
    return UNROLL_OK;
}

unroll_status unroll_trainer_evaluate(unroll_trainer *t, const int32_t *tokens, int32_t count, const unroll_hold *holds,
                                      int32_t hold_count, unroll_evaluation *out) {
    int32_t B = t->m.cfg.batch, stream = count < 2 ? 0 : (count - 1) / B;
    unroll_evaluation e = {0, 0, 0};
    double loss = 0;
    if (stream < 1) return UNROLL_TOO_FEW_TOKENS;
    unroll_status status = unroll_pass_hold(t->pass, holds, hold_count);
    for (int32_t s = 0; s < unroll_shard_count(B) && !status; s++)
        status = slice_evaluate(t, tokens, stream, unroll_shard_begin(B, s), unroll_shard_begin(B, s + 1), &loss, &e);
    unroll_pass_hold(t->pass, NULL, 0);
    if (status) return status;
    e.loss = loss / e.tokens, e.accuracy /= e.tokens;
    *out = e;
    return UNROLL_OK;
}
