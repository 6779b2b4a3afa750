/* Losses, activations, gradients and updates against float64 values from PyTorch's autograd. */
#include "golden.h"
#include "support.h"

enum { CASES = 18 };
static const char *FILES[CASES] = {
    "rnn-l1-h5-v7-e0-b1-t6.json",        "rnn-l1-h8-v13-e4-b3-t6.json",        "rnn-l2-h16-v13-e0-b4-t12.json",
    "lstm-l1-h5-v7-e0-b1-t6.json",       "lstm-l1-h8-v13-e4-b3-t6.json",       "lstm-l2-h16-v13-e0-b4-t12.json",
    "gru-before-l1-h5-v7-e0-b1-t6.json", "gru-before-l1-h8-v13-e4-b3-t6.json", "gru-before-l2-h16-v13-e0-b4-t12.json",
    "gru-after-l1-h5-v7-e0-b1-t6.json",  "gru-after-l1-h8-v13-e4-b3-t6.json",  "gru-after-l2-h16-v13-e0-b4-t12.json",
    "mingru-l1-h5-v7-e0-b1-t6.json",     "mingru-l1-h8-v13-e4-b3-t6.json",     "mingru-l2-h16-v13-e0-b4-t12.json",
    "attention-l1-h4-v7-e0-b1-t6.json",  "attention-l2-h6-v13-e0-b3-t6.json",  "attention-l2-h16-v13-e0-b4-t12.json"};
#define TOLERANCE 1e-5

typedef struct scene {
    golden g;
    unroll_config cfg;
    int L, H, V, B, T;
    int32_t *input, *target;
    float *h0, *c0;
    unroll_trainer *t;
} scene;

/* Writes the tensors below `path` into the trainer's weights. */
static void load_weights(scene *s, const char *path) {
    char full[160];
    for (int i = 0; i < unroll_trainer_tensor_count(s->t); i++) {
        const unroll_tensor *x = unroll_trainer_tensor(s->t, i);
        snprintf(full, sizeof full, "%s.%s", path, x->name);
        memcpy(unroll_trainer_array(s->t, UNROLL_WEIGHTS) + x->offset, golden_tensor(s->g, full, tensor_count(x)),
               tensor_count(x) * sizeof(float));
    }
    unroll_trainer_repack(s->t);
}

/* Compares a flat array, tensor by tensor, with those below `path`. */
static void check_tensors(scene *s, unroll_array which, const char *path) {
    char full[160], name[256];
    for (int i = 0; i < unroll_trainer_tensor_count(s->t); i++) {
        const unroll_tensor *x = unroll_trainer_tensor(s->t, i);
        snprintf(full, sizeof full, "%s.%s", path, x->name);
        snprintf(name, sizeof name, "%s %s", s->g.name, full);
        const float *got = unroll_trainer_array(s->t, which) + x->offset;
        float *want = golden_tensor(s->g, full, tensor_count(x));
        /* The keys' bias moves no softmax: its gradient is rounding alone, which adam makes as large as any other's. */
        if (strstr(x->name, "in_proj_bias")) memcpy(want + s->H, got + s->H, sizeof(float) * (size_t)s->H);
        CHECK_CLOSE_NAMED(name, got, want, tensor_count(x), TOLERANCE);
    }
}

static void check_trace(scene *s, const unroll_pass *p, int what, const char *path) {
    char name[160];
    snprintf(name, sizeof name, "%s %s", s->g.name, path);
    size_t count = unroll_pass_count(p, what);
    CHECK_CLOSE_NAMED(name, traced(p, what), golden_tensor(s->g, path, count), count, TOLERANCE);
}

/* Opens a file; `change`, where it is given, edits the settings before the trainer is made. */
static scene scene_open(const char *file, void (*change)(scene *)) {
    scene s = {.g = golden_open(file)};
    network n = {file, UNROLL_RNN, 0};
    if (golden_is(s.g, "cell", "lstm")) n.cell = UNROLL_LSTM;
    if (golden_is(s.g, "cell", "gru")) n.cell = UNROLL_GRU, n.after = golden_is(s.g, "reset", "after");
    if (golden_is(s.g, "cell", "mingru")) n.cell = UNROLL_MINGRU;
    if (golden_is(s.g, "cell", "attention")) n.cell = UNROLL_ATTENTION;
    int E = (int)golden_number(s.g, "embedding");
    s.L = (int)golden_number(s.g, "layers"), s.V = (int)golden_number(s.g, "vocab");
    s.B = (int)golden_number(s.g, "batch"), s.T = (int)golden_number(s.g, "seq");
    s.H = (int)strtol(strstr(file, "-h") + 2, NULL, 10);
    s.cfg = settings(n, s.L, s.H, E, s.V, s.B, s.T);
    if (golden_has(s.g, "heads")) s.cfg.heads = (int)golden_number(s.g, "heads");
    if (change) change(&s);
    s.t = make_trainer(&s.cfg);
    s.input = golden_ints(s.g, "input", s.B * s.T), s.target = golden_ints(s.g, "target", s.B * s.T);
    s.h0 = golden_has(s.g, "h0") ? golden_tensor(s.g, "h0", (size_t)s.L * s.B * s.H) : NULL;
    s.c0 = n.cell == UNROLL_LSTM ? golden_tensor(s.g, "c0", (size_t)s.L * s.B * s.H) : NULL;
    load_weights(&s, "params");
    return s;
}

/* One forward and backward pass of the mean loss; returns that. */
static double backward(scene *s, unroll_pass *p) {
    double loss = 0, scale = 1.0 / (s->B * s->T);
    unroll_pass_set_state(p, s->h0, s->c0);
    CHECK_EQUAL(unroll_pass_run(p, s->input, s->target, 1, scale, 0, 0, &loss), UNROLL_OK);
    return loss * scale;
}

/* The same and an update. */
static unroll_report update(scene *s) {
    unroll_report report = {0};
    unroll_pass *p = make_pass(s->t, s->B, s->T, UNROLL_PASS_BACKWARD);
    double loss = backward(s, p);
    unroll_trainer_reduce(s->t, 1);
    CHECK_EQUAL(unroll_trainer_update(s->t, loss, s->B * s->T, &report), UNROLL_OK);
    return report;
}

TEST(loss_and_activations_agree_with_pytorch) {
    for (int i = 0; i < CASES; i++) {
        scene s = scene_open(FILES[i], NULL);
        unroll_pass *p = make_pass(s.t, s.B, s.T, UNROLL_PASS_BACKWARD | UNROLL_PASS_LOGITS);
        CHECK_NEAR(backward(&s, p), golden_number(s.g, "loss"), TOLERANCE);
        check_trace(&s, p, UNROLL_TRACE_LOGITS, "logits");
        check_trace(&s, p, UNROLL_TRACE_HIDDEN, "hidden");
        static const char *const GATES[] = {[UNROLL_RNN] = "",
                                            [UNROLL_LSTM] = "ifgo",
                                            [UNROLL_GRU] = "rzn",
                                            [UNROLL_MINGRU] = "zn",
                                            [UNROLL_ATTENTION] = ""};
        const char *gates = GATES[s.cfg.cell];
        for (int k = 0; gates[k]; k++) {
            char path[] = "gates.?";
            path[6] = gates[k];
            check_trace(&s, p, UNROLL_TRACE_GATE + k, path);
        }
        if (s.c0) check_trace(&s, p, UNROLL_TRACE_CELL, "cell_state");
    }
}

TEST(every_gradient_agrees_with_pytorch) {
    for (int i = 0; i < CASES; i++) {
        scene s = scene_open(FILES[i], NULL);
        unroll_pass *p = make_pass(s.t, s.B, s.T, UNROLL_PASS_BACKWARD);
        backward(&s, p);
        check_tensors(&s, UNROLL_SHARD_GRADIENT, "grad.params");
        check_trace(&s, p, UNROLL_TRACE_HIDDEN_GRAD, "grad.hidden");
        if (s.c0) check_trace(&s, p, UNROLL_TRACE_CELL_GRAD, "grad.cell_state");
    }
}

TEST(flow_agrees_with_the_itemised_gradient_norms) {
    for (int i = 0; i < CASES; i++) {
        scene s = scene_open(FILES[i], NULL);
        unroll_pass *p = make_pass(s.t, 1, s.T, UNROLL_PASS_FLOW);
        float *h = test_floats((size_t)s.L * s.H), *c = test_floats((size_t)s.L * s.H);
        for (int l = 0; l < s.L && s.h0; l++) { /* stream 0 */
            memcpy(h + l * s.H, s.h0 + l * s.B * s.H, sizeof(float) * s.H);
            if (s.c0) memcpy(c + l * s.H, s.c0 + l * s.B * s.H, sizeof(float) * s.H);
        }
        double loss;
        unroll_pass_set_state(p, s.h0 ? h : NULL, s.c0 ? c : NULL);
        CHECK_EQUAL(unroll_pass_run(p, s.input, s.target, 1, 1, 0, 0, &loss), UNROLL_OK);
        float *flow = test_floats((size_t)s.L * s.T * s.T), *got = test_floats((size_t)s.L * s.T);
        unroll_pass_flow(p, flow);
        for (int k = 0; k < 8; k++) {
            char path[64];
            snprintf(path, sizeof path, "itemised.%d.target_step", k);
            if (!golden_has(s.g, path)) break;
            int step = (int)golden_number(s.g, path);
            snprintf(path, sizeof path, "itemised.%d.hidden_norm", k);
            for (int l = 0; l < s.L; l++)
                memcpy(got + l * s.T, flow + ((size_t)l * s.T + step) * s.T, sizeof(float) * s.T);
            CHECK_CLOSE_NAMED(s.g.name, got, golden_tensor(s.g, path, (size_t)s.L * s.T), s.L * s.T, TOLERANCE);
        }
    }
}

static void clip_by_norm(scene *s) {
    s->cfg.clip_mode = UNROLL_CLIP_NORM, s->cfg.clip_threshold = golden_number(s->g, "clip_norm.max");
}
static void clip_by_value(scene *s) {
    s->cfg.clip_mode = UNROLL_CLIP_VALUE, s->cfg.clip_threshold = golden_number(s->g, "clip_value.max");
}

TEST(clipping_by_norm_reports_both_norms_and_the_scale) {
    for (int i = 0; i < CASES; i++) {
        scene s = scene_open(FILES[i], clip_by_norm);
        unroll_report report = update(&s);
        CHECK_NEAR(report.grad_norm, golden_number(s.g, "grad.norm"), TOLERANCE);
        CHECK_NEAR(report.grad_norm, golden_number(s.g, "clip_norm.norm_before"), TOLERANCE);
        CHECK_NEAR(report.clipped_norm, golden_number(s.g, "clip_norm.norm_after"), TOLERANCE);
        CHECK_NEAR(report.clip_scale, golden_number(s.g, "clip_norm.scale"), TOLERANCE);
    }
}

TEST(clipping_by_value_reports_what_it_bounded) {
    for (int i = 0; i < CASES; i++) {
        scene s = scene_open(FILES[i], clip_by_value);
        unroll_report report = update(&s);
        double trained = 0;
        for (int k = 0; k < unroll_trainer_tensor_count(s.t); k++) {
            const unroll_tensor *x = unroll_trainer_tensor(s.t, k);
            trained += (double)(x->rows - x->trained_from) * x->cols;
        }
        CHECK_NEAR(report.grad_norm, golden_number(s.g, "grad.norm"), TOLERANCE);
        CHECK_NEAR(report.clipped_norm, golden_number(s.g, "clip_value.norm_after"), TOLERANCE);
        CHECK_NEAR(report.clipped_fraction * trained, golden_number(s.g, "clip_value.clipped_count"), 1e-9);
        CHECK_EQUAL(report.clip_scale, 1);
    }
}

static int chosen_optimizer;
static const char *OPTIMIZERS[] = {"sgd", "momentum", "rmsprop", "adam", "adamw"};

static void use_optimizer(scene *s) {
    char path[64];
    snprintf(path, sizeof path, "optim.%s.clip_norm_max", OPTIMIZERS[chosen_optimizer]);
    s->cfg.optimizer = chosen_optimizer;
    s->cfg.learning_rate = chosen_optimizer <= UNROLL_MOMENTUM ? 0.1 : 2e-3;
    s->cfg.weight_decay = chosen_optimizer == UNROLL_ADAMW ? 0.1 : 0;
    s->cfg.clip_mode = UNROLL_CLIP_NORM, s->cfg.clip_threshold = golden_number(s->g, path);
}

TEST(every_optimizer_agrees_with_torch_optim_after_one_and_five_steps) {
    for (int i = 0; i < CASES; i++) {
        if (!golden_has(golden_open(FILES[i]), "optim")) continue;
        for (chosen_optimizer = 0; chosen_optimizer < 5; chosen_optimizer++) {
            char path[64];
            scene s = scene_open(FILES[i], use_optimizer);
            for (int step = 1; step <= 5; step++) {
                CHECK_EQUAL(update(&s).step, step);
                snprintf(path, sizeof path, "optim.%s.after_%d", OPTIMIZERS[chosen_optimizer], step);
                if (step == 1 || step == 5) check_tensors(&s, UNROLL_WEIGHTS, path);
            }
        }
    }
}

static void use_l1(scene *s) {
    s->cfg.l1 = golden_number(s->g, "optim.l1.lambda"), s->cfg.clip_mode = UNROLL_CLIP_NONE;
}
static void use_l2(scene *s) {
    s->cfg.l2 = golden_number(s->g, "optim.l2.lambda"), s->cfg.clip_mode = UNROLL_CLIP_NONE;
}

TEST(l1_and_l2_are_added_to_the_gradient_of_weights_alone) {
    for (int i = 0; i < CASES; i++) {
        if (!golden_has(golden_open(FILES[i]), "optim")) continue;
        scene l1 = scene_open(FILES[i], use_l1), l2 = scene_open(FILES[i], use_l2);
        update(&l1), update(&l2);
        check_tensors(&l1, UNROLL_GRADIENT, "optim.l1.grad");
        check_tensors(&l2, UNROLL_GRADIENT, "optim.l2.grad");
    }
}

static void follow_curve(scene *s) {
    s->cfg.clip_mode = UNROLL_CLIP_NONE, s->cfg.learning_rate = golden_number(s->g, "curve.learning_rate");
}

TEST(sixty_updates_on_a_text_have_pytorchs_losses) {
    enum { UPDATES = 60 };
    for (int i = 0; i < CASES; i++) {
        if (!golden_has(golden_open(FILES[i]), "curve")) continue;
        scene s = scene_open(FILES[i], follow_curve);
        int stream = UPDATES * s.T + 1;
        int32_t *text = golden_ints(s.g, "curve.text", s.B * stream);
        float *want = golden_tensor(s.g, "curve.losses", UPDATES);
        for (int k = 0; k < UPDATES; k++) {
            unroll_report report = {0};
            for (int b = 0; b < s.B; b++) {
                memcpy(s.input + b * s.T, text + b * stream + k * s.T, sizeof(int32_t) * (size_t)s.T);
                memcpy(s.target + b * s.T, text + b * stream + k * s.T + 1, sizeof(int32_t) * (size_t)s.T);
            }
            if (s.h0) /* each window from the same state */
                memcpy(unroll_trainer_array(s.t, UNROLL_STATE_H), s.h0, sizeof(float) * (size_t)s.L * s.B * s.H);
            CHECK_EQUAL(unroll_trainer_step_window(s.t, s.input, s.target, 0, &report), UNROLL_OK);
            if (test_fails(fabs(report.loss - want[k]) < 1e-4))
                printf("    %s, update %d: got %.6f, want %.6f\n", s.g.name, k + 1, report.loss, (double)want[k]);
        }
        CHECK(want[UPDATES - 1] < want[0] - 0.5); /* it has learnt */
    }
}
