/* Backward through a window (Werbos 1990): from each layer's last step to its first, in chunks of steps, whose gradients
 * go into the weights while they are in the cache. p->da and p->du hold one chunk. */
#include <string.h>

#include "cell.h"
#include "kernels/kernels.h"
#include "pass.h"

/* Folded input: the chunk's gradients gathered by token. */
static void table_add(const unroll_pass *p, int row, int rows) {
    const unroll_trainer *t = p->t;
    size_t GH = (size_t)t->G * t->cfg.hidden;
    for (int m = 0; m < rows; m++) kernel_add(t->dtable + (size_t)p->input[row + m] * GH, p->da + m * GH, GH);
}

/* At the end, from the table's gradient to W, b and the embedding. */
static void table_backward(const unroll_pass *p) {
    const unroll_trainer *t = p->t;
    int GH = t->G * t->cfg.hidden, V = t->cfg.vocab, E = t->cfg.embedding;
    float *dw = weights_of(t, t->shard_gradient, t->layer[0].w_ih);
    kernel_sum_rows(weights_of(t, t->shard_gradient, t->layer[0].b_ih), t->dtable, GH, V, GH);
    if (!E) {
        kernel_transpose(dw, V, t->dtable, GH, V, GH);
        return;
    }
    const float *embedding = weights_of(t, t->weights, t->embedding);
    kernel_gemm(weights_of(t, t->shard_gradient, t->embedding), E, t->dtable, GH, t->layer[0].ih_cols, V, E, GH, 0);
    kernel_gemm_tn(dw, E, t->dtable, GH, embedding, E, GH, E, V, t->scratch);
}

/* dW += daᵀ x   db += Σ da   for layer l's input x (rows,I). */
static void input_weights(const unroll_pass *p, int l, const float *x, int I, int rows) {
    const unroll_trainer *t = p->t;
    int GH = t->G * t->cfg.hidden;
    kernel_gemm_tn(weights_of(t, t->shard_gradient, t->layer[l].w_ih), I, p->da, GH, x, I, GH, I, rows, t->scratch);
    kernel_sum_rows(weights_of(t, t->shard_gradient, t->layer[l].b_ih), p->da, GH, rows, GH);
}

/* The chunk's input side. dx = da W lands in the lower layer's dh, or in the rows of the embedding. */
static void input_backward(const unroll_pass *p, int l, int row, int rows) {
    const unroll_trainer *t = p->t;
    int H = t->cfg.hidden, GH = t->G * H, E = t->cfg.embedding;
    if (l) {
        input_weights(p, l, pass_up(p, l - 1) + (size_t)row * H, H, rows);
        kernel_gemm(p->layer[l - 1].dh + (size_t)(row + p->B) * H, H, p->da, GH, t->layer[l].ih_cols, rows, H, GH, 0);
    } else if (t->folded) {
        table_add(p, row, rows);
    } else {
        float *d = weights_of(t, t->shard_gradient, t->embedding);
        input_weights(p, 0, p->x + (size_t)row * E, E, rows);
        kernel_gemm(p->dx, E, p->da, GH, t->layer[0].ih_cols, rows, E, GH, 0);
        for (int m = 0; m < rows; m++) kernel_add(d + (size_t)p->input[row + m] * E, p->dx + (size_t)m * E, (size_t)E);
    }
}

/* dU += daᵀ h' for the chunk. */
static void recurrent_weights(const unroll_pass *p, int l, int row, int rows) {
    const unroll_trainer *t = p->t;
    const layer_trace *x = &p->layer[l];
    int H = t->cfg.hidden, GH = t->G * H;
    size_t at = (size_t)row * H;
    if (t->cfg.cell == UNROLL_GRU) gru_weights_backward(t, l, t->shard_gradient, p->da, p->du, x->aux + at, x->h + at, rows);
    else kernel_gemm_tn(weights_of(t, t->shard_gradient, t->layer[l].w_hh), H, p->da, GH, x->h + at, H, GH, H, rows, t->scratch);
}

/* dh's slots 1..T hold what comes from above; the steps add what comes from later. */
static void layer_backward(unroll_pass *p, int l) {
    const unroll_trainer *t = p->t;
    layer_trace *x = &p->layer[l];
    size_t step = (size_t)p->B * t->cfg.hidden;
    int chunk = chunk_steps(p->B);
    if (p->drop_rate > 0) pass_drop(p, x->dh + step, x->dh + step, l);
    memset(x->dh, 0, step * sizeof(float));
    memset(p->carry, 0, step * sizeof(float));
    for (int end = p->T; end > 0;) {
        int start = end > chunk ? end - chunk : 0;
        for (int s = end - 1; s >= start; s--) {
            size_t in_chunk = (s - start) * step;
            cell_backward b = {
                .da = p->da + in_chunk * t->G, .du = p->du ? p->du + in_chunk : NULL, .dc = x->dc ? x->dc + s * step : NULL,
                .carry = p->carry, .dh_prev = x->dh + s * step, .dh = x->dh + (s + 1) * step,
                .gates = x->gates + s * step * t->G, .aux = x->aux ? x->aux + s * step : NULL,
                .h = x->h + (s + 1) * step, .h_prev = x->h + s * step, .c_prev = x->c ? x->c + s * step : NULL,
            };
            cell_step_backward(t, l, &b, p->B);
        }
        recurrent_weights(p, l, start * p->B, (end - start) * p->B);
        input_backward(p, l, start * p->B, (end - start) * p->B);
        end = start;
    }
}

void pass_backward(unroll_pass *p) {
    const unroll_trainer *t = p->t;
    if (t->folded) memset(t->dtable, 0, sizeof(float) * (size_t)t->cfg.vocab * t->G * t->cfg.hidden);
    for (int l = t->cfg.layers - 1; l >= 0; l--) layer_backward(p, l);
    if (t->folded) table_backward(p);
}
