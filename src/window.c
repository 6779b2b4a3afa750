/* How a text becomes windows, and a batch becomes slices. */
#include <assert.h>

#include "unrolled.h"

int32_t unroll_window_count(int32_t count, int32_t B, int32_t T) { return count < 2 ? 0 : (count - 1) / B / T; }

void unroll_window_copy(int32_t *input, int32_t *target, const int32_t *tokens, int32_t count, int32_t B, int32_t T,
                        int32_t k) {
    assert(k >= 0 && k < unroll_window_count(count, B, T));
    int32_t stream = (count - 1) / B;
    for (int32_t b = 0; b < B; b++) {
        const int32_t *from = tokens + (size_t)b * stream + (size_t)k * T;
        for (int32_t t = 0; t < T; t++) *input++ = from[t], *target++ = from[t + 1];
    }
}

/* Sixteen streams keep the register tiles full; eight slices are enough for the cores people have. */
int32_t unroll_shard_count(int32_t B) {
    int32_t slices = B / 16;
    return slices < 1 ? 1 : slices > 8 ? 8 : slices;
}

int32_t unroll_shard_begin(int32_t B, int32_t s) { return (int32_t)((int64_t)B * s / unroll_shard_count(B)); }
