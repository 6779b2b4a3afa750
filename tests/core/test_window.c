/* How a text becomes windows: against a second, plain reading of the same rules. */
#include "support.h"

/* The rules in words: n = floor((count-1)/B) tokens a stream; stream b reads tokens b*n .. b*n+n-1, its targets are the
 * next ones; window k is columns k*T .. k*T+T-1; there are m = floor(n/T). */
static int naive_count(int count, int B, int T) {
    int n = 0, m = 0;
    while ((n + 1) * B <= count - 1) n++;
    while ((m + 1) * T <= n) m++;
    return m;
}

TEST(windows_are_counted_as_the_rules_say) {
    for (int count = 0; count < 60; count++)
        for (int B = 1; B <= 7; B++)
            for (int T = 1; T <= 9; T++) CHECK_EQUAL(unroll_window_count(count, B, T), naive_count(count, B, T));
}

TEST(windows_of_long_texts_do_not_overflow) {
    CHECK_EQUAL(unroll_window_count(INT32_MAX, 1, 1), INT32_MAX - 1);
    CHECK_EQUAL(unroll_window_count(INT32_MAX, 4096, 65536), 7);
    CHECK_EQUAL(unroll_window_count(100, 4096, 65536), 0);
}

TEST(windows_hold_the_tokens_that_the_rules_name) {
    enum { COUNT = 97 };
    int32_t text[COUNT];
    for (int i = 0; i < COUNT; i++) text[i] = 1000 + i;
    for (int B = 1; B <= 5; B++)
        for (int T = 1; T <= 6; T++) {
            int n = (COUNT - 1) / B;
            for (int k = 0; k < unroll_window_count(COUNT, B, T); k++) {
                int32_t *input = test_ints((size_t)B * T), *target = test_ints((size_t)B * T);
                int32_t *want_input = test_ints((size_t)B * T), *want_target = test_ints((size_t)B * T);
                for (int b = 0; b < B; b++)
                    for (int t = 0; t < T; t++) {
                        want_input[b * T + t] = 1000 + b * n + k * T + t;
                        want_target[b * T + t] = 1001 + b * n + k * T + t;
                    }
                unroll_window_copy(input, target, text, COUNT, B, T, k);
                CHECK_SAME(input, want_input, B * T);
                CHECK_SAME(target, want_target, B * T);
            }
        }
}

TEST(slices_cover_every_stream_once_and_in_order) {
    for (int B = 1; B <= 4096; B += B < 300 ? 1 : 97) {
        int slices = unroll_shard_count(B);
        CHECK(slices >= 1);
        CHECK_EQUAL(unroll_shard_begin(B, 0), 0);
        CHECK_EQUAL(unroll_shard_begin(B, slices), B);
        for (int s = 0; s < slices; s++)
            CHECK(unroll_shard_begin(B, s + 1) - unroll_shard_begin(B, s) >= (B < 16 ? B : 16));
    }
}

/* Training steps against the same windows cut by hand: which columns, and when the carried state is zeroed. */
static void check_order(int stateful) {
    enum { COUNT = 70, B = 3, T = 5, V = 6, STEPS = 11 }; /* four windows, the rest of each stream is left over */
    unroll_config cfg = settings(NETWORKS[1], 2, 6, 0, V, B, T);
    cfg.stateful = stateful;
    unroll_trainer *by_text = make_trainer(&cfg), *by_hand = make_trainer(&cfg);
    int32_t *text = random_ids(COUNT, V, 5);
    int n = (COUNT - 1) / B, m = n / T;
    CHECK_EQUAL(m, 4);
    for (int k = 0; k < STEPS; k++) {
        int32_t input[B * T], target[B * T];
        for (int b = 0; b < B; b++)
            for (int t = 0; t < T; t++)
                input[b * T + t] = text[b * n + k % m * T + t], target[b * T + t] = text[b * n + k % m * T + t + 1];
        unroll_report a, b;
        CHECK_EQUAL(unroll_trainer_step(by_text, text, COUNT, 1, &a), UNROLL_OK);
        CHECK_EQUAL(unroll_trainer_step_window(by_hand, input, target, !stateful || k % m == 0, &b), UNROLL_OK);
        CHECK_EQUAL(a.step, k + 1);
        CHECK_EQUAL(a.epoch, k / m);
        CHECK_EQUAL(a.tokens, (k + 1) * B * T);
        CHECK(a.loss == b.loss);
    }
    CHECK_SAME(weights_copy(by_text), weights_copy(by_hand), unroll_trainer_size(by_text));
    CHECK_SAME(unroll_trainer_array(by_text, UNROLL_STATE_H), unroll_trainer_array(by_hand, UNROLL_STATE_H), 2 * B * 6);
    CHECK_SAME(unroll_trainer_array(by_text, UNROLL_STATE_C), unroll_trainer_array(by_hand, UNROLL_STATE_C), 2 * B * 6);
}

TEST(training_carries_the_state_through_an_epoch_and_zeroes_it_at_the_next) { check_order(1); }
TEST(training_without_carried_state_zeroes_it_at_every_step) { check_order(0); }

TEST(many_steps_in_one_call_are_as_many_calls) {
    unroll_config cfg = settings(NETWORKS[2], 1, 5, 3, 6, 2, 4);
    unroll_trainer *once = make_trainer(&cfg), *often = make_trainer(&cfg);
    int32_t *text = random_ids(50, 6, 9);
    unroll_report a, b;
    CHECK_EQUAL(unroll_trainer_step(once, text, 50, 13, &a), UNROLL_OK);
    for (int i = 0; i < 13; i++) CHECK_EQUAL(unroll_trainer_step(often, text, 50, 1, &b), UNROLL_OK);
    CHECK_SAME(&a, &b, 1);
    CHECK_SAME(weights_copy(once), weights_copy(often), unroll_trainer_size(once));
}

/* Streams that end early: their targets are missing, and the others alone make the loss and the gradient. */
TEST(targets_that_are_missing_count_for_nothing) {
    enum { B = 4, T = 3, V = 6, H = 5 };
    unroll_config cfg = settings(NETWORKS[1], 1, H, 0, V, B, T), half = cfg;
    half.batch = B / 2;
    unroll_trainer *whole = make_trainer(&cfg), *part = make_trainer(&half);
    int32_t *input = random_ids(B * T, V, 3), *target = random_ids(B * T, V, 4);
    for (int i = B / 2 * T; i < B * T; i++) target[i] = -1;
    unroll_report a, b;
    CHECK_EQUAL(unroll_trainer_step_window(whole, input, target, 0, &a), UNROLL_OK);
    CHECK_EQUAL(unroll_trainer_step_window(part, input, target, 0, &b), UNROLL_OK);
    CHECK_NEAR(a.loss, b.loss, 1e-6);
    CHECK_NEAR(a.grad_norm, b.grad_norm, 1e-5);
    CHECK_EQUAL(a.tokens, B / 2 * T);
    CHECK_CLOSE(weights_copy(whole), weights_copy(part), unroll_trainer_size(whole), 1e-4f);
    for (int i = 0; i < B * T; i++) target[i] = -1;
    CHECK_EQUAL(unroll_trainer_step_window(whole, input, target, 0, &a), UNROLL_BAD_TOKEN);
    CHECK_EQUAL(a.step, 1);
}

TEST(hits_are_the_targets_that_were_most_probable) {
    enum { B = 2, T = 9, V = 4 };
    unroll_config cfg = settings(NETWORKS[2], 1, 8, 0, V, B, T);
    unroll_trainer *t = make_trainer(&cfg);
    unroll_pass *p = make_pass(t, B, T, UNROLL_PASS_LOGITS);
    int32_t *input = random_ids(B * T, V, 6), *target = random_ids(B * T, V, 7);
    target[4] = -1;
    double loss, hits = 10, targets = 100, want = 10;
    CHECK_EQUAL(unroll_pass_run(p, input, target, 0, 1, 0, 0, &loss), UNROLL_OK);
    unroll_pass_hits(p, &hits, &targets);
    float *logits = traced(p, UNROLL_TRACE_LOGITS);
    for (int b = 0; b < B; b++)
        for (int s = 0; s < T; s++) {
            int best = 0;
            for (int v = 1; v < V; v++)
                if (logits[(s * B + b) * V + v] > logits[(s * B + b) * V + best]) best = v;
            want += target[b * T + s] == best;
        }
    CHECK_EQUAL(hits, want);
    CHECK_EQUAL(targets, 100 + B * T - 1);
}

/* Two windows in a row are one pass of twice the length, as long as no weight moves in between. */
TEST(the_state_carried_is_the_state_after_the_last_token) {
    enum { B = 2, T = 6, V = 5, L = 2, H = 7 };
    for (int k = 0; k < NETWORK_COUNT; k++) {
        unroll_config cfg = settings(NETWORKS[k], L, H, 0, V, B, T);
        cfg.optimizer = UNROLL_SGD, cfg.learning_rate = 1e-30;
        unroll_trainer *t = make_trainer(&cfg);
        int32_t *text = random_ids(B * 2 * T + 1, V, 1), input[B * 2 * T], target[B * 2 * T];
        for (int i = 0; i < B * 2 * T; i++) input[i] = text[i], target[i] = text[i + 1];
        unroll_pass *p = make_pass(t, B, 2 * T, 0);
        double loss, sum = 0;
        CHECK_EQUAL(unroll_pass_run(p, input, target, 0, 1, 0, 0, &loss), UNROLL_OK);
        for (int window = 0; window < 2; window++) {
            unroll_report report;
            CHECK_EQUAL(unroll_trainer_step(t, text, B * 2 * T + 1, 1, &report), UNROLL_OK);
            sum += report.loss * B * T;
        }
        CHECK_NEAR(sum, loss, 1e-6);
        float *hidden = traced(p, UNROLL_TRACE_HIDDEN),
              *cell = cfg.cell == UNROLL_LSTM ? traced(p, UNROLL_TRACE_CELL) : NULL;
        for (int l = 0; l < L; l++) {
            size_t at = (size_t)l * B * H, last = ((size_t)l * 2 * T + 2 * T - 1) * B * H;
            CHECK_SAME(unroll_trainer_array(t, UNROLL_STATE_H) + at, hidden + last, B * H);
            CHECK_SAME(unroll_trainer_array(t, UNROLL_STATE_C) + at, cell ? cell + last : test_floats(B * H), B * H);
        }
    }
}
