/* Forward through a window: tokens in, up through the layers step by step. Works through the steps in chunks, so that a
 * chunk's gates are still in the cache when its steps use them. */
#include <string.h>

#include "cell.h"
#include "kernels/kernels.h"
#include "pass.h"
#include "random.h"

/* Each unit's output is dropped with probability `rate`, or scaled by 1/(1-rate); drawn from its place, so that
 * slices and workers agree and the backward need not keep a mask. */
void pass_drop(const unroll_pass *p, float *out, const float *in, int layer) {
    const unroll_config *c = &p->t->cfg;
    uint64_t key = random_key(c->seed, 1 + (uint64_t)p->t->progress.step);
    float rate = p->drop_rate, scale = 1 / (1 - rate);
    int H = c->hidden;
    for (int32_t m = 0; m < p->T * p->B; m++) {
        uint64_t position = (uint64_t)(m / p->B) * 4096 + (uint64_t)(p->first_stream + m % p->B);
        uint64_t index = (position * UNROLL_MAX_LAYERS + (uint64_t)layer) * 2048;
        for (int j = 0; j < H; j++, in++, out++) *out = random_uniform(key, index + (uint64_t)j) < rate ? 0 : *in * scale;
    }
}

/* Rows m.. of a gates array start as the layer's bias. */
static void bias_rows(const unroll_trainer *t, int l, float *gates, int rows) {
    size_t GH = (size_t)t->G * t->cfg.hidden;
    for (int m = 0; m < rows; m++) memcpy(gates + m * GH, t->layer[l].bias, sizeof(float) * GH);
}

/* Layer 0's W x + b for positions row..: a gathered row each, or a product with gathered embeddings. */
static void input_forward(unroll_pass *p, int row, int rows) {
    const unroll_trainer *t = p->t;
    size_t GH = (size_t)t->G * t->cfg.hidden, E = (size_t)t->cfg.embedding;
    float *gates = p->layer[0].gates + row * GH, *x = p->x ? p->x + row * E : NULL;
    const int32_t *input = p->input + row;
    if (t->folded) {
        for (int m = 0; m < rows; m++) memcpy(gates + m * GH, t->table + (size_t)input[m] * GH, sizeof(float) * GH);
        return;
    }
    const float *embedding = weights_of(t, t->weights, t->embedding);
    for (int m = 0; m < rows; m++) memcpy(x + m * E, embedding + (size_t)input[m] * E, sizeof(float) * E);
    bias_rows(t, 0, gates, rows);
    kernel_gemm(gates, (int)GH, x, (int)E, t->layer[0].ih_rows, rows, (int)GH, (int)E, 1);
}

/* The same for a layer above: W up + b. */
static void upper_forward(unroll_pass *p, int l, int row, int rows) {
    const unroll_trainer *t = p->t;
    int H = t->cfg.hidden, GH = t->G * H;
    float *gates = p->layer[l].gates + (size_t)row * GH;
    bias_rows(t, l, gates, rows);
    kernel_gemm(gates, GH, pass_up(p, l - 1) + (size_t)row * H, H, t->layer[l].ih_rows, rows, GH, H, 1);
}

static void layer_forward(unroll_pass *p, int l) {
    const unroll_trainer *t = p->t;
    layer_trace *x = &p->layer[l];
    size_t step = (size_t)p->B * t->cfg.hidden;
    int chunk = chunk_steps(p->B);
    for (int start = 0; start < p->T; start += chunk) {
        int end = start + chunk < p->T ? start + chunk : p->T;
        if (l) upper_forward(p, l, start * p->B, (end - start) * p->B);
        else input_forward(p, start * p->B, (end - start) * p->B);
        for (int s = start; s < end; s++) {
            cell_forward f = {
                .h = x->h + (s + 1) * step, .h_prev = x->h + s * step, .gates = x->gates + s * step * t->G,
                .c = x->c ? x->c + (s + 1) * step : NULL, .c_prev = x->c ? x->c + s * step : NULL,
                .aux = x->aux ? x->aux + s * step : NULL,
            };
            cell_step(t, l, &f, p->B);
        }
    }
    if (p->drop_rate > 0) pass_drop(p, x->up, x->h + step, l);
}

void pass_forward(unroll_pass *p) {
    for (int l = 0; l < p->t->cfg.layers; l++) layer_forward(p, l);
}
