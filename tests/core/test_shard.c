/* The batch in slices: the same gradient as in one piece, whoever computes the slices. */
#include "support.h"

enum { T = 20, V = 7, H = 9, L = 2 };

/* Two slices, alike and unlike; and eight, unlike. */
static const int BATCHES[] = {40, 33, 131};
enum { BATCH_COUNT = sizeof BATCHES / sizeof *BATCHES };

/* The gradient of the mean loss of all B streams at once. */
static float *whole_gradient(unroll_trainer *t, int B, const int32_t *input, const int32_t *target, int train,
                             double *loss) {
    unroll_pass *p = make_pass(t, B, T, UNROLL_PASS_BACKWARD);
    CHECK_EQUAL(unroll_pass_run(p, input, target, 1, 1.0 / (B * T), train, 0, loss), UNROLL_OK);
    return copied(t, UNROLL_SHARD_GRADIENT, (size_t)unroll_trainer_size(t));
}

/* The same by slices, each by a pass of its own size; leaves it in GRADIENT. */
static double sliced_gradient(unroll_trainer *t, int B, const int32_t *input, const int32_t *target, int train) {
    double sum = 0, loss;
    for (int s = 0; s < unroll_shard_count(B); s++) {
        int from = unroll_shard_begin(B, s), streams = unroll_shard_begin(B, s + 1) - from;
        unroll_pass *p = make_pass(t, streams, T, UNROLL_PASS_BACKWARD);
        CHECK_EQUAL(unroll_pass_run(p, input + from * T, target + from * T, 1, 1.0 / (B * T), train, from, &loss),
                    UNROLL_OK);
        unroll_trainer_reduce(t, s == 0);
        sum += loss;
    }
    return sum;
}

static void check_slices(network n, int B, int embedding, double dropout) {
    unroll_config cfg = settings(n, L, H, embedding, V, B, T);
    cfg.dropout = dropout;
    unroll_trainer *t = make_trainer(&cfg);
    int32_t *input = random_ids(B * T, V, 3), *target = random_ids(B * T, V, 4);
    double whole;
    float *want = whole_gradient(t, B, input, target, 1, &whole);
    CHECK_NEAR(sliced_gradient(t, B, input, target, 1), whole, 1e-6);
    CHECK_CLOSE_NAMED(n.name, unroll_trainer_array(t, UNROLL_GRADIENT), want, unroll_trainer_size(t), 1e-5);
}

TEST(these_batches_have_two_two_and_eight_slices) {
    static const int want[] = {2, 2, 8};
    for (int i = 0; i < BATCH_COUNT; i++) CHECK_EQUAL(unroll_shard_count(BATCHES[i]), want[i]);
}

TEST(slices_add_up_to_the_gradient_of_the_whole_batch) {
    for (int k = 0; k < NETWORK_COUNT; k++)
        for (int i = 0; i < BATCH_COUNT; i++)
            check_slices(NETWORKS[k], BATCHES[i], 0, 0), check_slices(NETWORKS[k], BATCHES[i], 4, 0);
}

TEST(dropout_falls_on_the_same_units_whether_sliced_or_not) {
    for (int k = 0; k < NETWORK_COUNT; k++) check_slices(NETWORKS[k], BATCHES[k % BATCH_COUNT], 0, 0.3);
}

/* What workers do: each its slices, gradients added in slice order, one update. The bits must be those of a step. */
TEST(slices_reduced_in_order_and_applied_are_a_step_to_the_bit) {
    for (int i = 0; i < NETWORK_COUNT * BATCH_COUNT; i++) {
        int B = BATCHES[i / NETWORK_COUNT];
        unroll_config cfg = settings(NETWORKS[i % NETWORK_COUNT], L, H, 0, V, B, T);
        cfg.dropout = 0.2;
        unroll_trainer *alone = make_trainer(&cfg), *sharded = make_trainer(&cfg);
        int32_t *input = random_ids(B * T, V, 3), *target = random_ids(B * T, V, 4);
        unroll_report a, b;
        for (int step = 0; step < 3; step++) {
            CHECK_EQUAL(unroll_trainer_step_window(alone, input, target, 1, &a), UNROLL_OK);
            double loss = sliced_gradient(sharded, B, input, target, 1) / (B * T);
            CHECK_EQUAL(unroll_trainer_update(sharded, loss, B * T, &b), UNROLL_OK);
            CHECK_SAME(&a, &b, 1);
        }
        CHECK_SAME(weights_copy(sharded), weights_copy(alone), unroll_trainer_size(alone));
    }
}

TEST(the_state_after_a_run_is_the_last_step_of_its_trace) {
    enum { B = 5 };
    for (int k = 0; k < NETWORK_COUNT; k++) {
        unroll_config cfg = settings(NETWORKS[k], L, H, 0, V, B, T);
        unroll_trainer *t = make_trainer(&cfg);
        unroll_pass *p = make_pass(t, B, T, 0);
        int lstm = cfg.cell == UNROLL_LSTM;
        double loss;
        CHECK_EQUAL(unroll_pass_run(p, random_ids(B * T, V, 3), random_ids(B * T, V, 4), 0, 1, 0, 0, &loss), UNROLL_OK);
        float *h = test_floats(L * B * H), *c = test_floats(L * B * H);
        unroll_pass_get_state(p, h, c);
        float *hidden = traced(p, UNROLL_TRACE_HIDDEN), *cell = lstm ? traced(p, UNROLL_TRACE_CELL) : NULL;
        for (int l = 0; l < L; l++) {
            size_t last = ((size_t)l * T + T - 1) * B * H;
            CHECK_SAME(h + l * B * H, hidden + last, B * H);
            CHECK_SAME(c + l * B * H, lstm ? cell + last : test_floats(B * H), B * H);
        }
    }
}
