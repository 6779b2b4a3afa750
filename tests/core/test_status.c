/* What goes wrong is a status, and changes nothing. */
#include "support.h"

static const network LSTM = {"lstm", UNROLL_LSTM, 0};

TEST(every_status_has_words) {
    for (int status = UNROLL_OK; status <= UNROLL_BAD_PASS + 1; status++)
        CHECK(unroll_status_text(status) && *unroll_status_text(status));
}

TEST(the_default_settings_lack_the_vocabulary_alone) {
    unroll_config cfg;
    unroll_config_default(&cfg);
    CHECK_EQUAL(unroll_trainer_bytes(&cfg), 0);
    cfg.vocab = 2;
    CHECK(unroll_trainer_bytes(&cfg) > 0);
    CHECK(cfg.cell == UNROLL_LSTM && cfg.layers == 1 && cfg.hidden == 128 && cfg.batch == 32 && cfg.seq_len == 64);
    CHECK(cfg.optimizer == UNROLL_ADAM && cfg.learning_rate == 2e-3 && cfg.clip_mode == UNROLL_CLIP_NORM &&
          cfg.clip_threshold == 5);
    CHECK(cfg.forget_bias == 1 && cfg.seed == 1 && cfg.stateful == 1 && cfg.dropout == 0 && cfg.l1 == 0 && cfg.l2 == 0);
    CHECK(cfg.init == UNROLL_UNIFORM && cfg.init_gain == 1 && cfg.dropout_kind == UNROLL_DROPOUT_UNIT);
}

/* Both bounds of every setting: the value inside is taken, the value outside is refused. */
TEST(settings_are_taken_up_to_their_bounds_and_refused_beyond) {
#define TRY(field, value, taken)                              \
    do {                                                      \
        unroll_config cfg = settings(LSTM, 1, 4, 0, 5, 2, 3); \
        cfg.field = (value);                                  \
        CHECK((unroll_trainer_bytes(&cfg) > 0) == (taken));   \
    } while (0)
#define INTEGER(field, low, high) \
    TRY(field, low, 1);           \
    TRY(field, high, 1);          \
    TRY(field, (low)-1, 0);       \
    TRY(field, (high) + 1, 0)
#define REAL(field, inside, outside) \
    TRY(field, inside, 1);           \
    TRY(field, outside, 0);          \
    TRY(field, NAN, 0);              \
    TRY(field, INFINITY, 0)
    INTEGER(cell, UNROLL_RNN, UNROLL_ATTENTION);
    INTEGER(gru_after, 0, 1);
    INTEGER(layers, 1, 4);
    INTEGER(hidden, 1, 2048);
    INTEGER(embedding, 0, 2048);
    INTEGER(vocab, 2, 1114112);
    INTEGER(batch, 1, 4096);
    INTEGER(seq_len, 1, 65536);
    INTEGER(stateful, 0, 1);
    INTEGER(optimizer, UNROLL_SGD, UNROLL_ADAMW);
    INTEGER(clip_mode, UNROLL_CLIP_NONE, UNROLL_CLIP_VALUE);
    INTEGER(init, UNROLL_UNIFORM, UNROLL_IDENTITY);
    INTEGER(dropout_kind, UNROLL_DROPOUT_UNIT, UNROLL_DROPOUT_VARIATIONAL);
    REAL(init_gain, 100, 101);
    REAL(init_gain, 1e-3, 0);
    REAL(learning_rate, 1e-9, 0);
    REAL(momentum, 1, 1.01);
    REAL(momentum, 0, -0.01);
    REAL(alpha, 1, 1.01);
    REAL(beta1, 0, 1);
    REAL(beta2, 0.999, 1);
    REAL(epsilon, 1e-12, 1e-16);
    REAL(weight_decay, 0, -1);
    REAL(clip_threshold, 1e-6, 0);
    REAL(l1, 0, -1);
    REAL(l2, 0, -1);
    REAL(dropout, 0.99, 1);
    REAL(learning_rate, 1000, 1001);
    REAL(epsilon, 1, 1.1);
    REAL(weight_decay, 1000, 1001);
    REAL(clip_threshold, 1e9, 1.1e9);
    REAL(l1, 1000, 1001);
    REAL(l2, 1000, 1001);
    REAL(forget_bias, -100, -101);
    REAL(forget_bias, 100, 1e300);
}

TEST(settings_too_large_to_count_are_refused) {
    unroll_config cfg = settings(LSTM, 4, 2048, 2048, 1114112, 4096, 65536);
    CHECK_EQUAL(unroll_trainer_bytes(&cfg), 0);
}

TEST(a_block_one_byte_too_small_is_refused_and_left_alone) {
    unroll_config cfg = settings(LSTM, 2, 8, 3, 5, 2, 3);
    size_t bytes = unroll_trainer_bytes(&cfg);
    unsigned char *block = test_room(bytes);
    memset(block, 0xa5, bytes);
    unroll_trainer *t = (unroll_trainer *)&cfg;
    CHECK_EQUAL(unroll_trainer_init(&t, block, bytes - 1, &cfg), UNROLL_NO_SPACE);
    CHECK(t == (unroll_trainer *)&cfg);
    for (size_t i = 0; i < bytes; i++) CHECK(block[i] == 0xa5);
    t = make_trainer(&cfg);
    bytes = unroll_pass_bytes(t, 2, 3, UNROLL_PASS_BACKWARD | UNROLL_PASS_LOGITS);
    unroll_pass *p = (unroll_pass *)&cfg;
    CHECK_EQUAL(unroll_pass_init(&p, test_room(bytes), bytes - 1, t, 2, 3, UNROLL_PASS_BACKWARD | UNROLL_PASS_LOGITS),
                UNROLL_NO_SPACE);
    CHECK(p == (unroll_pass *)&cfg);
}

TEST(passes_refuse_sizes_that_make_no_sense) {
    unroll_config cfg = settings(LSTM, 1, 4, 0, 5, 2, 3);
    unroll_trainer *t = make_trainer(&cfg);
    CHECK_EQUAL(unroll_pass_bytes(t, 0, 3, 0), 0);
    CHECK_EQUAL(unroll_pass_bytes(t, 2, 0, 0), 0);
    CHECK_EQUAL(unroll_pass_bytes(t, 2, -1, 0), 0);
    CHECK_EQUAL(unroll_pass_bytes(t, 2, 3, UNROLL_PASS_FLOW), 0);
    CHECK_EQUAL(unroll_pass_bytes(t, 2, 3, 8), 0);
    CHECK_EQUAL(unroll_pass_bytes(t, INT32_MAX, INT32_MAX, 0), 0);
    CHECK(unroll_pass_bytes(t, 1, 3, UNROLL_PASS_FLOW) > unroll_pass_bytes(t, 1, 3, UNROLL_PASS_BACKWARD));
}

TEST(a_pass_has_only_what_it_was_asked_for) {
    unroll_config cfg = settings(NETWORKS[2], 2, 4, 0, 5, 2, 3);
    unroll_trainer *t = make_trainer(&cfg);
    unroll_pass *p = make_pass(t, 2, 3, 0);
    CHECK_EQUAL(unroll_pass_count(p, UNROLL_TRACE_HIDDEN), 2 * 3 * 2 * 4);
    CHECK_EQUAL(unroll_pass_count(p, UNROLL_TRACE_LOSS), 6);
    CHECK_EQUAL(unroll_pass_count(p, UNROLL_TRACE_GATE + 2), 2 * 3 * 2 * 4);
    CHECK_EQUAL(unroll_pass_count(p, UNROLL_TRACE_GATE + 3), 0);
    CHECK_EQUAL(unroll_pass_count(p, UNROLL_TRACE_CELL), 0);
    CHECK_EQUAL(unroll_pass_count(p, UNROLL_TRACE_HIDDEN_GRAD), 0);
    CHECK_EQUAL(unroll_pass_count(p, UNROLL_TRACE_LOGITS), 0);
    CHECK_EQUAL(unroll_pass_count(p, -1), 0);
    CHECK_EQUAL(unroll_pass_count(p, 99), 0);
    p = make_pass(t, 2, 3, UNROLL_PASS_LOGITS | UNROLL_PASS_BACKWARD);
    CHECK_EQUAL(unroll_pass_count(p, UNROLL_TRACE_HIDDEN_GRAD), 2 * 3 * 2 * 4);
    CHECK_EQUAL(unroll_pass_count(p, UNROLL_TRACE_PROBABILITIES), 3 * 2 * 5);
}

/* Everything of a trainer that a failed call must leave as it was. */
typedef struct snapshot {
    float *weights, *moment1, *moment2, *h, *c;
    unroll_progress progress;
} snapshot;

static snapshot snapshot_of(unroll_trainer *t, size_t state) {
    size_t n = (size_t)unroll_trainer_size(t);
    return (snapshot){weights_copy(t),
                      copied(t, UNROLL_MOMENT1, n),
                      copied(t, UNROLL_MOMENT2, n),
                      copied(t, UNROLL_STATE_H, state),
                      copied(t, UNROLL_STATE_C, state),
                      *unroll_trainer_progress(t)};
}

static void check_untouched(unroll_trainer *t, snapshot s, size_t state) {
    size_t n = (size_t)unroll_trainer_size(t);
    CHECK_SAME(unroll_trainer_array(t, UNROLL_WEIGHTS), s.weights, n);
    CHECK_SAME(unroll_trainer_array(t, UNROLL_MOMENT1), s.moment1, n);
    CHECK_SAME(unroll_trainer_array(t, UNROLL_MOMENT2), s.moment2, n);
    CHECK_SAME(unroll_trainer_array(t, UNROLL_STATE_H), s.h, state);
    CHECK_SAME(unroll_trainer_array(t, UNROLL_STATE_C), s.c, state);
    CHECK_SAME(unroll_trainer_progress(t), &s.progress, 1);
}

static float largest_of(const float *x, size_t n) {
    float most = 0;
    for (size_t i = 0; i < n; i++) most = fmaxf(most, fabsf(x[i]));
    return most;
}

TEST(bad_texts_are_refused_and_change_nothing) {
    enum { B = 2, T = 4, V = 5, STATE = B * 6 };
    unroll_config cfg = settings(LSTM, 1, 6, 0, V, B, T);
    unroll_trainer *t = make_trainer(&cfg);
    int32_t *text = random_ids(60, V, 1);
    unroll_report report;
    unroll_evaluation e = {-1, -1, -1};
    CHECK_EQUAL(unroll_trainer_step(t, text, 60, 3, &report), UNROLL_OK);
    snapshot s = snapshot_of(t, STATE);
    unroll_report before = report;
    for (int count = 0; count < B * T + 1; count++)
        CHECK_EQUAL(unroll_trainer_step(t, text, count, 1, &report), UNROLL_TOO_FEW_TOKENS);
    for (int count = 0; count < B + 1; count++)
        CHECK_EQUAL(unroll_trainer_evaluate(t, text, count, NULL, 0, &e), UNROLL_TOO_FEW_TOKENS);
    static const int32_t bad[] = {-2, -1, V, INT32_MAX, INT32_MIN};
    for (int i = 0; i < 5; i++) {
        int32_t broken[B * T + 1];
        memcpy(broken, text, sizeof broken);
        broken[5] = bad[i];
        unroll_progress fresh = s.progress;
        fresh.window = 0;
        *unroll_trainer_progress(t) = fresh;
        CHECK_EQUAL(unroll_trainer_step(t, broken, B * T + 1, 1, &report), UNROLL_BAD_TOKEN);
        CHECK_EQUAL(unroll_trainer_step_window(t, broken, text, 0, &report), UNROLL_BAD_TOKEN);
        if (bad[i] != -1) CHECK_EQUAL(unroll_trainer_step_window(t, text, broken, 0, &report), UNROLL_BAD_TOKEN);
        CHECK_EQUAL(unroll_trainer_evaluate(t, broken, B * T + 1, NULL, 0, &e), UNROLL_BAD_TOKEN);
        broken[5] = text[5], broken[B * T] = bad[i]; /* a target alone */
        CHECK_EQUAL(unroll_trainer_step(t, broken, B * T + 1, 1, &report), UNROLL_BAD_TOKEN);
        CHECK_EQUAL(unroll_trainer_evaluate(t, broken, B * T + 1, NULL, 0, &e), UNROLL_BAD_TOKEN);
        *unroll_trainer_progress(t) = s.progress;
    }
    check_untouched(t, s, STATE);
    CHECK_SAME(&report, &before, 1);
    CHECK(e.loss == -1 && e.tokens == -1);
    CHECK_EQUAL(unroll_trainer_step(t, text, B * T + 1, 1, &report), UNROLL_OK);
}

TEST(a_loss_that_is_not_finite_stops_before_any_weight_changes) {
    enum { B = 2, T = 4, V = 5, STATE = B * 6 };
    for (int k = 0; k < NETWORK_COUNT; k++)
        for (int infinite = 0; infinite < 2; infinite++) {
            unroll_config cfg = settings(NETWORKS[k], 1, 6, 0, V, B, T);
            unroll_trainer *t = make_trainer(&cfg);
            int32_t *text = random_ids(60, V, 1);
            unroll_report report;
            CHECK_EQUAL(unroll_trainer_step(t, text, 60, 3, &report), UNROLL_OK);
            unroll_trainer_array(t, UNROLL_WEIGHTS)[unroll_trainer_tensor(t, 0)->offset + 2] =
                infinite ? INFINITY : NAN;
            const unroll_tensor *head = unroll_trainer_tensor(t, unroll_trainer_tensor_count(t) - 1);
            unroll_trainer_array(t, UNROLL_WEIGHTS)[head->offset] = infinite ? INFINITY : NAN;
            unroll_trainer_repack(t);
            snapshot s = snapshot_of(t, STATE);
            unroll_report before = report;
            CHECK_EQUAL(unroll_trainer_step(t, text, 60, 2, &report), UNROLL_DIVERGED);
            check_untouched(t, s, STATE);
            CHECK_SAME(&report, &before, 1);
        }
}

TEST(an_update_is_refused_when_its_loss_or_any_gradient_is_not_finite) {
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    unroll_config cfg = settings(LSTM, 1, 6, 0, 5, 2, 4);
    unroll_trainer *t = make_trainer(&cfg);
    unroll_report report = {.step = -1};
    snapshot s = snapshot_of(t, 2 * 6);
    for (int i = 0; i < 3; i++) {
        CHECK_EQUAL(unroll_trainer_update(t, bad[i], 8, &report), UNROLL_DIVERGED);
        unroll_trainer_array(t, UNROLL_GRADIENT)[7] = (float)bad[i];
        CHECK_EQUAL(unroll_trainer_update(t, 1, 8, &report), UNROLL_DIVERGED);
        unroll_trainer_array(t, UNROLL_GRADIENT)[7] = 0;
    }
    check_untouched(t, s, 2 * 6);
    CHECK(report.step == -1);
}

/* Decay at the highest rate multiplies the weights a hundredthousandfold an update; the loss is finite for a while. */
TEST(an_absurd_rate_ends_in_divergence_with_finite_weights_and_losses) {
    unroll_config cfg = settings(NETWORKS[0], 1, 16, 0, 5, 2, 8);
    cfg.optimizer = UNROLL_SGD, cfg.learning_rate = 1000, cfg.l2 = 1000, cfg.clip_mode = UNROLL_CLIP_NONE;
    unroll_trainer *t = make_trainer(&cfg);
    int32_t *text = random_ids(200, 5, 1);
    unroll_report report;
    unroll_status status = UNROLL_OK;
    for (int step = 0; step < 10 && !status; step++) {
        status = unroll_trainer_step(t, text, 200, 1, &report);
        CHECK(isfinite(report.loss) && isfinite(report.grad_norm));
    }
    CHECK_EQUAL(status, UNROLL_DIVERGED);
    for (int32_t i = 0; i < unroll_trainer_size(t); i++) CHECK(isfinite(unroll_trainer_array(t, UNROLL_WEIGHTS)[i]));
}

/* Decay stands outside the gradient whose norm is looked at, and multiplies the weights in each of these. */
TEST(weights_stay_finite_whatever_the_decay) {
    static const struct {
        int optimizer;
        double rate, decay;
    } runs[] = {{UNROLL_ADAMW, 30, 10},       {UNROLL_MOMENTUM, 10, 10}, {UNROLL_SGD, 1000, 1000},
                {UNROLL_RMSPROP, 1000, 1000}, {UNROLL_ADAM, 1000, 1000}, {UNROLL_ADAMW, 1000, 1000},
                {UNROLL_MOMENTUM, 1000, 1000}};
    for (int clip = UNROLL_CLIP_NONE; clip <= UNROLL_CLIP_VALUE; clip++)
        for (size_t k = 0; k < sizeof runs / sizeof *runs; k++) {
            unroll_config cfg = settings(NETWORKS[0], 1, 16, 0, 5, 2, 8);
            cfg.optimizer = runs[k].optimizer, cfg.learning_rate = runs[k].rate, cfg.weight_decay = runs[k].decay;
            cfg.clip_mode = clip;
            unroll_trainer *t = make_trainer(&cfg);
            int32_t *text = random_ids(200, 5, 1);
            size_t n = (size_t)unroll_trainer_size(t);
            unroll_report report;
            for (int step = 0; step < 60; step++) {
                snapshot s = snapshot_of(t, 2 * 16);
                if (unroll_trainer_step(t, text, 200, 1, &report)) check_untouched(t, s, 2 * 16);
                for (size_t i = 0; i < n; i++) {
                    CHECK(isfinite(unroll_trainer_array(t, UNROLL_WEIGHTS)[i]));
                    CHECK(isfinite(unroll_trainer_array(t, UNROLL_MOMENT1)[i]));
                    CHECK(isfinite(unroll_trainer_array(t, UNROLL_MOMENT2)[i]));
                }
            }
        }
}

/* A number in the row of a token that the window does not read, so that no loss tells of it. */
TEST(weights_or_moments_from_outside_that_no_update_can_take_are_refused_before_it) {
    static const struct {
        unroll_array array;
        float number;
    } odd[] = {{UNROLL_WEIGHTS, 3e38f},    {UNROLL_WEIGHTS, NAN}, {UNROLL_MOMENT1, 3e38f}, {UNROLL_MOMENT1, NAN},
               {UNROLL_MOMENT2, INFINITY}, {UNROLL_MOMENT2, NAN}, {UNROLL_MOMENT2, -1e-9f}};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        unroll_config cfg = settings(LSTM, 1, 6, 0, 5, 2, 4);
        unroll_trainer *t = make_trainer(&cfg);
        int32_t *text = random_ids(60, 4, 1);
        const unroll_tensor *table = unroll_trainer_tensor(t, 0);
        float *number = unroll_trainer_array(t, odd[i].array) + table->offset + 4; /* of token 4, which is in no text */
        unroll_report report;
        *number = odd[i].number;
        unroll_trainer_repack(t);
        snapshot s = snapshot_of(t, 2 * 6);
        CHECK_EQUAL(unroll_trainer_step(t, text, 60, 1, &report), UNROLL_DIVERGED);
        check_untouched(t, s, 2 * 6);
        *number = 0.1f;
        unroll_trainer_repack(t);
        CHECK_EQUAL(unroll_trainer_step(t, text, 60, 1, &report), UNROLL_OK);
    }
}

TEST(a_loss_that_is_not_finite_is_a_status_of_whatever_reads_it) {
    for (int k = 0; k < NETWORK_COUNT; k++) {
        unroll_config cfg = settings(NETWORKS[k], 2, 6, 0, 5, 2, 4);
        unroll_trainer *t = make_trainer(&cfg);
        int32_t *text = random_ids(60, 5, 1), id = -7;
        for (int32_t i = 0; i < unroll_trainer_size(t); i++)
            unroll_trainer_array(t, UNROLL_WEIGHTS)[i] = i % 2 ? 3e38f : -3e38f;
        unroll_trainer_repack(t);
        unroll_evaluation e = {-1, -1, -1};
        double loss = -1;
        CHECK_EQUAL(unroll_trainer_evaluate(t, text, 60, NULL, 0, &e), UNROLL_DIVERGED);
        CHECK(e.loss == -1 && e.accuracy == -1 && e.tokens == -1);
        CHECK_EQUAL(unroll_pass_run(make_pass(t, 2, 4, 0), text, text, 0, 1, 0, 0, &loss), UNROLL_DIVERGED);
        CHECK(loss == -1);
        unroll_pass *p = make_pass(t, 1, 1, UNROLL_PASS_LOGITS);
        for (int greedy = 0; greedy < 2; greedy++)
            CHECK_EQUAL(unroll_pass_sample(p, NULL, NULL, text, 3, 1, !greedy, 0, 1, &id, NULL), UNROLL_DIVERGED);
        CHECK_EQUAL(id, -7);
    }
}

TEST(a_block_that_is_not_aligned_is_refused) {
    unroll_config cfg = settings(LSTM, 1, 6, 0, 5, 1, 4);
    size_t bytes = unroll_trainer_bytes(&cfg);
    unroll_trainer *t = NULL;
    CHECK_EQUAL(unroll_trainer_init(&t, (char *)test_room(bytes + 4) + 4, bytes, &cfg), UNROLL_BAD_CONFIG);
    CHECK(!t);
    t = make_trainer(&cfg), bytes = unroll_pass_bytes(t, 1, 4, 0);
    unroll_pass *p = NULL;
    CHECK_EQUAL(unroll_pass_init(&p, (char *)test_room(bytes + 4) + 4, bytes, t, 1, 4, 0), UNROLL_BAD_CONFIG);
    CHECK(!p);
}

/* 64 heads of 4,097 positions in 4 blocks: more weights than 32 bits count. */
TEST(weights_of_attention_that_memory_cannot_hold_are_counted_as_such) {
    unroll_config cfg = settings((network){"attention", UNROLL_ATTENTION, 0}, 4, 64, 0, 5, 1, 4097);
    cfg.heads = 64;
    unroll_pass *p = make_pass(make_trainer(&cfg), 1, 4097, 0);
    size_t count = unroll_pass_count(p, UNROLL_TRACE_ATTENTION);
    if (sizeof(size_t) > 4) CHECK_EQUAL(count, 4LL * 64 * 4097 * 4097);
    else CHECK(count == SIZE_MAX);
    float untouched = -7;
    if (count == SIZE_MAX) unroll_pass_copy(p, UNROLL_TRACE_ATTENTION, &untouched);
    CHECK(untouched == -7);
}

/* What the last run left is gone once the state, the holds or a sample have come between. */
TEST(flow_is_of_a_run_that_nothing_came_after) {
    const network kinds[] = {NETWORKS[2], {"attention", UNROLL_ATTENTION, 0}};
    for (int k = 0; k < 2; k++) {
        unroll_config cfg = settings(kinds[k], 2, 6, 0, 5, 1, 4);
        cfg.heads = 2;
        unroll_trainer *t = make_trainer(&cfg);
        int32_t *ids = random_ids(5, 5, 1), id;
        float flow[2 * 16];
        double loss, again;
        unroll_pass *p = make_pass(t, 1, 4, UNROLL_PASS_FLOW | UNROLL_PASS_LOGITS);
        for (int between = 0; between < 4; between++) {
            if (between == 3 && k == 0) continue; /* sampling takes a recurrent pass of one step */
            CHECK_EQUAL(unroll_pass_run(p, ids, ids + 1, 0, 1, 0, 0, &loss), UNROLL_OK);
            CHECK_EQUAL(unroll_pass_flow(p, flow), UNROLL_OK);
            if (between == 0) unroll_pass_carry(p);
            if (between == 1) unroll_pass_set_state(p, NULL, NULL);
            if (between == 2) CHECK_EQUAL(unroll_pass_hold(p, NULL, 0), UNROLL_OK);
            if (between == 3) CHECK_EQUAL(unroll_pass_sample(p, NULL, NULL, ids, 2, 1, 1, 0, 1, &id, NULL), UNROLL_OK);
            CHECK_EQUAL(unroll_pass_flow(p, flow), UNROLL_BAD_PASS);
            unroll_pass_set_state(p, NULL, NULL);
            CHECK_EQUAL(unroll_pass_run(p, ids, ids + 1, 0, 1, 0, 0, &again), UNROLL_OK);
            CHECK(loss == again);
        }
    }
}

TEST(a_pass_refuses_what_it_was_not_made_for) {
    unroll_config cfg = settings(LSTM, 1, 6, 0, 5, 1, 4);
    cfg.dropout = 0.5;
    unroll_trainer *t = make_trainer(&cfg);
    int32_t *ids = random_ids(4, 5, 1), drawn = -7;
    float flow[16] = {-1};
    double loss = -1;
    unroll_pass *plain = make_pass(t, 1, 4, 0), *back = make_pass(t, 1, 4, UNROLL_PASS_BACKWARD);
    unroll_pass *deep = make_pass(t, 1, 4, UNROLL_PASS_FLOW);
    CHECK_EQUAL(unroll_pass_run(plain, ids, ids, 1, 1, 0, 0, &loss), UNROLL_BAD_PASS);
    CHECK_EQUAL(unroll_pass_run(plain, ids, ids, 0, 1, 1, 0, &loss), UNROLL_BAD_PASS);
    CHECK_EQUAL(unroll_pass_flow(deep, flow), UNROLL_BAD_PASS);
    CHECK_EQUAL(unroll_pass_sample(back, NULL, NULL, ids, 4, 1, 1, 0, 1, &drawn, NULL), UNROLL_BAD_PASS);
    CHECK_EQUAL(unroll_pass_sample(make_pass(t, 1, 1, 0), NULL, NULL, ids, 4, 1, 1, 0, 1, &drawn, NULL),
                UNROLL_BAD_PASS);
    CHECK(loss == -1 && drawn == -7);
    CHECK_EQUAL(unroll_pass_run(plain, ids, ids, 0, 1, 0, 0, &loss), UNROLL_OK);
    CHECK_EQUAL(unroll_pass_run(back, ids, ids, 1, 1, 1, 0, &loss), UNROLL_OK);
    CHECK_EQUAL(unroll_pass_flow(back, flow), UNROLL_BAD_PASS);
    CHECK(flow[0] == -1);
}

TEST(a_refused_run_leaves_the_one_before) {
    unroll_config cfg = settings(LSTM, 1, 6, 0, 5, 1, 4);
    unroll_trainer *t = make_trainer(&cfg);
    int32_t *ids = random_ids(4, 5, 1), bad[4] = {0, 5, 0, 0};
    float before[16], after[16];
    double loss;
    unroll_pass *p = make_pass(t, 1, 4, UNROLL_PASS_FLOW);
    CHECK_EQUAL(unroll_pass_run(p, ids, ids, 1, 1, 0, 0, &loss), UNROLL_OK);
    CHECK_EQUAL(unroll_pass_flow(p, before), UNROLL_OK);
    CHECK_EQUAL(unroll_pass_run(p, bad, ids, 1, 1, 0, 3, &loss), UNROLL_BAD_TOKEN);
    CHECK_EQUAL(unroll_pass_flow(p, after), UNROLL_OK);
    for (int i = 0; i < 16; i++) CHECK(after[i] == before[i]);
}

TEST(a_scale_is_a_number_and_never_a_mode) {
    static const double refused[] = {NAN, INFINITY, 1e39};
    unroll_config cfg = settings(LSTM, 1, 6, 0, 5, 2, 4);
    unroll_trainer *t = make_trainer(&cfg);
    size_t n = (size_t)unroll_trainer_size(t);
    unroll_pass *p = make_pass(t, 2, 4, UNROLL_PASS_BACKWARD);
    int32_t *ids = random_ids(8, 5, 1);
    double loss = -1;
    for (int i = 0; i < 3; i++)
        CHECK_EQUAL(unroll_pass_run(p, ids, ids, 1, refused[i], 0, 0, &loss), UNROLL_BAD_CONFIG);
    CHECK(loss == -1);
    for (int tiny = 0; tiny < 2; tiny++) {
        CHECK_EQUAL(unroll_pass_run(p, ids, ids, 1, tiny ? 1e-60 : 0, 0, 0, &loss), UNROLL_OK);
        CHECK_NEAR(largest_of(unroll_trainer_array(t, UNROLL_SHARD_GRADIENT), n), 0, 0);
    }
}

/* At 1,114,112 tokens 256 rows of logits would be 1.1 GB. */
TEST(a_large_vocabulary_takes_few_rows_of_logits_at_once) {
    unroll_config cfg = settings(LSTM, 1, 1, 1, 1114112, 1, 300);
    CHECK(unroll_trainer_bytes(&cfg) > 0 && unroll_trainer_bytes(&cfg) < 300e6);
}

TEST(rates_can_change_in_mid_training_and_bad_ones_change_nothing) {
    unroll_config cfg = settings(LSTM, 1, 6, 0, 5, 2, 4);
    unroll_trainer *t = make_trainer(&cfg);
    int32_t *text = random_ids(60, 5, 1);
    unroll_report report;
    cfg.learning_rate = 0.5, cfg.clip_threshold = 1e-3, cfg.hidden = 99; /* hidden is not looked at */
    CHECK_EQUAL(unroll_trainer_configure(t, &cfg), UNROLL_OK);
    CHECK_EQUAL(unroll_trainer_step(t, text, 60, 1, &report), UNROLL_OK);
    CHECK_NEAR(report.learning_rate, 0.5, 0);
    CHECK_NEAR(report.clipped_norm, 1e-3, 1e-5);
    cfg.learning_rate = NAN;
    CHECK_EQUAL(unroll_trainer_configure(t, &cfg), UNROLL_BAD_CONFIG);
    CHECK_EQUAL(unroll_trainer_step(t, text, 60, 1, &report), UNROLL_OK);
    CHECK_NEAR(report.learning_rate, 0.5, 0);
}
