import assert from "node:assert/strict";
import { test } from "node:test";
import { Trainer, checkSettings } from "../../web/core/index.js";
import { learningRateAt } from "../../web/core/schedule.js";
import { assertClose, assertRefused, assertSameBits, core, makeTrainer, small } from "./support.js";

const rates = (settings, steps) =>
  steps.map((step) => learningRateAt(checkSettings({ learningRate: 0.1, ...settings }), step));
const cosine = { schedule: "cosine", warmup: 4, totalSteps: 12, lastShare: 0.2 };

test("a constant rate stays, after a warm-up that rises in equal steps", () => {
  assert.deepEqual(rates({}, [0, 5, 1e6]), [0.1, 0.1, 0.1]);
  assertClose(rates({ warmup: 4 }, [0, 1, 2, 3, 4, 5]), [0.02, 0.04, 0.06, 0.08, 0.1, 0.1], 1e-12, "rate");
});

test("step decay multiplies the rate after every so many updates, and never reaches 0", () => {
  const settings = { schedule: "step", decayEvery: 10, decayFactor: 0.5 };
  assertClose(rates(settings, [0, 9, 10, 19, 20]), [0.1, 0.1, 0.05, 0.05, 0.025], 1e-12, "rate");
  assertClose(rates({ ...settings, warmup: 3 }, [3, 12, 13]), [0.1, 0.1, 0.05], 1e-12, "rate");
  assert.ok(rates(settings, [1e9])[0] > 0);
});

test("the cosine falls from the rate to its last share and stays there", () => {
  assertClose(
    rates(cosine, [3, 4, 6, 8, 10, 12, 1000]),
    [
      0.08,
      0.1,
      0.1 * (0.2 + (0.8 * (2 + Math.SQRT2)) / 4),
      0.06,
      0.1 * (0.2 + (0.8 * (2 - Math.SQRT2)) / 4),
      0.02,
      0.02,
    ],
    1e-12,
    "rate",
  );
});

test("every way to an update reports the scheduled rate and learns by it", (t) => {
  const scheduled = makeTrainer(t, cosine),
    byHand = makeTrainer(t);
  for (let step = 0; step < 15; step++) {
    const learningRate = learningRateAt(scheduled.settings, step);
    byHand.configure({ learningRate });
    assert.equal(scheduled.step().learningRate, learningRate);
    byHand.step();
  }
  assertSameBits(scheduled.parameters(), byHand.parameters());
  const batch = { input: [[0, 1, 2]], target: [[1, 2, 3]] };
  scheduled.configure({ totalSteps: 40 });
  assert.equal(scheduled.trainOn(batch).learningRate, learningRateAt(scheduled.settings, 15));
  assert.equal(scheduled.settings.learningRate, 2e-3);
});

test("n steps at once are n single steps under a schedule too", (t) => {
  const one = makeTrainer(t, cosine),
    many = makeTrainer(t, cosine);
  for (let i = 0; i < 14; i++) one.step();
  assert.equal(many.step(14).learningRate, learningRateAt(many.settings, 13));
  assertSameBits(many.parameters(), one.parameters());
});

test("a run saved in the middle of its schedule goes on with the same bits", (t) => {
  const whole = makeTrainer(t, cosine),
    first = makeTrainer(t, cosine);
  whole.step(11);
  first.step(6);
  const second = Trainer.load(core, first.save(), { text: small.text });
  t.after(() => second.dispose());
  second.step(5);
  assertSameBits(second.parameters(), whole.parameters());
});

test("a schedule can begin and end in mid-training", (t) => {
  const trainer = makeTrainer(t);
  trainer.step(10);
  trainer.configure({ schedule: "step", decayEvery: 5 });
  assertClose([trainer.step().learningRate], [5e-4], 1e-12, "rate");
  trainer.configure({ schedule: "constant" });
  assert.equal(trainer.step().learningRate, 2e-3);
});

test("a warm-up as long as the cosine is refused", (t) => {
  assertRefused(
    () => checkSettings({ schedule: "cosine", warmup: 10, totalSteps: 10 }),
    "bad-setting",
    /warmup must be below totalSteps, which is 10/,
  );
  assertRefused(() => checkSettings({ schedule: "linear" }), "bad-setting", /"constant", "step" or "cosine"/);
  const trainer = makeTrainer(t);
  assertRefused(() => trainer.configure({ schedule: "cosine", warmup: 20000 }), "bad-setting", /warmup/);
  assert.equal(trainer.settings.schedule, "constant");
});
