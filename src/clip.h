#ifndef UNROLL_CLIP_H
#define UNROLL_CLIP_H

#include "model.h"

/* Regularises and clips the gradient, m->size floats, and fills in the norms. 0: too large to be applied. */
int unroll_gradient_clip(const model *m, float *gradient, unroll_report *out);

#endif
