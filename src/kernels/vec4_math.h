/* exp, tanh and the logistic function on four lanes: at most 2 ulp from the true value over the whole float range
 * (tests/core/test_math.c walks it), NaN stays NaN, and the same bits on every platform without fused multiply-add. */
#ifndef UNROLL_VEC4_MATH_H
#define UNROLL_VEC4_MATH_H

#include "vec4.h"

/* 2^k for -126 <= k <= 127. */
static inline v4 v4_pow2(i4 k) { return (v4)((k + 127) << 23); }

/* e^r 's polynomial for x = n ln2 + r, |r| <= ln2/2, and n in `n_out`; x within the range where n fits. */
static inline v4 v4_exp_reduced(v4 x, i4 *n_out) {
    const float magic = 12582912.0f; /* 1.5 * 2^23: adding it rounds to a whole number, kept in the low bits */
    v4 shifted = x * 1.44269504088896341f + magic;
    v4 n = shifted - magic;
    v4 r = x - n * 0.693145751953125f; /* ln2 in two parts, the first exact in 16 bits */
    r = r - n * 1.428606765330187045e-6f;
    v4 p = r * 1.9875691500e-4f + 1.3981999507e-3f; /* minimax, Cephes expf */
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    *n_out = (i4)shifted - 0x4b400000;
    return (p * (r * r) + r) + 1.0f;
}

static inline v4 v4_exp(v4 x) {
    v4 bounded = v4_min(v4_max(x, v4_splat(-104.0f)), v4_splat(89.0f));
    i4 n;
    v4 p = v4_exp_reduced(bounded, &n);
    i4 half = n >> 1; /* in two factors, so that subnormal results and the last binade are reached */
    v4 y = (p * v4_pow2(half)) * v4_pow2(n - half);
    return v4_select(x == x, y, x);
}

/* e^x for x <= 0 where a result below 2^-126 may be 0. */
static inline v4 v4_exp_negative(v4 x) {
    i4 n;
    v4 p = v4_exp_reduced(v4_max(x, v4_splat(-87.0f)), &n);
    return p * v4_pow2(n);
}

/* With e = exp(-|x|): 1/(1+e) for x >= 0, e/(1+e) below; nothing overflows and nothing cancels. */
static inline v4 v4_sigmoid(v4 x) {
    v4 e = v4_exp(-v4_abs(x));
    v4 y = v4_select(x < 0.0f, e, v4_splat(1.0f)) / (e + 1.0f);
    return v4_select(x == x, y, x);
}

/* Odd polynomial below 0.625, 1 - 2 / (e^2|x| + 1) above, the sign put back. */
static inline v4 v4_tanh(v4 x) {
    const i4 sign_bit = {INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN};
    v4 a = v4_abs(x), z = a * a;
    v4 p = z * -5.70498872745e-3f + 2.06390887954e-2f; /* minimax, Cephes tanhf */
    p = p * z + -5.37397155531e-2f;
    p = p * z + 1.33314422036e-1f;
    p = p * z + -3.33332819422e-1f;
    v4 small = (p * z) * a + a;
    v4 e = v4_exp_negative(a * -2.0f);
    v4 large = (1.0f - e) / (1.0f + e);
    v4 y = v4_select(a < 0.625f, small, large);
    y = (v4)((i4)y | ((i4)x & sign_bit));
    return v4_select(x == x, y, x);
}

#endif
