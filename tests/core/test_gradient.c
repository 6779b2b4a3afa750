/* Every gradient against central differences of the loss: every tensor of every cell. */
#include "support.h"

/* How far a number is moved. The four-point formula's error is of order STEP^4, that of float32's rounding 1/STEP. */
#define STEP 0.04f
#define TOLERANCE 2e-3
#define LONG_TOLERANCE 1e-2 /* where hundreds of losses are summed, each with its rounding */

typedef struct scene {
    unroll_trainer *t;
    unroll_pass *p;
    const int32_t *input, *target;
    float *h0, *c0;
    int train;
} scene;

static double loss_of(scene *s, int backward) {
    double loss = 0;
    unroll_trainer_repack(s->t);
    unroll_pass_set_state(s->p, s->h0, s->c0);
    CHECK_EQUAL(unroll_pass_run(s->p, s->input, s->target, backward, 1, s->train, 3, &loss), UNROLL_OK);
    return loss;
}

/* d loss / d x. */
static float slope(scene *s, float *x) {
    float at = *x;
    double loss[4];
    for (int i = 0; i < 4; i++) {
        static const float steps[] = {-2 * STEP, -STEP, STEP, 2 * STEP};
        *x = at + steps[i];
        loss[i] = loss_of(s, 0);
    }
    *x = at;
    return (float)((8 * (loss[2] - loss[1]) - (loss[3] - loss[0])) / (12 * (double)STEP));
}

/* Compares SHARD_GRADIENT of the summed loss with differences, number by number; what is not trained has none. */
static void check_gradients_of(network n, int layers, int hidden, int embedding, double dropout, int kind, int B,
                               int T) {
    enum { V = 5 };
    unroll_config cfg = settings(n, layers, hidden, embedding, V, B, T);
    cfg.dropout = dropout, cfg.dropout_kind = kind;
    scene s = {.t = make_trainer(&cfg), .train = dropout > 0};
    s.p = make_pass(s.t, B, T, UNROLL_PASS_BACKWARD);
    s.input = random_ids((size_t)B * T, V, 11), s.target = random_ids((size_t)B * T, V, 12);
    s.h0 = random_floats((size_t)layers * B * hidden, 0.5f, 13);
    s.c0 = n.cell == UNROLL_LSTM ? random_floats((size_t)layers * B * hidden, 0.5f, 14) : NULL;
    widen(s.t, 1.5f);
    loss_of(&s, 1);
    float *gradient = copied(s.t, UNROLL_SHARD_GRADIENT, (size_t)unroll_trainer_size(s.t));
    for (int i = 0; i < unroll_trainer_tensor_count(s.t); i++) {
        const unroll_tensor *x = unroll_trainer_tensor(s.t, i);
        float *w = unroll_trainer_array(s.t, UNROLL_WEIGHTS) + x->offset, *want = test_floats(tensor_count(x));
        for (size_t j = (size_t)x->trained_from * x->cols; j < tensor_count(x); j++) want[j] = slope(&s, w + j);
        char name[120];
        snprintf(name, sizeof name, "%s L=%d H=%d E=%d B=%d T=%d dropout=%g %s", n.name, layers, hidden, embedding, B,
                 T, dropout, x->name);
        CHECK_CLOSE_NAMED(name, gradient + x->offset, want, tensor_count(x), B * T > 100 ? LONG_TOLERANCE : TOLERANCE);
    }
}

static void check_gradients(network n, int layers, int hidden, int embedding, double dropout) {
    check_gradients_of(n, layers, hidden, embedding, dropout, UNROLL_DROPOUT_UNIT, 2, 4);
}

TEST(one_hot_networks_have_the_gradients_that_differences_show) {
    for (int k = 0; k < NETWORK_COUNT; k++)
        for (int layers = 1; layers <= 3; layers++) check_gradients(NETWORKS[k], layers, 3, 0, 0);
}

TEST(embedded_networks_have_the_gradients_that_differences_show) {
    for (int k = 0; k < NETWORK_COUNT; k++)
        for (int layers = 1; layers <= 2; layers++) check_gradients(NETWORKS[k], layers, 5, 3, 0);
}

TEST(a_network_of_one_unit_has_the_gradients_that_differences_show) {
    for (int k = 0; k < NETWORK_COUNT; k++) check_gradients(NETWORKS[k], 1, 1, 0, 0);
}

/* A pass works in pieces of some 128 rows; these are longer, and wider. */
TEST(long_windows_and_wide_batches_have_the_gradients_that_differences_show) {
    for (int k = 0; k < NETWORK_COUNT; k++) {
        check_gradients_of(NETWORKS[k], 2, 2, 0, 0.2, 0, 1, 150);
        check_gradients_of(NETWORKS[k], 1, 2, 2, 0, 0, 3, 50);
        check_gradients_of(NETWORKS[k], 2, 2, 2, 0, 0, 140, 2);
    }
}

TEST(dropout_is_part_of_the_gradient) {
    for (int k = 0; k < NETWORK_COUNT; k++)
        for (int layers = 1; layers <= 2; layers++) check_gradients(NETWORKS[k], layers, 6, layers == 2 ? 3 : 0, 0.4);
}

TEST(variational_dropout_is_part_of_the_gradient) {
    for (int k = 0; k < NETWORK_COUNT; k++)
        for (int layers = 1; layers <= 2; layers++)
            check_gradients_of(NETWORKS[k], layers, 6, layers == 2 ? 3 : 0, 0.4, UNROLL_DROPOUT_VARIATIONAL, 2, 4);
}

/* What is dropped shows in the gradient of the logits' weights: a unit that is dropped throughout has none. */
TEST(variational_dropout_drops_the_same_units_at_every_step_and_others_in_other_streams_and_updates) {
    enum { V = 5, H = 40, T = 9, B = 2 };
    unroll_config cfg = settings(NETWORKS[1], 1, H, 0, V, B, T);
    cfg.dropout = 0.5, cfg.dropout_kind = UNROLL_DROPOUT_VARIATIONAL;
    unroll_trainer *t = make_trainer(&cfg);
    unroll_pass *p = make_pass(t, B, T, UNROLL_PASS_BACKWARD);
    const unroll_tensor *head = unroll_trainer_tensor(t, unroll_trainer_tensor_count(t) - 2);
    int32_t *input = random_ids(B * T, V, 1);
    char dropped[2][B][T][H];
    for (int step = 0; step < 2; step++)
        for (int b = 0; b < B; b++)
            for (int s = 0; s < T; s++) {
                int32_t only[B * T];
                double loss;
                for (int i = 0; i < B * T; i++) only[i] = i == b * T + s ? 1 : -1;
                unroll_trainer_progress(t)->step = step;
                unroll_pass_set_state(p, NULL, NULL);
                CHECK_EQUAL(unroll_pass_run(p, input, only, 1, 1, 1, 0, &loss), UNROLL_OK);
                const float *dw = unroll_trainer_array(t, UNROLL_SHARD_GRADIENT) + head->offset;
                for (int j = 0; j < H; j++) dropped[step][b][s][j] = dw[j] == 0;
                CHECK_SAME(dropped[step][b][s], dropped[step][b][0], H);
            }
    int count = 0;
    for (int j = 0; j < H; j++) count += dropped[0][0][0][j];
    CHECK(count > H / 4 && count < 3 * H / 4);
    CHECK(memcmp(dropped[0][0][0], dropped[0][1][0], H) && memcmp(dropped[0][0][0], dropped[1][0][0], H));
}

/* A target of -1 must be as if it were not there, in the loss and in every gradient: what is left is the gradient of
 * the other targets, and two disjoint masks add up to the whole. */
TEST(masked_targets_count_for_nothing_and_gradients_add_up) {
    enum { V = 6, B = 2, T = 5 };
    for (int k = 0; k < NETWORK_COUNT; k++) {
        unroll_config cfg = settings(NETWORKS[k], 2, 7, 0, V, B, T);
        unroll_trainer *t = make_trainer(&cfg);
        unroll_pass *p = make_pass(t, B, T, UNROLL_PASS_BACKWARD);
        size_t size = (size_t)unroll_trainer_size(t);
        int32_t *input = random_ids(B * T, V, 1), *target = random_ids(B * T, V, 2);
        float *sum = test_floats(size);
        double loss, parts = 0;
        for (int part = 0; part < 2; part++) {
            int32_t *masked = test_ints(B * T);
            for (int i = 0; i < B * T; i++) masked[i] = i % 3 == 0 ? (part ? -1 : target[i]) : (part ? target[i] : -1);
            unroll_pass_set_state(p, NULL, NULL);
            CHECK_EQUAL(unroll_pass_run(p, input, masked, 1, 1, 0, 0, &loss), UNROLL_OK);
            parts += loss;
            for (size_t i = 0; i < size; i++) sum[i] += unroll_trainer_array(t, UNROLL_SHARD_GRADIENT)[i];
            float *losses = traced(p, UNROLL_TRACE_LOSS);
            for (int b = 0; b < B; b++)
                for (int s = 0; s < T; s++) CHECK((losses[s * B + b] == 0) == (masked[b * T + s] == -1));
        }
        unroll_pass_set_state(p, NULL, NULL);
        CHECK_EQUAL(unroll_pass_run(p, input, target, 1, 1, 0, 0, &loss), UNROLL_OK);
        CHECK_NEAR(parts, loss, 1e-6);
        CHECK_CLOSE(sum, unroll_trainer_array(t, UNROLL_SHARD_GRADIENT), size, 1e-5);
    }
}
