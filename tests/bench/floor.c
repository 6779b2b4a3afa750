/* What the parts of an update reach on data in the first-level cache, and memory on its way: floor.js times these in
 * the module that it profiles. */
#include "kernels/kernels.h"
#include "kernels/vec4.h"
#include "unrolled.h"

/* The kernels themselves, past the clocks of profile.c. */
#define KERNEL(result, name, arguments) result __real_unroll_##name arguments;
#include "kernels/kernels.def"
#undef KERNEL

enum { UNITS = 512, MOST = 14, LOSS_ROWS = 16, LOSS_COLS = 128 };
enum { TILE_ROWS = 24, TILE_COLS = UNROLL_PANEL, TILE_DEPTH = 128 };
static float near[MOST][UNITS] __attribute__((aligned(16))); /* 28 kB */

static void fill(void) {
    for (int i = 0; i < MOST * UNITS; i++) near[0][i] = 0.5f;
}

/* Products of TILE_ROWS x TILE_DEPTH by TILE_COLS columns: floor_tile_flops() each. */
void floor_tile(int times) {
    fill();
    float *a = near[0], *panels = a + TILE_ROWS * TILE_DEPTH, *c = panels + TILE_COLS * TILE_DEPTH;
    while (times--) unroll_gemm(c, TILE_COLS, a, TILE_DEPTH, panels, TILE_ROWS, TILE_COLS, TILE_DEPTH, 0);
}
int floor_tile_flops(void) { return 2 * TILE_ROWS * TILE_COLS * TILE_DEPTH; }

/* The activations of floor_units() units of a layer of H. */
int floor_units(void) { return UNITS; }
void floor_activations(int times, int cell, int H) {
    int B = UNITS / H;
    fill();
    float *gates = near[0], *h = near[4], *h_prev = near[5], *c = near[6], *c_prev = near[7], *aux = near[8];
    while (times--) {
        if (cell == UNROLL_LSTM) {
            __real_unroll_lstm_forward(h, c, aux, gates, c_prev, NULL, B, H);
        } else {
            __real_unroll_gru_reset(gates, aux, h_prev, NULL, B, H);
            __real_unroll_gru_before_forward(h, gates, h_prev, NULL, B, H);
        }
    }
}

void floor_activations_back(int times, int cell, int H) {
    int B = UNITS / H;
    fill();
    float *gates = near[0], *da = near[4], *dh = near[8], *prev = near[9], *dc = near[10], *carry = near[11];
    float *aux = near[12];
    while (times--) {
        if (cell == UNROLL_LSTM) {
            __real_unroll_lstm_backward(da, dc, carry, dh, gates, aux, prev, B, H, 0);
        } else {
            __real_unroll_gru_before_backward(da, carry, dh, gates, prev, B, H, 0);
            __real_unroll_gru_reset_backward(da, carry, aux, gates, prev, B, H, 0);
        }
    }
}

/* Loss and gradient of floor_loss_rows() rows of V <= LOSS_COLS logits. */
int floor_loss_rows(void) { return LOSS_ROWS; }
void floor_loss(int times, int V) {
    float loss[LOSS_ROWS];
    int32_t hit[LOSS_ROWS], target[LOSS_ROWS] = {0};
    fill();
    while (times--) unroll_softmax_gradient(near[0], LOSS_COLS, loss, hit, target, LOSS_ROWS, V, 1e-3f);
}

/* to (n) = from (n), n a multiple of 16. */
void floor_copy(int times, float *to, const float *from, int n) {
    for (; times--;) {
        for (int i = 0; i < n; i += 16) {
            v4 a = v4_load(from + i), b = v4_load(from + i + 4), c = v4_load(from + i + 8), d = v4_load(from + i + 12);
            v4_store(to + i, a), v4_store(to + i + 4, b), v4_store(to + i + 8, c), v4_store(to + i + 12, d);
        }
        __asm__ volatile("" ::: "memory");
    }
}
