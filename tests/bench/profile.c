/* Times the phases of an update in the real one: the linker sends these functions' callers through here (--wrap). Each
 * phase has the time of its own, without that of the phases it calls. */
#include "cell.h"
#include "clip.h"
#include "head.h"
#include "kernels/kernels.h"
#include "layers.h"
#include "optimizer.h"

__attribute__((import_module("bench"), import_name("now"))) double bench_now(void);

enum phase {
    OTHER,
    UPPER,
    RECURRENT,
    ACTIVATIONS,
    HEAD,
    RECURRENT_BACK,
    ACTIVATIONS_BACK,
    BACKWARD,
    UPPER_BACK,
    WEIGHT_GRADIENTS,
    TABLE,
    REDUCE,
    CLIP,
    UPDATE,
    PACKING,
    PHASES
};

static double spent[PHASES], since;
static enum phase now_in;

/* Books the time until now on the phase at work, and goes over to another. Returns the one that was left. */
static enum phase enter(enum phase next) {
    double now = bench_now();
    enum phase left = now_in;
    spent[left] += now - since, since = now, now_in = next;
    return left;
}

double profile_spent(int phase) { return spent[phase]; }

void profile_reset(void) {
    for (int i = 0; i < PHASES; i++) spent[i] = 0;
    now_in = OTHER, since = bench_now();
}

#define WRAP(into, name, parameters, arguments) \
    void __real_##name parameters;              \
    void __wrap_##name parameters {             \
        enum phase left = enter(into);          \
        __real_##name arguments;                \
        enter(left);                            \
    }

WRAP(BACKWARD, unroll_layers_backward, (const model *m, activations *a, const workbench *w), (m, a, w))
WRAP(UPPER, unroll_upper_forward, (const model *m, int l, float *gates, const float *up, int rows),
     (m, l, gates, up, rows))
WRAP(UPPER_BACK, unroll_upper_backward,
     (const model *m, int l, const workbench *w, float *dup, const float *da, const float *up, int rows),
     (m, l, w, dup, da, up, rows))
WRAP(RECURRENT, unroll_lstm_step, (const model *m, int l, const cell_forward *s, int B), (m, l, s, B))
WRAP(RECURRENT_BACK, unroll_lstm_step_backward, (const model *m, int l, const cell_backward *s, int B), (m, l, s, B))
WRAP(ACTIVATIONS, unroll_lstm_forward,
     (float *h, float *c, float *y, float *g, const float *c_prev, const float *held, int B, int H),
     (h, c, y, g, c_prev, held, B, H))
WRAP(ACTIVATIONS_BACK, unroll_lstm_backward,
     (float *da, float *dc, float *carry, const float *dh, const float *g, const float *y, const float *c_prev, int B,
      int H, int shared),
     (da, dc, carry, dh, g, y, c_prev, B, H, shared))
WRAP(RECURRENT, unroll_gru_step, (const model *m, int l, const cell_forward *s, int B), (m, l, s, B))
WRAP(RECURRENT_BACK, unroll_gru_step_backward, (const model *m, int l, const cell_backward *s, int B), (m, l, s, B))
WRAP(ACTIVATIONS, unroll_gru_reset,
     (float *gates, float *reset_h, const float *h_prev, const float *held, int B, int H),
     (gates, reset_h, h_prev, held, B, H))
WRAP(ACTIVATIONS, unroll_gru_before_forward,
     (float *h, float *gates, const float *h_prev, const float *held, int B, int H), (h, gates, h_prev, held, B, H))
WRAP(ACTIVATIONS_BACK, unroll_gru_before_backward,
     (float *da, float *dh_prev, const float *dh, const float *gates, const float *h_prev, int B, int H, int shared),
     (da, dh_prev, dh, gates, h_prev, B, H, shared))
WRAP(ACTIVATIONS_BACK, unroll_gru_reset_backward,
     (float *da, float *dh_prev, const float *d_reset, const float *gates, const float *h_prev, int B, int H,
      int shared),
     (da, dh_prev, d_reset, gates, h_prev, B, H, shared))
WRAP(UPDATE, unroll_optimizer_apply, (model * m, const float *g, const moments *x, double step), (m, g, x, step))
WRAP(PACKING, unroll_model_pack, (model * m), (m))
WRAP(TABLE, unroll_input_table, (model * m), (m))
WRAP(TABLE, unroll_input_table_backward, (const model *m, const workbench *w), (m, w))

double __real_unroll_head_run(const model *m, const head_trace *x, const float *up, int positions, float *dup,
                              double scale, const workbench *bench);
double __wrap_unroll_head_run(const model *m, const head_trace *x, const float *up, int positions, float *dup,
                              double scale, const workbench *bench) {
    enum phase left = enter(HEAD);
    double loss = __real_unroll_head_run(m, x, up, positions, dup, scale, bench);
    enter(left);
    return loss;
}

int __real_unroll_gradient_clip(const model *m, float *gradient, unroll_report *out);
int __wrap_unroll_gradient_clip(const model *m, float *gradient, unroll_report *out) {
    enum phase left = enter(CLIP);
    int finite = __real_unroll_gradient_clip(m, gradient, out);
    enter(left);
    return finite;
}

/* Between a layer's steps it makes the recurrent weights' gradient; elsewhere it belongs to who calls it. */
void __real_unroll_gemm_tn(float *c, int ldc, const float *a, int lda, const float *b, int ldb, int M, int N, int K,
                           float *scratch);
void __wrap_unroll_gemm_tn(float *c, int ldc, const float *a, int lda, const float *b, int ldb, int M, int N, int K,
                           float *scratch) {
    enum phase left = enter(now_in == BACKWARD ? WEIGHT_GRADIENTS : now_in);
    __real_unroll_gemm_tn(c, ldc, a, lda, b, ldb, M, N, K, scratch);
    enter(left);
}

/* Between passes it adds up the slices; inside one it belongs to who calls it. */
void __real_unroll_add(float *y, const float *x, size_t n);
void __wrap_unroll_add(float *y, const float *x, size_t n) {
    if (now_in != OTHER) {
        __real_unroll_add(y, x, n);
        return;
    }
    enter(REDUCE);
    __real_unroll_add(y, x, n);
    enter(OTHER);
}
