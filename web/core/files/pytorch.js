/* "Export to PyTorch": the script that stands beside a checkpoint and rebuilds its network from torch.nn modules.
 * Everything about the network is read from the checkpoint; the script itself only carries one loss to check. */
import { UnrolledError } from "../errors.js";

const SCRIPT = `#!/usr/bin/env python3
"""A network trained by Unrolled, in PyTorch (1.13 or newer, nothing else).

    python3 model.py                                  checks one loss and samples
    python3 model.py --prompt "Once " --length 500 --temperature 0.8
    python3 model.py --train book.txt --steps 1000    goes on training where the checkpoint stands

The checkpoint is FILE, seen from this script.
"""
import argparse, json, math, pathlib, re, struct, sys, unicodedata
import torch
from torch import nn
from torch.nn import functional as F

CHECKPOINT = pathlib.Path(__file__).parent / FILE
CHECK_IDS = IDS
CHECK_LOSS = LOSS  # nats: mean of -log p(next token) over CHECK_IDS, as Unrolled computed it


def read_safetensors(path):
    data = path.read_bytes()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:start])
    described = json.loads(header.pop("__metadata__")["unrolled"])
    dtypes = {"F32": torch.float32, "F64": torch.float64}
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = torch.frombuffer(bytearray(data[start + begin:start + end]), dtype=dtypes[entry["dtype"]])
        tensors[name] = values.reshape(entry["shape"])
    return tensors, described["settings"], described["vocabulary"]


class BeforeGRU(nn.Module):
    """The GRU whose reset gate acts before the recurrent product (torch.nn.GRU's acts after it):
    r, z = sigmoid(W x + U h' + b)   n = tanh(W x + U (r h') + b)   h = (1 - z) h' + z n"""

    def __init__(self, inputs, hidden, layers, dropout=0.0):
        super().__init__()
        self.hidden_size, self.num_layers, self.dropout = hidden, layers, dropout
        for k in range(layers):
            columns = inputs if k == 0 else hidden
            for name, shape in (("weight_ih", (3 * hidden, columns)), ("weight_hh", (3 * hidden, hidden)),
                                ("bias_ih", (3 * hidden,)), ("bias_hh", (3 * hidden,))):
                self.register_parameter(f"{name}_l{k}", nn.Parameter(torch.zeros(shape)))

    def forward(self, x, state=None):  # x (T, B, inputs), state (layers, B, hidden)
        H, last = self.hidden_size, []
        for k in range(self.num_layers):
            wx, wh, bx, bh = (getattr(self, f"{name}_l{k}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
            h = x.new_zeros(x.shape[1], H) if state is None else state[k]
            a, out = F.linear(x, wx, bx + bh), []
            for t in range(x.shape[0]):
                r, z = torch.sigmoid(a[t, :, :2 * H] + h @ wh[:2 * H].T).chunk(2, dim=1)
                n = torch.tanh(a[t, :, 2 * H:] + (r * h) @ wh[2 * H:].T)
                h = (1 - z) * h + z * n
                out.append(h)
            x = torch.stack(out)
            last.append(h)
            if k + 1 < self.num_layers:
                x = F.dropout(x, self.dropout, self.training)
        return x, torch.stack(last)


class MinGRU(nn.Module):
    """The minimal gated unit (Feng et al. 2024): gates that do not look at h', so it is linear in h.
    z = sigmoid(W x + b)   n = W x + b   h = (1 - z) h' + z n"""

    def __init__(self, inputs, hidden, layers, dropout=0.0):
        super().__init__()
        self.hidden_size, self.num_layers, self.dropout = hidden, layers, dropout
        for k in range(layers):
            self.register_parameter(f"weight_ih_l{k}", nn.Parameter(torch.zeros(2 * hidden, hidden if k else inputs)))
            self.register_parameter(f"bias_ih_l{k}", nn.Parameter(torch.zeros(2 * hidden)))

    def forward(self, x, state=None):  # x (T, B, inputs), state (layers, B, hidden)
        H, last = self.hidden_size, []
        for k in range(self.num_layers):
            h = x.new_zeros(x.shape[1], H) if state is None else state[k]
            a, out = F.linear(x, getattr(self, f"weight_ih_l{k}"), getattr(self, f"bias_ih_l{k}")), []
            for z, n in zip(torch.sigmoid(a[:, :, :H]), a[:, :, H:]):
                h = (1 - z) * h + z * n
                out.append(h)
            x = torch.stack(out)
            last.append(h)
            if k + 1 < self.num_layers:
                x = F.dropout(x, self.dropout, self.training)
        return x, torch.stack(last)


class Transformer(nn.Module):
    """A causal Transformer with its norms before its products: x = E[y_t] + P[t], then blocks, then a norm."""

    def __init__(self, V, H, L, heads, window, dropout):
        super().__init__()
        self.embedding, self.position = nn.Embedding(V, H), nn.Embedding(window, H)
        gelu = lambda x: F.gelu(x, approximate="tanh")
        block = lambda: nn.TransformerEncoderLayer(H, heads, 4 * H, 0.0, gelu, norm_first=True)
        self.blocks, self.norm, self.head = nn.ModuleList(block() for _ in range(L)), nn.LayerNorm(H), nn.Linear(H, V)
        for block in self.blocks:  # what a block adds is dropped, nothing within it
            block.dropout1.p = block.dropout2.p = dropout

    def forward(self, ids, read=None):  # ids (T, B) -> logits (T, B, V); read: what stands before them in the window
        whole, window = ids if read is None else torch.cat([read, ids]), self.position.num_embeddings
        while len(whole) > window:  # a full window begins anew with its later half
            whole = whole[window - window // 2:]
        x = self.embedding(whole) + self.position.weight[:len(whole), None]
        mask = torch.full((len(whole), len(whole)), -math.inf).triu(1)
        for block in self.blocks:
            x = block(x, mask)
        return self.head(self.norm(x))[-len(ids):], whole


class Model(nn.Module):
    def __init__(self, config, vocabulary):
        super().__init__()
        V, E, H, L = len(vocabulary), config["embedding"], config["hidden"], config["layers"]
        if E:
            self.embedding = nn.Embedding(V, E)
        self.before = config["cell"] == "gru" and config["gruReset"] == "before"
        kind = BeforeGRU if self.before else {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU, "mingru": MinGRU}[config["cell"]]
        self.rnn = kind(E or V, H, L, dropout=config["dropout"] if L > 1 else 0.0)
        self.drop = nn.Dropout(config["dropout"])
        self.head = nn.Linear(H, V)
        self.V = V
        for k in range(0 if config["cell"] == "mingru" else L):  # one bias a gate is trained; torch.nn has two
            bias = getattr(self.rnn, f"bias_hh_l{k}")
            if config["cell"] == "gru" and not self.before:
                bias.register_hook(lambda grad: torch.cat([torch.zeros_like(grad[:2 * H]), grad[2 * H:]]))
            else:
                bias.requires_grad_(False)

    def forward(self, ids, state=None):  # ids (T, B) -> logits (T, B, V)
        x = self.embedding(ids) if hasattr(self, "embedding") else F.one_hot(ids, self.V).float()
        out, state = self.rnn(x, state)
        return self.head(self.drop(out)), state


def make_model(config, vocabulary):
    if config["cell"] != "attention":
        return Model(config, vocabulary)
    names = ("hidden", "layers", "heads", "seqLen", "dropout")
    return Transformer(len(vocabulary), *(config[name] for name in names))


def check(model):
    ids = torch.tensor(CHECK_IDS)[:, None]
    with torch.no_grad():
        loss = F.cross_entropy(model(ids[:-1])[0][:, 0], ids[1:, 0]).item()
    print(f"loss {loss:.6f}, Unrolled said {CHECK_LOSS:.6f}")
    if not abs(loss - CHECK_LOSS) <= 1e-5 * max(1, abs(CHECK_LOSS)):
        raise SystemExit("The losses differ: these are not the weights this script was written for.")


@torch.no_grad()
def sample(model, prompt, length, temperature):  # prompt: ids
    logits, state = model(torch.tensor(prompt)[:, None])
    ids = []
    for _ in range(length):
        last = logits[-1, 0]
        drawn = torch.multinomial(torch.softmax(last / temperature, 0), 1) if temperature > 0 else last.argmax()
        ids.append(drawn.item())
        logits, state = model(torch.tensor([[ids[-1]]]), state)
    return ids


def make_optimizer(model, config, tensors, step):
    kind, lr, decay = config["optimizer"], config["learningRate"], config["weightDecay"]
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    adam = dict(lr=lr, betas=(config["beta1"], config["beta2"]), eps=config["epsilon"], weight_decay=decay)
    make = {
        "sgd": lambda p: torch.optim.SGD(p, lr=lr, weight_decay=decay),
        "momentum": lambda p: torch.optim.SGD(p, lr=lr, momentum=config["momentum"], weight_decay=decay),
        "rmsprop": lambda p: torch.optim.RMSprop(p, lr=lr, alpha=config["alpha"], eps=config["epsilon"], weight_decay=decay),
        "adam": lambda p: torch.optim.Adam(p, **adam),
        "adamw": lambda p: torch.optim.AdamW(p, **adam),
    }
    optimizer = make[kind](list(trained.values()))
    first = {"momentum": "momentum_buffer", "adam": "exp_avg", "adamw": "exp_avg"}.get(kind)
    second = {"rmsprop": "square_avg", "adam": "exp_avg_sq", "adamw": "exp_avg_sq"}.get(kind)
    for name, p in trained.items():
        state = {key: tensors[f"optimizer.{moment}.{name}"].clone()
                 for key, moment in ((first, "moment1"), (second, "moment2")) if key and step}
        if state:
            optimizer.state[p] = {"step": torch.tensor(float(step)), **state}
    return optimizer


def rate_at(config, step):  # step: updates done before this one
    rate, schedule, warmup = config["learningRate"], config["schedule"], config["warmup"]
    if step < warmup:
        return rate * (step + 1) / (warmup + 1)
    if schedule == "step":
        return rate * config["decayFactor"] ** ((step - warmup) // config["decayEvery"])
    if schedule == "cosine":
        done = min(1, (step - warmup) / (config["totalSteps"] - warmup))
        return rate * (config["lastShare"] + (1 - config["lastShare"]) * (1 + math.cos(math.pi * done)) / 2)
    return rate


def clip(parameters, mode, threshold):
    grads = [p.grad for p in parameters if p.grad is not None]
    if mode == "value":
        for grad in grads:
            grad.clamp_(-threshold, threshold)
    elif mode == "norm":
        norm = math.sqrt(sum(float(grad.double().square().sum()) for grad in grads))
        if norm > threshold:
            for grad in grads:
                grad.mul_(threshold / norm)


def train(model, config, tensors, ids, steps):
    """The streams and windows of Unrolled's truncated backpropagation through time, from where the checkpoint stands."""
    ids = torch.tensor(ids[:math.floor((1 - config["validation"]) * len(ids))])
    B, T = config["batch"], config["seqLen"]
    n = (len(ids) - 1) // B
    m = n // T
    if m < 1:
        raise SystemExit(f"The text is too short for {B} streams of {T} tokens: {B * T + 1} training tokens are needed, it has {len(ids)}.")
    inputs, targets = ids[:B * n].reshape(B, n).T, ids[1:B * n + 1].reshape(B, n).T  # (n, B)
    done, window, _ = (int(value) for value in tensors["progress"])
    optimizer = make_optimizer(model, config, tensors, done)
    state = tensors.get("state.hidden")  # attention carries none
    if config["cell"] == "lstm":
        state = (state, tensors["state.cell"])
    if config["dropout"] and config["dropoutKind"] == "variational":
        print("Unrolled dropped units once for a window; here they are drawn anew at every step.", file=sys.stderr)
    model.train()
    for step in range(done + 1, done + steps + 1):
        k = window % m
        if k == 0 or not config["stateful"]:
            state = None
        logits, state = model(inputs[k * T:(k + 1) * T], state)
        state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        loss = F.cross_entropy(logits.flatten(0, 1), targets[k * T:(k + 1) * T].flatten())
        optimizer.zero_grad()
        loss.backward()
        for name, p in model.named_parameters():
            if "weight" in name:
                p.grad += config["l1"] * p.detach().sign() + config["l2"] * p.detach()
        clip(model.parameters(), config["clip"]["mode"], config["clip"]["threshold"])
        for group in optimizer.param_groups:
            group["lr"] = rate_at(config, step - 1)
        optimizer.step()
        window += 1
        print(f"step {step}  loss {loss.item():.6f}")
    model.eval()


NO_SPACES = re.compile("[\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3040-\\u30ff\\u3400-\\u9fff\\uf900-\\ufaff\\uff66-\\uff9f"
                       "\\U00020000-\\U0003ffff]")  # between their words stands nothing: a dictionary cuts them
IN_WORDS, IN_NUMBERS = ".'\\u2018\\u2019\\u2024\\uff07\\uff0e:\\u00b7\\u2027", ".'\\u2018\\u2019\\u2024\\uff07\\uff0e,;\\u066c\\uff0c\\uff1b"


def joined(text, at, words):
    """Whether nothing is cut before text[at] by the rules of Unicode (UAX #29) for graphemes, or for words."""
    category = lambda i: unicodedata.category(text[i]) if 0 <= i < len(text) else "--"
    letter = lambda i: category(i)[0] in "LM" or category(i) in ("Nl", "Pc")
    digit = lambda i: category(i) in ("Nd", "Pc")
    flag = lambda i: i >= 0 and 0x1f1e6 <= ord(text[i]) <= 0x1f1ff
    before, after = text[at - 1], text[at]
    if before + after == "\\r\\n" or before == "\\u200d" or after in "\\u200c\\u200d":
        return True
    if (category(at)[0] == "M" or 0x1f3fb <= ord(after) <= 0x1f3ff) and before not in "\\r\\n":
        return True
    if flag(at - 1) and flag(at):
        run = next(n for n in range(1, at + 2) if not flag(at - n))
        return run % 2 == 0  # they go in pairs
    if not words:
        return False
    if category(at) == "Cf" and after != "\\u200b" or category(at - 1) == category(at) == "Zs":
        return True
    if (letter(at - 1) or digit(at - 1)) and (letter(at) or digit(at)):
        return True
    return any(kind(start - 1) and text[start] in signs and kind(start + 1)
               for kind, signs in ((letter, IN_WORDS), (digit, IN_NUMBERS)) for start in (at - 1, at))


def make_encoder(config, vocabulary):
    """The longest token that fits, as long as that is what Unrolled would cut."""
    index, longest = {token: i for i, token in enumerate(vocabulary)}, max(map(len, vocabulary))
    words, cutting = config["tokens"] == "word", "Words are cut by rules that Python does not have, and "

    def encode(text):
        if words and "<unk>" in index:  # where a rare word ends, a list without it cannot tell
            raise SystemExit(cutting + "this vocabulary leaves rare ones out: "
                             "read texts and prompts in Unrolled, or train there with minCount 1.")
        if words and NO_SPACES.search(text):
            raise SystemExit(cutting + f"{NO_SPACES.search(text)[0]!r} is of a script without spaces: "
                             "read texts and prompts in Unrolled, or train there on characters.")
        text, ids, at = text.lower() if config["lowerCase"] else text, [], 0
        while at < len(text):
            size = next((size for size in range(longest, 0, -1) if text[at:at + size] in index), 0)
            token = text[at:at + size]
            if not size:
                token, size = "<unk>", 1
                if token not in index:
                    raise SystemExit(f"The network has not seen {text[at]!r}: take it out of the text.")
            if at and config["tokens"] != "char" and joined(text, at, words):
                around = text[max(0, at - 12):at + 12]
                raise SystemExit(f"The network has not seen all that stands in {around!r}: take it out of the text.")
            ids.append(index[token])
            at += size
        return ids

    return encode


def main():
    parser = argparse.ArgumentParser(description="A network trained by Unrolled, in PyTorch.")
    parser.add_argument("--prompt", help="text to begin the sample with; default: the vocabulary's first token")
    parser.add_argument("--length", type=int, default=200, help="tokens to sample")
    parser.add_argument("--temperature", type=float, default=1.0, help="0: always the most probable token")
    parser.add_argument("--train", metavar="TEXT", help="go on training on this text file")
    parser.add_argument("--steps", type=int, default=100)
    args = parser.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")  # half of a surrogate pair may be a token
    if not 0 <= args.temperature < math.inf:
        parser.error(f"--temperature must be 0 or more, got {args.temperature}.")

    tensors, config, vocabulary = read_safetensors(CHECKPOINT)
    model = make_model(config, vocabulary)
    model.load_state_dict({name: tensors[name] for name in model.state_dict()})
    model.eval()
    check(model)

    encode = make_encoder(config, vocabulary)
    if args.train:
        with open(args.train, encoding="utf-8", newline="") as file:
            train(model, config, tensors, encode(file.read()), args.steps)
        out = CHECKPOINT.with_suffix(".pt")
        torch.save(model.state_dict(), out)
        print(f"weights written to {out.name}")
    prompt = encode(args.prompt) if args.prompt else [0]
    print("".join(vocabulary[i] for i in prompt + sample(model, prompt, args.length, args.temperature)))


if __name__ == "__main__":
    main()
`;

/**
 * @param {{file: string, ids: ArrayLike<number>, loss: number}} what  file: the checkpoint's name;
 *   ids (two or more) and their mean loss in nats: what the script checks itself against
 * @returns {string} a Python script
 */
export function pytorchScript({ file, ids, loss }) {
  if (ids.length < 2 || !Number.isFinite(loss))
    throw new UnrolledError(
      "bad-argument",
      `a check needs two tokens or more and a finite loss, got ${ids.length} tokens and a loss of ${loss}`,
    );
  /** @type {Record<string, string>} */
  const values = { FILE: JSON.stringify(file), IDS: JSON.stringify(Array.from(ids)), LOSS: String(loss) };
  return SCRIPT.replace(/\b(FILE|IDS|LOSS)\b/g, (word) => values[word]);
}
