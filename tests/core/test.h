/* The tests' harness: one executable a file, a sentence a test.
 *
 *   TEST(a_sentence_that_states_what_holds) { CHECK(x == 1); }
 *
 * A check that fails prints where, what it got and what it wanted, and the test goes on; only the first few of a
 * test are shown. main() is here: it runs the file's tests in order and closes with one line. */
#ifndef UNROLL_TEST_H
#define UNROLL_TEST_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEST_MAX = 64, TEST_SHOWN = 5, TEST_BLOCKS = 1 << 15 };

static struct {
    const char *name[TEST_MAX];
    void (*run[TEST_MAX])(void);
    int count, checks, failures, failures_here;
    void **block;
    size_t blocks;
} test_state;

#define TEST(sentence)                                                   \
    static void sentence(void);                                          \
    __attribute__((constructor)) static void register_##sentence(void) { \
        if (test_state.count == TEST_MAX) abort();                       \
        test_state.name[test_state.count] = #sentence;                   \
        test_state.run[test_state.count++] = sentence;                   \
    }                                                                    \
    static void sentence(void)

/* Zeroed memory, freed when the test ends. Exactly `bytes` long, so that the sanitizer sees one step too far. */
static inline void *test_room(size_t bytes) {
    size_t n = test_state.blocks;
    if (!(n & (n - 1))) test_state.block = realloc(test_state.block, (n ? 2 * n : 1) * sizeof(void *));
    void *block = calloc(bytes ? bytes : 1, 1);
    if (!block || !test_state.block) abort();
    return test_state.block[test_state.blocks++] = block;
}

static inline float *test_floats(size_t count) { return test_room(count * sizeof(float)); }
static inline int32_t *test_ints(size_t count) { return test_room(count * sizeof(int32_t)); }

/* Counts a check; returns whether its failure should be shown. */
static inline int test_fails(int ok) {
    test_state.checks++;
    if (ok) return 0;
    test_state.failures++;
    return test_state.failures_here++ < TEST_SHOWN;
}

#define CHECK(condition)                                                                          \
    do {                                                                                          \
        if (test_fails(!!(condition))) printf("    %s:%d: %s\n", __FILE__, __LINE__, #condition); \
    } while (0)

#define CHECK_EQUAL(got, want)                                                                     \
    do {                                                                                           \
        long long got_ = (long long)(got), want_ = (long long)(want);                              \
        if (test_fails(got_ == want_))                                                             \
            printf("    %s:%d: %s: got %lld, want %lld\n", __FILE__, __LINE__, #got, got_, want_); \
    } while (0)

/* One number, within `tolerance` times the wanted value's size. */
#define CHECK_NEAR(got, want, tolerance)                                                           \
    do {                                                                                           \
        double got_ = (got), want_ = (want);                                                       \
        if (test_fails(fabs(got_ - want_) <= (tolerance) * (want_ == 0 ? 1 : fabs(want_))))        \
            printf("    %s:%d: %s: got %.9g, want %.9g\n", __FILE__, __LINE__, #got, got_, want_); \
    } while (0)

/* n floats, within `tolerance` times the largest wanted value. */
#define CHECK_CLOSE(got, want, n, tolerance) test_close(__FILE__, __LINE__, #got, "", got, want, (size_t)(n), tolerance)
/* The same, with the name of a tensor for the message. */
#define CHECK_CLOSE_NAMED(name, got, want, n, tolerance) \
    test_close(__FILE__, __LINE__, #got, name, got, want, (size_t)(n), tolerance)

static inline void test_close(const char *file, int line, const char *expression, const char *name, const float *got,
                              const float *want, size_t n, double tolerance) {
    double largest = 0, worst = -1;
    size_t at = 0;
    for (size_t i = 0; i < n; i++) largest = fmax(largest, fabs((double)want[i]));
    for (size_t i = 0; i < n; i++) {
        double off = fabs((double)got[i] - want[i]);
        if (!(off <= worst)) worst = off, at = i;
        if (isnan(off)) break;
    }
    if (test_fails(n == 0 || worst <= tolerance * (largest == 0 ? 1 : largest)))
        printf("    %s:%d: %s %s[%zu]: got %.9g, want %.9g (largest %.3g)\n", file, line, expression, name, at,
               (double)got[at], (double)want[at], largest);
}

/* n items with the same bits. */
#define CHECK_SAME(got, want, n) test_same(__FILE__, __LINE__, #got, got, want, (size_t)(n), sizeof *(got))

static inline void test_same(const char *file, int line, const char *expression, const void *got, const void *want,
                             size_t n, size_t size) {
    size_t at = 0;
    while (at < n && !memcmp((const char *)got + at * size, (const char *)want + at * size, size)) at++;
    if (!test_fails(at == n)) return;
    uint32_t a = 0, b = 0;
    memcpy(&a, (const char *)got + at * size, size < 4 ? size : 4);
    memcpy(&b, (const char *)want + at * size, size < 4 ? size : 4);
    printf("    %s:%d: %s[%zu]: got bits %08x, want %08x\n", file, line, expression, at, a, b);
}

int main(int argc, char **argv) {
    int failed = 0;
    for (int i = 0; i < test_state.count; i++) {
        if (argc > 1 && !strstr(test_state.name[i], argv[1])) continue;
        test_state.failures_here = 0;
        test_state.run[i]();
        while (test_state.blocks) free(test_state.block[--test_state.blocks]);
        failed += test_state.failures_here > 0;
        if (test_state.failures_here) printf("  FAILED %s: %d checks\n", test_state.name[i], test_state.failures_here);
    }
    free(test_state.block);
    const char *slash = strrchr(argv[0], '/');
    printf("%s: %d tests, %d checks, %d tests failed\n", slash ? slash + 1 : argv[0], test_state.count,
           test_state.checks, failed);
    return failed > 0;
}

#endif
