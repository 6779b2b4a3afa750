/* The head works in blocks of positions, so that a large vocabulary needs little memory and a block's logits are still
 * in the cache when their gradient is used. */
#include "head.h"

#include <assert.h>
#include <string.h>

#include "kernels/kernels.h"

void unroll_head_layout(head_trace *x, const model *m, arena *a, size_t positions, int keep) {
    size_t V = (size_t)m->cfg.vocab, most = (size_t)head_rows(m), rows = positions < most ? positions : most;
    x->target = arena_take(a, positions, sizeof(int32_t));
    x->hit = arena_take(a, positions, sizeof(int32_t));
    x->loss = arena_floats(a, positions, 1);
    x->block = arena_floats(a, rows, (size_t)head_stride(m));
    x->logits = keep ? arena_floats(a, positions, V) : NULL;
    x->probabilities = keep ? arena_floats(a, positions, V) : NULL;
}

void unroll_head_logits(const model *m, const head_trace *x, const float *up, int rows) {
    int V = m->cfg.vocab, H = m->cfg.hidden, stride = head_stride(m);
    const float *bias = weights_of(m, m->weights, m->head_b);
    unroll_gemm_rows(x->block, stride, bias, 0, NULL, up, H, m->head_rows, rows, V, H);
}

/* From d logits in the block:  dup = dlogits V   dV += dlogitsᵀ up   dd += Σ dlogits */
static void block_backward(const model *m, const head_trace *x, const float *up, float *dup, int rows,
                           const workbench *bench) {
    int V = m->cfg.vocab, H = m->cfg.hidden, stride = head_stride(m);
    unroll_gemm(dup, H, x->block, stride, m->head_cols, rows, H, V, 0);
    float *dw = weights_of(m, bench->gradient, m->head_w);
    unroll_gemm_tn(dw, H, x->block, stride, up, H, V, H, rows, bench->scratch);
    unroll_sum_rows(weights_of(m, bench->gradient, m->head_b), x->block, stride, rows, V);
}

/* The block's rows without their padding. */
static void block_keep(const model *m, const head_trace *x, float *out, int rows) {
    size_t V = (size_t)m->cfg.vocab, stride = (size_t)head_stride(m);
    for (int r = 0; r < rows; r++) memcpy(out + r * V, x->block + r * stride, sizeof(float) * V);
}

double unroll_head_run(const model *m, const head_trace *x, const float *up, int positions, float *dup, double scale,
                       const workbench *bench) {
    assert(positions >= 1 && (!dup || bench->gradient));
    int V = m->cfg.vocab, stride = head_stride(m), most = head_rows(m);
    size_t H = (size_t)m->cfg.hidden;
    double sum = 0;
    for (int row = 0; row < positions; row += most, up += most * H) {
        int rows = positions - row < most ? positions - row : most;
        float *loss = x->loss + row;
        int32_t *hit = x->hit + row, *target = x->target + row;
        unroll_head_logits(m, x, up, rows);
        if (x->logits) block_keep(m, x, x->logits + (size_t)row * V, rows);
        if (x->probabilities || !dup) unroll_softmax_loss(x->block, stride, loss, hit, target, rows, V);
        if (x->probabilities) block_keep(m, x, x->probabilities + (size_t)row * V, rows);
        if (dup) {
            if (x->probabilities) unroll_head_logits(m, x, up, rows);
            unroll_softmax_gradient(x->block, stride, loss, hit, target, rows, V, (float)scale);
            block_backward(m, x, up, dup + row * H, rows, bench);
        }
        for (int r = 0; r < rows; r++) sum += loss[r];
    }
    return sum;
}
