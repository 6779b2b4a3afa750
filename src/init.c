/* The weights' first values, drawn from the seed with arithmetic alone, so that they have the same bits everywhere. */
#include "init.h"

#include <math.h>
#include <string.h>

#include "random.h"

enum { UNIFORM_STREAM = 0, ORTHOGONAL_STREAM = 0x4f525448 };

/* uniform(-1/sqrt(H), 1/sqrt(H)) for every trained number. */
static void draw_uniform(model *m) {
    uint64_t key = random_key(m->cfg.seed, UNIFORM_STREAM), draw = 0;
    float bound = (float)(1 / sqrt((double)m->cfg.hidden));
    memset(m->weights, 0, sizeof(float) * (size_t)m->size);
    for (int i = 0; i < m->tensor_count; i++) {
        const unroll_tensor *x = &m->tensor[i];
        float *w = m->weights + x->offset;
        for (size_t j = (size_t)x->trained_from * x->cols; j < (size_t)x->rows * x->cols; j++)
            w[j] = (2 * random_uniform(key, draw++) - 1) * bound;
    }
}

/* ---- An orthogonal matrix, uniform among all of them: normal numbers, their rows made orthonormal ---- */

/* Normal but for its tails: the sum of twelve uniform numbers (Irwin, Hall 1927) needs no logarithm. */
static double random_normal(uint64_t key, uint64_t index) {
    double sum = -6;
    for (uint64_t i = 0; i < 12; i++) sum += (double)random_uniform(key, 12 * index + i);
    return sum;
}

static double norm(const double *v, int n) {
    double sum = 0;
    for (int j = 0; j < n; j++) sum += v[j] * v[j];
    return sqrt(sum);
}

/* Takes out of v (n) what lies along the `count` orthonormal rows of q, one after the other. */
static void project(double *v, const float *q, int count, int n) {
    for (int k = 0; k < count; k++, q += n) {
        double along = 0;
        for (int j = 0; j < n; j++) along += v[j] * (double)q[j];
        for (int j = 0; j < n; j++) v[j] -= along * (double)q[j];
    }
}

/* Rows whose sums are made side by side: each waits for its own last addition only. */
enum { ABREAST = 4 };

/* The same for each row of v (ABREAST,n), with the same bits. */
static void project_abreast(double *v, const float *q, int count, int n) {
    double *a = v, *b = a + n, *c = b + n, *d = c + n;
    for (int k = 0; k < count; k++, q += n) {
        double along_a = 0, along_b = 0, along_c = 0, along_d = 0;
        for (int j = 0; j < n; j++) {
            double x = (double)q[j];
            along_a += a[j] * x, along_b += b[j] * x, along_c += c[j] * x, along_d += d[j] * x;
        }
        for (int j = 0; j < n; j++) {
            double x = (double)q[j];
            a[j] -= along_a * x, b[j] -= along_b * x, c[j] -= along_c * x, d[j] -= along_d * x;
        }
    }
}

/* q (n,n) by Gram and Schmidt; where little of a row is left, rounding errors are taken out a second time. v
 * (ABREAST,n) is scratch. */
static void draw_orthogonal(float *q, uint64_t key, uint64_t first, int n, double *v) {
    double whole[ABREAST];
    for (int i = 0; i < n; i++) {
        int at = i % ABREAST;
        double *row = v + (size_t)at * n;
        if (at == 0) { /* past the last row they are drawn for nothing */
            for (size_t j = 0; j < (size_t)ABREAST * n; j++) v[j] = random_normal(key, first + (uint64_t)i * n + j);
            for (int r = 0; r < ABREAST; r++) whole[r] = norm(v + (size_t)r * n, n);
            project_abreast(v, q, i, n);
        }
        project(row, q + (size_t)(i - at) * n, at, n);
        double rest = norm(row, n);
        if (rest < whole[at] / 8) project(row, q, i, n), rest = norm(row, n);
        if (rest == 0)
            row[i] = rest = 1; /* of one number that was drawn as 0: a unit vector has only two to choose from */
        for (int j = 0; j < n; j++) q[(size_t)i * n + j] = (float)(row[j] / rest);
    }
}

/* ---- The recurrent matrices ---- */

/* Block `gate` (H,H) of layer l's U. */
static void draw_block(model *m, int l, int gate, float *u) {
    int H = m->cfg.hidden;
    size_t count = (size_t)H * H;
    if (m->cfg.init == UNROLL_ORTHOGONAL) {
        double *scratch = (double *)m->head_rows; /* ABREAST rows: not packed yet, and 8 H floats or more */
        uint64_t first = ((uint64_t)l * 4 + (uint64_t)gate) * count;
        draw_orthogonal(u, random_key(m->cfg.seed, ORTHOGONAL_STREAM), first, H, scratch);
    } else if (m->cfg.init == UNROLL_IDENTITY) {
        memset(u, 0, sizeof(float) * count);
        for (int j = 0; j < H; j++) u[(size_t)j * H + j] = 1;
    }
    float gain = (float)m->cfg.init_gain;
    for (size_t j = 0; j < count; j++) u[j] *= gain;
}

/* Attention's numbers: weights of norms are 1, biases 0, and a matrix (N,K) is drawn from uniform(-1/√K, 1/√K). */
static void draw_attention(model *m) {
    uint64_t key = random_key(m->cfg.seed, UNIFORM_STREAM), draw = 0;
    memset(m->weights, 0, sizeof(float) * (size_t)m->size);
    for (int i = 0; i < m->tensor_count; i++) {
        const unroll_tensor *x = &m->tensor[i];
        float *w = m->weights + x->offset, bound = (float)(1 / sqrt((double)x->cols));
        if (!strstr(x->name, "weight")) continue;
        for (size_t j = 0; j < (size_t)x->rows * x->cols; j++)
            w[j] = strstr(x->name, "norm") ? 1 : (2 * random_uniform(key, draw++) - 1) * bound;
    }
}

void unroll_model_draw(model *m) {
    const unroll_config *c = &m->cfg;
    if (is_attention(m)) {
        draw_attention(m);
        return;
    }
    draw_uniform(m);
    for (int l = 0; l < c->layers; l++) {
        float *u = weights_of(m, m->weights, m->layer[l].w_hh); /* the minGRU has none */
        for (int gate = 0; c->cell != UNROLL_MINGRU && gate < m->G; gate++)
            draw_block(m, l, gate, u + (size_t)gate * c->hidden * c->hidden);
        float *forget = weights_of(m, m->weights, m->layer[l].b_ih) + c->hidden;
        for (int j = 0; c->cell == UNROLL_LSTM && j < c->hidden; j++) forget[j] = (float)c->forget_bias;
    }
}
