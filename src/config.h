#ifndef UNROLL_CONFIG_H
#define UNROLL_CONFIG_H

#include "unrolled.h"

enum { UNROLL_MAX_LAYERS = 4 };

/* Whether what fixes sizes is in range, and whether what may change in mid-training is. */
int unroll_config_shape_valid(const unroll_config *cfg);
int unroll_config_rates_valid(const unroll_config *cfg);

/* G: blocks of H rows in a cell's matrices; attention's are queries, keys and values. */
int unroll_config_gates(const unroll_config *cfg);

#endif
