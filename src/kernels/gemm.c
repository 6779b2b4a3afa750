/* Matrix products on register tiles of two rows by a panel's twenty columns. Of x86-64's sixteen registers ten are
 * sums, which hide the latency of a multiply-add that a processor begins two of at a time; a step loads five vectors
 * and splats two numbers. What is left of the columns has tiles of its own. */
#include <assert.h>

#include "kernels.h"
#include "vec4.h"

/* The block of `a` that a panel is multiplied with. */
enum { ROWS = 24, DEPTH = 256, VECTORS = UNROLL_PANEL / 4, SUMS = 10 };

/* What is written for any number of rows and columns and compiled for one. */
#define INLINED static inline __attribute__((always_inline))

/* ---- Packing ---- */

void unroll_pack_rows(float *panels, const float *w, int ldw, int N, int K) {
    assert(N >= 1 && K >= 1 && ldw >= K);
    for (int n = 0; n < N; n += UNROLL_PANEL, panels += (size_t)UNROLL_PANEL * K) {
        int columns = N - n < UNROLL_PANEL ? N - n : UNROLL_PANEL;
        if (columns < UNROLL_PANEL) memset(panels, 0, sizeof(float) * UNROLL_PANEL * (size_t)K);
        unroll_transpose(panels, UNROLL_PANEL, w + (size_t)n * ldw, ldw, columns, K);
    }
}

/* out (K,to) = the first `columns` of in's rows, then zeros. */
static void pack(float *out, int to, const float *in, int ldi, int columns, int K) {
    for (int k = 0; k < K; k++, in += ldi, out += to) {
        int j = 0;
        for (; j + 4 <= columns; j += 4) v4_store(out + j, v4_load(in + j));
        for (; j < to; j += 4) v4_store(out + j, j < columns ? v4_take(in + j, columns - j) : (v4){0, 0, 0, 0});
    }
}

void unroll_pack_cols(float *panels, const float *w, int ldw, int N, int K) {
    assert(N >= 1 && K >= 1 && ldw >= N);
    for (int n = 0; n < N; n += UNROLL_PANEL, panels += (size_t)UNROLL_PANEL * K)
        pack(panels, UNROLL_PANEL, w + n, ldw, N - n < UNROLL_PANEL ? N - n : UNROLL_PANEL, K);
}

void unroll_transpose(float *out, int ldo, const float *in, int ldi, int rows, int cols) {
    assert(rows >= 1 && cols >= 1 && ldo >= rows && ldi >= cols && out != in);
    int r = 0;
    for (; r + 4 <= rows; r += 4) {
        const float *p = in + (size_t)r * ldi;
        float *q = out + r;
        int c = 0;
        for (; c + 4 <= cols; c += 4, p += 4, q += 4 * (size_t)ldo) {
            v4 a = v4_load(p), b = v4_load(p + ldi), d = v4_load(p + 2 * (size_t)ldi), e = v4_load(p + 3 * (size_t)ldi);
            v4_transpose(&a, &b, &d, &e);
            v4_store(q, a), v4_store(q + ldo, b), v4_store(q + 2 * (size_t)ldo, d), v4_store(q + 3 * (size_t)ldo, e);
        }
        for (; c < cols; c++, p++, q += ldo)
            for (int i = 0; i < 4; i++) q[i] = p[(size_t)i * ldi];
    }
    for (; r < rows; r++)
        for (int c = 0; c < cols; c++) out[(size_t)c * ldo + r] = in[(size_t)r * ldi + c];
}

/* ---- Tiles ---- */

/* What a product is added to: rows ld apart, those of `ids` where that is not NULL. Nothing where `rows` is NULL. */
typedef struct start {
    const float *rows;
    size_t ld;
    const int32_t *ids;
} start;

/* c (M,N) = from + a (M,K) times panels. Number (m,k) of a stands at m*row_step + k*column_step; panels are `panel`
 * floats apart. */
typedef struct product {
    float *c;
    int ldc;
    start from;
    const float *a;
    int row_step, column_step;
    const float *panels;
    size_t panel;
    int M, N, K;
} product;

static inline const float *panel_of(const product *s, int n) {
    return s->panels + (size_t)(n / UNROLL_PANEL) * s->panel;
}

/* Row m of what it is added to, from column n on. */
static inline const float *start_row(start s, int m, int n) {
    return s.rows ? s.rows + s.ld * (size_t)(s.ids ? s.ids[m] : m) + n : NULL;
}

/* Where a step is parted. V8 makes all loads of a straight piece of code first (before version 13, Node 20 and 22,
 * always), and those of a whole step leave no registers for ten sums; so there is a way out that is never taken: k is
 * not negative. Each part needs a number of its own. */
static inline int is_never(int k, int number) {
    __asm__("" : "+r"(k));
    return __builtin_expect(k == -number, 0);
}

/* Functions of their own, so that each has all registers. */
#define OWN static __attribute__((noinline))

/* Four of c = from + x, or x. */
static inline void store(float *c, const float *from, int j, v4 x) {
    v4_store(c + j, from ? v4_load(from + j) + x : x);
}

/* What there is of row m, columns n.., from the `width` numbers of a tile's. */
OWN void store_row(const product *s, int m, int n, const float *row, int width) {
    const float *from = start_row(s->from, m, n);
    float *c = s->c + (size_t)m * s->ldc + n;
    int columns = s->N - n < width ? s->N - n : width, j = 0;
    for (; j + 4 <= columns; j += 4) store(c, from, j, v4_load(row + j));
    for (; j < columns; j++) c[j] = from ? from[j] + row[j] : row[j];
}

/* Rows m.. by the columns n.. of a panel: rows * vectors <= SUMS. */
INLINED void tile(const int rows, const int vectors, const product *s, int m, int n) {
    const int ldc = s->ldc, column_step = s->column_step, K = s->K;
    const float *p = panel_of(s, n), *x[SUMS];
    v4 sum[SUMS];
    for (int r = 0; r < rows; r++) x[r] = s->a + (size_t)(m + r) * s->row_step;
    for (int i = 0; i < rows * vectors; i++) sum[i] = (v4){0, 0, 0, 0};
    /* One step a turn: clang orders a longer body by sum, whose operands then no longer fit the registers. */
    for (int k = 0; k < K; k++, p += UNROLL_PANEL) {
        v4 number[SUMS];
        for (int r = 0; r < rows; r++) number[r] = v4_splat(*x[r]), x[r] += column_step;
        for (int j = 0; j < vectors; j++) {
            if (rows * vectors == SUMS && j && j % 2 == 0 && is_never(k, j)) goto summed;
            v4 columns = v4_load(p + 4 * j);
            for (int r = 0; r < rows; r++) sum[r * vectors + j] = sum[r * vectors + j] + number[r] * columns;
        }
    }
summed:
    for (int r = 0; r < rows; r++) {
        float edge[4 * VECTORS], *c = s->c + (size_t)(m + r) * ldc + n;
        const float *from = start_row(s->from, m + r, n);
        int whole = s->N - n >= 4 * vectors;
        for (int j = 0; j < vectors; j++) store(whole ? c : edge, whole ? from : NULL, 4 * j, sum[r * vectors + j]);
        if (!whole) store_row(s, m + r, n, edge, 4 * vectors);
    }
}

/* Row m by the columns n.. of two panels: ten sums again. */
OWN void tile_1x40(const product *s, int m, int n) {
    v4 zero = {0, 0, 0, 0}, a0 = zero, a1 = zero, a2 = zero, a3 = zero, a4 = zero, b0 = zero, b1 = zero, b2 = zero,
       b3 = zero, b4 = zero;
    const float *a = panel_of(s, n), *b = a + s->panel, *x = s->a + (size_t)m * s->row_step;
    for (int k = 0; k < s->K; k++, x += s->column_step, a += UNROLL_PANEL, b += UNROLL_PANEL) {
        v4 number = v4_splat(*x);
        a0 = a0 + number * v4_load(a), a1 = a1 + number * v4_load(a + 4);
        a2 = a2 + number * v4_load(a + 8), a3 = a3 + number * v4_load(a + 12);
        if (is_never(k, 1)) break;
        a4 = a4 + number * v4_load(a + 16), b0 = b0 + number * v4_load(b);
        b1 = b1 + number * v4_load(b + 4), b2 = b2 + number * v4_load(b + 8);
        if (is_never(k, 2)) break;
        b3 = b3 + number * v4_load(b + 12), b4 = b4 + number * v4_load(b + 16);
    }
    float row[2 * UNROLL_PANEL];
    v4_store(row, a0), v4_store(row + 4, a1), v4_store(row + 8, a2), v4_store(row + 12, a3), v4_store(row + 16, a4);
    v4_store(row + 20, b0), v4_store(row + 24, b1), v4_store(row + 28, b2), v4_store(row + 32, b3);
    v4_store(row + 36, b4);
    store_row(s, m, n, row, 2 * UNROLL_PANEL);
}

/* By those of the last panel, where there is no other beside it. */
OWN void tile_1x20(const product *s, int m, int n) {
    v4 zero = {0, 0, 0, 0}, c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero;
    const float *p = panel_of(s, n), *x = s->a + (size_t)m * s->row_step;
    for (int k = 0; k < s->K; k++, x += s->column_step, p += UNROLL_PANEL) {
        v4 number = v4_splat(*x);
        c0 = c0 + number * v4_load(p), c1 = c1 + number * v4_load(p + 4), c2 = c2 + number * v4_load(p + 8);
        c3 = c3 + number * v4_load(p + 12), c4 = c4 + number * v4_load(p + 16);
    }
    float row[UNROLL_PANEL];
    v4_store(row, c0), v4_store(row + 4, c1), v4_store(row + 8, c2), v4_store(row + 12, c3), v4_store(row + 16, c4);
    store_row(s, m, n, row, UNROLL_PANEL);
}

/* Rows m..end-1, a multiple of `rows`, by the columns n.. of a panel. */
INLINED void strip(const int rows, const int vectors, const product *s, int m, int end, int n) {
    for (; m < end; m += rows) tile(rows, vectors, s, m, n);
}

OWN void strip_2x20(const product *s, int m, int end, int n) { strip(2, 5, s, m, end, n); }
OWN void strip_3x12(const product *s, int end, int n) { strip(3, 3, s, 0, end, n); }
OWN void strip_4x8(const product *s, int end, int n) { strip(4, 2, s, 0, end, n); }

static void multiply(const product *s) {
    int even = s->M & ~1;
    for (int n = 0; n < s->N && even; n += UNROLL_PANEL) {
        int columns = s->N - n, done = columns > 12 ? 0 : even - even % (columns > 8 ? 6 : 4);
        if (columns > 8) strip_3x12(s, done, n);
        else strip_4x8(s, done, n);
        strip_2x20(s, done, even, n);
    }
    for (int n = 0; n < s->N && even < s->M; n += 2 * UNROLL_PANEL) {
        if (s->N - n > UNROLL_PANEL) tile_1x40(s, even, n);
        else tile_1x20(s, even, n);
    }
}

/* ---- Products ---- */

static void gemm(float *c, int ldc, start from, const float *a, int lda, const float *panels, int M, int N, int K) {
    assert(K >= 1 && lda >= K && ldc >= N);
    product s = {.ldc = ldc, .row_step = lda, .column_step = 1, .panel = (size_t)UNROLL_PANEL * K, .N = N};
    for (int k = 0; k < K; k += DEPTH, from = (start){c, (size_t)ldc, NULL})
        for (int m = 0; m < M; m += ROWS) {
            s.c = c + (size_t)m * ldc, s.from = from;
            if (from.ids) s.from.ids += m;
            else if (from.rows) s.from.rows += from.ld * (size_t)m;
            s.a = a + (size_t)m * lda + k, s.panels = panels + (size_t)UNROLL_PANEL * k;
            s.M = M - m < ROWS ? M - m : ROWS, s.K = K - k < DEPTH ? K - k : DEPTH;
            multiply(&s);
        }
}

void unroll_gemm(float *c, int ldc, const float *a, int lda, const float *panels, int M, int N, int K, int accumulate) {
    gemm(c, ldc, (start){accumulate ? c : NULL, (size_t)ldc, NULL}, a, lda, panels, M, N, K);
}

void unroll_gemm_rows(float *c, int ldc, const float *rows, int ldrows, const int32_t *ids, const float *a, int lda,
                      const float *panels, int M, int N, int K) {
    assert(!ids || ldrows >= N);
    gemm(c, ldc, (start){rows, ids ? (size_t)ldrows : 0, ids}, a, lda, panels, M, N, K);
}

void unroll_gemm_tn(float *c, int ldc, const float *a, int lda, const float *b, int ldb, int M, int N, int K,
                    float *scratch) {
    assert(M >= 1 && N >= 1 && K >= 0 && ldc >= N && lda >= M && ldb >= N && scratch && scratch != c);
    float *block = scratch, *panels = scratch + (size_t)UNROLL_TN_ROWS * UNROLL_TN_DEPTH;
    product s = {.ldc = ldc, .a = block, .row_step = 1, .column_step = UNROLL_TN_ROWS, .panels = panels, .N = N};
    for (int k = 0; k < K; k += UNROLL_TN_DEPTH) {
        s.K = K - k < UNROLL_TN_DEPTH ? K - k : UNROLL_TN_DEPTH, s.panel = (size_t)UNROLL_PANEL * s.K;
        unroll_pack_cols(panels, b + (size_t)k * ldb, ldb, N, s.K);
        for (int m = 0; m < M; m += UNROLL_TN_ROWS) {
            s.M = M - m < UNROLL_TN_ROWS ? M - m : UNROLL_TN_ROWS;
            pack(block, UNROLL_TN_ROWS, a + (size_t)k * lda + m, lda, s.M, s.K);
            s.c = c + (size_t)m * ldc, s.from = (start){s.c, (size_t)ldc, NULL};
            multiply(&s);
        }
    }
}
