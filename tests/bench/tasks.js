/* The tasks of a page's main thread, in milliseconds of processor time: that the thread waits for the machine is left out;
 * that others fill its caches is not. */

/**
 * Those while something is done.
 * @param {import("playwright-core").Browser} browser
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<void>} work
 * @returns {Promise<number[]>} longest first
 */
export async function mainThreadTasks(browser, page, work) {
  await browser.startTracing(page, { categories: ["toplevel"] });
  await work();
  return tasksOf(JSON.parse((await browser.stopTracing()).toString()));
}

/** Those of a trace. @param {{ traceEvents: any[] }} trace @returns {number[]} longest first */
export function tasksOf({ traceEvents }) {
  const thread = (/** @type {any} */ { pid, tid }) => `${pid} ${tid}`;
  const mains = new Set(
    traceEvents.filter((event) => event.name === "thread_name" && event.args.name === "CrRendererMain").map(thread),
  );
  return traceEvents
    .filter((event) => event.name.endsWith("RunTask") && mains.has(thread(event)))
    .map((event) => (event.tdur ?? 0) / 1000)
    .sort((a, b) => b - a);
}
