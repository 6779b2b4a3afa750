import assert from "node:assert/strict";
import { test } from "node:test";
import { Trainer } from "../../web/core/index.js";
import { assertClose, assertSameBits, core, makeTrainer, prose, small } from "./support.js";

const { text } = small;

test("windows are counted as the contract has it, and epochs by windows", (t) => {
  const trainer = makeTrainer(t);
  assert.equal(trainer.trainingTokens, 2400);
  assert.equal(trainer.validationTokens, 600);
  assert.equal(trainer.windows, Math.floor(Math.floor(2399 / 8) / 12));
  assert.equal(trainer.step(trainer.windows).epoch, 0);
  assert.equal(trainer.step().epoch, 1);
});

test("baselines are those of a straightforward count", (t) => {
  const trainer = makeTrainer(t);
  const train = [...text.slice(0, 2400)],
    rest = [...text.slice(2400)],
    V = trainer.vocabulary.length;
  let unigram = 0,
    bigram = 0;
  for (let i = 1; i < rest.length; i++) {
    unigram -= Math.log((train.filter((c) => c === rest[i]).length + 1) / (train.length + V));
    const pairs = train.filter((c, k) => k + 1 < train.length && c === rest[i - 1] && train[k + 1] === rest[i]).length;
    bigram -= Math.log((pairs + 1) / (train.filter((c, k) => k + 1 < train.length && c === rest[i - 1]).length + V));
  }
  assertClose(
    [trainer.baselines().unigram, trainer.baselines().bigram],
    [unigram / 599, bigram / 599],
    1e-12,
    "baselines",
  );
  assert.deepEqual(makeTrainer(t, { validation: 0 }).baselines(), {
    uniform: Math.log(V),
    unigram: null,
    bigram: null,
  });
});

test("baselines of a large vocabulary are counted the same way", (t) => {
  const ids = Int32Array.from({ length: 6000 }, (_, i) => (i * i) % 2500);
  const vocabulary = Array.from({ length: 2500 }, (_, i) => String.fromCodePoint(0x4e00 + i));
  const { unigram, bigram } = makeTrainer(t, { text: undefined, ids, vocabulary, hidden: 2 }).baselines();
  const count = new Map();
  for (const id of ids.subarray(0, 4800)) count.set(id, (count.get(id) ?? 0) + 1);
  let sum = 0;
  for (const id of ids.subarray(4801)) sum -= Math.log(((count.get(id) ?? 0) + 1) / (4800 + 2500));
  assertClose([unigram], [sum / 1199], 1e-12, "unigram");
  assert.ok(bigram < unigram);
});

test("characters beyond the Basic Multilingual Plane, lone surrogates, NUL and CRLF are learnt as they are", (t) => {
  const odd = "😀𝔘\0\r\n\ud800x\udc00｡".repeat(40);
  const trainer = makeTrainer(t, { text: odd, batch: 2, seqLen: 9, learningRate: 1e-2 });
  assert.deepEqual(
    trainer.vocabulary,
    ["\0", "\n", "\r", "x", "\ud800", "\udc00", "｡", "😀", "𝔘"].sort((a, b) => a.codePointAt(0) - b.codePointAt(0)),
  );
  trainer.step(200);
  assert.equal(
    trainer.sample({ prompt: "😀𝔘", length: 16, temperature: 0 }).text,
    odd.slice(4).slice(0, [..."\0\r\n\ud800x\udc00｡😀𝔘\0\r\n\ud800x\udc00｡"].join("").length),
  );
  assert.deepEqual(trainer.probe("x\udc00｡").tokens, ["x", "\udc00", "｡"]);
});

test("ids with a vocabulary train as their text does", (t) => {
  const fromText = makeTrainer(t);
  const fromIds = makeTrainer(t, { text: undefined, ids: fromText.encode(text), vocabulary: [...fromText.vocabulary] });
  assert.deepEqual(fromIds.step(10), fromText.step(10));
  assertSameBits(fromIds.parameters(), fromText.parameters());
});

test("ids are read in turns as a text is, to the same trainer, and called off by a signal", async (t) => {
  const ids = Int32Array.from({ length: 200_000 }, (_, i) => (i * i + (i >> 3)) % 29),
    vocabulary = Array.from({ length: 29 }, (_, i) => String.fromCodePoint(0x61 + i));
  const options = { ...small, text: undefined, ids, vocabulary },
    want = makeTrainer(t, options);
  const off = new AbortController();
  const reading = Trainer.createAsync(core, { ...options, ids: new Int32Array(20_000_000), signal: off.signal });
  setImmediate(() => off.abort());
  await assert.rejects(reading, { name: "AbortError" });
  let clock = 0;
  t.mock.method(performance, "now", () => (clock += 25)); // each part takes a turn of its own
  const seen = [];
  for (const making of [
    Trainer.createAsync(core, { ...options, progress: (done) => seen.push(done) }),
    Trainer.loadAsync(core, want.save(), { ids }),
  ]) {
    const trainer = await making;
    t.after(() => trainer.dispose());
    assert.deepEqual(trainer.save(), want.save());
  }
  assert.ok(seen.length >= 3 && seen.every((done, i) => done > (seen[i - 1] ?? 0) && done <= 1), `${seen}`);
  const strange = Trainer.createAsync(core, {
    ...options,
    ids: Int32Array.from(ids, (id, i) => (i === 150_000 ? 29 : id)),
  });
  await assert.rejects(strange, /^UnrolledError: ids must hold integers from 0 to 28, got 29 at position 150000\.$/);
});

test("words and graphemes are tokens as good as characters", (t) => {
  for (const tokens of ["word", "grapheme"]) {
    const trainer = makeTrainer(t, { tokens, batch: 2 });
    assert.equal(trainer.decode(trainer.encode(text)), text);
    const first = trainer.step().loss;
    assert.ok(trainer.step(60).loss < first / 1.2, tokens);
    assert.ok(trainer.sample({ length: 5 }).ids.length === 5);
  }
});

for (const settings of [{ tokens: "char" }, { tokens: "word", lowerCase: true, minCount: 2 }, { tokens: "grapheme" }])
  test(`a text read in turns tells how much is read, and makes the same trainer: ${JSON.stringify(settings)}`, async (t) => {
    let clock = 0;
    t.mock.method(performance, "now", () => (clock += 25)); // each part takes a turn of its own
    const long = { ...small, text: prose(200_000), ...settings };
    const want = makeTrainer(t, long);
    let turns = 0;
    const seen = [];
    const others = setInterval(() => turns++, 0);
    const trainer = await Trainer.createAsync(core, { ...long, progress: (done) => seen.push(done) });
    clearInterval(others);
    t.after(() => trainer.dispose());
    assert.ok(seen.length >= 3, `${seen}`);
    assert.ok(seen.every((done, i) => done > (seen[i - 1] ?? 0) && done <= 1) && seen.at(-1) > 0.7, `${seen}`);
    assert.deepEqual(trainer.vocabulary, want.vocabulary);
    assert.deepEqual(trainer.save(), want.save());
    assert.deepEqual(trainer.step(3), want.step(3));
    const again = [];
    const loaded = await Trainer.loadAsync(core, want.save(), {
      text: long.text,
      progress: (done) => again.push(done),
    });
    t.after(() => loaded.dispose());
    assert.deepEqual(again, seen, "with a known vocabulary as well");
    assert.deepEqual(loaded.step(), want.step());
  });

test("a reading is called off by its signal, and refuses what a trainer refuses", async () => {
  const control = new AbortController();
  const reading = Trainer.createAsync(core, {
    ...small,
    text: prose(3_000_000),
    tokens: "word",
    signal: control.signal,
  });
  setImmediate(() => control.abort(new Error("another text")));
  await assert.rejects(reading, { message: "another text" });
  for (const options of [null, "text", { text: "" }, { text: 5 }, { ...small, hidden: 0 }, { ...small, workers: 0 }]) {
    let message = "";
    try {
      new Trainer(core, /** @type {any} */ (options));
    } catch (error) {
      ({ message } = error);
    }
    assert.notEqual(message, "");
    await assert.rejects(Trainer.createAsync(core, /** @type {any} */ (options)), { message });
  }
});
