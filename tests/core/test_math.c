/* exp, tanh and the logistic function against double references: at most 2 ulp, or 2.5, over the whole float range.
 * Every 251st float is tried, which is every exponent many thousand times, and the neighbourhood of each switch in
 * full. */
#include "kernels/vec4_math.h"
#include "test.h"

static double logistic(double x) { return 1 / (1 + exp(-x)); }

/* Distance of `got` from the true value, in units of the last place of a float of that size. */
static double ulps(float got, double want) {
    if (isnan(want)) return isnan(got) ? 0 : INFINITY;
    if (isnan(got)) return INFINITY;
    if (isinf(got) || fabs(want) > 3.4028235677973366e38) return (double)got == (double)(float)want ? 0 : INFINITY;
    uint64_t bits;
    memcpy(&bits, &want, sizeof bits);
    int exponent = (int)(bits >> 52 & 0x7ff) - 1023; // its own, or that of the smallest floats
    bits = (uint64_t)((exponent < -126 ? -126 : exponent) - 23 + 1023) << 52;
    double unit;
    memcpy(&unit, &bits, sizeof unit);
    return fabs(got - want) / unit;
}

typedef v4 (*lanes)(v4);
typedef double (*exact)(double);

static float from_bits(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Floats of bits first, first + step, ... below end: the worst distance, and where. */
static double worst(lanes f, exact g, uint64_t first, uint64_t end, uint64_t step, float *at) {
    double most = -1;
    for (uint64_t bits = first; bits < end; bits += 4 * step) {
        v4 x = {from_bits((uint32_t)bits), from_bits((uint32_t)(bits + step)), from_bits((uint32_t)(bits + 2 * step)),
                from_bits((uint32_t)(bits + 3 * step))};
        v4 y = f(x);
        for (int i = 0; i < 4; i++) {
            double off = ulps(y[i], g(x[i]));
            if (off > most) most = off, *at = x[i];
        }
    }
    return most;
}

static void check_range(const char *name, lanes f, exact g, double bound) {
    float at = 0;
    double most = worst(f, g, 0, (uint64_t)1 << 32, 251, &at);
    if (test_fails(most <= bound)) printf("    %s(%.9g) is %.3f ulp off\n", name, (double)at, most);
    const float switches[] = {0.625f, 87.0f, 88.7228394f, 89.0f,      103.972084f, 104.0f,
                              43.5f,  42.0f, 10.0f,       9.0109137f, 0.34657359f, 0.173286795f};
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        for (uint32_t sign = 0; sign <= 1; sign++) {
            uint32_t middle;
            memcpy(&middle, &switches[i], sizeof middle);
            middle |= sign << 31;
            most = worst(f, g, middle - 4000, middle + 4000, 1, &at);
            if (test_fails(most <= bound)) printf("    %s(%.9g) is %.3f ulp off\n", name, (double)at, most);
        }
}

static v4 exp_lanes(v4 x) { return v4_exp(x); }
static v4 tanh_lanes(v4 x) { return v4_tanh(x); }
static v4 sigmoid_lanes(v4 x) { return v4_sigmoid(x); }

TEST(exp_is_within_2_ulp_over_the_whole_float_range) { check_range("exp", exp_lanes, exp, 2); }
TEST(tanh_is_within_2_ulp_and_a_half_over_the_whole_float_range) { check_range("tanh", tanh_lanes, tanh, 2.5); }
TEST(sigmoid_is_within_2_ulp_and_a_half_over_the_whole_float_range) {
    check_range("sigmoid", sigmoid_lanes, logistic, 2.5);
}

TEST(infinities_zeros_and_nan_come_out_as_they_should) {
    v4 x = {-INFINITY, INFINITY, -0.0f, NAN};
    v4 e = v4_exp(x), t = v4_tanh(x), s = v4_sigmoid(x);
    CHECK(e[0] == 0 && e[1] == INFINITY && e[2] == 1 && isnan(e[3]));
    CHECK(t[0] == -1 && t[1] == 1 && t[2] == 0 && signbit(t[2]) && isnan(t[3]));
    CHECK(s[0] == 0 && s[1] == 1 && s[2] == 0.5f && isnan(s[3]));
}
