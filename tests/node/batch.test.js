import assert from "node:assert/strict";
import { test } from "node:test";
import { assertClose, assertSameBits, makeTrainer, small } from "./support.js";

const { text } = small;

for (const settings of [
  {},
  { cell: "gru", batch: 40, dropout: 0.2, layers: 2 },
  { cell: "rnn", batch: 33, embedding: 4 },
]) {
  test(`training on a window given by hand is a step: ${JSON.stringify(settings)}`, (t) => {
    const stepped = makeTrainer(t, settings),
      given = makeTrainer(t, settings);
    const { batch: B, seqLen: T } = stepped.settings;
    const ids = stepped.encode(text),
      n = Math.floor((stepped.trainingTokens - 1) / B);
    const rows = (from) => Array.from({ length: B }, (_, b) => ids.subarray(b * n + from, b * n + from + T));
    const before = given.progress;
    assert.deepEqual(given.trainOn({ input: rows(0), target: rows(1) }), stepped.step());
    assertSameBits(given.parameters(), stepped.parameters());
    assert.deepEqual(given.progress.window, before.window);
  });
}

test("gradients agree with central differences of the loss, dropout included", (t) => {
  const trainer = makeTrainer(t, { cell: "gru", gruReset: "after", layers: 2, hidden: 5, embedding: 3, dropout: 0.4 });
  const batch = {
    input: [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ],
    target: [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ],
  };
  const { params } = trainer.gradients(batch);
  for (const [name, weights] of Object.entries(trainer.parameters())) {
    for (const i of [0, Math.floor(weights.length / 2), weights.length - 1]) {
      const lossAt = (w) => {
        trainer.setParameters({ [name]: weights.map((x, k) => (k === i ? w : x)) });
        return trainer.gradients(batch).loss;
      };
      const h = 1e-2,
        slope = (lossAt(weights[i] + h) - lossAt(weights[i] - h)) / (2 * h);
      trainer.setParameters({ [name]: weights });
      if (name.includes("bias_hh") && i < 10) assert.equal(params[name][i], 0);
      else
        assert.ok(
          Math.abs(slope - params[name][i]) < 2e-4,
          `${name}[${i}]: slope ${slope}, gradient ${params[name][i]}`,
        );
    }
  }
});

test("states may be flat or nested, rows plain or typed", (t) => {
  const trainer = makeTrainer(t, { layers: 2, hidden: 3 });
  const state = Array.from({ length: 12 }, (_, i) => Math.fround(i / 20));
  const nested = [
    [state.slice(0, 3), Float32Array.from(state.slice(3, 6))],
    [state.slice(6, 9), state.slice(9)],
  ];
  const flat = trainer.gradients({
    input: [
      [0, 1],
      [2, 3],
    ],
    target: [
      [1, 2],
      [3, 4],
    ],
    h0: state,
    c0: Float32Array.from(state),
  });
  assert.deepEqual(
    trainer.gradients({
      input: [Int32Array.of(0, 1), Uint8Array.of(2, 3)],
      target: [
        [1, 2],
        [3, 4],
      ],
      h0: nested,
      c0: nested,
    }),
    flat,
  );
  assert.notEqual(
    trainer.gradients({
      input: [
        [0, 1],
        [2, 3],
      ],
      target: [
        [1, 2],
        [3, 4],
      ],
    }).loss,
    flat.loss,
  );
});

test("the parts of bias_hh that are not trained still count when they are set", (t) => {
  const trainer = makeTrainer(t, { hidden: 3 });
  const { "rnn.bias_ih_l0": bias } = trainer.parameters(),
    batch = { input: [[0, 1, 2]], target: [[1, 2, 3]] };
  const shift = Float32Array.from(bias, (_, i) => (i - 5) / 8);
  trainer.setParameters({ "rnn.bias_hh_l0": shift });
  const { loss, params } = trainer.gradients(batch);
  trainer.setParameters({ "rnn.bias_hh_l0": shift.map(() => 0), "rnn.bias_ih_l0": bias.map((b, i) => b + shift[i]) });
  assertClose([loss], [trainer.gradients(batch).loss], 1e-6, "loss");
  assert.ok(params["rnn.bias_hh_l0"].every((g) => g === 0));
});
