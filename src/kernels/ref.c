/* The plain loops that say what each kernel must compute. Only the tests and the benchmark call them. */
#include <math.h>
#include <string.h>

#include "kernels.h"

static float sigmoid(float x) { return (float)(1 / (1 + exp(-(double)x))); }

static void pack(float *panels, const float *w, size_t step_n, size_t step_k, int N, int K) {
    for (int n = 0; n < N; n += UNROLL_PANEL)
        for (int k = 0; k < K; k++)
            for (int j = n; j < n + UNROLL_PANEL; j++)
                *panels++ = j < N ? w[(size_t)j * step_n + (size_t)k * step_k] : 0;
}

void ref_pack_rows(float *panels, const float *w, int ldw, int N, int K) { pack(panels, w, (size_t)ldw, 1, N, K); }
void ref_pack_cols(float *panels, const float *w, int ldw, int N, int K) { pack(panels, w, 1, (size_t)ldw, N, K); }

void ref_gemm(float *c, int ldc, const float *a, int lda, const float *panels, int M, int N, int K, int accumulate) {
    for (int m = 0; m < M; m++)
        for (int n = 0; n < N; n++) {
            const float *p = panels + (size_t)(n / UNROLL_PANEL) * UNROLL_PANEL * K + n % UNROLL_PANEL;
            double sum = accumulate ? c[(size_t)m * ldc + n] : 0;
            for (int k = 0; k < K; k++) sum += (double)a[(size_t)m * lda + k] * p[(size_t)k * UNROLL_PANEL];
            c[(size_t)m * ldc + n] = (float)sum;
        }
}

void ref_gemm_rows(float *c, int ldc, const float *rows, int ldrows, const int32_t *ids, const float *a, int lda,
                   const float *panels, int M, int N, int K) {
    for (int m = 0; m < M; m++)
        for (int n = 0; n < N; n++) c[(size_t)m * ldc + n] = rows[ids ? (size_t)ids[m] * ldrows + n : (size_t)n];
    ref_gemm(c, ldc, a, lda, panels, M, N, K, 1);
}

void ref_gemm_tn(float *c, int ldc, const float *a, int lda, const float *b, int ldb, int M, int N, int K,
                 float *scratch) {
    (void)scratch;
    for (int m = 0; m < M; m++)
        for (int n = 0; n < N; n++) {
            double sum = c[(size_t)m * ldc + n];
            for (int k = 0; k < K; k++) sum += (double)a[(size_t)k * lda + m] * b[(size_t)k * ldb + n];
            c[(size_t)m * ldc + n] = (float)sum;
        }
}

void ref_transpose(float *out, int ldo, const float *in, int ldi, int rows, int cols) {
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < cols; c++) out[(size_t)c * ldo + r] = in[(size_t)r * ldi + c];
}

void ref_sum_rows(float *y, const float *x, int ldx, int M, int N) {
    for (int n = 0; n < N; n++)
        for (int m = 0; m < M; m++) y[n] += x[(size_t)m * ldx + n];
}

void ref_add(float *y, const float *x, size_t n) {
    for (size_t i = 0; i < n; i++) y[i] += x[i];
}

/* Number j of a held row, if there is one and it is held; else x. */
static float held_or(const float *held, int j, float x) { return held && !isnan(held[j]) ? held[j] : x; }

void ref_put_held(float *x, int ldx, const float *held, int ldheld, int B, int N) {
    for (int b = 0; b < B; b++)
        for (int j = 0; j < N; j++) x[b * ldx + j] = held_or(held + b * ldheld, j, x[b * ldx + j]);
}

void ref_cut_held(float *x, int ldx, const float *held, int ldheld, int B, int N) {
    for (int b = 0; b < B; b++)
        for (int j = 0; j < N; j++) x[b * ldx + j] = isnan(held[b * ldheld + j]) ? x[b * ldx + j] : 0;
}

void ref_tanh_forward(float *gates, float *h, int B, int H) {
    for (int i = 0; i < B * H; i++) gates[i] = h[i] = tanhf(gates[i]);
}

void ref_tanh_backward(float *da, const float *dh, const float *h, int B, int H, int shared) {
    for (int b = 0; b < B; b++)
        for (int j = 0; j < H; j++) {
            float y = h[(shared ? 0 : b * H) + j];
            da[b * H + j] = dh[b * H + j] * (1 - y * y);
        }
}

void ref_lstm_forward(float *h, float *c, float *tanh_c, float *gates, const float *c_prev, const float *held, int B,
                      int H) {
    for (int b = 0; b < B; b++)
        for (int j = 0; j < H; j++) {
            const float *own = held ? held + b * 8 * H : NULL;
            float *a = gates + b * 4 * H + j;
            int u = b * H + j;
            for (int k = 0; k < 4; k++)
                a[k * H] = held_or(own, k * H + j, k == 2 ? tanhf(a[k * H]) : sigmoid(a[k * H]));
            c[u] = held_or(own, 4 * H + j, a[H] * c_prev[u] + a[0] * a[2 * H]);
            tanh_c[u] = tanhf(c[u]);
            h[u] = held_or(own, 5 * H + j, a[3 * H] * tanh_c[u]);
        }
}

void ref_lstm_backward(float *da, float *dc, float *carry, const float *dh, const float *gates, const float *tanh_c,
                       const float *c_prev, int B, int H, int shared) {
    for (int b = 0; b < B; b++)
        for (int j = 0; j < H; j++) {
            const float *a = gates + (shared ? 0 : b * 4 * H) + j;
            int u = b * H + j, s = (shared ? 0 : b * H) + j;
            float i = a[0], f = a[H], g = a[2 * H], o = a[3 * H], t = tanh_c[s], *d = da + b * 4 * H + j;
            dc[u] = carry[u] + dh[u] * o * (1 - t * t);
            d[0] = dc[u] * g * i * (1 - i);
            d[H] = dc[u] * c_prev[s] * f * (1 - f);
            d[2 * H] = dc[u] * i * (1 - g * g);
            d[3 * H] = dh[u] * t * o * (1 - o);
            carry[u] = dc[u] * f;
        }
}

void ref_gru_reset(float *gates, float *reset_h, const float *h_prev, const float *held, int B, int H) {
    for (int b = 0; b < B; b++)
        for (int j = 0; j < H; j++) {
            const float *own = held ? held + b * 7 * H : NULL;
            float *a = gates + b * 3 * H + j;
            a[0] = held_or(own, j, sigmoid(a[0])), a[H] = held_or(own, H + j, sigmoid(a[H]));
            reset_h[b * H + j] = a[0] * h_prev[b * H + j];
        }
}

void ref_gru_before_forward(float *h, float *gates, const float *h_prev, const float *held, int B, int H) {
    for (int b = 0; b < B; b++)
        for (int j = 0; j < H; j++) {
            const float *own = held ? held + b * 7 * H : NULL;
            float *a = gates + b * 3 * H + j;
            a[2 * H] = held_or(own, 2 * H + j, tanhf(a[2 * H]));
            h[b * H + j] = held_or(own, 4 * H + j, (1 - a[H]) * h_prev[b * H + j] + a[H] * a[2 * H]);
        }
}

void ref_gru_after_forward(float *h, float *gates, const float *u, const float *h_prev, const float *held, int B,
                           int H) {
    for (int b = 0; b < B; b++)
        for (int j = 0; j < H; j++) {
            const float *own = held ? held + b * 7 * H : NULL;
            float *a = gates + b * 3 * H + j;
            a[0] = held_or(own, j, sigmoid(a[0])), a[H] = held_or(own, H + j, sigmoid(a[H]));
            a[2 * H] = held_or(own, 2 * H + j, tanhf(a[2 * H] + a[0] * u[b * H + j]));
            h[b * H + j] = held_or(own, 4 * H + j, (1 - a[H]) * a[2 * H] + a[H] * h_prev[b * H + j]);
        }
}

void ref_gru_before_backward(float *da, float *dh_prev, const float *dh, const float *gates, const float *h_prev, int B,
                             int H, int shared) {
    for (int b = 0; b < B; b++)
        for (int j = 0; j < H; j++) {
            const float *a = gates + (shared ? 0 : b * 3 * H) + j;
            float z = a[H], n = a[2 * H], d = dh[b * H + j], old = h_prev[(shared ? 0 : b * H) + j],
                  *out = da + b * 3 * H + j;
            out[H] = d * (n - old) * z * (1 - z);
            out[2 * H] = d * z * (1 - n * n);
            dh_prev[b * H + j] += d * (1 - z);
        }
}

void ref_gru_reset_backward(float *da, float *dh_prev, const float *d_reset, const float *gates, const float *h_prev,
                            int B, int H, int shared) {
    for (int b = 0; b < B; b++)
        for (int j = 0; j < H; j++) {
            float r = gates[(shared ? 0 : b * 3 * H) + j], d = d_reset[b * H + j];
            da[b * 3 * H + j] = d * h_prev[(shared ? 0 : b * H) + j] * r * (1 - r);
            dh_prev[b * H + j] += d * r;
        }
}

void ref_gru_after_backward(float *da, float *du, float *dh_prev, const float *dh, const float *gates, const float *u,
                            const float *h_prev, int B, int H, int shared) {
    for (int b = 0; b < B; b++)
        for (int j = 0; j < H; j++) {
            const float *a = gates + (shared ? 0 : b * 3 * H) + j;
            int s = (shared ? 0 : b * H) + j;
            float r = a[0], z = a[H], n = a[2 * H], d = dh[b * H + j], dn = d * (1 - z) * (1 - n * n),
                  *out = da + b * 3 * H + j;
            out[0] = dn * u[s] * r * (1 - r);
            out[H] = d * (h_prev[s] - n) * z * (1 - z);
            out[2 * H] = dn;
            du[b * H + j] = dn * r;
            dh_prev[b * H + j] += d * z;
        }
}

void ref_mingru_forward(float *h, float *gates, const float *h_prev, const float *held, int B, int H) {
    for (int b = 0; b < B; b++)
        for (int j = 0; j < H; j++) {
            const float *own = held ? held + b * 6 * H : NULL;
            float *a = gates + b * 2 * H + j;
            a[0] = held_or(own, j, sigmoid(a[0])), a[H] = held_or(own, H + j, a[H]);
            h[b * H + j] = held_or(own, 3 * H + j, (1 - a[0]) * h_prev[b * H + j] + a[0] * a[H]);
        }
}

void ref_mingru_backward(float *da, float *dh_prev, const float *dh, const float *gates, const float *h_prev, int B,
                         int H, int shared) {
    for (int b = 0; b < B; b++)
        for (int j = 0; j < H; j++) {
            const float *a = gates + (shared ? 0 : b * 2 * H) + j;
            float z = a[0], d = dh[b * H + j], old = h_prev[(shared ? 0 : b * H) + j], *out = da + b * 2 * H + j;
            out[0] = d * (a[H] - old) * z * (1 - z);
            out[H] = d * z;
            dh_prev[b * H + j] += d * (1 - z);
        }
}

void ref_norm_forward(float *out, float *stats, const float *x, const float *weight, const float *bias, int M, int H) {
    for (int m = 0; m < M; m++, out += H, x += H, stats += 2) {
        double mean = 0, variance = 0;
        for (int j = 0; j < H; j++) mean += x[j] / (double)H;
        for (int j = 0; j < H; j++) variance += (x[j] - mean) * (x[j] - mean) / H;
        stats[0] = (float)mean, stats[1] = (float)(1 / sqrt(variance + 1e-5));
        for (int j = 0; j < H; j++) out[j] = (x[j] - stats[0]) * stats[1] * weight[j] + bias[j];
    }
}

void ref_norm_backward(float *dx, float *dweight, float *dbias, const float *dout, const float *x, const float *stats,
                       const float *weight, int M, int H) {
    for (int m = 0; m < M; m++, dx += H, dout += H, x += H, stats += 2) {
        double all = 0, along = 0;
        for (int j = 0; j < H; j++) {
            double normal = ((double)x[j] - stats[0]) * stats[1], d = (double)dout[j] * weight[j];
            all += d / H, along += d * normal / H;
            if (dweight) dweight[j] += (float)(dout[j] * normal), dbias[j] += dout[j];
        }
        for (int j = 0; j < H; j++) {
            double normal = ((double)x[j] - stats[0]) * stats[1];
            dx[j] += (float)(((double)dout[j] * weight[j] - all - normal * along) * stats[1]);
        }
    }
}

static double gelu_inner(double x) { return tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)); }

void ref_gelu_forward(float *out, const float *x, size_t n) {
    for (size_t i = 0; i < n; i++) out[i] = (float)(x[i] / 2.0 * (1 + gelu_inner(x[i])));
}

void ref_gelu_backward(float *d, const float *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        double y = x[i], t = gelu_inner(y), inner = 0.7978845608028654 * (1 + 3 * 0.044715 * y * y);
        d[i] = (float)(d[i] * ((1 + t) / 2 + y / 2 * (1 - t * t) * inner));
    }
}

void ref_causal_exp(float *s, int lds, float *stats, int ldstats, float *factor, float scale, int first, int start,
                    int M, int N) {
    for (int m = 0; m < M; m++, s += lds, stats += ldstats) {
        float most = stats[0];
        for (int j = 0; j < N && start + j <= first + m; j++) most = fmaxf(most, s[j]);
        factor[m] = (float)exp(((double)stats[0] - most) * scale);
        double sum = (double)stats[1] * factor[m];
        for (int j = 0; j < N; j++) {
            s[j] = start + j <= first + m ? (float)exp(((double)s[j] - most) * scale) : 0;
            sum += s[j];
        }
        stats[0] = most, stats[1] = (float)sum;
    }
}

void ref_causal_weights(float *s, int lds, const float *stats, int ldstats, float scale, int first, int start, int M,
                        int N) {
    for (int m = 0; m < M; m++, s += lds, stats += ldstats)
        for (int j = 0; j < N; j++)
            s[j] = start + j <= first + m ? (float)(exp(((double)s[j] - stats[0]) * scale) / stats[1]) : 0;
}

void ref_softmax_backward(float *d, int ldd, const float *w, int ldw, const float *inner, float scale, int M, int N) {
    for (int m = 0; m < M; m++)
        for (int j = 0; j < N; j++) d[m * ldd + j] = w[m * ldw + j] * (d[m * ldd + j] - inner[m]) * scale;
}

static void ref_softmax(float *x, float *loss, int32_t *hit, int y, int V) {
    float max = x[0];
    int first = 0;
    for (int j = 1; j < V; j++)
        if (x[j] > max) max = x[j], first = j;
    double sum = 0, at_target = y < 0 ? 0 : x[y];
    for (int j = 0; j < V; j++) sum += exp((double)x[j] - max);
    for (int j = 0; j < V; j++) x[j] = (float)(exp((double)x[j] - max) / sum);
    *loss = y < 0 ? 0 : (float)(log(sum) + max - at_target);
    *hit = first == y;
}

void ref_softmax_loss(float *logits, int ldl, float *loss, int32_t *hit, const int32_t *target, int M, int V) {
    for (int m = 0; m < M; m++) ref_softmax(logits + (size_t)m * ldl, loss + m, hit + m, target[m], V);
}

void ref_softmax_gradient(float *logits, int ldl, float *loss, int32_t *hit, const int32_t *target, int M, int V,
                          float scale) {
    ref_softmax_loss(logits, ldl, loss, hit, target, M, V);
    for (int m = 0; m < M; m++, logits += ldl)
        for (int j = 0; j < V; j++) logits[j] = target[m] < 0 ? 0 : (logits[j] - (float)(j == target[m])) * scale;
}

double ref_sum_squares(const float *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)x[i] * x[i];
    return sum;
}

float ref_dot(const float *x, const float *y, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)x[i] * y[i];
    return (float)sum;
}

void ref_scale(float *x, float factor, size_t n) {
    for (size_t i = 0; i < n; i++) x[i] *= factor;
}

size_t ref_bound(float *x, float limit, size_t n) {
    size_t outside = 0;
    for (size_t i = 0; i < n; i++)
        if (fabsf(x[i]) > limit) x[i] = copysignf(limit, x[i]), outside++;
    return outside;
}

void ref_regularise(float *g, const float *w, float l1, float l2, size_t n) {
    for (size_t i = 0; i < n; i++) g[i] += l1 * (float)((w[i] > 0) - (w[i] < 0)) + l2 * w[i];
}

float ref_largest(const float *x, size_t n) {
    float most = 0;
    for (size_t i = 0; i < n; i++)
        if (isnan(x[i])) return NAN;
        else most = fmaxf(most, fabsf(x[i]));
    return most;
}

void ref_settle(float *x, float least, size_t n) {
    for (size_t i = 0; i < n; i++) x[i] = fabsf(x[i]) < least ? 0 : x[i];
}

void ref_sgd(float *w, const float *g, const unroll_rates *r, size_t n) {
    for (size_t i = 0; i < n; i++) w[i] -= r->rate * (g[i] + r->decay * w[i]);
}

void ref_momentum(float *w, float *m, const float *g, const unroll_rates *r, size_t n) {
    for (size_t i = 0; i < n; i++) {
        float d = g[i] + r->decay * w[i];
        m[i] = r->first * m[i] + d;
        w[i] -= r->rate * m[i];
    }
}

void ref_rmsprop(float *w, float *v, const float *g, const unroll_rates *r, size_t n) {
    for (size_t i = 0; i < n; i++) {
        float d = g[i] + r->decay * w[i];
        v[i] = r->second * v[i] + r->new_second * d * d;
        w[i] -= r->rate * d / (sqrtf(v[i]) + r->epsilon);
    }
}

void ref_adam(float *w, float *m, float *v, const float *g, const unroll_rates *r, size_t n) {
    for (size_t i = 0; i < n; i++) {
        float d = g[i] + r->decay * w[i];
        m[i] = r->first * m[i] + r->new_first * d;
        v[i] = r->second * v[i] + r->new_second * d * d;
        w[i] = r->keep * w[i] - r->rate * m[i] / (sqrtf(v[i]) * r->root_correction + r->epsilon);
    }
}
