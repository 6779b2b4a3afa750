/* The long short-term memory:
 *   i,f,o = σ(W x + U h' + b)   g = tanh(W x + U h' + b)   c = f c' + i g   h = o tanh(c) */
#include "cell.h"
#include "hold.h"
#include "kernels/kernels.h"

void unroll_lstm_step(const model *m, int layer, const cell_forward *s, int B) {
    int H = m->cfg.hidden;
    cell_product(m, layer, s, 0, 4 * H, s->h_prev, 0, B);
    unroll_lstm_forward(s->h, s->c, s->aux, s->gates, s->c_prev, s->held, B, H);
}

/* dc = dc'' f'' + dh o (1 - tanh²c)   da_i = dc g i(1-i)   da_f = dc c' f(1-f)   da_g = dc i (1-g²)
 * da_o = dh tanh(c) o(1-o)   dh' += da U
 * Where c is held, i, f, g and the c before have no part in it. */
void unroll_lstm_step_backward(const model *m, int layer, const cell_backward *s, int B) {
    int H = m->cfg.hidden;
    unroll_lstm_backward(s->da, s->dc, s->carry, s->dh, s->gates, s->aux, s->c_prev, B, H, s->shared);
    if (s->held) {
        int width = held_width(m), ld = s->shared ? 0 : width;
        const float *cell = held_part(m, s->held, HELD_CELL);
        unroll_cut_held(s->da, 4 * H, s->held, ld, B, 4 * H);
        for (int gate = 0; gate < 3; gate++) unroll_cut_held(s->da + gate * H, 4 * H, cell, ld, B, H);
        unroll_cut_held(s->carry, H, cell, ld, B, H);
    }
    unroll_gemm(s->dh_prev, H, s->da, 4 * H, m->layer[layer].hh_cols[0], B, H, 4 * H, 1);
}
