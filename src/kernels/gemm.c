/* Matrix products on a 4 x 8 register tile: eight accumulators, two loads of packed columns and four splats a step,
 * which just fits the sixteen registers of x86-64. A 6 x 8 tile spills. */
#include <assert.h>

#include "kernels.h"
#include "vec4.h"

/* The block of `a` that a strip of columns is multiplied with: 24 kB, within the first-level cache. */
enum { ROWS = 24, DEPTH = 256 };

void unroll_pack_rows(float *panels, const float *w, int ldw, int N, int K) {
    assert(N >= 1 && K >= 1 && ldw >= K);
    for (int n = 0; n < N; n += UNROLL_PANEL, panels += (size_t)UNROLL_PANEL * K) {
        int columns = N - n < UNROLL_PANEL ? N - n : UNROLL_PANEL;
        if (columns < UNROLL_PANEL) memset(panels, 0, sizeof(float) * UNROLL_PANEL * (size_t)K);
        unroll_transpose(panels, UNROLL_PANEL, w + (size_t)n * ldw, ldw, columns, K);
    }
}

void unroll_pack_cols(float *panels, const float *w, int ldw, int N, int K) {
    assert(N >= 1 && K >= 1 && ldw >= N);
    for (int n = 0; n < N; n += UNROLL_PANEL) {
        int columns = N - n < UNROLL_PANEL ? N - n : UNROLL_PANEL;
        const float *row = w + n;
        for (int k = 0; k < K; k++, row += ldw, panels += UNROLL_PANEL) {
            if (columns == UNROLL_PANEL) {
                v4_store(panels, v4_load(row)), v4_store(panels + 4, v4_load(row + 4));
            } else {
                for (int j = 0; j < UNROLL_PANEL; j++) panels[j] = j < columns ? row[j] : 0;
            }
        }
    }
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

/* What a product is added to: rows ld apart, those of `ids` where that is not NULL. Nothing where `rows` is NULL. */
typedef struct start {
    const float *rows;
    size_t ld;
    const int32_t *ids;
} start;

/* Row m of it, from column n on. */
static inline const float *start_row(start s, int m, int n) {
    return s.rows ? s.rows + s.ld * (size_t)(s.ids ? s.ids[m] : m) + n : NULL;
}

/* c (1 row, 8 columns, `columns` of them stored) from two accumulators, and from the row they are added to. */
static inline void store_row(float *c, const float *from, v4 low, v4 high, int columns) {
    if (columns == UNROLL_PANEL) {
        if (from) low = v4_load(from) + low, high = v4_load(from + 4) + high;
        v4_store(c, low), v4_store(c + 4, high);
        return;
    }
    float t[UNROLL_PANEL];
    v4_store(t, low), v4_store(t + 4, high);
    for (int j = 0; j < columns; j++) c[j] = from ? from[j] + t[j] : t[j];
}

/* Four rows of a by one panel: each step k takes column k of a and row k of the panel. Number (m,k) of a stands at
 * m*row_step + k*column_step; both are constants where the tile is inlined, or one of them is. */
static inline void tile_4x8(float *c, int ldc, start from, int m, int n, const float *a0, int row_step, int column_step,
                            const float *p, int columns, int K) {
    v4 zero = {0, 0, 0, 0};
    v4 c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
    const float *a1 = a0 + row_step, *a2 = a1 + row_step, *a3 = a2 + row_step;
    /* One step a turn: clang orders a longer body by accumulator, whose operands then no longer fit the registers. */
    for (int k = 0; k < K; k++, p += UNROLL_PANEL) {
        v4 low = v4_load(p), high = v4_load(p + 4);
        v4 x = v4_splat(*a0);
        c00 = c00 + x * low, c01 = c01 + x * high;
        x = v4_splat(*a1);
        c10 = c10 + x * low, c11 = c11 + x * high;
        x = v4_splat(*a2);
        c20 = c20 + x * low, c21 = c21 + x * high;
        x = v4_splat(*a3);
        c30 = c30 + x * low, c31 = c31 + x * high;
        a0 += column_step, a1 += column_step, a2 += column_step, a3 += column_step;
    }
    c += (size_t)m * ldc + n;
    store_row(c, start_row(from, m, n), c00, c01, columns);
    store_row(c + ldc, start_row(from, m + 1, n), c10, c11, columns);
    store_row(c + 2 * (size_t)ldc, start_row(from, m + 2, n), c20, c21, columns);
    store_row(c + 3 * (size_t)ldc, start_row(from, m + 3, n), c30, c31, columns);
}

/* One row by four panels: eight accumulators hide the adder's latency where the batch is a single stream. */
static inline void tile_1x32(float *c, const float *from, const float *a, const float *p, size_t panel, int K) {
    v4 zero = {0, 0, 0, 0}, c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero, c5 = zero, c6 = zero, c7 = zero;
    const float *p1 = p + panel, *p2 = p1 + panel, *p3 = p2 + panel, *end = a + K;
    for (; a != end; p += 8, p1 += 8, p2 += 8, p3 += 8) {
        v4 x = v4_splat(*a++);
        c0 = c0 + x * v4_load(p), c1 = c1 + x * v4_load(p + 4);
        c2 = c2 + x * v4_load(p1), c3 = c3 + x * v4_load(p1 + 4);
        /* Never so: it parts the step in two. V8 before version 13 (Node 20 and 22) makes all loads of a straight piece
         * of code first, and the eight of a whole step leave no registers for the sums: half the speed. */
        __asm__("" : "+r"(p2));
        if (__builtin_expect(!p2, 0)) break;
        c4 = c4 + x * v4_load(p2), c5 = c5 + x * v4_load(p2 + 4);
        c6 = c6 + x * v4_load(p3), c7 = c7 + x * v4_load(p3 + 4);
    }
    store_row(c, from, c0, c1, UNROLL_PANEL);
    store_row(c + 8, from ? from + 8 : NULL, c2, c3, UNROLL_PANEL);
    store_row(c + 16, from ? from + 16 : NULL, c4, c5, UNROLL_PANEL);
    store_row(c + 24, from ? from + 24 : NULL, c6, c7, UNROLL_PANEL);
}

static inline void tile_1x8(float *c, const float *from, const float *a, const float *p, int columns, int K) {
    v4 low = {0, 0, 0, 0}, high = low;
    for (int k = 0; k < K; k++, p += UNROLL_PANEL) {
        v4 x = v4_splat(a[k]);
        low = low + x * v4_load(p), high = high + x * v4_load(p + 4);
    }
    store_row(c, from, low, high, columns);
}

/* `K` of the panels' depth, which is `depth`: rows first..end by all N columns. */
static void gemm_block(float *c, int ldc, start from, const float *a, int lda, const float *panels, int depth,
                       int first, int end, int N, int K) {
    size_t panel = (size_t)UNROLL_PANEL * depth;
    int whole = first + ((end - first) & ~3);
    if (whole > first) {
        const float *p = panels;
        for (int n = 0; n < N; n += UNROLL_PANEL, p += panel) {
            int columns = N - n < UNROLL_PANEL ? N - n : UNROLL_PANEL;
            for (int m = first; m < whole; m += 4)
                tile_4x8(c, ldc, from, m, n, a + (size_t)m * lda, lda, 1, p, columns, K);
        }
    }
    for (int m = whole; m < end; m++) {
        float *row = c + (size_t)m * ldc;
        const float *x = a + (size_t)m * lda, *p = panels;
        int n = 0;
        for (; n + 32 <= N; n += 32, p += 4 * panel) tile_1x32(row + n, start_row(from, m, n), x, p, panel, K);
        for (; n < N; n += UNROLL_PANEL, p += panel)
            tile_1x8(row + n, start_row(from, m, n), x, p, N - n < UNROLL_PANEL ? N - n : UNROLL_PANEL, K);
    }
}

static void gemm(float *c, int ldc, start from, const float *a, int lda, const float *panels, int M, int N, int K) {
    assert(K >= 1 && lda >= K && ldc >= N);
    for (int k = 0; k < K; k += DEPTH, from = (start){c, (size_t)ldc, NULL}) {
        int depth = K - k < DEPTH ? K - k : DEPTH;
        for (int m = 0; m < M; m += ROWS)
            gemm_block(c, ldc, from, a + k, lda, panels + (size_t)UNROLL_PANEL * k, K, m, M - m < ROWS ? M : m + ROWS,
                       N, depth);
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

/* c (M,N) += from `fours` and panels of the same depth K; a tile that sticks out below c goes through a copy. */
static void block_tn(float *c, int ldc, const float *fours, const float *panels, int M, int N, int K) {
    for (int n = 0; n < N; n += UNROLL_PANEL, panels += (size_t)UNROLL_PANEL * K) {
        int columns = N - n < UNROLL_PANEL ? N - n : UNROLL_PANEL, m = 0;
        for (; m + 4 <= M; m += 4)
            tile_4x8(c, ldc, (start){c, (size_t)ldc, NULL}, m, n, fours + (size_t)m * K, 1, 4, panels, columns, K);
        if (m == M) continue;
        float t[4 * UNROLL_PANEL];
        tile_4x8(t, UNROLL_PANEL, (start){NULL, 0, NULL}, 0, 0, fours + (size_t)m * K, 1, 4, panels, UNROLL_PANEL, K);
        for (int i = m; i < M; i++)
            for (int j = 0; j < columns; j++) c[(size_t)i * ldc + n + j] += t[(i - m) * UNROLL_PANEL + j];
    }
}

/* Rows k.. of four columns of a, as they are, one after the other: what the tile reads in one stream. */
static void pack_fours(float *fours, const float *a, int lda, int columns, int K) {
    for (int k = 0; k < K; k++, a += lda)
        for (int m = 0; m < columns; m += 4)
            v4_store(fours + (size_t)m * K + 4 * k, v4_take(a + m, columns - m < 4 ? columns - m : 4));
}

void unroll_gemm_tn(float *c, int ldc, const float *a, int lda, const float *b, int ldb, int M, int N, int K,
                    float *scratch) {
    assert(M >= 1 && N >= 1 && K >= 0 && ldc >= N && lda >= M && ldb >= N && scratch && scratch != c);
    float *fours = scratch, *panels = scratch + (size_t)UNROLL_TN_ROWS * UNROLL_TN_DEPTH;
    for (int k = 0; k < K; k += UNROLL_TN_DEPTH) {
        int depth = K - k < UNROLL_TN_DEPTH ? K - k : UNROLL_TN_DEPTH;
        unroll_pack_cols(panels, b + (size_t)k * ldb, ldb, N, depth);
        for (int m = 0; m < M; m += UNROLL_TN_ROWS) {
            int rows = M - m < UNROLL_TN_ROWS ? M - m : UNROLL_TN_ROWS;
            pack_fours(fours, a + (size_t)k * lda + m, lda, rows, depth);
            block_tn(c + (size_t)m * ldc, ldc, fours, panels, rows, N, depth);
        }
    }
}
