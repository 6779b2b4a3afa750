/* Which units are dropped is drawn from their place, so that slices and workers agree and no mask is kept. */
#include "dropout.h"

#include "config.h"
#include "random.h"

void unroll_dropout_apply(const dropout *d, float *out, const float *in, int layer, int T, int B, int H) {
    float rate = d->rate, scale = 1 / (1 - rate);
    for (int m = 0; m < T * B; m++) {
        uint64_t position = (uint64_t)(m / B) * 4096 + (uint64_t)(d->first_stream + m % B);
        uint64_t index = (position * UNROLL_MAX_LAYERS + (uint64_t)layer) * 2048;
        for (int j = 0; j < H; j++, in++, out++) {
            *out = random_uniform(d->key, index + (uint64_t)j) < rate ? 0 : *in * scale;
        }
    }
}
