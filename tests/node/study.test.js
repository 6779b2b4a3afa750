/** Studies: each against what is known of the network, or made in another way. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Trainer, loadCore } from "../../web/core/index.js";
import { Session } from "../../web/worker/session.js";
import { assertSameBits } from "./support.js";

const core = await loadCore({ variant: "simd" });
const text = "the cat (a black one) sat on the mat, and the rat (a grey one) ran. ".repeat(30);

function trained(t, settings, steps = 60) {
  const trainer = new Trainer(core, {
    text,
    hidden: 12,
    batch: 1,
    seqLen: 32,
    learningRate: 0.02,
    seed: 2,
    validation: 0,
    ...settings,
  });
  t.after(() => trainer.dispose());
  trainer.step(steps);
  return trainer;
}

for (const settings of [{ cell: "rnn" }, { cell: "lstm", layers: 2 }, { cell: "gru" }, { cell: "mingru" }]) {
  test(`what a unit costs is the loss of a probe with it held, less that of one without: ${JSON.stringify(settings)}`, async (t) => {
    const trainer = trained(t, settings);
    const layer = (settings.layers ?? 1) - 1;
    const part = text.slice(0, 700);
    const mean = ({ loss }) => loss.reduce((sum, x) => sum + x, 0) / (loss.length - 1);
    for (const value of [0, "mean"]) {
      const { loss, cost, at, tokens } = await trainer.study("costs", part, { layer, value });
      assert.equal(tokens, 699);
      assert.ok(Math.abs(loss - mean(trainer.probe(part, { flow: false }))) < 1e-5);
      for (const unit of [0, 7, 11]) {
        const held = mean(trainer.probe(part, { flow: false, hold: [{ layer, unit, value }] }));
        assert.ok(Math.abs(cost[unit] - (held - loss)) < 2e-5, `unit ${unit}: got ${cost[unit]}, want ${held - loss}`);
        assert.ok(at[unit].every(({ token, cost }) => trainer.vocabulary.includes(token) && cost > 0));
      }
    }
  });
}

test("passages hold what a probe says of the unit, and their own characters", async (t) => {
  const trainer = trained(t, { cell: "lstm" });
  const { cell, sizes } = trainer.probe(text, { flow: false });
  const { strongest, weakest, tokens } = await trainer.study("passages", text, {
    unit: 5,
    what: "c",
    count: 2,
    around: 9,
  });
  assert.equal(tokens, text.length);
  const values = Float32Array.from({ length: sizes.T }, (_, t) => cell[t * sizes.H + 5]);
  assert.equal(strongest[0].value, Math.max(...values));
  assert.equal(weakest[0].value, Math.min(...values));
  for (const { from, to, tokens, values: shown } of [...strongest, ...weakest]) {
    assert.equal(tokens.join(""), text.slice(from, to));
    assert.deepEqual(shown, values.slice(from, to));
  }
});

test("units are found for a property, for a number, and for stretches of the reader's", async (t) => {
  const trainer = trained(t, { cell: "gru" }, 300);
  const inside = await trainer.study("units", text, { property: "brackets" });
  const stretches = Array.from(text.matchAll(/\([^)]*/g), ({ index, 0: { length } }) => [index, index + length]);
  assert.deepEqual(await trainer.study("units", text, { stretches }), inside, "the same stretches, named one by one");
  assert.ok(inside.told[0].accuracy > 0.8 && inside.share > 0.1 && inside.share < 0.9);
  const { followed } = await trainer.study("units", text, { property: "depth" });
  assert.equal(followed.length, 12);
  const rats = Array.from(text.matchAll(/rat/g), ({ index }) => [index, index + 3]);
  const phrase = await trainer.study("units", text, { phrase: [..."rat"] });
  assert.deepEqual(phrase, { ...(await trainer.study("units", text, { stretches: rats })), times: 30 });
  const half = await trainer.study("units", text, { phrase: [..."rat"], fit: 0.5 });
  assert.notDeepEqual(half.told, phrase.told, "another part of the text chooses the threshold");
  await assert.rejects(trainer.study("units", text, { phrase: ["Ω"] }), /Ω/);
});

test("the path of the state is its own projection, and keeps its signs from one moment to the next", async (t) => {
  const trainer = trained(t, { cell: "gru" });
  const { states, axes, points } = await trainer.study("path", text.slice(0, 200));
  assert.deepEqual(states, trainer.probe(text.slice(0, 200), { flow: false }).hidden);
  assert.equal(points.length, 400);
  trainer.step(5);
  const later = await trainer.study("path", text.slice(0, 200), { before: axes });
  for (const i of [0, 1]) assert.ok(later.axes.axes[i].reduce((sum, x, j) => sum + x * axes.axes[i][j], 0) > 0);
});

test("fixed points stay where they are when their character is read once more", async (t) => {
  const trainer = trained(t, { cell: "rnn" });
  const found = await trainer.study("fixed", text.slice(0, 300), { tokens: [" ", "a"] });
  assert.ok(
    found.some(({ token }) => token === " ") &&
      found.every(({ hidden, speed }) => hidden.length === 12 && speed < 1e-4),
  );
});

test("a study is called off by its signal, tells how far it is, and refuses what it does not know", async (t) => {
  const trainer = trained(t, { cell: "lstm" });
  const control = new AbortController();
  const long = text.repeat(20);
  /** @type {number[]} */
  const told = [];
  const progress = (done) => {
    told.push(done);
    control.abort();
  };
  await assert.rejects(trainer.study("costs", long, { signal: control.signal, progress }), { name: "AbortError" });
  assert.ok(told.length === 1 && told[0] > 0 && told[0] < 1);
  assert.ok(trainer.step().loss > 0, "the trainer is whole");
  const refused = (...args) => assert.rejects(async () => trainer.study(...args), { code: "bad-argument" });
  await refused("dreams", text);
  await refused("units", text, { property: "toString" });
  await refused("passages", text, { unit: 12 });
  await refused("passages", text, { what: "z" });
  await refused("path", "t");
  await refused("fixed", text, { tokens: ["Q"] });
  const [short, enough] = [241, 242].map((length) => long.slice(0, length));
  await assert.rejects(trainer.study("context", short), { code: "short-text", details: { needed: 242, have: 241 } });
  assert.ok((await trainer.study("context", enough)).whole > 0);
});

test("a study of a trainer that is disposed of says so, and leaves the next one's memory alone", async (t) => {
  const trainer = trained(t, { cell: "lstm" });
  /** @type {Trainer | undefined} */ let next;
  /** @type {Record<string, Float32Array> | undefined} */ let before;
  const progress = () => {
    if (next) return;
    trainer.dispose();
    next = trained(t, { cell: "lstm", seed: 3 }, 1);
    before = next.parameters();
  };
  await assert.rejects(trainer.study("costs", text.repeat(20), { progress }), { code: "disposed" });
  assert.ok(next && before);
  assertSameBits(next.parameters(), before);
});

test("a study refuses what it cannot be told, and does not begin when it was called off before", async (t) => {
  const trainer = trained(t, { cell: "lstm" }, 1);
  const refused = (message, ...args) =>
    assert.rejects(async () => trainer.study(...args), { code: "bad-argument", message });
  await refused(/^layer must be an integer from 0 to 0, got 1\.$/, "fixed", text, { tokens: ["a"], layer: 1 });
  for (const name of ["costs", "units", "passages", "path", "fixed"])
    await refused(/^layer must be an integer from 0 to 0, got "x"\.$/, name, text, { layer: "x" });
  await refused(/^tokens must be a list of strings, got "ab"\.$/, "fixed", text, { tokens: "ab" });
  await refused(/^starts must be an integer from 1 to \d+, got 0\.$/, "fixed", text, { tokens: ["a"], starts: 0 });
  for (const stretches of [5, [1], [[1]], [[3, 1]], [[0, NaN]]])
    await refused(/^stretches must be a list of \[from, to\], got /, "units", text, { stretches });
  await refused(/^phrase must be a list of strings, got 7\.$/, "units", text, { phrase: 7 });
  await refused(/^fit must be a number above 0 and below 1, got 1\.$/, "units", text, { property: "space", fit: 1 });
  for (const kept of [[], 3, [0], ["1"]])
    await refused(/^kept must be a list of integers from 1, got /, "context", text, { kept });
  await refused(/^ends must be a list of integers from 0, got /, "context", text, { ends: [1.5] });
  await refused(/^seed must be an integer /, "context", text, { seed: "x" });
  await refused(/^shuffle must be true or false, got 1\.$/, "context", text, { shuffle: 1 });
  await refused(/^count must be an integer /, "passages", text, { count: -1 });
  await refused(/^around must be an integer /, "passages", text, { around: 0.5 });
  for (const before of [5, { axes: [] }, { mean: new Float64Array(12), axes: [[1], [2]] }])
    await refused(/^before must be the axes of an earlier path, /, "path", text, { before });
  const off = { signal: AbortSignal.abort() };
  await assert.rejects(trainer.study("passages", text.slice(0, 50), off), { name: "AbortError" });
  await assert.rejects(trainer.study("path", text.slice(0, 50), off), { name: "AbortError" });
  const plain = await trainer.study("passages", text, { layer: undefined, around: undefined });
  assert.deepEqual(plain, await trainer.study("passages", text), "what is undefined is left out");
});

test("a session tells of a study by its owner's key, and calls off that one alone", async () => {
  /** @type {any[]} */
  const told = [];
  const session = await Session.open(core, { settings: { text, hidden: 12, batch: 1, seqLen: 32, seed: 2 } }, (event) =>
    told.push(event),
  );
  const long = text.repeat(20);
  const stopped = session.asides.study(1, "costs", long, {});
  const whole = session.asides.study(2, "passages", text, { unit: 1 });
  session.asides.callOff(1);
  await assert.rejects(stopped, { name: "AbortError" });
  assert.equal((await whole).tokens, text.length);
  assert.ok(
    told.filter(({ event }) => event === "study").every(({ key, done }) => (key === 1 || key === 2) && done <= 1),
  );
  session.dispose();
});
