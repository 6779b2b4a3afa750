import assert from "node:assert/strict";
import { test } from "node:test";
import { Trainer, loadCore, supportedVariants } from "../../web/core/index.js";
import { PASS } from "../../web/core/wasm/engine.js";
import { assertClose, goldens } from "./support.js";

const TOLERANCE = 1e-5;
const RATES = { sgd: 0.1, momentum: 0.1 };

/** Hidden units: in a golden, "hidden" is the states. */
const unitsOf = ({ params, vocab }) => params["head.weight"].length / vocab;

/** A network of a golden's sizes and weights, without a text. */
function make(core, golden, settings = {}) {
  const { cell, reset, layers, embedding, vocab, params, heads, seq } = golden;
  const hidden = unitsOf(golden);
  const trainer = new Trainer(core, {
    vocabulary: Array.from({ length: vocab }, (_, id) => String.fromCodePoint(97 + id)),
    cell,
    layers,
    hidden,
    embedding,
    ...(reset && { gruReset: reset }),
    batch: 1,
    seqLen: heads ? seq : 1,
    ...(heads && { heads }),
    clip: { mode: "none" },
    ...settings,
  });
  trainer.setParameters(params);
  return trainer;
}

/** @returns the golden's window */
const batchOf = ({ input, target, h0, c0 }) => ({ input, target, ...(h0 && { h0 }), ...(c0 && { c0 }) });

/** Gradients of a penalty are told by one step of sgd at rate 1. */
function gradientsByStep(trainer, batch) {
  const before = trainer.parameters();
  trainer.trainOn(batch);
  const after = trainer.parameters();
  return Object.fromEntries(Object.keys(before).map((name) => [name, before[name].map((w, i) => w - after[name][i])]));
}

for (const variant of supportedVariants()) {
  const core = await loadCore({ variant });
  for (const golden of goldens()) {
    test(`${golden.name} in "${variant}" agrees with PyTorch in loss, states, gates and gradients`, () => {
      const trainer = make(core, golden);
      const got = trainer.gradients(batchOf(golden));
      assertClose([got.loss], [golden.loss], TOLERANCE, "loss");
      assertClose(got.logits, golden.logits, TOLERANCE, "logits");
      assertClose(got.hidden, golden.hidden, TOLERANCE, "hidden");
      assertClose(got.hiddenGrad, golden.grad.hidden, TOLERANCE, "hiddenGrad");
      assert.deepEqual(Object.keys(got.gates), Object.keys(golden.gates ?? {}));
      for (const gate of Object.keys(got.gates))
        assertClose(got.gates[gate], golden.gates[gate], TOLERANCE, `gates.${gate}`);
      if (golden.cell === "lstm") {
        assertClose(got.cell, golden.cell_state, TOLERANCE, "cell");
        assertClose(got.cellGrad, golden.grad.cell_state, TOLERANCE, "cellGrad");
      }
      assert.deepEqual(Object.keys(got.params).sort(), Object.keys(golden.grad.params).sort());
      for (const name of Object.keys(got.params))
        assertClose(got.params[name], golden.grad.params[name], TOLERANCE, name);
      assertClose([got.norm], [golden.grad.norm], TOLERANCE, "norm");
      trainer.dispose();
    });

    test(`${golden.name} in "${variant}" agrees on how a step's loss flows back`, () => {
      const trainer = make(core, golden);
      const { layers: L, batch: B, seq: T } = golden,
        H = unitsOf(golden);
      const first = (x) =>
        Float32Array.from(Array.from({ length: L * H }, (_, i) => (x ? x[Math.floor(i / H) * B * H + (i % H)] : 0)));
      const pass = trainer.engine.openPass(1, T, PASS.BACKWARD | PASS.FLOW);
      pass.setState(first(golden.h0), first(golden.c0));
      pass.run(Int32Array.from(golden.input[0]), Int32Array.from(golden.target[0]));
      const flow = pass.flow(L);
      for (const { target_step: t, hidden_norm: want } of golden.itemised) {
        const got = Float32Array.from({ length: L * T }, (_, i) => flow[(Math.floor(i / T) * T + t) * T + (i % T)]);
        assertClose(got, want, TOLERANCE, `flow of step ${t}`);
      }
      pass.dispose();
      trainer.dispose();
    });

    test(`${golden.name} in "${variant}" clips as PyTorch does`, () => {
      const { clip_norm: byNorm, clip_value: byValue } = golden;
      const norm = make(core, golden, { clip: { mode: "norm", threshold: byNorm.max } }).trainOn(batchOf(golden));
      assertClose(
        [norm.gradNorm, norm.clippedNorm, norm.clipScale],
        [byNorm.norm_before, byNorm.norm_after, byNorm.scale],
        TOLERANCE,
        "by norm",
      );
      const trainer = make(core, golden, { clip: { mode: "value", threshold: byValue.max } });
      const value = trainer.trainOn(batchOf(golden));
      assertClose([value.gradNorm, value.clippedNorm], [byNorm.norm_before, byValue.norm_after], TOLERANCE, "by value");
      assert.equal(Math.round(value.clippedFraction * trainer.parameterCount), byValue.clipped_count);
    });

    if (!golden.optim) continue;
    const { l1, l2, ...optimizers } = golden.optim;
    for (const [optimizer, want] of Object.entries(optimizers)) {
      test(`${golden.name} in "${variant}" agrees with torch.optim after 1 and 5 steps of ${optimizer}`, () => {
        const trainer = make(core, golden, {
          optimizer,
          learningRate: RATES[optimizer] ?? 2e-3,
          clip: { mode: "norm", threshold: want.clip_norm_max },
          ...(optimizer === "adamw" && { weightDecay: 0.1 }),
        });
        const H = unitsOf(golden);
        for (let step = 1; step <= 5; step++) {
          assert.equal(trainer.trainOn(batchOf(golden)).step, step);
          if (step !== 1 && step !== 5) continue;
          const got = trainer.parameters();
          for (const [name, values] of Object.entries(want[`after_${step}`])) {
            // The keys' bias moves no softmax: its gradient is rounding alone, which adam makes as large as any other's.
            if (name.endsWith("in_proj_bias")) values.set(got[name].subarray(H, 2 * H), H);
            assertClose(got[name], values, TOLERANCE, `${name} after ${step}`);
          }
        }
      });
    }
    for (const [penalty, want] of Object.entries({ l1, l2 })) {
      test(`${golden.name} in "${variant}" adds the gradient of the ${penalty} penalty to weights alone`, () => {
        const trainer = make(core, golden, { optimizer: "sgd", learningRate: 1, [penalty]: want.lambda });
        const got = gradientsByStep(trainer, batchOf(golden));
        for (const [name, values] of Object.entries(want.grad)) assertClose(got[name], values, TOLERANCE, name);
      });
    }
  }
}
