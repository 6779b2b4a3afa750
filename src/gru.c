/* The gated recurrent unit, in its two forms:
 *   "before"   r,z = σ(W x + U h' + b)   n = tanh(W x + U (r h') + b)          h = (1-z) h' + z n
 *   "after"    r,z the same              n = tanh(W x + b + r (U h' + b_hn))   h = (1-z) n + z h'
 * "before" (Cho et al. 2014) resets h' ahead of the product, "after" (cuDNN, PyTorch) behind it. */
#include "cell.h"
#include "hold.h"
#include "kernels/kernels.h"

void unroll_gru_step(const model *m, int layer, const cell_forward *s, int B) {
    const layer_weights *w = &m->layer[layer];
    int H = m->cfg.hidden;
    cell_product(m, layer, s, 0, 2 * H, s->h_prev, 0, B);
    if (m->cfg.gru_after) {
        const float *b_hn = weights_of(m, m->weights, w->b_hh) + 2 * H;
        unroll_gemm_rows(s->aux, H, b_hn, 0, NULL, s->h_prev, H, w->hh_rows[1], B, H, H);
        unroll_gru_after_forward(s->h, s->gates, s->aux, s->h_prev, s->held, B, H);
    } else {
        unroll_gru_reset(s->gates, s->aux, s->h_prev, s->held, B, H);
        cell_product(m, layer, s, 2 * H, H, s->aux, 1, B);
        unroll_gru_before_forward(s->h, s->gates, s->h_prev, s->held, B, H);
    }
}

/* "before"   da_n = dh z (1-n²)   da_z = dh (n-h') z(1-z)   d(r h') = da_n U_n   da_r = d(r h') h' r(1-r)
 *            dh' += dh (1-z) + d(r h') r + da_rz U_rz
 * "after"    da_n = dh (1-z)(1-n²)   da_z = dh (h'-n) z(1-z)   du = da_n r   da_r = da_n u r(1-r)
 *            dh' += dh z + du U_n + da_rz U_rz */
void unroll_gru_step_backward(const model *m, int layer, const cell_backward *s, int B) {
    const layer_weights *w = &m->layer[layer];
    int H = m->cfg.hidden, ld = s->shared ? 0 : held_width(m);
    if (m->cfg.gru_after) {
        unroll_gru_after_backward(s->da, s->du, s->dh_prev, s->dh, s->gates, s->aux, s->h_prev, B, H, s->shared);
        if (s->held) { /* a held n takes its pre-activation's gradient, and so r's and that of the product */
            unroll_cut_held(s->da, 3 * H, s->held + 2 * H, ld, B, H);
            unroll_cut_held(s->du, H, s->held + 2 * H, ld, B, H);
            unroll_cut_held(s->da, 3 * H, s->held, ld, B, 3 * H);
        }
        unroll_gemm(s->dh_prev, H, s->du, H, w->hh_cols[1], B, H, H, 1);
    } else {
        unroll_gru_before_backward(s->da, s->dh_prev, s->dh, s->gates, s->h_prev, B, H, s->shared);
        if (s->held) unroll_cut_held(s->da + H, 3 * H, s->held + H, ld, B, 2 * H);
        unroll_gemm(s->du, H, s->da + 2 * H, 3 * H, w->hh_cols[1], B, H, H, 0);
        unroll_gru_reset_backward(s->da, s->dh_prev, s->du, s->gates, s->h_prev, B, H, s->shared);
        if (s->held) unroll_cut_held(s->da, 3 * H, s->held, ld, B, H);
    }
    unroll_gemm(s->dh_prev, H, s->da, 3 * H, w->hh_cols[0], B, H, 2 * H, 1);
}

/* dU_rz += da_rzᵀ h'   and   "before": dU_n += da_nᵀ (r h')   "after": dU_n += duᵀ h', db_hn += Σ du */
void unroll_gru_weights_backward(const model *m, int layer, const workbench *bench, const cell_rows *s) {
    const layer_weights *w = &m->layer[layer];
    int H = m->cfg.hidden;
    float *dU = weights_of(m, bench->gradient, w->w_hh), *dU_n = dU + (size_t)2 * H * H;
    unroll_gemm_tn(dU, H, s->da, 3 * H, s->h_prev, H, 2 * H, H, s->rows, bench->scratch);
    if (m->cfg.gru_after) {
        unroll_gemm_tn(dU_n, H, s->du, H, s->h_prev, H, H, H, s->rows, bench->scratch);
        unroll_sum_rows(weights_of(m, bench->gradient, w->b_hh) + 2 * H, s->du, H, s->rows, H);
    } else {
        unroll_gemm_tn(dU_n, H, s->da + 2 * H, 3 * H, s->aux, H, H, H, s->rows, bench->scratch);
    }
}
