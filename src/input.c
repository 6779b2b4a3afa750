/* The input side of a layer. Layer 0 reads tokens: they need no product each, for W x + b of every token stands in a
 * table; where the vocabulary is too large for that, embedding rows are multiplied with W. */
#include "input.h"

#include <string.h>

#include "kernels/kernels.h"

/* ---- The folded input's table ---- */

/* table (V,G*H): row v is W x_v + b, for the one-hot or embedded x_v. */
void unroll_input_table(model *m) {
    if (!m->folded) return;
    const layer_weights *w = &m->layer[0];
    int GH = m->G * m->cfg.hidden, V = m->cfg.vocab, E = m->cfg.embedding;
    if (E) unroll_gemm(m->table, GH, weights_of(m, m->weights, m->embedding), E, w->ih_rows, V, GH, E, 0);
    else unroll_transpose(m->table, GH, weights_of(m, m->weights, w->w_ih), V, GH, V);
    for (int v = 0; v < V; v++) unroll_add(m->table + (size_t)v * GH, w->bias, (size_t)GH);
}

void unroll_input_table_backward(const model *m, const workbench *bench) {
    if (!m->folded) return;
    const layer_weights *w = &m->layer[0];
    int GH = m->G * m->cfg.hidden, V = m->cfg.vocab, E = m->cfg.embedding;
    float *dw = weights_of(m, bench->gradient, w->w_ih);
    unroll_sum_rows(weights_of(m, bench->gradient, w->b_ih), bench->dtable, GH, V, GH);
    if (!E) {
        unroll_transpose(dw, V, bench->dtable, GH, V, GH);
        return;
    }
    const float *embedding = weights_of(m, m->weights, m->embedding);
    unroll_gemm(weights_of(m, bench->gradient, m->embedding), E, bench->dtable, GH, w->ih_cols, V, E, GH, 0);
    unroll_gemm_tn(dw, E, bench->dtable, GH, embedding, E, GH, E, V, bench->scratch);
}

/* ---- Products of inputs x (rows,I) ---- */

/* gates = W x + b. */
static void product_forward(const model *m, int l, float *gates, const float *x, int I, int rows) {
    const layer_weights *w = &m->layer[l];
    int GH = m->G * m->cfg.hidden;
    unroll_gemm_rows(gates, GH, w->bias, 0, NULL, x, I, w->ih_rows, rows, GH, I);
}

/* dW += daᵀ x   db += Σ da   dx = da W */
static void product_backward(const model *m, int l, const workbench *bench, float *dx, const float *da, const float *x,
                             int I, int rows) {
    const layer_weights *w = &m->layer[l];
    int GH = m->G * m->cfg.hidden;
    unroll_gemm_tn(weights_of(m, bench->gradient, w->w_ih), I, da, GH, x, I, GH, I, rows, bench->scratch);
    unroll_sum_rows(weights_of(m, bench->gradient, w->b_ih), da, GH, rows, GH);
    unroll_gemm(dx, I, da, GH, w->ih_cols, rows, I, GH, 0);
}

/* ---- Layer 0 ---- */

void unroll_input_forward(const model *m, float *gates, float *x, const int32_t *ids, int rows) {
    size_t GH = (size_t)m->G * m->cfg.hidden, E = (size_t)m->cfg.embedding;
    if (m->folded) {
        for (int r = 0; r < rows; r++) memcpy(gates + r * GH, m->table + ids[r] * GH, sizeof(float) * GH);
        return;
    }
    const float *embedding = weights_of(m, m->weights, m->embedding);
    for (int r = 0; r < rows; r++) memcpy(x + r * E, embedding + ids[r] * E, sizeof(float) * E);
    product_forward(m, 0, gates, x, (int)E, rows);
}

/* Gradients are gathered by token: in the table's rows, or in the embedding's. */
void unroll_input_backward(const model *m, const workbench *bench, float *dx, const float *da, const float *x,
                           const int32_t *ids, int rows) {
    size_t GH = (size_t)m->G * m->cfg.hidden, E = (size_t)m->cfg.embedding;
    if (m->folded) {
        for (int r = 0; r < rows; r++) unroll_add(bench->dtable + ids[r] * GH, da + r * GH, GH);
        return;
    }
    float *d = weights_of(m, bench->gradient, m->embedding);
    product_backward(m, 0, bench, dx, da, x, (int)E, rows);
    for (int r = 0; r < rows; r++) unroll_add(d + ids[r] * E, dx + r * E, E);
}

/* ---- Layers above ---- */

void unroll_upper_forward(const model *m, int l, float *gates, const float *up, int rows) {
    product_forward(m, l, gates, up, m->cfg.hidden, rows);
}

void unroll_upper_backward(const model *m, int l, const workbench *bench, float *dup, const float *da, const float *up,
                           int rows) {
    product_backward(m, l, bench, dup, da, up, m->cfg.hidden, rows);
}
