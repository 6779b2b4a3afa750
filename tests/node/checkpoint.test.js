import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Trainer,
  hashText,
  loadCore,
  readCheckpoint,
  readSafetensors,
  writeSafetensors,
} from "../../web/core/index.js";
import { assertRefused, assertSameBits, core, makeTrainer, prose, small } from "./support.js";

const { text } = small;

/** @returns {Trainer} for the length of a test */
function load(t, bytes, options) {
  const trainer = Trainer.load(core, bytes, options);
  t.after(() => trainer.dispose());
  return trainer;
}

/** The same file with its tensors and description changed, and without its checksum. */
function edited(bytes, { describe = (d) => d, tensors: change = () => {}, metadata: more = {} }) {
  const { metadata, tensors } = readSafetensors(bytes);
  const parts = Object.fromEntries(tensors);
  change(parts);
  return writeSafetensors(parts, { unrolled: JSON.stringify(describe(JSON.parse(metadata.unrolled))), ...more });
}

for (const settings of [
  { cell: "rnn", optimizer: "sgd" },
  { cell: "lstm", layers: 2, dropout: 0.3 },
  { cell: "gru", gruReset: "after", optimizer: "rmsprop" },
  { optimizer: "momentum", learningRate: 0.05 },
  { optimizer: "adamw", embedding: 4 },
  { tokens: "word", batch: 2 },
  { cell: "attention", batch: undefined, seqLen: undefined },
]) {
  test(`saved, loaded and trained for 20 steps more, the bits are those of training on: ${JSON.stringify(settings)}`, (t) => {
    const trainer = makeTrainer(t, settings);
    trainer.step(37);
    const loaded = load(t, trainer.save(), { text });
    assert.deepEqual(loaded.settings, trainer.settings);
    assert.deepEqual(loaded.progress, trainer.progress);
    assert.deepEqual(loaded.step(20), trainer.step(20));
    assertSameBits(loaded.parameters(), trainer.parameters());
    assert.deepEqual(loaded.save(), trainer.save());
  });
}

test("orthogonal matrices are not drawn where saved ones take their place, and the file is the same", async (t) => {
  const own = await loadCore({ variant: "simd" }),
    { c } = own,
    begun = /** @type {number[]} */ ([]);
  own.c = {
    ...c,
    unroll_trainer_init: (out, block, bytes, config) => {
      begun.push(own.i32(config, 12)[11]);
      return c.unroll_trainer_init(out, block, bytes, config);
    },
  };
  const trainer = makeTrainer(t, { init: "orthogonal", schedule: "cosine" }, own);
  trainer.step(3);
  const bytes = trainer.save();
  const loaded = Trainer.load(own, bytes, { text }),
    other = await Trainer.loadAsync(own, bytes, { text });
  assert.deepEqual(begun, [1, 0, 0]);
  assert.deepEqual(trainer.step(2), loaded.step(2));
  other.step(2);
  for (const again of [loaded, other]) {
    assert.equal(again.settings.init, "orthogonal");
    assert.deepEqual(again.save(), trainer.save());
    again.dispose();
  }
});

test("a file holds parameters under PyTorch's names, and the text's hash in place of the text", (t) => {
  const trainer = makeTrainer(t, { embedding: 3 });
  const bytes = trainer.save();
  const { metadata, tensors } = readSafetensors(bytes);
  for (const [name, values] of Object.entries(trainer.parameters())) assert.deepEqual(tensors.get(name).data, values);
  assert.deepEqual(tensors.get("rnn.weight_ih_l0").shape, [64, 3]);
  assert.deepEqual(tensors.get("state.hidden").shape, [1, 8, 16]);
  const description = JSON.parse(metadata.unrolled);
  assert.equal(description.text.sha256, hashText(text));
  assert.deepEqual(description.vocabulary, trainer.vocabulary);
  assert.deepEqual(description.generator, { seed: 1, counter: 0 });
  assert.ok(!Buffer.from(bytes).includes(text.slice(0, 20)));
});

test("another text of known characters is trained on from its beginning, with the weights and moments there were", (t) => {
  const trainer = makeTrainer(t);
  trainer.step(15);
  const other = text.slice(500);
  const loaded = load(t, trainer.save(), { text: other });
  assert.deepEqual(loaded.progress, { ...trainer.progress, window: 0 });
  assertSameBits(loaded.parameters(), trainer.parameters());
  const fresh = makeTrainer(t, { text: other, vocabulary: trainer.vocabulary });
  fresh.setParameters(trainer.parameters());
  assert.equal(loaded.step().loss, fresh.step().loss);
  assert.equal(loaded.progress.step, 16);
});

test("a text with unknown characters is refused by naming them, or taken without them", (t) => {
  const bytes = makeTrainer(t).save();
  assertRefused(() => Trainer.load(core, bytes, { text: `${text}ÄÖ` }), "unknown-token", /"Ä", "Ö"/);
  assert.equal(load(t, bytes, { text: `Ä${text}Ö`, unknown: "drop" }).trainingTokens, 2400);
});

test("without a text it samples, probes and saves as before, and says why it cannot step", (t) => {
  const trainer = makeTrainer(t);
  trainer.step(20);
  const loaded = load(t, trainer.save());
  assert.deepEqual(loaded.sample({ length: 20 }), trainer.sample({ length: 20 }));
  assert.deepEqual(loaded.probe("the cat"), trainer.probe("the cat"));
  assert.deepEqual(loaded.save(), trainer.save());
  assert.equal(loaded.windows, 0);
  assertRefused(() => loaded.step(), "no-text", /no text/);
  assertRefused(() => loaded.evaluate(), "no-text", /no text/);
  assert.deepEqual(loaded.evaluate(text.slice(2400)), trainer.evaluate());
});

test("batch and window may be changed on loading, what the weights depend on may not", (t) => {
  const bytes = makeTrainer(t).save();
  assertRefused(() => Trainer.load(core, bytes, { text: text.slice(0, 60) }), "too-few-tokens", /at most batch 3/);
  const loaded = load(t, bytes, { text: text.slice(0, 60), batch: 3, learningRate: 1e-4 });
  assert.deepEqual([loaded.settings.batch, loaded.settings.learningRate, loaded.step().learningRate], [3, 1e-4, 1e-4]);
  assertRefused(
    () => Trainer.load(core, bytes, { text, hidden: 8 }),
    "bad-setting",
    /hidden is part of a saved trainer/,
  );
  assertRefused(() => Trainer.load(core, bytes, { text, hiden: 8 }), "bad-setting", /no setting "hiden"/);
});

test("odd characters survive in a file's vocabulary", (t) => {
  const odd = '😀\0\r\n\ud800x\udc00"\\｡'.repeat(40);
  const trainer = makeTrainer(t, { text: odd, batch: 2 });
  const loaded = load(t, trainer.save(), { text: odd });
  assert.deepEqual(loaded.vocabulary, trainer.vocabulary);
  assert.deepEqual(loaded.progress, trainer.progress);
});

test("texts that differ in a lone surrogate have different hashes, and all others that of their UTF-8 bytes", () => {
  assert.notEqual(hashText("a\ud800"), hashText("a\ud801"));
  assert.notEqual(hashText("a\ud800"), hashText("a\ufffd"));
  assert.equal(hashText(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert.equal(hashText("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("whatever a file says, it is checked before anything is allocated", (t) => {
  const bytes = makeTrainer(t).save();
  const grown = core.memoryBytes;
  const refuse = (changes, pattern) =>
    assertRefused(() => Trainer.load(core, edited(bytes, changes)), "bad-file", pattern);
  const settings = (changes) => ({ describe: (d) => ({ ...d, settings: { ...d.settings, ...changes } }) });
  refuse(settings({ hidden: 2048 }), /"rnn.weight_ih_l0" has the shape \[64,\d+\] and must have \[8192,\d+\]/);
  refuse(settings({ hidden: 1e9 }), /hidden must be an integer from 1 to 2048, got 1000000000/);
  refuse(settings({ hidden: "16" }), /hidden must be/);
  refuse(settings({ surprise: 1 }), /no setting "surprise"/);
  refuse(settings({ cell: "gru" }), /"state.cell", which a gru of these settings does not have/);
  refuse(settings({ layers: 2 }), /"rnn.weight_ih_l1" is missing/);
  refuse(
    { describe: (d) => ({ ...d, settings: undefined, version: 2 }) },
    /version 2, and this program reads version 1/,
  );
  refuse({ describe: (d) => ({ ...d, vocabulary: [...d.vocabulary.slice(1), d.vocabulary[1]] }) }, /twice/);
  refuse({ describe: (d) => ({ ...d, vocabulary: d.vocabulary.join("") }) }, /array of strings/);
  refuse({ describe: (d) => ({ ...d, vocabulary: ["a"] }) }, /fewer than two tokens/);
  refuse({ describe: (d) => ({ ...d, text: { kind: "text", sha256: "no" } }) }, /hash of the text is malformed/);
  refuse({ describe: () => null }, /not an object/);
  refuse({ metadata: { unrolled: "{" } }, /not JSON/);
  refuse({ tensors: (parts) => (parts["head.bias"].data[2] = NaN) }, /"head.bias" has NaN at position 2/);
  refuse({ tensors: (parts) => (parts["optimizer.moment2.head.bias"].data[1] = Infinity) }, /Infinity at position 1/);
  refuse(
    { tensors: (parts) => (parts["optimizer.moment2.head.bias"].data[1] = -1) },
    /-1 at position 1, and a mean square is never below 0/,
  );
  refuse({ tensors: (parts) => delete parts["state.cell"] }, /"state.cell" is missing/);
  refuse(
    { tensors: (parts) => (parts.more = { dtype: "F32", shape: [1], data: new Float32Array(1) }) },
    /a tensor "more"/,
  );
  refuse(
    {
      tensors: (parts) =>
        (parts["head.bias"] = {
          dtype: "I32",
          shape: parts["head.bias"].shape,
          data: new Int32Array(parts["head.bias"].data.length),
        }),
    },
    /dtype I32 and must have F32/,
  );
  refuse({ tensors: (parts) => (parts.progress.data[0] = -1) }, /must hold counts, got -1/);
  refuse({ tensors: (parts) => (parts.progress.data[1] = 0.5) }, /must hold counts, got 0.5/);
  refuse({ tensors: (parts) => delete parts.progress }, /"progress" must be/);
  assertRefused(
    () => Trainer.load(core, writeSafetensors({})),
    "bad-file",
    /only checkpoints that trainer.save\(\) wrote/,
  );
  assert.equal(core.memoryBytes, grown);
});

test("numbers that were changed are found by the checksum, which may be left out on purpose", (t) => {
  const trainer = makeTrainer(t),
    bytes = trainer.save();
  const changed = edited(bytes, {
    tensors: (parts) => (parts["head.bias"].data[0] = 0.5),
    metadata: { sha256: readSafetensors(bytes).metadata.sha256 },
  });
  assertRefused(() => Trainer.load(core, changed), "bad-file", /damaged.*leave sha256 out/);
  assert.equal(
    load(t, edited(bytes, { tensors: (parts) => (parts["head.bias"].data[0] = 0.5) })).parameters()["head.bias"][0],
    0.5,
  );
});

test("a truncated file is refused wherever it is cut", (t) => {
  const bytes = makeTrainer(t, { hidden: 2, text: prose(400), batch: 1 }).save();
  for (let length = 0; length < bytes.length; length += length < 2000 ? 7 : 61) {
    assertRefused(() => readCheckpoint(bytes.slice(0, length)), "bad-file", /cannot be opened/);
  }
});

test("no flipped bit goes through unseen: a sentence, or the same trainer", (t) => {
  const trainer = makeTrainer(t, { hidden: 2, text: prose(400), batch: 1 }),
    bytes = trainer.save();
  const same = JSON.stringify([...readCheckpoint(bytes).parameters], (_, v) => (ArrayBuffer.isView(v) ? [...v] : v));
  let state = 12345;
  let harmless = 0;
  for (let at = 0; at < bytes.length; at++) {
    const damaged = bytes.slice();
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    damaged[at] ^= 1 << (state >>> 29);
    try {
      const got = readCheckpoint(damaged);
      assert.equal(
        JSON.stringify([...got.parameters], (_, v) => (ArrayBuffer.isView(v) ? [...v] : v)),
        same,
        `byte ${at}`,
      );
      assert.deepEqual(
        [got.settings, got.vocabulary.tokens, got.progress],
        [trainer.settings, trainer.vocabulary, trainer.progress],
        `byte ${at}`,
      );
      harmless++;
    } catch (error) {
      assert.equal(error.name, "UnrolledError", `byte ${at}: ${error.stack}`);
      assert.equal(error.code, "bad-file");
    }
  }
  assert.ok(
    harmless < 60,
    `${harmless} flips changed nothing: more than the header's padding and the word "format" have room for`,
  );
});

test("bytes at random are no file", () => {
  let state = 99;
  for (let length = 0; length < 400; length++) {
    const bytes = Uint8Array.from({ length }, () => (state = (state * 48271) % 2147483647) & 255);
    assertRefused(() => readCheckpoint(bytes), "bad-file", /cannot be opened/);
  }
  assertRefused(() => readCheckpoint("text"), "bad-argument", /Uint8Array or an ArrayBuffer, got "text"/);
});

test("a file written in one variant goes on in another with the same bits", async (t) => {
  const trainer = makeTrainer(t);
  trainer.step(9);
  const other = Trainer.load(await loadCore({ variant: "baseline" }), trainer.save(), { text });
  assert.deepEqual(other.step(5), trainer.step(5));
  other.dispose();
});

/** Turns that others have while something is under way, if each part of it took 25 ms. */
async function turnsOf(t, work) {
  let clock = 0,
    turns = 0,
    under = true;
  const now = t.mock.method(performance, "now", () => (clock += 25));
  const others = () => under && (turns++, setImmediate(others));
  setImmediate(others);
  const result = await work();
  under = false;
  now.mock.restore();
  return { result, turns };
}

test("saving in turns lets others have theirs, writes the same bytes, and training goes on beside it", async (t) => {
  const trainer = makeTrainer(t, { hidden: 256 });
  trainer.step(2);
  const want = trainer.save();
  const { result, turns } = await turnsOf(t, () => {
    const saving = trainer.saveAsync();
    trainer.step();
    return saving;
  });
  assert.deepEqual(result, want);
  const parts = want.length / 2 ** 20;
  assert.ok(turns > parts, `${turns} turns for ${parts} MB, hashed and written`);
  assert.notDeepEqual(trainer.save(), want);
  await assert.rejects(trainer.saveAsync({ signal: AbortSignal.abort() }), { name: "AbortError" });
  await assert.rejects(trainer.saveAsync(/** @type {any} */ ({ misspelt: 1 })), { code: "bad-argument" });
});

test("loading in turns lets others have theirs and goes on with the same bits", async (t) => {
  const trainer = makeTrainer(t, { hidden: 256 });
  trainer.step(3);
  const bytes = trainer.save();
  const { result: loaded, turns } = await turnsOf(t, () =>
    Trainer.loadAsync(core, bytes, { text, learningRate: 1e-3 }),
  );
  t.after(() => loaded.dispose());
  assert.ok(
    turns > (2 * bytes.length) / 2 ** 20,
    `${turns} turns for ${bytes.length} bytes, read, hashed and looked at`,
  );
  assert.equal(loaded.settings.learningRate, 1e-3);
  assert.deepEqual(loaded.progress, trainer.progress);
  trainer.configure({ learningRate: 1e-3 });
  assert.deepEqual(loaded.step(5), trainer.step(5));
  assertSameBits(loaded.parameters(), trainer.parameters());
});

test("loading in turns refuses what loading at once refuses, by the same sentence", async (t) => {
  const trainer = makeTrainer(t);
  trainer.step(2);
  const bytes = trainer.save();
  const damaged = bytes.slice();
  damaged[damaged.length - 5] ^= 1;
  const infinite = edited(bytes, { tensors: ({ "rnn.weight_hh_l0": w }) => w.data.fill(Infinity, 9, 10) });
  const negative = edited(bytes, { tensors: (all) => all["optimizer.moment2.head.bias"].data.fill(-1, 3, 4) });
  for (const file of [damaged, infinite, negative, bytes.slice(0, 99), "text"])
    for (const options of [{}, null, { hidden: 9 }]) {
      let message = "";
      try {
        Trainer.load(core, /** @type {any} */ (file), /** @type {any} */ (options));
      } catch (error) {
        ({ message } = error);
      }
      assert.notEqual(message, "");
      await assert.rejects(Trainer.loadAsync(core, /** @type {any} */ (file), /** @type {any} */ (options)), {
        message,
      });
    }
  await assert.rejects(Trainer.loadAsync(core, bytes, { signal: AbortSignal.abort() }), { name: "AbortError" });
  await assert.rejects(Trainer.loadAsync(core, bytes, /** @type {any} */ ({ progress: 5 })), { code: "bad-argument" });
});
