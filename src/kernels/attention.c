/* The element-wise parts of a Transformer's block: layer normalisation, GELU, and attention's causal softmax. */
#include <assert.h>

#include "kernels.h"
#include "vec4_math.h"

static const float NORM_EPSILON = 1e-5f; /* torch.nn.LayerNorm's */

/* ---- Layer normalisation ---- */

static float row_sum(const float *x, int H) {
    v4 sum = {0, 0, 0, 0};
    int j = 0;
    for (; j + 4 <= H; j += 4) sum = sum + v4_load(x + j);
    if (j < H) sum = sum + v4_take(x + j, H - j);
    return v4_sum(sum);
}

/* Σ (x-a)(y-b) */
static float row_product(const float *x, float a, const float *y, float b, int H) {
    v4 sum = {0, 0, 0, 0};
    int j = 0;
    for (; j + 4 <= H; j += 4) sum = sum + (v4_load(x + j) - a) * (v4_load(y + j) - b);
    for (int k = 0; j < H; j++, k++) sum[k] += (x[j] - a) * (y[j] - b);
    return v4_sum(sum);
}

void unroll_norm_forward(float *out, float *stats, const float *x, const float *weight, const float *bias, int M,
                         int H) {
    assert(M >= 0 && H >= 1 && out != x);
    for (int m = 0; m < M; m++, out += H, x += H, stats += 2) {
        float mean = row_sum(x, H) / (float)H, variance = row_product(x, mean, x, mean, H) / (float)H;
        float over = 1 / v4_sqrt(v4_splat(variance + NORM_EPSILON))[0];
        stats[0] = mean, stats[1] = over;
        for (int j = 0; j < H; j += 4) {
            int n = H - j < 4 ? H - j : 4;
            v4_put(out + j, (v4_take(x + j, n) - mean) * over * v4_take(weight + j, n) + v4_take(bias + j, n), n);
        }
    }
}

void unroll_norm_backward(float *dx, float *dweight, float *dbias, const float *dout, const float *x,
                          const float *stats, const float *weight, int M, int H) {
    assert(M >= 0 && H >= 1 && dx != dout && !dweight == !dbias);
    for (int m = 0; m < M; m++, dx += H, dout += H, x += H, stats += 2) {
        float mean = stats[0], over = stats[1];
        v4 along = {0, 0, 0, 0}, all = along;
        for (int j = 0; j < H; j += 4) { /* beyond H, d is 0 */
            int n = H - j < 4 ? H - j : 4;
            v4 d = v4_take(dout + j, n), normal = (v4_take(x + j, n) - mean) * over;
            if (dweight) {
                v4_put(dweight + j, v4_take(dweight + j, n) + d * normal, n);
                v4_put(dbias + j, v4_take(dbias + j, n) + d, n);
            }
            d = d * v4_take(weight + j, n);
            all = all + d, along = along + d * normal;
        }
        float shift = v4_sum(all) / (float)H, tilt = v4_sum(along) / (float)H;
        for (int j = 0; j < H; j += 4) {
            int n = H - j < 4 ? H - j : 4;
            v4 d = v4_take(dout + j, n) * v4_take(weight + j, n), normal = (v4_take(x + j, n) - mean) * over;
            v4_put(dx + j, v4_take(dx + j, n) + (d - shift - normal * tilt) * over, n);
        }
    }
}

/* ---- GELU ---- */

/* tanh(√(2/π) (x + 0.044715 x³)) */
static inline v4 gelu_tanh(v4 x) {
    return v4_tanh((x * V4_CONST(0.044715f) * x * x + x) * V4_CONST(0.797884560802865f));
}

static inline v4 gelu(v4 x) { return x * V4_CONST(0.5f) * (gelu_tanh(x) + V4_CONST(1.0f)); }

static inline v4 gelu_slope(v4 x) {
    const v4 one = V4_CONST(1.0f), half = V4_CONST(0.5f);
    v4 t = gelu_tanh(x), inner = (x * x * V4_CONST(0.134145f) + one) * V4_CONST(0.797884560802865f);
    return (one + t) * half + x * half * ((one - t) * (one + t)) * inner;
}

void unroll_gelu_forward(float *out, const float *x, size_t n) {
    size_t j = 0;
    for (; j + 4 <= n; j += 4) v4_store(out + j, gelu(v4_load(x + j)));
    if (j < n) v4_put(out + j, gelu(v4_take(x + j, (int)(n - j))), (int)(n - j));
}

void unroll_gelu_backward(float *d, const float *x, size_t n) {
    size_t j = 0;
    for (; j + 4 <= n; j += 4) v4_store(d + j, v4_load(d + j) * gelu_slope(v4_load(x + j)));
    if (j < n) v4_put(d + j, v4_take(d + j, (int)(n - j)) * gelu_slope(v4_take(x + j, (int)(n - j))), (int)(n - j));
}

/* ---- Causal softmax ---- */

/* How many of N columns from position `start` on the row at `position` sees. */
static inline int seen(int position, int start, int N) {
    int n = position + 1 - start;
    return n < 0 ? 0 : n > N ? N : n;
}

/* The largest of n numbers, and `most`. */
static float row_most(const float *x, float most, int n) {
    v4 m = v4_splat(most);
    int j = 0;
    for (; j + 4 <= n; j += 4) m = v4_at_least(v4_load(x + j), m);
    for (int k = 0; j < n; j++, k++)
        if (x[j] > m[k]) m[k] = x[j];
    float a = m[0] > m[1] ? m[0] : m[1], b = m[2] > m[3] ? m[2] : m[3];
    return a > b ? a : b;
}

/* x = exp(x*scale - top) for n of N, zeros behind; returns the sum. */
static float row_exp(float *x, float scale, float top, int n, int N) {
    v4 sum = {0, 0, 0, 0};
    int j = 0;
    for (; j + 4 <= n; j += 4) {
        v4 e = v4_exp(v4_load(x + j) * scale - top);
        v4_store(x + j, e);
        sum = sum + e;
    }
    if (j < n) {
        v4 e = v4_exp(v4_take(x + j, n - j) * scale - top);
        v4_put(x + j, e, n - j);
        for (int k = 0; k < n - j; k++) sum[k] += e[k];
    }
    for (j = n; j < N; j++) x[j] = 0;
    return v4_sum(sum);
}

void unroll_causal_exp(float *s, int lds, float *stats, int ldstats, float *factor, float scale, int first, int start,
                       int M, int N) {
    assert(M >= 1 && N >= 1 && lds >= N && scale > 0);
    for (int m = 0; m < M; m++, s += lds, stats += ldstats) {
        int n = seen(first + m, start, N);
        float most = row_most(s, stats[0], n);
        factor[m] = v4_exp(v4_splat((stats[0] - most) * scale))[0];
        stats[1] = stats[1] * factor[m] + row_exp(s, scale, most * scale, n, N);
        stats[0] = most;
    }
}

void unroll_causal_weights(float *s, int lds, const float *stats, int ldstats, float scale, int first, int start, int M,
                           int N) {
    assert(M >= 1 && N >= 1 && lds >= N);
    for (int m = 0; m < M; m++, s += lds, stats += ldstats) {
        int n = seen(first + m, start, N);
        row_exp(s, scale, stats[0] * scale, n, N);
        unroll_scale(s, 1 / stats[1], (size_t)n);
    }
}

void unroll_softmax_backward(float *d, int ldd, const float *w, int ldw, const float *inner, float scale, int M,
                             int N) {
    assert(M >= 1 && N >= 1 && ldd >= N && ldw >= N);
    for (int m = 0; m < M; m++, d += ldd, w += ldw)
        for (int j = 0; j < N; j += 4) {
            int n = N - j < 4 ? N - j : 4;
            v4_put(d + j, v4_take(w + j, n) * (v4_take(d + j, n) - inner[m]) * scale, n);
        }
}
