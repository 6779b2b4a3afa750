import assert from "node:assert/strict";
import { test } from "node:test";

test("the package imports by its name, with every name of the contract", async () => {
  const unrolled = await import("unrolled");
  const names = [
    "loadCore",
    "Trainer",
    "UnrolledError",
    "SETTINGS",
    "checkSettings",
    "Vocabulary",
    "makeTokenizer",
    "readSafetensors",
    "writeSafetensors",
  ];
  for (const name of names) assert.ok(unrolled[name], name);
  assert.equal(unrolled.Trainer, (await import("../../web/core/trainer.js")).Trainer);
});

test("the contract's example runs as it is written", async () => {
  const { Trainer, loadCore } = await import("unrolled");
  const core = await loadCore({ variant: "auto" });
  const trainer = new Trainer(core, {
    text: "the quick brown fox jumps over the lazy dog. ".repeat(80),
    tokens: "char",
    validation: 0.2,
    cell: "lstm",
    gruReset: "before",
    layers: 1,
    hidden: 128,
    embedding: 0,
    batch: 32,
    seqLen: 64,
    stateful: true,
    optimizer: "adam",
    learningRate: 2e-3,
    clip: { mode: "norm", threshold: 5 },
    l1: 0,
    l2: 0,
    dropout: 0,
    forgetBias: 1,
    seed: 1,
  });
  assert.deepEqual(Object.keys(trainer.step()), [
    "step",
    "epoch",
    "tokens",
    "loss",
    "gradNorm",
    "clippedNorm",
    "clipScale",
    "clippedFraction",
    "learningRate",
  ]);
  assert.deepEqual(Object.keys(trainer.evaluate()), ["loss", "bitsPerToken", "perplexity", "accuracy", "tokens"]);
  assert.deepEqual(Object.keys(trainer.sample({ prompt: "the", length: 5 })), ["text", "ids", "probabilities"]);
  const lstm = ["loss", "logits", "hidden", "cell", "gates", "params", "hiddenGrad", "cellGrad", "norm"];
  assert.deepEqual(Object.keys(trainer.gradients({ input: [[0, 1]], target: [[1, 2]] })).sort(), lstm.sort());
  const loaded = Trainer.load(core, trainer.save());
  assert.equal(loaded.sample({ length: 5 }).text, trainer.sample({ length: 5 }).text);
  loaded.dispose();
  trainer.dispose();
});
