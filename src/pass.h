/* A pass: the activations and gradients of one window. It reads the model, and leaves its gradient on the bench. */
#ifndef UNROLL_PASS_H
#define UNROLL_PASS_H

#include "attention.h"
#include "head.h"

struct unroll_pass {
    const model *m;
    const workbench *bench;
    const unroll_progress *progress; /* dropout is drawn anew in each step */
    int32_t capacity_B, capacity_T, flags;
    int32_t ran;    /* whether the pass is as its last run left it: what flow.c looks into */
    int32_t *input; /* [T,B] */
    activations a;  /* its B and T are of the last run, within the capacity */
    attention_trace attention;
    head_trace head;
    /* flow.c: gradients of T losses side by side */
    float *flow_direct, *flow_below, *flow_free, *flow_dh, *flow_carry, *flow_da, *flow_du, *flow_dc;
};

/* What the head reads, [T,B,H]. */
static inline const float *pass_top(const unroll_pass *p) {
    return is_attention(p->m) ? p->attention.top : layer_up(p->m, &p->a, p->m->cfg.layers - 1);
}

/* Forward through the layers for positions from.. of what was read in; `from` is 0 but for attention. */
void unroll_pass_forward(unroll_pass *p, int from);

/* What unroll_pass_bytes() and unroll_pass_init() do, for a pass of this model. */
size_t unroll_pass_measure(const model *m, int32_t B, int32_t T, int32_t flags);
unroll_status unroll_pass_make(unroll_pass **out, void *block, size_t bytes, const unroll_pass *like);

/* Takes a window's shape, B and T within the capacity. */
void unroll_pass_resize(unroll_pass *p, int32_t B, int32_t T);

/* Copies streams `from`.. of a (L,stride_B,H) state into slot 0, or the last slot out to it. */
void unroll_pass_load_state(unroll_pass *p, const float *h, const float *c, int32_t stride_B, int32_t from);
void unroll_pass_save_state(const unroll_pass *p, float *h, float *c, int32_t stride_B, int32_t from);

#endif
