#ifndef UNROLL_INIT_H
#define UNROLL_INIT_H

#include "model.h"

/* Draws the weights' first values from the seed. */
void unroll_model_draw(model *m);

#endif
