/* Sampling: from which distribution, and with which bits. */
#include "support.h"

enum { V = 8 };

static unroll_trainer *sampler(unroll_pass **p) {
    unroll_config cfg = settings(NETWORKS[1], 2, 12, 0, V, 1, 4);
    unroll_trainer *t = make_trainer(&cfg);
    widen(t, 3);
    *p = make_pass(t, 1, 1, UNROLL_PASS_LOGITS);
    return t;
}

static const int32_t PROMPT[] = {1, 5, 2};

/* The model's own distribution after `ids`, by a plain forward pass over all of them. */
static float *plain_distribution(unroll_trainer *t, const int32_t *ids, int count) {
    unroll_pass *p = make_pass(t, 1, count, UNROLL_PASS_LOGITS);
    int32_t *none = test_ints((size_t)count);
    for (int i = 0; i < count; i++) none[i] = -1;
    double loss;
    CHECK_EQUAL(unroll_pass_run(p, ids, none, 0, 1, 0, 0, &loss), UNROLL_OK);
    float *all = traced(p, UNROLL_TRACE_PROBABILITIES), *logits = traced(p, UNROLL_TRACE_LOGITS),
          *last = test_floats(V);
    memcpy(last, all + (size_t)(count - 1) * V, V * sizeof(float));
    double sum = 0;
    for (int v = 0; v < V; v++) sum += exp((double)logits[(size_t)(count - 1) * V + v]);
    for (int v = 0; v < V; v++) CHECK_NEAR(last[v], exp((double)logits[(size_t)(count - 1) * V + v]) / sum, 1e-5);
    return last;
}

TEST(each_token_is_drawn_from_what_the_model_says_after_all_before_it) {
    enum { LENGTH = 10 };
    unroll_pass *p;
    unroll_trainer *t = sampler(&p);
    int32_t ids[3 + LENGTH];
    memcpy(ids, PROMPT, sizeof PROMPT);
    float *probabilities = test_floats(LENGTH * V);
    CHECK_EQUAL(unroll_pass_sample(p, NULL, NULL, PROMPT, 3, LENGTH, 1, 0, 7, ids + 3, probabilities), UNROLL_OK);
    for (int i = 0; i < LENGTH; i++) {
        CHECK(ids[3 + i] >= 0 && ids[3 + i] < V);
        CHECK_CLOSE(probabilities + i * V, plain_distribution(t, ids, 3 + i), V, 1e-5);
        CHECK(probabilities[i * V + ids[3 + i]] > 0);
    }
}

TEST(temperature_sharpens_as_a_power_of_the_probabilities) {
    unroll_pass *p;
    unroll_trainer *t = sampler(&p);
    float *plain = plain_distribution(t, PROMPT, 3), *got = test_floats(V), *want = test_floats(V);
    int32_t id;
    for (double temperature = 0.25; temperature <= 4; temperature *= 2) {
        double sum = 0;
        for (int v = 0; v < V; v++) sum += pow(plain[v], 1 / temperature);
        for (int v = 0; v < V; v++) want[v] = (float)(pow(plain[v], 1 / temperature) / sum);
        CHECK_EQUAL(unroll_pass_sample(p, NULL, NULL, PROMPT, 3, 1, temperature, 0, 7, &id, got), UNROLL_OK);
        CHECK_CLOSE(got, want, V, 1e-5);
    }
}

TEST(temperature_zero_takes_the_most_probable_whatever_the_seed) {
    unroll_pass *p;
    unroll_trainer *t = sampler(&p);
    int32_t ids[3 + 6], again[6];
    memcpy(ids, PROMPT, sizeof PROMPT);
    CHECK_EQUAL(unroll_pass_sample(p, NULL, NULL, PROMPT, 3, 6, 0, 0, 7, ids + 3, NULL), UNROLL_OK);
    CHECK_EQUAL(unroll_pass_sample(p, NULL, NULL, PROMPT, 3, 6, 0, 0, 8, again, NULL), UNROLL_OK);
    CHECK_SAME(again, ids + 3, 6);
    for (int i = 0; i < 6; i++) {
        float *plain = plain_distribution(t, ids, 3 + i);
        int best = 0;
        for (int v = 1; v < V; v++) best = plain[v] > plain[best] ? v : best;
        CHECK_EQUAL(ids[3 + i], best);
    }
}

TEST(top_k_keeps_the_k_most_probable_in_their_proportions) {
    unroll_pass *p;
    unroll_trainer *t = sampler(&p);
    float *plain = plain_distribution(t, PROMPT, 3), *got = test_floats(V), *want = test_floats(V);
    int32_t id;
    for (int k = 1; k <= V + 1; k++) {
        double sum = 0;
        for (int v = 0; v < V; v++) {
            int larger = 0;
            for (int u = 0; u < V; u++) larger += plain[u] > plain[v];
            want[v] = larger < k ? plain[v] : 0, sum += want[v];
        }
        for (int v = 0; v < V; v++) want[v] = (float)(want[v] / sum);
        CHECK_EQUAL(unroll_pass_sample(p, NULL, NULL, PROMPT, 3, 1, 1, k, 7, &id, got), UNROLL_OK);
        CHECK_CLOSE(got, want, V, 1e-5);
        CHECK(got[id] > 0);
    }
}

TEST(among_equals_top_k_keeps_the_first) {
    unroll_pass *p;
    unroll_trainer *t = sampler(&p);
    widen(t, 0);
    float *got = test_floats(V), want[V] = {1 / 3.0f, 1 / 3.0f, 1 / 3.0f};
    int32_t id;
    CHECK_EQUAL(unroll_pass_sample(p, NULL, NULL, PROMPT, 3, 1, 1, 3, 7, &id, got), UNROLL_OK);
    CHECK_CLOSE(got, want, V, 1e-6);
}

/* Four standard deviations of a binomial leave a chance of one in ten thousand a token; the seeds are fixed. */
TEST(draws_are_as_frequent_as_probable) {
    enum { DRAWS = 4000 };
    unroll_pass *p;
    unroll_trainer *t = sampler(&p);
    float *plain = plain_distribution(t, PROMPT, 3);
    int seen[V] = {0};
    for (int i = 0; i < DRAWS; i++) {
        int32_t id;
        CHECK_EQUAL(unroll_pass_sample(p, NULL, NULL, PROMPT, 3, 1, 1, 0, (uint32_t)i, &id, NULL), UNROLL_OK);
        seen[id]++;
    }
    for (int v = 0; v < V; v++)
        CHECK(fabs(seen[v] - DRAWS * plain[v]) <= 4 * sqrt(DRAWS * plain[v] * (1 - plain[v])) + 1);
}

TEST(one_seed_draws_the_same_tokens_and_another_seed_others) {
    unroll_pass *p;
    sampler(&p);
    int32_t a[40], b[40], c[40];
    CHECK_EQUAL(unroll_pass_sample(p, NULL, NULL, PROMPT, 3, 40, 1, 0, 7, a, NULL), UNROLL_OK);
    CHECK_EQUAL(unroll_pass_sample(p, NULL, NULL, PROMPT, 3, 40, 1, 0, 8, c, NULL), UNROLL_OK);
    CHECK_EQUAL(unroll_pass_sample(p, NULL, NULL, PROMPT, 3, 40, 1, 0, 7, b, NULL), UNROLL_OK);
    CHECK_SAME(b, a, 40);
    CHECK(memcmp(a, c, sizeof a) != 0);
}

/* A text read to its middle, and its other half read from the state there: the same as the whole. */
TEST(a_text_can_be_gone_on_with_from_the_state_in_its_middle) {
    enum { L = 2, H = 12, LENGTH = 12 };
    static const int32_t text[] = {1, 5, 2, 7, 0, 3};
    unroll_pass *p;
    unroll_trainer *t = sampler(&p);
    int32_t whole[LENGTH], rest[LENGTH], zero[LENGTH];
    float h[L * H], c[L * H], *want = test_floats(LENGTH * V), *got = test_floats(LENGTH * V);
    double loss;
    unroll_pass *half = make_pass(t, 1, 3, 0);
    CHECK_EQUAL(unroll_pass_run(half, text, text, 0, 1, 0, 0, &loss), UNROLL_OK);
    unroll_pass_get_state(half, h, c);
    CHECK_EQUAL(unroll_pass_sample(p, NULL, NULL, text, 6, LENGTH, 1, 0, 7, whole, want), UNROLL_OK);
    CHECK_EQUAL(unroll_pass_sample(p, h, c, text + 3, 3, LENGTH, 1, 0, 7, rest, got), UNROLL_OK);
    CHECK_SAME(rest, whole, LENGTH);
    CHECK_SAME(got, want, LENGTH * V);
    CHECK_EQUAL(unroll_pass_sample(p, NULL, NULL, text + 3, 3, LENGTH, 1, 0, 7, zero, got), UNROLL_OK);
    CHECK(memcmp(got, want, LENGTH * V * sizeof(float)) != 0);
}

TEST(a_prompt_with_an_unknown_token_draws_nothing) {
    unroll_pass *p;
    sampler(&p);
    int32_t ids[2] = {-7, -7}, high[] = {1, V}, low[] = {-1, 1};
    CHECK_EQUAL(unroll_pass_sample(p, NULL, NULL, high, 2, 2, 1, 0, 1, ids, NULL), UNROLL_BAD_TOKEN);
    CHECK_EQUAL(unroll_pass_sample(p, NULL, NULL, low, 2, 2, 1, 0, 1, ids, NULL), UNROLL_BAD_TOKEN);
    CHECK(ids[0] == -7 && ids[1] == -7);
}
