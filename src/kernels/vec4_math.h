/* exp, tanh and the logistic function on four lanes: at most 2 ulp from the true value over the whole float range
 * (tests/core/test_math.c walks it), NaN stays NaN, and the same bits on every platform without fused multiply-add. */
#ifndef UNROLL_VEC4_MATH_H
#define UNROLL_VEC4_MATH_H

#include "vec4.h"

/* 2^k for -126 <= k <= 127; only k's nine low bits are looked at. */
static inline v4 v4_pow2(i4 k) { return (v4)(((u4)k + (u4)I4_CONST(127)) << 23); }

/* e^x = 2^n e^r with |r| <= ln2/2: returns e^r - 1, and n in the nine low bits of n_out. For |x| <= 104. */
static inline v4 v4_exp_reduced(v4 x, i4 *n_out) {
    const v4 magic = V4_CONST(12582912.0f); /* 1.5 * 2^23: adding it rounds to a whole number, left in the low bits */
    v4 shifted = x * V4_CONST(1.44269504088896341f) + magic;
    v4 n = shifted - magic;
    v4 r = x - n * V4_CONST(0.693145751953125f); /* ln2 in two parts, the first exact in 16 bits */
    r = r - n * V4_CONST(1.428606765330187045e-6f);
    v4 rr = r * r; /* minimax of Cephes' expf, evaluated in pairs: a shorter chain than Horner's */
    v4 low = r * V4_CONST(1.6666665459e-1f) + V4_CONST(5.0000001201e-1f);
    v4 mid = r * V4_CONST(8.3334519073e-3f) + V4_CONST(4.1665795894e-2f);
    v4 high = r * V4_CONST(1.9875691500e-4f) + V4_CONST(1.3981999507e-3f);
    v4 p = (high * rr + mid) * rr + low;
    *n_out = (i4)shifted;
    return p * rr + r;
}

/* The scale goes on in two factors, so that subnormal results and the last binade are reached. */
static inline v4 v4_exp(v4 x) {
    i4 n;
    v4 t = v4_exp_reduced(v4_at_least(v4_at_most(x, V4_CONST(89.0f)), V4_CONST(-104.0f)), &n);
    i4 half = (i4)((u4)n << 23) >> 24; /* n/2, its sign out of bit 8 */
    return ((t + V4_CONST(1.0f)) * v4_pow2(half)) * v4_pow2((i4)((u4)n - (u4)half));
}

/* With e = exp(-|x|): 1/(1+e) for x >= 0, e/(1+e) below; nothing overflows and nothing cancels. Below, where the last
 * place is finer, e's rounding error δ goes back in: e(1+δ) / (1 + e(1+δ)) is e / (1 + e - δ), but for δ². */
static inline v4 v4_sigmoid(v4 x) {
    const v4 one = V4_CONST(1.0f);
    const i4 negative = (i4)x >> 31;
    i4 n;
    v4 t = v4_exp_reduced(v4_at_least((v4)((i4)x | I4_CONST(INT32_MIN)), V4_CONST(-104.0f)), &n);
    v4 y = t + one, lost = t - (y - one);
    v4 e = (y * (v4)(((u4)n + (u4)I4_CONST(127 + 64)) << 23)) * V4_CONST(0x1p-64f); /* so that e may be subnormal */
    return v4_select(negative, e, one) / ((e - (v4)((i4)lost & negative)) + one);
}

/* Odd polynomial below 0.625, (1 - e) / (1 + e) with e = exp(-2|x|) above, the sign put back. */
static inline v4 v4_tanh(v4 x) {
    const v4 one = V4_CONST(1.0f);
    const i4 sign = (i4)x & I4_CONST(INT32_MIN);
    v4 a = v4_abs(x), z = a * a;
    v4 p = z * V4_CONST(-5.70498872745e-3f) + V4_CONST(2.06390887954e-2f); /* minimax, Cephes tanhf */
    p = p * z + V4_CONST(-5.37397155531e-2f);
    p = p * z + V4_CONST(1.33314422036e-1f);
    p = p * z + V4_CONST(-3.33332819422e-1f);
    v4 small = (p * z) * a + a;
    i4 n;
    v4 t = v4_exp_reduced(v4_at_least(a * V4_CONST(-2.0f), V4_CONST(-87.0f)), &n);
    v4 e = (t + one) * v4_pow2(n);
    v4 y = v4_select(a < V4_CONST(0.625f), small, (one - e) / (one + e));
    return (v4)((i4)y | sign);
}

#endif
