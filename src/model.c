/* The parameters: one table of names, shapes and places, and their packed copies. */
#include "model.h"

#include <string.h>

#include "kernels/kernels.h"

/* A token's row of the folded input is computed once an update: worth it while there are not many more tokens in the
 * vocabulary than in a window. */
enum { FOLD_LIMIT = 4096 };

/* ---- The table ---- */

/* Appends "prefix" or "prefixK" (layer >= 0). Returns the row, or -1 when the flat arrays are too long to index. */
static int32_t table_add(model *m, const char *prefix, int layer, int32_t rows, int32_t cols, int32_t trained_from) {
    unroll_tensor *x = &m->tensor[m->tensor_count];
    memset(x, 0, sizeof *x);
    size_t length = strlen(prefix);
    memcpy(x->name, prefix, length);
    if (layer >= 0) x->name[length] = (char)('0' + layer);
    x->offset = m->size, x->rows = rows, x->cols = cols, x->trained_from = trained_from;
    int64_t end = (int64_t)m->size + (((int64_t)rows * cols + 3) & ~(int64_t)3);
    if (end > INT32_MAX) return -1;
    m->size = (int32_t)end;
    m->trained_count += (rows - trained_from) * cols;
    return m->tensor_count++;
}

/* "blocks.L." and a name of torch.nn.TransformerEncoderLayer's. */
static int32_t block_add(model *m, int l, const char *name, int32_t rows, int32_t cols) {
    char full[sizeof m->tensor->name] = "blocks.0.";
    full[7] = (char)('0' + l);
    strcpy(full + 9, name);
    return table_add(m, full, -1, rows, cols, 0);
}

static int attention_table(model *m) {
    const unroll_config *c = &m->cfg;
    int32_t H = c->hidden, least = 0; /* becomes -1 when anything did not fit */
    m->cfg.embedding = 0, m->cfg.stateful = 0;
    least |= m->embedding = table_add(m, "embedding.weight", -1, c->vocab, H, 0);
    least |= m->position = table_add(m, "position.weight", -1, c->seq_len, H, 0);
    for (int l = 0; l < c->layers; l++) {
        block_weights *x = &m->block[l];
        least |= x->norm_1.w = block_add(m, l, "norm1.weight", H, 1);
        least |= x->norm_1.b = block_add(m, l, "norm1.bias", H, 1);
        least |= x->in.w = block_add(m, l, "self_attn.in_proj_weight", 3 * H, H);
        least |= x->in.b = block_add(m, l, "self_attn.in_proj_bias", 3 * H, 1);
        least |= x->out.w = block_add(m, l, "self_attn.out_proj.weight", H, H);
        least |= x->out.b = block_add(m, l, "self_attn.out_proj.bias", H, 1);
        least |= x->norm_2.w = block_add(m, l, "norm2.weight", H, 1);
        least |= x->norm_2.b = block_add(m, l, "norm2.bias", H, 1);
        least |= x->up.w = block_add(m, l, "linear1.weight", 4 * H, H);
        least |= x->up.b = block_add(m, l, "linear1.bias", 4 * H, 1);
        least |= x->down.w = block_add(m, l, "linear2.weight", H, 4 * H);
        least |= x->down.b = block_add(m, l, "linear2.bias", H, 1);
    }
    least |= m->top.w = table_add(m, "norm.weight", -1, H, 1, 0);
    least |= m->top.b = table_add(m, "norm.bias", -1, H, 1, 0);
    least |= m->head_w = table_add(m, "head.weight", -1, c->vocab, H, 0);
    least |= m->head_b = table_add(m, "head.bias", -1, c->vocab, 1, 0);
    return least >= 0;
}

int unroll_model_table(model *m, const unroll_config *cfg) {
    *m = (model){.cfg = *cfg, .G = unroll_config_gates(cfg)};
    if (is_attention(m)) return attention_table(m);
    const unroll_config *c = &m->cfg;
    int32_t H = c->hidden, rows = m->G * H, after = c->cell == UNROLL_GRU && c->gru_after;
    int recurrent = c->cell != UNROLL_MINGRU; /* whether gates look at h' */
    int32_t least = 0;                        /* becomes -1 when anything did not fit */
#define ADD(place, ...) least |= (place) = table_add(m, __VA_ARGS__)
    m->embedding = -1;
    if (c->embedding) ADD(m->embedding, "embedding.weight", -1, c->vocab, c->embedding, 0);
    for (int l = 0; l < c->layers; l++) {
        int32_t inputs = l ? H : c->embedding ? c->embedding : c->vocab;
        ADD(m->layer[l].w_ih, "rnn.weight_ih_l", l, rows, inputs, 0);
        if (recurrent) ADD(m->layer[l].w_hh, "rnn.weight_hh_l", l, rows, H, 0);
        ADD(m->layer[l].b_ih, "rnn.bias_ih_l", l, rows, 1, 0);
        if (recurrent) ADD(m->layer[l].b_hh, "rnn.bias_hh_l", l, rows, 1, after ? 2 * H : rows);
    }
    ADD(m->head_w, "head.weight", -1, c->vocab, H, 0);
    ADD(m->head_b, "head.bias", -1, c->vocab, 1, 0);
#undef ADD
    m->folded = !c->embedding || c->vocab <= FOLD_LIMIT;
    return least >= 0;
}

/* ---- Memory ---- */

/* Rows of part 0 and 1 of the recurrent matrix. */
static int32_t part_rows(const model *m, int part) {
    int32_t H = m->cfg.hidden;
    if (m->cfg.cell == UNROLL_MINGRU) return 0;
    if (m->cfg.cell != UNROLL_GRU) return part ? 0 : m->G * H;
    return part ? H : 2 * H;
}

static void linear_layout(const model *m, linear_weights *x, arena *a) {
    size_t N = (size_t)m->tensor[x->w].rows, K = (size_t)m->tensor[x->w].cols;
    x->rows = arena_floats(a, unroll_panels_size(N, K), 1);
    x->cols = arena_floats(a, unroll_panels_size(K, N), 1);
}

static void block_layout(const model *m, block_weights *x, arena *a) {
    linear_layout(m, &x->in, a), linear_layout(m, &x->out, a);
    linear_layout(m, &x->up, a), linear_layout(m, &x->down, a);
}

void unroll_model_layout(model *m, arena *a) {
    const unroll_config *c = &m->cfg;
    size_t H = (size_t)c->hidden, GH = (size_t)m->G * H, V = (size_t)c->vocab;
    m->weights = arena_floats(a, (size_t)m->size, 1);
    for (int l = 0; l < c->layers; l++) {
        if (is_attention(m)) {
            block_layout(m, &m->block[l], a);
            continue;
        }
        layer_weights *w = &m->layer[l];
        size_t inputs = l ? H : (size_t)c->embedding;
        w->ih_rows = inputs ? arena_floats(a, unroll_panels_size(GH, inputs), 1) : NULL;
        w->ih_cols = inputs ? arena_floats(a, unroll_panels_size(inputs, GH), 1) : NULL;
        for (int part = 0; part < 2; part++) {
            size_t rows = (size_t)part_rows(m, part);
            w->hh_rows[part] = rows ? arena_floats(a, unroll_panels_size(rows, H), 1) : NULL;
            w->hh_cols[part] = rows ? arena_floats(a, unroll_panels_size(H, rows), 1) : NULL;
        }
        w->bias = arena_floats(a, GH, 1);
    }
    m->table = m->folded ? arena_floats(a, V, GH) : NULL;
    m->head_rows = arena_floats(a, unroll_panels_size(V, H), 1);
    m->head_cols = arena_floats(a, unroll_panels_size(H, V), 1);
}

void unroll_workbench_layout(workbench *w, const model *m, arena *a) {
    size_t H = (size_t)m->cfg.hidden, E = is_attention(m) ? 4 * H : (size_t)m->cfg.embedding;
    w->gradient = arena_floats(a, (size_t)m->size, 1);
    w->dtable = m->folded ? arena_floats(a, (size_t)m->cfg.vocab, (size_t)m->G * H) : NULL;
    w->scratch = arena_floats(a, unroll_gemm_tn_scratch(E > H ? E : H), 1);
}

/* ---- Packing, once an update ---- */

static void layer_pack(model *m, int l) {
    const unroll_config *c = &m->cfg;
    layer_weights *w = &m->layer[l];
    int H = c->hidden, GH = m->G * H, inputs = l ? H : c->embedding;
    const float *ih = weights_of(m, m->weights, w->w_ih), *b_ih = weights_of(m, m->weights, w->b_ih);
    memcpy(w->bias, b_ih, sizeof(float) * (size_t)GH);
    if (inputs) {
        unroll_pack_rows(w->ih_rows, ih, inputs, GH, inputs);
        unroll_pack_cols(w->ih_cols, ih, inputs, inputs, GH);
    }
    if (c->cell == UNROLL_MINGRU) return;
    const float *hh = weights_of(m, m->weights, w->w_hh), *b_hh = weights_of(m, m->weights, w->b_hh);
    int apart = c->cell == UNROLL_GRU && c->gru_after ? 2 * H : GH; /* from here b_hh is the cell's to add */
    unroll_add(w->bias, b_hh, (size_t)apart);
    for (int part = 0, from = 0; part < 2; from += part_rows(m, part++)) {
        int rows = part_rows(m, part);
        if (!rows) continue;
        unroll_pack_rows(w->hh_rows[part], hh + (size_t)from * H, H, rows, H);
        unroll_pack_cols(w->hh_cols[part], hh + (size_t)from * H, H, H, rows);
    }
}

static void linear_pack(const model *m, const linear_weights *x) {
    int N = m->tensor[x->w].rows, K = m->tensor[x->w].cols;
    const float *w = weights_of(m, m->weights, x->w);
    unroll_pack_rows(x->rows, w, K, N, K);
    unroll_pack_cols(x->cols, w, K, K, N);
}

static void block_pack(const model *m, const block_weights *x) {
    linear_pack(m, &x->in), linear_pack(m, &x->out), linear_pack(m, &x->up), linear_pack(m, &x->down);
}

void unroll_model_pack(model *m) {
    const unroll_config *c = &m->cfg;
    for (int l = 0; l < c->layers; l++) {
        if (is_attention(m)) block_pack(m, &m->block[l]);
        else layer_pack(m, l);
    }
    const float *head = weights_of(m, m->weights, m->head_w);
    unroll_pack_rows(m->head_rows, head, c->hidden, c->vocab, c->hidden);
    unroll_pack_cols(m->head_cols, head, c->hidden, c->hidden, c->vocab);
}
