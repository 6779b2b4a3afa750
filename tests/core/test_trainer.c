/* A trainer from its first weights on: the draw, learning, the report, evaluation, going on from a copy, divergence. */
#include "support.h"

/* A text with something to learn: a fixed phrase over and over. */
static int32_t *phrase_text(int count, int vocab) {
    int32_t *text = test_ints((size_t)count), *phrase = random_ids(17, vocab, 77);
    for (int i = 0; i < count; i++) text[i] = phrase[i % 17];
    return text;
}

TEST(first_weights_are_uniform_within_one_over_root_h) {
    for (int k = 0; k < NETWORK_COUNT; k++) {
        unroll_config cfg = settings(NETWORKS[k], 2, 16, 5, 9, 2, 3);
        cfg.forget_bias = 1.5;
        unroll_trainer *t = make_trainer(&cfg);
        for (int i = 0; i < unroll_trainer_tensor_count(t); i++) {
            const unroll_tensor *x = unroll_trainer_tensor(t, i);
            const float *w = unroll_trainer_array(t, UNROLL_WEIGHTS) + x->offset;
            double sum = 0, squares = 0;
            size_t from = (size_t)x->trained_from * x->cols, n = tensor_count(x) - from;
            int forget = cfg.cell == UNROLL_LSTM && !strncmp(x->name, "rnn.bias_ih", 11);
            for (size_t j = 0; j < from; j++) CHECK_EQUAL(w[j] == 0, 1);
            for (size_t j = from; j < tensor_count(x); j++) {
                if (forget && j >= 16 && j < 32) {
                    CHECK_EQUAL(w[j] == 1.5f, 1);
                    continue;
                }
                CHECK(fabsf(w[j]) <= 0.25f);
                sum += w[j], squares += (double)w[j] * w[j];
            }
            if (n < 100 || forget) continue; /* mean 0 and variance bound²/3, within five standard errors */
            CHECK(fabs(sum / n) < 5 * 0.25 / sqrt(3.0 * n));
            CHECK(fabs(squares / n - 0.25 * 0.25 / 3) < 5 * 0.25 * 0.25 * sqrt(4.0 / 45 / n));
        }
    }
}

TEST(seeds_differ_in_their_weights) {
    unroll_config cfg = settings(NETWORKS[0], 1, 8, 0, 5, 1, 1);
    float *one = weights_copy(make_trainer(&cfg));
    cfg.seed = 2;
    unroll_trainer *other = make_trainer(&cfg);
    CHECK(memcmp(one, weights_copy(other), sizeof(float) * (size_t)unroll_trainer_size(other)) != 0);
}

TEST(one_seed_trains_to_the_same_bits_twice) {
    for (int k = 0; k < NETWORK_COUNT; k++)
        for (int optimizer = UNROLL_SGD; optimizer <= UNROLL_ADAMW; optimizer++) {
            unroll_config cfg = settings(NETWORKS[k], 2, 10, k % 2 ? 6 : 0, 7, 3, 8);
            cfg.optimizer = optimizer, cfg.dropout = 0.25, cfg.weight_decay = 0.01, cfg.l1 = 1e-4, cfg.l2 = 1e-4;
            unroll_trainer *a = make_trainer(&cfg), *b = make_trainer(&cfg);
            int32_t *text = phrase_text(200, 7);
            unroll_report x, y;
            CHECK_EQUAL(unroll_trainer_step(a, text, 200, 20, &x), UNROLL_OK);
            CHECK_EQUAL(unroll_trainer_step(b, text, 200, 20, &y), UNROLL_OK);
            CHECK_SAME(&x, &y, 1);
            CHECK_SAME(weights_copy(a), weights_copy(b), unroll_trainer_size(a));
        }
}

TEST(the_first_loss_is_that_of_blind_guessing) {
    for (int k = 0; k < NETWORK_COUNT; k++) {
        unroll_config cfg = settings(NETWORKS[k], 1, 128, 0, 65, 8, 32);
        unroll_trainer *t = make_trainer(&cfg);
        unroll_report report;
        CHECK_EQUAL(unroll_trainer_step(t, random_ids(2000, 65, 1), 2000, 1, &report), UNROLL_OK);
        CHECK_NEAR(report.loss, log(65), 0.02);
    }
}

TEST(every_cell_learns_a_phrase_by_heart) {
    for (int k = 0; k < NETWORK_COUNT; k++) {
        unroll_config cfg = settings(NETWORKS[k], 1, 32, 0, 8, 4, 16);
        cfg.learning_rate = 0.01;
        unroll_trainer *t = make_trainer(&cfg);
        unroll_report report;
        CHECK_EQUAL(unroll_trainer_step(t, phrase_text(600, 8), 600, 300, &report), UNROLL_OK);
        if (!(report.loss < 0.05)) printf("    %s: loss %g\n", NETWORKS[k].name, report.loss);
        CHECK(report.loss < 0.05);
    }
}

/* Copying weights, moments, states and progress into a fresh trainer continues the run to the bit. */
TEST(a_run_goes_on_from_a_copy_of_its_arrays) {
    for (int optimizer = UNROLL_SGD; optimizer <= UNROLL_ADAMW; optimizer++) {
        unroll_config cfg = settings(NETWORKS[1], 2, 9, 0, 6, 2, 5);
        cfg.optimizer = optimizer, cfg.dropout = 0.1;
        unroll_trainer *a = make_trainer(&cfg), *b = make_trainer(&cfg);
        int32_t *text = random_ids(90, 6, 4);
        unroll_report x, y;
        CHECK_EQUAL(unroll_trainer_step(a, text, 90, 7, &x), UNROLL_OK);
        static const unroll_array kept[] = {UNROLL_WEIGHTS, UNROLL_MOMENT1, UNROLL_MOMENT2, UNROLL_STATE_H,
                                            UNROLL_STATE_C};
        for (int i = 0; i < 5; i++) {
            size_t n = i < 3 ? (size_t)unroll_trainer_size(a) : 2 * 2 * 9;
            memcpy(unroll_trainer_array(b, kept[i]), unroll_trainer_array(a, kept[i]), n * sizeof(float));
        }
        *unroll_trainer_progress(b) = *unroll_trainer_progress(a);
        unroll_trainer_repack(b);
        CHECK_EQUAL(unroll_trainer_step(a, text, 90, 20, &x), UNROLL_OK);
        CHECK_EQUAL(unroll_trainer_step(b, text, 90, 20, &y), UNROLL_OK);
        CHECK_SAME(&x, &y, 1);
        CHECK_SAME(weights_copy(a), weights_copy(b), unroll_trainer_size(a));
    }
}

/* The mean over all B streams of n targets, read window by window and the last one shorter, by one long pass. */
TEST(evaluation_is_the_mean_over_every_target_from_a_zero_state) {
    enum { COUNT = 83, V = 6 };
    for (int k = 0; k < NETWORK_COUNT; k++)
        for (int streams = 1; streams <= 35; streams += 17) {
            unroll_config cfg = settings(NETWORKS[k], 2, 8, 0, V, streams, 7);
            cfg.dropout = 0.5; /* must not be seen */
            unroll_trainer *t = make_trainer(&cfg);
            widen(t, 2);
            int32_t *text = random_ids(COUNT, V, 8);
            int n = (COUNT - 1) / streams;
            int32_t *input = test_ints((size_t)streams * n), *target = test_ints((size_t)streams * n);
            for (int b = 0; b < streams; b++)
                for (int s = 0; s < n; s++) input[b * n + s] = text[b * n + s], target[b * n + s] = text[b * n + s + 1];
            unroll_pass *p = make_pass(t, streams, n, UNROLL_PASS_LOGITS);
            double loss, hits = 0;
            CHECK_EQUAL(unroll_pass_run(p, input, target, 0, 1, 0, 0, &loss), UNROLL_OK);
            float *logits = traced(p, UNROLL_TRACE_LOGITS);
            for (int s = 0; s < n; s++)
                for (int b = 0; b < streams; b++) {
                    const float *row = logits + ((size_t)s * streams + b) * V;
                    int best = 0;
                    for (int v = 1; v < V; v++) best = row[v] > row[best] ? v : best;
                    hits += best == target[b * n + s];
                }
            unroll_evaluation e;
            CHECK_EQUAL(unroll_trainer_evaluate(t, text, COUNT, NULL, 0, &e), UNROLL_OK);
            CHECK_EQUAL(e.tokens, streams * n);
            CHECK_NEAR(e.loss, loss / (streams * n), 1e-6);
            CHECK_NEAR(e.accuracy, hits / (streams * n), 1e-9);
        }
}

/* Trains two alike, one of which evaluates, samples and probes in between: nothing of it may show. */
TEST(looking_in_between_leaves_no_trace_in_training) {
    for (int k = 0; k < NETWORK_COUNT; k++) {
        unroll_config cfg = settings(NETWORKS[k], 2, 11, 0, 7, 3, 6);
        cfg.dropout = 0.2;
        unroll_trainer *watched = make_trainer(&cfg), *alone = make_trainer(&cfg);
        int32_t *text = phrase_text(150, 7), *other = random_ids(64, 7, 3), ids[5];
        unroll_pass *one = make_pass(watched, 1, 1, UNROLL_PASS_LOGITS),
                    *probe = make_pass(watched, 1, 20, UNROLL_PASS_FLOW);
        float *flow = test_floats(2 * 20 * 20);
        for (int step = 0; step < 12; step++) {
            unroll_report x, y;
            unroll_evaluation e;
            double loss;
            CHECK_EQUAL(unroll_trainer_step(watched, text, 150, 1, &x), UNROLL_OK);
            CHECK_EQUAL(unroll_trainer_step(alone, text, 150, 1, &y), UNROLL_OK);
            CHECK_SAME(&x, &y, 1);
            CHECK_EQUAL(unroll_trainer_evaluate(watched, other, 64, NULL, 0, &e), UNROLL_OK);
            CHECK_EQUAL(unroll_pass_sample(one, NULL, NULL, other, 2, 5, 1, 3, 9, ids, NULL), UNROLL_OK);
            CHECK_EQUAL(unroll_pass_run(probe, other, other + 1, 1, 1, 0, 0, &loss), UNROLL_OK);
            unroll_pass_flow(probe, flow);
        }
        CHECK_SAME(weights_copy(watched), weights_copy(alone), unroll_trainer_size(alone));
        CHECK_SAME(unroll_trainer_array(watched, UNROLL_STATE_H), unroll_trainer_array(alone, UNROLL_STATE_H),
                   2 * 3 * 11);
    }
}

TEST(what_is_not_trained_never_moves) {
    for (int k = 0; k < NETWORK_COUNT; k++)
        for (int optimizer = UNROLL_SGD; optimizer <= UNROLL_ADAMW; optimizer++) {
            unroll_config cfg = settings(NETWORKS[k], 2, 6, 0, 5, 2, 4);
            cfg.optimizer = optimizer, cfg.weight_decay = 0.1, cfg.l2 = 0.1, cfg.clip_mode = UNROLL_CLIP_VALUE,
            cfg.clip_threshold = 0.01;
            unroll_trainer *t = make_trainer(&cfg);
            unroll_report report;
            CHECK_EQUAL(unroll_trainer_step(t, phrase_text(60, 5), 60, 10, &report), UNROLL_OK);
            for (int i = 0; i < unroll_trainer_tensor_count(t); i++) {
                const unroll_tensor *x = unroll_trainer_tensor(t, i);
                for (int j = 0; j < x->trained_from * x->cols; j++)
                    CHECK_EQUAL(unroll_trainer_array(t, UNROLL_WEIGHTS)[x->offset + j] == 0, 1);
            }
        }
}

/* A processor takes many times as long for a subnormal number, and a moment that only decays would stay one for ever.
 */
TEST(moments_of_tokens_no_longer_seen_end_at_zero) {
    static const int optimizers[] = {UNROLL_MOMENTUM, UNROLL_RMSPROP, UNROLL_ADAM};
    enum { V = 6, B = 2, T = 4 };
    for (int k = 0; k < 3; k++) {
        unroll_config cfg = settings(NETWORKS[1], 1, 5, 0, V, B, T);
        cfg.optimizer = optimizers[k], cfg.beta2 = 0.95;
        unroll_trainer *t = make_trainer(&cfg);
        size_t n = (size_t)unroll_trainer_size(t);
        int32_t *both = random_ids(B * T, V, 1), *few = random_ids(B * T, V - 1, 2);
        unroll_report report;
        both[0] = V - 1;
        CHECK_EQUAL(unroll_trainer_step_window(t, both, both, 1, &report), UNROLL_OK);
        for (int step = 0; step < 3000; step++)
            CHECK_EQUAL(unroll_trainer_step_window(t, few, few, 1, &report), UNROLL_OK);
        const unroll_tensor *w = unroll_trainer_tensor(t, 0);
        for (int i = 0; i < 2; i++) {
            const float *moment = unroll_trainer_array(t, i ? UNROLL_MOMENT2 : UNROLL_MOMENT1);
            for (size_t j = 0; j < n; j++) CHECK(moment[j] == 0 || isnormal(moment[j]));
            for (int row = 0; row < w->rows; row++) CHECK(moment[w->offset + row * V + V - 1] == 0);
        }
    }
}
