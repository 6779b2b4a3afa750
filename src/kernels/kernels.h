/* The kernels and, beside each, a plain one that defines what is right. kernels.def is the list. */
#ifndef UNROLL_KERNELS_H
#define UNROLL_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#define UNROLL_PANEL 20 /* columns of a packed strip: the register tile's width */

/* What an update multiplies with, rounded once from the settings' doubles. */
typedef struct unroll_rates {
    float rate;               /* adam: over the first moment's bias correction */
    float keep;               /* adamw: the weight is multiplied with 1 - rate*decay first; else 1 */
    float decay;              /* added to the gradient, times the weight; adamw: 0 */
    float first, new_first;   /* momentum's mu; adam's beta1 and 1 - beta1 */
    float second, new_second; /* rmsprop's alpha, adam's beta2, and one minus it */
    float root_correction;    /* 1 / sqrt(1 - beta2^step); rmsprop: 1 */
    float epsilon;
} unroll_rates;

#define KERNEL(result, name, arguments) \
    result unroll_##name arguments;     \
    result ref_##name arguments;
#include "kernels.def"
#undef KERNEL

/* Floats that pack_rows and pack_cols write. */
static inline size_t unroll_panels_size(size_t N, size_t K) {
    return (N + UNROLL_PANEL - 1) / UNROLL_PANEL * UNROLL_PANEL * K;
}

#define UNROLL_TN_ROWS 40   /* rows of aᵀ and ... */
#define UNROLL_TN_DEPTH 128 /* ... depth of a block of gemm_tn: 20 kB, so that it stays in the first-level cache */

/* Floats of scratch that gemm_tn needs. */
static inline size_t unroll_gemm_tn_scratch(size_t N) {
    return (size_t)UNROLL_TN_ROWS * UNROLL_TN_DEPTH + unroll_panels_size(N, UNROLL_TN_DEPTH);
}

#endif
