/* Between the gradient and the update: regularisation, the two norms, and clipping by norm or by value. */
#include "clip.h"

#include <math.h>
#include <string.h>

#include "kernels/kernels.h"

/* Below this, with the settings in their ranges, no update makes a weight or a moment infinite. */
#define NORM_LIMIT 1e18

/* L1 and L2 act on every parameter with "weight" in its name. */
static void regularise(unroll_trainer *t) {
    if (t->cfg.l1 == 0 && t->cfg.l2 == 0) return;
    for (int i = 0; i < t->tensor_count; i++) {
        const unroll_tensor *x = &t->tensor[i];
        if (strstr(x->name, "weight"))
            kernel_regularise(t->gradient + x->offset, t->weights + x->offset, (float)t->cfg.l1, (float)t->cfg.l2, (size_t)x->rows * x->cols);
    }
}

static double norm(const unroll_trainer *t) { return sqrt(kernel_sum_squares(t->gradient, (size_t)t->size)); }

int clip_gradient(unroll_trainer *t, unroll_report *out) {
    const unroll_config *c = &t->cfg;
    regularise(t);
    out->grad_norm = out->clipped_norm = norm(t);
    out->clip_scale = 1, out->clipped_fraction = 0;
    if (!isfinite(out->grad_norm)) return 0;
    if (c->clip_mode == UNROLL_CLIP_NORM && out->grad_norm > c->clip_threshold) {
        out->clip_scale = c->clip_threshold / out->grad_norm, out->clipped_fraction = 1;
        kernel_scale(t->gradient, (float)out->clip_scale, (size_t)t->size);
        out->clipped_norm = norm(t);
    }
    if (c->clip_mode == UNROLL_CLIP_VALUE) {
        out->clipped_fraction = (double)kernel_bound(t->gradient, (float)c->clip_threshold, (size_t)t->size) / t->trained_count;
        out->clipped_norm = norm(t);
    }
    return out->clipped_norm <= NORM_LIMIT;
}
