/**
 * A second implementation, slow and plain: scalars on a tape, the equations as they are written, batches cut as they
 * are described. It shares no line and no derivation with the core; gradients come from the tape.
 */

/** Scalars that remember how they were made. */
class Tape {
  value = [];
  /** For each scalar: its parents and the slopes towards them. */
  from = [];

  leaf(value) {
    return this.#push(value, []);
  }
  add(...xs) {
    return this.#push(
      xs.reduce((sum, x) => sum + this.value[x], 0),
      xs.map((x) => [x, 1]),
    );
  }
  mul(a, b) {
    return this.#push(this.value[a] * this.value[b], [
      [a, this.value[b]],
      [b, this.value[a]],
    ]);
  }
  dot(as, bs) {
    return this.add(...as.map((a, i) => this.mul(a, bs[i])));
  }
  oneMinus(a) {
    return this.#push(1 - this.value[a], [[a, -1]]);
  }
  tanh(a) {
    const y = Math.tanh(this.value[a]);
    return this.#push(y, [[a, 1 - y * y]]);
  }
  sigmoid(a) {
    const y = 1 / (1 + Math.exp(-this.value[a]));
    return this.#push(y, [[a, y * (1 - y)]]);
  }
  /** -log softmax(logits)[target] */
  crossEntropy(logits, target) {
    const exps = logits.map((x) => Math.exp(this.value[x]));
    const sum = exps.reduce((a, b) => a + b);
    return this.#push(
      Math.log(sum / exps[target]),
      logits.map((x, v) => [x, exps[v] / sum - (v === target ? 1 : 0)]),
    );
  }
  #push(value, from) {
    this.value.push(value);
    this.from.push(from);
    return this.value.length - 1;
  }

  /** d scalar / d everything before it */
  gradient(scalar) {
    const d = new Float64Array(this.value.length);
    d[scalar] = 1;
    for (let i = scalar; i >= 0; i--) for (const [parent, slope] of this.from[i]) d[parent] += d[i] * slope;
    return d;
  }
}

/** Trains on ids by the book. `weights` are { name: array }, changed in place by `step`. */
export class Reference {
  constructor(settings, weights, ids, V) {
    Object.assign(this, { s: settings, V, ids, k: 0, updates: 0 });
    this.weights = Object.fromEntries(
      Object.entries(weights).map(([name, values]) => [name, Float64Array.from(values)]),
    );
    this.moments = Object.fromEntries(
      Object.entries(weights).map(([name, values]) => [
        name,
        { m: new Float64Array(values.length), v: new Float64Array(values.length) },
      ]),
    );
    const { validation, batch: B, seqLen: T } = settings;
    this.train = ids.slice(0, Math.floor((1 - validation) * ids.length));
    this.rest = ids.slice(this.train.length);
    this.m = Math.floor(Math.floor((this.train.length - 1) / B) / T);
  }

  zeros() {
    const { layers, batch, hidden } = this.s;
    const state = () =>
      Array.from({ length: layers }, () => Array.from({ length: batch }, () => new Array(hidden).fill(0)));
    return { h: state(), c: state() };
  }

  /** Reads columns from..to of B streams; the mean loss is a scalar on the tape. */
  forward(tape, tokens, from, to, state) {
    const { layers, batch: B, hidden: H, embedding: E, cell, gruReset } = this.s;
    const n = Math.floor((tokens.length - 1) / B);
    const leaf = Object.fromEntries(
      Object.entries(this.weights).map(([name, values]) => [name, Array.from(values, (w) => tape.leaf(w))]),
    );
    const row = (name, i, width) => leaf[name].slice(i * width, (i + 1) * width);
    const zero = tape.leaf(0),
      one = tape.leaf(1),
      losses = [];
    let right = 0;
    for (let b = 0; b < B; b++) {
      const h = state.h.map((layer) => layer[b].map((x) => tape.leaf(x))),
        c = state.c.map((layer) => layer[b].map((x) => tape.leaf(x)));
      for (let t = from; t < to; t++) {
        const id = tokens[b * n + t],
          target = tokens[b * n + t + 1];
        let x = E ? row("embedding.weight", id, E) : Array.from({ length: this.V }, (_, v) => (v === id ? one : zero));
        for (let l = 0; l < layers; l++) {
          const before = h[l];
          const a = (g, j) =>
            tape.add(
              tape.dot(row(`rnn.weight_ih_l${l}`, g * H + j, x.length), x),
              leaf[`rnn.bias_ih_l${l}`][g * H + j],
            );
          const u = (g, j, hs = before) => tape.dot(row(`rnn.weight_hh_l${l}`, g * H + j, H), hs);
          const gate = (f, g) => before.map((_, j) => tape[f](tape.add(a(g, j), u(g, j))));
          if (cell === "rnn") h[l] = gate("tanh", 0);
          else if (cell === "lstm") {
            const i = gate("sigmoid", 0),
              f = gate("sigmoid", 1),
              g = gate("tanh", 2),
              o = gate("sigmoid", 3);
            c[l] = c[l].map((cj, j) => tape.add(tape.mul(f[j], cj), tape.mul(i[j], g[j])));
            h[l] = c[l].map((cj, j) => tape.mul(o[j], tape.tanh(cj)));
          } else {
            const r = gate("sigmoid", 0),
              z = gate("sigmoid", 1);
            const reset = before.map((hj, j) => tape.mul(r[j], hj));
            const inner = (j) =>
              gruReset === "before"
                ? u(2, j, reset)
                : tape.mul(r[j], tape.add(u(2, j), leaf[`rnn.bias_hh_l${l}`][2 * H + j]));
            const candidate = before.map((_, j) => tape.tanh(tape.add(a(2, j), inner(j))));
            const [keep, take] =
              gruReset === "before" ? [z.map((zj) => tape.oneMinus(zj)), z] : [z, z.map((zj) => tape.oneMinus(zj))];
            h[l] = before.map((hj, j) => tape.add(tape.mul(keep[j], hj), tape.mul(take[j], candidate[j])));
          }
          x = h[l];
        }
        const logits = Array.from({ length: this.V }, (_, v) =>
          tape.add(tape.dot(row("head.weight", v, H), x), leaf["head.bias"][v]),
        );
        losses.push(tape.crossEntropy(logits, target));
        const values = logits.map((v) => tape.value[v]);
        right += values.indexOf(Math.max(...values)) === target ? 1 : 0;
      }
      h.forEach((units, l) => (state.h[l][b] = units.map((j) => tape.value[j])));
      c.forEach((units, l) => (state.c[l][b] = units.map((j) => tape.value[j])));
    }
    return { loss: tape.mul(tape.add(...losses), tape.leaf(1 / losses.length)), leaf, count: losses.length, right };
  }

  /** One update; returns the loss before it and the gradient's norm. */
  step() {
    const { seqLen: T, stateful, clip, learningRate, optimizer, beta1, beta2, epsilon } = this.s;
    const column = (this.k++ % this.m) * T;
    if (column === 0 || !stateful) this.state = this.zeros();
    const tape = new Tape();
    const { loss, leaf } = this.forward(tape, this.train, column, column + T, this.state);
    const d = tape.gradient(loss);
    const gradients = Object.entries(leaf).map(([name, scalars]) => [
      name,
      scalars.map((scalar, i) => (this.isTrained(name, i) ? d[scalar] : 0)),
    ]);
    const norm = Math.hypot(...gradients.flatMap(([, g]) => g));
    const scale = clip.mode === "norm" && norm > clip.threshold ? clip.threshold / norm : 1;
    this.updates++;
    for (const [name, gradient] of gradients) {
      const w = this.weights[name],
        { m, v } = this.moments[name];
      gradient.forEach((raw, i) => {
        const g = raw * scale;
        if (optimizer === "sgd") w[i] -= learningRate * g;
        else {
          m[i] = beta1 * m[i] + (1 - beta1) * g;
          v[i] = beta2 * v[i] + (1 - beta2) * g * g;
          w[i] -=
            (learningRate * (m[i] / (1 - beta1 ** this.updates))) /
            (Math.sqrt(v[i] / (1 - beta2 ** this.updates)) + epsilon);
        }
      });
    }
    return { loss: tape.value[loss], norm };
  }

  /** bias_hh is trained in the n block of the "after" GRU alone. */
  isTrained(name, i) {
    return (
      !name.includes("bias_hh") || (this.s.cell === "gru" && this.s.gruReset === "after" && i >= 2 * this.s.hidden)
    );
  }

  /** Mean loss and accuracy on the validation part, read through from a zero state as one stream. */
  evaluate() {
    const one = Object.assign(Object.create(Reference.prototype), this, { s: { ...this.s, batch: 1 } });
    const tape = new Tape();
    const { loss, count, right } = one.forward(tape, this.rest, 0, this.rest.length - 1, one.zeros());
    return { loss: tape.value[loss], accuracy: right / count, tokens: count };
  }
}
