/* The element-wise halves of the cells: activations fused into the one pass that touches the gates, and their
 * derivatives into the one that makes the gates' gradients. */
#include <assert.h>
#include <math.h>

#include "kernels.h"
#include "vec4_math.h"

/* Runs `BODY` for four units at a time, then for what is left: j is the first unit, n how many. */
#define FOR_UNITS(H, BODY)                         \
    do {                                           \
        const int units = (H);                     \
        int j = 0;                                 \
        for (; j + 4 <= units; j += 4) BODY(j, 4); \
        if (j < units) BODY(j, units - j);         \
    } while (0)

void unroll_sum_rows(float *y, const float *x, int ldx, int M, int N) {
    assert(M >= 0 && N >= 1 && ldx >= N && y != x);
    for (int m = 0; m < M; m++, x += ldx) {
#define BODY(j, n) v4_put(y + j, v4_take(y + j, n) + v4_take(x + j, n), n)
        FOR_UNITS(N, BODY);
#undef BODY
    }
}

void unroll_add(float *y, const float *x, size_t n) {
    size_t i = 0;
    for (; i + 4 <= n; i += 4) v4_store(y + i, v4_load(y + i) + v4_load(x + i));
    for (; i < n; i++) y[i] += x[i];
}

/* In place over n contiguous pre-activations. One function a loop: a vector's chain of dependent operations is long,
 * and only short iterations let the processor work on several at once. */
static void sigmoid_all(float *a, int n) {
    int j = 0;
    for (; j + 4 <= n; j += 4) v4_store(a + j, v4_sigmoid(v4_load(a + j)));
    if (j < n) v4_put(a + j, v4_sigmoid(v4_take(a + j, n - j)), n - j);
}

static void tanh_all(float *a, int n) {
    int j = 0;
    for (; j + 4 <= n; j += 4) v4_store(a + j, v4_tanh(v4_load(a + j)));
    if (j < n) v4_put(a + j, v4_tanh(v4_take(a + j, n - j)), n - j);
}

/* Held values: rare, and so plain. */

void unroll_put_held(float *x, int ldx, const float *held, int ldheld, int B, int N) {
    assert(B >= 1 && N >= 1 && ldx >= N && ldheld >= 0);
    for (int b = 0; b < B; b++, x += ldx, held += ldheld)
        for (int j = 0; j < N; j++)
            if (!isnan(held[j])) x[j] = held[j];
}

void unroll_cut_held(float *x, int ldx, const float *held, int ldheld, int B, int N) {
    assert(B >= 1 && N >= 1 && ldx >= N && ldheld >= 0);
    for (int b = 0; b < B; b++, x += ldx, held += ldheld)
        for (int j = 0; j < N; j++)
            if (!isnan(held[j])) x[j] = 0;
}

static void hold_row(float *x, const float *held, int n) { unroll_put_held(x, n, held, 0, 1, n); }

/* RNN */

void unroll_tanh_forward(float *gates, float *h, int B, int H) {
    assert(B >= 1 && H >= 1);
    tanh_all(gates, B * H);
    memcpy(h, gates, sizeof(float) * (size_t)B * (size_t)H);
}

static inline void tanh_back_unit(float *da, const float *dh, const float *h, int n) {
    v4 y = v4_take(h, n);
    v4_put(da, v4_take(dh, n) * (1.0f - y * y), n);
}

void unroll_tanh_backward(float *da, const float *dh, const float *h, int B, int H, int shared) {
    assert(B >= 1 && H >= 1);
    for (int b = 0; b < B; b++, da += H, dh += H, h += shared ? 0 : H) {
#define BODY(j, n) tanh_back_unit(da + j, dh + j, h + j, n)
        FOR_UNITS(H, BODY);
#undef BODY
    }
}

/* LSTM */

static inline void lstm_cell_unit(float *c, float *tanh_c, const float *a, const float *c_prev, int H, int n) {
    v4 cell = v4_take(a + H, n) * v4_take(c_prev, n) + v4_take(a, n) * v4_take(a + 2 * H, n);
    v4_put(c, cell, n), v4_put(tanh_c, cell, n);
}

void unroll_lstm_forward(float *h, float *c, float *tanh_c, float *gates, const float *c_prev, const float *held, int B,
                         int H) {
    assert(B >= 1 && H >= 1);
    for (int b = 0; b < B; b++, h += H, c += H, tanh_c += H, c_prev += H, gates += 4 * H) {
        const float *own = held ? held + (size_t)b * 8 * H : NULL;
        sigmoid_all(gates, 2 * H), tanh_all(gates + 2 * H, H), sigmoid_all(gates + 3 * H, H);
        if (own) hold_row(gates, own, 4 * H);
#define BODY(j, n) lstm_cell_unit(c + j, tanh_c + j, gates + j, c_prev + j, H, n)
        FOR_UNITS(H, BODY);
#undef BODY
        if (own) hold_row(c, own + 4 * H, H), hold_row(tanh_c, own + 4 * H, H);
        tanh_all(tanh_c, H);
#define BODY(j, n) v4_put(h + j, v4_take(gates + 3 * H + j, n) * v4_take(tanh_c + j, n), n)
        FOR_UNITS(H, BODY);
#undef BODY
        if (own) hold_row(h, own + 5 * H, H);
    }
}

static inline void lstm_back_unit(float *da, float *dc, float *carry, const float *dh, const float *a,
                                  const float *tanh_c, const float *c_prev, int H, int n) {
    v4 i = v4_take(a, n), f = v4_take(a + H, n), g = v4_take(a + 2 * H, n), o = v4_take(a + 3 * H, n);
    v4 t = v4_take(tanh_c, n), up = v4_take(dh, n);
    v4 cell = v4_take(carry, n) + up * o * (1.0f - t * t);
    v4_put(dc, cell, n), v4_put(carry, cell * f, n);
    v4_put(da, cell * g * (i * (1.0f - i)), n);
    v4_put(da + H, cell * v4_take(c_prev, n) * (f * (1.0f - f)), n);
    v4_put(da + 2 * H, cell * i * (1.0f - g * g), n);
    v4_put(da + 3 * H, up * t * (o * (1.0f - o)), n);
}

void unroll_lstm_backward(float *da, float *dc, float *carry, const float *dh, const float *gates, const float *tanh_c,
                          const float *c_prev, int B, int H, int shared) {
    assert(B >= 1 && H >= 1);
    size_t next = shared ? 0 : (size_t)H;
    for (int b = 0; b < B;
         b++, da += 4 * H, dc += H, carry += H, dh += H, gates += 4 * next, tanh_c += next, c_prev += next) {
#define BODY(j, n) lstm_back_unit(da + j, dc + j, carry + j, dh + j, gates + j, tanh_c + j, c_prev + j, H, n)
        FOR_UNITS(H, BODY);
#undef BODY
    }
}

/* GRU */

void unroll_gru_reset(float *gates, float *reset_h, const float *h_prev, const float *held, int B, int H) {
    assert(B >= 1 && H >= 1);
    for (int b = 0; b < B; b++, gates += 3 * H, reset_h += H, h_prev += H) {
        const float *own = held ? held + (size_t)b * 7 * H : NULL;
        sigmoid_all(gates, 2 * H);
        if (own) hold_row(gates, own, 2 * H);
#define BODY(j, n) v4_put(reset_h + j, v4_take(gates + j, n) * v4_take(h_prev + j, n), n)
        FOR_UNITS(H, BODY);
#undef BODY
    }
}

/* h = (1 - z) from + z to. */
static inline void mix_unit(float *h, const float *z, const float *from, const float *to, int n) {
    v4 share = v4_take(z, n);
    v4_put(h, (1.0f - share) * v4_take(from, n) + share * v4_take(to, n), n);
}

void unroll_gru_before_forward(float *h, float *gates, const float *h_prev, const float *held, int B, int H) {
    assert(B >= 1 && H >= 1);
    for (int b = 0; b < B; b++, h += H, gates += 3 * H, h_prev += H) {
        const float *own = held ? held + (size_t)b * 7 * H : NULL;
        tanh_all(gates + 2 * H, H);
        if (own) hold_row(gates + 2 * H, own + 2 * H, H);
#define BODY(j, n) mix_unit(h + j, gates + H + j, h_prev + j, gates + 2 * H + j, n)
        FOR_UNITS(H, BODY);
#undef BODY
        if (own) hold_row(h, own + 4 * H, H);
    }
}

void unroll_gru_after_forward(float *h, float *gates, const float *u, const float *h_prev, const float *held, int B,
                              int H) {
    assert(B >= 1 && H >= 1);
    for (int b = 0; b < B; b++, h += H, gates += 3 * H, u += H, h_prev += H) {
        const float *own = held ? held + (size_t)b * 7 * H : NULL;
        float *n_block = gates + 2 * H;
        sigmoid_all(gates, 2 * H);
        if (own) hold_row(gates, own, 2 * H);
#define BODY(j, n) v4_put(n_block + j, v4_take(n_block + j, n) + v4_take(gates + j, n) * v4_take(u + j, n), n)
        FOR_UNITS(H, BODY);
#undef BODY
        tanh_all(n_block, H);
        if (own) hold_row(n_block, own + 2 * H, H);
#define BODY(j, n) mix_unit(h + j, gates + H + j, n_block + j, h_prev + j, n)
        FOR_UNITS(H, BODY);
#undef BODY
        if (own) hold_row(h, own + 4 * H, H);
    }
}

static inline void gru_before_back_unit(float *da, float *dh_prev, const float *dh, const float *a, const float *h_prev,
                                        int H, int n) {
    v4 z = v4_take(a + H, n), fresh = v4_take(a + 2 * H, n), d = v4_take(dh, n);
    v4_put(da + H, d * (fresh - v4_take(h_prev, n)) * (z * (1.0f - z)), n);
    v4_put(da + 2 * H, d * z * (1.0f - fresh * fresh), n);
    v4_put(dh_prev, v4_take(dh_prev, n) + d * (1.0f - z), n);
}

void unroll_gru_before_backward(float *da, float *dh_prev, const float *dh, const float *gates, const float *h_prev,
                                int B, int H, int shared) {
    assert(B >= 1 && H >= 1);
    size_t next = shared ? 0 : (size_t)H;
    for (int b = 0; b < B; b++, da += 3 * H, dh_prev += H, dh += H, gates += 3 * next, h_prev += next) {
#define BODY(j, n) gru_before_back_unit(da + j, dh_prev + j, dh + j, gates + j, h_prev + j, H, n)
        FOR_UNITS(H, BODY);
#undef BODY
    }
}

static inline void gru_reset_back_unit(float *da, float *dh_prev, const float *d_reset, const float *a,
                                       const float *h_prev, int n) {
    v4 r = v4_take(a, n), d = v4_take(d_reset, n);
    v4_put(da, d * v4_take(h_prev, n) * (r * (1.0f - r)), n);
    v4_put(dh_prev, v4_take(dh_prev, n) + d * r, n);
}

void unroll_gru_reset_backward(float *da, float *dh_prev, const float *d_reset, const float *gates, const float *h_prev,
                               int B, int H, int shared) {
    assert(B >= 1 && H >= 1);
    size_t next = shared ? 0 : (size_t)H;
    for (int b = 0; b < B; b++, da += 3 * H, dh_prev += H, d_reset += H, gates += 3 * next, h_prev += next) {
#define BODY(j, n) gru_reset_back_unit(da + j, dh_prev + j, d_reset + j, gates + j, h_prev + j, n)
        FOR_UNITS(H, BODY);
#undef BODY
    }
}

static inline void gru_after_back_unit(float *da, float *du, float *dh_prev, const float *dh, const float *a,
                                       const float *u, const float *h_prev, int H, int n) {
    v4 r = v4_take(a, n), z = v4_take(a + H, n), fresh = v4_take(a + 2 * H, n), d = v4_take(dh, n);
    v4 dn = d * (1.0f - z) * (1.0f - fresh * fresh);
    v4_put(da, dn * v4_take(u, n) * (r * (1.0f - r)), n);
    v4_put(da + H, d * (v4_take(h_prev, n) - fresh) * (z * (1.0f - z)), n);
    v4_put(da + 2 * H, dn, n), v4_put(du, dn * r, n);
    v4_put(dh_prev, v4_take(dh_prev, n) + d * z, n);
}

void unroll_gru_after_backward(float *da, float *du, float *dh_prev, const float *dh, const float *gates,
                               const float *u, const float *h_prev, int B, int H, int shared) {
    assert(B >= 1 && H >= 1);
    size_t next = shared ? 0 : (size_t)H;
    for (int b = 0; b < B;
         b++, da += 3 * H, du += H, dh_prev += H, dh += H, gates += 3 * next, u += next, h_prev += next) {
#define BODY(j, n) gru_after_back_unit(da + j, du + j, dh_prev + j, dh + j, gates + j, u + j, h_prev + j, H, n)
        FOR_UNITS(H, BODY);
#undef BODY
    }
}

/* minGRU */

void unroll_mingru_forward(float *h, float *gates, const float *h_prev, const float *held, int B, int H) {
    assert(B >= 1 && H >= 1);
    for (int b = 0; b < B; b++, h += H, gates += 2 * H, h_prev += H) {
        const float *own = held ? held + (size_t)b * 6 * H : NULL;
        sigmoid_all(gates, H);
        if (own) hold_row(gates, own, 2 * H);
#define BODY(j, n) mix_unit(h + j, gates + j, h_prev + j, gates + H + j, n)
        FOR_UNITS(H, BODY);
#undef BODY
        if (own) hold_row(h, own + 3 * H, H);
    }
}

static inline void mingru_back_unit(float *da, float *dh_prev, const float *dh, const float *a, const float *h_prev,
                                    int H, int n) {
    v4 z = v4_take(a, n), fresh = v4_take(a + H, n), d = v4_take(dh, n);
    v4_put(da, d * (fresh - v4_take(h_prev, n)) * (z * (1.0f - z)), n);
    v4_put(da + H, d * z, n);
    v4_put(dh_prev, v4_take(dh_prev, n) + d * (1.0f - z), n);
}

void unroll_mingru_backward(float *da, float *dh_prev, const float *dh, const float *gates, const float *h_prev, int B,
                            int H, int shared) {
    assert(B >= 1 && H >= 1);
    size_t next = shared ? 0 : (size_t)H;
    for (int b = 0; b < B; b++, da += 2 * H, dh_prev += H, dh += H, gates += 2 * next, h_prev += next) {
#define BODY(j, n) mingru_back_unit(da + j, dh_prev + j, dh + j, gates + j, h_prev + j, H, n)
        FOR_UNITS(H, BODY);
#undef BODY
    }
}
