/* What a trainer is made of. Everything points into the one block it was laid out in. */
#ifndef UNROLL_TRAINER_H
#define UNROLL_TRAINER_H

#include "arena.h"
#include "config.h"

/* Where a layer's matrices stand in the table, and their packed forms. A GRU's recurrent product is made in two parts,
 * r|z and n, because the reset gate comes between; the other cells have one part. */
typedef struct layer_weights {
    int32_t w_ih, w_hh, b_ih, b_hh; /* rows of the table */
    float *ih_rows, *ih_cols;       /* panels: out = x Wᵀ, dx = da W; NULL where a table of input rows replaces them */
    float *hh_rows[2], *hh_cols[2]; /* panels of U's parts: u = h Uᵀ, dh = da U */
    float *bias;                    /* (G*H): b_ih + b_hh, without the "after" GRU's b_hn */
} layer_weights;

struct unroll_trainer {
    unroll_config cfg;
    int32_t G;
    int32_t size;          /* floats in each flat array */
    int32_t trained_count; /* of them, numbers that learn */
    int32_t tensor_count;
    unroll_tensor tensor[4 * UNROLL_MAX_LAYERS + 3];
    int32_t embedding, head_w, head_b; /* rows of the table; embedding -1 for one-hot */
    float *weights, *gradient, *shard_gradient, *moment1, *moment2;

    layer_weights layer[UNROLL_MAX_LAYERS];
    int folded;           /* layer 0's input product is a table with a row for each token */
    float *table, *dtable; /* (V,G*H): W x + b for each token, and its gradient */
    float *head_rows, *head_cols;
    float *scratch; /* of gemm_tn */

    float *state_h, *state_c, *next_h, *next_c; /* (L,B,H) */
    int32_t *input, *target;                    /* (B,T) */
    unroll_pass *pass;                          /* one slice's */
    unroll_progress progress;
};

/* weights.c: names and shapes of cfg's parameters into the table; the initial draw; packing. */
int weights_table(unroll_trainer *t);
void weights_layout(unroll_trainer *t, arena *a);
void weights_draw(unroll_trainer *t);

static inline float *weights_of(const unroll_trainer *t, float *flat, int32_t row) { return flat + t->tensor[row].offset; }

#endif
