/** A twin of a run trains as the run does, but for clipping. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Twin } from "../../web/app/inside/twin.js";
import { Run } from "../../web/app/run/run.js";
import { PageWorker } from "./page-worker.js";
import { small } from "./support.js";

globalThis.Worker = PageWorker;
Object.defineProperty(globalThis, "navigator", { value: { hardwareConcurrency: 2 }, configurable: true });

/** A run of a few steps, paused. */
async function paused(t) {
  const { text, ...settings } = small;
  const run = new Run({ core: { variant: "simd" } });
  t.after(async () => (await run.open()).close());
  await run.start({ ...settings, optimizer: "sgd", learningRate: 0.5, clipMode: "norm", clipThreshold: 1e-3 }, text, {
    play: false,
  });
  await run.step();
  return run;
}

/** What the twin has to say of the run's next step. */
async function nextOf(twin, run) {
  const told = once(twin, "report");
  await run.step();
  await told;
  return twin.history.last;
}

test("a twin takes on what the run is told while it trains, and stays unclipped", async (t) => {
  const run = await paused(t);
  const twin = new Twin();
  t.after(() => twin.close());
  await twin.open(run);
  assert.equal((await nextOf(twin, run)).learningRate, 0.5);
  await run.configure({ learningRate: 0.01, clipThreshold: 1e-4, clipMode: "value" });
  const { step, learningRate, clippedFraction } = await nextOf(twin, run);
  assert.deepEqual({ step, learningRate, clippedFraction }, { step: 3, learningRate: 0.01, clippedFraction: 0 });
});

test("a twin takes on what the run is told while it is made", async (t) => {
  const run = await paused(t);
  const twin = new Twin();
  t.after(() => twin.close());
  const opened = twin.open(run);
  await run.configure({ learningRate: 0.01 });
  await opened;
  assert.equal((await nextOf(twin, run)).learningRate, 0.01);
});
