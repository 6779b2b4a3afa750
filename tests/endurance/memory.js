/** Memory over a long run: in Node through a million steps, and in the page with all its figures drawing. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { loadCore, Trainer } from "../../web/core/index.js";
import { launch, leave, openPage, serve, shownNumber, waitForStep } from "../browser/harness.js";

/** So small that a million steps take minutes. */
const SMALL = { hidden: 8, batch: 1, seqLen: 8, seed: 5 };
const TEXT = "to be, or not to be: that is the question; ".repeat(20);
const TALL = { width: 1440, height: 5000 }; // what is not on the screen does not draw
const WARM = 0.1; // share of the time after which growth counts

/**
 * @param {{steps: number, say?: (line: string) => void}} options
 * @returns {Promise<{steps: number, heap: number, wasm: number}>} bytes more at the end than after the first tenth
 */
export async function memoryInNode({ steps, say = () => {} }) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const core = await loadCore({ variant: "simd" });
  const trainer = new Trainer(core, { text: TEXT, validation: 0.2, ...SMALL });
  const measure = () => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return { heap: heapUsed + arrayBuffers, wasm: core.memoryBytes };
  };
  let first = measure();
  for (let step = 1; step <= steps; step++) {
    trainer.step();
    if (step % 1000 === 0) {
      trainer.evaluate();
      trainer.sample({ length: 20 });
      trainer.probe("to be");
      trainer.save();
    }
    if (step === Math.ceil(WARM * steps)) first = measure();
    if (step % (steps / 10) === 0) say(`Node, step ${step}: ${JSON.stringify(measure())}`);
  }
  const last = measure();
  trainer.dispose();
  return { steps, heap: last.heap - first.heap, wasm: last.wasm - first.wasm };
}

/**
 * Heaps of a page and of its workers, after what nobody holds was collected.
 * @param {import("playwright-core").CDPSession} session
 */
async function heapMeter(session) {
  /** @type {Map<string, (answer: any) => void>} */
  const waiting = new Map();
  /** @type {Set<string>} */
  const workers = new Set();
  session.on("Target.attachedToTarget", ({ sessionId }) => workers.add(sessionId));
  session.on("Target.detachedFromTarget", ({ sessionId }) => workers.delete(sessionId));
  session.on("Target.receivedMessageFromTarget", ({ sessionId, message }) => {
    const { id, result } = JSON.parse(message);
    waiting.get(`${sessionId} ${id}`)?.(result);
  });
  let last = 0;
  /** @param {string} sessionId @param {string} method @returns {Promise<any>} */
  const ask = (sessionId, method) => {
    const id = ++last;
    const answer = new Promise((done) => waiting.set(`${sessionId} ${id}`, done));
    return session
      .send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method }) })
      .then(() => answer);
  };
  await session.send("HeapProfiler.enable");
  await session.send("Performance.enable");
  await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  return async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize, backingStorageSize = 0 } = /** @type {any} */ (await session.send("Runtime.getHeapUsage"));
    let inWorkers = 0,
      buffers = 0;
    for (const worker of workers) {
      await ask(worker, "HeapProfiler.collectGarbage");
      const used = await ask(worker, "Runtime.getHeapUsage");
      inWorkers += used.usedSize;
      buffers += used.backingStorageSize ?? 0;
    }
    const { metrics } = await session.send("Performance.getMetrics");
    const metric = (/** @type {string} */ name) => metrics.find((each) => each.name === name)?.value ?? 0;
    return {
      heap: usedSize,
      pageBuffers: backingStorageSize,
      inWorkers,
      buffers,
      workers: workers.size,
      nodes: metric("Nodes"),
      listeners: metric("JSEventListeners"),
    };
  };
}

/**
 * @param {{minutes: number, say?: (line: string) => void}} options
 * @returns {Promise<{steps: number, heap: number, workers: number, buffers: number, nodes: number, listeners: number}>} bytes, elements and
 *   listeners more at the end than after the first tenth; buffers: of the page and its workers, WebAssembly's memory among them
 */
export async function memoryInPage({ minutes, say = () => {} }) {
  const site = await serve();
  const browser = await launch();
  try {
    const { page } = await openPage(browser, { viewport: TALL });
    const meter = await heapMeter(await page.context().newCDPSession(page));
    const settings = Object.entries(SMALL).map(([name, value]) => [name, String(value)]);
    await page.goto(
      `${site.origin}/index.html#${new URLSearchParams({ v: "1", text: "tang", patience: "0", ...Object.fromEntries(settings) })}`,
    );
    await waitForStep(page, 100);
    const begin = performance.now();
    const at = () => (performance.now() - begin) / 60_000 / minutes;
    let first = await meter(),
      warm = false,
      last = first;
    while (at() < 1) {
      await new Promise((done) => setTimeout(done, (minutes * 60_000) / 20));
      last = await meter();
      if (!warm && at() >= WARM) [first, warm] = [last, true];
      say(
        `page, minute ${(at() * minutes).toFixed(1)}, step ${await shownNumber(page, "step")}: ${JSON.stringify(last)}`,
      );
    }
    const more = (/** @type {keyof typeof last} */ name) => last[name] - first[name];
    return {
      steps: await shownNumber(page, "step"),
      heap: more("heap"),
      workers: more("inWorkers"),
      buffers: more("pageBuffers") + more("buffers"),
      nodes: more("nodes"),
      listeners: more("listeners"),
    };
  } finally {
    await leave(browser);
    await site.close();
  }
}
