/* Softmax, cross-entropy and its gradient in one visit of each row of logits. */
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

void unroll_softmax_loss(float *logits, int ldl, float *loss, int32_t *hit, const int32_t *target, int M, int V,
                         float scale) {
    for (int m = 0; m < M; m++, logits += ldl) {
        int y = target[m];
        float max = row_max(logits, V), at_target = y < 0 ? 0 : logits[y];
        hit[m] = y >= 0 && at_target == max && row_find(logits, max, V) == y;
        float sum = row_exp(logits, max, V);
        loss[m] = y < 0 ? 0 : (float)(log((double)sum) - ((double)at_target - (double)max));
        if (y < 0 && scale != 0) {
            memset(logits, 0, sizeof(float) * (size_t)V);
            continue;
        }
        row_scale(logits, (scale == 0 ? 1.0f : scale) / sum, V);
        if (scale != 0) logits[y] -= scale;
    }
}
