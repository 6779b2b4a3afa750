/* Passes over the flat parameter vector: norm, clipping, regularisation, the optimizers. */
#include <assert.h>

#include "kernels.h"
#include "vec4.h"

/* Four lanes at a time, then the rest one by one, both through `unit(offset, count)`. */
#define FOR_FLAT(n, UNIT)                        \
    do {                                         \
        const size_t all = (n);                  \
        size_t i = 0;                            \
        for (; i + 4 <= all; i += 4) UNIT(i, 4); \
        if (i < all) UNIT(i, (int)(all - i));    \
    } while (0)

double unroll_sum_squares(const float *x, size_t n) {
    double lanes[4] = {0, 0, 0, 0};
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (int k = 0; k < 4; k++) lanes[k] += (double)x[i + k] * x[i + k];
    for (int k = 0; i < n; i++, k++) lanes[k] += (double)x[i] * x[i];
    return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
}

float unroll_dot(const float *x, const float *y, size_t n) {
    v4 sum = {0, 0, 0, 0};
    size_t i = 0;
    for (; i + 4 <= n; i += 4) sum = sum + v4_load(x + i) * v4_load(y + i);
    if (i < n) sum = sum + v4_take(x + i, (int)(n - i)) * v4_take(y + i, (int)(n - i));
    return v4_sum(sum);
}

void unroll_scale(float *x, float factor, size_t n) {
#define UNIT(i, k) v4_put(x + i, v4_take(x + i, k) * factor, k)
    FOR_FLAT(n, UNIT);
#undef UNIT
}

size_t unroll_bound(float *x, float limit, size_t n) {
    assert(limit >= 0);
    size_t outside = 0;
    for (size_t i = 0; i < n; i++) {
        float bounded = x[i] > limit ? limit : x[i] < -limit ? -limit : x[i];
        outside += bounded != x[i];
        x[i] = bounded;
    }
    return outside;
}

void unroll_settle(float *x, float least, size_t n) {
    assert(least >= 0);
#define UNIT(i, k) v4_put(x + i, v4_unless_below(v4_take(x + i, k), v4_splat(least)), k)
    FOR_FLAT(n, UNIT);
#undef UNIT
}

static inline void regularise_unit(float *g, const float *w, float l1, float l2, int k) {
    v4 x = v4_take(w, k);
    v4 sign = v4_select(x > 0.0f, v4_splat(l1), v4_select(x < 0.0f, v4_splat(-l1), v4_splat(0)));
    v4_put(g, v4_take(g, k) + (sign + x * l2), k);
}

void unroll_regularise(float *g, const float *w, float l1, float l2, size_t n) {
    assert(l1 >= 0 && l2 >= 0 && g != w);
#define UNIT(i, k) regularise_unit(g + i, w + i, l1, l2, k)
    FOR_FLAT(n, UNIT);
#undef UNIT
}

float unroll_largest(const float *x, size_t n) {
    v4 most = {0, 0, 0, 0};
    i4 none = {0, 0, 0, 0}; /* lanes that were no number */
#define UNIT(i, k)                              \
    do {                                        \
        v4 next = v4_take(x + i, k);            \
        none = none | (i4)(next != next);       \
        most = v4_at_least(v4_abs(next), most); \
    } while (0)
    FOR_FLAT(n, UNIT);
#undef UNIT
    if (none[0] | none[1] | none[2] | none[3]) return NAN;
    float a = most[0] > most[1] ? most[0] : most[1], b = most[2] > most[3] ? most[2] : most[3];
    return a > b ? a : b;
}

static inline void sgd_unit(float *w, const float *g, const unroll_rates *r, int k) {
    v4 x = v4_take(w, k), next = x - (v4_take(g, k) + x * r->decay) * r->rate;
    v4_put(w, next, k);
}

void unroll_sgd(float *w, const float *g, const unroll_rates *r, size_t n) {
    assert(r->rate >= 0 && w != g);
#define UNIT(i, k) sgd_unit(w + i, g + i, r, k)
    FOR_FLAT(n, UNIT);
#undef UNIT
}

static inline void momentum_unit(float *w, float *m, const float *g, const unroll_rates *r, int k) {
    v4 x = v4_take(w, k), d = v4_take(g, k) + x * r->decay;
    v4 buffer = v4_take(m, k) * r->first + d;
    v4 next = x - buffer * r->rate;
    v4_put(m, buffer, k), v4_put(w, next, k);
}

void unroll_momentum(float *w, float *m, const float *g, const unroll_rates *r, size_t n) {
    assert(r->rate >= 0 && w != g);
#define UNIT(i, k) momentum_unit(w + i, m + i, g + i, r, k)
    FOR_FLAT(n, UNIT);
#undef UNIT
}

static inline void rmsprop_unit(float *w, float *v, const float *g, const unroll_rates *r, int k) {
    v4 x = v4_take(w, k), d = v4_take(g, k) + x * r->decay;
    v4 average = v4_take(v, k) * r->second + d * d * r->new_second;
    v4 next = x - d * r->rate / (v4_sqrt(average) + r->epsilon);
    v4_put(v, average, k), v4_put(w, next, k);
}

void unroll_rmsprop(float *w, float *v, const float *g, const unroll_rates *r, size_t n) {
    assert(r->rate >= 0 && r->epsilon > 0 && w != g);
#define UNIT(i, k) rmsprop_unit(w + i, v + i, g + i, r, k)
    FOR_FLAT(n, UNIT);
#undef UNIT
}

static inline void adam_unit(float *w, float *m, float *v, const float *g, const unroll_rates *r, int k) {
    v4 x = v4_take(w, k), d = v4_take(g, k) + x * r->decay;
    v4 mean = v4_take(m, k) * r->first + d * r->new_first;
    v4 square = v4_take(v, k) * r->second + d * d * r->new_second;
    v4 next = x * r->keep - mean * r->rate / (v4_sqrt(square) * r->root_correction + r->epsilon);
    v4_put(m, mean, k), v4_put(v, square, k), v4_put(w, next, k);
}

void unroll_adam(float *w, float *m, float *v, const float *g, const unroll_rates *r, size_t n) {
    assert(r->rate >= 0 && r->epsilon > 0 && w != g);
#define UNIT(i, k) adam_unit(w + i, m + i, v + i, g + i, r, k)
    FOR_FLAT(n, UNIT);
#undef UNIT
}
