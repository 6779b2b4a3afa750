/* A pass: the activations and gradients of one window, time-major ([T,B,...]), so that each step is one block. */
#ifndef UNROLL_PASS_H
#define UNROLL_PASS_H

#include "trainer.h"

enum { HEAD_ROWS = 256 }; /* positions whose logits are worked on together */

typedef struct layer_trace {
    float *h, *c; /* [T+1,B,H]; slot 0 is the state before the window; c is the LSTM's */
    float *gates; /* [T,B,G*H] */
    float *aux;   /* [T,B,H], see cell.h; not for RNN */
    float *up;    /* [T,B,H]: h after dropout */
    float *dh;    /* [T+1,B,H]; slot 0 is the gradient of the state before */
    float *dc;    /* [T,B,H], LSTM */
} layer_trace;

struct unroll_pass {
    unroll_trainer *t;
    int32_t capacity_B, capacity_T, flags;
    int32_t B, T; /* of the last run, within the capacity */
    layer_trace layer[UNROLL_MAX_LAYERS];
    int32_t *input, *target, *hit; /* [T,B] */
    float *x;                      /* [T,B,E]: embedding rows, where they are not folded */
    float *dx;                     /* one chunk's gradient of x */
    float *loss;                   /* [T,B] */
    float *logits, *probabilities; /* [T,B,V], with UNROLL_PASS_LOGITS */
    float *da, *du, *carry;        /* one chunk of one layer: [steps,B,G*H], [steps,B,H]; and [B,H] */
    float *head;                   /* [HEAD_ROWS, padded V]: logits, then their gradient */
    float *flow_dh, *flow_carry, *flow_da, *flow_du, *flow_dc; /* flow.c: gradients of T losses side by side */
    float drop_rate;               /* of this run; 0 in evaluation */
    int32_t first_stream;
};

/* Steps worked on between the step-by-step part and the products over many rows: about one block of gemm_tn. */
enum { CHUNK_ROWS = 128 };
static inline int chunk_steps(int32_t B) { return B >= CHUNK_ROWS ? 1 : CHUNK_ROWS / B; }

/* Floats between rows of `head`. */
static inline int32_t head_stride(const unroll_trainer *t) { return (t->cfg.vocab + 7) & ~7; }

/* What layer l hands up, [T,B,H]. */
static inline const float *pass_up(const unroll_pass *p, int l) {
    const layer_trace *x = &p->layer[l];
    return p->drop_rate > 0 ? x->up : x->h + (size_t)p->B * p->t->cfg.hidden;
}

/* Takes a window's shape, B and T within the capacity. */
void pass_resize(unroll_pass *p, int32_t B, int32_t T);

/* Copies streams `from`.. of a (L,stride_B,H) state into slot 0, or the last slot out to it. */
void pass_load_state(unroll_pass *p, const float *h, const float *c, int32_t stride_B, int32_t from);
void pass_save_state(const unroll_pass *p, float *h, float *c, int32_t stride_B, int32_t from);

/* Whole window through the layers, the head and its loss, and back. pass_head() also puts d loss / d h into the top layer's dh.
 * input, target (B,T) are read into the pass; returns UNROLL_BAD_TOKEN before anything else is touched. */
unroll_status pass_read(unroll_pass *p, const int32_t *input, const int32_t *target);
void pass_forward(unroll_pass *p);
double pass_head(unroll_pass *p, int backward, double scale);
void pass_backward(unroll_pass *p);

/* Drops units of layer l's output in (T*B,H), or, with the same mask, the gradient of it. */
void pass_drop(const unroll_pass *p, float *out, const float *in, int layer);

#endif
