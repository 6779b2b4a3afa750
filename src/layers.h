/* A window's way up through the layers and back down: activations and gradients, time-major ([T,B,...]), so that each
 * step is one block. */
#ifndef UNROLL_LAYERS_H
#define UNROLL_LAYERS_H

#include "dropout.h"
#include "hold.h"
#include "model.h"

typedef struct layer_trace {
    float *h, *c; /* [T+1,B,H]; slot 0 is the state before the window; c is the LSTM's */
    float *gates; /* [T,B,G*H] */
    float *aux;   /* [T,B,H], see cell.h; not for RNN */
    float *up;    /* [T,B,H]: h after dropout */
    float *dh;    /* [T+1,B,H]; slot 0 is the gradient of the state before */
    float *dc;    /* [T,B,H], LSTM */
} layer_trace;

typedef struct activations {
    int32_t B, T;
    const int32_t *input; /* [T,B] ids */
    layer_trace layer[UNROLL_MAX_LAYERS];
    float *x;               /* [T,B,E]: embedding rows, where they are not folded */
    float *dx;              /* one chunk's gradient of x */
    float *da, *du, *carry; /* one chunk of one layer: [steps,B,G*H], [steps,B,H]; and [B,H] */
    dropout drop;
    hold_list hold;
    float *held;    /* held rows of the step at hand, [B,...] */
    float *carried; /* [2,B,H]: h' and c' as a step with held rows reads them */
    float *dh_free; /* [B,H]: the gradient of h without what is held */
    float *dh_prev; /* [B,H]: what a step with held rows passes back */
} activations;

/* Room for T steps of B streams, and with `backward` for gradients. */
void unroll_layers_layout(activations *a, const model *m, arena *memory, int32_t B, int32_t T, int backward);

/* From `input` and slot 0 of h and c to all the rest. */
void unroll_layers_forward(const model *m, activations *a);
/* From the top layer's dh, slots 1..T, to every gradient below; adds to the bench's gradient. */
void unroll_layers_backward(const model *m, activations *a, const workbench *bench);

/* The state that step s of layer l reads, where something is held there: h' and c' of B streams into a->carried. */
void unroll_layer_carried(const model *m, const activations *a, int l, int s);

/* What layer l hands up, [T,B,H]. */
static inline const float *layer_up(const model *m, const activations *a, int l) {
    const layer_trace *x = &a->layer[l];
    return a->drop.rate > 0 ? x->up : x->h + (size_t)a->B * m->cfg.hidden;
}

#endif
