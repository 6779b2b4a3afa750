/** What is found inside of networks that were trained on texts whose inside is known. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { Matrix } from "ml-matrix";
import { Trainer, loadCore } from "../../web/core/index.js";
import { compareReadings } from "../../web/core/apart/edit.js";
import { halfLives, halfLivesOf, keptShare } from "../../web/core/apart/halflife.js";
import { contextUse } from "../../web/core/apart/memory.js";
import { fixedPoints, jacobian, magnitudes, principalAxes } from "../../web/core/apart/path.js";
import { nearestStates, project } from "../../web/core/apart/places.js";
import { makeStep } from "../../web/core/apart/step.js";
import {
  PROPERTIES,
  bracketDepth,
  followUnits,
  linePosition,
  passagesOf,
  rankUnits,
} from "../../web/core/apart/units.js";
import { makeDraws } from "../../web/core/random.js";
import { makeText } from "../../web/core/text/generators.js";

const core = await loadCore({ variant: "simd" });
const SMALL = { hidden: 32, batch: 8, seqLen: 64, learningRate: 0.01, clip: { mode: "norm", threshold: 1 }, seed: 1 };
const last = (generator) => {
  for (;;) {
    const { value, done } = generator.next();
    if (done) return value;
  }
};

/** Lines of a letter, `lag` dots, and the letter again. */
const recall = (lag, lines, seed = 1) => makeText("recall", { lag, lines, seed }).text;

/** The same letters outside and inside of brackets: only a memory can tell which bracket comes next. */
function brackets(length) {
  const draw = makeDraws(2);
  let text = "";
  while (text.length < length) {
    for (let n = 4 + draw(10); n > 0; n--) text += "ab"[draw(2)];
    text += "(";
    for (let n = 4 + draw(10); n > 0; n--) text += "ab"[draw(2)];
    text += ")";
  }
  return text;
}

/** As many b as a, line after line. */
function counting(lines, most) {
  const draw = makeDraws(3);
  return Array.from({ length: lines }, () => 1 + draw(most))
    .map((n) => `${"a".repeat(n)}${"b".repeat(n)}\n`)
    .join("");
}

function trained(t, text, settings, steps) {
  const trainer = new Trainer(core, { text, ...SMALL, ...settings });
  t.after(() => trainer.dispose());
  trainer.step(steps);
  return trainer;
}

for (const seed of [1, 2, 3]) {
  describe(`an LSTM that recalls a letter, seed ${seed}`, () => {
    let trainer;
    before(() => {
      // Read from zeros at every window, it is used to a beginning anywhere.
      trainer = new Trainer(core, { text: recall(10, 1500), ...SMALL, cell: "lstm", stateful: false, seed });
      trainer.step(2000);
      trainer.configure({ learningRate: 1e-3 }); // at the rate before it has learnt, but for a leap of the loss now and then
      trainer.step(200);
    });
    after(() => trainer.dispose());

    test("has its loss fall where the letter comes into sight, and nowhere else", () => {
      const ids = trainer.encode(recall(10, 60));
      const ends = Array.from(ids, (_, i) => i).filter((i) => trainer.vocabulary[ids[i - 1]] === ">");
      const kept = [1, 4, 8, 10, 11, 12, 13, 16, 24]; // the letter, ten dots and ">" are twelve
      const use = last(contextUse(trainer.engine, ids, { kept, ends }));
      assert.ok(use.whole < 0.1, `it has learnt: ${use.whole} nats`);
      kept.forEach((k, i) => {
        const shown = `with ${k} characters ${use.dropped[i]} nats`;
        if (k < 12) assert.ok(Math.abs(use.dropped[i] - Math.log(4)) < 0.2, `${shown}, not those of one in four`);
        else assert.ok(use.dropped[i] < 0.1, shown);
      });
    });

    test("does so by its forget gate: held shut, it is down to chance", () => {
      const text = recall(10, 60, 9);
      const share = (hold) => {
        const {
          probabilities,
          ids,
          sizes: { T, V },
        } = trainer.probe(text, { flow: false, hold });
        let right = 0,
          all = 0;
        for (let t = 0; t + 1 < T; t++) {
          if (trainer.vocabulary[ids[t]] !== ">") continue;
          const row = probabilities.subarray(t * V, (t + 1) * V);
          all++;
          if (row.indexOf(Math.max(...row)) === ids[t + 1]) right++;
        }
        return right / all;
      };
      assert.ok(share([]) > 0.95, `as it is: ${share([])}`);
      const shut = share([{ gate: "f", value: 0 }]);
      assert.ok(shut < 0.25 + 0.2, `with the forget gate shut: ${shut}`);
    });
  });

  test(`a unit is found that tells, on text it was not chosen by, whether one is inside brackets: seed ${seed}`, (t) => {
    const trainer = trained(t, brackets(40000), { cell: "lstm", hidden: 16, seed }, 1500);
    const { cell, tokens, sizes } = trainer.probe(brackets(2500), { flow: false });
    const labels = PROPERTIES.brackets(tokens);
    const [best] = rankUnits(cell, sizes.T, sizes.H, labels);
    assert.ok(best.accuracy > 0.95, `unit ${best.unit}: balanced accuracy ${best.accuracy}`);
    const draw = makeDraws(5);
    const coins = rankUnits(
      cell,
      sizes.T,
      sizes.H,
      labels.map(() => draw(2)),
    );
    assert.ok(Math.abs(coins[0].accuracy - 0.5) < 0.08, `coins are told by none: ${coins[0].accuracy}`);
  });

  test(`a cell of an LSTM counts in a text of as many b as a: seed ${seed}`, (t) => {
    const trainer = trained(t, counting(3000, 12), { cell: "lstm", hidden: 16, seed }, 2000);
    const { cell, tokens, sizes } = trainer.probe(counting(120, 12), { flow: false });
    let depth = 0;
    const counts = tokens.map((token) => (depth = token === "a" ? depth + 1 : token === "b" ? depth - 1 : 0));
    const [best] = followUnits(cell, sizes.T, sizes.H, counts);
    assert.ok(Math.abs(best.correlation) > 0.95, `unit ${best.unit}: correlation ${best.correlation}`);
  });
}

test("where one part of the text lacks a property, no unit is said to tell it", () => {
  const values = Float32Array.from({ length: 20 }, (_, i) => i);
  assert.equal(rankUnits(values, 10, 2, new Uint8Array(10)), null);
  assert.equal(
    rankUnits(
      values,
      10,
      2,
      Uint8Array.from({ length: 10 }, (_, t) => Number(t < 3)),
    ),
    null,
  );
  const [best] = rankUnits(
    values,
    10,
    2,
    Uint8Array.from({ length: 10 }, (_, t) => Number(t % 5 > 2)),
    { fit: 0.5 },
  );
  assert.deepEqual([best.unit, best.above, best.threshold], [0, true, 5]);
});

test("quotations end with their mark or with an empty line; a line's place is counted from its beginning", () => {
  const of = (/** @type {string} */ text) => PROPERTIES.quotes([...text]).join("");
  assert.equal(of('a"b"c'), "01100");
  assert.equal(of("“b”c"), "1100");
  assert.equal(of('"a\n\nb'), "11100".slice(0, 3) + "00");
  assert.deepEqual([...linePosition([..."ab\ncd"])], [1, 2, 0, 1, 2]);
  assert.deepEqual([...bracketDepth([..."(a[b])c)"])], [1, 1, 2, 2, 1, 0, 0, 0]);
});

test("passages stand around the highest and lowest values, and none overlaps another", () => {
  const values = Float32Array.from({ length: 100 }, (_, t) => Math.sin(t / 6));
  const { strongest, weakest } = passagesOf(values, { count: 2, around: 5 });
  assert.deepEqual(
    strongest.map(({ at }) => at),
    [47, 85],
  );
  assert.deepEqual(
    weakest.map(({ from, at, to }) => [from, at, to]),
    [
      [61, 66, 72],
      [23, 28, 34],
    ],
  );
});

test("a gate that keeps nine tenths lets half a state live for 6.58 characters", () => {
  const keep = Float32Array.from({ length: 6 }, (_, i) => (i % 2 ? 1 : 0.9));
  const lives = halfLives(keep, 3, 2);
  assert.ok(Math.abs(lives[0] - 6.5788) < 1e-3, `got ${lives[0]}`);
  assert.ok(lives[1] > 1e6);
});

test("what each cell keeps of a state is its own gate: f, 1 - z, z", (t) => {
  for (const [cell, gruReset, want] of [
    ["lstm", "before", "f"],
    ["gru", "before", "1-z"],
    ["gru", "after", "z"],
    ["mingru", "after", "1-z"],
    ["rnn", "before", null],
  ]) {
    const trace = trained(t, counting(100, 5), { cell, gruReset, hidden: 4 }, 1).probe("aabb");
    const kept = keptShare(trace);
    assert.equal(halfLivesOf(trace, 0)?.length, want === null ? undefined : 4);
    if (want === null) assert.equal(kept, null);
    else assert.deepEqual(kept, want === "f" ? trace.gates.f : trace.gates.z.map((z) => (want === "z" ? z : 1 - z)));
  }
});

test("two readings part at the character that was changed", (t) => {
  const trainer = trained(t, recall(3, 400), { cell: "gru", hidden: 8 }, 50);
  const [one, other] = ["A...>A\nB...>B\n", "A...>A\nC...>B\n"].map((text) => trainer.probe(text));
  const { parts, meets, hidden, length, probability } = compareReadings(one, other);
  assert.equal(parts, 7);
  assert.ok(meets > 7);
  assert.ok(hidden.subarray(0, 7 * 8).every((x) => x === 0) && length.subarray(7).every((x) => x > 0));
  assert.ok(probability[7] > 0 && probability.every((p) => p >= 0 && p <= 1));
  const same = compareReadings(one, one);
  assert.deepEqual([same.parts, same.meets], [-1, 0]);
});

test("eigenvalues and principal axes agree with numpy's", () => {
  const { matrices, pca } = JSON.parse(readFileSync(new URL("eigen.json", import.meta.url), "utf8"));
  for (const { rows, magnitudes: want } of matrices) {
    const got = magnitudes(new Matrix(rows)).sort((a, b) => a - b);
    got.forEach((x, i) =>
      assert.ok(Math.abs(x - want[i]) < 1e-9, `${rows.length} rows, ${i}: got ${x}, want ${want[i]}`),
    );
  }
  const states = Float32Array.from(pca.points.flat());
  const found = principalAxes(states, 6);
  for (const i of [0, 1]) {
    const dot = found.axes[i].reduce((sum, x, j) => sum + x * pca.axes[i][j], 0);
    assert.ok(Math.abs(Math.abs(dot) - 1) < 1e-6, `axis ${i}: cosine ${dot}`);
    assert.ok(Math.abs(found.share[i] - pca.share[i]) < 1e-6);
    assert.ok(found.axes[i][found.axes[i].map(Math.abs).indexOf(Math.max(...found.axes[i].map(Math.abs)))] > 0);
  }
  const turned = { ...found, axes: found.axes.map((axis) => axis.map((x) => -x)) };
  assert.deepEqual(principalAxes(states, 6, turned).axes, turned.axes, "signs follow those of the moment before");
  const at = project(states, found);
  const mean = [0, 1].map((i) => at.filter((_, k) => k % 2 === i).reduce((sum, x) => sum + x, 0) / 40);
  assert.ok(mean.every((x) => Math.abs(x) < 1e-5));
});

test("the fixed points of a map that is known are found, with their stability", () => {
  const slope = 2; // x' = tanh(2x): 0 pushes away, ±0.9575 draw near
  const step = (/** @type {Float64Array[]} */ states) => states.map((state) => state.map((x) => Math.tanh(slope * x)));
  const found = last(
    fixedPoints(
      step,
      [0.8, -0.7, 0.05, 0.9].map((x) => Float64Array.of(x)),
    ),
  );
  const at = found.map(({ state }) => state[0]).sort((a, b) => a - b);
  [-0.957504, 0, 0.957504].forEach((want, i) => assert.ok(Math.abs(at[i] - want) < 1e-3, `got ${at[i]}`));
  for (const { state, radius, unstable } of found) {
    const want = slope * (1 - Math.tanh(slope * state[0]) ** 2);
    assert.ok(Math.abs(radius - want) < 1e-3, `at ${state[0]} got ${radius}, want ${want}`);
    assert.equal(unstable, Number(want > 1));
  }
});

test("a network's own map is what its probe computes, and its fixed points stay where they are", (t) => {
  for (const settings of [{ cell: "rnn" }, { cell: "lstm", layers: 2 }, { cell: "gru" }]) {
    const trainer = trained(t, counting(300, 6), { hidden: 6, ...settings }, 300);
    const [a] = trainer.encode("a");
    const step = makeStep(trainer.engine, trainer.settings, a);
    const { layers: L, hidden: H, cell } = trainer.settings;
    const trace = trainer.probe("aaaa");
    let state = new Float64Array(L * H * (cell === "lstm" ? 2 : 1));
    for (let t = 0; t < 4; t++) {
      [state] = step([state]);
      for (let l = 0; l < L; l++) {
        for (let j = 0; j < H; j++)
          assert.equal(state[l * H + j], trace.hidden[(l * 4 + t) * H + j], `${cell} ${t} ${l} ${j}`);
      }
    }
    const starts = [state, state.map((x) => -x)];
    for (const point of last(fixedPoints(step, starts))) {
      assert.ok(point.speed < 1e-4, `${cell}: ${point.speed}`);
      assert.equal(jacobian(step, point.state).rows, state.length);
    }
  }
});

test("the nearest states are those at the smallest distance", () => {
  const states = Float32Array.of(0, 0, 3, 4, 1, 0, 0, 2);
  assert.deepEqual(nearestStates(states, 2, 0, 2), [
    { t: 2, distance: 1 },
    { t: 3, distance: 2 },
  ]);
});
