/* Flow against what it means: T backward passes, one for each loss. */
#include "support.h"

enum { T = 9, V = 6 };

static void check_flow(network n, int layers, int hidden, int embedding, double dropout) {
    int train = dropout > 0;
    unroll_config cfg = settings(n, layers, hidden, embedding, V, 1, T);
    cfg.dropout = dropout;
    unroll_trainer *t = make_trainer(&cfg);
    widen(t, 1.5f);
    unroll_pass *p = make_pass(t, 1, T, UNROLL_PASS_FLOW | UNROLL_PASS_LOGITS),
                *one = make_pass(t, 1, T, UNROLL_PASS_BACKWARD);
    int32_t *input = random_ids(T, V, 21), *target = random_ids(T, V, 22);
    float *want = test_floats((size_t)layers * T * T), *got = test_floats((size_t)layers * T * T);
    double loss;
    for (int step = 0; step < T; step++) {
        int32_t only[T];
        for (int s = 0; s < T; s++) only[s] = s == step ? target[s] : -1;
        unroll_pass_set_state(one, NULL, NULL);
        CHECK_EQUAL(unroll_pass_run(one, input, only, 1, 1, train, 0, &loss), UNROLL_OK);
        float *gradient = traced(one, UNROLL_TRACE_HIDDEN_GRAD);
        for (int l = 0; l < layers; l++)
            for (int s = 0; s <= step; s++) {
                double sum = 0;
                for (int j = 0; j < hidden; j++) sum += pow(gradient[((size_t)l * T + s) * hidden + j], 2);
                want[((size_t)l * T + step) * T + s] = (float)sqrt(sum);
            }
    }
    CHECK_EQUAL(unroll_pass_run(p, input, target, 1, 1, train, 0, &loss), UNROLL_OK);
    float *before = copied(t, UNROLL_SHARD_GRADIENT, (size_t)unroll_trainer_size(t));
    float *hidden_gradient = traced(p, UNROLL_TRACE_HIDDEN_GRAD), *losses = traced(p, UNROLL_TRACE_LOSS);
    CHECK_EQUAL(unroll_pass_flow(p, got), UNROLL_OK);
    CHECK_CLOSE_NAMED(n.name, got, want, layers * T * T, 1e-5);
    for (int l = 0; l < layers; l++)
        for (int row = 0; row < T; row++)
            for (int s = row + 1; s < T; s++) CHECK_EQUAL(got[((size_t)l * T + row) * T + s] == 0, 1);
    CHECK_SAME(unroll_trainer_array(t, UNROLL_SHARD_GRADIENT), before, unroll_trainer_size(t));
    CHECK_SAME(traced(p, UNROLL_TRACE_HIDDEN_GRAD), hidden_gradient, (size_t)layers * T * hidden);
    CHECK_SAME(traced(p, UNROLL_TRACE_LOSS), losses, T);
}

TEST(flow_is_what_one_backward_pass_for_each_loss_shows) {
    for (int k = 0; k < NETWORK_COUNT; k++)
        for (int layers = 1; layers <= 3; layers++) check_flow(NETWORKS[k], layers, 7, layers == 2 ? 5 : 0, 0);
}

TEST(flow_of_one_unit_is_right_as_well) {
    for (int k = 0; k < NETWORK_COUNT; k++) check_flow(NETWORKS[k], 1, 1, 0, 0);
}

TEST(flow_after_dropout_goes_the_ways_that_were_left) {
    for (int k = 0; k < NETWORK_COUNT; k++)
        for (int layers = 1; layers <= 3; layers++) check_flow(NETWORKS[k], layers, 7, 0, 0.4);
}

TEST(flow_can_be_read_twice) {
    for (int k = 0; k < NETWORK_COUNT; k++) {
        unroll_config cfg = settings(NETWORKS[k], 2, 6, 0, V, 1, T);
        unroll_trainer *t = make_trainer(&cfg);
        unroll_pass *p = make_pass(t, 1, T, UNROLL_PASS_FLOW);
        int32_t *input = random_ids(T, V, 21), *target = random_ids(T, V, 22);
        double loss;
        CHECK_EQUAL(unroll_pass_run(p, input, target, 1, 1, 0, 0, &loss), UNROLL_OK);
        float *first = test_floats(2 * T * T), *second = test_floats(2 * T * T);
        unroll_pass_flow(p, first), unroll_pass_flow(p, second);
        CHECK_SAME(second, first, 2 * T * T);
    }
}
