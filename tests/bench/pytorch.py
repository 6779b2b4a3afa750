"""The same updates by native PyTorch on one thread: /usr/bin/python3 tests/bench/pytorch.py [S2 S8 ...]

Forward, backpropagation through time, clipping by norm and Adam, on the workloads of workloads.js: torch.nn's cells, an
embedding or one-hot rows, a linear head. Prints the best of several turns as characters a second. Debian: python3-torch,
and libopenblas0-pthread, without which it multiplies by plain loops.
"""
import sys
import time

import torch
from torch import nn

V = 65
WORKLOADS = {  # cell, hidden, batch, time steps, embedding, layers
    "S1": (nn.LSTM, 128, 64, 100, 128, 1), "S2": (nn.LSTM, 128, 64, 100, 0, 1), "S3": (nn.LSTM, 64, 16, 50, 0, 1),
    "S4": (nn.RNN, 128, 64, 100, 0, 1), "S5": (nn.GRU, 128, 64, 100, 0, 1), "S6": (nn.LSTM, 256, 32, 50, 0, 2),
    "S7": (nn.LSTM, 100, 1, 25, 0, 1), "S8": (nn.LSTM, 512, 64, 50, 0, 1),
}


def characters_per_second(cell, hidden, batch, steps, embedding, layers, turns=12):
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
    repeats = max(1, 12800 // (batch * steps))
    best = float("inf")
    for _ in range(turns):
        start = time.perf_counter()
        for _ in range(repeats):
            update()
        best = min(best, (time.perf_counter() - start) / repeats)
    return batch * steps / best


torch.set_num_threads(1)
print(f"torch {torch.__version__}, one thread")
for name in sys.argv[1:] or WORKLOADS:
    print(f"{name} {characters_per_second(*WORKLOADS[name]):,.0f} characters/s", flush=True)
