/* Between the gradient and the update: regularisation, the two norms, and clipping by norm or by value. */
#include "clip.h"

#include <math.h>
#include <string.h>

#include "kernels/kernels.h"

/* Below this, with the settings in their ranges, no update makes a weight or a moment infinite. */
#define NORM_LIMIT 1e18

/* L1 and L2 act on every parameter with "weight" in its name. */
static void regularise(const model *m, float *gradient) {
    if (m->cfg.l1 == 0 && m->cfg.l2 == 0) return;
    float l1 = (float)m->cfg.l1, l2 = (float)m->cfg.l2;
    for (int i = 0; i < m->tensor_count; i++) {
        const unroll_tensor *x = &m->tensor[i];
        size_t count = (size_t)x->rows * x->cols;
        if (strstr(x->name, "weight")) unroll_regularise(gradient + x->offset, m->weights + x->offset, l1, l2, count);
    }
}

int unroll_gradient_clip(const model *m, float *gradient, unroll_report *out) {
    const unroll_config *c = &m->cfg;
    size_t n = (size_t)m->size;
    regularise(m, gradient);
    out->grad_norm = out->clipped_norm = sqrt(unroll_sum_squares(gradient, n));
    out->clip_scale = 1, out->clipped_fraction = 0;
    if (!isfinite(out->grad_norm)) return 0;
    if (c->clip_mode == UNROLL_CLIP_NORM && out->grad_norm > c->clip_threshold) {
        out->clip_scale = c->clip_threshold / out->grad_norm, out->clipped_fraction = 1;
        unroll_scale(gradient, (float)out->clip_scale, n);
        out->clipped_norm = sqrt(unroll_sum_squares(gradient, n));
    }
    if (c->clip_mode == UNROLL_CLIP_VALUE) {
        out->clipped_fraction = (double)unroll_bound(gradient, (float)c->clip_threshold, n) / m->trained_count;
        out->clipped_norm = sqrt(unroll_sum_squares(gradient, n));
    }
    return out->clipped_norm <= NORM_LIMIT;
}
