#ifndef UNROLL_CLIP_H
#define UNROLL_CLIP_H

#include "trainer.h"

/* Regularises and clips t->gradient and fills in the norms. 0: too large to be applied. */
int clip_gradient(unroll_trainer *t, unroll_report *out);

/* optimizer.c: applies t->gradient to the weights, as update number `step` (1, 2, ...). */
void optimizer_apply(unroll_trainer *t, double step);

#endif
