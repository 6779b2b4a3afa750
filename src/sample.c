/* Drawing tokens: temperature, top-k, then one uniform number against the running sum. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/kernels.h"
#include "pass.h"
#include "random.h"

enum { SAMPLE_STREAM = 0x53414d50 }; /* apart from the weights' and the masks' draws */

static int descending(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x < y) - (x > y);
}

/* Leaves the k largest logits, ties by id, and takes the others out of the softmax. sorted (V) is scratch. */
static void keep_top(float *logits, float *sorted, int V, int k) {
    memcpy(sorted, logits, sizeof(float) * (size_t)V);
    qsort(sorted, (size_t)V, sizeof(float), descending);
    float least = sorted[k - 1];
    int ties = k;
    while (ties > 0 && sorted[ties - 1] == least) ties--;
    ties = k - ties;
    for (int j = 0; j < V; j++)
        if (logits[j] < least || (logits[j] == least && ties-- <= 0)) logits[j] = -__builtin_inff();
}

static int draw(const float *probabilities, int V, float uniform) {
    double sum = 0, total = 0;
    for (int j = 0; j < V; j++) total += probabilities[j];
    int last = 0;
    for (int j = 0; j < V; j++) {
        if (probabilities[j] <= 0) continue;
        sum += probabilities[j], last = j;
        if (sum > uniform * total) break;
    }
    return last;
}

/* The distribution the next token is drawn from, into the head's probabilities. 0 where it is none: not finite. */
static int shape_distribution(unroll_pass *p, double temperature, int32_t top_k) {
    int V = p->m->cfg.vocab;
    float *logits = p->head.block;
    int32_t hit, none = -1, best = 0;
    float loss;
    for (int j = 1; j < V; j++)
        if (p->head.logits[j] > p->head.logits[best]) best = j;
    if (!isfinite(p->head.logits[best])) return 0;
    if (temperature <= 0) {
        memset(p->head.probabilities, 0, sizeof(float) * (size_t)V);
        p->head.probabilities[best] = 1;
        return 1;
    }
    float top = p->head.logits[best];
    for (int j = 0; j < V; j++) logits[j] = (float)((p->head.logits[j] - top) / temperature);
    if (top_k > 0 && top_k < V) keep_top(logits, p->head.probabilities, V, top_k);
    unroll_softmax_loss(logits, head_stride(p->m), &loss, &hit, &none, 1, V);
    memcpy(p->head.probabilities, logits, sizeof(float) * (size_t)V);
    return isfinite(logits[best]);
}

/* Reads tokens on to the last one's logits: a recurrent network from the state it has come to. */
static void recurrent_read(unroll_pass *p, const int32_t *ids, int32_t count, int on) {
    int32_t none = -1;
    double loss;
    for (int32_t i = 0; i < count; i++, on = 1) {
        if (on) unroll_pass_carry(p);
        unroll_pass_run(p, &ids[i], &none, 0, 1, 0, 0, &loss);
    }
}

/* Attention from the window it has read; one that is full is left but for its later half, as in an evaluation. */
static void attention_read(unroll_pass *p, const int32_t *ids, int32_t count, int on) {
    int32_t length = on ? p->a.T : 0, from = length, keep = attention_kept(p->capacity_T);
    p->a.drop.rate = 0, p->a.hold.first_stream = 0, p->head.target[0] = -1;
    for (int32_t i = 0; i < count; i++) {
        if (length == p->capacity_T) {
            memmove(p->input, p->input + length - keep, sizeof(int32_t) * (size_t)keep);
            length = keep, from = 0;
        }
        p->input[length] = ids[i];
        unroll_hold_input(&p->a.hold, &p->input[length++], 1, 1);
        p->a.hold.origin++;
    }
    p->a.T = length;
    unroll_pass_forward(p, from);
    const float *last = pass_top(p) + (size_t)(length - 1) * p->m->cfg.hidden;
    unroll_head_run(p->m, &p->head, last, 1, NULL, 1, p->bench);
}

/* Reads the prompt and draws, each token from what has been read. */
static unroll_status draw_tokens(unroll_pass *p, const int32_t *prompt, int32_t prompt_count, int32_t length,
                                 double temperature, int32_t top_k, uint32_t seed, int32_t *ids, float *probabilities) {
    int32_t V = p->m->cfg.vocab;
    void (*read)(unroll_pass *, const int32_t *, int32_t, int) = is_attention(p->m) ? attention_read : recurrent_read;
    uint64_t key = random_key(seed, SAMPLE_STREAM);
    read(p, prompt, prompt_count, 0);
    for (int32_t i = 0; i < length; i++) {
        if (!shape_distribution(p, temperature, top_k)) return UNROLL_DIVERGED;
        if (probabilities) memcpy(probabilities + (size_t)i * V, p->head.probabilities, sizeof(float) * (size_t)V);
        ids[i] = draw(p->head.probabilities, V, random_uniform(key, (uint64_t)i));
        if (i + 1 < length) read(p, &ids[i], 1, 1);
    }
    return UNROLL_OK;
}

unroll_status unroll_pass_sample(unroll_pass *p, const float *h, const float *c, const int32_t *prompt,
                                 int32_t prompt_count, int32_t length, double temperature, int32_t top_k, uint32_t seed,
                                 int32_t *ids, float *probabilities) {
    assert(prompt_count >= 1 && length >= 1);
    if (!(p->flags & UNROLL_PASS_LOGITS) || p->capacity_B != 1 || (p->capacity_T != 1 && !is_attention(p->m)))
        return UNROLL_BAD_PASS;
    for (int32_t i = 0; i < prompt_count; i++)
        if (prompt[i] < 0 || prompt[i] >= p->m->cfg.vocab) return UNROLL_BAD_TOKEN;
    unroll_pass_set_state(p, h, c);
    unroll_status status = draw_tokens(p, prompt, prompt_count, length, temperature, top_k, seed, ids, probabilities);
    p->a.T = p->capacity_T, p->ran = 0; /* the next run's window is whole again, and this one no run's */
    return status;
}
