/* Dropout: each unit of a layer's output is zero with probability `rate`, or scaled by 1/(1-rate). */
#ifndef UNROLL_DROPOUT_H
#define UNROLL_DROPOUT_H

#include <stdint.h>

typedef struct dropout {
    float rate; /* 0: nothing is dropped */
    uint64_t key;
    int32_t variational;  /* the same units at every step */
    int32_t first_stream; /* the batch's number of stream 0 */
} dropout;

/* out (H) from in, of a layer's outputs at step t of stream b or, with the same mask, of their gradient. In place is
 * fine. */
void unroll_dropout_row(const dropout *d, float *out, const float *in, int layer, int t, int b, int H);
/* The same for all of (T,B,H). */
void unroll_dropout_apply(const dropout *d, float *out, const float *in, int layer, int T, int B, int H);

#endif
