/* What a cell is to the rest: one step forward, the same step backward, and its recurrent weights' gradient.
 *
 * A step works on B streams; W x + b stand in `gates`, or in the rows of `table` that the caller names. `aux` keeps
 * what the backward needs besides: LSTM tanh(c), "before" GRU r h', "after" GRU U_n h' + b_hn. */
#ifndef UNROLL_CELL_H
#define UNROLL_CELL_H

#include "kernels/kernels.h"
#include "model.h"

typedef struct cell_forward {
    float *h, *c, *aux;           /* (B,H) out; c is the LSTM's */
    float *gates;                 /* (B,G*H): W x + b in, the gates' values out (an RNN's: h) */
    const float *table;           /* where it is not NULL, W x + b stand in these rows of it instead: */
    const int32_t *ids;           /* (B) */
    const float *h_prev, *c_prev; /* (B,H) */
    const float *held;            /* held rows of B streams, see hold.h, or NULL */
} cell_forward;

typedef struct cell_backward {
    float *da;       /* (B,G*H) out: gradient of what stands before the activations */
    float *du;       /* (B,H) out: GRU only; "before": of r h'; "after": of U_n h' + b_hn */
    float *dc;       /* (B,H) out: LSTM */
    float *carry;    /* (B,H): LSTM's c gradient from the step after in, for the step before out */
    float *dh_prev;  /* (B,H) += */
    const float *dh; /* without what a held h takes */
    const float *gates, *aux, *h, *h_prev, *c_prev; /* of the step; one row that all B share if `shared` */
    const float *held;                              /* as in the step forward, one row if `shared`; or NULL */
    int shared;
} cell_backward;

/* Many steps' rows at once, after their backward: da (rows,G*H), and du, aux, h_prev (rows,H). */
typedef struct cell_rows {
    const float *da, *du, *aux, *h_prev;
    int rows;
} cell_rows;

void unroll_rnn_step(const model *m, int layer, const cell_forward *s, int B);
void unroll_rnn_step_backward(const model *m, int layer, const cell_backward *s, int B);
void unroll_lstm_step(const model *m, int layer, const cell_forward *s, int B);
void unroll_lstm_step_backward(const model *m, int layer, const cell_backward *s, int B);
void unroll_gru_step(const model *m, int layer, const cell_forward *s, int B);
void unroll_gru_step_backward(const model *m, int layer, const cell_backward *s, int B);
void unroll_mingru_step(const model *m, int layer, const cell_forward *s, int B);
void unroll_mingru_step_backward(const model *m, int layer, const cell_backward *s, int B);

/* Gates first.. (width of them) = W x + b + a times part `part` of the recurrent matrix. */
static inline void cell_product(const model *m, int layer, const cell_forward *s, int first, int width, const float *a,
                                int part, int B) {
    int H = m->cfg.hidden, GH = m->G * H;
    const float *panels = m->layer[layer].hh_rows[part];
    if (s->table) unroll_gemm_rows(s->gates + first, GH, s->table + first, GH, s->ids, a, H, panels, B, width, H);
    else unroll_gemm(s->gates + first, GH, a, H, panels, B, width, H, 1);
}

/* Adds the gradient of the recurrent matrix; of b_hn too where it is the "after" GRU's. */
void unroll_gru_weights_backward(const model *m, int layer, const workbench *bench, const cell_rows *s);

static inline void cell_step(const model *m, int layer, const cell_forward *s, int B) {
    switch (m->cfg.cell) {
    case UNROLL_RNN: unroll_rnn_step(m, layer, s, B); break;
    case UNROLL_LSTM: unroll_lstm_step(m, layer, s, B); break;
    case UNROLL_MINGRU: unroll_mingru_step(m, layer, s, B); break;
    default: unroll_gru_step(m, layer, s, B);
    }
}

static inline void cell_step_backward(const model *m, int layer, const cell_backward *s, int B) {
    switch (m->cfg.cell) {
    case UNROLL_RNN: unroll_rnn_step_backward(m, layer, s, B); break;
    case UNROLL_LSTM: unroll_lstm_step_backward(m, layer, s, B); break;
    case UNROLL_MINGRU: unroll_mingru_step_backward(m, layer, s, B); break;
    default: unroll_gru_step_backward(m, layer, s, B);
    }
}

#endif
