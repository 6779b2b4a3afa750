/* The head:  logits = V h + d,   loss = -log softmax(logits)[target], in blocks of positions, so that a large
 * vocabulary needs little memory and a block's logits are still in the cache when their gradient is used. */
#include <string.h>

#include "kernels/kernels.h"
#include "pass.h"

static void block_logits(const unroll_pass *p, const float *h, int rows) {
    const unroll_trainer *t = p->t;
    int V = t->cfg.vocab, H = t->cfg.hidden, stride = head_stride(t);
    const float *bias = weights_of(t, t->weights, t->head_b);
    for (int m = 0; m < rows; m++) memcpy(p->head + (size_t)m * stride, bias, sizeof(float) * (size_t)V);
    kernel_gemm(p->head, stride, h, H, t->head_rows, rows, V, H, 1);
}

static void block_keep(const unroll_pass *p, float *out, int row, int rows) {
    int V = p->t->cfg.vocab, stride = head_stride(p->t);
    for (int m = 0; m < rows; m++)
        memcpy(out + (size_t)(row + m) * V, p->head + (size_t)m * stride, sizeof(float) * (size_t)V);
}

/* From d logits in p->head:  dh = dlogits V   dV += dlogitsᵀ h   dd += Σ dlogits */
static void block_backward(const unroll_pass *p, const float *h, float *dh, int rows) {
    const unroll_trainer *t = p->t;
    int V = t->cfg.vocab, H = t->cfg.hidden, stride = head_stride(t);
    kernel_gemm(dh, H, p->head, stride, t->head_cols, rows, H, V, 0);
    kernel_gemm_tn(weights_of(t, t->shard_gradient, t->head_w), H, p->head, stride, h, H, V, H, rows, t->scratch);
    kernel_sum_rows(weights_of(t, t->shard_gradient, t->head_b), p->head, stride, rows, V);
}

double pass_head(unroll_pass *p, int backward, double scale) {
    const unroll_trainer *t = p->t;
    const unroll_config *c = &t->cfg;
    int H = c->hidden, V = c->vocab, stride = head_stride(t), positions = p->T * p->B, top = c->layers - 1;
    const float *up = pass_up(p, top);
    float *dh = backward ? p->layer[top].dh + (size_t)p->B * H : NULL;
    double sum = 0;
    for (int row = 0; row < positions; row += HEAD_ROWS) {
        int rows = positions - row < HEAD_ROWS ? positions - row : HEAD_ROWS;
        const float *h = up + (size_t)row * H;
        block_logits(p, h, rows);
        if (p->logits) block_keep(p, p->logits, row, rows);
        if (p->probabilities) {
            kernel_softmax_loss(p->head, stride, p->loss + row, p->hit + row, p->target + row, rows, V, 0);
            block_keep(p, p->probabilities, row, rows);
            if (backward) block_logits(p, h, rows);
        }
        if (backward || !p->probabilities)
            kernel_softmax_loss(p->head, stride, p->loss + row, p->hit + row, p->target + row, rows, V, backward ? (float)scale : 0);
        if (backward) block_backward(p, h, dh + (size_t)row * H, rows);
        for (int m = row; m < row + rows; m++) sum += p->loss[m];
    }
    return sum;
}

void unroll_pass_hits(const unroll_pass *p, double *hits, double *targets) {
    for (int32_t m = 0; m < p->T * p->B; m++) *hits += p->hit[m], *targets += p->target[m] >= 0;
}
