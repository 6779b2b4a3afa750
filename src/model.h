/* The model: settings, the table of its parameters, their values and packed copies. All that computes with it only
 * reads it; the trainer writes. Everything points into the block it was laid out in. */
#ifndef UNROLL_MODEL_H
#define UNROLL_MODEL_H

#include "arena.h"
#include "config.h"

/* Where a layer's matrices stand in the table, and their packed forms. A GRU's recurrent product is made in two parts,
 * r|z and n, because the reset gate comes between; the RNN and the LSTM have one part, and the minGRU has no recurrent
 * matrix: its w_hh and b_hh are no rows. */
typedef struct layer_weights {
    int32_t w_ih, w_hh, b_ih, b_hh; /* rows of the table */
    float *ih_rows, *ih_cols; /* panels: out = x Wᵀ, dx = da W; NULL where a table of input rows replaces them */
    float *hh_rows[2], *hh_cols[2]; /* panels of U's parts: u = h Uᵀ, dh = da U */
    float *bias;                    /* (G*H): b_ih + b_hh, without the "after" GRU's b_hn */
} layer_weights;

/* A matrix W (N,K) with a bias: out = x Wᵀ + b, over many rows. And a layer normalisation's weight and bias. */
typedef struct linear_weights {
    int32_t w, b;
    float *rows, *cols; /* W's panels, for x Wᵀ and for dout W */
} linear_weights;
typedef struct norm_weights {
    int32_t w, b;
} norm_weights;

/* A block of the Transformer: attention.h. */
typedef struct block_weights {
    norm_weights norm_1, norm_2;
    linear_weights in, out, up, down; /* W_in, W_out, W_1, W_2 */
} block_weights;

typedef struct model {
    unroll_config cfg;
    int32_t G;
    int32_t size;          /* floats in each flat array */
    int32_t trained_count; /* of them, numbers that learn */
    int32_t tensor_count;
    unroll_tensor tensor[12 * UNROLL_MAX_LAYERS + 6];
    int32_t embedding, head_w, head_b; /* rows of the table; embedding -1 for one-hot */
    int32_t position;                  /* attention's, (T,H) */
    float *weights;
    layer_weights layer[UNROLL_MAX_LAYERS];
    block_weights block[UNROLL_MAX_LAYERS]; /* attention's, in place of layers */
    norm_weights top;
    int folded;   /* layer 0's input product is a table with a row for each token */
    float *table; /* (V,G*H): W x + b for each token */
    float *head_rows, *head_cols;
} model;

/* Where backward passes leave the gradient, and their room. The trainer may put another `gradient` here between two. */
typedef struct workbench {
    float *gradient; /* m->size floats */
    float *dtable;   /* (V,G*H): the gradient of a folded input's table */
    float *scratch;  /* of gemm_tn */
} workbench;

/* Names and shapes of cfg's parameters into the table; 0 when they are too many to be indexed. */
int unroll_model_table(model *m, const unroll_config *cfg);
void unroll_model_layout(model *m, arena *a);
void unroll_workbench_layout(workbench *w, const model *m, arena *a);

/* After the weights changed: the packed copies. The folded table comes after them: unroll_input_table(). */
void unroll_model_pack(model *m);

static inline int is_attention(const model *m) { return m->cfg.cell == UNROLL_ATTENTION; }

/* Layers that have a state to carry. */
static inline int32_t carrying_layers(const model *m) { return is_attention(m) ? 0 : m->cfg.layers; }

/* Row `row` of the table in one of the flat arrays. */
static inline float *weights_of(const model *m, float *flat, int32_t row) { return flat + m->tensor[row].offset; }

#endif
