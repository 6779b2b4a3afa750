/* Interventions: values held in place of those the network computes. A held row is one stream's, one step's and one
 * layer's: (G + HELD_PARTS) * H numbers, NaN where nothing is held, first those of the gates. */
#ifndef UNROLL_HOLD_H
#define UNROLL_HOLD_H

#include "model.h"

enum { HELD_CELL, HELD_HIDDEN, HELD_CARRIED_HIDDEN, HELD_CARRIED_CELL, HELD_PARTS };

typedef struct hold_list {
    const unroll_hold *list;
    int32_t count;
    int32_t origin; /* which step step 0 is, and the batch's number of stream 0 */
    int32_t first_stream;
} hold_list;

static inline int held_width(const model *m) { return (m->G + HELD_PARTS) * m->cfg.hidden; }

/* Where a part stands in a held row. */
static inline const float *held_part(const model *m, const float *held, int part) {
    return held + (m->G + part) * m->cfg.hidden;
}

int unroll_hold_valid(const model *m, const unroll_hold *x);

/* Held rows of step s in layer l for B streams; returns 0, with nothing written, where none is held. */
int unroll_hold_rows(const model *m, const hold_list *x, float *held, int l, int s, int B);

/* Replaces tokens in input [T,B]. */
void unroll_hold_input(const hold_list *x, int32_t *input, int T, int B);

#endif
