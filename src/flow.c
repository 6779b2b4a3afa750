/* The itemised gradient |d loss_t / d h_s|: one sweep back through time that carries the T losses as T streams, all
 * of which share the window's activations. At step s the streams s..T-1 are under way. */
#include <math.h>
#include <string.h>

#include "cell.h"
#include "kernels/kernels.h"
#include "pass.h"

/* Row t of `out` (T,H) = d loss_t / d h_t at the top layer, through the head alone. */
static void head_gradients(unroll_pass *p, float *out) {
    const unroll_trainer *t = p->t;
    int V = t->cfg.vocab, H = t->cfg.hidden, stride = head_stride(t), top = t->cfg.layers - 1;
    const float *bias = weights_of(t, t->weights, t->head_b);
    for (int row = 0; row < p->T; row += HEAD_ROWS) {
        int rows = p->T - row < HEAD_ROWS ? p->T - row : HEAD_ROWS;
        for (int m = 0; m < rows; m++) memcpy(p->head + (size_t)m * stride, bias, sizeof(float) * (size_t)V);
        kernel_gemm(p->head, stride, p->layer[top].h + (size_t)(row + 1) * H, H, t->head_rows, rows, V, H, 1);
        kernel_softmax_loss(p->head, stride, p->loss + row, p->hit + row, p->target + row, rows, V, 1);
        kernel_gemm(out + (size_t)row * H, H, p->head, stride, t->head_cols, rows, H, V, 0);
    }
}

/* Layer l at step s: notes the norms, then takes the streams' gradients one step back; what reaches the layer below is
 * added to `below`. dh, dh_prev (T,H). */
static void flow_step(unroll_pass *p, int l, int s, const float *dh, float *dh_prev, float *below, float *flow) {
    const unroll_trainer *t = p->t;
    const layer_trace *x = &p->layer[l];
    int H = t->cfg.hidden, T = p->T, rows = T - s;
    for (int r = s; r < T; r++)
        flow[((size_t)l * T + r) * T + s] = (float)sqrt(kernel_sum_squares(dh + (size_t)r * H, (size_t)H));
    size_t at = (size_t)s * H;
    cell_backward b = {
        .da = p->flow_da, .du = p->flow_du, .dc = p->flow_dc, .carry = p->flow_carry + ((size_t)l * T + s) * H,
        .dh_prev = dh_prev + at, .dh = dh + at, .gates = x->gates + at * t->G, .aux = x->aux ? x->aux + at : NULL,
        .h = x->h + at + H, .h_prev = x->h + at, .c_prev = x->c ? x->c + at : NULL, .shared = 1,
    };
    memset(dh_prev, 0, sizeof(float) * (size_t)T * H);
    cell_step_backward(t, l, &b, rows);
    if (below) kernel_gemm(below + at, H, p->flow_da, t->G * H, t->layer[l].ih_cols, rows, H, t->G * H, 1);
}

void unroll_pass_flow(unroll_pass *p, float *flow) {
    int L = p->t->cfg.layers, T = p->T, H = p->t->cfg.hidden;
    size_t plane = (size_t)T * H;
    float *direct = p->layer[L - 1].up; /* free: nothing is dropped in a probe */
    float *now = p->flow_dh, *prev = p->flow_dh + L * plane;
    memset(flow, 0, sizeof(float) * (size_t)L * T * T);
    memset(p->flow_dh, 0, sizeof(float) * 2 * L * plane);
    memset(p->flow_carry, 0, sizeof(float) * L * plane);
    head_gradients(p, direct);
    for (int s = T - 1; s >= 0; s--) {
        kernel_add(now + (L - 1) * plane + (size_t)s * H, direct + (size_t)s * H, (size_t)H);
        for (int l = L - 1; l >= 0; l--)
            flow_step(p, l, s, now + l * plane, prev + l * plane, l ? now + (l - 1) * plane : NULL, flow);
        float *swap = now;
        now = prev, prev = swap;
    }
}
