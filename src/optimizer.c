/* torch.optim's updates: SGD, momentum (dampening 0), RMSprop, Adam and AdamW, with its bias corrections. */
#include "optimizer.h"

#include <math.h>

#include "kernels/kernels.h"

/* x^n for whole n >= 0 by squaring: the same bits everywhere, which libm's pow does not promise. */
static double power(double x, uint64_t n) {
    double y = 1;
    for (; n; n >>= 1, x *= x)
        if (n & 1) y *= x;
    return y;
}

/* A moment that has only decayed for long, as that of a token no longer seen, would end as a subnormal number, which
 * processors are slow with, and stay it. Now and then what is too small to move a weight becomes 0. */
enum { SETTLE_EVERY = 128 };

void unroll_optimizer_apply(model *m, const float *gradient, const moments *x, double step) {
    const unroll_config *c = &m->cfg;
    int adam = c->optimizer == UNROLL_ADAM || c->optimizer == UNROLL_ADAMW, decoupled = c->optimizer == UNROLL_ADAMW;
    double first = adam ? c->beta1 : c->momentum, second = adam ? c->beta2 : c->alpha;
    unroll_rates r = {
        .rate = (float)(adam ? c->learning_rate / (1 - power(c->beta1, (uint64_t)step)) : c->learning_rate),
        .keep = (float)(decoupled ? 1 - c->learning_rate * c->weight_decay : 1),
        .decay = (float)(decoupled ? 0 : c->weight_decay),
        .first = (float)first,
        .new_first = (float)(1 - first),
        .second = (float)second,
        .new_second = (float)(1 - second),
        .root_correction = (float)(adam ? 1 / sqrt(1 - power(c->beta2, (uint64_t)step)) : 1),
        .epsilon = (float)c->epsilon,
    };
    size_t n = (size_t)m->size;
    if ((uint64_t)step % SETTLE_EVERY == 0)
        unroll_settle(x->first, 0x1p-80f, n), unroll_settle(x->second, 0x1p-110f, n);
    switch (c->optimizer) {
    case UNROLL_SGD: unroll_sgd(m->weights, gradient, &r, n); break;
    case UNROLL_MOMENTUM: unroll_momentum(m->weights, x->first, gradient, &r, n); break;
    case UNROLL_RMSPROP: unroll_rmsprop(m->weights, x->second, gradient, &r, n); break;
    default: unroll_adam(m->weights, x->first, x->second, gradient, &r, n);
    }
}
