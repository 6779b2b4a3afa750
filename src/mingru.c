/* The minimal gated unit (Feng et al. 2024), whose gates do not look at h', so that it is linear in h:
 *   z = σ(W x + b)   n = W x + b   h = (1-z) h' + z n */
#include "cell.h"
#include "hold.h"
#include "kernels/kernels.h"

void unroll_mingru_step(const model *m, int layer, const cell_forward *s, int B) {
    (void)layer;
    unroll_mingru_forward(s->h, s->gates, s->h_prev, s->held, B, m->cfg.hidden);
}

/* da_z = dh (n-h') z(1-z)   da_n = dh z   dh' += dh (1-z) */
void unroll_mingru_step_backward(const model *m, int layer, const cell_backward *s, int B) {
    (void)layer;
    int H = m->cfg.hidden;
    unroll_mingru_backward(s->da, s->dh_prev, s->dh, s->gates, s->h_prev, B, H, s->shared);
    if (s->held) unroll_cut_held(s->da, 2 * H, s->held, s->shared ? 0 : held_width(m), B, 2 * H);
}
