/* A causal Transformer with its norms before its products (Vaswani et al. 2017; Xiong et al. 2020), in the names and
 * shapes of torch.nn.TransformerEncoderLayer(norm_first=True). For the token y_t at position t of its window:
 *
 *   x = E[y_t] + P[t]
 *   in each block:   q|k|v = W_in norm(x) + b_in
 *                    a_ts = softmax over s <= t of q_t·k_s / √(H/heads), head by head
 *                    x' = x + drop(W_out Σ_s a_ts v_s + b_out)
 *                    x  = x' + drop(W_2 GELU(W_1 norm(x') + b_1) + b_2)
 *   the head reads   norm(x)
 *
 * What a recurrent cell calls h is the stream x that leaves a block, its gates are the block's q|k|v. */
#ifndef UNROLL_ATTENTION_H
#define UNROLL_ATTENTION_H

#include "layers.h"

typedef struct block_trace {
    float *stats_1, *stats_2; /* [T,B,2]: of norm(x), norm(x') */
    float *norm_1, *norm_2;   /* [T,B,H] */
    float *sums;              /* [T,B,heads,2]: of the softmax, see causal_exp */
    float *mixed;             /* [T,B,H]: Σ_s a_ts v_s, the heads side by side */
    float *middle;            /* [T,B,H]: x' */
    float *wide, *bent;       /* [T,B,4H]: W_1 norm(x') + b_1, and its GELU */
} block_trace;

typedef struct attention_trace {
    block_trace block[UNROLL_MAX_LAYERS];
    float *top, *top_stats;                   /* [T,B,H], [T,B,2]: norm(x), which the head reads */
    float *dtop;                              /* [T,B,H] */
    float *start, *dstart;                    /* [T,B,H]: x before the first block */
    float *dgates, *dmixed;                   /* [T,B,3H], [T,B,H]: of the block at hand */
    float *dwide, *dnorm, *branch;            /* one chunk's: [rows,4H], [rows,H], [rows,H] */
    float *keys, *values, *keys_t, *values_t; /* one head's panels, block of keys by block */
    float *scores, *dscores, *factor, *inner; /* one block of queries by one of keys; one block of queries */
    float *scratch;
} attention_trace;

/* Tokens of a full window that the next one begins with: its later half. */
static inline int32_t attention_kept(int32_t window) { return window / 2; }

/* Room for T steps of B streams, and with `backward` for gradients: in `x`, and in the layers' h, gates and dh. */
void unroll_attention_layout(attention_trace *x, activations *a, const model *m, arena *memory, int32_t B, int32_t T,
                             int backward);

/* From a->input to x->top, for positions from..T-1; what was computed before for those below `from` is read. */
void unroll_attention_forward(const model *m, activations *a, attention_trace *x, int from);

/* From x->dtop to every gradient below: of the stream into dh, dh[0] before the first block and dh[l+1] after block l,
 * each [T,B,H]; of the parameters added to the bench's, where `bench` is not NULL. */
void unroll_attention_backward(const model *m, const activations *a, const attention_trace *x, float *const *dh,
                               const workbench *bench);

/* out [heads,T,T] of stream b in block l: row t, column s is a_ts. */
void unroll_attention_weights(const model *m, const activations *a, const attention_trace *x, int l, int b, float *out);

#endif
