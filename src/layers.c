/* A layer forward, and the same layer backward (Werbos 1990): steps one after the other, products over many rows in
 * chunks of steps, so that a chunk's gates, or their gradients, are still in the cache when they are used. */
#include "layers.h"

#include <assert.h>
#include <string.h>

#include "cell.h"
#include "input.h"
#include "kernels/kernels.h"

/* Steps of a chunk: about one block of gemm_tn. */
enum { CHUNK_ROWS = 128 };
static int chunk_steps(int32_t B) { return B >= CHUNK_ROWS ? 1 : CHUNK_ROWS / B; }

void unroll_layers_layout(activations *a, const model *m, arena *memory, int32_t B, int32_t T, int backward) {
    size_t H = (size_t)m->cfg.hidden, GH = (size_t)m->G * H, rows = (size_t)T * B;
    size_t E = m->folded ? 0 : (size_t)m->cfg.embedding;
    size_t chunk = B > CHUNK_ROWS ? (size_t)B : CHUNK_ROWS; /* also that of a narrower run, which may be longer */
    int lstm = m->cfg.cell == UNROLL_LSTM, gru = m->cfg.cell == UNROLL_GRU;
    for (int l = 0; l < m->cfg.layers; l++) {
        layer_trace *x = &a->layer[l];
        x->h = arena_floats(memory, rows + B, H);
        x->c = lstm ? arena_floats(memory, rows + B, H) : NULL;
        x->gates = arena_floats(memory, rows, GH);
        x->aux = lstm || gru ? arena_floats(memory, rows, H) : NULL;
        x->up = backward ? arena_floats(memory, rows, H) : NULL;
        x->dh = backward ? arena_floats(memory, rows + B, H) : NULL;
        x->dc = backward && lstm ? arena_floats(memory, rows, H) : NULL;
    }
    a->held = arena_floats(memory, B, (size_t)held_width(m));
    a->carried = arena_floats(memory, 2 * (size_t)B, H);
    a->x = E ? arena_floats(memory, rows, E) : NULL;
    if (!backward) return;
    a->dx = E ? arena_floats(memory, chunk, E) : NULL;
    a->da = arena_floats(memory, chunk, GH);
    a->du = gru ? arena_floats(memory, chunk, H) : NULL;
    a->carry = arena_floats(memory, B, H);
    a->dh_free = arena_floats(memory, B, H);
    a->dh_prev = arena_floats(memory, B, H);
}

/* Whether the steps' products begin with the rows of the folded input's table themselves, so that nothing need be
 * copied to where they are added. The minGRU has no product, the "after" GRU none for its n. */
static int input_by_step(const model *m) {
    return m->folded && (m->cfg.cell == UNROLL_RNN || m->cfg.cell == UNROLL_LSTM ||
                         (m->cfg.cell == UNROLL_GRU && !m->cfg.gru_after));
}

/* ---- Steps ---- */

void unroll_layer_carried(const model *m, const activations *a, int l, int s) {
    const layer_trace *x = &a->layer[l];
    int B = a->B, H = m->cfg.hidden, width = held_width(m);
    size_t step = (size_t)B * H;
    memcpy(a->carried, x->h + s * step, step * sizeof(float));
    unroll_put_held(a->carried, H, held_part(m, a->held, HELD_CARRIED_HIDDEN), width, B, H);
    if (!x->c) return;
    memcpy(a->carried + step, x->c + s * step, step * sizeof(float));
    unroll_put_held(a->carried + step, H, held_part(m, a->held, HELD_CARRIED_CELL), width, B, H);
}

static void step_forward(const model *m, const activations *a, int l, int s) {
    const layer_trace *x = &a->layer[l];
    size_t step = (size_t)a->B * m->cfg.hidden, at = s * step;
    cell_forward f = {.h = x->h + at + step,
                      .h_prev = x->h + at,
                      .gates = x->gates + at * m->G,
                      .table = l == 0 && input_by_step(m) ? m->table : NULL,
                      .ids = a->input + (size_t)s * a->B,
                      .c = x->c ? x->c + at + step : NULL,
                      .c_prev = x->c ? x->c + at : NULL,
                      .aux = x->aux ? x->aux + at : NULL};
    if (a->hold.count && unroll_hold_rows(m, &a->hold, a->held, l, s, a->B)) {
        unroll_layer_carried(m, a, l, s);
        f.held = a->held, f.h_prev = a->carried, f.c_prev = a->carried + step;
    }
    cell_step(m, l, &f, a->B);
}

/* A held h passes no gradient to its step, a held carried state none to the step before. */
static void step_backward_held(const model *m, const activations *a, int l, int s, cell_backward *b) {
    int B = a->B, H = m->cfg.hidden, width = held_width(m);
    size_t step = (size_t)B * H;
    float *dh_prev = b->dh_prev;
    unroll_layer_carried(m, a, l, s);
    memcpy(a->dh_free, b->dh, step * sizeof(float));
    unroll_cut_held(a->dh_free, H, held_part(m, a->held, HELD_HIDDEN), width, B, H);
    memset(a->dh_prev, 0, step * sizeof(float));
    b->held = a->held, b->h_prev = a->carried, b->c_prev = a->carried + step;
    b->dh = a->dh_free, b->dh_prev = a->dh_prev;
    cell_step_backward(m, l, b, B);
    unroll_cut_held(a->dh_prev, H, held_part(m, a->held, HELD_CARRIED_HIDDEN), width, B, H);
    unroll_cut_held(a->carry, H, held_part(m, a->held, HELD_CARRIED_CELL), width, B, H);
    unroll_add(dh_prev, a->dh_prev, step);
}

/* `row` is the step's place in the chunk. */
static void step_backward(const model *m, const activations *a, int l, int s, int row) {
    const layer_trace *x = &a->layer[l];
    size_t step = (size_t)a->B * m->cfg.hidden, at = s * step, in_chunk = row * step;
    cell_backward b = {.da = a->da + in_chunk * m->G,
                       .du = a->du ? a->du + in_chunk : NULL,
                       .dc = x->dc ? x->dc + at : NULL,
                       .carry = a->carry,
                       .dh_prev = x->dh + at,
                       .dh = x->dh + at + step,
                       .gates = x->gates + at * m->G,
                       .aux = x->aux ? x->aux + at : NULL,
                       .h = x->h + at + step,
                       .h_prev = x->h + at,
                       .c_prev = x->c ? x->c + at : NULL};
    if (a->hold.count && unroll_hold_rows(m, &a->hold, a->held, l, s, a->B)) step_backward_held(m, a, l, s, &b);
    else cell_step_backward(m, l, &b, a->B);
}

/* dU += daᵀ h' for a chunk of rows; with something held, of one step's. */
static void recurrent_backward(const model *m, const activations *a, int l, const workbench *bench, size_t row,
                               int rows) {
    if (m->cfg.cell == UNROLL_MINGRU) return;
    const layer_trace *x = &a->layer[l];
    int H = m->cfg.hidden, GH = m->G * H;
    float *dU = weights_of(m, bench->gradient, m->layer[l].w_hh);
    const float *h_prev = x->h + row * H;
    if (a->hold.count && unroll_hold_rows(m, &a->hold, a->held, l, (int)row / a->B, a->B)) {
        unroll_layer_carried(m, a, l, (int)row / a->B);
        h_prev = a->carried;
    }
    if (m->cfg.cell == UNROLL_GRU) {
        cell_rows c = {.da = a->da, .du = a->du, .aux = x->aux + row * H, .h_prev = h_prev, .rows = rows};
        unroll_gru_weights_backward(m, l, bench, &c);
    } else {
        unroll_gemm_tn(dU, H, a->da, GH, h_prev, H, GH, H, rows, bench->scratch);
    }
}

/* ---- A layer ---- */

static void layer_forward(const model *m, activations *a, int l) {
    layer_trace *x = &a->layer[l];
    size_t H = (size_t)m->cfg.hidden, GH = (size_t)m->G * H, E = (size_t)m->cfg.embedding;
    int chunk = chunk_steps(a->B);
    for (int start = 0; start < a->T; start += chunk) {
        int end = start + chunk < a->T ? start + chunk : a->T, rows = (end - start) * a->B;
        size_t row = (size_t)start * a->B;
        if (l) unroll_upper_forward(m, l, x->gates + row * GH, layer_up(m, a, l - 1) + row * H, rows);
        else if (!input_by_step(m))
            unroll_input_forward(m, x->gates + row * GH, a->x ? a->x + row * E : NULL, a->input + row, rows);
        for (int s = start; s < end; s++) step_forward(m, a, l, s);
    }
    if (a->drop.rate > 0) unroll_dropout_apply(&a->drop, x->up, x->h + a->B * H, l, a->T, a->B, (int)H);
}

/* dh's slots 1..T hold what comes from above; the steps add what comes from later. The input side's gradient lands in
 * the lower layer's dh, or in the rows of the tokens. */
static void layer_backward(const model *m, activations *a, int l, const workbench *bench) {
    layer_trace *x = &a->layer[l];
    size_t H = (size_t)m->cfg.hidden, E = (size_t)m->cfg.embedding, step = a->B * H;
    int chunk = a->hold.count ? 1 : chunk_steps(a->B);
    if (a->drop.rate > 0) unroll_dropout_apply(&a->drop, x->dh + step, x->dh + step, l, a->T, a->B, (int)H);
    memset(x->dh, 0, step * sizeof(float));
    memset(a->carry, 0, step * sizeof(float));
    for (int end = a->T, start; end > 0; end = start) {
        start = end > chunk ? end - chunk : 0;
        for (int s = end - 1; s >= start; s--) step_backward(m, a, l, s, s - start);
        int rows = (end - start) * a->B;
        size_t row = (size_t)start * a->B;
        recurrent_backward(m, a, l, bench, row, rows);
        if (l) {
            float *dup = a->layer[l - 1].dh + step + row * H;
            unroll_upper_backward(m, l, bench, dup, a->da, layer_up(m, a, l - 1) + row * H, rows);
        } else {
            unroll_input_backward(m, bench, a->dx, a->da, a->x ? a->x + row * E : NULL, a->input + row, rows);
        }
    }
}

/* ---- All layers ---- */

void unroll_layers_forward(const model *m, activations *a) {
    assert(a->B >= 1 && a->T >= 1 && (a->drop.rate == 0 || a->layer[0].up));
    for (int l = 0; l < m->cfg.layers; l++) layer_forward(m, a, l);
}

void unroll_layers_backward(const model *m, activations *a, const workbench *bench) {
    assert(a->da && a->layer[0].dh && bench->gradient);
    if (m->folded) memset(bench->dtable, 0, sizeof(float) * (size_t)m->cfg.vocab * m->G * m->cfg.hidden);
    for (int l = m->cfg.layers - 1; l >= 0; l--) layer_backward(m, a, l, bench);
    unroll_input_table_backward(m, bench);
}
