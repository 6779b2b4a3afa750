/* What goes into a layer's gates from below: W x + b for layer 0's tokens, W up + b for the layers above. */
#ifndef UNROLL_INPUT_H
#define UNROLL_INPUT_H

#include "model.h"

/* Fills the folded input's table, once an update, after unroll_model_pack(). */
void unroll_input_table(model *m);
/* From the table's gradient to W, b and the embedding, at the end of a backward pass. */
void unroll_input_table_backward(const model *m, const workbench *bench);

/* gates (rows,G*H) out: layer 0's W x + b for `ids`. x (rows,E) keeps embedding rows where they are not folded. */
void unroll_input_forward(const model *m, float *gates, float *x, const int32_t *ids, int rows);
/* da (rows,G*H) in. dx (rows,E) is scratch, of an embedding that is not folded, as x is. */
void unroll_input_backward(const model *m, const workbench *bench, float *dx, const float *da, const float *x,
                           const int32_t *ids, int rows);

/* The same for layer l > 0, from what the layer below hands up: up (rows,H). dup (rows,H) out. */
void unroll_upper_forward(const model *m, int l, float *gates, const float *up, int rows);
void unroll_upper_backward(const model *m, int l, const workbench *bench, float *dup, const float *da, const float *up,
                           int rows);

#endif
