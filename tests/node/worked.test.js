import assert from "node:assert/strict";
import { test } from "node:test";
import { workUnit } from "../../web/core/inside/worked.js";
import { Trainer, loadCore } from "../../web/core/index.js";

const core = await loadCore({ variant: "simd" });
const text = "the cat sat on the mat and the rat ran. ".repeat(20);
const sigmoid = (/** @type {number} */ x) => 1 / (1 + Math.exp(-x));

for (const settings of [
  { cell: "rnn" },
  { cell: "lstm", layers: 2 },
  { cell: "lstm", embedding: 5 },
  { cell: "gru", gruReset: "before", layers: 2 },
  { cell: "gru", gruReset: "after", embedding: 5 },
  { cell: "mingru", layers: 2 },
]) {
  test(`terms add up to what the core computed: ${JSON.stringify(settings)}`, (t) => {
    const trainer = new Trainer(core, {
      text,
      hidden: 9,
      batch: 4,
      seqLen: 16,
      learningRate: 0.02,
      seed: 3,
      ...settings,
    });
    t.after(() => trainer.dispose());
    trainer.step(30);
    const trace = trainer.probe("the rat sat");
    const parameters = trainer.parameters();
    const close = (/** @type {number} */ got, /** @type {number} */ want, /** @type {string} */ what) =>
      assert.ok(Math.abs(got - want) < 2e-6, `${what}: got ${got}, want ${want}`);
    for (const t of [0, 1, 10]) {
      for (let layer = 0; layer < (settings.layers ?? 1); layer++) {
        for (const unit of [0, 4, 8]) {
          const worked = workUnit(trace, parameters, { t, layer, unit });
          const place = `${t} ${layer} ${unit}`;
          for (const { name, sum, squash, value } of worked.parts) {
            close(squash === "σ" ? sigmoid(sum) : squash ? Math.tanh(sum) : sum, value, `${name} at ${place}`);
          }
          const { before, hidden, cellBefore = 0, cell = 0 } = worked;
          const v = Object.fromEntries(worked.parts.map(({ name, value }) => [name, value]));
          if (settings.cell === "rnn") close(v.h, hidden, `h at ${place}`);
          if (settings.cell === "lstm") {
            close(v.f * cellBefore + v.i * v.g, cell, `c at ${place}`);
            close(v.o * Math.tanh(cell), hidden, `h at ${place}`);
          }
          const take = settings.gruReset === "after" ? 1 - v.z : v.z;
          if (["gru", "mingru"].includes(settings.cell))
            close((1 - take) * before + take * v.n, hidden, `h at ${place}`);
        }
      }
    }
  });
}
