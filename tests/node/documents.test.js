import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Worker } from "node:worker_threads";
import { Trainer, documentsInMemory, hashText } from "../../web/core/index.js";
import { assertRefused, assertSameBits, core, prose } from "./support.js";

const cut = { tokens: "char", lowerCase: false, minCount: 1 };
const settings = { hidden: 12, batch: 3, seqLen: 7, layers: 2 };
/** @param {string[]} texts */
const trainOn = (t, texts, more = {}) => {
  const trainer = new Trainer(core, { documents: documentsInMemory(texts, cut), ...settings, ...more });
  t.after(() => trainer.dispose());
  return trainer;
};

for (const [batch, seqLen, stateful] of [
  [3, 7, true],
  [33, 5, true],
  [4, 9, false],
]) {
  test(`one document trains to the same bits as the text in memory (batch ${batch}, seqLen ${seqLen}, stateful ${stateful})`, (t) => {
    const text = prose(1500),
      more = { batch, seqLen, stateful };
    const streamed = trainOn(t, [text], more),
      held = new Trainer(core, { text, ...settings, ...more });
    t.after(() => held.dispose());
    assert.equal(streamed.windows, held.windows);
    for (let i = 0; i < 2 * held.windows + 3; i++) assert.deepEqual(streamed.step(), held.step());
    assert.deepEqual(streamed.evaluate(), held.evaluate());
    assert.deepEqual(streamed.evaluateTraining(), held.evaluateTraining());
    assertSameBits(streamed.parameters(), held.parameters());
    assert.deepEqual(streamed.save(), held.save());
  });
}

test("a run over documents that was saved goes on with the same bits, in the middle of a document", (t) => {
  const texts = [prose(90), prose(41).toUpperCase(), prose(300), "ab", prose(17)];
  const whole = trainOn(t, texts),
    first = trainOn(t, texts);
  whole.step(23);
  first.step(11);
  const second = Trainer.load(core, first.save(), { documents: documentsInMemory(texts, cut) });
  t.after(() => second.dispose());
  second.step(12);
  assert.deepEqual(second.save(), whole.save());
});

test("every document is read from a zero state, and none is asked for what follows in another", (t) => {
  // Two documents, two streams: each is a stream, and both are read as if alone.
  const texts = ["abcabcabca", "xyzxyzxyzx"];
  const trainer = trainOn(t, texts, { batch: 2, seqLen: 4, validation: 0, layers: 1 });
  const want = new Trainer(core, { ...settings, vocabulary: trainer.vocabulary, batch: 2, seqLen: 4, layers: 1 });
  t.after(() => want.dispose());
  const ids = texts.map((text) => [...trainer.encode(text)]);
  const window = (from, to) => ({
    input: ids.map((row) => row.slice(from, to)),
    target: ids.map((row) => row.slice(from + 1, to + 1)),
  });
  assert.equal(trainer.windows, 3, "nine targets are three windows of four");
  assert.equal(trainer.step().loss, want.trainOn(window(0, 4)).loss);
  trainer.step();
  const { tokens } = trainer.step();
  assert.equal(tokens, 18, "the last window has one target in each stream");
  assert.equal(trainer.step().tokens, 26, "the first window again");
});

test("the second reading of documents begins from a zero state", (t) => {
  const texts = ["abcabcabca", "xyzxyzxyzx"],
    more = { batch: 2, seqLen: 3, validation: 0, layers: 1, optimizer: "sgd", learningRate: 1e-30 };
  const trainer = trainOn(t, texts, more);
  const losses = Array.from({ length: 6 }, () => trainer.step().loss);
  assert.deepEqual(losses.slice(3), losses.slice(0, 3), "weights that do not move lose the same in each epoch");
  assert.notEqual(losses[0], losses[1]);
});

test("an evaluation over documents is the mean over each read alone", (t) => {
  const texts = [prose(400), prose(60).toUpperCase(), prose(35), prose(48).toUpperCase()];
  const trainer = trainOn(t, texts, { validation: 0.26, batch: 2 });
  trainer.step(5);
  assert.equal(trainer.trainingTokens, 401, "the part ends within the second document");
  let sum = 0,
    count = 0;
  for (const text of [texts[1].slice(1), texts[2], texts[3]]) {
    const { loss } = trainer.probe(text, { flow: false });
    sum += loss.reduce((a, b) => a + b, 0);
    count += text.length - 1;
  }
  const { loss, tokens } = trainer.evaluate();
  assert.equal(tokens, count);
  assert.ok(Math.abs(loss - sum / count) < 1e-5, `${loss} and ${sum / count}`);
});

test("a document longer than its share is cut into pieces, so that no stream is idle", (t) => {
  const trainer = trainOn(t, [prose(1000), "ab"], { batch: 5, validation: 0, seqLen: 10 });
  assert.equal(trainer.windows, Math.ceil((5 * 20 + 1) / 5));
  assert.equal(trainer.step().tokens, 50);
});

test("documents have words for tokens as well, and no word spans two", (_t) => {
  const documents = documentsInMemory(["one two", "", "three one"], { ...cut, tokens: "word" });
  assert.deepEqual([...documents.vocabulary], [" ", "one", "three", "two"]);
  assert.deepEqual([...documents.starts], [0, 3, 6]);
  assert.equal(documentsInMemory(["abc"], cut).digest.sha256, hashText("abc"));
  assert.notEqual(documentsInMemory(["ab", "c"], cut).digest.sha256, documentsInMemory(["a", "bc"], cut).digest.sha256);
});

test("a trainer takes over how its documents were cut, and refuses to be told otherwise", (t) => {
  const documents = documentsInMemory(["One two three", "three one"], { tokens: "word", lowerCase: true });
  const small = { ...settings, batch: 1, seqLen: 2, validation: 0 };
  const trainer = new Trainer(core, { ...small, documents, tokens: undefined });
  t.after(() => trainer.dispose());
  assert.deepEqual([trainer.settings.tokens, trainer.settings.lowerCase], ["word", true]);
  assert.deepEqual([...trainer.encode("THREE one")], [2, 0, 1]);
  const others = { ...documents, cut: { tokens: "word", seed: 7 } };
  assert.equal(new Trainer(core, { ...small, documents: others }).settings.seed, 1, "it tells nothing else");
  for (const [told, sentence] of /** @type {const} */ ([
    [{ tokens: "char" }, /cut with tokens "word", and tokens is "char" here: leave it out/],
    [{ lowerCase: false }, /cut with lowerCase true, and lowerCase is false here/],
  ]))
    assertRefused(() => new Trainer(core, { ...settings, documents, ...told }), "bad-setting", sentence);
});

test("documents that cannot be learnt are refused by a sentence", () => {
  const documents = documentsInMemory(["ab", "cd"], cut);
  assertRefused(() => documentsInMemory(["", ""], cut), "bad-text", /all documents are/);
  assertRefused(
    () => new Trainer(core, { documents: documentsInMemory(["a", "b"], cut), ...settings }),
    "too-few-tokens",
    /no token that follows another/,
  );
  assertRefused(
    () => new Trainer(core, { documents, text: "ab", ...settings }),
    "bad-text",
    /one of them and not both/,
  );
  assertRefused(
    () => new Trainer(core, { documents, vocabulary: ["a", "b"], ...settings }),
    "bad-text",
    /another vocabulary/,
  );
  const trainer = new Trainer(core, { documents, ...settings, validation: 0 });
  assertRefused(() => trainer.evaluate(), "no-validation", /validation is 0/);
  assertRefused(() => trainer.baselines(), "no-text", /held in memory/);
  trainer.dispose();
});

for (const [what, texts] of Object.entries({
  "one text": [prose(20_000)],
  "many documents": Array.from({ length: 300 }, (_, i) => prose(40 + ((i * 37) % 200))),
})) {
  test(`threads that share the updates on ${what} leave its bits as they are`, async (t) => {
    const shape = { hidden: 48, batch: 66, seqLen: 30, layers: 1 };
    const alone = trainOn(t, texts, shape);
    let answers = 0;
    const workerUrl = () => {
      const worker = new Worker(new URL("../../web/core/threads/helper-thread.js", import.meta.url));
      worker.on("message", ({ task }) => {
        answers += task ? 1 : 0;
      });
      return worker;
    };
    const shared = new Trainer(core, {
      documents: documentsInMemory(texts, cut),
      ...settings,
      ...shape,
      workers: 2,
      workerUrl,
    });
    t.after(() => shared.dispose());
    let report;
    let steps = 0;
    for (; answers < 4 && steps < 400; steps++) report = await shared.step();
    assert.ok(answers >= 4, "a thread helped");
    assert.deepEqual(report, alone.step(steps));
    assert.deepEqual(shared.save(), alone.save());
    assert.deepEqual(shared.evaluate(), alone.evaluate());
  });
}

test("after an update that diverged, training goes on as if it had not been tried", (t) => {
  const texts = [prose(500), prose(90), prose(33)],
    more = { batch: 4, seqLen: 6 };
  const calm = trainOn(t, texts, more),
    tried = trainOn(t, texts, more);
  calm.step(9);
  tried.step(9);
  const weights = tried.parameters();
  tried.setParameters(
    Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, values.map(() => 1e38)])),
  );
  assertRefused(() => tried.step(), "diverged", /no longer finite/);
  tried.setParameters(weights);
  assert.deepEqual(tried.step(5), calm.step(5));
  assert.deepEqual(tried.save(), calm.save());
});

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

test("documents that are held take one byte a token where 256 ids are enough, and two or four where not", async () => {
  /** Until nothing more is given back: buffers are swept beside the program. */
  const kept = async () => {
    for (let bytes = Infinity, calm = 0; ; ) {
      collect();
      await new Promise((done) => setTimeout(done, 10));
      const now = process.memoryUsage().arrayBuffers;
      calm = now < bytes ? 0 : calm + 1;
      if (calm === 5) return now;
      bytes = Math.min(bytes, now);
    }
  };
  const bytesOf = async (texts, settings) => {
    const before = await kept();
    const documents = documentsInMemory(texts, settings);
    const held = (await kept()) - before;
    const last = documents.starts[documents.starts.length - 1];
    const ids = new Int32Array(7);
    documents.open(last - 7).read(ids, 0, 7);
    const tail = texts[texts.length - 1].slice(-7).toLowerCase();
    assert.equal(
      [...ids].map((id) => documents.vocabulary[id]).join(""),
      settings.lowerCase ? tail : tail.toUpperCase(),
    );
    return held / last;
  };
  const capitals = prose(500_000).toUpperCase();
  assert.ok((await bytesOf([capitals, capitals], { lowerCase: true })) < 1.3);
  const many = Array.from({ length: 400_000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7) % 700))).join("");
  assert.ok((await bytesOf([many, `${many}ABCDEFG`], cut)) < 2.3);
});

test("ids of a text whose vocabulary grows beyond a byte in the midst are kept as they are", () => {
  const letters = (from, n) => Array.from({ length: n }, (_, i) => String.fromCodePoint(0x10000 + from + i)).join("");
  const texts = [letters(0, 200), letters(100, 70_000), letters(0, 256)];
  const documents = documentsInMemory(texts, cut);
  texts.forEach((text, d) => {
    const ids = new Int32Array([...text].length);
    documents.open(documents.starts[d]).read(ids, 0, ids.length);
    assert.equal([...ids].map((id) => documents.vocabulary[id]).join(""), text, `document ${d}`);
  });
  assert.throws(() => documents.open(documents.starts[2]).read(new Int32Array(257), 0, 257), /There are 70456 ids/);
});
