/** The run that a page shows, over a worker that is told what to answer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { UnrolledError } from "../../web/core/errors.js";
import { Run } from "../../web/app/run/run.js";

Object.defineProperty(globalThis, "navigator", { value: { hardwareConcurrency: 2 }, configurable: true });

/** A worker that makes a run, and leaves what it is asked then without an answer until it is closed. */
function slowLink() {
  const waiting = [];
  return {
    join: () => 1,
    leave() {},
    call: (_, method) =>
      method === "create" || method === "dispose"
        ? Promise.resolve({ progress: { step: 0, window: 0, tokens: 0 }, windows: 1 })
        : new Promise((_, refuse) => waiting.push(refuse)),
    close: () => waiting.forEach((refuse) => refuse(new UnrolledError("disposed", "the worker was closed"))),
    fail: (error) => waiting.forEach((refuse) => refuse(error)),
  };
}

/** A run at its beginning. */
async function begun() {
  const link = slowLink();
  const run = new Run({ openLink: async () => /** @type {any} */ (link) }, false);
  await run.start({ hidden: 4 }, "a text", { play: false });
  return { run, link };
}

const ASKED = {
  pause: (run) => run.pause(),
  play: (run) => run.play(),
  step: (run) => run.step(),
  configure: (run) => run.configure({ learningRate: 0.1 }),
  "sample otherwise": (run) => run.sampleWith({ prompt: "a" }),
};

for (const [name, ask] of Object.entries(ASKED))
  test(`a run that ends before it has answered fails nobody who asked it to ${name}; another failure is told`, async () => {
    const ended = await begun();
    const asked = ask(ended.run);
    ended.run.dispose();
    ended.link.close();
    await asked;
    const { run, link } = await begun();
    const failing = ask(run);
    link.fail(new UnrolledError("bad-setting", "no such rate"));
    await assert.rejects(failing, { code: "bad-setting" });
  });

/** A run whose worker says how much it has read, and stands when it is told to. */
function reading() {
  let resolve = () => {};
  const promise = new Promise((done) => (resolve = /** @type {any} */ (done)));
  let hear = (/** @type {any} */ _) => {};
  const link = {
    join: (/** @type {any} */ listener) => ((hear = listener), 1),
    leave() {},
    call: (_, method) =>
      method === "create"
        ? promise.then(() => ({ progress: { step: 0, window: 0, tokens: 0 }, windows: 1 }))
        : Promise.resolve(),
  };
  const run = new Run({ openLink: async () => /** @type {any} */ (link) }, false);
  const seen = [];
  run.addEventListener("reading", () => seen.push(run.reading));
  const start = run.start({ hidden: 4 }, "a text", { play: false });
  return { run, seen, start, stand: () => resolve(), tell: (done) => hear({ event: "reading", session: 1, done }) };
}

test("a run tells how much of a long text is read, and of one that is read at once nothing", async () => {
  const long = reading();
  await new Promise(setImmediate);
  for (const done of [0.04, 0.4, 0.9]) long.tell(done);
  long.stand();
  assert.equal(await long.start, true);
  assert.deepEqual(long.seen, [0.04, 0.4, 0.9, null]);
  const short = reading();
  await new Promise(setImmediate);
  for (const done of [0.3, 0.7]) short.tell(done);
  short.stand();
  assert.equal(await short.start, true);
  assert.deepEqual(short.seen, []);
});

test("a start that another overtakes is told of no more", async () => {
  const { run, seen, start, tell } = reading();
  await new Promise(setImmediate);
  tell(0.05);
  run.dispose();
  tell(0.5);
  assert.equal(await Promise.race([start, new Promise((done) => setImmediate(done, "waits"))]), "waits");
  assert.deepEqual(seen, [0.05, null]);
});
