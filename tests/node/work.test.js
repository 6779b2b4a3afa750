/** What holds the cores beside the run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Run as PageRun } from "../../web/app/run/run.js";
import { Work } from "../../web/app/run/work.js";

/** A run that stands when it is told to, and says what it was asked. */
class Run extends EventTarget {
  client = null;
  running = false;
  asked = [];
  stand() {
    this.client = {};
    this.dispatchEvent(new Event("run"));
    this.running = true;
  }
  async pause() {
    this.asked.push("pause");
    this.running = false;
  }
  async play() {
    this.asked.push("play");
    this.running = true;
  }
}

test("work that is asked for before a run stands begins when it does, and the run goes on after it", async () => {
  const run = new Run();
  const work = new Work(/** @type {any} */ (run));
  const done = work.do("lengths", async () => run.asked.push(`work beside ${run.client ? "a run" : "nothing"}`));
  assert.equal(work.current?.name, "lengths", "it is named while it waits");
  run.stand();
  await done;
  assert.deepEqual(run.asked, ["pause", "work beside a run", "play"]);
  assert.equal(work.current, null);
});

test("work that is called off before a run stands is told so, and touches nothing", async () => {
  const run = new Run();
  const work = new Work(/** @type {any} */ (run));
  const done = work.do("lengths", async ({ signal }) => signal.aborted);
  work.stop();
  assert.equal(await done, true);
  assert.deepEqual(run.asked, []);
});

/** A page's run that trains, and what its worker was asked since. */
async function training() {
  const asked = [];
  const link = {
    join: () => 1,
    leave() {},
    async call(_, method) {
      asked.push(method);
      return method === "create" ? { progress: { step: 0, window: 0, tokens: 0 }, windows: 1 } : {};
    },
  };
  Object.defineProperty(globalThis, "navigator", { value: { hardwareConcurrency: 2 }, configurable: true });
  const run = new PageRun({ openLink: async () => /** @type {any} */ (link) }, false);
  const begin = () => run.start({ hidden: 4 }, "a text");
  await begin();
  asked.length = 0;
  return { run, asked, begin };
}

for (const [name, { act, want }] of Object.entries({
  "is told to train": { act: ({ run }) => run.play(), want: ["pause", "pause"] },
  "gives its place to one that trains": {
    act: ({ begin }) => begin(),
    want: ["pause", "create", "dispose", "run", "baselines", "pause"],
  },
}))
  test(`a run that ${name} beside work rests until that is done, and goes on then`, async () => {
    const hand = await training();
    const { run, asked } = hand;
    const work = new Work(run);
    let finish = () => {};
    const under = new Promise((done) => (finish = /** @type {any} */ (done)));
    const done = work.do("lengths", () => under);
    await new Promise(setImmediate);
    await act(hand);
    await new Promise(setImmediate);
    assert.equal(run.running, false);
    assert.deepEqual(asked.sort(), want.sort(), "the worker");
    finish();
    await done;
    assert.equal(run.running, true);
    assert.equal(asked.at(-1), "run");
  });

test("work that takes the place of other work leaves the run to go on when it is done itself", async () => {
  const { run } = await training();
  const work = new Work(run);
  const first = work.do("lengths", ({ signal }) => new Promise((done) => signal.addEventListener("abort", done)));
  await new Promise(setImmediate);
  const second = work.do("others", async () => assert.equal(run.running, false));
  await Promise.all([first, second]);
  assert.equal(run.running, true);
});
