/* The plain cell:  h = tanh(W x + U h' + b). */
#include "cell.h"
#include "kernels/kernels.h"

void rnn_step(const unroll_trainer *t, int layer, const cell_forward *s, int B) {
    int H = t->cfg.hidden;
    kernel_gemm(s->gates, H, s->h_prev, H, t->layer[layer].hh_rows[0], B, H, H, 1);
    kernel_tanh_forward(s->gates, s->h, B, H);
}

/* da = dh (1 - h²)   dh' += da U */
void rnn_step_backward(const unroll_trainer *t, int layer, const cell_backward *s, int B) {
    int H = t->cfg.hidden;
    kernel_tanh_backward(s->da, s->dh, s->h, B, H, s->shared);
    kernel_gemm(s->dh_prev, H, s->da, H, t->layer[layer].hh_cols[0], B, H, H, 1);
}
