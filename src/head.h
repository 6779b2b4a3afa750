/* The head:  logits = V h + d,   loss = -log softmax(logits)[target]. */
#ifndef UNROLL_HEAD_H
#define UNROLL_HEAD_H

#include "model.h"

typedef struct head_trace {
    int32_t *target, *hit;         /* [T,B] */
    float *loss;                   /* [T,B] */
    float *logits, *probabilities; /* [T,B,V], or NULL */
    float *block;                  /* [head_rows, padded V]: logits, then their gradient */
} head_trace;

/* Floats between rows of `block`. */
static inline int32_t head_stride(const model *m) { return (m->cfg.vocab + 7) & ~7; }

/* Positions that are worked on together: 256, fewer where their logits would take more than 16 MB. */
static inline int32_t head_rows(const model *m) {
    int32_t rows = (1 << 22) / head_stride(m);
    return rows > 256 ? 256 : rows < 16 ? 16 : rows;
}

/* Room for `positions`; for logits and probabilities with `keep`. */
void unroll_head_layout(head_trace *x, const model *m, arena *a, size_t positions, int keep);

/* The logits of up (rows,H) into the block. */
void unroll_head_logits(const model *m, const head_trace *x, const float *up, int rows);

/* Loss, hits, and what is kept, of up (positions,H); returns the summed loss. With `dup` (positions,H) also the
 * gradient of loss*scale: of `up` there, of the parameters into the bench's. */
double unroll_head_run(const model *m, const head_trace *x, const float *up, int positions, float *dup, double scale,
                       const workbench *bench);

#endif
