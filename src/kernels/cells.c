/* The element-wise halves of the cells: activations fused into the one pass that touches the gates, and their
 * derivatives into the one that makes the gates' gradients. */
#include "kernels.h"
#include "vec4_math.h"

/* Runs `BODY` for four units at a time, then for what is left: j is the first unit, n how many. */
#define FOR_UNITS(H, BODY)                           \
    do {                                             \
        int j = 0;                                   \
        for (; j + 4 <= (H); j += 4) BODY(j, 4);     \
        if (j < (H)) BODY(j, (H) - j);               \
    } while (0)

void kernel_sum_rows(float *y, const float *x, int ldx, int M, int N) {
    for (int m = 0; m < M; m++, x += ldx) {
#define BODY(j, n) v4_put(y + j, v4_take(y + j, n) + v4_take(x + j, n), n)
        FOR_UNITS(N, BODY);
#undef BODY
    }
}

void kernel_add(float *y, const float *x, size_t n) {
    size_t i = 0;
    for (; i + 4 <= n; i += 4) v4_store(y + i, v4_load(y + i) + v4_load(x + i));
    for (; i < n; i++) y[i] += x[i];
}

/* RNN */

static inline void tanh_unit(float *a, float *h, int n) {
    v4 y = v4_tanh(v4_take(a, n));
    v4_put(a, y, n), v4_put(h, y, n);
}

void kernel_tanh_forward(float *gates, float *h, int B, int H) {
    for (int b = 0; b < B; b++, gates += H, h += H) {
#define BODY(j, n) tanh_unit(gates + j, h + j, n)
        FOR_UNITS(H, BODY);
#undef BODY
    }
}

static inline void tanh_back_unit(float *da, const float *dh, const float *h, int n) {
    v4 y = v4_take(h, n);
    v4_put(da, v4_take(dh, n) * (1.0f - y * y), n);
}

void kernel_tanh_backward(float *da, const float *dh, const float *h, int B, int H, int shared) {
    for (int b = 0; b < B; b++, da += H, dh += H, h += shared ? 0 : H) {
#define BODY(j, n) tanh_back_unit(da + j, dh + j, h + j, n)
        FOR_UNITS(H, BODY);
#undef BODY
    }
}

/* LSTM */

static inline void lstm_unit(float *h, float *c, float *tanh_c, float *a, const float *c_prev, int H, int n) {
    v4 i = v4_sigmoid(v4_take(a, n)), f = v4_sigmoid(v4_take(a + H, n));
    v4 g = v4_tanh(v4_take(a + 2 * H, n)), o = v4_sigmoid(v4_take(a + 3 * H, n));
    v4 cell = f * v4_take(c_prev, n) + i * g, squashed = v4_tanh(cell);
    v4_put(a, i, n), v4_put(a + H, f, n), v4_put(a + 2 * H, g, n), v4_put(a + 3 * H, o, n);
    v4_put(c, cell, n), v4_put(tanh_c, squashed, n), v4_put(h, o * squashed, n);
}

void kernel_lstm_forward(float *h, float *c, float *tanh_c, float *gates, const float *c_prev, int B, int H) {
    for (int b = 0; b < B; b++, h += H, c += H, tanh_c += H, c_prev += H, gates += 4 * H) {
#define BODY(j, n) lstm_unit(h + j, c + j, tanh_c + j, gates + j, c_prev + j, H, n)
        FOR_UNITS(H, BODY);
#undef BODY
    }
}

static inline void lstm_back_unit(float *da, float *dc, float *carry, const float *dh, const float *a, const float *tanh_c,
                                  const float *c_prev, int H, int n) {
    v4 i = v4_take(a, n), f = v4_take(a + H, n), g = v4_take(a + 2 * H, n), o = v4_take(a + 3 * H, n);
    v4 t = v4_take(tanh_c, n), up = v4_take(dh, n);
    v4 cell = v4_take(carry, n) + up * o * (1.0f - t * t);
    v4_put(dc, cell, n), v4_put(carry, cell * f, n);
    v4_put(da, cell * g * (i * (1.0f - i)), n);
    v4_put(da + H, cell * v4_take(c_prev, n) * (f * (1.0f - f)), n);
    v4_put(da + 2 * H, cell * i * (1.0f - g * g), n);
    v4_put(da + 3 * H, up * t * (o * (1.0f - o)), n);
}

void kernel_lstm_backward(float *da, float *dc, float *carry, const float *dh, const float *gates, const float *tanh_c,
                          const float *c_prev, int B, int H, int shared) {
    size_t next = shared ? 0 : (size_t)H;
    for (int b = 0; b < B; b++, da += 4 * H, dc += H, carry += H, dh += H, gates += 4 * next, tanh_c += next, c_prev += next) {
#define BODY(j, n) lstm_back_unit(da + j, dc + j, carry + j, dh + j, gates + j, tanh_c + j, c_prev + j, H, n)
        FOR_UNITS(H, BODY);
#undef BODY
    }
}

/* GRU */

static inline void gru_reset_unit(float *a, float *reset_h, const float *h_prev, int H, int n) {
    v4 r = v4_sigmoid(v4_take(a, n));
    v4_put(a, r, n), v4_put(a + H, v4_sigmoid(v4_take(a + H, n)), n);
    v4_put(reset_h, r * v4_take(h_prev, n), n);
}

void kernel_gru_reset(float *gates, float *reset_h, const float *h_prev, int B, int H) {
    for (int b = 0; b < B; b++, gates += 3 * H, reset_h += H, h_prev += H) {
#define BODY(j, n) gru_reset_unit(gates + j, reset_h + j, h_prev + j, H, n)
        FOR_UNITS(H, BODY);
#undef BODY
    }
}

static inline void gru_before_unit(float *h, float *a, const float *h_prev, int H, int n) {
    v4 z = v4_take(a + H, n), old = v4_take(h_prev, n), new = v4_tanh(v4_take(a + 2 * H, n));
    v4_put(a + 2 * H, new, n), v4_put(h, (1.0f - z) * old + z * new, n);
}

void kernel_gru_before_forward(float *h, float *gates, const float *h_prev, int B, int H) {
    for (int b = 0; b < B; b++, h += H, gates += 3 * H, h_prev += H) {
#define BODY(j, n) gru_before_unit(h + j, gates + j, h_prev + j, H, n)
        FOR_UNITS(H, BODY);
#undef BODY
    }
}

static inline void gru_after_unit(float *h, float *a, const float *u, const float *h_prev, int H, int n) {
    v4 r = v4_sigmoid(v4_take(a, n)), z = v4_sigmoid(v4_take(a + H, n));
    v4 new = v4_tanh(v4_take(a + 2 * H, n) + r * v4_take(u, n));
    v4_put(a, r, n), v4_put(a + H, z, n), v4_put(a + 2 * H, new, n);
    v4_put(h, (1.0f - z) * new + z * v4_take(h_prev, n), n);
}

void kernel_gru_after_forward(float *h, float *gates, const float *u, const float *h_prev, int B, int H) {
    for (int b = 0; b < B; b++, h += H, gates += 3 * H, u += H, h_prev += H) {
#define BODY(j, n) gru_after_unit(h + j, gates + j, u + j, h_prev + j, H, n)
        FOR_UNITS(H, BODY);
#undef BODY
    }
}

static inline void gru_before_back_unit(float *da, float *dh_prev, const float *dh, const float *a, const float *h_prev, int H, int n) {
    v4 z = v4_take(a + H, n), new = v4_take(a + 2 * H, n), d = v4_take(dh, n);
    v4_put(da + H, d * (new - v4_take(h_prev, n)) * (z * (1.0f - z)), n);
    v4_put(da + 2 * H, d * z * (1.0f - new * new), n);
    v4_put(dh_prev, v4_take(dh_prev, n) + d * (1.0f - z), n);
}

void kernel_gru_before_backward(float *da, float *dh_prev, const float *dh, const float *gates, const float *h_prev, int B, int H, int shared) {
    size_t next = shared ? 0 : (size_t)H;
    for (int b = 0; b < B; b++, da += 3 * H, dh_prev += H, dh += H, gates += 3 * next, h_prev += next) {
#define BODY(j, n) gru_before_back_unit(da + j, dh_prev + j, dh + j, gates + j, h_prev + j, H, n)
        FOR_UNITS(H, BODY);
#undef BODY
    }
}

static inline void gru_reset_back_unit(float *da, float *dh_prev, const float *d_reset, const float *a, const float *h_prev, int n) {
    v4 r = v4_take(a, n), d = v4_take(d_reset, n);
    v4_put(da, d * v4_take(h_prev, n) * (r * (1.0f - r)), n);
    v4_put(dh_prev, v4_take(dh_prev, n) + d * r, n);
}

void kernel_gru_reset_backward(float *da, float *dh_prev, const float *d_reset, const float *gates, const float *h_prev, int B, int H,
                               int shared) {
    size_t next = shared ? 0 : (size_t)H;
    for (int b = 0; b < B; b++, da += 3 * H, dh_prev += H, d_reset += H, gates += 3 * next, h_prev += next) {
#define BODY(j, n) gru_reset_back_unit(da + j, dh_prev + j, d_reset + j, gates + j, h_prev + j, n)
        FOR_UNITS(H, BODY);
#undef BODY
    }
}

static inline void gru_after_back_unit(float *da, float *du, float *dh_prev, const float *dh, const float *a, const float *u,
                                       const float *h_prev, int H, int n) {
    v4 r = v4_take(a, n), z = v4_take(a + H, n), new = v4_take(a + 2 * H, n), d = v4_take(dh, n);
    v4 dn = d * (1.0f - z) * (1.0f - new * new);
    v4_put(da, dn * v4_take(u, n) * (r * (1.0f - r)), n);
    v4_put(da + H, d * (v4_take(h_prev, n) - new) * (z * (1.0f - z)), n);
    v4_put(da + 2 * H, dn, n), v4_put(du, dn * r, n);
    v4_put(dh_prev, v4_take(dh_prev, n) + d * z, n);
}

void kernel_gru_after_backward(float *da, float *du, float *dh_prev, const float *dh, const float *gates, const float *u,
                               const float *h_prev, int B, int H, int shared) {
    size_t next = shared ? 0 : (size_t)H;
    for (int b = 0; b < B; b++, da += 3 * H, du += H, dh_prev += H, dh += H, gates += 3 * next, u += next, h_prev += next) {
#define BODY(j, n) gru_after_back_unit(da + j, du + j, dh_prev + j, dh + j, gates + j, u + j, h_prev + j, H, n)
        FOR_UNITS(H, BODY);
#undef BODY
    }
}
