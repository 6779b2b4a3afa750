/* What the page says of clipping nearly every step: SGD then learns at the threshold's rate, Adam hardly notices. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Trainer, loadCore } from "../../web/core/index.js";
import { mobyDick } from "./support.js";

const core = await loadCore({ variant: "simd" });
const text = mobyDick.slice(0, 30_000);
const STEPS = 100;

/** Validation loss after training with every step clipped. @param {object} settings @param {number} threshold */
function lossAt(settings, threshold) {
  const trainer = new Trainer(core, { text, hidden: 32, batch: 16, seqLen: 32, ...settings, clip: { threshold } });
  try {
    for (let step = 0; step < STEPS; step++) assert.ok(trainer.step().gradNorm > threshold, "every step is clipped");
    return trainer.evaluate().loss;
  } finally {
    trainer.dispose();
  }
}

for (const seed of [1, 2, 3])
  test(`where every step is clipped, the threshold is SGD's rate and hardly matters to Adam, seed ${seed}`, () => {
    const gap = (/** @type {object} */ settings) =>
      lossAt({ seed, ...settings }, 0.01) - lossAt({ seed, ...settings }, 0.05);
    const sgd = gap({ optimizer: "sgd", learningRate: 1 }),
      adam = gap({ optimizer: "adam" });
    assert.ok(sgd > 0.2, `a fifth of the threshold leaves SGD ${sgd} nats behind`);
    assert.ok(Math.abs(adam) < 0.02, `and Adam ${adam}`);
  });
