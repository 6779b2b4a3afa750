/* The Transformer: its gradients, its window and the cache that sampling keeps. PyTorch's numbers: test_golden.c. */
#include "support.h"

enum { V = 7 };
static const network ATTENTION = {"attention", UNROLL_ATTENTION, 0};

static unroll_config sized(int layers, int hidden, int heads, int batch, int seq_len) {
    unroll_config cfg = settings(ATTENTION, layers, hidden, 0, V, batch, seq_len);
    cfg.heads = heads;
    return cfg;
}

/* A trainer whose biases and norms are no longer those of the start, so that each counts. */
static unroll_trainer *stirred(const unroll_config *cfg, float size) {
    unroll_trainer *t = make_trainer(cfg);
    int n = unroll_trainer_size(t);
    float *w = unroll_trainer_array(t, UNROLL_WEIGHTS), *more = random_floats((size_t)n, size, 5);
    for (int i = 0; i < unroll_trainer_tensor_count(t); i++) {
        const unroll_tensor *x = unroll_trainer_tensor(t, i);
        for (size_t j = 0; j < tensor_count(x); j++) w[x->offset + j] += more[x->offset + j];
    }
    unroll_trainer_repack(t);
    return t;
}

TEST(the_table_names_what_a_transformer_has) {
    unroll_config cfg = sized(2, 8, 2, 1, 6);
    unroll_trainer *t = make_trainer(&cfg);
    static const struct {
        const char *name;
        int rows, cols;
    } want[] = {
        {"embedding.weight", V, 8},
        {"position.weight", 6, 8},
        {"blocks.0.norm1.weight", 8, 1},
        {"blocks.0.norm1.bias", 8, 1},
        {"blocks.0.self_attn.in_proj_weight", 24, 8},
        {"blocks.0.self_attn.in_proj_bias", 24, 1},
        {"blocks.0.self_attn.out_proj.weight", 8, 8},
        {"blocks.0.self_attn.out_proj.bias", 8, 1},
        {"blocks.0.norm2.weight", 8, 1},
        {"blocks.0.norm2.bias", 8, 1},
        {"blocks.0.linear1.weight", 32, 8},
        {"blocks.0.linear1.bias", 32, 1},
        {"blocks.0.linear2.weight", 8, 32},
        {"blocks.0.linear2.bias", 8, 1},
    };
    enum { BLOCK = 12, FIRST = 14 };
    CHECK_EQUAL(unroll_trainer_tensor_count(t), 2 + 2 * BLOCK + 4);
    for (int i = 0; i < FIRST; i++) {
        const unroll_tensor *x = unroll_trainer_tensor(t, i);
        CHECK(!strcmp(x->name, want[i].name));
        CHECK_EQUAL(x->rows, want[i].rows);
        CHECK_EQUAL(x->cols, want[i].cols);
        CHECK_EQUAL(x->trained_from, 0);
    }
    CHECK(!strcmp(unroll_trainer_tensor(t, FIRST)->name, "blocks.1.norm1.weight"));
    CHECK(!strcmp(unroll_trainer_tensor(t, 2 + 2 * BLOCK)->name, "norm.weight"));
    CHECK(!strcmp(unroll_trainer_tensor(t, 2 + 2 * BLOCK + 3)->name, "head.bias"));
}

TEST(it_begins_with_plain_norms_no_biases_and_matrices_within_their_bounds) {
    unroll_config cfg = sized(1, 16, 4, 1, 5);
    unroll_trainer *t = make_trainer(&cfg);
    for (int i = 0; i < unroll_trainer_tensor_count(t); i++) {
        const unroll_tensor *x = unroll_trainer_tensor(t, i);
        const float *w = unroll_trainer_array(t, UNROLL_WEIGHTS) + x->offset;
        double bound = 1 / sqrt(x->cols), sum = 0, most = 0;
        for (size_t j = 0; j < tensor_count(x); j++) sum += w[j], most = fmax(most, fabs(w[j]));
        if (strstr(x->name, "bias")) CHECK_EQUAL(most, 0);
        else if (strstr(x->name, "norm")) CHECK_NEAR(sum, (double)tensor_count(x), 0);
        else CHECK(most <= bound && most > 0.9 * bound);
    }
}

TEST(heads_share_the_width_evenly) {
    unroll_config cfg = sized(1, 12, 5, 1, 4);
    CHECK_EQUAL(unroll_trainer_bytes(&cfg), 0);
    cfg.heads = 0;
    CHECK_EQUAL(unroll_trainer_bytes(&cfg), 0);
    cfg.heads = 6;
    CHECK(unroll_trainer_bytes(&cfg) > 0);
    unroll_trainer *t = make_trainer(&cfg);
    CHECK_EQUAL(unroll_pass_bytes(t, 1, 5, 0), 0); /* beyond its positions */
}

/* ---- Gradients ---- */

typedef struct scene {
    unroll_trainer *t;
    unroll_pass *p;
    const int32_t *input, *target;
    int train;
} scene;

static double loss_of(scene *s, int backward) {
    double loss = 0;
    unroll_trainer_repack(s->t);
    CHECK_EQUAL(unroll_pass_run(s->p, s->input, s->target, backward, 1, s->train, 3, &loss), UNROLL_OK);
    return loss;
}

static float slope(scene *s, float *x) {
    static const float STEP = 0.01f;
    float at = *x;
    double loss[4];
    for (int i = 0; i < 4; i++) {
        const float steps[] = {-2 * STEP, -STEP, STEP, 2 * STEP};
        *x = at + steps[i];
        loss[i] = loss_of(s, 0);
    }
    *x = at;
    return (float)((8 * (loss[2] - loss[1]) - (loss[3] - loss[0])) / (12 * (double)STEP));
}

/* Each number of each tensor, or every `stride`th. */
static void check_gradients(unroll_config cfg, int stride, double tolerance) {
    scene s = {.t = stirred(&cfg, 0.3f), .train = cfg.dropout > 0};
    int B = cfg.batch, T = cfg.seq_len;
    s.p = make_pass(s.t, B, T, UNROLL_PASS_BACKWARD);
    s.input = random_ids((size_t)B * T, V, 11), s.target = random_ids((size_t)B * T, V, 12);
    loss_of(&s, 1);
    float *gradient = copied(s.t, UNROLL_SHARD_GRADIENT, (size_t)unroll_trainer_size(s.t));
    for (int i = 0; i < unroll_trainer_tensor_count(s.t); i++) {
        const unroll_tensor *x = unroll_trainer_tensor(s.t, i);
        float *w = unroll_trainer_array(s.t, UNROLL_WEIGHTS) + x->offset, *g = gradient + x->offset;
        size_t count = tensor_count(x), picked = 0;
        float *got = test_floats(count), *want = test_floats(count);
        for (size_t j = (size_t)i % (size_t)stride; j < count; j += (size_t)stride)
            got[picked] = g[j], want[picked++] = slope(&s, w + j);
        double most = 0; /* a whole tensor may have none: a bias of keys moves no softmax */
        for (size_t j = 0; j < picked; j++) most = fmax(most, fabs((double)want[j]));
        for (size_t j = 0; j < picked; j++) {
            if (test_fails(fabs((double)got[j] - want[j]) <= tolerance * fmax(most, 1)))
                printf("    %s L=%d heads=%d B=%d T=%d dropout=%g [%zu]: got %g, want %g\n", x->name, cfg.layers,
                       cfg.heads, B, T, cfg.dropout, j, (double)got[j], (double)want[j]);
        }
    }
}

TEST(every_number_has_the_gradient_that_differences_show) {
    check_gradients(sized(1, 4, 1, 2, 4), 1, 2e-3);
    check_gradients(sized(2, 6, 2, 2, 5), 1, 5e-3);
    check_gradients(sized(1, 5, 5, 1, 3), 1, 2e-3);
    check_gradients(sized(1, 1, 1, 1, 3), 1, 2e-3);
}

/* Blocks of 32 queries and 128 keys, chunks of 128 rows. */
TEST(windows_longer_than_a_block_have_the_gradients_that_differences_show) {
    check_gradients(sized(1, 6, 2, 1, 150), 7, 2e-2);
    check_gradients(sized(1, 4, 2, 3, 50), 7, 2e-2);
}

TEST(dropout_is_part_of_the_gradient) {
    unroll_config cfg = sized(2, 6, 2, 2, 4);
    cfg.dropout = 0.4;
    check_gradients(cfg, 1, 2e-3);
    cfg.dropout_kind = UNROLL_DROPOUT_VARIATIONAL;
    check_gradients(cfg, 1, 2e-3);
}

TEST(the_traced_gradient_of_the_stream_is_that_of_what_leaves_each_block) {
    /* After the last block it is the head's through the last norm, whose weight's gradient it explains: a stream that
     * is scaled as a whole changes no loss but for the norm's small constant. */
    unroll_config cfg = sized(2, 8, 2, 2, 6);
    unroll_trainer *t = stirred(&cfg, 0.3f);
    unroll_pass *p = make_pass(t, 2, 6, UNROLL_PASS_BACKWARD);
    double loss;
    unroll_pass_run(p, random_ids(12, V, 1), random_ids(12, V, 2), 1, 1, 0, 0, &loss);
    float *x = traced(p, UNROLL_TRACE_HIDDEN), *d = traced(p, UNROLL_TRACE_HIDDEN_GRAD);
    const size_t layer = 6 * 2 * 8;
    for (size_t row = 0; row < 12; row++) {
        double along = 0, size = 0, all = 0;
        for (size_t j = 0; j < 8; j++) {
            double a = x[layer + row * 8 + j], b = d[layer + row * 8 + j];
            along += a * b, size += fabs(a * b), all += b;
        }
        CHECK(fabs(along) < 1e-4 * size + 1e-6);
        CHECK(fabs(all) < 1e-4);
    }
}

/* ---- The window ---- */

TEST(a_position_reads_nothing_of_those_after_it) {
    unroll_config cfg = sized(2, 8, 4, 1, 140);
    unroll_trainer *t = stirred(&cfg, 0.3f);
    unroll_pass *p = make_pass(t, 1, 140, UNROLL_PASS_LOGITS);
    int32_t *ids = random_ids(140, V, 3), *target = random_ids(140, V, 4);
    double loss;
    unroll_pass_run(p, ids, target, 0, 1, 0, 0, &loss);
    float *before = traced(p, UNROLL_TRACE_LOGITS);
    for (int changed = 139; changed >= 0; changed -= 23) {
        ids[changed] = (ids[changed] + 1) % V;
        unroll_pass_run(p, ids, target, 0, 1, 0, 0, &loss);
        float *after = traced(p, UNROLL_TRACE_LOGITS);
        CHECK_SAME(after, before, changed * V);
        CHECK(memcmp(after + changed * V, before + changed * V, V * sizeof(float)) != 0);
    }
}

TEST(weights_are_a_softmax_over_what_came_before) {
    enum { T = 133, HEADS = 2, B = 2 };
    unroll_config cfg = sized(1, 6, HEADS, B, T);
    unroll_trainer *t = stirred(&cfg, 0.5f);
    unroll_pass *p = make_pass(t, B, T, 0);
    double loss;
    unroll_pass_run(p, random_ids(B * T, V, 3), random_ids(B * T, V, 4), 0, 1, 0, 0, &loss);
    CHECK_EQUAL(unroll_pass_count(p, UNROLL_TRACE_ATTENTION), B * HEADS * T * T);
    CHECK_EQUAL(unroll_pass_count(p, UNROLL_TRACE_GATE), 0);
    CHECK_EQUAL(unroll_pass_count(p, UNROLL_TRACE_CELL), 0);
    float *w = traced(p, UNROLL_TRACE_ATTENTION);
    for (int row = 0; row < B * HEADS * T; row++, w += T) {
        double sum = 0;
        for (int s = 0; s < T; s++) {
            sum += w[s];
            CHECK(s <= row % T ? w[s] > 0 : w[s] == 0);
        }
        CHECK_NEAR(sum, 1, 1e-5);
    }
}

TEST(flow_of_a_loss_is_the_gradient_of_a_run_with_that_loss_alone) {
    enum { T = 9, H = 6, L = 2 };
    unroll_config cfg = sized(L, H, 2, 1, T);
    cfg.dropout = 0.3;
    unroll_trainer *t = stirred(&cfg, 0.3f);
    unroll_pass *p = make_pass(t, 1, T, UNROLL_PASS_FLOW);
    int32_t *ids = random_ids(T, V, 3), *target = random_ids(T, V, 4);
    double loss;
    unroll_pass_run(p, ids, target, 1, 1, 1, 0, &loss);
    float *flow = test_floats(L * T * T), *gradient = copied(t, UNROLL_SHARD_GRADIENT, 40);
    float *stream = traced(p, UNROLL_TRACE_HIDDEN_GRAD);
    CHECK_EQUAL(unroll_pass_flow(p, flow), UNROLL_OK);
    CHECK_SAME(copied(t, UNROLL_SHARD_GRADIENT, 40), gradient, 40);
    CHECK_SAME(traced(p, UNROLL_TRACE_HIDDEN_GRAD), stream, L * T * H);
    for (int at = 0; at < T; at++) {
        int32_t *one = test_ints(T);
        for (int s = 0; s < T; s++) one[s] = s == at ? target[s] : -1;
        unroll_pass_run(p, ids, one, 1, 1, 1, 0, &loss);
        float *d = traced(p, UNROLL_TRACE_HIDDEN_GRAD), want[T];
        /* What enters block 1 leaves block 0. */
        for (int s = 0; s < T; s++) {
            double sum = 0;
            for (int j = 0; j < H; j++) sum += (double)d[s * H + j] * d[s * H + j];
            want[s] = (float)sqrt(sum);
        }
        CHECK_CLOSE(flow + T * T + at * T, want, T, 1e-5);
        for (int s = at + 1; s < T; s++) CHECK_EQUAL(flow[at * T + s], 0);
        CHECK(flow[at * T] > 0);
    }
}

/* ---- Sampling and evaluation ---- */

/* What the model says after `ids`, the window as an evaluation would cut it. */
static float *plain_distribution(unroll_trainer *t, const int32_t *ids, int count, int window) {
    int start = 0;
    while (count - start > window) start += window - window / 2;
    int T = count - start;
    unroll_pass *p = make_pass(t, 1, T, UNROLL_PASS_LOGITS);
    int32_t *none = test_ints((size_t)T);
    for (int i = 0; i < T; i++) none[i] = -1;
    double loss;
    CHECK_EQUAL(unroll_pass_run(p, ids + start, none, 0, 1, 0, 0, &loss), UNROLL_OK);
    float *last = test_floats(V);
    memcpy(last, traced(p, UNROLL_TRACE_PROBABILITIES) + (size_t)(T - 1) * V, V * sizeof(float));
    return last;
}

/* Token by token from what is kept, bit by bit what the whole window gives; past the window's end too. */
static void check_sampling(int window, int prompt, int length) {
    unroll_config cfg = sized(2, 12, 3, 1, window);
    unroll_trainer *t = stirred(&cfg, 0.3f);
    unroll_pass *p = make_pass(t, 1, window, UNROLL_PASS_LOGITS);
    int32_t *ids = test_ints((size_t)(prompt + length));
    memcpy(ids, random_ids((size_t)prompt, V, 9), sizeof(int32_t) * (size_t)prompt);
    float *probabilities = test_floats((size_t)length * V);
    CHECK_EQUAL(unroll_pass_sample(p, NULL, NULL, ids, prompt, length, 1, 0, 7, ids + prompt, probabilities),
                UNROLL_OK);
    for (int i = 0; i < length; i++)
        CHECK_SAME(probabilities + i * V, plain_distribution(t, ids, prompt + i, window), V);
}

TEST(each_token_is_drawn_from_what_the_model_says_after_the_window_before_it) {
    check_sampling(1, 1, 4);
    check_sampling(5, 3, 20);
    check_sampling(8, 30, 20);
    check_sampling(150, 2, 160);
}

TEST(an_evaluation_counts_each_target_once_with_half_a_window_before_it) {
    enum { T = 6, B = 2, STREAM = 17, COUNT = B * STREAM + 1 };
    unroll_config cfg = sized(1, 8, 2, B, T);
    unroll_trainer *t = stirred(&cfg, 0.3f);
    int32_t *ids = random_ids(COUNT, V, 6);
    unroll_evaluation e;
    CHECK_EQUAL(unroll_trainer_evaluate(t, ids, COUNT, NULL, 0, &e), UNROLL_OK);
    CHECK_EQUAL(e.tokens, B * STREAM);
    double loss = 0;
    for (int b = 0; b < B; b++)
        for (int i = 0; i < STREAM; i++)
            loss -= log((double)plain_distribution(t, ids + b * STREAM, i + 1, T)[ids[b * STREAM + i + 1]]);
    CHECK_NEAR(e.loss, loss / (B * STREAM), 1e-5);
}

TEST(a_held_token_is_read_in_place_of_the_texts_wherever_windows_begin) {
    enum { T = 6, COUNT = 18 };
    unroll_config cfg = sized(1, 8, 2, 1, T);
    unroll_trainer *t = stirred(&cfg, 0.3f);
    int32_t *ids = random_ids(COUNT, V, 6), *other = test_ints(COUNT);
    memcpy(other, ids, sizeof(int32_t) * COUNT);
    unroll_hold hold = {
        .what = UNROLL_HOLD_INPUT, .stream = -1, .from = 10, .to = 11, .value = (float)((ids[10] + 1) % V)};
    other[10] = (int32_t)hold.value;
    unroll_evaluation held, plain, changed;
    CHECK_EQUAL(unroll_trainer_evaluate(t, ids, COUNT, &hold, 1, &held), UNROLL_OK);
    CHECK_EQUAL(unroll_trainer_evaluate(t, ids, COUNT, NULL, 0, &plain), UNROLL_OK);
    CHECK_EQUAL(unroll_trainer_evaluate(t, other, COUNT, NULL, 0, &changed), UNROLL_OK);
    CHECK(held.loss != plain.loss);
    /* the same but for the one target that is the changed token */
    double own = log((double)plain_distribution(t, ids, 10, T)[ids[10]]),
           swapped = log((double)plain_distribution(t, ids, 10, T)[other[10]]);
    CHECK_NEAR(held.loss * 17 - own * -1, changed.loss * 17 - swapped * -1, 1e-5);
    unroll_hold unit = {.what = UNROLL_HOLD_HIDDEN, .unit = 0, .stream = -1, .from = 0, .to = 9};
    CHECK_EQUAL(unroll_trainer_evaluate(t, ids, COUNT, &unit, 1, &held), UNROLL_BAD_CONFIG);
}

/* ---- Training ---- */

TEST(it_learns_a_text_and_begins_each_window_from_nothing) {
    enum { COUNT = 400, T = 16, B = 4 };
    unroll_config cfg = sized(2, 32, 4, B, T);
    cfg.learning_rate = 3e-3;
    unroll_trainer *t = make_trainer(&cfg);
    int32_t *ids = test_ints(COUNT);
    for (int i = 0; i < COUNT; i++) ids[i] = (int32_t[]){1, 2, 3, 1, 4, 5, 6, 1, 3, 0, 2}[i % 11];
    unroll_report first, last;
    CHECK_EQUAL(unroll_trainer_step(t, ids, COUNT, 1, &first), UNROLL_OK);
    CHECK_EQUAL(unroll_trainer_step(t, ids, COUNT, 199, &last), UNROLL_OK);
    CHECK(first.loss > 1.8 && first.loss < 2.4);
    CHECK(last.loss < 0.1); /* but for the first of a window, each token follows from those before */
}

TEST(the_slices_of_a_batch_have_the_bits_of_a_step) {
    enum { B = 37, T = 5 };
    unroll_config cfg = sized(1, 8, 2, B, T);
    cfg.dropout = 0.2;
    unroll_trainer *whole = make_trainer(&cfg), *parts = make_trainer(&cfg);
    int32_t *input = random_ids(B * T, V, 1), *target = random_ids(B * T, V, 2);
    unroll_report report;
    double loss = 0, part;
    CHECK_EQUAL(unroll_trainer_step_window(whole, input, target, 0, &report), UNROLL_OK);
    for (int s = 0; s < unroll_shard_count(B); s++) {
        int from = unroll_shard_begin(B, s), end = unroll_shard_begin(B, s + 1);
        unroll_pass *p = make_pass(parts, end - from, T, UNROLL_PASS_BACKWARD);
        CHECK_EQUAL(unroll_pass_run(p, input + from * T, target + from * T, 1, 1.0 / (B * T), 1, from, &part),
                    UNROLL_OK);
        unroll_trainer_reduce(parts, s == 0);
        loss += part;
    }
    CHECK_EQUAL(unroll_trainer_update(parts, loss / (B * T), B * T, &report), UNROLL_OK);
    CHECK_SAME(weights_copy(parts), weights_copy(whole), unroll_trainer_size(whole));
}
