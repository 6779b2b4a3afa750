/* Unrolled: recurrent networks, and a Transformer beside them, that learn a text, with the inside in reach.
 *
 * tokens -> windows -> forward -> loss -> backward -> clip -> optimizer -> trace
 *
 * Sizes, everywhere: L layers, H hidden units, G gates of a cell (RNN 1, LSTM 4, GRU 3, minGRU 2), V vocabulary,
 * E embedding (0: one-hot input), B batch (parallel streams), T time steps of a window.
 * Every array is row-major, every real number a float unless it says double, losses are in nats.
 *
 * Nothing here allocates, prints or keeps a global: the caller brings each block of memory and
 * frees it, and nothing points outside the block it was laid out in, apart from a pass, which points at
 * its trainer and at the caller's holds. What can go wrong with data is a status, and then outputs are
 * untouched; what a caller owes by these lines (a range in brackets, pointers that are not NULL) is
 * asserted, and not looked at under NDEBUG. One seed gives the same bits in every build without fused
 * multiply-add (native, "simd", "baseline"). */
#ifndef UNROLLED_H
#define UNROLLED_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum unroll_status {
    UNROLL_OK = 0,
    UNROLL_BAD_CONFIG,     /* a setting is out of range, or a block not 16-byte aligned */
    UNROLL_NO_SPACE,       /* the block is too small */
    UNROLL_BAD_TOKEN,      /* an id is not in 0..V-1 */
    UNROLL_TOO_FEW_TOKENS, /* the text does not fill one window of every stream */
    UNROLL_DIVERGED,       /* the loss is not finite, the clipped gradient's norm above 1e18, a weight beyond 1e16, or a
                            * moment from outside none that an update leaves */
    UNROLL_BAD_PASS /* the pass was not made for this: its flags, B or T are others; or it has no run to look into */
} unroll_status;

/* A sentence fragment for a status, never NULL. */
const char *unroll_status_text(unroll_status status);

/* ---- Settings ---------------------------------------------------------------------------------- */

/* The first four are recurrent. UNROLL_ATTENTION is a causal Transformer, which reads a window at once: `layers` blocks
 * of width `hidden`, `seq_len` positions. It has no state that could be carried: what is said of h and c, of stateful,
 * of embedding (its own is as wide as `hidden`) and of init does not hold for it, and its STATE arrays are empty. */
typedef enum unroll_cell { UNROLL_RNN, UNROLL_LSTM, UNROLL_GRU, UNROLL_MINGRU, UNROLL_ATTENTION } unroll_cell;
typedef enum unroll_optimizer {
    UNROLL_SGD,
    UNROLL_MOMENTUM,
    UNROLL_RMSPROP,
    UNROLL_ADAM,
    UNROLL_ADAMW
} unroll_optimizer;
typedef enum unroll_clip { UNROLL_CLIP_NONE, UNROLL_CLIP_NORM, UNROLL_CLIP_VALUE } unroll_clip;

/* How the recurrent matrices begin: each gate's H×H block is drawn from uniform(-1/sqrt(H), 1/sqrt(H)), or is an
 * orthogonal matrix, or the identity; in each case times init_gain. All other parameters are always drawn from the
 * uniform. */
typedef enum unroll_start { UNROLL_UNIFORM, UNROLL_ORTHOGONAL, UNROLL_IDENTITY } unroll_start;
/* What dropout draws: each step's units for itself, or one choice of units for a whole window (Gal, Ghahramani 2016).
 */
typedef enum unroll_dropout { UNROLL_DROPOUT_UNIT, UNROLL_DROPOUT_VARIATIONAL } unroll_dropout;

/* Sixteen 32-bit integers, then thirteen doubles: a binding writes them in this order. */
typedef struct unroll_config {
    int32_t cell;         /* unroll_cell */
    int32_t gru_after;    /* 0: reset before the recurrent product; 1: after it (PyTorch) */
    int32_t layers;       /* 1..4 */
    int32_t hidden;       /* 1..2048 */
    int32_t embedding;    /* 0..2048; 0 is one-hot input */
    int32_t vocab;        /* 2..1,114,112 */
    int32_t batch;        /* 1..4096 */
    int32_t seq_len;      /* 1..65,536 */
    int32_t stateful;     /* 1: h and c are carried from window to window */
    int32_t optimizer;    /* unroll_optimizer */
    int32_t clip_mode;    /* unroll_clip */
    int32_t init;         /* unroll_start */
    int32_t dropout_kind; /* unroll_dropout */
    uint32_t seed;
    int32_t heads;         /* 1..64, of attention alone: they share `hidden` evenly */
    int32_t reserved;      /* not looked at; the doubles stand at a multiple of eight on every machine */
    double learning_rate;  /* > 0, <= 1000 */
    double momentum;       /* 0..1, for UNROLL_MOMENTUM */
    double alpha;          /* 0..1, rmsprop's smoothing */
    double beta1, beta2;   /* 0..1, below 1 */
    double epsilon;        /* 1e-15..1 */
    double weight_decay;   /* 0..1000; decoupled for adamw, added to the gradient otherwise, as torch.optim does */
    double clip_threshold; /* > 0, <= 1e9 */
    double l1, l2;         /* 0..1000 */
    double dropout;        /* 0..1, below 1; on each layer's output on its way up, never on the recurrent path */
    double forget_bias;    /* -100..100 */
    double init_gain;      /* > 0, <= 100 */
} unroll_config;

/* LSTM, 1 layer, H 128, B 32, T 64, adam at 2e-3, clipped at norm 5; vocab is left 0 and must be set. */
void unroll_config_default(unroll_config *cfg);

/* ---- Interventions: a network with something in it held ------------------------------------------- */

/* What is held. The carried state is what a step reads of the step before: the head, the layers above and the trace of
 * that step keep what was computed. */
typedef enum unroll_hold_what {
    UNROLL_HOLD_GATE,           /* gate 0, + 1, + 2, + 3: LSTM i f g o, GRU r z n, minGRU z n */
    UNROLL_HOLD_CELL = 4,       /* c, LSTM */
    UNROLL_HOLD_HIDDEN,         /* h */
    UNROLL_HOLD_CARRIED_HIDDEN, /* h' */
    UNROLL_HOLD_CARRIED_CELL,   /* c', LSTM */
    UNROLL_HOLD_INPUT /* the token read: `value` is an id; `layer` and `unit` are not looked at. Attention's only */
} unroll_hold_what;

/* At steps from <= s < to a value stands in place of what would be computed; of two for the same place the later
 * counts. No gradient passes where a value is held, while the trace of gradients shows that of the held value. */
typedef struct unroll_hold {
    int32_t what, layer;
    int32_t unit;     /* -1: all */
    int32_t stream;   /* of the batch; -1: all */
    int32_t from, to; /* steps since the state was set: unroll_pass_carry() counts on */
    float value;      /* -10,000..10,000 */
} unroll_hold;

/* ---- Trainer: weights, gradients, moments, carried state ----------------------------------------- */

typedef struct unroll_trainer unroll_trainer; /* opaque; lives inside the caller's block */

/* Bytes unroll_trainer_init() needs for `cfg`, or 0 if a setting is out of range or they overflow. */
size_t unroll_trainer_bytes(const unroll_config *cfg);

/* Lays out everything training needs in `block` (16-byte aligned, unroll_trainer_bytes(cfg) long) and
 * draws the weights from cfg->seed. `cfg` is copied.
 * UNROLL_BAD_CONFIG, UNROLL_NO_SPACE. */
unroll_status unroll_trainer_init(unroll_trainer **out, void *block, size_t bytes, const unroll_config *cfg);

/* Takes what may change in mid-training from `cfg`: learning_rate, momentum, alpha, betas, epsilon, weight_decay,
 * clipping, l1, l2, dropout and its kind. The rest of `cfg` is not looked at.  UNROLL_BAD_CONFIG. */
unroll_status unroll_trainer_configure(unroll_trainer *t, const unroll_config *cfg);

/* One named matrix. Its numbers are rows*cols floats at `offset` in each of the flat arrays below. */
typedef struct unroll_tensor {
    char name[40];  /* PyTorch's, e.g. "rnn.weight_ih_l0", "blocks.0.self_attn.out_proj.weight" */
    int32_t offset; /* floats */
    int32_t rows, cols;
    int32_t trained_from; /* the first row that is trained: 0 for most, rows for bias_hh, 2H for the "after" GRU's */
} unroll_tensor;

int32_t unroll_trainer_tensor_count(const unroll_trainer *t);
/* The table's row `index` (0 <= index < count), or NULL. Lives as long as the trainer. */
const unroll_tensor *unroll_trainer_tensor(const unroll_trainer *t, int32_t index);

/* Flat arrays. The first five are unroll_trainer_size() floats long and share the table's offsets;
 * between tensors stand zeros. The states are [L,B,H]. */
typedef enum unroll_array {
    UNROLL_WEIGHTS,
    UNROLL_GRADIENT,       /* of the last reduced step, before clipping until unroll_trainer_update() */
    UNROLL_SHARD_GRADIENT, /* of the last backward pass; trades its place with GRADIENT's in unroll_trainer_reduce(),
                            * and so in a step: ask for both anew after either */
    UNROLL_MOMENT1,        /* momentum's buffer, adam's m */
    UNROLL_MOMENT2,        /* rmsprop's average, adam's v */
    UNROLL_STATE_H,        /* carried h */
    UNROLL_STATE_C         /* carried c; zeros but for LSTM */
} unroll_array;
float *unroll_trainer_array(unroll_trainer *t, unroll_array which);
int32_t unroll_trainer_size(const unroll_trainer *t);

/* To be called after UNROLL_WEIGHTS or a moment was written from outside: packs the weights for the kernels. */
void unroll_trainer_repack(unroll_trainer *t);

/* Where training stands; written back to continue a saved run. */
typedef struct unroll_progress {
    double step;   /* updates done */
    double window; /* windows of the text read: the next one is `window` mod m */
    double tokens; /* tokens trained on */
} unroll_progress;
unroll_progress *unroll_trainer_progress(unroll_trainer *t);

typedef struct unroll_report {
    double step;             /* updates done, this one included */
    double epoch;            /* whole passes over the text before this window */
    double tokens;           /* tokens trained on so far */
    double loss;             /* mean over B*T, nats, before the update */
    double grad_norm;        /* global, before clipping (l1 and l2 included) */
    double clipped_norm;     /* global, after clipping */
    double clip_scale;       /* by-norm factor applied; 1 where nothing was scaled */
    double clipped_fraction; /* share of trained numbers that clipping changed */
    double learning_rate;
} unroll_report;

/* Does `n` updates on a text: the streams, windows and carried states of truncated BPTT.
 * tokens (count), ids. `out` tells of the last update.
 * UNROLL_TOO_FEW_TOKENS, UNROLL_BAD_TOKEN, UNROLL_DIVERGED: the updates before the failing one stay done,
 * `out` tells of the last of them, and weights, moments and state stand as they were before it, all of them
 * finite unless what was written from outside was not: that is refused here too. */
unroll_status unroll_trainer_step(unroll_trainer *t, const int32_t *tokens, int32_t count, int32_t n,
                                  unroll_report *out);

/* The same update on one window that the caller cut: input, target (B,T) ids. A target of -1 counts for nothing: the
 * loss is the mean over the others, of which there must be one. `restart` zeroes the carried state first; that of
 * single streams can be zeroed in UNROLL_STATE_H and _C. For texts that are streamed.
 * UNROLL_BAD_TOKEN, UNROLL_DIVERGED. */
unroll_status unroll_trainer_step_window(unroll_trainer *t, const int32_t *input, const int32_t *target,
                                         int32_t restart, unroll_report *out);

typedef struct unroll_evaluation {
    double loss;     /* mean over all targets, nats */
    double accuracy; /* share of targets that were the most probable token */
    double tokens;   /* targets counted */
} unroll_evaluation;

/* Mean loss over a text read in the same B streams from a zero state, its last, shorter window included, with `holds`
 * (NULL where hold_count is 0), whose steps are positions in a stream. Attention's windows overlap by half, so that
 * from the second on each target has seq_len/2 tokens or more before it. Training state, weights and gradients are
 * untouched. UNROLL_TOO_FEW_TOKENS: fewer than B+1 tokens. UNROLL_BAD_TOKEN. UNROLL_BAD_CONFIG: a hold has no place
 * here. UNROLL_DIVERGED: the loss is not finite. */
unroll_status unroll_trainer_evaluate(unroll_trainer *t, const int32_t *tokens, int32_t count, const unroll_hold *holds,
                                      int32_t hold_count, unroll_evaluation *out);

/* ---- Windows: how a text is cut ------------------------------------------------------------------- */

/* Windows in one epoch: m = floor(floor((count-1)/B) / T). */
int32_t unroll_window_count(int32_t count, int32_t B, int32_t T);

/* Copies window k (0 <= k < m) of each stream: input, target (B,T). */
void unroll_window_copy(int32_t *input, int32_t *target, const int32_t *tokens, int32_t count, int32_t B, int32_t T,
                        int32_t k);

/* ---- Shards: the batch in slices, for several workers --------------------------------------------- */

/* The streams are always worked through in unroll_shard_count(B) slices, whose gradients are added in
 * order, so the bits do not depend on how many workers share them. A slice has 16 streams or more, where
 * the batch has. */
int32_t unroll_shard_count(int32_t B);
/* First stream of slice s; slice s ends where s+1 begins. */
int32_t unroll_shard_begin(int32_t B, int32_t s);

/* GRADIENT = SHARD_GRADIENT (first != 0) or GRADIENT += SHARD_GRADIENT. To be called in slice order. */
void unroll_trainer_reduce(unroll_trainer *t, int32_t first);

/* Regularises, clips and applies GRADIENT, after the last unroll_trainer_reduce(); `loss` is the batch's mean,
 * `tokens` how many it had. UNROLL_DIVERGED. */
unroll_status unroll_trainer_update(unroll_trainer *t, double loss, double tokens, unroll_report *out);

/* ---- Pass: one window through the network and back ------------------------------------------------ */

typedef struct unroll_pass unroll_pass; /* opaque; lives inside the caller's block, and uses its trainer's weights */

enum {
    UNROLL_PASS_BACKWARD = 1, /* room for gradients and for dropout */
    UNROLL_PASS_LOGITS = 2,   /* logits and probabilities are kept */
    UNROLL_PASS_FLOW = 4      /* room for unroll_pass_flow(); implies BACKWARD; B must be 1 */
};

/* Bytes for a pass of B streams and T steps, or 0 if they overflow or the arguments are out of range: attention's T is
 * seq_len at most. */
size_t unroll_pass_bytes(const unroll_trainer *t, int32_t B, int32_t T, int32_t flags);
/* UNROLL_NO_SPACE, UNROLL_BAD_CONFIG. The block is 16-byte aligned; the pass ends with its trainer. */
unroll_status unroll_pass_init(unroll_pass **out, void *block, size_t bytes, unroll_trainer *t, int32_t B, int32_t T,
                               int32_t flags);

/* Sets the state before the first step: h, c (L,B,H); NULL is zeros. After a run, unroll_pass_carry() makes its last
 * state the next run's first. */
void unroll_pass_set_state(unroll_pass *p, const float *h, const float *c);
/* The state after the last step of a run: h, c (L,B,H) out; c is written for an LSTM alone. */
void unroll_pass_get_state(const unroll_pass *p, float *h, float *c);
void unroll_pass_carry(unroll_pass *p);

/* Holds these in the runs that follow, `count` 0: nothing. The list stays the caller's, and must last as long.
 * UNROLL_BAD_CONFIG: a hold is out of range; all is as before. */
unroll_status unroll_pass_hold(unroll_pass *p, const unroll_hold *holds, int32_t count);

/* Forward, loss, and (backward != 0) backward into the trainer's SHARD_GRADIENT.
 * input, target (B,T) ids; a target of -1 counts for nothing. `loss` is the sum over all targets; the gradient is that
 * of loss*scale. train != 0 applies dropout, drawn from the seed, the trainer's step, and `first_stream`
 * (>= 0) + b.
 * UNROLL_BAD_PASS: `backward` or `train` without UNROLL_PASS_BACKWARD. UNROLL_BAD_TOKEN. UNROLL_BAD_CONFIG: `scale` is
 * not a finite float. UNROLL_DIVERGED: the loss is not finite; the trace can be read, but for the gradients, which like
 * SHARD_GRADIENT are begun and not finished. */
unroll_status unroll_pass_run(unroll_pass *p, const int32_t *input, const int32_t *target, int32_t backward,
                              double scale, int32_t train, int32_t first_stream, double *loss);

/* Adds to `hits` how many of the last run's targets were the most probable token, to `targets` how many there were. */
void unroll_pass_hits(const unroll_pass *p, double *hits, double *targets);

/* What a pass can be asked for after a run. */
typedef enum unroll_trace {
    UNROLL_TRACE_HIDDEN,          /* h            [L,T,B,H]; attention: the stream that leaves the block */
    UNROLL_TRACE_CELL,            /* c            [L,T,B,H], LSTM */
    UNROLL_TRACE_GATE,            /* gate 0, + 1, + 2, + 3: LSTM i f g o, GRU r z n, minGRU z n   [L,T,B,H] */
    UNROLL_TRACE_HIDDEN_GRAD = 6, /* d loss*scale / d h, all that follows included [L,T,B,H] */
    UNROLL_TRACE_CELL_GRAD,       /* the same for c [L,T,B,H], LSTM */
    UNROLL_TRACE_LOSS,            /* nats         [T,B]; 0 where there is no target */
    UNROLL_TRACE_LOGITS,          /*              [T,B,V], with UNROLL_PASS_LOGITS */
    UNROLL_TRACE_PROBABILITIES,   /*              [T,B,V], with UNROLL_PASS_LOGITS */
    UNROLL_TRACE_ATTENTION        /* weights      [L,B,heads,T,T], attention: row t over the positions s <= t */
} unroll_trace;

/* Floats unroll_pass_copy() writes for `what`, or 0 if this pass does not have it; SIZE_MAX if memory cannot hold them:
 * then it writes nothing. */
size_t unroll_pass_count(const unroll_pass *p, int32_t what);
void unroll_pass_copy(const unroll_pass *p, int32_t what, float *out);

/* flow (L,T,T): row t, column s holds |d loss_t / d h_s| for s <= t, else 0, of the last run's B = 1 window, by one
 * backward sweep with the T losses side by side; after a run with dropout, with the same units dropped. Attention: h_s
 * is the stream that enters the block, and each loss is swept for itself. No gradient is changed.  UNROLL_BAD_PASS:
 * made without UNROLL_PASS_FLOW, not yet run, or its state, its holds or a sample came after the last run; the weights
 * are to be those of the run. */
unroll_status unroll_pass_flow(unroll_pass *p, float *flow);

/* Draws `length` (>= 1) tokens after a prompt (prompt_count >= 1 ids, read from the state h, c (L,H); NULL is zeros).
 * `p` is a pass of B = 1, T = 1 with UNROLL_PASS_LOGITS; attention's has a T of its own, the window that is read, in
 * which the keys and values of what was read stay. When the window is full, it begins anew with its later half.
 * temperature 0 takes the most probable; top_k 0 considers all.
 * ids (length) out; probabilities (length,V) out, or NULL: the distribution each id was drawn from.
 * UNROLL_BAD_PASS, UNROLL_BAD_TOKEN: nothing was written. UNROLL_DIVERGED: the logits are not finite; what was drawn
 * before stands. */
unroll_status unroll_pass_sample(unroll_pass *p, const float *h, const float *c, const int32_t *prompt,
                                 int32_t prompt_count, int32_t length, double temperature, int32_t top_k, uint32_t seed,
                                 int32_t *ids, float *probabilities);

#ifdef __cplusplus
}
#endif
#endif
