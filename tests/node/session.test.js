import assert from "node:assert/strict";
import { test } from "node:test";
import { Trainer } from "../../web/core/index.js";
import { Session } from "../../web/worker/session.js";
import { Snapshots } from "../../web/worker/snapshots.js";
import { core, small } from "./support.js";

/** A session and all it posted. */
async function makeSession(t, settings = {}, more = {}) {
  const events = [];
  const session = await Session.open(core, { settings: { ...small, ...settings }, ...more }, (event) =>
    events.push(event),
  );
  t.after(() => session.dispose());
  const named = (name) => events.filter(({ event }) => event === name);
  return { session, events, named };
}

/** Losses of the next steps. */
async function lossesOf(session, steps) {
  const losses = [];
  for (let i = 0; i < steps; i++) losses.push((await session.step()).loss);
  return losses;
}

test("a session trains as a trainer does, and reports every step", async (t) => {
  const { session, named } = await makeSession(t);
  await session.step(5);
  const trainer = new Trainer(core, small);
  const losses = Array.from({ length: 5 }, () => trainer.step().loss);
  trainer.dispose();
  assert.deepEqual(
    named("report").flatMap(({ reports }) => reports.map(({ loss }) => loss)),
    losses,
  );
});

test("evaluations come at the multiples of their interval and, before it, at a twentieth and a fifth of it", async (t) => {
  const { session, named } = await makeSession(t);
  session.watch({ evaluateEvery: 20 });
  await session.step(45);
  assert.deepEqual(
    named("evaluation").map(({ step }) => step),
    [1, 4, 20, 40],
  );
});

test("watching does not change what is learnt", async (t) => {
  const watched = await makeSession(t),
    plain = await makeSession(t);
  watched.session.watch({ evaluateEvery: 1, sampleEvery: 1, sample: { prompt: "the", length: 20 } });
  plain.session.watch({ evaluateEvery: 1000 });
  assert.deepEqual(await watched.session.step(12), await plain.session.step(12));
  assert.deepEqual(
    watched.named("sample").map(({ step }) => step),
    [0, ...Array.from({ length: 12 }, (_, i) => i + 1)],
  );
  assert.deepEqual(watched.session.ask("parameters", []), plain.session.ask("parameters", []));
});

test("a prompt the model does not know is told once and does not stop training", async (t) => {
  const { session, named } = await makeSession(t);
  session.watch({ sampleEvery: 1, sample: { prompt: "λ" } });
  assert.equal((await session.step(4)).step, 4);
  assert.deepEqual(
    named("sample").map(({ error }) => error.code),
    ["unknown-token"],
  );
});

test("a text without room for validation is trained on without evaluations", async (t) => {
  const { session, named } = await makeSession(t, { validation: 0 });
  await session.step(12);
  assert.deepEqual(named("evaluation"), []);
});

test("reset gives the same bits again", async (t) => {
  const { session } = await makeSession(t);
  const first = await session.step(8);
  assert.equal((await session.reset()).progress.step, 0);
  assert.deepEqual(await session.step(8), first);
});

test("a snapshot is looked into without touching the run, and restoring one repeats the steps after it", async (t) => {
  const { session, named } = await makeSession(t);
  const losses = [];
  for (let i = 0; i < 20; i++) losses.push((await session.step()).loss);
  const { steps } = await session.snapshots();
  assert.deepEqual(steps, [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 20]); // 20 did best when it was measured
  const before = session.ask("parameters", []);
  const past = await session.probeAt(5, "the cat");
  assert.notDeepEqual(past.hidden, session.ask("probe", ["the cat"]).hidden);
  assert.deepEqual(session.ask("parameters", []), before);
  const copy = Trainer.load(core, await session.saveAt(5), {});
  assert.deepEqual(copy.probe("the cat").hidden, past.hidden);
  copy.dispose();
  assert.equal((await session.restore(5)).progress.step, 5);
  assert.deepEqual(session.ask("probe", ["the cat"]).hidden, past.hidden);
  assert.deepEqual(await lossesOf(session, 15), losses.slice(5));
  assert.deepEqual(
    named("restored").map(({ step }) => step),
    [5],
  );
  await assert.rejects(session.restore(7), { code: "no-snapshot", message: /no snapshot of step 7; kept: 0, 1, 2/ });
});

test("a run that diverges stops with its error and the newest snapshot whose loss was sound", async (t) => {
  const { session, named } = await makeSession(t, { cell: "rnn", optimizer: "sgd", clip: { mode: "none" } });
  session.watch({ evaluateEvery: 30 });
  await session.step(30);
  session.ask("configure", [{ learningRate: 1000, l2: 1000 }]);
  session.run();
  for (let i = 0; i < 100 && session.running; i++) await session.slice(1);
  const [{ error, lastGood, step }] = named("stopped");
  assert.equal(error.code, "diverged");
  assert.ok(step > 30);
  assert.equal(lastGood, 30); // the best on held-back text
  await session.restore(lastGood);
  session.ask("configure", [{ learningRate: 0.001, l2: 0 }]);
  assert.equal((await session.step(3)).step, 33);
});

test("run stops at `until`", async (t) => {
  const { session, named } = await makeSession(t);
  session.run({ until: 7 });
  while (session.running) await session.slice(1);
  assert.deepEqual(
    named("stopped").map(({ step }) => step),
    [7],
  );
  assert.throws(() => session.run({ untill: 9 }), { code: "bad-setting" });
});

test("a run with patience stops by itself, tells why, and stands at its best weights", async (t) => {
  const { session, named } = await makeSession(t, { learningRate: 0.3, optimizer: "sgd" });
  session.ask("configure", [{ learningRate: 1e-12 }]); // nothing gets better any more
  session.run({ evaluateEvery: 5, early: false, patience: 3 });
  while (session.running) await session.slice(1);
  const [{ step, ended, best }] = named("stopped");
  assert.equal(ended, "patience");
  assert.equal(step, best.step + 15);
  assert.equal(session.ask("evaluate", []).loss, best.loss);
  assert.deepEqual(named("evaluation").at(-1).best, best);
  await session.reset();
  session.run({ until: 3 });
  while (session.running) await session.slice(1);
  assert.equal(named("stopped").at(-1).ended, "limit");
});

test("a session begins from a checkpoint where it was saved", async (t) => {
  const { session } = await makeSession(t);
  await session.step(6);
  const checkpoint = session.ask("save", []);
  const next = await session.step();
  const { session: second } = await makeSession(t, {}, { checkpoint, source: { text: small.text } });
  assert.equal(second.describe().progress.step, 6);
  assert.deepEqual(await second.step(), next);
});

test("snapshots keep to their budget, the first and the last stay, and gaps grow evenly on a log scale", () => {
  const snapshots = new Snapshots(1000);
  for (let step = 0; step <= 100_000; step++) if (snapshots.isDue(step)) snapshots.add(step, new Uint8Array(100));
  const { steps } = snapshots;
  assert.equal(snapshots.bytes, 1000);
  assert.equal(steps[0], 0);
  assert.ok(/** @type {number} */ (steps.at(-1)) > 80_000);
  const gaps = steps.slice(1).map((step, i) => (step + 1) / (steps[i] + 1));
  assert.ok(Math.max(...gaps) < 16, `gaps ${gaps.map((gap) => gap.toFixed(1))}`);
  snapshots.dropAfter(50);
  assert.ok(/** @type {number} */ (snapshots.steps.at(-1)) <= 50);
  assert.equal(snapshots.get(99), undefined);
});

test("a look is of one step, now or at a kept moment, and changes nothing", async (t) => {
  const { session } = await makeSession(t);
  await session.step(12);
  const wanted = { text: "the cat", flow: true, longText: "the cat sat", weights: true, norms: true };
  const now = await session.look({ ...wanted, sample: { prompt: "the", length: 5 } });
  assert.equal(now.step, 12);
  assert.deepEqual(now.parameters, session.ask("parameters", []));
  assert.deepEqual(now.norms, session.ask("gradientNorms", []));
  assert.equal(/** @type {any} */ (now.sample).text.length, 5);
  const [, past] = (await session.snapshots()).steps;
  const then = await session.look({ ...wanted, step: past });
  assert.equal(then.step, past);
  assert.deepEqual(then.moments, (await session.snapshots()).steps);
  assert.deepEqual(then.trace?.hidden, (await session.probeAt(past, "the cat", { unknown: "drop" })).hidden);
  const again = (await makeSession(t)).session;
  await again.step(past + 1);
  assert.deepEqual(then.norms, again.ask("gradientNorms", []), "of the update that was made next");
  const { error } = /** @type {any} */ ((await session.look({ sample: { prompt: "☃" } })).sample);
  assert.equal(error.code, "unknown-token");
});

test("a look with something held, at another text, and along axes is of the same step as everything else", async (t) => {
  const { session } = await makeSession(t, { hidden: 9, layers: 2 });
  await session.step(12);
  const [, past] = (await session.snapshots()).steps;
  const sample = { prompt: "the", length: 12, seed: 3, temperature: 0.8 };
  const hold = /** @type {const} */ ({ layer: 1, gate: "h", unit: 4, value: 0 });
  const axes = /** @type {any} */ ({ layer: 1, what: "h", before: null });
  for (const step of [null, past]) {
    const seen = await session.look({ step, text: "the cat", edited: "the cab", sample, held: hold, axes });
    const probe = async (/** @type {string} */ text, more = {}) =>
      step === null
        ? session.probe(text, { flow: false, ...more })
        : session.probeAt(step, text, { flow: false, ...more });
    const { held } = seen;
    assert.deepEqual(held?.hold, hold);
    assert.deepEqual(held?.loss, (await probe("the cat", { hold: [hold] })).loss);
    assert.notDeepEqual(held?.loss, seen.trace?.loss);
    assert.equal(held?.samples?.free, /** @type {any} */ (seen.sample).text);
    assert.equal(held?.samples?.held.length, 12);
    assert.deepEqual(seen.edited?.hidden, (await probe("the cab")).hidden);
    assert.deepEqual(seen.axes?.states, (await probe("the cat")).hidden.slice(7 * 9));
    const turned = { ...seen.axes?.axes, axes: seen.axes?.axes.axes.map((axis) => axis.map((x) => -x)) };
    const again = await session.look({ step, text: "the cat", axes: { ...axes, before: turned } });
    assert.deepEqual(again.axes?.axes.axes, turned.axes, "turned as the moment before");
    // At its mean a unit is held in the text and in the sample at the same number.
    const mean =
      (await probe("the cat")).hidden
        .slice(7 * 9)
        .filter((_, i) => i % 9 === 4)
        .reduce((a, x) => a + x, 0) / 7;
    const atMean = await session.look({ step, text: "the cat", sample, held: { ...hold, value: "mean" } });
    assert.deepEqual(atMean.held?.loss, (await probe("the cat", { hold: [{ ...hold, value: mean }] })).loss);
    assert.equal(atMean.held?.samples?.held.length, 12);
  }
});

test("a branch goes on from a kept moment with the same bits, and the run it left stays as it is", async (t) => {
  const { session } = await makeSession(t);
  await session.step(12);
  const at = (await session.snapshots()).steps[3];
  const branch = await Session.open(core, await session.branch(at), () => {});
  t.after(() => branch.dispose());
  assert.equal(branch.describe().progress.step, at);
  assert.deepEqual(
    (await branch.snapshots()).steps,
    (await session.snapshots()).steps.filter((step) => step <= at),
  );
  await branch.step(12 - at);
  assert.deepEqual(branch.ask("parameters", []), session.ask("parameters", []));
  assert.equal(session.describe().progress.step, 12);
});

test("the weights that did best on held-back text stay among the moments", () => {
  const snapshots = new Snapshots(40);
  snapshots.add(0, new Uint8Array(10));
  assert.equal(snapshots.keepBest(5), true);
  snapshots.add(5, new Uint8Array(10));
  for (const step of [6, 8, 10, 12, 15]) snapshots.add(step, new Uint8Array(10));
  assert.ok(snapshots.steps.includes(5), `${snapshots.steps}`);
});

test("what is saved is written between messages: a pause and a look are answered meanwhile, and updates wait", async (t) => {
  let clock = 0;
  t.mock.method(performance, "now", () => (clock += 25)); // each part of a writing takes a turn of its own
  const { session } = await makeSession(t);
  session.watch({ evaluateEvery: 0 });
  session.run();
  await session.slice(0); // step 1; the moments 0 and 1 are in writing
  const told = [];
  const kept = session.snapshots().then(({ steps }) => told.push(steps));
  await session.slice(0);
  const saved = session.asides.save().then((bytes) => told.push(bytes.length > 9000));
  told.push((await session.turn(() => session.look({ text: "the cat" }))).step);
  told.push((await session.turn(() => session.pause())).step);
  await Promise.all([kept, saved]);
  assert.deepEqual(told.slice(0, 2), [1, 1], "the answers came before anything was written");
  assert.deepEqual(told.slice(2).map(String).sort(), ["0,1", "true"]);
});
