/* Softmax, cross-entropy and its gradient in one visit of each row of logits. */
#include <assert.h>
#include <math.h>

#include "kernels.h"
#include "vec4_math.h"

/* The largest of V numbers. */
static float row_max(const float *x, int V) {
    v4 most = v4_splat(x[0]);
    int j = 0;
    for (; j + 4 <= V; j += 4) {
        v4 y = v4_load(x + j);
        most = v4_select(y > most, y, most);
    }
    float m = most[0];
    for (int i = 1; i < 4; i++) m = most[i] > m ? most[i] : m;
    for (; j < V; j++) m = x[j] > m ? x[j] : m;
    return m;
}

/* x = exp(x - max); returns their sum. */
static float row_exp(float *x, float max, int V) {
    v4 sum = {0, 0, 0, 0};
    int j = 0;
    for (; j + 4 <= V; j += 4) {
        v4 e = v4_exp(v4_load(x + j) - max);
        v4_store(x + j, e);
        sum = sum + e;
    }
    if (j < V) {
        v4 e = v4_exp(v4_take(x + j, V - j) - max);
        v4_put(x + j, e, V - j);
        for (int i = 0; i < V - j; i++) sum[i] += e[i];
    }
    return v4_sum(sum);
}

static void row_scale(float *x, float factor, int V) {
    int j = 0;
    for (; j + 4 <= V; j += 4) v4_store(x + j, v4_load(x + j) * factor);
    for (; j < V; j++) x[j] *= factor;
}

static int row_find(const float *x, float value, int V) {
    int j = 0;
    while (j < V && x[j] != value) j++;
    return j;
}

/* One row: loss and hit, and exp(logits - max) in the logits' place; returns their sum. */
static float row_loss(float *logits, float *loss, int32_t *hit, int y, int V) {
    float max = row_max(logits, V), at_target = y < 0 ? 0 : logits[y];
    *hit = y >= 0 && at_target == max && row_find(logits, max, V) == y;
    float sum = row_exp(logits, max, V);
    *loss = y < 0 ? 0 : (float)(log((double)sum) - ((double)at_target - (double)max));
    return sum;
}

void unroll_softmax_loss(float *logits, int ldl, float *loss, int32_t *hit, const int32_t *target, int M, int V) {
    assert(V >= 1 && ldl >= V);
    for (int m = 0; m < M; m++, logits += ldl) {
        assert(target[m] < V);
        row_scale(logits, 1.0f / row_loss(logits, &loss[m], &hit[m], target[m], V), V);
    }
}

void unroll_softmax_gradient(float *logits, int ldl, float *loss, int32_t *hit, const int32_t *target, int M, int V,
                             float scale) {
    assert(V >= 1 && ldl >= V);
    for (int m = 0; m < M; m++, logits += ldl) {
        int y = target[m];
        assert(y < V);
        float sum = row_loss(logits, &loss[m], &hit[m], y, V);
        if (y < 0) {
            memset(logits, 0, sizeof(float) * (size_t)V);
        } else {
            row_scale(logits, scale / sum, V);
            logits[y] -= scale;
        }
    }
}
