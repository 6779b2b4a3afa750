/**
 * Kills the process that a page runs in, again and again, and looks at what is left: after each reload the saved run is
 * at most ten seconds old, and its bytes are those of a run in Node that nobody disturbed.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { loadCore, Trainer } from "../../web/core/index.js";
import { readCheckpoint } from "../../web/core/files/checkpoint.js";
import words from "../../web/app/strings/en/share.js";
import { launch, leave, serve, waitForStep } from "../browser/harness.js";

/** @typedef {import("../../web/core/files/checkpoint.js").Snapshot} Snapshot */

const SETTINGS = { hidden: 48, batch: 8, seqLen: 32, seed: 11 };
const ADDRESS = `/index.html#${new URLSearchParams({ v: "1", text: "tang", patience: "0", core: "simd", ...Object.fromEntries(Object.entries(SETTINGS).map(([name, value]) => [name, String(value)])) })}`;
const MOST_LOST = 10_000; // ms of training
const LOOK = 100; // ms between two looks at the step that is shown

/** Numbers from 0 to 1 that are the same each time. @param {number} state */
const random = (state) => () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;

/** Tells the test when a run is being written down, and when it is. */
function tellWriting() {
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...args) {
    const told = /** @type {any} */ (globalThis);
    if (String(args[1]).startsWith("data ")) {
      told.writing?.();
      this.transaction.addEventListener("complete", () => told.written?.());
    }
    return put.apply(this, /** @type {any} */ (args));
  };
}

/** Saves, and looks otherwise, three times as often: Node is to go through all that is learnt meanwhile. */
function hurry() {
  const every = window.setInterval;
  window.setInterval = /** @type {any} */ (
    (/** @type {() => void} */ run, /** @type {number} */ ms, /** @type {any[]} */ ...rest) =>
      every(run, ms / 3, ...rest)
  );
}

/** The saved runs, newest first, as they stand in the browser's storage. @param {import("playwright-core").Page} page */
const savedRuns = (page) =>
  page.evaluate(async () => {
    const asked = (/** @type {IDBRequest} */ request) =>
      new Promise((done, fail) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => fail(request.error);
      });
    const database = await asked(indexedDB.open("unrolled-runs"));
    if (!database.objectStoreNames.contains("runs")) return [];
    const store = database.transaction("runs").objectStore("runs");
    const keys = await asked(store.getAllKeys());
    const runs = [];
    for (const key of keys.filter((/** @type {string} */ name) => name.startsWith("info "))) {
      const info = await asked(store.get(key));
      const data = await asked(store.get(key.replace("info ", "data ")));
      // latin1: a string goes out quicker than a list of numbers
      const checkpoint = Array.from(data.checkpoint, (/** @type {number} */ byte) => String.fromCharCode(byte)).join(
        "",
      );
      runs.push({ id: info.id, saved: info.saved, checkpoint });
    }
    database.close();
    return runs.sort((a, b) => b.saved - a.saved);
  });

/** Kills every renderer of this browser. @param {import("playwright-core").Browser} browser */
async function killRenderers(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  for (const { type, id } of processInfo) if (type === "renderer") process.kill(id, "SIGKILL");
}

/** Settings aside, which a page may name more of. @param {Snapshot} got @param {Snapshot} want */
function mustBeSame(got, want) {
  assert.deepEqual(got.progress, want.progress);
  assert.deepEqual(got.digest, want.digest);
  for (const name of /** @type {const} */ (["hidden", "cell"])) assert.deepEqual(got[name], want[name], name);
  for (const [name, numbers] of want.parameters) assert.deepEqual(got.parameters.get(name), numbers, name);
  want.moments.forEach((moment, m) => assert.deepEqual(got.moments[m], moment));
}

/** Looks at the step that is shown, until it cannot any more. @param {import("playwright-core").Page} page */
function watchSteps(page) {
  /** @type {{time: number, step: number}[]} */
  const seen = [];
  let on = true;
  const looking = (async () => {
    while (on) {
      const step = await page
        .evaluate(() => Number(document.querySelector("[data-number=step]")?.textContent?.replaceAll(/\D/g, "")))
        .catch(() => NaN);
      if (Number.isFinite(step)) seen.push({ time: performance.now(), step });
      await setTimeout(LOOK);
    }
  })();
  return {
    seen,
    end: () => {
      on = false;
      return looking;
    },
  };
}

/**
 * Opens the page, goes on with the run, lets it learn, and kills it at a random moment: in every second visit at one
 * while it is being written down.
 * @param {import("playwright-core").BrowserContext} context
 * @param {{goOn: boolean, step: number, longest: number, chance: () => number, waitsFor: "writing" | "written" | null}} visit
 */
async function visitAndKill(context, { goOn, step, longest, chance, waitsFor }) {
  const page = await context.newPage();
  /** @type {() => void} */
  let tell = () => {};
  const event = new Promise((done) => (tell = () => done(undefined)));
  if (waitsFor) await page.exposeFunction(waitsFor, () => tell());
  await page.addInitScript(tellWriting);
  const { origin } = /** @type {any} */ (context);
  await page.goto(origin + ADDRESS);
  if (goOn) await page.getByRole("button", { name: words.keep.goOn, exact: true }).click();
  await waitForStep(page, step + 1);
  const steps = watchSteps(page);
  const pause = (/** @type {number} */ ms) => setTimeout(ms, null, { ref: false }); // what is not waited for keeps nobody
  if (waitsFor) await Promise.race([event, pause(2 * MOST_LOST)]);
  await pause(chance() * (waitsFor === "writing" ? 60 : longest));
  const gone = once(page, "crash");
  await killRenderers(/** @type {any} */ (context.browser()));
  const killed = performance.now();
  await gone;
  await steps.end();
  await page.close();
  return { killed, seen: steps.seen };
}

/**
 * @param {{times: number, seed?: number, longest?: number, hurried?: boolean, say?: (line: string) => void}} options
 * longest: ms of a visit; hurried: it saves more often than it does, and the first visit goes on until it has been
 * written down, so that there is something to go on with
 * @returns {Promise<{times: number, steps: number, mostLost: number}>} ms
 */
export async function killAgainAndAgain({ times, seed = 1, longest = 16_000, hurried = false, say = () => {} }) {
  const site = await serve();
  const browser = await launch();
  const text = await (await fetch(`${site.origin}/assets/tang.txt`)).text();
  const trainer = new Trainer(await loadCore({ variant: "simd" }), { text, ...SETTINGS });
  const chance = random(seed);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
  try {
    context.setDefaultTimeout(60_000);
    if (hurried) await context.addInitScript(hurry);
    Object.assign(context, { origin: site.origin });
    let id = "",
      step = 0,
      mostLost = 0;
    for (let kill = 1; kill <= times; kill++) {
      const { killed, seen } = await visitAndKill(context, {
        goOn: step > 0,
        step,
        longest,
        chance,
        waitsFor: kill % 2 === 0 ? "writing" : hurried && step === 0 ? "written" : null,
      });
      const page = await context.newPage();
      await page.goto(`${site.origin}/embed.html`); // the same storage, and nothing that writes to it
      const runs = await savedRuns(page);
      await page.close();
      const run = runs.find((each) => !id || each.id === id);
      const saved = run && readCheckpoint(Buffer.from(run.checkpoint, "latin1"));
      const at = saved?.progress.step ?? 0;
      const lost = killed - (seen.find((look) => look.step > at)?.time ?? killed);
      mostLost = Math.max(mostLost, lost);
      assert.ok(lost <= MOST_LOST, `kill ${kill}: ${Math.round(lost)} ms of training are lost`);
      assert.ok(at >= step, `kill ${kill}: step ${at} is saved, and it went on from ${step}`);
      if (saved) {
        if (at > trainer.progress.step) trainer.step(at - trainer.progress.step);
        mustBeSame(saved, readCheckpoint(trainer.save()));
        ({ id } = run);
        step = at;
      }
      say(
        `kill ${kill}: at step ${seen.at(-1)?.step}, saved ${step}, ${(lost / 1000).toFixed(1)} s lost, the same bits`,
      );
    }
    return { times, steps: step, mostLost };
  } finally {
    trainer.dispose();
    await context.close();
    await leave(browser);
    await site.close();
  }
}
