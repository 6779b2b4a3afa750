/* Dropout: each unit of a layer's output is zero with probability `rate`, or scaled by 1/(1-rate). */
#ifndef UNROLL_DROPOUT_H
#define UNROLL_DROPOUT_H

#include <stdint.h>

typedef struct dropout {
    float rate; /* 0: nothing is dropped */
    uint64_t key;
    int32_t first_stream; /* the batch's number of stream 0 */
} dropout;

/* out (T,B,H) from in, for layer's outputs or, with the same mask, for their gradient. In place is fine. */
void unroll_dropout_apply(const dropout *d, float *out, const float *in, int layer, int T, int B, int H);

#endif
