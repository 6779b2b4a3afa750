/* The plain cell:  h = tanh(W x + U h' + b). */
#include "cell.h"
#include "hold.h"
#include "kernels/kernels.h"

void unroll_rnn_step(const model *m, int layer, const cell_forward *s, int B) {
    int H = m->cfg.hidden;
    cell_product(m, layer, s, 0, H, s->h_prev, 0, B);
    unroll_tanh_forward(s->gates, s->h, B, H);
    if (s->held) unroll_put_held(s->h, H, held_part(m, s->held, HELD_HIDDEN), held_width(m), B, H);
}

/* da = dh (1 - h²)   dh' += da U */
void unroll_rnn_step_backward(const model *m, int layer, const cell_backward *s, int B) {
    int H = m->cfg.hidden;
    unroll_tanh_backward(s->da, s->dh, s->h, B, H, s->shared);
    unroll_gemm(s->dh_prev, H, s->da, H, m->layer[layer].hh_cols[0], B, H, H, 1);
}
