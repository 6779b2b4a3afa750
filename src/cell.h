/* What a cell is to the rest: one step forward, the same step backward, and its recurrent weights' gradient.
 *
 * A step works on B streams; the caller has put W x + b into `gates`, or added it. `aux` keeps what the backward needs
 * besides: LSTM tanh(c), "before" GRU r h', "after" GRU U_n h' + b_hn. */
#ifndef UNROLL_CELL_H
#define UNROLL_CELL_H

#include "trainer.h"

typedef struct cell_forward {
    float *h, *c, *aux;          /* (B,H) out; c is the LSTM's */
    float *gates;                /* (B,G*H): W x + b in, the gates' values out (an RNN's: h) */
    const float *h_prev, *c_prev; /* (B,H) */
} cell_forward;

typedef struct cell_backward {
    float *da;      /* (B,G*H) out: gradient of what stands before the activations */
    float *du;      /* (B,H) out: GRU only; "before": of r h'; "after": of U_n h' + b_hn */
    float *dc;      /* (B,H) out: LSTM */
    float *carry;   /* (B,H): LSTM's c gradient from the step after in, for the step before out */
    float *dh_prev; /* (B,H) += */
    const float *dh;
    const float *gates, *aux, *h, *h_prev, *c_prev; /* of the step; one row that all B share if `shared` */
    int shared;
} cell_backward;

void rnn_step(const unroll_trainer *t, int layer, const cell_forward *s, int B);
void rnn_step_backward(const unroll_trainer *t, int layer, const cell_backward *s, int B);
void lstm_step(const unroll_trainer *t, int layer, const cell_forward *s, int B);
void lstm_step_backward(const unroll_trainer *t, int layer, const cell_backward *s, int B);
void gru_step(const unroll_trainer *t, int layer, const cell_forward *s, int B);
void gru_step_backward(const unroll_trainer *t, int layer, const cell_backward *s, int B);

/* The recurrent matrix's gradient from a whole window: da (rows,G*H), du, aux and h_prev (rows,H), added to `flat`. */
void gru_weights_backward(const unroll_trainer *t, int layer, float *flat, const float *da, const float *du, const float *aux,
                          const float *h_prev, int rows);

static inline void cell_step(const unroll_trainer *t, int layer, const cell_forward *s, int B) {
    switch (t->cfg.cell) {
    case UNROLL_RNN: rnn_step(t, layer, s, B); break;
    case UNROLL_LSTM: lstm_step(t, layer, s, B); break;
    default: gru_step(t, layer, s, B);
    }
}

static inline void cell_step_backward(const unroll_trainer *t, int layer, const cell_backward *s, int B) {
    switch (t->cfg.cell) {
    case UNROLL_RNN: rnn_step_backward(t, layer, s, B); break;
    case UNROLL_LSTM: lstm_step_backward(t, layer, s, B); break;
    default: gru_step_backward(t, layer, s, B);
    }
}

#endif
