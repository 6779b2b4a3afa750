/* The weights' first values. */
#include "init.h"

#include <math.h>
#include <string.h>

#include "random.h"

/* uniform(-1/sqrt(H), 1/sqrt(H)) for every trained number, then the LSTM's forget bias. */
void unroll_model_draw(model *m) {
    const unroll_config *c = &m->cfg;
    uint64_t key = random_key(c->seed, 0), draw = 0;
    float bound = (float)(1 / sqrt((double)c->hidden));
    memset(m->weights, 0, sizeof(float) * (size_t)m->size);
    for (int i = 0; i < m->tensor_count; i++) {
        const unroll_tensor *x = &m->tensor[i];
        float *w = m->weights + x->offset;
        for (size_t j = (size_t)x->trained_from * x->cols; j < (size_t)x->rows * x->cols; j++)
            w[j] = (2 * random_uniform(key, draw++) - 1) * bound;
    }
    for (int l = 0; c->cell == UNROLL_LSTM && l < c->layers; l++) {
        float *forget = weights_of(m, m->weights, m->layer[l].b_ih) + c->hidden;
        for (int j = 0; j < c->hidden; j++) forget[j] = (float)c->forget_bias;
    }
}
