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
