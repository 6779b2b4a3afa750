import assert from "node:assert/strict";
import { test } from "node:test";
import { Trainer, documentsInMemory, fit } from "../../web/core/index.js";
import { Session } from "../../web/worker/session.js";
import { assertRefused, core, makeTrainer, prose, small } from "./support.js";

const cut = { tokens: "char", lowerCase: false, minCount: 1 };

/** The same weights under other settings. */
function likened(t, trainer, settings) {
  const other = makeTrainer(t, settings);
  other.setParameters(trainer.parameters());
  return other;
}

test("the loss of a text does not depend on the batch nor on the window, however short it is", (t) => {
  const trainer = makeTrainer(t, { seqLen: 20, learningRate: 0.01 });
  trainer.step(200);
  for (const text of [prose(30), prose(300), prose(2500), prose(9000)]) {
    const want = trainer.evaluate(text);
    assert.equal(want.tokens, text.length - 1);
    for (const [batch, seqLen] of [
      [1, 5],
      [32, 64],
      [7, 200],
    ]) {
      const bytes = trainer.save();
      const other = Trainer.load(core, bytes, { batch, seqLen });
      assert.deepEqual(other.evaluate(text), want, `batch ${batch}, seqLen ${seqLen}, ${text.length} characters`);
      other.dispose();
    }
  }
});

test("a short text is read through from a zero state, as a probe reads it", (t) => {
  const trainer = makeTrainer(t);
  trainer.step(100);
  const text = prose(1500),
    { loss } = trainer.probe(text, { flow: false });
  const want = loss.reduce((a, b) => a + b, 0) / (text.length - 1);
  assert.ok(Math.abs(trainer.evaluate(text).loss - want) < 1e-5);
});

test("a long text read in warmed streams loses what one reading loses, within 1e-4 nats", (t) => {
  const trainer = makeTrainer(t, { text: prose(4000) });
  trainer.step(150);
  const text = prose(40_000),
    ids = trainer.encode(text);
  // one stream, read by hand: the state is carried from window to window
  let h0, c0;
  let sum = 0;
  const T = 500;
  for (let from = 0; from + T < ids.length; from += T) {
    const { loss, hidden, cell } = trainer.gradients({
      input: [ids.subarray(from, from + T)],
      target: [ids.subarray(from + 1, from + T + 1)],
      h0,
      c0,
    });
    sum += loss * T;
    [h0, c0] = [hidden.slice(-16), cell.slice(-16)];
  }
  const count = Math.floor((ids.length - 1) / T) * T;
  const read = trainer.evaluate(text.slice(0, count + 1));
  assert.equal(read.tokens, count);
  assert.ok(Math.abs(read.loss - sum / count) < 1e-4, `${read.loss} and ${sum / count}`);
});

test("a validation part smaller than the batch is measured, by fit and by a session as well", async (t) => {
  const trainer = makeTrainer(t, { validation: 0.005, batch: 32 });
  assert.equal(trainer.validationTokens, 15);
  const measures = [];
  await fit(trainer, { steps: 4, evaluateEvery: 2, onEvaluation: (measure) => measures.push(measure) });
  assert.deepEqual(
    measures.map(({ step, tokens }) => [step, tokens]),
    [
      [2, 14],
      [4, 14],
    ],
  );
  const events = [];
  const session = await Session.open(core, { settings: { ...small, validation: 0.005, batch: 32 } }, (e) =>
    events.push(e),
  );
  t.after(() => session.dispose());
  session.watch({ evaluateEvery: 2 });
  await session.step(2);
  assert.equal(events.filter(({ event }) => event === "evaluation").length, 1);
});

test("an evaluation of documents counts each token that follows another, whatever the batch", (t) => {
  const texts = [prose(5000), "ab", prose(90), "c", prose(2200)];
  const make = (batch) => {
    const trainer = new Trainer(core, { ...small, text: undefined, documents: documentsInMemory(texts, cut), batch });
    t.after(() => trainer.dispose());
    return trainer;
  };
  const one = make(1),
    many = make(40);
  many.setParameters(one.parameters());
  assert.deepEqual(many.evaluateTraining(), one.evaluateTraining());
  assert.equal(one.evaluateTraining().tokens + one.evaluate().tokens, 5000 + 2 + 90 + 1 + 2200 - 5 - 1);
});

test("an evaluation in turns lets others have theirs, gives the same numbers, and can be called off", async (t) => {
  const trainer = makeTrainer(t, { hidden: 128, text: prose(60_000), validation: 0.9 });
  trainer.step();
  let turns = 0;
  const others = setInterval(() => turns++, 0);
  const whole = await trainer.evaluateAsync();
  clearInterval(others);
  assert.ok(turns > 3, `others had ${turns} turns`);
  assert.deepEqual(whole, trainer.evaluate());
  assert.deepEqual(await trainer.evaluateAsync({ part: "training" }), trainer.evaluateTraining());
  assert.deepEqual(await trainer.evaluateAsync({ text: "the cat sat" }), trainer.evaluate("the cat sat"));

  const called = new AbortController();
  const broken = trainer.evaluateAsync({ signal: called.signal });
  setImmediate(() => called.abort());
  await assert.rejects(broken, { name: "AbortError" });
  assert.equal(trainer.step().step, 2, "and training goes on");
  await assert.rejects(trainer.evaluateAsync({ signal: AbortSignal.abort() }), { name: "AbortError" });
});

test("while an evaluation goes on, nothing changes its weights, and an end of the trainer ends it", async (t) => {
  const trainer = makeTrainer(t, { hidden: 128, text: prose(60_000), validation: 0.9 });
  const whole = trainer.evaluateAsync();
  assertRefused(() => trainer.step(), "busy", /evaluation is under way/);
  assertRefused(() => trainer.setParameters({}), "busy", /evaluation is under way/);
  assert.equal(trainer.sample({ length: 3 }).ids.length, 3);
  trainer.dispose();
  await assert.rejects(whole, { code: "disposed" });
});

test("a fit is stopped by a signal in the middle of an update's work or of an evaluation", async (t) => {
  const trainer = makeTrainer(t, { hidden: 128, text: prose(60_000), validation: 0.9 });
  const called = new AbortController();
  const { ended, step } = await fit(trainer, {
    steps: 1e6,
    evaluateEvery: 5,
    signal: called.signal,
    onReport: (report) => report.step === 5 && setImmediate(() => called.abort()),
    onEvaluation: () => assert.fail("the evaluation was not broken off"),
  });
  assert.deepEqual([ended, step], [null, 5]);
  assert.equal(trainer.step().step, 6);
});

test("a fit without anything that waits is stopped by a timer", async (t) => {
  const called = new AbortController();
  setTimeout(() => called.abort(), 1);
  const { ended } = await fit(makeTrainer(t), { steps: 1e9, evaluateEvery: 0, signal: called.signal });
  assert.equal(ended, null);
});

test("a sample of a text is counted where no more is asked for: stretches all over it, the same each time", async (t) => {
  const trainer = makeTrainer(t, { text: prose(80_000), validation: 0.5 });
  trainer.step(150);
  const whole = trainer.evaluate();
  assert.deepEqual(await trainer.evaluateAsync({ most: whole.tokens }), whole, "no fewer than there are");
  const some = await trainer.evaluateAsync({ most: 8192 });
  assert.ok(some.tokens <= 8192 && some.tokens > 7000, `${some.tokens} tokens`);
  assert.ok(Math.abs(some.loss - whole.loss) < 0.05, `${some.loss} of a sample, ${whole.loss} of all`);
  assert.deepEqual(await trainer.evaluateAsync({ most: 8192 }), some);
  const few = await trainer.evaluateAsync({ most: 100 });
  assert.ok(few.tokens <= 100 && few.tokens > 90, `${few.tokens} tokens`);
  for (const most of [0, 1.5, -3, "9", null])
    await assert.rejects(trainer.evaluateAsync(/** @type {any} */ ({ most })), {
      code: "bad-argument",
      message: /^most /,
    });
});

test("the stretches that are sampled lose what one reading loses there", async (t) => {
  const text = prose(5000);
  const trainer = makeTrainer(t, { text: prose(4000) });
  trainer.step(100);
  const { loss } = trainer.probe(text, { flow: false });
  const some = await trainer.evaluateAsync({ text, most: 1024 });
  // five stretches of 999 or 1,000 targets, of which the middle one is read
  const want = loss.slice(1999, 2999).reduce((a, b) => a + b, 0) / 1000;
  assert.ok(Math.abs(some.tokens - 1000) <= 1, `${some.tokens} tokens`);
  assert.ok(Math.abs(some.loss - want) < 2e-3, `${some.loss}, by one reading ${want}`);
});

test("measuring takes at most a twentieth of a session's work by default, and of a long text a sample", async (t) => {
  const events = [];
  const settings = { ...small, hidden: 4, batch: 64, seqLen: 32, text: prose(400_000) };
  const session = await Session.open(core, { settings }, (event) => events.push(event));
  t.after(() => session.dispose());
  const { validationTargets } = session.describe();
  session.run({ until: 3000 });
  while (session.running) await session.slice(100);
  const measures = events.filter(({ event }) => event === "evaluation");
  const read = measures.reduce((sum, { tokens }) => sum + 1.25 * tokens, 0); // what warms a stretch is not counted
  const share = read / 3 / (3000 * 64 * 32);
  assert.ok(share <= 0.05 && share > 0.01, `${share} of the work`);
  assert.ok(measures.every(({ tokens }) => tokens <= 32_768 && tokens > 30_000 && tokens < validationTargets));
  assert.ok(measures.filter(({ step }) => step <= 50).length >= 2, "curves that fall fast at first are measured early");
});

test("a session's evaluation is made in pieces of work, between which it can be paused", async (t) => {
  const events = [];
  const settings = { ...small, hidden: 128, text: prose(60_000), validation: 0.9 };
  const session = await Session.open(core, { settings, snapshotBudget: 0 }, (event) => events.push(event));
  t.after(() => session.dispose());
  session.run({ evaluateEvery: 3, evaluateOn: Infinity, early: false, until: 4 });
  let slices = 0;
  for (; session.describe().progress.step < 3; slices++) await session.slice(0);
  assert.equal(slices, 3);
  session.pause();
  const evaluations = () => events.filter(({ event }) => event === "evaluation");
  session.run();
  for (slices = 0; !evaluations().length; slices++) await session.slice(0);
  assert.ok(slices > 10, `${slices} slices for an evaluation of 54,000 tokens`);
  assert.equal(session.describe().progress.step, 3);
  while (session.running) await session.slice(0);
  assert.deepEqual(
    evaluations().map(({ step }) => step),
    [3, 4],
  );
  const asked = session.asides.evaluate();
  await session.slice(0);
  assert.equal(session.describe().progress.step, 4, "training waits for an evaluation that was asked for");
  assert.deepEqual(await asked, likened(t, { parameters: () => session.ask("parameters", []) }, settings).evaluate());
});
