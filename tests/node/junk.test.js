/** What is senseless is refused by a sentence, wherever it is given: never by a raw TypeError, and never taken. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as unrolled from "../../web/core/index.js";
import { assertRefused, core, makeTrainer, prose, small } from "./support.js";

const { Trainer, UnrolledError } = unrolled;

/** Values of every kind, none of which is what a function of this package takes for long. */
const JUNK = [
  null,
  undefined,
  0,
  -1,
  0.5,
  NaN,
  1n,
  "",
  "text",
  true,
  Symbol("s"),
  [],
  [null],
  [{}],
  {},
  { misspelt: 1 },
  { length: 3 },
  () => {},
  new Map(),
  new Date(0),
  new Uint8Array(3),
  new Float32Array(2),
  /re/,
  Object.create(null),
];

/** Calls, synchronous or not, and says how it ended: what it throws must be of the package. */
async function outcome(call, name) {
  try {
    const value = await call();
    value?.dispose?.();
    return "done";
  } catch (error) {
    assert.ok(error instanceof UnrolledError, `${name}: ${error?.stack}`);
    assert.match(error.message, /\.$/, name);
    assert.doesNotMatch(error.message, /undefined is not|Cannot read|is not a function|is not iterable/, name);
    return error.code;
  }
}

test("no exported function throws anything but a sentence, whatever it is given", async () => {
  const skipped = new Set(["UnrolledError", "Core"]); // a plain error; what loadCore() makes
  for (const [name, value] of Object.entries(unrolled)) {
    if (typeof value !== "function" || skipped.has(name)) continue;
    const make = /^[A-Z]/.test(name) ? (...args) => new value(...args) : value;
    const lists = JUNK.flatMap((junk) => [
      [junk],
      [undefined, junk],
      ["text", junk],
      [core, junk],
      [core, small, junk],
    ]);
    for (const args of lists)
      await outcome(
        () => {
          const made = make(...args);
          if (typeof made?.split === "function") [...made.split("text")];
          return made;
        },
        `${name}(${args.map((arg) => typeof arg)})`,
      );
  }
});

test("no method of a trainer throws anything but a sentence, and none of it changes the weights", async (t) => {
  const trainer = makeTrainer(t, { hidden: 3 });
  const before = trainer.parameters();
  const free = new Set(["constructor", "dispose", "step", "trainOn", "configure", "evaluating"]);
  for (const name of Object.getOwnPropertyNames(Trainer.prototype)) {
    const method = Object.getOwnPropertyDescriptor(Trainer.prototype, name)?.value;
    if (free.has(name) || typeof method !== "function") continue;
    for (const junk of JUNK)
      for (const args of [[junk], ["the", junk], ["units", "the cat", junk]])
        await outcome(() => trainer[name](...args), `${name}(${args.map((arg) => typeof arg)})`);
  }
  assert.deepEqual(trainer.parameters(), before);
  for (const junk of JUNK.filter((value) => value !== undefined))
    for (const call of [() => trainer.step(junk), () => trainer.trainOn(junk)])
      assert.notEqual(await outcome(call, "step"), "done", String(typeof junk));
  for (const junk of JUNK) await outcome(() => trainer.configure(junk), "configure");
  assert.deepEqual(trainer.settings, makeTrainer(t, { hidden: 3 }).settings);
});

test("Trainer.load takes what is right for each of its arguments alone", async (t) => {
  const bytes = makeTrainer(t).save();
  for (const junk of JUNK.filter((value) => value !== undefined)) {
    assert.notEqual(await outcome(() => Trainer.load(junk, bytes), "core"), "done");
    assert.notEqual(await outcome(() => Trainer.load(core, junk), "bytes"), "done");
    await outcome(() => Trainer.load(core, bytes, junk), "options");
  }
  assertRefused(() => Trainer.load(core, bytes, null), "bad-argument", /settings to change as an object, got null/);
  assertRefused(() => Trainer.load(core, bytes, "text"), "bad-argument", /got "text"/);
  assertRefused(() => Trainer.load(core, bytes, { txet: "the cat" }), "bad-setting", /"txet".* The nearest is text\.$/);
});

test("a misspelt option is refused with the one that is meant", async (t) => {
  const trainer = makeTrainer(t);
  const batch = { input: [[0, 1]], target: [[1, 2]] };
  const refused = [
    [
      () => trainer.sample({ temprature: 0.5 }),
      /sample has no option "temprature"; it has prompt, .* The nearest is temperature\.$/,
    ],
    [() => trainer.sample({ topk: 1 }), /The nearest is topK\.$/],
    [() => trainer.sample("The "), /sample takes its options as an object \{ prompt, .* \}, got "The "\.$/],
    [() => trainer.sample(null), /sample takes its options as an object .* got null\.$/],
    [() => trainer.encode("the", null), /encode takes its options as an object \{ unknown \}, got null\.$/],
    [() => trainer.encode("the", { unknwon: "drop" }), /The nearest is unknown\.$/],
    [() => trainer.encode("the", "drop"), /got "drop"/],
    [() => trainer.probe("the", { flows: false }), /The nearest is flow\.$/],
    [() => trainer.probe("the", { flow: 0 }), /flow must be true or false, got 0/],
    [() => trainer.evaluate("the cat", { unknow: "drop" }), /The nearest is unknown\.$/],
    [() => trainer.gradients({ ...batch, h_0: [] }), /A batch has no option "h_0".* The nearest is h0\.$/],
    [() => trainer.trainOn({ inputs: batch.input, target: batch.target }), /The nearest is input\.$/],
    [() => unrolled.makeTokenizer("char", { lowercase: true }), /The nearest is lowerCase\.$/],
    [() => unrolled.buildVocabulary(["a", "b"], { mincount: 2 }), /The nearest is minCount\.$/],
    [() => unrolled.documentsInMemory(["ab"], {}, { vocab: ["a"] }), /documentsInMemory has no option "vocab"/],
    [() => new unrolled.Fit(trainer, { patiance: 3 }), /The nearest is patience\.$/],
    [() => trainer.sample({ prompt: "the", length: 3, sede: 1 }), /The nearest is seed\.$/],
  ];
  for (const [call, pattern] of refused) assertRefused(call, "bad-argument", pattern);
  const later = [
    [() => unrolled.loadCore({ varient: "simd" }), /loadCore has no option "varient".* The nearest is variant\.$/],
    [() => unrolled.loadCore(null), /loadCore takes its options as an object/],
    [() => unrolled.loadCore("simd"), /got "simd"/],
    [() => unrolled.fit(trainer, { step: 3 }), /fit has no option "step".* The nearest is steps\.$/],
    [() => unrolled.fit(trainer, null), /fit takes its options as an object/],
    [() => unrolled.fit(null), /must be a Trainer, got null/],
    [() => unrolled.fit(trainer, { onReport: 5 }), /onReport must be a function, got 5/],
    [() => unrolled.fit(trainer, { signal: {} }), /signal must be an AbortSignal, got an object/],
    [() => unrolled.fit(trainer, { steps: 1.5 }), /steps must be an integer/],
    [() => unrolled.fit(trainer, { epochs: -1 }), /epochs must be a number above 0, got -1/],
    [() => trainer.evaluateAsync({ sginal: undefined }), /The nearest is signal\.$/],
    [() => trainer.evaluateAsync({ part: "test" }), /part must be "validation" or "training", got "test"/],
    [() => unrolled.tokenTable("a b", { stopwords: "en" }), /The nearest is stopWords\.$/],
  ];
  for (const [call, pattern] of later)
    await assert.rejects(call, (error) => {
      assert.equal(error.code, "bad-argument", error.stack);
      assert.match(error.message, pattern);
      return true;
    });
  assertRefused(
    () => makeTrainer(t, { learningrate: 1 }),
    "bad-setting",
    /no setting "learningrate"; .* The nearest is learningRate\.$/,
  );
  assertRefused(() => makeTrainer(t, { txt: "abc" }), "bad-setting", /The nearest is text\.$/);
  assertRefused(() => makeTrainer(t, { wrokers: 2 }), "bad-setting", /The nearest is workers\.$/);
  assertRefused(() => makeTrainer(t, { zebra: 2 }), "bad-setting", /seed, heads\.$/);
});

test("numbers are numbers: strings, holes and null are not taken for them", (t) => {
  const trainer = makeTrainer(t, { hidden: 3 });
  const size = trainer.parameters()["rnn.bias_ih_l0"].length;
  const refuse = (values, pattern) =>
    assertRefused(() => trainer.setParameters({ "rnn.bias_ih_l0": values }), "bad-argument", pattern);
  refuse(Array(size).fill("1"), /finite numbers, got "1" at position 0/);
  refuse(Array(size).fill(null), /finite numbers, got null at position 0/);
  refuse(new Array(size), /finite numbers, got undefined at position 0/);
  refuse(new BigInt64Array(size), /finite numbers, got 0n at position 0/);
  refuse("x".repeat(size), /must be an array of 12 numbers/);
  assertRefused(() => trainer.setParameters([]), "bad-argument", /object \{ name: Float32Array \}, got an array of 0/);
  assertRefused(() => trainer.setParameters(new Map()), "bad-argument", /got an object/);
  assertRefused(() => trainer.decode(["map"]), "bad-argument", /ids go from 0 to \d+, got "map" at position 0/);
  assertRefused(() => trainer.decode(["0"]), "bad-argument", /got "0" at position 0/);
  assertRefused(() => trainer.decode("01"), "bad-argument", /must be an array of integers, got "01"/);
  for (const name of ["gradients", "trainOn"])
    for (const input of [new Array(2), Object.assign(new Array(3), { 0: [0, 1], 2: [0, 1] })])
      assertRefused(
        () => trainer[name]({ input, target: input }),
        "bad-argument",
        /^input must be an array of streams/,
      );
});

test("a vocabulary has no holes, and documents do not go back", () => {
  const holed = Object.assign([], { 0: "a", 2: "b" });
  assertRefused(
    () => new unrolled.Vocabulary(holed),
    "bad-text",
    /token 1 must be a string that is not empty, got undefined/,
  );
  const documents = unrolled.documentsInMemory([prose(40), prose(50)], {});
  const refuse = (changes, pattern) =>
    assertRefused(() => new Trainer(core, { hidden: 2, documents: { ...documents, ...changes } }), "bad-text", pattern);
  refuse({ starts: [0, 40, 30] }, /never go back, got 30 at position 2/);
  refuse({ starts: [5, 90] }, /begin with 0 .* got 5 at position 0/);
  refuse({ starts: [0, 40.5, 90] }, /got 40\.5 at position 1/);
  refuse({ starts: [0, -1] }, /got -1/);
  refuse({ starts: [] }, /\{ vocabulary, starts, digest, open \}/);
  refuse({ open: null }, /\{ vocabulary, starts, digest, open \}/);
  refuse({ digest: { kind: "text", sha256: "no" } }, /digest of documents/);
  refuse({ vocabulary: null }, /vocabulary must be an array of strings, got null/);
  assertRefused(() => new Trainer(core, { documents: 5 }), "bad-text", /as documentsInMemory\(\) makes it, got 5/);
  assertRefused(() => unrolled.documentsInMemory("abc"), "bad-text", /must be an array of strings, got "abc"/);
  assertRefused(() => unrolled.documentsInMemory([5]), "bad-argument", /Document 0 must be a string, got 5/);
});

test("a tensor is written when its size is its shape's and its numbers are its dtype's", () => {
  const data = new Float32Array(6);
  const refuse = (tensor, pattern, metadata) =>
    assertRefused(() => unrolled.writeSafetensors({ a: tensor }, metadata), "bad-argument", pattern);
  refuse({ dtype: "F32", shape: [2, 2], data }, /tensor "a" of shape \[2,2\] has 4 numbers, got 6/);
  refuse({ dtype: "F32", shape: [2, -3], data }, /shape that is a list of sizes/);
  refuse({ dtype: "F32", shape: 6, data }, /shape that is a list of sizes, got 6/);
  refuse({ dtype: "F64", shape: [6], data }, /of F64 must be a Float64Array/);
  refuse({ dtype: "F32", shape: [6], data: [1, 2, 3, 4, 5, 6] }, /must be a Float32Array, got an array of 6/);
  refuse({ dtype: "F16", shape: [6], data }, /dtype F32 or F64 or I32, got "F16"/);
  refuse(null, /must be an object \{ dtype, shape, data \}, got null/);
  refuse({ dtype: "F32", shape: [6], data }, /Metadata must be strings, got 5 under "a"/, { a: 5 });
  assertRefused(
    () => unrolled.writeSafetensors({ __metadata__: { dtype: "F32", shape: [6], data } }),
    "bad-argument",
    /cannot be named __metadata__/,
  );
  const file = unrolled.readSafetensors(
    unrolled.writeSafetensors({ a: { dtype: "F32", shape: [], data: data.subarray(1, 2) } }),
  );
  assert.deepEqual(file.tensors.get("a")?.shape, []);
});

test("a checkpoint whose mean of squares is negative is refused", (t) => {
  const trainer = makeTrainer(t);
  trainer.step();
  const { tensors, metadata } = unrolled.readSafetensors(trainer.save());
  const { sha256: _, ...unsigned } = metadata;
  const name = "optimizer.moment2.head.bias";
  /** @type {Float32Array} */ (tensors.get(name)?.data)[3] = -1e-9;
  const bytes = unrolled.writeSafetensors(Object.fromEntries(tensors), unsigned);
  assertRefused(
    () => Trainer.load(core, bytes),
    "bad-file",
    /"optimizer\.moment2\.head\.bias" has -9\.99.*e-10 at position 3, and a mean square is never below 0/,
  );
});

test("different lone surrogates have different digests, in documents as in a text", () => {
  const digest = (texts) => unrolled.documentsInMemory(texts, {}).digest.sha256;
  assert.notEqual(digest(["a\ud800"]), digest(["a\ud801"]));
  assert.equal(digest(["a\ud800b"]), unrolled.hashText("a\ud800b"));
  assert.notEqual(unrolled.hashText("\ud800"), unrolled.hashText("\udc00"));
});

test("a trainer is freed by `using`, and its engine is no part of its types", (t) => {
  const trainer = makeTrainer(t);
  trainer[Symbol.dispose ?? Symbol.for("Symbol.dispose")]();
  assertRefused(() => trainer.step(), "disposed", /disposed of/);
});
