import assert from "node:assert/strict";
import { test } from "node:test";
import { assertClose, makeTrainer } from "./support.js";

for (const cell of ["rnn", "lstm", "gru"]) {
  test(`a trace of a ${cell} has the shapes of the contract and agrees with gradients()`, (t) => {
    const trainer = makeTrainer(t, { cell, layers: 2, hidden: 6 });
    trainer.step(20);
    const probe = "the rat ran"; // 11 tokens
    const trace = trainer.probe(probe);
    const L = 2,
      T = 11,
      H = 6,
      V = trainer.vocabulary.length;
    assert.deepEqual(trace.sizes, { L, T, H, V });
    assert.deepEqual(trace.tokens, [...probe]);
    assert.deepEqual([...trace.ids], [...trainer.encode(probe)]);
    assert.equal(trace.cellType, cell);
    assert.equal(trace.gruReset, "before");
    assert.equal(trace.vocabulary, trainer.vocabulary);
    assert.equal(trace.probabilities.length, T * V);
    assert.equal(trace.flow.length, L * T * T);
    assert.deepEqual(Object.keys(trace.gates), { rnn: [], lstm: ["i", "f", "g", "o"], gru: ["r", "z", "n"] }[cell]);
    for (const name of ["hidden", "hiddenGrad", ...(cell === "lstm" ? ["cell", "cellGrad"] : [])])
      assert.equal(trace[name].length, L * T * H, name);
    assert.equal("cell" in trace, cell === "lstm");

    const ids = [...trace.ids];
    const whole = trainer.gradients({ input: [ids.slice(0, -1)], target: [ids.slice(1)] });
    assertClose([trace.loss.reduce((a, b) => a + b) / (T - 1)], [whole.loss], 1e-6, "loss");
    assert.equal(trace.loss[T - 1], 0);
    for (let l = 0; l < L; l++) {
      assertClose(
        trace.hidden.subarray(l * T * H, (l * T + T - 1) * H),
        whole.hidden.subarray(l * (T - 1) * H, (l + 1) * (T - 1) * H),
        1e-6,
        "hidden",
      );
      const summed = whole.hiddenGrad.subarray(l * (T - 1) * H, (l + 1) * (T - 1) * H).map((g) => g * (T - 1));
      assertClose(trace.hiddenGrad.subarray(l * T * H, (l * T + T - 1) * H), summed, 1e-5, "hiddenGrad");
    }
    for (let t = 0; t < T; t++) {
      const row = trace.probabilities.subarray(t * V, (t + 1) * V);
      assert.ok(Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-5);
      if (t < T - 1) assertClose([trace.loss[t]], [-Math.log(row[ids[t + 1]])], 1e-5, `loss of step ${t}`);
    }
    const { flow, ...rest } = trace;
    assert.deepEqual(trainer.probe(probe, { flow: false }), rest);
    assert.ok(flow.some((x) => x > 0));
  });
}

test("flow is the gradient of each step's loss by itself", (t) => {
  const trainer = makeTrainer(t, { cell: "lstm", hidden: 6 });
  trainer.step(20);
  const trace = trainer.probe("the rat ran"),
    T = 11,
    ids = [...trace.ids];
  for (let s = 0; s < T; s++) for (let u = s + 1; u < T; u++) assert.equal(trace.flow[s * T + u], 0);
  assert.ok(
    trace.flow.subarray((T - 1) * T).every((x) => x === 0),
    "the last step has no target",
  );
  for (let at = 0; at < T - 1; at++) {
    const upTo = (n) => trainer.gradients({ input: [ids.slice(0, n)], target: [ids.slice(1, n + 1)] });
    const here = upTo(at + 1),
      before = at ? upTo(at) : undefined;
    const want = Array.from({ length: at + 1 }, (_, s) =>
      Math.hypot(
        ...Array.from(
          { length: 6 },
          (_, j) => here.hiddenGrad[s * 6 + j] * (at + 1) - (before && s < at ? before.hiddenGrad[s * 6 + j] * at : 0),
        ),
      ),
    );
    assertClose(trace.flow.subarray(at * T, at * T + at + 1), want, 1e-4, `flow of step ${at}`);
  }
});

test("one token can be probed", (t) => {
  const trace = makeTrainer(t).probe("t");
  assert.deepEqual(trace.sizes.T, 1);
  assert.deepEqual([...trace.loss, ...trace.flow], [0, 0]);
});
