import assert from "node:assert/strict";
import { test } from "node:test";
import { Trainer } from "../../web/core/index.js";
import { assertRefused, core, makeTrainer, prose, small } from "./support.js";

/** @param {object} options @param {string} code @param {RegExp} pattern */
const refuseTrainer = (options, code, pattern) =>
  assertRefused(() => new Trainer(core, { ...small, ...options }), code, pattern);

test("texts that nothing can be learnt from are refused by a sentence each", () => {
  refuseTrainer({ text: "" }, "bad-text", /text is empty/);
  refuseTrainer({ text: "a" }, "bad-text", /only "a"/);
  refuseTrainer({ text: "aaaaaaaaaaaa" }, "bad-text", /One distinct token .* only "a"/);
  refuseTrainer({ text: 7 }, "bad-text", /string, got 7/);
  refuseTrainer({ text: null }, "bad-text", /string, got null/);
  refuseTrainer({ text: undefined }, "bad-text", /give a text, or ids/);
  refuseTrainer({ tokens: "word", text: "word" }, "bad-text", /only "word"/);
});

test("a text of more than a hundred million tokens is refused before it is read", () => {
  const huge = "ab".repeat(100_000_001);
  const grown = core.memoryBytes;
  refuseTrainer({ text: huge }, "bad-text", /200000002 characters, and at most 100000000 tokens/);
  assert.equal(core.memoryBytes, grown);
});

test("a share for validation that leaves next to nothing is refused, however long a text would do", () => {
  const validation = 1 - 2 ** -50;
  refuseTrainer(
    { batch: 32, seqLen: 64, validation },
    "too-few-tokens",
    /needs a text of \d+ tokens, and this one has 3000/,
  );
});

test("too short a text says how many tokens are needed, and what would fit", () => {
  /** The settings that are offered work, and one token less than said is too few. */
  const check = (options, pattern) => {
    let details;
    assert.throws(
      () => new Trainer(core, { ...small, ...options }),
      (error) => {
        assert.equal(error.code, "too-few-tokens");
        assert.match(error.message, pattern);
        ({ details } = error);
        return true;
      },
    );
    assert.equal(details.have, options.text.length);
    if (details.fits) new Trainer(core, { ...small, ...options, ...details.fits }).dispose();
    const enough = prose(details.needed);
    new Trainer(core, { ...small, ...options, text: enough }).dispose();
    refuseTrainer({ ...options, text: enough.slice(1) }, "too-few-tokens", new RegExp(`${details.needed - 1}`));
  };
  check(
    { text: prose(60) },
    /12 steps in 8 streams needs a text of 122 tokens, and this one has 60: .* at most batch 3, or seqLen 5\./,
  );
  check({ text: prose(60), batch: 1, seqLen: 100 }, /1 stream needs a text of 127 tokens.* batch 1 and seqLen 47\./);
  check(
    { text: prose(60), batch: 1, seqLen: 60, validation: 0 },
    /needs a text of 61 tokens.* batch 1 and seqLen 59\./,
  );
  check({ text: prose(30), batch: 50, seqLen: 40 }, /batch 1 and seqLen 23\./);
  check({ text: "ab", validation: 0.5 }, /needs a text of 194 tokens, and this one has 2: take a longer text\./);
  check({ text: prose(500), validation: 0.9 }, /needs a text of 971 tokens/);
});

test("ids are checked against their vocabulary", () => {
  const ids = Array.from({ length: 200 }, (_, i) => i % 3),
    vocabulary = ["a", "b", "c"];
  const refuse = (options, code, pattern) =>
    refuseTrainer({ text: undefined, ids, vocabulary, ...options }, code, pattern);
  refuse({ vocabulary: undefined }, "bad-text", /need their vocabulary/);
  refuse({ vocabulary: ["a", "b"] }, "bad-argument", /ids must hold integers from 0 to 1, got 2 at position 2/);
  refuse({ ids: [...ids, 1.5] }, "bad-argument", /got 1.5 at position 200/);
  refuse({ ids: [...ids, NaN] }, "bad-argument", /got NaN/);
  refuse({ ids: [-1] }, "bad-argument", /got -1/);
  refuse({ ids: [] }, "bad-text", /ids is empty/);
  refuse({ ids: 5 }, "bad-text", /got 5/);
  refuse({ vocabulary: ["a"] }, "bad-text", /One distinct token/);
  refuse({ text: "abc" }, "bad-text", /not both/);
});

test("a model larger than memory is refused, and the core lives on", (t) => {
  refuseTrainer(
    { hidden: 2048, layers: 4, batch: 4096, seqLen: 65536, text: undefined, vocabulary: ["a", "b"] },
    "no-memory",
    /hidden, batch/,
  );
  refuseTrainer(
    { hidden: 2048, layers: 4, batch: 4096, seqLen: 100, text: undefined, vocabulary: ["a", "b"] },
    "no-memory",
    /memory/,
  );
  assert.ok(makeTrainer(t).step().loss > 0);
});

test("a constructor called with something else says what it needs", () => {
  assertRefused(() => new Trainer({}, small), "bad-argument", /core that loadCore\(\) gives/);
  assertRefused(() => new Trainer(core, null), "bad-argument", /settings and a text/);
  refuseTrainer({ hidden: 0 }, "bad-setting", /hidden must be an integer from 1 to 2048, got 0/);
  refuseTrainer(
    { learningRate: NaN },
    "bad-setting",
    /learningRate must be a number above 0 and at most 1000, got NaN/,
  );
});

test("a loss that is no longer finite stops training, and the trainer stands where it stood", (t) => {
  for (const cell of ["rnn", "lstm", "gru"]) {
    const trainer = makeTrainer(t, { cell, clip: { mode: "none" } });
    trainer.step(5);
    const head = trainer.parameters()["head.weight"];
    trainer.setParameters({ "head.weight": head.map((w) => Math.sign(w) * 3e38) });
    const before = trainer.save();
    assertRefused(
      () => trainer.step(),
      "diverged",
      /no longer finite at step 6\. The weights are those after step 5; lower the learning rate/,
    );
    assertRefused(() => trainer.trainOn({ input: [[0, 1, 2]], target: [[1, 2, 3]] }), "diverged", /no longer finite/);
    assert.deepEqual(trainer.save(), before);
    trainer.setParameters({ "head.weight": head });
    assert.equal(trainer.step().step, 6);
  }
});

test("weights too large to compute with are said to be so wherever they are used", (t) => {
  for (const cell of ["rnn", "lstm", "gru"]) {
    const trainer = makeTrainer(t, { cell });
    const huge = Object.entries(trainer.parameters()).map(([name, w]) => [
      name,
      w.map((_, i) => (i % 2 ? 3e38 : -3e38)),
    ]);
    trainer.setParameters(Object.fromEntries(huge.filter(([name]) => !name.includes("bias_hh"))));
    assertRefused(() => trainer.evaluate(), "diverged", /no longer finite: the weights are too large/);
    assertRefused(() => trainer.sample({ length: 2 }), "diverged", /no longer finite: the weights are too large/);
    assertRefused(() => trainer.probe("the"), "diverged", /no longer finite: the weights are too large/);
  }
});

test("weight decay never leaves weights behind that a saved file could not hold", (t) => {
  const runaway = {
    cell: "rnn",
    hidden: 16,
    batch: 2,
    seqLen: 8,
    optimizer: "adamw",
    learningRate: 30,
    weightDecay: 10,
  };
  const trainer = makeTrainer(t, runaway);
  assertRefused(() => trainer.step(200), "diverged", /no longer finite at step \d+\. The weights are those after step/);
  const again = Trainer.load(core, trainer.save());
  assert.deepEqual(again.parameters(), trainer.parameters());
  again.dispose();
});

test("prompts and probes with unknown characters name them, and can drop them", (t) => {
  const trainer = makeTrainer(t);
  assertRefused(() => trainer.sample({ prompt: "the Ω and 漢" }), "unknown-token", /"Ω", "漢".*unknown: "drop"/);
  assertRefused(() => trainer.probe("Ω"), "unknown-token", /"Ω"/);
  assertRefused(() => trainer.probe("Ω", { unknown: "drop" }), "bad-argument", /nothing to probe/);
  assertRefused(() => trainer.probe(""), "bad-argument", /nothing to probe/);
  assertRefused(() => trainer.probe(undefined), "bad-argument", /string, got undefined/);
  assert.deepEqual(trainer.probe("tΩhe", { unknown: "drop" }).tokens, ["t", "h", "e"]);
  assertRefused(() => trainer.encode("ABCDEFGHIJKLMNOP"), "unknown-token", /and 6 more/);
});

test("every argument of a method is checked", (t) => {
  const trainer = makeTrainer(t, { hidden: 3 });
  const refuse = (call, pattern) => assertRefused(call, "bad-argument", pattern);
  for (const n of [0, -1, 1.5, NaN, "2", null, 2 ** 31]) refuse(() => trainer.step(n), /^n must be an integer from 1/);
  refuse(() => trainer.sample({ length: 0 }), /length must be/);
  refuse(() => trainer.sample({ length: 1e9 }), /length must be/);
  refuse(() => trainer.sample({ temperature: -1 }), /temperature must be/);
  refuse(() => trainer.sample({ temperature: NaN }), /temperature must be/);
  refuse(() => trainer.sample({ topK: 1.5 }), /topK must be/);
  refuse(() => trainer.sample({ seed: -1 }), /seed must be/);
  refuse(() => trainer.sample({ prompt: 5 }), /string, got 5/);
  const input = [[0, 1]],
    target = [[1, 2]];
  for (const method of ["gradients", "trainOn"]) {
    refuse(() => trainer[method](null), /object \{ input, target \}/);
    refuse(() => trainer[method]({ input }), /^target must be/);
    refuse(() => trainer[method]({ input: [], target }), /^input must be/);
    refuse(() => trainer[method]({ input: [0, 1], target }), /^input must be/);
    refuse(() => trainer[method]({ input: [[]], target: [[]] }), /no time steps/);
    refuse(() => trainer[method]({ input: [[0, 1], [0]], target }), /2 ids in stream 0 and 1 in stream 1/);
    refuse(
      () => trainer[method]({ input: [[0, 99]], target }),
      /^input\[0\] must hold integers from 0 to \d+, got 99 at position 1/,
    );
    refuse(() => trainer[method]({ input, target: [[1, -1]] }), /^target\[0\] .* got -1/);
    refuse(
      () =>
        trainer[method]({
          input,
          target: [
            [1, 2],
            [1, 2],
          ],
        }),
      /one shape/,
    );
    refuse(() => trainer[method]({ input, target, h0: [1] }), /^h0 must be \[1\]\[1\]\[3\], 3 numbers, got 1/);
    refuse(() => trainer[method]({ input, target, h0: 1 }), /^h0 must be an array/);
    refuse(() => trainer[method]({ input, target, c0: [1, NaN, 2] }), /^c0 must hold finite numbers, got NaN/);
  }
  refuse(
    () => makeTrainer(t, { cell: "gru" }).gradients({ input, target, c0: [0] }),
    /state of the LSTM; the cell is "gru"/,
  );
  refuse(() => trainer.setParameters(null), /object \{ name: Float32Array \}/);
  refuse(() => trainer.setParameters({ "head.bais": [1] }), /no parameter "head.bais"; there are .*head.bias/);
  refuse(() => trainer.setParameters({ "rnn.bias_ih_l0": [1, 2] }), /array of 12 numbers, \[12\], got 2/);
  const before = trainer.parameters();
  refuse(
    () =>
      trainer.setParameters({
        "rnn.bias_ih_l0": new Float32Array(12).fill(1),
        "rnn.bias_hh_l0": new Float32Array(12).fill(Infinity),
      }),
    /finite numbers, got Infinity/,
  );
  refuse(() => trainer.setParameters({ "rnn.bias_ih_l0": new Float64Array(12).fill(1e39) }), /finite/);
  assert.deepEqual(trainer.parameters(), before);
  refuse(() => trainer.configure(null), /configure takes settings/);
});

test("validation that is missing or too little says so", (t) => {
  assertRefused(
    () => makeTrainer(t, { validation: 0 }).evaluate(),
    "no-validation",
    /has 0 tokens, and an evaluation needs 2.*: validation is 0/,
  );
  assertRefused(
    () => makeTrainer(t, { validation: 0.0003 }).evaluate(),
    "no-validation",
    /has 1 token, .*take a longer text or a larger validation/,
  );
  assertRefused(() => makeTrainer(t).evaluate("t"), "no-validation", /This text has 1 token,/);
  assert.equal(makeTrainer(t, { validation: 0.001 }).evaluate().tokens, 2, "fewer than the batch is enough");
});

test("a trainer that was disposed of says so, whatever it is asked", (t) => {
  const trainer = makeTrainer(t),
    bytes = trainer.save();
  trainer.dispose();
  trainer.dispose();
  const calls = ["step", "evaluate", "sample", "parameters", "save", "baselines"].map((name) => () => trainer[name]());
  calls.push(
    () => trainer.probe("the"),
    () => trainer.gradients({}),
    () => trainer.trainOn({}),
    () => trainer.setParameters({}),
    () => trainer.configure({}),
    () => trainer.progress,
    () => trainer.windows,
    () => trainer.parameterCount,
    () => trainer.memoryBytes,
  );
  for (const call of calls) assertRefused(call, "disposed", /disposed of/);
  Trainer.load(core, bytes).dispose();
});
