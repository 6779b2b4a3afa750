/* Four floats at once, by the compilers' vector extension: wasm SIMD128, SSE and NEON come from the same lines,
 * and a target without vectors gets the same operations lane by lane, hence the same bits. */
#ifndef UNROLL_VEC4_H
#define UNROLL_VEC4_H

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

_Static_assert(FLT_EVAL_METHOD == 0, "numbers that are computed wider than they are kept have other bits");

typedef float v4 __attribute__((vector_size(16)));
typedef int32_t i4 __attribute__((vector_size(16)));
typedef uint32_t u4 __attribute__((vector_size(16))); /* where bits may be lost at the top */

static inline v4 v4_splat(float x) { return (v4){x, x, x, x}; }

static inline v4 v4_load(const float *p) {
    v4 v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline void v4_store(float *p, v4 v) { memcpy(p, &v, sizeof v); }

/* The first n (1..4) floats of p; the other lanes are 0. With a constant 4 this is a plain load. */
static inline v4 v4_take(const float *p, int n) {
    if (n == 4) return v4_load(p);
    v4 v = {0, 0, 0, 0};
    for (int i = 0; i < n; i++) v[i] = p[i];
    return v;
}

static inline void v4_put(float *p, v4 v, int n) {
    if (n == 4) {
        v4_store(p, v);
        return;
    }
    for (int i = 0; i < n; i++) p[i] = v[i];
}

/* a where the mask's lane is all ones, b where it is zero. */
static inline v4 v4_select(i4 mask, v4 a, v4 b) { return (v4)((mask & (i4)a) | (~mask & (i4)b)); }

/* A constant in all lanes, read from memory: V8 builds a literal vector anew at each use, in four instructions. */
#define V4_CONST(x)                      \
    ({                                   \
        static const float value_ = (x); \
        const float *at_ = &value_;      \
        __asm__("" : "+r"(at_));         \
        v4_splat(*at_);                  \
    })
#define I4_CONST(x)                        \
    ({                                     \
        static const int32_t value_ = (x); \
        const int32_t *at_ = &value_;      \
        __asm__("" : "+r"(at_));           \
        (i4){*at_, *at_, *at_, *at_};      \
    })

/* x bounded from below, from above; NaN stays NaN. */
static inline v4 v4_at_least(v4 x, v4 low) {
#if defined(__wasm_simd128__)
    return (v4)wasm_f32x4_pmax((v128_t)x, (v128_t)low);
#elif defined(__SSE2__)
    return (v4)_mm_max_ps((__m128)low, (__m128)x);
#else
    return v4_select(low > x, low, x);
#endif
}

static inline v4 v4_at_most(v4 x, v4 high) {
#if defined(__wasm_simd128__)
    return (v4)wasm_f32x4_pmin((v128_t)x, (v128_t)high);
#elif defined(__SSE2__)
    return (v4)_mm_min_ps((__m128)high, (__m128)x);
#else
    return v4_select(high < x, high, x);
#endif
}

static inline v4 v4_abs(v4 a) { return (v4)((i4)a & I4_CONST(0x7fffffff)); }

/* x, but 0 where it is smaller than `least` in size; NaN stays NaN. */
static inline v4 v4_unless_below(v4 x, v4 least) { return (v4)((i4)x & ~(i4)(v4_abs(x) < least)); }

static inline v4 v4_sqrt(v4 a) {
#if defined(__wasm_simd128__)
    return (v4)wasm_f32x4_sqrt((v128_t)a);
#elif defined(__SSE2__)
    return (v4)_mm_sqrt_ps((__m128)a);
#else
    return (v4){sqrtf(a[0]), sqrtf(a[1]), sqrtf(a[2]), sqrtf(a[3])};
#endif
}

/* Four of the eight lanes of a, 0 to 3, and b, 4 to 7. */
#if defined(__clang__) || __GNUC__ >= 12
#define V4_PICK(a, b, i, j, k, l) __builtin_shufflevector(a, b, i, j, k, l)
#else
#define V4_PICK(a, b, i, j, k, l) __builtin_shuffle(a, b, (i4){i, j, k, l})
#endif

/* Four rows of four numbers become four columns. */
static inline void v4_transpose(v4 *a, v4 *b, v4 *c, v4 *d) {
    v4 ab_low = V4_PICK(*a, *b, 0, 4, 1, 5), ab_high = V4_PICK(*a, *b, 2, 6, 3, 7);
    v4 cd_low = V4_PICK(*c, *d, 0, 4, 1, 5), cd_high = V4_PICK(*c, *d, 2, 6, 3, 7);
    *a = V4_PICK(ab_low, cd_low, 0, 1, 4, 5), *b = V4_PICK(ab_low, cd_low, 2, 3, 6, 7);
    *c = V4_PICK(ab_high, cd_high, 0, 1, 4, 5), *d = V4_PICK(ab_high, cd_high, 2, 3, 6, 7);
}

/* Lanes added in one fixed order. */
static inline float v4_sum(v4 a) { return (a[0] + a[1]) + (a[2] + a[3]); }

#endif
