/* How work and memory grow: counts, not times. The linker hands the kernels' calls to the counters below, which hand
 * them on: --wrap in CMakeLists.txt. */
#include "kernels/kernels.h"
#include "support.h"

static double operations; /* multiply-adds of products, and values that a cell or the head computes */
static double moved;      /* floats that products read and write */

#define COUNTED(name, arguments)         \
    void __real_unroll_##name arguments; \
    void __wrap_unroll_##name arguments; \
    void __wrap_unroll_##name arguments

COUNTED(gemm, (float *c, int ldc, const float *a, int lda, const float *panels, int M, int N, int K, int accumulate)) {
    operations += (double)M * N * K;
    moved += (double)M * K + (double)unroll_panels_size((size_t)N, (size_t)K) + (double)M * N;
    __real_unroll_gemm(c, ldc, a, lda, panels, M, N, K, accumulate);
}
COUNTED(gemm_rows, (float *c, int ldc, const float *rows, int ldrows, const int32_t *ids, const float *a, int lda,
                    const float *panels, int M, int N, int K)) {
    operations += (double)M * N * K;
    moved += (double)M * K + (double)unroll_panels_size((size_t)N, (size_t)K) + (double)M * N;
    __real_unroll_gemm_rows(c, ldc, rows, ldrows, ids, a, lda, panels, M, N, K);
}
COUNTED(gemm_tn,
        (float *c, int ldc, const float *a, int lda, const float *b, int ldb, int M, int N, int K, float *scratch)) {
    operations += (double)M * N * K;
    moved += (double)K * M + (double)K * N + (double)M * N;
    __real_unroll_gemm_tn(c, ldc, a, lda, b, ldb, M, N, K, scratch);
}
COUNTED(lstm_forward,
        (float *h, float *c, float *tanh_c, float *gates, const float *c_prev, const float *held, int B, int H)) {
    operations += 6.0 * B * H;
    __real_unroll_lstm_forward(h, c, tanh_c, gates, c_prev, held, B, H);
}
COUNTED(lstm_backward, (float *da, float *dc, float *carry, const float *dh, const float *gates, const float *tanh_c,
                        const float *c_prev, int B, int H, int shared)) {
    operations += 6.0 * B * H;
    __real_unroll_lstm_backward(da, dc, carry, dh, gates, tanh_c, c_prev, B, H, shared);
}
COUNTED(softmax_gradient,
        (float *logits, int ldl, float *loss, int32_t *hit, const int32_t *target, int M, int V, float scale)) {
    operations += (double)M * V;
    __real_unroll_softmax_gradient(logits, ldl, loss, hit, target, M, V, scale);
}

typedef struct cost {
    double operations, moved, bytes;
} cost;

/* Of one update of an LSTM with 24 units over 11 tokens. */
static cost update(int layers, int batch, int seq_len) {
    unroll_config cfg = settings(NETWORKS[1], layers, 24, 0, 11, batch, seq_len);
    unroll_trainer *t = make_trainer(&cfg);
    int count = batch * (seq_len + 1) + 1;
    int32_t *text = random_ids((size_t)count, 11, 3);
    unroll_report report;
    operations = moved = 0;
    CHECK_EQUAL(unroll_trainer_step(t, text, count, 1, &report), UNROLL_OK);
    return (cost){operations, moved, (double)unroll_trainer_bytes(&cfg)};
}

enum { ALIGNED = 4096 }; /* bytes that a layout may round up by */

/* What three sizes at equal distances cost lies on a line: operations exactly, memory but for alignment. */
static void check_line(cost a, cost b, cost c) {
    CHECK(a.operations > 0 && a.operations < b.operations);
    CHECK(c.operations - b.operations == b.operations - a.operations);
    CHECK(fabs((c.bytes - b.bytes) - (b.bytes - a.bytes)) <= ALIGNED);
}

/* The line goes through nothing: twice as much is twice the work, and no more than twice is read and written for it. */
static void check_twice(cost once, cost twice) {
    CHECK(twice.operations == 2 * once.operations);
    CHECK(twice.moved <= 2 * once.moved);
}

TEST(an_update_grows_in_a_line_with_the_time_steps) {
    for (int T = 4; T <= 64; T *= 2) {
        check_line(update(2, 6, T), update(2, 6, 2 * T), update(2, 6, 3 * T));
        check_twice(update(2, 6, T), update(2, 6, 2 * T));
    }
}

TEST(an_update_grows_in_a_line_with_the_batch) {
    for (int B = 2; B <= 32; B *= 2) {
        check_line(update(2, B, 9), update(2, 2 * B, 9), update(2, 3 * B, 9));
        check_twice(update(2, B, 9), update(2, 2 * B, 9));
    }
}

TEST(an_update_grows_in_a_line_with_the_layers_above_the_first) {
    check_line(update(2, 6, 9), update(3, 6, 9), update(4, 6, 9));
}

/* ---- A text that grows: what its next token costs ---- */

enum { LAYERS = 2, HIDDEN = 24, VOCAB = 11, WINDOW = 40 };

/* Operations to draw so many tokens after one, and what is kept of them meanwhile. */
static cost writing(network n, int length) {
    unroll_config cfg = settings(n, LAYERS, HIDDEN, 0, VOCAB, 1, WINDOW);
    unroll_trainer *t = make_trainer(&cfg);
    int T = n.cell == UNROLL_ATTENTION ? WINDOW : 1;
    unroll_pass *p = make_pass(t, 1, T, UNROLL_PASS_LOGITS);
    int32_t prompt = 3, *ids = test_ints((size_t)length);
    operations = moved = 0;
    CHECK_EQUAL(unroll_pass_sample(p, NULL, NULL, &prompt, 1, length, 1, 0, 7, ids, NULL), UNROLL_OK);
    return (cost){operations, moved, (double)unroll_pass_bytes(t, 1, T, UNROLL_PASS_LOGITS)};
}

static double next_token(network n, int length) {
    return writing(n, length + 1).operations - writing(n, length).operations;
}

TEST(a_recurrent_cells_next_token_costs_the_same_however_long_the_text) {
    for (int k = 0; k < NETWORK_COUNT; k++) {
        double first = next_token(NETWORKS[k], 1);
        for (int length = 2; length < 200; length += 33) CHECK(next_token(NETWORKS[k], length) == first);
    }
}

TEST(attentions_next_token_costs_more_with_each_before_it_until_its_window_begins_anew) {
    network n = {"attention", UNROLL_ATTENTION, 0};
    for (int read = 2; read < WINDOW; read++) { /* the next one stands at position `read` - 1 */
        double blocks = 12.0 * HIDDEN * HIDDEN + 2.0 * read * HIDDEN, head = VOCAB * HIDDEN;
        CHECK_NEAR(next_token(n, read - 1), LAYERS * blocks + head, 0);
    }
    CHECK(next_token(n, WINDOW) > 10 * next_token(n, WINDOW - 1)); /* the later half is read once more */
}
