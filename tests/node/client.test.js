/** A client is a trainer whose answers are promises: the same names, the same bits, the same refusals. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Trainer, UnrolledError } from "../../web/core/index.js";
import { TrainerClient, WorkerLink } from "../../web/worker/client.js";
import { PageWorker } from "./page-worker.js";
import { core, prose, small } from "./support.js";

globalThis.Worker = PageWorker;
const STRICT = { core: { variant: "simd" } };
const LONG = prose(400);

async function makeClient(t, settings = small, options = STRICT) {
  const client = await TrainerClient.create(settings, options);
  t.after(() => client.dispose());
  return client;
}

/** A trainer and a client of the same settings. */
async function makeBoth(t, settings = small) {
  const trainer = new Trainer(core, settings);
  t.after(() => trainer.dispose());
  return { trainer, client: await makeClient(t, settings) };
}

/** Names that are for the package alone. */
const INTERNAL = new Set(["constructor", "engine", "evaluating"]);
const NAMES = Object.entries(Object.getOwnPropertyDescriptors(Trainer.prototype)).filter(
  ([name]) => !INTERNAL.has(name),
);

/** How each method is called, and what is asked of it. */
const WINDOW = { input: [[0, 1, 2, 3]], target: [[1, 2, 3, 4]] };
const CALLS = {
  encode: [["the cat"], ["the \u03bb cat", { unknown: "drop" }]],
  decode: [[[0, 1, 2, 3]]],
  step: [[], [3]],
  evaluate: [[], [LONG], [undefined, { hold: [{ gate: "f", value: 0 }] }]],
  evaluateTraining: [[]],
  evaluateAsync: [[], [{ part: "training" }], [{ text: LONG }]],
  baselines: [[]],
  sample: [[], [{ prompt: "the ", length: 40, temperature: 0.5, topK: 3, seed: 9 }]],
  probe: [["the cat sat"], ["the rat", { flow: false }], [[..."the rat"]]],
  study: [
    ["costs", "the cat sat on a mat", { gate: "f" }],
    ["path", "the cat sat on a mat"],
  ],
  gradients: [[WINDOW]],
  gradientNorms: [[]],
  trainOn: [[WINDOW]],
  parameters: [[]],
  configure: [[{ learningRate: 0.01, dropout: 0.1 }]],
  save: [[]],
  saveAsync: [[], [{}]],
  toONNX: [[]],
};

test("a client has every public name of a trainer, and each gives the same bits", async (t) => {
  const { trainer, client } = await makeBoth(t);
  const tried = new Set(["dispose", "setParameters"]);
  for (const [name, args] of Object.entries(CALLS))
    for (const given of args) {
      const got = await client[name](...given),
        want = await trainer[name](...given);
      if (name === "probe") for (const more of ["step", "milliseconds"]) delete got[more];
      assert.deepEqual(got, want, `${name}(${JSON.stringify(given)})`);
      assert.deepEqual(client.progress, trainer.progress, `progress after ${name}`);
      tried.add(name);
    }
  const halved = Object.fromEntries(
    Object.entries(trainer.parameters()).map(([name, w]) => [name, w.map((x) => x / 2)]),
  );
  trainer.setParameters(halved);
  await client.setParameters(halved);
  assert.deepEqual(await client.parameters(), halved);
  for (const [name, { get }] of NAMES) {
    if (get) assert.deepEqual(client[name], trainer[name], name);
    else assert.ok(tried.has(name) && typeof client[name] === "function", `a client's ${name}()`);
  }
  assert.equal(typeof client[Symbol.dispose ?? Symbol.for("Symbol.dispose")], "function");
});

test("a client refuses what a trainer refuses, by the same sentence", async (t) => {
  const { trainer, client } = await makeBoth(t);
  const JUNK = [null, 0, -1, 0.5, NaN, 1n, "", "text", true, [], [null], {}, { misspelt: 1 }, new Date(0), /re/];
  const outcome = async (act) => {
    try {
      await act();
      return "done";
    } catch (error) {
      assert.ok(error instanceof UnrolledError, error?.stack);
      return `${error.code}: ${error.message}`;
    }
  };
  const skipped = new Set(["dispose", "configure", "trainOn", "setParameters"]);
  for (const name of Object.keys(CALLS).filter((each) => !skipped.has(each)))
    for (const junk of JUNK)
      for (const args of [[junk], ["the cat", junk], [undefined, junk], ["costs", "the cat", junk]]) {
        if (name === "step" && args[0] === undefined) continue;
        const call = `${name}(${args.map((each) => typeof each)})`;
        assert.equal(await outcome(() => client[name](...args)), await outcome(() => trainer[name](...args)), call);
      }
  for (const name of ["configure", "trainOn", "setParameters"])
    for (const junk of [null, "text", [], { misspelt: 1 }])
      assert.equal(await outcome(() => client[name](junk)), await outcome(() => trainer[name](junk)), name);
});

test("what no worker can be sent is refused by a sentence, and the client works on", async (t) => {
  const client = await makeClient(t);
  await assert.rejects(client.sample({ prompt: () => "the" }), {
    name: "UnrolledError",
    code: "bad-argument",
    message: /^sample\(\) was given what no worker can be sent: .*could not be cloned\.$/,
  });
  await assert.rejects(client.evaluateAsync({ signal: 5 }), {
    code: "bad-argument",
    message: /must be an AbortSignal/,
  });
  await assert.rejects(TrainerClient.create(small, { workerURL: "x" }), {
    code: "bad-argument",
    message: /A client has no option "workerURL".* The nearest is workerUrl\.$/,
  });
  for (const junk of [null, "text", 5]) {
    await assert.rejects(TrainerClient.create(junk, STRICT), { name: "UnrolledError", code: "bad-argument" });
    await assert.rejects(TrainerClient.load(await client.save(), junk, STRICT), { name: "UnrolledError" });
    await assert.rejects(TrainerClient.load(junk, {}, STRICT), { name: "UnrolledError", code: "bad-argument" });
  }
  await assert.rejects(client.step(0), { code: "bad-argument", message: /^n must be an integer from 1 / });
  assert.equal((await client.step()).step, 1);
});

test("an evaluation and a study are called off by their signal", async (t) => {
  const client = await makeClient(t, { ...small, text: prose(300_000), hidden: 64 });
  for (const begin of [
    (signal) => client.evaluateAsync({ part: "training", signal }),
    (signal) => client.study("costs", prose(4000), { signal }),
  ]) {
    const control = new AbortController();
    const asked = begin(control.signal);
    control.abort(new Error("enough"));
    await assert.rejects(asked, { message: "enough" });
    await assert.rejects(begin(control.signal), { message: "enough" });
  }
  assert.equal((await client.step()).step, 1);
});

test("what is called off after its client was disposed of fails nobody", async (t) => {
  const link = await WorkerLink.open(STRICT);
  t.after(() => link.close());
  const client = await TrainerClient.create({ ...small, text: prose(300_000), hidden: 64 }, { link });
  const refused = [];
  const hear = (reason) => refused.push(reason);
  process.on("unhandledRejection", hear);
  t.after(() => process.off("unhandledRejection", hear));
  const control = new AbortController();
  const asked = client.evaluateAsync({ part: "training", signal: control.signal });
  client.dispose();
  control.abort(new Error("enough"));
  await assert.rejects(asked, { message: "enough" });
  const other = await TrainerClient.create(small, { link }); // by then the worker has answered what came before
  assert.equal((await other.step()).step, 1);
  other.dispose();
  assert.deepEqual(refused, []);
});

test("load keeps its options, and goes on with the same bits", async (t) => {
  const { trainer, client } = await makeBoth(t);
  trainer.step(4);
  const file = trainer.save();
  const text = prose(2000).replaceAll("rat", "\u03bb");
  const options = { text, unknown: "drop", batch: 4, learningRate: 0.5 };
  const want = Trainer.load(core, file, options);
  t.after(() => want.dispose());
  const report = want.step(2);
  const made = await TrainerClient.load(file, options, STRICT);
  t.after(() => made.dispose());
  assert.deepEqual(made.settings, want.settings);
  assert.deepEqual(await made.step(2), report);
  await client.load(file, options);
  assert.equal(client.settings.learningRate, 0.5);
  assert.deepEqual(await client.step(2), report);
  await assert.rejects(client.load(file, { text, batchh: 4 }), { code: "bad-setting", message: /nearest is batch\.$/ });
  assert.deepEqual(client.progress, want.progress);
});

for (const [name, source] of Object.entries({
  "a text": { text: small.text },
  ids: { ids: Array.from({ length: 900 }, (_, i) => (i * i) % 5), vocabulary: [..."abcdefgh"] },
  "a text and a vocabulary that has more": { text: small.text, vocabulary: [..."abcdefghijklmnopqrstuvwxyz .;,!"] },
  "a vocabulary alone": { vocabulary: [..."abc"] },
}))
  test(`reset of a run from ${name} gives the first weights again, and keeps the vocabulary`, async (t) => {
    const { text, ...shape } = small;
    const client = await makeClient(t, { ...shape, ...source });
    const [V, first] = [client.vocabulary, await client.parameters()];
    const report =
      source.text || source.ids
        ? await client.step(3)
        : await client.setParameters({ "head.bias": first["head.bias"].map(() => 1) });
    await client.reset();
    assert.deepEqual(client.vocabulary, V);
    assert.deepEqual(await client.parameters(), first);
    assert.equal(client.progress.step, 0);
    if (report) assert.deepEqual(await client.step(3), report);
  });

test("a client tells how much of a long text is read, answers others meanwhile, and calls the reading off", async (t) => {
  const client = await makeClient(t);
  const long = { ...small, tokens: /** @type {const} */ ("grapheme"), text: prose(1_000_000) };
  const shared = { link: client.link };
  const told = [];
  const reading = TrainerClient.create(long, { ...shared, progress: (done) => told.push(done) });
  const step = client.step().then(() => told.push("step"));
  const read = await reading;
  await step;
  t.after(() => read.dispose());
  assert.ok(told.indexOf("step") >= 0 && told.indexOf("step") < told.length - 1, "others were answered before the end");
  const shares = told.filter((each) => each !== "step");
  assert.ok(
    shares.every((done, i) => done > (shares[i - 1] ?? 0) && done <= 1),
    `${shares}`,
  );

  const control = new AbortController();
  const called = TrainerClient.create(long, {
    ...shared,
    signal: control.signal,
    progress: () => control.abort("other"),
  });
  await assert.rejects(called, (reason) => reason === "other");
  await assert.rejects(TrainerClient.create(long, { ...shared, signal: control.signal }), (why) => why === "other");
  await assert.rejects(TrainerClient.create(long, /** @type {any} */ ({ ...shared, progress: 5 })), {
    message: /^progress must be a function/,
  });
  assert.equal((await client.step()).step, 2);
});

test('where there is no SIMD, a client that asks for "simd" has the same bits of "baseline"', async (t) => {
  const { trainer, client } = await makeBoth(t);
  assert.equal(client.variant, "simd");
  PageWorker.simd = false;
  t.after(() => (PageWorker.simd = true));
  const plain = await makeClient(t);
  assert.equal(plain.variant, "baseline");
  assert.deepEqual(await plain.step(3), trainer.step(3));
});
