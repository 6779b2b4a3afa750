"""Makes golden values with PyTorch's autograd in float64: python3 tests/goldens/make.py [mingru] [attention]; README.md says what they hold."""
import base64
import json
import sys
from pathlib import Path

import torch
from torch.nn.utils.stateless import functional_call

torch.set_default_dtype(torch.float64)


class MinGRU:
    """z = sigmoid(W x + b)   n = W x + b   h = (1 - z) h' + z n"""

    gates = ("z", "n")

    @staticmethod
    def shapes(inputs, H, k):
        return {f"rnn.weight_ih_l{k}": (2 * H, inputs), f"rnn.bias_ih_l{k}": (2 * H,)}

    @staticmethod
    def step(p, k, x, h):
        a = x @ p[f"rnn.weight_ih_l{k}"].T + p[f"rnn.bias_ih_l{k}"]
        z, n = torch.sigmoid(a[:, : h.shape[1]]), a[:, h.shape[1] :]
        return (1 - z) * h + z * n, {"z": z, "n": n}


CELLS = {"mingru": MinGRU}
CASES = {  # layers, hidden, vocabulary, embedding (attention: heads), batch, steps, gain of the initial weights, whether optimizers are run
    "mingru": [(1, 5, 7, 0, 1, 6, 1.0, True), (1, 8, 13, 4, 3, 6, 1.0, False), (2, 16, 13, 0, 4, 12, 1.5, False)],
    "attention": [(1, 4, 7, 1, 1, 6, 1.0, True), (2, 6, 13, 3, 3, 6, 1.5, False), (2, 16, 13, 4, 4, 12, 1.5, False)],
}
CURVE = 60  # updates


def packed(x):
    x = x.detach().contiguous()
    return {"shape": list(x.shape), "f64": base64.b64encode(x.numpy().astype("<f8").tobytes()).decode()}


def tree(tensors):
    return {name: packed(x) for name, x in tensors.items()}


class Network:
    def __init__(self, cell, L, H, V, E, B, T, gain):
        self.cell, self.L, self.H, self.V, self.E, self.B, self.T = CELLS[cell], L, H, V, E, B, T
        shapes = {"embedding.weight": (V, E)} if E else {}
        for k in range(L):
            shapes.update(self.cell.shapes(H if k else E or V, H, k))
        shapes.update({"head.weight": (V, H), "head.bias": (V,)})
        bound = gain / H**0.5
        self.params = {name: (torch.rand(shape) * 2 - 1).mul(bound) for name, shape in shapes.items()}
        self.input, self.target = torch.randint(V, (B, T)), torch.randint(V, (B, T))
        self.h0 = torch.rand(L, B, H) - 0.5
        self.fields = {"embedding": E, "cell": cell, "h0": packed(self.h0)}

    def run(self, params, input=None, target=None):
        """Losses [T,B], logits [T,B,V], states and gates by [layer][step], inputs of layer 0 by step."""
        input, target = (self.input, self.target) if input is None else (input, target)
        states = [[None] * self.T for _ in range(self.L)]
        gates = [[None] * self.T for _ in range(self.L)]
        h, inputs, logits = list(self.h0), [], []
        for t in range(self.T):
            ids = input[:, t]
            onehot = torch.nn.functional.one_hot(ids, self.V).double()
            x = params["embedding.weight"][ids] if self.E else onehot.requires_grad_(True)
            if self.E:
                x = x + 0  # a node of its own, whose gradient can be asked for
                x.retain_grad()
            inputs.append(x)
            for k in range(self.L):
                h[k], gates[k][t] = self.cell.step(params, k, x, h[k])
                if h[k].requires_grad:
                    h[k].retain_grad()
                x = states[k][t] = h[k]
            logits.append(x @ params["head.weight"].T + params["head.bias"])
        logits = torch.stack(logits)
        return cross_entropy(logits, target), logits, states, gates, inputs


class Transformer:
    """torch.nn.TransformerEncoderLayer(norm_first=True) on token and position embeddings, and a last norm."""

    def __init__(self, L, H, V, heads, B, T, gain):
        self.cell, self.L, self.H, self.V, self.B, self.T = type("none", (), {"gates": ()}), L, H, V, B, T
        gelu = lambda x: torch.nn.functional.gelu(x, approximate="tanh")
        self.blocks = torch.nn.ModuleList(
            torch.nn.TransformerEncoderLayer(H, heads, 4 * H, 0.0, gelu, batch_first=True, norm_first=True) for _ in range(L)
        )
        shapes = {"embedding.weight": (V, H), "position.weight": (T, H)}
        shapes.update({f"blocks.{name}": x.shape for name, x in self.blocks.named_parameters()})
        shapes.update({"norm.weight": (H,), "norm.bias": (H,), "head.weight": (V, H), "head.bias": (V,)})
        bound = gain / H**0.5
        self.params = {name: (torch.rand(shape) * 2 - 1).mul(bound) for name, shape in shapes.items()}
        for name in shapes:
            if "norm" in name and "weight" in name:
                self.params[name] += 1
        self.input, self.target = torch.randint(V, (B, T)), torch.randint(V, (B, T))
        self.fields = {"embedding": 0, "cell": "attention", "heads": heads}

    def run(self, params, input=None, target=None):
        """As Network's, the stream leaving each block for a state, the stream entering each block for an input."""
        input, target = (self.input, self.target) if input is None else (input, target)
        mask = torch.full((self.T, self.T), float("-inf")).triu(1)
        x = params["embedding.weight"][input] + params["position.weight"]
        entering, leaving = [], []
        for l, block in enumerate(self.blocks):
            x = x.transpose(0, 1) + 0  # time-major, a node of its own
            if x.requires_grad:
                x.retain_grad()
            entering.append(x)
            own = {name: params[f"blocks.{l}.{name}"] for name, _ in block.named_parameters()}
            x = functional_call(block, own, (x.transpose(0, 1), mask))
            out = x.transpose(0, 1) + 0
            if out.requires_grad:
                out.retain_grad()
            leaving.append(out)
            x = out.transpose(0, 1)
        x = torch.nn.functional.layer_norm(x, (self.H,), params["norm.weight"], params["norm.bias"])
        logits = (x @ params["head.weight"].T + params["head.bias"]).transpose(0, 1)
        return cross_entropy(logits, target), logits, leaving, [], entering


def cross_entropy(logits, target):  # (T,B,V), (B,T) -> (T,B)
    losses = torch.nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), target.T.reshape(-1), reduction="none")
    return losses.reshape(logits.shape[:2])


def leaves(params):
    return {name: x.clone().requires_grad_(True) for name, x in params.items()}


def stacked(rows):  # [layer][step] of (B,H), or [layer] of (T,B,H) -> [L,T,B,H]
    return torch.stack([row if torch.is_tensor(row) else torch.stack(row) for row in rows])


def gradients(rows):  # in the shape of stacked()
    size = lambda x: x.grad if x.grad is not None else torch.zeros_like(x)
    return torch.stack([size(row) if torch.is_tensor(row) else torch.stack([size(x) for x in row]) for row in rows])


def curve(net, lr=5e-3):
    """Losses of updates by Adam on windows of a text in which each token depends on the two before it."""
    p, streams, out = leaves(net.params), [], []
    rule = torch.randint(net.V, (net.V, net.V))
    for b in range(net.B):
        ids = [b % net.V, (b + 1) % net.V]
        while len(ids) < CURVE * net.T + 1:
            ids.append((rule[ids[-2], ids[-1]].item() + (len(ids) % 17 == 0)) % net.V)
        streams.append(ids)
    text = torch.tensor(streams)
    optimizer = torch.optim.Adam(p.values(), lr=lr)
    for k in range(CURVE):
        window = slice(k * net.T, (k + 1) * net.T)
        loss = net.run(p, text[:, window], text[:, k * net.T + 1 : (k + 1) * net.T + 1])[0].mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        out.append(loss.item())
    return {"learning_rate": lr, "text": text.tolist(), "losses": packed(torch.tensor(out))}


def optimized(net, kind, most):
    lr = 0.1 if kind in ("sgd", "momentum") else 2e-3
    p = leaves(net.params)
    make = {
        "sgd": lambda: torch.optim.SGD(p.values(), lr=lr),
        "momentum": lambda: torch.optim.SGD(p.values(), lr=lr, momentum=0.9),
        "rmsprop": lambda: torch.optim.RMSprop(p.values(), lr=lr, alpha=0.95),
        "adam": lambda: torch.optim.Adam(p.values(), lr=lr),
        "adamw": lambda: torch.optim.AdamW(p.values(), lr=lr, weight_decay=0.1),
    }
    optimizer, out = make[kind](), {"clip_norm_max": most}
    for step in range(1, 6):
        optimizer.zero_grad()
        net.run(p)[0].mean().backward()
        norm = torch.sqrt(sum((x.grad**2).sum() for x in p.values()))
        for x in p.values():
            x.grad.mul_(min(1.0, most / norm.item()))
        optimizer.step()
        if step in (1, 5):
            out[f"after_{step}"] = tree(p)
    return out


def make(cell, L, H, V, E, B, T, gain, with_optimizers):
    torch.manual_seed(1000 * L + 10 * H + E)
    net = Transformer(L, H, V, E, B, T, gain) if cell == "attention" else Network(cell, L, H, V, E, B, T, gain)
    p = leaves(net.params)
    losses, logits, states, gates, _ = net.run(p)
    losses.mean().backward()
    grad = {name: x.grad for name, x in p.items()}
    norm = torch.sqrt(sum((g**2).sum() for g in grad.values())).item()
    flat = torch.cat([g.reshape(-1) for g in grad.values()])
    sizes = flat.abs().sort().values
    bound = sizes[int(0.75 * len(flat)) :][:2].mean().item()  # between two sizes, so that rounding moves none across
    golden = {
        **net.fields, "layers": L, "vocab": V, "batch": B, "seq": T, "gate_order": list(net.cell.gates),
        "params": tree(net.params), "input": net.input.tolist(), "target": net.target.tolist(),
        "loss": losses.mean().item(), "logits": packed(logits), "hidden": packed(stacked(states)),
        "gates": {g: packed(stacked([[step[g] for step in row] for row in gates])) for g in net.cell.gates},
        "grad": {"params": tree(grad), "norm": norm, "hidden": packed(gradients(states))},
        "itemised": [],
        "clip_norm": {"max": norm / 2, "norm_before": norm, "norm_after": norm / 2, "scale": 0.5},
        "clip_value": {"max": bound, "clipped_count": int((flat.abs() > bound).sum()), "norm_after": flat.clamp(-bound, bound).norm().item()},
    }
    for step in (T // 2, T - 1):
        p = leaves(net.params)
        losses, _, states, _, inputs = net.run(p)
        losses[step, 0].backward()
        itemised = {"target_step": step}
        if cell == "attention":
            itemised["hidden_norm"] = packed(gradients(inputs)[:, :, 0].norm(dim=-1))
        else:
            itemised["hidden_norm"] = packed(gradients(states)[:, :, 0].norm(dim=-1))
            itemised["input_norm"] = packed(gradients([inputs])[0, :, 0].norm(dim=-1))
        golden["itemised"].append(itemised)
    if with_optimizers:
        golden["optim"] = {kind: optimized(net, kind, norm / 2) for kind in ("sgd", "momentum", "rmsprop", "adam", "adamw")}
        for name, penalty in (("l1", lambda w: w.abs().sum()), ("l2", lambda w: (w**2).sum() / 2)):
            p = leaves(net.params)
            added = 0.01 * sum(penalty(x) for key, x in p.items() if "weight" in key)
            (net.run(p)[0].mean() + added).backward()
            golden["optim"][name] = {"lambda": 0.01, "penalty": added.item(), "grad": tree({key: x.grad for key, x in p.items()})}
    if T > 6:
        golden["curve"] = curve(net)
    return golden


for cell in sys.argv[1:] or CASES:
    for case in CASES[cell]:
        L, H, V, E, B, T = case[:6]
        E = 0 if cell == "attention" else E
        file = Path(__file__).with_name(f"{cell}-l{L}-h{H}-v{V}-e{E}-b{B}-t{T}.json")
        file.write_text(json.dumps(make(cell, *case)) + "\n")
