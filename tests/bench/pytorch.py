"""The same updates by native PyTorch: /usr/bin/python3 tests/bench/pytorch.py [--threads 2] [--turns 12] [--json] [S2 S8 ...]

Forward, backpropagation through time, clipping by norm and Adam, on the workloads of workloads.js: torch.nn's cells, an
embedding or one-hot rows, a linear head. Prints the best of several turns as characters a second. Debian: python3-torch,
and libopenblas0-pthread, without which it multiplies by plain loops.
"""
import argparse
import ctypes
import json
import os
import time

asked = argparse.ArgumentParser(description="Characters a second that native PyTorch trains.")
asked.add_argument("names", nargs="*", metavar="S1")
asked.add_argument("--threads", type=int, default=1)
asked.add_argument("--turns", type=int, default=12)
asked.add_argument("--json", action="store_true")
asked = asked.parse_args()
# Before torch is loaded: OpenBLAS reads its number then, and does not hear of torch.set_num_threads.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = str(asked.threads)
# Threads that spin while they wait for one another take the core that the other library's need.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import torch
from torch import nn

V = 65
TURN = 0.15  # seconds
PATIENCE = 20  # seconds, after which a workload has no further turn


class MinGRU(nn.Module):
    """As the exported script has it: torch.nn has none, and what is linear in h' still goes step by step."""

    def __init__(self, inputs, hidden, layers):
        super().__init__()
        self.gates = nn.ModuleList(nn.Linear(hidden if k else inputs, 2 * hidden) for k in range(layers))

    def forward(self, x):
        for gates in self.gates:
            z, n = gates(x).chunk(2, dim=2)
            z, h, out = torch.sigmoid(z), torch.zeros_like(n[0]), []
            for keep, add in zip(1 - z, z * n):
                h = keep * h + add
                out.append(h)
            x = torch.stack(out)
        return x, h


class Attention(nn.Module):
    def __init__(self, inputs, hidden, layers, heads=4, window=100):
        super().__init__()
        self.position = nn.Parameter(torch.zeros(window, 1, hidden))
        gelu = lambda x: nn.functional.gelu(x, approximate="tanh")
        block = lambda: nn.TransformerEncoderLayer(hidden, heads, 4 * hidden, 0.0, gelu, norm_first=True)
        self.blocks, self.norm = nn.ModuleList(block() for _ in range(layers)), nn.LayerNorm(hidden)
        self.mask = torch.full((window, window), float("-inf")).triu(1)

    def forward(self, x):
        x = x + self.position
        for block in self.blocks:
            x = block(x, self.mask)
        return self.norm(x), None


WORKLOADS = {  # cell, hidden, batch, time steps, embedding, layers
    "S1": (nn.LSTM, 128, 64, 100, 128, 1), "S2": (nn.LSTM, 128, 64, 100, 0, 1), "S3": (nn.LSTM, 64, 16, 50, 0, 1),
    "S4": (nn.RNN, 128, 64, 100, 0, 1), "S5": (nn.GRU, 128, 64, 100, 0, 1), "S6": (nn.LSTM, 256, 32, 50, 0, 2),
    "S7": (nn.LSTM, 100, 1, 25, 0, 1), "S8": (nn.LSTM, 512, 64, 50, 0, 1), "M1": (MinGRU, 128, 64, 100, 0, 1),
    "A1": (Attention, 128, 64, 100, 128, 1),
}


def characters_per_second(cell, hidden, batch, steps, embedding, layers):
    torch.manual_seed(1)
    table = nn.Embedding(V, embedding) if embedding else None
    rnn, head = cell(embedding or V, hidden, layers), nn.Linear(hidden, V)
    parameters = [p for part in (table, rnn, head) if part is not None for p in part.parameters()]
    adam = torch.optim.Adam(parameters, lr=2e-3)
    ids = torch.randint(V, (steps + 1, batch))

    def update():
        x = table(ids[:-1]) if table else nn.functional.one_hot(ids[:-1], V).float()
        loss = nn.functional.cross_entropy(head(rnn(x)[0]).reshape(-1, V), ids[1:].reshape(-1))
        adam.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 5)
        adam.step()

    update()
    best, began = float("inf"), time.perf_counter()
    update()
    repeats = max(1, round(TURN / (time.perf_counter() - began)))
    for _ in range(asked.turns):
        start = time.perf_counter()
        for _ in range(repeats):
            update()
        now = time.perf_counter()
        best = min(best, (now - start) / repeats)
        if now - began > PATIENCE:
            break
    return batch * steps / best


def openblas():
    """What multiplies, and by how many threads; None where it is not OpenBLAS."""
    torch.ones(2, 2) @ torch.ones(2, 2)
    with open("/proc/self/maps") as maps:
        loaded = {line.split()[-1] for line in maps if "openblas" in line}
    if not loaded:
        return None
    library = ctypes.CDLL(loaded.pop())
    library.openblas_get_config.restype = ctypes.c_char_p
    return {"config": library.openblas_get_config().decode(), "threads": library.openblas_get_num_threads()}


torch.set_num_threads(asked.threads)
about = {"torch": torch.__version__, "threads": torch.get_num_threads(), "openblas": openblas(), "figures": {}}
if not asked.json:
    print(f"torch {about['torch']}, threads: {about['threads']}; OpenBLAS: {about['openblas'] or 'none'}")
for name in asked.names or WORKLOADS:
    about["figures"][name] = characters_per_second(*WORKLOADS[name])
    if not asked.json:
        print(f"{name} {about['figures'][name]:,.0f} characters/s", flush=True)
if asked.json:
    print(json.dumps(about))
