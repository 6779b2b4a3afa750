/* Four floats at once, by the compilers' vector extension: wasm SIMD128, SSE and NEON come from the same lines,
 * and a target without vectors gets the same operations lane by lane, hence the same bits. */
#ifndef UNROLL_VEC4_H
#define UNROLL_VEC4_H

#include <math.h>
#include <stdint.h>
#include <string.h>
#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

typedef float v4 __attribute__((vector_size(16)));
typedef int32_t i4 __attribute__((vector_size(16)));

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

static inline v4 v4_max(v4 a, v4 b) { return v4_select(a > b, a, b); }
static inline v4 v4_min(v4 a, v4 b) { return v4_select(a < b, a, b); }
static inline v4 v4_abs(v4 a) { return (v4)((i4)a & (i4){0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff}); }

static inline v4 v4_sqrt(v4 a) {
#if defined(__wasm_simd128__)
    return (v4)wasm_f32x4_sqrt((v128_t)a);
#elif defined(__SSE2__)
    return (v4)_mm_sqrt_ps((__m128)a);
#else
    return (v4){sqrtf(a[0]), sqrtf(a[1]), sqrtf(a[2]), sqrtf(a[3])};
#endif
}

/* Lanes added in one fixed order. */
static inline float v4_sum(v4 a) { return (a[0] + a[1]) + (a[2] + a[3]); }

#endif
