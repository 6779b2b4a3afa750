/* A caller's block, handed out piece by piece. The same layout function runs twice: with base NULL it only counts. */
#ifndef UNROLL_ARENA_H
#define UNROLL_ARENA_H

#include <stddef.h>
#include <stdint.h>

typedef struct arena {
    char *base;  /* NULL: measuring */
    size_t used; /* bytes; SIZE_MAX once a size has overflowed */
} arena;

/* `count` items of `size` bytes at the next multiple of 16; NULL when measuring. */
static inline void *arena_take(arena *a, size_t count, size_t size) {
    if (a->used > SIZE_MAX / 2 || (size && count > (SIZE_MAX / 2 - a->used) / size)) {
        a->used = SIZE_MAX;
        return NULL;
    }
    void *p = a->base ? a->base + a->used : NULL;
    a->used += (count * size + 15) & ~(size_t)15;
    return p;
}

/* rows*cols floats. */
static inline float *arena_floats(arena *a, size_t rows, size_t cols) {
    if (cols && rows > SIZE_MAX / 16 / cols) a->used = SIZE_MAX;
    return a->used == SIZE_MAX ? NULL : arena_take(a, rows * cols, sizeof(float));
}

#endif
