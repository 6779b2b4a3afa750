/** What the figures show of networks that were really trained: reach, and clipping as an event. Seeds are fixed. */
import test from "node:test";
import assert from "node:assert/strict";
import { Trainer, loadCore } from "../../web/core/index.js";
import { lagProfile, reach } from "../../web/core/inside/analysis.js";
import { Story } from "../../web/app/run/story.js";
import { en, zh } from "../words.js";
import { describeClip } from "../../web/views/figures/cliptold.js";
import { ClipHistory, LagHistory } from "../../web/views/parts/history.js";

const core = await loadCore({ variant: "simd" });

/** Marsaglia's xorshift32, below n. @param {number} seed */
function generator(seed) {
  let x = seed;
  return (/** @type {number} */ n) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % n;
  };
}

/** One of four opening brackets, 42 dots, and the bracket that closes it. */
function farBrackets(/** @type {number} */ length) {
  const draw = generator(7);
  let text = "";
  while (text.length < length) {
    const kind = draw(4);
    text += "([{<"[kind] + ".".repeat(42) + ")]}>"[kind];
  }
  return text;
}

/** Median of the reach at every fifty steps from 900 to 1,300: it swings from probe to probe. */
function reachOf(/** @type {"rnn" | "lstm"} */ cell) {
  const text = farBrackets(40000);
  const trainer = new Trainer(core, {
    text,
    cell,
    hidden: 32,
    batch: 16,
    seqLen: 96,
    learningRate: 2e-3,
    clip: { mode: "norm", threshold: 1 },
    seed: 1,
    validation: 0.1,
  });
  trainer.step(850);
  const reaches = [];
  for (let n = 0; n < 9; n++) {
    trainer.step(50);
    const { flow, sizes } = trainer.probe(text.slice(0, 140));
    reaches.push(reach(lagProfile(/** @type {Float32Array} */ (flow), sizes.T)));
  }
  trainer.dispose();
  return reaches.sort((a, b) => a - b)[4];
}

test("over a dependency of 43 characters the gradient of a tanh RNN reaches less than 15 back", () => {
  const lag = reachOf("rnn");
  assert.ok(lag > 0 && lag < 15, `reach ${lag}`);
});

test("over the same dependency the gradient of an LSTM comes to reach more than 40 back", () => {
  const lag = reachOf("lstm");
  assert.ok(lag > 40, `reach ${lag}`);
});

/** The setting behind the button that makes gradients explode, on a text of its own. */
function explode(/** @type {"norm" | "none"} */ mode) {
  const draw = generator(3);
  const words = ["the", "old", "man", "and", "sea", "boat", "fish", "went", "out", "far", "sun", "bird"];
  const text = Array.from({ length: 12000 }, () => words[draw(words.length)]).join(" ");
  const trainer = new Trainer(core, {
    text,
    cell: "rnn",
    hidden: 64,
    batch: 16,
    seqLen: 64,
    optimizer: "sgd",
    learningRate: 2,
    clip: { mode, threshold: 1 },
    seed: 1,
  });
  const history = new ClipHistory();
  for (let n = 0; n < 300; n++) history.add(trainer.step(1));
  trainer.dispose();
  return history;
}

test("without clipping the exploding setting's norm passes a hundred and its loss ends above blind guessing", () => {
  const history = explode("none");
  const { clipped, gradNorm } = history.whole;
  assert.equal(clipped, 0);
  assert.ok(gradNorm > 100, `largest norm ${gradNorm}`);
  assert.ok(/** @type {any} */ (history.last).loss > Math.log(19), `loss ${history.last?.loss}`);
});

test("with clipping its norm is held at the threshold, the event is counted, and it learns", () => {
  const history = explode("norm");
  const { clipped, steps, gradNorm } = history.whole;
  assert.ok(clipped > 0 && clipped < steps, `clipped ${clipped} of ${steps}`);
  assert.ok(gradNorm < 30, `largest norm ${gradNorm}`);
  for (const bin of history.bins) assert.ok(bin.clippedNorm <= 1.00001, `step ${bin.step}: ${bin.clippedNorm}`);
  assert.ok(/** @type {any} */ (history.last).loss < 2, `loss ${history.last?.loss}`);
});

test("the norms of the tensors' gradients make up the norm that was reported", () => {
  const trainer = new Trainer(core, {
    text: farBrackets(4000),
    cell: "gru",
    hidden: 8,
    batch: 4,
    seqLen: 16,
    clip: { mode: "norm", threshold: 0.1 },
  });
  assert.deepEqual(new Set(Object.values(trainer.gradientNorms())), new Set([0]));
  const report = trainer.step(2);
  const norms = trainer.gradientNorms();
  assert.ok(Math.abs(Math.hypot(...Object.values(norms)) - report.clippedNorm) < 1e-5 * report.clippedNorm);
  assert.deepEqual(Object.keys(norms), Object.keys(trainer.parameters()));
  trainer.dispose();
});

const report = (/** @type {number} */ step, /** @type {number} */ gradNorm, loss = 1) => ({
  step,
  loss,
  gradNorm,
  clippedNorm: Math.min(1, gradNorm),
  clippedFraction: gradNorm > 1 ? 1 : 0,
});

test("the history of clipping keeps the largest norm of a bin and the mean loss", () => {
  const history = new ClipHistory(4);
  [0.5, 3, 0.2, 0.1].forEach((norm, i) => history.add(report(i + 1, norm, i)));
  assert.equal(history.stride, 2);
  assert.deepEqual(history.bins, [
    { ...report(2, 3), loss: 0.5, from: 1, steps: 2, clipped: 1 },
    { ...report(4, 0.2), loss: 2.5, from: 3, steps: 2, clipped: 0 },
  ]);
  history.add(report(5, 9));
  assert.equal(history.bins.length, 2); // a bin holds two steps now
  const { steps, clipped, gradNorm, from } = history.whole;
  assert.deepEqual({ steps, clipped, gradNorm, from }, { steps: 5, clipped: 2, gradNorm: 9, from: 1 });
});

test("an earlier step is told by the bin it is in, and one that was not made by none", () => {
  const history = new ClipHistory(4);
  [0.5, 3, 0.2, 0.1, 9].forEach((norm, i) => history.add(report(i + 1, norm)));
  const around = (/** @type {number} */ step) => {
    const found = history.around(step);
    return [found?.from, found?.to, found?.report.gradNorm];
  };
  assert.deepEqual(around(1), [1, 2, 3]);
  assert.deepEqual(around(4), [3, 4, 0.2]);
  assert.deepEqual(around(5), [5, 5, 9]);
  assert.deepEqual([history.around(0), history.around(6)], [null, null]);
});

test("the share of recent steps forgets the early ones", () => {
  const history = new ClipHistory();
  for (let step = 1; step <= 300; step++) history.add(report(step, step <= 150 ? 2 : 0.5));
  assert.equal(history.recentSteps, 200);
  assert.equal(history.recentShare, 50 / 200);
  assert.equal(history.whole.clipped, 150);
});

/** What the figure says of a run. @param {ClipHistory} history @param {object} [data] @param {any} [strings] */
const told = (history, data, strings = en) =>
  describeClip(
    /** @type {any} */ ({
      history,
      clip: { mode: "norm", threshold: 1 },
      blocks: [],
      beside: null,
      step: history.last?.step ?? 0,
      at: null,
      ...data,
    }),
    strings.clip,
  );

test("clipping's words do not join what was clipped with a threshold that was set since", () => {
  const history = new ClipHistory();
  for (let step = 1; step <= 200; step++) history.add(report(step, 2));
  const told1000 = told(history, { clip: { mode: "norm", threshold: 1000 } });
  assert.equal(
    told1000,
    "at step 200 the norm was 2 before clipping and 1 after it. Of all 200 steps 100% were clipped; the largest norm was 2.",
  );
  for (const strings of [en, zh])
    for (const mode of ["norm", "none"])
      assert.equal(
        told(history, { clip: { mode, threshold: 1000 } }, strings),
        told(history, { clip: { mode, threshold: 7 } }, strings),
      );
});

test("clipping's words deny no step of a run that was taken up again, and claim none that was not noted", () => {
  const history = new ClipHistory();
  assert.equal(told(history), en.clip.none);
  assert.equal(told(history, { step: 5000 }), "no norm was kept of step 5,000.");
  assert.equal(told(history, { step: 5000, at: 4000 }), "no norm was kept of step 4,000.");
  assert.equal(told(history, { step: 5000, at: 0 }), en.clip.none);
  for (let step = 5001; step <= 5010; step++) history.add(report(step, step - 5000));
  assert.match(told(history), /Of the 10 steps noted since step 5,001 90% were clipped; the largest norm was 10\./);
});

test("a run that goes on from an earlier step keeps what is known of the clipping up to it", () => {
  const before = new Story();
  before.add(Array.from({ length: 1000 }, (_, i) => report(i + 1, i < 500 ? 3 : 9)));
  const story = new Story();
  story.continueFrom(before, 500);
  const { clips } = story;
  assert.equal(clips.last, null); // of four steps in a bin
  assert.equal(told(clips, { step: 500 }), "Of all 500 steps 100% were clipped; the largest norm was 3.");
  assert.equal(before.clips.whole.steps, 1000);

  const uneven = new Story();
  uneven.continueFrom(before, 498);
  uneven.add([report(499, 0.5)]);
  assert.match(told(uneven.clips), /Of the 497 steps noted since step 1 100% were clipped, 0% of the last 1; /);
  assert.deepEqual([uneven.clips.around(496)?.to, uneven.clips.around(498)], [496, null]);
  assert.equal(uneven.clips.around(499)?.from, 499);

  const near = new Story();
  near.continueFrom(before, 1000);
  assert.equal(told(near.clips), told(before.clips));
});

test("the history of lag profiles thins itself evenly and can be cut", () => {
  const history = new LagHistory(8);
  for (let step = 0; step < 64; step++) history.add(step, Float32Array.of(step));
  assert.ok(history.steps.length < 8);
  const gaps = history.steps.slice(1).map((step, i) => step - history.steps[i]);
  assert.ok(Math.max(...gaps) <= 2 * Math.min(...gaps), `steps ${history.steps}`);
  history.profiles.forEach((profile, i) => assert.equal(profile[0], history.steps[i]));
  history.cutAfter(20);
  assert.ok(history.steps.every((step) => step <= 20) && history.steps.length === history.profiles.length);
});
