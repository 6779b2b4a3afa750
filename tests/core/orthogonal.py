"""Writes orthogonal.h: what numpy makes of the core's draws. python3 tests/core/orthogonal.py > tests/core/orthogonal.h
The rows that Gram and Schmidt make of A are Q of Aᵀ = QR with a positive diagonal of R, which is unique."""
import numpy as np

MASK = 2**64 - 1


def mix(x):
    x = (x + 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def uniform(key, index):
    return (mix((key + index * 0x9E3779B97F4A7C15) & MASK) >> 40) * 2.0**-24


def normal(key, index):
    return sum(uniform(key, 12 * index + i) for i in range(12)) - 6


def blocks(seed, H, count):
    key = mix(mix(seed) ^ 0x4F525448)
    for g in range(count):
        a = np.array([normal(key, g * H * H + i) for i in range(H * H)]).reshape(H, H)
        q, r = np.linalg.qr(a.T)
        yield (q * np.sign(np.diag(r))).T


print("/* Written by orthogonal.py with numpy %s: an LSTM's four blocks of 6 units, seed 5. */" % np.__version__)
print("static const float ORTHOGONAL[4 * 6 * 6] = {")
numbers = np.concatenate(list(blocks(5, 6, 4))).ravel()
for i in range(0, len(numbers), 6):
    print("    " + ", ".join("%.8ff" % x for x in numbers[i : i + 6]) + ",")
print("};")
