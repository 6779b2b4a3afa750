/* The parameters: one table of names, shapes and places, the draw of their first values, and their packed copies. */
#include <math.h>
#include <string.h>

#include "kernels/kernels.h"
#include "random.h"
#include "trainer.h"

/* A token's row of the folded input is computed once an update: worth it while there are not many more tokens in the
 * vocabulary than in a window. */
enum { FOLD_LIMIT = 4096 };

/* ---- The table ---- */

/* Appends "prefix" or "prefixK" (layer >= 0). Returns the row, or -1 when the flat arrays would be too long to index. */
static int32_t table_add(unroll_trainer *t, const char *prefix, int layer, int32_t rows, int32_t cols, int32_t trained_from) {
    unroll_tensor *x = &t->tensor[t->tensor_count];
    memset(x, 0, sizeof *x);
    size_t length = strlen(prefix);
    memcpy(x->name, prefix, length);
    if (layer >= 0) x->name[length] = (char)('0' + layer);
    x->offset = t->size, x->rows = rows, x->cols = cols, x->trained_from = trained_from;
    int64_t end = (int64_t)t->size + (((int64_t)rows * cols + 3) & ~(int64_t)3);
    if (end > INT32_MAX) return -1;
    t->size = (int32_t)end;
    t->trained_count += (rows - trained_from) * cols;
    return t->tensor_count++;
}

int weights_table(unroll_trainer *t) {
    const unroll_config *c = &t->cfg;
    int32_t H = c->hidden, rows = t->G * H, after = c->cell == UNROLL_GRU && c->gru_after;
    int32_t least = 0; /* becomes -1 when anything did not fit */
#define ADD(place, ...) least |= (place) = table_add(t, __VA_ARGS__)
    t->embedding = -1;
    if (c->embedding) ADD(t->embedding, "embedding.weight", -1, c->vocab, c->embedding, 0);
    for (int l = 0; l < c->layers; l++) {
        int32_t inputs = l ? H : c->embedding ? c->embedding : c->vocab;
        ADD(t->layer[l].w_ih, "rnn.weight_ih_l", l, rows, inputs, 0);
        ADD(t->layer[l].w_hh, "rnn.weight_hh_l", l, rows, H, 0);
        ADD(t->layer[l].b_ih, "rnn.bias_ih_l", l, rows, 1, 0);
        ADD(t->layer[l].b_hh, "rnn.bias_hh_l", l, rows, 1, after ? 2 * H : rows);
    }
    ADD(t->head_w, "head.weight", -1, c->vocab, H, 0);
    ADD(t->head_b, "head.bias", -1, c->vocab, 1, 0);
#undef ADD
    t->folded = !c->embedding || c->vocab <= FOLD_LIMIT;
    return least >= 0;
}

/* ---- Memory ---- */

/* Rows of part 0 and 1 of the recurrent matrix. */
static int32_t part_rows(const unroll_trainer *t, int part) {
    int32_t H = t->cfg.hidden;
    if (t->cfg.cell != UNROLL_GRU) return part ? 0 : t->G * H;
    return part ? H : 2 * H;
}

void weights_layout(unroll_trainer *t, arena *a) {
    const unroll_config *c = &t->cfg;
    size_t H = (size_t)c->hidden, GH = (size_t)t->G * H, V = (size_t)c->vocab, widest = H;
    float **flat[] = {&t->weights, &t->gradient, &t->shard_gradient, &t->moment1, &t->moment2};
    for (int i = 0; i < 5; i++) *flat[i] = arena_floats(a, (size_t)t->size, 1);
    for (int l = 0; l < c->layers; l++) {
        layer_weights *w = &t->layer[l];
        size_t inputs = l ? H : (size_t)c->embedding;
        if (inputs > widest) widest = inputs;
        w->ih_rows = inputs ? arena_floats(a, unroll_panels_size(GH, inputs), 1) : NULL;
        w->ih_cols = inputs ? arena_floats(a, unroll_panels_size(inputs, GH), 1) : NULL;
        for (int part = 0; part < 2; part++) {
            size_t rows = (size_t)part_rows(t, part);
            w->hh_rows[part] = rows ? arena_floats(a, unroll_panels_size(rows, H), 1) : NULL;
            w->hh_cols[part] = rows ? arena_floats(a, unroll_panels_size(H, rows), 1) : NULL;
        }
        w->bias = arena_floats(a, GH, 1);
    }
    t->table = t->folded ? arena_floats(a, V, GH) : NULL;
    t->dtable = t->folded ? arena_floats(a, V, GH) : NULL;
    t->head_rows = arena_floats(a, unroll_panels_size(V, H), 1);
    t->head_cols = arena_floats(a, unroll_panels_size(H, V), 1);
    t->scratch = arena_floats(a, unroll_gemm_tn_scratch(widest), 1);
}

/* ---- First values ---- */

/* uniform(-1/sqrt(H), 1/sqrt(H)) for every trained number, then the LSTM's forget bias. */
void weights_draw(unroll_trainer *t) {
    const unroll_config *c = &t->cfg;
    uint64_t key = random_key(c->seed, 0), draw = 0;
    float bound = (float)(1 / sqrt((double)c->hidden));
    memset(t->weights, 0, sizeof(float) * (size_t)t->size);
    for (int i = 0; i < t->tensor_count; i++) {
        const unroll_tensor *x = &t->tensor[i];
        float *w = t->weights + x->offset;
        for (size_t j = (size_t)x->trained_from * x->cols; j < (size_t)x->rows * x->cols; j++)
            w[j] = (2 * random_uniform(key, draw++) - 1) * bound;
    }
    for (int l = 0; c->cell == UNROLL_LSTM && l < c->layers; l++)
        for (int j = 0; j < c->hidden; j++) weights_of(t, t->weights, t->layer[l].b_ih)[c->hidden + j] = (float)c->forget_bias;
}

/* ---- Packing, once an update ---- */

/* table (V,G*H): row v is W x_v + b, for the one-hot or embedded x_v. */
static void table_fill(unroll_trainer *t, const float *w, const float *bias) {
    const unroll_config *c = &t->cfg;
    int GH = t->G * c->hidden, V = c->vocab, E = c->embedding;
    if (E)
        kernel_gemm(t->table, GH, weights_of(t, t->weights, t->embedding), E, t->layer[0].ih_rows, V, GH, E, 0);
    else
        kernel_transpose(t->table, GH, w, V, GH, V);
    for (int v = 0; v < V; v++) kernel_add(t->table + (size_t)v * GH, bias, (size_t)GH);
}

static void layer_pack(unroll_trainer *t, int l) {
    const unroll_config *c = &t->cfg;
    layer_weights *w = &t->layer[l];
    int H = c->hidden, GH = t->G * H, inputs = l ? H : c->embedding;
    const float *ih = weights_of(t, t->weights, w->w_ih), *hh = weights_of(t, t->weights, w->w_hh);
    const float *b_ih = weights_of(t, t->weights, w->b_ih), *b_hh = weights_of(t, t->weights, w->b_hh);
    int apart = c->cell == UNROLL_GRU && c->gru_after ? 2 * H : GH; /* from here b_hh is the cell's to add */
    for (int j = 0; j < GH; j++) w->bias[j] = b_ih[j] + (j < apart ? b_hh[j] : 0);
    if (inputs) {
        kernel_pack_rows(w->ih_rows, ih, inputs, GH, inputs);
        kernel_pack_cols(w->ih_cols, ih, inputs, inputs, GH);
    }
    for (int part = 0, from = 0; part < 2; from += part_rows(t, part++)) {
        int rows = part_rows(t, part);
        if (!rows) continue;
        kernel_pack_rows(w->hh_rows[part], hh + (size_t)from * H, H, rows, H);
        kernel_pack_cols(w->hh_cols[part], hh + (size_t)from * H, H, H, rows);
    }
    if (l == 0 && t->folded) table_fill(t, ih, w->bias);
}

void unroll_trainer_repack(unroll_trainer *t) {
    const unroll_config *c = &t->cfg;
    for (int l = 0; l < c->layers; l++) layer_pack(t, l);
    const float *head = weights_of(t, t->weights, t->head_w);
    kernel_pack_rows(t->head_rows, head, c->hidden, c->vocab, c->hidden);
    kernel_pack_cols(t->head_cols, head, c->hidden, c->hidden, c->vocab);
}
