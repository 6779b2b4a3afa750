/* A Transformer's blocks, forward and backward. Products over many rows go in chunks, as the layers' do; attention goes
 * stream by stream and head by head, in blocks of queries by blocks of keys whose products stay in the first-level
 * cache. Its weights are kept nowhere: the backward makes them again from the sums (Dao et al. 2022). A row has the
 * same bits whether its window is read at once or token by token. */
#include "attention.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "kernels/kernels.h"
#include "random.h"

enum { CHUNK = 128, QUERIES = 32, KEYS = 128 };

static int head_size(const model *m) { return m->cfg.hidden / m->cfg.heads; }

/* Floats of a head's panels, in blocks of KEYS keys: of keys in the columns, and of keys in the depth. */
static size_t key_panels(int size, int T) {
    size_t blocks = (size_t)(T / KEYS), rest = (size_t)(T % KEYS);
    return blocks * unroll_panels_size(KEYS, (size_t)size) + unroll_panels_size(rest, (size_t)size);
}
static size_t depth_panels(int size, int T) { return unroll_panels_size((size_t)size, (size_t)T); }

/* ---- Memory ---- */

void unroll_attention_layout(attention_trace *x, activations *a, const model *m, arena *memory, int32_t B, int32_t T,
                             int backward) {
    size_t H = (size_t)m->cfg.hidden, rows = (size_t)T * B, heads = (size_t)m->cfg.heads;
    for (int l = 0; l < m->cfg.layers; l++) {
        block_trace *k = &x->block[l];
        a->layer[l].h = arena_floats(memory, rows + B, H);
        a->layer[l].gates = arena_floats(memory, rows, 3 * H);
        a->layer[l].dh = backward ? arena_floats(memory, rows + B, H) : NULL;
        k->stats_1 = arena_floats(memory, rows, 2), k->stats_2 = arena_floats(memory, rows, 2);
        k->norm_1 = arena_floats(memory, rows, H), k->norm_2 = arena_floats(memory, rows, H);
        k->sums = arena_floats(memory, rows, 2 * heads);
        k->mixed = arena_floats(memory, rows, H), k->middle = arena_floats(memory, rows, H);
        k->wide = arena_floats(memory, rows, 4 * H), k->bent = arena_floats(memory, rows, 4 * H);
    }
    x->start = arena_floats(memory, rows, H);
    x->top = arena_floats(memory, rows, H), x->top_stats = arena_floats(memory, rows, 2);
    x->keys = arena_floats(memory, key_panels(head_size(m), T), 1);
    x->values = arena_floats(memory, depth_panels(head_size(m), T), 1);
    x->scores = arena_floats(memory, QUERIES, KEYS);
    x->factor = arena_floats(memory, QUERIES, 1);
    x->branch = arena_floats(memory, CHUNK, H);
    if (!backward) return;
    x->dstart = arena_floats(memory, rows, H), x->dtop = arena_floats(memory, rows, H);
    x->dgates = arena_floats(memory, rows, 3 * H), x->dmixed = arena_floats(memory, rows, H);
    x->dwide = arena_floats(memory, CHUNK, 4 * H), x->dnorm = arena_floats(memory, CHUNK, H);
    x->keys_t = arena_floats(memory, depth_panels(head_size(m), T), 1);
    x->values_t = arena_floats(memory, key_panels(head_size(m), T), 1);
    x->dscores = arena_floats(memory, QUERIES, KEYS);
    x->inner = arena_floats(memory, QUERIES, 1);
    x->scratch = arena_floats(memory, unroll_gemm_tn_scratch((size_t)head_size(m)), 1);
}

/* ---- Parts ---- */

/* out = x Wᵀ + b. */
static void linear_forward(const model *m, const linear_weights *w, float *out, const float *x, int rows) {
    int N = m->tensor[w->w].rows, K = m->tensor[w->w].cols;
    unroll_gemm_rows(out, N, weights_of(m, m->weights, w->b), 0, NULL, x, K, w->rows, rows, N, K);
}

/* dx = dout W   dW += doutᵀ x   db += Σ dout */
static void linear_backward(const model *m, const linear_weights *w, float *dx, const float *dout, const float *x,
                            int rows, const workbench *bench) {
    int N = m->tensor[w->w].rows, K = m->tensor[w->w].cols;
    unroll_gemm(dx, K, dout, N, w->cols, rows, K, N, 0);
    if (!bench) return;
    unroll_gemm_tn(weights_of(m, bench->gradient, w->w), K, dout, N, x, K, N, K, rows, bench->scratch);
    unroll_sum_rows(weights_of(m, bench->gradient, w->b), dout, N, rows, N);
}

static void norm_forward(const model *m, norm_weights w, float *out, float *stats, const float *x, int rows) {
    unroll_norm_forward(out, stats, x, weights_of(m, m->weights, w.w), weights_of(m, m->weights, w.b), rows,
                        m->cfg.hidden);
}

/* dx += */
static void norm_backward(const model *m, norm_weights w, float *dx, const float *dout, const float *x,
                          const float *stats, int rows, const workbench *bench) {
    float *dw = bench ? weights_of(m, bench->gradient, w.w) : NULL;
    float *db = bench ? weights_of(m, bench->gradient, w.b) : NULL;
    unroll_norm_backward(dx, dw, db, dout, x, stats, weights_of(m, m->weights, w.w), rows, m->cfg.hidden);
}

/* A block has two branches with a choice of dropped units each. In place, rows from..from+rows-1 of [T,B]. */
static void branch_drop(const activations *a, float *x, int l, int branch, int from, int rows, int H) {
    if (a->drop.rate <= 0) return;
    dropout d = a->drop;
    if (branch) d.key = random_mix(d.key);
    for (int r = 0; r < rows; r++) {
        float *row = x + (size_t)r * H;
        unroll_dropout_row(&d, row, row, l, (from + r) / a->B, (from + r) % a->B, H);
    }
}

/* The stream that enters block l, [T,B,H]. */
static const float *entering(const model *m, const activations *a, const attention_trace *x, int l) {
    return l ? a->layer[l - 1].h + (size_t)a->B * m->cfg.hidden : x->start;
}

/* ---- Attention: one head of one stream ---- */

/* Where a head of a stream stands in the rows of all. */
typedef struct head_view {
    int B, T, H, size;
    int ld_gates, ld; /* between positions: of q|k|v, of what is H wide */
    size_t at, at_gates, at_sums;
    int ld_sums;
    float scale;
} head_view;

static head_view view_of(const model *m, const activations *a, int b, int k) {
    int H = m->cfg.hidden, size = head_size(m), heads = m->cfg.heads;
    return (head_view){.B = a->B,
                       .T = a->T,
                       .H = H,
                       .size = size,
                       .ld_gates = a->B * 3 * H,
                       .ld = a->B * H,
                       .at = (size_t)b * H + (size_t)k * size,
                       .at_gates = (size_t)b * 3 * H + (size_t)k * size,
                       .at_sums = ((size_t)b * heads + (size_t)k) * 2,
                       .ld_sums = a->B * heads * 2,
                       .scale = (float)(1 / sqrt((double)size))};
}

static int keys_in(int start, int T) { return T - start < KEYS ? T - start : KEYS; }

/* Panels of keys or values (T,size), block by block: as columns for q kᵀ, as depth for a v. */
static void pack_columns(const head_view *v, float *panels, const float *from) {
    for (int start = 0; start < v->T; start += KEYS)
        unroll_pack_rows(panels + key_panels(v->size, start), from + (size_t)start * v->ld_gates, v->ld_gates,
                         keys_in(start, v->T), v->size);
}
static void pack_depth(const head_view *v, float *panels, const float *from) {
    for (int start = 0; start < v->T; start += KEYS)
        unroll_pack_cols(panels + depth_panels(v->size, start), from + (size_t)start * v->ld_gates, v->ld_gates,
                         v->size, keys_in(start, v->T));
}

/* Row block first..first+rows-1 of the products of queries and keys start..start+n-1. */
static void products(const head_view *v, float *scores, const float *gates, const float *keys, int first, int rows,
                     int start, int n) {
    unroll_gemm(scores, KEYS, gates + v->at_gates + (size_t)first * v->ld_gates, v->ld_gates,
                keys + key_panels(v->size, start), rows, n, v->size, 0);
}

/* Σ_s a_ts v_s of positions from..T-1, and the sums of their softmax. */
static void head_forward(const head_view *v, const attention_trace *x, const float *gates, block_trace *out, int from) {
    const float *keys = gates + v->at_gates + v->H, *values = keys + v->H;
    pack_columns(v, x->keys, keys), pack_depth(v, x->values, values);
    for (int first = from, rows; first < v->T; first += rows) {
        rows = QUERIES < v->T - first ? QUERIES : v->T - first;
        float *sums = out->sums + v->at_sums + (size_t)first * v->ld_sums;
        float *mixed = out->mixed + v->at + (size_t)first * v->ld;
        for (int r = 0; r < rows; r++) sums[(size_t)r * v->ld_sums] = -INFINITY, sums[(size_t)r * v->ld_sums + 1] = 0;
        for (int start = 0; start < first + rows; start += KEYS) {
            int depth = keys_in(start, v->T);
            products(v, x->scores, gates, x->keys, first, rows, start, keys_in(start, first + rows));
            unroll_causal_exp(x->scores, KEYS, sums, v->ld_sums, x->factor, v->scale, first, start, rows, depth);
            for (int r = 0; start && r < rows; r++) unroll_scale(mixed + (size_t)r * v->ld, x->factor[r], v->size);
            unroll_gemm(mixed, v->ld, x->scores, KEYS, x->values + depth_panels(v->size, start), rows, v->size, depth,
                        start > 0);
        }
        for (int r = 0; r < rows; r++)
            unroll_scale(mixed + (size_t)r * v->ld, 1 / sums[(size_t)r * v->ld_sums + 1], v->size);
    }
}

/* From dmixed to dgates:
 *   da_ts = dmixed_t·v_s   dv_s += a_ts dmixed_t   ds_ts = a_ts (da_ts - Σ_r a_tr da_tr) / √size   dq_t += ds_ts k_s
 *   dk_s += ds_ts q_t,  where Σ_r a_tr da_tr = dmixed_t·mixed_t. */
static void head_backward(const head_view *v, const attention_trace *x, const float *gates, const block_trace *in) {
    size_t ld = (size_t)v->ld_gates;
    const float *queries = gates + v->at_gates, *keys = queries + v->H, *values = keys + v->H;
    float *dq = x->dgates + v->at_gates, *dk = dq + v->H, *dv = dk + v->H;
    pack_columns(v, x->keys, keys), pack_depth(v, x->keys_t, keys), pack_columns(v, x->values_t, values);
    for (int first = 0, rows; first < v->T; first += rows) {
        rows = QUERIES < v->T - first ? QUERIES : v->T - first;
        const float *sums = in->sums + v->at_sums + (size_t)first * v->ld_sums;
        const float *mixed = in->mixed + v->at + (size_t)first * v->ld;
        const float *dmixed = x->dmixed + v->at + (size_t)first * v->ld;
        for (int r = 0; r < rows; r++)
            x->inner[r] = unroll_dot(dmixed + (size_t)r * v->ld, mixed + (size_t)r * v->ld, (size_t)v->size);
        for (int start = 0; start < first + rows; start += KEYS) {
            int n = keys_in(start, first + rows), depth = keys_in(start, v->T);
            products(v, x->scores, gates, x->keys, first, rows, start, n);
            unroll_causal_weights(x->scores, KEYS, sums, v->ld_sums, v->scale, first, start, rows, depth);
            unroll_gemm_tn(dv + start * ld, (int)ld, x->scores, KEYS, dmixed, v->ld, n, v->size, rows, x->scratch);
            unroll_gemm(x->dscores, KEYS, dmixed, v->ld, x->values_t + key_panels(v->size, start), rows, depth, v->size,
                        0);
            unroll_softmax_backward(x->dscores, KEYS, x->scores, KEYS, x->inner, v->scale, rows, depth);
            unroll_gemm(dq + first * ld, (int)ld, x->dscores, KEYS, x->keys_t + depth_panels(v->size, start), rows,
                        v->size, depth, 1);
            unroll_gemm_tn(dk + start * ld, (int)ld, x->dscores, KEYS, queries + first * ld, (int)ld, n, v->size, rows,
                           x->scratch);
        }
    }
}

void unroll_attention_weights(const model *m, const activations *a, const attention_trace *x, int l, int b,
                              float *out) {
    const float *gates = a->layer[l].gates;
    size_t T = (size_t)a->T;
    memset(out, 0, sizeof(float) * (size_t)m->cfg.heads * T * T);
    for (int k = 0; k < m->cfg.heads; k++, out += T * T) {
        head_view v = view_of(m, a, b, k);
        pack_columns(&v, x->keys, gates + v.at_gates + v.H);
        for (int first = 0, rows; first < v.T; first += rows) {
            rows = QUERIES < v.T - first ? QUERIES : v.T - first;
            const float *sums = x->block[l].sums + v.at_sums + (size_t)first * v.ld_sums;
            for (int start = 0; start < first + rows; start += KEYS) {
                int n = keys_in(start, first + rows);
                products(&v, x->scores, gates, x->keys, first, rows, start, n);
                unroll_causal_weights(x->scores, KEYS, sums, v.ld_sums, v.scale, first, start, rows, n);
                for (int r = 0; r < rows; r++)
                    memcpy(out + (first + r) * T + start, x->scores + (size_t)r * KEYS, sizeof(float) * (size_t)n);
            }
        }
    }
}

/* ---- A block ---- */

/* Rows of a chunk at `row` of `end`. */
static int chunk_rows(int row, int end) { return end - row < CHUNK ? end - row : CHUNK; }

static void block_forward(const model *m, activations *a, attention_trace *x, int l, int from) {
    const block_weights *w = &m->block[l];
    block_trace *k = &x->block[l];
    size_t H = (size_t)m->cfg.hidden, wide = 4 * H;
    int end = a->T * a->B;
    const float *in = entering(m, a, x, l);
    float *gates = a->layer[l].gates, *out = a->layer[l].h + a->B * H;
    for (int row = from * a->B, rows; row < end; row += rows) {
        rows = chunk_rows(row, end);
        norm_forward(m, w->norm_1, k->norm_1 + row * H, k->stats_1 + 2 * (size_t)row, in + row * H, rows);
        linear_forward(m, &w->in, gates + row * 3 * H, k->norm_1 + row * H, rows);
    }
    for (int b = 0; b < a->B; b++)
        for (int head = 0; head < m->cfg.heads; head++) {
            head_view v = view_of(m, a, b, head);
            head_forward(&v, x, gates, k, from);
        }
    for (int row = from * a->B, rows; row < end; row += rows) {
        rows = chunk_rows(row, end);
        size_t at = row * H, count = rows * H;
        float *middle = k->middle + at;
        linear_forward(m, &w->out, middle, k->mixed + at, rows);
        branch_drop(a, middle, l, 0, row, rows, (int)H);
        unroll_add(middle, in + at, count);
        norm_forward(m, w->norm_2, k->norm_2 + at, k->stats_2 + 2 * (size_t)row, middle, rows);
        linear_forward(m, &w->up, k->wide + row * wide, k->norm_2 + at, rows);
        unroll_gelu_forward(k->bent + row * wide, k->wide + row * wide, rows * wide);
        linear_forward(m, &w->down, out + at, k->bent + row * wide, rows);
        branch_drop(a, out + at, l, 1, row, rows, (int)H);
        unroll_add(out + at, middle, count);
    }
}

/* From d (T,B,H), the gradient of the stream that leaves the block, to that of the one that enters it, in place. */
static void block_backward(const model *m, const activations *a, const attention_trace *x, int l, float *d,
                           const workbench *bench) {
    const block_weights *w = &m->block[l];
    const block_trace *k = &x->block[l];
    size_t H = (size_t)m->cfg.hidden, wide = 4 * H;
    int end = a->T * a->B;
    const float *in = entering(m, a, x, l), *gates = a->layer[l].gates;
    for (int row = 0, rows; row < end; row += rows) {
        rows = chunk_rows(row, end);
        size_t at = row * H;
        memcpy(x->branch, d + at, sizeof(float) * rows * H);
        branch_drop(a, x->branch, l, 1, row, rows, (int)H);
        linear_backward(m, &w->down, x->dwide, x->branch, k->bent + row * wide, rows, bench);
        unroll_gelu_backward(x->dwide, k->wide + row * wide, rows * wide);
        linear_backward(m, &w->up, x->dnorm, x->dwide, k->norm_2 + at, rows, bench);
        norm_backward(m, w->norm_2, d + at, x->dnorm, k->middle + at, k->stats_2 + 2 * (size_t)row, rows, bench);
        memcpy(x->branch, d + at, sizeof(float) * rows * H);
        branch_drop(a, x->branch, l, 0, row, rows, (int)H);
        linear_backward(m, &w->out, x->dmixed + at, x->branch, k->mixed + at, rows, bench);
    }
    memset(x->dgates, 0, sizeof(float) * end * 3 * H);
    for (int b = 0; b < a->B; b++)
        for (int head = 0; head < m->cfg.heads; head++) {
            head_view v = view_of(m, a, b, head);
            head_backward(&v, x, gates, k);
        }
    for (int row = 0, rows; row < end; row += rows) {
        rows = chunk_rows(row, end);
        linear_backward(m, &w->in, x->dnorm, x->dgates + row * 3 * H, k->norm_1 + row * H, rows, bench);
        norm_backward(m, w->norm_1, d + row * H, x->dnorm, in + row * H, k->stats_1 + 2 * (size_t)row, rows, bench);
    }
}

/* ---- The whole ---- */

void unroll_attention_forward(const model *m, activations *a, attention_trace *x, int from) {
    assert(from >= 0 && from < a->T && a->T <= m->cfg.seq_len);
    size_t H = (size_t)m->cfg.hidden;
    const float *tokens = weights_of(m, m->weights, m->embedding), *places = weights_of(m, m->weights, m->position);
    for (int row = from * a->B; row < a->T * a->B; row++) {
        memcpy(x->start + row * H, tokens + a->input[row] * H, sizeof(float) * H);
        unroll_add(x->start + row * H, places + row / a->B * H, H);
    }
    for (int l = 0; l < m->cfg.layers; l++) block_forward(m, a, x, l, from);
    size_t row = (size_t)from * a->B;
    norm_forward(m, m->top, x->top + row * H, x->top_stats + 2 * row, entering(m, a, x, m->cfg.layers) + row * H,
                 a->T * a->B - (int)row);
}

void unroll_attention_backward(const model *m, const activations *a, const attention_trace *x, float *const *dh,
                               const workbench *bench) {
    size_t H = (size_t)m->cfg.hidden, rows = (size_t)a->T * a->B;
    int L = m->cfg.layers;
    memset(dh[L], 0, sizeof(float) * rows * H);
    norm_backward(m, m->top, dh[L], x->dtop, entering(m, a, x, L), x->top_stats, (int)rows, bench);
    for (int l = L - 1; l >= 0; l--) {
        memcpy(dh[l], dh[l + 1], sizeof(float) * rows * H);
        block_backward(m, a, x, l, dh[l], bench);
    }
    if (!bench) return;
    float *dtokens = weights_of(m, bench->gradient, m->embedding);
    float *dplaces = weights_of(m, bench->gradient, m->position);
    for (size_t row = 0; row < rows; row++) {
        unroll_add(dtokens + a->input[row] * H, dh[0] + row * H, H);
        unroll_add(dplaces + row / (size_t)a->B * H, dh[0] + row * H, H);
    }
}
