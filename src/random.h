/* The generator: SplitMix64 read by counter. It has no state, so any draw can be made again from its place:
 * weights from the seed, dropout masks from seed, step and position. */
#ifndef UNROLL_RANDOM_H
#define UNROLL_RANDOM_H

#include <stdint.h>

/* SplitMix64's finaliser (Steele, Lea, Flood 2014). */
static inline uint64_t random_mix(uint64_t x) {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/* The key of a stream of draws: one purpose under one seed. */
static inline uint64_t random_key(uint32_t seed, uint64_t purpose) { return random_mix(random_mix(seed) ^ purpose); }

/* Draw number `index` of a stream, uniform in [0, 1) on a grid of 2^-24, which a float holds exactly. */
static inline float random_uniform(uint64_t key, uint64_t index) {
    return (float)(random_mix(key + index * 0x9e3779b97f4a7c15u) >> 40) * 0x1p-24f;
}

#endif
