/* A pass: its memory, its state from window to window, a run, and what can be read from it afterwards. */
#include "pass.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "random.h"

/* ---- Memory ---- */

static void pass_layout(unroll_pass *p, arena *memory) {
    const model *m = p->m;
    size_t B = (size_t)p->capacity_B, T = (size_t)p->capacity_T, H = (size_t)m->cfg.hidden, GH = (size_t)m->G * H;
    int backward = p->flags & UNROLL_PASS_BACKWARD;
    if (is_attention(m))
        unroll_attention_layout(&p->attention, &p->a, m, memory, p->capacity_B, p->capacity_T, backward);
    else unroll_layers_layout(&p->a, m, memory, p->capacity_B, p->capacity_T, backward);
    unroll_head_layout(&p->head, m, memory, T * B, p->flags & UNROLL_PASS_LOGITS);
    p->a.input = p->input = arena_take(memory, T * B, sizeof(int32_t));
    if (p->flags & UNROLL_PASS_FLOW && is_attention(m)) {
        p->flow_direct = arena_floats(memory, T, H);
        p->flow_dh = arena_floats(memory, ((size_t)m->cfg.layers + 1) * T, H);
    } else if (p->flags & UNROLL_PASS_FLOW) {
        p->flow_direct = arena_floats(memory, T, H);
        p->flow_below = arena_floats(memory, T, H);
        p->flow_free = arena_floats(memory, T, H);
        p->flow_dh = arena_floats(memory, 2 * (size_t)m->cfg.layers * T, H);
        p->flow_carry = arena_floats(memory, (size_t)m->cfg.layers * T, H);
        p->flow_da = arena_floats(memory, T, GH);
        p->flow_du = arena_floats(memory, T, H);
        p->flow_dc = arena_floats(memory, T, H);
    }
}

static int pass_valid(const model *m, int32_t B, int32_t T, int32_t flags) {
    return B >= 1 && T >= 1 && (int64_t)B * T <= INT32_MAX / 2 && !(flags & ~7) &&
           !((flags & UNROLL_PASS_FLOW) && B != 1) && !(is_attention(m) && T > m->cfg.seq_len);
}

/* The pass itself comes first in the block, then what it points at. */
static size_t pass_place(unroll_pass *p, void *block) {
    arena memory = {.base = block};
    arena_take(&memory, 1, sizeof(unroll_pass));
    if (p->flags & UNROLL_PASS_FLOW) p->flags |= UNROLL_PASS_BACKWARD;
    pass_layout(p, &memory);
    return memory.used == SIZE_MAX ? 0 : memory.used;
}

size_t unroll_pass_measure(const model *m, int32_t B, int32_t T, int32_t flags) {
    if (!pass_valid(m, B, T, flags)) return 0;
    unroll_pass p = {.m = m, .capacity_B = B, .capacity_T = T, .flags = flags};
    return pass_place(&p, NULL);
}

unroll_status unroll_pass_make(unroll_pass **out, void *block, size_t bytes, const unroll_pass *like) {
    size_t needed = unroll_pass_measure(like->m, like->capacity_B, like->capacity_T, like->flags);
    if (!needed || ((uintptr_t)block & 15)) return UNROLL_BAD_CONFIG;
    if (bytes < needed) return UNROLL_NO_SPACE;
    unroll_pass *p = block;
    *p = *like;
    pass_place(p, block);
    unroll_pass_resize(p, p->capacity_B, p->capacity_T);
    unroll_pass_set_state(p, NULL, NULL);
    *out = p;
    return UNROLL_OK;
}

void unroll_pass_resize(unroll_pass *p, int32_t B, int32_t T) {
    assert(B >= 1 && T >= 1 && (int64_t)B * T <= (int64_t)p->capacity_B * p->capacity_T && B <= p->capacity_B);
    p->a.B = B, p->a.T = T;
}

/* ---- State ---- */

void unroll_pass_load_state(unroll_pass *p, const float *h, const float *c, int32_t stride_B, int32_t from) {
    size_t H = (size_t)p->m->cfg.hidden, bytes = sizeof(float) * (size_t)p->a.B * H;
    p->a.hold.origin = 0;
    for (int l = 0; l < carrying_layers(p->m); l++) {
        size_t at = ((size_t)l * stride_B + from) * H;
        memcpy(p->a.layer[l].h, h + at, bytes);
        if (p->a.layer[l].c) memcpy(p->a.layer[l].c, c + at, bytes);
    }
}

void unroll_pass_save_state(const unroll_pass *p, float *h, float *c, int32_t stride_B, int32_t from) {
    size_t H = (size_t)p->m->cfg.hidden, bytes = sizeof(float) * (size_t)p->a.B * H, last = (size_t)p->a.T * p->a.B * H;
    for (int l = 0; l < carrying_layers(p->m); l++) {
        size_t at = ((size_t)l * stride_B + from) * H;
        memcpy(h + at, p->a.layer[l].h + last, bytes);
        if (p->a.layer[l].c) memcpy(c + at, p->a.layer[l].c + last, bytes);
    }
}

void unroll_pass_set_state(unroll_pass *p, const float *h, const float *c) {
    p->a.hold.origin = 0, p->ran = 0;
    size_t n = (size_t)p->a.B * p->m->cfg.hidden;
    for (int l = 0; l < carrying_layers(p->m); l++) {
        layer_trace *x = &p->a.layer[l];
        if (h) memcpy(x->h, h + l * n, n * sizeof(float));
        else memset(x->h, 0, n * sizeof(float));
        if (!x->c) continue;
        if (c) memcpy(x->c, c + l * n, n * sizeof(float));
        else memset(x->c, 0, n * sizeof(float));
    }
}

void unroll_pass_get_state(const unroll_pass *p, float *h, float *c) { unroll_pass_save_state(p, h, c, p->a.B, 0); }

void unroll_pass_carry(unroll_pass *p) {
    p->a.hold.origin += p->a.T, p->ran = 0;
    size_t n = (size_t)p->a.B * p->m->cfg.hidden;
    for (int l = 0; l < carrying_layers(p->m); l++) {
        layer_trace *x = &p->a.layer[l];
        memmove(x->h, x->h + p->a.T * n, n * sizeof(float));
        if (x->c) memmove(x->c, x->c + p->a.T * n, n * sizeof(float));
    }
}

/* ---- Runs ---- */

unroll_status unroll_pass_hold(unroll_pass *p, const unroll_hold *list, int32_t count) {
    for (int32_t i = 0; i < count; i++)
        if (!unroll_hold_valid(p->m, &list[i])) return UNROLL_BAD_CONFIG;
    p->a.hold.list = list, p->a.hold.count = count, p->ran = 0;
    return UNROLL_OK;
}

/* Takes the ids in, time-major; when one is bad, before anything is touched. */
static unroll_status pass_read(unroll_pass *p, const int32_t *input, const int32_t *target, int32_t first_stream) {
    int32_t V = p->m->cfg.vocab, B = p->a.B, T = p->a.T;
    for (int32_t i = 0; i < B * T; i++)
        if (input[i] < 0 || input[i] >= V || target[i] < -1 || target[i] >= V) return UNROLL_BAD_TOKEN;
    for (int32_t b = 0; b < B; b++)
        for (int32_t s = 0; s < T; s++)
            p->input[s * B + b] = input[b * T + s], p->head.target[s * B + b] = target[b * T + s];
    p->a.hold.first_stream = first_stream;
    unroll_hold_input(&p->a.hold, p->input, T, B);
    return UNROLL_OK;
}

void unroll_pass_forward(unroll_pass *p, int from) {
    if (is_attention(p->m)) unroll_attention_forward(p->m, &p->a, &p->attention, from);
    else unroll_layers_forward(p->m, &p->a);
}

/* From the gradient of what the head reads. */
static void pass_backward(unroll_pass *p) {
    const model *m = p->m;
    size_t step = (size_t)p->a.B * m->cfg.hidden;
    if (!is_attention(m)) {
        unroll_layers_backward(m, &p->a, p->bench);
        return;
    }
    float *dh[UNROLL_MAX_LAYERS + 1] = {p->attention.dstart};
    for (int l = 0; l < m->cfg.layers; l++) dh[l + 1] = p->a.layer[l].dh + step;
    unroll_attention_backward(m, &p->a, &p->attention, dh, p->bench);
}

unroll_status unroll_pass_run(unroll_pass *p, const int32_t *input, const int32_t *target, int32_t backward,
                              double scale, int32_t train, int32_t first_stream, double *loss) {
    assert(input && target && loss && first_stream >= 0 && p->progress->step >= 0);
    const model *m = p->m;
    int32_t top = m->cfg.layers - 1, positions = p->a.B * p->a.T;
    size_t step = (size_t)p->a.B * m->cfg.hidden;
    if ((backward || train) && !(p->flags & UNROLL_PASS_BACKWARD)) return UNROLL_BAD_PASS;
    if (!isfinite((float)scale)) return UNROLL_BAD_CONFIG;
    unroll_status status = pass_read(p, input, target, first_stream);
    if (status) return status;
    p->ran = 1;
    p->a.drop = (dropout){.rate = train ? (float)m->cfg.dropout : 0,
                          .key = random_key(m->cfg.seed, 1 + (uint64_t)p->progress->step),
                          .variational = m->cfg.dropout_kind == UNROLL_DROPOUT_VARIATIONAL,
                          .first_stream = first_stream};
    unroll_pass_forward(p, 0);
    if (backward) memset(p->bench->gradient, 0, sizeof(float) * (size_t)m->size);
    float *dup = !backward ? NULL : is_attention(m) ? p->attention.dtop : p->a.layer[top].dh + step;
    double sum = unroll_head_run(m, &p->head, pass_top(p), positions, dup, scale, p->bench);
    if (!isfinite(sum)) return UNROLL_DIVERGED;
    if (backward) pass_backward(p);
    *loss = sum;
    return UNROLL_OK;
}

void unroll_pass_hits(const unroll_pass *p, double *hits, double *targets) {
    for (int32_t i = 0; i < p->a.T * p->a.B; i++) *hits += p->head.hit[i], *targets += p->head.target[i] >= 0;
}

/* ---- What can be read afterwards ---- */

/* Attention's weights are made when they are asked for, so that no layout has counted them. */
static size_t weights_count(const unroll_pass *p) {
    const unroll_config *c = &p->m->cfg;
    double count = (double)c->layers * p->a.B * c->heads * p->a.T * p->a.T;
    return count > (double)(SIZE_MAX / sizeof(float)) ? SIZE_MAX : (size_t)count;
}

size_t unroll_pass_count(const unroll_pass *p, int32_t what) {
    const unroll_config *c = &p->m->cfg;
    size_t positions = (size_t)p->a.T * p->a.B, units = positions * c->hidden * c->layers;
    int backward = p->flags & UNROLL_PASS_BACKWARD, lstm = c->cell == UNROLL_LSTM;
    switch (what) {
    case UNROLL_TRACE_ATTENTION: return is_attention(p->m) ? weights_count(p) : 0;
    case UNROLL_TRACE_HIDDEN: return units;
    case UNROLL_TRACE_CELL: return lstm ? units : 0;
    case UNROLL_TRACE_HIDDEN_GRAD: return backward ? units : 0;
    case UNROLL_TRACE_CELL_GRAD: return backward && lstm ? units : 0;
    case UNROLL_TRACE_LOSS: return positions;
    case UNROLL_TRACE_LOGITS:
    case UNROLL_TRACE_PROBABILITIES: return p->head.logits ? positions * c->vocab : 0;
    default: {
        int gate = what - UNROLL_TRACE_GATE;
        return gate >= 0 && gate < p->m->G && c->cell != UNROLL_RNN && !is_attention(p->m) ? units : 0;
    }
    }
}

/* Block `gate` of each position's G blocks. */
static void gate_copy(const unroll_pass *p, int gate, float *out) {
    size_t H = (size_t)p->m->cfg.hidden, GH = H * p->m->G;
    for (int l = 0; l < p->m->cfg.layers; l++)
        for (int m = 0; m < p->a.T * p->a.B; m++, out += H)
            memcpy(out, p->a.layer[l].gates + m * GH + gate * H, sizeof(float) * H);
}

static void weights_copy(const unroll_pass *p, float *out) {
    size_t heads = (size_t)p->m->cfg.heads, T = (size_t)p->a.T;
    for (int l = 0; l < p->m->cfg.layers; l++)
        for (int b = 0; b < p->a.B; b++, out += heads * T * T)
            unroll_attention_weights(p->m, &p->a, &p->attention, l, b, out);
}

/* [T,B,H] of one layer; `step` is B*H. */
static const float *units_of(const layer_trace *x, int32_t what, size_t step) {
    switch (what) {
    case UNROLL_TRACE_HIDDEN: return x->h + step;
    case UNROLL_TRACE_CELL: return x->c + step;
    case UNROLL_TRACE_HIDDEN_GRAD: return x->dh + step;
    default: return x->dc;
    }
}

/* [T,B,...] */
static const float *positions_of(const head_trace *x, int32_t what) {
    switch (what) {
    case UNROLL_TRACE_LOSS: return x->loss;
    case UNROLL_TRACE_LOGITS: return x->logits;
    default: return x->probabilities;
    }
}

void unroll_pass_copy(const unroll_pass *p, int32_t what, float *out) {
    size_t count = unroll_pass_count(p, what), step = (size_t)p->a.B * p->m->cfg.hidden, units = step * p->a.T;
    if (!count || count == SIZE_MAX) return;
    if (what == UNROLL_TRACE_ATTENTION) {
        weights_copy(p, out);
        return;
    }
    if (what >= UNROLL_TRACE_GATE && what < UNROLL_TRACE_GATE + 4) {
        gate_copy(p, what - UNROLL_TRACE_GATE, out);
        return;
    }
    if (what >= UNROLL_TRACE_LOSS) {
        memcpy(out, positions_of(&p->head, what), count * sizeof(float));
        return;
    }
    for (int l = 0; l < p->m->cfg.layers; l++, out += units) {
        memcpy(out, units_of(&p->a.layer[l], what, step), units * sizeof(float));
    }
}
