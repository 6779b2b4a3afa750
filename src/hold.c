/* From a list of interventions to held rows. */
#include "hold.h"

#include <math.h>

/* Which block of a held row `what` is; -1 where this cell has no such thing. */
static int block_of(const model *m, int32_t what) {
    int lstm = m->cfg.cell == UNROLL_LSTM;
    if (is_attention(m)) return -1;
    switch (what) {
    case UNROLL_HOLD_CELL: return lstm ? m->G + HELD_CELL : -1;
    case UNROLL_HOLD_HIDDEN: return m->G + HELD_HIDDEN;
    case UNROLL_HOLD_CARRIED_HIDDEN: return m->G + HELD_CARRIED_HIDDEN;
    case UNROLL_HOLD_CARRIED_CELL: return lstm ? m->G + HELD_CARRIED_CELL : -1;
    default: return what >= UNROLL_HOLD_GATE && what < m->G && m->cfg.cell != UNROLL_RNN ? what : -1;
    }
}

int unroll_hold_valid(const model *m, const unroll_hold *x) {
    if (x->from < 0 || x->to < x->from || x->stream < -1) return 0;
    if (x->what == UNROLL_HOLD_INPUT)
        return x->value >= 0 && x->value < (float)m->cfg.vocab && x->value == floorf(x->value);
    return block_of(m, x->what) >= 0 && x->layer >= 0 && x->layer < m->cfg.layers && x->unit >= -1 &&
           x->unit < m->cfg.hidden && fabsf(x->value) <= 1e4f;
}

static int active(const unroll_hold *x, int64_t step) { return step >= x->from && step < x->to; }

int unroll_hold_rows(const model *m, const hold_list *x, float *held, int l, int s, int B) {
    int H = m->cfg.hidden, width = held_width(m), any = 0;
    int64_t step = (int64_t)x->origin + s;
    for (int i = 0; i < x->count; i++) {
        const unroll_hold *y = &x->list[i];
        if (y->what == UNROLL_HOLD_INPUT || y->layer != l || !active(y, step)) continue;
        for (size_t j = 0; !any && j < (size_t)B * width; j++) held[j] = NAN;
        any = 1;
        int first = y->unit < 0 ? 0 : y->unit, end = y->unit < 0 ? H : y->unit + 1;
        for (int b = 0; b < B; b++) {
            float *row = held + (size_t)b * width + block_of(m, y->what) * H;
            if (y->stream >= 0 && y->stream != (int64_t)x->first_stream + b) continue;
            for (int j = first; j < end; j++) row[j] = y->value;
        }
    }
    return any;
}

void unroll_hold_input(const hold_list *x, int32_t *input, int T, int B) {
    for (int i = 0; i < x->count; i++) {
        const unroll_hold *y = &x->list[i];
        for (int s = 0; y->what == UNROLL_HOLD_INPUT && s < T; s++)
            for (int b = 0; b < B; b++)
                if (active(y, (int64_t)x->origin + s) && (y->stream < 0 || y->stream == (int64_t)x->first_stream + b))
                    input[s * B + b] = (int32_t)y->value;
    }
}
