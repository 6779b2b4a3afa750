/** What holds the cores beside the run. */
import assert from "node:assert/strict";
import { test } from "node:test";
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
