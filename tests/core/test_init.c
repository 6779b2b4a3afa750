/* The weights' first values. */
#include "support.h"

#include "orthogonal.h"

/* NETWORKS without the minGRU, which has no recurrent matrix, and stands last. */
enum { RECURRENT = NETWORK_COUNT - 1 };

static const float *recurrent(unroll_trainer *t, int layer, int *gates) {
    const unroll_tensor *x = unroll_trainer_tensor(t, 4 * layer + 1); /* one-hot: no embedding stands before */
    CHECK(strstr(x->name, "weight_hh"));
    *gates = x->rows / x->cols;
    return unroll_trainer_array(t, UNROLL_WEIGHTS) + x->offset;
}

TEST(orthogonal_matrices_are_those_that_numpy_makes_of_the_same_draws) {
    unroll_config cfg = settings(NETWORKS[1], 1, 6, 0, 5, 2, 3);
    cfg.init = UNROLL_ORTHOGONAL, cfg.seed = 5;
    int gates;
    CHECK_CLOSE(recurrent(make_trainer(&cfg), 0, &gates), ORTHOGONAL, 4 * 6 * 6, 1e-6);
    cfg.init_gain = 1.5;
    float want[4 * 6 * 6];
    for (int i = 0; i < 4 * 6 * 6; i++) want[i] = 1.5f * ORTHOGONAL[i];
    CHECK_CLOSE(recurrent(make_trainer(&cfg), 0, &gates), want, 4 * 6 * 6, 1e-6);
}

/* UᵀU = g² I for every gate of every layer, and no two blocks alike. */
TEST(every_gates_block_is_orthogonal_times_the_gain) {
    static const int sizes[] = {1, 2, 3, 8, 33, 128};
    for (int k = 0; k < RECURRENT; k++)
        for (int i = 0; i < 6; i++)
            for (int seed = 1; seed <= 3; seed++) {
                int H = sizes[i], gates = 0;
                unroll_config cfg = settings(NETWORKS[k], 2, H, 0, 5, 2, 3);
                cfg.init = UNROLL_ORTHOGONAL, cfg.seed = (uint32_t)seed, cfg.init_gain = 0.8;
                unroll_trainer *t = make_trainer(&cfg);
                for (int l = 0; l < 2; l++) {
                    const float *u = recurrent(t, l, &gates);
                    for (int g = 0; g < gates; g++, u += (size_t)H * H) {
                        double worst = 0;
                        for (int a = 0; a < H; a++)
                            for (int b = 0; b <= a; b++) {
                                double sum = 0;
                                for (int j = 0; j < H; j++) sum += (double)u[j * H + a] * u[j * H + b];
                                worst = fmax(worst, fabs(sum - (a == b) * 0.64));
                            }
                        CHECK(worst < 1e-5);
                        if (g && H > 1) CHECK(memcmp(u, u - (size_t)H * H, sizeof(float) * (size_t)H * H));
                    }
                }
            }
}

TEST(the_identity_is_one_times_the_gain) {
    for (int k = 0; k < RECURRENT; k++) {
        enum { H = 7 };
        unroll_config cfg = settings(NETWORKS[k], 2, H, 0, 5, 2, 3);
        cfg.init = UNROLL_IDENTITY, cfg.init_gain = 0.5;
        unroll_trainer *t = make_trainer(&cfg);
        for (int l = 0; l < 2; l++) {
            int gates = 0;
            const float *u = recurrent(t, l, &gates);
            for (int i = 0; i < gates * H * H; i++) CHECK(u[i] == (i / H % H == i % H ? 0.5f : 0));
        }
    }
}

/* The kind and the gain are the recurrent matrices' alone; everything else keeps its bits, and so does gain 1. */
TEST(what_is_not_recurrent_begins_as_ever) {
    for (int k = 0; k < NETWORK_COUNT; k++)
        for (int init = UNROLL_UNIFORM; init <= UNROLL_IDENTITY; init++) {
            unroll_config cfg = settings(NETWORKS[k], 2, 7, 3, 5, 2, 3);
            unroll_trainer *plain = make_trainer(&cfg);
            cfg.init = init, cfg.init_gain = 2;
            unroll_trainer *t = make_trainer(&cfg);
            for (int i = 0; i < unroll_trainer_tensor_count(t); i++) {
                const unroll_tensor *x = unroll_trainer_tensor(t, i);
                const float *want = unroll_trainer_array(plain, UNROLL_WEIGHTS) + x->offset;
                const float *got = unroll_trainer_array(t, UNROLL_WEIGHTS) + x->offset;
                if (!strstr(x->name, "weight_hh")) CHECK_SAME(got, want, tensor_count(x));
                else if (init == UNROLL_UNIFORM)
                    for (size_t j = 0; j < tensor_count(x); j++) CHECK(got[j] == 2 * want[j]);
            }
        }
}
