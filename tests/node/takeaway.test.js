import assert from "node:assert/strict";
import { test } from "node:test";
import { fileName, lossCsv, traceJson } from "../../web/app/keep/takeaway-files.js";
import { loadCore, Trainer } from "../../web/core/index.js";

test("the losses are one table by step, with a gap where only one of the two was measured", () => {
  const csv = lossCsv({
    steps: [1, 2, 4],
    losses: [3.5, 3.25, 3],
    evaluations: [
      { step: 2, loss: 3.3 },
      { step: 3, loss: 3.2 },
    ],
  });
  assert.equal(csv, "step,training_loss,validation_loss\n1,3.5,\n2,3.25,3.3\n3,,3.2\n4,3,\n");
});

test("a trace as JSON has every array with its shape, and gives the same float32 numbers again", async () => {
  const trainer = new Trainer(await loadCore({ variant: "simd" }), {
    text: "abc cab bca ".repeat(30),
    hidden: 5,
    layers: 2,
    batch: 2,
    seqLen: 8,
    cell: "lstm",
  });
  const trace = trainer.probe("abc cab");
  const read = JSON.parse(traceJson(trace, 7));
  assert.deepEqual([read.step, read.cell, read.tokens.join("")], [7, "lstm", "abc cab"]);
  for (const [name, shape, want] of [
    ["hidden", [2, 7, 5], trace.hidden],
    ["cellState", [2, 7, 5], trace.cell],
    ["loss", [7], trace.loss],
    ["probabilities", [7, 4], trace.probabilities],
    ["flow", [2, 7, 7], trace.flow],
    ["hiddenGrad", [2, 7, 5], trace.hiddenGrad],
  ]) {
    assert.deepEqual(read[name].shape, shape, name);
    assert.deepEqual(Float32Array.from(read[name].data), want, name);
  }
  for (const gate of "ifgo") assert.deepEqual(Float32Array.from(read.gates[gate].data), trace.gates[gate]);
  trainer.dispose();
});

test("a file's name keeps letters of every script and nothing a system trips over", () => {
  assert.equal(fileName("LSTM 128, Moby-Dick: ../1"), "lstm-128-moby-dick-1");
  assert.equal(fileName("唐詩 <b>"), "唐詩-b");
  assert.equal(fileName("///"), "run");
});
