import assert from "node:assert/strict";
import { test } from "node:test";
import { Trainer } from "../../web/core/index.js";
import { Reference } from "./reference.js";
import { assertClose, core, prose } from "./support.js";

const text = prose(97, "ab ba cd dab. ");

const cases = [
  { cell: "rnn", optimizer: "sgd", learningRate: 0.5 },
  { cell: "lstm", optimizer: "sgd", learningRate: 0.5, layers: 2 },
  { cell: "lstm", optimizer: "adam", embedding: 3 },
  { cell: "gru", gruReset: "before", optimizer: "sgd", learningRate: 0.5 },
  { cell: "gru", gruReset: "after", optimizer: "sgd", learningRate: 0.5, layers: 2, embedding: 3 },
  { cell: "gru", gruReset: "after", optimizer: "sgd", learningRate: 0.5, stateful: false },
];

for (const settings of cases) {
  test(`step by step ${JSON.stringify(settings)} is what the equations and the order of batches say`, () => {
    const trainer = new Trainer(core, {
      text,
      validation: 0.3,
      hidden: 5,
      batch: 3,
      seqLen: 6,
      clip: { mode: "norm", threshold: 0.3 },
      ...settings,
    });
    const reference = new Reference(
      trainer.settings,
      trainer.parameters(),
      Array.from(trainer.encode(text)),
      trainer.vocabulary.length,
    );
    assert.equal(trainer.windows, reference.m);
    for (let k = 0; k < 2 * reference.m + 2; k++) {
      const got = trainer.step(),
        want = reference.step();
      assertClose([got.loss], [want.loss], 1e-5, `loss of step ${k + 1}`);
      assertClose([got.gradNorm], [want.norm], 1e-4, `norm of step ${k + 1}`);
      assert.equal(got.epoch, Math.floor(k / reference.m));
    }
    for (const [name, values] of Object.entries(trainer.parameters()))
      assertClose(values, reference.weights[name], 2e-5, name);
    const got = trainer.evaluate(),
      want = reference.evaluate();
    assertClose([got.loss], [want.loss], 1e-5, "validation loss");
    assert.equal(got.tokens, want.tokens);
    assert.equal(got.accuracy, want.accuracy);
    trainer.dispose();
  });
}
