/* Values held in place of what the network computes: what a caller may write, and what becomes of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadCore } from "../../web/core/index.js";
import { assertRefused, makeTrainer } from "./support.js";

const NETWORKS = [
  { cell: "rnn" },
  { cell: "lstm" },
  { cell: "gru" },
  { cell: "gru", gruReset: "after" },
  { cell: "mingru" },
];
const TEXT = "the cat sat on";

test("a held unit has its value from one step to before another, and is free elsewhere", (t) => {
  for (const network of NETWORKS) {
    const trainer = makeTrainer(t, { ...network, layers: 2, hidden: 7 });
    trainer.step(5);
    const free = trainer.probe(TEXT),
      held = trainer.probe(TEXT, { hold: [{ layer: 1, unit: 3, value: 0.25, from: 4, to: 9 }] });
    const unit = (/** @type {any} */ { hidden, sizes: { T, H } }, /** @type {number} */ s) => hidden[(T + s) * H + 3];
    for (let s = 0; s < TEXT.length; s++) {
      if (s >= 4 && s < 9) assert.equal(unit(held, s), 0.25);
      else if (s < 4) assert.equal(unit(held, s), unit(free, s));
      else assert.notEqual(unit(held, s), 0.25);
    }
    assert.deepEqual(held.loss.subarray(0, 4), free.loss.subarray(0, 4));
    assert.notDeepEqual(held.loss, free.loss);
    assert.deepEqual(trainer.probe(TEXT), free);
  }
});

test("what is held gives the same bits in every strict module, flow and gradients included", async (t) => {
  const baseline = await loadCore({ variant: "baseline" });
  for (const network of NETWORKS) {
    const settings = { ...network, layers: 2, hidden: 7 };
    const [one, other] = [makeTrainer(t, settings), makeTrainer(t, settings, baseline)];
    one.step(5);
    other.step(5);
    const hold = [
      { layer: 1, unit: 3, value: 0.25, from: 4, to: 9 },
      { gate: "hPrev", from: 6, to: 7 },
      { token: "a", from: 2, to: 3 },
    ];
    const [read, again] = [one.probe(TEXT, { hold }), other.probe(TEXT, { hold })];
    assert.deepEqual(again, read);
    assert.notDeepEqual(read.flow, one.probe(TEXT).flow);
    assert.deepEqual(other.evaluate(TEXT, { hold }), one.evaluate(TEXT, { hold }));
    assert.deepEqual(other.sample({ length: 20, hold }), one.sample({ length: 20, hold }));
  }
});

test("gates, the memory and the carried state are held by their names", (t) => {
  const trainer = makeTrainer(t, { cell: "lstm", hidden: 7 });
  trainer.step(5);
  const forgotten = trainer.probe(TEXT, { hold: [{ gate: "f", value: 0 }, { gate: "hPrev" }] });
  assert.ok(forgotten.gates.f.every((x) => x === 0));
  // Nothing comes from before: each character is read as if it were the first.
  for (let s = 0; s < TEXT.length; s++)
    assert.deepEqual(forgotten.hidden.slice(s * 7, s * 7 + 7), trainer.probe(TEXT[s]).hidden);
  const cells = trainer.probe(TEXT, { hold: [{ gate: "c", unit: 2, value: -0.5 }] });
  for (let s = 0; s < TEXT.length; s++) {
    assert.equal(/** @type {Float32Array} */ (cells.cell)[s * 7 + 2], -0.5);
    assert.ok(Math.abs(cells.hidden[s * 7 + 2] - cells.gates.o[s * 7 + 2] * Math.tanh(-0.5)) < 1e-6);
  }
});

test("a token is read as another", (t) => {
  const trainer = makeTrainer(t, { cell: "gru" });
  trainer.step(5);
  const read = trainer.probe(TEXT, { hold: [{ token: "r", from: 4, to: 5 }] }),
    written = trainer.probe("the rat sat on");
  assert.deepEqual(read.hidden, written.hidden);
  assert.deepEqual(read.tokens, [...TEXT]);
});

test("a mean is each unit's own over what is read", (t) => {
  const trainer = makeTrainer(t, { cell: "lstm", hidden: 5 });
  trainer.step(5);
  const { gates } = trainer.probe(TEXT),
    held = trainer.probe(TEXT, { hold: [{ gate: "i", value: "mean" }] });
  for (let j = 0; j < 5; j++) {
    let mean = 0;
    for (let s = 0; s < TEXT.length; s++) mean += gates.i[s * 5 + j] / TEXT.length;
    assert.ok(Math.abs(held.gates.i[3 * 5 + j] - mean) < 1e-6);
  }
});

test("evaluation and samples take the same holds, and training none of them", (t) => {
  for (const network of NETWORKS) {
    const trainer = makeTrainer(t, { ...network, hidden: 9 }),
      untouched = makeTrainer(t, { ...network, hidden: 9 });
    trainer.step(20), untouched.step(20);
    const hold = [{ gate: "h", value: 0 }];
    const blind = trainer.evaluate(undefined, { hold });
    // With every unit at zero all that is left is the head's bias: one distribution at every step.
    const bias = trainer.parameters()["head.bias"];
    const total = bias.reduce((sum, x) => sum + Math.exp(x), 0);
    const { probabilities } = trainer.probe("t", { hold });
    bias.forEach((x, v) => assert.ok(Math.abs(probabilities[v] - Math.exp(x) / total) < 1e-6));
    assert.ok(blind.loss > trainer.evaluate().loss);
    const drawn = trainer.sample({ prompt: "th", length: 8, hold });
    for (let i = 1; i < 8; i++) {
      const V = trainer.vocabulary.length;
      assert.deepEqual(drawn.probabilities.slice(i * V, (i + 1) * V), drawn.probabilities.slice(0, V));
    }
    trainer.step(3), untouched.step(3);
    assert.deepEqual(trainer.parameters(), untouched.parameters());
  }
});

test("the flow ends where a state is held", (t) => {
  const trainer = makeTrainer(t, { cell: "rnn" });
  trainer.step(5);
  const { flow } = trainer.probe(TEXT, { hold: [{ gate: "hPrev", from: 6, to: 7 }] });
  const T = TEXT.length;
  for (let row = 6; row < T - 1; row++)
    for (let column = 0; column <= row; column++)
      assert.equal(/** @type {Float32Array} */ (flow)[row * T + column] > 0, column >= 6);
});

test("what cannot be held is refused by a sentence that names it", (t) => {
  const lstm = makeTrainer(t, { cell: "lstm", hidden: 5 }),
    rnn = makeTrainer(t, { cell: "rnn", hidden: 5 });
  /** @type {[any, RegExp][]} */
  const wrong = [
    ["f", /hold must be a list of what is held, got "f"/],
    [[null], /hold\[0\] must be an object like .*, got null/],
    [[{}, { units: 3 }], /hold\[1\] has layer, unit, gate, value, token, from and to, not "units"/],
    [[{ layer: 1 }], /hold\[0\]\.layer must be an integer from 0 to 0, got 1/],
    [[{ unit: 5 }], /hold\[0\]\.unit must be an integer from 0 to 4, got 5/],
    [[{ gate: "r" }], /hold\[0\]\.gate must be one of i, f, g, o, h, hPrev, c, cPrev in this network, got "r"/],
    [[{ gate: "f", value: 1.5 }], /hold\[0\]\.value of f must be a number from 0 to 1, or "mean", got 1\.5/],
    [[{ value: NaN }], /hold\[0\]\.value of h must be a number from -100 to 100, or "mean", got NaN/],
    [[{ from: -1 }], /hold\[0\]\.from must be an integer from 0 to/],
    [[{ from: 3, to: 2 }], /hold\[0\]\.to must be an integer from 3 to/],
    [[{ token: "Ω" }], /hold\[0\]\.token must be a token the model knows, got "Ω"/],
    [
      [{ token: "a", gate: "f" }],
      /hold\[0\] has a token, beside which only from and to have a meaning: leave gate out/,
    ],
  ];
  for (const [hold, sentence] of wrong)
    for (const call of [
      () => lstm.probe(TEXT, { hold }),
      () => lstm.sample({ length: 1, hold }),
      () => lstm.evaluate(undefined, { hold }),
    ])
      assertRefused(call, "bad-argument", sentence);
  assertRefused(() => rnn.probe(TEXT, { hold: [{ gate: "c" }] }), "bad-argument", /one of h, hPrev in this network/);
});
