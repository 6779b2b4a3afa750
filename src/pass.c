/* A pass: its memory, its state from window to window, a run, and what can be read from it afterwards. */
#include "pass.h"

#include <string.h>


/* ---- Memory ---- */

static void pass_layout(unroll_pass *p, arena *a) {
    const unroll_trainer *t = p->t;
    const unroll_config *c = &t->cfg;
    size_t B = (size_t)p->capacity_B, T = (size_t)p->capacity_T, H = (size_t)c->hidden, GH = (size_t)t->G * H;
    size_t TB = T * B, V = (size_t)c->vocab, E = t->folded ? 0 : (size_t)c->embedding;
    size_t chunk = B > CHUNK_ROWS ? B : CHUNK_ROWS; /* also that of a narrower run, which may be longer */
    int lstm = c->cell == UNROLL_LSTM, gru = c->cell == UNROLL_GRU, backward = p->flags & UNROLL_PASS_BACKWARD;
    for (int l = 0; l < c->layers; l++) {
        layer_trace *x = &p->layer[l];
        x->h = arena_floats(a, TB + B, H);
        x->c = lstm ? arena_floats(a, TB + B, H) : NULL;
        x->gates = arena_floats(a, TB, GH);
        x->aux = lstm || gru ? arena_floats(a, TB, H) : NULL;
        x->up = backward ? arena_floats(a, TB, H) : NULL;
        x->dh = backward ? arena_floats(a, TB + B, H) : NULL;
        x->dc = backward && lstm ? arena_floats(a, TB, H) : NULL;
    }
    p->input = arena_take(a, TB, sizeof(int32_t));
    p->target = arena_take(a, TB, sizeof(int32_t));
    p->hit = arena_take(a, TB, sizeof(int32_t));
    p->x = E ? arena_floats(a, TB, E) : NULL;
    p->dx = E && backward ? arena_floats(a, chunk, E) : NULL;
    p->loss = arena_floats(a, TB, 1);
    p->head = arena_floats(a, TB < HEAD_ROWS ? TB : HEAD_ROWS, (size_t)head_stride(t));
    if (p->flags & UNROLL_PASS_LOGITS) p->logits = arena_floats(a, TB, V), p->probabilities = arena_floats(a, TB, V);
    if (backward) {
        p->da = arena_floats(a, chunk, GH);
        p->du = gru ? arena_floats(a, chunk, H) : NULL;
        p->carry = arena_floats(a, B, H);
    }
    if (p->flags & UNROLL_PASS_FLOW) {
        p->flow_dh = arena_floats(a, 2 * (size_t)c->layers * T, H);
        p->flow_carry = arena_floats(a, (size_t)c->layers * T, H);
        p->flow_da = arena_floats(a, T, GH);
        p->flow_du = arena_floats(a, T, H);
        p->flow_dc = arena_floats(a, T, H);
    }
}

static int pass_valid(int32_t B, int32_t T, int32_t flags) {
    return B >= 1 && T >= 1 && (int64_t)B * T <= INT32_MAX / 2 && !(flags & ~7) && !((flags & UNROLL_PASS_FLOW) && B != 1);
}

/* The pass itself comes first in the block, then what it points at. */
static size_t pass_place(unroll_pass *p, void *block) {
    arena a = {.base = block};
    arena_take(&a, 1, sizeof(unroll_pass));
    if (p->flags & UNROLL_PASS_FLOW) p->flags |= UNROLL_PASS_BACKWARD;
    pass_layout(p, &a);
    return a.used == SIZE_MAX ? 0 : a.used;
}

size_t unroll_pass_bytes(const unroll_trainer *t, int32_t B, int32_t T, int32_t flags) {
    if (!pass_valid(B, T, flags)) return 0;
    unroll_pass p = {.t = (unroll_trainer *)t, .capacity_B = B, .capacity_T = T, .flags = flags};
    return pass_place(&p, NULL);
}

unroll_status unroll_pass_init(unroll_pass **out, void *block, size_t bytes, unroll_trainer *t, int32_t B, int32_t T, int32_t flags) {
    size_t needed = unroll_pass_bytes(t, B, T, flags);
    if (!needed) return UNROLL_BAD_CONFIG;
    if (bytes < needed) return UNROLL_NO_SPACE;
    unroll_pass *p = block;
    *p = (unroll_pass){.t = t, .capacity_B = B, .capacity_T = T, .flags = flags};
    pass_place(p, block);
    pass_resize(p, B, T);
    unroll_pass_set_state(p, NULL, NULL);
    *out = p;
    return UNROLL_OK;
}

void pass_resize(unroll_pass *p, int32_t B, int32_t T) { p->B = B, p->T = T; }

/* ---- State ---- */

void pass_load_state(unroll_pass *p, const float *h, const float *c, int32_t stride_B, int32_t from) {
    size_t H = (size_t)p->t->cfg.hidden, bytes = sizeof(float) * (size_t)p->B * H;
    for (int l = 0; l < p->t->cfg.layers; l++) {
        size_t at = ((size_t)l * stride_B + from) * H;
        memcpy(p->layer[l].h, h + at, bytes);
        if (p->layer[l].c) memcpy(p->layer[l].c, c + at, bytes);
    }
}

void pass_save_state(const unroll_pass *p, float *h, float *c, int32_t stride_B, int32_t from) {
    size_t H = (size_t)p->t->cfg.hidden, bytes = sizeof(float) * (size_t)p->B * H, last = (size_t)p->T * p->B * H;
    for (int l = 0; l < p->t->cfg.layers; l++) {
        size_t at = ((size_t)l * stride_B + from) * H;
        memcpy(h + at, p->layer[l].h + last, bytes);
        if (p->layer[l].c) memcpy(c + at, p->layer[l].c + last, bytes);
    }
}

void unroll_pass_set_state(unroll_pass *p, const float *h, const float *c) {
    size_t n = (size_t)p->B * p->t->cfg.hidden;
    for (int l = 0; l < p->t->cfg.layers; l++) {
        layer_trace *x = &p->layer[l];
        if (h) memcpy(x->h, h + l * n, n * sizeof(float));
        else memset(x->h, 0, n * sizeof(float));
        if (!x->c) continue;
        if (c) memcpy(x->c, c + l * n, n * sizeof(float));
        else memset(x->c, 0, n * sizeof(float));
    }
}

void unroll_pass_get_state(const unroll_pass *p, float *h, float *c) { pass_save_state(p, h, c, p->B, 0); }

void unroll_pass_carry(unroll_pass *p) {
    size_t n = (size_t)p->B * p->t->cfg.hidden;
    for (int l = 0; l < p->t->cfg.layers; l++) {
        layer_trace *x = &p->layer[l];
        memmove(x->h, x->h + p->T * n, n * sizeof(float));
        if (x->c) memmove(x->c, x->c + p->T * n, n * sizeof(float));
    }
}

/* ---- Runs ---- */

unroll_status pass_read(unroll_pass *p, const int32_t *input, const int32_t *target) {
    int32_t V = p->t->cfg.vocab, B = p->B, T = p->T;
    for (int32_t i = 0; i < B * T; i++)
        if (input[i] < 0 || input[i] >= V || target[i] < -1 || target[i] >= V) return UNROLL_BAD_TOKEN;
    for (int32_t b = 0; b < B; b++)
        for (int32_t s = 0; s < T; s++) p->input[s * B + b] = input[b * T + s], p->target[s * B + b] = target[b * T + s];
    return UNROLL_OK;
}

unroll_status unroll_pass_run(unroll_pass *p, const int32_t *input, const int32_t *target, int32_t backward, double scale,
                              int32_t train, int32_t first_stream, double *loss) {
    unroll_trainer *t = p->t;
    unroll_status status = pass_read(p, input, target);
    if (status) return status;
    p->drop_rate = train && p->layer[0].up ? (float)t->cfg.dropout : 0;
    p->first_stream = first_stream;
    pass_forward(p);
    if (backward) memset(t->shard_gradient, 0, sizeof(float) * (size_t)t->size);
    *loss = pass_head(p, backward, scale);
    if (backward) pass_backward(p);
    return UNROLL_OK;
}

size_t unroll_pass_count(const unroll_pass *p, int32_t what) {
    const unroll_config *c = &p->t->cfg;
    size_t positions = (size_t)p->T * p->B, units = positions * c->hidden * c->layers;
    int backward = p->flags & UNROLL_PASS_BACKWARD, lstm = c->cell == UNROLL_LSTM;
    switch (what) {
    case UNROLL_TRACE_HIDDEN: return units;
    case UNROLL_TRACE_CELL: return lstm ? units : 0;
    case UNROLL_TRACE_HIDDEN_GRAD: return backward ? units : 0;
    case UNROLL_TRACE_CELL_GRAD: return backward && lstm ? units : 0;
    case UNROLL_TRACE_LOSS: return positions;
    case UNROLL_TRACE_LOGITS:
    case UNROLL_TRACE_PROBABILITIES: return p->logits ? positions * c->vocab : 0;
    default: {
        int gate = what - UNROLL_TRACE_GATE;
        return gate >= 0 && gate < p->t->G && c->cell != UNROLL_RNN ? units : 0;
    }
    }
}

/* Block `gate` of each position's G blocks. */
static void gate_copy(const unroll_pass *p, int gate, float *out) {
    size_t H = (size_t)p->t->cfg.hidden, GH = H * p->t->G;
    for (int l = 0; l < p->t->cfg.layers; l++)
        for (int m = 0; m < p->T * p->B; m++, out += H) memcpy(out, p->layer[l].gates + m * GH + gate * H, sizeof(float) * H);
}

void unroll_pass_copy(const unroll_pass *p, int32_t what, float *out) {
    size_t count = unroll_pass_count(p, what), step = (size_t)p->B * p->t->cfg.hidden, units = step * p->T;
    if (!count) return;
    if (what >= UNROLL_TRACE_GATE && what < UNROLL_TRACE_GATE + 4) {
        gate_copy(p, what - UNROLL_TRACE_GATE, out);
        return;
    }
    if (what >= UNROLL_TRACE_LOSS) {
        memcpy(out, what == UNROLL_TRACE_LOSS ? p->loss : what == UNROLL_TRACE_LOGITS ? p->logits : p->probabilities, count * sizeof(float));
        return;
    }
    for (int l = 0; l < p->t->cfg.layers; l++, out += units) {
        const layer_trace *x = &p->layer[l];
        const float *from = what == UNROLL_TRACE_HIDDEN ? x->h + step
                          : what == UNROLL_TRACE_CELL ? x->c + step
                          : what == UNROLL_TRACE_HIDDEN_GRAD ? x->dh + step : x->dc;
        memcpy(out, from, units * sizeof(float));
    }
}
