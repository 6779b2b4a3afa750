/** The workers of a page's runs, where a link asks for another core. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Run } from "../../web/app/run/run.js";
import { WorkerLink } from "../../web/worker/client.js";

Object.defineProperty(globalThis, "navigator", { value: { hardwareConcurrency: 2 }, configurable: true });

const AT = { step: 30, window: 0, tokens: 0 };

/** A page's run at step 30, the workers that were opened, and what they were asked to open. */
async function atThirty(t) {
  const links = [];
  t.mock.method(WorkerLink, "open", async ({ core }) => {
    const link = {
      core: core?.variant ?? "auto",
      open: true,
      join: (hear) => ((link.hear = hear), 1),
      leave() {},
      close: () => (link.open = false),
      call: async (_, method) => (method === "pause" ? AT : { progress: AT, windows: 1 }),
    };
    links.push(link);
    return link;
  });
  const run = new Run({});
  const left = [];
  run.addEventListener("left", (event) => left.push(event.detail.run.client));
  const begin = () => run.start({ hidden: 4 }, "a text", { play: false });
  await begin();
  return { run, left, begin, open: () => links.filter((link) => link.open).map(({ core }) => core), links };
}

test("a run that a link with another core takes the place of can be gone back to, and is told as left", async (t) => {
  const { run, left, begin, open } = await atThirty(t);
  const first = run.client;
  run.useCore("simd");
  assert.equal(run.client, first, "it goes on until the next one stands");
  await begin();
  assert.notEqual(run.client, first);
  assert.deepEqual(left, [first]);
  assert.deepEqual(open(), ["auto", "simd"]);
  await run.swap();
  assert.deepEqual([run.client, run.at], [first, 30]);
  assert.deepEqual(open(), ["auto", "simd"]);
});

test("a worker of another core ends with the last run in it, one that no run came to stand in at once", async (t) => {
  const { run, begin, open } = await atThirty(t);
  run.useCore("simd");
  await begin();
  await begin();
  assert.deepEqual(open(), ["simd"]);
  run.useCore("auto");
  await run.open();
  run.useCore("simd");
  await run.open();
  assert.deepEqual(open(), ["simd", "simd"], "that of the runs, and that of the next");
  run.dispose();
  assert.deepEqual(open(), ["simd"], "which is left to who opened it");
});

test("after a crash the next run is in another worker, and none of those before stays", async (t) => {
  const { run, begin, open, links } = await atThirty(t);
  run.useCore("simd");
  await begin();
  links[1].hear({ event: "crashed", error: new Error("gone") });
  assert.deepEqual([run.client, run.left], [null, null]);
  await begin();
  assert.deepEqual(open(), ["simd"]);
  assert.equal(links.length, 3);
});
