#ifndef UNROLL_OPTIMIZER_H
#define UNROLL_OPTIMIZER_H

#include "model.h"

/* What an optimizer remembers, m->size floats each. */
typedef struct moments {
    float *first, *second; /* momentum's buffer or adam's m; rmsprop's average or adam's v */
} moments;

/* Applies the gradient to the weights, as update number `step` (1, 2, ...). They are to be packed afterwards. */
void unroll_optimizer_apply(model *m, const float *gradient, const moments *x, double step);

#endif
