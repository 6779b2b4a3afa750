/* The two whole-window passes: tokens up through the layers to the loss, and the loss's gradient back through time. */
#include "pass.h"

#include <string.h>

#include "cell.h"
#include "kernels/kernels.h"
#include "random.h"

/* ---- Memory ---- */

static void pass_layout(unroll_pass *p, arena *a) {
    const unroll_trainer *t = p->t;
    const unroll_config *c = &t->cfg;
    size_t B = (size_t)p->capacity_B, T = (size_t)p->capacity_T, H = (size_t)c->hidden, GH = (size_t)t->G * H;
    size_t TB = T * B, V = (size_t)c->vocab, E = t->folded ? 0 : (size_t)c->embedding;
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
    p->dx = E && backward ? arena_floats(a, TB, E) : NULL;
    p->loss = arena_floats(a, TB, 1);
    p->head = arena_floats(a, TB < HEAD_ROWS ? TB : HEAD_ROWS, (size_t)head_stride(t));
    if (p->flags & UNROLL_PASS_LOGITS) p->logits = arena_floats(a, TB, V), p->probabilities = arena_floats(a, TB, V);
    if (backward) {
        p->da = arena_floats(a, TB, GH);
        p->du = gru ? arena_floats(a, TB, H) : NULL;
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

void unroll_pass_carry(unroll_pass *p) {
    size_t n = (size_t)p->B * p->t->cfg.hidden;
    for (int l = 0; l < p->t->cfg.layers; l++) {
        layer_trace *x = &p->layer[l];
        memmove(x->h, x->h + p->T * n, n * sizeof(float));
        if (x->c) memmove(x->c, x->c + p->T * n, n * sizeof(float));
    }
}

/* ---- Dropout ---- */

/* Each unit's output is dropped with probability `rate`, or scaled by 1/(1-rate); drawn from its place, so that
 * slices and workers agree and the backward need not keep a mask. */
void pass_drop(const unroll_pass *p, float *out, const float *in, int layer, int32_t row, int32_t rows) {
    const unroll_config *c = &p->t->cfg;
    uint64_t key = random_key(c->seed, 1 + (uint64_t)p->t->progress.step);
    float rate = p->drop_rate, scale = 1 / (1 - rate);
    int H = c->hidden;
    for (int32_t m = row; m < row + rows; m++) {
        uint64_t position = (uint64_t)(m / p->B) * 4096 + (uint64_t)(p->first_stream + m % p->B);
        uint64_t index = (position * UNROLL_MAX_LAYERS + (uint64_t)layer) * 2048;
        for (int j = 0; j < H; j++, in++, out++) *out = random_uniform(key, index + (uint64_t)j) < rate ? 0 : *in * scale;
    }
}

/* ---- Forward ---- */

unroll_status pass_read(unroll_pass *p, const int32_t *input, const int32_t *target) {
    int32_t V = p->t->cfg.vocab, B = p->B, T = p->T;
    for (int32_t i = 0; i < B * T; i++)
        if (input[i] < 0 || input[i] >= V || target[i] < -1 || target[i] >= V) return UNROLL_BAD_TOKEN;
    for (int32_t b = 0; b < B; b++)
        for (int32_t s = 0; s < T; s++) p->input[s * B + b] = input[b * T + s], p->target[s * B + b] = target[b * T + s];
    return UNROLL_OK;
}

/* Layer 0's W x + b for the whole window: a gathered row each, or a product with gathered embeddings. */
static void input_forward(unroll_pass *p) {
    const unroll_trainer *t = p->t;
    size_t GH = (size_t)t->G * t->cfg.hidden, E = (size_t)t->cfg.embedding;
    int positions = p->T * p->B;
    float *gates = p->layer[0].gates;
    if (t->folded) {
        for (int m = 0; m < positions; m++) memcpy(gates + m * GH, t->table + (size_t)p->input[m] * GH, sizeof(float) * GH);
        return;
    }
    const float *embedding = weights_of(t, t->weights, t->embedding);
    for (int m = 0; m < positions; m++) memcpy(p->x + m * E, embedding + (size_t)p->input[m] * E, sizeof(float) * E);
    for (int m = 0; m < positions; m++) memcpy(gates + m * GH, t->layer[0].bias, sizeof(float) * GH);
    kernel_gemm(gates, (int)GH, p->x, (int)E, t->layer[0].ih_rows, positions, (int)GH, (int)E, 1);
}

static void layer_forward(unroll_pass *p, int l) {
    const unroll_trainer *t = p->t;
    layer_trace *x = &p->layer[l];
    int H = t->cfg.hidden, GH = t->G * H, positions = p->T * p->B;
    if (l == 0) {
        input_forward(p);
    } else {
        for (int m = 0; m < positions; m++) memcpy(x->gates + (size_t)m * GH, t->layer[l].bias, sizeof(float) * (size_t)GH);
        kernel_gemm(x->gates, GH, pass_up(p, l - 1), H, t->layer[l].ih_rows, positions, GH, H, 1);
    }
    size_t step = (size_t)p->B * H;
    for (int s = 0; s < p->T; s++) {
        cell_forward f = {
            .h = x->h + (s + 1) * step, .h_prev = x->h + s * step, .gates = x->gates + s * step * t->G,
            .c = x->c ? x->c + (s + 1) * step : NULL, .c_prev = x->c ? x->c + s * step : NULL, .aux = x->aux ? x->aux + s * step : NULL,
        };
        cell_step(t, l, &f, p->B);
    }
    if (p->drop_rate > 0) pass_drop(p, x->up, x->h + step, l, 0, positions);
}

void pass_forward(unroll_pass *p) {
    for (int l = 0; l < p->t->cfg.layers; l++) layer_forward(p, l);
}

/* ---- Backward ---- */

/* From the gradient of each token's table row to W, b and the embedding. */
static void table_backward(const unroll_pass *p) {
    const unroll_trainer *t = p->t;
    int GH = t->G * t->cfg.hidden, V = t->cfg.vocab, E = t->cfg.embedding;
    float *dw = weights_of(t, t->shard_gradient, t->layer[0].w_ih);
    memset(t->dtable, 0, sizeof(float) * (size_t)V * GH);
    for (int m = 0; m < p->T * p->B; m++)
        kernel_add(t->dtable + (size_t)p->input[m] * GH, p->da + (size_t)m * GH, (size_t)GH);
    kernel_sum_rows(weights_of(t, t->shard_gradient, t->layer[0].b_ih), t->dtable, GH, V, GH);
    if (!E) {
        kernel_transpose(dw, V, t->dtable, GH, V, GH);
        return;
    }
    const float *embedding = weights_of(t, t->weights, t->embedding);
    kernel_gemm(weights_of(t, t->shard_gradient, t->embedding), E, t->dtable, GH, t->layer[0].ih_cols, V, E, GH, 0);
    kernel_gemm_tn(dw, E, t->dtable, GH, embedding, E, GH, E, V, t->scratch);
}

/* The same without a table: the embedding's gradient goes through the gathered rows. */
static void embedding_backward(const unroll_pass *p) {
    const unroll_trainer *t = p->t;
    int GH = t->G * t->cfg.hidden, E = t->cfg.embedding, positions = p->T * p->B;
    float *d = weights_of(t, t->shard_gradient, t->embedding);
    kernel_gemm(p->dx, E, p->da, GH, t->layer[0].ih_cols, positions, E, GH, 0);
    for (int m = 0; m < positions; m++) kernel_add(d + (size_t)p->input[m] * E, p->dx + (size_t)m * E, (size_t)E);
    kernel_gemm_tn(weights_of(t, t->shard_gradient, t->layer[0].w_ih), E, p->da, GH, p->x, E, GH, E, positions, t->scratch);
    kernel_sum_rows(weights_of(t, t->shard_gradient, t->layer[0].b_ih), p->da, GH, positions, GH);
}

/* dW += daᵀ x   db += Σ da   dx = da W, for a layer above the first; dx lands in the lower layer's dh. */
static void input_backward(unroll_pass *p, int l) {
    const unroll_trainer *t = p->t;
    int H = t->cfg.hidden, GH = t->G * H, positions = p->T * p->B;
    float *below = p->layer[l - 1].dh + (size_t)p->B * H;
    kernel_gemm_tn(weights_of(t, t->shard_gradient, t->layer[l].w_ih), H, p->da, GH, pass_up(p, l - 1), H, GH, H, positions, t->scratch);
    kernel_sum_rows(weights_of(t, t->shard_gradient, t->layer[l].b_ih), p->da, GH, positions, GH);
    kernel_gemm(below, H, p->da, GH, t->layer[l].ih_cols, positions, H, GH, 0);
}

/* dh's slots 1..T hold what comes from above; the steps add what comes from later. */
static void layer_backward(unroll_pass *p, int l) {
    const unroll_trainer *t = p->t;
    layer_trace *x = &p->layer[l];
    int H = t->cfg.hidden, positions = p->T * p->B;
    size_t step = (size_t)p->B * H;
    if (p->drop_rate > 0) pass_drop(p, x->dh + step, x->dh + step, l, 0, positions);
    memset(x->dh, 0, step * sizeof(float));
    memset(p->carry, 0, step * sizeof(float));
    for (int s = p->T - 1; s >= 0; s--) {
        cell_backward b = {
            .da = p->da + s * step * t->G, .du = p->du ? p->du + s * step : NULL, .dc = x->dc ? x->dc + s * step : NULL,
            .carry = p->carry, .dh_prev = x->dh + s * step, .dh = x->dh + (s + 1) * step,
            .gates = x->gates + s * step * t->G, .aux = x->aux ? x->aux + s * step : NULL,
            .h = x->h + (s + 1) * step, .h_prev = x->h + s * step, .c_prev = x->c ? x->c + s * step : NULL,
        };
        cell_step_backward(t, l, &b, p->B);
    }
    if (t->cfg.cell == UNROLL_GRU)
        gru_weights_backward(t, l, t->shard_gradient, p->da, p->du, x->aux, x->h, positions);
    else
        kernel_gemm_tn(weights_of(t, t->shard_gradient, t->layer[l].w_hh), H, p->da, t->G * H, x->h, H, t->G * H, H, positions, t->scratch);
}

void pass_backward(unroll_pass *p) {
    for (int l = p->t->cfg.layers - 1; l >= 0; l--) {
        layer_backward(p, l);
        if (l > 0) input_backward(p, l);
        else if (p->t->folded) table_backward(p);
        else embedding_backward(p);
    }
}

/* ---- Public ---- */

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
