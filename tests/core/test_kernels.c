/* Relation: every kernel against its plain twin, below, at and above the register tile, at every tail. */
#include "kernels/kernels.h"
#include "test.h"

/* Seeded numbers in -1..1, the same on every machine. */
static float *draws(size_t n, uint32_t seed) {
    float *x = test_floats(n);
    for (size_t i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        x[i] = (float)(seed >> 8) / 8388608.0f - 1;
    }
    return x;
}

static float *copy(const float *x, size_t n) { return memcpy(test_floats(n), x, n * sizeof(float)); }

static const int sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 19, 20, 21, 23, 24, 25, 31, 32, 33, 40, 41, 65};
#define EACH_SIZE(x) \
    for (size_t x##_i = 0, x; x##_i < sizeof sizes / sizeof *sizes && (x = (size_t)sizes[x##_i], 1); x##_i++)

static void compare_gemm(int M, int N, int K, int accumulate) {
    int lda = K + 3, ldc = N + 1;
    size_t packed = unroll_panels_size((size_t)N, (size_t)K);
    float *w = draws((size_t)N * K, 2), *panels = test_floats(packed), *a = draws((size_t)M * lda, 1);
    unroll_pack_rows(panels, w, K, N, K);
    float *want = draws((size_t)M * ldc, 3), *got = copy(want, (size_t)M * ldc);
    ref_gemm(want, ldc, a, lda, panels, M, N, K, accumulate);
    unroll_gemm(got, ldc, a, lda, panels, M, N, K, accumulate);
    CHECK_CLOSE(got, want, M * ldc, 1e-5);
}

TEST(gemm_agrees_with_plain_loops_at_every_tail) {
    for (int M = 1; M <= 13; M++)
        for (int N = 1; N <= 2 * UNROLL_PANEL + 1; N++)
            for (int K = 1; K <= 5; K++) compare_gemm(M, N, K, K % 2);
}

TEST(gemm_begins_with_rows_of_a_table_or_with_one_for_all) {
    for (int M = 1; M <= 26; M++)
        for (int whole = 0; whole < 2; whole++) {
            int N = whole ? 40 : 37, K = M == 26 ? 300 : 5, ldrows = N + 2;
            float *w = draws((size_t)N * K, 2), *panels = test_floats(unroll_panels_size((size_t)N, (size_t)K));
            float *a = draws((size_t)M * K, 1), *rows = draws((size_t)7 * ldrows, 3);
            float *want = test_floats((size_t)M * N), *got = draws((size_t)M * N, 4);
            int32_t ids[26];
            for (int m = 0; m < M; m++) ids[m] = (m * 5 + 3) % 7;
            unroll_pack_rows(panels, w, K, N, K);
            for (int one = 0; one < 2; one++) {
                ref_gemm_rows(want, N, rows, ldrows, one ? NULL : ids, a, K, panels, M, N, K);
                unroll_gemm_rows(got, N, rows, ldrows, one ? NULL : ids, a, K, panels, M, N, K);
                CHECK_CLOSE(got, want, M * N, 1e-5);
                for (int m = 0; m < M; m++)
                    memcpy(want + m * N, rows + (one ? 0 : ids[m] * ldrows), sizeof(float) * (size_t)N);
                unroll_gemm(want, N, a, K, panels, M, N, K, 1);
                CHECK_SAME(got, want, M * N);
            }
        }
}

TEST(gemm_agrees_with_plain_loops_around_its_blocks) {
    for (int M = 23; M <= 26; M++)
        for (int K = 255; K <= 258; K++) compare_gemm(M, 40, K, M % 2);
    compare_gemm(49, 33, 520, 1);
}

TEST(a_row_of_a_product_has_the_same_bits_wherever_it_stands) {
    enum { M = 13, N = 51, K = 300 };
    float *panels = test_floats(unroll_panels_size(N, K)), *a = draws(M * K, 1), *w = draws(N * K, 2);
    float *all = test_floats(M * N), *one = test_floats(N);
    unroll_pack_rows(panels, w, K, N, K);
    unroll_gemm(all, N, a, K, panels, M, N, K, 0);
    for (int m = 0; m < M; m++) {
        unroll_gemm(one, N, a + m * K, K, panels, 1, N, K, 0);
        CHECK_SAME(all + m * N, one, N);
    }
}

TEST(packing_agrees_with_plain_loops_at_every_tail) {
    EACH_SIZE(N) EACH_SIZE(K) {
        size_t n = unroll_panels_size(N, K);
        float *w = draws((N + 2) * (K + 2), 5), *want = test_floats(n), *got = draws(n, 6);
        ref_pack_rows(want, w, (int)K + 2, (int)N, (int)K);
        unroll_pack_rows(got, w, (int)K + 2, (int)N, (int)K);
        CHECK_SAME(got, want, n);
        got = draws(n, 7);
        ref_pack_cols(want, w, (int)N + 2, (int)N, (int)K);
        unroll_pack_cols(got, w, (int)N + 2, (int)N, (int)K);
        CHECK_SAME(got, want, n);
    }
}

TEST(transpose_agrees_with_plain_loops_at_every_tail) {
    EACH_SIZE(R) EACH_SIZE(C) {
        float *in = draws(R * (C + 1), 5), *want = test_floats(C * (R + 2)), *got = test_floats(C * (R + 2));
        ref_transpose(want, (int)R + 2, in, (int)C + 1, (int)R, (int)C);
        unroll_transpose(got, (int)R + 2, in, (int)C + 1, (int)R, (int)C);
        CHECK_SAME(got, want, C * (R + 2));
    }
}

static void compare_gemm_tn(int M, int N, int K) {
    int lda = M + 2, ldb = N + 1, ldc = N + 3;
    float *a = draws((size_t)K * lda, 1), *b = draws((size_t)K * ldb, 2),
          *scratch = test_floats(unroll_gemm_tn_scratch((size_t)N));
    float *want = draws((size_t)M * ldc, 3), *got = copy(want, (size_t)M * ldc);
    ref_gemm_tn(want, ldc, a, lda, b, ldb, M, N, K, scratch);
    unroll_gemm_tn(got, ldc, a, lda, b, ldb, M, N, K, scratch);
    CHECK_CLOSE(got, want, M * ldc, 1e-5);
}

TEST(gemm_tn_agrees_with_plain_loops_at_every_tail) {
    for (int M = 1; M <= 13; M++)
        for (int N = 1; N <= 2 * UNROLL_PANEL + 1; N++) compare_gemm_tn(M, N, 1 + (M * N) % 6);
    for (int M = UNROLL_TN_ROWS - 1; M <= UNROLL_TN_ROWS + 2; M++)
        for (int K = UNROLL_TN_DEPTH - 1; K <= UNROLL_TN_DEPTH + 1; K++) compare_gemm_tn(M, 20, K);
}

TEST(sums_agree_with_plain_loops_at_every_tail) {
    EACH_SIZE(M) EACH_SIZE(N) {
        float *x = draws(M * (N + 1), 1), *want = draws(N, 2), *got = copy(want, N);
        ref_sum_rows(want, x, (int)N + 1, (int)M, (int)N);
        unroll_sum_rows(got, x, (int)N + 1, (int)M, (int)N);
        CHECK_CLOSE(got, want, N, 1e-5);
        ref_add(want, x, N), unroll_add(got, x, N);
        CHECK_CLOSE(got, want, N, 1e-6);
    }
}

/* One array a kernel reads or writes, in both hands. */
#define PAIR(name, n, seed) float *name = draws(n, seed), *name##_want = copy(name, n)
#define AGREE(name, n) CHECK_CLOSE(name, name##_want, n, 2e-6)

TEST(rnn_kernels_agree_with_plain_loops) {
    EACH_SIZE(B) EACH_SIZE(H) for (int shared = 0; shared < 2; shared++) {
        size_t n = B * H;
        PAIR(gates, n, 1);
        PAIR(h, n, 2);
        PAIR(da, n, 3);
        float *dh = draws(n, 4);
        ref_tanh_forward(gates_want, h_want, (int)B, (int)H), unroll_tanh_forward(gates, h, (int)B, (int)H);
        AGREE(gates, n), AGREE(h, n);
        ref_tanh_backward(da_want, dh, h_want, (int)B, (int)H, shared),
            unroll_tanh_backward(da, dh, h, (int)B, (int)H, shared);
        AGREE(da, n);
    }
}

TEST(lstm_kernels_agree_with_plain_loops) {
    EACH_SIZE(B) EACH_SIZE(H) for (int shared = 0; shared < 2; shared++) {
        size_t n = B * H;
        PAIR(gates, 4 * n, 1);
        PAIR(h, n, 2);
        PAIR(c, n, 3);
        PAIR(t, n, 4);
        PAIR(da, 4 * n, 5);
        PAIR(dc, n, 6);
        PAIR(carry, n, 7);
        float *c_prev = draws(n, 8), *dh = draws(n, 9);
        ref_lstm_forward(h_want, c_want, t_want, gates_want, c_prev, NULL, (int)B, (int)H);
        unroll_lstm_forward(h, c, t, gates, c_prev, NULL, (int)B, (int)H);
        AGREE(gates, 4 * n), AGREE(h, n), AGREE(c, n), AGREE(t, n);
        ref_lstm_backward(da_want, dc_want, carry_want, dh, gates_want, t_want, c_prev, (int)B, (int)H, shared);
        unroll_lstm_backward(da, dc, carry, dh, gates, t, c_prev, (int)B, (int)H, shared);
        AGREE(da, 4 * n), AGREE(dc, n), AGREE(carry, n);
    }
}

TEST(gru_kernels_agree_with_plain_loops) {
    EACH_SIZE(B) EACH_SIZE(H) for (int shared = 0; shared < 2; shared++) {
        size_t n = B * H;
        int b = (int)B, w = (int)H;
        PAIR(gates, 3 * n, 1);
        PAIR(h, n, 2);
        PAIR(u, n, 3);
        PAIR(da, 3 * n, 4);
        PAIR(du, n, 5);
        PAIR(dh_prev, n, 6);
        float *h_prev = draws(n, 7), *dh = draws(n, 8);
        PAIR(after, 3 * n, 9);
        ref_gru_after_forward(h_want, after_want, u_want, h_prev, NULL, b, w),
            unroll_gru_after_forward(h, after, u, h_prev, NULL, b, w);
        AGREE(after, 3 * n), AGREE(h, n);
        ref_gru_after_backward(da_want, du_want, dh_prev_want, dh, after_want, u_want, h_prev, b, w, shared);
        unroll_gru_after_backward(da, du, dh_prev, dh, after, u, h_prev, b, w, shared);
        AGREE(da, 3 * n), AGREE(du, n), AGREE(dh_prev, n);
        ref_gru_reset(gates_want, u_want, h_prev, NULL, b, w), unroll_gru_reset(gates, u, h_prev, NULL, b, w);
        ref_gru_before_forward(h_want, gates_want, h_prev, NULL, b, w),
            unroll_gru_before_forward(h, gates, h_prev, NULL, b, w);
        AGREE(gates, 3 * n), AGREE(u, n), AGREE(h, n);
        ref_gru_before_backward(da_want, dh_prev_want, dh, gates_want, h_prev, b, w, shared);
        unroll_gru_before_backward(da, dh_prev, dh, gates, h_prev, b, w, shared);
        ref_gru_reset_backward(da_want, dh_prev_want, du_want, gates_want, h_prev, b, w, shared);
        unroll_gru_reset_backward(da, dh_prev, du, gates, h_prev, b, w, shared);
        AGREE(da, 3 * n), AGREE(dh_prev, n);
    }
}

TEST(mingru_kernels_agree_with_plain_loops) {
    EACH_SIZE(B) EACH_SIZE(H) for (int shared = 0; shared < 2; shared++) {
        size_t n = B * H;
        int b = (int)B, w = (int)H;
        PAIR(gates, 2 * n, 1);
        PAIR(h, n, 2);
        PAIR(da, 2 * n, 3);
        PAIR(dh_prev, n, 4);
        float *h_prev = draws(n, 5), *dh = draws(n, 6);
        ref_mingru_forward(h_want, gates_want, h_prev, NULL, b, w);
        unroll_mingru_forward(h, gates, h_prev, NULL, b, w);
        AGREE(gates, 2 * n), AGREE(h, n);
        ref_mingru_backward(da_want, dh_prev_want, dh, gates_want, h_prev, b, w, shared);
        unroll_mingru_backward(da, dh_prev, dh, gates, h_prev, b, w, shared);
        AGREE(da, 2 * n), AGREE(dh_prev, n);
    }
}

/* Some places of every row are held, others are not; without any, the rows are those of a run without `held`. */
TEST(cells_with_held_values_agree_with_plain_loops) {
    EACH_SIZE(B) EACH_SIZE(H) for (int some = 0; some < 2; some++) {
        size_t n = B * H;
        int b = (int)B, w = (int)H;
        float *held = draws(8 * n, 1), *h_prev = draws(n, 2), *u = draws(n, 3);
        for (size_t i = 0; i < 8 * n; i++)
            if (!some || i % 3) held[i] = NAN;
        PAIR(gates, 4 * n, 4);
        PAIR(h, n, 5);
        PAIR(c, n, 6);
        PAIR(x, n, 7);
        ref_lstm_forward(h_want, c_want, x_want, gates_want, h_prev, held, b, w);
        unroll_lstm_forward(h, c, x, gates, h_prev, held, b, w);
        AGREE(gates, 4 * n), AGREE(h, n), AGREE(c, n), AGREE(x, n);
        ref_gru_reset(gates_want, x_want, h_prev, held, b, w), unroll_gru_reset(gates, x, h_prev, held, b, w);
        ref_gru_before_forward(h_want, gates_want, h_prev, held, b, w);
        unroll_gru_before_forward(h, gates, h_prev, held, b, w);
        AGREE(gates, 3 * n), AGREE(h, n), AGREE(x, n);
        ref_gru_after_forward(h_want, gates_want, u, h_prev, held, b, w);
        unroll_gru_after_forward(h, gates, u, h_prev, held, b, w);
        AGREE(gates, 3 * n), AGREE(h, n);
        ref_mingru_forward(h_want, gates_want, h_prev, held, b, w), unroll_mingru_forward(h, gates, h_prev, held, b, w);
        AGREE(gates, 2 * n), AGREE(h, n);
        for (int ld = 0; ld <= w; ld += w) {
            ref_put_held(x_want, w, held, ld, b, w), unroll_put_held(x, w, held, ld, b, w);
            AGREE(x, n);
            ref_cut_held(x_want, w, held, ld, b, w), unroll_cut_held(x, w, held, ld, b, w);
            AGREE(x, n);
        }
    }
}

TEST(softmax_and_its_gradient_agree_with_plain_loops_with_and_without_targets) {
    EACH_SIZE(M) EACH_SIZE(V) for (int backward = 0; backward < 2; backward++) {
        if (V < 2) continue;
        size_t n = M * (V + 1);
        PAIR(logits, n, 1);
        PAIR(loss, M, 2);
        int32_t *target = test_ints(M), *hit = test_ints(M), *hit_want = test_ints(M);
        for (size_t m = 0; m < M; m++) target[m] = (int32_t)(m % (V + 1)) - 1;
        for (size_t i = 0; i < n; i++) logits[i] = logits_want[i] *= 10;
        int ld = (int)V + 1, rows = (int)M, columns = (int)V;
        if (backward) {
            ref_softmax_gradient(logits_want, ld, loss_want, hit_want, target, rows, columns, 0.125f);
            unroll_softmax_gradient(logits, ld, loss, hit, target, rows, columns, 0.125f);
        } else {
            ref_softmax_loss(logits_want, ld, loss_want, hit_want, target, rows, columns);
            unroll_softmax_loss(logits, ld, loss, hit, target, rows, columns);
        }
        for (size_t m = 0; m < M; m++)
            loss[m] += 1, loss_want[m] += 1; /* a loss near 0 is right to a float's step at 1 */
        AGREE(logits, n), AGREE(loss, M);
        CHECK_SAME(hit, hit_want, M);
    }
}

TEST(softmax_of_equal_logits_hits_only_the_first_token) {
    float logits[5] = {2, 2, 2, 2, 2}, loss;
    int32_t hit, first = 0, last = 4;
    unroll_softmax_loss(logits, 5, &loss, &hit, &first, 1, 5);
    CHECK_EQUAL(hit, 1);
    CHECK_NEAR(loss, log(5), 1e-6);
    float again[5] = {2, 2, 2, 2, 2};
    unroll_softmax_loss(again, 5, &loss, &hit, &last, 1, 5);
    CHECK_EQUAL(hit, 0);
}

TEST(passes_over_the_parameters_agree_with_plain_loops) {
    EACH_SIZE(n) {
        PAIR(x, n, 1);
        CHECK_NEAR(unroll_sum_squares(x, n), ref_sum_squares(x, n), 1e-12);
        CHECK_EQUAL(unroll_bound(x, 0.5f, n), ref_bound(x_want, 0.5f, n));
        unroll_scale(x, 0.3f, n), ref_scale(x_want, 0.3f, n);
        float *w = draws(n, 2);
        if (n > 2) w[2] = 0;
        unroll_regularise(x, w, 0.1f, 0.2f, n), ref_regularise(x_want, w, 0.1f, 0.2f, n);
        unroll_settle(x, 0.2f, n), ref_settle(x_want, 0.2f, n);
        AGREE(x, n);
    }
}

TEST(the_largest_number_is_found_wherever_it_stands) {
    for (int n = 1; n <= 9; n++)
        for (int at = 0; at < n; at++) {
            float *x = draws((size_t)n, 1);
            x[at] = at % 2 ? -7.5f : 7.5f;
            CHECK_NEAR(unroll_largest(x, (size_t)n), 7.5, 0);
            x[at] = NAN;
            CHECK(isnan(unroll_largest(x, (size_t)n)) && isnan(ref_largest(x, (size_t)n)));
        }
}

TEST(optimizers_agree_with_plain_loops) {
    const unroll_rates r = {.rate = 0.01f,
                            .keep = 0.99f,
                            .decay = 0.1f,
                            .first = 0.9f,
                            .new_first = 0.1f,
                            .second = 0.95f,
                            .new_second = 0.05f,
                            .root_correction = 1.5f,
                            .epsilon = 1e-8f};
    EACH_SIZE(n) {
        PAIR(w, n, 1);
        PAIR(m, n, 2);
        PAIR(v, n, 3);
        float *g = draws(n, 4);
        for (size_t i = 0; i < n; i++) v[i] = v_want[i] *= v[i];
        unroll_sgd(w, g, &r, n), ref_sgd(w_want, g, &r, n);
        unroll_momentum(w, m, g, &r, n), ref_momentum(w_want, m_want, g, &r, n);
        unroll_rmsprop(w, v, g, &r, n), ref_rmsprop(w_want, v_want, g, &r, n);
        unroll_adam(w, m, v, g, &r, n), ref_adam(w_want, m_want, v_want, g, &r, n);
        AGREE(w, n), AGREE(m, n), AGREE(v, n);
    }
}

/* ---- The Transformer's ---- */

TEST(norms_agree_with_plain_loops) {
    EACH_SIZE(H) for (size_t M = 1; M < 4; M++) {
        float *x = draws(M * H, 1), *weight = draws(H, 2), *bias = draws(H, 3), *dout = draws(M * H, 4);
        PAIR(out, M * H, 5);
        PAIR(stats, M * 2, 6);
        PAIR(dx, M * H, 7);
        PAIR(dweight, H, 8);
        PAIR(dbias, H, 9);
        ref_norm_forward(out_want, stats_want, x, weight, bias, (int)M, (int)H);
        unroll_norm_forward(out, stats, x, weight, bias, (int)M, (int)H);
        if (H == 1) memcpy(stats, stats_want, M * 2 * sizeof(float));
        CHECK_CLOSE(out, out_want, M * H, 2e-5);
        CHECK_CLOSE(stats, stats_want, M * 2, 1e-5);
        ref_norm_backward(dx_want, dweight_want, dbias_want, dout, x, stats_want, weight, (int)M, (int)H);
        unroll_norm_backward(dx, dweight, dbias, dout, x, stats_want, weight, (int)M, (int)H);
        CHECK_CLOSE(dx, dx_want, M * H, 2e-5);
        CHECK_CLOSE(dweight, dweight_want, H, 1e-5), CHECK_CLOSE(dbias, dbias_want, H, 1e-5);
        float *again = draws(M * H, 7);
        unroll_norm_backward(again, NULL, NULL, dout, x, stats_want, weight, (int)M, (int)H);
        CHECK_SAME(again, dx, M * H);
    }
}

TEST(gelu_agrees_with_plain_loops) {
    EACH_SIZE(n) {
        float *x = draws(n, 1);
        for (size_t i = 0; i < n; i++) x[i] *= 6;
        PAIR(out, n, 2);
        PAIR(d, n, 3);
        ref_gelu_forward(out_want, x, n), unroll_gelu_forward(out, x, n);
        for (size_t i = 0; i < n; i++) CHECK(fabsf(out[i] - out_want[i]) < 1e-6f * fabsf(x[i]));
        ref_gelu_backward(d_want, x, n), unroll_gelu_backward(d, x, n);
        for (size_t i = 0; i < n; i++) CHECK(fabsf(d[i] - d_want[i]) < 2e-6f);
        CHECK_NEAR(unroll_dot(x, out, n), ref_dot(x, out, n), 1e-5);
    }
}

TEST(causal_softmax_agrees_with_plain_loops_wherever_its_block_stands) {
    EACH_SIZE(N) for (int first = 0; first < 40; first += 13) for (int start = 0; start < 40; start += 9) {
        enum { M = 5 };
        size_t ld = N + 2;
        PAIR(s, M * ld, 1);
        PAIR(stats, M * 3, 2);
        PAIR(factor, M, 3);
        for (int m = 0; m < M; m++) stats[3 * m + 1] = stats_want[3 * m + 1] = start ? 2 : 0;
        for (int m = 0; m < M && !start; m++) stats[3 * m] = stats_want[3 * m] = -INFINITY;
        ref_causal_exp(s_want, (int)ld, stats_want, 3, factor_want, 0.7f, first, start, M, (int)N);
        unroll_causal_exp(s, (int)ld, stats, 3, factor, 0.7f, first, start, M, (int)N);
        AGREE(s, M * ld), AGREE(stats, M * 3);
        if (start) AGREE(factor, M);
        PAIR(w, M * ld, 4);
        ref_causal_weights(w_want, (int)ld, stats_want, 3, 0.7f, first, start, M, (int)N);
        unroll_causal_weights(w, (int)ld, stats, 3, 0.7f, first, start, M, (int)N);
        AGREE(w, M * ld);
        PAIR(d, M * ld, 5);
        float *inner = draws(M, 6);
        ref_softmax_backward(d_want, (int)ld, w_want, (int)ld, inner, 0.7f, M, (int)N);
        unroll_softmax_backward(d, (int)ld, w, (int)ld, inner, 0.7f, M, (int)N);
        AGREE(d, M * ld);
    }
}
