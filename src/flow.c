/* The itemised gradient |d loss_t / d h_s|: one sweep back through time that carries the T losses as T streams, all
 * of which share the window's activations. At step s the streams s..T-1 are under way. */
#include <math.h>
#include <string.h>

#include "cell.h"
#include "kernels/kernels.h"
#include "pass.h"

/* Layer l's units that the run dropped at step s, in row `rows` gradients of its output. */
static void drop_rows(const unroll_pass *p, float *d, int l, int s, int rows) {
    size_t H = (size_t)p->m->cfg.hidden;
    if (p->a.drop.rate <= 0) return;
    for (int r = 0; r < rows; r++) unroll_dropout_row(&p->a.drop, d + r * H, d + r * H, l, s, 0, (int)H);
}

/* Row t of `out` (T,H) = d loss_t / d h_t at the top layer, through the head alone. */
static void head_gradients(const unroll_pass *p, float *out) {
    const model *m = p->m;
    const head_trace *x = &p->head;
    int V = m->cfg.vocab, T = p->a.T, stride = head_stride(m), top = m->cfg.layers - 1, most = head_rows(m);
    size_t H = (size_t)m->cfg.hidden;
    for (int row = 0; row < T; row += most) {
        int rows = T - row < most ? T - row : most;
        unroll_head_logits(m, x, pass_top(p) + row * H, rows);
        unroll_softmax_gradient(x->block, stride, x->loss + row, x->hit + row, x->target + row, rows, V, 1);
        unroll_gemm(out + row * H, (int)H, x->block, stride, m->head_cols, rows, (int)H, V, 0);
    }
    for (int t = 0; t < T && !is_attention(m); t++) drop_rows(p, out + t * H, top, t, 1);
}

/* The step with held values, as layers.c takes it. */
static void step_held(const unroll_pass *p, int l, int s, cell_backward *b, int rows) {
    const model *m = p->m;
    const float *held = p->a.held;
    int H = m->cfg.hidden;
    unroll_layer_carried(m, &p->a, l, s);
    memcpy(p->flow_free, b->dh, sizeof(float) * (size_t)rows * H);
    unroll_cut_held(p->flow_free, H, held_part(m, held, HELD_HIDDEN), 0, rows, H);
    b->held = held, b->h_prev = p->a.carried, b->c_prev = p->a.carried + H, b->dh = p->flow_free;
    cell_step_backward(m, l, b, rows);
    unroll_cut_held(b->dh_prev, H, held_part(m, held, HELD_CARRIED_HIDDEN), 0, rows, H);
    unroll_cut_held(b->carry, H, held_part(m, held, HELD_CARRIED_CELL), 0, rows, H);
}

/* Layer l at step s: notes the norms, then takes the streams' gradients one step back; what reaches the layer below is
 * added to `below`. dh, dh_prev (T,H). */
static void flow_step(unroll_pass *p, int l, int s, const float *dh, float *dh_prev, float *below, float *flow) {
    const model *m = p->m;
    const layer_trace *x = &p->a.layer[l];
    int H = m->cfg.hidden, T = p->a.T, rows = T - s;
    for (int r = s; r < T; r++)
        flow[((size_t)l * T + r) * T + s] = (float)sqrt(unroll_sum_squares(dh + (size_t)r * H, (size_t)H));
    size_t at = (size_t)s * H;
    cell_backward b = {
        .da = p->flow_da,
        .du = p->flow_du,
        .dc = p->flow_dc,
        .carry = p->flow_carry + ((size_t)l * T + s) * H,
        .dh_prev = dh_prev + at,
        .dh = dh + at,
        .gates = x->gates + at * m->G,
        .aux = x->aux ? x->aux + at : NULL,
        .h = x->h + at + H,
        .h_prev = x->h + at,
        .c_prev = x->c ? x->c + at : NULL,
        .shared = 1,
    };
    memset(dh_prev, 0, sizeof(float) * (size_t)T * H);
    if (p->a.hold.count && unroll_hold_rows(m, &p->a.hold, p->a.held, l, s, 1)) step_held(p, l, s, &b, rows);
    else cell_step_backward(m, l, &b, rows);
    if (!below) return;
    unroll_gemm(p->flow_below, H, p->flow_da, m->G * H, m->layer[l].ih_cols, rows, H, m->G * H, 0);
    drop_rows(p, p->flow_below, l - 1, s, rows);
    unroll_add(below + at, p->flow_below, (size_t)rows * H);
}

/* Attention has no step to take the losses back by: each sweeps the blocks alone, over the positions up to its own. */
static void attention_flow(unroll_pass *p, float *flow) {
    const model *m = p->m;
    size_t H = (size_t)m->cfg.hidden, T = (size_t)p->a.T;
    int L = m->cfg.layers;
    float *dh[UNROLL_MAX_LAYERS + 1];
    activations until = p->a;
    memset(flow, 0, sizeof(float) * (size_t)L * T * T);
    head_gradients(p, p->flow_direct);
    for (int l = 0; l <= L; l++) dh[l] = p->flow_dh + (size_t)l * T * H;
    for (size_t t = 0; t < T; t++) {
        until.T = (int)t + 1;
        memset(p->attention.dtop, 0, sizeof(float) * t * H);
        memcpy(p->attention.dtop + t * H, p->flow_direct + t * H, sizeof(float) * H);
        unroll_attention_backward(m, &until, &p->attention, dh, NULL);
        for (int l = 0; l < L; l++)
            for (size_t s = 0; s <= t; s++)
                flow[((size_t)l * T + t) * T + s] = (float)sqrt(unroll_sum_squares(dh[l] + s * H, H));
    }
}

unroll_status unroll_pass_flow(unroll_pass *p, float *flow) {
    if (!(p->flags & UNROLL_PASS_FLOW) || !p->ran) return UNROLL_BAD_PASS;
    if (is_attention(p->m)) {
        attention_flow(p, flow);
        return UNROLL_OK;
    }
    int L = p->m->cfg.layers, T = p->a.T, H = p->m->cfg.hidden;
    size_t plane = (size_t)T * H;
    float *now = p->flow_dh, *prev = p->flow_dh + L * plane;
    memset(flow, 0, sizeof(float) * (size_t)L * T * T);
    memset(p->flow_dh, 0, sizeof(float) * 2 * L * plane);
    memset(p->flow_carry, 0, sizeof(float) * L * plane);
    head_gradients(p, p->flow_direct);
    for (int s = T - 1; s >= 0; s--) {
        unroll_add(now + (L - 1) * plane + (size_t)s * H, p->flow_direct + (size_t)s * H, (size_t)H);
        for (int l = L - 1; l >= 0; l--)
            flow_step(p, l, s, now + l * plane, prev + l * plane, l ? now + (l - 1) * plane : NULL, flow);
        float *swap = now;
        now = prev, prev = swap;
    }
    return UNROLL_OK;
}
