import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { Trainer, loadCore } from "../../web/core/index.js";
import { assertClose, assertRefused, assertSameBits, core, makeTrainer, prose, small } from "./support.js";

const { text } = small;

for (const cell of ["rnn", "lstm", "gru"]) {
  test(`an untrained ${cell} guesses blindly: its first loss is within 2 % of ln V`, (t) => {
    const trainer = makeTrainer(t, { cell, hidden: 128 });
    const { uniform } = trainer.baselines();
    assert.equal(uniform, Math.log(trainer.vocabulary.length));
    assert.ok(Math.abs(trainer.step().loss / uniform - 1) < 0.02);
  });

  test(`a ${cell} learns 200 characters by heart`, (t) => {
    const trainer = makeTrainer(t, {
      cell,
      text: prose(200),
      validation: 0,
      hidden: 64,
      batch: 1,
      seqLen: 50,
      learningRate: 5e-3,
    });
    let loss = Infinity;
    for (let i = 0; i < 40 && loss >= 0.05; i++) ({ loss } = trainer.step(20));
    assert.ok(loss < 0.05, `loss is ${loss} after ${trainer.progress.step} steps`);
  });
}

test("a step reports what it did", (t) => {
  const trainer = makeTrainer(t, { clip: { mode: "norm", threshold: 0.1 } });
  const report = trainer.step(3);
  assert.equal(report.step, 3);
  assert.equal(report.epoch, 0);
  assert.equal(report.tokens, 3 * 8 * 12);
  assert.ok(report.gradNorm > 0.1);
  assertClose([report.clippedNorm, report.clipScale], [0.1, 0.1 / report.gradNorm], 1e-5, "norms");
  assert.equal(report.clippedFraction, 1);
  assert.equal(report.learningRate, 2e-3);
  assert.deepEqual(trainer.progress, { step: 3, window: 3, tokens: 3 * 8 * 12 });
});

test("n steps at once are n single steps", (t) => {
  const one = makeTrainer(t),
    many = makeTrainer(t);
  for (let i = 0; i < 30; i++) one.step();
  many.step(30);
  assertSameBits(many.parameters(), one.parameters());
});

test("one seed gives the same bits twice, another seed does not", (t) => {
  const a = makeTrainer(t, { dropout: 0.3 }),
    b = makeTrainer(t, { dropout: 0.3 }),
    c = makeTrainer(t, { dropout: 0.3, seed: 2 });
  const report = a.step(20);
  assert.deepEqual(b.step(20), report);
  assertSameBits(b.parameters(), a.parameters());
  assert.notEqual(c.step(20).loss, report.loss);
});

test('"simd" gives the same bits in another process', (t) => {
  const trainer = makeTrainer(t, { cell: "gru", layers: 2, dropout: 0.2 });
  trainer.step(25);
  const script = `
    import { Trainer, loadCore } from ${JSON.stringify(new URL("../../web/core/index.js", import.meta.url).href)};
    const trainer = new Trainer(await loadCore({ variant: "simd" }), ${JSON.stringify({ ...small, cell: "gru", layers: 2, dropout: 0.2 })});
    trainer.step(25);
    console.log(Buffer.from(trainer.save()).toString("base64"));`;
  const other = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  assert.ok(Buffer.from(trainer.save()).equals(Buffer.from(other, "base64")));
});

for (const settings of [
  { cell: "rnn" },
  { cell: "lstm", embedding: 5 },
  { cell: "gru", layers: 2, dropout: 0.25 },
  { cell: "gru", gruReset: "after", optimizer: "rmsprop" },
]) {
  test(`"baseline" gives the bits of "simd": ${JSON.stringify(settings)}`, async (t) => {
    const baseline = makeTrainer(t, settings, await loadCore({ variant: "baseline" })),
      simd = makeTrainer(t, settings);
    assert.deepEqual(baseline.step(40), simd.step(40));
    assertSameBits(baseline.parameters(), simd.parameters());
    assert.deepEqual(baseline.evaluate(), simd.evaluate());
    assert.deepEqual(baseline.probe("the cat"), simd.probe("the cat"));
    assert.deepEqual(baseline.sample({ length: 50 }), simd.sample({ length: 50 }));
  });
}

test("evaluating, probing, sampling, saving and gradients leave training untouched", (t) => {
  const calm = makeTrainer(t, { dropout: 0.2 }),
    curious = makeTrainer(t, { dropout: 0.2 });
  for (let i = 0; i < 5; i++) {
    calm.step(3);
    curious.step(3);
    curious.evaluate();
    curious.evaluate("the cat sat on a mat");
    curious.probe("the cat sat");
    curious.sample({ length: 30 });
    const norms = curious.gradientNorms();
    curious.gradients({ input: [[0, 1, 2]], target: [[1, 2, 3]] });
    assert.deepEqual(curious.gradientNorms(), norms);
    curious.baselines();
    curious.save();
  }
  assertSameBits(curious.parameters(), calm.parameters());
  assert.deepEqual(curious.step(), calm.step());
});

test("evaluation tells loss in nats, bits and perplexity", (t) => {
  const trainer = makeTrainer(t);
  trainer.step(50);
  const { loss, bitsPerToken, perplexity, accuracy, tokens } = trainer.evaluate();
  assert.equal(bitsPerToken, loss / Math.LN2);
  assert.equal(perplexity, Math.exp(loss));
  assert.equal(tokens, 599, "every token that follows another");
  assert.ok(accuracy > 0.1 && accuracy < 1);
  assert.deepEqual(trainer.evaluate(text.slice(2400)), trainer.evaluate());
});

test("a sample is drawn from the distributions it tells, the same for the same seed", (t) => {
  const trainer = makeTrainer(t);
  trainer.step(100);
  const V = trainer.vocabulary.length;
  const drawn = trainer.sample({ prompt: "the ", length: 40, temperature: 0.8, topK: 3, seed: 5 });
  assert.equal(drawn.ids.length, 40);
  assert.equal(drawn.text, trainer.decode(drawn.ids));
  assert.equal(drawn.probabilities.length, 40 * V);
  for (let i = 0; i < 40; i++) {
    const row = drawn.probabilities.subarray(i * V, (i + 1) * V);
    assert.ok(Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-5);
    assert.equal(row.filter((p) => p > 0).length, 3);
    assert.ok(row[drawn.ids[i]] > 0);
  }
  assert.deepEqual(trainer.sample({ prompt: "the ", length: 40, temperature: 0.8, topK: 3, seed: 5 }), drawn);
  assert.notEqual(trainer.sample({ prompt: "the ", length: 40, seed: 6 }).text, drawn.text);
});

test("temperature 0 takes the most probable token, as the probe sees it", (t) => {
  const trainer = makeTrainer(t);
  trainer.step(100);
  const V = trainer.vocabulary.length;
  const { ids } = trainer.sample({ prompt: "the ", length: 10, temperature: 0 });
  const { probabilities } = trainer.probe(`the ${trainer.decode(ids)}`);
  for (let i = 0; i < 10; i++) {
    const row = probabilities.subarray((3 + i) * V, (4 + i) * V);
    assert.equal(ids[i], row.indexOf(Math.max(...row)));
  }
});

test("writing from a state that was read is writing on", (t) => {
  for (const options of [{ cell: "lstm", layers: 2 }, { cell: "gru" }]) {
    const trainer = makeTrainer(t, options);
    trainer.step(60);
    const said = "the night was";
    const { hidden, cell } = trainer.probe(said, { flow: false });
    const { layers: L, hidden: H } = trainer.settings;
    const lastOf = (states) =>
      Array.from({ length: L }, (_, l) => [states.slice(((l + 1) * said.length - 1) * H).slice(0, H)]);
    const state = { h0: lastOf(hidden), ...(cell && { c0: lastOf(cell) }) };
    const writing = { length: 30, temperature: 0.9, seed: 4 };
    const whole = trainer.sample({ prompt: `${said} `, ...writing });
    assert.deepEqual(trainer.sample({ prompt: " ", ...writing, ...state }), whole, "the same bits");
    assert.notDeepEqual(trainer.sample({ prompt: " ", ...writing }).probabilities, whole.probabilities);
  }
  const gru = makeTrainer(t, { cell: "gru", hidden: 3 });
  assertRefused(() => gru.sample({ h0: [1, 2] }), "bad-argument", /h0 must be \[1\]\[1\]\[3\], 3 numbers, got 2/);
  assertRefused(() => gru.sample({ c0: [0, 0, 0] }), "bad-argument", /c0 is a state of the LSTM; the cell is "gru"/);
  assertRefused(() => gru.sample({ h0: [0, NaN, 0] }), "bad-argument", /h0 must hold finite numbers, got NaN/);
});

test("an empty prompt begins after a newline where the vocabulary has one, else after its first token", (t) => {
  const lines = makeTrainer(t, { text: text.replaceAll("; ", "\n") });
  assert.deepEqual(lines.sample({ length: 20 }), lines.sample({ prompt: "\n", length: 20 }));
  const plain = makeTrainer(t);
  assert.deepEqual(plain.sample({ length: 20 }), plain.sample({ prompt: plain.vocabulary[0], length: 20 }));
  assert.deepEqual(plain.sample({ prompt: "XYZ", unknown: "drop", length: 20 }), plain.sample({ length: 20 }));
});

test("parameters go out as copies and come back", (t) => {
  const trainer = makeTrainer(t);
  const parameters = trainer.parameters();
  assert.equal(
    trainer.parameterCount,
    Object.entries(parameters).reduce((sum, [name, { length }]) => sum + (name.includes("bias_hh") ? 0 : length), 0),
  );
  const changed = Object.fromEntries(
    Object.entries(parameters).map(([name, values]) => [name, values.map((w) => w / 2)]),
  );
  trainer.setParameters(changed);
  assertSameBits(trainer.parameters(), changed);
  parameters["head.bias"].fill(7);
  assert.notEqual(trainer.parameters()["head.bias"][0], 7);
});

test("weights start uniform within 1/sqrt(H), the forget bias where it is set", (t) => {
  const {
    "rnn.bias_ih_l0": bias,
    "rnn.bias_hh_l0": other,
    ...rest
  } = makeTrainer(t, { hidden: 64, forgetBias: 2 }).parameters();
  assert.ok(bias.subarray(64, 128).every((b) => b === 2));
  assert.ok(other.every((b) => b === 0));
  for (const [name, values] of Object.entries({
    ...rest,
    bias: Float32Array.from([...bias.subarray(0, 64), ...bias.subarray(128)]),
  })) {
    const most = values.reduce((m, w) => Math.max(m, Math.abs(w)), 0),
      mean = values.reduce((a, b) => a + b) / values.length;
    assert.ok(most <= 1 / 8 && most > 0.115 * (values.length > 100), `${name} reaches ${most}`);
    assert.ok(Math.abs(mean) < 0.25 / Math.sqrt(values.length), `${name} has the mean ${mean}`);
  }
});

test("configure changes what may change in mid-training, and nothing when one of it is bad", (t) => {
  const trainer = makeTrainer(t);
  trainer.step();
  const settings = trainer.configure({ learningRate: 1e-4, clip: { threshold: 0.01 }, dropout: 0.1, l2: 1e-3 });
  assert.deepEqual(
    [settings.learningRate, settings.clip, settings.dropout, settings.l2],
    [1e-4, { mode: "norm", threshold: 0.01 }, 0.1, 1e-3],
  );
  const report = trainer.step();
  assert.equal(report.learningRate, 1e-4);
  assertClose([report.clippedNorm], [0.01], 1e-5, "clipped norm");
  assertRefused(() => trainer.configure({ hidden: 3 }), "bad-setting", /hidden cannot change in mid-training/);
  assertRefused(() => trainer.configure({ learningRate: 1, l1: -1 }), "bad-setting", /l1 must be/);
  assertRefused(() => trainer.configure({ lerningRate: 1 }), "bad-setting", /no setting "lerningRate"/);
  assert.equal(trainer.settings, settings);
});

test("settings that are undefined stay as they are", (t) => {
  const trainer = makeTrainer(t);
  const settings = trainer.configure({ learningRate: 1e-3, hidden: undefined });
  assert.deepEqual(settings, { ...trainer.settings, learningRate: 1e-3 });
  const loaded = Trainer.load(core, trainer.save(), { text, cell: undefined, seqLen: undefined });
  t.after(() => loaded.dispose());
  assert.deepEqual(loaded.settings, settings);
});

test("the module's arrays may be moved by growth without harm", (t) => {
  const trainer = makeTrainer(t);
  trainer.step(5);
  const before = trainer.parameters(),
    h = trainer.save();
  const large = makeTrainer(t, { hidden: 700, layers: 2 });
  large.step();
  assertSameBits(trainer.parameters(), before);
  assert.deepEqual(trainer.save(), h);
  assert.ok(trainer.memoryBytes < large.memoryBytes);
});

test("init and initGain say how each gate's recurrent matrix begins, and nothing else", (t) => {
  const begun = (/** @type {any} */ options) =>
    makeTrainer(t, { cell: "gru", hidden: 8, seed: 3, ...options }).parameters();
  const plain = begun({}),
    orthogonal = begun({ init: "orthogonal", initGain: 2 }),
    identity = begun({ init: "identity" });
  const u = orthogonal["rnn.weight_hh_l0"];
  for (let gate = 0; gate < 3; gate++)
    for (let a = 0; a < 8; a++)
      for (let b = 0; b < 8; b++) {
        const product = Array.from({ length: 8 }, (_, i) => u[(gate * 8 + i) * 8 + a] * u[(gate * 8 + i) * 8 + b]);
        assert.ok(Math.abs(product.reduce((sum, x) => sum + x) - (a === b ? 4 : 0)) < 1e-5);
        assert.equal(identity["rnn.weight_hh_l0"][(gate * 8 + a) * 8 + b], a === b ? 1 : 0);
      }
  for (const name of Object.keys(plain).filter((key) => !key.includes("weight_hh"))) {
    assert.deepEqual(orthogonal[name], plain[name]);
    assert.deepEqual(identity[name], plain[name]);
  }
});

test("dropout draws other units in its two kinds, of which one can follow the other", (t) => {
  const [unit, variational] = ["unit", "variational"].map((dropoutKind) =>
    makeTrainer(t, { dropout: 0.5, dropoutKind }),
  );
  const changed = makeTrainer(t, { dropout: 0.5 });
  changed.configure({ dropoutKind: "variational" });
  const [a, b, c] = [unit, variational, changed].map((trainer) => trainer.step(2).loss);
  assert.equal(c, b);
  assert.notEqual(a, b);
});
