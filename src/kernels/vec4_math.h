/* exp, tanh and the logistic function on four lanes: at most 2 ulp from the true value, the latter two 2.5, over the
 * whole float range (tests/core/test_math.c walks it), NaN stays NaN, and the same bits on every platform without fused
 * multiply-add. Short chains before all: an activation's throughput is its latency over what a processor holds of it.
 */
#ifndef UNROLL_VEC4_MATH_H
#define UNROLL_VEC4_MATH_H

#include "vec4.h"

/* 2^k for -126 <= k <= 127; only k's nine low bits are looked at. */
static inline v4 v4_pow2(i4 k) { return (v4)(((u4)k + (u4)I4_CONST(127)) << 23); }

/* e^(kx) for k = 1, -1 or 2, which scale the constants exactly: kx = n ln2 + kr with |kr| <= ln2/2, and
 * e^(kr) = 1 + kr + p r². n stands in the nine low bits. For |kx| <= 104. */
typedef struct reduced {
    v4 r, p;
    i4 n;
} reduced;
#define REDUCE(k, x)                                                                                             \
    ({                                                                                                           \
        const v4 x_ = (x), magic_ = V4_CONST(12582912.0f); /* 1.5 * 2^23: adding it rounds to a whole number */  \
        v4 shifted_ = x_ * V4_CONST((k)*1.44269504088896341f) + magic_, n_ = shifted_ - magic_;                  \
        v4 r_ = x_ - n_ * V4_CONST(0.693145751953125f / (k)); /* ln2 in two parts, the first exact in 16 bits */ \
        r_ = r_ - n_ * V4_CONST(1.428606765330187045e-6f / (k));                                                 \
        (reduced){r_, REDUCED_POLYNOMIAL(k, r_), (i4)shifted_};                                                  \
    })
/* Minimax of Cephes' expf, evaluated in pairs: a shorter chain than Horner's. */
#define REDUCED_POLYNOMIAL(k, r)                                                                         \
    ({                                                                                                   \
        v4 low_ = r * V4_CONST(POWER_3(k) * 1.6666665459e-1f) + V4_CONST(POWER_2(k) * 5.0000001201e-1f); \
        v4 mid_ = r * V4_CONST(POWER_3(k) * POWER_2(k) * 8.3334519073e-3f) +                             \
                  V4_CONST(POWER_2(k) * POWER_2(k) * 4.1665795894e-2f);                                  \
        v4 high_ = r * V4_CONST(POWER_3(k) * POWER_2(k) * POWER_2(k) * 1.9875691500e-4f) +               \
                   V4_CONST(POWER_3(k) * POWER_3(k) * 1.3981999507e-3f);                                 \
        (high_ * (r * r) + mid_) * (r * r) + low_;                                                       \
    })
#define POWER_2(k) ((k) * (k))
#define POWER_3(k) ((k) * (k) * (k))

/* The scale goes on in two factors, so that subnormal results and the last binade are reached. */
static inline v4 v4_exp(v4 x) {
    reduced e = REDUCE(1, v4_at_least(v4_at_most(x, V4_CONST(89.0f)), V4_CONST(-104.0f)));
    v4 t = e.p * (e.r * e.r) + e.r;
    i4 half = (i4)((u4)e.n << 23) >> 24; /* n/2, its sign out of bit 8 */
    return ((t + V4_CONST(1.0f)) * v4_pow2(half)) * v4_pow2((i4)((u4)e.n - (u4)half));
}

/* 1 / (1 + e^-x), above and below over 2^64, so that the sum is finite where the result is subnormal. Beyond 42 it
 * is 1. */
static inline v4 v4_sigmoid(v4 x) {
    const v4 least = V4_CONST(0x1p-64f);
    reduced e = REDUCE(-1, v4_at_least(v4_at_most(x, V4_CONST(42.0f)), V4_CONST(-104.0f)));
    v4 fall = e.r - e.p * (e.r * e.r); /* 1 - e^-r */
    v4 scale = (v4)(((u4)e.n + (u4)I4_CONST(127 - 64)) << 23);
    return least / ((scale + least) - fall * scale);
}

/* m / (m + 2) with m = e^(2|x|) - 1, the sign put back. Beyond 10 it is 1. */
static inline v4 v4_tanh(v4 x) {
    const i4 sign = (i4)x & I4_CONST(INT32_MIN);
    reduced e = REDUCE(2, v4_at_most((v4)((i4)x ^ sign), V4_CONST(10.0f)));
    v4 t = e.p * (e.r * e.r) + (e.r + e.r), scale = v4_pow2(e.n);
    v4 m = t * scale + (scale - V4_CONST(1.0f));
    return (v4)((i4)(m / (m + V4_CONST(2.0f))) | sign);
}

#undef REDUCE
#undef REDUCED_POLYNOMIAL
#undef POWER_2
#undef POWER_3

#endif
