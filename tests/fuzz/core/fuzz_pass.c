/* Passes of any shape and flags: what fits is what was asked for, a trace has the floats it says, samples are tokens.
 */
#include "bytes.h"

enum { MOST_BYTES = 1 << 22 };

static int32_t *take_ids(bytes *b, size_t count, int32_t V, int32_t least) {
    int32_t *ids = block(count * sizeof *ids), wrong = take_byte(b) == 255 ? take_int(b) : 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t x = take_byte(b);
        ids[i] = x == 255 && wrong ? wrong : x == 254 ? least : x % V;
    }
    return ids;
}

static int known(const int32_t *ids, size_t count, int32_t V, int32_t least) {
    for (size_t i = 0; i < count; i++)
        if (ids[i] < least || ids[i] >= V) return 0;
    return 1;
}

static int distributed(const float *p, int32_t V) {
    double sum = 0;
    for (int32_t j = 0; j < V; j++) {
        if (!(p[j] >= 0 && p[j] <= 1.0001f)) return 0;
        sum += p[j];
    }
    return fabs(sum - 1) < 1e-3;
}

/* Every trace there is and some there are not, into blocks of just their size. */
static void copy_traces(unroll_pass *p) {
    for (int32_t what = -1; what <= UNROLL_TRACE_ATTENTION + 1; what++) {
        size_t count = unroll_pass_count(p, what);
        if (count) unroll_pass_copy(p, what, block(count * sizeof(float)));
    }
}

static void run(bytes *b, unroll_pass *p, const unroll_config *c, int32_t B, int32_t T, int32_t flags) {
    size_t count = (size_t)B * T, state = (size_t)c->layers * B * c->hidden;
    if (take_byte(b) % 4 == 0) {
        float *h = block(state * sizeof *h), *cells = block(state * sizeof *cells);
        for (size_t i = 0; i < state; i++) h[i] = take_float(b), cells[i] = take_float(b);
        unroll_pass_set_state(p, h, take_byte(b) % 2 ? cells : NULL);
    } else if (take_byte(b) % 2) unroll_pass_carry(p);
    int32_t hold_count = take_byte(b) % 4;
    unroll_hold *holds = block((size_t)(hold_count + 1) * sizeof *holds);
    for (int32_t i = 0; i < hold_count; i++) holds[i] = take_hold(b);
    unroll_status told = unroll_pass_hold(p, holds, hold_count);
    MUST(told == UNROLL_OK || (told == UNROLL_BAD_CONFIG && hold_count));
    int32_t *input = take_ids(b, count, c->vocab, 0), *target = take_ids(b, count, c->vocab, -1);
    int32_t able = flags & (UNROLL_PASS_BACKWARD | UNROLL_PASS_FLOW), backward = take_byte(b) % 2,
            train = take_byte(b) % 2;
    double loss = -1, scale = take_byte(b) % 4 ? 1.0 / (double)count : take_number(b);
    int32_t first = take_byte(b) % 8 ? take_between(b, 0, 15) : take_int(b) & INT32_MAX;
    unroll_status status = unroll_pass_run(p, input, target, backward, scale, train, first, &loss);
    if (status) {
        int bad = !(known(input, count, c->vocab, 0) && known(target, count, c->vocab, -1));
        MUST(loss == -1);
        if (status == UNROLL_BAD_PASS) MUST(!able && (backward || train));
        else if (status == UNROLL_BAD_CONFIG) MUST(!isfinite((float)scale));
        else MUST(status == (bad ? UNROLL_BAD_TOKEN : UNROLL_DIVERGED));
        return;
    }
    MUST(able || !(backward || train));
    MUST(isfinite(loss) && loss >= 0 && isfinite((float)scale));
    MUST(known(input, count, c->vocab, 0) && known(target, count, c->vocab, -1));
    double hits = 0, targets = 0;
    unroll_pass_hits(p, &hits, &targets);
    MUST(hits >= 0 && hits <= targets && targets <= (double)count);
    copy_traces(p);
    float *h = block(state * sizeof *h), *cells = block(state * sizeof *cells);
    unroll_pass_get_state(p, h, cells);
    if (flags & UNROLL_PASS_FLOW) {
        float *flow = block((size_t)c->layers * T * T * sizeof *flow);
        MUST(unroll_pass_flow(p, flow) == UNROLL_OK);
        for (int32_t l = 0; l < c->layers; l++)
            for (int32_t t = 0; t < T; t++)
                for (int32_t s = t + 1; s < T; s++) MUST(flow[((size_t)l * T + t) * T + s] == 0);
    }
}

static void sample(bytes *b, unroll_trainer *t, const unroll_config *c) {
    int32_t window = c->cell == UNROLL_ATTENTION ? c->seq_len : 1;
    size_t needed = unroll_pass_bytes(t, 1, window, UNROLL_PASS_LOGITS);
    unroll_pass *p;
    MUST(unroll_pass_init(&p, block(needed), needed, t, 1, window, UNROLL_PASS_LOGITS) == UNROLL_OK);
    int32_t length = take_between(b, 1, 24), prompt_count = take_between(b, 1, 12), V = c->vocab;
    int32_t *prompt = take_ids(b, (size_t)prompt_count, V, 0), *ids = block((size_t)length * sizeof *ids);
    float *probabilities = take_byte(b) % 2 ? block((size_t)length * V * sizeof(float)) : NULL;
    double temperature = take_number(b);
    int32_t top_k = take_byte(b) % 4 ? take_between(b, 0, 24) : take_int(b) & INT32_MAX;
    float *h = NULL;
    if (take_byte(b) % 4 == 0) {
        size_t state = (size_t)c->layers * c->hidden;
        h = block(state * sizeof *h);
        for (size_t i = 0; i < state; i++) h[i] = take_float(b);
    }
    unroll_status status = unroll_pass_sample(p, h, h, prompt, prompt_count, length, temperature, top_k,
                                              (uint32_t)take_int(b), ids, probabilities);
    if (status) {
        MUST(status == (known(prompt, (size_t)prompt_count, V, 0) ? UNROLL_DIVERGED : UNROLL_BAD_TOKEN));
        return;
    }
    MUST(known(ids, (size_t)length, V, 0));
    for (int32_t i = 0; probabilities && i < length; i++) {
        const float *row = probabilities + (size_t)i * V;
        MUST(distributed(row, V) && row[ids[i]] > 0);
        int32_t likely = 0;
        for (int32_t j = 0; j < V; j++) likely += row[j] > 0;
        if (top_k > 0) MUST(likely <= top_k);
        if (temperature == 0) MUST(likely == 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    bytes b = {data, size};
    unroll_config c = take_config(&b);
    size_t needed = unroll_trainer_bytes(&c);
    if (!needed || needed > MOST_BYTES) return 0;
    unroll_trainer *t;
    MUST(unroll_trainer_init(&t, block(needed), needed, &c) == UNROLL_OK);
    for (int turn = 0; turn < 2 && b.left; turn++) {
        if (take_byte(&b) % 3 == 0) {
            sample(&b, t, &c);
            continue;
        }
        int any = take_byte(&b) == 255;
        int32_t B = any ? take_int(&b) : take_between(&b, 1, 20), T = any ? take_int(&b) : take_between(&b, 1, 12);
        int32_t flags = any ? take_int(&b) : take_between(&b, 0, 7);
        if (!any && flags & UNROLL_PASS_FLOW) B = 1;
        size_t room = unroll_pass_bytes(t, B, T, flags);
        unroll_pass *p = NULL;
        if (!room) MUST(unroll_pass_init(&p, NULL, 0, t, B, T, flags) == UNROLL_BAD_CONFIG && !p);
        if (!room || room > MOST_BYTES) continue;
        MUST(B >= 1 && T >= 1 && flags >= 0 && flags <= 7 && (B == 1 || !(flags & UNROLL_PASS_FLOW)));
        void *at = block(room);
        MUST(unroll_pass_init(&p, at, room - 1, t, B, T, flags) == UNROLL_NO_SPACE && !p);
        MUST(unroll_pass_init(&p, at, room, t, B, T, flags) == UNROLL_OK);
        for (int again = take_byte(&b) % 2; again >= 0; again--) run(&b, p, &c, B, T, flags);
    }
    release();
    return 0;
}
