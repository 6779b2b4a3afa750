/**
 * A page's training, shared with a nested worker: the same losses, from a served file and from a Blob in a local file.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { workerSource } from "../../.ci/inside.js";
import { at } from "../../.ci/paths.js";
import { stage } from "./harness.js";

const site = stage();

const settings = {
  text: "it was the best of times, it was the worst of times, ".repeat(300),
  hidden: 64,
  batch: 64,
  seqLen: 40,
  seed: 5,
};
const STEPS = 10;

/**
 * Trains in a worker of the page, told in its own messages.
 * @param {import("playwright-core").Page} page @param {{ url?: string, source?: string, workers: number }} options
 * @returns {Promise<{ losses: number[], workers: number }>}
 */
function train(page, options) {
  return page.evaluate(
    async ({ url, source, workers, settings, STEPS }) => {
      const script = source === undefined ? undefined : new Blob([source], { type: "text/javascript" });
      const worker = script ? new Worker(URL.createObjectURL(script)) : new Worker(url, { type: "module" });
      let last = 0;
      const call = (/** @type {string} */ method, /** @type {any} */ argument) =>
        new Promise((resolve, reject) => {
          const id = ++last;
          const hear = (/** @type {MessageEvent} */ { data }) => {
            if (data.id !== id) return;
            worker.removeEventListener("message", hear);
            if (data.error) reject(new Error(data.error.message));
            else resolve(data.result);
          };
          worker.addEventListener("message", hear);
          worker.onerror = ({ message }) => reject(new Error(message));
          worker.postMessage({ id, session: 1, method, args: [argument] });
        });
      await call("open", { variant: "simd", script });
      await call("create", { settings, workers });
      const losses = [];
      for (let i = 0; i < STEPS; i++) {
        losses.push((await call("step", 1)).loss);
        for (let waits = 0; i === 2 && (await call("describe")).workers < workers && waits < 500; waits++)
          await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const told = await call("describe");
      worker.terminate();
      return { losses, workers: told.workers };
    },
    { ...options, settings, STEPS },
  );
}

test("two workers of a page learn what one learns, to the last bit of each loss", async () => {
  const { page, errors, close } = await site.open();
  try {
    const url = `${site.origin}/worker/worker.js`;
    await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 })); // a script shown as a page has none
    await page.goto(url);
    const alone = await train(page, { url, workers: 1 }),
      shared = await train(page, { url, workers: 2 });
    assert.equal(alone.losses.length, STEPS);
    assert.ok(alone.losses[0] > 2 && alone.losses[0] < 4);
    assert.deepEqual(shared.losses, alone.losses);
    assert.deepEqual([alone.workers, shared.workers], [1, 2]);
    assert.deepEqual(errors, []);
  } finally {
    await close();
  }
});

test("a worker from a Blob in a page opened as a file finds its helper too", async () => {
  const { page, errors, close } = await site.open();
  try {
    await page.goto(pathToFileURL(at("package.json")).href);
    const source = await workerSource();
    const alone = await train(page, { source, workers: 1 }),
      shared = await train(page, { source, workers: 2 });
    assert.deepEqual(shared.losses, alone.losses);
    assert.deepEqual([alone.workers, shared.workers], [1, 2]);
    assert.deepEqual(errors, []);
  } finally {
    await close();
  }
});
