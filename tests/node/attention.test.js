/** Attention in the package: what it has, what it refuses, and that everything around a cell holds for it too. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SETTINGS, Trainer, checkSettings, fit, loadCore, parameterShapes } from "../../web/core/index.js";
import { operationsPerToken } from "../../web/core/shapes.js";
import { compareFillings } from "../../web/core/inside/fill.js";
import { runTrial } from "../../web/core/train/trial.js";

const core = await loadCore({ variant: "simd" });
const TEXT = "To be, or not to be: that is the question.\n".repeat(40);
const SMALL = { cell: "attention", text: TEXT, layers: 2, hidden: 24, heads: 3, batch: 4, seqLen: 16, seed: 5 };
const learnt = (() => {
  const trainer = new Trainer(core, { ...SMALL, learningRate: 5e-3 });
  trainer.step(80);
  return trainer;
})();

/** The window that is read before token i, as an evaluation and sampling cut it. */
function windowBefore(ids, i, T) {
  let start = 0;
  while (i - start > T) start += T - (T >> 1);
  return ids.slice(start, i);
}

/** What a network says after some ids, read as one window. */
function probabilitiesAfter(trainer, ids) {
  const { probabilities, sizes } = trainer.probe(trainer.decode(ids), { flow: false });
  return probabilities.subarray((sizes.T - 1) * sizes.V);
}

test("attention's heads share hidden evenly: those left out fit, those given are refused by the way out", () => {
  assert.equal(checkSettings({ cell: "attention" }).heads, SETTINGS.heads.default);
  assert.equal(checkSettings({ cell: "attention", hidden: 50 }).heads, 2);
  assert.equal(checkSettings({ cell: "attention", hidden: 7 }).heads, 1);
  assert.throws(() => checkSettings({ cell: "attention", hidden: 20, heads: 3 }), {
    code: "bad-setting",
    message: "heads must divide hidden, and 20 hidden units cannot be shared by 3: take 1, 2, 4.",
  });
  assert.equal(checkSettings({ cell: "lstm", hidden: 20, heads: 3 }).heads, 3); // where there are none, none is refused
});

test("attention carries no state and has an embedding of its own width", () => {
  const { stateful, embedding } = checkSettings({ cell: "attention", stateful: true, embedding: 8 });
  assert.deepEqual([stateful, embedding], [false, 0]);
  const state = new Float32Array(2 * 4 * 24);
  const rows = [[1, 2, 3]];
  assert.throws(() => learnt.gradients({ input: rows, target: rows, h0: state }), {
    code: "bad-argument",
    message: "h0 is a state that is carried, and attention has none: leave it out.",
  });
  assert.throws(() => learnt.sample({ h0: state }), { code: "bad-argument" });
});

test("its parameters have PyTorch's names and shapes, in the order of the core", () => {
  const V = learnt.vocabulary.length;
  const shapes = parameterShapes(learnt.settings, V);
  const parameters = learnt.parameters();
  assert.deepEqual(Object.keys(parameters), [...shapes.keys()]);
  for (const [name, shape] of shapes)
    assert.equal(
      parameters[name].length,
      shape.reduce((a, b) => a * b),
      name,
    );
  const [H, L, T] = [24, 2, 16];
  const sum = V * H + T * H + L * (12 * H * H + 13 * H) + 2 * H + V * H + V;
  assert.equal(learnt.parameterCount, sum);
  assert.equal(operationsPerToken(learnt.settings, V), L * (12 * H * H + T * H) + V * H);
});

test("it learns, and the same seed gives the same bits, with workers too", async () => {
  const settings = { ...SMALL, batch: 32, dropout: 0.1 };
  const alone = new Trainer(core, settings),
    shared = new Trainer(core, { ...settings, workers: 2 });
  let steps = 30;
  await shared.step(steps);
  for (; shared.workers < 2; steps++) await shared.step(1); // a thread begins when it can
  await shared.step(1);
  const first = alone.step(1),
    last = alone.step(steps);
  assert.ok(first.loss > 2.5 && last.loss < first.loss - 0.5, `${first.loss} then ${last.loss}`);
  assert.equal(shared.workers, 2); // the other one has not ended
  assert.deepEqual(shared.parameters(), alone.parameters());
  alone.dispose();
  shared.dispose();
});

test("a trace has weights over what came before, the stream, and no gates or cells", () => {
  const trace = learnt.probe("To be, or not to");
  const { L, T, H } = trace.sizes;
  assert.deepEqual(trace.gates, {});
  assert.equal(trace.cell, undefined);
  assert.equal(trace.hidden.length, L * T * H);
  assert.equal(trace.flow?.length, L * T * T);
  const weights = /** @type {Float32Array} */ (trace.attention);
  assert.equal(weights.length, L * 3 * T * T);
  for (let row = 0; row < L * 3 * T; row++) {
    const over = weights.subarray(row * T, (row + 1) * T),
      t = row % T;
    assert.ok(Math.abs(over.reduce((a, b) => a + b) - 1) < 1e-5);
    assert.ok(over.every((w, s) => (s <= t ? w > 0 : w === 0)));
  }
  assert.equal(new Trainer(core, { text: TEXT, hidden: 8 }).probe("To be").attention, undefined);
});

test("a text longer than its window cannot be probed at once, and the sentence says how long it may be", () => {
  assert.throws(() => learnt.probe(TEXT.slice(0, 17)), {
    code: "bad-argument",
    message: "This network reads windows of 16 tokens, its seqLen, and was given 17: give it fewer at once.",
  });
});

test("it writes from the window before each token, past the window's end too", () => {
  const { ids, probabilities } = learnt.sample({ prompt: "To be, or ", length: 40, temperature: 0.7, seed: 3 });
  const all = [...learnt.encode("To be, or "), ...ids],
    V = learnt.vocabulary.length;
  for (let i = 10; i < all.length; i++) {
    const want = probabilitiesAfter(learnt, windowBefore(all, i, 16)).map((p) => p ** (1 / 0.7));
    const sum = want.reduce((a, b) => a + b);
    want.forEach((p, v) => {
      const got = probabilities[(i - 10) * V + v];
      assert.ok(Math.abs(got - p / sum) < 1e-5, `token ${i}: ${got}, ${p / sum}`);
    });
  }
});

test("an evaluation counts every token once, each after half a window or more", async () => {
  const text = TEXT.slice(3, 100);
  const ids = learnt.encode(text);
  let loss = 0;
  for (let i = 1; i < ids.length; i++) loss -= Math.log(probabilitiesAfter(learnt, windowBefore(ids, i, 16))[ids[i]]);
  const { loss: got, tokens } = learnt.evaluate(text);
  assert.equal(tokens, ids.length - 1);
  assert.ok(Math.abs(got - loss / tokens) < 1e-5, `${got}, ${loss / tokens}`);
  assert.deepEqual(await learnt.evaluateAsync({ text }), learnt.evaluate(text));
  const other = new Trainer(core, { ...SMALL, batch: 2 }); // whatever the batch is
  other.setParameters(learnt.parameters());
  assert.deepEqual(other.evaluate(), learnt.evaluate());
  other.dispose();
});

test("a sampled evaluation counts about as many tokens as it is told, spread over the text", async () => {
  const all = learnt.evaluate(TEXT),
    some = await learnt.evaluateAsync({ text: TEXT, most: 300 });
  assert.ok(some.tokens > 200 && some.tokens <= 320, `${some.tokens}`);
  assert.ok(Math.abs(some.loss - all.loss) < 0.2 * all.loss, `${some.loss}, ${all.loss}`);
});

test("a token can be held wherever windows begin, and nothing else", () => {
  const text = TEXT.slice(0, 60);
  const hold = [{ token: "q", from: 30, to: 33 }];
  const changed = `${text.slice(0, 30)}qqq${text.slice(33)}`;
  const held = learnt.evaluate(text, { hold });
  // Apart from the three targets themselves, it is the reading of the changed text.
  const at = (ids, i, target) => -Math.log(probabilitiesAfter(learnt, windowBefore(ids, i, 16))[target]);
  const ids = learnt.encode(text),
    other = learnt.encode(changed);
  let want = 0;
  for (let i = 1; i < ids.length; i++) want += at(other, i, ids[i]);
  assert.ok(Math.abs(held.loss * held.tokens - want) < 1e-3, `${held.loss * held.tokens}, ${want}`);
  assert.throws(() => learnt.evaluate(text, { hold: [{ unit: 1 }] }), {
    code: "bad-argument",
    message: "hold[0] must have a token: in attention what is read can be held, and nothing else.",
  });
});

test("a saved one goes on with the same bits, and its file has no state", () => {
  const trainer = new Trainer(core, SMALL);
  trainer.step(5);
  const bytes = trainer.save();
  assert.ok(!Buffer.from(bytes).includes("state.hidden"));
  const again = Trainer.load(core, bytes, { text: TEXT });
  trainer.step(5);
  again.step(5);
  assert.deepEqual(again.parameters(), trainer.parameters());
  assert.throws(() => Trainer.load(core, bytes, { text: TEXT, seqLen: 8 }), { code: "bad-setting", message: /seqLen/ });
  trainer.dispose();
  again.dispose();
});

test("documents are read from their beginnings, and a validation stops it early as any other", async () => {
  const { documentsInMemory } = await import("../../web/core/index.js");
  const texts = Array.from({ length: 6 }, (_, i) => TEXT.slice(i, 200 + i));
  const { text: _, ...settings } = SMALL;
  const trainer = new Trainer(core, { ...settings, documents: documentsInMemory(texts, {}) });
  await fit(trainer, { steps: 20, evaluateEvery: 10 });
  assert.equal(trainer.progress.step, 20);
  assert.ok(Number.isFinite(trainer.evaluate().loss));
  trainer.dispose();
});

test("studies read it as they read a cell, but for those of a carried state", async () => {
  const { told } = await learnt.study("units", TEXT.slice(0, 400), { property: "space" });
  assert.ok(told?.length === 24 && told[0].accuracy > 0.8, JSON.stringify(told?.[0]));
  const { strongest } = await learnt.study("passages", TEXT.slice(0, 400), { unit: 3, layer: 1 });
  for (const { values } of strongest) assert.ok(values.every(Number.isFinite));
  const use = await learnt.study("context", TEXT);
  assert.deepEqual(use.kept, [1, 2, 3, 5, 8]); // within its window
  assert.ok(use.dropped[4] < use.dropped[0], `${use.dropped}`);
  await assert.rejects(learnt.study("fixed", TEXT, { tokens: ["e"] }), {
    code: "bad-argument",
    message: "Fixed points are those of a state that is carried, and attention has none.",
  });
});

test("holes are filled by its readings", () => {
  const { fillings } = compareFillings(learnt, { text: TEXT.slice(0, 120), share: 0.1, seed: 2, beam: 4 });
  const right = Object.fromEntries(fillings.map(({ method, right }) => [method, right]));
  assert.ok(right.beam > right.frequent, JSON.stringify(right));
});

test("a trial measures what is compared: loss, parameters, operations and how far back its gradient reaches", async () => {
  const { text, ...settings } = SMALL;
  const outcome = await runTrial(core, { text, settings, steps: 20 });
  assert.equal(outcome.parameters, learnt.parameterCount);
  assert.equal(outcome.probed, 16);
  assert.ok(outcome.loss > 0 && outcome.reach >= 1);
});
