/* Interventions: against a plain network that holds the same values, against differences, and against themselves. */
#include "support.h"

enum { V = 6, B = 3, T = 5, H = 4, MOST = 64 };
static const int GATES[] = {[UNROLL_RNN] = 0, [UNROLL_LSTM] = 4, [UNROLL_GRU] = 3, [UNROLL_MINGRU] = 2};
#define STEP 0.04f

/* Of every kind one or more that this network has, at several places and times, some above others. */
static int make_holds(network n, int layers, unroll_hold *out) {
    int count = 0, top = layers - 1;
    out[count++] = (unroll_hold){UNROLL_HOLD_HIDDEN, 0, 1, -1, 1, 4, 0.3f};
    out[count++] = (unroll_hold){UNROLL_HOLD_HIDDEN, top, -1, 2, 2, 3, -0.4f};
    out[count++] = (unroll_hold){UNROLL_HOLD_CARRIED_HIDDEN, top, -1, 0, 3, 4, 0};
    out[count++] = (unroll_hold){UNROLL_HOLD_CARRIED_HIDDEN, 0, 2, -1, 0, 2, 0.7f};
    out[count++] = (unroll_hold){UNROLL_HOLD_INPUT, 0, 0, 1, 2, 4, 5};
    for (int g = 0; g < GATES[n.cell]; g++) {
        out[count++] = (unroll_hold){UNROLL_HOLD_GATE + g, g % layers, g, -1, g, g + 2, 0.25f * (float)g};
        out[count++] = (unroll_hold){UNROLL_HOLD_GATE + g, top, 3, 1, 0, INT32_MAX, 0.5f};
    }
    if (n.cell == UNROLL_LSTM) {
        out[count++] = (unroll_hold){UNROLL_HOLD_CELL, 0, 2, -1, 1, 3, 0.9f};
        out[count++] = (unroll_hold){UNROLL_HOLD_CELL, top, -1, 0, 4, 5, -0.6f};
        out[count++] = (unroll_hold){UNROLL_HOLD_CARRIED_CELL, top, 0, -1, 2, 5, 0.2f};
        out[count++] = (unroll_hold){UNROLL_HOLD_CARRIED_CELL, 0, -1, 1, 0, 1, -0.3f};
    }
    return count;
}

/* ---- The same in plain words ---- */

typedef struct scene {
    network n;
    int layers;
    unroll_trainer *t;
    unroll_pass *p;
    unroll_hold hold[MOST];
    int holds;
    int32_t *input, *target;
    float *h0, *c0;
} scene;

static scene make_scene(network n, int layers, int embedding, int streams, int flags) {
    unroll_config cfg = settings(n, layers, H, embedding, V, streams, T);
    scene s = {.n = n, .layers = layers, .t = make_trainer(&cfg)};
    s.p = make_pass(s.t, streams, T, flags);
    s.holds = make_holds(n, layers, s.hold);
    s.input = random_ids((size_t)streams * T, V, 11), s.target = random_ids((size_t)streams * T, V, 12);
    s.h0 = random_floats((size_t)layers * streams * H, 0.5f, 13);
    s.c0 = random_floats((size_t)layers * streams * H, 0.5f, 14);
    widen(s.t, 1.7f);
    return s;
}

static double run(scene *s, int backward) {
    double loss = -1;
    CHECK_EQUAL(unroll_pass_hold(s->p, s->hold, s->holds), UNROLL_OK);
    unroll_pass_set_state(s->p, s->h0, s->c0);
    CHECK_EQUAL(unroll_pass_run(s->p, s->input, s->target, backward, 1, 0, 0, &loss), UNROLL_OK);
    return loss;
}

static double held_or(const scene *s, int what, int l, int j, int b, int step, double x) {
    for (int i = 0; i < s->holds; i++) {
        const unroll_hold *y = &s->hold[i];
        int place = what == UNROLL_HOLD_INPUT || (y->layer == l && (y->unit < 0 || y->unit == j));
        if (y->what == what && place && (y->stream < 0 || y->stream == b) && step >= y->from && step < y->to)
            x = y->value;
    }
    return x;
}

static const float *weights(const scene *s, int index) {
    return unroll_trainer_array(s->t, UNROLL_WEIGHTS) + unroll_trainer_tensor(s->t, index)->offset;
}

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

/* Layer l's step of stream b: x (I) in; h, c (H) the state before in and that after out. One-hot: x holds its id. */
static void plain_step(const scene *s, int l, int b, int step, const double *x, int id, double *h, double *c) {
    int minimal = s->n.cell == UNROLL_MINGRU, first = (minimal ? 2 : 4) * l, I = l ? H : V;
    int G = s->n.cell == UNROLL_RNN ? 1 : GATES[s->n.cell];
    const float *w = weights(s, first), *u = weights(s, first + 1), *b_ih = weights(s, first + (minimal ? 1 : 2)),
                *b_hh = weights(s, first + 3);
    double h_prev[H], c_prev[H], a[4][H], r[4][H];
    for (int j = 0; j < H; j++) {
        h_prev[j] = held_or(s, UNROLL_HOLD_CARRIED_HIDDEN, l, j, b, step, h[j]);
        c_prev[j] = held_or(s, UNROLL_HOLD_CARRIED_CELL, l, j, b, step, c[j]);
    }
#define GATE(g, j, value) a[g][j] = held_or(s, UNROLL_HOLD_GATE + (g), l, j, b, step, value)
    for (int g = 0; g < G; g++)
        for (int j = 0; j < H; j++) {
            int row = g * H + j;
            a[g][j] = b_ih[row], r[g][j] = minimal ? 0 : b_hh[row];
            for (int i = 0; i < I; i++) a[g][j] += w[row * I + i] * (l ? x[i] : i == id);
            if (g == 2 && s->n.cell == UNROLL_GRU) continue; /* n waits for r */
            for (int i = 0; i < H && !minimal; i++) r[g][j] += u[row * H + i] * h_prev[i];
            if (minimal) GATE(g, j, g ? a[g][j] : sigmoid(a[g][j]));
            else if (s->n.cell == UNROLL_LSTM)
                GATE(g, j, g == 2 ? tanh(a[g][j] + r[g][j]) : sigmoid(a[g][j] + r[g][j]));
            else if (s->n.cell == UNROLL_GRU) GATE(g, j, sigmoid(a[g][j] + r[g][j]));
            else a[g][j] = tanh(a[g][j] + r[g][j]);
        }
    for (int j = 0; j < H; j++) {
        double next = a[0][j];
        if (s->n.cell == UNROLL_LSTM) {
            c[j] = held_or(s, UNROLL_HOLD_CELL, l, j, b, step, a[1][j] * c_prev[j] + a[0][j] * a[2][j]);
            next = a[3][j] * tanh(c[j]);
        } else if (s->n.cell == UNROLL_GRU) {
            for (int i = 0; i < H; i++) r[2][j] += u[(2 * H + j) * H + i] * (s->n.after ? 1 : a[0][i]) * h_prev[i];
            GATE(2, j, tanh(a[2][j] + (s->n.after ? a[0][j] : 1) * r[2][j]));
            double z = s->n.after ? 1 - a[1][j] : a[1][j];
            next = (1 - z) * h_prev[j] + z * a[2][j];
        }
        if (minimal) next = (1 - a[0][j]) * h_prev[j] + a[0][j] * a[1][j];
        h[j] = held_or(s, UNROLL_HOLD_HIDDEN, l, j, b, step, next);
    }
}

TEST(a_network_with_held_values_is_what_plain_loops_compute) {
    for (int k = 0; k < NETWORK_COUNT; k++)
        for (int layers = 1; layers <= 3; layers++) {
            scene s = make_scene(NETWORKS[k], layers, 0, B, 0);
            float *want = test_floats((size_t)layers * T * B * H);
            for (int b = 0; b < B; b++) {
                double h[3][H], c[3][H];
                for (int i = 0; i < layers * H; i++)
                    h[i / H][i % H] = s.h0[(i / H * B + b) * H + i % H],
                                 c[i / H][i % H] = s.c0[(i / H * B + b) * H + i % H];
                for (int step = 0; step < T; step++) {
                    int id = (int)held_or(&s, UNROLL_HOLD_INPUT, 0, 0, b, step, s.input[b * T + step]);
                    for (int l = 0; l < layers; l++) {
                        plain_step(&s, l, b, step, l ? h[l - 1] : NULL, id, h[l], c[l]);
                        for (int j = 0; j < H; j++) want[((l * T + step) * B + b) * H + j] = (float)h[l][j];
                    }
                }
            }
            run(&s, 0);
            CHECK_CLOSE_NAMED(s.n.name, traced(s.p, UNROLL_TRACE_HIDDEN), want, layers * T * B * H, 1e-5);
        }
}

/* ---- Gradients ---- */

static float slope(scene *s, float *x) {
    float at = *x;
    double loss[4];
    for (int i = 0; i < 4; i++) {
        static const float steps[] = {-2 * STEP, -STEP, STEP, 2 * STEP};
        *x = at + steps[i];
        unroll_trainer_repack(s->t);
        loss[i] = run(s, 0);
    }
    *x = at;
    unroll_trainer_repack(s->t);
    return (float)((8 * (loss[2] - loss[1]) - (loss[3] - loss[0])) / (12 * (double)STEP));
}

TEST(gradients_are_those_of_the_network_with_held_values) {
    for (int k = 0; k < NETWORK_COUNT; k++)
        for (int layers = 1; layers <= 3; layers++) {
            scene s = make_scene(NETWORKS[k], layers, layers == 2 ? 3 : 0, B, UNROLL_PASS_BACKWARD);
            run(&s, 1);
            float *gradient = copied(s.t, UNROLL_SHARD_GRADIENT, (size_t)unroll_trainer_size(s.t));
            for (int i = 0; i < unroll_trainer_tensor_count(s.t); i++) {
                const unroll_tensor *x = unroll_trainer_tensor(s.t, i);
                float *w = unroll_trainer_array(s.t, UNROLL_WEIGHTS) + x->offset, *want = test_floats(tensor_count(x));
                for (size_t j = (size_t)x->trained_from * x->cols; j < tensor_count(x); j++) want[j] = slope(&s, w + j);
                char name[80];
                snprintf(name, sizeof name, "%s L=%d %s", s.n.name, layers, x->name);
                CHECK_CLOSE_NAMED(name, gradient + x->offset, want, tensor_count(x), 3e-3);
            }
        }
}

/* The trace shows the gradient of the value that stands there, held or not. */
TEST(the_gradient_of_a_held_value_is_what_moving_it_does) {
    for (int k = 0; k < NETWORK_COUNT; k++)
        for (int layers = 1; layers <= 2; layers++)
            for (int what = UNROLL_HOLD_CELL; what <= UNROLL_HOLD_HIDDEN; what++) {
                if (what == UNROLL_HOLD_CELL && NETWORKS[k].cell != UNROLL_LSTM) continue;
                scene s = make_scene(NETWORKS[k], layers, 0, B, UNROLL_PASS_BACKWARD);
                s.hold[0] = (unroll_hold){what, 0, 1, 1, 1, 3, 0.3f}, s.holds = 1;
                run(&s, 1);
                float *d = traced(s.p, what == UNROLL_HOLD_CELL ? UNROLL_TRACE_CELL_GRAD : UNROLL_TRACE_HIDDEN_GRAD);
                float got = d[(1 * B + 1) * H + 1] + d[(2 * B + 1) * H + 1], want = slope(&s, &s.hold[0].value);
                CHECK_CLOSE_NAMED(s.n.name, &got, &want, 1, 3e-3);
            }
}

TEST(flow_is_that_of_the_network_with_held_values) {
    for (int k = 0; k < NETWORK_COUNT; k++)
        for (int layers = 1; layers <= 3; layers++) {
            scene s = make_scene(NETWORKS[k], layers, 0, 1, UNROLL_PASS_FLOW);
            int32_t *target = s.target;
            float *want = test_floats((size_t)layers * T * T), *got = test_floats((size_t)layers * T * T);
            for (int t = 0; t < T; t++) {
                int32_t only[T];
                for (int i = 0; i < T; i++) only[i] = i == t ? target[i] : -1;
                s.target = only;
                run(&s, 1);
                float *d = traced(s.p, UNROLL_TRACE_HIDDEN_GRAD);
                for (int i = 0; i < layers * (t + 1); i++) {
                    int l = i / (t + 1), step = i % (t + 1);
                    double sum = 0;
                    for (int j = 0; j < H; j++) sum += pow(d[(l * T + step) * H + j], 2);
                    want[(l * T + t) * T + step] = (float)sqrt(sum);
                }
            }
            s.target = target;
            run(&s, 1);
            CHECK_EQUAL(unroll_pass_flow(s.p, got), UNROLL_OK);
            CHECK_CLOSE_NAMED(s.n.name, got, want, layers * T * T, 1e-5);
        }
}

/* ---- Where and when ---- */

TEST(holds_that_are_never_in_force_leave_every_bit) {
    for (int k = 0; k < NETWORK_COUNT; k++) {
        scene s = make_scene(NETWORKS[k], 2, 0, B, UNROLL_PASS_BACKWARD);
        for (int i = 0; i < s.holds; i++) s.hold[i].from = i % 2 ? T : 2, s.hold[i].to = i % 2 ? T + 9 : 2;
        double loss = run(&s, 1);
        float *h = traced(s.p, UNROLL_TRACE_HIDDEN), *dh = traced(s.p, UNROLL_TRACE_HIDDEN_GRAD);
        s.holds = 0;
        CHECK(run(&s, 1) == loss);
        CHECK_SAME(traced(s.p, UNROLL_TRACE_HIDDEN), h, 2 * T * B * H);
        CHECK_SAME(traced(s.p, UNROLL_TRACE_HIDDEN_GRAD), dh, 2 * T * B * H);
    }
}

/* Many experiments at once, one a stream: each as if it were alone. */
TEST(a_stream_with_a_hold_of_its_own_has_the_bits_of_one_alone) {
    for (int k = 0; k < NETWORK_COUNT; k++) {
        scene all = make_scene(NETWORKS[k], 2, 0, B, 0), one = make_scene(NETWORKS[k], 2, 0, 1, 0);
        for (int i = 0; i < B * T; i++) all.input[i] = one.input[i % T];
        for (int b = 0; b < B; b++) all.hold[b] = (unroll_hold){UNROLL_HOLD_HIDDEN, 0, b, b, 0, T, 0.1f};
        all.holds = B, one.holds = 1, all.h0 = all.c0 = one.h0 = one.c0 = NULL;
        run(&all, 0);
        float *h = traced(all.p, UNROLL_TRACE_HIDDEN);
        for (int b = 0; b < B; b++) {
            one.hold[0] = all.hold[b], one.hold[0].stream = -1;
            run(&one, 0);
            float *alone = traced(one.p, UNROLL_TRACE_HIDDEN);
            for (int i = 0; i < 2 * T; i++) CHECK_SAME(h + (i * B + b) * H, alone + i * H, H);
        }
    }
}

TEST(steps_are_counted_on_from_run_to_run) {
    for (int k = 0; k < NETWORK_COUNT; k++) {
        scene s = make_scene(NETWORKS[k], 2, 0, 1, 0);
        double whole = run(&s, 0), parts = 0, loss;
        unroll_pass *p = make_pass(s.t, 1, 1, 0);
        unroll_pass_hold(p, s.hold, s.holds);
        unroll_pass_set_state(p, s.h0, s.c0);
        for (int i = 0; i < T; i++) {
            if (i) unroll_pass_carry(p);
            CHECK_EQUAL(unroll_pass_run(p, s.input + i, s.target + i, 0, 1, 0, 0, &loss), UNROLL_OK);
            parts += loss;
        }
        CHECK_NEAR(parts, whole, 1e-6);
    }
}

TEST(evaluation_with_holds_is_that_of_passes_with_them_and_leaves_none_behind) {
    enum { STREAM = 2 * T };
    for (int k = 0; k < NETWORK_COUNT; k++) {
        scene s = make_scene(NETWORKS[k], 2, 0, B, 0);
        int32_t *text = random_ids(B * STREAM + 1, V, 5);
        unroll_evaluation plain, held, again;
        CHECK_EQUAL(unroll_trainer_evaluate(s.t, text, B * STREAM + 1, NULL, 0, &plain), UNROLL_OK);
        CHECK_EQUAL(unroll_trainer_evaluate(s.t, text, B * STREAM + 1, s.hold, s.holds, &held), UNROLL_OK);
        CHECK_EQUAL(unroll_trainer_evaluate(s.t, text, B * STREAM + 1, NULL, 0, &again), UNROLL_OK);
        CHECK_SAME(&again, &plain, 1);
        double loss, sum = 0;
        unroll_pass_set_state(s.p, NULL, NULL);
        unroll_pass_hold(s.p, s.hold, s.holds);
        for (int window = 0; window < 2; window++) {
            for (int i = 0; i < B * T; i++) {
                const int32_t *at = text + i / T * STREAM + window * T + i % T;
                s.input[i] = at[0], s.target[i] = at[1];
            }
            if (window) unroll_pass_carry(s.p);
            CHECK_EQUAL(unroll_pass_run(s.p, s.input, s.target, 0, 1, 0, 0, &loss), UNROLL_OK);
            sum += loss;
        }
        CHECK_NEAR(held.loss, sum / (B * STREAM), 1e-6);
        CHECK(held.loss != plain.loss);
    }
}

TEST(a_sample_is_drawn_from_the_network_with_held_values) {
    for (int k = 0; k < NETWORK_COUNT; k++) {
        scene s = make_scene(NETWORKS[k], 2, 0, 1, UNROLL_PASS_LOGITS);
        unroll_pass *p = make_pass(s.t, 1, 1, UNROLL_PASS_LOGITS);
        float drawn[V];
        int32_t id;
        s.h0 = s.c0 = NULL;
        run(&s, 0);
        unroll_pass_hold(p, s.hold, s.holds);
        CHECK_EQUAL(unroll_pass_sample(p, NULL, NULL, s.input, T, 1, 1, 0, 7, &id, drawn), UNROLL_OK);
        CHECK_CLOSE(drawn, traced(s.p, UNROLL_TRACE_PROBABILITIES) + (T - 1) * V, V, 1e-6);
    }
}

TEST(a_hold_of_a_stream_finds_it_however_far_the_streams_are_counted) {
    scene s = make_scene((network){.cell = UNROLL_LSTM}, 1, 0, 2, 0);
    double loss = -1, plain = -1;
    int32_t far = INT32_MAX;
    unroll_pass_set_state(s.p, s.h0, s.c0);
    CHECK_EQUAL(unroll_pass_run(s.p, s.input, s.target, 0, 1, 0, far, &plain), UNROLL_OK);
    unroll_hold last[] = {{UNROLL_HOLD_INPUT, 0, 0, far, 0, T, 5}, {UNROLL_HOLD_HIDDEN, 0, -1, far, 0, T, 0.5f}};
    CHECK_EQUAL(unroll_pass_hold(s.p, last, 2), UNROLL_OK);
    unroll_pass_set_state(s.p, s.h0, s.c0);
    CHECK_EQUAL(unroll_pass_run(s.p, s.input, s.target, 0, 1, 0, far, &loss), UNROLL_OK);
    CHECK(loss != plain);
}

TEST(holds_out_of_range_are_refused_and_change_nothing) {
    static const unroll_hold bad[] = {
        {-1, 0, 0, -1, 0, 1, 0},
        {UNROLL_HOLD_INPUT + 1, 0, 0, -1, 0, 1, 0},
        {UNROLL_HOLD_HIDDEN, 2, 0, -1, 0, 1, 0},
        {UNROLL_HOLD_HIDDEN, -1, 0, -1, 0, 1, 0},
        {UNROLL_HOLD_HIDDEN, 0, H, -1, 0, 1, 0},
        {UNROLL_HOLD_HIDDEN, 0, -2, -1, 0, 1, 0},
        {UNROLL_HOLD_HIDDEN, 0, 0, -2, 0, 1, 0},
        {UNROLL_HOLD_HIDDEN, 0, 0, -1, -1, 1, 0},
        {UNROLL_HOLD_HIDDEN, 0, 0, -1, 2, 1, 0},
        {UNROLL_HOLD_HIDDEN, 0, 0, -1, 0, 1, NAN},
        {UNROLL_HOLD_HIDDEN, 0, 0, -1, 0, 1, INFINITY},
        {UNROLL_HOLD_INPUT, 0, 0, -1, 0, 1, V},
        {UNROLL_HOLD_INPUT, 0, 0, -1, 0, 1, -1},
        {UNROLL_HOLD_INPUT, 0, 0, -1, 0, 1, 0.5f},
    };
    static const int lacking[][3] = {{UNROLL_HOLD_GATE, UNROLL_HOLD_CELL, UNROLL_HOLD_CARRIED_CELL},
                                     {-1, -1, -1},
                                     {UNROLL_HOLD_GATE + 3, UNROLL_HOLD_CELL, UNROLL_HOLD_CARRIED_CELL},
                                     {UNROLL_HOLD_GATE + 3, UNROLL_HOLD_CELL, UNROLL_HOLD_CARRIED_CELL},
                                     {UNROLL_HOLD_GATE + 2, UNROLL_HOLD_CELL, UNROLL_HOLD_CARRIED_CELL}};
    int32_t *text = random_ids(B * T + 1, V, 5);
    for (int k = 0; k < NETWORK_COUNT; k++) {
        scene s = make_scene(NETWORKS[k], 2, 0, B, 0);
        double before = run(&s, 0);
        unroll_evaluation e = {-1, -1, -1};
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
            unroll_hold two[] = {s.hold[0], bad[i]};
            CHECK_EQUAL(unroll_pass_hold(s.p, two, 2), UNROLL_BAD_CONFIG);
            CHECK_EQUAL(unroll_trainer_evaluate(s.t, text, B * T + 1, two, 2, &e), UNROLL_BAD_CONFIG);
        }
        for (int i = 0; i < 3; i++) {
            unroll_hold x = {lacking[k][i], 0, 0, -1, 0, 1, 0};
            CHECK_EQUAL(unroll_pass_hold(s.p, &x, 1), UNROLL_BAD_CONFIG);
        }
        CHECK(run(&s, 0) == before && e.loss == -1);
    }
}
