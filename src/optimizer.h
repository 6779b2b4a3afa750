#ifndef UNROLL_OPTIMIZER_H
#define UNROLL_OPTIMIZER_H

#include "model.h"

/* What an optimizer remembers, m->size floats each. */
typedef struct moments {
    float *first, *second; /* momentum's buffer or adam's m; rmsprop's average or adam's v */
} moments;

#define WEIGHT_LIMIT 1e16f
#define MOMENT_LIMIT 1e20f /* of moments from outside */

/* Applies the gradient to the weights, as update number `step` (1, 2, ...). With a gradient of a norm up to 1e18 and
 * weights up to WEIGHT_LIMIT, weights and moments stay finite in all settings' ranges: decay adds up to 1e19 to a
 * gradient, the square of which still is a float. The weights are to be packed afterwards. */
void unroll_optimizer_apply(model *m, const float *gradient, const moments *x, double step);

#endif
