/* Which units are dropped is drawn from their place, so that slices and workers agree and no mask is kept. */
#include "dropout.h"

#include "config.h"
#include "random.h"

void unroll_dropout_row(const dropout *d, float *out, const float *in, int layer, int t, int b, int H) {
    float rate = d->rate, scale = 1 / (1 - rate);
    uint64_t position = (uint64_t)(d->variational ? 0 : t) * 4096 + (uint64_t)d->first_stream + (uint64_t)b;
    uint64_t index = (position * UNROLL_MAX_LAYERS + (uint64_t)layer) * 2048;
    for (int j = 0; j < H; j++) out[j] = random_uniform(d->key, index + (uint64_t)j) < rate ? 0 : in[j] * scale;
}

void unroll_dropout_apply(const dropout *d, float *out, const float *in, int layer, int T, int B, int H) {
    for (int t = 0; t < T; t++)
        for (int b = 0; b < B; b++, out += H, in += H) unroll_dropout_row(d, out, in, layer, t, b, H);
}
